double = lambda v: v * 2 + None
def run():
    return [double(i) for i in range(3)]
run()
