# A virtual environment is found by the name that its Python is called by.
import os, subprocess, sys

for directory in ("ve/bin", "ve/lib/python3.14/site-packages"):
    os.makedirs(directory)
real = os.path.realpath(sys.executable)
os.symlink(real, "ve/bin/python")
home = os.path.dirname(real)
with open("ve/pyvenv.cfg", "w") as file:
    file.write(f"home = {home}\ninclude-system-site-packages = false\nversion = 3.14.0\n")
with open("ve/lib/python3.14/site-packages/only_here.py", "w") as file:
    file.write("print('imported', __name__)\n")
program = """
import sys, sysconfig
print(sys.prefix, sys.exec_prefix, sys.prefix != sys.base_prefix, sys.base_prefix == sys.base_exec_prefix)
print(sys.executable, sys.base_prefix)
print(sysconfig.get_paths()['purelib'], sysconfig.get_paths()['platlib'])
import only_here
"""
def run(*command, **keywords):
    done = subprocess.run(command, capture_output=True, text=True, **keywords)
    text = done.stdout + done.stderr
    print(text.replace(os.getcwd(), "<here>").replace(sys.base_prefix, "<base>"))

run("ve/bin/python", "-c", program)
run(os.path.abspath("ve/bin/python"), "-c", program)
run("./ve/../ve/bin/python", "-I", "-c", program)
run("python", "-c", program, env={**os.environ, "PATH": os.path.abspath("ve/bin")})
os.symlink(real, "elsewhere")
run("./elsewhere", "-c", "import sys; print(sys.executable, sys.prefix == sys.base_prefix)")
