class C:
    def __repr__(self): return repr(self)
    def __str__(self): return str(self)
    def __eq__(self, o): return self == o
    def __hash__(self): return hash(self)
    def __len__(self): return len(self)
    def __bool__(self): return bool(self)
    def __iter__(self): return iter(self)
    def __add__(self, o): return self + o
    def __lt__(self, o): return self < o
    def __getitem__(self, i): return self[i]
    def __contains__(self, i): return i in self
    def __call__(self): return self()
    def __getattr__(self, name): return getattr(self, name + "x")
    def __format__(self, spec): return format(self, spec)
    def __int__(self): return int(self)
    def __index__(self): return range(self)[0]
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
    def __setattr__(self, n, v): setattr(self, n, v)
    def __del__(self): pass
c = C()
def enter():
    with c: pass
actions = {"repr": lambda: repr(c), "str": lambda: str(c), "eq": lambda: c == C(), "hash": lambda: hash(c), "len": lambda: len(c), "bool": lambda: bool(c), "add": lambda: c + 1, "lt": lambda: c < 1, "getitem": lambda: c[0],
           "contains": lambda: 1 in c, "call": lambda: c(), "getattr": lambda: c.y, "format": lambda: f"{c:x}", "int": lambda: int(c), "index": lambda: [1][c], "enter": enter, "setattr": lambda: setattr(c, "a", 1)}
for name, action in actions.items():
    try:
        action()
        print(name, "no error")
    except RecursionError:
        print(name, "RecursionError")
