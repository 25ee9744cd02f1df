import argparse, io, contextlib
p = argparse.ArgumentParser(prog="tool", description="Does things.", epilog="The end.")
p.add_argument("path", help="where to look")
p.add_argument("extra", nargs="*", type=int)
p.add_argument("-v", "--verbose", action="count", default=0, help="say more")
p.add_argument("--mode", choices=["fast", "slow"], default="fast", help="how (default: %(default)s)")
p.add_argument("--no-color", dest="color", action="store_false")
p.add_argument("-o", "--out", metavar="FILE", required=False)
p.add_argument("--flag", action=argparse.BooleanOptionalAction)
print(p.parse_args(["a", "1", "2", "-vv", "--mode", "slow", "-o", "x"]))
print(p.parse_args(["a", "--no-color", "--out=y", "--flag"]), p.parse_known_args(["a", "--unknown"]))
print(p.format_help())
for bad in ([], ["a", "x"], ["a", "--mode", "none"], ["a", "-o"], ["a", "--nope"], ["-h"]):
    err, out = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(out):
        try:
            p.parse_args(bad)
        except SystemExit as error:
            code = error.code
    print(code, err.getvalue().splitlines()[-1:], out.getvalue()[:11])
s = argparse.ArgumentParser(prog="git")
subs = s.add_subparsers(dest="command", required=True)
c = subs.add_parser("commit")
c.add_argument("-m")
print(s.parse_args(["commit", "-m", "msg"]))
g = argparse.ArgumentParser(prog="g")
x = g.add_mutually_exclusive_group()
x.add_argument("--a", action="store_true")
x.add_argument("--b", action="store_const", const=5)
print(g.parse_args(["--b"]), g.format_usage())
