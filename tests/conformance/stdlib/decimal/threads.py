# Each thread has a context of its own; one that threads share loses no flag.
import threading
from decimal import *

getcontext().prec = 50
DefaultContext.prec = 12
seen = []


def work(number):
    with localcontext() as context:
        context.prec = number + 3
        total = Decimal(0)
        for step in range(1, 300):
            total += Decimal(number) / step
        seen.append((number, str(total), getcontext().prec))


def fresh():
    seen.append((0, str(Decimal(1) / 3), getcontext().prec))


threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 6)] + [threading.Thread(target=fresh, context=None)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*sorted(seen)[1:], sep="\n")
print(getcontext().prec, Decimal(1) / 3)
shared = Context(prec=6, traps=[])


def share(operation, *operands):
    for _ in range(2000):
        operation(*map(Decimal, operands))
        shared.prec = 6
        shared.clear_traps()


threads = [threading.Thread(target=share, args=args) for args in (
    (shared.divide, 1, 3), (shared.divide, 1, 0), (shared.multiply, "1e999999", 10), (shared.add, "sNaN", 1),
    (shared.multiply, "1e-999999", "1e-20"))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(shared)
