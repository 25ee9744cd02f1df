x: int = 1
if x:
    y: str


class C:
    a: C
    if x:
        b: 'int'
