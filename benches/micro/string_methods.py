from _best import best


def run(n):
    words = 0
    for _ in range(n):
        line = "  The quick brown fox, jumps over; the lazy dog  "
        words += len(line.strip().replace(",", " ").lower().split())
        line.startswith("  The") and line.find("lazy")
    return words


best("string_methods", run, 60_000)
