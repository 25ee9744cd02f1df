# Only a plain TypeError of `__hash__` is worded anew for dicts and sets.
class Own(TypeError):
    pass
def key(error):
    class Key:
        def __hash__(self): raise error
    return Key()
for error in (TypeError("plain"), Own("own"), ValueError("value"), TypeError("two", 2)):
    for name, action in (
        ("literal", lambda k: {k: 1}), ("get", lambda k: {}.get(k)), ("item", lambda k: {}[k]), ("in", lambda k: k in {}),
        ("set", lambda k: {k}), ("in set", lambda k: k in {1}), ("frozenset", lambda k: frozenset([k])),
        ("pop", lambda k: {1: 2}.pop(k)), ("setdefault", lambda k: {}.setdefault(k)), ("hash", hash),
    ):
        try:
            action(key(error))
        except Exception as raised:
            print(name, type(raised).__name__, raised, raised is error)
