# Compression and decompression at once and in pieces, dictionaries, containers, and what is refused.
import gzip
import zlib


def show(function, *args, **kwargs):
    try:
        print(function.__name__, args, kwargs, function(*args, **kwargs))
    except Exception as error:
        print(function.__name__, args, kwargs, type(error).__name__, error)


data = b"".join(b"line %d of some text\n" % i for i in range(2000))
for wbits in 15, 9, -15, -9, 31, 25:
    for level in -1, 0, 1, 9:
        packed = zlib.compress(data, level, wbits)
        assert zlib.decompress(packed, wbits) == data
        if wbits > 0:
            assert zlib.decompress(packed, 47) == data
print(gzip.decompress(gzip.compress(data)) == data, zlib.decompress(gzip.compress(data), 31) == data)
for strategy in range(5):
    maker = zlib.compressobj(6, 8, -12, 9, strategy)
    assert zlib.decompress(maker.compress(data) + maker.flush(), -12) == data

packed = zlib.compress(b"hello world hello world", 0)
for broken in b"", b"abc", packed[:-5], packed[:-1] + b"\0", b"x\x9c\xff\xff\xff\xff":
    show(zlib.decompress, broken)
print(zlib.decompress(packed + b"more"))
show(zlib.decompress, packed, wbits=99)
show(zlib.decompress, packed, wbits=-15)
show(zlib.decompress, packed, bufsize=-1)
show(zlib.decompress, "text")
show(zlib.compress, b"a", 10)
show(zlib.compress, b"a", wbits=7)
show(zlib.compress)
for args in (10,), (6, 9), (6, 8, 7), (6, 8, 15, 10), (6, 8, 15, 8, 9):
    show(zlib.compressobj, *args)
show(zlib.compressobj, zdict="text")
show(zlib.decompressobj, 99)
show(zlib.decompressobj, 15, 5)
for value in 0, 1, -1, 2**40:
    print(zlib.adler32(b"abc", value), zlib.crc32(b"abc", value))

maker = zlib.compressobj(zdict=b"hello world")
packed = maker.compress(b"hello world hello world") + maker.flush()
for zdict in b"hello world", b"other":
    reader = zlib.decompressobj(zdict=zdict)
    try:
        print(reader.decompress(packed), reader.eof)
    except zlib.error as error:
        print(error)
show(zlib.decompress, packed)
for use in lambda: maker.compress(b"a"), lambda: maker.flush():
    try:
        use()
    except zlib.error as error:
        print(error)

maker = zlib.compressobj()
pieces = [maker.compress(data), maker.flush(zlib.Z_SYNC_FLUSH)]
print(zlib.decompressobj().decompress(b"".join(pieces)) == data, maker.flush(zlib.Z_NO_FLUSH))
pieces += [maker.compress(b"end"), maker.flush(zlib.Z_FULL_FLUSH), maker.flush()]
print(zlib.decompress(b"".join(pieces)) == data + b"end")

packed = zlib.compress(b"hello world " * 50)
reader = zlib.decompressobj()
print(reader.decompress(packed[:5]), reader.eof)
print(reader.decompress(packed[5:], 20), reader.unconsumed_tail != b"", reader.eof)
print(len(reader.flush()), reader.unconsumed_tail, reader.eof)
show(reader.decompress, b"behind")
print(reader.flush())
ended = zlib.decompressobj()
ended.decompress(packed)
print(ended.decompress(b"behind"), ended.unused_data, ended.decompress(b"!"), ended.unused_data, ended.flush())
for length in 0, -1:
    show(reader.flush, length)
show(reader.decompress, b"", -1)

reader = zlib._ZlibDecompressor()
print(reader.decompress(packed, 20), reader.needs_input, reader.eof)
print(reader.decompress(b"", 5), len(reader.decompress(b"tail")), reader.eof, reader.needs_input, reader.unused_data)
try:
    reader.decompress(b"x")
except EOFError as error:
    print(error)
