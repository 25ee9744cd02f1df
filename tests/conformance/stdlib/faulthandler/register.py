# register() makes a signal write the stack of the thread that gets it, or of all threads.
import faulthandler
import os
import re
import signal
import tempfile
import threading


def shown(file):
    file.seek(0)
    text = file.read()
    file.seek(0)
    file.truncate()
    text = re.sub(r"0x[0-9a-f]{16}( \[[^]]*\])?", "0x*", text)
    return "\n".join(line for line in text.split("\n") if "threading.py" not in line)


def send(number):
    os.kill(os.getpid(), number)


file = tempfile.TemporaryFile("w+")
faulthandler.register(signal.SIGUSR1, file, all_threads=False)
send(signal.SIGUSR1)
print(shown(file))

faulthandler.register(signal.SIGUSR1, file)
send(signal.SIGUSR1)
print(shown(file))

print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))

# What was there before is called as well if it is asked for.
calls = []
signal.signal(signal.SIGUSR2, lambda number, frame: calls.append(signal.Signals(number).name))
faulthandler.register(signal.SIGUSR2, file, all_threads=False, chain=True)
send(signal.SIGUSR2)
print(shown(file), calls)
send(signal.SIGUSR2)
print(shown(file).count("Stack"), calls)
faulthandler.register(signal.SIGUSR2, file, all_threads=False)
send(signal.SIGUSR2)
print(shown(file).count("Stack"), calls)
faulthandler.unregister(signal.SIGUSR2)
send(signal.SIGUSR2)
print(repr(shown(file)), calls)

# The signal ends the process, but not before the report.
code = os.fork()
if code == 0:
    faulthandler.register(signal.SIGUSR1, file, all_threads=False, chain=True)
    send(signal.SIGUSR1)
    os._exit(1)
print(os.waitstatus_to_exitcode(os.waitpid(code, 0)[1]), shown(file).count("Stack"))

for number in 0, -1, 65, 100, signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL:
    for function in faulthandler.register, faulthandler.unregister:
        try:
            print(function.__name__, int(number), function(number))
        except (ValueError, RuntimeError, OSError) as error:
            print(function.__name__, int(number), type(error).__name__, error)
