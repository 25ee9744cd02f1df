import statistics, hashlib, base64, binascii, zlib, secrets, uuid
print(statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3]), statistics.mode("aab"), statistics.quantiles([1, 2, 3, 4], n=4), statistics.fmean([1.5, 2.5]), statistics.linear_regression([1, 2, 3], [2, 4, 6]))
print(hashlib.md5(b"x").hexdigest(), hashlib.sha256(b"hello").hexdigest(), hashlib.sha1().hexdigest(), hashlib.new("sha512", b"a").hexdigest()[:20], hashlib.blake2b(b"x", digest_size=8).hexdigest(), hashlib.sha3_256(b"").hexdigest()[:16])
print(base64.b64encode(b"hello\xff"), base64.b64decode("aGVsbG8="), base64.urlsafe_b64encode(b"\xfb\xff"), base64.b32encode(b"hi"), binascii.hexlify(b"ab"), binascii.unhexlify("6162"), binascii.crc32(b"hello"), zlib.crc32(b"hello"), zlib.decompress(zlib.compress(b"data" * 100)) == b"data" * 100, zlib.adler32(b"x"))
print(len(secrets.token_hex(8)), uuid.UUID(int=5), uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"), uuid.uuid4().version)
for action in (lambda: base64.b64decode("a"), lambda: binascii.unhexlify("abc"), lambda: statistics.mean([]), lambda: hashlib.new("nope"), lambda: zlib.decompress(b"x"), lambda: uuid.UUID("x"), lambda: hashlib.md5("str")):
    try:
        action()
    except (ValueError, TypeError, zlib.error, statistics.StatisticsError) as error:
        print(type(error).__name__, error)
