//! Watching allocations, for a machine that wants to know who made what (`tracemalloc`).
//!
//! While nobody watches, the fast path of allocation knows nothing of it. A watcher has the threads' intervals ended and
//! gets one cell at a time from then on, so that each allocation comes by the slow path.
//! Invariant: watching begins and ends while the world is stopped.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::cycle;
use crate::safepoint::stop_the_world;
use crate::thread::Thread;

/// What is told of allocations: by the thread that allocates, which may be in the middle of anything. It must neither
/// allocate from the heap nor wait for a thread that runs.
pub trait Watcher: Sync + 'static {
    /// A cell was handed out for `bytes` bytes.
    fn allocated(&self, address: usize, bytes: usize);

    /// A cell was given back by its owner. Those that die in collections are not told: [`crate::Vm::settled`] is the place
    /// to look for them.
    fn freed(&self, address: usize);
}

static ON: AtomicBool = AtomicBool::new(false);
static WATCHER: OnceLock<&'static dyn Watcher> = OnceLock::new();

#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Relaxed)
}

/// Begins to tell the watcher of allocations; the first one stays. `prepare` runs while the world is stopped.
pub fn watch(thread: &Thread, watcher: &'static dyn Watcher, prepare: impl FnOnce()) {
    WATCHER.get_or_init(|| watcher);
    stop_the_world(thread, || {
        cycle::retire_all();
        prepare();
        ON.store(true, Relaxed);
    });
}

/// Tells no more. `finish` runs while the world is stopped.
pub fn unwatch(thread: &Thread, finish: impl FnOnce()) {
    stop_the_world(thread, || {
        ON.store(false, Relaxed);
        finish();
    });
}

#[cold]
pub(crate) fn allocated(address: usize, bytes: usize) {
    if let Some(watcher) = WATCHER.get() {
        watcher.allocated(address, bytes);
    }
}

#[cold]
pub(crate) fn freed(address: usize) {
    if let Some(watcher) = WATCHER.get() {
        watcher.freed(address);
    }
}
