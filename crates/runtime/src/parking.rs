//! Where threads sleep: a few mutex and condition pairs, chosen by address. Byte locks and the locks of
//! `_thread` wait here.
//!
//! Invariant: a waiter checks its word under the bucket's mutex before it sleeps, and a waker takes that
//! mutex before it notifies, so no wake-up is lost.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

struct Bucket {
    mutex: Mutex<()>,
    wake: Condvar,
}

const BUCKETS: usize = 64;
static TABLE: [Bucket; BUCKETS] = [const { Bucket { mutex: Mutex::new(()), wake: Condvar::new() } }; BUCKETS];

impl Bucket {
    fn of(address: usize) -> &'static Bucket {
        let address = address >> 4;
        &TABLE[(address ^ (address >> 7)) % BUCKETS]
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        drop(self.lock());
        self.wake.notify_all();
    }
}

/// Sleeps until the lock byte may be free, marking it contended first.
pub(crate) fn wait_while_held(byte: &AtomicU8, contended: u8) {
    let bucket = Bucket::of(std::ptr::from_ref(byte).addr());
    let guard = bucket.lock();
    let held = byte.load(Ordering::Relaxed);
    if held == 0 || byte.compare_exchange(held, contended, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        return;
    }
    drop(bucket.wake.wait(guard).unwrap_or_else(PoisonError::into_inner));
}

/// Wakes the threads that sleep on this lock byte's bucket.
#[cold]
pub(crate) fn wake_all(byte: &AtomicU8) {
    Bucket::of(std::ptr::from_ref(byte).addr()).wake();
}

/// Sleeps while `word` is `value`, until it is woken or `deadline` passes. May wake for no reason. Call it
/// in state NATIVE (`cx.blocking`).
pub fn wait(word: &AtomicU32, value: u32, deadline: Option<Instant>) {
    let bucket = Bucket::of(std::ptr::from_ref(word).addr());
    let guard = bucket.lock();
    if word.load(Ordering::Acquire) != value {
        return;
    }
    match deadline {
        None => drop(bucket.wake.wait(guard).unwrap_or_else(PoisonError::into_inner)),
        Some(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            drop(bucket.wake.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Wakes the threads that `wait` on this word, after it was changed.
pub fn wake(word: &AtomicU32) {
    Bucket::of(std::ptr::from_ref(word).addr()).wake();
}

/// All buckets, held around a fork: a child must find none locked by a thread that it does not have.
pub struct Held([MutexGuard<'static, ()>; BUCKETS]);

/// Holds all buckets. The world must be stopped: a running thread may wait for a bucket.
pub fn hold_all() -> Held {
    Held(std::array::from_fn(|index| TABLE[index].lock()))
}

impl Held {
    /// Lets go of them.
    pub fn release(self) {
        drop(self.0);
    }
}
