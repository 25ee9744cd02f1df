"""How deep marshal goes."""
import marshal


def nest(n):
    x = []
    for _ in range(n - 1):
        x = [x]
    return x


def flat(n):
    head = last = []
    for _ in range(n - 2):
        last.append([0])
        last = last[-1]
    return head


for make in (nest, flat):
    for n in (1998, 1999, 2000, 2001, 2002, 5000):
        try:
            print(n, len(marshal.dumps(make(n))))
        except ValueError as e:
            print(n, e)
for n in (1998, 1999, 2000, 2001, 2002, 5000):
    try:
        print(n, len(marshal.loads(b"[\x01\0\0\0" * (n - 1) + b"[\0\0\0\0")))
    except ValueError as e:
        print(n, e)
