//! `_warnings`: warnings for code that runs before the library's `warnings` can be imported.
//! CPython: `Python/_warnings.c`; here the library's own implementation does the work.
//! Invariant: it has only the two functions, so that `warnings` keeps its own ones.

use taipan_macros::module;
use taipan_runtime::prelude::*;

/// The module.
pub struct Warnings;

fn forward(cx: &mut Context, function: &str, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
    let warnings = cx.import("warnings")?;
    let function = cx.get_attr_str(warnings, function)?;
    cx.call_ex(function, args.items(), Some(kwargs))
}

/// Issue warnings through the library's warnings module.
#[module("_warnings")]
impl Warnings {
    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function("(*args, **kwargs)")]
    fn warn(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        forward(cx, "warn", args, kwargs)
    }

    /// Issue a warning for a place that is given.
    #[function("(*args, **kwargs)")]
    fn warn_explicit(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        forward(cx, "warn_explicit", args, kwargs)
    }
}
