# The matcher's code is checked before it runs: codes that were not made by the compiler raise, and never crash.
import _sre
from re import _compiler, _parser

def code_of(pattern, flags=0):
    parsed = _parser.parse(pattern, flags)
    return _compiler._code(parsed, flags), parsed.state.groups - 1

def compile_code(code, groups=0):
    return _sre.compile("x", 0, code, groups, {}, (None,) * (groups + 1))

patterns = [
    "abc", "a|bc|d", "[a-z0-9_]+x*?", "(?:ab)*c", "(?:ab)*?c", "(a)(b)?(?(2)c|d)", "(a)?(?(1)b)", "(?=a)b(?!c)(?<=d)(?<!e)",
    r"(\w+) \1", r"^\bx\B$", "(?>a+)b", "a++b", "(?:ab)++c", "[\u0100-\u0200x]", "[^abc]", "(?i:straße[a-f])",
]
for pattern in patterns:
    code, groups = code_of(pattern)
    compile_code(code, groups)
print("what the compiler makes is accepted")

for code in ([], [2], [16], [1, 16], [99, 1], [23, 5, 0, 9, 18, 1], [7, 0, 1], [24, 4, 0, 9, 1, 1]):
    try:
        compile_code(code)
        print(code, "accepted")
    except RuntimeError as error:
        print(code, error)
try:
    compile_code([2 ** 32, 1])
except OverflowError as error:
    print(error)
