//! The library's modules, compiled into the program, and its importlib.

use taipan_runtime::prelude::*;

use crate::types::code::Code;

/// Code of a library module, and whether it is a package.
pub(super) fn frozen(cx: &mut Context, name: &str) -> Option<(Gc<Code>, bool)> {
    let _ = (cx, name);
    None
}

/// The library's importlib, once it is set up.
pub(super) fn importlib(cx: &Context) -> Option<Value> {
    let name = cx.intern("_frozen_importlib");
    cx.vm().modules().get_str(cx, name)
}
