# -b, -d, -R, -x, -W and -X int_max_str_digits.
import os, subprocess, sys

def run(*args, **env):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, env={**os.environ, **env})
    print(args, done.returncode, done.stdout.strip(), done.stderr.strip().splitlines())

limits = "import sys; print(sys.flags.int_max_str_digits, sys.get_int_max_str_digits())"
run("-X", "int_max_str_digits=1000", "-c", limits)
run("-X", "int_max_str_digits=0", "-c", limits)
run("-X", "int_max_str_digits=100", "-c", limits)
run("-X", "int_max_str_digits", "-c", limits)
run("-c", limits, PYTHONINTMAXSTRDIGITS="2000")
run("-X", "int_max_str_digits=3000", "-c", limits, PYTHONINTMAXSTRDIGITS="2000")
run("-c", limits, PYTHONINTMAXSTRDIGITS="x")
run("-E", "-c", limits, PYTHONINTMAXSTRDIGITS="x")
run("-W", "nope", "-c", "print(1)")
run("-W", "error:a:b:c:d:e", "-W", "ignore::Nope", "-W", "error", "-c", "import sys; print(sys.warnoptions)")
run("-d", "-R", "-c", "import sys; print(sys.flags.debug, sys.flags.hash_randomization)")
run("-R", "-c", "import sys; print(sys.flags.hash_randomization)", PYTHONHASHSEED="0")
run("-b", "-c", "print('a' == b'a', b'a' != 'a', str(b''))")
run("-bb", "-W", "ignore", "-c", "import sys; print(sys.warnoptions)")
run("-b", "-X", "dev", "-c", "import sys; print(sys.warnoptions)")
comparisons = """
for text in "'a' == b'a'", "b'a' != 'a'", "b'a' == 1", "1 == b'a'", "True != b'a'", "bytearray(b'a') == 'a'", \\
        "'a' == bytearray(b'a')", "bytearray(b'a') == 1", "b'a' == 1.0", "b'a' == b'a'", "'a' in [b'a']", "str(b'a')", \\
        "str(bytearray(b'a'))", "memoryview(b'a') == 'a'", "b'a' == None":
    try:
        print(text, eval(text))
    except BytesWarning as warning:
        print(text, 'BytesWarning', warning)
"""
run("-bb", "-c", comparisons)
with open("x.py", "w") as file:
    file.write("no Python (\nprint('second line')\n1/0\n")
run("-x", "x.py")
