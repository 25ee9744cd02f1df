class C:
    def __del__(self):
        raise ValueError("in del")

C.__del__.__qualname__ = "C.__del__"
import sys
def hook(info):
    print(type(info.exc_value).__name__, info.exc_value, info.err_msg.split(" at 0x")[0])
sys.unraisablehook = hook
c = C()
del c
import gc
gc.collect()
