def f(a, b, c=3):
    pass
def g():
    pass
def h(*, k):
    pass
calls = [
    "f()", "f(1)", "f(1, 2, 3, 4)", "f(1, b=2, a=3)", "f(1, 2, d=4)", "g(1)", "g(1, 2)", "g(x=1)", "h(1)",
    "f(*5)", "f(**5)", "f(**{1: 2})", "f(1, **{'a': 2})", "None()", "(1).real()", "f(a=1, **{'a': 2})",
    "len()", "len(1, 2)", "len(x=1)", "'abc'.upper(1)", "int('1', bass=2)", "[].append()",
    "print(1, sepp='')",
]
for call in calls:
    try:
        eval(call)
        print(call, "worked")
    except TypeError as error:
        print(call, "->", error)
