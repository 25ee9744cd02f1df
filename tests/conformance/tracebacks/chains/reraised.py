def f():
    try:
        g()
    except ValueError as error:
        error.add_note("seen in f")
        raise

def g():
    raise ValueError("from g")

f()
