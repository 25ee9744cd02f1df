//! UTF-8. CPython: `unicode_decode_utf8_impl`, `Objects/stringlib/codecs.h`.
//!
//! Invariant: surrogates are neither read nor written; an ill-formed sequence is reported by its maximal
//! subpart, as Unicode recommends and CPython does.

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use crate::text::unit::Unit;
use crate::types::str::{StrBuilder, Units, each_width};

pub struct Utf8;

impl Decoder for Utf8 {
    fn name(&self) -> &str {
        "utf-8"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        is_final: bool,
    ) -> Step<DecodeProblem> {
        let rest = &input[*at..];
        let error = match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                *at = input.len();
                return Ok(());
            }
            Err(error) => error,
        };
        let (valid, bad) = rest.split_at(error.valid_up_to());
        out.push_str(std::str::from_utf8(valid).expect("checked above"));
        *at += valid.len();
        let start = *at;
        match error.error_len() {
            None if !is_final => Ok(()),
            None => Err(DecodeProblem::new(start..input.len(), "unexpected end of data")),
            Some(len) => {
                let lead = matches!(bad[0], 0xc2..=0xf4);
                let reason = if lead { "invalid continuation byte" } else { "invalid start byte" };
                Err(DecodeProblem::new(start..start + len, reason))
            }
        }
    }
}

/// Appends a code point in UTF-8; surrogates get their three-byte form.
#[inline]
pub fn push_code(out: &mut Vec<u8>, code: u32) {
    let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    match code {
        0..=0x7f => out.push(code as u8),
        0x80..=0x7ff => out.extend_from_slice(&[0xc0 | (code >> 6) as u8, tail(0)]),
        0x800..=0xffff => out.extend_from_slice(&[0xe0 | (code >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend_from_slice(&[0xf0 | (code >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

#[inline]
pub fn is_surrogate(code: u32) -> bool {
    (0xd800..=0xdfff).contains(&code)
}

impl Encoder for Utf8 {
    fn name(&self) -> &str {
        "utf-8"
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        if let Units::One(bytes) = text
            && bytes[*at..].is_ascii()
        {
            out.extend_from_slice(&bytes[*at..]);
            *at = bytes.len();
            return Ok(());
        }
        out.reserve((text.len() - *at) * (1 + text.width() / 2));
        each_width!(text, units => {
            for (i, unit) in units.iter().enumerate().skip(*at) {
                let code = unit.code();
                if is_surrogate(code) {
                    *at = i;
                    let run = units[i..].iter().take_while(|u| is_surrogate(u.code())).count();
                    return Err(EncodeProblem { range: i..i + run, reason: "surrogates not allowed" });
                }
                push_code(out, code);
            }
            *at = units.len();
        });
        Ok(())
    }

    fn pass_surrogate(&mut self, code: u32, out: &mut Vec<u8>) -> bool {
        push_code(out, code);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(input: &[u8], is_final: bool) -> (usize, Step<DecodeProblem>) {
        let mut at = 0;
        let step = Decoder::run(&mut Utf8, input, &mut at, &mut StrBuilder::new(), is_final);
        (at, step)
    }

    #[test]
    fn ill_formed_input_is_reported_by_its_maximal_subpart() {
        let cases: [(&[u8], std::ops::Range<usize>, &str); 6] = [
            (b"a\xff", 1..2, "invalid start byte"),
            (b"\xc0\x80", 0..1, "invalid start byte"),
            (b"\xe2\x82A", 0..2, "invalid continuation byte"),
            (b"\xed\xa0\x80", 0..1, "invalid continuation byte"),
            (b"\xf0\x9f\x98", 0..3, "unexpected end of data"),
            (b"\xf4\x90\x80\x80", 0..1, "invalid continuation byte"),
        ];
        for (input, range, reason) in cases {
            assert_eq!(problem(input, true).1, Err(DecodeProblem::new(range, reason)));
        }
    }

    #[test]
    fn an_incomplete_end_waits_for_more() {
        assert_eq!(problem(b"ab\xf0\x9f", false), (2, Ok(())));
    }
}
