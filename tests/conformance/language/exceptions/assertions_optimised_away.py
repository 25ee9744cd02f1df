# options: -O
assert False, "never checked"
print(__debug__)
if __debug__:
    print("never printed")
