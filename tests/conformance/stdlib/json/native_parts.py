# What `_json` itself refuses, and how it writes and reads at its edges.
import _json
import enum
import json


def show(function, *args, **kwargs):
    try:
        print(args, list(kwargs), ascii(function(*args, **kwargs)))
    except Exception as error:
        print(args, list(kwargs), type(error).__name__, error, getattr(error, "__notes__", None))


class Items(dict):
    answer = [1]

    def items(self):
        return self.answer


class Level(enum.IntEnum):
    LOW = 1


class Shown(float):
    def __repr__(self):
        return "shown"


show(json.dumps, Items(a=1))
Items.answer = iter([("b", 2)])
show(json.dumps, Items(a=1))
Items.answer = 5
show(json.dumps, Items(a=1))
show(json.dumps, Items())
show(json.dumps, [Level.LOW, Shown(1.5), {Level.LOW: 1, Shown(2.5): 2}])
show(json.dumps, {1: 1, 1.5: 2, None: 3, True: 4, 10**30: 5, float("inf"): 6})
show(json.dumps, {(1,): 2}, skipkeys=True, indent=2)
show(json.dumps, {(1,): 2, "a": [[], {}, [[1]]]}, skipkeys=True, indent="\t")
show(json.dumps, {"b": 1, "a": 2}, sort_keys=True, indent=0)
show(json.dumps, {"b": 1, 2: 2}, sort_keys=True)
show(json.dumps, {"a": [1, {2: set()}]})
show(json.dumps, [float("nan")], allow_nan=False)
show(json.dumps, set(), default=lambda o: [1, {3: 4}], indent=1)
show(json.dumps, set(), default=lambda o: o)
odd = {"\x7f\0\x1f\"\\/\b\f\n\r\t": "é\ud800\U0001f600", "plain": 1}
show(json.dumps, odd)
show(json.dumps, odd, ensure_ascii=False)
for x in 0.0, -0.0, 1e15, 1e16, 1e-4, 1e-5, 123456789.125, 5e-324, 1.7976931348623157e308:
    show(json.dumps, x)

encoder = _json.make_encoder(None, None, lambda s: f"<{s}>", "  ", ":", ",", True, False, False)
show(encoder, {"b": [1, 2], "a": {}}, 1)
show(encoder, 1)
print(encoder.indent, encoder.key_separator, encoder.item_separator, encoder.sort_keys, encoder.skipkeys)
show(_json.make_encoder, 1, 2)
show(_json.make_encoder, 1, None, None, None, ": ", ", ", False, False, False)
show(_json.make_encoder, None, None, None, None, 1, ", ", False, False, False)
show(_json.make_encoder(None, None, lambda s: 1, None, ": ", ", ", False, False, False), "a", 0)

scanner = _json.make_scanner(json.JSONDecoder())
show(scanner, "[1]", 0)
show(scanner, "[1]", -1)
show(scanner, "[1]", 9)
show(scanner, "x")
show(scanner, 1, 0)
show(scanner, string="1", idx=0)
print(scanner.strict, scanner.object_hook)
show(_json.make_scanner)
show(_json.scanstring, 'abc"', 0)
show(_json.scanstring, 'abc"', 5)
show(_json.scanstring, 1, 5)
show(_json.scanstring, "a")
show(_json.encode_basestring, 1)

for text in (
    '"\\u0041', '"\\u004', '"\\ud800\\udc0', '"\\ud800\\udc00', '"\\ud800\\u0041"', '"\\ud800x"', '"\\', "-", "-0", "1e",
    "1.e5", "1E400", "-1e-400", "9" * 30, "9" * 5000, "0.1234567890123456789", "123456789012345678e-30", "[1,]", "{,}",
    '{"a" 1}', '{"a":1,}', "-Infinity", "nul", "\u1234", '"\u1234\\n\U0001f600"', '"caf\xe9\\t"',
):
    show(json.loads, text)

one, two = json.loads('[{"key \u1234": 1, "k\xe9": 2}, {"key \u1234": 3, "k\\u00e9": 4}]')
print(all(a is b for a, b in zip(one, two)), one == {"key \u1234": 1, "k\xe9": 2})
many = json.loads("[" + ",".join('{"k%d": %d}' % (i % 3000, i) for i in range(6000)) + "]")
print(many[0], many[-1], len({k for d in many for k in d}))
print(json.loads('{"a":1,"b":2,"a":3}'), json.loads('{"a":1,"a":3}', object_pairs_hook=list))
deep = "[" * 5000 + "]" * 5000
print(json.dumps(json.loads(deep)) == deep)
for text in "[" * 200000, '{"a":' * 200000:
    try:
        json.loads(text)
    except RecursionError:
        print("too deep")
