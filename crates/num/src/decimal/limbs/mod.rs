//! Unsigned integers to the base 10^19. CPython: `basearith.c` of libmpdec.
//!
//! The lowest limb comes first. Invariant: limbs are below the radix, and the highest one of a number is not zero.

mod convert;
mod divide;
mod multiply;
mod root;
mod transform;
mod word;

use std::cmp::Ordering;

pub(super) use convert::{PAIRS, of_binary, of_digits, of_u128, push_digits, to_binary};
pub(super) use divide::{div_rem, div_rem_short, div_rem_short_in_place, div_rem_short_into, divide_by_two};
pub(super) use multiply::{multiply, multiply_into, multiply_short, multiply_two};
pub(super) use root::square_root;
pub(super) use word::{POWERS, divide_power, divide_radix, divide_words};

/// The base.
pub(super) const RADIX: u64 = 10_000_000_000_000_000_000;
/// How many decimal digits a limb has.
pub(super) const DIGITS: u64 = 19;

pub(super) type Limbs = Vec<u64>;

/// Takes the zeros off the top.
pub(super) fn normalise(limbs: &mut Limbs) {
    let used = limbs.iter().rposition(|limb| *limb != 0).map_or(0, |at| at + 1);
    limbs.truncate(used);
}

/// The same of a borrowed number.
pub(super) fn trimmed(limbs: &[u64]) -> &[u64] {
    let used = limbs.iter().rposition(|limb| *limb != 0).map_or(0, |at| at + 1);
    &limbs[..used]
}

pub(super) fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// How many decimal digits a limb that is not zero has.
#[inline]
pub(super) fn digits_of_limb(limb: u64) -> u64 {
    u64::from(limb.checked_ilog10().unwrap_or(0)) + 1
}

/// How many decimal digits a number has; zero has none.
pub(super) fn digits(limbs: &[u64]) -> u64 {
    match limbs {
        [] => 0,
        [lower @ .., top] => lower.len() as u64 * DIGITS + digits_of_limb(*top),
    }
}

/// `a + b + carry`, and what is carried on.
#[inline(always)]
fn add_limbs(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, wrapped) = a.overflowing_add(b);
    let (sum, wrapped_again) = sum.overflowing_add(u64::from(carry));
    if wrapped | wrapped_again | (sum >= RADIX) { (sum.wrapping_sub(RADIX), true) } else { (sum, false) }
}

/// `a - b - borrow`, and what is borrowed.
#[inline(always)]
fn sub_limbs(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (difference, wrapped) = a.overflowing_sub(b);
    let (difference, wrapped_again) = difference.overflowing_sub(u64::from(borrow));
    if wrapped | wrapped_again { (difference.wrapping_add(RADIX), true) } else { (difference, false) }
}

/// `a += b`, where `a` is not shorter; what is carried out of it.
pub(super) fn add_in_place(a: &mut [u64], b: &[u64]) -> bool {
    let (low, high) = a.split_at_mut(b.len());
    let mut carry = false;
    for (a, b) in low.iter_mut().zip(b) {
        (*a, carry) = add_limbs(*a, *b, carry);
    }
    for limb in high {
        if !carry {
            return false;
        }
        (*limb, carry) = add_limbs(*limb, 0, true);
    }
    carry
}

/// `a -= b`, where `a` is not shorter; whether `b` was larger.
pub(super) fn sub_in_place(a: &mut [u64], b: &[u64]) -> bool {
    let (low, high) = a.split_at_mut(b.len());
    let mut borrow = false;
    for (a, b) in low.iter_mut().zip(b) {
        (*a, borrow) = sub_limbs(*a, *b, borrow);
    }
    for limb in high {
        if !borrow {
            return false;
        }
        (*limb, borrow) = sub_limbs(*limb, 0, true);
    }
    borrow
}

/// `a + b`.
pub(super) fn add(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut sum = Vec::with_capacity(long.len() + 1);
    sum.extend_from_slice(long);
    if add_in_place(&mut sum, short) {
        sum.push(1);
    }
    sum
}

/// `a - b`, where `b` is not larger.
pub(super) fn sub(a: &[u64], b: &[u64]) -> Limbs {
    let mut difference = a.to_vec();
    sub_in_place(&mut difference, b);
    normalise(&mut difference);
    difference
}

/// `a * 10 ** places`.
pub(super) fn shift_left(a: &[u64], places: u64) -> Limbs {
    let (whole, part) = ((places / DIGITS) as usize, (places % DIGITS) as usize);
    // One more for what is added to it.
    let mut shifted = Vec::with_capacity(a.len() + whole + 2);
    shifted.resize(whole, 0);
    if part == 0 {
        shifted.extend_from_slice(a);
    } else {
        let mut carry = 0;
        for limb in a {
            let (high, low) = divide_power(*limb, DIGITS as usize - part);
            shifted.push(low * POWERS[part] + carry);
            carry = high;
        }
        if carry != 0 {
            shifted.push(carry);
        }
    }
    shifted
}

/// `a // 10 ** places`, where the number has more limbs than so many digits fill.
pub(super) fn shift_right(a: &[u64], places: u64) -> Limbs {
    let (whole, part) = ((places / DIGITS) as usize, (places % DIGITS) as usize);
    let a = &a[whole.min(a.len())..];
    if part == 0 {
        return a.to_vec();
    }
    let mut shifted = vec![0; a.len()];
    let mut rest = 0;
    for (limb, out) in a.iter().zip(&mut shifted).rev() {
        let (high, low) = divide_power(*limb, part);
        *out = rest * POWERS[DIGITS as usize - part] + high;
        rest = low;
    }
    normalise(&mut shifted);
    shifted
}

/// `a //= 10 ** places`, where the number has more limbs than so many digits fill.
pub(super) fn shift_right_in_place(a: &mut Limbs, places: u64) {
    let (whole, part) = ((places / DIGITS) as usize, (places % DIGITS) as usize);
    let length = a.len();
    if part == 0 {
        a.copy_within(whole.min(length).., 0);
        a.truncate(length.saturating_sub(whole));
        return;
    }
    let scale = POWERS[DIGITS as usize - part];
    let Some(first) = a.get(whole) else { return a.clear() };
    let mut low = divide_power(*first, part).0;
    for index in whole..length - 1 {
        let (high, rest) = divide_power(a[index + 1], part);
        a[index - whole] = rest * scale + low;
        low = high;
    }
    a[length - 1 - whole] = low;
    a.truncate(length - whole);
    normalise(a);
}

/// `a % 10 ** places`.
pub(super) fn low_digits(a: &[u64], places: u64) -> Limbs {
    let (whole, part) = ((places / DIGITS) as usize, (places % DIGITS) as usize);
    let mut low = a[..whole.min(a.len())].to_vec();
    if part > 0
        && let Some(limb) = a.get(whole)
    {
        low.push(divide_power(*limb, part).1);
    }
    normalise(&mut low);
    low
}

#[cfg(test)]
mod tests;
