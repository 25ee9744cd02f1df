//! `marshal`: values as bytes. CPython: `Python/marshal.c`, whose format this is, except for code objects.
//! Invariant: what is written here can be read here, whatever the version that was asked for.

mod read;
mod write;

use taipan_macros::module;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use read::Reader;
use write::Writer;

/// The module.
pub struct Marshal;

/// Deepest nesting of what is written or read.
const MAX_DEPTH: usize = 2000;
const FLAG_REF: u8 = 0x80;
/// Bits of a digit of a large int.
const DIGIT: u32 = 15;

fn bytes_of(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(array) = value.downcast::<taipan_runtime::types::bytearray::ByteArray>() {
        return Ok(array.to_vec(cx));
    }
    let class = Bytes::class_cell().get().value();
    if value.downcast::<Str>().is_some() || value.is_small_int() {
        let name = cx.type_name(value);
        return Err(cx.type_error(format!("a bytes-like object is required, not '{name}'")));
    }
    let copy = cx.call(class, &[value])?;
    Ok(copy.downcast::<Bytes>().map(|bytes| bytes.as_slice().to_vec()).unwrap_or_default())
}

/// Does the object let others see its memory?
fn gives_buffer(cx: &Context, value: Value) -> bool {
    cx.has_buffer(value)
}

fn dumps(cx: &mut Context, value: Value, version: i32, allow_code: bool) -> Result {
    cx.audit("marshal.dumps", |_| [value, Value::int(version.into())])?;
    let mut writer = Writer::new(version, allow_code);
    writer.value(cx, value, 1)?;
    Ok(cx.new_bytes(&writer.out).value())
}

/// This module writes and reads Python values as bytes, for compiled files.
#[module("marshal")]
impl Marshal {
    #[constant(name = "version")]
    const VERSION: i64 = 5;

    /// Return the value as bytes.
    #[function("(value, version=5, /, *, allow_code=True)")]
    fn dumps(cx: &mut Context, value: Value, version: i32, allow_code: bool) -> Result {
        dumps(cx, value, version, allow_code)
    }

    /// Convert the bytes-like object to a value.
    #[function("(bytes, /, *, allow_code=True)")]
    fn loads(cx: &mut Context, bytes: Value, allow_code: bool) -> Result {
        let bytes = bytes_of(cx, bytes)?;
        cx.audit("marshal.loads", |cx| [cx.new_bytes(&bytes).value()])?;
        Reader::new(&bytes, None, allow_code).item(cx, 0)
    }

    /// Write the value to an open binary file.
    #[function("(value, file, version=5, /, *, allow_code=True)")]
    fn dump(cx: &mut Context, value: Value, file: Value, version: i32, allow_code: bool) -> Result {
        let bytes = dumps(cx, value, version, allow_code)?;
        cx.call_method(file, "write", &[bytes])
    }

    /// Read a value from an open binary file.
    #[function("(file, /, *, allow_code=True)")]
    fn load(cx: &mut Context, file: Value, allow_code: bool) -> Result {
        // CPython makes sure that it is a binary file.
        let empty = cx.call_method(file, "read", &[Value::int(0)])?;
        if empty.downcast::<Bytes>().is_none() {
            let found = cx.type_name(empty);
            return Err(cx.type_error(format!("file.read() returned not bytes but {found}")));
        }
        cx.audit("marshal.load", |_| [])?;
        Reader::new(&[], Some(file), allow_code).item(cx, 0)
    }
}
