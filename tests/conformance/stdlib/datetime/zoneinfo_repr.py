# The repr of time zones: with the module for ZoneInfo itself, without for subclasses.
from zoneinfo import ZoneInfo

class Zone(ZoneInfo):
    pass
print(repr(ZoneInfo("UTC")), str(ZoneInfo("UTC")), repr(Zone("UTC")))
