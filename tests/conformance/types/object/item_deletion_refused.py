# Deleting an item of what cannot lose one: the words depend on the key where the object may be a sequence.
import types


class Sequence:
    def __getitem__(self, key):
        return key


objects = [
    types.MappingProxyType({}), (1,), "a", b"a", range(3), 1, None, object(), Sequence(), Sequence, {1}, {}.keys(), type,
    int, len, slice(1), frozenset(), iter([]), list[int], 1.5, (x for x in ()), types.SimpleNamespace(), types,
]  # fmt: skip
for value in objects:
    for key in 0, "k", slice(0, 1):
        try:
            del value[key]
        except TypeError as error:
            print(type(value).__name__, repr(key), error)
