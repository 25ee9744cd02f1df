# A copy of a dict, a view, a set or an instance's attributes is of one moment, whatever other threads do meanwhile.
import threading
import time

d = {i: i for i in range(50)}
s = set(range(50))
class C: pass
o = C()
stop = False

def change():
    n = 0
    while not stop:
        n += 1
        key = 50 + n % 50
        d[key] = key
        d.pop(key, None)
        s.add(key)
        s.discard(key)
        setattr(o, f"a{key}", key)
        try: delattr(o, f"a{key}")
        except AttributeError: pass

def copy():
    # Some seconds are enough where every step is slow.
    end = time.monotonic() + 5
    for _ in range(300):
        if time.monotonic() > end: break
        assert all(k == v for k, v in dict(d).items())
        assert all(k == v for k, v in d.copy().items())
        assert all(k == v for k, v in list(d.items()))
        assert all(k == v for k, v in tuple(d.items()))
        assert len(list(d)) >= 50 and len(list(d.keys())) >= 50 and len(list(d.values())) >= 50
        assert sorted(d)[:50] == list(range(50)) and len(set(d)) >= 50 and len(frozenset(d)) >= 50
        assert len([*d]) >= 50 and len({**d}) >= 50
        assert len(list(s)) >= 50 and len(s.copy()) >= 50 and len(set(s) | s) >= 50 and sorted(s)[0] == 0
        assert len(list(vars(o))) <= 2 and len(dict(vars(o))) <= 2 and len(list(o.__dict__.items())) <= 2
    done.append(True)

done = []
changers = [threading.Thread(target=change) for _ in range(2)]
copiers = [threading.Thread(target=copy) for _ in range(2)]
for t in changers + copiers: t.start()
for t in copiers: t.join()
stop = True
for t in changers: t.join()
print(done)
