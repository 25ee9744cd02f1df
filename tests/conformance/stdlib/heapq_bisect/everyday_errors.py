import heapq, bisect
h = [5, 1, 8, 3]
heapq.heapify(h)
heapq.heappush(h, 2)
m = [1, 2, 3]
heapq.heapify_max(m)
for action in (
    lambda: heapq.heappop([]), lambda: heapq.heappush(5, 1), lambda: heapq.heapify((1,)),
    lambda: heapq.heappush([1], "a"), lambda: bisect.bisect([1], "a"), lambda: bisect.bisect([1], 1, -1),
    lambda: bisect.insort((1,), 2),
):
    try:
        print(action())
    except (IndexError, TypeError, ValueError, AttributeError) as error:
        print(type(error).__name__, error)
