//! One item of a format: from a Python object to bytes and back. CPython: the `nu_`, `np_`, `lu_`, `bp_` ...
//! functions of `Modules/_struct.c`.
//!
//! Invariant: ranges are checked for the field's own size; bytes of other order are reversed last.

use taipan_num::float::half;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::int;

use super::ERROR;
use super::layout::{Field, Layout, Order};

/// Packs `values`, one for each item, into `out`, which is zeroed and has the layout's size.
pub(super) fn pack_all(cx: &mut Context, layout: &Layout, values: &[Value], out: &mut [u8]) -> Result<()> {
    let mut values = values.iter();
    for field in &layout.fields {
        for number in 0..field.repeat {
            let Some(value) = values.next() else { return Ok(()) };
            let start = field.offset + number * field.size;
            pack(cx, layout.order, field, *value, &mut out[start..start + field.size])?;
        }
    }
    Ok(())
}

fn pack(cx: &mut Context, order: Order, field: &Field, value: Value, out: &mut [u8]) -> Result<()> {
    match field.code {
        b's' => {
            let bytes = byte_string(cx, field.code, value)?;
            let len = bytes.len().min(out.len());
            out[..len].copy_from_slice(&bytes[..len]);
        }
        b'p' => {
            let bytes = byte_string(cx, field.code, value)?;
            let len = bytes.len().min(out.len().saturating_sub(1));
            if let Some((first, rest)) = out.split_first_mut() {
                rest[..len].copy_from_slice(&bytes[..len]);
                *first = len.min(255) as u8;
            }
        }
        b'c' => match value.downcast::<Bytes>().as_ref().map(|bytes| bytes.as_slice()) {
            Some([byte]) => out[0] = *byte,
            _ => return Err(ERROR.raise(cx, "char format requires a bytes object of length 1")),
        },
        b'?' => out[0] = u8::from(cx.truth(value)?),
        b'e' | b'f' | b'd' => pack_float(cx, order, field.code, value, out)?,
        b'F' | b'D' => pack_complex(cx, order, field.code, value, out)?,
        _ => pack_int(cx, order, field, value, out)?,
    }
    Ok(())
}

fn byte_string(cx: &mut Context, code: u8, value: Value) -> Result<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(array) = value.downcast::<ByteArray>() {
        return Ok(array.to_vec(cx));
    }
    Err(ERROR.raise(cx, format!("argument for '{}' must be a bytes object", char::from(code))))
}

fn pack_int(cx: &mut Context, order: Order, field: &Field, value: Value, out: &mut [u8]) -> Result<()> {
    let int = if cx.is_int(value) {
        value
    } else if cx.has_index(value) {
        cx.index(value)?
    } else {
        return Err(ERROR.raise(cx, "required argument is not an integer"));
    };
    let wide = match int.as_small_int() {
        Some(small) => i128::from(small),
        None => int::to_i128_saturating(int),
    };
    let (low, high) = range(field);
    if wide < low || wide > high {
        let message = match field.code {
            b'P' => "int too large to convert".to_owned(),
            code => format!("'{}' format requires {low} <= number <= {high}", char::from(code)),
        };
        return Err(ERROR.raise(cx, message));
    }
    store(order, &wide.to_le_bytes()[..field.size], out);
    Ok(())
}

/// What an integer field can hold. An address may be given as a signed number.
fn range(field: &Field) -> (i128, i128) {
    let bits = field.size * 8;
    match field.code {
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        b'P' => (-(1 << (bits - 1)), (1 << bits) - 1),
        _ => (0, (1 << bits) - 1),
    }
}

fn pack_float(cx: &mut Context, order: Order, code: u8, value: Value, out: &mut [u8]) -> Result<()> {
    let float = match cx.float_value(value) {
        Ok(float) => float,
        Err(raised) => {
            cx.take_exception(raised);
            return Err(ERROR.raise(cx, "required argument is not a float"));
        }
    };
    if !store_float(order, code, float, out) {
        return Err(if cx.is_int(value) {
            ERROR.raise(cx, "int too large to convert")
        } else {
            cx.overflow_error(format!("float too large to pack with {} format", char::from(code)))
        });
    }
    Ok(())
}

/// Stores a float of 2, 4 or 8 bytes; false where it is too large.
fn store_float(order: Order, code: u8, float: f64, out: &mut [u8]) -> bool {
    match code {
        b'd' => store(order, &float.to_le_bytes(), out),
        b'f' => {
            let single = float as f32;
            if single.is_infinite() && !float.is_infinite() {
                return false;
            }
            store(order, &narrowed(float).to_le_bytes(), out);
        }
        _ => match half::from_f64(float) {
            Some(bits) => store(order, &bits.to_le_bytes(), out),
            None => return false,
        },
    }
    true
}

/// The nearest float of 4 bytes. A NaN keeps its sign and what fits of its payload, quiet or not.
fn narrowed(float: f64) -> f32 {
    if !float.is_nan() {
        return float as f32;
    }
    let bits = float.to_bits();
    let payload = (bits >> 29) as u32 & 0x7f_ffff;
    let payload = if payload == 0 { 0x40_0000 } else { payload };
    f32::from_bits(((bits >> 63) as u32) << 31 | 0x7f80_0000 | payload)
}

/// The float of 8 bytes with the value of one of 4; a NaN keeps its payload, quiet or not.
fn widened(single: f32) -> f64 {
    if !single.is_nan() {
        return f64::from(single);
    }
    let bits = single.to_bits();
    let (sign, payload) = (u64::from(bits >> 31), u64::from(bits & 0x7f_ffff));
    f64::from_bits(sign << 63 | 0x7ff0_0000_0000_0000 | payload << 29)
}

fn pack_complex(cx: &mut Context, order: Order, code: u8, value: Value, out: &mut [u8]) -> Result<()> {
    let number = if value.downcast::<Str>().is_some() {
        None
    } else {
        match cx.call(Complex::class_cell().get().value(), &[value]) {
            Ok(complex) => complex.downcast::<Complex>().map(|complex| complex.number()),
            Err(raised) => {
                cx.take_exception(raised);
                None
            }
        }
    };
    let Some(number) = number else { return Err(ERROR.raise(cx, "required argument is not a complex")) };
    let half = out.len() / 2;
    let (real, imaginary) = out.split_at_mut(half);
    // In the machine's own order C converts the parts, which checks no range.
    let machine_order = order.is_little() == cfg!(target_endian = "little");
    for (part, out) in [(number.real, real), (number.imaginary, imaginary)] {
        match code {
            b'F' if machine_order => store(order, &narrowed(part).to_le_bytes(), out),
            b'F' if store_float(order, b'f', part, out) => {}
            b'F' if cx.is_int(value) => return Err(ERROR.raise(cx, "int too large to convert")),
            b'F' => return Err(cx.overflow_error("float too large to pack with f format")),
            _ => store(order, &part.to_le_bytes(), out),
        }
    }
    Ok(())
}

/// Writes bytes that are given in little-endian order.
fn store(order: Order, little: &[u8], out: &mut [u8]) {
    out.copy_from_slice(little);
    if !order.is_little() {
        out.reverse();
    }
}

/// The objects that `bytes`, of the layout's size, stand for.
pub(super) fn unpack_all(cx: &Context, layout: &Layout, bytes: &[u8]) -> Gc<Tuple> {
    let mut items = GVec::with_capacity(layout.items);
    for field in &layout.fields {
        for number in 0..field.repeat {
            let start = field.offset + number * field.size;
            items.push(unpack(cx, layout.order, field, &bytes[start..start + field.size]));
        }
    }
    cx.new_tuple(&items)
}

fn unpack(cx: &Context, order: Order, field: &Field, bytes: &[u8]) -> Value {
    match field.code {
        b's' | b'c' => cx.new_bytes(bytes).value(),
        b'p' => {
            let content = match bytes.split_first() {
                Some((len, rest)) => &rest[..usize::from(*len).min(rest.len())],
                None => &[],
            };
            cx.new_bytes(content).value()
        }
        b'?' => Value::bool(bytes[0] != 0),
        b'e' | b'f' | b'd' => cx.new_float(load_float(order, bytes)),
        b'F' | b'D' => {
            let (real, imaginary) = bytes.split_at(bytes.len() / 2);
            Complex::new(cx, load_float(order, real), load_float(order, imaginary)).value()
        }
        code => {
            let word = load(order, bytes);
            let unused = 64 - 8 * bytes.len();
            match code {
                b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => cx.new_int((word << unused) as i64 >> unused),
                _ => match i64::try_from(word) {
                    Ok(word) => cx.new_int(word),
                    Err(_) => cx.new_int_i128(i128::from(word)),
                },
            }
        }
    }
}

/// The word that up to eight bytes stand for.
fn load(order: Order, bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    if order.is_little() {
        word[..bytes.len()].copy_from_slice(bytes);
    } else {
        for (to, from) in word.iter_mut().zip(bytes.iter().rev()) {
            *to = *from;
        }
    }
    u64::from_le_bytes(word)
}

fn load_float(order: Order, bytes: &[u8]) -> f64 {
    let word = load(order, bytes);
    match bytes.len() {
        8 => f64::from_bits(word),
        4 => widened(f32::from_bits(word as u32)),
        _ => half::to_f64(word as u16),
    }
}

/// The error of `PyUnicode_AsASCIIString` for a format that is no ASCII.
pub(super) fn not_ascii(cx: &mut Context, text: Gc<Str>) -> Raised {
    let at = text.chars().position(|c| c >= 0x80).unwrap_or(0);
    let end = at + text.chars().skip(at).take_while(|c| *c >= 0x80).count();
    cx.unicode_encode_error("ascii", text.value(), at, end, "ordinal not in range(128)")
}
