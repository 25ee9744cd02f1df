//! The environment. CPython: `convertenviron`, `os_putenv_impl` in `Modules/posixmodule.c`.
//!
//! Invariant: `posix.environ` maps bytes to bytes; `os.py` decodes it.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;

use taipan_runtime::prelude::*;

use crate::path::plain_path;
use crate::posix::call;
use crate::sys;

pub(super) fn create(cx: &mut Context) -> Result {
    let dict = cx.new_dict();
    for (name, value) in std::env::vars_os() {
        let (name, value) = (cx.new_bytes(name.as_bytes()).value(), cx.new_bytes(value.as_bytes()).value());
        if !dict.contains(cx, name)? {
            dict.set(cx, name, value)?;
        }
    }
    Ok(dict.value())
}

pub(super) fn put(cx: &mut Context, name: Value, value: Option<Value>) -> Result<()> {
    let function = if value.is_some() { "putenv" } else { "unsetenv" };
    let (name, _) = plain_path(cx, name, function, "name")?;
    let value: Option<CString> = match value {
        Some(value) => Some(plain_path(cx, value, function, "value")?.0),
        None => None,
    };
    if name.to_bytes().is_empty() {
        return Err(cx.os_error(libc::EINVAL));
    }
    if name.to_bytes().contains(&b'=') {
        return Err(cx.value_error("illegal environment variable name"));
    }
    let bytes = |cx: &mut Context, text: &CStr| cx.new_bytes(text.to_bytes()).value();
    match &value {
        Some(value) => cx.audit("os.putenv", |cx| [bytes(cx, &name), bytes(cx, value)])?,
        None => cx.audit("os.unsetenv", |cx| [bytes(cx, &name)])?,
    }
    call(cx, None, || sys::setenv(&name, value.as_deref()))
}
