"""Documents in all encodings that Python knows with one byte a character, and in UTF-16."""
from xml.parsers import expat

def parse(data, encoding=None, chunk=None):
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    found = []
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes, parser.CurrentByteIndex))
    parser.CharacterDataHandler = found.append
    try:
        if chunk:
            for at in range(0, len(data), chunk):
                parser.Parse(data[at:at + chunk])
            parser.Parse(b"", True)
        else:
            parser.Parse(data, True)
    except Exception as error:
        return type(error).__name__, str(error), found
    return found

TEXT = "<é à='ü'>¡ñ\r\n</é>"
for name in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "utf-8-sig"):
    for chunk in (None, 1, 3):
        print(name, chunk, ascii(parse(TEXT.encode(name), None, chunk)))
    print(name, "as latin-1", ascii(parse(TEXT.encode(name), "iso-8859-1")))
for name in ("iso-8859-1", "us-ascii", "koi8-r", "cp1252", "iso-8859-15", "utf-8", "cp037", "utf-7", "nothing", "UTF-16"):
    document = f"<?xml version='1.0' encoding='{name}'?><a b='\xe9'>\xa4\xe9</a>".encode("latin-1")
    print(name, ascii(parse(document)))
    print(name, ascii(parse("<a>\u20ac</a>".encode(), name)))
print(ascii(parse("<?xml version='1.0' encoding='koi8-r'?><a>\u20ac</a>")))
print(ascii(parse("<a>\U0001F600</a>".encode("utf-16-le"))), ascii(parse(b"\xff\xfe<\0a\0>\0\0\xd8<\0")))
