# An unhandled exception ends its thread and nothing else.
import sys
import threading

lines = []
class Collect:
    def write(self, text):
        lines.append(text)
    def flush(self):
        pass

def work(n):
    return 1 / n

stderr, sys.stderr = sys.stderr, Collect()
t = threading.Thread(target=work, args=(0,), name="worker")
t.start()
t.join()
u = threading.Thread(target=sys.exit)
u.start()
u.join()
sys.stderr = stderr
text = "".join(lines).splitlines()
print(text[0], "|", text[-1], "|", sum("in work" in line for line in text))
print("main goes on")
