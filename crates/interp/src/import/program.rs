//! The text of a program that has no file, for the lines of tracebacks. CPython: `run_mod` in `Python/pythonrun.c`.
//! Invariant: `linecache` knows the text from its first moment on, and is not imported for it.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::prelude::*;

use crate::types::code::Code;

/// The arguments of `linecache._register_code`, a tuple. A root.
static PROGRAM: AtomicU64 = AtomicU64::new(0);

/// Keeps the text of the program for `linecache`.
pub fn set(cx: &mut Context, code: Gc<Code>, text: &str, name: &str) -> Result<()> {
    let (text, name) = (cx.new_str(text).value(), cx.new_str(name).value());
    // A copy: the code that runs refers to the program's globals, which this must not keep alive.
    let code = Code::new(cx, code.shared());
    let program = cx.new_tuple(&[code.value(), text, name]);
    if PROGRAM.swap(program.value().bits(), Ordering::Relaxed) == 0 {
        taipan_gc::add_root(&PROGRAM);
    }
    let linecache = cx.intern("linecache");
    match cx.vm().modules().get_str(cx, linecache) {
        Some(linecache) => cx.call_method(linecache, "_register_code", program.items()).map(|_| ()),
        None => Ok(()),
    }
}

/// Passes it on.
pub(crate) fn register_with(cx: &mut Context, register: Value) -> Result<()> {
    match Value::from_bits(PROGRAM.load(Ordering::Relaxed)).and_then(Value::downcast::<Tuple>) {
        Some(program) => cx.call(register, program.items()).map(|_| ()),
        None => Ok(()),
    }
}
