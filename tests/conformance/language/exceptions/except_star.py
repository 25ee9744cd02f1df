def run(error):
    try:
        try:
            raise error
        except* ValueError as group:
            print("values", repr(group))
        except* (TypeError, KeyError) as group:
            print("types", repr(group))
        else:
            print("else")
        finally:
            print("finally")
    except BaseException as left:
        print("left", repr(left))
run(ExceptionGroup("g", [ValueError(1), TypeError(2), OSError(3)]))
run(ExceptionGroup("g", [ValueError(1)]))
run(ValueError("naked"))
run(OSError("other"))
run(ExceptionGroup("n", [ExceptionGroup("inner", [ValueError(1), OSError(2)])]))
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise KeyError("new")
    except* TypeError:
        raise
except ExceptionGroup as group:
    print(repr(group), [repr(e.__context__) for e in group.exceptions])
try:
    try:
        raise ValueError
    except* ExceptionGroup:
        pass
except TypeError as error:
    print(error)
