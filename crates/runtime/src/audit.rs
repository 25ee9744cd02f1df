//! Audit hooks (PEP 578). CPython: `sys_audit_tstate` in `Python/sysmodule.c`.
//!
//! Invariant: without hooks an event costs one relaxed load, and its arguments are not made; hooks are never taken away.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_gc::Marker;

use crate::layout::Trace;
use crate::prelude::*;

/// Is there a hook?
static LISTENS: AtomicBool = AtomicBool::new(false);
/// No object: hooks are not to be found by looking through the heap.
static HOOKS: Guarded<GVec<Value>> = Guarded::new(GVec::new());

impl Context {
    /// Tells the hooks what is about to happen; an exception that one of them raises prevents it. `args` is asked only if
    /// somebody listens.
    #[inline(always)]
    pub fn audit<A: AsRef<[Value]>>(
        &mut self,
        event: &str,
        args: impl FnOnce(&mut Context) -> A,
    ) -> Result<()> {
        match listens() {
            true => audit_slow(self, event, args),
            false => Ok(()),
        }
    }

    /// Adds a hook, unless one of those before raises an exception. CPython: `sys_addaudithook_impl`.
    pub fn add_audit_hook(&mut self, hook: Value) -> Result<()> {
        if let Err(raised) = self.audit("sys.addaudithook", |_| []) {
            return self.swallow(raised, crate::exception::exception).map(drop);
        }
        HOOKS.lock(self).push(hook);
        LISTENS.store(true, Ordering::Release);
        Ok(())
    }
}

/// Is there a hook?
#[inline(always)]
pub fn listens() -> bool {
    LISTENS.load(Ordering::Relaxed)
}

#[cold]
#[inline(never)]
fn audit_slow<A: AsRef<[Value]>>(
    cx: &mut Context,
    event: &str,
    args: impl FnOnce(&mut Context) -> A,
) -> Result<()> {
    let args = args(cx);
    let args = cx.new_tuple(args.as_ref());
    let event = cx.intern(event);
    run_hooks(cx, event, args)
}

/// Calls all hooks, which are not traced unless they ask for it.
pub fn run_hooks(cx: &mut Context, event: Gc<Str>, args: Gc<Tuple>) -> Result<()> {
    let hooks = GVec::from_slice(&HOOKS.lock(cx));
    let untraced = cx.locals.reporting.get() + 1;
    cx.locals.reporting.set(untraced);
    let result = hooks.iter().try_for_each(|hook| {
        if is_traced(cx, *hook)? {
            cx.locals.reporting.set(untraced - 1);
        }
        let result = cx.call(*hook, &[event.value(), args.value()]);
        cx.locals.reporting.set(untraced);
        result.map(drop)
    });
    cx.locals.reporting.set(untraced - 1);
    result
}

/// `__cantrace__`.
fn is_traced(cx: &mut Context, hook: Value) -> Result<bool> {
    match cx.lookup_attr_str(hook, "__cantrace__")? {
        Some(answer) => cx.truth(answer),
        None => Ok(false),
    }
}

/// Keeps the hooks alive.
pub(crate) fn trace_roots(marker: &mut Marker) {
    HOOKS.trace(marker);
}
