//! Kernels on magnitudes: comparison, addition, subtraction, lengths. CPython: `x_add`, `x_sub` of
//! `Objects/longobject.c`.
//!
//! Invariant: inputs and results are normalised, except where a function says that it works in place on raw limbs.

use std::cmp::Ordering;

/// An owned magnitude.
pub type Limbs = Vec<u64>;

/// Drops leading zero limbs.
#[inline]
pub fn normalise(limbs: &mut Limbs) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

/// The slice without its leading zero limbs.
pub fn trimmed(mut limbs: &[u64]) -> &[u64] {
    while let [head @ .., 0] = limbs {
        limbs = head;
    }
    limbs
}

/// Compares two normalised magnitudes.
#[inline]
pub fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// The number of bits without leading zeros.
#[inline]
pub fn bit_length(limbs: &[u64]) -> u64 {
    match limbs.last() {
        None => 0,
        Some(top) => limbs.len() as u64 * 64 - u64::from(top.leading_zeros()),
    }
}

/// The number of zero bits below the lowest set bit; zero for zero.
pub fn trailing_zeros(limbs: &[u64]) -> u64 {
    match limbs.iter().position(|&limb| limb != 0) {
        None => 0,
        Some(index) => index as u64 * 64 + u64::from(limbs[index].trailing_zeros()),
    }
}

/// `a + b`.
pub fn add(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut sum = Vec::with_capacity(long.len() + 1);
    sum.extend_from_slice(long);
    if add_in_place(&mut sum, short) {
        sum.push(1);
    }
    sum
}

/// `a - b`, where `a >= b`.
pub fn sub(a: &[u64], b: &[u64]) -> Limbs {
    let mut difference = a.to_vec();
    let borrow = sub_in_place(&mut difference, b);
    debug_assert!(!borrow, "magnitude::sub of a smaller number");
    normalise(&mut difference);
    difference
}

/// Limbs of one step of a chain of carries: long enough that keeping the carry between steps costs little.
const STEP: usize = 8;

/// `a -= b` on raw limbs; the final borrow is returned. `a` has at least as many limbs as `b`.
pub fn sub_in_place(a: &mut [u64], b: &[u64]) -> bool {
    let (head, tail) = a.split_at_mut(b.len());
    let (steps, rest) = head.as_chunks_mut::<STEP>();
    let (other_steps, other_rest) = b.as_chunks::<STEP>();
    let mut borrow = false;
    for (step, other) in steps.iter_mut().zip(other_steps) {
        for index in 0..STEP {
            (step[index], borrow) = step[index].borrowing_sub(other[index], borrow);
        }
    }
    for (x, &y) in rest.iter_mut().zip(other_rest) {
        (*x, borrow) = x.borrowing_sub(y, borrow);
    }
    for x in tail {
        if !borrow {
            break;
        }
        (*x, borrow) = x.overflowing_sub(1);
    }
    borrow
}

/// `a += b` on raw limbs; the final carry is returned. `a` has at least as many limbs as `b`.
pub fn add_in_place(a: &mut [u64], b: &[u64]) -> bool {
    let (head, tail) = a.split_at_mut(b.len());
    let (steps, rest) = head.as_chunks_mut::<STEP>();
    let (other_steps, other_rest) = b.as_chunks::<STEP>();
    let mut carry = false;
    for (step, other) in steps.iter_mut().zip(other_steps) {
        for index in 0..STEP {
            (step[index], carry) = step[index].carrying_add(other[index], carry);
        }
    }
    for (x, &y) in rest.iter_mut().zip(other_rest) {
        (*x, carry) = x.carrying_add(y, carry);
    }
    for x in tail {
        if !carry {
            break;
        }
        (*x, carry) = x.overflowing_add(1);
    }
    carry
}

/// `a += 1`, growing when every bit was set.
pub fn increment(a: &mut Limbs) {
    for limb in a.iter_mut() {
        let (sum, carry) = limb.overflowing_add(1);
        *limb = sum;
        if !carry {
            return;
        }
    }
    a.push(1);
}

/// `a = a * factor + addend` on a growing vector.
pub fn mul_add_small(a: &mut Limbs, factor: u64, addend: u64) {
    let mut carry = addend;
    for limb in a.iter_mut() {
        (*limb, carry) = limb.carrying_mul(factor, carry);
    }
    if carry != 0 {
        a.push(carry);
    }
}

/// Divides raw limbs in place by one limb and returns the remainder. `divisor` is not zero.
pub fn div_small_in_place(a: &mut [u64], divisor: u64) -> u64 {
    if a.len() <= 3 {
        let mut remainder = 0u64;
        for limb in a.iter_mut().rev() {
            let wide = (u128::from(remainder) << 64) | u128::from(*limb);
            *limb = (wide / u128::from(divisor)) as u64;
            remainder = (wide % u128::from(divisor)) as u64;
        }
        return remainder;
    }
    Reciprocal::new(divisor).div_in_place(a)
}

/// The remainder of a division by a number that is not zero. Two divisions of words are cheaper than one of 128 bits.
pub fn rem_small(a: &[u64], divisor: u32) -> u32 {
    let step = |rest: u64, half: u64| (rest << 32 | half) % u64::from(divisor);
    a.iter().rev().fold(0, |rest, limb| step(step(rest, limb >> 32), limb & 0xffff_ffff)) as u32
}

/// A divisor of one limb with what turns each division by it into multiplications (Moeller and Granlund, "Improved
/// division by invariant integers").
pub(super) struct Reciprocal {
    /// The divisor, shifted so that its top bit is set.
    divisor: u64,
    shift: u32,
    /// `(2^128 - 1) / divisor - 2^64`.
    inverse: u64,
}

impl Reciprocal {
    /// For a divisor that is not zero.
    pub(super) const fn new(divisor: u64) -> Reciprocal {
        let shift = divisor.leading_zeros();
        let divisor = divisor << shift;
        let inverse = ((!divisor as u128) << 64 | u64::MAX as u128) / divisor as u128;
        Reciprocal { divisor, shift, inverse: inverse as u64 }
    }

    /// Divides raw limbs and returns the remainder.
    pub(super) fn div_in_place(&self, a: &mut [u64]) -> u64 {
        let spilt = |limb: u64| limb.checked_shr(64 - self.shift).unwrap_or(0);
        let mut remainder = a.last().map_or(0, |&top| spilt(top));
        for index in (0..a.len()).rev() {
            let below = if index == 0 { 0 } else { spilt(a[index - 1]) };
            (a[index], remainder) = self.div_two(remainder, a[index] << self.shift | below);
        }
        remainder >> self.shift
    }

    /// Quotient and remainder of two limbs, of which the upper one is below the divisor.
    #[inline(always)]
    fn div_two(&self, high: u64, low: u64) -> (u64, u64) {
        let estimate = u128::from(self.inverse) * u128::from(high);
        let estimate = estimate.wrapping_add(u128::from(high) << 64 | u128::from(low));
        let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.divisor));
        if rest > estimate as u64 {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.divisor);
        }
        if rest >= self.divisor {
            quotient = quotient.wrapping_add(1);
            rest -= self.divisor;
        }
        (quotient, rest)
    }
}
