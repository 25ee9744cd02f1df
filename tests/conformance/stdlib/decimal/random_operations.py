# Operations on random numbers in random contexts: result, flags and exception.
import random
from decimal import *

rng = random.Random(314)
ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
UNARY = """abs exp ln log10 minus next_minus next_plus normalize plus to_integral_exact to_integral_value sqrt logb logical_invert
number_class to_sci_string to_eng_string is_normal is_subnormal copy_abs""".split()
BINARY = """add subtract multiply divide divide_int remainder remainder_near divmod compare compare_signal compare_total
compare_total_mag max max_mag min min_mag next_toward quantize power logical_and logical_or logical_xor rotate shift scaleb
same_quantum copy_sign add subtract multiply divide quantize power""".split()


def number():
    kind = rng.random()
    if kind < 0.08:
        return Decimal(rng.choice(["Infinity", "-Infinity", "NaN", "-NaN12", "sNaN", "sNaN77", "0", "-0", "0E+9", "-0E-12"]))
    if kind < 0.2:
        return Decimal(rng.choice(["1", "-1", "2", "10", "0.1", "1.00", "-3", "9.99", "5E-1", "11", "101", "1E+3"]))
    digits = rng.choice([1, 2, 3, 5, 9, 18, 20, 30, 45, 70])
    text = str(rng.randrange(10 ** digits))
    if rng.random() < 0.2:
        text = rng.choice("59") * digits
    spread = rng.choice([0, 3, 12, 40, 120])
    return Decimal(f"{rng.choice(['', '-'])}{text}E{rng.randint(-spread - digits // 2, spread)}")


for _ in range(1500):
    context = Context(prec=rng.choice([1, 2, 3, 7, 9, 16, 28, 40]), rounding=rng.choice(ROUNDINGS), clamp=rng.randrange(2),
                      Emax=rng.choice([0, 5, 60, 999999]), Emin=-rng.choice([0, 5, 60, 999999]), traps=[])
    if rng.random() < 0.2:
        context.traps[InvalidOperation] = True
    if rng.random() < 0.35:
        name, operands = rng.choice(UNARY), [number()]
    elif rng.random() < 0.05:
        name, operands = "fma", [number(), number(), number()]
    else:
        name, operands = rng.choice(BINARY), [number(), number()]
    if name == "power" and abs(operands[1].adjusted()) > 4:
        continue
    try:
        result = getattr(context, name)(*operands)
    except Exception as error:
        result = f"{type(error).__name__} {error}"
    flags = "".join(signal.__name__[:2] for signal, set_ in context.flags.items() if set_)
    print(name, *operands, context.prec, context.Emax, context.Emin, context.rounding[6:], context.clamp, "->", result, flags)
