"""xml.sax: handlers, namespaces, incremental parsing, errors, and writing back."""
import io
import xml.sax
import xml.sax.handler
import xml.sax.saxutils

DOCUMENT = b"<?xml version='1.0'?><a xmlns:p='u:p' x='1'><p:b p:y='2'>t&amp;t</p:b><!-- c --><?go on?></a>"

class Log(xml.sax.handler.ContentHandler):
    def startElement(self, name, attrs): print("start", name, dict(attrs))
    def endElement(self, name): print("end", name)
    def startElementNS(self, name, qname, attrs): print("startNS", name, qname, dict(attrs))
    def endElementNS(self, name, qname): print("endNS", name, qname)
    def startPrefixMapping(self, prefix, uri): print("map", prefix, uri)
    def endPrefixMapping(self, prefix): print("unmap", prefix)
    def characters(self, content): print("text", repr(content))
    def processingInstruction(self, target, data): print("pi", target, data)

xml.sax.parseString(DOCUMENT, Log())
parser = xml.sax.make_parser()
parser.setFeature(xml.sax.handler.feature_namespaces, True)
parser.setContentHandler(Log())
for at in range(0, len(DOCUMENT), 7):
    parser.feed(DOCUMENT[at:at + 7])
parser.close()
try:
    xml.sax.parseString(b"<a>\n<b></a>", Log())
except xml.sax.SAXParseException as error:
    print(error, error.getLineNumber(), error.getColumnNumber())
out = io.StringIO()
xml.sax.parseString(DOCUMENT, xml.sax.saxutils.XMLGenerator(out))
print(out.getvalue())
