//! A keyed hash for names, which are short: multiplication whose halves are folded together.
//!
//! Invariant: each table has a key of its own, so that nobody can write names that collide.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes the hashes of one table.
#[derive(Clone, Debug)]
pub struct NameHash {
    key: u64,
}

impl Default for NameHash {
    fn default() -> NameHash {
        NameHash { key: RandomState::new().hash_one(0) | 1 }
    }
}

impl BuildHasher for NameHash {
    type Hasher = NameHasher;

    #[inline]
    fn build_hasher(&self) -> NameHasher {
        NameHasher { state: self.key, key: self.key }
    }
}

/// The hash of one name.
#[derive(Debug)]
pub struct NameHasher {
    state: u64,
    key: u64,
}

impl NameHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.key ^ 0x9e37_79b9_7f4a_7c15);
        self.state = (product as u64) ^ (product >> 64) as u64 ^ self.key.rotate_left(23);
    }
}

impl Hasher for NameHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last) ^ (bytes.len() as u64).rotate_left(56));
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::NameHash;

    #[test]
    fn names_that_are_alike_hash_differently() {
        let hash = NameHash::default();
        let names: Vec<String> = (0..10_000).map(|number| format!("name{number}")).collect();
        let hashes: HashSet<u64> = names.iter().map(|name| hash.hash_one(name.as_bytes())).collect();
        assert!(hashes.len() > 9_990);
        assert_ne!(hash.hash_one(b"a".as_slice()), hash.hash_one(b"a\0".as_slice()));
    }
}
