//! UTF-16 in either byte order. CPython: `PyUnicode_DecodeUTF16Stateful`, `_PyUnicode_EncodeUTF16`.
//!
//! Invariant: with order `Native` a byte order mark is read (and written) and decides; else it is text.

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use super::utf8::is_surrogate;
use crate::types::str::{StrBuilder, Units};

/// Order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByteOrder {
    /// The machine's, unless a mark at the start says otherwise.
    Native,
    Little,
    Big,
}

impl ByteOrder {
    /// CPython's number: negative little, positive big, zero native.
    pub fn from_number(number: i32) -> ByteOrder {
        match number {
            0 => ByteOrder::Native,
            n if n < 0 => ByteOrder::Little,
            _ => ByteOrder::Big,
        }
    }

    pub fn number(self) -> i32 {
        match self {
            ByteOrder::Native => 0,
            ByteOrder::Little => -1,
            ByteOrder::Big => 1,
        }
    }

    /// Whether units are stored with the high byte first.
    pub fn is_big(self) -> bool {
        match self {
            ByteOrder::Native => cfg!(target_endian = "big"),
            order => order == ByteOrder::Big,
        }
    }
}

pub struct Utf16 {
    pub order: ByteOrder,
    /// Whether a mark may still come (decoding) or has to be written (encoding).
    pub mark: bool,
}

impl Utf16 {
    pub fn new(order: ByteOrder) -> Utf16 {
        Utf16 { order, mark: order == ByteOrder::Native }
    }

    fn unit(&self, bytes: &[u8]) -> u32 {
        let pair = [bytes[0], bytes[1]];
        u32::from(if self.order.is_big() { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    }

    fn push(&self, unit: u32, out: &mut Vec<u8>) {
        let unit = unit as u16;
        out.extend_from_slice(&if self.order.is_big() { unit.to_be_bytes() } else { unit.to_le_bytes() });
    }

    fn read_mark(&mut self, input: &[u8], at: &mut usize) {
        self.mark = false;
        if input.len() < *at + 2 {
            return;
        }
        match input[*at..*at + 2] {
            [0xff, 0xfe] => self.order = ByteOrder::Little,
            [0xfe, 0xff] => self.order = ByteOrder::Big,
            _ => return,
        }
        *at += 2;
    }
}

impl Decoder for Utf16 {
    fn name(&self) -> &str {
        if self.order.is_big() { "utf-16-be" } else { "utf-16-le" }
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        is_final: bool,
    ) -> Step<DecodeProblem> {
        if self.mark && *at == 0 {
            self.read_mark(input, at);
        }
        while input.len() - *at >= 2 {
            let start = *at;
            let unit = self.unit(&input[start..]);
            if !is_surrogate(unit) {
                out.push_char(unit);
                *at += 2;
                continue;
            }
            if unit >= 0xdc00 {
                return Err(DecodeProblem::new(start..start + 2, "illegal encoding"));
            }
            if input.len() - start < 4 {
                if !is_final {
                    return Ok(());
                }
                return Err(DecodeProblem::new(start..input.len(), "unexpected end of data"));
            }
            let low = self.unit(&input[start + 2..]);
            if !(0xdc00..0xe000).contains(&low) {
                return Err(DecodeProblem::new(start..start + 2, "illegal UTF-16 surrogate"));
            }
            out.push_char(0x1_0000 + ((unit & 0x3ff) << 10) + (low & 0x3ff));
            *at += 4;
        }
        if *at < input.len() && is_final {
            return Err(DecodeProblem::new(*at..input.len(), "truncated data"));
        }
        Ok(())
    }
}

impl Encoder for Utf16 {
    fn name(&self) -> &str {
        match self.order {
            ByteOrder::Native => "utf-16",
            ByteOrder::Little => "utf-16-le",
            ByteOrder::Big => "utf-16-be",
        }
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        if std::mem::take(&mut self.mark) {
            self.push(0xfeff, out);
        }
        let len = text.len();
        while *at < len {
            let code = text.at(*at);
            if is_surrogate(code) {
                return Err(EncodeProblem { range: *at..*at + 1, reason: "surrogates not allowed" });
            }
            if code < 0x1_0000 {
                self.push(code, out);
            } else {
                self.push(0xd7c0 + (code >> 10), out);
                self.push(0xdc00 | (code & 0x3ff), out);
            }
            *at += 1;
        }
        Ok(())
    }

    fn pass_surrogate(&mut self, code: u32, out: &mut Vec<u8>) -> bool {
        self.push(code, out);
        true
    }

    fn accepts_bytes(&self, len: usize) -> bool {
        len % 2 == 0
    }
}
