# Functions in functions in functions end in MemoryError, however many there are.
for count in (10, 900, 20_000, 200_000):
    try:
        function = eval("lambda: " * count + "1")
    except MemoryError as error:
        print(count, "MemoryError", error)
    else:
        print(count, function().__name__)
