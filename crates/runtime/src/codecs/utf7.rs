//! UTF-7 (RFC 2152). CPython: `PyUnicode_DecodeUTF7Stateful`, `PyUnicode_EncodeUTF7`.
//!
//! Invariant: a shift sequence that the input leaves open is decoded again from its start by the next call,
//! so the codec keeps no state between calls.

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use super::utf8::is_surrogate;
use crate::types::str::{StrBuilder, Units};

#[derive(Default)]
pub struct Utf7 {
    shift: Option<Shift>,
}

/// Inside `+...-`.
#[derive(Clone, Copy)]
struct Shift {
    /// Where the `+` stands.
    start: usize,
    /// Length of the output before it.
    out_start: usize,
    buffer: u32,
    bits: u32,
    high: Option<u32>,
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64_value(byte: u8) -> Option<u32> {
    BASE64.iter().position(|b| *b == byte).map(|i| i as u32)
}

/// Bytes that stand for themselves outside a shift sequence.
fn is_direct(byte: u8) -> bool {
    byte.is_ascii() && byte != b'+'
}

/// What the encoder leaves as it is: RFC 2152's sets D and O and white space, as CPython chooses.
fn is_encoded_direct(code: u32) -> bool {
    match u8::try_from(code) {
        Ok(byte @ (b'\t' | b'\n' | b'\r' | 0x20..=0x7e)) => !matches!(byte, b'+' | b'\\' | b'~'),
        Ok(0) => false,
        _ => false,
    }
}

impl Shift {
    /// Takes in six bits.
    fn push(&mut self, value: u32, out: &mut StrBuilder) {
        self.buffer = self.buffer << 6 | value;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let unit = self.buffer >> self.bits & 0xffff;
        self.buffer &= (1 << self.bits) - 1;
        match self.high.take() {
            Some(high) if (0xdc00..0xe000).contains(&unit) => {
                out.push_char(0x1_0000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
                return;
            }
            Some(high) => out.push_char(high),
            None => {}
        }
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
        } else {
            out.push_char(unit);
        }
    }

    /// Why the sequence may not end here.
    fn problem(&self) -> Option<&'static str> {
        if self.bits >= 6 {
            return Some("partial character in shift sequence");
        }
        (self.buffer != 0).then_some("non-zero padding bits in shift sequence")
    }
}

impl Utf7 {
    /// A byte that is not in base 64 ends the shift sequence.
    fn end_shift(
        &mut self,
        shift: Shift,
        byte: u8,
        at: &mut usize,
        out: &mut StrBuilder,
    ) -> Step<DecodeProblem> {
        if let Some(reason) = shift.problem() {
            *at += 1;
            return Err(DecodeProblem::new(shift.start..*at, reason));
        }
        if let Some(high) = shift.high {
            out.push_char(high);
        }
        if byte == b'-' {
            *at += 1;
        }
        Ok(())
    }

    fn plain(&mut self, input: &[u8], at: &mut usize, out: &mut StrBuilder) -> Step<DecodeProblem> {
        let start = *at;
        match input[start] {
            b'+' => match input.get(start + 1) {
                Some(b'-') => {
                    out.push_char(u32::from(b'+'));
                    *at += 2;
                }
                Some(next) if base64_value(*next).is_none() => {
                    *at += 2;
                    return Err(DecodeProblem::new(start..start + 2, "ill-formed sequence"));
                }
                _ => {
                    *at += 1;
                    let shift = Shift { start, out_start: out.len(), buffer: 0, bits: 0, high: None };
                    self.shift = Some(shift);
                }
            },
            byte if is_direct(byte) => {
                out.push_char(u32::from(byte));
                *at += 1;
            }
            _ => {
                *at += 1;
                return Err(DecodeProblem::new(start..start + 1, "unexpected special character"));
            }
        }
        Ok(())
    }
}

impl Decoder for Utf7 {
    fn name(&self) -> &str {
        "utf7"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        is_final: bool,
    ) -> Step<DecodeProblem> {
        while *at < input.len() {
            match self.shift {
                None => self.plain(input, at, out)?,
                Some(mut shift) => match base64_value(input[*at]) {
                    Some(value) => {
                        shift.push(value, out);
                        self.shift = Some(shift);
                        *at += 1;
                    }
                    None => {
                        self.shift = None;
                        self.end_shift(shift, input[*at], at, out)?;
                    }
                },
            }
        }
        let Some(shift) = self.shift.take() else { return Ok(()) };
        if !is_final {
            *at = shift.start;
            out.truncate(shift.out_start);
            return Ok(());
        }
        let open = shift.high.is_some() || shift.bits >= 6 || (shift.bits > 0 && shift.buffer != 0);
        if open {
            return Err(DecodeProblem::new(shift.start..input.len(), "unterminated shift sequence"));
        }
        Ok(())
    }
}

impl Encoder for Utf7 {
    fn name(&self) -> &str {
        "utf7"
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        let mut bits = 0u32;
        let mut buffer = 0u64;
        let mut shifted = false;
        for code in text.slice(*at..text.len()).codes() {
            if is_encoded_direct(code) {
                if shifted {
                    close(out, &mut buffer, &mut bits);
                    shifted = false;
                    // A minus ends the sequence where the next character could be taken for part of it.
                    if base64_value(code as u8).is_some() || code == u32::from(b'-') {
                        out.push(b'-');
                    }
                }
                out.push(code as u8);
                continue;
            }
            if !shifted {
                out.push(b'+');
                if code == u32::from(b'+') {
                    out.push(b'-');
                    continue;
                }
                shifted = true;
            }
            if code >= 0x1_0000 && !is_surrogate(code) {
                push_unit(out, 0xd7c0 + (code >> 10), &mut buffer, &mut bits);
                push_unit(out, 0xdc00 | (code & 0x3ff), &mut buffer, &mut bits);
            } else {
                push_unit(out, code, &mut buffer, &mut bits);
            }
        }
        if shifted {
            close(out, &mut buffer, &mut bits);
            out.push(b'-');
        }
        *at = text.len();
        Ok(())
    }
}

fn push_unit(out: &mut Vec<u8>, unit: u32, buffer: &mut u64, bits: &mut u32) {
    *buffer = (*buffer << 16 | u64::from(unit)) & 0xff_ffff_ffff;
    *bits += 16;
    while *bits >= 6 {
        *bits -= 6;
        out.push(BASE64[(*buffer >> *bits & 0x3f) as usize]);
    }
}

fn close(out: &mut Vec<u8>, buffer: &mut u64, bits: &mut u32) {
    if *bits > 0 {
        out.push(BASE64[(*buffer << (6 - *bits) & 0x3f) as usize]);
    }
    (*buffer, *bits) = (0, 0);
}
