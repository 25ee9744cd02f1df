"""What `opcode` and `dis` can ask about the instructions, by number. The tables are in `opcode`."""

import opcode as _tables

_NB_OPS = (
    ("NB_ADD", "+"),
    ("NB_AND", "&"),
    ("NB_FLOOR_DIVIDE", "//"),
    ("NB_LSHIFT", "<<"),
    ("NB_MATRIX_MULTIPLY", "@"),
    ("NB_MULTIPLY", "*"),
    ("NB_REMAINDER", "%"),
    ("NB_OR", "|"),
    ("NB_POWER", "**"),
    ("NB_RSHIFT", ">>"),
    ("NB_SUBTRACT", "-"),
    ("NB_TRUE_DIVIDE", "/"),
    ("NB_XOR", "^"),
    ("NB_INPLACE_ADD", "+="),
    ("NB_INPLACE_AND", "&="),
    ("NB_INPLACE_FLOOR_DIVIDE", "//="),
    ("NB_INPLACE_LSHIFT", "<<="),
    ("NB_INPLACE_MATRIX_MULTIPLY", "@="),
    ("NB_INPLACE_MULTIPLY", "*="),
    ("NB_INPLACE_REMAINDER", "%="),
    ("NB_INPLACE_OR", "|="),
    ("NB_INPLACE_POWER", "**="),
    ("NB_INPLACE_RSHIFT", ">>="),
    ("NB_INPLACE_SUBTRACT", "-="),
    ("NB_INPLACE_TRUE_DIVIDE", "/="),
    ("NB_INPLACE_XOR", "^="),
    ("NB_SUBSCR", "[]"),
)


def stack_effect(opcode, oparg=None, /, *, jump=None):
    """Compute the stack effect of the opcode."""
    return _tables.stack_effect(opcode, oparg, jump=jump)


def is_valid(opcode):
    """Return True if opcode is valid, False otherwise."""
    return opcode in _tables.opmap.values()


def has_arg(opcode):
    """Return True if the opcode uses its oparg, False otherwise."""
    return opcode in _tables.hasarg


def has_const(opcode):
    """Return True if the opcode accesses a constant, False otherwise."""
    return opcode in _tables.hasconst


def has_name(opcode):
    """Return True if the opcode accesses an attribute by name, False otherwise."""
    return opcode in _tables.hasname


def has_jump(opcode):
    """Return True if the opcode has a jump target, False otherwise."""
    return opcode in _tables.hasjump


def has_free(opcode):
    """Return True if the opcode accesses a free variable, False otherwise."""
    return opcode in _tables.hasfree


def has_local(opcode):
    """Return True if the opcode accesses a local variable, False otherwise."""
    return opcode in _tables.haslocal


def has_exc(opcode):
    """Return True if the opcode sets an exception handler, False otherwise."""
    return opcode in _tables.hasexc


def get_specialization_stats():
    """Return the specialization stats"""
    return None


def get_nb_ops():
    """Return array of symbols of binary ops."""
    return list(_NB_OPS)


def get_intrinsic1_descs():
    """Return a list of names of the unary intrinsics."""
    return ["INTRINSIC_1_INVALID"]


def get_intrinsic2_descs():
    """Return a list of names of the binary intrinsics."""
    return ["INTRINSIC_2_INVALID"]


def get_special_method_names():
    """Return a list of special method names."""
    return ["__enter__", "__exit__", "__aenter__", "__aexit__"]


def get_executor(*, code, offset):
    """Return the executor object at offset in code if exists, None otherwise."""
    if not hasattr(code, "co_code"):
        raise TypeError(f"expected a code object, not '{type(code).__name__}'")
    if not 0 <= offset < len(code.co_code):
        raise ValueError("invalid offset")
    return None


# CPython's adaptive instructions do not exist here; its tests of them ask.
ENABLE_SPECIALIZATION = False
ENABLE_SPECIALIZATION_FT = False
