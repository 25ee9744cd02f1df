# What the compiler warns about: the words, the lines and the order.
import warnings


def warned(source):
    print(repr(source))
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        try:
            compile(source, "<s>", "exec")
        except SyntaxError as error:
            print("  refused:", error.msg)
    for warning in found:
        print(" ", warning.lineno, warning.message)


print("identity")
for source in [
    "x is ()",
    "(1, 'a') is not x",
    "x is (None, ..., __debug__)",
    "x is (y,)",
    "x is (1, (2,))",
    "x is (1, *())",
    "x is -1",
    "x is not 1 is 'a'",
    "x is [1]",
]:
    warned(source)

print("calls and subscripts")
for source in [
    "__debug__()",
    "__debug__[1]",
    "''[__debug__]",
    "('%s' % (x,))()",
    "('%-12.3r%%' % (x,))['a']",
    "('%123s' % (x,))['a']",
    "('%s%s' % (x,))['a']",
    "('%d' % (x,))['a']",
    "''['%s' % (*x,)]",
    "''['%a' % (1,)]",
]:
    warned(source)

print("what is not reached")
for source in [
    "x = y and () and []()",
    "f'a' or {1}['a']",
    "if 0: []()",
    "1 if 1 else []()",
    "y = 0 and (await z)",
]:
    warned(source)

print("finally")
for source in [
    "def f():\n try: pass\n finally:\n  for x in y: return\n  return",
    "while 1:\n try: pass\n finally:\n  while 2: break\n  else: continue\n  break",
    "def f():\n try: pass\n finally:\n  def g(): return\n  class A:\n   def g(self): return",
    "def f():\n try: pass\n finally:\n  try: return 1\n  except A: return 2\n  else: return 3\n  finally: return 4",
    "while 1:\n try: continue\n finally: []()",
    "try: pass\nfinally: []()",
]:
    warned(source)

print("order")
for source in [
    "x: []()\n{}()",
    "def f():\n x is 1\n try: pass\n finally: return\n nonlocal x",
    "while []():\n {}()",
    "x is 1\nreturn",
]:
    warned(source)
