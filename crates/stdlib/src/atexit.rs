//! `atexit`. CPython: `Modules/atexitmodule.c`.
//!
//! Invariant: callbacks run last in, first out, each once; the list may change while they run, or while they are
//! compared.

use taipan_runtime::GlobalList;
use taipan_runtime::prelude::*;

/// The registered callbacks, oldest first: tuples of function, its arguments (a tuple) and keywords (a dict).
static CALLBACKS: GlobalList = GlobalList::new();

/// Runs and forgets all callbacks; what they raise is reported as unraisable, what they register is forgotten too.
/// Called at exit.
pub fn run(cx: &mut Context) {
    let Some(list) = CALLBACKS.get() else { return };
    for callback in list.snapshot(cx).iter().rev() {
        let Some(callback) = callback.downcast::<Tuple>() else { continue };
        let &[function, args, kwargs] = callback.items() else { continue };
        let args: GVec<Value> =
            args.downcast::<Tuple>().iter().flat_map(|args| args.items().iter().copied()).collect();
        if let Err(raised) = cx.call_ex(function, &args, kwargs.downcast::<Dict>()) {
            cx.unraisable(raised, "Exception ignored in atexit callback", Some(function));
        }
    }
    list.clear(cx);
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
        let callback = cx.new_tuple(&[func, args.value(), kwargs.value()]);
        CALLBACKS.get_or_new(cx).push(cx, callback.value());
        Ok(func)
    }

    /// Unregister an exit function which was previously registered using
    /// atexit.register
    ///
    ///     func - function to be unregistered
    #[function("(func, /)")]
    fn unregister(cx: &mut Context, func: Value) -> Result<()> {
        let Some(list) = CALLBACKS.get() else { return Ok(()) };
        for callback in list.snapshot(cx) {
            let Some(&[function, ..]) =
                callback.downcast::<Tuple>().as_ref().map(|callback| callback.items())
            else {
                continue;
            };
            // The comparison may have changed the list, so the callback is looked for again.
            if cx.eq(func, function)?
                && let Some(index) = list.snapshot(cx).iter().position(|known| known.is(callback))
            {
                list.splice(cx, index, index + 1, &[]);
            }
        }
        Ok(())
    }

    /// Return the number of registered exit functions.
    #[function("()", name = "_ncallbacks")]
    fn ncallbacks() -> usize {
        CALLBACKS.get().map_or(0, |list| list.len())
    }

    /// Clear the list of previously registered exit functions.
    #[function("()", name = "_clear")]
    fn clear(cx: &mut Context) {
        if let Some(list) = CALLBACKS.get() {
            list.clear(cx);
        }
    }

    /// Run all registered exit functions.
    ///
    /// If a callback raises an exception, it is logged with sys.unraisablehook.
    #[function("()", name = "_run_exitfuncs")]
    fn run_exitfuncs(cx: &mut Context) {
        run(cx);
    }
}
