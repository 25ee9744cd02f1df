//! Items of a memoryview: one native number or byte in `struct` syntax.
//!
//! CPython: `unpack_single`, `pack_single`. Invariant: sizes are those of the platform's C types.

use taipan_num::float::half;

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception;
use crate::types::bytes::Bytes;
use crate::value::Value;

/// The one character of a native format, which may have an `@` before it.
pub(super) fn native_code(format: &str) -> Option<u8> {
    let code = match format.as_bytes() {
        [code] | [b'@', code] => *code,
        _ => return None,
    };
    (size_of_code(code) > 0).then_some(code)
}

/// Bytes of an item; 0 for a character that is no format.
pub(super) fn size_of_code(code: u8) -> usize {
    match code {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => 0,
    }
}

pub(super) fn is_byte_code(code: u8) -> bool {
    matches!(code, b'c' | b'b' | b'B')
}

/// The format as a static string, so that views share it.
pub(super) fn static_format(code: u8) -> &'static str {
    const CODES: &str = "cbBhHiIlLqQnNfdeP?";
    let at = CODES.bytes().position(|c| c == code).unwrap_or(0);
    &CODES[at..=at]
}

fn word<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|i| bytes[i])
}

/// The Python object of an item.
pub(super) fn unpack(cx: &Context, code: u8, bytes: &[u8]) -> Value {
    let int = |value: i64| cx.new_int(value);
    match code {
        b'c' => cx.new_bytes(&bytes[..1]).value(),
        b'b' => int(i64::from(bytes[0] as i8)),
        b'B' => int(i64::from(bytes[0])),
        b'?' => Value::bool(bytes[0] != 0),
        b'h' => int(i64::from(i16::from_ne_bytes(word(bytes)))),
        b'H' => int(i64::from(u16::from_ne_bytes(word(bytes)))),
        b'i' => int(i64::from(i32::from_ne_bytes(word(bytes)))),
        b'I' => int(i64::from(u32::from_ne_bytes(word(bytes)))),
        b'l' | b'q' | b'n' => int(i64::from_ne_bytes(word(bytes))),
        b'L' | b'Q' | b'N' | b'P' => cx.new_int_i128(i128::from(u64::from_ne_bytes(word(bytes)))),
        b'e' => cx.new_float(half::to_f64(u16::from_ne_bytes(word(bytes)))),
        b'f' => cx.new_float(f64::from(f32::from_ne_bytes(word(bytes)))),
        _ => cx.new_float(f64::from_ne_bytes(word(bytes))),
    }
}

fn invalid_type(cx: &Context, format: &str) -> Raised {
    cx.type_error(format!("memoryview: invalid type for format '{format}'"))
}

fn invalid_value(cx: &Context, format: &str) -> Raised {
    cx.value_error(format!("memoryview: invalid value for format '{format}'"))
}

/// The bytes of an item.
pub(super) fn pack(cx: &mut Context, code: u8, format: &str, value: Value) -> Result<Vec<u8>> {
    match code {
        b'c' => {
            let Some(bytes) = value.downcast::<Bytes>() else { return Err(invalid_type(cx, format)) };
            match bytes.as_slice() {
                [byte] => Ok(vec![*byte]),
                _ => Err(invalid_value(cx, format)),
            }
        }
        b'?' => Ok(vec![u8::from(cx.truth(value)?)]),
        b'e' | b'f' | b'd' => pack_float(cx, code, format, value),
        _ => pack_int(cx, code, format, value),
    }
}

fn pack_float(cx: &mut Context, code: u8, format: &str, value: Value) -> Result<Vec<u8>> {
    let float = match cx.float_value(value) {
        Ok(float) => float,
        Err(raised) => {
            cx.swallow(raised, exception::type_error)?;
            return Err(invalid_type(cx, format));
        }
    };
    Ok(match code {
        b'd' => float.to_ne_bytes().to_vec(),
        b'f' => (float as f32).to_ne_bytes().to_vec(),
        _ => match half::from_f64(float) {
            Some(half) => half.to_ne_bytes().to_vec(),
            None => return Err(invalid_value(cx, format)),
        },
    })
}

fn pack_int(cx: &mut Context, code: u8, format: &str, value: Value) -> Result<Vec<u8>> {
    if !cx.has_index(value) {
        return Err(invalid_type(cx, format));
    }
    let wide = match cx.index_i128(value) {
        Ok(wide) => wide,
        Err(raised) => {
            cx.swallow(raised, exception::type_error)?;
            return Err(invalid_type(cx, format));
        }
    };
    let bits = size_of_code(code) as u32 * 8;
    let signed = matches!(code, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
    let fits = match (code, signed) {
        // An address may be given as a signed number.
        (b'P', _) => i64::try_from(wide).is_ok() || u64::try_from(wide).is_ok(),
        (_, true) => wide >= -(1 << (bits - 1)) && wide < 1 << (bits - 1),
        (_, false) => wide >= 0 && wide < 1 << bits,
    };
    if !fits {
        return Err(invalid_value(cx, format));
    }
    let size = bits as usize / 8;
    let mut bytes = wide.to_le_bytes()[..size].to_vec();
    if cfg!(target_endian = "big") {
        bytes.reverse();
    }
    Ok(bytes)
}
