# Frame objects may be read while the thread that runs the frame goes on, returns and reuses the stack.
import sys
import threading

frames = []
done = threading.Event()
unexpected = []


def deep(depth, first, second):
    frames[:] = [sys._getframe()]
    third = [first, second]
    if depth:
        return deep(depth - 1, third, second)
    return first


def rounds(value):
    frames[:] = [sys._getframe()]
    yield value
    yield [value]


def run():
    for number in range(3_000):
        deep(number % 12, number, "text")
        for value in rounds(number):
            value


def look():
    try:
        while not done.is_set():
            for frame in list(frames):
                while frame is not None:
                    name = frame.f_code.co_name
                    line, instruction, values = frame.f_lineno, frame.f_lasti, dict(frame.f_locals)
                    if name == "deep" and not 9 < line < 17:
                        unexpected.append((name, line))
                    if name == "deep" and values.get("second", "text") != "text":
                        unexpected.append(values)
                    if name == "rounds" and type(values.get("value", 0)) is not int:
                        unexpected.append(values)
                    frame.f_globals, frame.f_builtins, frame.f_trace
                    frame = frame.f_back
            for frame in sys._current_frames().values():
                frame.f_lineno, dict(frame.f_locals), frame.f_back
    except BaseException as error:
        unexpected.append(error)


runners = [threading.Thread(target=run) for _ in range(2)]
lookers = [threading.Thread(target=look) for _ in range(2)]
for thread in runners + lookers:
    thread.start()
for thread in runners:
    thread.join()
done.set()
for thread in lookers:
    thread.join()
print(unexpected)
