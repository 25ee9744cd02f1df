import random
from _best import best

random.seed(7)
NUMBERS = [random.random() for _ in range(50_000)]
WORDS = [str(n) for n in NUMBERS[:10_000]]


def run():
    sorted(NUMBERS)
    sorted(WORDS)
    sorted(WORDS, key=len)


best("sorting", run)
