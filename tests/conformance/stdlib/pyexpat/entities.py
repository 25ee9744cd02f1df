"""External entities are read by parsers that the handler makes; parameter entities declare for the document."""
from xml.parsers import expat

FILES = {
    "doc.dtd": "<!ENTITY % more SYSTEM 'more.ent'>%more;<![INCLUDE[<!ATTLIST doc a CDATA 'dflt'>]]><![IGNORE[<!X]]>",
    "more.ent": "<?xml encoding='utf-8'?><!ENTITY greet 'hello %who;'><!ENTITY % tail 'T'>",
    "chapter.xml": "<?xml version='1.0' encoding='iso-8859-1'?><p>caf\xe9 &greet;</p>",
}
DOCUMENT = """<!DOCTYPE doc SYSTEM "doc.dtd" [<!ENTITY % who "'W'"><!ENTITY chapter SYSTEM "chapter.xml">]>
<doc>&greet;&chapter;&nothing;</doc>"""

def run(mode, foreign=False, document=DOCUMENT, answer=1):
    print("mode", mode, foreign, answer)
    def install(parser, depth):
        def external(context, base, system_id, public_id):
            print(" " * depth, "external", context, base, system_id, public_id)
            child = parser.ExternalEntityParserCreate(context)
            install(child, depth + 1)
            encoding = "iso-8859-1" if system_id == "chapter.xml" else "utf-8"
            child.Parse(FILES.get(system_id, "<!ENTITY nothing 'foreign'>").encode(encoding), True)
            return answer
        parser.ExternalEntityRefHandler = external
        parser.StartElementHandler = lambda *args: print(" " * depth, "start", args)
        parser.CharacterDataHandler = lambda data: print(" " * depth, "data", repr(data))
        parser.EntityDeclHandler = lambda *args: print(" " * depth, "entity", args)
        parser.SkippedEntityHandler = lambda *args: print(" " * depth, "skipped", args)
        parser.NotStandaloneHandler = lambda: print(" " * depth, "not standalone") or 1
    parser = expat.ParserCreate()
    print(parser.SetParamEntityParsing(mode), parser.SetBase("base:"), parser.GetBase())
    parser.UseForeignDTD(foreign)
    install(parser, 0)
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        print(error)

for mode in (expat.XML_PARAM_ENTITY_PARSING_NEVER, expat.XML_PARAM_ENTITY_PARSING_ALWAYS):
    run(mode)
run(expat.XML_PARAM_ENTITY_PARSING_ALWAYS, True, "<doc>&nothing;</doc>")
run(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE, answer=0)
