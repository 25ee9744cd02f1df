# Files and sockets that nobody refers to give their descriptors back before descriptors run out.
import resource
import socket
import warnings

warnings.simplefilter("ignore")
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
for _ in range(300):
    text = open(__file__).read()
print(text.startswith("# Files"))
for _ in range(300):
    socket.socket()
print("sockets")
kept = []
try:
    while True:
        kept.append(open(__file__))
except OSError as error:
    print(error.errno, error.strerror)
