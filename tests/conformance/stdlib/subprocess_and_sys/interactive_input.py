"""How an interactive session reads: what goes on, what is empty, what the end of the input cuts off."""
import os
import subprocess
import sys


def session(text, *options):
    env = {"PATH": os.environ["PATH"], "PYTHON_BASIC_REPL": "1", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-i", "-q", "-I", *options], input=text.encode(), env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(repr(text))
    print(done.stdout.decode())


session("1/0")
session("def f(x, x): ...\n")
session("# nothing\n   # more\n7\n")
session("if 1:\n   print(7)\n\n'''a\nb'''\n(1,\n2)\n")
session("1 +\n)")
session("0 is 0\nimport sys; sys._getframe().f_code.co_filename\n")
session("def g():\n  return h()\n\ndef h():\n  1/0\n\ng()\n")
session("try:\n  x\nexcept NameError: print(3)\n\n4\n")
session("@property\ndef f(): pass\n\ntype(f)\n")
session("import sys; _ = sys.stdout.write(''); sys.ps1 = '> '; sys.ps2 = ': '\n(\n3)\n")
session("'\\xe9\\udc80'\n")
session("try:\n  x\n\nexcept NameError: pass\n\n")
session("x = (\n\n3)\nx\ny = '''\n\n'''\ny\n")
session("def f(): pass\n\nimport linecache; linecache._interactive_cache[linecache._code_key(f.__code__)]\n")
