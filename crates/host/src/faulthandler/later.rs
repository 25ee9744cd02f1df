//! `dump_traceback_later`: a watchdog. CPython: `faulthandler_thread` in `Modules/faulthandler.c`.
//!
//! Invariant: the watchdog joins the machine only to make a report, so that it costs the program nothing before; whoever
//! takes it out of `RUNNING` waits for its end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use taipan_runtime::parking;
use taipan_runtime::prelude::*;

use super::dump::{self, Shown, WATCHDOG};
use crate::sys::{self, signal};

/// The watchdog's native stack.
const STACK: usize = 512 << 10;
/// What of it is for natives that do not check.
const MARGIN: usize = 128 << 10;

/// What to do when.
pub(super) struct Plan {
    pub(super) fd: i32,
    pub(super) timeout: Duration,
    pub(super) heading: String,
    pub(super) repeat: bool,
    pub(super) exit: bool,
}

struct Watchdog {
    /// 1 when it is to end.
    cancelled: Arc<AtomicU32>,
    thread: JoinHandle<()>,
}

/// Held only for a moment, by threads that run.
static RUNNING: Mutex<Option<Watchdog>> = Mutex::new(None);

fn running() -> MutexGuard<'static, Option<Watchdog>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the watchdog anew. False if there can be no more threads.
pub(super) fn start(cx: &mut Context, plan: Plan) -> bool {
    cancel(cx);
    let cancelled = Arc::new(AtomicU32::new(0));
    let word = cancelled.clone();
    // Signals are for others: the new thread inherits what is blocked here.
    let before = signal::mask(libc::SIG_SETMASK, !0);
    let spawned = std::thread::Builder::new().stack_size(STACK).spawn(move || watch(&plan, &word));
    if let Ok(before) = before {
        let _ = signal::mask(libc::SIG_SETMASK, before);
    }
    let Ok(thread) = spawned else { return false };
    let other = running().replace(Watchdog { cancelled, thread });
    // Another thread has started one meanwhile.
    end(cx, other);
    true
}

/// Ends the watchdog, if there is one.
pub(super) fn cancel(cx: &mut Context) {
    let watchdog = running().take();
    end(cx, watchdog);
}

fn end(cx: &mut Context, watchdog: Option<Watchdog>) {
    let Some(watchdog) = watchdog else { return };
    watchdog.cancelled.store(1, Ordering::Release);
    parking::wake(&watchdog.cancelled);
    cx.blocking(|| drop(watchdog.thread.join()));
}

/// In a forked child, which has no watchdog.
pub(super) fn after_fork() {
    WATCHDOG.store(0, Ordering::Relaxed);
    // Nobody may wait for the thread, or let go of it: it is not there.
    std::mem::forget(running().take());
}

/// The watchdog's life.
fn watch(plan: &Plan, cancelled: &AtomicU32) {
    loop {
        let Some(deadline) = Instant::now().checked_add(plan.timeout) else { return };
        while Instant::now() < deadline {
            if cancelled.load(Ordering::Acquire) != 0 {
                return;
            }
            parking::wait(cancelled, 0, Some(deadline));
        }
        if cancelled.load(Ordering::Acquire) != 0 {
            return;
        }
        report(plan);
        if plan.exit {
            sys::exit_now(1);
        }
        if !plan.repeat {
            return;
        }
    }
}

fn report(plan: &Plan) {
    let mut cx = Context::attach(1, STACK - MARGIN);
    WATCHDOG.store(cx.thread().id(), Ordering::Relaxed);
    dump::write(&mut cx, plan.fd, &plan.heading, Shown::All(None));
    drop(cx);
    WATCHDOG.store(0, Ordering::Relaxed);
}
