"""What is not well-formed is refused with a number, a message and a place."""
from xml.parsers import expat

DOCUMENTS = [
    b"", b"<a>", b"<a></b>", b"<a b='1' b='2'/>", b"<a/><b/>", b"<a>&undef;</a>", b"<a>&#0;</a>", b"<a>&#xD800;</a>",
    b"<a>]]></a>", b"<a b=c/>", b"<a b='<'/>", b"<a><![CDATA[x</a>", b"<a>\xff</a>", b"<a>\xc3", b"<a <b/>", b"\n\n  x",
    b"<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>", b"<!DOCTYPE a [<!ENTITY e '<b>'>]><a>&e;</a>",
    b"<!DOCTYPE a [<!ENTITY e SYSTEM 'x' NDATA n>]><a>&e;</a>", b"<!DOCTYPE a [<!ENTITY e SYSTEM 'x'>]><a b='&e;'/>",
    b"<!DOCTYPE a [<!ENTITY % p 'x'><!ENTITY e '%p;'>]><a/>", b"<!DOCTYPE a PUBLIC '{' 'x'><a/>",
    b"<a/><?xml version='1.0'?>", b"<?xml version='2.0'?><a/>", b"<?xml version='1.0' encoding='x y'?><a/>",
    b"<?xml version='1.0' standalone='maybe'?><a/>", b"<?xml version='1.0' encoding='utf-16'?><a/>",
    b"<!DOCTYPE a [<!ELEMENT a (b,c|d)>]><a/>", b"<!DOCTYPE a [<!ATTLIST a b CDATA #FOO>]><a/>", b"<!doctype a><a/>",
    b"<a><!-- -- --></a>", b"<a><?XML x?></a>", b"<1/>", b"< a/>", b"<a/ >", b"&#65;", b"<a\x00/>",
]
for document in DOCUMENTS:
    parser = expat.ParserCreate()
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        print(document, error, error.code, error.lineno, error.offset, parser.ErrorByteIndex)
        assert expat.ErrorString(error.code) in str(error)
        assert expat.errors.messages[error.code] == expat.ErrorString(error.code) and parser.ErrorCode == error.code
    else:
        print(document, "fine")
print(expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH], len(expat.errors.codes))
