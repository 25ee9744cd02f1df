//! Digits and binary integers. CPython: `_coeff_from_*`, `mpd_qimport_u32`, `mpd_qexport_u32` of libmpdec.
//!
//! Invariant: the time grows more slowly than the square of the length.

use super::word::Divisor;
use super::{DIGITS, Limbs, RADIX, divide_radix, normalise};
use crate::bigint::{Int, IntRef};

/// Up to so many limbs the simple way is the quicker one.
const SIMPLE: usize = 120;

/// Reads ASCII digits.
pub(in crate::decimal) fn of_digits(digits: &[u8]) -> Limbs {
    let mut limbs = Vec::with_capacity(digits.len() / DIGITS as usize + 1);
    for chunk in digits.rchunks(DIGITS as usize) {
        limbs.push(chunk.iter().fold(0, |limb, digit| limb * 10 + u64::from(digit - b'0')));
    }
    normalise(&mut limbs);
    limbs
}

/// Two digits of every number below a hundred.
pub(in crate::decimal) const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut at = 0;
    while at < 100 {
        pairs[at] = [b'0' + at as u8 / 10, b'0' + at as u8 % 10];
        at += 1;
    }
    pairs
};

/// Writes the last digits of a number, as many as there is room for.
#[inline]
fn write(mut number: u64, room: &mut [u8]) {
    for pair in room.rchunks_mut(2) {
        let digits = PAIRS[(number % 100) as usize];
        number /= 100;
        match pair {
            [first, second] => [*first, *second] = digits,
            [only] => *only = digits[1],
            _ => {}
        }
    }
}

/// Writes the digits of a number that is not zero.
pub(in crate::decimal) fn push_digits(text: &mut Vec<u8>, limbs: &[u64]) {
    let [lower @ .., top] = limbs else { return };
    let start = text.len();
    let first = super::digits_of_limb(*top) as usize;
    text.resize(start + first + lower.len() * DIGITS as usize, b'0');
    let (head, tail) = text[start..].split_at_mut(first);
    write(*top, head);
    for (limb, room) in lower.iter().rev().zip(tail.chunks_exact_mut(DIGITS as usize)) {
        write(*limb, room);
    }
}

/// The number of a binary integer's magnitude.
pub(in crate::decimal) fn of_binary(int: IntRef<'_>) -> Limbs {
    if int.limbs.len() > SIMPLE {
        // The integers know how to do this quickly.
        return match int.magnitude().to_decimal(0) {
            Ok(digits) => of_digits(digits.as_bytes()),
            Err(_) => Vec::new(),
        };
    }
    let divisor = Divisor::new(RADIX);
    let mut left = int.limbs.to_vec();
    let mut limbs = Vec::with_capacity(left.len() + left.len() / 64 + 1);
    while !left.is_empty() {
        let mut rest = 0;
        for limb in left.iter_mut().rev() {
            (*limb, rest) = divisor.divide(rest, *limb);
        }
        limbs.push(rest);
        normalise(&mut left);
    }
    limbs
}

/// The binary integer.
pub(in crate::decimal) fn to_binary(limbs: &[u64]) -> Int {
    if limbs.len() > SIMPLE {
        let mut digits = Vec::new();
        push_digits(&mut digits, limbs);
        return Int::parse(&digits, 10, 0).unwrap_or(Int::ZERO);
    }
    let mut binary: Vec<u64> = Vec::with_capacity(limbs.len());
    for limb in limbs.iter().rev() {
        let mut carry = *limb;
        for word in &mut binary {
            (*word, carry) = word.carrying_mul_add(RADIX, carry, 0);
        }
        if carry != 0 {
            binary.push(carry);
        }
    }
    Int::new(false, binary)
}

/// A number of two words, in limbs.
#[inline]
pub(in crate::decimal) fn of_u128(number: u128) -> [u64; 3] {
    let square = u128::from(RADIX) * u128::from(RADIX);
    let (mut rest, mut top) = (number, 0);
    while rest >= square {
        rest -= square;
        top += 1;
    }
    let (middle, low) = divide_radix(rest);
    [low, middle, top]
}
