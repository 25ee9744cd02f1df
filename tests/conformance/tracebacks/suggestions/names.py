def f():
    collection = [1, 2]
    return len(colection)

f()
