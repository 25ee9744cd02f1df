class Plugin:
    registry = []
    def __init_subclass__(cls, /, name=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.registry.append((cls.__name__, name))
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item!r}]"

class One(Plugin, name="one"):
    pass
class Two(Plugin):
    pass
print(Plugin.registry, One[int], Plugin["x", 1])
try:
    class Three(Plugin, wrong=1):
        pass
except TypeError as error:
    print(error)
try:
    class Four(object, x=1):
        pass
except TypeError as error:
    print(error)
class NoItem:
    pass
try:
    NoItem[int]
except TypeError as error:
    print(error)
