# A plain dict that is the globals of a busy function, while other threads read and change it.
import threading

SOURCE = """
def read():
    return x, len, y
def write(value):
    global y
    y = value
"""

problems = []


def check(condition, what):
    if not condition:
        problems.append(what)


def readers(space, stop):
    while not stop.is_set():
        check(space["x"] == "x", "subscript")
        check(space.get("x") == "x", "get")
        check(dict(space)["x"] == "x", "copy")
        check("x" in space, "in")
        for key, value in list(space.items()):
            check(type(key) is str, "key")
            check(type(value) in (str, int, dict, type(readers)), f"value {type(value)}")
        other = {"z": 1}
        other.update(space)
        check(other["x"] == "x" and type(other["y"]) is int, "update")
        merged = other | space
        check(merged["x"] == "x", "union")


def writers(space, stop):
    number = 0
    while not stop.is_set():
        number += 1
        space["y"] = number
        space[f"n{number % 5}"] = number
        space.pop(f"n{(number + 2) % 5}", None)
        space.update({"y": number, "m": 3})
        check(space.setdefault("x", "other") == "x", "setdefault")


for _ in range(30):
    space = {"x": "x", "y": 0}
    exec(SOURCE, space)
    stop = threading.Event()
    threads = [threading.Thread(target=target, args=(space, stop)) for target in (readers, readers, writers)]
    for thread in threads:
        thread.start()
    for number in range(3000):
        x, function, y = space["read"]()
        check(x == "x" and function is len and type(y) is int, "globals")
        space["write"](number)
    stop.set()
    for thread in threads:
        thread.join()
print(sorted(set(problems)))
