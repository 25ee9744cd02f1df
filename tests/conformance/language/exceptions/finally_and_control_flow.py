import warnings
def returns():
    try:
        return "try"
    finally:
        print("finally runs")
print(returns())
def loop():
    out = []
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            out.append(i)
        finally:
            out.append(("f", i))
    else:
        out.append("else")
    return out
print(loop())
code = '''
def overrides():
    try:
        return "try"
    finally:
        return "finally"
def swallows():
    while True:
        try:
            1 / 0
        finally:
            break
    return "swallowed"
'''
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    exec(compile(code, "<code>", "exec"))
print([(w.category.__name__, str(w.message), w.lineno) for w in caught])
print(overrides(), swallows())
def nested():
    log = []
    try:
        try:
            raise ValueError("a")
        finally:
            log.append("inner")
            try:
                raise KeyError("b")
            except KeyError:
                log.append("handled b")
    except ValueError as error:
        log.append(str(error))
        log.append(error.__context__)
    return log
print(nested())
def value_kept():
    x = 1
    try:
        return x
    finally:
        x = 2
print(value_kept())
