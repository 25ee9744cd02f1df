//! The reserved address range: the tables of blocks, then the blocks; hands out single blocks and runs of them.
//!
//! Invariant: an address is in the heap iff `base <= address < base + used`; all of that stays committed for good, and a
//! block's records are valid as soon as its address is in the heap.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed, Ordering::Release};
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

/// Address space that a process needs beside the heap.
const STACKS_AND_MORE: usize = 768 << 20;

/// The tables beside the blocks: a record per block in each.
mod table {
    use super::*;

    /// Bytes of a block's record in each table, in the order in which they lie in the reservation.
    pub(super) const RECORDS: [usize; 5] =
        [size_of::<Block>(), size_of::<Bits>(), size_of::<Bits>(), size_of::<Bits>(), size_of::<Bits>()];
    pub(super) const INFO: usize = 0;
    pub(super) const MARKS: usize = 1;
    pub(super) const ALLOCS: usize = 2;
    pub(super) const QUARANTINE: usize = 3;
    pub(super) const REACHED: usize = 4;
    /// Where each table starts.
    pub(super) static STARTS: [AtomicUsize; 5] = [const { AtomicUsize::new(0) }; 5];

    /// The address of block `id`'s record.
    #[inline]
    pub(super) fn record(table: usize, id: usize) -> usize {
        STARTS[table].load(Relaxed) + id * RECORDS[table]
    }
}

static BASE: AtomicUsize = AtomicUsize::new(0);
static USED: AtomicUsize = AtomicUsize::new(0);
static ARENA: Mutex<Arena> = Mutex::new(Arena::new());

/// The books of the blocks.
pub(crate) struct Arena {
    /// Segments that there is room for.
    capacity: usize,
    /// Segments that have been committed.
    used: usize,
    /// Free blocks of each segment, one bit each.
    free: PageVec<[u64; BLOCKS / 64]>,
    /// An upper bound of the longest free run in each segment.
    longest: PageVec<u16>,
    /// No segment before this one has a free block.
    hint: usize,
    /// Bytes of memory and swap of the machine, or what the control group or the address space allows.
    limit: usize,
    /// Bytes of blocks in use.
    taken: usize,
    /// Small allocations may use the reserve.
    reserve_open: bool,
    /// Bytes that they have taken of it since the program was last told.
    reserve_taken: usize,
}

/// What only small cells may take, once nothing else is left: enough to raise and handle an exception.
const RESERVE: usize = 2 * SEGMENT;
/// The largest cell that the reserve is for: what one instruction of bytecode may need is smaller.
pub(crate) const RESERVED_MAX: usize = 1 << 20;
/// What the program may take of it before it is told again: it is busy handling the last exception.
const GRACE: usize = RESERVE / 8;
/// The program is to be told that memory is exhausted.
pub(crate) static EXHAUSTED: AtomicBool = AtomicBool::new(false);

/// A block of the arena, by its number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockId(pub(crate) usize);

impl BlockId {
    /// The block that holds `address`, which must lie in the used part of the arena.
    #[inline]
    pub(crate) fn of(address: usize) -> BlockId {
        BlockId((address - BASE.load(Relaxed)) / BLOCK)
    }

    #[inline]
    pub(crate) fn address(self) -> usize {
        BASE.load(Relaxed) + self.0 * BLOCK
    }

    #[inline]
    pub(crate) fn info(self) -> &'static Block {
        debug_assert!(self.0 < USED.load(Relaxed) / BLOCK);
        // SAFETY: the tables are committed for each used block, and zeroes are a valid record.
        unsafe { &*(table::record(table::INFO, self.0) as *const Block) }
    }

    /// The cell was reached in the running cycle.
    #[inline]
    pub(crate) fn marks(self) -> &'static Bits {
        // SAFETY: as for info.
        unsafe { &*(table::record(table::MARKS, self.0) as *const Bits) }
    }

    /// The cell is allocated (or lies in the interval of a running thread).
    #[inline]
    pub(crate) fn allocs(self) -> &'static Bits {
        // SAFETY: as for info.
        unsafe { &*(table::record(table::ALLOCS, self.0) as *const Bits) }
    }

    /// The cell died in the last cycle and must not be reused yet (stress only).
    #[inline]
    pub(crate) fn quarantine(self) -> &'static Bits {
        // SAFETY: as for info.
        unsafe { &*(table::record(table::QUARANTINE, self.0) as *const Bits) }
    }

    /// The cell was reached by the second trace (stress only).
    #[inline]
    pub(crate) fn reached(self) -> &'static Bits {
        // SAFETY: as for info.
        unsafe { &*(table::record(table::REACHED, self.0) as *const Bits) }
    }
}

/// A cell found from an address inside it.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) block: BlockId,
    pub(crate) index: usize,
    pub(crate) start: usize,
}

impl Found {
    #[inline]
    pub(crate) fn info(&self) -> &'static Block {
        self.block.info()
    }

    #[inline]
    pub(crate) fn is_allocated(&self) -> bool {
        test(self.block.allocs(), self.index)
    }

    pub(crate) fn is_marked(&self) -> bool {
        test(self.block.marks(), self.index)
    }

    pub(crate) fn is_quarantined(&self) -> bool {
        test(self.block.quarantine(), self.index)
    }
}

/// Whether `address` lies in the part of the arena that has been used.
#[inline]
pub(crate) fn contains(address: usize) -> bool {
    address.wrapping_sub(BASE.load(Relaxed)) < USED.load(Relaxed)
}

/// The place of the cell that starts at `address`, which must be one.
#[inline]
pub(crate) fn at_start(address: usize) -> Found {
    let block = BlockId::of(address);
    Found { block, index: block.info().index_of(address % BLOCK), start: address }
}

/// The cell that holds `address`, whether allocated or not.
#[inline]
pub(crate) fn locate(address: usize) -> Option<Found> {
    if !contains(address) {
        return None;
    }
    let mut block = BlockId::of(address);
    match block.info().state() {
        state::FREE => return None,
        state::TAIL => block = BlockId(block.0 - block.info().span()),
        _ => {}
    }
    let info = block.info();
    let first = block.address();
    let index = info.index_of(address - first);
    let start = first + index * info.cell_size();
    let inside = index < info.cells() && address - start < info.cell_size();
    inside.then_some(Found { block, index, start })
}

/// The blocks in which cells start. Stable only while the world is stopped.
pub(crate) fn blocks() -> impl DoubleEndedIterator<Item = BlockId> {
    (0..USED.load(Relaxed) / BLOCK).map(BlockId).filter(|block| block.info().has_cells())
}

/// Runs `f` for each allocated cell. The world is stopped and all intervals are ended.
pub(crate) fn each_allocated(mut f: impl FnMut(Found)) {
    for block in blocks() {
        let info = block.info();
        for index in (0..info.cells()).filter(|&index| test(block.allocs(), index)) {
            f(Found { block, index, start: block.address() + index * info.cell_size() });
        }
    }
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
            reserve_open: false,
            reserve_taken: 0,
        }
    }

    /// Reserves the address range; does nothing the second time.
    pub(crate) fn open(&mut self) {
        if self.capacity != 0 {
            return;
        }
        let (start, bytes) = reserve_range();
        self.capacity = bytes / SEGMENT;
        self.limit = crate::host::memory_limit().min(bytes);
        let mut next = start;
        for (start, record) in table::STARTS.iter().zip(table::RECORDS) {
            start.store(next, Relaxed);
            next += bytes / BLOCK * record;
        }
        BASE.store(next, Release);
    }

    /// Bytes of blocks in use.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// The most memory the process may use.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether `bytes` more may be taken.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        bytes <= self.limit.saturating_sub(self.taken)
    }

    /// Whether limit and address space leave room for a cell of `bytes`.
    pub(crate) fn could_take(&self, bytes: usize) -> bool {
        let free = self.limit.saturating_sub(self.taken);
        free >= RESERVE && bytes <= free - RESERVE
    }

    /// What must be left over when `bytes` are taken.
    fn kept_back(&self, bytes: usize) -> usize {
        if self.reserve_open && bytes <= RESERVED_MAX { 0 } else { RESERVE }
    }

    /// Lets small allocations use the reserve until a collection finds that it is not needed any more.
    pub(crate) fn open_reserve(&mut self) {
        self.reserve_open = true;
        self.tell();
    }

    fn tell(&mut self) {
        self.reserve_taken = 0;
        EXHAUSTED.store(true, Relaxed);
        crate::cycle::want();
    }

    /// Counts what is taken of the reserve.
    fn note_reserve(&mut self, bytes: usize) {
        if self.reserve_open && !self.could_take(0) {
            self.reserve_taken += bytes;
            if self.reserve_taken >= GRACE {
                self.tell();
            }
        }
    }

    /// After a collection: closes the reserve if there is room without it.
    pub(crate) fn close_reserve(&mut self) {
        let free = self.limit.saturating_sub(self.taken);
        // Twice as much, so that the next few allocations do not open it again.
        if self.reserve_open && free >= 2 * RESERVE {
            self.reserve_open = false;
            self.reserve_taken = 0;
            EXHAUSTED.store(false, Relaxed);
        }
    }

    /// Takes `blocks` neighbouring blocks.
    pub(crate) fn take(&mut self, blocks: usize) -> Option<BlockId> {
        let bytes = blocks.checked_mul(BLOCK)?;
        let kept_back = self.kept_back(bytes);
        if !self.has_room(bytes.checked_add(kept_back)?) {
            return None;
        }
        let first = if bytes > SPAN_MAX {
            self.find_segments(blocks, kept_back)?
        } else {
            self.find_blocks(blocks, kept_back)?
        };
        for number in first.0 / BLOCKS..=(first.0 + blocks - 1) / BLOCKS {
            let (from, to) = part_of(number, first, blocks);
            set_run(&mut self.free[number], from, to, false);
        }
        self.taken += bytes;
        self.note_reserve(bytes);
        Some(first)
    }

    /// Finds a run of free blocks in one segment.
    fn find_blocks(&mut self, blocks: usize, kept_back: usize) -> Option<BlockId> {
        for number in self.hint..self.used {
            if (self.longest[number] as usize) < blocks {
                if self.longest[number] == 0 && number == self.hint {
                    self.hint += 1;
                }
                continue;
            }
            if let Some(block) = first_run(&self.free[number], blocks) {
                return Some(BlockId(number * BLOCKS + block));
            }
            self.longest[number] = longest_run(&self.free[number]) as u16;
        }
        let number = self.used;
        self.grow(1, kept_back)?;
        Some(BlockId(number * BLOCKS))
    }

    /// Finds whole segments for a huge cell.
    fn find_segments(&mut self, blocks: usize, kept_back: usize) -> Option<BlockId> {
        let count = blocks.div_ceil(BLOCKS);
        let mut run = 0;
        for number in 0..self.used {
            run = if self.free[number] == [u64::MAX; BLOCKS / 64] { run + 1 } else { 0 };
            if run == count {
                return Some(BlockId((number + 1 - count) * BLOCKS));
            }
        }
        self.grow(count - run, kept_back)?;
        Some(BlockId((self.used - count) * BLOCKS))
    }

    /// Commits `count` more segments and their parts of the tables.
    fn grow(&mut self, count: usize, kept_back: usize) -> Option<()> {
        if self.used + count + kept_back.div_ceil(SEGMENT) > self.capacity {
            return None;
        }
        let blocks = self.used * BLOCKS;
        for (number, record) in table::RECORDS.into_iter().enumerate() {
            let start = table::record(number, blocks) as *mut u8;
            pages::commit(start, count * BLOCKS * record).ok()?;
        }
        let start = BlockId(blocks).address() as *mut u8;
        pages::commit(start, count * SEGMENT).ok()?;
        if blocks != 0 {
            // Who needs more than one segment will fill this one too.
            pages::prefer_large(start, count * SEGMENT);
        }
        for _ in 0..count {
            self.free.push([u64::MAX; BLOCKS / 64]);
            self.longest.push(BLOCKS as u16);
        }
        self.used += count;
        USED.store(self.used * SEGMENT, Release);
        Some(())
    }

    /// Gives the blocks of a dead large cell or an empty block back.
    pub(crate) fn give_back(&mut self, first: BlockId) {
        let blocks = if first.info().state() == state::LARGE { first.info().span() } else { 1 };
        for block in first.0..first.0 + blocks {
            BlockId(block).info().state.store(state::FREE, Relaxed);
        }
        for number in first.0 / BLOCKS..=(first.0 + blocks - 1) / BLOCKS {
            let (from, to) = part_of(number, first, blocks);
            set_run(&mut self.free[number], from, to, true);
            self.longest[number] = BLOCKS as u16;
        }
        self.hint = self.hint.min(first.0 / BLOCKS);
        self.taken -= blocks * BLOCK;
        if blocks * BLOCK > SPAN_MAX {
            release(first, blocks);
        }
    }

    /// Gives memory of free runs back to the system until at most `keep` bytes of dirty free blocks are left.
    pub(crate) fn trim(&mut self, keep: usize) {
        /// Shorter runs are not worth a system call.
        const WORTH: usize = 4;
        let mut kept = 0;
        for number in 0..self.used {
            let free = self.free[number];
            let mut block = 0;
            while free != [0; BLOCKS / 64] && block < BLOCKS {
                let first = BlockId(number * BLOCKS + block);
                let run = (block..BLOCKS)
                    .take_while(|&b| free[b / 64] >> (b % 64) & 1 != 0)
                    .take_while(|&b| BlockId(number * BLOCKS + b).info().dirty.load(Relaxed) != 0)
                    .count();
                if kept + run * BLOCK > keep && run >= WORTH {
                    release(first, run);
                } else {
                    kept += run * BLOCK;
                }
                block += run.max(1);
            }
        }
    }
}

/// The blocks of segment `number` that belong to the run of `blocks` from `first` on.
fn part_of(number: usize, first: BlockId, blocks: usize) -> (usize, usize) {
    let from = first.0.saturating_sub(number * BLOCKS);
    let to = (first.0 + blocks - number * BLOCKS).min(BLOCKS);
    (from, to)
}

/// Gives the memory of free blocks back to the system.
fn release(first: BlockId, blocks: usize) {
    pages::release(first.address() as *mut u8, blocks * BLOCK);
    for block in first.0..first.0 + blocks {
        BlockId(block).info().dirty.store(0, Relaxed);
    }
}

/// Reserves the tables and, at their end, the blocks. Returns where the tables start and the bytes of the blocks.
fn reserve_range() -> (usize, usize) {
    // The other half is for everything else, of which stacks are the most.
    let limit = crate::host::address_space_limit();
    let allowed = if limit < STACKS_AND_MORE * 2 { limit / 4 } else { limit / 2 };
    let per_block: usize = table::RECORDS.iter().sum();
    for bytes in SIZES_TRIED.into_iter().filter(|&bytes| bytes <= allowed) {
        let tables = bytes / BLOCK * per_block;
        if let Ok(start) = pages::reserve(PREFERRED - tables, tables + bytes) {
            return (start as usize, bytes);
        }
        // Some kernels have less than 47 bits of address space, some programs something else at that address.
        if let Ok(start) = pages::reserve(0, tables + bytes + BLOCK) {
            return (start as usize + (start as usize + tables).wrapping_neg() % BLOCK, bytes);
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

fn set_run(free: &mut [u64; BLOCKS / 64], from: usize, to: usize, set: bool) {
    for block in from..to {
        let bit = 1 << (block % 64);
        if set { free[block / 64] |= bit } else { free[block / 64] &= !bit }
    }
}
