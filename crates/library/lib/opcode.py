"""The instruction set of compiled code: numbers, names, and what the operands are.

Code is a sequence of 32-bit words. An instruction is a first word (opcode in the low byte, then the fields A, B and C of
eight bits each) and the extra words that its opcode has; an EXT word before it extends the fields to sixteen bits.
`operands` and `extra_words` tell for each opcode's name what the fields and the extra words mean.
"""

from _opcode_metadata import extra_words, opmap, operands

__all__ = ["cmp_op", "stack_effect", "hascompare", "opname", "opmap", "operands", "extra_words",
           "HAVE_ARGUMENT", "EXTENDED_ARG", "hasarg", "hasconst", "hasname",
           "hasjump", "hasjrel", "hasjabs", "hasfree", "haslocal", "hasexc"]

HAVE_ARGUMENT = 0
EXTENDED_ARG = opmap["EXT"]

opname = [f"<{number}>" for number in range(256)]
for _name, _number in opmap.items():
    opname[_number] = _name

cmp_op = ("<", "<=", "==", "!=", ">", ">=")


def _having(test):
    return [number for name, number in opmap.items() if test(name)]


_REGISTERS = {"dst", "src", "both", "base", "window"}

hasarg = _having(lambda name: operands[name] or extra_words[name])
hasconst = _having(lambda name: "pool" in extra_words[name] or any(role == "konst" for role, _ in operands[name]))
hasname = _having(lambda name: "name" in extra_words[name] or "ic_name" in extra_words[name])
hasjump = _having(lambda name: "jump" in extra_words[name])
hasjrel = hasjump
hasjabs = []
hasfree = _having(lambda name: any(field == "cell" for _, field in operands[name]))
haslocal = _having(lambda name: any(role in _REGISTERS for role, _ in operands[name]))
hasexc = []
hascompare = _having(lambda name: name in ("LT", "LE", "EQ", "NE", "GT", "GE"))


def stack_effect(opcode, oparg=None, /, *, jump=None):
    """Compute the stack effect of the opcode.

    Values live in registers: no instruction has one.
    """
    if jump not in (None, True, False):
        raise ValueError("stack_effect: jump must be False, True or None")
    if opcode not in opmap.values():
        raise ValueError("invalid opcode or oparg")
    return 0
