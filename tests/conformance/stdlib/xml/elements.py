"""Elements, builders and parsers: what they accept, what they refuse, how they are copied and walked."""
import copy
import pickle
import re
import threading
import warnings
import xml.etree.ElementTree as ET

warnings.simplefilter("ignore")


def attempt(function, *args, **kwargs):
    try:
        result = repr(function(*args, **kwargs))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(function.__name__, re.sub(" at 0x[0-9a-f]+", "", result))


attempt(ET.Element)
attempt(ET.Element, "a", 3)
attempt(ET.Element, "a", {}, 3)
attempt(ET.Element, "a", attrib=3)
element = ET.Element("a", {"b": "c"}, d="e")
print(element.attrib, element.get("b"), element.get("x", 1), element.keys(), element.items())
for args in ((3, "x"), (element,), (element, "x", 3)):
    attempt(ET.SubElement, *args)
for name, args in (
    ("append", (3,)), ("insert", (0, 3)), ("insert", ("x", element)), ("extend", (3,)), ("extend", ([3],)),
    ("remove", (3,)), ("remove", (ET.Element("q"),)), ("__getitem__", (5,)), ("__getitem__", ("x",)),
    ("__setitem__", (5, element)), ("__setitem__", (slice(0, 1), 3)), ("__setitem__", (slice(0, 1), [3])),
    ("__setitem__", (slice(0, 5, 2), [element])), ("__delitem__", ("x",)), ("makeelement", ("x", 3)),
    ("__deepcopy__", (3,)), ("__setstate__", (3,)), ("__setstate__", ({"x": 1},)), ("__setstate__", ({},)),
    ("__setstate__", ({"tag": "x", "_children": 3},)), ("__setstate__", ({"tag": "x", "_children": [3]},)),
):
    attempt(getattr(element, name), *args)
attempt(setattr, element, "attrib", 3)
attempt(delattr, element, "tag")
attempt(bool, element)

root = ET.Element("r")
for name in "abcdefg":
    ET.SubElement(root, name).text = name
tags = lambda: "".join(child.tag for child in root)
del root[1]
print(tags())
del root[::2]
print(tags(), root[-1].tag, [child.tag for child in root[1:]])
root[1:1] = [ET.Element("x"), ET.Element("y")]
print(tags())
root[::-1] = list(root)
print(tags())
root.insert(-1, ET.Element("i"))
root.remove(root[0])
print(tags(), len(root), root.find("i").tag, root.find("zz"), root.findtext("y"), root.findall("i")[0] is root[-2])

tree = ET.fromstring("<a>1<b>2<c/>3</b>4<!-- no --><b>5</b>6</a>")
print(list(tree.itertext()), [found.tag for found in tree.iter()], len(list(tree.iter("b"))), list(tree.iter("*"))[1].text)
for path in ("b", "b/c", ".//c", "b[2]", "*", "{*}b", "b[.='5']"):
    print(path, [found.tag for found in tree.findall(path)])
copied, deep, pickled = copy.copy(tree), copy.deepcopy(tree), pickle.loads(pickle.dumps(tree))
tree[0].set("new", "1")
print(copied[0] is tree[0], deep[0].attrib, pickled[0].attrib, ET.tostring(deep) == ET.tostring(pickled))
print({**tree[0].__getstate__(), "_children": len(tree[0])})

builder = ET.TreeBuilder()
attempt(builder.end, "x")
attempt(builder.start, "x", 3)
builder.start("x", {})
builder.data("one")
builder.data("two")
builder.end("x")
builder.data("tail")
attempt(builder.start, "y", {})
print(builder.close().text, builder.close().tail)
attempt(ET.TreeBuilder, 1, 2)
listed = ET.TreeBuilder(element_factory=lambda tag, attrib: [tag, attrib])
print(ET.fromstring("<a b='c'/>", ET.XMLParser(target=listed)))
kept = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True, insert_pis=True))
print(ET.tostring(ET.fromstring("<a>x<!-- c -->y<?p i?>z</a>", kept)))

parser = ET.XMLParser()
parser.entity["foo"] = "FOO"
parser.feed("<!DOCTYPE a SYSTEM 'x'><a>&foo;")
parser.flush()
parser.feed(b"</a>")
print(ET.tostring(parser.close()))
parser = ET.XMLParser()
attempt(parser.feed, "<!DOCTYPE a SYSTEM 'x'><a>&bar;</a>")
attempt(parser.feed, 3)
attempt(setattr, parser, "entity", {})
attempt(parser._setevents, [], ["x"])
attempt(parser._setevents, [], [3])
attempt(parser._setevents, 3)
attempt(ET.XMLParser(target=object())._setevents, [], None)
attempt(ET.XMLParser, encoding=3)
attempt(ET.XMLParser.__new__(ET.XMLParser).close)
for text in ("<a>&bar;</a>", "<a><b/>", "<a/>x"):
    attempt(ET.fromstring, text)


class Noisy(ET.TreeBuilder):
    def start(self, tag, attrs):
        print("start", tag, attrs)
        return super().start(tag, attrs)

    def doctype(self, *args):
        print("doctype", args)


print(ET.fromstring("<!DOCTYPE a PUBLIC 'p' 's'><a x='1'/>", ET.XMLParser(target=Noisy())).tag)

shared = ET.Element("shared")


def change():
    for number in range(200):
        child = ET.SubElement(shared, "c", n=str(number))
        shared.find("c"), list(shared.iter("c"))[:3], copy.copy(shared), len(shared)
        try:
            shared.remove(child)
        except ValueError:
            pass
        shared.text = str(number)


threads = [threading.Thread(target=change) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(shared))
