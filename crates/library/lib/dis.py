"""Disassembler of compiled code. The instruction set is described in `opcode`."""

import collections
import io
import sys
import types

from opcode import *
from opcode import __all__ as _opcodes_all
from opcode import _REGISTERS

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode", "Positions"] + _opcodes_all
del _opcodes_all

_have_code = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
    0x4000000: "HAS_DOCSTRING",
    0x8000000: "METHOD",
}

# A word of code has four bytes; `f_lasti`, `co_lines()` and so all offsets here count two for each.
_WORD = 4
_UNIT = 2

Positions = collections.namedtuple(
    "Positions", ["lineno", "end_lineno", "col_offset", "end_col_offset"], defaults=[None] * 4
)

_Instruction = collections.namedtuple(
    "_Instruction",
    ["opname", "opcode", "arg", "argval", "argrepr", "offset", "start_offset", "starts_line", "line_number", "label",
     "positions", "cache_info"],
    defaults=[None, None, None],
)


class Instruction(_Instruction):
    """Details of an instruction.

    opname - name, opcode - number, arg - the fields A, B and C as one number, argval - the name, constant or target that it is
    about, else what all of them mean, argrepr - the same as text, offset - two for each word from the start of the code, start_offset - the same, of the EXT
    before it if there is one, starts_line - does a source line begin here, line_number, label - its number if
    something jumps here, positions, cache_info - always None: caches are not part of the code.
    """

    __slots__ = ()

    @property
    def oparg(self):
        """Alias for Instruction.arg."""
        return self.arg

    @property
    def baseopcode(self):
        """Numeric code for the base operation: compiled code only has those."""
        return self.opcode

    @property
    def baseopname(self):
        """Human readable name for the base operation."""
        return self.opname

    @property
    def cache_offset(self):
        """Start index of the extra words."""
        return self.offset + _UNIT

    @property
    def end_offset(self):
        """End index of the instruction."""
        return self.offset + _UNIT * (1 + len(extra_words[self.opname]))

    @property
    def jump_target(self):
        """Bytecode index of the jump target if this is a jump operation, otherwise None."""
        return self.argval if self.opcode in hasjump else None

    @property
    def is_jump_target(self):
        """True if other code jumps to here, otherwise False."""
        return self.label is not None

    def __str__(self):
        return _line_of(self, 4, True).rstrip()


def _try_compile(source, name):
    """Attempts to compile the given source, first as an expression and then as a statement."""
    try:
        return compile(source, name, "eval")
    except SyntaxError:
        return compile(source, name, "exec")


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Disassemble classes, methods, functions, and other compiled objects.

    With no argument, disassemble the last traceback.
    """
    options = {"file": file, "show_offsets": show_offsets, "show_positions": show_positions}
    if x is None:
        distb(**options)
        return
    x = _code_holder(x)
    if hasattr(x, "__dict__") and not hasattr(x, "co_code"):
        for name, member in sorted(x.__dict__.items()):
            if isinstance(member, _have_code):
                print(f"Disassembly of {name}:", file=file)
                try:
                    dis(member, depth=depth, **options)
                except TypeError as error:
                    print("Sorry:", error, file=file)
                print(file=file)
    elif hasattr(x, "co_code"):
        _disassemble_recursive(x, depth, options)
    elif isinstance(x, str):
        _disassemble_recursive(_try_compile(x, "<dis>"), depth, options)
    else:
        raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def distb(tb=None, *, file=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Disassemble a traceback (default: last traceback)."""
    if tb is None:
        try:
            tb = sys.last_exc.__traceback__ if hasattr(sys, "last_exc") else sys.last_traceback
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(
        tb.tb_frame.f_code, tb.tb_lasti, file=file, show_offsets=show_offsets, show_positions=show_positions
    )


def _code_holder(x):
    """The code object of a function, method, generator, ..., or the object itself."""
    x = getattr(x, "__func__", x)
    for attribute in ("__code__", "gi_code", "ag_code", "cr_code"):
        code = getattr(x, attribute, None)
        if code is not None:
            return code
    return x


def _get_code_object(x):
    """Helper to handle methods, compiled or raw code objects, and strings."""
    x = _code_holder(x)
    if isinstance(x, str):
        x = _try_compile(x, "<disassembly>")
    if hasattr(x, "co_code"):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def pretty_flags(flags):
    """Return pretty representation of code flags."""
    names = []
    for bit in range(32):
        flag = 1 << bit
        if flags & flag:
            names.append(COMPILER_FLAG_NAMES.get(flag, hex(flag)))
            flags ^= flag
    return ", ".join(names) if names else "0x0"


def code_info(x):
    """Formatted details of methods, functions, or code."""
    code = _get_code_object(x)
    lines = [
        f"Name:              {code.co_name}",
        f"Filename:          {code.co_filename}",
        f"Argument count:    {code.co_argcount}",
        f"Positional-only arguments: {code.co_posonlyargcount}",
        f"Kw-only arguments: {code.co_kwonlyargcount}",
        f"Number of locals:  {code.co_nlocals}",
        f"Stack size:        {code.co_stacksize}",
        f"Flags:             {pretty_flags(code.co_flags)}",
    ]
    for title, items in [
        ("Constants", [repr(item) for item in code.co_consts]),
        ("Names", code.co_names),
        ("Variable names", code.co_varnames),
        ("Free variables", code.co_freevars),
        ("Cell variables", code.co_cellvars),
    ]:
        if items:
            lines.append(f"{title}:")
            lines.extend(f"{number:4d}: {item}" for number, item in enumerate(items))
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Print details of methods, functions, or code to *file*.

    If *file* is not provided, the output is printed on stdout.
    """
    print(code_info(co), file=file)


def _words(code):
    data = code.co_code
    return [int.from_bytes(data[at:at + _WORD], "little") for at in range(0, len(data), _WORD)]


def _decoded(code):
    """Yields (start word, opcode word, name, fields, extra words) of each instruction."""
    words = _words(code)
    at = 0
    while at < len(words):
        start, high = at, 0
        if words[at] & 0xFF == EXTENDED_ARG:
            high = words[at]
            at += 1
        word = words[at]
        name = opname[word & 0xFF]
        fields = [(word >> shift & 0xFF) | (high >> shift & 0xFF) << 8 for shift in (8, 16, 24)]
        end = at + 1 + len(extra_words[name])
        yield start, at, name, fields, words[at + 1:end]
        at = end


def _signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) else value


def _pooled(code, index):
    """Names come first in the pool, then constants."""
    names = code.co_names
    if index < len(names):
        return names[index], names[index]
    index -= len(names)
    if index < len(code.co_consts):
        return code.co_consts[index], repr(code.co_consts[index])
    return index, f"pool[{index}]"


def _operands_of(code, at, name, fields, extra):
    """What the operands are: values and texts."""
    values, shown = [], []
    for index, (role, field) in enumerate(operands[name]):
        value = fields[index]
        if role == "konst":
            low, high = fields[1], fields[2]
            value, text = _pooled(code, low & 0xFF | (high & 0xFF) << 8 | (low >> 8) << 16 | (high >> 8) << 24)
        elif role == "simm":
            value = _signed(value & 0xFF, 8)
            text = str(value)
        elif role == "simm16":
            value = _signed(fields[1] & 0xFF | (fields[2] & 0xFF) << 8, 16)
            text = str(value)
        elif role in _REGISTERS:
            text = f"r{value}"
        elif role == "imm":
            text = f"{field}={value}"
        else:
            text = str(value)
        values.append(value)
        shown.append(text)
    for kind, word in zip(extra_words[name], extra):
        if kind == "jump":
            value = (at + _signed(word, 32)) * _UNIT
            text = f"to {value}"
        elif kind in ("name", "ic_name"):
            high = 0 if len(operands[name]) == 3 else fields[2]
            value, text = _pooled(code, word >> 16 | high << 16)
        elif kind == "pool":
            value, text = _pooled(code, word)
        elif kind == "amount":
            value, text = word, str(word)
        else:
            continue
        values.append(value)
        shown.append(text)
    return values, shown


def findlabels(code):
    """Detect all offsets in a code object which are jump targets.

    Return the list of offsets.
    """
    targets = []
    for _, at, name, _, extra in _decoded(code):
        for kind, word in zip(extra_words[name], extra):
            target = (at + _signed(word, 32)) * _UNIT
            if kind == "jump" and target not in targets:
                targets.append(target)
    return targets


def findlinestarts(code):
    """Find the offsets in a byte code which are start of lines in the source.

    Generate pairs (offset, lineno).
    """
    last = False
    for start, _, line in code.co_lines():
        if line is not last:
            last = line
            yield start, line


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """Iterator for the opcodes in methods, functions or code.

    Generates a series of Instruction named tuples giving the details of each operation in the supplied code.
    """
    code = _get_code_object(x)
    shift = first_line - code.co_firstlineno if first_line is not None else 0
    return _instructions(code, shift)


def _is_about_last(name):
    """Does the last operand name something, or is it a constant?"""
    kinds = [role for role, _ in operands[name]] + list(extra_words[name])
    return any(kind in ("name", "ic_name", "pool", "konst") for kind in kinds)


def _instructions(code, shift=0):
    labels = {offset: number for number, offset in enumerate(sorted(findlabels(code)), 1)}
    starts = dict(findlinestarts(code))
    positions = list(code.co_positions())
    line = None
    for start, at, name, fields, extra in _decoded(code):
        offset = at * _UNIT
        found = next((starts[o] for o in (start * _UNIT, offset) if o in starts), False)
        starts_line = found is not False
        if starts_line:
            line = found + shift if found is not None else None
        values, shown = _operands_of(code, at, name, fields, extra)
        jump = opmap[name] in hasjump
        # What the instruction is about, as CPython has it: a name, a constant, a target.
        alone = jump or len(values) == 1 or _is_about_last(name)
        argval = values[-1] if alone else tuple(values)
        place = Positions(*positions[at]) if at < len(positions) else None
        arg = fields[0] | fields[1] << 8 | fields[2] << 16 if operands[name] or extra_words[name] else None
        yield Instruction(
            name, opmap[name], arg, argval if values else None, ", ".join(shown), offset, start * _UNIT, starts_line,
            line, labels.get(start * _UNIT), place,
        )


def _line_of(instruction, lineno_width, show_offsets, show_positions=False):
    parts = []
    if show_positions and instruction.positions:
        place = instruction.positions
        where = f"{place.lineno}:{place.col_offset}-{place.end_lineno}:{place.end_col_offset}"
        parts.append(where.rjust(lineno_width + 12))
    elif instruction.starts_line:
        number = instruction.line_number
        parts.append(("--" if number is None else str(number)).rjust(lineno_width))
    else:
        parts.append(" " * lineno_width)
    parts.append(f"L{instruction.label}:".rjust(6) if instruction.label else " " * 6)
    if show_offsets:
        parts.append(str(instruction.offset).rjust(6))
    parts.append(instruction.opname.ljust(24))
    parts.append(instruction.argrepr)
    return " ".join(parts).rstrip()


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Disassemble a code object."""
    _print(co, 0, lasti, file, show_offsets, show_positions)


disco = disassemble


def _print(code, shift, lasti, file, show_offsets, show_positions):
    lines = [line for _, line in findlinestarts(code) if line is not None]
    width = max(3, len(str(max(lines, default=0))))
    for instruction in _instructions(code, shift):
        if instruction.starts_line and instruction.offset > 0:
            print(file=file)
        mark = "-->" if instruction.offset == lasti else "   "
        print(mark + _line_of(instruction, width, show_offsets, show_positions), file=file)
    rows = getattr(code, "co_exceptiontable", b"")
    if rows:
        print(f"ExceptionTable: {len(rows)} bytes", file=file)


def _disassemble_recursive(code, depth, options):
    disassemble(code, **options)
    if depth is None or depth > 0:
        depth = None if depth is None else depth - 1
        for value in code.co_consts:
            if hasattr(value, "co_code"):
                print(file=options["file"])
                print(f"Disassembly of {value!r}:", file=options["file"])
                _disassemble_recursive(value, depth, options)


class Bytecode:
    """The bytecode operations of a piece of code.

    Instantiate this with a function, method, other compiled object, string of code, or a code object (as returned by
    compile()). Iterating over this yields the bytecode operations as Instruction instances.
    """

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False,
                 show_offsets=False, show_positions=False):
        self.codeobj = code = _get_code_object(x)
        self.first_line = code.co_firstlineno if first_line is None else first_line
        self._shift = self.first_line - code.co_firstlineno
        self._original_object = x
        self.current_offset = current_offset
        self.show_offsets = show_offsets
        self.show_positions = show_positions

    def __iter__(self):
        return _instructions(self.codeobj, self._shift)

    def __repr__(self):
        return f"{type(self).__name__}({self._original_object!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """Construct a Bytecode from the given traceback."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        """Return formatted information about the code object."""
        return code_info(self.codeobj)

    def dis(self):
        """Return a formatted view of the bytecode operations."""
        offset = -1 if self.current_offset is None else self.current_offset
        with io.StringIO() as output:
            _print(self.codeobj, self._shift, offset, output, self.show_offsets, self.show_positions)
            return output.getvalue()


def _find_imports(co):
    """Find import statements in the code.

    Generate triplets (name, level, fromlist).
    """
    known = {}
    for instruction in _instructions(co):
        values = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
        match instruction.opname:
            case "LOAD_K" | "LOAD_I":
                known[values[0]] = values[1]
            case "LOAD_NONE":
                known[values[0]] = None
            case "IMPORT_NAME":
                level, names = known.get(values[1]), known.get(values[1] + 1)
                if isinstance(level, int) and (names is None or isinstance(names, tuple)):
                    yield values[-1], level, names


def _find_store_names(co):
    """Find names of variables which are written in the code.

    Generate sequence of strings.
    """
    for instruction in _instructions(co):
        if instruction.opname in ("STORE_NAME", "STORE_GLOBAL"):
            yield instruction.argval[-1]


def main(args=None):
    import argparse

    parser = argparse.ArgumentParser(color=True)
    parser.add_argument("-O", "--show-offsets", action="store_true", help="show instruction offsets")
    parser.add_argument("-P", "--show-positions", action="store_true", help="show instruction positions")
    parser.add_argument("-S", "--specialized", action="store_true", help="show specialized bytecode")
    parser.add_argument("-C", "--show-caches", action="store_true", help="show inline caches")
    parser.add_argument("infile", nargs="?", default="-")
    options = parser.parse_args(args=args)
    if options.infile == "-":
        name, source = "<stdin>", sys.stdin.buffer.read()
    else:
        name = options.infile
        with open(options.infile, "rb") as infile:
            source = infile.read()
    code = compile(source, name, "exec")
    dis(code, show_offsets=options.show_offsets, show_positions=options.show_positions)


if __name__ == "__main__":
    main()
