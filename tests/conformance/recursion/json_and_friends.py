import json
def end(action):
    try:
        action()
    except (RecursionError, MemoryError, ValueError):
        pass
    return "survived"
print(end(lambda: json.loads("[" * 100000 + "]" * 100000)))
print(end(lambda: json.loads('{"a":' * 100000 + "1" + "}" * 100000)), end(lambda: json.loads("[" * 100000)))
import ast
print(end(lambda: ast.literal_eval("[" * 100 + "]" * 100)))
import re
print(end(lambda: re.compile("(" * 5000 + ")" * 5000)), end(lambda: re.match("(a|b)*c", "ab" * 5000)))
print(end(lambda: re.match("(?:a?){12}a{12}", "a" * 12)))
