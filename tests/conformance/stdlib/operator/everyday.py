import operator as op
print(op.add(1, 2), op.mul("a", 3), op.itemgetter(1)([1, 2]), op.itemgetter(0, "a")({0: "x", "a": "y"}))
print(op.attrgetter("real", "imag")(3 + 4j), op.attrgetter("__class__.__name__")(5))
print(op.methodcaller("split", ",")("a,b"), op.contains([1], 1), op.truediv(1, 2), op.neg(5), op.not_([]))
print(op.is_(None, None), op.lt(1, 2), op.concat([1], [2]), op.getitem({"k": 1}, "k"), op.index(True))
print(op.countOf([1, 1, 2], 1), op.indexOf([3, 4], 4), op.truth([1]), op.xor(5, 1), op.matmul.__name__)
print(op.is_none(None))
l = [1]
print(op.iadd(l, [2]) is l, l, op.setitem(l, 0, 9), l, op.delitem(l, 0), l, op.call(len, "abc"))
print(op.length_hint(iter([1, 2])))
print(repr(op.itemgetter(1, 2)), repr(op.attrgetter("a.b")), repr(op.methodcaller("m", 1, k=2)))
print(sorted([("b", 2), ("a", 1)], key=op.itemgetter(1)))
