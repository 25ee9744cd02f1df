//! Allocation: each thread bumps a cursor through intervals of free cells that it finds in the allocation bits.
//!
//! Invariant: the cells of an interval are zero (of leaves, the headers are) and their allocation bits are set before its
//! thread gets the first one; the collector clears the bits of those that were not handed out.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};

use crate::arena::{self, BlockId};
use crate::block::*;
use crate::finalize;
use crate::header::{Header, flag};
use crate::pages::PageVec;
use crate::stress;
use crate::thread::{Thread, interrupt};
use crate::watch;
use crate::weak::Cell as Registered;

const SLOTS: usize = SPACES * CLASSES;
/// A thread tells the others what it allocated in portions of this size.
const PORTION: usize = 64 << 10;

/// Bytes handed out since the last collection, external ones included.
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
/// Bytes held outside the heap by cells of the heap.
static EXTERNAL: AtomicIsize = AtomicIsize::new(0);
/// A collection is wanted once ALLOCATED reaches this.
static THRESHOLD: AtomicUsize = AtomicUsize::new(crate::cycle::FLOOR);
/// All bytes ever handed out before the last collection.
static ALLOCATED_BEFORE: AtomicUsize = AtomicUsize::new(0);

/// Blocks with free cells that no thread owns, by space and class.
static AVAILABLE: [Mutex<PageVec<BlockId>>; SLOTS] = [const { Mutex::new(PageVec::new()) }; SLOTS];

#[derive(Default)]
struct Cursor {
    next: Cell<usize>,
    limit: Cell<usize>,
}

#[derive(Default)]
struct Owned {
    /// The block the cursor moves in.
    block: Cell<Option<BlockId>>,
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
    /// Objects with a finalizer that the thread has made; the next collection takes them over.
    finalizers: RefCell<PageVec<Registered>>,
}

impl LocalHeap {
    pub(crate) fn new(thread: &'static Thread) -> LocalHeap {
        LocalHeap {
            cursors: [const { Cursor { next: Cell::new(0), limit: Cell::new(0) } }; SLOTS],
            owned: [const { Owned { block: Cell::new(None), from: Cell::new(0) } }; SLOTS],
            thread,
            portion: Cell::new(0),
            external: Cell::new(0),
            finalizers: RefCell::new(PageVec::new()),
        }
    }

    /// The thread this heap belongs to.
    #[inline]
    pub fn thread(&self) -> &'static Thread {
        self.thread
    }

    /// A zeroed, 16-byte aligned cell of at least `bytes`; in [`Space::Leaf`] only its header is zero. Never collects: an overdrawn budget sets
    /// [`interrupt::GC`] on this thread. When memory is exhausted, small cells come from a reserve and the next safepoint
    /// speaks of it ([`crate::take_exhausted`]); large ones unwind with [`OutOfMemory`].
    #[inline]
    pub fn alloc(&self, space: Space, bytes: usize) -> NonNull<u8> {
        match self.try_alloc(space, bytes) {
            Some(cell) => cell,
            None => self.alloc_from_reserve(space, bytes),
        }
    }

    #[cold]
    #[inline(never)]
    fn alloc_from_reserve(&self, space: Space, bytes: usize) -> NonNull<u8> {
        if bytes <= arena::RESERVED_MAX {
            arena::lock().open_reserve();
            self.thread.request(interrupt::GC);
            if let Some(cell) = self.try_alloc(space, bytes) {
                return cell;
            }
        }
        out_of_memory()
    }

    /// As [`LocalHeap::alloc`], but None when memory is exhausted: collect and try again, then raise MemoryError.
    #[inline]
    pub fn try_alloc(&self, space: Space, bytes: usize) -> Option<NonNull<u8>> {
        if bytes <= SMALL_MAX {
            let class = class_of(bytes);
            // SAFETY: class_of gives a class, and there is a cursor for each class of each space.
            let cursor = unsafe { self.cursors.get_unchecked(space as usize * CLASSES + class) };
            let cell = cursor.next.get();
            // SAFETY: as above.
            let next = cell + unsafe { *SIZES.get_unchecked(class) } as usize;
            if next <= cursor.limit.get() {
                cursor.next.set(next);
                // SAFETY: an interval lies in the arena, and an empty cursor's `next` is not below its `limit`.
                return Some(unsafe { NonNull::new_unchecked(cell as *mut u8) });
            }
        }
        self.try_alloc_slow(space, bytes)
    }

    /// Gives back a cell that only the caller knows, at once instead of in the next collection. It is worth a call for the
    /// last cell allocated of its kind (a temporary) and for cells of more than 8 KB (a buffer that has grown); others are
    /// left to the collector. Under stress all are, so that late uses are noticed.
    ///
    /// # Safety
    /// `cell` was allocated from `space` for `bytes` bytes, by any thread, and is never used again.
    pub unsafe fn free(&self, space: Space, cell: NonNull<u8>, bytes: usize) {
        debug_assert!(!space.has_header(), "objects die in collections");
        let address = cell.as_ptr() as usize;
        if stress::is_on() {
            return;
        }
        if watch::is_on() {
            watch::freed(address);
            // Where it is, the next one would not come by the slow path.
            if bytes <= SMALL_MAX {
                return;
            }
        }
        if bytes > SMALL_MAX {
            return self.free_large(BlockId::of(address));
        }
        let class = class_of(bytes);
        let slot = space as usize * CLASSES + class;
        let cursor = &self.cursors[slot];
        let size = SIZES[class] as usize;
        if address + size == cursor.next.get() && self.owned[slot].block.get() == Some(BlockId::of(address)) {
            // SAFETY: by contract the cell is free; it lies in the block that this thread allocates in.
            unsafe { zero(address, size) };
            cursor.next.set(address);
        }
    }

    /// How many bytes an allocation of `bytes` may use.
    pub fn usable(bytes: usize) -> usize {
        if bytes <= SMALL_MAX { SIZES[class_of(bytes)] as usize } else { bytes.next_multiple_of(GRANULE) }
    }

    #[cold]
    fn free_large(&self, first: BlockId) {
        let bytes = first.info().cell_size();
        fill(first.allocs(), 0, 1, false);
        arena::lock().give_back(first);
        if self.portion.get() >= bytes {
            self.portion.set(self.portion.get() - bytes);
        } else {
            // A collection in between may have begun a new count.
            let _ = ALLOCATED.try_update(Relaxed, Relaxed, |all| Some(all.saturating_sub(bytes)));
        }
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
        if watch::is_on() {
            watch::allocated(address, bytes);
        }
        NonNull::new(address as *mut u8)
    }

    /// Finds the next interval for the slot and takes its first cell.
    fn refill(&self, space: Space, class: usize) -> Option<usize> {
        let slot = space as usize * CLASSES + class;
        let owned = &self.owned[slot];
        let size = SIZES[class] as usize;
        loop {
            if owned.block.get().is_none() && !self.take_block(space, class) {
                return None;
            }
            let Some(block) = owned.block.get() else { continue };
            let Some((from, to)) = next_interval(block, owned.from.get()) else {
                owned.block.set(None);
                continue;
            };
            owned.from.set(to);
            fill(block.allocs(), from, to, true);
            let start = block.address() + from * size;
            let bytes = (to - from) * size;
            let whole = from == 0 && to == block.info().cells();
            if block.info().dirty.load(Relaxed) != 0 || !whole {
                // SAFETY: the cells of the interval are free, and this thread owns their block.
                unsafe { blank(space, start, bytes, size) };
            }
            block.info().dirty.store(1, Relaxed);
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
        let available = crate::lock(&AVAILABLE[slot]).pop();
        owned.block.set(available.or_else(|| {
            let mut arena = arena::lock();
            let block = arena.take(1)?;
            block.info().open_small(space, class);
            if is_exhausted() {
                self.thread.request(interrupt::GC);
            }
            Some(block)
        }));
        owned.block.get().is_some()
    }

    /// A cell with blocks of its own.
    fn large(&self, space: Space, bytes: usize) -> Option<usize> {
        let size = bytes.checked_next_multiple_of(GRANULE)?;
        let blocks = size.div_ceil(BLOCK);
        let first = arena::lock().take(blocks)?;
        for back in 0..blocks {
            let block = BlockId(first.0 + back);
            if block.info().dirty.load(Relaxed) != 0 && (back == 0 || space != Space::Leaf) {
                // SAFETY: the blocks have just been taken by this thread and hold no live data.
                unsafe { blank(space, block.address(), BLOCK, BLOCK) };
            }
            block.info().dirty.store(1, Relaxed);
            if back > 0 {
                block.info().open_tail(back);
            }
        }
        first.info().open_large(space, size, blocks);
        fill(first.allocs(), 0, 1, true);
        self.note(size);
        Some(first.address())
    }

    /// As [`crate::set_finalizer`], of an object that only this thread knows.
    #[inline]
    pub fn set_finalizer(&self, cell: NonNull<Header>) {
        // SAFETY: the caller passes a live cell.
        unsafe { cell.as_ref() }.set_alone(flag::FINALIZER);
        self.finalizers.borrow_mut().push(Registered(cell));
    }

    /// As [`crate::cancel_finalizer`]; quick for the latest object of [`LocalHeap::set_finalizer`].
    #[inline]
    pub fn cancel_finalizer(&self, cell: NonNull<Header>) {
        crate::cancel_finalizer(cell);
        let mut own = self.finalizers.borrow_mut();
        if own.last().is_some_and(|last| last.0 == cell) {
            own.pop();
        }
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

    /// Words for the objects that await their finalizers, apart from what other threads have made since the last collection.
    pub fn awaiting_finalizers(&self) -> Vec<usize> {
        finalize::awaiting(&self.finalizers.borrow())
    }

    /// Gives up all cursors: cells not handed out become free again, and other threads may have the blocks. Called by the
    /// owner, or with the owner stopped.
    pub(crate) fn retire(&self) {
        for (slot, (cursor, owned)) in self.cursors.iter().zip(&self.owned).enumerate() {
            give_up(cursor.next.take(), cursor.limit.take(), SIZES[slot % CLASSES] as usize);
            if let Some(block) = owned.block.take() {
                crate::lock(&AVAILABLE[slot]).push(block);
            }
        }
        self.publish();
        let mut own = self.finalizers.borrow_mut();
        finalize::register(&own);
        own.clear();
    }
}

/// Zeroes what has to be zero of the cells of `size` bytes: of leaves only the headers, as whoever makes one writes its
/// whole body.
///
/// # Safety
/// The memory is free and the caller's.
#[inline]
unsafe fn blank(space: Space, start: usize, bytes: usize, size: usize) {
    /// Cells from this size on: of smaller ones, all is zeroed as quickly.
    const LONG: usize = 128;
    if space != Space::Leaf || size < LONG {
        // SAFETY: by contract.
        return unsafe { zero(start, bytes) };
    }
    for offset in (0..bytes).step_by(size) {
        // SAFETY: by contract; the first granule of each cell.
        unsafe { zero(start + offset, GRANULE) };
    }
}

/// Zeroes cells; `bytes` is a multiple of the granule.
///
/// # Safety
/// The memory is free and the caller's.
#[inline]
unsafe fn zero(start: usize, bytes: usize) {
    /// Up to here, stores are cheaper than a call.
    const SHORT: usize = 128;
    if bytes > SHORT {
        // SAFETY: by contract.
        return unsafe { std::ptr::write_bytes(start as *mut u8, 0, bytes) };
    }
    for offset in (0..bytes).step_by(GRANULE) {
        // SAFETY: by contract; cells are aligned to granules.
        unsafe { ((start + offset) as *mut u128).write(0) };
    }
}

/// Clears the allocation bits of the cells `[next, limit)` of one block.
fn give_up(next: usize, limit: usize, size: usize) {
    if next == limit {
        return;
    }
    let found = arena::at_start(next);
    fill(found.block.allocs(), found.index, found.index + (limit - next) / size, false);
}

/// The next run of free cells of a block, from cell `from` on.
fn next_interval(block: BlockId, from: usize) -> Option<(usize, usize)> {
    let cells = block.info().cells();
    let allocs = block.allocs();
    if stress::is_on() {
        let quarantine = block.quarantine();
        let start = find(|w| allocs[w].load(Relaxed) | quarantine[w].load(Relaxed), from, cells, false);
        // One cell at a time, so that each allocation comes by the slow path and is counted.
        return (start < cells).then_some((start, start + 1));
    }
    let start = find(|w| allocs[w].load(Relaxed), from, cells, false);
    if watch::is_on() {
        return (start < cells).then_some((start, start + 1));
    }
    (start < cells).then(|| (start, find(|w| allocs[w].load(Relaxed), start, cells, true)))
}

/// What unwinds from an allocation that memory does not suffice for; the machine makes a MemoryError of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Unwinds with [`OutOfMemory`]. It is no panic: nothing is printed.
#[cold]
#[inline(never)]
pub fn out_of_memory() -> ! {
    std::panic::resume_unwind(Box::new(OutOfMemory))
}

/// Whether a cell of `bytes` could be allocated at this moment, as far as the limits say.
pub fn can_allocate(bytes: usize) -> bool {
    arena::lock().could_take(bytes)
}

fn is_exhausted() -> bool {
    arena::EXHAUSTED.load(Relaxed)
}

/// Whether small allocations had to be served from the last reserve, and no collection has helped: the program should be
/// told, so that it lets go of something. True once each time.
pub fn take_exhausted() -> bool {
    is_exhausted() && arena::EXHAUSTED.swap(false, Relaxed)
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

/// Lets threads allocate in a block.
pub(crate) fn offer(space: Space, class: usize, block: BlockId) {
    crate::lock(&AVAILABLE[space as usize * CLASSES + class]).push(block);
}
