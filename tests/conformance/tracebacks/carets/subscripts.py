data = {"a": {"b": [1, 2, {"c": None}]}}
print(data["a"]["b"][2]["c"]["d"])
