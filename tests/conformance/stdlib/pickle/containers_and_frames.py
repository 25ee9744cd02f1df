# The bytes of containers around batches and frames, of recursion, and of what differs between protocols.
import collections
import hashlib
import io
import pickle


class Plain:
    pass


class Slotted:
    __slots__ = ("a", "b")


class ListLike(list):
    pass


class DictLike(dict):
    pass


class Nested:
    class Inner:
        def method(self):
            pass


def show(obj, label):
    for protocol in range(6):
        data = pickle.dumps(obj, protocol)
        again = pickle.loads(data)
        digest = hashlib.sha256(data).hexdigest()[:12]
        print(label, protocol, len(data), digest, data if len(data) < 90 else "", type(again).__name__)


for count in (0, 1, 2, 3, 4, 999, 1000, 1001, 2000, 2001):
    show(list(range(count)), f"list {count}")
    show(dict.fromkeys(range(count)), f"dict {count}")
    show(tuple(range(count)), f"tuple {count}")
    show(ListLike(range(count)), f"list subclass {count}")
    show(DictLike.fromkeys(range(count)), f"dict subclass {count}")
show({1}, "set")
show(frozenset([1]), "frozenset")
show(set(range(1000)), "set 1000")
show(["x" * 65535, "x" * 65536, b"y" * 65536, b"y" * 255, b"y" * 256, bytearray(b"z" * 70000)], "large")
show([f"text {i}" for i in range(20000)], "frames")
show([-1, 0, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**2100, -128, -2**39], "ints")
show([1.5, -0.0, float("inf"), 1e300], "floats")
show(["", "é", "€", "\U0001f600", "\udc80", "\\\n\r\0\x1a"], "text")
show([b"", b"\xff\n", bytearray(), bytearray(b"ab")], "bytes")
show([None, True, False, ..., NotImplemented, type(None), type(...), type(NotImplemented)], "singletons")
show(Nested().__class__, "class")

plain = Plain()
plain.a, plain.me = 1, plain
show(plain, "recursive instance")
slotted = Slotted()
slotted.a = 3
for protocol in range(2, 6):
    again = pickle.loads(pickle.dumps(slotted, protocol))
    print(again.a, hasattr(again, "b"))

recursive = ([],)
recursive[0].append(recursive)
show(recursive, "recursive tuple")
long = ([], 1, 2, 3)
long[0].append(long)
show(long, "recursive long tuple")
loop = []
loop.append(loop)
show(loop, "recursive list")
loop = {}
loop[1] = loop
show(loop, "recursive dict")
holder = Plain()
holder.members = frozenset([holder])
for protocol in range(6):
    again = pickle.loads(pickle.dumps(holder, protocol))
    print(list(again.members)[0] is again, len(pickle.dumps(holder.members, protocol)))


class Sink:
    def __init__(self):
        self.sizes = []

    def write(self, data):
        self.sizes.append((type(data).__name__, len(data)))


for protocol in range(6):
    sink = Sink()
    pickle.dump([b"a" * 100000, "b" * 70000, list(range(40000))], sink, protocol)
    print(protocol, sink.sizes)


class Source:
    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.asked = []

    def read(self, size):
        self.asked.append(size)
        return self.file.read(size)

    def readline(self):
        self.asked.append("line")
        return self.file.readline()


for protocol in range(6):
    source = Source(pickle.dumps([1, "two", 3.0, b"four" * 20000], protocol) + b"rest")
    print(pickle.load(source)[:3], source.asked, source.file.read())
reader = io.BufferedReader(io.BytesIO(pickle.dumps([1, 2]) + pickle.dumps("x" * 300000) + b"rest"))
unpickler = pickle.Unpickler(reader)
print(unpickler.load(), len(unpickler.load()), reader.read())
