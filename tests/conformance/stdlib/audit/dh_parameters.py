# SSLContext.load_dh_params opens a file by itself, and says so.
import ssl

from _events import show

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
for path in "nothing", b"nothing", 1:
    show("load_dh_params", lambda: context.load_dh_params(path))
