//! Writing through a memoryview. CPython: `memory_ass_sub`.
//!
//! Invariant: the value is converted before a byte is written, so a failed assignment changes nothing.

use super::index::{Key, native, offset, offset_of, parse, sliced};
use super::item::pack;
use crate::context::Context;
use crate::error::Result;
use crate::protocol::buffer::{Buffer, flag};
use crate::types::slice::Slice;
use crate::value::Value;

/// `view[key] = value`, or a deletion, which is refused.
pub(super) fn set(cx: &mut Context, buffer: &Buffer, key: Value, value: Option<Value>) -> Result<()> {
    let code = native(cx, buffer)?;
    if buffer.readonly {
        return Err(cx.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(cx.type_error("cannot delete memory")) };
    let ndim = buffer.shape.len();
    let key = parse(cx, key)?;
    let at = match (ndim, key) {
        (0, Some(Key::Whole | Key::Ellipsis)) => 0,
        (0, _) => return Err(cx.type_error("invalid indexing of 0-dim memory")),
        (1, Some(Key::Index(index))) => offset(cx, buffer, 0, index)?,
        (_, Some(Key::Index(_))) => return Err(cx.not_implemented_error("sub-views are not implemented")),
        (1, Some(Key::Slice(slice))) => return set_slice(cx, buffer, &slice, value),
        (_, Some(Key::Indices(indices))) if indices.len() >= ndim => offset_of(cx, buffer, &indices)?,
        (_, Some(Key::Indices(_) | Key::Whole)) => {
            return Err(cx.not_implemented_error("sub-views are not implemented"));
        }
        (_, Some(Key::Slice(_) | Key::Slices)) => {
            let message = "memoryview slice assignments are currently restricted to ndim = 1";
            return Err(cx.not_implemented_error(message));
        }
        (_, Some(Key::Ellipsis) | None) => return Err(cx.type_error("memoryview: invalid slice key")),
    };
    let bytes = pack(cx, code, &buffer.format, value)?;
    buffer.write(at, &bytes);
    Ok(())
}

fn set_slice(cx: &mut Context, buffer: &Buffer, slice: &Slice, value: Value) -> Result<()> {
    let source = cx.buffer(value, flag::FULL_RO)?;
    let target = sliced(cx, buffer, slice)?;
    let format = |buffer: &Buffer| buffer.format.trim_start_matches('@').to_owned();
    if format(&source) != format(&target)
        || source.item_size != target.item_size
        || source.shape != target.shape
    {
        return Err(cx.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    // Through a copy, since the two may overlap.
    target.scatter(&source.to_vec());
    Ok(())
}
