# UUIDs of the time and the machine: never the same twice, in order, and of the right form.
import time
import uuid

before = time.time_ns() // 100 + 0x01B21DD213814000
made = [uuid.uuid1() for _ in range(1000)]
after = time.time_ns() // 100 + 0x01B21DD213814000
print(len(set(made)), {(one.version, one.variant) for one in made}, {one.node for one in made} == {made[0].node})
print(all(first.time < second.time for first, second in zip(made, made[1:])))
print(before - 10_000_000 <= made[0].time, made[-1].time <= after + 10_000_000)
print({type(one.is_safe).__name__ for one in made}, made[0].is_safe in uuid.SafeUUID)
print(uuid.uuid1(node=5, clock_seq=9).fields[3:], uuid.uuid1(node=5).is_safe)
print(0 <= uuid.getnode() < 1 << 48, uuid.getnode() == uuid.getnode())
