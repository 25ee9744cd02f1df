import random
for action in (
    lambda: random.choice([]), lambda: random.randrange(0), lambda: random.sample([1], 2),
    lambda: random.randint(5, 1), lambda: random.seed([]), lambda: random.getrandbits(-1),
    lambda: random.sample({1}, 1), lambda: random.choices([1], weights=[0]),
):
    try:
        print(action())
    except (ValueError, TypeError, IndexError) as error:
        print(type(error).__name__, error)
