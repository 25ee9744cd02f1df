print(repr(exit), repr(quit))
try:
    exit(3)
except SystemExit as error:
    print(error.code)
quit()
