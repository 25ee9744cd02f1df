//! `find`, `index`, `count`, `in`, `startswith`, `replace`, `removeprefix` and their like.
//!
//! CPython: the `any_find_slice` family. Invariant: linear; widths are brought together first, and a needle
//! that needs wider units than the haystack occurs nowhere.

use std::ops::Range;

use super::raw::{Str, each_width, in_width_of_first};
use super::{StrBuilder, expect_str};
use crate::context::Context;
use crate::error::Result;
use crate::native::Index;
use crate::object::Gc;
use crate::text::search;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// `[start:end]` for a sequence of `len`, or `None` when start lies behind end.
pub(crate) fn bounds(len: usize, start: Option<Index>, end: Option<Index>) -> Option<Range<usize>> {
    let resolve = |index: isize| {
        if index < 0 { index.saturating_add(len as isize).max(0) as usize } else { index as usize }
    };
    let end = end.map_or(len, |index| resolve(index.0)).min(len);
    let start = start.map_or(0, |index| resolve(index.0));
    (start <= end).then_some(start..end)
}

/// Position of the first `needle` within `range`.
pub fn find(haystack: &Str, needle: &Str, range: Range<usize>) -> Option<usize> {
    let start = range.start;
    let found = in_width_of_first!(haystack.units().slice(range), needle.units(), h, n => search::find(h, n), else None);
    found.map(|at| start + at)
}

/// Position of the last `needle` within `range`.
pub fn rfind(haystack: &Str, needle: &Str, range: Range<usize>) -> Option<usize> {
    let start = range.start;
    let found = in_width_of_first!(haystack.units().slice(range), needle.units(), h, n => search::rfind(h, n), else None);
    found.map(|at| start + at)
}

/// Number of non-overlapping occurrences within `range`.
pub fn count(haystack: &Str, needle: &Str, range: Range<usize>) -> usize {
    in_width_of_first!(haystack.units().slice(range), needle.units(), h, n => search::count(h, n, usize::MAX), else 0)
}

pub fn contains(haystack: &Str, needle: &Str) -> bool {
    find(haystack, needle, 0..haystack.len()).is_some()
}

/// Whether `part` lies at the start (or end) of `range`.
fn has_affix(s: &Str, part: &Str, range: Range<usize>, at_end: bool) -> bool {
    if part.len() > range.len() || part.width() > s.width() {
        return false;
    }
    let start = if at_end { range.end - part.len() } else { range.start };
    let window = s.units().slice(start..start + part.len());
    if part.width() == s.width() {
        return window.as_bytes() == part.units().as_bytes();
    }
    window.codes().eq(part.chars())
}

/// `startswith` and `endswith`.
pub(super) fn affix(
    cx: &Context,
    s: Gc<Str>,
    affix: Value,
    start: Option<Index>,
    end: Option<Index>,
    at_end: bool,
) -> Result<bool> {
    let name = if at_end { "endswith" } else { "startswith" };
    let range = bounds(s.len(), start, end);
    let test = |part: Gc<Str>| range.clone().is_some_and(|range| has_affix(&s, &part, range, at_end));
    if let Some(part) = affix.downcast::<Str>() {
        return Ok(test(part));
    }
    let Some(tuple) = affix.downcast::<Tuple>() else {
        let found = cx.type_name(affix);
        return Err(cx.type_error(format!("{name} first arg must be str or a tuple of str, not {found}")));
    };
    for item in tuple.items() {
        match item.downcast::<Str>() {
            Some(part) if test(part) => return Ok(true),
            Some(_) => {}
            None => {
                let found = cx.type_name(*item);
                return Err(cx.type_error(format!("tuple for {name} must only contain str, not {found}")));
            }
        }
    }
    Ok(false)
}

/// The arguments of `find` and its like: the needle and the range, if that exists.
pub(super) fn needle_and_range(
    cx: &Context,
    s: &Str,
    name: &str,
    needle: Value,
    start: Option<Index>,
    end: Option<Index>,
) -> Result<(Gc<Str>, Option<Range<usize>>)> {
    let Some(needle) = needle.downcast::<Str>() else {
        return Err(expect_str(cx, needle, &format!("{name}() argument 1")).unwrap_err());
    };
    Ok((needle, bounds(s.len(), start, end)))
}

pub(super) fn remove_prefix(cx: &Context, s: Gc<Str>, prefix: &Str) -> Gc<Str> {
    let len = s.len();
    if has_affix(&s, prefix, 0..len, false) { s.substring(cx, prefix.len()..len) } else { s.exact(cx) }
}

pub(super) fn remove_suffix(cx: &Context, s: Gc<Str>, suffix: &Str) -> Gc<Str> {
    let len = s.len();
    if has_affix(&s, suffix, 0..len, true) { s.substring(cx, 0..len - suffix.len()) } else { s.exact(cx) }
}

/// `str.replace`, at most `limit` times.
pub fn replace(cx: &Context, s: Gc<Str>, old: Gc<Str>, new: Gc<Str>, limit: usize) -> Result<Gc<Str>> {
    if limit == 0 || old.equals(&new) {
        return Ok(s.exact(cx));
    }
    let hits: Vec<usize> = if old.is_empty() {
        (0..=s.len()).take(limit).collect()
    } else {
        in_width_of_first!(s.units(), old.units(), h, n => search::occurrences(h, n).take(limit).collect(), else Vec::new())
    };
    if hits.is_empty() {
        return Ok(s.exact(cx));
    }
    let growth = hits.len().checked_mul(new.len()).and_then(|l| l.checked_add(s.len()));
    let Some(len) = growth.filter(|len| *len <= super::MAX_LEN) else {
        return Err(cx.overflow_error("replace string is too long"));
    };
    if old.len() == 1 && new.len() == 1 {
        return Ok(replace_units(cx, &s, &hits, new.char_at(0)));
    }
    let mut result = StrBuilder::with_capacity(len - hits.len() * old.len());
    let units = s.units();
    let mut from = 0;
    for hit in hits {
        result.push_units(units.slice(from..hit));
        result.push(new);
        from = hit + old.len();
    }
    result.push_units(units.slice(from..s.len()));
    Ok(result.finish(cx))
}

fn replace_units(cx: &Context, s: &Str, hits: &[usize], new: u32) -> Gc<Str> {
    let fits = new < 1 << (8 * s.width()).min(31);
    if !fits {
        let mut units: Vec<u32> = s.units().to_vec();
        hits.iter().for_each(|hit| units[*hit] = new);
        return super::build::from_units(cx, &units);
    }
    each_width!(s.units(), units => {
        let mut units = units.to_vec();
        hits.iter().for_each(|hit| units[*hit] = crate::text::Unit::from_code(new));
        super::build::from_units(cx, &units)
    })
}
