print(bool(), bool(1), bool([]), True & False, True | False, True ^ True, ~False & 1, not True, True and 5)
print(type(True & True).__name__, type(True & 1).__name__, True + True, str(True), repr(False), int(True))
print("%d" % True, f"{True!r:>6}")
print([False, True][True], True == 1, True is (1 == 1), hash(True), isinstance(True, int))
print(issubclass(bool, int), bool.__mro__)
class B:
    def __bool__(self): return False
class L:
    def __len__(self): return 0
print(bool(B()), bool(L()), not B(), B() or "or", not L())
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(eval("~True"))
print([str(w.message)[:60] for w in caught])
for bad in (lambda: bool(1, 2), lambda: bool(x=1), lambda: True.real.foo):
    try:
        bad()
    except (TypeError, AttributeError) as error:
        print(error)
