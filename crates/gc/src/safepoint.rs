//! Stopping the world: the states of threads, safepoints, blocking calls and handshakes.
//!
//! Invariant: while a stop is in force no attached thread is RUNNING; the stopper itself is PARKED.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed, Ordering::Release, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard};

use crate::alloc::LocalHeap;
use crate::pages::PageVec;
use crate::spill::spilled;
use crate::thread::{Thread, interrupt, state};
use crate::{cycle, stress};

/// Who is attached, and whether the world is stopped.
pub(crate) struct World {
    pub(crate) threads: PageVec<&'static Thread>,
    spare: PageVec<&'static Thread>,
    stopping: bool,
    /// How many stops have ended.
    ended: u64,
    /// How many threads wait for the running stop to end.
    pub(crate) waiting: usize,
    /// How many of those that waited for the last stop have not gone on yet. The next stop waits for them, so that a
    /// thread that collects in a loop cannot starve the others.
    released: usize,
}

static WORLD: Mutex<World> = Mutex::new(World {
    threads: PageVec::new(),
    spare: PageVec::new(),
    stopping: false,
    ended: 0,
    waiting: 0,
    released: 0,
});
/// A twin of `World::stopping` that threads read without the lock.
static STOP: AtomicBool = AtomicBool::new(false);
/// Signalled when a stop ends.
static RESUME: Condvar = Condvar::new();
/// Signalled when the next stop may begin.
static TURN: Condvar = Condvar::new();
/// Signalled when a thread ceases to run.
static QUIET: Condvar = Condvar::new();
static MULTI_THREADED: AtomicBool = AtomicBool::new(false);

/// Whether a second thread has ever been attached. Until then byte locks may be plain stores.
#[inline]
pub fn multi_threaded() -> bool {
    MULTI_THREADED.load(Relaxed)
}

/// Declares that a second thread is about to attach. Call it before the thread is started, holding no byte lock.
pub fn set_multi_threaded() {
    MULTI_THREADED.store(true, SeqCst);
}

pub(crate) fn world() -> MutexGuard<'static, World> {
    crate::lock(&WORLD)
}

fn wait(condition: &Condvar, world: MutexGuard<'static, World>) -> MutexGuard<'static, World> {
    condition.wait(world).unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Waits while the world is stopped.
fn wait_to_run(mut world: MutexGuard<'static, World>) -> MutexGuard<'static, World> {
    if !world.stopping {
        return world;
    }
    QUIET.notify_all();
    world.waiting += 1;
    let ended = world.ended;
    while world.ended == ended {
        world = wait(&RESUME, world);
    }
    world.released -= 1;
    if world.released == 0 {
        TURN.notify_one();
    }
    world
}

/// What [`crate::Thread::interrupt`] asks of the collector: parks for another thread's stop, collects when that is due.
///
/// The machine calls it when an interrupt is set, at a place where collecting is allowed, with `vm_top` stored. It
/// clears the bits that it has served; bits of the machine stay.
pub fn safepoint(thread: &Thread, heap: &LocalHeap) {
    safepoint_at(thread, heap, || 0);
}

/// As [`safepoint`], where `place` tells where in the program the thread is (0: nowhere in particular). It is asked under
/// stress only.
#[cold]
#[inline(never)]
pub fn safepoint_at(thread: &Thread, heap: &LocalHeap, place: impl FnOnce() -> u64) {
    debug_assert!(std::ptr::eq(thread, heap.thread()));
    let bits = thread.interrupt.load(SeqCst);
    if bits & (interrupt::HANDSHAKE | interrupt::FORK) != 0 {
        thread.clear(interrupt::HANDSHAKE | interrupt::FORK);
        yield_to_stop(thread);
    }
    if bits & interrupt::GC != 0 {
        thread.clear(interrupt::GC);
        if cycle::is_due() {
            cycle::run(thread, cycle::Reason::Budget);
        }
    }
    if stress::polls() {
        thread.request(interrupt::STRESS);
        if stress::poll(place()) {
            cycle::run(thread, cycle::Reason::Stress);
        }
    } else if bits & interrupt::STRESS != 0 {
        thread.clear(interrupt::STRESS);
    }
}

/// Parks if another thread has stopped the world.
fn yield_to_stop(thread: &Thread) {
    if STOP.load(SeqCst) && !thread.stops_world.load(Relaxed) {
        spilled(|sp| {
            thread.sp.store(sp, Release);
            park(thread);
        });
    }
}

/// Runs `f`, which may wait for something but must not touch the heap, while the thread counts as stopped.
#[inline]
pub fn blocking<R>(thread: &Thread, f: impl FnOnce() -> R) -> R {
    if !thread.is_running() {
        // Inside a stop of its own, or already blocking.
        return f();
    }
    spilled(|sp| {
        thread.sp.store(sp, Release);
        thread.state.store(state::NATIVE, SeqCst);
        if STOP.load(SeqCst) {
            announce_quiet();
        }
        let back = Back(thread);
        let result = f();
        drop(back);
        result
    })
}

/// Runs `f`, which may touch the heap, inside [`blocking`]: for callbacks of foreign code.
pub fn running<R>(thread: &Thread, f: impl FnOnce() -> R) -> R {
    if thread.is_running() {
        return f();
    }
    struct Outside<'a>(&'a Thread, usize);
    impl Drop for Outside<'_> {
        fn drop(&mut self) {
            self.0.sp.store(self.1, Release);
            self.0.state.store(state::NATIVE, SeqCst);
            if STOP.load(SeqCst) {
                announce_quiet();
            }
        }
    }
    let outside = Outside(thread, thread.sp.load(Relaxed));
    run_again(thread);
    let result = f();
    drop(outside);
    result
}

/// Leaves the NATIVE state also when a panic unwinds.
struct Back<'a>(&'a Thread);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        run_again(self.0);
    }
}

#[cold]
#[inline(never)]
fn announce_quiet() {
    let _world = world();
    QUIET.notify_all();
}

/// Becomes RUNNING; waits while the world is stopped.
#[inline]
fn run_again(thread: &Thread) {
    // A stopper that does not see this store has stored STOP before the load.
    thread.state.store(state::RETURNING, SeqCst);
    if STOP.load(SeqCst) {
        park(thread);
    } else {
        thread.state.store(state::RUNNING, Relaxed);
    }
}

#[cold]
#[inline(never)]
fn park(thread: &Thread) {
    let world = world();
    thread.state.store(state::PARKED, SeqCst);
    let _world = wait_to_run(world);
    thread.state.store(state::RUNNING, SeqCst);
}

/// Stops all other threads, runs `f`, lets them go on. Nested calls just run `f`.
pub fn stop_the_world<R>(thread: &Thread, f: impl FnOnce() -> R) -> R {
    if thread.stops_world.load(Relaxed) {
        return f();
    }
    spilled(|sp| {
        thread.sp.store(sp, Release);
        thread.state.store(state::PARKED, SeqCst);
        let stopped = Stopped::begin(world(), Some(thread), interrupt::HANDSHAKE);
        let result = f();
        drop(stopped);
        result
    })
}

/// Stops the world, runs `f` for each attached thread, the caller included, and lets them go on.
pub fn handshake(thread: &Thread, f: impl Fn(&Thread)) {
    stop_the_world(thread, || each_thread(f));
}

/// Sets `bits` of [`interrupt`] on all attached threads.
pub(crate) fn request_all(bits: u8) {
    world().threads.iter().for_each(|thread| thread.request(bits));
}

/// Runs `f` for each attached thread. The world must be stopped.
pub(crate) fn each_thread(mut f: impl FnMut(&'static Thread)) {
    let count = world().threads.len();
    for index in 0..count {
        let thread = world().threads[index];
        f(thread);
    }
}

/// The world is stopped as long as this lives; also when a panic unwinds.
pub(crate) struct Stopped<'a> {
    stopper: Option<&'a Thread>,
}

impl<'a> Stopped<'a> {
    /// Waits for other stops to end, then stops everyone but `stopper`, whose state must not be RUNNING. `reason` is
    /// the bit of [`interrupt`] to do it with.
    pub(crate) fn begin(
        mut world: MutexGuard<'static, World>,
        stopper: Option<&'a Thread>,
        reason: u8,
    ) -> Stopped<'a> {
        QUIET.notify_all();
        while world.stopping || world.released > 0 {
            world = wait(&TURN, world);
        }
        world.stopping = true;
        STOP.store(true, SeqCst);
        for thread in world.threads.iter() {
            thread.request(reason);
        }
        while world.threads.iter().any(|thread| thread.is_active()) {
            world = wait(&QUIET, world);
        }
        if let Some(thread) = stopper {
            thread.stops_world.store(true, Relaxed);
        }
        Stopped { stopper }
    }

    /// Ends the stop under a lock that is held already.
    pub(crate) fn finish(mut self, world: MutexGuard<'static, World>) {
        self.end(world);
        std::mem::forget(self);
    }

    fn end(&mut self, mut world: MutexGuard<'static, World>) {
        for thread in world.threads.iter() {
            thread.clear(interrupt::HANDSHAKE | interrupt::FORK);
        }
        if let Some(thread) = self.stopper {
            thread.stops_world.store(false, Relaxed);
            thread.state.store(state::RUNNING, SeqCst);
        }
        world.stopping = false;
        world.ended += 1;
        world.released = std::mem::take(&mut world.waiting);
        STOP.store(false, SeqCst);
        RESUME.notify_all();
        if world.released == 0 {
            TURN.notify_one();
        }
    }
}

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        self.end(world());
    }
}

/// Adds the calling thread; `open` prepares its record before anyone can see it.
pub(crate) fn enter(open: impl FnOnce(&Thread)) -> &'static Thread {
    crate::assert_open();
    let mut world = world();
    if !world.threads.is_empty() && !multi_threaded() {
        let stopped = Stopped::begin(world, None, interrupt::HANDSHAKE);
        MULTI_THREADED.store(true, SeqCst);
        drop(stopped);
        world = crate::lock(&WORLD);
    }
    world = wait_to_run(world);
    let thread = world.spare.pop().unwrap_or_else(|| Box::leak(Box::new(Thread::new())));
    open(thread);
    thread.state.store(state::RUNNING, SeqCst);
    world.threads.push(thread);
    thread
}

/// Removes the calling thread, whose heap goes to the others.
pub(crate) fn leave(thread: &'static Thread, heap: &LocalHeap) {
    // A collection may be waiting for this thread; it must not find the heap half retired.
    yield_to_stop(thread);
    heap.retire();
    thread.heap.store(std::ptr::null_mut(), Release);
    let mut world = world();
    thread.state.store(state::DETACHED, SeqCst);
    world = wait_to_run(world);
    if let Some(index) = world.threads.iter().position(|other| std::ptr::eq(*other, thread)) {
        world.threads.swap_remove(index);
        world.spare.push(thread);
    }
    // What it was asked to finalize is another's job now.
    if thread.interrupt.load(SeqCst) & interrupt::FINALIZE != 0
        && let Some(heir) = world.threads.first()
    {
        heir.request(interrupt::FINALIZE);
    }
}
