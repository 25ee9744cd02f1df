//! Reports of threads that stand still: those that a program asks for, and those of the watchdog.
//!
//! Invariant: a report is made while the world is stopped and written when it runs again, so that whoever reads it may be
//! one of its threads.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::Thread;
use taipan_runtime::prelude::*;
use taipan_runtime::vm::each_context;

use super::text::{self, Sink};
use crate::sys::fault;

/// Threads that are shown.
const MOST_THREADS: usize = 100;

/// `Thread::id` of the watchdog while it makes a report; 0 otherwise.
pub(super) static WATCHDOG: AtomicU64 = AtomicU64::new(0);

/// Which threads a report shows.
#[derive(Clone, Copy)]
pub(super) enum Shown {
    /// All of them; this one, if any, is the current one.
    All(Option<&'static Thread>),
    One(&'static Thread),
}

/// Writes a report, with the mutator's lock on nothing.
pub(super) fn write(cx: &mut Context, fd: i32, heading: &str, shown: Shown) {
    let mut out = heading.as_bytes().to_vec();
    match shown {
        Shown::One(thread) => each_context(cx, |other| {
            if std::ptr::eq(other.thread(), thread) {
                text::own_stack(other, &mut out);
            }
        }),
        Shown::All(current) => all_threads(cx, current, &mut out),
    }
    cx.blocking(|| fault::write_all(fd, &out));
}

/// CPython: `_Py_DumpTracebackThreads`.
fn all_threads(cx: &Context, current: Option<&'static Thread>, out: &mut Vec<u8>) {
    let watchdog = WATCHDOG.load(Ordering::Relaxed);
    let mut stacks = Vec::new();
    each_context(cx, |other| {
        let id = other.thread().id();
        if id == watchdog {
            return;
        }
        let is_current = current.is_some_and(|current| std::ptr::eq(current, other.thread()));
        let mut stack = Vec::new();
        heading(other, is_current, &mut stack);
        if is_current && other.locals.finalizing.get() {
            stack.put(b"  Garbage-collecting\n");
        }
        text::stack(other, &mut stack);
        stacks.push((id, stack));
    });
    // The newest first.
    stacks.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    for (index, (_, stack)) in stacks.iter().take(MOST_THREADS + 1).enumerate() {
        if index > 0 {
            out.put(b"\n");
        }
        out.put(if index < MOST_THREADS { stack } else { b"...\n" });
    }
}

/// CPython: `write_thread_id`.
fn heading(cx: &Context, is_current: bool, out: &mut Vec<u8>) {
    out.put(if is_current { b"Current thread 0x" } else { b"Thread 0x" });
    text::hexadecimal(out, cx.ident(), 16);
    let name = fault::thread_name(cx.ident());
    if !name.is_empty() {
        out.put(b" [");
        out.put(&name);
        out.put(b"]");
    }
    out.put(b" (most recent call first):\n");
}
