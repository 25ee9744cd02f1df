def f(x):
    return (
        x
        + 1
        + (
            x / 0
        )
    )

f(5)
