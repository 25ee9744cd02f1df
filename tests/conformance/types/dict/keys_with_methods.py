class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return 1
    def __eq__(self, o):
        log.append((self.v, getattr(o, "v", o)))
        return isinstance(o, K) and self.v == o.v
    def __repr__(self): return f"K{self.v}"
log = []
d = {K(1): "a", K(2): "b"}
print(d[K(2)], len(d), K(3) in d, len(log) > 0)
same = K(9)
log.clear()
d2 = {same: 1}
print(d2[same], log)
class Bad:
    def __hash__(self): raise ValueError("no hash today")
class BadEq:
    def __hash__(self): return 1
    def __eq__(self, o): raise ValueError("no eq today")
for action in (
    lambda: {Bad(): 1}, lambda: {BadEq(): 1}[BadEq()], lambda: {BadEq(), BadEq()}, lambda: d.get(Bad()),
):
    try:
        action()
    except ValueError as error:
        print(error)
class Mutating:
    def __hash__(self): return 5
    def __eq__(self, o):
        target.clear()
        return False
target = {}
target[Mutating()] = 1
target[Mutating()] = 2
print(len(target) <= 2)
print({1: "int"}.get(True), {0: "zero"}[False], {"1": "s"}.get(1), {(1, 2): "t"}[(1.0, 2.0)])
print({None: "none"}[None], {frozenset([1]): "fs"}[frozenset([1])])
