//! Quotients: long division, and the recursive division of Burnikel and Ziegler. CPython: `_mpd_basedivmod` and
//! `_mpd_base_ndivmod` of libmpdec.
//!
//! Invariant: a divisor's highest limb is at least half of the radix when limbs of a quotient are estimated.

use std::cmp::Ordering;

use super::word::Divisor;
use super::{
    Limbs, RADIX, add_in_place, compare, divide_radix, multiply, multiply_short, normalise, sub_in_place,
    trimmed,
};

/// From so many limbs of divisor and quotient on, division is recursive.
const RECURSIVE: usize = 80;

/// Writes the quotient by one limb; gives the remainder.
#[inline]
pub(in crate::decimal) fn div_rem_short_into(a: &[u64], divisor: u64, quotient: &mut [u64]) -> u64 {
    let divisor = Divisor::new(divisor);
    let mut rest = 0u64;
    for (limb, out) in a.iter().zip(quotient).rev() {
        let wide = u128::from(rest) * u128::from(RADIX) + u128::from(*limb);
        (*out, rest) = divisor.divide((wide >> 64) as u64, wide as u64);
    }
    rest
}

/// `a /= divisor`; gives the remainder.
pub(in crate::decimal) fn div_rem_short_in_place(a: &mut Limbs, divisor: u64) -> u64 {
    let divisor = Divisor::new(divisor);
    let mut rest = 0u64;
    for limb in a.iter_mut().rev() {
        let wide = u128::from(rest) * u128::from(RADIX) + u128::from(*limb);
        (*limb, rest) = divisor.divide((wide >> 64) as u64, wide as u64);
    }
    normalise(a);
    rest
}

/// Quotient and remainder by one limb.
pub(in crate::decimal) fn div_rem_short(a: &[u64], divisor: u64) -> (Limbs, u64) {
    let mut quotient = vec![0; a.len()];
    let rest = div_rem_short_into(a, divisor, &mut quotient);
    normalise(&mut quotient);
    (quotient, rest)
}

/// Multiplies by a factor that leaves the length as it is.
#[inline]
fn scale(limbs: &mut [u64], factor: u64) {
    let mut carry = 0;
    for limb in limbs {
        (carry, *limb) = divide_radix(u128::from(*limb) * u128::from(factor) + u128::from(carry));
    }
}

/// Writes the quotient by two limbs, the higher of which is not zero; whether nothing is left. The dividend has two
/// limbs to spare.
pub(in crate::decimal) fn divide_by_two(
    dividend: &mut [u64],
    divisor: [u64; 2],
    quotient: &mut [u64],
) -> bool {
    let factor = RADIX / (divisor[1] + 1);
    let mut scaled = [0; 2];
    scaled.copy_from_slice(&divisor);
    scale(&mut scaled, factor);
    scale(dividend, factor);
    let length = dividend.len() - 2;
    long_division(dividend, &scaled, &mut quotient[..length]);
    dividend.iter().all(|limb| *limb == 0)
}

/// Quotient and remainder; the divisor is not zero.
pub(in crate::decimal) fn div_rem(a: &[u64], b: &[u64]) -> (Limbs, Limbs) {
    if compare(a, b) == Ordering::Less {
        return (Vec::new(), a.to_vec());
    }
    if let [divisor] = b {
        let (quotient, rest) = div_rem_short(a, *divisor);
        return (quotient, if rest == 0 { Vec::new() } else { vec![rest] });
    }
    // Both times a factor that brings the divisor's highest limb up.
    let factor = RADIX / (b[b.len() - 1] + 1);
    let scaled;
    let divisor = if factor == 1 {
        b
    } else {
        scaled = multiply_short(b, factor);
        &scaled
    };
    let mut rest = multiply_short(a, factor);
    let quotient = if b.len() >= RECURSIVE && a.len() - b.len() >= RECURSIVE {
        recursive(&mut rest, divisor)
    } else {
        rest.push(0);
        let mut quotient = vec![0; rest.len() - divisor.len()];
        long_division(&mut rest, divisor, &mut quotient);
        quotient
    };
    let mut quotient = quotient;
    normalise(&mut quotient);
    normalise(&mut rest);
    if factor != 1 {
        rest = div_rem_short(&rest, factor).0;
    }
    (quotient, rest)
}

/// Knuth's algorithm D. `rest` is the dividend, whose highest limbs are below the divisor, and becomes the remainder.
pub(super) fn long_division(rest: &mut [u64], divisor: &[u64], quotient: &mut [u64]) {
    let length = divisor.len();
    let [.., second, first] = *divisor else { return };
    let reciprocal = Divisor::new(first);
    for (index, out) in quotient.iter_mut().enumerate().rev() {
        let window = &mut rest[index..=index + length];
        let (top, next, after) = (window[length], window[length - 1], window[length - 2]);
        let wide = u128::from(top) * u128::from(RADIX) + u128::from(next);
        let (mut estimate, mut left) = if top >= first {
            (RADIX - 1, wide - u128::from(RADIX - 1) * u128::from(first))
        } else {
            let (estimate, left) = reciprocal.divide((wide >> 64) as u64, wide as u64);
            (estimate, u128::from(left))
        };
        while left < u128::from(RADIX)
            && u128::from(estimate) * u128::from(second) > left * u128::from(RADIX) + u128::from(after)
        {
            estimate -= 1;
            left += u128::from(first);
        }
        if estimate == 0 {
            *out = 0;
            continue;
        }
        if subtract_product(window, divisor, estimate) {
            estimate -= 1;
            let (low, high) = window.split_at_mut(length);
            add_in_place(low, divisor);
            high[0] = 0;
        }
        *out = estimate;
    }
}

/// `window -= divisor * factor`; whether that was too much. The highest limb is then no longer right.
#[inline]
fn subtract_product(window: &mut [u64], divisor: &[u64], factor: u64) -> bool {
    let (low, high) = window.split_at_mut(divisor.len());
    let mut carry = 0u64;
    for (cell, limb) in low.iter_mut().zip(divisor) {
        let (up, product) = divide_radix(u128::from(*limb) * u128::from(factor) + u128::from(carry));
        let (difference, borrow) = cell.overflowing_sub(product);
        *cell = if borrow { difference.wrapping_add(RADIX) } else { difference };
        carry = up + u64::from(borrow);
    }
    let too_much = high[0] < carry;
    high[0] = high[0].wrapping_sub(carry);
    too_much
}

/// `rest /= divisor` by blocks as long as the divisor; `rest` becomes the remainder.
fn recursive(rest: &mut Limbs, divisor: &[u64]) -> Limbs {
    // The divisor is made so long that it can be halved down to where long division takes over.
    let mut pieces = 1;
    while divisor.len().div_ceil(pieces) >= RECURSIVE {
        pieces *= 2;
    }
    let length = divisor.len().div_ceil(pieces) * pieces;
    let padding = length - divisor.len();
    let padded = |limbs: &[u64]| {
        let mut longer = vec![0; padding];
        longer.extend_from_slice(limbs);
        longer
    };
    let divisor = padded(divisor);
    let mut dividend = padded(rest);
    let blocks = dividend.len().div_ceil(length);
    dividend.resize(blocks * length, 0);
    let mut quotient = vec![0; blocks * length];
    let mut window = vec![0; 2 * length];
    for block in (0..blocks).rev() {
        window.copy_within(..length, length);
        window[..length].copy_from_slice(&dividend[block * length..(block + 1) * length]);
        two_by_one(&mut window, &divisor, &mut quotient[block * length..(block + 1) * length]);
    }
    rest.clear();
    rest.extend_from_slice(&window[padding..length]);
    quotient
}

/// Divides `2 n` limbs by `n`, where the upper half is below the divisor. The lower half becomes the remainder.
fn two_by_one(window: &mut [u64], divisor: &[u64], quotient: &mut [u64]) {
    let length = divisor.len();
    if length < RECURSIVE || length % 2 == 1 {
        let mut rest = window.to_vec();
        rest.push(0);
        let mut out = vec![0; length + 1];
        long_division(&mut rest, divisor, &mut out);
        quotient.copy_from_slice(&out[..length]);
        window.copy_from_slice(&rest[..2 * length]);
        return;
    }
    let half = length / 2;
    let (low, high) = quotient.split_at_mut(half);
    three_by_two(&mut window[half..], divisor, high);
    three_by_two(&mut window[..3 * half], divisor, low);
}

/// Divides `3 n` limbs by `2 n`; the lower two thirds become the remainder.
fn three_by_two(window: &mut [u64], divisor: &[u64], quotient: &mut [u64]) {
    let half = divisor.len() / 2;
    let (divisor_low, divisor_high) = divisor.split_at(half);
    if compare(trimmed(&window[2 * half..]), trimmed(divisor_high)) == Ordering::Less {
        two_by_one(&mut window[half..], divisor_high, quotient);
    } else {
        // The quotient is the largest that there is: window - (radix^n - 1) * divisor_high.
        quotient.fill(RADIX - 1);
        sub_in_place(&mut window[2 * half..], divisor_high);
        add_in_place(&mut window[half..], divisor_high);
    }
    let product = multiply(trimmed(quotient), trimmed(divisor_low));
    let mut negative = sub_in_place(window, &product);
    while negative {
        sub_in_place(quotient, &[1]);
        negative = !add_in_place(window, divisor);
    }
}
