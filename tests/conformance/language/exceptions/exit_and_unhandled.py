import sys
try:
    sys.exit(3)
except SystemExit as error:
    print(error.code)
try:
    raise SystemExit("text")
except BaseException as error:
    print(repr(error), isinstance(error, Exception))
print("before the end")
sys.exit(4)
