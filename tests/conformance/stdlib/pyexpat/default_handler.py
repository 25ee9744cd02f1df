"""Text that no handler wants goes to the default handler, as it stands in the document."""
from xml.parsers import expat

DOCUMENT = "<?xml version='1.0'?><!DOCTYPE d [<!ENTITY e 'E<i/>'>]><d a='1'>x&e;<!-- c --><?p i?><![CDATA[y]]></d>\n"

for which in ("DefaultHandler", "DefaultHandlerExpand"):
    for others in ([], ["CharacterDataHandler"], ["StartElementHandler", "EndElementHandler"], ["CommentHandler"]):
        parser = expat.ParserCreate()
        texts = []
        setattr(parser, which, texts.append)
        for other in others:
            setattr(parser, other, lambda *args, other=other: texts.append((other, args)))
        parser.Parse(DOCUMENT, True)
        print(which, others, texts)
