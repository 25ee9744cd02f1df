s = {3, 1, 2}
s.add(4)
s.discard(99)
s.update([5], {6})
s.remove(6)
print(sorted(s), len(s), 1 in s, s == {1, 2, 3, 4, 5}, sorted(s | {9}), sorted(s & {1, 9}), sorted(s - {1}))
print(sorted(s ^ {1, 9}), s > {1}, s >= s, {1} < s, s.isdisjoint({7}), {1}.issubset(s), s.issuperset([1, 2]))
print(set(), {*()}, set("aab") == {"a", "b"}, frozenset([1]), frozenset(), {1}, sorted(s.union([7], [8])))
print(s.intersection([1], [1, 2]), sorted(s.difference([1], [2])), sorted(s.symmetric_difference([1, 7])))
s &= {1, 2, 3}
s |= {7}
s -= {1}
s ^= {2, 8}
print(sorted(s), s.copy() == s, {1, 1.0, True}, set([1, 2]) == frozenset([1, 2]))
print(hash(frozenset([1, 2])) == hash(frozenset([2, 1])), {frozenset([1])} == {frozenset([1])})
print(type(s | frozenset()).__name__, type(frozenset() | s).__name__)
s.intersection_update([3]), s.difference_update([9]), s.symmetric_difference_update([4])
print(sorted(s), s.pop() in (3, 4), s.clear(), s)
print({1} in [{1}], {1} in {frozenset([1])}, sorted(map(sorted, {frozenset([1, 2]), frozenset([3])})))
