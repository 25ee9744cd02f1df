# Natives import what they need at first use: all threads that come at once wait until the module is there.
import threading

errors, results = [], []
barrier = threading.Barrier(8)


def work(number):
    barrier.wait()
    try:
        results.append(b"caf\xe9".decode("cp1252"))
        results.append("bücher.example".encode("idna"))
        results.append("a".encode("utf-7"))
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")


def fails():
    barrier.wait()
    raise ValueError("in a thread")


threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(errors, sorted(set(map(str, results))), len(results))

import contextlib
import io

with contextlib.redirect_stderr(io.StringIO()) as stderr:
    threads = [threading.Thread(target=fails) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(stderr.getvalue().count("ValueError: in a thread"), "partially" in stderr.getvalue())
