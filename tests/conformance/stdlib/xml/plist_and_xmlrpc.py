"""plistlib and xmlrpc.client read and write their documents."""
import datetime
import plistlib
import xmlrpc.client

value = {"name": "é", "list": [1, 2.5, True, None or "x"], "data": b"\x00\xff", "when": datetime.datetime(2020, 1, 2, 3, 4, 5)}
text = plistlib.dumps(value)
print(text.decode())
print(plistlib.loads(text) == value, plistlib.loads(plistlib.dumps(value, fmt=plistlib.FMT_BINARY)) == value)
try:
    plistlib.loads(b"<plist><!DOCTYPE x [<!ENTITY e 'v'>]></plist>")
except Exception as error:
    print(type(error).__name__, error)
call = xmlrpc.client.dumps((1, "a<b", [True, {"k": 1.5}], b"bytes"), "method", allow_none=True)
print(call)
print(xmlrpc.client.loads(call, use_builtin_types=True))
fault = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "bad"))
try:
    xmlrpc.client.loads(fault)
except xmlrpc.client.Fault as error:
    print(error)
