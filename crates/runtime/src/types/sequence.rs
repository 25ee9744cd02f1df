//! What list, tuple and range share: subscripts, bounds, comparison, repetition. CPython: parts of `Objects/abstract.c`.
//!
//! Invariant: nothing here holds on to a length or an item while Python runs.

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::slice::Slice;
use crate::value::Value;

/// What stands between the brackets.
pub enum Subscript {
    Index(isize),
    Slice(Gc<Slice>),
}

/// Tells an index from a slice. `type_name` is what the message calls the sequence.
#[inline]
pub fn subscript(cx: &mut Context, key: Value, type_name: &str) -> Result<Subscript> {
    if let Some(index) = key.as_small_int() {
        return Ok(Subscript::Index(index as isize));
    }
    subscript_slow(cx, key, type_name)
}

#[inline(never)]
fn subscript_slow(cx: &mut Context, key: Value, type_name: &str) -> Result<Subscript> {
    if let Some(slice) = key.downcast::<Slice>() {
        return Ok(Subscript::Slice(slice));
    }
    if cx.class_of(key).slots.index.is_set() {
        let wide = cx.index_i128(key)?;
        return match isize::try_from(wide) {
            Ok(index) => Ok(Subscript::Index(index)),
            Err(_) => {
                let name = cx.type_name(key);
                Err(cx.index_error(format!("cannot fit '{name}' into an index-sized integer")))
            }
        };
    }
    let name = cx.type_name(key);
    Err(cx.type_error(format!("{type_name} indices must be integers or slices, not {name}")))
}

/// Bounds of a search as `index(value, start, stop)` takes them.
pub fn clip(start: isize, stop: isize, len: usize) -> (usize, usize) {
    let clip = |bound: isize| {
        let bound = if bound < 0 { bound.saturating_add(len as isize) } else { bound };
        bound.clamp(0, len as isize) as usize
    };
    (clip(start), clip(stop))
}

/// `items * count`, or MemoryError.
pub fn repeat(cx: &mut Context, items: &[Value], count: isize) -> Result<GVec<Value>> {
    let count = count.max(0) as usize;
    let Some(total) = items.len().checked_mul(count).filter(|total| *total <= crate::buffer::Buf::MAX) else {
        return Err(cx.raise_bare(crate::exception::memory_error));
    };
    let mut all = GVec::new();
    if all.try_reserve_exact(total).is_err() {
        return Err(cx.raise_bare(crate::exception::memory_error));
    }
    if let [item] = items {
        all.resize(total, *item);
    } else {
        (0..count).for_each(|_| all.extend_from_slice(items));
    }
    Ok(all)
}

/// Lexicographic comparison. Items are asked for by index because a comparison may change the sequences.
pub fn compare(
    cx: &mut Context,
    a: impl Fn(usize) -> Option<Value>,
    b: impl Fn(usize) -> Option<Value>,
    lens: impl Fn() -> (usize, usize),
    op: CompareOp,
) -> Result<Value> {
    cx.check_recursion(" in comparison")?;
    let mut index = 0;
    while let (Some(left), Some(right)) = (a(index), b(index)) {
        if !cx.eq(left, right)? {
            // The comparison may have shortened either.
            let (left_len, right_len) = lens();
            if index >= left_len || index >= right_len {
                break;
            }
            return match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => cx.compare(left, right, op),
            };
        }
        index += 1;
    }
    let (left, right) = lens();
    Ok(Value::bool(op.holds(Some(left.cmp(&right)))))
}
