//! A lock that may be held while Python runs: the users of one buffered object take turns.
//!
//! Invariant: the owner is a thread that runs a method of the object; it is told apart by its id, so a
//! re-entrant call raises instead of waiting for itself. Waiting counts as stopped for the collector.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use taipan_runtime::prelude::*;

static MUTEX: Mutex<()> = Mutex::new(());
static FREED: Condvar = Condvar::new();
/// After a fork: threads up to this id are the parent's, except for the one that forked.
static LAST_OF_PARENT: AtomicU64 = AtomicU64::new(0);
static SURVIVOR: AtomicU64 = AtomicU64::new(0);

/// See the module.
#[derive(Default, Trace)]
pub(crate) struct LongLock {
    /// Id of the thread that holds it; 0 when free.
    owner: AtomicU64,
}

/// Holds what waiters sleep on, around a fork.
pub(crate) fn hold() -> MutexGuard<'static, ()> {
    MUTEX.lock().unwrap_or_else(PoisonError::into_inner)
}

/// In a forked child: locks of the parent's other threads are free.
pub(crate) fn after_fork(survivor: u64) {
    SURVIVOR.store(survivor, Ordering::Relaxed);
    LAST_OF_PARENT.store(taipan_runtime::newest_thread_id(), Ordering::Release);
}

impl LongLock {
    /// Runs `f` as the only user. A call from within `f` on the same thread is refused.
    pub(crate) fn hold<R>(
        &self,
        cx: &mut Context,
        object: Value,
        f: impl FnOnce(&mut Context) -> Result<R>,
    ) -> Result<R> {
        let me = cx.thread().id();
        if !self.try_take(me) {
            if self.owner.load(Ordering::Relaxed) == me {
                let object = cx.repr(object)?;
                return Err(cx.runtime_error(format!("reentrant call inside {}", object.to_str())));
            }
            self.wait(cx, me);
        }
        let result = f(cx);
        self.owner.store(0, Ordering::Release);
        if taipan_runtime::multi_threaded() {
            drop(hold());
            FREED.notify_all();
        }
        result
    }

    fn try_take(&self, me: u64) -> bool {
        match self.owner.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => true,
            Err(owner)
                if owner <= LAST_OF_PARENT.load(Ordering::Acquire)
                    && owner != SURVIVOR.load(Ordering::Relaxed) =>
            {
                self.owner.compare_exchange(owner, me, Ordering::Acquire, Ordering::Relaxed).is_ok()
            }
            Err(_) => false,
        }
    }

    fn wait(&self, cx: &mut Context, me: u64) {
        loop {
            cx.blocking(|| {
                let guard = hold();
                if self.owner.load(Ordering::Relaxed) != 0 {
                    drop(FREED.wait(guard).unwrap_or_else(PoisonError::into_inner));
                }
            });
            if self.try_take(me) {
                return;
            }
        }
    }
}
