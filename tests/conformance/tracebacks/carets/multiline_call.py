def g(a, b):
    raise TypeError("wrong")

g(
    1,
    g(2,
      3),
)
