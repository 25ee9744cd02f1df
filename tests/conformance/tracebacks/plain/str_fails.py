class Odd(Exception):
    def __str__(self):
        raise RuntimeError("cannot be printed")

raise Odd()
