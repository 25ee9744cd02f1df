class A:
    pass
print(1 < 2 and A() < A())
