"""xml.etree.ElementTree: parsing, building, searching, writing, iterparse, pull parsing, canonical form."""
import copy
import io
import pickle
import xml.etree.ElementTree as ET

DOCUMENT = "<a x='1' xmlns:n='u:n'><b k='v'>text<c/>tail</b><n:d n:e='2'/><b>&lt;é&gt;</b></a>"
root = ET.fromstring(DOCUMENT)
print(root.tag, len(root), root.attrib)
print([(element.tag, element.text, element.tail) for element in root.iter()])
print(ascii(ET.tostring(root)), ascii(ET.tostring(root, encoding="unicode", short_empty_elements=False)))
print([element.text for element in root.findall("b")], root.find(".//c").tail, root.findtext("b"), root.find("b[@k='v']").get("k"))
print([event + ":" + element.tag for event, element in ET.iterparse(io.BytesIO(DOCUMENT.encode()), ("start", "end"))])
pull = ET.XMLPullParser(["start-ns", "end", "comment", "pi"])
for piece in ("<a xmlns='u:d'><!-- c -->", "<?p i?><b/>", "</a>"):
    pull.feed(piece)
    print([(event, getattr(value, "tag", value) if event == "end" else str(value)[:8] if event == "start-ns" else value.text) for event, value in pull.read_events()])
copied = copy.deepcopy(root)
copied[0].set("k", "w")
print(root[0].get("k"), pickle.loads(pickle.dumps(copied))[0].get("k"))
built = ET.Element("r", {"z": "1"}, a="2")
ET.SubElement(built, "s").text = "x & y"
built.append(ET.Comment("note"))
ET.indent(built)
ET.dump(built)
print(ET.canonicalize("<a  b='2' a='1'><c></c></a>"))
for bad in ("<a>", "<a></b>", "<a>&x;</a>"):
    try:
        ET.fromstring(bad)
    except ET.ParseError as error:
        print(error, error.code, error.position)
class Target:
    def start(self, tag, attrs): print("start", tag, attrs)
    def end(self, tag): print("end", tag)
    def data(self, data): print("data", data)
    def doctype(self, name, pubid, system): print("doctype", name, pubid, system)
    def close(self): return "closed"
parser = ET.XMLParser(target=Target())
parser.feed("<!DOCTYPE a PUBLIC 'p' 's'><a b='c'>d</a>")
print(parser.close())
