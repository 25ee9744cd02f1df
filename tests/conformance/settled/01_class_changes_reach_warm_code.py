# A function that has warmed up on `o.x` sees every later change of the class.
class Base:
    x = "base"

class Other:
    x = "other"

class C(Base):
    count = 0

def read(o):
    return o.x

def write(o, value):
    o.x = value

def warm(o):
    for _ in range(5000):
        read(o)

o = C()
warm(o)
print(read(o))

C.x = "class attribute"
print(read(o))
o.x = "instance"
warm(o)
print(read(o))

C.x = property(lambda self: "property", lambda self, value: print("setter got", value))
print(read(o))
for _ in range(3):
    write(o, 7)
print(o.__dict__)
del C.x
print(read(o))
del o.x
warm(o)

C.__bases__ = (Other,)
print(read(o))
warm(o)
C.__getattr__ = lambda self, name: "getattr " + name
print(read(o))
del Other.x
print(read(o))
warm(o)
C.__getattribute__ = lambda self, name: "getattribute " + name
print(read(o))
del C.__getattribute__
C.__setattr__ = lambda self, name, value: print("set", name, value)
write(o, 8)
print(read(o))

def bump():
    C.count += 1

for _ in range(5000):
    bump()
print(C.count)

class D:
    def method(self):
        return "first"

d = D()
def call(o):
    return o.method()
for _ in range(5000):
    call(d)
D.method = lambda self: "second"
print(call(d))
d.method = lambda: "own"
print(call(d))
del d.method, D.method
try:
    call(d)
except AttributeError as error:
    print(error)
