# xz and lzma streams: containers, checks, filters, and what is refused.
import _lzma
import lzma

data = b"".join(b"line %d of the text\n" % (i * i % 977) for i in range(20000))


def attempt(call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print(result if not isinstance(result, bytes) or len(result) < 60 else len(result))


RAW = [{"id": lzma.FILTER_LZMA2, "preset": 3}]
CHAINS = [
    RAW,
    [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20, "lc": 2, "lp": 1, "pb": 0}],
    [{"id": lzma.FILTER_X86, "start_offset": 16}, {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}],
    [{"id": lzma.FILTER_ARM}, {"id": lzma.FILTER_LZMA2, "mode": lzma.MODE_FAST, "nice_len": 32, "mf": lzma.MF_HC4, "depth": 10}],
]
for chain in CHAINS:
    print(lzma.decompress(lzma.compress(data, lzma.FORMAT_RAW, filters=chain), lzma.FORMAT_RAW, filters=chain) == data)
    print(lzma.decompress(lzma.compress(data, filters=chain)) == data)
lzma1 = [{"id": lzma.FILTER_LZMA1, "preset": 2}]
print(lzma.decompress(lzma.compress(data, lzma.FORMAT_RAW, filters=lzma1), lzma.FORMAT_RAW, filters=lzma1) == data)
print(lzma.decompress(lzma.compress(data, lzma.FORMAT_ALONE, filters=lzma1)) == data)
print(lzma.decompress(lzma.compress(data, lzma.FORMAT_ALONE, preset=1), lzma.FORMAT_ALONE) == data)
for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
    packed = lzma.compress(data, check=check)
    decompressor = lzma.LZMADecompressor()
    print(decompressor.check, decompressor.decompress(packed[:12]), decompressor.check, decompressor.needs_input)
    print(decompressor.decompress(packed[12:] + b"rest") == data, decompressor.eof, decompressor.unused_data)
for number in (0, 1, 2, 4, 10, 11, 16):
    print(number, lzma.is_check_supported(number))
packed = lzma.compress(data, preset=0)
print(packed[:8], lzma.decompress(packed + packed) == data * 2)
decompressor = lzma.LZMADecompressor()
out = [decompressor.decompress(packed, 1000)]
while not decompressor.eof:
    out.append(decompressor.decompress(b"", max_length=1000))
print(b"".join(out) == data, {len(piece) for piece in out[:-2]})
attempt(decompressor.decompress, b"")
decompressor = lzma.LZMADecompressor()
print(b"".join(decompressor.decompress(bytes([byte])) for byte in packed) == data)

compressor = lzma.LZMACompressor()
compressor.compress(b"x")
attempt(lzma.decompress, compressor.flush() or b"")
attempt(compressor.flush)
attempt(compressor.compress, b"")
attempt(lzma.decompress, packed[:-1])
attempt(lzma.decompress, b"no such stream")
attempt(lzma.decompress, packed[:40] + bytes(40) + packed[80:])
attempt(lzma.decompress, packed, lzma.FORMAT_ALONE)
attempt(lzma.decompress, packed, memlimit=100)
attempt(lzma.decompress, b"")
attempt(lzma.LZMACompressor, preset=10)
attempt(lzma.LZMACompressor, lzma.FORMAT_ALONE, preset=10)
attempt(lzma.LZMACompressor, preset="1")
attempt(lzma.LZMACompressor, preset=1, filters=RAW)
attempt(lzma.LZMACompressor, lzma.FORMAT_ALONE, lzma.CHECK_CRC32)
attempt(lzma.LZMACompressor, lzma.FORMAT_ALONE, filters=RAW)
attempt(lzma.LZMACompressor, lzma.FORMAT_RAW)
attempt(lzma.LZMACompressor, 9)
attempt(lzma.LZMADecompressor, lzma.FORMAT_RAW)
attempt(lzma.LZMADecompressor, lzma.FORMAT_RAW, 100, RAW)
attempt(lzma.LZMADecompressor, lzma.FORMAT_XZ, filters=RAW)
attempt(lzma.LZMADecompressor, 9)
for bad in (
    3, [], [3], [{}], [{"id": 99}], [{"id": lzma.FILTER_LZMA2, "nothing": 1}], [{"id": lzma.FILTER_LZMA2, "lc": -1}],
    [{"id": lzma.FILTER_LZMA2, "lc": 5}], [{"id": lzma.FILTER_LZMA2, "preset": 11}], [{"id": lzma.FILTER_DELTA, "dist": 0}],
    [{"id": lzma.FILTER_DELTA, "lc": 0}], [{"id": lzma.FILTER_X86, "dist": 0}], RAW * 5, [{"id": lzma.FILTER_DELTA}], RAW * 2,
    [{"id": lzma.FILTER_LZMA2, "mode": 7}], [{"id": lzma.FILTER_LZMA2, "mf": 7}], [{"id": "x"}],
):
    attempt(lzma.LZMACompressor, lzma.FORMAT_RAW, filters=bad)
for one in (
    {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 1, "lp": 1, "pb": 1}, {"id": lzma.FILTER_LZMA2, "dict_size": 5000},
    {"id": lzma.FILTER_LZMA2, "dict_size": (1 << 20) + 1}, {"id": lzma.FILTER_LZMA2, "dict_size": 0xFFFFFFFF},
    {"id": lzma.FILTER_DELTA, "dist": 256}, {"id": lzma.FILTER_SPARC}, {"id": lzma.FILTER_IA64, "start_offset": 32},
    {"id": lzma.FILTER_LZMA1, "lc": 5}, {"id": lzma.FILTER_DELTA, "dist": 300},
):
    attempt(_lzma._encode_filter_properties, one)
for number, properties in (
    (lzma.FILTER_LZMA1, b"]\0\0\x80\0"), (lzma.FILTER_LZMA2, b"\x14"), (lzma.FILTER_LZMA2, b"\x29"), (lzma.FILTER_DELTA, b"\x03"),
    (lzma.FILTER_X86, b""), (lzma.FILTER_X86, b"\x10\0\0\0"), (lzma.FILTER_X86, b"\0\0\0\0"), (lzma.FILTER_LZMA1, b"\xff\0\0\0\0"),
    (lzma.FILTER_DELTA, b""), (99, b""),
):
    attempt(_lzma._decode_filter_properties, number, properties)
for number in (-1, 2**40, 2**80, 1.5):
    attempt(lzma.LZMACompressor, preset=number)
    attempt(lzma.LZMADecompressor, memlimit=number if number != 2**40 else "x")
    attempt(lzma.LZMACompressor, lzma.FORMAT_RAW, filters=[{"id": number}])
    attempt(_lzma._decode_filter_properties, number, b"")
attempt(lzma.LZMACompressor, lzma.FORMAT_RAW, filters={})
decompressor = lzma.LZMADecompressor()
attempt(decompressor.decompress, b"no stream that there is")
print(decompressor.needs_input, decompressor.eof)
attempt(decompressor.decompress, b"")
