def counter(start=0):
    count = start
    def step(by=1):
        nonlocal count
        count += by
        return count
    def peek():
        return count
    return step, peek

step, peek = counter(10)
print(step(), step(5), peek())
step2, peek2 = counter()
step2()
print(peek(), peek2())
print([cell.cell_contents for cell in step.__closure__])
step.__closure__[0].cell_contents = 100
print(peek())
