# Arguments that the native heap and bisection functions refuse, and lists that change while they work.
import bisect
import heapq
import random


def show(function, *args, **kwargs):
    try:
        print(function.__name__, args, kwargs, function(*args, **kwargs))
    except Exception as error:
        print(function.__name__, args, kwargs, type(error).__name__, error)


for name in "heappush", "heappushpop", "heapreplace":
    for suffix in "", "_max":
        function = getattr(heapq, name + suffix)
        show(function)
        show(function, (1,), 2)
        show(function, [], 1)
        show(function, [5, 6], 7)
        show(function, [1, 2], "a")
        show(function, heap=[], item=1)
for name in "heappop", "heapify":
    for suffix in "", "_max":
        function = getattr(heapq, name + suffix)
        show(function)
        show(function, 1)
        show(function, [])
        show(function, [1, "a", 2])
random.seed(7)
numbers = [random.randrange(100) for _ in range(500)]
for make, pop, backwards in (heapq.heapify, heapq.heappop, False), (heapq.heapify_max, heapq.heappop_max, True):
    heap = numbers[:]
    make(heap)
    print(heap[:20], [pop(heap) for _ in numbers] == sorted(numbers, reverse=backwards))


class Clears:
    def __lt__(self, other):
        heap.clear()
        return False


for use in (
    lambda: heapq.heappush(heap, Clears()),
    lambda: heapq.heappop(heap),
    lambda: heapq.heapreplace(heap, Clears()),
    lambda: heapq.heapify(heap),
):
    heap = [Clears() for _ in range(5)]
    show(use)

for function in bisect.bisect_left, bisect.bisect_right, bisect.insort_left, bisect.insort_right:
    show(function)
    show(function, [1])
    show(function, 1, 2)
    show(function, [1, 2, 2, 3], 2)
    show(function, [1, 2], "a")
    show(function, [1, 2, 3], 2, -1)
    show(function, [1, 2, 3], 2, 0, 100)
    show(function, [1, 2, 3], 2, lo=1, hi=2)
    show(function, [1, 2, 3], 2, hi=-1)
    show(function, [1, 2, 3], 2, "x")
    show(function, [1, 2, 3], 2, 0, "x")
    show(function, [1, 2, 3], 2, 0, 3, None)
    show(function, (1, 2, 3), 2)
    show(function, {1: 2}, 1)
    show(function, {1, 2}, 1)
    show(function, range(10), 5, 2**62, 2**63 - 1)
    show(function, [1, 2], 2, key=1)
    show(function, [1, 2], 2, foo=1)


class Inserts(list):
    def insert(self, index, item):
        print("insert", index, item)


bisect.insort(Inserts([1, 3]), 2)
pairs = [(1, "a"), (3, "b")]
bisect.insort(pairs, (2, "c"), key=lambda pair: pair[0])
print(pairs)
