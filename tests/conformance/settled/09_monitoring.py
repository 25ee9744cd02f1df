# sys.monitoring: events of one code object, switched on and off while it is warm.
import sys

def work(n):
    total = 0
    for i in range(n):
        total += i
    return total

work(3000)
mon = sys.monitoring
mon.use_tool_id(4, "example")
seen = []
mon.register_callback(4, mon.events.PY_START, lambda code, offset: seen.append(("start", code.co_name)))
mon.register_callback(4, mon.events.PY_RETURN, lambda code, offset, value: seen.append(("return", value)))
mon.set_local_events(4, work.__code__, mon.events.PY_START | mon.events.PY_RETURN)
work(4)
work(5)
print(seen)
mon.set_local_events(4, work.__code__, mon.events.NO_EVENTS)
work(6)
print(len(seen), mon.get_tool(4))
mon.free_tool_id(4)
print(mon.get_tool(4))
