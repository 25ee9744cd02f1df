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
    super::library::install_importlib(cx)
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
