# Versions, suites, protocols, server names: what both ends agree on.
import ssl
from _connect import Pair, client_context, path, server_context, show

V2, V3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
for client, server in [((V2, V2), (V2, V3)), ((V2, V3), (V2, V2)), ((V3, V3), (V2, V2)), ((V2, V2), (V3, V3))]:
    pair = Pair(client_context(minimum_version=client[0], maximum_version=client[1]),
                server_context(minimum_version=server[0], maximum_version=server[1]))
    print(pair.handshake(), pair.client.version(), [show(error) for error in pair.errors])

none = client_context(minimum_version=V3, maximum_version=V2)
pair = Pair(none, server_context())
print(pair.handshake(), show(pair.errors[0]))

a, b = client_context(maximum_version=V2), server_context()
a.set_ciphers('ECDHE-ECDSA-AES128-GCM-SHA256')
pair = Pair(a, b)
print(pair.handshake(), pair.client.cipher(), pair.server.shared_ciphers(), pair.client.shared_ciphers())
b.set_ciphers('ECDHE-ECDSA-AES256-GCM-SHA384')
pair = Pair(a, b)
print(pair.handshake(), [show(error) for error in pair.errors])
pair = Pair(client_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
print(pair.handshake(), [show(error) for error in pair.errors])

for ours, theirs in [(['a', 'b'], ['b', 'a']), (['a'], ['b']), ([], ['b']), (['a'], []), (['h2', 'http/1.1'], ['http/1.1'])]:
    a, b = client_context(), server_context()
    a.set_alpn_protocols(ours)
    b.set_alpn_protocols(theirs)
    pair = Pair(a, b)
    print(ours, theirs, pair.handshake(), pair.client.selected_alpn_protocol(), pair.server.selected_alpn_protocol())

calls = []
other = server_context('other')


def choose(connection, name, context):
    calls.append((type(connection).__name__, name, context is server))
    if name == 'other.test':
        connection.context = other
    elif name == 'refused.test':
        return ssl.ALERT_DESCRIPTION_ACCESS_DENIED
    elif name == 'failing.test':
        1 / 0
    elif name == 'odd.test':
        return 'odd'


import sys
sys.unraisablehook = lambda args: print('unraisable', repr(args.exc_value))
server = server_context()
server.sni_callback = choose
print(server.sni_callback is choose)
for host in ('localhost', 'other.test', 'refused.test', 'failing.test', 'odd.test', '127.0.0.1'):
    pair = Pair(client_context(), server, host)
    done = pair.handshake()
    print(host, done, [show(error) for error in pair.errors], done and pair.client.getpeercert()['subject'])
print(calls)
print(pair.server.context is server)
server.sni_callback = None
print(Pair(client_context(), server).handshake(), len(calls))

# A session is taken up again.
for version in (V2, V3):
    a, b = client_context(maximum_version=version), server_context()
    first = Pair(a, b)
    print(first.client.session_reused, first.handshake(), first.client.session_reused)
    first.server.write(b'x')
    first.move()
    first.client.read()
    session = first.client.session
    print(type(session).__name__, session.has_ticket, session.timeout, session.time > 0)
    again = Pair(a, b, session=session)
    print(again.handshake(), again.client.session_reused, again.server.session_reused)
    print(a.session_stats()['connect_good'], b.session_stats()['accept_good'])
    try:
        again.client.session = session
    except ValueError as error:
        print(error)
    try:
        Pair(client_context(), b, session=session)
    except ValueError as error:
        print(error)
