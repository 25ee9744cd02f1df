"""Prints what each module of the standard library offers, one line a module: NAME, a tab, its names with spaces between
them, those of its classes as `Class.name`. A module that cannot be imported has `!` and the reason instead."""

import importlib
import pkgutil
import sys
import types
import warnings

# Programs and games rather than modules, what does something when it is imported, and other systems' modules.
LEFT_OUT = {
    "__main__", "antigravity", "idlelib", "this", "turtle", "turtledemo", "tkinter", "test", "lib2to3", "msvcrt", "nt",
    "winreg", "winsound", "ntpath_", "_winapi", "_wmi", "_overlapped", "_scproxy", "_tkinter", "_ios_support",
    "_android_support", "_apple_support", "_aix_support", "_osx_support", "_pyrepl",
}


def names_of_class(name, class_):
    for attribute in sorted(vars(class_)):
        if not attribute.startswith("_"):
            yield f"{name}.{attribute}"


def names_of(module):
    private = module.__name__.startswith("_")
    public = getattr(module, "__all__", None)
    for name in sorted(set(public) if public is not None else vars(module)):
        value = getattr(module, name, None)
        if name.startswith("__") or (name.startswith("_") and not private and public is None):
            continue
        if public is None and isinstance(value, types.ModuleType):
            continue
        yield name
        if isinstance(value, type) and value.__module__.partition(".")[0].lstrip("_") == module.__name__.lstrip("_"):
            yield from names_of_class(name, value)


def modules():
    for name in sorted(sys.stdlib_module_names - LEFT_OUT):
        yield name
        module = sys.modules.get(name)
        for info in pkgutil.iter_modules(getattr(module, "__path__", []), name + "."):
            if not info.name.endswith("__main__"):
                yield info.name


warnings.simplefilter("ignore")
for name in modules():
    try:
        line = " ".join(names_of(importlib.import_module(name)))
    except BaseException as error:
        line = f"!{type(error).__name__}: {error}"
    print(name, line, sep="\t", flush=True)
