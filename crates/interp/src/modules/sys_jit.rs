//! `sys._jit`: what can be asked about compilation to machine code. CPython: `Python/sysmodule.c`.

use taipan_macros::module;
use taipan_runtime::prelude::*;

/// The module.
pub struct Jit;

#[module("_jit")]
impl Jit {
    /// Return True if the current Python executable supports JIT compilation, and False otherwise.
    #[function("()")]
    fn is_available() -> bool {
        false
    }

    /// Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise.
    #[function("()")]
    fn is_enabled() -> bool {
        false
    }

    /// Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise.
    #[function("()")]
    fn is_active() -> bool {
        false
    }
}

/// The module object.
pub(super) fn module(cx: &mut Context) -> Result {
    let doc = Jit::DEF.doc.map(|doc| cx.new_str(doc).value());
    let module = Module::new(cx, cx.intern("_jit"), doc);
    taipan_runtime::types::module::run_def(module, cx, Jit::DEF)?;
    Ok(module.value())
}
