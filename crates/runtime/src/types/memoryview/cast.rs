//! `memoryview.cast`. CPython: `memory_cast`, `cast_to_1D`, `cast_to_ND`.
//!
//! Invariant: the result covers the same bytes in row-major order.

use std::borrow::Cow;

use super::MemoryView;
use super::index::row_major_strides;
use super::item::{is_byte_code, native_code, size_of_code, static_format};
use crate::context::Context;
use crate::error::Result;
use crate::protocol::buffer::{Buffer, Dims};
use crate::types::list::List;
use crate::types::str::expect_str;
use crate::types::tuple::Tuple;
use crate::value::Value;

const MAX_DIMENSIONS: usize = 64;

pub(super) fn cast(cx: &mut Context, buffer: &Buffer, format: Value, shape: Option<Value>) -> Result {
    let format = expect_str(cx, format, "cast() argument 'format'")?.to_str().into_owned();
    if !buffer.is_c_contiguous() {
        return Err(cx.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let zeros = buffer.shape.contains(&0) || buffer.strides.contains(&0);
    if (shape.is_some() || buffer.shape.len() != 1) && zeros {
        return Err(cx.type_error("memoryview: cannot cast view with zeros in shape or strides"));
    }
    let shape = shape.map(|shape| dimensions(cx, buffer, shape)).transpose()?;
    let flat = to_one_dimension(cx, buffer, &format)?;
    let cast = match shape {
        Some(shape) => to_dimensions(cx, flat, shape)?,
        None => flat,
    };
    Ok(MemoryView::new_from(cx, cast).value())
}

/// The items of the shape argument.
fn dimensions(cx: &mut Context, buffer: &Buffer, shape: Value) -> Result<crate::buffer::GVec<Value>> {
    if shape.downcast::<List>().is_none() && shape.downcast::<Tuple>().is_none() {
        return Err(cx.type_error("shape must be a list or a tuple"));
    }
    let items = cx.collect(shape)?;
    if items.len() > MAX_DIMENSIONS {
        let message = format!("memoryview: number of dimensions must not exceed {MAX_DIMENSIONS}");
        return Err(cx.value_error(message));
    }
    if buffer.shape.len() != 1 && items.len() != 1 {
        return Err(cx.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    Ok(items)
}

fn to_one_dimension(cx: &mut Context, buffer: &Buffer, format: &str) -> Result<Buffer> {
    let suffix = "format must be a native single character format prefixed with an optional '@'";
    let Some(source) = native_code(&buffer.format) else {
        return Err(cx.value_error(format!("memoryview: source {suffix}")));
    };
    let Some(target) = native_code(format) else {
        return Err(cx.value_error(format!("memoryview: destination {suffix}")));
    };
    if !is_byte_code(source) && !is_byte_code(target) {
        return Err(cx.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let (len, size) = (buffer.len(), size_of_code(target));
    if !len.is_multiple_of(size) {
        return Err(cx.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let shape = Dims::from_slice(&[(len / size) as isize]);
    let mut flat = buffer.part(0, shape, Dims::from_slice(&[size as isize]));
    flat.item_size = size;
    flat.format = if format.starts_with('@') {
        Cow::Owned(format.to_owned())
    } else {
        Cow::Borrowed(static_format(target))
    };
    Ok(flat)
}

fn to_dimensions(cx: &mut Context, flat: Buffer, items: crate::buffer::GVec<Value>) -> Result<Buffer> {
    let mut shape = Dims::new();
    let mut total = flat.item_size as isize;
    for item in items.iter() {
        if !cx.is_int(*item) {
            return Err(cx.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        let len = cx.index_isize(*item)?;
        if len <= 0 {
            return Err(cx.value_error("memoryview.cast(): elements of shape must be integers > 0"));
        }
        let Some(product) = total.checked_mul(len) else {
            return Err(cx.value_error("memoryview.cast(): product(shape) > SSIZE_MAX"));
        };
        total = product;
        shape.push(len);
    }
    if total as usize != flat.len() {
        return Err(cx.type_error("memoryview: product(shape) * itemsize != buffer size"));
    }
    let strides = row_major_strides(&shape, flat.item_size);
    Ok(flat.part(0, shape, strides))
}
