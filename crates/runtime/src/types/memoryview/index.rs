//! Reading a memoryview: items, slices, lists, comparison.
//!
//! CPython: `memory_subscript`, `memory_richcompare`. Invariant: an offset is computed from indices that were
//! checked against the shape.

use super::MemoryView;
use super::item::{native_code, unpack};
use crate::context::Context;
use crate::error::Result;
use crate::protocol::buffer::{Buffer, Dims, flag};
use crate::protocol::compare::CompareOp;
use crate::protocol::sequence::resolve_index;
use crate::types::slice::Slice;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// The native format character, or NotImplementedError.
pub(super) fn native(cx: &Context, buffer: &Buffer) -> Result<u8> {
    native_code(&buffer.format)
        .ok_or_else(|| cx.not_implemented_error(format!("memoryview: unsupported format {}", buffer.format)))
}

/// The item at a byte offset.
pub(super) fn item_at(cx: &Context, buffer: &Buffer, code: u8, offset: isize) -> Value {
    let mut bytes = [0; 8];
    let bytes = &mut bytes[..buffer.item_size];
    buffer.read(offset, bytes);
    unpack(cx, code, bytes)
}

/// What stands between the brackets.
pub(super) enum Key {
    /// The item of a view without dimensions.
    Whole,
    /// `...` on a view without dimensions.
    Ellipsis,
    Index(isize),
    Slice(crate::object::Gc<Slice>),
    Indices(Vec<isize>),
    Slices,
}

pub(super) fn parse(cx: &mut Context, key: Value) -> Result<Option<Key>> {
    if cx.has_index(key) {
        return Ok(Some(Key::Index(index_of(cx, key)?)));
    }
    if let Some(slice) = key.downcast::<Slice>() {
        return Ok(Some(Key::Slice(slice)));
    }
    if key == Value::ELLIPSIS {
        return Ok(Some(Key::Ellipsis));
    }
    let Some(tuple) = key.downcast::<Tuple>() else { return Ok(None) };
    let items = tuple.items();
    if items.is_empty() {
        return Ok(Some(Key::Whole));
    }
    if items.iter().all(|item| cx.has_index(*item)) {
        let indices = items.iter().map(|item| index_of(cx, *item)).collect::<Result<Vec<_>>>()?;
        return Ok(Some(Key::Indices(indices)));
    }
    let slices = items.iter().all(|item| item.downcast::<Slice>().is_some());
    Ok(slices.then_some(Key::Slices))
}

fn index_of(cx: &mut Context, value: Value) -> Result<isize> {
    isize::try_from(cx.index_i128(value)?).map_err(|_| {
        let name = cx.type_name(value);
        cx.index_error(format!("cannot fit '{name}' into an index-sized integer"))
    })
}

/// Byte offset of an index in one dimension.
pub(super) fn offset(cx: &Context, buffer: &Buffer, dimension: usize, index: isize) -> Result<isize> {
    match resolve_index(index, buffer.shape[dimension] as usize) {
        Some(at) => Ok(at as isize * buffer.strides[dimension]),
        None => Err(cx.index_error(format!("index out of bounds on dimension {}", dimension + 1))),
    }
}

/// Byte offset of an item given by one index per dimension.
pub(super) fn offset_of(cx: &Context, buffer: &Buffer, indices: &[isize]) -> Result<isize> {
    let (ndim, given) = (buffer.shape.len(), indices.len());
    if given > ndim {
        return Err(cx.type_error(format!("cannot index {ndim}-dimension view with {given}-element tuple")));
    }
    let mut total = 0;
    for (dimension, index) in indices.iter().enumerate() {
        total += offset(cx, buffer, dimension, *index)?;
    }
    Ok(total)
}

/// The part of the memory that a slice of the first dimension selects.
pub(super) fn sliced(cx: &mut Context, buffer: &Buffer, slice: &Slice) -> Result<Buffer> {
    let range = slice.unpack(cx)?.adjust(buffer.shape[0] as usize);
    let mut shape = buffer.shape.clone();
    let mut strides = buffer.strides.clone();
    shape[0] = range.len as isize;
    strides[0] *= range.step;
    Ok(buffer.part(range.start as isize * buffer.strides[0], shape, strides))
}

/// `view[key]`.
pub(super) fn get(cx: &mut Context, this: Value, buffer: &Buffer, key: Value) -> Result {
    let ndim = buffer.shape.len();
    let key = parse(cx, key)?;
    if ndim == 0 {
        return match key {
            Some(Key::Whole) => {
                let code = native(cx, buffer)?;
                Ok(item_at(cx, buffer, code, 0))
            }
            Some(Key::Ellipsis) => Ok(this),
            _ => Err(cx.type_error("invalid indexing of 0-dim memory")),
        };
    }
    match key {
        Some(Key::Index(index)) => {
            let code = native(cx, buffer)?;
            if ndim > 1 {
                return Err(cx.not_implemented_error("multi-dimensional sub-views are not implemented"));
            }
            let offset = offset(cx, buffer, 0, index)?;
            Ok(item_at(cx, buffer, code, offset))
        }
        Some(Key::Slice(slice)) => {
            let part = sliced(cx, buffer, &slice)?;
            Ok(MemoryView::new_from(cx, part).value())
        }
        Some(Key::Indices(indices)) => {
            let code = native(cx, buffer)?;
            if indices.len() < ndim {
                return Err(cx.not_implemented_error("sub-views are not implemented"));
            }
            let offset = offset_of(cx, buffer, &indices)?;
            Ok(item_at(cx, buffer, code, offset))
        }
        Some(Key::Slices) => Err(cx.not_implemented_error("multi-dimensional slicing is not implemented")),
        Some(Key::Whole) => {
            native(cx, buffer)?;
            Err(cx.not_implemented_error("sub-views are not implemented"))
        }
        Some(Key::Ellipsis) | None => Err(cx.type_error("memoryview: invalid slice key")),
    }
}

/// All items, nested by dimension.
pub(super) fn to_list(cx: &mut Context, buffer: &Buffer) -> Result {
    let code = native(cx, buffer)?;
    level(cx, buffer, code, 0, 0)
}

fn level(cx: &mut Context, buffer: &Buffer, code: u8, dimension: usize, start: isize) -> Result {
    let Some(len) = buffer.shape.get(dimension) else { return Ok(item_at(cx, buffer, code, start)) };
    let mut items = crate::buffer::GVec::with_capacity(*len as usize);
    for i in 0..*len {
        if i % 1000 == 999 {
            cx.poll()?;
        }
        items.push(level(cx, buffer, code, dimension + 1, start + i * buffer.strides[dimension])?);
    }
    Ok(cx.new_list(&items).value())
}

/// `view.index(value, start, stop)`.
pub(super) fn find(
    cx: &mut Context,
    buffer: &Buffer,
    value: Value,
    start: isize,
    stop: isize,
) -> Result<usize> {
    match buffer.shape.len() {
        0 => return Err(cx.type_error("invalid lookup on 0-dim memory")),
        1 => {}
        _ => return Err(cx.not_implemented_error("multi-dimensional lookup is not implemented")),
    }
    let code = native(cx, buffer)?;
    let (start, stop) = crate::types::sequence::clip(start, stop, buffer.shape[0] as usize);
    for at in start..stop {
        let item = item_at(cx, buffer, code, at as isize * buffer.strides[0]);
        if cx.eq(item, value)? {
            return Ok(at);
        }
    }
    Err(cx.value_error("memoryview.index(x): x not found"))
}

/// `a == b` and `a != b` with a view on the left.
pub(super) fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let equal = if a == b && a.downcast::<MemoryView>().is_some_and(|view| view.get(cx).is_err()) {
        // Released views are equal to themselves only.
        let raised = crate::error::Raised::pending(cx);
        cx.take_exception(raised);
        true
    } else {
        match (operand(cx, a)?, operand(cx, b)?) {
            (Some(a), Some(b)) => same_items(cx, &a, &b)?,
            (None, _) if released(cx, a) => false,
            (_, None) if released(cx, b) => false,
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn released(cx: &mut Context, value: Value) -> bool {
    value.downcast::<MemoryView>().is_some_and(|view| view.buffer.lock(cx).is_none())
}

/// The memory of an operand; `None` for a released view or an object without a buffer.
fn operand(cx: &mut Context, value: Value) -> Result<Option<Buffer>> {
    if let Some(view) = value.downcast::<MemoryView>() {
        return Ok(view.buffer.lock(cx).clone());
    }
    if !cx.has_buffer(value) {
        return Ok(None);
    }
    match cx.buffer(value, flag::FULL_RO) {
        Ok(buffer) => Ok(Some(buffer)),
        Err(raised) => {
            cx.swallow(raised, crate::exception::exception)?;
            Ok(None)
        }
    }
}

fn same_items(cx: &mut Context, a: &Buffer, b: &Buffer) -> Result<bool> {
    if a.shape != b.shape {
        return Ok(false);
    }
    let codes = (native_code(&a.format), native_code(&b.format));
    if let (Some(x), Some(y)) = codes
        && x == y
        && !matches!(x, b'e' | b'f' | b'd' | b'?')
    {
        return Ok(a.to_vec() == b.to_vec());
    }
    for (left, right) in a.offsets().into_iter().zip(b.offsets()) {
        let (Some(x), Some(y)) = (any_item(cx, a, left)?, any_item(cx, b, right)?) else { return Ok(false) };
        if !cx.eq_without_identity(x, y)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An item of any format; other than native ones are left to the struct module, whose errors mean "unequal".
fn any_item(cx: &mut Context, buffer: &Buffer, offset: isize) -> Result<Option<Value>> {
    if let Some(code) = native_code(&buffer.format) {
        return Ok(Some(item_at(cx, buffer, code, offset)));
    }
    let mut bytes = vec![0; buffer.item_size];
    buffer.read(offset, &mut bytes);
    let module = cx.import("struct")?;
    let format = cx.new_str(&buffer.format).value();
    let bytes = cx.new_bytes(&bytes).value();
    match cx.call_method(module, "unpack", &[format, bytes]) {
        Ok(found) => Ok(Some(match found.downcast::<Tuple>().as_ref().map(|tuple| tuple.items()) {
            Some([only]) => *only,
            _ => found,
        })),
        Err(raised) => {
            cx.swallow(raised, crate::exception::exception)?;
            Ok(None)
        }
    }
}

impl Context {
    /// `a == b` as a truth value, asking also an object about itself.
    fn eq_without_identity(&mut self, a: Value, b: Value) -> Result<bool> {
        let answer = self.compare(a, b, CompareOp::Eq)?;
        self.truth(answer)
    }
}

/// Dimensions of memory in row-major order.
pub(super) fn row_major_strides(shape: &[isize], item_size: usize) -> Dims {
    let mut strides = Dims::from_elem(0, shape.len());
    let mut step = item_size as isize;
    for (stride, len) in strides.iter_mut().zip(shape).rev() {
        *stride = step;
        step *= len;
    }
    strides
}
