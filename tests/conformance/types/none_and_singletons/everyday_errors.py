for action in (
    lambda: None.x, lambda: None(), lambda: None + 1, lambda: None[0], lambda: None < None, lambda: len(None),
    lambda: iter(None), lambda: type(None)(1), lambda: int(None), lambda: -None, lambda: bool(NotImplemented),
    lambda: setattr(None, "x", 1), lambda: None @ 1, lambda: [][None],
):
    try:
        print(action())
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)
