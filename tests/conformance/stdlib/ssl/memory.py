# Data, its end, and misuse of connections in memory.
import ssl
from _connect import Pair, client_context, server_context, show


def attempt(name, function, *args):
    try:
        print(name, function(*args))
    except ssl.SSLError as error:
        print(name, show(error))
    except ValueError as error:
        print(name, repr(error))


pair = Pair(client_context(), server_context())
client, server = pair.client, pair.server
attempt('read too early', client.read, 1)
attempt('write too early', client.write, b'1')
attempt('unwrap too early', client.unwrap)
attempt('peer too early', client.getpeercert)
print(client.version(), client.cipher(), client.selected_alpn_protocol(), client.compression(), client.pending())
print(client.server_side, client.server_hostname, server.server_side, server.server_hostname, client.session_reused)
print(pair.handshake(), client.version(), client.cipher(), server.cipher() == client.cipher())

print(client.write(b'x' * 40000))
attempt('nothing came', server.read, 10)
pair.move()
print(server.pending(), server.read(5), server.pending(), len(server.read(50000)), server.pending())
buffer = bytearray(10)
print(server.read(4, buffer), buffer, server.read(0, buffer), len(buffer))
print(len(server.read(50000)) + len(server.read(50000)))
attempt('all was read', server.read, 1)
print(server.write(b''), server.write(memoryview(b'answer')[1:]))
pair.move()
print(client.read())

attempt('goodbye', client.unwrap)
attempt('after goodbye', client.write, b'1')
pair.move()
print(server.read(10), server.write(b'late'), server.unwrap())
pair.move()
attempt('data after goodbye', client.unwrap)

pair = Pair(client_context(), server_context())
pair.handshake()
attempt('goodbye', pair.client.unwrap)
pair.move()
attempt('goodbye', pair.server.unwrap)
pair.move()
attempt('goodbye', pair.client.unwrap)
attempt('read after it', pair.client.read, 10)

pair = Pair(client_context(), server_context())
pair.handshake()
pair.to_client.write_eof()
attempt('end of the stream', pair.client.read, 10)
attempt('after the end', pair.client.read, 10)
attempt('write after the end', pair.client.write, b'1')
attempt('goodbye after the end', pair.client.unwrap)

for data in (b'HTTP/1.0 200 OK\r\n\r\n', b'GET / HTTP/1.0\r\n\r\n', b'\x15\x03\x03\x00\x02\x02\x28', b'\x15\x03\x03\x00\x02\x02\x30'):
    pair = Pair(client_context(), server_context())
    attempt('begin', pair.client.do_handshake)
    pair.to_client.write(data)
    attempt(data, pair.client.do_handshake)
pair = Pair(client_context(), server_context())
pair.to_server.write(b'GET / HTTP/1.0\r\n\r\n')
attempt('plain', pair.server.do_handshake)

bio = ssl.MemoryBIO()
print(bio.read(), bio.eof, bio.pending, bio.write(b'abc'), bio.pending, bio.read(2), bio.eof, bio.read(-1))
bio.write(b'z')
bio.write_eof()
print(bio.eof, bio.read(), bio.eof)
try:
    bio.write(b'')
except ssl.SSLError as error:
    print(error.args)
