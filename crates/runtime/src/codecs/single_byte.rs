//! ASCII and Latin-1. CPython: `unicode_encode_ucs1`, `PyUnicode_DecodeASCII`.
//!
//! Invariant: one byte is one code point.

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use crate::text::unit::Unit;
use crate::types::str::{StrBuilder, Units, each_width};

/// The codec for code points below 128.
pub struct Ascii;
/// The codec for code points below 256.
pub struct Latin1;

impl Decoder for Ascii {
    fn name(&self) -> &str {
        "ascii"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        _is_final: bool,
    ) -> Step<DecodeProblem> {
        let rest = &input[*at..];
        let valid =
            if rest.is_ascii() { rest.len() } else { rest.iter().take_while(|b| b.is_ascii()).count() };
        out.push_ascii(&rest[..valid]);
        *at += valid;
        if valid == rest.len() {
            return Ok(());
        }
        Err(DecodeProblem::new(*at..*at + 1, "ordinal not in range(128)"))
    }
}

impl Decoder for Latin1 {
    fn name(&self) -> &str {
        "latin-1"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        _is_final: bool,
    ) -> Step<DecodeProblem> {
        out.push_latin1(&input[*at..]);
        *at = input.len();
        Ok(())
    }
}

/// Encodes code points below `limit` as themselves.
fn encode(
    text: Units<'_>,
    at: &mut usize,
    out: &mut Vec<u8>,
    limit: u32,
    reason: &'static str,
) -> Step<EncodeProblem> {
    each_width!(text, units => {
        let rest = &units[*at..];
        let valid = rest.iter().position(|u| u.code() >= limit).unwrap_or(rest.len());
        out.extend(rest[..valid].iter().map(|u| u.code() as u8));
        *at += valid;
        if valid == rest.len() {
            return Ok(());
        }
        let bad = rest[valid..].iter().take_while(|u| u.code() >= limit).count();
        Err(EncodeProblem { range: *at..*at + bad, reason })
    })
}

impl Encoder for Ascii {
    fn name(&self) -> &str {
        "ascii"
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        encode(text, at, out, 128, "ordinal not in range(128)")
    }
}

impl Encoder for Latin1 {
    fn name(&self) -> &str {
        "latin-1"
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        encode(text, at, out, 256, "ordinal not in range(256)")
    }
}
