//! `list.sort`: a stable merge sort of natural runs. CPython: `listsort` in `Objects/listobject.c` and `listsort.txt`.
//!
//! The list is empty while its items are sorted. Items (or keys) that are all small ints, all floats or all strings are
//! compared without Python. Invariant: at every comparison that may raise, the items are a permutation of the original
//! ones, so an exception never loses one.

use std::cmp::Ordering;

use crate::buffer::{Buf, GVec};
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::key::exact_str;
use crate::types::list::List;
use crate::types::str::Str;
use crate::value::Value;

/// What is sorted: by the key, which is the value itself where there is no key function.
#[derive(Clone, Copy)]
struct Item {
    key: Value,
    value: Value,
}

/// `list.sort(key=key, reverse=reverse)`.
pub(crate) fn sort(cx: &mut Context, list: Gc<List>, key: Option<Value>, reverse: bool) -> Result<()> {
    let marker = Buf::new(cx, 0);
    let mut values = list.take_all(cx, Some(marker));
    let result = sort_values(cx, &mut values, key, reverse);
    if !list.put_back(cx, marker, &values) && result.is_ok() {
        return Err(cx.value_error("list modified during sort"));
    }
    result
}

/// Sorts values in GC memory (also `sorted`, `heapq` and the like).
pub fn sort_values(
    cx: &mut Context,
    values: &mut GVec<Value>,
    key: Option<Value>,
    reverse: bool,
) -> Result<()> {
    let mut items: GVec<Item> = GVec::with_capacity(values.len());
    match key {
        Some(function) => {
            for value in values.iter() {
                let key = cx.call(function, &[*value])?;
                items.push(Item { key, value: *value });
            }
        }
        None => items.extend(values.iter().map(|value| Item { key: *value, value: *value })),
    }
    // Reversing before and after keeps equal items in their order.
    if reverse {
        items.reverse();
    }
    let result = sort_items(cx, &mut items);
    if reverse {
        items.reverse();
    }
    for (value, item) in values.iter_mut().zip(items.iter()) {
        *value = item.value;
    }
    result
}

fn sort_items(cx: &mut Context, items: &mut GVec<Item>) -> Result<()> {
    if items.len() < 2 {
        return Ok(());
    }
    match Keys::of(items) {
        Keys::Ints => items.sort_by_key(|item| item.key.as_small_int()),
        Keys::Floats => items.sort_by(|a, b| compare_floats(a.key, b.key)),
        Keys::Strings => items.sort_by(|a, b| compare_strings(a.key, b.key)),
        Keys::Any => return merge_sort(cx, items),
    }
    Ok(())
}

/// What all keys have in common.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Keys {
    Ints,
    Floats,
    Strings,
    Any,
}

impl Keys {
    fn of(items: &[Item]) -> Keys {
        let first = items[0].key;
        let (kind, fits): (Keys, fn(Value) -> bool) = if first.is_small_int() {
            (Keys::Ints, Value::is_small_int)
        } else if first.is_immediate_float() {
            (Keys::Floats, Value::is_immediate_float)
        } else if exact_str(first).is_some() {
            (Keys::Strings, |value| exact_str(value).is_some())
        } else {
            return Keys::Any;
        };
        if items.iter().all(|item| fits(item.key)) { kind } else { Keys::Any }
    }
}

/// Immediate floats are never NaN.
fn compare_floats(a: Value, b: Value) -> Ordering {
    a.as_immediate_float().partial_cmp(&b.as_immediate_float()).unwrap_or(Ordering::Equal)
}

fn compare_strings(a: Value, b: Value) -> Ordering {
    match (a.downcast::<Str>(), b.downcast::<Str>()) {
        (Some(a), Some(b)) => a.compare(&b),
        _ => Ordering::Equal,
    }
}

// ---- comparisons that may run Python ----------------------------------------------------------------------

#[inline]
fn less(cx: &mut Context, a: Item, b: Item) -> Result<bool> {
    cx.poll()?;
    match cx.compare(a.key, b.key, CompareOp::Lt)? {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        other => cx.truth(other),
    }
}

/// A run of sorted items that waits to be merged.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
    /// Depth of the border behind it in the merge tree (powersort).
    power: u32,
}

fn merge_sort(cx: &mut Context, items: &mut [Item]) -> Result<()> {
    let min_run = min_run(items.len());
    let mut runs: Vec<Run> = Vec::new();
    let mut start = 0;
    while start < items.len() {
        let mut len = count_run(cx, &mut items[start..])?;
        if len < min_run {
            let forced = min_run.min(items.len() - start);
            insertion_sort(cx, &mut items[start..start + forced], len)?;
            len = forced;
        }
        if let Some(last) = runs.last_mut() {
            last.power = power(last.start, last.len, len, items.len());
            let power = last.power;
            while runs.len() > 1 && runs[runs.len() - 2].power > power {
                merge_last(cx, items, &mut runs)?;
            }
        }
        runs.push(Run { start, len, power: 0 });
        start += len;
    }
    while runs.len() > 1 {
        merge_last(cx, items, &mut runs)?;
    }
    Ok(())
}

/// Shortest run worth merging: between 32 and 64, so that the number of runs is close to a power of two.
fn min_run(mut len: usize) -> usize {
    let mut odd = 0;
    while len >= 64 {
        odd |= len & 1;
        len >>= 1;
    }
    len + odd
}

/// Depth of the border between two neighbouring runs in a nearly optimal merge tree over `total` items.
fn power(start: usize, left: usize, right: usize, total: usize) -> u32 {
    let (mut a, mut b) = (2 * start + left, 2 * start + 2 * left + right);
    let mut result = 0;
    loop {
        result += 1;
        if a >= total {
            a -= total;
            b -= total;
        } else if b >= total {
            return result;
        }
        a <<= 1;
        b <<= 1;
    }
}

/// Length of the run that `items` begins with; a strictly descending one is turned around.
fn count_run(cx: &mut Context, items: &mut [Item]) -> Result<usize> {
    if items.len() < 2 {
        return Ok(items.len());
    }
    let descending = less(cx, items[1], items[0])?;
    let mut len = 2;
    while len < items.len() && less(cx, items[len], items[len - 1])? == descending {
        len += 1;
    }
    if descending {
        items[..len].reverse();
    }
    Ok(len)
}

/// Sorts `items`, of which the first `sorted` are in order, by binary insertion.
fn insertion_sort(cx: &mut Context, items: &mut [Item], sorted: usize) -> Result<()> {
    for next in sorted.max(1)..items.len() {
        let place = upper_bound(cx, &items[..next], items[next])?;
        items[place..=next].rotate_right(1);
    }
    Ok(())
}

/// Number of leading items that `item` may stand behind: those not greater than it.
fn upper_bound(cx: &mut Context, items: &[Item], item: Item) -> Result<usize> {
    let (mut low, mut high) = (0, items.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if less(cx, item, items[middle])? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// Number of leading items that are less than `item`.
fn lower_bound(cx: &mut Context, items: &[Item], item: Item) -> Result<usize> {
    let (mut low, mut high) = (0, items.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if less(cx, items[middle], item)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn merge_last(cx: &mut Context, items: &mut [Item], runs: &mut Vec<Run>) -> Result<()> {
    let (Some(right), Some(left)) = (runs.pop(), runs.pop()) else { return Ok(()) };
    merge(cx, &mut items[left.start..left.start + left.len + right.len], left.len)?;
    runs.push(Run { start: left.start, len: left.len + right.len, power: right.power });
    Ok(())
}

/// Merges the sorted halves `items[..middle]` and `items[middle..]`.
fn merge(cx: &mut Context, items: &mut [Item], middle: usize) -> Result<()> {
    // What is in place already at both ends needs no merging.
    let start = upper_bound(cx, &items[..middle], items[middle])?;
    if start == middle {
        return Ok(());
    }
    let end = middle + lower_bound(cx, &items[middle..], items[middle - 1])?;
    let (items, middle) = (&mut items[start..end], middle - start);
    if middle <= items.len() - middle { merge_low(cx, items, middle) } else { merge_high(cx, items, middle) }
}

/// After this many wins in a row of one side, the merge looks for the end of its streak by bisection.
const GALLOP: usize = 7;

/// Merges with a copy of the left half, from the front.
fn merge_low(cx: &mut Context, items: &mut [Item], middle: usize) -> Result<()> {
    let left = GVec::from_slice(&items[..middle]);
    let (mut l, mut r, mut out) = (0, middle, 0);
    let mut outcome = Ok(());
    let (mut left_wins, mut right_wins) = (0, 0);
    while l < left.len() && r < items.len() {
        if left_wins.max(right_wins) >= GALLOP {
            let streak = if left_wins > 0 {
                upper_bound(cx, &left[l..], items[r])
            } else {
                lower_bound(cx, &items[r..], left[l])
            };
            let streak = match streak {
                Ok(streak) => streak,
                Err(raised) => {
                    outcome = Err(raised);
                    break;
                }
            };
            if left_wins > 0 {
                items[out..out + streak].copy_from_slice(&left[l..l + streak]);
                l += streak;
            } else {
                items.copy_within(r..r + streak, out);
                r += streak;
            }
            out += streak;
            (left_wins, right_wins) = (0, 0);
            continue;
        }
        match less(cx, items[r], left[l]) {
            Ok(true) => {
                items[out] = items[r];
                r += 1;
                (left_wins, right_wins) = (0, right_wins + 1);
            }
            Ok(false) => {
                items[out] = left[l];
                l += 1;
                (left_wins, right_wins) = (left_wins + 1, 0);
            }
            Err(raised) => {
                outcome = Err(raised);
                break;
            }
        }
        out += 1;
    }
    // What is left of the copy fills the gap; the rest of the right half is in place.
    items[out..out + left.len() - l].copy_from_slice(&left[l..]);
    outcome
}

/// Merges with a copy of the right half, from the back.
fn merge_high(cx: &mut Context, items: &mut [Item], middle: usize) -> Result<()> {
    let right = GVec::from_slice(&items[middle..]);
    let (mut l, mut r, mut out) = (middle, right.len(), items.len());
    let mut outcome = Ok(());
    let (mut left_wins, mut right_wins) = (0, 0);
    while l > 0 && r > 0 {
        if left_wins.max(right_wins) >= GALLOP {
            let rest = if left_wins > 0 {
                upper_bound(cx, &items[..l], right[r - 1])
            } else {
                lower_bound(cx, &right[..r], items[l - 1])
            };
            let rest = match rest {
                Ok(rest) => rest,
                Err(raised) => {
                    outcome = Err(raised);
                    break;
                }
            };
            if left_wins > 0 {
                let streak = l - rest;
                items.copy_within(rest..l, out - streak);
                (l, out) = (rest, out - streak);
            } else {
                let streak = r - rest;
                items[out - streak..out].copy_from_slice(&right[rest..r]);
                (r, out) = (rest, out - streak);
            }
            (left_wins, right_wins) = (0, 0);
            continue;
        }
        match less(cx, right[r - 1], items[l - 1]) {
            Ok(true) => {
                l -= 1;
                out -= 1;
                items[out] = items[l];
                (left_wins, right_wins) = (left_wins + 1, 0);
            }
            Ok(false) => {
                r -= 1;
                out -= 1;
                items[out] = right[r];
                (left_wins, right_wins) = (0, right_wins + 1);
            }
            Err(raised) => {
                outcome = Err(raised);
                break;
            }
        }
    }
    items[out - r..out].copy_from_slice(&right[..r]);
    outcome
}
