# Waiting for descriptors in three ways.
import os
import select

def attempt(f, *args):
    try:
        print(f(*args))
    except (OSError, ValueError, TypeError, OverflowError, KeyError, RuntimeError) as error:
        print(type(error).__name__, error)

reading, writing = os.pipe()
print(select.select([reading], [], [], 0), select.select([], [writing], [], 0)[1] == [writing])
poll = select.poll()
poll.register(reading)
print(poll.poll(0))
with select.epoll() as epoll:
    epoll.register(reading, select.EPOLLIN)
    print(epoll.poll(0))
    os.write(writing, b"x")
    print(epoll.poll() == [(reading, select.EPOLLIN)], epoll.closed)
    attempt(epoll.register, reading)
    attempt(epoll.poll, 0, 0)
    attempt(epoll.poll, "x")
print(epoll.closed, poll.poll() == [(reading, select.POLLIN)], select.select([reading], [], [])[0] == [reading])
attempt(epoll.fileno)
attempt(poll.unregister, 77)
attempt(poll.modify, 77, 1)
attempt(poll.register, "x")
attempt(poll.register, reading, -1)
attempt(poll.poll, "x")
attempt(poll.poll, 1 << 40)
attempt(select.select, 3, [], [], 0)
attempt(select.select, [-1], [], [], 0)
attempt(select.select, [5000], [], [], 0)
attempt(select.select, [], [], [], -1)
attempt(select.select, [], [], [], "x")
attempt(select.select, [1.5], [], [], 0)
attempt(select.epoll, 0)
attempt(select.epoll, 5, 3)
