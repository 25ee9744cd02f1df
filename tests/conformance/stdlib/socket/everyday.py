# Sockets of a pair, of a server and of datagrams; timeouts; names.
import os
import socket
import threading

a, b = socket.socketpair()
a.sendall(b"hello")
print(b.recv(3), b.recv(10, socket.MSG_PEEK), b.recv(10))
buffer = bytearray(4)
a.send(b"xy")
print(b.recv_into(buffer), buffer)
b.settimeout(0.01)
for action in (lambda: b.recv(1), lambda: b.setblocking(False), lambda: b.recv(1)):
    try:
        print(action())
    except OSError as error:
        print(type(error).__name__, error)
b.setblocking(True)
a.sendmsg([b"ab", b"cd"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, b"\0\0\0\0")])
data, control, flags, address = b.recvmsg(10, 100)
print(data, len(control), address)
os.close(int.from_bytes(control[0][2], "little"))
print(repr(a)[:8], a.family, a.type, a.proto, a.gettimeout())
a.close()
print(b.recv(1), a.fileno())
b.close()

def serve(listener):
    connection, peer = listener.accept()
    with connection:
        connection.sendall(connection.makefile("rb").readline().upper())

with socket.create_server(("127.0.0.1", 0)) as listener:
    thread = threading.Thread(target=serve, args=(listener,))
    thread.start()
    with socket.create_connection(listener.getsockname(), timeout=5) as client:
        client.sendall(b"ping\n")
        print(client.recv(10), client.getpeername() == listener.getsockname())
    thread.join()

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
    one.bind(("127.0.0.1", 0))
    two.sendto(b"datagram", one.getsockname())
    data, sender = one.recvfrom(100)
    print(data, sender == ("127.0.0.1", two.getsockname()[1]))
with socket.socket(socket.AF_UNIX) as unix:
    unix.bind("here.sock")
    print(unix.getsockname(), socket.AddressFamily.AF_UNIX == unix.family)
print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
print(socket.inet_aton("1.2"), socket.inet_pton(socket.AF_INET6, "::1"), socket.inet_ntop(socket.AF_INET, b"abcd"))
print(socket.htons(1), socket.ntohl(1), socket.CMSG_LEN(5), socket.CMSG_SPACE(5))
