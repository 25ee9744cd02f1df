try:
    assert 1 + 1 == 3
except AssertionError as error:
    print(repr(error))
try:
    assert [], "message " + "made"
except AssertionError as error:
    print(repr(error))
assert (True), "fine"
print(__debug__)
def costly():
    print("evaluated only on failure")
    return "m"
assert True, costly()
try:
    assert False, costly()
except AssertionError as error:
    print(error)
