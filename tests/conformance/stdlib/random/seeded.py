import random
r = random.Random(42)
print(r.random(), r.randint(1, 100), r.randrange(0, 100, 7), r.choice("abcdef"), r.uniform(1, 2), r.gauss(0, 1), r.sample(range(100), 5), r.getrandbits(70), r.choices("abc", weights=[1, 2, 3], k=5), r.betavariate(1, 2), r.expovariate(1.5), r.triangular(), r.normalvariate(), r.randbytes(4), r.shuffle([1]), r.binomialvariate(10, 0.5))
l = list(range(10))
r.shuffle(l)
state = r.getstate()
a = [r.random() for _ in range(3)]
r.setstate(state)
print(l, a == [r.random() for _ in range(3)], state[0], len(state[1]))
random.seed("text")
print(random.random(), random.randint(1, 6))
random.seed(b"bytes")
print(random.random())
random.seed(2 ** 100)
print(random.random())
random.seed(1.5)
print(random.random())
for action in (lambda: random.choice([]), lambda: random.randrange(0), lambda: random.sample([1], 2), lambda: random.randint(5, 1), lambda: random.seed([]), lambda: random.getrandbits(-1), lambda: random.sample({1}, 1), lambda: random.choices([1], weights=[0])):
    try:
        print(action())
    except (ValueError, TypeError, IndexError) as error:
        print(type(error).__name__, error)
