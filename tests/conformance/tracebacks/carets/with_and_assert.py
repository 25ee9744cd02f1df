class CM:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        return False

def check(x):
    with CM() as cm:
        assert x > 10 and x % 2 == 0, f"x is {x}"

check(12)
check(4)
