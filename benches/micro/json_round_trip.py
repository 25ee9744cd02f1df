import json
from _best import best

DATA = [{"id": i, "name": f"name {i}", "values": [i / 7, None, True], "nested": {"k": "v" * 10}} for i in range(1000)]


def run():
    json.loads(json.dumps(DATA))


best("json_round_trip", run)
