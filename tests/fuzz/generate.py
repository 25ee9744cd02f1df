"""Prints a random program: `generate.py SEED`. It ends soon, needs only builtins, and prints the same on every Python.

Variables are typed by their first letter (i int, f float, s str, l list of ints, t tuple, d dict, b bool),
    so that most
expressions work; a few are wrong on purpose, and what they raise is printed. Loops are bounded,
    ints are kept small by
a modulus, sets are only printed sorted.
"""

import random
import sys


class Program:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.lines = []
        self.depth = 0
        self.loops = 0
        self.functions = []  # (name, number of int parameters, kind)
        self.classes = []
        self.fresh = 0

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def name(self, letter):
        return letter + str(self.rng.randrange(4))

    def pick(self, *choices):
        return self.rng.choice(choices)

    def maybe(self, chance):
        return self.rng.random() < chance

    # Expressions.

    def int_(self, d=0):
        r = self.rng
        if d > 3 or self.maybe(0.35):
            return self.pick(self.name("i"), str(r.randrange(-5, 100)), str(r.choice([0, 1, 255, 2**31, 2**62,
            2**63 - 1, -2**63, 10**20])))
        a, b = lambda: self.int_(d + 1), lambda: self.int_(d + 1)
        kind = r.randrange(22)
        if kind < 5:
            return f"({a()} {self.pick('+', '-', '&', '|', '^')} {b()})"
        if kind == 5:
            return f"({a()} * {b()} % 1000003)"
        if kind == 6:
            return f"({a()} {self.pick('//', '%')} {b()})"
        if kind == 7:
            return f"({a()} {self.pick('<<', '>>')} ({b()} & 7))"
        if kind == 8:
            return f"{self.pick('-', '~', '+', 'abs')}({a()})"
        if kind == 9:
            return f"({a()} if {self.bool_(d + 1)} else {b()})"
        if kind == 10:
            return f"len({self.pick(self.str_, self.list_, self.tuple_, self.dict_)(d + 1)})"
        if kind == 11:
            return f"{self.list_(d + 1)}[{a()} % 3]"
        if kind == 12:
            return f"sum({self.list_(d + 1)})"
        if kind == 13:
            return f"{self.dict_(d + 1)}.get({self.str_(d + 1)}, {a()})"
        if kind == 14:
            return f"({self.name('i')} := {a()} % 1000)"
        if kind == 15:
            return f"int({self.bool_(d + 1)})"
        if kind == 16:
            return f"(lambda x, y={a()}: x - y)({b()})"
        if kind == 17:
            return f"{self.pick('max', 'min')}({a()}, {b()})"
        if kind == 18:
            return f"({a()} {self.pick('and', 'or')} {b()})"
        if kind == 19:
            return f"divmod({a()}, {b()})[{r.randrange(2)}]"
        if kind == 20 and self.functions:
            return self.call(d)
        return f"pow({a()} & 15, {b()} & 7)"

    def call(self, d):
        name, count, kind = self.rng.choice(self.functions)
        args = [self.int_(d + 2) for _ in range(count)]
        style = self.rng.randrange(5)
        if style == 0 and count:
            args[-1] = f"p{count - 1}={args[-1]}"
        elif style == 1:
            args = [f"*[{', '.join(args)}]"]
        elif style == 2:
            args = ["**{" + ", ".join(f"'p{n}': {a}" for n, a in enumerate(args)) + "}"]
        text = f"{name}({', '.join(args)})"
        return f"sum({text})" if kind == "generator" else text

    def float_(self, d=0):
        if d > 2 or self.maybe(0.4):
            return self.pick(self.name("f"), repr(self.rng.choice([0.0, -0.0, 0.5, 1.5, -2.25, 1e10, 1e-10,
            3.14159])))
        a = lambda: self.float_(d + 1)
        return self.pick(
            f"({a()} {self.pick('+', '-', '*')} {a()})",
            f"({a()} {self.pick('+', '-', '*', '/')} {self.int_(d + 1)})", f"-({a()})",
            f"float({self.int_(d + 1)} % 1000)", f"round({a()}, {self.rng.randrange(4)})", f"abs({a()})",
            f"({a()} if {self.bool_(d + 1)} else {a()})",
        )

    def str_(self, d=0):
        r = self.rng
        if d > 2 or self.maybe(0.4):
            return self.pick(self.name("s"), repr(r.choice(["", "a", "abc", "hello world", "é日", "X,y,Z",
            "  pad "])))
        a = lambda: self.str_(d + 1)
        return self.pick(
            f"({a()} + {a()})[:50]", f"{a()}.{self.pick('upper', 'lower', 'strip', 'title', 'swapcase')}()",
            f"{a()}[{r.randrange(-4, 4)}:{r.randrange(-4, 6)}]",
            f"f'{{ {self.int_(d + 1)}:{self.pick('d', '5', 'x', '>8', '+', '08', ',')}}}|{{{self.name('s')}!r}}'", f"str({self.int_(d + 1)})", f"{a()}.replace({a()}, {a()})[:50]",
            f"'{self.pick('-', ',', '')}'.join({a()}.split())", f"({a()} * {r.randrange(3)})[:50]",
            f"'%s=%d' % ({a()}, {self.int_(d + 1)})", f"repr({self.float_(d + 1)})",
            f"{a()}[::{self.pick('-1', '2', '-2')}]", f"'{{}} {{!r:>4}}'.format({self.int_(d + 1)}, {a()})",
            f"''.join(sorted({a()}))", f"{a()}.center(7, '*')",
        )

    def list_(self, d=0):
        r = self.rng
        if d > 2 or self.maybe(0.35):
            return self.pick(self.name("l"),
            "[" + ", ".join(str(r.randrange(50)) for _ in range(r.randrange(3, 6))) + "]")
        a = lambda: self.list_(d + 1)
        x = f"x{d}"
        return self.pick(
            f"({a()} + {a()})[:9]", f"[{x} {self.pick('+', '-', '^')} {self.int_(d + 2)} for {x} in {a()}]",
            f"[{x} for {x} in {a()} if {x} % 2] + [1, 2, 3]", f"sorted({a()})",
            f"{a()}[::-1]", f"list(range({r.randrange(3, 6)}))", f"[*{a()}, {self.int_(d + 1)}][:9]",
            f"list(map(lambda v: v & 63, {a()}))", f"list({self.dict_(d + 1)}.values()) + [4, 5, 6]",
            f"[{x} * y % 97 for {x} in {a()}[:3] for y in {a()}[:3]]", f"list(reversed({a()}))",
            f"sorted({a()}, key=lambda v: (-v % 7, v))", f"sorted(set({a()})) + [7, 8, 9]",
        )

    def tuple_(self, d=0):
        return self.pick(self.name("t"), f"({self.int_(d + 1)}, {self.str_(d + 1)}, {self.float_(d + 1)})",
            f"tuple({self.list_(d + 1)})", f"({self.int_(d + 1)}, *{self.list_(d + 1)})[:9]")

    def dict_(self, d=0):
        if d > 2 or self.maybe(0.4):
            return self.name("d")
        return self.pick(
            f"{{{self.str_(d + 1)}: {self.int_(d + 1)}, {self.str_(d + 1)}: {self.int_(d + 1)}}}",
            f"{{**{self.dict_(d + 1)}, 'k': {self.int_(d + 1)}}}",
            f"{{str(v): v for v in {self.list_(d + 1)}}}", f"({self.dict_(d + 1)} | {self.dict_(d + 1)})",
            f"dict(zip('abc', {self.list_(d + 1)}))",
        )

    def bool_(self, d=0):
        if d > 2 or self.maybe(0.2):
            return self.pick(self.name("b"), "True", "False")
        i, s = lambda: self.int_(d + 1), lambda: self.str_(d + 1)
        op = self.pick("<", "<=", "==", "!=", ">", ">=")
        return self.pick(
            f"({i()} {op} {i()})", f"({i()} {op} {i()} {self.pick('<', '>=', '!=')} {i()})",
            f"({s()} {op} {s()})", f"(not {self.bool_(d + 1)})",
            f"({self.bool_(d + 1)} {self.pick('and', 'or')} {self.bool_(d + 1)})",
            f"({i()} {self.pick('in', 'not in')} {self.list_(d + 1)})", f"({s()} in {s()})",
            f"({s()} in {self.dict_(d + 1)})",
            f"({self.float_(d + 1)} {op} {i()})", f"bool({self.list_(d + 1)})",
            f"({self.tuple_(d + 1)} == {self.tuple_(d + 1)})", f"isinstance({i()}, (str, int))",
            f"({self.list_(d + 1)} {op} {self.list_(d + 1)})",
        )

    def wrong(self):
        return self.pick(
            f"{self.int_()} + {self.str_()}", f"{self.str_()} + {self.list_()}",
            f"{self.list_()}[{self.int_()}]", f"{self.dict_()}[{self.str_()}]", f"{self.int_()}()",
            f"{self.str_()}.nope", f"{self.int_()} // 0",
            f"[] < {self.int_()}", f"len({self.int_()})", f"int({self.str_()})",
            f"undefined_{self.rng.randrange(3)}", f"{self.list_()}.index(-99)",
            f"{self.str_()}[{self.int_()}]", f"float({self.str_()})",
            f"{self.tuple_()}.append(1)", f"None + {self.int_()}", f"-{self.str_()}",
            f"{{{self.list_()}: 1}}", f"'%d' % {self.str_()}", f"(lambda a, b: a)({self.int_()})",
            f"iter({self.int_()})", f"{self.str_()} < {self.int_()}",
        )

    # Statements.

    def block(self, size, inside):
        self.depth += 1
        for _ in range(self.rng.randrange(1, max(size, 1) + 1)):
            self.statement(size - 1, inside)
        self.depth -= 1

    def assign(self):
        letter = self.pick("i", "i", "f", "s", "l", "t", "d", "b")
        value = {"i": lambda: f"{self.int_()} % 10**12", "f": self.float_, "s": self.str_, "l": self.list_,
            "t": self.tuple_, "d": self.dict_, "b": self.bool_}[letter]()
        self.emit(f"{self.name(letter)} = {value}")

    def statement(self, size, inside):
        r = self.rng
        kind = r.randrange(26)
        if size <= 0 or self.depth > 5 or kind < 7:
            self.assign()
        elif kind == 7:
            self.emit(f"{self.name('i')} {self.pick('+=', '-=', '^=', '|=')} {self.int_()}")
        elif kind == 8:
            self.emit(f"{self.name('l')} += {self.list_()}[:2]" if self.maybe(0.3) else f"{self.name('l')}.{self.pick('append', 'insert', 'extend')}".replace("insert", "append") .replace("extend", "append") + f"({self.int_()} & 255)")
        elif kind == 9:
            a, b = self.name("i"), self.name("i")
            self.emit(self.pick(f"{a}, {b} = {b}, {a}",
            f"{a}, *{self.name('l')}, {b} = 1, 2, 3, {self.int_()}, 5",
            f"({a}, {b}), {self.name('s')} = ({self.int_()}, 2), 'u'", f"{a} = {b} = {self.int_()}"))
        elif kind == 10:
            self.emit(f"{self.name('d')}[{self.str_()}] = {self.int_()}")
        elif kind in (11, 12):
            self.emit(f"if {self.bool_()}:")
            self.block(size, inside)
            if self.maybe(0.4):
                self.emit(f"elif {self.bool_()}:")
                self.block(size, inside)
            if self.maybe(0.5):
                self.emit("else:")
                self.block(size, inside)
        elif kind in (13, 14) and self.loops < 3:
            self.loops += 1
            self.emit(f"for {self.pick(self.name('i'), self.name('i'), 'k, v', 'e, _')} in ...:")
            head = self.lines.pop().strip()
            if "k, v" in head:
                self.emit(f"for k, v in list({self.dict_()}.items())[:4]:")
            elif "e, _" in head:
                self.emit(f"for e, _ in zip({self.pick(self.list_, self.str_)()}, range(4)):")
            else:
                self.emit(f"for {self.name('i')} in {self.pick(f'range({r.randrange(5)})', f'{self.list_()}[:4]', f'range({r.randrange(8)}, {r.randrange(8)}, {self.pick(-1, 2, 3)})')}:")
            self.block(size, inside | {"loop"})
            if self.maybe(0.3):
                self.emit("else:")
                self.block(size - 1, inside)
            self.loops -= 1
        elif kind == 15 and self.loops < 3:
            self.loops += 1
            self.fresh += 1
            n = f"n{self.fresh}"
            self.emit(f"{n} = {r.randrange(1, 5)}")
            self.emit(f"while {n} > 0:")
            self.depth += 1
            self.emit(f"{n} -= 1")
            self.depth -= 1
            self.block(size, inside | {"loop"})
            if self.maybe(0.3):
                self.emit("else:")
                self.block(size - 1, inside)
            self.loops -= 1
        elif kind == 16 and "loop" in inside:
            self.emit(f"if {self.bool_()}: {self.pick('break', 'continue')}")
        elif kind in (17, 18):
            self.emit("try:")
            self.block(size, inside)
            self.depth += 1
            if self.maybe(0.7):
                self.emit(self.pick(f"print({self.wrong()})",
                f"raise {self.pick('ValueError', 'KeyError', 'IndexError')}({self.str_()})"))
            self.depth -= 1
            form = r.randrange(4)
            if form != 3:
                self.emit(f"except {self.pick('ValueError', '(TypeError, KeyError)', 'Exception', 'ArithmeticError', 'LookupError')} as error:")
                self.depth += 1
                self.emit("print('caught', type(error).__name__, error, repr(error.__context__))")
                if self.maybe(0.15):
                    self.emit(self.pick("raise", "raise RuntimeError('again') from error"))
                self.depth -= 1
                if self.maybe(0.4):
                    self.block(size - 1, inside)
            if form == 2:
                self.emit("else:")
                self.block(size - 1, inside)
            if form in (1, 3):
                self.emit("finally:")
                self.block(size - 1, inside - {"loop"})
        elif kind == 19 and "function" in inside:
            self.emit(f"if {self.bool_()}: return {self.int_()}" if "generator" not in inside else f"yield {self.int_()}")
        elif kind == 20:
            self.emit(f"match {self.pick(self.int_, self.list_, self.tuple_, self.str_, self.dict_)()}:")
            self.depth += 1
            i, s = self.name("i"), self.name("s")
            for pattern in r.sample([f"[{i}, *_] if {self.bool_()}", f"int({i})", "0 | 1 | 2",
            f"str() as {s}", f"{{'k': int({i}), **rest}}", f"({i}, {s}, float())", "[]",
            f"[_, int({i}), *rest]"], 3) + ["_"]:
                self.emit(f"case {pattern}:")
                self.block(size - 1, inside)
            self.depth -= 1
        elif kind == 21:
            self.emit(f"with CM({self.str_()}, {self.bool_()}) as {self.name('s')}:")
            self.block(size, inside)
            if self.maybe(0.3):
                self.depth += 1
                self.emit(f"print({self.wrong()})")
                self.depth -= 1
        elif kind == 22 and self.classes:
            c = r.choice(self.classes)
            self.emit(self.pick(f"o = {c}({self.int_()}); o.bump({self.int_()}); {self.name('i')} = o.total % 10**9; print(o)", f"{self.name('i')} = {c}({self.int_()}).prop", f"{self.name('s')} = str({c}({self.int_()}) + {c}(3))", f"{c}.shared += 1; print({c}.shared)"))
        elif kind == 23:
            self.emit(f"print({self.pick(self.int_, self.str_, self.float_, self.list_, self.dict_, self.tuple_, self.bool_)()})")
        elif kind == 24 and "function" in inside and self.maybe(0.5):
            self.fresh += 1
            v, f = self.name("i"), f"inner{self.fresh}"
            self.emit(f"def {f}(a, b={self.int_()}):")
            self.depth += 1
            self.emit(f"nonlocal {v}")
            self.emit(f"{v} = ({v} + a - b) % 9973")
            self.emit(f"return lambda: {v} + a")
            self.depth -= 1
            self.emit(f"{self.name('i')} = {f}({self.int_()})()")
        else:
            self.emit(self.pick(f"print({self.wrong()})", f"del {self.name('l')}[{r.randrange(3)}:]",
            f"{self.name('l')}[{r.randrange(3)}:{r.randrange(4)}] = {self.list_()}[:3]",
            f"{self.name('i')} = {self.wrong()}") if self.maybe(0.3) else f"{self.name('s')} = {self.str_()}")

    def defaults(self):
        self.emit("i0, i1, i2, i3 = 1, 22, 333, -4; f0, f1, f2, f3 = 0.0, 1.5, -2.5, 1e10; s0, s1, s2, s3 = '', 'a', 'hello', 'wörld'")
        self.emit("l0, l1, l2, l3 = [1, 2, 3], [5, 4, 3, 2], [9, 9, 9], [0, 1, 0]; t0, t1, t2, t3 = (), (1,), (1, 2), (1, 's', 2.5)")
        self.emit("d0, d1, d2, d3 = {}, {'k': 1}, {'a': 1, 'b': 2}, {'x': 5}; b0, b1, b2, b3 = True, False, True, False")

    def function(self):
        r = self.rng
        generator = self.maybe(0.25)
        name, count = f"fn{len(self.functions)}", r.randrange(4)
        params = [f"p{n}" + (f"={r.randrange(9)}" if n == count - 1 and self.maybe(0.5) else "") for n in range(count)]
        self.emit(f"def {name}({', '.join(params)}):")
        self.depth += 1
        self.defaults()
        if count:
            self.emit("i0, i1 = p0, " + f"p{count - 1}")
        self.depth -= 1
        self.block(4, {"function"} | ({"generator"} if generator else set()))
        self.depth += 1
        self.emit("print('end of', " + repr(name) + ", i0, i1, f0, s0, l0, d0)")
        self.emit(f"yield {self.int_()} % 100" if generator else f"return {self.int_()} % 10**6")
        self.depth -= 1
        self.functions.append((name, count, "generator" if generator else "plain"))

    def class_(self):
        name = f"C{len(self.classes)}"
        base = self.rng.choice(self.classes) if self.classes and self.maybe(0.6) else "object"
        self.emit(f"class {name}({base}):")
        self.depth += 1
        self.emit(f"shared = {self.rng.randrange(10)}")
        if base == "object":
            self.emit("def __init__(self, n): self.n, self.total = n, 0")
            self.emit("def __repr__(self): return f'{type(self).__name__}({self.n}, {self.total})'")
            self.emit("def __add__(self, other): return type(self)(self.n ^ other.n)")
        elif self.maybe(0.5):
            self.emit("def __init__(self, n): super().__init__(n + 1); self.extra = n")
        if base == "object" or self.maybe(0.5):
            self.emit("@property")
            self.emit(f"def prop(self): return {self.pick('self.n * 2', 'self.total - self.n', 'self.shared')}")
            self.emit(f"def bump(self, k): self.total += {self.pick('k', 'k * self.shared', 'self.n - k')}; return self")
        self.depth -= 1
        self.classes.append(name)

    def text(self):
        self.emit("class CM:")
        self.emit("    def __init__(self, name, swallow): self.name, self.swallow = name, swallow")
        self.emit("    def __enter__(self): print('enter', self.name); return self.name")
        self.emit("    def __exit__(self, kind, value, tb): print('exit', self.name, kind and kind.__name__, value); return self.swallow")
        for _ in range(self.rng.randrange(1, 3)):
            self.class_()
        for _ in range(self.rng.randrange(2, 5)):
            self.function()
        self.emit("def attempt(f, *args):")
        self.emit("    try:")
        self.emit("        result = f(*args)")
        self.emit("        print('result', result if isinstance(result, int) else list(result))")
        self.emit("    except Exception as error:")
        self.emit("        print('raised', type(error).__name__, error, repr(error.__cause__), repr(error.__context__))")
        for name, count, _ in self.functions:
            for values in ((1, 2, 3), (-7, 0, 10 ** 18), (0, 2 ** 62, 5)):
                self.emit(f"attempt({', '.join([name, *map(str, values[:count])])})")
            self.emit(f"for n in range(40): attempt({', '.join([name] + ['n'] * count)})" if self.maybe(0.3) else "")
        self.defaults()
        self.emit("try:")
        self.block(4, set())
        self.emit("except Exception as error: print('module', type(error).__name__, error)")
        self.emit("print(i0, i1, i2, i3, f0, f1, s0, s1, l0, l1, t3, d0, d1, b0)")
        return "\n".join(line for line in self.lines if line) + "\n"


if __name__ == "__main__":
    print(Program(int(sys.argv[1])).text(), end="")
