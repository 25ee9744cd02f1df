//! Sweeping: after marking, the mark bits become the allocation bits; empty blocks and dead large cells go back.
//!
//! Invariant: no memory of a dead cell is touched here (stress apart) except to run the drop of a `Final` one; threads
//! find the free cells later, interval by interval.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::arena::{self, Arena, BlockId};
use crate::block::*;
use crate::header::Header;
use crate::{Vm, alloc, stress};

/// How much of a dead large cell is poisoned.
const POISONED: usize = 64 << 10;

/// What a sweep has found.
#[derive(Default)]
pub(crate) struct Swept {
    /// Bytes of the cells that live.
    pub(crate) live: usize,
    /// How many cells that could refer to others have died.
    pub(crate) dead: usize,
}

/// Sweeps the heap.
pub(crate) fn run(vm: &dyn Vm) -> Swept {
    alloc::clear_available();
    let mut arena = arena::lock();
    let mut all = Swept::default();
    // Downwards, so that threads fill the lowest blocks first and the highest become empty.
    for block in arena::blocks().rev() {
        let sweep = Sweep { vm, block };
        if matches!(block.info().space(), Space::Scan | Space::Final) {
            all.dead += sweep.count_dead();
        }
        all.live += if block.info().state() == state::SMALL {
            sweep.small(&mut arena)
        } else {
            sweep.large(&mut arena)
        };
    }
    all
}

struct Sweep<'a> {
    vm: &'a dyn Vm,
    block: BlockId,
}

impl Sweep<'_> {
    fn info(&self) -> &'static Block {
        self.block.info()
    }

    fn words(&self) -> impl Iterator<Item = (usize, &'static AtomicU64, &'static AtomicU64)> + use<> {
        let marks = self.block.marks();
        let allocs = self.block.allocs();
        let count = self.info().cells().div_ceil(64);
        (0..count).map(move |word| (word, &marks[word], &allocs[word]))
    }

    fn count_dead(&self) -> usize {
        let dead = |marks: &AtomicU64, allocs: &AtomicU64| allocs.load(Relaxed) & !marks.load(Relaxed);
        self.words().map(|(_, marks, allocs)| dead(marks, allocs).count_ones() as usize).sum()
    }

    fn small(&self, arena: &mut Arena) -> usize {
        let info = self.info();
        if info.space() == Space::Final {
            self.drop_dead();
        }
        let resting = stress::has_been_on() && self.quarantine();
        let mut cells = 0;
        for (_, marks, allocs) in self.words() {
            let bits = marks.load(Relaxed);
            cells += bits.count_ones() as usize;
            allocs.store(bits, Relaxed);
            marks.store(0, Relaxed);
        }
        if cells == 0 && !resting {
            arena.give_back(self.block);
        } else if cells < info.cells() {
            alloc::offer(info.space(), info.class.load(Relaxed) as usize, self.block);
        }
        cells * info.cell_size()
    }

    fn large(&self, arena: &mut Arena) -> usize {
        let info = self.info();
        let marks = &self.block.marks()[0];
        if marks.swap(0, Relaxed) != 0 {
            return info.cell_size();
        }
        let allocs = &self.block.allocs()[0];
        if allocs.swap(0, Relaxed) != 0 {
            if info.space() == Space::Final {
                self.drop_cell(0);
            }
            if stress::is_on() {
                self.poison(0);
                self.block.quarantine()[0].store(1, Relaxed);
                return 0;
            }
        } else if self.block.quarantine()[0].swap(0, Relaxed) != 0 {
            self.check_poison(0);
        }
        arena.give_back(self.block);
        0
    }

    /// Runs the drops of dead cells.
    fn drop_dead(&self) {
        for (word, marks, allocs) in self.words() {
            each_bit(allocs.load(Relaxed) & !marks.load(Relaxed), |bit| self.drop_cell(word * 64 + bit));
        }
    }

    fn drop_cell(&self, index: usize) {
        let cell = self.cell(index).cast::<Header>();
        // SAFETY: an allocated cell of the space Final; its header may still be blank, and then there is nothing to drop.
        unsafe {
            if !cell.as_ref().is_blank() {
                self.vm.drop_native(cell);
            }
        }
    }

    /// Poisons the cells that die and releases those that died a cycle ago. Returns whether any rests now.
    fn quarantine(&self) -> bool {
        let mut resting = 0;
        for (word, marks, allocs) in self.words() {
            let quarantine = &self.block.quarantine()[word];
            let dead = if stress::is_on() { allocs.load(Relaxed) & !marks.load(Relaxed) } else { 0 };
            each_bit(quarantine.swap(dead, Relaxed), |bit| self.check_poison(word * 64 + bit));
            each_bit(dead, |bit| self.poison(word * 64 + bit));
            resting |= dead;
        }
        resting != 0
    }

    fn poison(&self, index: usize) {
        let bytes = self.info().cell_size().min(POISONED);
        // SAFETY: the cell is dead and nothing else uses its memory.
        unsafe { std::ptr::write_bytes(self.cell(index).as_ptr(), stress::POISON, bytes) };
    }

    fn check_poison(&self, index: usize) {
        let bytes = self.info().cell_size().min(POISONED);
        let cell = self.cell(index);
        // SAFETY: a cell in quarantine is committed memory that was filled when it died.
        let memory = unsafe { std::slice::from_raw_parts(cell.as_ptr(), bytes) };
        if let Some(offset) = memory.iter().position(|&byte| byte != stress::POISON) {
            let space = self.info().space();
            panic!(
                "byte {offset} of the dead {space:?} cell {cell:p} ({bytes} bytes) was written after it died"
            );
        }
    }

    fn cell(&self, index: usize) -> NonNull<u8> {
        let address = self.block.address() + index * self.info().cell_size();
        NonNull::new(address as *mut u8).expect("no cell lies at address zero")
    }
}

fn each_bit(mut bits: u64, mut f: impl FnMut(usize)) {
    while bits != 0 {
        f(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}
