import functools

def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        result = f(*args, **kwargs)
        print(f.__name__, args, kwargs, "->", result)
        return result
    return wrapper

@logged
def add(a, b: int = 1) -> int:
    """Adds."""
    return a + b

add(1)
add(1, b=5)
print(add.__name__, add.__doc__, add.__wrapped__(1, 1), add.__annotations__)
import inspect
print(inspect.signature(add))
