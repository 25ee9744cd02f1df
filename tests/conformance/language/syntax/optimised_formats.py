# An optimised tree has an f-string for a simple '..' % (..).
import ast

for source in [
    "'' % ()",
    "'%s' % (x,)",
    "'a%sb%%c%5r' % (x, y)",
    "'%.3a' % (x,)",
    "'%-5s|%12.3s|%.s' % (x, y, z)",
    "'%123s' % (x,)",
    "'%d' % (x,)",
    "'%s' % x",
    "'%s%s' % (x,)",
    "'%s' % (*x,)",
    "b'%s' % (x,)",
    "'%s' % ('a' % (),)",
    "'x' '%s' % (1,)",
    "f'%s' % (1,)",
    "('%s' % (x,)) % ()",
    "def f():\n 'a' % ()",
    "'\\ud800%s\\n' % (__debug__,)",
]:
    print(ascii(source))
    for level in 0, 1:
        print("  ", ascii(ast.dump(ast.parse(source, optimize=level).body[0], include_attributes=level > 0)))
