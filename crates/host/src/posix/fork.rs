//! Forking: what happens before, and after in parent and child. CPython: `PyOS_BeforeFork` and its like.
//!
//! Invariant: at the fork the world stands still and every lock that a thread may hold outside it is held by the
//! forking thread, so that the child finds none locked.

use std::io;

use taipan_runtime::prelude::*;
use taipan_runtime::{GlobalList, after_fork_child, before_fork, exception, finalize, parking};

use crate::io::long_lock;
use crate::{faulthandler, signal, sys, thread};

/// The three lists of `register_at_fork`.
static BEFORE: GlobalList = GlobalList::new();
static IN_CHILD: GlobalList = GlobalList::new();
static IN_PARENT: GlobalList = GlobalList::new();

/// `os.register_at_fork`.
pub(super) fn register(
    cx: &mut Context,
    before: Option<Value>,
    in_child: Option<Value>,
    in_parent: Option<Value>,
) -> Result<()> {
    if before.is_none() && in_child.is_none() && in_parent.is_none() {
        return Err(cx.type_error("At least one argument is required."));
    }
    let rows = [("before", before), ("after_in_child", in_child), ("after_in_parent", in_parent)];
    for (name, hook) in rows {
        if let Some(hook) = hook
            && !cx.is_callable(hook)
        {
            let got = cx.type_name(hook);
            return Err(cx.type_error(format!("'{name}' must be callable, not {got}")));
        }
    }
    for (hooks, hook) in [(&BEFORE, before), (&IN_CHILD, in_child), (&IN_PARENT, in_parent)] {
        if let Some(hook) = hook {
            hooks.get_or_new(cx).push(cx, hook);
        }
    }
    Ok(())
}

fn run_hooks(cx: &mut Context, hooks: &GlobalList, backwards: bool) {
    let Some(list) = hooks.get() else { return };
    let hooks = list.snapshot(cx);
    for index in 0..hooks.len() {
        let hook = hooks[if backwards { hooks.len() - 1 - index } else { index }];
        if let Err(raised) = cx.call(hook, &[]) {
            cx.unraisable(raised, "Exception ignored in atfork callback", Some(hook));
        }
    }
}

/// The lock that every import takes, through the module that owns it.
fn import_lock(cx: &mut Context, method: &str) {
    let done = cx.import("_imp").and_then(|module| cx.call_method(module, method, &[]));
    if let Err(raised) = done {
        cx.take_exception(raised);
    }
}

/// Runs `f`, which forks and tells the child's number (0 in the child), with everything around it. `hooks`: whether
/// Python's own hooks run.
pub(crate) fn around<T>(
    cx: &mut Context,
    hooks: bool,
    f: impl FnOnce() -> io::Result<T>,
    is_child: impl FnOnce(&T) -> bool,
) -> io::Result<T> {
    finalize::flush_writers(cx);
    if hooks {
        run_hooks(cx, &BEFORE, true);
    }
    import_lock(cx, "acquire_lock");
    let thread = cx.thread();
    let guard = before_fork(thread);
    let parked = parking::hold_all();
    let waiting = long_lock::hold();
    let result = f();
    let child = result.as_ref().is_ok_and(is_child);
    if child {
        after_fork_child(guard);
    } else {
        drop(guard);
    }
    drop(waiting);
    parked.release();
    if child {
        long_lock::after_fork(thread.id());
        thread::after_fork();
        signal::after_fork(cx);
        faulthandler::after_fork();
    }
    import_lock(cx, "release_lock");
    if hooks {
        run_hooks(cx, if child { &IN_CHILD } else { &IN_PARENT }, false);
    }
    result
}

/// Warns the parent about other threads, whose locks the child may find held.
fn warn_about_threads(cx: &mut Context, name: &str) -> Result<()> {
    let others = thread::running() > usize::from(!thread::is_main_thread());
    if !others {
        return Ok(());
    }
    let pid = sys::getpid();
    let text = format!(
        "This process (pid={pid}) is multi-threaded, use of {name}() may lead to deadlocks in the child."
    );
    cx.warn(exception::deprecation_warning, &text, 1)
}

/// `os.fork`.
pub(super) fn fork(cx: &mut Context) -> Result<i32> {
    cx.audit("os.fork", |_| [])?;
    match around(cx, true, sys::process::fork, |pid| *pid == 0) {
        Ok(0) => Ok(0),
        Ok(pid) => warn_about_threads(cx, "fork").map(|()| pid),
        Err(error) => Err(cx.io_error(&error, None)),
    }
}

/// `os.forkpty`.
pub(super) fn forkpty(cx: &mut Context) -> Result<(i32, i32)> {
    cx.audit("os.forkpty", |_| [])?;
    match around(cx, true, sys::process::forkpty, |(pid, _)| *pid == 0) {
        Ok((0, fd)) => Ok((0, fd)),
        Ok(both) => warn_about_threads(cx, "forkpty").map(|()| both),
        Err(error) => Err(cx.io_error(&error, None)),
    }
}
