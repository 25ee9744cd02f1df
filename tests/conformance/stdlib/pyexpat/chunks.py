"""Where the pieces of a document end does not change its events, but for how character data is cut."""
import random
from xml.parsers import expat

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE d [<!ENTITY e "x&#10;<i/>y"><!ATTLIST d k CDATA "v" n NMTOKENS #IMPLIED><!ELEMENT d (a|b)*>]>
<d n="  1  2 ">\r\n]] &e;é中😀<![CDATA[ ]] ]]><!-- c -->&lt;&#x41;<é/></d> <?pi x?>\r""".encode()

def events(pieces, deferral):
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetReparseDeferralEnabled(deferral)
    found = []
    for name in dir(parser):
        if name.endswith("Handler") and not name.startswith("Default"):
            def handler(*args, name=name):
                if name == "CharacterDataHandler" and found and found[-1][0] == name:
                    found[-1] = name, found[-1][1] + args[0]
                    return 1
                place = () if name == "CharacterDataHandler" else (parser.CurrentLineNumber, parser.CurrentColumnNumber)
                found.append((name, *args, *place))
                return 1
            setattr(parser, name, handler)
    for piece in pieces:
        parser.Parse(piece)
    parser.Parse(b"", True)
    return found

whole = events([DOCUMENT], True)
for event in whole:
    print(ascii(event))
chosen = random.Random(7)
for round in range(200):
    cuts = sorted(chosen.sample(range(len(DOCUMENT)), chosen.randrange(1, 60)))
    pieces = [DOCUMENT[a:b] for a, b in zip([0] + cuts, cuts + [len(DOCUMENT)])]
    assert events(pieces, round % 2 == 0) == whole, cuts
assert events([bytes([byte]) for byte in DOCUMENT], False) == whole
