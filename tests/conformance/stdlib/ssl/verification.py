# Which certificates a client accepts, and what both ends say of those that it does not.
import ssl
from _connect import Pair, client_context, path, server_context, show

CASES = [
    ('good', {}, 'server', 'localhost'),
    ('wildcard', {}, 'server', 'a.example.test'),
    ('wildcard covers one label', {}, 'server', 'a.b.example.test'),
    ('wildcard is not empty', {}, 'server', 'example.test'),
    ('address', {}, 'server', '127.0.0.1'),
    ('long address', {}, 'server', '::1'),
    ('other address', {}, 'server', '127.0.0.2'),
    ('other host', {}, 'server', 'other.test'),
    ('unknown authority', {'authority': None}, 'server', 'localhost'),
    ('self-signed', {}, 'selfsigned', 'localhost'),
    ('self-signed and trusted', {'authority': 'selfsigned'}, 'selfsigned', 'localhost'),
    ('expired', {}, 'expired', 'localhost'),
    ('common name only', {}, 'unnamed', 'plain.test'),
    ('common name not looked at', {'hostname_checks_common_name': False}, 'unnamed', 'plain.test'),
    ('wrong purpose', {'check_hostname': False}, 'client', 'localhost'),
    ('host not checked', {'check_hostname': False}, 'server', 'other.test'),
    ('strict', {'verify_flags': ssl.VERIFY_X509_STRICT}, 'server', 'localhost'),
    ('strict and self-signed', {'authority': 'selfsigned', 'verify_flags': ssl.VERIFY_X509_STRICT}, 'selfsigned', 'localhost'),
    ('leaf is trusted', {'authority': 'server'}, 'server', 'localhost'),
    ('leaf is trusted as an anchor', {'authority': 'server', 'verify_flags': ssl.VERIFY_X509_PARTIAL_CHAIN}, 'server', 'localhost'),
    ('no list of the revoked', {'verify_flags': ssl.VERIFY_CRL_CHECK_LEAF}, 'server', 'localhost'),
]

for name, settings, certificate, host in CASES:
    pair = Pair(client_context(**settings), server_context(certificate), host)
    print(name, pair.handshake())
    client, server = pair.errors
    if client:
        print('   ', show(client))
        print('   ', client.verify_code, client.verify_message)
        print('   ', isinstance(client, (ssl.CertificateError, ValueError)), show(server))

context = client_context(None)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
pair = Pair(context, server_context('expired'), None)
print('nothing is verified', pair.handshake(), pair.client.getpeercert(), len(pair.client.getpeercert(True)) > 100)
