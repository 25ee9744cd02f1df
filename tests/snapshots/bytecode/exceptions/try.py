def f(x):
    try:
        g(x)
    except ValueError as e:
        print(e)
    except (TypeError, KeyError):
        raise
    else:
        x = 1
    finally:
        h()
    return x
