# What only the native module shows: its classes, guards and the two memos.
import _pickle
import inspect
import io
import pickle


def attempt(call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "__notes__", ""))
    else:
        print("no error", result)


for name in ("dump", "dumps", "load", "loads"):
    print(name, inspect.signature(getattr(_pickle, name)))
print(inspect.signature(_pickle.Pickler), inspect.signature(_pickle.Unpickler))
print(pickle.Pickler is _pickle.Pickler, _pickle.PicklingError.__mro__)
print(_pickle.PickleBuffer, _pickle.Pickler.persistent_id, _pickle.Unpickler.persistent_load)

attempt(_pickle.Pickler, 3)
attempt(_pickle.Unpickler, 3)
attempt(_pickle.Pickler.__new__(_pickle.Pickler).dump, 3)
attempt(_pickle.Unpickler.__new__(_pickle.Unpickler).load)
attempt(_pickle.loads, "text")
attempt(_pickle.loads, b"")
attempt(_pickle.dumps, 1, 6)
attempt(_pickle.dumps, 1, 4, buffer_callback=print)
attempt(_pickle.loads, b".", encoding=3)


class Busy(_pickle.Pickler):
    def persistent_id(self, obj):
        if obj == "x":
            attempt(self.dump, 1)
            attempt(self.__init__, io.BytesIO())
            print(len(self.memo.copy()))
        return None


file = io.BytesIO()
Busy(file).dump(["a", "x", 3])
print(file.getvalue())


class BusyReader(_pickle.Unpickler):
    def persistent_load(self, pid):
        attempt(self.load)
        attempt(self.__init__, io.BytesIO())
        return pid * 2


print(BusyReader(io.BytesIO(b"(Pa\nPb\nl.")).load())

pickler = _pickle.Pickler(file, 2)
print(pickler.persistent_id(3), pickler.bin, pickler.fast, sorted(vars(_pickle.Pickler))[-6:])
attempt(getattr, pickler, "dispatch_table")
attempt(delattr, pickler, "memo")
attempt(setattr, pickler, "memo", 3)
attempt(setattr, pickler, "memo", {1: 3})
attempt(hash, pickler.memo)
pickler.persistent_id = lambda obj: "id" if obj == 5 else None
pickler.dump([5, 6])
print(file.getvalue()[-20:])
del pickler.persistent_id
pickler.clear_memo()
pickler.dump([5, 6])
print(file.getvalue()[-20:])

pickler = _pickle.Pickler(file := io.BytesIO())
shared = ["shared"]
pickler.dump(shared)
print(sorted((index, item) for index, item in pickler.memo.copy().values()))
other = _pickle.Pickler(second := io.BytesIO())
other.memo = pickler.memo
other.dump([shared])
print(second.getvalue())
unpickler = _pickle.Unpickler(io.BytesIO(file.getvalue() + second.getvalue()))
print(unpickler.load(), unpickler.memo.copy())
print(unpickler.load(), unpickler.memo.__reduce__()[0])
unpickler.memo = {0: "zero"}
attempt(setattr, unpickler, "memo", {"a": 1})
attempt(setattr, unpickler, "memo", {-1: 1})
attempt(setattr, unpickler, "memo", [])
unpickler.memo.clear()
print(unpickler.memo.copy())

fast = _pickle.Pickler(file := io.BytesIO(), 4)
fast.fast = True
fast.dump([shared, shared])
print(file.getvalue())
cycle = []
cycle.append(cycle)
try:
    fast.dump(cycle)
except ValueError as error:
    print(str(error).partition(" at 0x")[0])
