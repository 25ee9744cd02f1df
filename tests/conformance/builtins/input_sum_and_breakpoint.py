"""input() and streams that cannot be flushed, sums that become complex, $PYTHONBREAKPOINT that names nothing."""
import io
import os
import sys
import warnings


class Unflushable:
    def write(self, text):
        seen.append(text)


seen = []
saved = sys.stdin, sys.stdout, sys.stderr
sys.stdin, sys.stdout, sys.stderr = io.StringIO("a\nb\n"), Unflushable(), Unflushable()
try:
    lines = [input(), input("prompt ")]
finally:
    sys.stdin, sys.stdout, sys.stderr = saved
print(lines, seen)

numbers = [complex(n / 7, -n / 11) for n in range(-30, 31)]
print(sum(numbers) == complex(sum(z.real for z in numbers), sum(z.imag for z in numbers)))
print(sum(numbers, 0.5), sum([1, 0.1, 0.1j, 1e16, 1, -1e16]), sum([0.1] * 10 + [1j]), sum([1j], True))

for name in ("nosuchmodule", "nosuch.module", "builtins.nosuch", ".", "..", ".foo", "foo.", "0", "", "math.sqrt"):
    os.environ["PYTHONBREAKPOINT"] = name
    if name == "":
        continue
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        print(name, breakpoint(*[4][:name == "math.sqrt"]), [(w.category.__name__, str(w.message)) for w in caught])

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        __import__("", {"__package__": None, "__spec__": None, "__name__": "__main__"}, {}, ("foo",), 1)
    except ImportError as e:
        print(e, [(w.category.__name__, str(w.message)) for w in caught])

for name in ("stdin", "stdout", "stderr"):
    saved = getattr(sys, name)
    delattr(sys, name)
    try:
        input("prompt")
    except RuntimeError as e:
        lost = str(e)
    setattr(sys, name, saved)
    print(lost)
