# Contexts: attributes and their bounds, signal dicts, copies, templates, with-blocks, IEEE formats.
import copy
import pickle
from decimal import *


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names)))
    except Exception as error:
        print(type(error).__name__, error)


c = Context(prec=5, rounding=ROUND_DOWN, Emin=-9, Emax=9, capitals=0, clamp=1, flags=[Inexact], traps=[Overflow])
print(c, c.Etiny(), c.Etop(), c.flags == {**DefaultContext.flags, Inexact: True}, c.traps[Overflow])
for name, values in (("prec", (0, 1, 2**70, "a", 1.5, True)), ("Emin", (1, 0, -(10**18))), ("Emax", (-1, 5, 10**18)),
                     ("rounding", ("ROUND_UP", "up", 1, None)), ("capitals", (2, 0)), ("clamp", (2, 2**40, 0)),
                     ("flags", ({}, 3, c.traps, {Inexact: 1})), ("traps", ({s: True for s in c.flags}, None)), ("x", (1,))):
    for value in values:
        show(setattr, c, name, value)
show(delattr, c, "prec")
print(c)
d = c.flags
show(d.__getitem__, 1)
show(d.__setitem__, 1, 2)
show(d.__delitem__, Inexact)
show(hash, d)
d[Rounded] = 5
print(d, len(d), d.copy() == d, d != c.traps, d == {1: 2}, list(d)[:2], Rounded in d, d.get(3), type(d).__mro__[1].__name__)
c.clear_flags(), c.clear_traps()
print(c, c.copy() is c, copy.copy(c).prec, pickle.loads(pickle.dumps(c)), c.__reduce__())
for template in (DefaultContext, BasicContext, ExtendedContext):
    setcontext(template)
    print(getcontext(), getcontext() is template)
setcontext(Context())
with localcontext(prec=3, rounding=ROUND_UP, traps=[]) as inner:
    print(Decimal(1) / 3, Decimal(1) / 0, inner is getcontext(), inner.flags[DivisionByZero])
    with localcontext(ExtendedContext) as innermost:
        print(getcontext().prec, innermost.prec)
    print(getcontext().prec)
print(getcontext().prec, getcontext().flags[DivisionByZero])
show(localcontext, 1)
show(localcontext, prec=0)
show(localcontext, foo=1)
show(setcontext, 1)
show(type(localcontext()))
for bits in (32, 64, 128, 512, 0, 33, 544, "a", 2**70, True):
    show(IEEEContext, bits)
show(type(d)().__len__)
