"""xml.dom.minidom and pulldom: trees from documents, with declarations, and back."""
from xml.dom import minidom, pulldom

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE a [<!ENTITY e "ent"><!ATTLIST a d CDATA "dflt" i ID #IMPLIED>
<!NOTATION n SYSTEM "nn"><!ELEMENT a ANY>]>
<a i="one" xmlns:p="u:p"><b>t &e; é</b><p:c p:k="v"/><!-- com --><?pi data?><![CDATA[<cd>]]></a>"""

document = minidom.parseString(DOCUMENT.encode())
root = document.documentElement
print(document.doctype.name, document.doctype.internalSubset)
print(root.getAttribute("d"), root.getAttribute("i"))
print([(node.nodeType, node.nodeName) for node in root.childNodes])
print(ascii(root.toxml()))
print(ascii(document.toprettyxml(indent=" ")))
print(root.childNodes[1].namespaceURI, root.childNodes[1].getAttributeNS("u:p", "k"))
events = pulldom.parseString(DOCUMENT)
for event, node in events:
    print(event, node.nodeName)
    if event == pulldom.START_ELEMENT and node.nodeName == "b":
        events.expandNode(node)
        print(ascii(node.toxml()))
try:
    minidom.parseString("<a><b></a>")
except Exception as error:
    print(type(error).__module__, type(error).__name__, error)
