# env: PYTHONHASHSEED=123
# The seed changes the hashes of str and bytes, and of nothing else.
for value in ["", "a", "abc", "hello world, this is longer than a block", "é", b"abc"]:
    print(repr(value), hash(value))
print(hash(12345), hash(1.25), hash((1, 2)), hash(("a",)))
