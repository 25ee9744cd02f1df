def numbers(n):
    for i in range(n):
        yield 10 // (2 - i)

def consume(it):
    return [x for x in it]

consume(numbers(5))
