//! `repr` and `ascii` of strings.
//!
//! CPython: `unicode_repr`. Invariant: the result is printable, and evaluates to the string.

use std::fmt::Write;

use super::StrBuilder;
use super::raw::Str;
use crate::context::Context;
use crate::object::Gc;

/// Whether `repr` shows the code point as it is.
#[inline]
pub fn is_printable(code: u32) -> bool {
    match code {
        0x20..=0x7e => true,
        0..=0x9f => false,
        _ => taipan_unicode::is_printable(code),
    }
}

/// The literal of `s`; with `ascii_only` everything beyond ASCII is escaped.
pub fn repr(cx: &Context, s: &Str, ascii_only: bool) -> Gc<Str> {
    let mut result = StrBuilder::with_capacity(s.len() + 2);
    push_repr(&mut result, s, ascii_only);
    result.finish(cx)
}

/// Appends the literal of `s`.
pub fn push_repr(result: &mut StrBuilder, s: &Str, ascii_only: bool) {
    let has = |quote: u8| s.chars().any(|c| c == u32::from(quote));
    let quote = if has(b'\'') && !has(b'"') { b'"' } else { b'\'' };
    result.push_char(u32::from(quote));
    for code in s.chars() {
        if code == u32::from(quote) || code == u32::from(b'\\') {
            result.push_char(u32::from(b'\\'));
            result.push_char(code);
        } else if is_printable(code) && (code < 0x80 || !ascii_only) {
            result.push_char(code);
        } else {
            push_escape(result, code);
        }
    }
    result.push_char(u32::from(quote));
}

/// `\n`, `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn push_escape(result: &mut StrBuilder, code: u32) {
    let written = match code {
        9 => result.write_str("\\t"),
        10 => result.write_str("\\n"),
        13 => result.write_str("\\r"),
        0..=0xff => write!(result, "\\x{code:02x}"),
        0x100..=0xffff => write!(result, "\\u{code:04x}"),
        _ => write!(result, "\\U{code:08x}"),
    };
    written.expect("writing to a builder does not fail");
}
