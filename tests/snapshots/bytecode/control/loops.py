def f(n, xs):
    i = 0
    while i < n:
        i += 1
        if i == 5 or i > 7 and not xs:
            continue
        if i is None:
            break
    else:
        i = 0
    for x in xs:
        i += x
    while True:
        if f(i):
            return i
