# The hashes that are built in: values, copies, parameters and refusals.
import _blake2
import _md5
import _sha1
import _sha2
import _sha3


def show(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
        print(function.__name__, args, kwargs, result.hexdigest() if hasattr(result, "hexdigest") else result)
    except Exception as error:
        print(function.__name__, args, kwargs, type(error).__name__, error)


fixed = [_md5.md5, _sha1.sha1, _sha2.sha224, _sha2.sha256, _sha2.sha384, _sha2.sha512]
fixed += [_sha3.sha3_224, _sha3.sha3_256, _sha3.sha3_384, _sha3.sha3_512, _blake2.blake2b, _blake2.blake2s]
for make in fixed:
    h = make()
    print(h.name, h.digest_size, h.block_size, h.digest() == bytes.fromhex(h.hexdigest()), type(h))
    h.update(b"abc")
    other = h.copy()
    other.update(bytearray(200_000))
    print(h.hexdigest(), other.hexdigest(), make(b"abc").digest() == h.digest())
    show(make, data=b"a")
    show(make, string=b"a", usedforsecurity=False)
    show(make, b"a", string=b"b")
    show(make, "text")
    show(make, 1)
    show(h.update, "text")
    try:
        h.update(memoryview(b"abcd")[::2])
    except BufferError as error:
        print(error)
    show(h.digest, 1)
    try:
        h.name = "x"
    except AttributeError as error:
        print(error)
for make in _sha3.shake_128, _sha3.shake_256:
    h = make(b"abc")
    print(h.name, h.digest_size, h.block_size, h.hexdigest(5), h.digest(length=3), h.digest(0))
    print(h._rate_bits, h._capacity_bits, h._suffix)
    show(h.digest)
    show(h.digest, -1)
    show(h.hexdigest, "x")
for make in _blake2.blake2b, _blake2.blake2s:
    print(make.SALT_SIZE, make.PERSON_SIZE, make.MAX_KEY_SIZE, make.MAX_DIGEST_SIZE)
    for name, values in {
        "digest_size": (0, 1, 20, 32, 64, 65, -1),
        "key": (b"", b"key", b"k" * 33, b"k" * 65, "text"),
        "salt": (b"s", b"s" * 9, b"s" * 17),
        "person": (b"p", b"p" * 9, b"p" * 17),
        "fanout": (0, 2, 255, 256, -1),
        "depth": (0, 2, 255, 256),
        "leaf_size": (4096, 2**32, -1),
        "node_offset": (5, 2**48 - 1, 2**48, 2**64, -1),
        "node_depth": (1, 256, -1),
        "inner_size": (20, 33, 65, -1),
        "last_node": (True,),
    }.items():
        for value in values:
            show(make, b"data", **{name: value})
    try:
        type("Sub", (make,), {})
    except TypeError as error:
        print(error)
