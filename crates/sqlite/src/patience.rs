//! Locks that garbage holds. A cursor that was dropped, or a connection, keeps a lock of a file until it is collected; with
//! reference counts it is gone at once, and programs rely on that.
//!
//! Invariant: SQLite waits for a lock, or reports it, only after garbage has been given up.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use taipan_runtime::prelude::*;

use crate::sys::{self, Entry, Native, code};

/// Results that may say that something is locked.
pub(crate) trait Answer {
    fn result_code(&self) -> i32;
}

impl Answer for i32 {
    fn result_code(&self) -> i32 {
        *self
    }
}

impl<T> Answer for std::result::Result<T, i32> {
    fn result_code(&self) -> i32 {
        self.as_ref().err().copied().unwrap_or(code::OK)
    }
}

fn is_locked(answer: &impl Answer) -> bool {
    matches!(answer.result_code() & 0xff, code::BUSY | code::LOCKED)
}

/// The last collection for a lock: when it ended, how long it took, and what had been begun by then.
#[derive(Clone, Copy)]
struct Last {
    end: Instant,
    took: Duration,
    begun: u64,
}

static LAST: Mutex<Option<Last>> = Mutex::new(None);

/// Collects. Not when that has been done just now and nothing has been begun since: a program that asks again and again is
/// not to spend its time on that.
#[inline(never)]
fn collect(cx: &mut Context) -> Result<bool> {
    let (start, begun) = (Instant::now(), sys::begun());
    let last = *LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if last.is_some_and(|last| last.begun == begun && start.duration_since(last.end) < last.took * 20) {
        return Ok(false);
    }
    // The module's own function also forgets the results of calls that nobody has taken.
    let gc = cx.import("gc")?;
    cx.call_method(gc, "collect", &[])?;
    sys::bury_all(cx);
    let last = Last { end: Instant::now(), took: start.elapsed(), begun };
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    Ok(true)
}

/// To be called before what may find something locked, far from it: stale references in what will be the frames in between
/// would keep the garbage alive.
#[inline(never)]
pub(crate) fn prepare(cx: &Context) {
    if sys::crowded() {
        cx.scrub_stack();
    }
}

/// Runs `f`, a call that may find something locked. Where garbage may hold the lock, the call is made without waiting at
/// first, and again when garbage has been collected.
pub(crate) fn wait<A: Answer>(
    cx: &mut Context,
    entry: &Entry<'_>,
    f: impl Fn(&Native<'_>) -> A,
) -> Result<A> {
    if !sys::crowded() {
        return Ok(entry.native(cx, &f));
    }
    let answer = entry.native(cx, |native| native.without_waiting(|| f(native)));
    if !is_locked(&answer) {
        return Ok(answer);
    }
    collect(cx)?;
    Ok(entry.native(cx, f))
}

/// The same for what fails while other statements of the connection run: changing the journal, VACUUM, DETACH.
pub(crate) fn wait_alone(cx: &mut Context, entry: &Entry<'_>, f: impl Fn(&Native<'_>) -> i32) -> Result<i32> {
    let result = wait(cx, entry, &f)?;
    if result & 0xff == code::ERROR && sys::crowded() && collect(cx)? {
        return Ok(entry.native(cx, f));
    }
    Ok(result)
}

/// Gives up garbage that is in the way of what has failed with `result`; false if that has been done just now.
pub(crate) fn make_room(cx: &mut Context, result: i32) -> Result<bool> {
    if is_locked(&result) && sys::crowded() { collect(cx) } else { Ok(false) }
}
