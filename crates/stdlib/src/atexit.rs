//! `atexit`. CPython: `Modules/atexitmodule.c`.
//!
//! Invariant: callbacks run last in, first out, each once; the list may change while they run.

use std::sync::{Mutex, MutexGuard, PoisonError};

use taipan_runtime::Marker;
use taipan_runtime::prelude::*;

/// One registered call: bits of the function, its arguments (a tuple) and keywords (a dict or 0).
#[derive(Clone, Copy)]
struct Callback {
    function: u64,
    args: u64,
    kwargs: u64,
}

static CALLBACKS: Mutex<Vec<Callback>> = Mutex::new(Vec::new());

fn callbacks() -> MutexGuard<'static, Vec<Callback>> {
    CALLBACKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the registered callbacks alive.
fn trace(marker: &mut Marker) {
    for callback in callbacks().iter() {
        marker.value(callback.function);
        marker.value(callback.args);
        marker.value(callback.kwargs);
    }
}

/// Runs and forgets all callbacks; what they raise is reported as unraisable. Called at exit.
pub fn run(cx: &mut Context) {
    loop {
        let Some(callback) = callbacks().pop() else { return };
        let Some(function) = Value::from_bits(callback.function) else { continue };
        let args = Value::from_bits(callback.args).and_then(|args| args.downcast::<Tuple>());
        let kwargs = Value::from_bits(callback.kwargs).and_then(|kwargs| kwargs.downcast::<Dict>());
        let args: GVec<Value> = args.iter().flat_map(|args| args.items().iter().copied()).collect();
        if let Err(raised) = cx.call_ex(function, &args, kwargs) {
            cx.unraisable(raised, "Exception ignored in atexit callback", Some(function));
        }
    }
}

/// The module.
pub struct Atexit;

/// allow programmer to define multiple exit functions to be executed
/// upon normal program termination.
///
/// Two public functions, register and unregister, are defined.
#[module("atexit")]
impl Atexit {
    /// Register a function to be executed upon normal program termination
    ///
    ///     func - function to be called at exit
    ///     args - optional arguments to pass to func
    ///     kwargs - optional keyword arguments to pass to func
    ///
    ///     func is returned to facilitate usage as a decorator.
    #[function("(func=<absent>, /, *args, **kwargs)")]
    fn register(cx: &mut Context, func: Option<Value>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        let Some(func) = func else {
            return Err(cx.type_error("register() takes at least 1 argument (0 given)"));
        };
        if !cx.is_callable(func) {
            return Err(cx.type_error("the first argument must be callable"));
        }
        let kwargs = if kwargs.is_empty() { 0 } else { kwargs.value().bits() };
        callbacks().push(Callback { function: func.bits(), args: args.value().bits(), kwargs });
        Ok(func)
    }

    /// Unregister an exit function which was previously registered using
    /// atexit.register
    ///
    ///     func - function to be unregistered
    #[function("(func, /)")]
    fn unregister(cx: &mut Context, func: Value) -> Result<()> {
        let known: GVec<Value> =
            callbacks().iter().filter_map(|known| Value::from_bits(known.function)).collect();
        for known in known.iter() {
            if cx.eq(*known, func)? {
                callbacks().retain(|callback| callback.function != known.bits());
            }
        }
        Ok(())
    }

    /// Return the number of registered exit functions.
    #[function("()", name = "_ncallbacks")]
    fn ncallbacks() -> usize {
        callbacks().len()
    }

    /// Clear the list of previously registered exit functions.
    #[function("()", name = "_clear")]
    fn clear() {
        callbacks().clear();
    }

    /// Run all registered exit functions.
    ///
    /// If a callback raises an exception, it is logged with sys.unraisablehook.
    #[function("()", name = "_run_exitfuncs")]
    fn run_exitfuncs(cx: &mut Context) {
        run(cx);
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let _ = module;
        cx.vm().add_tracer(trace);
        Ok(())
    }
}
