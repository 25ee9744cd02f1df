//! Products: by columns, by Karatsuba's method, by number theoretic transforms. CPython: `_mpd_qmul` of libmpdec.
//!
//! Invariant: a product has as many limbs as both factors, the highest of which may be zero before it is normalised.

use super::{
    Limbs, RADIX, add_in_place, add_limbs, compare, divide_radix, normalise, sub_in_place, transform, trimmed,
};

/// From so many limbs of the shorter factor on, Karatsuba's method is quicker than columns.
const KARATSUBA: usize = 40;
/// From so many on, transforms are.
const TRANSFORM: usize = 220;

/// `a * factor`.
pub(in crate::decimal) fn multiply_short(a: &[u64], factor: u64) -> Limbs {
    let mut product = vec![0; a.len() + 1];
    let (mut above, mut carry) = (0, false);
    // The divisions do not wait for each other: what one leaves over is added to what the next one leaves.
    for (limb, out) in a.iter().zip(&mut product) {
        let (high, low) = divide_radix(u128::from(*limb) * u128::from(factor));
        (*out, carry) = add_limbs(low, above, carry);
        above = high;
    }
    product[a.len()] = above + u64::from(carry);
    normalise(&mut product);
    product
}

/// The product of two numbers of two limbs.
#[inline]
pub(in crate::decimal) fn multiply_two([a_low, a_high]: [u64; 2], [b_low, b_high]: [u64; 2]) -> [u64; 4] {
    const SQUARE: u128 = RADIX as u128 * RADIX as u128;
    let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
    let (carry, first) = divide_radix(wide(a_low, b_low));
    // Two products and a carry are below twice the radix's square, more or less: two words hold them.
    let (mut middle, mut up) = (wide(a_low, b_high) + wide(a_high, b_low) + u128::from(carry), 0u64);
    while middle >= SQUARE {
        middle -= SQUARE;
        up += 1;
    }
    let (carry, second) = divide_radix(middle);
    let top = wide(a_high, b_high) + u128::from(carry) + u128::from(up) * u128::from(RADIX);
    let (fourth, third) = divide_radix(top);
    [first, second, third, fourth]
}

/// A sum of products below the radix's square: three words.
#[derive(Clone, Copy, Default)]
struct Column {
    low: u128,
    high: u64,
}

impl Column {
    #[inline(always)]
    fn add(&mut self, product: u128) {
        let (sum, carry) = self.low.overflowing_add(product);
        self.low = sum;
        self.high += u64::from(carry);
    }

    /// The lowest limb, which is taken off.
    #[inline(always)]
    fn take(&mut self) -> u64 {
        let (quotient_high, rest) = divide_radix(u128::from(self.high) << 64 | self.low >> 64);
        let (quotient_low, limb) = divide_radix(u128::from(rest) << 64 | u128::from(self.low as u64));
        *self = Column { low: u128::from(quotient_high) << 64 | u128::from(quotient_low), high: 0 };
        limb
    }
}

/// Writes `a * b` into as many limbs as both have: each limb of the product is reduced once.
pub(in crate::decimal) fn schoolbook(a: &[u64], b: &[u64], out: &mut [u64]) {
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if b.is_empty() {
        out.fill(0);
        return;
    }
    let mut column = Column::default();
    let last = a.len() + b.len() - 1;
    for (index, out) in out.iter_mut().enumerate().take(last) {
        let first = (index + 1).saturating_sub(b.len());
        let end = (index + 1).min(a.len());
        let factors = b[index + 1 - end..index + 1 - first].iter().rev();
        for (a, b) in a[first..end].iter().zip(factors) {
            column.add(u128::from(*a) * u128::from(*b));
        }
        *out = column.take();
    }
    out[last] = column.low as u64;
}

/// `|a - b|` and whether `b` is larger; both have the length of `out`.
fn difference(a: &[u64], b: &[u64], out: &mut [u64]) -> bool {
    let less = compare(trimmed(a), trimmed(b)) == std::cmp::Ordering::Less;
    let (large, small) = if less { (b, a) } else { (a, b) };
    out[..large.len()].copy_from_slice(large);
    out[large.len()..].fill(0);
    sub_in_place(out, trimmed(small));
    less
}

/// Karatsuba's method for factors of one length.
fn karatsuba(a: &[u64], b: &[u64], out: &mut [u64]) {
    let length = a.len();
    if length < KARATSUBA {
        return schoolbook(a, b, out);
    }
    let half = length.div_ceil(2);
    let ((a_low, a_high), (b_low, b_high)) = (a.split_at(half), b.split_at(half));
    // a_low * b_high + a_high * b_low = a_low * b_low + a_high * b_high - (a_low - a_high) * (b_low - b_high)
    let mut scratch = vec![0; 4 * half];
    let (differences, middle) = scratch.split_at_mut(2 * half);
    let (of_a, of_b) = differences.split_at_mut(half);
    let negative = difference(a_low, a_high, of_a) != difference(b_low, b_high, of_b);
    karatsuba(of_a, of_b, middle);
    let (low, high) = out.split_at_mut(2 * half);
    karatsuba(a_low, b_low, low);
    unbalanced(a_high, b_high, high);
    let mut sum = Vec::with_capacity(2 * half + 1);
    sum.extend_from_slice(low);
    sum.push(0);
    add_in_place(&mut sum, trimmed(high));
    if negative {
        add_in_place(&mut sum, middle);
    } else {
        sub_in_place(&mut sum, middle);
    }
    add_in_place(&mut out[half..], trimmed(&sum));
}

/// Writes `a * b` into as many limbs as both have.
pub(in crate::decimal) fn multiply_into(a: &[u64], b: &[u64], out: &mut [u64]) {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.len() < KARATSUBA {
        schoolbook(long, short, out);
    } else if short.len() >= TRANSFORM {
        transform::multiply(long, short, out);
    } else {
        unbalanced(long, short, out);
    }
}

/// Karatsuba's method for pieces of the longer factor.
fn unbalanced(a: &[u64], b: &[u64], out: &mut [u64]) {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if long.len() == short.len() {
        return karatsuba(long, short, out);
    }
    if short.is_empty() {
        return out.fill(0);
    }
    out.fill(0);
    let mut piece = vec![0; 2 * short.len()];
    for (index, chunk) in long.chunks(short.len()).enumerate() {
        let product = &mut piece[..chunk.len() + short.len()];
        if chunk.len() == short.len() {
            karatsuba(chunk, short, product);
        } else {
            multiply_into(chunk, short, product);
        }
        add_in_place(&mut out[index * short.len()..], trimmed(product));
    }
}

/// `a * b`.
pub(in crate::decimal) fn multiply(a: &[u64], b: &[u64]) -> Limbs {
    match (a, b) {
        ([], _) | (_, []) => return Vec::new(),
        (long, [factor]) | ([factor], long) => return multiply_short(long, *factor),
        _ => {}
    }
    let mut product = vec![0; a.len() + b.len()];
    multiply_into(a, b, &mut product);
    normalise(&mut product);
    product
}

const _: () = assert!(RADIX > u64::MAX / 2, "divide_radix shifts nothing");
