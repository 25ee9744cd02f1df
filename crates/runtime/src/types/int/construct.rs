//! `int(...)`: from numbers, text and bytes. CPython: `long_new_impl`, `PyNumber_Long`, `PyLong_FromUnicodeObject`,
//! `_PyUnicode_TransformDecimalAndSpaceToASCII`.
//!
//! Invariant: the result of every function here is an exact int.

use taipan_num::bigint::{Int as BigInt, ParseIntError};

use super::{digit_limit, exact, from_int, is_int};
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception;
use crate::object::Gc;
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use crate::value::Value;

/// What C's `isspace` accepts.
fn is_c_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Bytes without white space around them.
fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|&byte| !is_c_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|&byte| !is_c_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// The text of a number: decimal digits of all scripts as ASCII, anything else beyond ASCII as `?`, no white space
/// around it.
pub(crate) fn number_text(text: &Str) -> Vec<u8> {
    if text.is_ascii() {
        return trim(&text.chars().map(|code| code as u8).collect::<Vec<_>>()).to_vec();
    }
    let ascii: Vec<u8> = text
        .chars()
        .map(|code| match code {
            0..=0x7f => code as u8,
            _ if taipan_unicode::is_space(code) => b' ',
            _ => taipan_unicode::decimal(code).map_or(b'?', |digit| b'0' + digit as u8),
        })
        .collect();
    trim(&ascii).to_vec()
}

/// The first 200 characters of a repr, as messages quote it.
fn quoted(cx: &mut Context, value: Value) -> Result<String> {
    Ok(cx.repr(value)?.to_str().chars().take(200).collect())
}

/// Parses digits; `original` is what the message quotes.
fn parse(cx: &mut Context, text: &[u8], base: u32, original: Value) -> Result {
    match BigInt::parse(trim(text), base, digit_limit()) {
        Ok(int) => Ok(from_int(cx, &int)),
        Err(ParseIntError::TooManyDigits(error)) => Err(cx.value_error(error.to_string())),
        Err(ParseIntError::Invalid) => {
            let quoted = quoted(cx, original)?;
            Err(cx.value_error(format!("invalid literal for int() with base {base}: {quoted}")))
        }
    }
}

/// The int that a few decimal digits with perhaps a sign spell, which most texts of ints are.
fn short_decimal(text: &str) -> Option<i64> {
    /// So many nines are small.
    const FEW: usize = 18;
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > FEW {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + digit as i64;
    }
    Some(if negative { -number } else { number })
}

/// `int(text, base)`; the base is 0 or 2 to 36.
pub fn from_text(cx: &mut Context, text: Gc<Str>, base: u32) -> Result {
    if base == 10
        && let Some(number) = text.as_ascii().and_then(short_decimal)
    {
        return Ok(cx.new_int(number));
    }
    if let Some(ascii) = text.as_ascii() {
        return parse(cx, ascii.as_bytes(), base, text.value());
    }
    let digits = number_text(&text);
    parse(cx, &digits, base, text.value())
}

fn from_bytes(cx: &mut Context, bytes: &[u8], base: u32) -> Result {
    let original = cx.new_bytes(bytes).value();
    parse(cx, bytes, base, original)
}

/// `int(value)`: `__int__`, `__index__`, text or bytes.
pub fn from_number(cx: &mut Context, value: Value) -> Result {
    if value.is_small_int() || cx.is_exact::<super::Int>(value) {
        return Ok(value);
    }
    let class = cx.class_of(value);
    if let Some(int) = class.slots.int.get() {
        let result = int(cx, value)?;
        return from_int_method(cx, result);
    }
    if class.slots.index.is_set() {
        let result = cx.index(value)?;
        return Ok(exact(cx, result));
    }
    if let Some(text) = value.downcast::<Str>() {
        return from_text(cx, text, 10);
    }
    match crate::protocol::buffer::try_copy(cx, value)? {
        Some(bytes) => from_bytes(cx, &bytes, 10),
        None => Err(wrong_argument(cx, value)),
    }
}

#[cold]
fn wrong_argument(cx: &Context, value: Value) -> Raised {
    let found = cx.type_name(value);
    cx.type_error(format!(
        "int() argument must be a string, a bytes-like object or a real number, not '{found}'"
    ))
}

/// Checks what `__int__` returned.
fn from_int_method(cx: &mut Context, result: Value) -> Result {
    if result.is_small_int() || cx.is_exact::<super::Int>(result) {
        return Ok(result);
    }
    let found = cx.type_name(result);
    if !is_int(result) {
        return Err(cx.type_error(format!("__int__ returned non-int (type {found})")));
    }
    let message = format!(
        "__int__ returned non-int (type {found}).  The ability to return an instance of a strict subclass of int is \
         deprecated, and may be removed in a future version of Python."
    );
    cx.warn(exception::deprecation_warning, &message, 1)?;
    Ok(exact(cx, result))
}

/// `int(x, base)` with what was given of both.
pub(super) fn construct(cx: &mut Context, x: Option<Value>, base: Option<Value>) -> Result {
    let (x, base) = match (x, base) {
        (None, None) => return Ok(Value::int(0)),
        (None, Some(_)) => return Err(cx.type_error("int() missing string argument")),
        (Some(x), None) => return from_number(cx, x),
        (Some(x), Some(base)) => (x, cx.index_i128(base)?),
    };
    let base = match u32::try_from(base) {
        Ok(base @ (0 | 2..=36)) => base,
        _ => return Err(cx.value_error("int() base must be >= 2 and <= 36, or 0")),
    };
    if let Some(text) = x.downcast::<Str>() {
        return from_text(cx, text, base);
    }
    let is_bytes =
        x.downcast::<Bytes>().is_some() || x.downcast::<crate::types::bytearray::ByteArray>().is_some();
    if !is_bytes {
        return Err(cx.type_error("int() can't convert non-string with explicit base"));
    }
    let bytes = cx.bytes_like(x)?;
    from_bytes(cx, &bytes, base)
}
