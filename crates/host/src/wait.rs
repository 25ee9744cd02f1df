//! Waiting: system calls that may take long, and words that other threads change.
//!
//! Invariant: whoever waits here does so in state NATIVE, so that others may collect; signal handlers run on the
//! main thread while it waits, and a call that a signal interrupted is made again (PEP 475).

use std::io;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use taipan_runtime::parking;
use taipan_runtime::prelude::*;

/// How often the main thread looks for signals while it waits for a word: no signal wakes it there.
const SLICE: Duration = Duration::from_millis(20);

/// What an open descriptor counts for when the next collection is due, in bytes: there are few of them.
pub(crate) const DESCRIPTOR_WEIGHT: isize = 64 << 10;

/// Runs a system call without the heap, again after each EINTR. When descriptors have run out, those of files and sockets
/// that nobody refers to are given back first: elsewhere reference counts would have closed them.
pub(crate) fn retry<T>(cx: &mut Context, mut call: impl FnMut() -> io::Result<T>) -> Result<io::Result<T>> {
    let mut collected = false;
    loop {
        match cx.blocking(&mut call) {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => cx.poll()?,
            Err(error) if !collected && matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) => {
                collected = true;
                cx.collect_garbage()?;
            }
            result => return Ok(result),
        }
    }
}

/// `retry` of a call that is told how many nanoseconds are left; `None`: forever.
pub(crate) fn retry_until<T>(
    cx: &mut Context,
    timeout: Option<i128>,
    mut call: impl FnMut(Option<i128>) -> io::Result<T>,
) -> Result<io::Result<T>> {
    let deadline = timeout.map(|timeout| now() + timeout);
    let mut left = timeout;
    loop {
        match cx.blocking(|| call(left)) {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => cx.poll()?,
            result => return Ok(result),
        }
        left = deadline.map(|deadline| (deadline - now()).max(0));
    }
}

/// The monotonic clock in nanoseconds.
pub(crate) fn now() -> i128 {
    crate::sys::clock(libc::CLOCK_MONOTONIC).unwrap_or(0)
}

/// Sleeps while `word` is `value`, until it is woken or `deadline` passes, then runs what waits for this thread.
/// Wakes for no reason, too.
pub(crate) fn park(cx: &mut Context, word: &AtomicU32, value: u32, deadline: Option<Instant>) -> Result<()> {
    let until = if crate::thread::is_main_thread() {
        let slice = Instant::now() + SLICE;
        Some(deadline.map_or(slice, |deadline| deadline.min(slice)))
    } else {
        deadline
    };
    cx.blocking(|| parking::wait(word, value, until));
    cx.poll()
}
