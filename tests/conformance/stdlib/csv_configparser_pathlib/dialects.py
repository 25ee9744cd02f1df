# Dialects that are refused, and records read and written in every quoting style.
import csv
import io
import pickle


def show(function, *args, **kwargs):
    try:
        print(args, kwargs, function(*args, **kwargs))
    except Exception as error:
        print(args, kwargs, type(error).__name__, error)


NAMES = "delimiter doublequote escapechar lineterminator quotechar quoting skipinitialspace strict".split()


def settings(*args, **kwargs):
    dialect = csv.reader([], *args, **kwargs).dialect
    return [getattr(dialect, name) for name in NAMES]


for name in "delimiter", "quotechar", "escapechar", "lineterminator":
    for value in "", None, "ab", 1, "\n", " ", "\0", ",", '"':
        show(settings, **{name: value})
for value in "a", -1, 5, 6, True, 2**100, None:
    show(settings, quoting=value)
show(settings, quotechar=" ", skipinitialspace=True)
show(settings, quotechar=None, quoting=csv.QUOTE_ALL)
show(settings, "excel-tab", strict=1)
show(settings, csv.unix_dialect)
show(settings, "nope")
show(settings, foo=1)
show(settings, "excel", dialect="excel")
show(csv.reader)
show(csv.reader, 1)
show(csv.writer, 1)
show(csv.register_dialect, 1)
show(csv.register_dialect, "semi", delimiter=";")
print(settings("semi"), csv.list_dialects())
show(csv.unregister_dialect, "semi")
show(csv.unregister_dialect, "semi")
show(csv.get_dialect, "semi")
show(pickle.dumps, 1, 99)
try:
    pickle.dumps(csv.get_dialect("excel"))
except TypeError as error:
    print(error)

LINES = (
    "", 'a,"b c",d', '"a""b"', '"a"b', 'a"b', '"abc', "a,b\r\n", "a\rb", ",", ' a, "b"', "\0", '1,,"3"', ["a\\\n", "b"],
    ["x\n", '"y\n', 'z",é'], "a\\,b", '"a\\"b"', "a\\", [1], ["a", None],
)


def read(lines, **kwargs):
    return list(csv.reader(lines if isinstance(lines, list) else [lines], **kwargs))


for lines in LINES:
    show(read, lines)
    show(read, lines, strict=True)
    show(read, lines, skipinitialspace=True)
    show(read, lines, escapechar="\\", doublequote=False)
    for quoting in range(2, 6):
        show(read, lines, quoting=quoting)
reader = csv.reader(["a", "b\n", '"c\n', 'd"'])
print(reader.line_num, next(reader), reader.line_num, list(reader), reader.line_num, iter(reader) is reader)
csv.field_size_limit(3)
show(read, "abc")
show(read, "abcd")
show(csv.field_size_limit, "x")
print(csv.field_size_limit(131072))

ROWS = (
    [], ["a"], [""], [None], ["", None], ["a", 1, 2.5, None], ["a,b", 'c"d', "e\nf"], ["\\", "é;中"], "abc", {"k": 1}, 5,
    [" a", "b "], ['""'], [b"a"],
)


def write(row, **kwargs):
    file = io.StringIO(newline="")
    return csv.writer(file, **kwargs).writerow(row), file.getvalue()


for row in ROWS:
    for quoting in range(6):
        show(write, row, quoting=quoting)
    show(write, row, escapechar="\\", doublequote=False)
    show(write, row, escapechar="\\", quoting=csv.QUOTE_NONE)
    show(write, row, delimiter=" ", skipinitialspace=True)
    show(write, row, delimiter=" ", skipinitialspace=True, quoting=csv.QUOTE_STRINGS)
    show(write, row, delimiter=";", lineterminator="\n", quotechar=None)
