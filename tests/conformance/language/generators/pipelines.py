def read(lines):
    for line in lines:
        yield line.strip()
def fields(rows):
    for row in rows:
        if row and not row.startswith("#"):
            yield row.split(",")
def typed(rows):
    for name, amount in rows:
        yield name, int(amount)
lines = ["# comment", "ann,3", "", " bob,4 ", "cid,5"]
print(list(typed(fields(read(lines)))))
def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
def take(n, it):
    return [x for _, x in zip(range(n), it)]
print(take(15, primes()))
class Tree:
    def __init__(self, v, left=None, right=None):
        self.v, self.left, self.right = v, left, right
    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.v
        if self.right:
            yield from self.right
print(list(Tree(4, Tree(2, Tree(1), Tree(3)), Tree(6))))
def permutations(items):
    if not items:
        yield []
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield [x] + rest
print(list(permutations([1, 2, 3])))
