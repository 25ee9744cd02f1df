def f(a):
    return a + (a := 2), [last := x for x in a], last
