import codecs, encodings.cp1252, encodings.utf_8_sig, encodings.punycode
print(ascii(['é'.encode('cp1252'), b'\x80'.decode('cp1252'), 'a'.encode('utf-8-sig'), 'bücher'.encode('punycode'), 'ab'.encode('utf-7')]))
def h(e):
    return ('<%d>'%e.start, e.end)
codecs.register_error('my', h)
print('a\u20acb\xe9'.encode('ascii','my'), b'a\xffb'.decode('utf-8','my'))
d=codecs.getincrementaldecoder('utf-8')()
print(ascii([d.decode(b'\xe2\x82'), d.decode(b'\xac')]))
try: print(codecs.lookup('latin1').name, codecs.charmap_encode('a\u20ac', 'my', codecs.charmap_build(bytes(range(256)).decode('latin1'))))
except UnicodeError as e: print(e)
def h2(e):
    return (b'?', -1)
codecs.register_error('my2', h2)
try: print('a\u20ac\u20acb'.encode('ascii','my2'))
except Exception as e: print(type(e), e)
for bad in ((1,2),('a',),'a',('a',99),('a',-99)):
    codecs.register_error('bad', lambda e: bad)
    for f in (lambda: 'a\u20ac'.encode('ascii','bad'), lambda: b'a\xff'.decode('ascii','bad')):
        try: print(f())
        except Exception as e: print(type(e).__name__, e)
import string
print(string.Formatter().format('{0} {a[0]!r:>4}', 1, a=['x']))
import _string
print(list(_string.formatter_parser('a{b!r:c}{{d')), _string.formatter_field_name_split('a.b[1][c]')[0], list(_string.formatter_field_name_split('a.b[1][c]')[1]))
def s(name):
    if name=='mine': return (lambda o,e='x':(b'enc',len(o)), lambda o,e='x':('dec',len(o)), None, None)
codecs.register(s)
print('q'.encode('mine'), b'q'.decode('mine'))
codecs.unregister(s)
try: 'q'.encode('mine')
except LookupError as e: print(e)
def s2(name):
    if name=='mine2': return codecs.CodecInfo(lambda o,e='x':(1,len(o)), lambda o,e='x':(1,len(o)), name='mine2')
codecs.register(s2)
for f in (lambda:'q'.encode('mine2'), lambda:b'q'.decode('mine2'), lambda: codecs.encode(1,'mine2')):
    try: print(f())
    except Exception as e: print(type(e).__name__, e, getattr(e,'__notes__',None))
def s3(name):
    if name=='mine3': return codecs.CodecInfo(lambda o,e='x':1/0, lambda o,e='x':1, name='mine3')
codecs.register(s3)
for f in (lambda:'q'.encode('mine3'), lambda:b'q'.decode('mine3')):
    try: print(f())
    except Exception as e: print(type(e).__name__, e, getattr(e,'__notes__',None))
for cp in ('cp437','cp1251','iso8859_15','koi8_r','mac_roman','cp037'):
    t=bytes(range(256)).decode(cp,'replace'); print(cp, ascii(t[120:140]), t.encode(cp,'ignore')[:10], len(t.encode(cp,'replace')))
