//! Strings as sequences: indexing, slicing, repetition, joining.
//!
//! CPython: `unicode_subscript`, `unicode_repeat`, `PyUnicode_Join`. Invariant: lengths are checked before
//! memory is asked for.

use super::StrBuilder;
use super::raw::{Str, each_width};
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::sequence::resolve_index;
use crate::types::slice::Indices;
use crate::types::slice::Slice;
use crate::value::Value;

/// More than this is asked of the system before it is used.
const LARGE: usize = 1 << 26;

/// Raises MemoryError when `len` units of `width` bytes cannot be had.
pub(crate) fn check_memory(cx: &Context, len: usize, width: usize) -> Result<()> {
    let Some(bytes) = len.checked_mul(width).filter(|bytes| *bytes <= super::MAX_LEN) else {
        return Err(cx.memory_error());
    };
    if bytes > LARGE && Vec::<u8>::new().try_reserve_exact(bytes).is_err() {
        return Err(cx.memory_error());
    }
    Ok(())
}

/// `s[key]`.
pub(super) fn get_item(cx: &mut Context, s: Gc<Str>, key: Value) -> Result {
    if let Some(index) = key.as_small_int() {
        return char_at(cx, s, index as isize);
    }
    if let Some(slice) = key.downcast::<Slice>() {
        let range = slice.unpack(cx)?.adjust(s.len());
        return Ok(sliced(cx, s, range).value());
    }
    if !cx.has_index(key) {
        return Err(cx.type_error(format!("string indices must be integers, not '{}'", cx.type_name(key))));
    }
    match isize::try_from(cx.index_i128(key)?) {
        Ok(index) => char_at(cx, s, index),
        Err(_) => {
            let name = cx.type_name(key);
            Err(cx.index_error(format!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

fn char_at(cx: &Context, s: Gc<Str>, index: isize) -> Result {
    match resolve_index(index, s.len()) {
        Some(at) => Ok(cx.new_char(s.char_at(at)).value()),
        None => Err(cx.index_error("string index out of range")),
    }
}

fn sliced(cx: &Context, s: Gc<Str>, range: Indices) -> Gc<Str> {
    if range.step == 1 {
        return s.substring(cx, range.start()..range.start() + range.len);
    }
    each_width!(s.units(), units => {
        let picked: Vec<_> = (0..range.len).map(|i| units[range.at(i)]).collect();
        super::build::from_units(cx, &picked)
    })
}

/// `s * count`.
pub(super) fn repeat(cx: &Context, s: Gc<Str>, count: isize) -> Result<Gc<Str>> {
    let count = usize::try_from(count).unwrap_or(0);
    if count == 1 {
        return Ok(s.exact(cx));
    }
    if s.is_empty() || count == 0 {
        return Ok(cx.empty_str());
    }
    match s.len().checked_mul(count) {
        Some(len) if len <= super::MAX_LEN => check_memory(cx, len, s.width())?,
        _ => return Err(cx.memory_error()),
    }
    Ok(each_width!(s.units(), units => super::build::from_units(cx, &units.repeat(count))))
}

/// `separator.join(iterable)`.
pub fn join(cx: &mut Context, separator: Gc<Str>, iterable: Value) -> Result<Gc<Str>> {
    let items = cx.collect_joinable(iterable)?;
    if let [only] = &items[..]
        && let Some(s) = only.downcast::<Str>()
        && s.is_exact()
    {
        return Ok(s);
    }
    join_values(cx, separator, &items)
}

/// The strings in `items` with `separator` between them.
pub fn join_values(cx: &Context, separator: Gc<Str>, items: &[Value]) -> Result<Gc<Str>> {
    let mut len = separator.len().saturating_mul(items.len().saturating_sub(1));
    for (i, item) in items.iter().enumerate() {
        match item.downcast::<Str>() {
            Some(s) => len = len.saturating_add(s.len()),
            None => {
                let found = cx.type_name(*item);
                return Err(cx.type_error(format!("sequence item {i}: expected str instance, {found} found")));
            }
        }
    }
    if len > super::MAX_LEN {
        return Err(cx.overflow_error("join() result is too long for a Python string"));
    }
    check_memory(cx, len, 1)?;
    let mut result = StrBuilder::with_capacity(len);
    for (i, item) in items.iter().filter_map(|item| item.downcast::<Str>()).enumerate() {
        if i > 0 {
            result.push(separator);
        }
        result.push(item);
    }
    Ok(result.finish(cx))
}
