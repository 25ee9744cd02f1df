# timeout: 120
# asyncio, http.client and urllib over TLS.
import asyncio
import http.client
import http.server
import ssl
import threading
import urllib.error
import urllib.request
from _connect import client_context, path, server_context, show

context = ssl.create_default_context(cafile=path('authority'))


async def answer(reader, writer):
    length = int(await reader.readline())
    data = await reader.readexactly(length)
    writer.write(data[::-1])
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def ask(port, size):
    reader, writer = await asyncio.open_connection('localhost', port, ssl=context)
    data = bytes(range(256)) * size
    writer.write(b'%d\n' % len(data) + data)
    await writer.drain()
    back = await reader.readexactly(len(data))
    end = await reader.read()
    version = writer.get_extra_info('ssl_object').version()
    writer.close()
    await writer.wait_closed()
    return back == data[::-1], end, version


async def main():
    server = await asyncio.start_server(answer, '127.0.0.1', 0, ssl=server_context())
    port = server.sockets[0].getsockname()[1]
    print(await asyncio.gather(*[ask(port, size) for size in (1, 40, 400)]))
    try:
        await asyncio.open_connection('127.0.0.1', port, ssl=context, server_hostname='other.test')
    except ssl.SSLCertVerificationError as error:
        print(show(error))
    server.close()


asyncio.run(main())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.path.encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.socket = server_context().wrap_socket(server.socket, server_side=True)
server.handle_error = lambda request, address: None
port = server.server_address[1]
thread = threading.Thread(target=server.serve_forever)
thread.start()

connection = http.client.HTTPSConnection('localhost', port, context=context)
for page in ('/one', '/two'):
    connection.request('GET', page)
    response = connection.getresponse()
    print(response.status, response.read())
connection.close()
with urllib.request.urlopen(f'https://localhost:{port}/three', context=context) as response:
    print(response.status, response.read())
try:
    urllib.request.urlopen(f'https://localhost:{port}/four', context=client_context(None))
except urllib.error.URLError as error:
    print(show(error.reason))
server.shutdown()
thread.join()
server.server_close()
