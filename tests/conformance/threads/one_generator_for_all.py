# A generator that several threads advance: each gets a value, or is told that another one is at it.
import threading


def numbers(count):
    for number in range(count):
        yield number


def pairs(count):
    yield from zip(range(count), numbers(count))


def advance(generator, got, unexpected):
    while True:
        try:
            got.append(next(generator))
        except StopIteration:
            return
        except ValueError as error:
            if str(error) != "generator already executing":
                unexpected.append(error)


def share(generator, count):
    parts = [[] for _ in range(4)]
    unexpected = []
    threads = [threading.Thread(target=advance, args=(generator, part, unexpected)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    values = sorted(value for part in parts for value in part)
    return len(values), values == count, all(part == sorted(part) for part in parts), unexpected


COUNT = 20_000
print(share(numbers(COUNT), list(range(COUNT))))
print(share(pairs(COUNT), [(n, n) for n in range(COUNT)]))
print(share((n for n in numbers(COUNT)), list(range(COUNT))))

# A value that is sent arrives, and what is thrown is seen by whoever threw it.
def echo():
    got = None
    while True:
        try:
            got = yield got
        except KeyError as error:
            got = error


def send(generator, name, wrong):
    for number in range(5_000):
        try:
            if number % 3:
                sent = (name, number)
                if generator.send(sent) is not sent:
                    wrong.append(sent)
            else:
                sent = KeyError(name)
                if generator.throw(sent) is not sent:
                    wrong.append(sent)
        except ValueError as error:
            if str(error) != "generator already executing":
                wrong.append(error)


shared, wrong = echo(), []
next(shared)
threads = [threading.Thread(target=send, args=(shared, name, wrong)) for name in "abc"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(wrong)
