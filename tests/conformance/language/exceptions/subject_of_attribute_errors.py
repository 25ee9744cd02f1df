"""An AttributeError that tells nothing gets the object and the name; an unbound local is not compared with other names."""
import traceback


class Hook:
    blech = None

    def __getattr__(self, name):
        raise AttributeError()


class Other:
    @property
    def broken(self):
        raise AttributeError("own words")

    @property
    def told(self):
        raise AttributeError(name="n", obj=5)


def show(f):
    try:
        f()
    except (AttributeError, UnboundLocalError, UnicodeError) as e:
        print(type(e).__name__, e, getattr(e, "name", "-"), type(getattr(e, "obj", None)).__name__)
        print("   ", traceback.format_exception_only(e)[-1])


show(lambda: Hook().bluch)
show(lambda: getattr(Hook(), "bluch"))
show(lambda: Other().broken)
show(lambda: Other().told)
print(getattr(Hook(), "x", 3), hasattr(Other(), "broken"))


def unbound():
    something = 1
    print(somethong)
    somethong = something


show(unbound)


class Evil(str):
    def __str__(self):
        error.object = None
        return "reason"


for error in (UnicodeEncodeError("utf-8", "x", 0, 1, Evil()), UnicodeDecodeError("utf-8", b"x", 0, 1, Evil()),
              UnicodeTranslateError("x", 0, 1, Evil())):
    try:
        str(error)
    except TypeError as e:
        print(e)
