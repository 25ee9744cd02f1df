//! UTF-32 in either byte order. CPython: `PyUnicode_DecodeUTF32Stateful`, `_PyUnicode_EncodeUTF32`.
//!
//! Invariant: as for UTF-16, only order `Native` knows a byte order mark.

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use super::utf8::is_surrogate;
use super::utf16::ByteOrder;
use crate::types::str::{StrBuilder, Units};

pub struct Utf32 {
    pub order: ByteOrder,
    /// Whether a mark may still come (decoding) or has to be written (encoding).
    pub mark: bool,
}

impl Utf32 {
    pub fn new(order: ByteOrder) -> Utf32 {
        Utf32 { order, mark: order == ByteOrder::Native }
    }

    fn push(&self, code: u32, out: &mut Vec<u8>) {
        out.extend_from_slice(&if self.order.is_big() { code.to_be_bytes() } else { code.to_le_bytes() });
    }

    fn read_mark(&mut self, input: &[u8], at: &mut usize) {
        self.mark = false;
        if input.len() < *at + 4 {
            return;
        }
        match input[*at..*at + 4] {
            [0xff, 0xfe, 0, 0] => self.order = ByteOrder::Little,
            [0, 0, 0xfe, 0xff] => self.order = ByteOrder::Big,
            _ => return,
        }
        *at += 4;
    }
}

impl Decoder for Utf32 {
    fn name(&self) -> &str {
        if self.order.is_big() { "utf-32-be" } else { "utf-32-le" }
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
        while let Some(&[a, b, c, d]) = input[*at..].first_chunk() {
            let quad = [a, b, c, d];
            let code = if self.order.is_big() { u32::from_be_bytes(quad) } else { u32::from_le_bytes(quad) };
            let range = *at..*at + 4;
            if is_surrogate(code) {
                return Err(DecodeProblem::new(
                    range,
                    "code point in surrogate code point range(0xd800, 0xe000)",
                ));
            }
            if code > 0x10_ffff {
                return Err(DecodeProblem::new(range, "code point not in range(0x110000)"));
            }
            out.push_char(code);
            *at += 4;
        }
        if *at < input.len() && is_final {
            return Err(DecodeProblem::new(*at..input.len(), "truncated data"));
        }
        Ok(())
    }
}

impl Encoder for Utf32 {
    fn name(&self) -> &str {
        match self.order {
            ByteOrder::Native => "utf-32",
            ByteOrder::Little => "utf-32-le",
            ByteOrder::Big => "utf-32-be",
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
            self.push(code, out);
            *at += 1;
        }
        Ok(())
    }

    fn pass_surrogate(&mut self, code: u32, out: &mut Vec<u8>) -> bool {
        self.push(code, out);
        true
    }

    fn accepts_bytes(&self, len: usize) -> bool {
        len % 4 == 0
    }
}
