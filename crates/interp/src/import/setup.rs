//! From a booted machine to one that runs programs: builtins, sys, importlib, `__main__`.
//! CPython: `Python/pylifecycle.c`.

use std::ffi::OsStr;

use taipan_runtime::native::NativeModule;
use taipan_runtime::prelude::*;
use taipan_runtime::types::module;

use crate::modules::builtins::Builtins;

/// Makes builtins and sys, then the library's importlib if everything that it needs is there.
pub fn set_up(cx: &mut Context) -> Result<()> {
    let name = cx.intern("builtins");
    let builtins = Module::with_dict(cx, name, cx.vm().builtins());
    cx.vm().modules().set_str(cx, name, builtins.value());
    module::run_def(builtins, cx, Builtins::DEF)?;
    super::loader::load(cx, "sys")?;
    // First the streams: `-v` makes importlib talk while it is installed.
    set_up_streams(cx)?;
    super::library::install_importlib(cx)
}

/// Makes `sys.stdin`, `stdout` and `stderr`, and `builtins.open`.
fn set_up_streams(cx: &mut Context) -> Result<()> {
    if super::loader::native_module("_io").is_none() {
        return Ok(());
    }
    let io = cx.import("_io")?;
    let open = cx.get_attr_str(io, "open")?;
    let name = cx.intern("open");
    cx.vm().builtins().set_str(cx, name, open);
    for (fd, name, mode, errors) in
        [(0, "stdin", "r", "strict"), (1, "stdout", "w", "strict"), (2, "stderr", "w", "backslashreplace")]
    {
        let stream = match crate::options().closed_streams[fd as usize] {
            true => Value::NONE,
            false => match stream(cx, io, open, fd, name, mode, errors) {
                Ok(stream) => stream,
                // A descriptor that cannot be used.
                Err(raised) => {
                    cx.swallow(raised, taipan_runtime::exception::os_error)?;
                    Value::NONE
                }
            },
        };
        let sys = cx.import("sys")?;
        cx.set_attr_str(sys, name, stream)?;
        cx.set_attr_str(sys, &format!("__{name}__"), stream)?;
    }
    Ok(())
}

fn stream(cx: &mut Context, io: Value, open: Value, fd: i64, name: &str, mode: &str, errors: &str) -> Result {
    let unbuffered = crate::options().unbuffered && mode == "w";
    let buffering = Value::int(if unbuffered { 0 } else { -1 });
    let binary_mode = cx.new_str(&format!("{mode}b")).value();
    let none = Value::NONE;
    let args = [Value::int(fd), binary_mode, buffering, none, none, none, Value::FALSE];
    let buffer = cx.call(open, &args)?;
    let raw = if unbuffered { buffer } else { cx.get_attr_str(buffer, "raw")? };
    let shown = cx.new_str(&format!("<{name}>")).value();
    cx.set_attr_str(raw, "name", shown)?;
    let is_terminal = cx.call_method(raw, "isatty", &[])?;
    let is_terminal = cx.truth(is_terminal)?;
    let line_buffering = Value::bool(is_terminal || name == "stderr");
    let wrapper = cx.get_attr_str(io, "TextIOWrapper")?;
    let options = crate::options();
    let encoding = options.io_encoding.as_deref().unwrap_or("utf-8");
    let errors = options.io_errors.as_deref().filter(|_| name != "stderr").unwrap_or(errors);
    let (encoding, errors) = (cx.new_str(encoding).value(), cx.new_str(errors).value());
    let newline = if mode == "r" { Value::NONE } else { cx.new_str("\n").value() };
    let args = [buffer, encoding, errors, newline, line_buffering, Value::bool(unbuffered)];
    let stream = cx.call(wrapper, &args)?;
    let mode = cx.new_str(mode).value();
    cx.set_attr_str(stream, "mode", mode)?;
    Ok(stream)
}

/// The module in which the program runs.
pub fn main_module(cx: &mut Context) -> Gc<Module> {
    let name = cx.intern("__main__");
    if let Some(module) = cx.vm().modules().get_str(cx, name).and_then(Value::downcast::<Module>) {
        return module;
    }
    let module = Module::new(cx, name, None);
    let builtins_name = cx.intern("builtins");
    if let Some(builtins) = cx.vm().modules().get_str(cx, builtins_name) {
        module.dict().set_str(cx, cx.name(id::__builtins__), builtins);
    }
    cx.vm().modules().set_str(cx, name, module.value());
    module
}

/// Puts a directory in front of `sys.path`.
pub fn prepend_path(cx: &mut Context, directory: &OsStr) -> Result<()> {
    let sys = cx.import("sys")?;
    let path = cx.get_attr_str(sys, "path")?;
    let directory = crate::path::from_os(cx, directory);
    cx.call_method(path, "insert", &[Value::int(0), directory]).map(|_| ())
}

/// Puts a directory at the end of `sys.path`.
pub fn append_path(cx: &mut Context, directory: &OsStr) -> Result<()> {
    let sys = cx.import("sys")?;
    let path = cx.get_attr_str(sys, "path")?;
    let directory = crate::path::from_os(cx, directory);
    cx.call_method(path, "append", &[directory]).map(|_| ())
}

/// A path as a str.
pub fn text_of_path(cx: &Context, path: &OsStr) -> Value {
    crate::path::from_os(cx, path)
}

/// The system's words for an error, without its number.
pub fn error_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
