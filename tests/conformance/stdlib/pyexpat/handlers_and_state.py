"""Handlers raise, change each other, and ask the parser; attributes of the parser are checked."""
import xml.parsers.expat as expat

def attempt(function, *args):
    try:
        print(function.__name__, "->", function(*args))
    except Exception as error:
        print(function.__name__, type(error).__name__, error)

parser = expat.ParserCreate()
def start(name, attributes):
    print("start", name, parser.CurrentByteIndex, parser.GetInputContext())
    attempt(parser.Parse, b"<x/>")
    attempt(parser.ParseFile, None)
    if name == "b":
        parser.StartElementHandler = None
parser.StartElementHandler = start
print(parser.GetInputContext(), parser.CurrentByteIndex)
parser.Parse(b"<a><b><c/></b></a>", True)
attempt(parser.Parse, b"", True)

parser = expat.ParserCreate()
def raises(*args):
    raise KeyError(args)
parser.StartElementHandler = raises
parser.EndElementHandler = print
attempt(parser.Parse, b"<a><b/></a>")
print(parser.StartElementHandler, parser.EndElementHandler, parser.ErrorCode)
attempt(parser.Parse, b"</a>")

parser = expat.ParserCreate()
for name, value in (("buffer_size", 0), ("buffer_size", "x"), ("buffer_size", 1 << 31), ("buffer_size", 4),
                    ("buffer_text", "yes"), ("ordered_attributes", 1), ("specified_attributes", []), ("intern", {}),
                    ("ErrorCode", 1), ("spam", 1)):
    attempt(setattr, parser, name, value)
attempt(delattr, parser, "buffer_size")
attempt(delattr, parser, "StartElementHandler")
print(parser.buffer_size, parser.buffer_text, parser.ordered_attributes, parser.specified_attributes)
pieces = []
parser.CharacterDataHandler = pieces.append
parser.StartElementHandler = lambda *args: pieces.append(args)
parser.Parse("<a b='1' c='2'>12\n34<d/>567890</a>", False)
print(pieces, parser.buffer_used)
for args in (("utf-8", "::"), (1,), (None, 1), (None, None, 1), ("a\0",)):
    attempt(expat.ParserCreate, *args)
attempt(parser.Parse, 5)
attempt(parser.SetBase, None)
attempt(parser.UseForeignDTD)
attempt(expat.ErrorString, 99)
interned = {}
parser = expat.ParserCreate(intern=interned)
names = []
parser.StartElementHandler = lambda name, attributes: names.append(name)
parser.Parse("<a><ab/><ab/></a>", True)
print(parser.intern is interned, sorted(interned), names[1] is names[2])
