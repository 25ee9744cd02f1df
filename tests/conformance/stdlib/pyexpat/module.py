"""The names of pyexpat and its submodules."""
import sys
import pyexpat
from xml.parsers import expat

print(sorted(name for name in dir(pyexpat) if not name.startswith("__") and name != "expat_CAPI"))
print(pyexpat.version_info, pyexpat.EXPAT_VERSION, pyexpat.native_encoding, pyexpat.features)
print(sorted(vars(pyexpat.errors))[-50:])
print({name: value for name, value in vars(pyexpat.model).items() if name.startswith("XML")})
print(sys.modules["pyexpat.errors"] is pyexpat.errors, sys.modules["xml.parsers.expat.model"] is pyexpat.model)
print(pyexpat.error is pyexpat.ExpatError, pyexpat.ExpatError.__module__, pyexpat.ExpatError.__mro__)
print(pyexpat.ParserCreate.__text_signature__, pyexpat.ErrorString.__text_signature__)
print(pyexpat.XMLParserType.Parse.__text_signature__, pyexpat.XMLParserType.__doc__, pyexpat.__doc__)
for attempt in (pyexpat.XMLParserType, lambda: type("Sub", (pyexpat.XMLParserType,), {})):
    try:
        attempt()
    except TypeError as error:
        print(error)
print(sorted(name for name in dir(expat.ParserCreate()) if not name.startswith("_")))
