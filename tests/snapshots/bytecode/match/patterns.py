def f(x):
    match x:
        case 0 | 1:
            return 'small'
        case [a, b, *rest] if a:
            return rest
        case {'k': v, **others}:
            return v, others
        case Point(0, y=q) as p:
            return p, q
        case None | True:
            return
        case [first, *_, last]:
            return first, last
        case _:
            return x
