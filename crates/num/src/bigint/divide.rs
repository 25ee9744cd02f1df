//! Quotients and remainders that round towards minus infinity. CPython: `l_divmod`, `x_divrem` of
//! `Objects/longobject.c`.
//!
//! Invariant: `a == q * b + r`, and `r` is zero or has the sign of `b`.

use dashu_int::ops::DivRem;

use super::magnitude::{self, Limbs};
use super::multiply::{OWN_LIMBS, to_ubig};
use super::{Int, IntRef};

/// The divisor was zero; the caller names the operation in its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DivisionByZero;

impl IntRef<'_> {
    /// `divmod(self, other)`.
    pub fn divmod(self, other: IntRef<'_>) -> Result<(Int, Int), DivisionByZero> {
        if other.is_zero() {
            return Err(DivisionByZero);
        }
        let (mut quotient, mut remainder) = div_rem(self.limbs, other.limbs);
        if self.negative != other.negative && !remainder.is_empty() {
            magnitude::increment(&mut quotient);
            remainder = magnitude::sub(other.limbs, &remainder);
        }
        Ok((Int::new(self.negative != other.negative, quotient), Int::new(other.negative, remainder)))
    }

    /// `self // other`.
    pub fn floor_div(self, other: IntRef<'_>) -> Result<Int, DivisionByZero> {
        self.divmod(other).map(|(quotient, _)| quotient)
    }

    /// `self % other`.
    pub fn modulo(self, other: IntRef<'_>) -> Result<Int, DivisionByZero> {
        self.divmod(other).map(|(_, remainder)| remainder)
    }

    /// `self % divisor`, which is not zero.
    pub fn modulo_small(self, divisor: u32) -> u32 {
        let remainder = magnitude::rem_small(self.limbs, divisor);
        if self.negative && remainder != 0 { divisor - remainder } else { remainder }
    }

    /// The quotient and remainder of rounding to the nearest integer, ties to even: CPython's `_PyLong_DivmodNear`.
    pub fn divmod_near(self, other: IntRef<'_>) -> Result<(Int, Int), DivisionByZero> {
        let (mut quotient, mut remainder) = self.divmod(other)?;
        let doubled = magnitude::add(&remainder.limbs, &remainder.limbs);
        let order = magnitude::compare(&doubled, other.limbs);
        if order.is_gt() || (order.is_eq() && quotient.view().is_odd()) {
            quotient = quotient.view().add(IntRef::ONE);
            remainder = remainder.view().sub(other);
        }
        Ok((quotient, remainder))
    }
}

/// Quotient and remainder of magnitudes; `b` is not zero.
pub(super) fn div_rem(a: &[u64], b: &[u64]) -> (Limbs, Limbs) {
    if magnitude::compare(a, b).is_lt() {
        return (Vec::new(), a.to_vec());
    }
    match b {
        &[divisor] => {
            let mut quotient = a.to_vec();
            let remainder = magnitude::div_small_in_place(&mut quotient, divisor);
            magnitude::normalise(&mut quotient);
            (quotient, if remainder == 0 { Vec::new() } else { vec![remainder] })
        }
        _ if b.len() <= OWN_LIMBS || a.len() - b.len() <= OWN_LIMBS => knuth(a, b),
        _ => {
            let (quotient, remainder) = to_ubig(a).div_rem(to_ubig(b));
            (quotient.as_words().to_vec(), remainder.as_words().to_vec())
        }
    }
}

/// Knuth's algorithm D; `b` has at least two limbs and `a >= b`.
fn knuth(a: &[u64], b: &[u64]) -> (Limbs, Limbs) {
    let shift = b[b.len() - 1].leading_zeros();
    let divisor = shifted_left(b, shift);
    let mut rest = shifted_left(a, shift);
    rest.resize(a.len() + 1, 0);
    let mut divisor_limbs = divisor;
    divisor_limbs.truncate(b.len());
    let n = b.len();
    let mut quotient = vec![0u64; a.len() - n + 1];
    for index in (0..quotient.len()).rev() {
        let mut digit = estimate(&rest[index..=index + n], &divisor_limbs);
        if mul_sub_in_place(&mut rest[index..=index + n], &divisor_limbs, digit) {
            // The estimate was one too large: give one divisor back. The carry cancels the borrow.
            digit -= 1;
            magnitude::add_in_place(&mut rest[index..=index + n], &divisor_limbs);
        }
        quotient[index] = digit;
    }
    rest.truncate(n);
    shift_right_in_place(&mut rest, shift);
    magnitude::normalise(&mut rest);
    magnitude::normalise(&mut quotient);
    (quotient, rest)
}

/// The next quotient digit from the top three limbs of `window` and the top two of `divisor`; at most one too large.
fn estimate(window: &[u64], divisor: &[u64]) -> u64 {
    let n = divisor.len();
    let (top, next) = (u128::from(divisor[n - 1]), u128::from(divisor[n - 2]));
    let high = (u128::from(window[n]) << 64) | u128::from(window[n - 1]);
    let (mut digit, mut rest) = if window[n] >= divisor[n - 1] {
        (u128::from(u64::MAX), high - u128::from(u64::MAX) * top)
    } else {
        (high / top, high % top)
    };
    while rest >> 64 == 0 && digit * next > ((rest << 64) | u128::from(window[n - 2])) {
        digit -= 1;
        rest += top;
    }
    digit as u64
}

/// `window -= divisor * digit`; whether a borrow is left over. `window` is one limb longer than `divisor`.
fn mul_sub_in_place(window: &mut [u64], divisor: &[u64], digit: u64) -> bool {
    let mut carry = 0u64;
    let mut borrow = false;
    for (cell, &limb) in window.iter_mut().zip(divisor) {
        let (low, high) = limb.carrying_mul(digit, carry);
        carry = high;
        (*cell, borrow) = cell.borrowing_sub(low, borrow);
    }
    let last = &mut window[divisor.len()];
    (*last, borrow) = last.borrowing_sub(carry, borrow);
    borrow
}

/// The limbs shifted left by less than a limb; one limb longer when bits spill.
fn shifted_left(limbs: &[u64], shift: u32) -> Limbs {
    if shift == 0 {
        return limbs.to_vec();
    }
    let mut shifted = Vec::with_capacity(limbs.len() + 1);
    let mut carry = 0;
    for &limb in limbs {
        shifted.push((limb << shift) | carry);
        carry = limb >> (64 - shift);
    }
    if carry != 0 {
        shifted.push(carry);
    }
    shifted
}

fn shift_right_in_place(limbs: &mut [u64], shift: u32) {
    if shift == 0 {
        return;
    }
    let mut carry = 0;
    for limb in limbs.iter_mut().rev() {
        let low = *limb << (64 - shift);
        *limb = (*limb >> shift) | carry;
        carry = low;
    }
}
