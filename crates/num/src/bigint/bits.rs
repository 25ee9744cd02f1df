//! Shifts, masks and counts with two's-complement semantics. CPython: `long_lshift1`, `long_rshift1`, `long_bitwise`,
//! `int_bit_count_impl` of `Objects/longobject.c`.
//!
//! Invariant: a negative number behaves as an endless run of sign bits; right shifts round towards minus infinity.

use super::magnitude::{self, Limbs};
use super::{Int, IntRef, MAX_BITS, TooLarge};

impl IntRef<'_> {
    /// `self.bit_length()`.
    #[inline]
    pub fn bit_length(self) -> u64 {
        magnitude::bit_length(self.limbs)
    }

    /// `self.bit_count()`: the ones of the absolute value.
    pub fn bit_count(self) -> u64 {
        self.limbs.iter().map(|limb| u64::from(limb.count_ones())).sum()
    }

    /// `self << count`.
    pub fn shift_left(self, count: u64) -> Result<Int, TooLarge> {
        if self.is_zero() {
            return Ok(Int::ZERO);
        }
        if count > MAX_BITS || self.bit_length() + count > MAX_BITS {
            return Err(TooLarge);
        }
        Ok(Int { negative: self.negative, limbs: shift_left(self.limbs, count) })
    }

    /// `self >> count`.
    pub fn shift_right(self, count: u64) -> Int {
        if count >= self.bit_length() {
            return if self.negative { Int::from(-1i64) } else { Int::ZERO };
        }
        let mut limbs = shift_right(self.limbs, count);
        if self.negative && magnitude::trailing_zeros(self.limbs) < count {
            magnitude::increment(&mut limbs);
        }
        Int::new(self.negative, limbs)
    }

    /// `~self`.
    pub fn invert(self) -> Int {
        if self.negative {
            Int::new(false, magnitude::sub(self.limbs, &[1]))
        } else {
            let mut limbs = self.limbs.to_vec();
            magnitude::increment(&mut limbs);
            Int::new(true, limbs)
        }
    }

    /// `self & other`.
    pub fn bit_and(self, other: IntRef<'_>) -> Int {
        self.bitwise(other, |a, b| a & b)
    }

    /// `self | other`.
    pub fn bit_or(self, other: IntRef<'_>) -> Int {
        self.bitwise(other, |a, b| a | b)
    }

    /// `self ^ other`.
    pub fn bit_xor(self, other: IntRef<'_>) -> Int {
        self.bitwise(other, |a, b| a ^ b)
    }

    /// Applies `op` to the two's-complement limbs, each number extended by its sign to one limb more than the longer.
    fn bitwise(self, other: IntRef<'_>, op: impl Fn(u64, u64) -> u64) -> Int {
        let length = self.limbs.len().max(other.limbs.len()) + 1;
        let (left, right) = (TwosComplement::new(self), TwosComplement::new(other));
        let mut limbs: Limbs = left.zip(right).take(length).map(|(a, b)| op(a, b)).collect();
        let negative = limbs[length - 1] >> 63 == 1;
        if negative {
            negate_in_place(&mut limbs);
        }
        Int::new(negative, limbs)
    }
}

/// The endless two's-complement limbs of a number, lowest first.
struct TwosComplement<'a> {
    limbs: std::slice::Iter<'a, u64>,
    /// All ones for a negative number.
    mask: u64,
    carry: bool,
}

impl<'a> TwosComplement<'a> {
    fn new(number: IntRef<'a>) -> Self {
        let mask = if number.negative { u64::MAX } else { 0 };
        TwosComplement { limbs: number.limbs.iter(), mask, carry: number.negative }
    }
}

impl Iterator for TwosComplement<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let limb = self.limbs.next().copied().unwrap_or(0) ^ self.mask;
        let (limb, carry) = limb.overflowing_add(u64::from(self.carry));
        self.carry = carry;
        Some(limb)
    }
}

/// Two's-complement negation of raw limbs.
pub(super) fn negate_in_place(limbs: &mut [u64]) {
    let mut carry = true;
    for limb in limbs {
        (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
    }
}

/// The magnitude times 2^count; `limbs` is not empty.
pub(crate) fn shift_left(limbs: &[u64], count: u64) -> Limbs {
    let (whole, bits) = ((count / 64) as usize, (count % 64) as u32);
    let mut shifted = Vec::with_capacity(limbs.len() + whole + 1);
    shifted.resize(whole, 0);
    if bits == 0 {
        shifted.extend_from_slice(limbs);
        return shifted;
    }
    let mut carry = 0;
    for &limb in limbs {
        shifted.push((limb << bits) | carry);
        carry = limb >> (64 - bits);
    }
    if carry != 0 {
        shifted.push(carry);
    }
    shifted
}

/// The magnitude divided by 2^count, rounded down.
pub(super) fn shift_right(limbs: &[u64], count: u64) -> Limbs {
    let (whole, bits) = ((count / 64) as usize, (count % 64) as u32);
    let Some(kept) = limbs.get(whole..) else { return Vec::new() };
    let mut shifted = kept.to_vec();
    if bits != 0 {
        for index in 0..shifted.len() {
            let above = shifted.get(index + 1).copied().unwrap_or(0);
            shifted[index] = (shifted[index] >> bits) | (above << (64 - bits));
        }
    }
    magnitude::normalise(&mut shifted);
    shifted
}
