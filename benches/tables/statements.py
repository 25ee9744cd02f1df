"""What programs say most often: calls of built-in functions and methods, formats, short displays."""

import io
import struct
import sys

from _timed import timed


class Point:
    def __init__(self):
        self.x = 1

    def move(self):
        return self


STATEMENTS = [
    ("len", "len(items)"),
    ("isinstance", "isinstance(i, int)"),
    ("getattr", "getattr(point, 'x')"),
    ("getattr_default", "getattr(point, 'z', None)"),
    ("hasattr", "hasattr(point, 'z')"),
    ("setattr", "setattr(point, 'x', 2)"),
    ("method", "point.move()"),
    ("create", "Point()"),
    ("type", "type(i)"),
    ("repr_int", "repr(i)"),
    ("str_int", "str(i)"),
    ("int_str", "int('123')"),
    ("float_str", "float('1.5')"),
    ("str_float", "str(x)"),
    ("round_2", "round(x, 2)"),
    ("round", "round(x)"),
    ("divmod", "divmod(i, 7)"),
    ("abs", "abs(x)"),
    ("min_2", "min(i, 3)"),
    ("max_list", "max(items)"),
    ("sum_list", "sum(items)"),
    ("sorted", "sorted(items)"),
    ("reversed", "list(reversed(items))"),
    ("enumerate", "for k, v in enumerate(items): pass"),
    ("zip", "for k, v in zip(items, items): pass"),
    ("map", "list(map(str, items))"),
    ("filter", "list(filter(None, items))"),
    ("any_genexpr", "any(n > 50 for n in items)"),
    ("all_genexpr", "all(n >= 0 for n in items)"),
    ("range_list", "list(range(20))"),
    ("tuple_list", "tuple(items)"),
    ("set_list", "set(items)"),
    ("list_tuple", "list(pair)"),
    ("dict_zip", "dict(zip(items, items))"),
    ("dict_items", "for k, v in table.items(): pass"),
    ("dict_get", "table.get('b')"),
    ("dict_setdefault", "table.setdefault('b', 1)"),
    ("dict_copy", "table.copy()"),
    ("dict_update", "table.update(other)"),
    ("dict_display", "{'a': i, 'b': 2}"),
    ("dict_comprehension", "{n: n for n in items}"),
    ("list_comprehension", "[n + 1 for n in items]"),
    ("list_append_pop", "items.append(1); items.pop()"),
    ("list_slice", "items[2:8]"),
    ("list_index", "items.index(9)"),
    ("list_in", "9 in items"),
    ("list_concat", "items + items"),
    ("list_repeat", "[0] * 20"),
    ("list_extend", "out = []; out.extend(items)"),
    ("set_in", "9 in unique"),
    ("set_and", "unique & unique"),
    ("tuple_unpack", "first, second = pair"),
    ("str_concat", "word + text"),
    ("str_join", "','.join(words)"),
    ("str_split", "text.split()"),
    ("str_split_comma", "'a,b,c,d'.split(',')"),
    ("str_replace", "text.replace('a', 'b')"),
    ("str_find", "text.find('dog')"),
    ("str_in", "'dog' in text"),
    ("str_startswith", "text.startswith('the')"),
    ("str_strip", "'  word  '.strip()"),
    ("str_upper", "text.upper()"),
    ("str_lower", "word.lower()"),
    ("str_isdigit", "word.isdigit()"),
    ("str_slice", "text[2:9]"),
    ("str_index", "text[3]"),
    ("str_iterate", "for c in word: pass"),
    ("str_compare", "word < text"),
    ("str_hash", "hash(word)"),
    ("str_encode", "text.encode()"),
    ("str_splitlines", "lines.splitlines()"),
    ("str_partition", "text.partition(' ')"),
    ("str_zfill", "word.zfill(10)"),
    ("str_title", "word.title()"),
    ("bytes_decode", "data.decode()"),
    ("bytes_slice", "data[2:9]"),
    ("bytes_join", "b','.join(parts)"),
    ("ord_chr", "chr(ord('a') + 1)"),
    ("fstring", "f'{i} {word}'"),
    ("fstring_repr", "f'{word!r}'"),
    ("fstring_2f", "f'{x:.2f}'"),
    ("fstring_width", "f'{word:>10}'"),
    ("fstring_comma", "f'{i:,}'"),
    ("fstring_05d", "f'{i:05d}'"),
    ("percent", "'%s %d' % (word, i)"),
    ("percent_2f", "'%.2f' % x"),
    ("format", "'{} {}'.format(word, i)"),
    ("format_names", "'{a} {b:>5}'.format(a=word, b=i)"),
    ("print", "print(i, word, file=sink)"),
    ("write", "sink.write(word)"),
    ("stringio", "s = io.StringIO(); s.write(word); s.getvalue()"),
    ("struct_pack", "struct.pack('<IHb', 1, 2, 3)"),
    ("struct_unpack", "struct.unpack('<IHb', data[:7])"),
    ("raise_catch", "try: raise ValueError\n  except ValueError: pass"),
    ("try_index", "try: items[99]\n  except IndexError: pass"),
    ("with", "with manager: pass"),
    ("lambda", "(lambda v: v)(i)"),
    ("star_call", "takes(*pair)"),
    ("keyword_call", "takes(a=1, b=2)"),
    ("nested_function", "def inner(): return i"),
    ("class_statement", "class Inner: pass"),
    ("int_float_add", "i + x"),
    ("float_pow", "x ** 2"),
    ("int_pow", "i ** 2"),
    ("global_statement", "import sys"),
]


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False


def takes(a, b):
    return a


names = {
    "items": [(n * 7) % 20 for n in range(20)],
    "i": 12345,
    "x": 3.14159,
    "point": Point(),
    "Point": Point,
    "pair": (1, 2),
    "table": {"a": 1, "b": 2, "c": 3},
    "other": {"b": 3, "d": 4},
    "unique": set(range(20)),
    "word": "hello",
    "text": "the quick brown fox jumps over the lazy dog",
    "lines": "one\ntwo\nthree\n",
    "words": ["alpha", "beta", "gamma", "delta"],
    "data": b"the quick brown fox",
    "parts": [b"alpha", b"beta"],
    "sink": open("/dev/null", "w"),
    "io": io,
    "struct": struct,
    "manager": Manager(),
    "takes": takes,
    "sys": sys,
}
for name, statement in STATEMENTS:
    timed(name, statement, names)
