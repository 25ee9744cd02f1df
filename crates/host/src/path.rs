//! Paths between Python and the system. CPython: `path_converter` in `Modules/posixmodule.c`.
//!
//! Invariant: a str path is UTF-8 with surrogateescape, as `sys.getfilesystemencoding()` says.

use std::ffi::CString;

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::str::StrBuilder;

/// A path argument, or an open descriptor where the function takes one.
pub struct PathArg {
    pub target: Target,
    /// Whether results are to be bytes.
    pub bytes: bool,
    /// What OSError.filename is to be: the argument, or the str or bytes that a path-like object stands for.
    pub object: Value,
}

/// What a path argument names.
pub enum Target {
    Path(CString),
    Fd(i32),
}

/// What a function accepts besides str, bytes and os.PathLike.
#[derive(Clone, Copy, Default)]
pub struct Accepts {
    pub fd: bool,
    pub none: bool,
}

/// Converts a path argument of `function`, whose parameter is called `name`.
pub fn path_arg(
    cx: &mut Context,
    value: Value,
    function: &str,
    name: &str,
    accepts: Accepts,
) -> Result<PathArg> {
    if accepts.none && value.is_none() {
        return Ok(PathArg { target: Target::Path(c".".to_owned()), bytes: false, object: value });
    }
    if accepts.fd
        && value.downcast::<Str>().is_none()
        && value.downcast::<Bytes>().is_none()
        && cx.has_index(value)
    {
        crate::posix::warn_of_bool(cx, value)?;
        let fd = cx.index_i128(value)?;
        let fd = i32::try_from(fd).map_err(|_| {
            let which = if fd < 0 { "less than minimum" } else { "greater than maximum" };
            cx.overflow_error(format!("fd is {which}"))
        })?;
        return Ok(PathArg { target: Target::Fd(fd), bytes: false, object: value });
    }
    let (object, raw) = match fs_path(cx, value)? {
        Some(found) => found,
        None => {
            let mut kinds = "string, bytes".to_owned();
            kinds.push_str(match (accepts.fd, accepts.none) {
                (true, true) => ", os.PathLike, integer or None",
                (true, false) => ", os.PathLike or integer",
                (false, true) => ", os.PathLike or None",
                (false, false) => " or os.PathLike",
            });
            return Err(
                cx.type_error(format!("{function}: {name} should be {kinds}, not {}", cx.type_name(value)))
            );
        }
    };
    let bytes = object.downcast::<Bytes>().is_some();
    match CString::new(raw) {
        Ok(path) => Ok(PathArg { target: Target::Path(path), bytes, object }),
        Err(_) => Err(cx.value_error(format!("{function}: embedded null character in {name}"))),
    }
}

/// A path argument that is no descriptor, and what an OSError calls it.
pub fn plain_path(cx: &mut Context, value: Value, function: &str, name: &str) -> Result<(CString, Value)> {
    let arg = path_arg(cx, value, function, name, Accepts::default())?;
    match arg.target {
        Target::Path(path) => Ok((path, arg.object)),
        Target::Fd(_) => Err(cx.system_error("a plain path is no descriptor")),
    }
}

/// The str or bytes behind a path-like object, with its file system bytes; `None` for other objects.
fn fs_path(cx: &mut Context, value: Value) -> Result<Option<(Value, Vec<u8>)>> {
    if let Some(text) = value.downcast::<Str>() {
        return Ok(Some((value, encode(cx, text)?)));
    }
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(Some((value, bytes.as_slice().to_vec())));
    }
    let class = cx.class_of(value);
    if class.lookup(cx, cx.name(id::__fspath__)).is_none_or(Value::is_none) {
        return Ok(None);
    }
    let Some(result) = cx.call_special(value, id::__fspath__, &[])? else { return Ok(None) };
    if let Some(text) = result.downcast::<Str>() {
        return Ok(Some((result, encode(cx, text)?)));
    }
    if let Some(bytes) = result.downcast::<Bytes>() {
        return Ok(Some((result, bytes.as_slice().to_vec())));
    }
    Err(cx.type_error(format!(
        "expected {}.__fspath__() to return str or bytes, not {}",
        cx.type_name(value),
        cx.type_name(result)
    )))
}

/// `os.fspath`.
pub fn fspath(cx: &mut Context, value: Value) -> Result {
    if value.downcast::<Str>().is_some() || value.downcast::<Bytes>().is_some() {
        return Ok(value);
    }
    match fs_path(cx, value)? {
        Some((object, _)) => Ok(object),
        None => Err(
            cx.type_error(format!("expected str, bytes or os.PathLike object, not {}", cx.type_name(value)))
        ),
    }
}

/// `os.fsencode` of a str.
pub fn encode(cx: &mut Context, text: Gc<Str>) -> Result<Vec<u8>> {
    if let Some(ascii) = text.as_ascii() {
        return Ok(ascii.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(text.len() * 2);
    for (index, code) in text.chars().enumerate() {
        match char::from_u32(code) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None if (0xdc80..=0xdcff).contains(&code) => out.push(code as u8),
            None => {
                return Err(cx.unicode_encode_error(
                    "utf-8",
                    text.value(),
                    index,
                    index + 1,
                    "surrogates not allowed",
                ));
            }
        }
    }
    Ok(out)
}

/// `os.fsdecode` of bytes.
pub fn decode(cx: &Context, bytes: &[u8]) -> Gc<Str> {
    let mut text = StrBuilder::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_char(0xdc00 + u32::from(*byte));
        }
    }
    text.finish(cx)
}

/// A name from the system, as str or bytes.
pub fn to_value(cx: &Context, name: &[u8], bytes: bool) -> Value {
    if bytes { cx.new_bytes(name).value() } else { decode(cx, name).value() }
}
