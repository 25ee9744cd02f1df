//! Divisions of two words by one. Möller and Granlund (2011), "Improved division by invariant integers", algorithm 4.
//!
//! Invariant: the high word is below the divisor, so the quotient is one word.

use super::RADIX;

/// Powers of ten that a word holds.
pub(in crate::decimal) const POWERS: [u64; 20] = {
    let mut powers = [1u64; 20];
    let mut at = 1;
    while at < 20 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A divisor, shifted up to its highest bit, with its reciprocal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Divisor {
    shifted: u64,
    reciprocal: u64,
    shift: u32,
}

impl Divisor {
    /// The divisor is not zero.
    pub(super) const fn new(divisor: u64) -> Divisor {
        let shift = divisor.leading_zeros();
        let shifted = divisor << shift;
        let reciprocal = (u128::MAX / shifted as u128 - (1 << 64)) as u64;
        Divisor { shifted, reciprocal, shift }
    }

    /// Quotient and remainder.
    #[inline(always)]
    pub(super) const fn divide(&self, high: u64, low: u64) -> (u64, u64) {
        let wide = ((high as u128) << 64 | low as u128) << self.shift;
        let (quotient, rest) =
            divide_normalised((wide >> 64) as u64, wide as u64, self.shifted, self.reciprocal);
        (quotient, rest >> self.shift)
    }
}

#[inline(always)]
const fn divide_normalised(high: u64, low: u64, divisor: u64, reciprocal: u64) -> (u64, u64) {
    let product = reciprocal as u128 * high as u128;
    let estimate = product.wrapping_add((high as u128) << 64 | low as u128);
    let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
    let mut rest = low.wrapping_sub(quotient.wrapping_mul(divisor));
    if rest > estimate as u64 {
        quotient = quotient.wrapping_sub(1);
        rest = rest.wrapping_add(divisor);
    }
    if rest >= divisor {
        quotient = quotient.wrapping_add(1);
        rest -= divisor;
    }
    (quotient, rest)
}

const OF_RADIX: Divisor = Divisor::new(RADIX);
static OF_POWERS: [Divisor; 20] = {
    let mut divisors = [OF_RADIX; 20];
    let mut at = 0;
    while at < 20 {
        divisors[at] = Divisor::new(POWERS[at]);
        at += 1;
    }
    divisors
};

/// Quotient and remainder of two words by the radix, which is above the high one.
#[inline(always)]
pub(in crate::decimal) fn divide_radix(wide: u128) -> (u64, u64) {
    // The radix has the highest bit of a word, so nothing is shifted.
    divide_normalised((wide >> 64) as u64, wide as u64, OF_RADIX.shifted, OF_RADIX.reciprocal)
}

/// For each power of ten 2^(64 + s) over that power of five, rounded up, where 2^s is the largest power of two that is not
/// larger than it.
static FIFTHS: [(u64, u32); 20] = {
    let mut fifths = [(0, 0); 20];
    let (mut at, mut five) = (1, 5u128);
    while at < 20 {
        let shift = 127 - five.leading_zeros();
        // The quotient of 2^(64 + shift) is found in two steps, each within two words.
        let (whole, rest) = ((1u128 << (63 + shift)) / five, (1u128 << (63 + shift)) % five);
        fifths[at] = ((2 * whole + (2 * rest).div_ceil(five)) as u64, shift);
        (at, five) = (at + 1, five * 5);
    }
    fifths
};

/// Quotient and remainder of a limb by a power of ten.
#[inline(always)]
pub(in crate::decimal) fn divide_power(limb: u64, places: usize) -> (u64, u64) {
    if places == 0 {
        return (limb, 0);
    }
    // What is left when the power of two is shifted out leaves bits enough for the reciprocal to be exact.
    let (reciprocal, shift) = FIFTHS[places];
    let quotient = ((u128::from(limb >> places) * u128::from(reciprocal)) >> 64) as u64 >> shift;
    (quotient, limb - quotient * POWERS[places])
}

/// Quotient and remainder of two words by a power of ten.
#[inline]
pub(in crate::decimal) fn divide_words(wide: u128, places: usize) -> (u128, u64) {
    let divisor = &OF_POWERS[places];
    let (high, rest) = divisor.divide(0, (wide >> 64) as u64);
    let (low, rest) = divisor.divide(rest, wide as u64);
    (u128::from(high) << 64 | u128::from(low), rest)
}
