import heapq, bisect
h = [5, 1, 8, 3]
heapq.heapify(h)
heapq.heappush(h, 2)
print(h, heapq.heappop(h), heapq.heappushpop(h, 0), heapq.heapreplace(h, 10))
print([heapq.heappop(h) for _ in range(len(h))], heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, "hello"))
print(list(heapq.merge([1, 4], [2, 3])), list(heapq.merge([3, 1], [2], reverse=True)))
print(heapq.nlargest(2, ["a", "bbb"], key=len))
m = [1, 2, 3]
heapq.heapify_max(m)
print(heapq.heappop_max(m), m)
l = [1, 3, 3, 5]
print(bisect.bisect(l, 3), bisect.bisect_left(l, 3), bisect.bisect_right(l, 0), bisect.bisect(l, 3, 0, 2))
print(bisect.insort(l, 4), l, bisect.insort_left(l, 3), l)
print(bisect.bisect([(1, "a"), (2, "b")], 1, key=lambda t: t[0]))
