from itertools import *
print(list(chain([1], "ab")), list(chain.from_iterable([[1], [2, 3]])), list(islice(count(5), 3)), list(islice(range(10), 2, 8, 3)), list(islice(cycle("ab"), 5)), list(repeat("x", 3)))
print(list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(combinations("abc", 2)), list(permutations([1, 2, 3], 2)), list(product("ab", [1, 2])), list(product([0, 1], repeat=2)), list(combinations_with_replacement("ab", 2)))
print([(k, list(g)) for k, g in groupby("aabbbc")], [(k, list(g)) for k, g in groupby([1, 3, 2, 4], key=lambda x: x % 2)], list(takewhile(lambda x: x < 3, [1, 2, 5, 1])), list(dropwhile(lambda x: x < 3, [1, 2, 5, 1])), list(filterfalse(lambda x: x % 2, range(5))), list(compress("abcd", [1, 0, 1, 0])), list(starmap(pow, [(2, 3), (3, 2)])), list(zip_longest("ab", [1], fillvalue="-")), list(pairwise([1, 2, 3])), list(batched("abcde", 2)))
a, b = tee([1, 2, 3])
print(next(a), list(b), list(a), next(count(1.5, 0.5)), repr(count(3, 2)), repr(repeat(5, 2)), list(islice(count(10, -3), 3)))
for action in (lambda: islice([1], -1), lambda: combinations("a", -1), lambda: list(batched("abc", 2, strict=True)), lambda: batched("a", 0), lambda: count("x"), lambda: chain.from_iterable(5).__next__(), lambda: next(cycle([])), lambda: tee([], -1), lambda: product(repeat=-1), lambda: islice([1], 1, 2, 0), lambda: list(starmap(pow, [5])), lambda: repeat(), lambda: groupby(5), lambda: accumulate(5)):
    try:
        print(action())
    except (ValueError, TypeError, StopIteration) as error:
        print(type(error).__name__, error)
