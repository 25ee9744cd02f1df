# Attributes of contexts, their defaults and limits; objects by name and number.
import ssl
import _ssl
import warnings

warnings.simplefilter('error')


def attempt(name, function, *args):
    try:
        print(name, repr(function(*args)))
    except Exception as error:
        print(name, type(error).__name__, error)


for protocol in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER):
    context = ssl.SSLContext(protocol)
    for name in ('check_hostname', 'verify_mode', 'verify_flags', 'minimum_version', 'maximum_version', 'options', 'protocol',
                 'num_tickets', 'sni_callback', 'keylog_filename', 'post_handshake_auth', 'security_level',
                 'hostname_checks_common_name', '_host_flags'):
        print(name, repr(getattr(context, name)))
        for value in (None, 'x', -1):
            if name not in ('keylog_filename', 'protocol', 'security_level'):
                attempt(f'    {value!r}', setattr, context, name, value)
for protocol in (99, 0, -1, 'x'):
    attempt(protocol, _ssl._SSLContext, protocol)
attempt('deprecated', ssl.SSLContext, ssl.PROTOCOL_TLS)
attempt('no argument', ssl.SSLContext)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
attempt('deprecated version', setattr, context, 'minimum_version', ssl.TLSVersion.TLSv1)
attempt('deprecated option', setattr, context, 'options', context.options | ssl.OP_NO_TLSv1_2)
attempt('verify nothing', setattr, context, 'verify_mode', ssl.CERT_NONE)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.check_hostname = True
print(context.verify_mode)
context.minimum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
print(context.minimum_version)
context.minimum_version = ssl.TLSVersion.TLSv1_2
attempt('unknown version', setattr, context, 'minimum_version', 5)
attempt('deleted', delattr, context, 'verify_mode')
for ciphers in ('', 'nonsense', 'ALL:!ALL', 1):
    attempt(ciphers, context.set_ciphers, ciphers)
context.set_ciphers('ECDHE+AESGCM')
for cipher in context.get_ciphers():
    print(cipher)
attempt('wrap', context._wrap_bio, 1, 2, False)
bio = ssl.MemoryBIO()
for host in ('', '.a', 'a\0b', 1):
    attempt(host, lambda: context._wrap_bio(bio, bio, False, host))
attempt('server', lambda: context.wrap_bio(bio, bio, server_side=True))
attempt('host', lambda: context.wrap_bio(bio, bio))
attempt('session', lambda: context._wrap_bio(bio, bio, False, 'a', session=1))
attempt('owner', lambda: context._wrap_bio(bio, bio, False, 'a', owner=1))
for made in (ssl.SSLSession, _ssl.Certificate, _ssl._SSLSocket, ssl.SSLSocket, ssl.SSLObject):
    attempt(made.__name__, made)

for number in (13, 129, 0, -1, 100000, 'x'):
    attempt(number, _ssl.nid2obj, number)
for text in ('2.5.4.3', 'CN', '1.2.3.4', '1', '9.2', '', 1):
    attempt(text, _ssl.txt2obj, text)
    attempt(text, _ssl.txt2obj, text, True)
print(ssl.Purpose.SERVER_AUTH, ssl.Purpose.CLIENT_AUTH.value.shortname)
print(len(ssl.RAND_bytes(20)), ssl.RAND_status(), ssl.RAND_add('x', 1.0), ssl.RAND_add(b'x', 1))
attempt('rand', ssl.RAND_bytes, -1)
attempt('rand', ssl.RAND_add, 1, 1.0)

for kind in (ssl.SSLError, ssl.SSLCertVerificationError, ssl.SSLWantReadError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
    print(kind, kind.__mro__[1:4], kind.__doc__)
for args in ((1, 'words'), ('words',), ()):
    error = ssl.SSLError(*args)
    print(str(error), repr(error), error.args, error.errno, error.strerror)
print(ssl.cert_time_to_seconds('Jan  5 09:34:43 2018 GMT'))
