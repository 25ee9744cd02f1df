"""Decorators: plain, with arguments, stacked, and their four everyday uses."""

import functools
import time


# A decorator takes a function and returns the one that replaces it.
def shout(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs).upper() + "!"
    return wrapper


@shout
def greet(name):
    """Says hello."""
    return "hello " + name


print("plain:", greet("Tobias"), "| still named", greet.__name__, "|", greet.__doc__)


# With arguments: a function that makes the decorator.
def changecase(upper):
    def decorate(func):
        def wrapper(*args):
            text = func(*args)
            return text.upper() if upper else text.lower()
        return wrapper
    return decorate


@changecase(upper=False)
def quiet():
    return "Hello LINUS"


print("with arguments:", quiet())


# Stacked: the decorator closest to the function works first.
def addgreeting(func):
    def wrapper():
        return "Hello " + func() + " Have a good day!"
    return wrapper


@changecase(upper=True)
@addgreeting
def inner_first():
    return "Tobias"


@addgreeting
@changecase(upper=True)
def outer_first():
    return "Tobias"


print("stacked:", inner_first())
print("the other way round:", outer_first())


# First use: auth checks.
class PermissionDenied(Exception):
    pass


current_user = {"name": "guest", "roles": set()}


def requires(role):
    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            if role not in current_user["roles"]:
                raise PermissionDenied(f"{current_user['name']} may not call {func.__name__}: {role} only")
            return func(*args, **kwargs)
        return wrapper
    return decorate


@requires("admin")
def delete_account(name):
    return f"deleted {name}"


try:
    delete_account("bob")
except PermissionDenied as error:
    print("auth:", error)
current_user.update(name="root", roles={"admin"})
print("auth:", delete_account("bob"))


# Second use: caching.
@functools.lru_cache(maxsize=None)
def ways(coins, amount):
    """In how many ways the coins pay the amount."""
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    return ways(coins, amount - coins[0]) + ways(coins[1:], amount)


print("cache:", ways((50, 20, 10, 5, 2, 1), 200), "ways,", ways.cache_info())


# Third use: validation and logging.
log = []


def logged(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            result = func(*args, **kwargs)
            log.append(f"{func.__name__}{args} -> {result!r}")
            return result
        except Exception as error:
            log.append(f"{func.__name__}{args} raised {type(error).__name__}: {error}")
            raise
        finally:
            assert time.perf_counter() >= start
    return wrapper


def validated(func):
    """Checks the arguments against the annotations."""
    @functools.wraps(func)
    def wrapper(*args):
        for (name, kind), value in zip(func.__annotations__.items(), args):
            if not isinstance(value, kind):
                raise TypeError(f"{name} must be {kind.__name__}, not {type(value).__name__}")
        return func(*args)
    return wrapper


@logged
@validated
def repeat(text: str, times: int):
    return text * times


repeat("ab", 2)
try:
    repeat("ab", "2")
except TypeError:
    pass
for line in log:
    print("log:", line)


# Fourth use: registering routes.
class Router:
    def __init__(self):
        self.routes = {}

    def get(self, path):
        def register(handler):
            self.routes["GET", path] = handler
            return handler
        return register

    def handle(self, method, path, **query):
        handler = self.routes.get((method, path))
        return handler(**query) if handler else "404 Not Found"


app = Router()


@app.get("/")
def index():
    return "welcome"


@app.get("/add")
def add(a, b):
    return int(a) + int(b)


print("routes:", sorted(path for _, path in app.routes))
for request in (("/", {}), ("/add", {"a": "2", "b": "40"}), ("/nowhere", {})):
    print("GET", request[0], "->", app.handle("GET", request[0], **request[1]))
