"""Warnings about escapes in f-strings and t-strings that mean nothing."""
import warnings

for source in [r"f'\{6*7}'", r"f'\g'", r"f'{1:\_}'", r"f'\{{\}}'", r"f'\{{'", r"f'\{{{1+1}'", r"f'\}}{1+1}'", r"f'{1+1}\}}'",
               r"f'a\gb\q{1}\z'", r"f'\{1}\{2}'", r"f'\g' '\q'", r"t'\g{1}'", r"f'{1:\q{2}\z}'", r"f'\777'",
               r"f'{1!r:\{2}}'", r"rf'\{1}'", r"f'\{{x\}}{1:\n}\g'", r"f'{1:¯\_(ツ)_/¯}'",
               r"f'\N{SPACE}{1}'", r"f'{1=:\d}'", r"rf'{1:\d}'", r"f'\\{1}'", r"f'\\\{1}'"]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        code = compile(source, "<s>", "eval")
    print(source, [(w.category.__name__, str(w.message), w.lineno) for w in caught])
    if source[0] != "t" and "1:" not in source and "1!" not in source:
        print(repr(eval(code)))
