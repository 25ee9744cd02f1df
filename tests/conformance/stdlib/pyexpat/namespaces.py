"""With a separator, names are told with their namespaces."""
from xml.parsers import expat

def parse(document, separator, prefixes=False):
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.namespace_prefixes = prefixes
    for name in ("StartElementHandler", "EndElementHandler", "StartNamespaceDeclHandler", "EndNamespaceDeclHandler"):
        setattr(parser, name, lambda *args, name=name: print("  ", name, args))
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        print("  ", error)

NESTED = "<a xmlns='u:d' xmlns:p='u:p' p:k='1' k='2'><p:b xmlns='' xmlns:p='u:q'><c xml:lang='en'/></p:b></a>"
for separator in ("!", "", None, ":"):
    print(repr(separator))
    parse(NESTED, separator)
print("prefixes")
parse(NESTED, "!", True)
for document in (
    "<p:a/>", "<a p:b='1'/>", "<a xmlns:p=''/>", "<a xmlns:xml='u'/>", "<a xmlns:xmlns='u'/>", "<a:b:c xmlns:a='u'/>",
    "<a xmlns='http://www.w3.org/2000/xmlns/'/>", "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", "<a xmlns:p='u!v'/>",
    "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
):
    print(document)
    parse(document, "!")
