# Decimal.__format__ knows the whole mini-language.
from decimal import *

numbers = [Decimal(text) for text in ("-12345.6789", "0", "-0.00", "1E+5", "123E-10", "9.995", "1234567890.5", "Infinity", "-sNaN12", "1E+40")]
specs = """
f .2f 10.3f <12 ^12.1e =+012 z.1f , _ ,.3f .2% n g .3g G e E % 5 025 .0f + - _.2f ,.2,f .2_f .,f é>14 *^9 >>20 0=20
,n _n ,_ 0,.1f 025,.2f <020 #.3f 10s x d .f .0e .0g .40g 010.2f +.1% -010 z z.0f =z12 ,.0f 0 00 .2F .1E .3G % 1 N
""".split() + ["", " ", " .2f", " 020"]
import warnings
warnings.simplefilter("ignore")
for spec in specs:
    for number in numbers:
        try:
            print(repr(spec), repr(format(number, spec)))
        except Exception as error:
            print(repr(spec), number, type(error).__name__, error)
for rounding in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP):
    with localcontext(rounding=rounding, capitals=0, prec=2):
        print([format(Decimal(text), spec) for text in ("2.5", "-2.55", "1.005e10") for spec in (".0f", ".1f", ".2e", ".1g", "", "z.0f")])
override = {"decimal_point": ",", "thousands_sep": ".", "grouping": "\3\2\0"}
for spec in ("n", "020n", ".2f", ",.2f", "z.1f"):
    print(Decimal("1234567.891").__format__(spec, override))
for bad in ({}, 3, {"decimal_point": "xxxxx"}, {"decimal_point": ".", "grouping": "\377"}):
    try:
        print(Decimal("1234.5").__format__("n" if isinstance(bad, dict) and bad else ".2f", bad))
    except Exception as error:
        print(type(error).__name__, error)
print(f"{Decimal('3.14159'):8.2f}|{Decimal('2'):>5}|{Decimal('1e3')!r}|{Decimal('7'):08.3f}")
