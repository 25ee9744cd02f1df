//! What is left to do when the program has ended. CPython: `Py_FinalizeEx` in `Python/pylifecycle.c`.
//! Invariant: a finalizer that runs here finds the globals of its module as they were.

use std::collections::HashSet;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use taipan_interp::{import, report};
use taipan_runtime::prelude::*;

/// What awaited its finalizer when the program began: the standard streams.
static AT_FIRST: OnceLock<Vec<usize>> = OnceLock::new();

/// Could one of the standard streams not be flushed?
static FLUSH_FAILED: AtomicBool = AtomicBool::new(false);

/// How often is collected, while that finds more finalizers: one that refers to others runs before theirs.
const ROUNDS: usize = 16;

/// Called when the program begins.
pub fn begin(cx: &Context) {
    let _ = AT_FIRST.set(cx.heap().awaiting_finalizers());
}

/// Waits for threads, runs what was registered, finalizes objects, flushes files. False if output was lost.
pub fn finish(cx: &mut Context) -> Result<bool> {
    let modules = cx.vm().modules();
    let threading = cx.intern("threading");
    if let Some(threading) = modules.get_str(cx, threading) {
        cx.call_method(threading, "_shutdown", &[])?;
    }
    let atexit = cx.intern("atexit");
    if let Some(atexit) = modules.get_str(cx, atexit) {
        cx.call_method(atexit, "_run_exitfuncs", &[])?;
    }
    report::set_finalizing();
    finalize(cx)?;
    taipan_runtime::finalize::flush_writers(cx);
    flush_streams(cx)?;
    let _ = std::io::stdout().flush();
    report_collections();
    Ok(!FLUSH_FAILED.load(Ordering::Relaxed))
}

/// Runs the finalizers of what only the program's own modules refer to, and of what nothing refers to. CPython:
/// `finalize_modules`, which takes all modules apart.
fn finalize(cx: &mut Context) -> Result<()> {
    let known = AT_FIRST.get().map_or(&[][..], Vec::as_slice);
    let mut awaiting = cx.heap().awaiting_finalizers().into_iter();
    if awaiting.all(|object| known.contains(&object)) && !taipan_gc::has_finalizable() {
        return Ok(());
    }
    flush_streams(cx)?;
    if !other_threads_run(cx)? {
        forget_program(cx)?;
        taipan_gc::scrub_stack();
    }
    for _ in 0..ROUNDS {
        taipan_gc::collect(cx.thread(), cx.heap());
        let more = taipan_gc::has_finalizable();
        taipan_runtime::finalize::run_finalizers(cx);
        if !more {
            break;
        }
    }
    Ok(())
}

/// Threads that nobody waits for go on until the process ends, and may need any module.
fn other_threads_run(cx: &mut Context) -> Result<bool> {
    let thread = cx.intern("_thread");
    match cx.vm().modules().get_str(cx, thread) {
        Some(thread) => {
            let count = cx.call_method(thread, "_count", &[])?;
            cx.truth(count)
        }
        None => Ok(false),
    }
}

/// Takes from `sys` what may refer to objects of the program: its modules, streams of its own, its last exception. In a
/// frame of its own, of which nothing is left to keep them alive.
#[inline(never)]
fn forget_program(cx: &mut Context) -> Result<()> {
    let modules = cx.vm().modules();
    let names: HashSet<&str> = import::library_names().into_iter().collect();
    for (key, _) in modules.entries(cx) {
        let own = key.downcast::<Str>().is_some_and(|name| {
            let name = name.to_str();
            !names.contains(name.split('.').next().unwrap_or_default())
        });
        if own && let Some(name) = key.downcast::<Str>() {
            modules.remove_str(cx, name);
        }
    }
    let sys = cx.import("sys")?;
    for name in ["last_exc", "last_type", "last_value", "last_traceback"] {
        if cx.lookup_attr_str(sys, name)?.is_some() {
            cx.set_attr_str(sys, name, Value::NONE)?;
        }
    }
    for name in ["stdin", "stdout", "stderr"] {
        if let Some(stream) = cx.lookup_attr_str(sys, &format!("__{name}__"))? {
            cx.set_attr_str(sys, name, stream)?;
        }
    }
    Ok(())
}

/// Has the program closed the stream itself? CPython: `file_is_closed`.
fn is_closed(cx: &mut Context, stream: Value) -> Result<bool> {
    match cx.lookup_attr_str(stream, "closed")? {
        Some(closed) => cx.truth(closed),
        None => Ok(false),
    }
}

/// CPython: `flush_std_files`. A stream that cannot be flushed is told about once.
fn flush_streams(cx: &mut Context) -> Result<()> {
    if FLUSH_FAILED.load(Ordering::Relaxed) {
        return Ok(());
    }
    let sys = cx.intern("sys");
    let Some(sys) = cx.vm().modules().get_str(cx, sys) else { return Ok(()) };
    for name in ["stdout", "stderr"] {
        if let Some(stream) = cx.lookup_attr_str(sys, name)?
            && !stream.is_none()
            && !is_closed(cx, stream)?
            && let Err(raised) = cx.call_method(stream, "flush", &[])
        {
            FLUSH_FAILED.store(true, Ordering::Relaxed);
            match name {
                "stdout" => cx.unraisable(raised, "Exception ignored while flushing sys.stdout", None),
                _ => drop(cx.take_exception(raised)),
            }
        }
    }
    Ok(())
}

/// `-X gcstats`.
fn report_collections() {
    if taipan_interp::options().x_options.iter().any(|option| option == "gcstats") {
        let stats = taipan_gc::stats();
        eprintln!(
            "gc: {} collections, {} KB live, {} KB allocated, pauses {} us in all, {} us at most",
            stats.collections,
            stats.live_bytes / 1024,
            stats.allocated_bytes / 1024,
            stats.pause_ns_total / 1000,
            stats.pause_ns_max / 1000
        );
    }
}
