//! Integers to and from digits. CPython: `PyLong_FromString`, `long_to_decimal_string_internal`,
//! `long_format_binary` of `Objects/longobject.c`.
//!
//! Invariant: sub-quadratic above 32 limbs in both directions, and the digit limit is checked before the work is done.

use dashu_int::UBig;

use super::magnitude::{self, Limbs};
use super::multiply::{OWN_LIMBS, to_ubig};
use super::{Int, IntRef};

/// Conversions of at most this many digits ignore the limit: CPython's `_PY_LONG_MAX_STR_DIGITS_THRESHOLD`.
const LIMIT_THRESHOLD: usize = 640;

/// The most decimal digits that one limb holds, and their power of ten.
const DECIMAL_CHUNK: (usize, u64) = (19, 10_000_000_000_000_000_000);

/// Why a text is no integer; both are ValueError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseIntError {
    /// The caller says "invalid literal for int() with base %d: %.200R".
    Invalid,
    /// More decimal digits than the interpreter allows.
    TooManyDigits(TooManyDigits),
}

/// A conversion beyond `sys.get_int_max_str_digits()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyDigits {
    /// The limit that was in force.
    pub limit: usize,
    /// How many digits the text had; None when an integer was to become text.
    pub digits: Option<usize>,
}

impl std::fmt::Display for TooManyDigits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exceeds the limit ({} digits) for integer string conversion", self.limit)?;
        if let Some(digits) = self.digits {
            write!(f, ": value has {digits} digits")?;
        }
        f.write_str("; use sys.set_int_max_str_digits() to increase the limit")
    }
}

/// The value of an ASCII digit or letter, 0 to 35.
#[inline]
pub fn digit_value(byte: u8) -> Option<u32> {
    (byte as char).to_digit(36)
}

impl Int {
    /// Parses as `int(text, base)` does after white space is stripped and other digits have become ASCII: sign,
    /// prefix, digits with single underscores. `base` is 0 or 2 to 36; a `limit` of zero is none.
    pub fn parse(text: &[u8], base: u32, limit: usize) -> Result<Int, ParseIntError> {
        debug_assert!(base == 0 || (2..=36).contains(&base));
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (base, text, only_zero) = split_prefix(text, base);
        let digits = clean_digits(text, base).ok_or(ParseIntError::Invalid)?;
        if !base.is_power_of_two() && limit > 0 && digits.len() > LIMIT_THRESHOLD && digits.len() > limit {
            return Err(ParseIntError::TooManyDigits(TooManyDigits { limit, digits: Some(digits.len()) }));
        }
        let limbs = from_digits(&digits, base);
        if only_zero && !limbs.is_empty() {
            return Err(ParseIntError::Invalid);
        }
        Ok(Int::new(negative, limbs))
    }
}

/// Resolves base 0 and drops the prefix that belongs to the base; the flag says that only zeros may follow ("01").
fn split_prefix(text: &[u8], base: u32) -> (u32, &[u8], bool) {
    let prefixed = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if prefixed != 0 && (base == 0 || base == prefixed) {
        let rest = &text[2..];
        return (prefixed, rest.strip_prefix(b"_").unwrap_or(rest), false);
    }
    match base {
        0 => (10, text, text.first() == Some(&b'0')),
        _ => (base, text, false),
    }
}

/// The digits without their underscores; None unless every underscore stands between two digits.
fn clean_digits(text: &[u8], base: u32) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for &byte in text {
        match byte {
            b'_' if after_digit => after_digit = false,
            _ => {
                digit_value(byte).filter(|&value| value < base)?;
                digits.push(byte);
                after_digit = true;
            }
        }
    }
    after_digit.then_some(digits)
}

/// The magnitude of ASCII digits that are all valid in `base`.
fn from_digits(digits: &[u8], base: u32) -> Limbs {
    if base.is_power_of_two() {
        return from_binary_digits(digits, base.trailing_zeros());
    }
    // 19 decimal digits fill a limb; other bases are dense enough for the same bound.
    if digits.len() > OWN_LIMBS * DECIMAL_CHUNK.0 {
        let text = std::str::from_utf8(digits).unwrap_or("0");
        return UBig::from_str_radix(text, base)
            .map_or_else(|_| Vec::new(), |value| value.as_words().to_vec());
    }
    let mut limbs = Vec::with_capacity(digits.len() / 12 + 1);
    // 12 digits of base 36 stay below 2^63.
    for chunk in digits.chunks(12) {
        let (mut factor, mut value) = (1u64, 0u64);
        for &digit in chunk {
            factor *= u64::from(base);
            value = value * u64::from(base) + u64::from(digit_value(digit).unwrap_or(0));
        }
        magnitude::mul_add_small(&mut limbs, factor, value);
    }
    magnitude::normalise(&mut limbs);
    limbs
}

fn from_binary_digits(digits: &[u8], bits_per_digit: u32) -> Limbs {
    let mut limbs = Vec::with_capacity(digits.len() * bits_per_digit as usize / 64 + 1);
    let (mut limb, mut used) = (0u64, 0u32);
    for &digit in digits.iter().rev() {
        let value = u64::from(digit_value(digit).unwrap_or(0));
        limb |= value << used;
        used += bits_per_digit;
        if used >= 64 {
            limbs.push(limb);
            used -= 64;
            // Base 8 and 32 digits may straddle two limbs.
            limb = if used == 0 { 0 } else { value >> (bits_per_digit - used) };
        }
    }
    limbs.push(limb);
    magnitude::normalise(&mut limbs);
    limbs
}

impl IntRef<'_> {
    /// The decimal digits with a leading `-` for a negative number; a `limit` of zero is none.
    pub fn to_decimal(self, limit: usize) -> Result<String, TooManyDigits> {
        let error = TooManyDigits { limit, digits: None };
        // 3.322 bits per digit (log2(10), rounded up): certainly too many digits.
        let at_least = (self.bit_length().saturating_sub(1) as f64 / 3.322) as usize;
        if limit > 0 && at_least > limit.max(LIMIT_THRESHOLD) {
            return Err(error);
        }
        let text = decimal(self);
        let digits = text.len() - usize::from(self.negative);
        if limit > 0 && digits > LIMIT_THRESHOLD && digits > limit {
            return Err(error);
        }
        Ok(text)
    }

    /// The digits in base 2, 8, 16 or another power of two up to 32, lower case, without prefix.
    pub fn to_binary_base(self, bits_per_digit: u32) -> String {
        debug_assert!((1..=5).contains(&bits_per_digit));
        let digits = self.bit_length().div_ceil(u64::from(bits_per_digit)).max(1);
        let mut text = String::with_capacity(digits as usize + 1);
        if self.negative {
            text.push('-');
        }
        for index in (0..digits).rev() {
            let value = self.bits_at(index * u64::from(bits_per_digit), bits_per_digit);
            text.push(char::from_digit(value, 32).unwrap_or('0'));
        }
        text
    }

    /// Up to 32 bits of the magnitude from bit `start` on.
    fn bits_at(self, start: u64, count: u32) -> u32 {
        let (index, shift) = ((start / 64) as usize, start % 64);
        let low = self.limbs.get(index).copied().unwrap_or(0) >> shift;
        let high = match self.limbs.get(index + 1) {
            Some(&limb) if shift + u64::from(count) > 64 => limb << (64 - shift),
            _ => 0,
        };
        ((low | high) & ((1 << count) - 1)) as u32
    }
}

/// All decimal digits without regard to a limit.
fn decimal(number: IntRef<'_>) -> String {
    let sign = if number.negative { "-" } else { "" };
    match number.limbs {
        [] => "0".to_owned(),
        &[limb] => format!("{sign}{limb}"),
        limbs if limbs.len() <= OWN_LIMBS => small_decimal(sign, limbs),
        // Trailing zero bits are common (powers of two); the crate needs no help with them.
        limbs => format!("{sign}{}", to_ubig(limbs)),
    }
}

fn small_decimal(sign: &str, limbs: &[u64]) -> String {
    let mut rest = limbs.to_vec();
    let mut chunks = Vec::with_capacity(limbs.len() * 2);
    while !rest.is_empty() {
        chunks.push(magnitude::div_small_in_place(&mut rest, DECIMAL_CHUNK.1));
        magnitude::normalise(&mut rest);
    }
    let mut text = String::with_capacity(sign.len() + chunks.len() * DECIMAL_CHUNK.0);
    text.push_str(sign);
    let mut chunks = chunks.iter().rev();
    if let Some(first) = chunks.next() {
        text.push_str(&first.to_string());
    }
    for chunk in chunks {
        text.push_str(&format!("{chunk:019}"));
    }
    text
}
