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
    let mut carry = false;
    let (head, tail) = long.split_at(short.len());
    for (&x, &y) in head.iter().zip(short) {
        let (limb, overflow) = x.carrying_add(y, carry);
        sum.push(limb);
        carry = overflow;
    }
    for &x in tail {
        let (limb, overflow) = x.overflowing_add(u64::from(carry));
        sum.push(limb);
        carry = overflow;
    }
    if carry {
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

/// `a -= b` on raw limbs; the final borrow is returned. `a` has at least as many limbs as `b`.
pub fn sub_in_place(a: &mut [u64], b: &[u64]) -> bool {
    let (head, tail) = a.split_at_mut(b.len());
    let mut borrow = false;
    for (x, &y) in head.iter_mut().zip(b) {
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
    let mut carry = false;
    for (x, &y) in head.iter_mut().zip(b) {
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
    let mut remainder = 0u64;
    for limb in a.iter_mut().rev() {
        let wide = (u128::from(remainder) << 64) | u128::from(*limb);
        *limb = (wide / u128::from(divisor)) as u64;
        remainder = (wide % u128::from(divisor)) as u64;
    }
    remainder
}
