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

    /// Applies `op` to the two's-complement limbs.
    fn bitwise(self, other: IntRef<'_>, op: impl Fn(u64, u64) -> u64) -> Int {
        let (long, short) = if self.limbs.len() >= other.limbs.len() { (self, other) } else { (other, self) };
        // A sign that is no limb of either stands above the longer one.
        let negative = op(long.sign_limb(), short.sign_limb()) != 0;
        let mut limbs = match (long.negative, short.negative) {
            (false, false) => combine(long.limbs, short.limbs, 0, op),
            (true, false) => combine(&twos_complement(long.limbs), short.limbs, 0, op),
            (false, true) => combine(long.limbs, &twos_complement(short.limbs), u64::MAX, op),
            (true, true) => {
                combine(&twos_complement(long.limbs), &twos_complement(short.limbs), u64::MAX, op)
            }
        };
        if negative {
            // The magnitude of -2^(64 n) has one limb more.
            let zero = limbs.iter().all(|&limb| limb == 0);
            negate_in_place(&mut limbs);
            if zero {
                limbs.push(1);
            }
        }
        Int::new(negative, limbs)
    }

    /// What stands above the highest limb in two's complement.
    fn sign_limb(self) -> u64 {
        if self.negative { u64::MAX } else { 0 }
    }
}

/// `op` of two numbers limb by limb; `above` extends the shorter one. Written so that it vectorises.
fn combine(long: &[u64], short: &[u64], above: u64, op: impl Fn(u64, u64) -> u64) -> Limbs {
    let (low, high) = long.split_at(short.len());
    if high.iter().take(1).all(|_| op(u64::MAX, above) == 0 && op(0, above) == 0) {
        return low.iter().zip(short).map(|(&a, &b)| op(a, b)).collect();
    }
    let mut limbs = Vec::with_capacity(long.len() + 1);
    limbs.extend(low.iter().zip(short).map(|(&a, &b)| op(a, b)));
    limbs.extend(high.iter().map(|&a| op(a, above)));
    limbs
}

/// The limbs of minus a magnitude, as many as it has.
fn twos_complement(magnitude: &[u64]) -> Limbs {
    let mut limbs = magnitude.to_vec();
    negate_in_place(&mut limbs);
    limbs
}

/// Two's-complement negation of raw limbs.
pub(super) fn negate_in_place(limbs: &mut [u64]) {
    // Zeros stay, the lowest other limb is negated, and those above are inverted.
    let zeros = limbs.iter().take_while(|&&limb| limb == 0).count();
    if let Some((first, rest)) = limbs[zeros..].split_first_mut() {
        *first = first.wrapping_neg();
        rest.iter_mut().for_each(|limb| *limb = !*limb);
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
    let (Some(first), Some(last)) = (limbs.first(), limbs.last()) else { return Vec::new() };
    shifted.push(first << bits);
    shifted.extend(limbs.windows(2).map(|pair| (pair[1] << bits) | (pair[0] >> (64 - bits))));
    let carry = last >> (64 - bits);
    if carry != 0 {
        shifted.push(carry);
    }
    shifted
}

/// The magnitude divided by 2^count, rounded down.
pub(super) fn shift_right(limbs: &[u64], count: u64) -> Limbs {
    let (whole, bits) = ((count / 64) as usize, (count % 64) as u32);
    let Some(kept) = limbs.get(whole..) else { return Vec::new() };
    if bits == 0 {
        return kept.to_vec();
    }
    let mut shifted = Vec::with_capacity(kept.len());
    shifted.extend(kept.windows(2).map(|pair| (pair[0] >> bits) | (pair[1] << (64 - bits))));
    shifted.extend(kept.last().map(|last| last >> bits));
    magnitude::normalise(&mut shifted);
    shifted
}
