//! Rounding to decimal places, integer ratios. CPython: `double_round`, `float_as_integer_ratio_impl` of
//! `Objects/floatobject.c`.
//!
//! Invariant: rounding works on the exact decimal value of the float, never on a product with a power of ten.

use super::Digits;
use crate::bigint::{Int, IntRef, decompose};

/// `round(x, n)` beyond the largest float; OverflowError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTooLarge;

impl std::fmt::Display for RoundTooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("rounded value too large to represent")
    }
}

/// `x.as_integer_ratio()` of what is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatioError {
    /// OverflowError.
    Infinity,
    /// ValueError.
    Nan,
}

impl std::fmt::Display for RatioError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            RatioError::Infinity => "cannot convert Infinity to integer ratio",
            RatioError::Nan => "cannot convert NaN to integer ratio",
        })
    }
}

/// `round(x, places)`.
pub fn round_digits(x: f64, places: i64) -> Result<f64, RoundTooLarge> {
    // More places than any float has, or fewer than any float's magnitude.
    if !x.is_finite() || places > 323 {
        return Ok(x);
    }
    if places < -308 {
        return Ok(0.0 * x);
    }
    let digits = Digits::fixed(x, places);
    let exponent = i64::from(digits.point) - digits.text.len() as i64;
    let rounded: f64 = format!("0{}e{exponent}", digits.text).parse().unwrap_or(0.0);
    if rounded.is_infinite() {
        return Err(RoundTooLarge);
    }
    Ok(rounded.copysign(x))
}

/// `x.as_integer_ratio()`: numerator and denominator without a common factor, the denominator positive.
pub fn as_integer_ratio(x: f64) -> Result<(Int, Int), RatioError> {
    if x.is_nan() {
        return Err(RatioError::Nan);
    }
    if x.is_infinite() {
        return Err(RatioError::Infinity);
    }
    let (mantissa, exponent) = decompose(x);
    if mantissa == 0 {
        return Ok((Int::ZERO, Int::from(1i64)));
    }
    let twos = mantissa.trailing_zeros();
    let (odd, exponent) = (mantissa >> twos, exponent + i64::from(twos));
    let shifted =
        |limbs: &[u64], count: i64| Int::new(false, crate::bigint::shift_left(limbs, count.unsigned_abs()));
    let (numerator, denominator) = if exponent >= 0 {
        (shifted(&[odd], exponent), IntRef::ONE.to_owned())
    } else {
        (Int::from(odd), shifted(&[1], exponent))
    };
    Ok((Int::new(x < 0.0, numerator.limbs), denominator))
}

/// `x.is_integer()`.
pub fn is_integer(x: f64) -> bool {
    x.is_finite() && x.trunc() == x
}
