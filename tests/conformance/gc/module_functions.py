import gc
print(gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled())
print(isinstance(gc.get_threshold(), tuple), isinstance(gc.get_count(), tuple), len(gc.get_stats()))
print(sorted(gc.get_stats()[0])[:3], gc.get_debug(), gc.garbage)
class C: pass
c = C()
c.ref = [1]
print(any(o is c for o in gc.get_objects()))
print(any(r is c.ref for r in gc.get_referents(c)) or any(r is vars(c) for r in gc.get_referents(c)))
print(gc.is_tracked([]), gc.is_tracked(5), gc.is_tracked("s"), gc.is_finalized(c), gc.freeze(), gc.unfreeze())
print(gc.get_freeze_count())
calls = []
def callback(phase, info): calls.append(phase)
gc.callbacks.append(callback)
gc.collect()
gc.callbacks.remove(callback)
print(calls[:2])
t = gc.get_threshold()
gc.set_threshold(500, 5, 5)
print(gc.get_threshold()[0])
gc.set_threshold(*t)
