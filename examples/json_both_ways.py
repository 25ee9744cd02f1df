"""JSON to Python and Python to JSON."""

import json

x = '{ "name":"John", "age":30, "city":"New York"}'
y = json.loads(x)
print(y["age"], y)

x = {"name": "John", "age": 30, "city": "New York"}
print(json.dumps(x))

# Every JSON type has its Python type.
everything = {
    "text": "naïve \"quotes\" \u2028 😀",
    "int": 12345678901234567890,
    "float": 0.1,
    "true": True,
    "null": None,
    "list": [1, [2, [3]]],
    "empty": {},
}
text = json.dumps(everything, indent=2)
print(text)
print("round trip:", json.loads(text) == everything)
print(json.dumps(everything, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


# Classes of our own, both ways.
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


class Encoder(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, Point):
            return {"__point__": [value.x, value.y]}
        if isinstance(value, (set, frozenset)):
            return sorted(value)
        return super().default(value)


def decode(d):
    return Point(*d["__point__"]) if "__point__" in d else d


shape = {"corners": [Point(0, 0), Point(1, 2)], "tags": {"b", "a"}}
text = json.dumps(shape, cls=Encoder)
print(text)
print(json.loads(text, object_hook=decode))

# Tuples become lists, keys become strings.
print(json.loads(json.dumps({1: (1, 2), None: True, 2.5: "x"})))

# What goes wrong is told with its place.
for broken in ('{"a": 1,}', "[1 2]", '{"a": tru}', "", '"no end'):
    try:
        json.loads(broken)
    except json.JSONDecodeError as error:
        print(f"{broken!r}: {error}")
for unknown in (Point(1, 2), {1, 2}, b"bytes"):
    try:
        json.dumps(unknown)
    except TypeError as error:
        print(error)

with open("numbers.json", "w") as f:
    json.dump([n * n for n in range(10)], f)
with open("numbers.json") as f:
    print(sum(json.load(f)))

import os

os.remove("numbers.json")
