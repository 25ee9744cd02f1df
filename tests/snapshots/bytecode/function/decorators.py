@first
@second(1)
def f(x: int = 0) -> str:
    """Says so.

      indented
    """
    return str(x)
