//! Long numbers against the integers' arithmetic, and the ways of one operation against each other.

use super::*;
use crate::bigint::Int;

/// Limbs that look random; some are extreme.
fn number(length: usize, seed: u64) -> Limbs {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut limbs: Limbs = (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            match state % 11 {
                0 => 0,
                1 => RADIX - 1,
                _ => state % RADIX,
            }
        })
        .collect();
    if let Some(top) = limbs.last_mut() {
        *top = (*top).max(1);
    }
    limbs
}

fn product(a: &[u64], b: &[u64]) -> Int {
    to_binary(a).view().mul(to_binary(b).view())
}

#[test]
fn products_of_all_lengths_are_those_of_integers() {
    for (a, b) in [
        (1, 1),
        (2, 3),
        (5, 39),
        (40, 40),
        (41, 90),
        (79, 81),
        (130, 131),
        (219, 300),
        (220, 220),
        (257, 800),
        (600, 1500),
    ] {
        let (a, b) = (number(a, 1 + b as u64), number(b, 7 + a as u64));
        assert_eq!(to_binary(&multiply(&a, &b)).limbs, product(&a, &b).limbs, "{} {}", a.len(), b.len());
    }
    let a = vec![RADIX - 1; 1000];
    assert_eq!(to_binary(&multiply(&a, &a)).limbs, product(&a, &a).limbs);
}

#[test]
fn quotients_and_remainders_give_the_dividend_back() {
    for (a, b) in [
        (3, 2),
        (10, 3),
        (60, 30),
        (200, 85),
        (161, 80),
        (400, 200),
        (1000, 333),
        (500, 500),
        (900, 450),
        (300, 299),
    ] {
        for seed in 1..4 {
            let (a, b) = (number(a, seed), number(b, seed + 50));
            let (quotient, rest) = div_rem(&a, &b);
            assert_eq!(compare(&rest, &b), Ordering::Less);
            let back = add(&multiply(&quotient, &b), &rest);
            assert_eq!(trimmed(&back), &a[..], "{} {} {seed}", a.len(), b.len());
        }
    }
    let (a, b) = (vec![RADIX - 1; 400], vec![RADIX - 1; 200]);
    let (quotient, rest) = div_rem(&a, &b);
    assert_eq!(trimmed(&add(&multiply(&quotient, &b), &rest)), &a[..]);
}

#[test]
fn roots_are_the_largest_whose_square_is_not_larger() {
    for length in [1, 2, 3, 4, 5, 6, 7, 9, 17, 40, 100, 333] {
        for seed in 1..5 {
            let number = number(length, seed);
            let root = square_root(&number);
            let one_more = add(&root, &[1]);
            assert_ne!(compare(&multiply(&root, &root), &number), Ordering::Greater, "{length}");
            assert_eq!(compare(&multiply(&one_more, &one_more), &number), Ordering::Greater, "{length}");
        }
    }
}

#[test]
fn digits_and_binary_words_convert_both_ways() {
    for length in [1, 2, 3, 50, 119, 130, 400] {
        let number = number(length, 3);
        let mut digits = Vec::new();
        push_digits(&mut digits, &number);
        assert_eq!(digits.len() as u64, super::digits(&number));
        assert_eq!(of_digits(&digits), number);
        assert_eq!(of_binary(to_binary(&number).view()), number);
        for places in [1, 18, 19, 20, 57, 400] {
            let shifted = shift_left(&number, places);
            assert_eq!(shift_right(&shifted, places), number);
            let low = low_digits(&number, places);
            let back = add(&shift_left(&shift_right(&number, places), places), &low);
            assert_eq!(trimmed(&back), &number[..]);
        }
    }
    assert_eq!(convert::of_u128(u128::MAX), [3374607431768211455, 4028236692093846346, 3]);
}
