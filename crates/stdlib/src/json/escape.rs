//! Strings as JSON writes them. CPython: `ascii_escape_unicode`, `escape_unicode` in `Modules/_json.c`.
//!
//! Invariant: what is pushed is one JSON string with its quotes.

use taipan_runtime::text::Unit;
use taipan_runtime::types::str::{StrBuilder, Units};

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// High bits set at the bytes of `word` that are zero; exact up to the first of them.
#[inline(always)]
pub(super) fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

/// High bits set at the bytes below `limit` (at most 0x80); exact up to the first of them.
#[inline(always)]
pub(super) fn bytes_below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(LOW * u64::from(limit)) & !word & HIGH
}

/// High bits set at the bytes that equal `byte`; exact up to the first of them.
#[inline(always)]
pub(super) fn bytes_equal(word: u64, byte: u8) -> u64 {
    zero_bytes(word ^ (LOW * u64::from(byte)))
}

/// Eight bytes as a word, the first lowest.
#[inline(always)]
pub(super) fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk: &[u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(*chunk))
}

/// How many bytes from `from` on need no escape where the output is ASCII.
#[inline]
fn plain_ascii_run(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = word_at(bytes, at) {
        let special = bytes_below(word, 0x20)
            | bytes_equal(word, b'"')
            | bytes_equal(word, b'\\')
            | bytes_equal(word, 0x7f)
            | word & HIGH;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8 - from;
        }
        at += 8;
    }
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    at + bytes[at..].iter().take_while(|byte| plain(byte)).count() - from
}

/// Pushes `text` escaped so that only ASCII comes out.
#[inline]
pub(super) fn push_ascii(out: &mut StrBuilder, text: Units<'_>) {
    match text {
        Units::One(bytes) => {
            out.push_ascii(b"\"");
            let mut at = 0;
            loop {
                let run = plain_ascii_run(bytes, at);
                out.push_ascii(&bytes[at..at + run]);
                at += run;
                match bytes.get(at) {
                    None => break,
                    Some(byte) => push_escape(out, u32::from(*byte)),
                }
                at += 1;
            }
            out.push_ascii(b"\"");
        }
        Units::Two(units) => push_wide_ascii(out, units),
        Units::Four(units) => push_wide_ascii(out, units),
    }
}

fn push_wide_ascii<T: Unit>(out: &mut StrBuilder, units: &[T]) {
    out.push_ascii(b"\"");
    for unit in units {
        match unit.code() {
            code @ 0x20..=0x7e if code != 0x22 && code != 0x5c => out.push_ascii(&[code as u8]),
            code @ 0..=0xffff => push_escape(out, code),
            code => {
                let offset = code - 0x1_0000;
                push_escape(out, 0xd800 | offset >> 10);
                push_escape(out, 0xdc00 | offset & 0x3ff);
            }
        }
    }
    out.push_ascii(b"\"");
}

/// The letter of a short escape.
fn short_escape(code: u32) -> Option<u8> {
    Some(match code {
        0x22 => b'"',
        0x5c => b'\\',
        0x08 => b'b',
        0x0c => b'f',
        0x0a => b'n',
        0x0d => b'r',
        0x09 => b't',
        _ => return None,
    })
}

/// Pushes the escape of one code unit.
fn push_escape(out: &mut StrBuilder, code: u32) {
    if let Some(letter) = short_escape(code) {
        return out.push_ascii(&[b'\\', letter]);
    }
    let digit = |shift: u32| b"0123456789abcdef"[(code >> shift & 15) as usize];
    out.push_ascii(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// How many bytes from `from` on need no escape.
#[inline]
fn plain_run(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = word_at(bytes, at) {
        let special = bytes_below(word, 0x20) | bytes_equal(word, b'"') | bytes_equal(word, b'\\');
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8 - from;
        }
        at += 8;
    }
    let plain = |byte: &u8| *byte >= 0x20 && !matches!(byte, b'"' | b'\\');
    at + bytes[at..].iter().take_while(|byte| plain(byte)).count() - from
}

/// Pushes `text` with the escapes that JSON asks for and no others.
pub(super) fn push(out: &mut StrBuilder, text: Units<'_>) {
    match text {
        Units::One(bytes) => {
            out.push_ascii(b"\"");
            let mut at = 0;
            loop {
                let run = plain_run(bytes, at);
                out.push_latin1(&bytes[at..at + run]);
                at += run;
                match bytes.get(at) {
                    None => break,
                    Some(byte) => push_escape(out, u32::from(*byte)),
                }
                at += 1;
            }
            out.push_ascii(b"\"");
        }
        Units::Two(units) => push_wide(out, units),
        Units::Four(units) => push_wide(out, units),
    }
}

fn push_wide<T: Unit>(out: &mut StrBuilder, units: &[T]) {
    out.push_ascii(b"\"");
    for unit in units {
        match unit.code() {
            code if code < 0x20 || code == 0x22 || code == 0x5c => push_escape(out, code),
            code => out.push_char(code),
        }
    }
    out.push_ascii(b"\"");
}
