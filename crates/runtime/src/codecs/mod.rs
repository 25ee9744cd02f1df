//! Codecs: between `str` and bytes.
//!
//! CPython: `Objects/unicodeobject.c`, `Python/codecs.c`. The codecs themselves are pure; `decode` and
//! `encode` are the loops around them, `errors` the error handlers, `registry` what Python code registers.
//! Invariant: the encodings that CPython knows natively never reach the registry.

pub mod charmap;
pub mod decode;
pub mod encode;
pub mod errors;
pub mod escape;
pub mod registry;
pub mod single_byte;
pub mod unicode_escape;
pub mod utf16;
pub mod utf32;
pub mod utf7;
pub mod utf8;

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::types::bytes::Bytes;
use crate::types::str::{Str, Units};
use crate::value::Value;
use decode::Decoder;
use encode::Encoder;
use errors::ErrorMode;
use utf16::{ByteOrder, Utf16};
use utf32::Utf32;

/// An encoding that is converted without the registry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Native {
    Utf8,
    Latin1,
    Ascii,
    Utf16(ByteOrder),
    Utf32(ByteOrder),
}

/// An encoding's name in lower case, each run of other characters than letters, digits and dots as one
/// underscore.
pub fn normalize(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !normal.is_empty() {
                normal.push('_');
            }
            gap = false;
            normal.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    normal
}

impl Native {
    /// The native codec for an encoding's name.
    pub fn of(name: &str) -> Option<Native> {
        match name {
            "utf-8" | "utf8" => return Some(Native::Utf8),
            "ascii" => return Some(Native::Ascii),
            "latin-1" => return Some(Native::Latin1),
            _ => {}
        }
        let normal = normalize(name);
        if let Some(rest) = normal.strip_prefix("utf") {
            return match rest.strip_prefix('_').unwrap_or(rest) {
                "8" => Some(Native::Utf8),
                "16" => Some(Native::Utf16(ByteOrder::Native)),
                "16_le" => Some(Native::Utf16(ByteOrder::Little)),
                "16_be" => Some(Native::Utf16(ByteOrder::Big)),
                "32" => Some(Native::Utf32(ByteOrder::Native)),
                "32_le" => Some(Native::Utf32(ByteOrder::Little)),
                "32_be" => Some(Native::Utf32(ByteOrder::Big)),
                _ => None,
            };
        }
        match normal.as_str() {
            "ascii" | "us_ascii" => Some(Native::Ascii),
            "latin1" | "latin_1" | "iso_8859_1" | "iso8859_1" => Some(Native::Latin1),
            _ => None,
        }
    }

    fn decode(self, cx: &mut Context, input: &[u8], mode: ErrorMode) -> Result<Gc<Str>> {
        let decoder: &mut dyn Decoder = match self {
            Native::Utf8 => return decode_utf8(cx, input, mode),
            Native::Latin1 => return Ok(cx.new_str_from(Units::One(input))),
            Native::Ascii => &mut single_byte::Ascii,
            Native::Utf16(order) => &mut Utf16::new(order),
            Native::Utf32(order) => &mut Utf32::new(order),
        };
        Ok(decode::decode(cx, decoder, input, mode, true)?.text)
    }

    fn encode(self, cx: &mut Context, text: Gc<Str>, mode: ErrorMode) -> Result<Gc<Bytes>> {
        if matches!(self, Native::Utf8 | Native::Ascii | Native::Latin1)
            && let Some(ascii) = text.as_ascii()
        {
            return Ok(cx.new_bytes(ascii.as_bytes()));
        }
        let encoder: &mut dyn Encoder = match self {
            Native::Utf8 => &mut utf8::Utf8,
            Native::Latin1 => &mut single_byte::Latin1,
            Native::Ascii => &mut single_byte::Ascii,
            Native::Utf16(order) => &mut Utf16::new(order),
            Native::Utf32(order) => &mut Utf32::new(order),
        };
        let bytes = encode::encode(cx, encoder, text, mode)?;
        Ok(cx.new_bytes(&bytes))
    }
}

/// UTF-8 to text.
pub fn decode_utf8(cx: &mut Context, input: &[u8], mode: ErrorMode) -> Result<Gc<Str>> {
    match std::str::from_utf8(input) {
        Ok(text) => Ok(cx.new_str(text)),
        Err(_) => Ok(decode::decode(cx, &mut utf8::Utf8, input, mode, true)?.text),
    }
}

/// `bytes.decode(encoding, errors)`. `object` is what the bytes belong to, handed on to registered codecs.
pub fn decode_bytes(
    cx: &mut Context,
    object: Value,
    input: &[u8],
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
) -> Result<Gc<Str>> {
    if input.is_empty() {
        return Ok(cx.empty_str());
    }
    let Some(encoding) = encoding else { return decode_utf8(cx, input, ErrorMode::of_option(errors)) };
    match Native::of(&encoding.to_str()) {
        Some(native) => native.decode(cx, input, ErrorMode::of_option(errors)),
        None => registry::decode_text(cx, object, encoding, errors),
    }
}

/// `str.encode(encoding, errors)`.
pub fn encode_str(
    cx: &mut Context,
    text: Gc<Str>,
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
) -> Result<Gc<Bytes>> {
    let Some(encoding) = encoding else { return Native::Utf8.encode(cx, text, ErrorMode::of_option(errors)) };
    match Native::of(&encoding.to_str()) {
        Some(native) => native.encode(cx, text, ErrorMode::of_option(errors)),
        None => registry::encode_text(cx, text, encoding, errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized_as_the_registry_does() {
        assert_eq!(normalize("UTF 8"), "utf_8");
        assert_eq!(normalize("--ISO--8859.1-"), "iso_8859.1");
        assert_eq!(Native::of("UTF-16LE"), None);
        assert_eq!(Native::of("Utf_16-Le"), Some(Native::Utf16(ByteOrder::Little)));
        assert_eq!(Native::of("US ASCII"), Some(Native::Ascii));
    }
}
