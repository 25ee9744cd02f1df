//! `upper`, `lower`, `title`, `capitalize`, `swapcase` and `casefold`.
//!
//! CPython: `case_operation` in `Objects/unicodeobject.c`. Invariant: full case mappings, so a character may
//! become up to three; a capital sigma at the end of a word becomes the final one.

use taipan_unicode as ucd;

use super::StrBuilder;
use super::raw::{Str, Units};
use crate::context::Context;
use crate::object::Gc;
use crate::text::ascii;

const CAPITAL_SIGMA: u32 = 0x3a3;
const SMALL_SIGMA: u32 = 0x3c3;
const FINAL_SIGMA: u32 = 0x3c2;

fn push_lower(out: &mut StrBuilder, units: Units<'_>, at: usize, code: u32) {
    if code == CAPITAL_SIGMA {
        let before = units.slice(0..at).codes().rev();
        let after = units.slice(at + 1..units.len()).codes();
        out.push_char(if ucd::is_final_sigma(before, after) { FINAL_SIGMA } else { SMALL_SIGMA });
    } else {
        push_all(out, ucd::to_lower(code).as_slice());
    }
}

fn push_all(out: &mut StrBuilder, codes: &[u32]) {
    codes.iter().for_each(|code| out.push_char(*code));
}

/// Applies `convert` to each code point in turn.
fn each(cx: &Context, s: &Str, mut convert: impl FnMut(&mut StrBuilder, Units<'_>, usize, u32)) -> Gc<Str> {
    let units = s.units();
    let mut out = StrBuilder::with_capacity(s.len());
    for (at, code) in units.codes().enumerate() {
        convert(&mut out, units, at, code);
    }
    out.finish(cx)
}

pub(super) fn lower(cx: &Context, s: &Str) -> Gc<Str> {
    match s.as_ascii() {
        Some(text) => cx.new_ascii(text.to_ascii_lowercase().as_bytes()),
        None => each(cx, s, push_lower),
    }
}

pub(super) fn upper(cx: &Context, s: &Str) -> Gc<Str> {
    match s.as_ascii() {
        Some(text) => cx.new_ascii(text.to_ascii_uppercase().as_bytes()),
        None => each(cx, s, |out, _, _, code| push_all(out, ucd::to_upper(code).as_slice())),
    }
}

pub(super) fn casefold(cx: &Context, s: &Str) -> Gc<Str> {
    match s.as_ascii() {
        Some(text) => cx.new_ascii(text.to_ascii_lowercase().as_bytes()),
        None => each(cx, s, |out, _, _, code| push_all(out, ucd::to_casefold(code).as_slice())),
    }
}

pub(super) fn capitalize(cx: &Context, s: &Str) -> Gc<Str> {
    match s.as_ascii() {
        Some(text) => cx.new_ascii(&ascii::capitalize(text.as_bytes())),
        None => each(cx, s, |out, units, at, code| match at {
            0 => push_all(out, ucd::to_title(code).as_slice()),
            _ => push_lower(out, units, at, code),
        }),
    }
}

pub(super) fn title(cx: &Context, s: &Str) -> Gc<Str> {
    if let Some(text) = s.as_ascii() {
        return cx.new_ascii(&ascii::title(text.as_bytes()));
    }
    let mut in_word = false;
    each(cx, s, |out, units, at, code| {
        if in_word {
            push_lower(out, units, at, code);
        } else {
            push_all(out, ucd::to_title(code).as_slice());
        }
        in_word = ucd::is_cased(code);
    })
}

pub(super) fn swap_case(cx: &Context, s: &Str) -> Gc<Str> {
    if let Some(text) = s.as_ascii() {
        return cx.new_ascii(&ascii::swap_case(text.as_bytes()));
    }
    each(cx, s, |out, units, at, code| {
        if ucd::is_upper(code) {
            push_lower(out, units, at, code);
        } else if ucd::is_lower(code) {
            push_all(out, ucd::to_upper(code).as_slice());
        } else {
            out.push_char(code);
        }
    })
}
