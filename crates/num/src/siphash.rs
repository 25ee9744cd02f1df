//! The keyed hash of str and bytes, SipHash-1-3, and its key from `PYTHONHASHSEED`. CPython: `siphash13` of
//! `Python/pyhash.c`, `lcg_urandom` of `Python/bootstrap_hash.c`.
//!
//! Invariant: for a fixed seed the hashes are CPython's, bit for bit.

/// The process's 128-bit hash key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashKey {
    k0: u64,
    k1: u64,
}

impl HashKey {
    /// The key of 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> HashKey {
        let whole = u128::from_le_bytes(bytes);
        HashKey { k0: whole as u64, k1: (whole >> 64) as u64 }
    }

    /// The key of `PYTHONHASHSEED=seed`; zero turns the key off.
    pub fn from_seed(seed: u32) -> HashKey {
        if seed == 0 {
            return HashKey { k0: 0, k1: 0 };
        }
        let mut state = seed;
        HashKey::from_bytes(std::array::from_fn(|_| {
            state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
            (state >> 16) as u8
        }))
    }

    /// `hash(bytes)`; a str is hashed by its code units of 1, 2 or 4 little-endian bytes, the fewest that hold it.
    pub fn hash_bytes(self, bytes: &[u8]) -> i64 {
        if bytes.is_empty() {
            return 0;
        }
        match siphash13(self, bytes) as i64 {
            -1 => -2,
            hash => hash,
        }
    }
}

struct State([u64; 4]);

impl State {
    #[inline]
    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v2 = v2.wrapping_add(*v3);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.rotate_left(32);
        *v2 = v2.wrapping_add(*v1);
        *v0 = v0.wrapping_add(*v3);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.rotate_left(32);
    }

    #[inline]
    fn absorb(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.0[0] ^= word;
    }
}

/// SipHash with one round per word and three at the end.
pub fn siphash13(key: HashKey, bytes: &[u8]) -> u64 {
    let mut state = State([
        key.k0 ^ 0x736f_6d65_7073_6575,
        key.k1 ^ 0x646f_7261_6e64_6f6d,
        key.k0 ^ 0x6c79_6765_6e65_7261,
        key.k1 ^ 0x7465_6462_7974_6573,
    ]);
    let (words, tail) = bytes.as_chunks::<8>();
    for word in words {
        state.absorb(u64::from_le_bytes(*word));
    }
    let mut last = [0u8; 8];
    last[..tail.len()].copy_from_slice(tail);
    state.absorb(u64::from_le_bytes(last) | (bytes.len() as u64) << 56);
    state.0[2] ^= 0xff;
    for _ in 0..3 {
        state.round();
    }
    state.0.iter().fold(0, |hash, word| hash ^ word)
}

#[cfg(test)]
mod tests {
    use super::*;

    // PYTHONHASHSEED=0 python3.14 -c "print(*map(hash, ['', 'a', 'hello', 'hello world, again', 'h\u20ac', b'\0' * 8]))"
    // and the same with PYTHONHASHSEED=123.
    #[test]
    fn known_seeds() {
        let texts: [&[u8]; 6] = [b"", b"a", b"hello", b"hello world, again", &[0x68, 0, 0xac, 0x20], &[0; 8]];
        let seed_0 = [
            0,
            4644417185603328019,
            -2096571579003691106,
            -6242103793114032656,
            7460940041379360941,
            -4800647303603446203,
        ];
        let seed_123 = [
            0,
            -4226623170815027173,
            -3279083332786498951,
            7577074865816153847,
            -1186858193506258428,
            -5276511380975181892,
        ];
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(HashKey::from_seed(0).hash_bytes(text), seed_0[index]);
            assert_eq!(HashKey::from_seed(123).hash_bytes(text), seed_123[index]);
        }
    }
}
