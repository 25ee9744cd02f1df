//! fork(): the world stands still around it, and the child goes on with the one thread that it has.
//! CPython: `PyOS_BeforeFork`, `PyOS_AfterFork_Child` in `Modules/posixmodule.c`.
//!
//! Invariant: at the moment of the fork no other thread holds a lock of the collector, so the child finds none locked.

use std::sync::MutexGuard;
use std::sync::atomic::Ordering::{Relaxed, Release, SeqCst};

use crate::audit;
use crate::root::RootSet;
use crate::safepoint::{self, Stopped, World};
use crate::thread::{Thread, state};

/// The world stands still and the collector's locks are held. Dropping it is what the parent does after the fork.
#[must_use]
pub struct ForkGuard<'a> {
    thread: &'a Thread,
    /// None if the thread had stopped the world already.
    stopped: Option<Stopped<'a>>,
    /// Always present until the guard is dropped.
    world: Option<MutexGuard<'static, World>>,
    /// Threads that are not attached may drop a `Rooted` at any time.
    roots: Option<MutexGuard<'static, RootSet>>,
    audit: Option<audit::Locked>,
}

/// Stops the world for a fork. Until the guard is dropped or passed to [`after_fork_child`] the thread must do nothing
/// but fork: no allocation (of malloc's either), no collection, no root.
pub fn before_fork(thread: &Thread) -> ForkGuard<'_> {
    let stopped = (!thread.stops_world.load(Relaxed)).then(|| Stopped::for_fork(thread));
    let world = safepoint::world();
    ForkGuard {
        thread,
        stopped,
        world: Some(world),
        roots: Some(RootSet::lock()),
        audit: Some(audit::Locked::take()),
    }
}

/// In the child: forgets the threads that the child does not have. Their frames keep nothing alive any more, and their
/// free cells go to this thread. [`crate::multi_threaded`] stays true.
pub fn after_fork_child(mut guard: ForkGuard<'_>) {
    let world = guard.world.as_mut().expect("present until the guard is dropped");
    world.threads.retain(|other| {
        if std::ptr::eq(*other, guard.thread) {
            return true;
        }
        let heap = other.heap.swap(std::ptr::null_mut(), Relaxed);
        // SAFETY: the heap lives as long as its thread was attached, and the thread that would free it is gone.
        if let Some(heap) = unsafe { heap.as_ref() } {
            heap.retire();
        }
        other.state.store(state::DETACHED, SeqCst);
        false
    });
    world.waiting = 0;
    drop(guard);
}

impl Drop for ForkGuard<'_> {
    fn drop(&mut self) {
        self.audit = None;
        self.roots = None;
        let world = self.world.take().expect("taken only here");
        match self.stopped.take() {
            Some(stopped) => stopped.finish(world),
            None => drop(world),
        }
    }
}

impl<'a> Stopped<'a> {
    /// As [`safepoint::stop_the_world`] begins, but outliving the frame that publishes the stack pointer: nobody scans
    /// this thread's stack until the guard is gone.
    fn for_fork(thread: &'a Thread) -> Stopped<'a> {
        crate::spill::spilled(|sp| {
            thread.sp.store(sp, Release);
            thread.state.store(state::PARKED, SeqCst);
            Stopped::begin(safepoint::world(), Some(thread), crate::interrupt::FORK)
        })
    }
}
