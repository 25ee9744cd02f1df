# Code loaded from __pycache__ says where its source lies now.
import os
import shutil
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as directory:
    before, after = os.path.join(directory, "before"), os.path.join(directory, "after")
    os.mkdir(before)
    with open(os.path.join(before, "moved.py"), "w") as file:
        file.write("def outer():\n    def inner():\n        1 / 0\n    return inner\n")
    os.utime(os.path.join(before, "moved.py"), (10**9, 10**9))
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def run(where, code):
        result = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {where!r}); import moved, os; {code}"],
            env=environment, capture_output=True, text=True)
        print(result.stdout.replace(directory, "DIR") + result.stderr.replace(directory, "DIR"), end="")

    run(before, "print(len(os.listdir(os.path.dirname(moved.__cached__))))")
    shutil.move(before, after)
    run(after, "print(moved.outer.__code__.co_filename, moved.outer().__code__.co_filename)")
    run(after, "print(moved.outer.__code__.replace(co_name='x').co_filename)")
    run(after, "moved.outer()()")
