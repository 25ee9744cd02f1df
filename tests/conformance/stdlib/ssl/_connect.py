"""Two ends of a connection in memory, and what happens between them."""

import os
import ssl

CERTIFICATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '_certificates')


def path(name):
    return os.path.join(CERTIFICATES, name + '.pem')


def server_context(name='server', **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(name))
    for key, value in settings.items():
        setattr(context, key, value)
    return context


def client_context(authority='authority', **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority:
        context.load_verify_locations(path(authority))
    for key, value in settings.items():
        setattr(context, key, value)
    return context


class Pair:
    """A client and a server; `errors` has what ended a handshake, (client's, server's)."""

    def __init__(self, client_context, server_context, host='localhost', session=None):
        self.to_client, self.to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
        from_client, from_server = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client_context.wrap_bio(
            self.to_client, from_client, server_hostname=host, session=session)
        self.server = server_context.wrap_bio(self.to_server, from_server, server_side=True)
        self.from_client, self.from_server = from_client, from_server
        self.errors = [None, None]

    def move(self):
        self.to_server.write(self.from_client.read())
        self.to_client.write(self.from_server.read())

    def handshake(self):
        done = [False, False]
        for _ in range(8):
            for at, end in enumerate((self.client, self.server)):
                if done[at] or self.errors[at]:
                    continue
                try:
                    end.do_handshake()
                    done[at] = True
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as error:
                    self.errors[at] = error
            self.move()
        return all(done)


def show(error):
    """An error without the line of the file that found it."""
    if error is None:
        return None
    text = str(error).partition(' (_ssl.c:')[0]
    return type(error).__name__, error.errno, error.library, error.reason, text
