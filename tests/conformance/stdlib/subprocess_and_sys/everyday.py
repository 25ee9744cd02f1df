import subprocess, sys
r = subprocess.run([sys.executable, "-c", "import sys; print(sys.argv[1:]); print('err', file=sys.stderr); sys.exit(3)", "a b", "c"], capture_output=True, text=True)
print(r.returncode, r.stdout, r.stderr)
print(subprocess.check_output(["echo", "hi"]))
print(subprocess.run("cat", input="piped", shell=True, capture_output=True, text=True).stdout)
p = subprocess.Popen([sys.executable, "-c", "print(input()[::-1])"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(p.communicate("hello\n"), p.returncode)
for action in (
    lambda: subprocess.run(["false"], check=True), lambda: subprocess.run(["sleep", "5"], timeout=0.05),
    lambda: subprocess.run(["no-such-program-here"]),
):
    try:
        action()
    except (subprocess.SubprocessError, OSError) as error:
        print(type(error).__name__, error)
print(sys.argv[1:], sys.byteorder, sys.getrecursionlimit(), sys.intern("x") is sys.intern("x"))
print(sys.getdefaultencoding(), sys.stdout.encoding, len(sys.path) > 0, sys.getsizeof(5) > 0)
print(sys.float_info.max, sys.int_info.default_max_str_digits, sys.hash_info.width, sys.flags.optimize)
print(sys.maxunicode, type(sys.modules).__name__, "sys" in sys.builtin_module_names, sys.exc_info())
print(sys.is_finalizing())
def hook(v): print("displayed", v)
sys.displayhook = hook
exec(compile("1 + 1", "<s>", "single"))
