"""A class may use the names of the cells that its annotations need."""
SOURCES = [
    "class A:\n  __classdict__ = 1\n  def f(self): return __classdict__\n",
    "class A:\n  __conditional_annotations__ = 1\n  if 1:\n    x: int\n",
    "class A:\n  __classdict__: int\nprint(A.__annotations__)",
    "class A:\n  x: __classdict__\nprint(sorted(A.__annotations__['x']) == sorted(A.__dict__) or 'x' in A.__annotations__)",
    "class A:\n  __classdict__ = 5\n  x: __classdict__\n  y: zz=1\n  zz=3\nprint(A.__annotations__, A.__classdict__)",
    "def f():\n  __classdict__=1\n  class A:\n    nonlocal __classdict__\n  return A\nf()",
    "class A:\n  global __classdict__\n  x: int\nprint(A.__annotations__)",
    "class A:\n  global __conditional_annotations__\n  if 1:\n    x: int\nprint(A.__annotations__)",
    "class A:\n  if 1:\n    x: int\n  y: str\nprint(A.__annotations__)",
]
for source in SOURCES:
    try:
        exec(source, {})
        print("fine")
    except (TypeError, NameError) as e:
        print(type(e).__name__, e)
