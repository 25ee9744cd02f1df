# gc.disable() stops the cycle collector as the user sees it, never the reclaiming of garbage.
import gc

print(gc.isenabled())
gc.disable()
print(gc.isenabled())
total = 0
for i in range(16000):
    block = bytes(1 << 20)
    total += len(block)
print(total >> 30, "GiB went by")
lists = 0
for i in range(300000):
    lists += len([i] * 10)
print(lists)
gc.enable()
print(gc.isenabled())
