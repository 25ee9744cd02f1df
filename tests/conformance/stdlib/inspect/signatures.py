import inspect
def f(a, /, b: int = 2, *args, c, d="x", **kw) -> str:
    """Docs.

    More.
    """
s = inspect.signature(f)
print(s, list(s.parameters), s.parameters["b"].default, s.parameters["c"].kind, s.return_annotation)
print(s.bind(1, 2, 3, c=4).arguments, inspect.getdoc(f))
class C:
    def __init__(self, x, *, y=1): pass
    def m(self, q): pass
    @classmethod
    def k(cls, z): pass
    @staticmethod
    def s(w): pass
print(inspect.signature(C), inspect.signature(C.m), inspect.signature(C(1).m), inspect.signature(C.k))
print(inspect.signature(C.s), inspect.signature(len), inspect.signature(lambda x=1: x))
print(inspect.signature(sorted))
print(inspect.isfunction(f), inspect.isclass(C), inspect.ismethod(C(1).m), inspect.isbuiltin(len))
print(inspect.isgenerator(x for x in ()), inspect.ismodule(inspect))
print([n for n, _ in inspect.getmembers(C, inspect.isfunction)], inspect.getmro(C))
print(inspect.currentframe().f_code.co_name, inspect.getfullargspec(f).args, inspect.unwrap(f) is f)
print(inspect.getsource(f).splitlines()[0], inspect.getsourcelines(C)[1])
for action in (
    lambda: s.bind(), lambda: s.bind(1), lambda: s.bind(1, c=1, a=2) and inspect.signature(C).bind(1, z=2),
    lambda: inspect.signature(5),
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
