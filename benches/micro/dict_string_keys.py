from _best import best


def run(n):
    keys = [f"key{i}" for i in range(100)]
    d = dict.fromkeys(keys, 0)
    for _ in range(n):
        for k in keys:
            d[k] += 1
    return d["key5"]


best("dict_string_keys", run, 3000)
