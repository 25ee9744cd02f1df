from _best import best


def run(n):
    text = ""
    parts = []
    for i in range(n):
        text += "ab"
        parts.append(f"{i}:{text[-2:]}")
    return len(",".join(parts))


best("string_building", run, 100_000)
