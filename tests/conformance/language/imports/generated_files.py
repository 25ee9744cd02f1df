# A module and a package made while the program runs, from a directory put on sys.path.
import importlib
import os
import sys

os.makedirs("lib/pkg/sub")
with open("lib/pkg/__init__.py", "w") as f:
    f.write("names = []\n")
with open("lib/pkg/sub/mod.py", "w") as f:
    f.write("from .. import names\nnames.append(__name__)\nimport __main__\nmain = __main__.__name__\n")
with open("lib/plain.py", "w") as f:
    f.write("# -*- coding: latin-1 -*-\ntext = 'x'\n")
sys.path.insert(0, os.path.join(os.getcwd(), "lib"))
importlib.invalidate_caches()
import plain
from pkg.sub import mod
import pkg.sub
print(plain.text, mod.names, mod.main, type(pkg.sub).__name__, pkg.sub.__file__)
print(list(pkg.sub.__path__) == [os.path.join(sys.path[0], "pkg", "sub")])
spec = importlib.util.find_spec("plain") if hasattr(importlib, "util") else None
import importlib.util
spec = importlib.util.spec_from_file_location("loaded", "lib/plain.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.__name__, module.text)
