# All threads are traced, from the moment on; what they dropped is forgotten.
import gc
import threading
import tracemalloc

begin, done, leave = threading.Event(), threading.Barrier(4), threading.Event()
kept = {}


def work(number):
    begin.wait()
    for _ in range(300):
        garbage = [str(index) * 10 for index in range(20)]
    kept[number] = bytearray(1000 + number)
    done.wait()
    leave.wait()


threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
tracemalloc.start(2)
begin.set()
done.wait()
print([tracemalloc.get_object_traceback(kept[number])[-1].lineno for number in range(3)])
gc.collect()
print(sum(trace.size > 200 and trace.traceback[-1].lineno == 15 for trace in tracemalloc.take_snapshot().traces) <= 3 * 3)
tracemalloc.stop()
leave.set()
for thread in threads:
    thread.join()
