//! Size classes and blocks: where a cell's size, space, mark bit and allocation bit are found from its address.
//!
//! What is known of blocks lies in tables beside the arena, one record per block and table: heads inside aligned segments
//! would all compete for the same cache sets. Invariant: the bits of a cell are indexed by its number inside its block, so a
//! run of free cells is a run of zero bits.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Bytes of a segment, the unit in which the arena grows.
pub(crate) const SEGMENT: usize = 4 << 20;
/// Bytes of a block, the unit that has one size class and one space.
pub(crate) const BLOCK: usize = 16 << 10;
/// Blocks of a segment.
pub(crate) const BLOCKS: usize = SEGMENT / BLOCK;
/// Cells are multiples of this and aligned to it.
pub(crate) const GRANULE: usize = 16;
/// The largest cell that shares a block.
pub(crate) const SMALL_MAX: usize = 8192;
/// The largest cell that shares a segment.
pub(crate) const SPAN_MAX: usize = 2 << 20;
/// Words of one bitmap of one block.
pub(crate) const BIT_WORDS: usize = BLOCK / GRANULE / 64;

/// What a cell is to the collector.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Has a header and is traced precisely.
    Scan = 0,
    /// Has a header and holds no references.
    Leaf = 1,
    /// Has a header, is traced precisely, and [`crate::Vm::drop_native`] runs when it is swept.
    Final = 2,
    /// Has no header; every word may be a reference.
    Raw = 3,
    /// Has no header and is never scanned.
    Bytes = 4,
}

/// The number of spaces.
pub(crate) const SPACES: usize = 5;

impl Space {
    pub(crate) const ALL: [Space; SPACES] =
        [Space::Scan, Space::Leaf, Space::Final, Space::Raw, Space::Bytes];

    #[inline]
    pub(crate) fn from_index(index: u8) -> Space {
        Space::ALL[index as usize]
    }

    /// Whether cells of this space open with a [`crate::Header`].
    #[inline]
    pub fn has_header(self) -> bool {
        matches!(self, Space::Scan | Space::Leaf | Space::Final)
    }
}

const fn next_size(size: usize) -> usize {
    if size < 256 {
        return size + GRANULE;
    }
    // A step of 12 %, then as large as the same number of cells per block allows.
    let wanted = (size * 112 / 100).next_multiple_of(GRANULE);
    let cells = BLOCK / wanted;
    BLOCK / cells / GRANULE * GRANULE
}

const fn count_classes() -> usize {
    let mut size = GRANULE;
    let mut count = 1;
    while size < SMALL_MAX {
        size = next_size(size);
        count += 1;
    }
    count
}

/// The number of size classes.
pub(crate) const CLASSES: usize = count_classes();

/// Bytes of a cell of each class.
pub(crate) static SIZES: [u16; CLASSES] = {
    let mut sizes = [0; CLASSES];
    let mut size = GRANULE;
    let mut class = 0;
    while class < CLASSES {
        sizes[class] = size as u16;
        size = next_size(size);
        class += 1;
    }
    sizes
};

/// The class of a cell of n granules.
static CLASS_OF: [u8; SMALL_MAX / GRANULE + 1] = {
    let mut classes = [0; SMALL_MAX / GRANULE + 1];
    let mut class = 0;
    let mut granules = 0;
    let mut size = GRANULE;
    while granules <= SMALL_MAX / GRANULE {
        if granules * GRANULE > size {
            size = next_size(size);
            class += 1;
        }
        classes[granules] = class;
        granules += 1;
    }
    classes
};

/// The class of a small cell of `bytes` (at most [`SMALL_MAX`]).
#[inline]
pub(crate) fn class_of(bytes: usize) -> usize {
    CLASS_OF[bytes.div_ceil(GRANULE)] as usize
}

/// What a block is used for.
pub(crate) mod state {
    pub(crate) const FREE: u8 = 0;
    /// Many cells of one class.
    pub(crate) const SMALL: u8 = 1;
    /// The first block of a cell of its own.
    pub(crate) const LARGE: u8 = 2;
    /// A later block of a LARGE cell.
    pub(crate) const TAIL: u8 = 3;
}

/// What the collector knows of a block, its bits apart. All fields are written under the arena's lock or with the world stopped.
#[repr(C, align(32))]
pub(crate) struct Block {
    /// 2^24 / granules of a cell, rounded up; 0 in LARGE blocks, so that every offset has index 0.
    pub(crate) reciprocal: AtomicU32,
    pub(crate) state: AtomicU8,
    pub(crate) space: AtomicU8,
    pub(crate) class: AtomicU8,
    /// Whether the memory may hold something other than zeroes.
    pub(crate) dirty: AtomicU8,
    pub(crate) cell_size: AtomicUsize,
    pub(crate) cells: AtomicU32,
    /// LARGE: how many blocks the cell has. TAIL: how many blocks back it starts.
    pub(crate) span: AtomicU32,
}

impl Block {
    #[inline]
    pub(crate) fn state(&self) -> u8 {
        self.state.load(Relaxed)
    }

    #[inline]
    pub(crate) fn space(&self) -> Space {
        Space::from_index(self.space.load(Relaxed))
    }

    #[inline]
    pub(crate) fn cell_size(&self) -> usize {
        self.cell_size.load(Relaxed)
    }

    #[inline]
    pub(crate) fn cells(&self) -> usize {
        self.cells.load(Relaxed) as usize
    }

    #[inline]
    pub(crate) fn span(&self) -> usize {
        self.span.load(Relaxed) as usize
    }

    /// Whether cells start in this block.
    pub(crate) fn has_cells(&self) -> bool {
        matches!(self.state(), state::SMALL | state::LARGE)
    }

    #[inline]
    pub(crate) fn index_of(&self, offset: usize) -> usize {
        let granule = (offset / GRANULE) as u64;
        (granule.wrapping_mul(self.reciprocal.load(Relaxed) as u64) >> 24) as usize
    }

    /// Makes a free block one of `space` and `class`.
    pub(crate) fn open_small(&self, space: Space, class: usize) {
        let size = SIZES[class] as usize;
        self.reciprocal.store((1u32 << 24).div_ceil((size / GRANULE) as u32), Relaxed);
        self.space.store(space as u8, Relaxed);
        self.class.store(class as u8, Relaxed);
        self.cell_size.store(size, Relaxed);
        self.cells.store((BLOCK / size) as u32, Relaxed);
        self.state.store(state::SMALL, Relaxed);
    }

    /// Makes a free block the head of a cell of `bytes` in `blocks` blocks.
    pub(crate) fn open_large(&self, space: Space, bytes: usize, blocks: usize) {
        self.reciprocal.store(0, Relaxed);
        self.space.store(space as u8, Relaxed);
        self.cell_size.store(bytes, Relaxed);
        self.cells.store(1, Relaxed);
        self.span.store(blocks as u32, Relaxed);
        self.state.store(state::LARGE, Relaxed);
    }

    /// Makes a free block the one `back` blocks behind a head.
    pub(crate) fn open_tail(&self, back: usize) {
        self.span.store(back as u32, Relaxed);
        self.state.store(state::TAIL, Relaxed);
    }
}

/// One bit for each cell of a block.
pub(crate) type Bits = [AtomicU64; BIT_WORDS];

/// Whether bit `index` is set.
#[inline]
pub(crate) fn test(bits: &Bits, index: usize) -> bool {
    bits[index / 64].load(Relaxed) >> (index % 64) & 1 != 0
}

/// Sets or clears the bits `[from, to)`; only the block's owner may call this.
pub(crate) fn fill(bits: &Bits, from: usize, to: usize, set: bool) {
    let mut index = from;
    while index < to {
        let word = &bits[index / 64];
        let low = index % 64;
        let count = (64 - low).min(to - index);
        let mask = (u64::MAX >> (64 - count)) << low;
        let old = word.load(Relaxed);
        word.store(if set { old | mask } else { old & !mask }, Relaxed);
        index += count;
    }
}

/// The first index from `from` on whose bit in `word(i)` equals `set`, or `end`.
#[inline]
pub(crate) fn find(word: impl Fn(usize) -> u64, from: usize, end: usize, set: bool) -> usize {
    let mut index = from;
    while index < end {
        let bits = if set { word(index / 64) } else { !word(index / 64) };
        let rest = bits >> (index % 64);
        if rest != 0 {
            return (index + rest.trailing_zeros() as usize).min(end);
        }
        index = (index / 64 + 1) * 64;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_cover_all_small_sizes() {
        for bytes in 0..=SMALL_MAX {
            let class = class_of(bytes);
            assert!(SIZES[class] as usize >= bytes);
            assert!(class == 0 || (SIZES[class - 1] as usize) < bytes);
        }
        assert_eq!(SIZES[CLASSES - 1] as usize, SMALL_MAX);
        assert!((30..=48).contains(&CLASSES), "{CLASSES} classes: {SIZES:?}");
    }

    #[test]
    fn reciprocals_divide_exactly() {
        for &size in &SIZES {
            let granules = size as u64 / GRANULE as u64;
            let reciprocal = (1u64 << 24).div_ceil(granules);
            for granule in 0..(BLOCK / GRANULE) as u64 {
                assert_eq!((granule * reciprocal) >> 24, granule / granules, "{granule} / {granules}");
            }
        }
    }
}
