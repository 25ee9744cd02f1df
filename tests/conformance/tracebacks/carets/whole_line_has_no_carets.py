def f():
    g()

def g():
    raise RuntimeError

f()
