//! The reserved address range and its blocks: hands out single blocks, spans of blocks and whole segments.
//!
//! Invariant: an address is in the heap iff `base <= address < base + used`, and segments are never unmapped.

use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering::Relaxed, Ordering::Release};
use std::sync::{Mutex, MutexGuard};

use crate::block::*;
use crate::pages::{self, PageVec};

/// Where the arena lies unless something else does: few integers of ordinary programs look like addresses there.
#[cfg(not(feature = "thread-sanitizer"))]
const PREFERRED: usize = 0x1000_0000_0000;
/// Thread sanitizer keeps its shadow at the usual place.
#[cfg(feature = "thread-sanitizer")]
const PREFERRED: usize = 0x7300_0000_0000;

/// The sizes tried, largest first; small ones serve processes under `ulimit -v`.
const SIZES_TRIED: [usize; 9] =
    [1 << 40, 64 << 30, 16 << 30, 4 << 30, 2 << 30, 1 << 30, 512 << 20, 256 << 20, 128 << 20];

static BASE: AtomicUsize = AtomicUsize::new(0);
static USED: AtomicUsize = AtomicUsize::new(0);
static TABLE: AtomicPtr<AtomicU32> = AtomicPtr::new(std::ptr::null_mut());
static ARENA: Mutex<Arena> = Mutex::new(Arena::new());

/// Entries of the segment table.
mod entry {
    /// Not in use.
    pub(super) const NONE: u32 = 0;
    /// Has a head and blocks.
    pub(super) const BLOCKS: u32 = 1;
    /// n - HUGE segments behind the one in which its only cell starts.
    pub(super) const HUGE: u32 = 1;
}

/// The books of the blocks.
pub(crate) struct Arena {
    capacity: usize,
    used: usize,
    /// Free blocks of each segment, one bit each.
    free: PageVec<[u64; BLOCKS / 64]>,
    /// An upper bound of the longest free run in each segment.
    longest: PageVec<u16>,
    /// No segment before this one has a free block.
    hint: usize,
    /// Bytes of memory and swap of the machine, or what the control group allows.
    limit: usize,
    /// Bytes of blocks in use.
    taken: usize,
}

/// A cell found from an address inside it.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) segment: &'static Segment,
    pub(crate) block: usize,
    pub(crate) index: usize,
    pub(crate) start: usize,
}

impl Found {
    #[inline]
    pub(crate) fn block(&self) -> &'static Block {
        &self.segment.blocks[self.block]
    }

    pub(crate) fn is_allocated(&self) -> bool {
        test(&self.segment.allocs[self.block], self.index)
    }

    pub(crate) fn is_marked(&self) -> bool {
        test(&self.segment.marks[self.block], self.index)
    }
}

/// Whether `address` lies in the part of the arena that has been used.
#[inline]
pub(crate) fn contains(address: usize) -> bool {
    address.wrapping_sub(BASE.load(Relaxed)) < USED.load(Relaxed)
}

/// The place of the cell that starts at `address`, which must be one.
#[inline]
pub(crate) unsafe fn at_start(address: usize) -> Found {
    // SAFETY: the start of a cell lies in a segment with blocks.
    let segment = unsafe { Segment::of(address) };
    let block = block_number(address);
    let index = segment.blocks[block].index_of(address % BLOCK);
    Found { segment, block, index, start: address }
}

/// The cell that holds `address`, whether allocated or not.
#[inline]
pub(crate) fn locate(address: usize) -> Option<Found> {
    let offset = address.wrapping_sub(BASE.load(Relaxed));
    if offset >= USED.load(Relaxed) {
        return None;
    }
    // SAFETY: the table has an entry for each segment of the arena.
    let entry = unsafe { &*TABLE.load(Relaxed).add(offset / SEGMENT) }.load(Relaxed);
    if entry == entry::NONE {
        return None;
    }
    let back = (entry - entry::HUGE) as usize;
    let mut block = if back == 0 { block_number(address) } else { FIRST };
    if block < FIRST {
        return None;
    }
    // SAFETY: an entry other than NONE leads to a segment with a head.
    let segment = unsafe { Segment::of(address - back * SEGMENT) };
    match segment.blocks[block].state() {
        state::FREE => return None,
        state::TAIL => block -= segment.blocks[block].back.load(Relaxed) as usize,
        _ => {}
    }
    let info = &segment.blocks[block];
    let first = segment.block_address(block);
    let index = info.index_of(address - first);
    let start = first + index * info.cell_size();
    let inside = index < info.cells() && address - start < info.cell_size();
    inside.then_some(Found { segment, block, index, start })
}

/// The segments that have blocks, lowest first. Stable only while the world is stopped.
pub(crate) fn segments() -> impl DoubleEndedIterator<Item = &'static Segment> {
    let base = BASE.load(Relaxed);
    (0..USED.load(Relaxed) / SEGMENT).filter_map(move |number| {
        // SAFETY: the table has an entry for each segment of the arena.
        let entry = unsafe { &*TABLE.load(Relaxed).add(number) }.load(Relaxed);
        // SAFETY: the entry says that the segment has a head.
        (entry == entry::BLOCKS).then(|| unsafe { Segment::of(base + number * SEGMENT) })
    })
}

/// Runs `f` for each allocated cell. The world is stopped and all intervals are ended.
pub(crate) fn each_allocated(mut f: impl FnMut(Found)) {
    for segment in segments() {
        for block in FIRST..BLOCKS {
            let info = &segment.blocks[block];
            if !matches!(info.state(), state::SMALL | state::LARGE) {
                continue;
            }
            for index in (0..info.cells()).filter(|&index| test(&segment.allocs[block], index)) {
                f(Found {
                    segment,
                    block,
                    index,
                    start: segment.block_address(block) + index * info.cell_size(),
                });
            }
        }
    }
}

/// A block's address as a number of 32 bits, and back.
pub(crate) fn block_id(address: usize) -> u32 {
    ((address - BASE.load(Relaxed)) / BLOCK) as u32
}

/// The inverse of [`block_id`].
pub(crate) fn block_by_id(id: u32) -> usize {
    BASE.load(Relaxed) + id as usize * BLOCK
}

/// Takes the arena's lock.
pub(crate) fn lock() -> MutexGuard<'static, Arena> {
    crate::lock(&ARENA)
}

impl Arena {
    const fn new() -> Arena {
        Arena {
            capacity: 0,
            used: 0,
            free: PageVec::new(),
            longest: PageVec::new(),
            hint: 0,
            limit: usize::MAX,
            taken: 0,
        }
    }

    /// Reserves the address range; does nothing the second time.
    pub(crate) fn open(&mut self) {
        if self.capacity != 0 {
            return;
        }
        let (start, bytes) = reserve_range();
        let table =
            pages::map(bytes / SEGMENT * size_of::<AtomicU32>()).expect("memory for the segment table");
        self.capacity = bytes / SEGMENT;
        self.limit = crate::host::memory_limit();
        TABLE.store(table.cast(), Relaxed);
        BASE.store(start, Release);
    }

    /// Bytes of blocks in use.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// The most memory the process may use.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Takes `blocks` neighbouring blocks (at most [`SPAN_MAX`] bytes) and returns the address of the first.
    pub(crate) fn take_blocks(&mut self, blocks: usize) -> Option<usize> {
        let number = match self.find_run(blocks) {
            Some(number) => number,
            None => self.add_segment()?,
        };
        let first = first_run(&self.free[number], blocks).expect("a run in the chosen segment");
        set_run(&mut self.free[number], first, blocks, false);
        self.taken += blocks * BLOCK;
        Some(self.segment_address(number) + first * BLOCK)
    }

    fn find_run(&mut self, blocks: usize) -> Option<usize> {
        for number in self.hint..self.used {
            if (self.longest[number] as usize) < blocks {
                if self.longest[number] == 0 && number == self.hint {
                    self.hint += 1;
                }
                continue;
            }
            if first_run(&self.free[number], blocks).is_some() {
                return Some(number);
            }
            self.longest[number] = longest_run(&self.free[number]) as u16;
        }
        None
    }

    /// Opens one more segment of blocks and returns its number.
    fn add_segment(&mut self) -> Option<usize> {
        let number = self.take_segments(1)?;
        self.set_entry(number, entry::BLOCKS);
        self.free[number] = [u64::MAX; BLOCKS / 64];
        set_run(&mut self.free[number], 0, FIRST, false);
        self.longest[number] = (BLOCKS - FIRST) as u16;
        self.hint = self.hint.min(number);
        Some(number)
    }

    /// Takes a cell of `bytes` that fills segments of its own and returns its address.
    pub(crate) fn take_huge(&mut self, space: Space, bytes: usize) -> Option<usize> {
        let total = bytes.checked_add(FIRST * BLOCK)?.checked_next_multiple_of(SEGMENT)?;
        if bytes > self.limit.saturating_sub(self.taken) {
            return None;
        }
        let number = self.take_segments(total / SEGMENT)?;
        self.set_entry(number, entry::BLOCKS);
        for later in 1..total / SEGMENT {
            self.set_entry(number + later, entry::HUGE + later as u32);
        }
        let address = self.segment_address(number) + FIRST * BLOCK;
        // SAFETY: the segment has just been committed and is all zero, which is a valid Segment.
        let segment = unsafe { Segment::of(address) };
        let blocks = bytes.div_ceil(BLOCK);
        for back in 1..blocks.min(BLOCKS - FIRST) {
            segment.blocks[FIRST + back].open_tail(back);
        }
        segment.blocks[FIRST].open_large(space, bytes.next_multiple_of(GRANULE), blocks);
        self.taken += blocks * BLOCK;
        Some(address)
    }

    /// Finds `count` neighbouring unused segments, committed and all zero.
    fn take_segments(&mut self, count: usize) -> Option<usize> {
        let mut run = 0;
        for number in 0..self.used {
            run = if self.entry(number) == entry::NONE { run + 1 } else { 0 };
            if run == count {
                return Some(number + 1 - count);
            }
        }
        let first = self.used - run;
        if first + count > self.capacity {
            return None;
        }
        let missing = count - run;
        pages::commit(self.segment_address(self.used) as *mut u8, missing * SEGMENT).ok()?;
        for _ in 0..missing {
            self.free.push([0; BLOCKS / 64]);
            self.longest.push(0);
        }
        self.used += missing;
        USED.store(self.used * SEGMENT, Release);
        Some(first)
    }

    /// Gives the blocks of a dead cell or an empty block back.
    pub(crate) fn give_back(&mut self, address: usize) {
        // SAFETY: the caller passes the address of a block in use.
        let segment = unsafe { Segment::of(address) };
        let first = block_number(address);
        let info = &segment.blocks[first];
        let blocks = if info.state() == state::LARGE { info.span.load(Relaxed) as usize } else { 1 };
        self.taken -= blocks * BLOCK;
        if first + blocks > BLOCKS || blocks * BLOCK > SPAN_MAX {
            return self.give_back_huge(segment, blocks);
        }
        for block in &segment.blocks[first..first + blocks] {
            block.state.store(state::FREE, Relaxed);
        }
        let number = self.number_of(segment);
        set_run(&mut self.free[number], first, blocks, true);
        self.longest[number] = (BLOCKS - FIRST) as u16;
        self.hint = self.hint.min(number);
    }

    fn give_back_huge(&mut self, segment: &Segment, blocks: usize) {
        let count = (blocks + FIRST).div_ceil(BLOCKS);
        let first = self.number_of(segment);
        pages::release(segment.address() as *mut u8, count * SEGMENT);
        for number in first..first + count {
            self.set_entry(number, entry::NONE);
        }
    }

    /// Gives memory of free runs back to the system until at most `keep` bytes of dirty free blocks are left.
    pub(crate) fn trim(&mut self, keep: usize) {
        let mut kept = 0;
        for number in 0..self.used {
            if self.entry(number) != entry::BLOCKS || self.free[number] == [0; BLOCKS / 64] {
                continue;
            }
            // SAFETY: the entry says that the segment has a head.
            let segment = unsafe { Segment::of(self.segment_address(number)) };
            let free = self.free[number];
            let mut block = FIRST;
            while block < BLOCKS {
                let run = run_of_dirty(segment, &free, block);
                kept += run * BLOCK;
                if kept > keep && run >= 4 {
                    pages::release(segment.block_address(block) as *mut u8, run * BLOCK);
                    segment.blocks[block..block + run].iter().for_each(|b| b.dirty.store(0, Relaxed));
                    kept -= run * BLOCK;
                }
                block += run.max(1);
            }
        }
    }

    fn segment_address(&self, number: usize) -> usize {
        BASE.load(Relaxed) + number * SEGMENT
    }

    fn number_of(&self, segment: &Segment) -> usize {
        (segment.address() - BASE.load(Relaxed)) / SEGMENT
    }

    fn entry(&self, number: usize) -> u32 {
        // SAFETY: the table has an entry for each segment of the arena.
        unsafe { &*TABLE.load(Relaxed).add(number) }.load(Relaxed)
    }

    fn set_entry(&self, number: usize, entry: u32) {
        // SAFETY: as in `entry`.
        unsafe { &*TABLE.load(Relaxed).add(number) }.store(entry, Relaxed);
    }
}

/// How many blocks from `block` on are free and dirty.
fn run_of_dirty(segment: &Segment, free: &[u64; BLOCKS / 64], block: usize) -> usize {
    (block..BLOCKS)
        .take_while(|&b| free[b / 64] >> (b % 64) & 1 != 0 && segment.blocks[b].dirty.load(Relaxed) != 0)
        .count()
}

fn reserve_range() -> (usize, usize) {
    let allowed = crate::host::address_space_limit() / 2;
    for bytes in SIZES_TRIED.into_iter().filter(|&bytes| bytes <= allowed) {
        if let Ok(start) = pages::reserve(PREFERRED, bytes) {
            return (start as usize, bytes);
        }
        // Some kernels have less than 47 bits of address space, some programs something else at that address.
        if let Ok(start) = pages::reserve(0, bytes + SEGMENT) {
            return ((start as usize).next_multiple_of(SEGMENT), bytes);
        }
    }
    panic!("cannot reserve address space for the heap");
}

fn first_run(free: &[u64; BLOCKS / 64], blocks: usize) -> Option<usize> {
    let mut start = 0;
    loop {
        start = find(|word| free[word], start, BLOCKS, true);
        if start == BLOCKS {
            return None;
        }
        let end = find(|word| free[word], start, BLOCKS, false);
        if end - start >= blocks {
            return Some(start);
        }
        start = end;
    }
}

fn longest_run(free: &[u64; BLOCKS / 64]) -> usize {
    let (mut start, mut longest) = (0, 0);
    while start < BLOCKS {
        start = find(|word| free[word], start, BLOCKS, true);
        let end = find(|word| free[word], start, BLOCKS, false);
        longest = longest.max(end - start);
        start = end;
    }
    longest
}

fn set_run(free: &mut [u64; BLOCKS / 64], first: usize, blocks: usize, set: bool) {
    for block in first..first + blocks {
        let bit = 1 << (block % 64);
        if set { free[block / 64] |= bit } else { free[block / 64] &= !bit }
    }
}
