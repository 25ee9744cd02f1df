import io, logging, warnings
out = io.StringIO()
log = logging.getLogger("app.part")
handler = logging.StreamHandler(out)
handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(message)s"))
log.addHandler(handler)
log.setLevel(logging.INFO)
log.propagate = False
def work():
    log.debug("hidden")
    log.info("value %d of %s", 5, "x")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("failed")
work()
lines = out.getvalue().splitlines()
print(lines[0], lines[1], lines[2], lines[-1], log.getEffectiveLevel(), logging.getLevelName(30))
print(log.parent.name, logging.getLogger("app").getChild("part") is log)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("careful")
    warnings.warn("old", DeprecationWarning, stacklevel=1)
print([(w.category.__name__, str(w.message), w.lineno) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("now an error")
    except UserWarning as error:
        print(repr(error))
def old():
    pass
print(warnings.formatwarning("m", UserWarning, "file.py", 3, "line"))
print(warnings.deprecated("use new")(old).__deprecated__)
