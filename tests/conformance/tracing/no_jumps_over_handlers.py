"""A try statement that nothing disturbs reports no jump."""
import sys

E = sys.monitoring.events
seen = []
sys.monitoring.use_tool_id(3, "jumps")
for name in ("JUMP", "PY_START", "PY_RETURN"):
    sys.monitoring.register_callback(3, getattr(E, name), lambda *args, name=name: seen.append(name))


def called():
    pass


def tries():
    try:
        called()
    except:
        pass
    called()


sys.monitoring.set_events(3, E.JUMP | E.PY_START | E.PY_RETURN)
tries()
sys.monitoring.set_events(3, 0)
print(seen)
sys.monitoring.free_tool_id(3)
