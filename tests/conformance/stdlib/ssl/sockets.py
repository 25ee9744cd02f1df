# TLS over sockets: threads, timeouts, no waiting, a peer that vanishes, the way back to plain data.
import socket
import ssl
import threading
from _connect import client_context, path, server_context, show

listener = socket.create_server(('127.0.0.1', 0))
context = server_context()


def serve(function):
    def run():
        plain, _ = listener.accept()
        with plain:
            function(plain)
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def connect(**keywords):
    plain = socket.create_connection(listener.getsockname())
    return client_context().wrap_socket(plain, server_hostname='localhost', **keywords)


def echo(plain):
    with context.wrap_socket(plain, server_side=True) as connection:
        while data := connection.recv(1000):
            connection.sendall(data.upper())


thread = serve(echo)
with connect() as connection:
    print(connection.version(), connection.cipher()[0], connection.getpeercert()['subject'])
    connection.sendall(b'hello')
    print(connection.recv(100), connection.pending())
    data = b'abc' * 100_000
    sender = threading.Thread(target=connection.sendall, args=(data,))
    sender.start()
    got = bytearray()
    while len(got) < len(data):
        got += connection.recv(50_000)
    sender.join()
    print(got == data.upper())
    buffer = bytearray(3)
    connection.send(b'xyzw')
    print(connection.recv_into(buffer), buffer, connection.recv(10))
    with connection.makefile('rwb') as file:
        file.write(b'one\ntwo\n')
        file.flush()
        print(file.readline(), file.readline())
thread.join()

thread = serve(lambda plain: plain.recv(10_000))
try:
    connect()
except (ssl.SSLError, ConnectionError) as error:
    print(isinstance(error, (ssl.SSLEOFError, ConnectionResetError)))
thread.join()

done = threading.Event()
thread = serve(lambda plain: done.wait())
connection = connect(do_handshake_on_connect=False)
connection.settimeout(0.05)
try:
    connection.do_handshake()
except TimeoutError as error:
    print(str(error).partition(': ')[2])
connection.setblocking(False)
for function in (connection.do_handshake, lambda: connection.recv(1)):
    try:
        function()
    except ssl.SSLWantReadError as error:
        print(show(error))
done.set()
connection.close()
thread.join()


def talk(plain):
    connection = context.wrap_socket(plain, server_side=True)
    connection.sendall(b'secret')
    back = connection.unwrap()
    back.sendall(b'plain')
    print(type(back).__name__, back.recv(10))
    back.close()


thread = serve(talk)
connection = connect()
print(connection.recv(3), connection.pending(), connection.recv(3))
connection.settimeout(10)
back = connection.unwrap()
print(back.recv(10))
back.sendall(b'also')
thread.join()
back.close()


def slow(plain):
    connection = context.wrap_socket(plain, server_side=True)
    stop.wait()
    connection.close()


stop = threading.Event()
thread = serve(slow)
connection = connect()
connection.settimeout(0.05)
try:
    connection.recv(1)
except TimeoutError as error:
    print(error)
try:
    while True:
        connection.send(b'x' * 65536)
except TimeoutError as error:
    print(error)
stop.set()
connection.close()
thread.join()
print(connection.fileno())



def refused(plain):
    try:
        context.wrap_socket(plain, server_side=True)
    except ssl.SSLError as error:
        print(show(error))


thread = serve(refused)
plain = socket.create_connection(listener.getsockname())
try:
    client_context(None).wrap_socket(plain, server_hostname='localhost')
except ssl.SSLCertVerificationError as error:
    reported = error
thread.join()
print(show(reported))
