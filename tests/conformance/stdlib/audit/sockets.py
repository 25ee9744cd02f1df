# Events of sockets.
import re
import socket

from _events import show


def text(value):
    value = re.sub("fd=[0-9]+", "fd=N", repr(value))
    return re.sub(r"('127.0.0.1'|'0.0.0.0'), [1-9][0-9]+\)", r"\1, PORT)", value)


def look(label, function):
    show(label, function, text=text)


"x".encode("idna")
server = client = None


def connect():
    global server, client
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    client = socket.socket()
    client.connect(server.getsockname())


look("connect", connect)
look("connect_ex", lambda: client.connect_ex(("127.0.0.1", 1)))
look("sendmsg", lambda: client.sendmsg([b"x"]))
look("sendto", lambda: client.sendto(b"x", ("127.0.0.1", 1)))
look("accept", lambda: server.accept()[0].close())
look("dup", lambda: client.dup().close())
look("pair", lambda: [one.close() for one in socket.socketpair()])
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
look("udp", lambda: udp.sendmsg([b"x"], [], 0, ("127.0.0.1", 9)))
look("udp", lambda: udp.sendto(b"x", 0, ("127.0.0.1", 9)))
look("bad", lambda: udp.sendto(b"x", 0, "nowhere"))
look("fileno", lambda: socket.socket(fileno=-5))
look("gethostname", lambda: socket.gethostname())
look("getaddrinfo", lambda: socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
look("gethostbyname", lambda: (socket.gethostbyname("127.0.0.1"), socket.gethostbyname_ex("127.0.0.1")))
look("getnameinfo", lambda: socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
look("getservbyname", lambda: (socket.getservbyname("http"), socket.getservbyname("http", "tcp")))
look("getservbyport", lambda: (socket.getservbyport(80), socket.getservbyport(80, "tcp")))
look("plain", lambda: (socket.inet_aton("1.2.3.4"), socket.htons(1)))
for one in server, client, udp:
    one.close()
