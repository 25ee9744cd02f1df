a = {"x": 4, "y": 0}
total = 1 + a["x"] / a["y"] + 3
