//! `split`, `rsplit`, `splitlines`, `partition`, `strip` and their like.
//!
//! CPython: `PyUnicode_Split` and its kin. Invariant: every piece is an exact `str` of its own width.

use std::ops::Range;

use super::raw::{Str, each_width, in_width_of_first};
use super::search;
use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::text::split::{self, Ends};
use crate::text::unit::Unit;
use crate::value::Value;

/// Python's white space in `str`.
#[inline]
pub fn is_space(code: u32) -> bool {
    match code {
        0x20 | 0x09..=0x0d | 0x1c..=0x1f => true,
        0..=0x7f => false,
        _ => taipan_unicode::is_space(code),
    }
}

/// Where `splitlines` cuts.
#[inline]
pub fn is_line_break(code: u32) -> bool {
    matches!(code, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

/// Strings of the pieces of `s`, as a list.
fn list_of(cx: &mut Context, s: Gc<Str>, pieces: &[Range<usize>]) -> Result {
    let mut items: GVec<Value> = GVec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        if i % 1000 == 999 {
            cx.poll()?;
        }
        items.push(s.substring(cx, piece.clone()).value());
    }
    Ok(cx.new_list(&items).value())
}

/// `split` and `rsplit`.
pub(super) fn split(
    cx: &mut Context,
    s: Gc<Str>,
    separator: Value,
    maxsplit: isize,
    from_right: bool,
) -> Result {
    let limit = split::cut_limit(maxsplit);
    let pieces = if separator.is_none() {
        each_width!(s.units(), units => {
            let space = |unit| is_space(Unit::code(unit));
            if from_right { split::words_from_right(units, limit, space) } else { split::words(units, limit, space) }
        })
    } else {
        let Some(separator) = separator.downcast::<Str>() else {
            return Err(
                cx.type_error(format!("must be str or None, not {}", cx.argument_type_name(separator)))
            );
        };
        if separator.is_empty() {
            return Err(cx.value_error("empty separator"));
        }
        in_width_of_first!(s.units(), separator.units(), h, n => {
            if from_right { split::by_separator_from_right(h, n, limit) } else { split::by_separator(h, n, limit) }
        }, else vec![0..s.len()])
    };
    list_of(cx, s, &pieces)
}

pub(super) fn split_lines(cx: &mut Context, s: Gc<Str>, keep_ends: bool) -> Result {
    let pieces =
        each_width!(s.units(), units => split::lines(units, keep_ends, |unit| is_line_break(unit.code())));
    list_of(cx, s, &pieces)
}

/// `partition` and `rpartition`.
pub(super) fn partition(cx: &Context, s: Gc<Str>, separator: Value, from_right: bool) -> Result {
    let Some(separator) = separator.downcast::<Str>() else {
        return Err(cx.type_error(format!("must be str, not {}", cx.argument_type_name(separator))));
    };
    if separator.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    let all = 0..s.len();
    let found = if from_right {
        search::rfind(&s, &separator, all.clone())
    } else {
        search::find(&s, &separator, all.clone())
    };
    let parts = match found {
        Some(at) => {
            let after = s.substring(cx, at + separator.len()..all.end);
            [s.substring(cx, 0..at).value(), separator.exact(cx).value(), after.value()]
        }
        None if from_right => [cx.empty_str().value(), cx.empty_str().value(), s.exact(cx).value()],
        None => [s.exact(cx).value(), cx.empty_str().value(), cx.empty_str().value()],
    };
    Ok(cx.new_tuple(&parts).value())
}

/// `strip`, `lstrip` and `rstrip`.
pub(super) fn strip(cx: &Context, s: Gc<Str>, chars: Value, ends: Ends) -> Result {
    let range = if chars.is_none() {
        each_width!(s.units(), units => split::strip(units, ends, |unit| is_space(unit.code())))
    } else {
        let Some(chars) = chars.downcast::<Str>() else {
            let name = match ends {
                Ends::Left => "lstrip",
                Ends::Right => "rstrip",
                Ends::Both => "strip",
            };
            return Err(cx.type_error(format!("{name} arg must be None or str")));
        };
        let set = CharSet::new(&chars);
        each_width!(s.units(), units => split::strip(units, ends, |unit| set.contains(unit.code())))
    };
    Ok(s.substring(cx, range).value())
}

/// The characters that `strip` takes off.
struct CharSet {
    low: [u64; 4],
    high: Vec<u32>,
}

impl CharSet {
    fn new(chars: &Str) -> CharSet {
        let mut set = CharSet { low: [0; 4], high: Vec::new() };
        for code in chars.chars() {
            match set.low.get_mut(code as usize / 64) {
                Some(word) => *word |= 1 << (code % 64),
                None => set.high.push(code),
            }
        }
        set.high.sort_unstable();
        set
    }

    fn contains(&self, code: u32) -> bool {
        match self.low.get(code as usize / 64) {
            Some(word) => word >> (code % 64) & 1 != 0,
            None => self.high.binary_search(&code).is_ok(),
        }
    }
}
