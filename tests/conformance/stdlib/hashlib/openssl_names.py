# What hashlib and hmac take from _hashlib: hashes and codes by name, keys from passwords, and what is refused.
import _hashlib
import hashlib
import hmac


def attempt(function, *args, **keywords):
    try:
        print(repr(function(*args, **keywords)))
    except BaseException as error:
        print([c.__name__ for c in type(error).__mro__[:3]], error.args)


def shown(value):
    """Without the address."""
    return str(value).partition(' @ ')[0]


h = _hashlib.new('sha256', b'abc')
print(shown(h), h.name, h.block_size, h.digest_size, shown(h.copy()))
attempt(_hashlib.new, 'foo')
attempt(_hashlib.new)
attempt(_hashlib.new, 1)
for data in ('a', 1):
    attempt(_hashlib.new, 'sha256', data)
    attempt(h.update, data)
attempt(_hashlib.new, 'sha256', b'a', string=b'b')
attempt(_hashlib.openssl_sha256, b'a', string=b'c')
attempt(lambda: _hashlib.openssl_sha256(string=b'c').hexdigest())
attempt(_hashlib.HASH)
attempt(_hashlib.HMAC)
copy = h.copy()
copy.update(b'more')
print(h.hexdigest(), copy.hexdigest())

x = _hashlib.new('shake_128', b'')
print(shown(x), x.digest_size, x.block_size, x.name)
attempt(x.digest)
for length in (-1, 0, 4, 'a'):
    attempt(x.digest, length)
    attempt(x.hexdigest, length)
attempt(x.digest, length=3)

new = _hashlib.hmac_new
m = new(b'k', b'm', 'sha256')
print(shown(m), m.name, m.block_size, m.digest_size, m.hexdigest(), shown(m.copy()))
attempt(new, b'k')
attempt(new, b'k', b'm', 'foo')
attempt(m.update, 'a')
attempt(new, 'k', digestmod='sha256')
for digest in (_hashlib.openssl_sha256, hashlib.sha3_256, int, 1, 'shake_128', 'SHA512'):
    attempt(lambda: new(b'k', b'm', digest).name)
attempt(lambda: new(b'k', None, 'md5').hexdigest())
attempt(lambda: new(b'k' * 200, b'm', 'sha384').hexdigest())
digest = _hashlib.hmac_digest
attempt(digest, b'k', b'm', 'sha1')
attempt(digest, b'k', b'm', 'foo')
attempt(digest, 'k', b'm', 'sha1')
attempt(digest, b'k', b'm', 'shake_128')
print(hmac.new(b'key', b'msg', 'sha1').hexdigest(), hmac.digest(b'key', b'msg', 'sha512').hex()[:20])

derive = hashlib.pbkdf2_hmac
for args in [('sha256', b'p', b's', 1000), ('sha1', b'p', b's', 1, 10), ('blake2b512', b'p', b's', 3, 10),
             ('blake2s', b'p', b's', 3, 100), ('sha3_256', b'p' * 200, b's', 3, 100), ('sm3', b'p', b's', 2),
             ('foo', b'p', b's', 1), (1, b'p', b's', 1), ('sha1', 'p', b's', 1), ('sha1', b'p', 's', 1),
             ('sha1', b'p', b's', 0), ('sha1', b'p', b's', -1), ('sha1', b'p', b's', 2**40),
             ('sha1', b'p', b's', 1, 0), ('sha1', b'p', b's', 1, -1), ('sha1', b'p', b's', 1, 2**40)]:
    attempt(derive, *args)

good = {'salt': b's', 'n': 2, 'r': 8, 'p': 1}
attempt(hashlib.scrypt, b'p', **good)
attempt(hashlib.scrypt, b'p', salt=b's', n=16, r=8, p=2, dklen=100)
attempt(hashlib.scrypt, 'p', **good)
attempt(hashlib.scrypt, b'p')
attempt(hashlib.scrypt, b'p', salt=b's')
for change in [{'n': 3}, {'n': 1}, {'n': -2}, {'n': 'a'}, {'n': 2.0}, {'n': 2**20}, {'r': 0}, {'p': 0}, {'p': 2**30}, {'salt': 's'},
               {'salt': None}, {'maxmem': -1}, {'maxmem': 100}, {'maxmem': 2**31}, {'dklen': 0}, {'dklen': 2**31}]:
    attempt(hashlib.scrypt, b'p', **(good | change))

attempt(_hashlib.compare_digest, '\u20ac', 'a')
attempt(_hashlib.compare_digest, 'a', 'a')
attempt(_hashlib.compare_digest, b'a', bytearray(b'b'))
attempt(_hashlib.compare_digest, 1, 2)
attempt(_hashlib.get_fips_mode)
print(hashlib.sha256, hashlib.sha3_256, hashlib.blake2b, sorted(hashlib.algorithms_available))
for name in sorted(_hashlib.openssl_md_meth_names):
    h = _hashlib.new(name, b'abc')
    print(shown(h), h.name, h.block_size, h.digest_size, h.hexdigest(*[5][:not h.digest_size]))
print(len(_hashlib._constructors), type(_hashlib._constructors).__name__, _hashlib._constructors[_hashlib.openssl_md5])
for name in ('SHA256', 'sha3-256', 'RIPEMD160', 'BLAKE2b512', 'shake128'):
    attempt(lambda: _hashlib.new(name).name)
