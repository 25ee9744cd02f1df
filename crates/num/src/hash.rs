//! Hashes of numbers, tuples, sets and addresses. CPython: `Python/pyhash.c`, `long_hash`, `tuple_hash`,
//! `frozenset_hash_impl`.
//!
//! Invariant: numbers that compare equal hash equal whatever their type, and no hash is -1.

use crate::bigint::{IntRef, decompose};

/// Numeric hashes are residues modulo this prime, 2^61 - 1.
pub const MODULUS: u64 = (1 << 61) - 1;
/// The hash of positive infinity.
pub const INFINITY: i64 = 314_159;
/// What the imaginary part's hash is multiplied by.
pub const IMAGINARY: u64 = 1_000_003;

/// -1 stands for an error in CPython's C functions, so it is no hash.
#[inline]
fn avoid_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// `hash(value)` of a small integer.
#[inline]
pub fn hash_i64(value: i64) -> i64 {
    // Most are smaller: a division takes longer than all the rest.
    let magnitude = value.unsigned_abs();
    let residue = (if magnitude < MODULUS { magnitude } else { magnitude % MODULUS }) as i64;
    avoid_minus_one(if value < 0 { -residue } else { residue })
}

/// `hash(value)` of any integer.
pub fn hash_int(value: IntRef<'_>) -> i64 {
    // 2^64 is 8 modulo 2^61 - 1, and multiplying by 8 rotates 61 bits.
    let residue = value.limbs.iter().rev().fold(0u64, |hash, &limb| {
        let shifted = ((hash << 3) & MODULUS) | (hash >> 58);
        let sum = shifted + (limb & MODULUS) + (limb >> 61);
        (sum & MODULUS) + (sum >> 61)
    });
    let residue = if residue >= MODULUS { residue - MODULUS } else { residue };
    avoid_minus_one(if value.negative { -(residue as i64) } else { residue as i64 })
}

/// `hash(x)`; None for a not-a-number, which hashes by its address.
pub fn hash_f64(x: f64) -> Option<i64> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { INFINITY } else { -INFINITY });
    }
    let (mantissa, exponent) = decompose(x);
    // Multiplying by 2^e modulo 2^61 - 1 rotates 61 bits.
    let turn = exponent.rem_euclid(61) as u32;
    let residue = mantissa % MODULUS;
    let rotated = if turn == 0 { residue } else { ((residue << turn) & MODULUS) | (residue >> (61 - turn)) };
    let hash = if rotated == MODULUS { 0 } else { rotated as i64 };
    Some(avoid_minus_one(if x < 0.0 { -hash } else { hash }))
}

/// `hash(z)` from the hashes of its parts.
pub fn hash_complex(real: i64, imaginary: i64) -> i64 {
    avoid_minus_one((real as u64).wrapping_add(IMAGINARY.wrapping_mul(imaginary as u64)) as i64)
}

/// The hash of an object without `__hash__` of its own.
#[inline]
pub fn hash_pointer(address: usize) -> i64 {
    // Low bits are mostly zero by alignment; bring them to the top.
    avoid_minus_one(address.rotate_right(4) as i64)
}

/// Combines the hashes of a tuple's items.
#[derive(Debug, Clone)]
pub struct TupleHasher {
    state: u64,
    length: u64,
}

const XX_PRIME_1: u64 = 11_400_714_785_074_694_791;
const XX_PRIME_2: u64 = 14_029_467_366_897_019_727;
const XX_PRIME_5: u64 = 2_870_177_450_012_600_261;

impl TupleHasher {
    /// An empty tuple's state.
    #[expect(clippy::new_without_default, reason = "a hasher is started on purpose")]
    pub fn new() -> TupleHasher {
        TupleHasher { state: XX_PRIME_5, length: 0 }
    }

    /// Mixes in the next item's hash.
    #[inline]
    pub fn add(&mut self, hash: i64) {
        let mixed = self.state.wrapping_add((hash as u64).wrapping_mul(XX_PRIME_2));
        self.state = mixed.rotate_left(31).wrapping_mul(XX_PRIME_1);
        self.length += 1;
    }

    /// The hash of the items so far without their number (`hash(slice)`).
    pub fn finish_without_length(self) -> i64 {
        if self.state as i64 == -1 { 1_546_275_796 } else { self.state as i64 }
    }

    /// The tuple's hash.
    pub fn finish(self) -> i64 {
        let hash = self.state.wrapping_add(self.length ^ (XX_PRIME_5 ^ 3_527_539)) as i64;
        if hash == -1 { 1_546_275_796 } else { hash }
    }
}

/// `hash((a, b, ...))` from the items' hashes.
pub fn tuple_hash(hashes: impl IntoIterator<Item = i64>) -> i64 {
    let mut hasher = TupleHasher::new();
    hashes.into_iter().for_each(|hash| hasher.add(hash));
    hasher.finish()
}

/// `hash(frozenset(...))` from the items' hashes in any order.
pub fn frozenset_hash(hashes: impl IntoIterator<Item = i64>) -> i64 {
    let (mut hash, mut length) = (0u64, 0u64);
    for item in hashes {
        let item = item as u64;
        hash ^= ((item ^ 89_869_747) ^ (item << 16)).wrapping_mul(3_644_798_167);
        length += 1;
    }
    hash ^= (length + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bigint::Int;

    // python3.14: hash() of each; the tuples hold integers only, so no seed is involved.
    #[test]
    fn numbers() {
        assert_eq!(hash_i64(-1), -2);
        assert_eq!(hash_i64((1 << 61) - 1), 0);
        assert_eq!(hash_i64(i64::MIN), -4);
        for value in [0, 1, -1, -2, i64::MAX, i64::MIN, 1 << 61] {
            assert_eq!(hash_int(Int::from(value).view()), hash_i64(value));
        }
        let big = Int::from(3i64).view().pow(Int::from(200i64).view()).expect("small");
        assert_eq!(hash_int(big.view()), 424_410_663_027_747_676);
        assert_eq!(hash_int(big.negated().view()), -424_410_663_027_747_676);
        assert_eq!(hash_f64(0.1), Some(230_584_300_921_369_408));
        assert_eq!(hash_f64(-0.5), Some(-1_152_921_504_606_846_976));
        assert_eq!(hash_f64(1e300), Some(1_224_995_262_755_759_164));
        assert_eq!(hash_f64(5e-324), Some(16_777_216));
        assert_eq!(hash_f64(-1.0), Some(-2));
        assert_eq!(hash_f64(f64::NEG_INFINITY), Some(-314_159));
        assert_eq!(hash_complex(1, 2), 2_000_007);
    }

    #[test]
    fn collections() {
        assert_eq!(tuple_hash([]), 5_740_354_900_026_072_187);
        assert_eq!(tuple_hash([0]), -8_753_497_827_991_233_192);
        assert_eq!(tuple_hash([1, 2, 3]), 529_344_067_295_497_451);
        assert_eq!(frozenset_hash([]), 133_146_708_735_736);
        assert_eq!(frozenset_hash([1, 2, 3]), -272_375_401_224_217_160);
        assert_eq!(hash_pointer(0x1230), 0x123);
    }
}
