"""Every handler hears of its events, in order, with its arguments."""
from xml.parsers import expat

DOCUMENT = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE doc PUBLIC "-//X //  Y" "doc.dtd" [
<!ELEMENT doc (head, (para | list)*, end?)>
<!ELEMENT para (#PCDATA | em)*>
<!ELEMENT end EMPTY><!ELEMENT any ANY><!ELEMENT one (a+)>
<!ATTLIST doc id ID #REQUIRED kind (x | y) "x" note NOTATION (gif|png) #IMPLIED fix CDATA #FIXED "f">
<!NOTATION gif SYSTEM "viewer"><!NOTATION png PUBLIC "png  id">
<!ENTITY text "some &#38;#38; <b>bold</b>"><!ENTITY pic SYSTEM "pic.gif" NDATA gif>
<!ENTITY ext SYSTEM "ext.xml"><!ENTITY % pe "<!-- from pe -->">
%pe;
]>
<doc id="i1"><?go  now?><!-- hi -->line one\r
line two<![CDATA[<raw>]]>&text;&ext;<end/></doc>
"""

HANDLERS = [name for name in dir(expat.XMLParserType) if name.endswith("Handler")]

parser = expat.ParserCreate()
for name in HANDLERS:
    if name.startswith("Default") or name == "CharacterDataHandler":
        continue
    def handler(*args, name=name):
        print(f"{parser.CurrentLineNumber}:{parser.CurrentColumnNumber} {name} {args}")
        return 1
    setattr(parser, name, handler)
texts = []
parser.CharacterDataHandler = texts.append
print(parser.Parse(DOCUMENT, True))
print(texts)
