//! Where threads sleep that wait for a byte lock: a few mutex and condition pairs, chosen by address.
//!
//! Invariant: a waiter re-checks the byte under the bucket's mutex before it sleeps, and a releaser
//! takes that mutex before it notifies, so no wake-up is lost.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

struct Bucket {
    mutex: Mutex<()>,
    wake: Condvar,
}

const BUCKETS: usize = 64;
static TABLE: [Bucket; BUCKETS] =
    [const { Bucket { mutex: Mutex::new(()), wake: Condvar::new() } }; BUCKETS];

fn bucket(byte: &AtomicU8) -> &'static Bucket {
    let address = std::ptr::from_ref(byte).addr() >> 4;
    &TABLE[(address ^ (address >> 7)) % BUCKETS]
}

/// Sleeps until the lock byte may be free, marking it contended first.
pub(crate) fn wait_while_held(byte: &AtomicU8, contended: u8) {
    let bucket = bucket(byte);
    let guard = bucket.mutex.lock().unwrap_or_else(PoisonError::into_inner);
    let held = byte.load(Ordering::Relaxed);
    if held == 0
        || byte.compare_exchange(held, contended, Ordering::Relaxed, Ordering::Relaxed).is_err()
    {
        return;
    }
    drop(bucket.wake.wait(guard).unwrap_or_else(PoisonError::into_inner));
}

/// Wakes the threads that sleep on this lock byte's bucket.
#[cold]
pub(crate) fn wake_all(byte: &AtomicU8) {
    let bucket = bucket(byte);
    drop(bucket.mutex.lock().unwrap_or_else(PoisonError::into_inner));
    bucket.wake.notify_all();
}
