import json
class P:
    def __init__(self): self.x = 1
loop = []
loop.append(loop)
for action in (
    lambda: json.dumps({1, 2}), lambda: json.dumps(loop), lambda: json.dumps({(1,): 2}),
    lambda: json.dumps(float("nan"), allow_nan=False), lambda: json.dumps(b"x"),
    lambda: json.dumps([1, {"k": object}]), lambda: json.dumps(5, default=5), lambda: json.dumps([P()]),
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, str(error), getattr(error, "__notes__", None))
