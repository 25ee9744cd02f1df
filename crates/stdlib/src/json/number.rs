//! Reading a JSON number. CPython: `_match_number_unicode` in `Modules/_json.c`.
//!
//! Invariant: floats are correctly rounded: the short way is taken only where it is exact.

use taipan_num::bigint::{Int, ParseIntError};
use taipan_runtime::prelude::*;
use taipan_runtime::types::int;

use super::string::Text;

/// Powers of ten that a double holds exactly.
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Digits that an `u64` takes without overflow.
const SAFE_DIGITS: usize = 18;

/// Where a number ends, and what it is made of.
pub(super) struct Number {
    pub(super) end: usize,
    pub(super) is_float: bool,
    negative: bool,
    /// Value of all digits before an exponent, if there are at most `SAFE_DIGITS`.
    digits: u64,
    digit_count: usize,
    fraction_digits: usize,
    /// The exponent as written; `None` where it is too long to matter.
    exponent: Option<i32>,
}

#[inline(always)]
fn digit<T: Text>(units: &[T], at: usize) -> Option<u64> {
    let code = units.get(at)?.code().wrapping_sub(0x30);
    (code <= 9).then_some(u64::from(code))
}

#[inline(always)]
fn is<T: Text>(units: &[T], at: usize, byte: u8) -> bool {
    units.get(at).is_some_and(|unit| unit.code() == u32::from(byte))
}

impl Number {
    /// Reads the number at `start`; `None` if there is none.
    #[inline]
    pub(super) fn scan<T: Text>(units: &[T], start: usize) -> Option<Number> {
        let negative = is(units, start, b'-');
        let mut at = start + usize::from(negative);
        let first = digit(units, at)?;
        let mut digits = first;
        let mut digit_count = 1;
        at += 1;
        if first != 0 {
            while let Some(next) = digit(units, at) {
                digits = digits.wrapping_mul(10).wrapping_add(next);
                digit_count += 1;
                at += 1;
            }
        }
        let mut number = Number {
            end: at,
            is_float: false,
            negative,
            digits,
            digit_count,
            fraction_digits: 0,
            exponent: Some(0),
        };
        if is(units, at, b'.') && digit(units, at + 1).is_some() {
            number.fraction(units, at + 1);
        }
        if is(units, number.end, b'e') || is(units, number.end, b'E') {
            number.exponent(units, number.end + 1);
        }
        Some(number)
    }

    fn fraction<T: Text>(&mut self, units: &[T], mut at: usize) {
        self.is_float = true;
        let start = at;
        while let Some(next) = digit(units, at) {
            self.digits = self.digits.wrapping_mul(10).wrapping_add(next);
            at += 1;
        }
        self.fraction_digits = at - start;
        self.digit_count += self.fraction_digits;
        self.end = at;
    }

    /// An exponent without digits is not part of the number.
    fn exponent<T: Text>(&mut self, units: &[T], mut at: usize) {
        let negative = is(units, at, b'-');
        if negative || is(units, at, b'+') {
            at += 1;
        }
        let start = at;
        let mut exponent = Some(0i32);
        while let Some(next) = digit(units, at) {
            exponent = exponent.and_then(|value| value.checked_mul(10)?.checked_add(next as i32));
            at += 1;
        }
        if at > start {
            self.is_float = true;
            self.exponent = exponent.map(|value| if negative { -value } else { value });
            self.end = at;
        }
    }

    /// The int that the digits stand for.
    #[inline]
    pub(super) fn to_int<T: Text>(&self, cx: &Context, units: &[T], start: usize) -> Result {
        if self.digit_count <= SAFE_DIGITS {
            let value = self.digits as i64;
            return Ok(cx.new_int(if self.negative { -value } else { value }));
        }
        let text = ascii(&units[start..self.end]);
        match Int::parse(&text, 10, int::digit_limit()) {
            Ok(value) => Ok(int::from_int(cx, &value)),
            Err(ParseIntError::TooManyDigits(error)) => Err(cx.value_error(error.to_string())),
            Err(ParseIntError::Invalid) => unreachable!("the text is digits"),
        }
    }

    /// The float that the digits stand for.
    #[inline]
    pub(super) fn to_float<T: Text>(&self, units: &[T], start: usize) -> f64 {
        if let Some(exact) = self.exact() {
            return exact;
        }
        let text = ascii(&units[start..self.end]);
        taipan_num::float::parse(&text).unwrap_or(f64::NAN)
    }

    /// The float, where digits and power of ten are both exact, so that one operation rounds correctly.
    #[inline]
    fn exact(&self) -> Option<f64> {
        if self.digit_count > SAFE_DIGITS || self.digits >= 1 << 53 {
            return None;
        }
        let exponent = i64::from(self.exponent?) - self.fraction_digits as i64;
        let power = *POWERS_OF_TEN.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
        let digits = self.digits as f64;
        let magnitude = if exponent < 0 { digits / power } else { digits * power };
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

/// Digits, signs and points as bytes.
fn ascii<T: Text>(units: &[T]) -> std::borrow::Cow<'_, [u8]> {
    match T::latin1(units) {
        Some(bytes) => std::borrow::Cow::Borrowed(bytes),
        None => units.iter().map(|unit| unit.code() as u8).collect(),
    }
}
