import contextvars, types
v = contextvars.ContextVar("v", default="default")
token = v.set("outer")
ctx = contextvars.copy_context()
def change():
    v.set("inside")
    return v.get()
print(v.get(), ctx.run(change), v.get(), ctx[v], v.reset(token), v.get(), v.name, len(ctx))
try:
    contextvars.ContextVar("w").get()
except LookupError as error:
    print(type(error).__name__)
ns = types.SimpleNamespace(a=1, b=[2])
ns.c = 3
print(ns, ns == types.SimpleNamespace(a=1, b=[2], c=3), types.MappingProxyType({"a": 1}))
print(types.ModuleType("m").__name__, isinstance(len, types.BuiltinFunctionType))
print(types.GenericAlias(list, (int,)), types.NoneType, types.FunctionType is type(lambda: 0))
p = types.MappingProxyType(d := {"x": 1})
d["y"] = 2
print(p, p | {"z": 3}, p.get("x"), sorted(p), isinstance(p, dict))
try:
    p["q"] = 1
except TypeError as error:
    print(error)
@types.coroutine
def gen():
    yield 1
async def use():
    await gen()
print(use().send(None))
class D:
    @types.DynamicClassAttribute
    def a(self): return 5
print(D().a, types.resolve_bases((int,)), types.prepare_class("X")[0])
