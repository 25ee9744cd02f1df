d = {"n": "text"}
d["n"] += 5
