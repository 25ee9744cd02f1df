def compute(a, b, c):
    return (a + b) * (c - "x" if a else b) + a

compute(1, 2, 3)
