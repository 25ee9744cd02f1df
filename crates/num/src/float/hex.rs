//! Hexadecimal float text. CPython: `float_hex_impl`, `float_fromhex_impl` of `Objects/floatobject.c`.
//!
//! Invariant: writing is exact; reading rounds once, to nearest, ties to even.

use crate::bigint::{decompose, digit_value, scale_rounded};

/// Why hexadecimal text is no float.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HexError {
    /// ValueError.
    Invalid,
    /// OverflowError.
    TooLarge,
}

impl std::fmt::Display for HexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            HexError::Invalid => "invalid hexadecimal floating-point string",
            HexError::TooLarge => "hexadecimal value too large to represent as a float",
        })
    }
}

/// `x.hex()`.
pub fn to_hex(x: f64) -> String {
    if !x.is_finite() {
        return super::repr(x);
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let (mantissa, exponent) = decompose(x);
    let (lead, fraction) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    format!("{sign}0x{lead}.{fraction:013x}p{:+}", exponent + 52)
}

/// `float.fromhex(text)`, white space around it included.
pub fn from_hex(text: &[u8]) -> Result<f64, HexError> {
    let text = trim_space(text);
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let magnitude = if body.eq_ignore_ascii_case(b"inf") || body.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else if body.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else {
        number(body)?
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn trim_space(text: &[u8]) -> &[u8] {
    // C's isspace also knows the vertical tab.
    let space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

fn number(body: &[u8]) -> Result<f64, HexError> {
    let body = match body {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        _ => body,
    };
    let mut mantissa = Mantissa::default();
    let (mut digits, mut at, mut behind_point) = (0usize, 0, false);
    while let Some(&byte) = body.get(at) {
        match digit_value(byte) {
            Some(value) if value < 16 => {
                digits += 1;
                mantissa.push(value, behind_point);
            }
            _ if byte == b'.' && !behind_point => behind_point = true,
            _ => break,
        }
        at += 1;
    }
    if digits == 0 {
        return Err(HexError::Invalid);
    }
    let exponent = exponent(&body[at..])?;
    if mantissa.bits == 0 {
        return Ok(0.0);
    }
    scale_rounded(mantissa.bits, mantissa.scale.saturating_add(exponent)).ok_or(HexError::TooLarge)
}

/// The first 60 bits of the digits, a sticky lowest bit for the rest, and their scale.
#[derive(Default)]
struct Mantissa {
    bits: u64,
    scale: i64,
}

impl Mantissa {
    fn push(&mut self, value: u32, behind_point: bool) {
        if self.bits >> 60 == 0 {
            self.bits = self.bits << 4 | u64::from(value);
            self.scale -= if behind_point { 4 } else { 0 };
        } else {
            self.bits |= u64::from(value != 0);
            self.scale += if behind_point { 0 } else { 4 };
        }
    }
}

/// `p+12`, or nothing. Exponents beyond any float are cut to a quarter of i64's range: zero or overflow either way.
fn exponent(text: &[u8]) -> Result<i64, HexError> {
    let digits = match text {
        [] => return Ok(0),
        [b'p' | b'P', rest @ ..] => rest,
        _ => return Err(HexError::Invalid),
    };
    let (negative, digits) = match digits {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(HexError::Invalid);
    }
    let value =
        digits.iter().fold(0i64, |value, digit| (value * 10 + i64::from(digit - b'0')).min(i64::MAX / 40));
    Ok(if negative { -value } else { value })
}
