# Names are written in ASCII and cut after 500 characters.
import faulthandler
import sys


def dump(filename, name="f"):
    source = f"def {name}():\n    dump(1, False)\n\n\n{name}()"
    sys.stdout.flush()
    exec(compile(source, filename, "exec"), {"dump": faulthandler.dump_traceback})


dump("plain name with 'quotes' \"and\" tabs\t.py")
dump("caf\xe9\x7f \u1234 \U0001f600.py", "naïve_\u0416_\U0001d538")
dump("x" * 500)
dump("y" * 501, "z" * 600)
