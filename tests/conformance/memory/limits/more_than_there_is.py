# What no machine has room for is refused with an exception, wherever it is asked for.
import os
import socket
import struct


class Hint:
    def __init__(self, hint):
        self.hint = hint

    def __length_hint__(self):
        return self.hint

    def __iter__(self):
        return iter(())


def attempt(label, action):
    try:
        action()
    except (MemoryError, OverflowError, ValueError) as error:
        print(label, type(error).__name__, error)
    else:
        print(label, "done")


HUGE = 10**17
attempt("list repeat", lambda: [0] * HUGE)
attempt("list repeat, no index", lambda: [0] * 10**19)
attempt("tuple repeat", lambda: (0,) * HUGE)
attempt("str repeat", lambda: "a" * HUGE)
attempt("wide str repeat", lambda: "\u1234" * HUGE)
attempt("bytes repeat", lambda: b"a" * HUGE)
attempt("bytearray repeat", lambda: bytearray(b"a") * HUGE)
attempt("bytes", lambda: bytes(HUGE))
attempt("bytearray", lambda: bytearray(HUGE))
attempt("list of range", lambda: list(range(HUGE)))
attempt("extend by range", lambda: [].extend(range(HUGE)))
attempt("unpacked range", lambda: [*range(HUGE)])
attempt("list of a hint", lambda: list(Hint(10**15)))
attempt("center", lambda: "a".center(HUGE))
attempt("zfill", lambda: b"a".zfill(HUGE))
attempt("format of str", lambda: format("a", ">1000000000000000"))
attempt("format of int", lambda: format(1, "1000000000000000"))
attempt("format of float", lambda: format(1.5, "1000000000000000"))
attempt("to_bytes", lambda: (1).to_bytes(HUGE, "big"))
attempt("shift", lambda: 1 << 10**17)
attempt("replace", lambda: "aaaa".replace("a", "b" * 10**17))
attempt("pack", lambda: struct.pack("%dx" % HUGE))
attempt("urandom", lambda: os.urandom(HUGE))
with open(os.devnull, "rb") as file:
    attempt("read", lambda: file.read(HUGE))
with open(os.devnull) as file:
    attempt("read text", lambda: file.read(HUGE))
one, other = socket.socketpair()
attempt("recv", lambda: one.recv(HUGE))
attempt("recvfrom", lambda: one.recvfrom(HUGE))
one.close()
other.close()
