# Modules, packages and programs are found in archives.
import subprocess
import sys
import zipfile

with zipfile.ZipFile("lib.zip", "w") as archive:
    archive.writestr("inside.py", "value = 1\ndef fail():\n    raise ValueError('from inside')\n")
    archive.writestr("pack/__init__.py", "name = __name__\n")
    archive.writestr("pack/part.py", "from . import name\n")
    archive.writestr("__main__.py", "import sys, inside\nprint(inside.value, sys.argv[1:], __name__)\n")
sys.path.insert(0, "lib.zip")
import inside
import pack.part

print(inside.value, pack.part.name, type(inside.__loader__).__name__)
print(inside.__loader__.get_source("inside").splitlines()[0])
try:
    inside.fail()
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_lineno)
print(subprocess.run([sys.executable, "lib.zip", "a", "b"], capture_output=True, text=True).stdout, end="")
try:
    import missing_module
except ModuleNotFoundError as error:
    print(error)
