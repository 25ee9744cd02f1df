"""The finalizers of what -c, a file and standard input have left run at the end."""
import subprocess
import sys

CODE = """
class P:
    def __init__(self):
        try:
            1 / 0
        except ZeroDivisionError as e:
            self.error = e
            self = None
    def __del__(self):
        import traceback
        print("del", self.error, traceback.format_exception(self.error)[1].splitlines()[0].rpartition(",")[2])
kept = P()
"""
print(subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True).stdout)
print(subprocess.run([sys.executable, "-c", "import linecache\n" + CODE], capture_output=True, text=True).stdout)
print(subprocess.run([sys.executable], input=CODE, capture_output=True, text=True).stdout)
with open("program.py", "w") as file:
    file.write(CODE)
print(subprocess.run([sys.executable, "program.py"], capture_output=True, text=True).stdout)
