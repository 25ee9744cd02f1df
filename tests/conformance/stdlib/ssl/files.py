# Loading of certificates, keys and passwords, and what is said of files that do not fit.
import os
import ssl
from _connect import path

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def attempt(name, function, *args, **keywords):
    try:
        print(name, function(*args, **keywords))
    except ssl.SSLError as error:
        print(name, error.errno, getattr(error, "library", None), getattr(error, "reason", None), str(error).partition(' (_ssl.c')[0])
    except Exception as error:
        print(name, repr(error))


load = context.load_cert_chain
attempt('good', load, path('server'))
attempt('key by itself', load, path('server'), path('server'))
attempt('bytes', load, os.fsencode(path('server')))
attempt('not there', load, 'nowhere.pem')
attempt('no path', load, 1)
attempt('no path for the key', load, path('server'), 1)
attempt('no key', load, path('authority'))
attempt("another's key", load, path('server'), path('other'))
for name in ('encrypted', 'traditional'):
    attempt(name, load, path(name), password='secret')
    attempt(name, load, path(name), password=b'secret')
    attempt(name, load, path(name), password=bytearray(b'secret'))
    attempt(name, load, path(name), password=lambda: 'secret')
    attempt(name, load, path(name), password='wrong')
    attempt(name, load, path(name), password=lambda: 7)
    attempt(name, load, path(name), password=lambda: 1 / 0)
    attempt(name, load, path(name), password=7)
    attempt(name, load, path(name), password='x' * 2000)
attempt('no password is asked for', load, path('server'), password=lambda: 1 / 0)
open('empty.pem', 'w').close()
open('broken.pem', 'w').write('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
for name in ('empty.pem', 'broken.pem', '.'):
    attempt(name, load, name)
    attempt(name, context.load_verify_locations, name)

verify = context.load_verify_locations
attempt('nothing', verify)
attempt('not there', verify, 'nowhere.pem')
attempt('no directory', verify, capath='nowhere')
attempt('no path', verify, 1)
attempt('no path', verify, capath=1)
for data in ('', b'', 'words', b'words', '\u20ac', 1):
    attempt(data, verify, cadata=data)
print(context.cert_store_stats(), context.get_ca_certs())
pem = open(path('authority')).read()
der = ssl.PEM_cert_to_DER_cert(pem)
attempt('str', verify, cadata=pem + 'words\n' + pem)
attempt('bytes', verify, cadata=der + der)
attempt('more bytes', verify, cadata=der + b'x')
attempt('fewer bytes', verify, cadata=der[:-1])
attempt('file', verify, path('authority'))
attempt('other file', verify, path('server'))
print(context.cert_store_stats())
print(context.get_ca_certs())
print(context.get_ca_certs(True) == [der], context.get_ca_certs(binary_form=True) == [der])
print(ssl.DER_cert_to_PEM_cert(der) == pem)

import _ssl
print(_ssl._test_decode_cert(path('server')) | {'serialNumber': 0})
print(_ssl._test_decode_cert(path('other'))['subjectAltName'])
attempt('decode', _ssl._test_decode_cert, 'nowhere')
attempt('decode', _ssl._test_decode_cert, 'empty.pem')
attempt('dh', context.load_dh_params, 'nowhere.pem')
attempt('dh', context.load_dh_params, path('server'))
attempt('curve', context.set_ecdh_curve, 'prime256v1')
attempt('curve', context.set_ecdh_curve, b'secp384r1')
attempt('curve', context.set_ecdh_curve, 'round')
context.keylog_filename = 'keys.log'
print(context.keylog_filename, open('keys.log').read())
context.keylog_filename = None
