e = ValueError("message", 1)
e.add_note("first note")
e.add_note("second")
print(e.__notes__, e.args, str(e), repr(e))
try:
    e.add_note(5)
except TypeError as error:
    print(error)
print(str(ValueError()), repr(ValueError()), str(ValueError("one")), repr(ValueError("one")))
print(repr(KeyError("k")), str(KeyError("k")), str(KeyError("a", "b")), str(KeyError()))
print(ValueError(1) == ValueError(1), isinstance(e, Exception), e.with_traceback(None) is e)
class Custom(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
try:
    raise Custom(5)
except Custom as c:
    print(c, c.code, c.args, repr(c))
s = StopIteration("v", 2)
print(s.value, SystemExit(3).code, SystemExit().code, AttributeError("m", name="n", obj=1).name)
u = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad byte")
print(u, u.start, u.end, u.reason, u.object)
i = ImportError("m", name="n", path="p")
print(i.msg, i.name, i.path)
e.args = ("changed",)
print(e, e.args)
