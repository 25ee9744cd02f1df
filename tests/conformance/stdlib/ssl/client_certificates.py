# Certificates of clients: wanted, missing, unknown.
import ssl
from _connect import Pair, client_context, path, server_context, show


def client(name=None, version=ssl.TLSVersion.TLSv1_3):
    context = client_context(maximum_version=version)
    if name:
        context.load_cert_chain(path(name))
    return context


def server(mode, authority='authority'):
    context = server_context(verify_mode=mode)
    context.load_verify_locations(path(authority))
    return context


for mode in (ssl.CERT_NONE, ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED):
    for name in (None, 'client', 'selfsigned'):
        pair = Pair(client(name), server(mode))
        done = pair.handshake()
        print(mode, name, done, show(pair.errors[0]), show(pair.errors[1]))
        if done:
            found = pair.server.getpeercert()
            print('   ', found and found.get('subject'), pair.client.version())
        else:
            # With TLS 1.3 the client finds out when it reads.
            try:
                pair.client.read(1)
            except ssl.SSLError as error:
                print('   ', show(error))

pair = Pair(client('client', ssl.TLSVersion.TLSv1_2), server(ssl.CERT_REQUIRED))
print(pair.handshake(), pair.server.version(), pair.server.getpeercert()['issuer'])
pair = Pair(client(None, ssl.TLSVersion.TLSv1_2), server(ssl.CERT_REQUIRED))
print(pair.handshake(), [show(error) for error in pair.errors])
pair = Pair(client('other'), server(ssl.CERT_REQUIRED))
print(pair.handshake(), pair.server.getpeercert()['subjectAltName'])
pair = Pair(client('client'), server(ssl.CERT_REQUIRED))
pair.handshake()
verified, unverified = pair.server._sslobj.get_verified_chain(), pair.server._sslobj.get_unverified_chain()
print(verified, unverified)
print([item.get_info()['subject'] for item in verified], verified[0] == unverified[0], verified[0].public_bytes().count('\n') > 5)
