//! `_decimal`: decimal numbers. CPython: `Modules/_decimal/_decimal.c`.
//!
//! `object` is the number on the heap, `number` its class; `context` is the context on the heap, `settings` reads what it
//! is made of, `methods` holds its class. The arithmetic is `taipan_num`'s. Invariant: a number never changes; what a
//! context holds are atomics, so threads that share one lose no flag.

mod compare;
mod context;
mod convert;
mod current;
mod format;
mod manager;
mod methods;
mod number;
mod object;
mod operators;
mod quick;
mod signal_dict;
mod signals;
mod state;

use taipan_num::decimal::{Context as Settings, MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY};
use taipan_runtime::prelude::*;

use context::ContextObject;
use manager::ContextManager;
use object::DecimalObject;

/// The largest interchange format that `IEEEContext` knows.
const IEEE_CONTEXT_MAX_BITS: i64 = 512;

pub struct DecimalModule;

/// C decimal arithmetic module
#[module("_decimal", classes(DecimalObject, ContextObject))]
impl DecimalModule {
    #[constant("MAX_PREC")]
    const PREC: i64 = MAX_PREC;
    #[constant("MAX_EMAX")]
    const EMAX: i64 = MAX_EMAX;
    #[constant("MIN_EMIN")]
    const EMIN: i64 = MIN_EMIN;
    #[constant("MIN_ETINY")]
    const ETINY: i64 = MIN_ETINY;
    #[constant("IEEE_CONTEXT_MAX_BITS")]
    const BITS: i64 = IEEE_CONTEXT_MAX_BITS;
    #[constant]
    const HAVE_THREADS: bool = true;
    #[constant]
    const HAVE_CONTEXTVAR: bool = true;
    #[constant("__version__")]
    const VERSION: &'static str = "1.70";
    #[constant("__libmpdec_version__")]
    const LIBMPDEC_VERSION: &'static str = "2.5.1";

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        state::fill(cx, module)
    }

    /// Get the current default context.
    #[function("()")]
    fn getcontext(cx: &mut Context) -> Result<Gc<ContextObject>> {
        current::context(cx)
    }

    /// Set a new default context.
    #[function("(context, /)")]
    fn setcontext(cx: &mut Context, context: Value) -> Result<()> {
        let Some(context) = context.downcast::<ContextObject>() else {
            return Err(cx.type_error("argument must be a context"));
        };
        current::set(cx, context)
    }

    /// Return a context manager that will set the default context to a copy of ctx
    /// on entry to the with-statement and restore the previous default context when
    /// exiting the with-statement. If no context is supplied, a copy of the current
    /// default context is used.
    #[function(
        "(ctx=None, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
        text = "(ctx=None, **kwargs)",
        unnamed
    )]
    fn localcontext(
        cx: &mut Context,
        ctx: Value,
        prec: Value,
        rounding: Value,
        Emin: Value,
        Emax: Value,
        capitals: Value,
        clamp: Value,
        flags: Value,
        traps: Value,
    ) -> Result<Gc<ContextManager>> {
        let given = [prec, rounding, Emin, Emax, capitals, clamp, flags, traps];
        ContextManager::make(cx, ctx, given)
    }

    /// Return a context object initialized to the proper values for one of the
    /// IEEE interchange formats.  The argument must be a multiple of 32 and less
    /// than IEEE_CONTEXT_MAX_BITS.
    #[function("(bits, /)")]
    fn IEEEContext(cx: &mut Context, bits: Value) -> Result<Gc<ContextObject>> {
        let bits = convert::ssize(cx, bits)?;
        if bits <= 0 || bits > IEEE_CONTEXT_MAX_BITS || bits % 32 != 0 {
            return Err(cx.value_error(format!(
                "argument must be a multiple of 32, with a maximum of {IEEE_CONTEXT_MAX_BITS}"
            )));
        }
        let emax = 3 * (1i64 << (bits / 16 + 3));
        let settings =
            Settings { prec: 9 * bits / 32 - 2, emax, emin: 1 - emax, clamp: true, ..context::DEFAULT };
        Ok(ContextObject::new(cx, ContextObject::body(settings, true, 0)))
    }
}
