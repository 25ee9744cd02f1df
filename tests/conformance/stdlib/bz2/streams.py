# bzip2 streams, whole and piece by piece.
import _bz2
import bz2
import io

data = b"".join(b"line %d of the text\n" % (i * i % 977) for i in range(20000))


def attempt(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


packed = bz2.compress(data)
print(packed[:4], bz2.decompress(packed) == data, bz2.decompress(packed + packed) == data * 2)
print(bz2.decompress(bytes.fromhex(
    "425a68393141592653594eece83600000251800010400006449080200031064c4101a7a9a580bb9431f8bb9229c28482776741b0")))
print(bz2.compress(b"").hex(), bz2.decompress(bz2.compress(b"", 1)))
for level in (1, 9):
    print(level, bz2.decompress(bz2.compress(data, level)) == data, bz2.compress(data, level)[:4])
for level in (0, 10, "1"):
    attempt(_bz2.BZ2Compressor, level)
attempt(_bz2.BZ2Compressor, compresslevel=1)
compressor = _bz2.BZ2Compressor()
pieces = [compressor.compress(data[i : i + 7777]) for i in range(0, len(data), 7777)]
pieces.append(compressor.flush())
print(bz2.decompress(b"".join(pieces)) == data)
attempt(compressor.flush)
attempt(compressor.compress, b"x")
attempt(_bz2.BZ2Compressor().compress, "x")

decompressor = _bz2.BZ2Decompressor()
print(decompressor.eof, decompressor.needs_input, decompressor.unused_data)
out = []
for at in range(0, len(packed), 100):
    out.append(decompressor.decompress(packed[at : at + 100]))
print(b"".join(out) == data, decompressor.eof, decompressor.needs_input)
attempt(decompressor.decompress, b"more")
decompressor = _bz2.BZ2Decompressor()
print(decompressor.decompress(packed + b"rest") == data, decompressor.unused_data)
decompressor = _bz2.BZ2Decompressor()
out = [decompressor.decompress(packed, max_length=1000)]
while not decompressor.eof:
    assert not decompressor.needs_input
    out.append(decompressor.decompress(b"", 1000))
print(b"".join(out) == data, {len(piece) for piece in out[:-2]})
attempt(_bz2.BZ2Decompressor().decompress, b"no such stream")
attempt(_bz2.BZ2Decompressor().decompress, packed[:50] + bytes(50) + packed[100:])
attempt(bz2.decompress, packed[:-3])
attempt(bz2.decompress, b"")
attempt(setattr, decompressor, "eof", 1)
file = io.BytesIO()
with bz2.open(file, "wt") as text:
    text.write("text\n" * 3)
file.seek(0)
print(bz2.open(file, "rt").read().split())
decompressor = _bz2.BZ2Decompressor()
attempt(decompressor.decompress, b"no such stream")
print(decompressor.needs_input, decompressor.eof)
attempt(decompressor.decompress, b"")
