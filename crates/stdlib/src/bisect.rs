//! `_bisect`: binary search in sorted sequences. CPython: `Modules/_bisectmodule.c`.
//!
//! Invariant: each comparison asks for its item anew, since a comparison may change the sequence.

use taipan_runtime::prelude::*;

/// The bound where the search ends; `None` for the length.
struct End(Option<isize>);

impl FromArg for End {
    fn from_arg(cx: &mut Context, value: Value, name: &'static str) -> Result<Self> {
        if value.is_none() {
            return Ok(End(None));
        }
        if !cx.has_index(value) {
            let found = cx.type_name(value);
            return Err(cx.type_error(format!("argument should be integer or None, not '{found}'")));
        }
        isize::from_arg(cx, value, name).map(|end| End(Some(end).filter(|end| *end != -1)))
    }
}

/// Where `x` goes: in front of the items that equal it (`left`), or behind them.
fn search(
    cx: &mut Context,
    sequence: Value,
    x: Value,
    bounds: (isize, End),
    key: Value,
    left: bool,
) -> Result<isize> {
    let (mut low, End(end)) = bounds;
    if low < 0 {
        return Err(cx.value_error("lo must be non-negative"));
    }
    let mut high = match end {
        Some(end) => end,
        None => cx.len(sequence)? as isize,
    };
    if !cx.is_sequence(sequence) {
        let name = cx.type_name(sequence);
        let mapping = cx.class_of(sequence).slots.get_item.is_set();
        return Err(cx.type_error(match mapping {
            true => format!("{name} is not a sequence"),
            false => format!("'{name}' object does not support indexing"),
        }));
    }
    let list = cx.exact::<List>(sequence);
    while low < high {
        // Both are not negative, so the sum fits an unsigned word.
        let middle = ((low as usize + high as usize) / 2) as isize;
        let item = match list {
            Some(list) => {
                list.get(middle as usize).ok_or_else(|| cx.index_error("list index out of range"))?
            }
            None => cx.get_item(sequence, cx.new_int(middle as i64))?,
        };
        let item = if key.is_none() { item } else { cx.call(key, &[item])? };
        let below = if left {
            cx.compare_bool(item, x, CompareOp::Lt)?
        } else {
            !cx.compare_bool(x, item, CompareOp::Lt)?
        };
        if below {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn insert(
    cx: &mut Context,
    sequence: Value,
    x: Value,
    bounds: (isize, End),
    key: Value,
    left: bool,
) -> Result<()> {
    let sought = if key.is_none() { x } else { cx.call(key, &[x])? };
    let index = search(cx, sequence, sought, bounds, key, left)?;
    match cx.exact::<List>(sequence) {
        Some(list) => list.insert(cx, index, x),
        None => {
            let index = cx.new_int(index as i64);
            cx.call_method(sequence, "insert", &[index, x])?;
        }
    }
    Ok(())
}

pub struct Bisect;

/// Bisection algorithms.
///
/// This module provides support for maintaining a list in sorted order without
/// having to sort the list after each insertion. For long lists of items with
/// expensive comparison operations, this can be an improvement over the more
/// common approach.
#[module("_bisect")]
impl Bisect {
    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e <= x, and all e in
    /// a[i:] have e > x.  So if x already appears in the list, a.insert(i, x)
    /// will insert just after the rightmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_right(cx: &mut Context, a: Value, x: Value, lo: isize, hi: End, key: Value) -> Result<isize> {
        search(cx, a, x, (lo, hi), key, false)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_right(cx: &mut Context, a: Value, x: Value, lo: isize, hi: End, key: Value) -> Result<()> {
        insert(cx, a, x, (lo, hi), key, false)
    }

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e < x, and all e in
    /// a[i:] have e >= x.  So if x already appears in the list, a.insert(i, x)
    /// will insert just before the leftmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_left(cx: &mut Context, a: Value, x: Value, lo: isize, hi: End, key: Value) -> Result<isize> {
        search(cx, a, x, (lo, hi), key, true)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_left(cx: &mut Context, a: Value, x: Value, lo: isize, hi: End, key: Value) -> Result<()> {
        insert(cx, a, x, (lo, hi), key, true)
    }
}
