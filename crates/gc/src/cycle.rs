//! A collection from beginning to end, when one is due, and the figures it leaves.
//!
//! Invariant: everything here but the figures happens with the world stopped, on the thread that stopped it.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use crate::alloc::LocalHeap;
use crate::mark::Marker;
use crate::root::RootSet;
use crate::safepoint::{each_thread, stop_the_world};
use crate::thread::Thread;
use crate::{Vm, alloc, arena, audit, finalize, spill, stress, sweep, verify, weak};

/// No collection is due before this much has been allocated: less would be more work than the caches save.
pub(crate) const FLOOR: usize = 8 << 20;
/// A collection takes as long as what lives is large; after so many times its size it costs little. Memory that is used
/// again is warm, so more is not better.
const CHEAP: usize = 12;
/// Up to here `CHEAP` times as much is allocated, beyond as much as lives.
const PLENTY: usize = 64 << 20;

static WANTED: AtomicBool = AtomicBool::new(false);
static SCALE: AtomicU64 = AtomicU64::new(1f64.to_bits());
static LIVE: AtomicUsize = AtomicUsize::new(0);
static COLLECTIONS: AtomicUsize = AtomicUsize::new(0);
static PAUSE_TOTAL: AtomicU64 = AtomicU64::new(0);
static PAUSE_MAX: AtomicU64 = AtomicU64::new(0);

/// Why a collection was started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A budget was overdrawn; void if another thread has collected since.
    Budget,
    /// Stress wants one here.
    Stress,
    /// The program asked for it.
    Explicit,
}

/// Figures of the heap since the process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Bytes of the cells that survived the last collection.
    pub live_bytes: usize,
    /// Bytes of blocks that hold or may hold cells.
    pub heap_bytes: usize,
    /// Bytes that cells hold outside the heap, as accounted.
    pub external_bytes: usize,
    /// Bytes ever allocated, in portions of a thread's intervals.
    pub allocated_bytes: usize,
    /// Collections.
    pub collections: usize,
    /// Nanoseconds the world stood still for collections.
    pub pause_ns_total: u64,
    /// The longest of them.
    pub pause_ns_max: u64,
}

/// The figures as they stand.
pub fn stats() -> Stats {
    Stats {
        live_bytes: LIVE.load(Relaxed),
        heap_bytes: arena::lock().taken(),
        external_bytes: alloc::external(),
        allocated_bytes: alloc::allocated_total(),
        collections: COLLECTIONS.load(Relaxed),
        pause_ns_total: PAUSE_TOTAL.load(Relaxed),
        pause_ns_max: PAUSE_MAX.load(Relaxed),
    }
}

/// Sets how much may be allocated until the next collection, as a multiple of what is normal for what lives.
/// 1.0 is normal, 8.0 is `gc.disable()`. A quarter of memory is the most in any case.
pub fn set_trigger_scale(scale: f64) {
    SCALE.store(scale.to_bits(), Relaxed);
    let limit = arena::lock().limit();
    alloc::set_threshold(threshold(LIVE.load(Relaxed) + alloc::external(), limit));
}

/// What may be allocated until the next collection when `live` bytes live on a machine of `limit` bytes.
fn threshold(live: usize, limit: usize) -> usize {
    let scale = f64::from_bits(SCALE.load(Relaxed));
    let wanted = (live.saturating_mul(CHEAP).clamp(FLOOR, PLENTY).max(live) as f64 * scale) as usize;
    // Close to the limit, collecting more often is better than ending.
    let room = limit.saturating_sub(live) / 2;
    wanted.min((limit / 4).max(live / 5 * 2)).min(room).max(FLOOR / 2)
}

/// Makes the next [`is_due`] true.
pub(crate) fn want() {
    WANTED.store(true, Relaxed);
}

/// Whether a collection should run at the next safepoint.
pub(crate) fn is_due() -> bool {
    WANTED.load(Relaxed) || alloc::over_budget()
}

/// Collects now and returns how many objects that could refer to others have died. Finalizers are queued, not run: see
/// [`crate::take_finalizable`].
pub fn collect(thread: &Thread, heap: &LocalHeap) -> usize {
    debug_assert!(std::ptr::eq(thread, heap.thread()));
    scrub_stack();
    run(thread, Reason::Explicit)
}

/// Overwrites what finished calls have left below the caller's frame. Frames that are entered afterwards then hold no
/// stale reference in the words that they do not write: worth a call where a collection is about to be asked for.
pub fn scrub_stack() {
    spill::scrub_below();
}

/// Stops the world and collects.
#[cold]
#[inline(never)]
pub(crate) fn run(thread: &Thread, reason: Reason) -> usize {
    let start = Instant::now();
    let (mut hidden, mut dead) = (0, 0);
    stop_the_world(thread, || {
        if reason == Reason::Budget && !is_due() {
            return;
        }
        (hidden, dead) = collect_stopped(thread);
        let pause = start.elapsed().as_nanos() as u64;
        COLLECTIONS.fetch_add(1, Relaxed);
        PAUSE_TOTAL.fetch_add(pause, Relaxed);
        PAUSE_MAX.fetch_max(pause, Relaxed);
    });
    audit::judge(hidden);
    dead
}

/// Collects. Returns how many references to dying cells the auditor has found in memory that is not scanned, and how many
/// objects that could refer to others have died.
fn collect_stopped(thread: &Thread) -> (usize, usize) {
    WANTED.store(false, Relaxed);
    let vm = crate::vm();
    retire_all();
    let verified = stress::verifies().then(verify::is_still);
    let mut marker = Marker::new(vm);
    // Held over both traces: a thread that has left may still drop what it had rooted.
    let roots = RootSet::lock();
    trace_roots(vm, &roots, &mut marker);
    marker.drain();
    if let Some(still) = verified {
        verify::run(&mut marker, still, |marker| trace_roots(vm, &roots, marker));
    }
    drop(roots);
    weak::clear_dead(vm);
    finalize::revive(&mut marker);
    debug_assert!(marker.is_idle());
    vm.settled(thread);
    if finalize::has_finalizable() {
        vm.finalizers_ready(thread);
    }
    let hidden = audit::run();
    let sweep::Swept { live, dead } = sweep::run(vm);
    LIVE.store(live, Relaxed);
    if stress::is_on() {
        stress::scanned(live + stack_bytes());
    }
    let mut arena = arena::lock();
    let budget = threshold(live + alloc::external(), arena.limit());
    arena.trim(budget + budget / 4);
    arena.close_reserve();
    drop(arena);
    alloc::new_budget(budget);
    each_thread(|thread| thread.scrub_vm_stack());
    (hidden, dead)
}

/// Bytes of the stacks that are scanned. The world is stopped.
fn stack_bytes() -> usize {
    let mut bytes = 0;
    each_thread(|thread| {
        if !thread.is_detached() {
            bytes += thread.live_native_stack().len() + thread.live_vm_stack().len();
        }
    });
    bytes
}

/// Ends all intervals, so that exactly the cells that were handed out count as allocated. The world is stopped.
pub(crate) fn retire_all() {
    each_thread(|thread| {
        // SAFETY: the owner is stopped, and its heap lives until it has left the list of threads.
        if let Some(heap) = unsafe { thread.heap.load(Relaxed).as_ref() } {
            heap.retire();
        }
    });
}

fn trace_roots(vm: &dyn Vm, roots: &RootSet, marker: &mut Marker) {
    vm.trace_roots(marker);
    roots.trace(marker);
    finalize::trace_queue(marker);
    each_thread(|thread| {
        if thread.is_detached() {
            return;
        }
        let native = thread.live_native_stack();
        marker.stack_range(native.start, native.end);
        let frames = thread.live_vm_stack();
        marker.stack_range(frames.start, frames.end);
        vm.trace_thread(thread, marker);
    });
}
