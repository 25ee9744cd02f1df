import json
print(json.loads('{"name": "John", "age": 30, "list": [1, 2.5, -3e2, true, false, null], "nested": {"a": {}}}'))
print(json.loads(' [ ] '), json.loads('"\\u00e9\\n\\ud83d\\ude00"'), json.loads("1E400"), json.loads("-0"))
print(json.loads("123456789012345678901234567890"), json.loads(b'"bytes"'), json.loads("NaN"))
print(json.loads("-Infinity"))
print(json.loads('{"a": 1, "a": 2}'), json.loads('{"x": 1.1}', parse_float=str))
print(json.loads("[1]", parse_int=float), json.loads('{"a": 1}', object_hook=lambda d: list(d.items())))
print(json.loads('{"a": 1, "b": 2}', object_pairs_hook=lambda p: p))
for bad in (
    "", "{", "[1,", "[1 2]", '{"a" 1}', "{'a': 1}", '{"a": 1,}', "[1,]", "nul", '"abc', '"\\x"', '"\\u12"',
    "01", "1.", "[1]x", '"a\nb"', "{1: 2}", "-", "+1", "[" * 3, '{"a":', "\ufeff1", "tru", '"\\',
):
    try:
        print(json.loads(bad))
    except json.JSONDecodeError as error:
        print(repr(bad), "->", error, error.pos, error.lineno, error.colno)
for bad in (5, None, b"\xff"):
    try:
        json.loads(bad)
    except (TypeError, UnicodeDecodeError) as error:
        print(type(error).__name__, error)
