d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
for action in (
    lambda: k[0], lambda: k.add(1), lambda: k < 5, lambda: hash(k), lambda: v & {1},
    lambda: k.mapping.update({}), lambda: k | 5,
):
    try:
        print(action())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
