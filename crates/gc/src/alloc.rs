//! Allocation: each thread bumps a cursor through intervals of free cells that it finds in the allocation bits.
//!
//! Invariant: the cells of an interval are zero and their allocation bits are set before its thread gets the first one;
//! the collector clears the bits of those that were not handed out.

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};

use crate::arena::{self, Arena};
use crate::block::*;
use crate::pages::PageVec;
use crate::stress;
use crate::thread::{Thread, interrupt};

const SLOTS: usize = SPACES * CLASSES;
/// A thread tells the others what it allocated in portions of this size.
const PORTION: usize = 64 << 10;

/// Bytes handed out since the last collection, external ones included.
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
/// Bytes held outside the heap by cells of the heap.
static EXTERNAL: AtomicIsize = AtomicIsize::new(0);
/// A collection is wanted once ALLOCATED reaches this.
static THRESHOLD: AtomicUsize = AtomicUsize::new(32 << 20);
/// All bytes ever handed out before the last collection.
static ALLOCATED_BEFORE: AtomicUsize = AtomicUsize::new(0);

/// Blocks with free cells that no thread owns, by space and class.
static AVAILABLE: [Mutex<PageVec<u32>>; SLOTS] = [const { Mutex::new(PageVec::new()) }; SLOTS];

#[derive(Default)]
struct Cursor {
    next: Cell<usize>,
    limit: Cell<usize>,
}

#[derive(Default)]
struct Owned {
    /// The address of the block the cursor moves in; 0 for none.
    block: Cell<usize>,
    /// The first cell of the block that has not been looked at.
    from: Cell<usize>,
}

/// One thread's side of the heap. Lives as long as the thread is attached; only its thread allocates from it.
pub struct LocalHeap {
    cursors: [Cursor; SLOTS],
    owned: [Owned; SLOTS],
    thread: &'static Thread,
    /// Allocated bytes not yet added to ALLOCATED.
    portion: Cell<usize>,
    /// External bytes not yet added to EXTERNAL.
    external: Cell<isize>,
}

impl LocalHeap {
    pub(crate) fn new(thread: &'static Thread) -> LocalHeap {
        LocalHeap {
            cursors: [const { Cursor { next: Cell::new(0), limit: Cell::new(0) } }; SLOTS],
            owned: [const { Owned { block: Cell::new(0), from: Cell::new(0) } }; SLOTS],
            thread,
            portion: Cell::new(0),
            external: Cell::new(0),
        }
    }

    /// The thread this heap belongs to.
    #[inline]
    pub fn thread(&self) -> &'static Thread {
        self.thread
    }

    /// A zeroed, 16-byte aligned cell of at least `bytes`. Never collects: an overdrawn budget sets
    /// [`interrupt::GC`] on this thread. The process ends when memory does; see [`LocalHeap::try_alloc`].
    #[inline]
    pub fn alloc(&self, space: Space, bytes: usize) -> NonNull<u8> {
        match self.try_alloc(space, bytes) {
            Some(cell) => cell,
            None => out_of_memory(bytes),
        }
    }

    /// As [`LocalHeap::alloc`], but None when memory is exhausted: collect and try again, then raise MemoryError.
    #[inline]
    pub fn try_alloc(&self, space: Space, bytes: usize) -> Option<NonNull<u8>> {
        if bytes <= SMALL_MAX {
            let class = class_of(bytes);
            let cursor = &self.cursors[space as usize * CLASSES + class];
            let cell = cursor.next.get();
            let next = cell + SIZES[class] as usize;
            if next <= cursor.limit.get() {
                cursor.next.set(next);
                return NonNull::new(cell as *mut u8);
            }
        }
        self.try_alloc_slow(space, bytes)
    }

    /// Adds `bytes` (negative: gives them back) to what the heap's cells hold outside the heap: descriptors, mappings,
    /// memory of C libraries. It counts towards the next collection.
    pub fn account_external(&self, bytes: isize) {
        self.external.set(self.external.get() + bytes);
        self.portion.set(self.portion.get() + bytes.max(0) as usize);
        if self.portion.get() >= PORTION || self.external.get().unsigned_abs() >= PORTION {
            self.publish();
        }
    }

    #[cold]
    #[inline(never)]
    fn try_alloc_slow(&self, space: Space, bytes: usize) -> Option<NonNull<u8>> {
        debug_assert!(self.thread.is_running(), "allocation by a thread that counts as stopped");
        if stress::is_on() && stress::allocation(bytes) {
            self.thread.request(interrupt::GC);
        }
        let address =
            if bytes <= SMALL_MAX { self.refill(space, class_of(bytes))? } else { self.large(space, bytes)? };
        NonNull::new(address as *mut u8)
    }

    /// Finds the next interval for the slot and takes its first cell.
    fn refill(&self, space: Space, class: usize) -> Option<usize> {
        let slot = space as usize * CLASSES + class;
        let owned = &self.owned[slot];
        let size = SIZES[class] as usize;
        loop {
            if owned.block.get() == 0 && !self.take_block(space, class) {
                return None;
            }
            let address = owned.block.get();
            // SAFETY: an owned block lies in a segment with blocks.
            let segment = unsafe { Segment::of(address) };
            let block = block_number(address);
            let Some((from, to)) = next_interval(segment, block, owned.from.get()) else {
                owned.block.set(0);
                continue;
            };
            owned.from.set(to);
            fill(&segment.allocs[block], from, to, true);
            let start = address + from * size;
            let bytes = (to - from) * size;
            let whole = from == 0 && to == segment.blocks[block].cells();
            if segment.blocks[block].dirty.swap(1, Relaxed) != 0 || !whole {
                // SAFETY: the cells of the interval are free, and this thread owns their block.
                unsafe { std::ptr::write_bytes(start as *mut u8, 0, bytes) };
            }
            self.cursors[slot].next.set(start + size);
            self.cursors[slot].limit.set(start + bytes);
            self.note(bytes);
            return Some(start);
        }
    }

    /// Makes a block with free cells the slot's own.
    fn take_block(&self, space: Space, class: usize) -> bool {
        let slot = space as usize * CLASSES + class;
        let owned = &self.owned[slot];
        owned.from.set(0);
        if let Some(id) = crate::lock(&AVAILABLE[slot]).pop() {
            owned.block.set(arena::block_by_id(id));
            return true;
        }
        let mut arena = arena::lock();
        if arena.taken() + BLOCK > arena.limit() {
            return false;
        }
        let Some(address) = arena.take_blocks(1) else { return false };
        // SAFETY: a block just taken lies in a segment with blocks.
        let segment = unsafe { Segment::of(address) };
        segment.blocks[block_number(address)].open_small(space, class);
        owned.block.set(address);
        true
    }

    /// A cell with blocks or segments of its own.
    fn large(&self, space: Space, bytes: usize) -> Option<usize> {
        let mut arena = arena::lock();
        let address = if bytes > SPAN_MAX {
            arena.take_huge(space, bytes)?
        } else {
            take_span(&mut arena, space, bytes)?
        };
        drop(arena);
        // SAFETY: the cell starts in a segment with blocks.
        let segment = unsafe { Segment::of(address) };
        let first = block_number(address);
        if bytes <= SPAN_MAX {
            clean_span(segment, first, bytes.div_ceil(BLOCK));
        }
        fill(&segment.allocs[first], 0, 1, true);
        self.note(bytes);
        Some(address)
    }

    fn note(&self, bytes: usize) {
        self.portion.set(self.portion.get() + bytes);
        if self.portion.get() >= PORTION || stress::is_on() {
            self.publish();
        }
    }

    /// Adds what this thread has counted to the common figures and asks for a collection when it is due.
    fn publish(&self) {
        EXTERNAL.fetch_add(self.external.take(), Relaxed);
        let allocated = ALLOCATED.fetch_add(self.portion.get(), Relaxed) + self.portion.take();
        if allocated >= THRESHOLD.load(Relaxed) {
            self.thread.request(interrupt::GC);
        }
    }

    /// Gives up all cursors: cells not handed out become free again. Called by the owner, or with the owner stopped.
    pub(crate) fn retire(&self) {
        self.retire_slots(|_, _| {});
    }

    /// As [`LocalHeap::retire`], and lets other threads have the blocks at once; the next sweep would do so too.
    pub(crate) fn hand_over(&self) {
        self.retire_slots(|slot, block| crate::lock(&AVAILABLE[slot]).push(arena::block_id(block)));
    }

    fn retire_slots(&self, then: impl Fn(usize, usize)) {
        for (slot, (cursor, owned)) in self.cursors.iter().zip(&self.owned).enumerate() {
            give_up(cursor.next.take(), cursor.limit.take(), SIZES[slot % CLASSES] as usize);
            let block = owned.block.take();
            if block != 0 {
                then(slot, block);
            }
        }
        self.publish();
    }
}

/// Clears the allocation bits of the cells `[next, limit)` of one block.
fn give_up(next: usize, limit: usize, size: usize) {
    if next == limit {
        return;
    }
    // SAFETY: the cells lie in a block of small cells.
    let found = unsafe { arena::at_start(next) };
    fill(&found.segment.allocs[found.block], found.index, found.index + (limit - next) / size, false);
}

/// The next run of free cells of a block, from cell `from` on.
fn next_interval(segment: &Segment, block: usize, from: usize) -> Option<(usize, usize)> {
    let cells = segment.blocks[block].cells();
    let allocs = &segment.allocs[block];
    if stress::is_on() {
        let quarantine = &segment.quarantine[block];
        let start = find(|w| allocs[w].load(Relaxed) | quarantine[w].load(Relaxed), from, cells, false);
        // One cell at a time, so that each allocation comes by the slow path and is counted.
        return (start < cells).then_some((start, start + 1));
    }
    let start = find(|w| allocs[w].load(Relaxed), from, cells, false);
    (start < cells).then(|| (start, find(|w| allocs[w].load(Relaxed), start, cells, true)))
}

fn take_span(arena: &mut Arena, space: Space, bytes: usize) -> Option<usize> {
    let blocks = bytes.div_ceil(BLOCK);
    if arena.taken() + blocks * BLOCK > arena.limit() {
        return None;
    }
    let address = arena.take_blocks(blocks)?;
    // SAFETY: a span just taken lies in a segment with blocks.
    let segment = unsafe { Segment::of(address) };
    let first = block_number(address);
    for back in 1..blocks {
        segment.blocks[first + back].open_tail(back);
    }
    segment.blocks[first].open_large(space, bytes.next_multiple_of(GRANULE), blocks);
    Some(address)
}

/// Zeroes the dirty blocks of a span and marks all as dirty.
fn clean_span(segment: &Segment, first: usize, blocks: usize) {
    for block in first..first + blocks {
        if segment.blocks[block].dirty.swap(1, Relaxed) != 0 {
            // SAFETY: the span has just been taken by this thread and holds no live data.
            unsafe { std::ptr::write_bytes(segment.block_address(block) as *mut u8, 0, BLOCK) };
        }
    }
}

#[cold]
#[inline(never)]
fn out_of_memory(bytes: usize) -> ! {
    let layout = Layout::from_size_align(bytes, GRANULE).unwrap_or(Layout::new::<u64>());
    handle_alloc_error(layout)
}

/// Bytes of external memory that threads have published.
pub(crate) fn external() -> usize {
    EXTERNAL.load(Relaxed).max(0) as usize
}

/// Bytes handed out since the process began, as far as published.
pub(crate) fn allocated_total() -> usize {
    ALLOCATED_BEFORE.load(Relaxed) + ALLOCATED.load(Relaxed)
}

/// Whether the budget until the next collection is used up.
pub(crate) fn over_budget() -> bool {
    ALLOCATED.load(Relaxed) >= THRESHOLD.load(Relaxed)
}

/// Begins a new budget of `threshold` bytes.
pub(crate) fn new_budget(threshold: usize) {
    ALLOCATED_BEFORE.fetch_add(ALLOCATED.swap(0, Relaxed), Relaxed);
    THRESHOLD.store(threshold, Relaxed);
}

/// Changes the budget that is running.
pub(crate) fn set_threshold(threshold: usize) {
    THRESHOLD.store(threshold, Relaxed);
}

/// Forgets the blocks that had free cells; the sweep finds them anew.
pub(crate) fn clear_available() {
    for list in &AVAILABLE {
        crate::lock(list).clear();
    }
}

/// Lets threads allocate in the block at `address`.
pub(crate) fn offer(space: Space, class: usize, address: usize) {
    crate::lock(&AVAILABLE[space as usize * CLASSES + class]).push(arena::block_id(address));
}
