import threading, time
def forever():
    while True:
        time.sleep(0.01)
threading.Thread(target=forever, daemon=True).start()
def late():
    time.sleep(0.05)
    print("a plain thread is waited for")
threading.Thread(target=late).start()
import atexit
atexit.register(print, "atexit comes last")
print("main is done")
