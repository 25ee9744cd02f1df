//! Products: schoolbook to 32 limbs, `dashu-int` above. CPython: `k_mul` of `Objects/longobject.c`.
//!
//! Invariant: both operands are normalised; so is the product.

use dashu_int::UBig;

use super::magnitude::{self, Limbs};

/// From this many limbs of the shorter operand on, `dashu-int` does the work.
pub(super) const OWN_LIMBS: usize = 32;

/// `a * b`.
pub(super) fn mul(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    match short {
        [] => Vec::new(),
        &[factor] => {
            let mut product = Vec::with_capacity(long.len() + 1);
            product.extend_from_slice(long);
            magnitude::mul_add_small(&mut product, factor, 0);
            product
        }
        _ if short.len() <= OWN_LIMBS => schoolbook(long, short),
        _ if std::ptr::eq(a, b) => (to_ubig(a).sqr()).as_words().to_vec(),
        _ => (to_ubig(a) * to_ubig(b)).as_words().to_vec(),
    }
}

fn schoolbook(long: &[u64], short: &[u64]) -> Limbs {
    let mut product = vec![0u64; long.len() + short.len()];
    schoolbook_into(long, short, &mut product);
    magnitude::normalise(&mut product);
    product
}

/// Writes the product into limbs, as many as both factors have.
pub(super) fn schoolbook_into(long: &[u64], short: &[u64], out: &mut [u64]) {
    out[..long.len()].fill(0);
    for (shift, &factor) in short.iter().enumerate() {
        let mut carry = 0u64;
        let (row, rest) = out[shift..].split_at_mut(long.len());
        for (cell, &limb) in row.iter_mut().zip(long) {
            (*cell, carry) = limb.carrying_mul_add(factor, *cell, carry);
        }
        rest[0] = carry;
    }
}

// The crate's word must be our limb; a 32-bit machine would need a conversion here.
const _: () = assert!(dashu_int::Word::BITS == 64);

/// A magnitude as the big-number crate's type.
pub(super) fn to_ubig(limbs: &[u64]) -> UBig {
    UBig::from_words(limbs)
}
