# A class that is made while one of its bases gets other bases has the MRO of the new ones.
import threading


class First:
    pass


class Second:
    pass


class Base(First):
    pass


made = []


def make():
    for _ in range(400):
        made.append(type("Derived", (Base,), {}))


makers = [threading.Thread(target=make) for _ in range(2)]
for thread in makers:
    thread.start()
number = 0
while any(thread.is_alive() for thread in makers):
    Base.__bases__ = (Second,) if number % 2 else (First,)
    number += 1
for thread in makers:
    thread.join()
print({cls.__mro__[1:] for cls in made} == {Base.__mro__}, len(made))
