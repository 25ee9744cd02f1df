def parse(text):
    try:
        return int(text)
    except ValueError:
        raise KeyError(text) from None

parse("x1")
