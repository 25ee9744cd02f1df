import statistics, hashlib, base64, binascii, zlib, secrets, uuid
for action in (
    lambda: base64.b64decode("a"), lambda: binascii.unhexlify("abc"), lambda: statistics.mean([]),
    lambda: hashlib.new("nope"), lambda: zlib.decompress(b"x"), lambda: uuid.UUID("x"),
    lambda: hashlib.md5("str"),
):
    try:
        action()
    except (ValueError, TypeError, zlib.error, statistics.StatisticsError) as error:
        print(type(error).__name__, error)
