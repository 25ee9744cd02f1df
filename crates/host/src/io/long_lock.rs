//! A lock that may be held while Python runs: the users of one buffered object take turns.
//!
//! Invariant: the owner is a thread that runs a method of the object; it is told apart by its id, so a
//! re-entrant call raises instead of waiting for itself. Waiting counts as stopped for the collector.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use taipan_runtime::prelude::*;

static MUTEX: Mutex<()> = Mutex::new(());
static FREED: Condvar = Condvar::new();

/// See the module.
#[derive(Default, Trace)]
pub(crate) struct LongLock {
    /// Id of the thread that holds it; 0 when free.
    owner: AtomicU64,
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
        if self.owner.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed).is_err() {
            if self.owner.load(Ordering::Relaxed) == me {
                let object = cx.repr(object)?;
                return Err(cx.runtime_error(format!("reentrant call inside {}", object.to_str())));
            }
            self.wait(cx, me);
        }
        let result = f(cx);
        self.owner.store(0, Ordering::Release);
        if taipan_runtime::multi_threaded() {
            drop(MUTEX.lock().unwrap_or_else(PoisonError::into_inner));
            FREED.notify_all();
        }
        result
    }

    fn wait(&self, cx: &mut Context, me: u64) {
        loop {
            cx.blocking(|| {
                let guard = MUTEX.lock().unwrap_or_else(PoisonError::into_inner);
                if self.owner.load(Ordering::Relaxed) != 0 {
                    drop(FREED.wait(guard).unwrap_or_else(PoisonError::into_inner));
                }
            });
            if self.owner.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed).is_ok() {
                return;
            }
        }
    }
}
