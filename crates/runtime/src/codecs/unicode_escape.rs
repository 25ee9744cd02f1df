//! `unicode_escape` and `raw_unicode_escape`: text as the inside of a string literal.
//!
//! CPython: `_PyUnicode_DecodeUnicodeEscapeInternal` and its raw twin. Invariant: what is encoded decodes to
//! the same text; input bytes beyond ASCII are Latin-1.

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use crate::text::unit::Unit;
use crate::types::str::{StrBuilder, Units, each_width};

/// `\n`, `\x41`, `\u1234`, `\N{...}` and octal escapes.
#[derive(Default)]
pub struct UnicodeEscape {
    /// The first invalid escape: its position and length, for the warning about it.
    pub invalid: Option<(usize, usize)>,
}

/// Only `\uhhhh` and `\Uhhhhhhhh`.
pub struct RawUnicodeEscape;

/// Value of `count` hexadecimal digits at the start of `digits`, or how many of them there are.
fn hex(digits: &[u8], count: usize) -> Result<u32, usize> {
    let mut value = 0u32;
    for i in 0..count {
        match digits.get(i).and_then(|d| char::from(*d).to_digit(16)) {
            Some(digit) => value = value << 4 | digit,
            None => return Err(i),
        }
    }
    Ok(value)
}

/// A backslash's meaning.
enum Escape {
    /// This code point, after so many bytes.
    Code(u32, usize),
    /// Line continuation: nothing.
    Nothing(usize),
    /// Not an escape: stands for itself.
    Unknown,
    /// A problem, spanning so many bytes; if the input may go on, more bytes could complete it.
    Bad(usize, &'static str, bool),
}

fn sized_hex(rest: &[u8], digits: usize, reason: &'static str) -> Escape {
    match hex(&rest[2..], digits) {
        Ok(code) if code > 0x10_ffff => Escape::Bad(2 + digits, "illegal Unicode character", false),
        Ok(code) => Escape::Code(code, 2 + digits),
        Err(found) => Escape::Bad(2 + found, reason, 2 + found == rest.len()),
    }
}

fn named(rest: &[u8]) -> Escape {
    let malformed = "malformed \\N character escape";
    match rest.get(2) {
        None => return Escape::Bad(2, malformed, true),
        Some(b'{') => {}
        Some(_) => return Escape::Bad(2, malformed, false),
    }
    let Some(close) = memchr::memchr(b'}', rest) else {
        return Escape::Bad(rest.len(), malformed, true);
    };
    if close == 3 {
        return Escape::Bad(3, malformed, false);
    }
    let name = std::str::from_utf8(&rest[3..close]).ok();
    match name.and_then(taipan_unicode::lookup) {
        Some(code) => Escape::Code(code, close + 1),
        None => Escape::Bad(close + 1, "unknown Unicode character name", false),
    }
}

/// The escape that `rest` (which begins with a backslash) starts with.
fn escape(rest: &[u8]) -> Escape {
    let Some(letter) = rest.get(1) else { return Escape::Bad(1, "\\ at end of string", true) };
    let code = match letter {
        b'\n' => return Escape::Nothing(2),
        b'\\' | b'\'' | b'"' => *letter,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'r' => 13,
        b'f' => 12,
        b'v' => 11,
        b'a' => 7,
        b'0'..=b'7' => {
            let digits = rest[1..].iter().take(3).take_while(|d| matches!(d, b'0'..=b'7'));
            let (value, len) =
                digits.fold((0, 1), |(value, len), d| (value << 3 | u32::from(d - b'0'), len + 1));
            return Escape::Code(value, len);
        }
        b'x' => return sized_hex(rest, 2, "truncated \\xXX escape"),
        b'u' => return sized_hex(rest, 4, "truncated \\uXXXX escape"),
        b'U' => return sized_hex(rest, 8, "truncated \\UXXXXXXXX escape"),
        b'N' => return named(rest),
        _ => return Escape::Unknown,
    };
    Escape::Code(u32::from(code), 2)
}

impl Decoder for UnicodeEscape {
    fn name(&self) -> &str {
        "unicodeescape"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        is_final: bool,
    ) -> Step<DecodeProblem> {
        while *at < input.len() {
            let rest = &input[*at..];
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            out.push_latin1(&rest[..plain]);
            *at += plain;
            let rest = &rest[plain..];
            if rest.is_empty() {
                break;
            }
            match escape(rest) {
                Escape::Code(code, len) => {
                    if len == 4 && code > 0xff && rest[1] != b'N' {
                        self.invalid.get_or_insert((*at, 4));
                    }
                    out.push_char(code);
                    *at += len;
                }
                Escape::Nothing(len) => *at += len,
                Escape::Unknown => {
                    self.invalid.get_or_insert((*at, 2));
                    out.push_char(u32::from(b'\\'));
                    *at += 1;
                }
                Escape::Bad(_, _, true) if !is_final => return Ok(()),
                Escape::Bad(len, reason, _) => return Err(DecodeProblem::new(*at..*at + len, reason)),
            }
        }
        Ok(())
    }
}

impl Encoder for UnicodeEscape {
    fn name(&self) -> &str {
        "unicodeescape"
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        each_width!(text, units => for unit in &units[*at..] {
            match unit.code() {
                0x5c => out.extend_from_slice(b"\\\\"),
                code @ 0x20..=0x7e => out.push(code as u8),
                9 => out.extend_from_slice(b"\\t"),
                10 => out.extend_from_slice(b"\\n"),
                13 => out.extend_from_slice(b"\\r"),
                code @ 0..=0xff => out.extend_from_slice(format!("\\x{code:02x}").as_bytes()),
                code => push_sized(out, code),
            }
        });
        *at = text.len();
        Ok(())
    }
}

fn push_sized(out: &mut Vec<u8>, code: u32) {
    let text = if code < 0x1_0000 { format!("\\u{code:04x}") } else { format!("\\U{code:08x}") };
    out.extend_from_slice(text.as_bytes());
}

impl Decoder for RawUnicodeEscape {
    fn name(&self) -> &str {
        "rawunicodeescape"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        is_final: bool,
    ) -> Step<DecodeProblem> {
        while *at < input.len() {
            let rest = &input[*at..];
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            out.push_latin1(&rest[..plain]);
            *at += plain;
            let rest = &rest[plain..];
            let (digits, truncated) = match rest.get(1) {
                Some(b'u') => (4, "truncated \\uXXXX escape"),
                Some(b'U') => (8, "truncated \\UXXXXXXXX escape"),
                None if rest.len() == 1 && !is_final => return Ok(()),
                // A backslash shields the character behind it, so that `\\u0041` stays as it is.
                _ => {
                    let plain = rest.len().min(2);
                    out.push_latin1(&rest[..plain]);
                    *at += plain;
                    continue;
                }
            };
            match hex(&rest[2..], digits) {
                Ok(code) if code > 0x10_ffff => {
                    return Err(DecodeProblem::new(*at..*at + 2 + digits, "\\Uxxxxxxxx out of range"));
                }
                Ok(code) => {
                    out.push_char(code);
                    *at += 2 + digits;
                }
                Err(found) if 2 + found == rest.len() && !is_final => return Ok(()),
                Err(found) => return Err(DecodeProblem::new(*at..*at + 2 + found, truncated)),
            }
        }
        Ok(())
    }
}

impl Encoder for RawUnicodeEscape {
    fn name(&self) -> &str {
        "rawunicodeescape"
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        each_width!(text, units => for unit in &units[*at..] {
            match unit.code() {
                code @ 0..=0xff => out.push(code as u8),
                code => push_sized(out, code),
            }
        });
        *at = text.len();
        Ok(())
    }
}
