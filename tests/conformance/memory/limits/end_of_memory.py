# A program that uses memory up gets a MemoryError, can let go of what it has, and goes on.
import resource
import sys

LIMIT = 1 << 30
if len(sys.argv) == 1:
    import subprocess

    def lower():
        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))

    print(subprocess.run([sys.executable, __file__, "child"], preexec_fn=lower).returncode)
    sys.exit()


class Node:
    pass


def lists():
    kept = []
    try:
        while True:
            kept.append([kept, len(kept)])
    except MemoryError:
        kept.clear()


def dicts():
    kept = {}
    try:
        while True:
            kept[len(kept)] = str(len(kept))
    except MemoryError:
        kept.clear()


def nodes():
    last = None
    try:
        while True:
            node = Node()
            node.next = last
            last = node
    except MemoryError:
        # One by one: the chain is longer than the stack is deep.
        node = None
        while last is not None:
            last = last.next


def doubled():
    text = "ab"
    try:
        while True:
            text += text
    except MemoryError:
        text = None


def ends(action):
    def run():
        try:
            action()
        except MemoryError:
            pass
        else:
            print("no MemoryError")

    run.__name__ = action.__name__
    return run


@ends
def listed():
    return [str(number) for number in range(10**17)]


@ends
def mapped():
    return {number: [number] for number in range(10**17)}


@ends
def unpacked():
    return [*map(str, range(10**17))]


@ends
def joined():
    part = "x" * (LIMIT // 16)
    return "".join([part] * 1000)


@ends
def formatted():
    part = "x" * (LIMIT // 4)
    return f"{part}-{part}-{part}-{part}"


for eat in (lists, dicts, nodes, doubled, listed, mapped, unpacked, joined, formatted):
    eat()
    print(eat.__name__)
    sys.stdout.flush()
