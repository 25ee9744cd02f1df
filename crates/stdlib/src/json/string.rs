//! Reading a JSON string. CPython: `scanstring_unicode` in `Modules/_json.c`.
//!
//! Invariant: `begin` is the index behind the opening quote, the result's index the one behind the closing quote.

use taipan_runtime::prelude::*;
use taipan_runtime::text::Unit;
use taipan_runtime::types::str::{StrBuilder, Units};

use super::decode_error;
use super::escape::{bytes_below, bytes_equal, word_at};

/// Code units of a document.
pub(super) trait Text: Unit {
    /// The index of the first quote, backslash or, if `strict`, control character from `from` on; else the length.
    fn plain_end(units: &[Self], from: usize, strict: bool) -> usize {
        let special = |unit: &Self| {
            let code = unit.code();
            code == 0x22 || code == 0x5c || (code < 0x20 && strict)
        };
        units[from..].iter().position(special).map_or(units.len(), |offset| from + offset)
    }

    /// The units as Latin-1 bytes, if that is what they are.
    fn latin1(units: &[Self]) -> Option<&[u8]> {
        let _ = units;
        None
    }
}

impl Text for u8 {
    #[inline]
    fn plain_end(units: &[u8], from: usize, strict: bool) -> usize {
        let control_limit = if strict { 0x20 } else { 0 };
        let mut at = from;
        while let Some(word) = word_at(units, at) {
            let special =
                bytes_below(word, control_limit) | bytes_equal(word, b'"') | bytes_equal(word, b'\\');
            if special != 0 {
                return at + special.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        while let Some(byte) = units.get(at) {
            if matches!(byte, b'"' | b'\\') || *byte < control_limit {
                break;
            }
            at += 1;
        }
        at
    }

    #[inline(always)]
    fn latin1(units: &[u8]) -> Option<&[u8]> {
        Some(units)
    }
}

impl Text for u16 {}
impl Text for u32 {}

/// Reads the string of a document of any width.
pub(super) fn scan_any(
    cx: &mut Context,
    document: Gc<Str>,
    begin: usize,
    strict: bool,
) -> Result<(Gc<Str>, usize)> {
    match document.units() {
        Units::One(units) => scan(cx, document, units, begin, strict),
        Units::Two(units) => scan(cx, document, units, begin, strict),
        Units::Four(units) => scan(cx, document, units, begin, strict),
    }
}

/// Reads the string; `units` are the document's.
#[inline]
pub(super) fn scan<T: Text>(
    cx: &mut Context,
    document: Gc<Str>,
    units: &[T],
    begin: usize,
    strict: bool,
) -> Result<(Gc<Str>, usize)> {
    let end = T::plain_end(units, begin, strict);
    match units.get(end) {
        Some(unit) if unit.code() == 0x22 => Ok((document.substring(cx, begin..end), end + 1)),
        _ => scan_slow(cx, document, units, begin, strict),
    }
}

/// Reads a string with escapes or with an error in it.
#[inline(never)]
fn scan_slow<T: Text>(
    cx: &mut Context,
    document: Gc<Str>,
    units: &[T],
    begin: usize,
    strict: bool,
) -> Result<(Gc<Str>, usize)> {
    let mut text = StrBuilder::new();
    let mut at = begin;
    loop {
        let end = T::plain_end(units, at, strict);
        let found = units.get(end).map_or(0, |unit| unit.code());
        match found {
            0x22 | 0x5c => {}
            _ if end < units.len() => {
                return Err(decode_error(cx, "Invalid control character at", document, end));
            }
            _ => return Err(unterminated(cx, document, begin)),
        }
        push_plain(&mut text, &units[at..end]);
        if found == 0x22 {
            return Ok((text.finish(cx), end + 1));
        }
        let Some(letter) = units.get(end + 1).map(|unit| unit.code()) else {
            return Err(unterminated(cx, document, begin));
        };
        if letter == u32::from(b'u') {
            let (code, next) = unicode_escape(cx, document, units, end + 2)?;
            text.push_char(code);
            at = next;
            continue;
        }
        let Some(code) = short_escape(letter) else {
            return Err(decode_error(cx, "Invalid \\escape", document, end));
        };
        text.push_char(code);
        at = end + 2;
    }
}

#[cold]
fn unterminated(cx: &mut Context, document: Gc<Str>, begin: usize) -> Raised {
    decode_error(cx, "Unterminated string starting at", document, begin - 1)
}

fn push_plain<T: Text>(text: &mut StrBuilder, units: &[T]) {
    match T::latin1(units) {
        Some(bytes) => text.push_latin1(bytes),
        None => units.iter().for_each(|unit| text.push_char(unit.code())),
    }
}

/// What a letter behind a backslash stands for.
fn short_escape(letter: u32) -> Option<u32> {
    Some(match u8::try_from(letter).ok()? {
        b'"' => 0x22,
        b'\\' => 0x5c,
        b'/' => 0x2f,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => 0x0a,
        b'r' => 0x0d,
        b't' => 0x09,
        _ => return None,
    })
}

/// Four hexadecimal digits from `at` on, and a second escape where both are the halves of one character.
fn unicode_escape<T: Text>(
    cx: &mut Context,
    document: Gc<Str>,
    units: &[T],
    at: usize,
) -> Result<(u32, usize)> {
    let invalid = |cx: &mut Context, at| decode_error(cx, "Invalid \\uXXXX escape", document, at);
    let first = units.get(at..at + 4).and_then(four_digits);
    let Some(first) = first else { return Err(invalid(cx, at - 1)) };
    let next = at + 4;
    let is = |index: usize, byte: u8| units.get(index).is_some_and(|unit| unit.code() == u32::from(byte));
    let high = (0xd800..0xdc00).contains(&first);
    if !high || next + 6 >= units.len() || !is(next, b'\\') || !is(next + 1, b'u') {
        return Ok((first, next));
    }
    let Some(second) = four_digits(&units[next + 2..next + 6]) else { return Err(invalid(cx, next + 1)) };
    if (0xdc00..0xe000).contains(&second) {
        Ok((0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff), next + 6))
    } else {
        Ok((first, next))
    }
}

fn four_digits<T: Text>(units: &[T]) -> Option<u32> {
    units.iter().try_fold(0, |value, unit| {
        let digit = char::from_u32(unit.code())?.to_digit(16)?;
        Some(value << 4 | digit)
    })
}
