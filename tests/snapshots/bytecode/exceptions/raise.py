def f(e):
    assert e, 'no'
    if e:
        raise e from None
    raise ValueError(e)
