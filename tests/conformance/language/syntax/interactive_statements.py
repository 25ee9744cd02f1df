"""One interactive statement: what ends a compound one."""


def attempt(source, flags=0):
    try:
        compile(source, "<s>", "single", flags)
        print(repr(source), flags, "ok")
    except SyntaxError as e:
        print(repr(source), flags, type(e).__name__, e.msg, e.lineno, e.offset, repr(e.text), e.end_lineno, e.end_offset)


SOURCES = [
    "def f(): pass", "def f(): pass\n", "if 1: pass\nelse: pass", "if 1: pass\nelse: pass\n",
    "if 1: pass\nelse:\n  pass", 'class A: x = """a\n"""', 'class A: x = """a\n  """', "if 1:\n  pass",
    "if 1:\n  pass\n", "while 0: pass  # c", 'if 1:\n  x = """a\n"""', "def f():\n  def g(): pass",
    "@a\ndef f(): pass", "x = 1", "for x in y: pass; x",
]
for source in SOURCES:
    for flags in (0, 0x200, 0x4000, 0x4200, 0x4600):
        attempt(source, flags)
