with open("f.txt", "w") as f:
    f.write("text")
for action in (
    lambda: open("nope.txt"), lambda: open("f.txt", "q"), lambda: open("f.txt", "rw"),
    lambda: open("f.txt", "rb", encoding="utf-8"), lambda: open("f.txt", "x"), lambda: f.read(),
    lambda: open(""), lambda: open(1.5), lambda: open("f.txt", buffering=0), lambda: open("a\0b"),
    lambda: open("f.txt", "b"), lambda: open("f.txt", encoding="nope"),
):
    try:
        action()
    except (OSError, ValueError, TypeError, LookupError) as error:
        print(type(error).__name__, error)
