//! The interpreter: runs compiled code, and the types, modules and imports that belong to running code.
//! Invariant: nothing here touches the operating system except to read source files; that is the host's.

pub mod call;
pub mod compile;
pub mod hooks;
pub mod import;
pub mod modules;
pub mod types;

mod bind;
mod cache;
mod constant;
mod construct;
mod dispatch;
mod frame;
mod generator;
mod intrinsic;
mod memory;
mod names;
mod ops;
mod options;
mod path;
mod replace;
pub mod report;
mod specialize;
mod stacks;
mod temporaries;
mod trace;
mod tree;
mod unwind;

/// `id(object)`: the address of a cell, and for immediates a number that no cell has.
pub(crate) fn identity(cx: &taipan_runtime::Context, value: taipan_runtime::Value) -> taipan_runtime::Value {
    match taipan_runtime::Value::small_int(value.bits() as i64) {
        Some(number) if value.bits() >> 63 == 0 => number,
        _ => cx.new_int_i128(value.bits() as i128),
    }
}

/// Tells audit hooks that an attribute is read, and `audit_write` that it is set or deleted: those through which code
/// could be looked into or changed.
pub(crate) fn audit_read(
    cx: &mut taipan_runtime::Context,
    object: taipan_runtime::Value,
    name: &str,
) -> taipan_runtime::Result<()> {
    cx.audit("object.__getattr__", |cx| [object, cx.intern(name).value()])
}

/// Setting to None counts as deleting.
pub(crate) fn audit_write(
    cx: &mut taipan_runtime::Context,
    object: taipan_runtime::Value,
    name: &str,
    value: Option<taipan_runtime::Value>,
) -> taipan_runtime::Result<()> {
    match value {
        Some(value) => cx.audit("object.__setattr__", |cx| [object, cx.intern(name).value(), value]),
        None => cx.audit("object.__delattr__", |cx| [object, cx.intern(name).value()]),
    }
}

pub use options::{Options, options, set_options, specialize};
