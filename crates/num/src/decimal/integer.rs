//! Integers, fractions, floats and hashes of decimals. CPython: `dec_as_long`, `dec_as_integer_ratio` and `_dec_hash` in
//! `Modules/_decimal/_decimal.c`.
//!
//! Invariant: everything here is exact.

use super::{Coefficient, Decimal, OutOfMemory};
use crate::bigint::Int;
use crate::hash::MODULUS;

/// The inverse of ten modulo the prime of hashes.
const INVERSE_OF_TEN: u64 = 2_075_258_708_292_324_556;

/// Powers of ten that a float holds exactly.
const FLOAT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

fn multiply(a: u64, b: u64) -> u64 {
    // The product of two residues, folded: 2^61 is 1 modulo the prime.
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & MODULUS) + (product >> 61) as u64;
    if sum >= MODULUS { sum - MODULUS } else { sum }
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent != 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// `hash()` of a finite number: that of the int, float or fraction that it equals.
pub fn hash(negative: bool, coefficient: &Coefficient, exponent: i64) -> i64 {
    let base = if exponent < 0 { INVERSE_OF_TEN } else { 10 };
    let residue = multiply(coefficient.residue(MODULUS), power(base, exponent.unsigned_abs())) as i64;
    match if negative { -residue } else { residue } {
        -1 => -2,
        hash => hash,
    }
}

impl Decimal {
    /// The value of an integer.
    pub fn to_int(&self) -> Result<Int, OutOfMemory> {
        let Some((coefficient, exponent)) = self.finite() else { return Ok(Int::ZERO) };
        let int = if exponent >= 0 {
            coefficient.shift_left(exponent.unsigned_abs())?.to_int()
        } else {
            coefficient.shift_right(exponent.unsigned_abs()).0.to_int()
        };
        Ok(if self.negative { int.negated() } else { int })
    }

    /// Numerator and denominator, in lowest terms.
    pub fn to_ratio(&self) -> Result<(Int, Int), OutOfMemory> {
        let one = || Int::from(1u64);
        let Some((coefficient, exponent)) = self.finite() else { return Ok((Int::ZERO, one())) };
        if coefficient.is_zero() || exponent >= 0 {
            return Ok((self.to_int()?, one()));
        }
        let numerator = coefficient.to_int();
        let denominator = Coefficient::power_of_ten(exponent.unsigned_abs())?.to_int();
        let common = numerator.view().gcd(denominator.view());
        let reduced = |int: &Int| int.view().floor_div(common.view()).unwrap_or(Int::ZERO);
        let numerator = reduced(&numerator);
        Ok((if self.negative { numerator.negated() } else { numerator }, reduced(&denominator)))
    }

    /// The float nearest to the number, where one operation on floats gives it.
    pub fn to_f64_exactly(&self) -> Option<f64> {
        let (coefficient, exponent) = self.finite()?;
        let integer = coefficient.to_u64().filter(|integer| *integer <= 1 << 53)? as f64;
        let power = *FLOAT_POWERS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
        let magnitude = if exponent < 0 { integer / power } else { integer * power };
        Some(if self.negative { -magnitude } else { magnitude })
    }
}
