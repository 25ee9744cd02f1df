"""A program's own modules win over those of the library that have the same name, where sys.path says so."""
import os
import subprocess
import sys


def write(path, text):
    directory = os.path.dirname(path)
    if directory:
        os.makedirs(directory, exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def run(*args, **environment):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, env={**os.environ, **environment})
    print(done.stdout.rstrip() or (done.stderr.splitlines() or ["nothing"])[-1])


write("program/uuid.py", "print('uuid of the program'); own = True")
write("program/os.py", "print('os of the program'); own = True")
write("program/xml/__init__.py", "print('xml of the program'); own = True")
write("program/main.py", "import uuid, os, xml; print([hasattr(m, 'own') for m in (uuid, os, xml)])")
write("program/inside.py", "import xml.dom")
write("program/json/__init__.py", "print('json of the program')")
write("program/json/tool.py", "print('a tool of the program')")
write("program/string.py", "own = True")
write("late/textwrap.py", "own = True")

print("script")
run("program/main.py")
run("program/inside.py")
print("variable")
run("-c", "import uuid, os; print(hasattr(uuid, 'own'), hasattr(os, 'own'))", PYTHONPATH="program")
run("-I", "-c", "import uuid; print(hasattr(uuid, 'own'))", PYTHONPATH="program")
print("working directory")
os.chdir("program")
run("-c", "import uuid, json.tool")
run("-m", "json.tool")
run("-P", "-c", "import uuid, json.tool; print(hasattr(uuid, 'own'))")
os.chdir("..")

print("sys.path while the program runs")
sys.path.append(os.path.abspath("late"))
import textwrap
print(hasattr(textwrap, "own"))
sys.path.insert(0, os.path.abspath("program"))
import importlib.util
spec = importlib.util.find_spec("string")
print(os.path.relpath(spec.origin), type(spec.loader).__name__)
del sys.path[0]

print("a path without the library")
saved = sys.path[:]
sys.path[:] = []
for name in ("imaplib", "zipimport", "runpy", "wave"):
    try:
        print(name, __import__(name).__name__)
    except ImportError as error:
        print(name, type(error).__name__, error)
sys.path[:] = saved
import wave
print(wave.__name__)

print("what a path holds")
import pkgutil
names = {module.name: module.ispkg for module in pkgutil.iter_modules()}
print([(name, names.get(name)) for name in ("json", "this", "decoder", "email", "uuid")])
import email
print(sorted(module.name for module in pkgutil.iter_modules(email.__path__, "email."))[:4])
