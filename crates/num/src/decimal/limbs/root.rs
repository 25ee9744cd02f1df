//! Square roots, by Newton's method on ever more limbs. CPython: `mpd_qsqrt` of libmpdec.
//!
//! Invariant: the root is the largest integer whose square is not larger.

use std::cmp::Ordering;

use super::{Limbs, RADIX, add, compare, div_rem, div_rem_short};

/// The root of a number of at most two limbs.
fn small_root(number: u128) -> u64 {
    let mut root = (number as f64).sqrt() as u64;
    // The float is off by a little: Newton's step repairs it.
    if root == 0 {
        return 0;
    }
    root = ((u128::from(root) + number / u128::from(root)) / 2) as u64;
    while u128::from(root) * u128::from(root) > number {
        root -= 1;
    }
    while (u128::from(root) + 1) * (u128::from(root) + 1) <= number {
        root += 1;
    }
    root
}

/// The largest integer whose square is not larger.
pub(in crate::decimal) fn square_root(number: &[u64]) -> Limbs {
    match *number {
        [] => return Vec::new(),
        [low] => return vec![small_root(u128::from(low))],
        [low, high] => {
            return vec![small_root(u128::from(high) * u128::from(RADIX) + u128::from(low))];
        }
        _ => {}
    }
    // The root of the upper half has the upper half of the digits; one more, so that the guess is not below the root.
    let cut = (number.len() / 4).max(1);
    let mut guess = vec![0; cut];
    guess.extend(add(&square_root(&number[2 * cut..]), &[1]));
    // From above each step comes nearer, until it does not.
    loop {
        let (quotient, _) = div_rem(number, &guess);
        let (next, _) = div_rem_short(&add(&guess, &quotient), 2);
        if compare(&next, &guess) != Ordering::Less {
            break;
        }
        guess = next;
    }
    guess
}
