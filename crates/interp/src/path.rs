//! Paths as the system's bytes and as str. CPython: `PyUnicode_FSConverter`, `PyUnicode_FSDecoder`.
//! Invariant: bytes that are no UTF-8 become surrogates and come back as the same bytes (PEP 383).

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::str::StrBuilder;

/// The text of a path argument (str, bytes or os.PathLike).
pub(crate) fn fs_text(cx: &mut Context, value: Value) -> Result<String> {
    if let Some(text) = value.downcast::<Str>() {
        return Ok(text.to_str().into_owned());
    }
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(String::from_utf8_lossy(bytes.as_slice()).into_owned());
    }
    let name = cx.type_name(value);
    match cx.call_special(value, id::__fspath__, &[])? {
        Some(path) if path.downcast::<Str>().is_some() || path.downcast::<Bytes>().is_some() => {
            fs_text(cx, path)
        }
        Some(path) => {
            let got = cx.type_name(path);
            Err(cx.type_error(format!("expected {name}.__fspath__() to return str or bytes, not {got}")))
        }
        None => Err(cx.type_error(format!("expected str, bytes or os.PathLike object, not {name}"))),
    }
}

/// A str from the system's bytes.
pub(crate) fn from_os(cx: &Context, text: &OsStr) -> Value {
    let bytes = text.as_bytes();
    if let Ok(text) = std::str::from_utf8(bytes) {
        return cx.new_str(text).value();
    }
    let mut builder = StrBuilder::new();
    for chunk in bytes.utf8_chunks() {
        builder.push_str(chunk.valid());
        for byte in chunk.invalid() {
            builder.push_char(0xDC00 | *byte as u32);
        }
    }
    builder.finish(cx).value()
}

/// The system's bytes of a str.
pub(crate) fn to_os(text: Gc<Str>) -> OsString {
    let mut bytes = Vec::with_capacity(text.len());
    for point in text.chars() {
        match point {
            0xDC80..=0xDCFF => bytes.push(point as u8),
            _ => taipan_bytecode::push_code_point(&mut bytes, point),
        }
    }
    OsString::from_vec(bytes)
}
