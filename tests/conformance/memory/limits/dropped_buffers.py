# Buffers that are dropped make room for new ones, however many there were before.
import array
import resource


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


before = megabytes()
for _ in range(20_000):
    bytearray(100_000)
    array.array('B', bytes(100_000))
    grown = bytearray()
    grown.extend(bytes(50_000))
print(megabytes() - before < 500)
