from __future__ import annotations as _unused
def f(a: int, b: "str" = "x", *c: list[int], d: dict[str, int] | None = None, **e: undefined) -> nothing_known:
    pass
print(f.__annotations__)
