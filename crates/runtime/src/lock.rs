//! The lock of one object's mutable state.
//!
//! Invariant: a guard borrows `&Context`, and whatever may run Python or reach a safepoint needs
//! `&mut Context`, so calling Python under a lock does not compile. A thread that waits for a lock
//! counts as stopped for the collector, hence no lock is taken while a guard is held, except two at
//! once through `lock_two` (address order).
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU8, Ordering};

use taipan_gc::Header;

use crate::context::Context;
use crate::layout::Trace;

const FREE: u8 = 0;
const HELD: u8 = 1;
const CONTENDED: u8 = 2;

/// Takes a lock byte. Uncontended: one compare-and-swap (a plain store while there is one thread).
#[inline(always)]
pub(crate) fn acquire(byte: &AtomicU8, cx: &Context) {
    if !taipan_gc::multi_threaded() {
        debug_assert_eq!(byte.load(Ordering::Relaxed), FREE, "lock taken twice by one thread");
        byte.store(HELD, Ordering::Relaxed);
        return;
    }
    if byte.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_err() {
        acquire_slow(byte, cx);
    }
}

#[cold]
#[inline(never)]
fn acquire_slow(byte: &AtomicU8, cx: &Context) {
    for _ in 0..100 {
        std::hint::spin_loop();
        if byte.load(Ordering::Relaxed) == FREE
            && byte.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
        {
            return;
        }
    }
    let held = loop {
        // The wait happens in state NATIVE, so a collection need not wait for us; the lock itself is
        // only taken again in state RUNNING, since its holder may touch the heap.
        taipan_gc::blocking(cx.thread(), || crate::parking::wait_while_held(byte, CONTENDED));
        if byte.compare_exchange(FREE, CONTENDED, Ordering::Acquire, Ordering::Relaxed).is_ok() {
            break true;
        }
    };
    debug_assert!(held);
}

#[inline(always)]
pub(crate) fn release(byte: &AtomicU8) {
    if !taipan_gc::multi_threaded() {
        byte.store(FREE, Ordering::Relaxed);
    } else if byte.swap(FREE, Ordering::Release) == CONTENDED {
        crate::parking::wake_all(byte);
    }
}

/// Holds an object's header lock.
pub struct HeaderGuard<'a> {
    byte: &'a AtomicU8,
    _cx: &'a Context,
}

impl Drop for HeaderGuard<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        release(self.byte);
    }
}

/// Locks `header`'s byte lock until the guard is dropped.
#[inline(always)]
pub fn lock_header<'a>(header: &'a Header, cx: &'a Context) -> HeaderGuard<'a> {
    acquire(&header.lock, cx);
    HeaderGuard { byte: &header.lock, _cx: cx }
}

/// Locks two objects' headers in address order; one lock if they are the same object.
pub fn lock_two<'a>(
    a: &'a Header,
    b: &'a Header,
    cx: &'a Context,
) -> (HeaderGuard<'a>, Option<HeaderGuard<'a>>) {
    if std::ptr::eq(a, b) {
        return (lock_header(a, cx), None);
    }
    let (first, second) = if (a as *const Header) < (b as *const Header) { (a, b) } else { (b, a) };
    let first = lock_header(first, cx);
    (first, Some(lock_header(second, cx)))
}

/// Mutable state behind a byte lock of its own.
#[derive(Default)]
pub struct Guarded<T> {
    byte: AtomicU8,
    state: UnsafeCell<T>,
}

// SAFETY: the state is only reached through the byte lock. What it holds may be left by one thread and found by another:
// it is traced, so its parts are values, which pass between threads through the heap, or bound to no thread (`Opaque` asks
// for that).
unsafe impl<T: Trace> Sync for Guarded<T> {}

impl<T> Guarded<T> {
    pub const fn new(state: T) -> Guarded<T> {
        Guarded { byte: AtomicU8::new(FREE), state: UnsafeCell::new(state) }
    }

    #[inline(always)]
    pub fn lock<'a>(&'a self, cx: &'a Context) -> Guard<'a, T> {
        acquire(&self.byte, cx);
        Guard { guarded: self, _cx: cx }
    }

    /// The state while the world is stopped (tracing), or before the object is published.
    /// # Safety
    /// No other thread runs, or none can reach this object.
    pub unsafe fn peek(&self) -> &T {
        // SAFETY: the caller's contract excludes writers.
        unsafe { &*self.state.get() }
    }
}

impl<T> Guarded<T> {
    /// The state while the world is stopped.
    /// # Safety
    /// No other thread runs, and nobody holds the lock.
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn peek_mut(&self) -> &mut T {
        // SAFETY: the caller's contract excludes every other access.
        unsafe { &mut *self.state.get() }
    }
}

/// Access to a `Guarded` state while its lock is held.
pub struct Guard<'a, T> {
    guarded: &'a Guarded<T>,
    _cx: &'a Context,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held while the guard lives.
        unsafe { &*self.guarded.state.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held, and the guard is borrowed exclusively.
        unsafe { &mut *self.guarded.state.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        release(&self.guarded.byte);
    }
}
