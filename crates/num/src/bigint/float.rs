//! Between integers and floats, and the correctly rounded quotient of two integers. CPython: `PyLong_AsDouble`,
//! `PyLong_FromDouble`, `long_true_divide` of `Objects/longobject.c`.
//!
//! Invariant: every rounding is to nearest, ties to even, and happens once.

use std::cmp::Ordering;

use super::bits::{shift_left, shift_right};
use super::divide::div_rem;
use super::magnitude;
use super::{Int, IntRef};

/// A float has no integer value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatRangeError {
    /// The float was an infinity.
    Infinity,
    /// The float was not a number.
    Nan,
}

impl std::fmt::Display for FloatRangeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FloatRangeError::Infinity => "cannot convert float infinity to integer",
            FloatRangeError::Nan => "cannot convert float NaN to integer",
        })
    }
}

/// A quotient of integers that no float holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrueDivideError {
    /// ZeroDivisionError.
    DivisionByZero,
    /// OverflowError.
    TooLarge,
}

impl std::fmt::Display for TrueDivideError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TrueDivideError::DivisionByZero => "division by zero",
            TrueDivideError::TooLarge => "integer division result too large for a float",
        })
    }
}

impl Int {
    /// `int(x)`: the float truncated towards zero.
    pub fn from_f64(x: f64) -> Result<Int, FloatRangeError> {
        if x.is_nan() {
            return Err(FloatRangeError::Nan);
        }
        if x.is_infinite() {
            return Err(FloatRangeError::Infinity);
        }
        let (mantissa, exponent) = decompose(x.trunc());
        if mantissa == 0 {
            return Ok(Int::ZERO);
        }
        let limbs = if exponent >= 0 {
            shift_left(&[mantissa], exponent as u64)
        } else {
            // The value is whole, so only zero bits fall off.
            vec![mantissa >> -exponent]
        };
        Ok(Int::new(x < 0.0, limbs))
    }
}

impl IntRef<'_> {
    /// The nearest float; None where CPython says "int too large to convert to float".
    pub fn to_f64(self) -> Option<f64> {
        let bits = self.bit_length();
        let magnitude = if bits <= 64 {
            // The hardware conversion rounds to nearest even.
            self.limbs.first().copied().unwrap_or(0) as f64
        } else {
            let dropped = bits - 64;
            let top = shift_right(self.limbs, dropped)[0];
            let sticky = u64::from(magnitude::trailing_zeros(self.limbs) < dropped);
            scale_rounded(top | sticky, i64::try_from(dropped).ok()?)?
        };
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// Compares with a float, exactly; None for not-a-number. CPython: `float_richcompare`.
    pub fn partial_cmp_f64(self, x: f64) -> Option<Ordering> {
        if x.is_nan() {
            return None;
        }
        let Ok(whole) = Int::from_f64(x) else {
            return Some(if x > 0.0 { Ordering::Less } else { Ordering::Greater });
        };
        // Equal whole parts: the fraction decides, which has the float's sign.
        Some(self.cmp(&whole.view()).then_with(|| 0.0f64.total_cmp(&(x.fract() + 0.0))))
    }

    /// A float `m` with 0.5 <= |m| < 1 and an exponent: CPython's `_PyLong_Frexp`.
    pub fn frexp(self) -> (f64, i64) {
        let bits = self.bit_length();
        if bits == 0 {
            return (0.0, 0);
        }
        let top = if bits <= 64 {
            self.limbs[0] << (64 - bits)
        } else {
            let dropped = bits - 64;
            shift_right(self.limbs, dropped)[0] | u64::from(magnitude::trailing_zeros(self.limbs) < dropped)
        };
        let mut fraction = top as f64 / 18_446_744_073_709_551_616.0;
        let mut exponent = bits as i64;
        if fraction == 1.0 {
            fraction = 0.5;
            exponent += 1;
        }
        (if self.negative { -fraction } else { fraction }, exponent)
    }

    /// `self / other`, correctly rounded.
    pub fn true_divide(self, other: IntRef<'_>) -> Result<f64, TrueDivideError> {
        if other.is_zero() {
            return Err(TrueDivideError::DivisionByZero);
        }
        let negative = self.negative != other.negative;
        let sign = if negative { -1.0 } else { 1.0 };
        if self.is_zero() {
            return Ok(0.0 * sign);
        }
        if self.bit_length() <= 53 && other.bit_length() <= 53 {
            return Ok(sign * (self.limbs[0] as f64 / other.limbs[0] as f64));
        }
        let difference = self.bit_length() as i64 - other.bit_length() as i64;
        if difference > 1024 {
            return Err(TrueDivideError::TooLarge);
        }
        if difference < -1076 {
            return Ok(0.0 * sign);
        }
        // A quotient of 61 to 63 bits with a sticky lowest bit leaves the only rounding to `scale_rounded`.
        let scale = difference - 62;
        let (mut quotient, remainder) = if scale >= 0 {
            div_rem(self.limbs, &shift_left(other.limbs, scale as u64))
        } else {
            div_rem(&shift_left(self.limbs, scale.unsigned_abs()), other.limbs)
        };
        quotient[0] |= u64::from(!remainder.is_empty());
        scale_rounded(quotient[0], scale).map(|x| sign * x).ok_or(TrueDivideError::TooLarge)
    }
}

/// `mantissa * 2^exponent` rounded once to the nearest float; None on overflow. The lowest bit of a mantissa of more
/// than 55 bits may stand for lost bits.
pub(crate) fn scale_rounded(mantissa: u64, exponent: i64) -> Option<f64> {
    let bits = 64 - i64::from(mantissa.leading_zeros());
    // Far out of range either way; also keeps the sums below from overflowing.
    if exponent > 2000 {
        return None;
    }
    if exponent < -2000 {
        return Some(0.0);
    }
    // Bits below the float's last place: none of a normal float's 53, fewer where the float is subnormal.
    let dropped = (bits - 53).max(-1074 - exponent).max(0);
    if dropped > 64 {
        return Some(0.0);
    }
    let wide = u128::from(mantissa);
    let half = (1u128 << dropped) >> 1;
    let mut kept = wide >> dropped;
    let rest = wide & ((1u128 << dropped) - 1);
    if rest > half || (rest == half && half != 0 && kept & 1 == 1) {
        kept += 1;
    }
    compose(kept as u64, exponent + dropped)
}

/// `mantissa * 2^exponent` where the result is exact; None on overflow. `mantissa` is at most 2^53.
fn compose(mantissa: u64, exponent: i64) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let bits = 64 - i64::from(mantissa.leading_zeros());
    let top = bits + exponent;
    if top > 1024 {
        return None;
    }
    // Two exact steps: the first stays among the normal floats, powers of two never round.
    let high = exponent.max(-1000);
    let scaled = mantissa as f64 * power_of_two(high.min(900)) * power_of_two((high - 900).max(0));
    Some(scaled * power_of_two(exponent - high))
}

/// 2^exponent for an exponent within the normal floats.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// Mantissa and exponent of a finite float's absolute value: `|x| == mantissa * 2^exponent`.
pub(crate) fn decompose(x: f64) -> (u64, i64) {
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) & 0x7ff {
        0 => (fraction, -1074),
        exponent => (fraction | (1 << 52), exponent as i64 - 1075),
    }
}
