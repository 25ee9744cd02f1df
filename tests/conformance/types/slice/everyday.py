s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, slice(5), slice(None), s.indices(5), slice(-3, None).indices(10))
print(slice(None, None, -1).indices(4), s == slice(1, 10, 2), s < slice(2, 3, 4))
print(hash(slice(1, 2)) == hash(slice(1, 2)))
class G:
    def __getitem__(self, k): return k
g = G()
print(g[1:2], g[:], g[::2], g[1:2, 3], g[...], g[-1:], g["a":"b":None])
print([1, 2, 3, 4][slice(1, 3)], "hello"[slice(None, None, -1)])
