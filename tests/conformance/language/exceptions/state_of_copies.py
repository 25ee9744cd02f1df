# The attributes of an exception survive pickling and copying, once each, whatever strings name them.
import copy
import pickle


class Refusal(ValueError):
    def __init__(self, *args, source=None, span=None):
        super().__init__(*args)
        self.source = source
        self.span = span


error = Refusal("m", source="s", span=(1, 2))
print(error.__reduce__())
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    again = pickle.loads(pickle.dumps(error, protocol))
    print(protocol, again.args, again.source, again.span, again.__dict__)
print(copy.copy(error).__dict__, copy.deepcopy(error).__dict__)

error.__setstate__({"".join(["sou", "rce"]): 5})
print(error.__dict__, error.source)
print(error.__setstate__(None))
for state in 1, {1: 2}:
    try:
        error.__setstate__(state)
    except TypeError as refused:
        print(refused)

missing = ImportError("m", name="n", path="p")
missing.__setstate__({"".join(["na", "me"]): "k", "more": 1})
print(missing.name, missing.__dict__)
