//! Marking: follows references from the roots and sets the mark bit of each cell it reaches.
//!
//! Invariant: a marker exists only while the world is stopped, and there is one; so its bit operations need no atomics.

use std::ptr::NonNull;
use std::sync::atomic::Ordering::Relaxed;

use crate::arena::{self, Found};
use crate::block::{Bits, Space};
use crate::header::Header;
use crate::pages::PageVec;
use crate::{Vm, stress};

/// How many cells are fetched ahead of their tracing.
const RING: usize = 8;

/// Asks for the first cache line of a cell.
#[inline(always)]
fn prefetch(address: usize) {
    // SAFETY: a prefetch of any address has no effect but on the cache.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address as *const i8);
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) address, options(nostack, readonly, preserves_flags));
    }
}

/// What reaching a cell means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Set its mark bit and trace it later.
    Mark,
    /// As Mark, and note its address in `noted`.
    Note,
    /// Note its address in `noted` if it is not marked; trace nothing.
    Edges,
    /// Set its bit in the verifier's own table and trace it later.
    Verify,
}

/// Sets a bit; whether it was clear.
#[inline(always)]
fn set(bits: &Bits, index: usize) -> bool {
    let word = &bits[index / 64];
    let old = word.load(Relaxed);
    let bit = 1 << (index % 64);
    word.store(old | bit, Relaxed);
    old & bit == 0
}

/// Collects references; handed to the functions of [`Vm`].
pub struct Marker {
    vm: &'static dyn Vm,
    pub(crate) mode: Mode,
    stack: PageVec<usize>,
    pub(crate) noted: PageVec<usize>,
}

impl Marker {
    pub(crate) fn new(vm: &'static dyn Vm) -> Marker {
        Marker { vm, mode: Mode::Mark, stack: PageVec::new(), noted: PageVec::new() }
    }

    /// A reference to the start of a cell. Cells outside the heap are ignored: they are immortal and not traced.
    #[inline]
    pub fn mark(&mut self, cell: NonNull<Header>) {
        let address = cell.as_ptr() as usize;
        if arena::contains(address) {
            debug_assert!(
                arena::locate(address).is_some_and(|found| found.start == address),
                "{address:#x} is not the start of a cell"
            );
            self.reach(arena::at_start(address));
        }
    }

    /// A word that is a value of the machine: a reference to a cell's start iff its low three bits are clear and it is
    /// not zero.
    #[inline]
    pub fn value(&mut self, bits: u64) {
        if bits & 7 == 0
            && let Some(cell) = NonNull::new(bits as *mut Header)
        {
            self.mark(cell);
        }
    }

    /// A word that may be anything, such as an address inside a cell.
    #[inline]
    pub fn word(&mut self, bits: u64) {
        if let Some(found) = arena::locate(bits as usize)
            && found.is_allocated()
        {
            self.reach(found);
        }
    }

    /// The address of a cell without header, or one inside it, or null.
    #[inline]
    pub fn buffer(&mut self, address: *const u8) {
        self.word(address as u64);
    }

    /// Words that may be anything.
    ///
    /// # Safety
    /// `[start, start + words)` is readable memory.
    pub unsafe fn range(&mut self, start: *const u64, words: usize) {
        for index in 0..words {
            // SAFETY: inside the range. Volatile, because other threads' stacks are nobody's Rust object here.
            self.word(unsafe { start.add(index).read_volatile() });
        }
    }

    /// The words of `[low, high)`, rounded inwards.
    pub(crate) fn stack_range(&mut self, low: usize, high: usize) {
        let low = low.next_multiple_of(8);
        if low < high {
            // SAFETY: the caller passes the live part of a stopped thread's stack.
            unsafe { self.range(low as *const u64, (high - low) / 8) };
        }
    }

    /// A cell has been reached.
    #[inline]
    fn reach(&mut self, found: Found) {
        debug_assert!(found.is_allocated(), "{}", dead_reference(&found));
        if self.mode == Mode::Mark || self.mode == Mode::Note {
            if set(found.block.marks(), found.index) {
                self.first_reached(&found);
            }
        } else {
            self.reach_otherwise(&found);
        }
    }

    #[inline]
    fn first_reached(&mut self, found: &Found) {
        if self.mode == Mode::Note {
            self.noted.push(found.start);
        }
        match found.info().space() {
            Space::Leaf | Space::Bytes => {}
            Space::Scan | Space::Final | Space::Raw => self.stack.push(found.start),
        }
        if stress::is_on() {
            assert!(found.is_allocated(), "{}", dead_reference(found));
        }
    }

    #[cold]
    fn reach_otherwise(&mut self, found: &Found) {
        match self.mode {
            Mode::Edges if !found.is_marked() => self.noted.push(found.start),
            Mode::Verify if set(found.block.reached(), found.index) => self.stack.push(found.start),
            _ => {}
        }
    }

    /// Traces everything reached so far and what that reaches. Cells wait in a ring between the stack and their turn, so
    /// that the memory of several is on its way at once.
    pub(crate) fn drain(&mut self) {
        let mut ring = [0; RING];
        let mut turn = 0;
        let mut waiting = 0;
        loop {
            let next = self.stack.pop().unwrap_or(0);
            prefetch(next);
            waiting += usize::from(next != 0);
            let due = std::mem::replace(&mut ring[turn % RING], next);
            turn += 1;
            if due != 0 {
                waiting -= 1;
                self.trace(due);
            } else if waiting == 0 {
                return;
            }
        }
    }

    /// Reports the references inside the cell at `address`.
    pub(crate) fn trace(&mut self, address: usize) {
        let found = arena::at_start(address);
        let size = found.info().cell_size();
        match found.info().space() {
            Space::Leaf | Space::Bytes => {}
            Space::Raw => {
                // SAFETY: the cell is `size` bytes of committed memory.
                unsafe { self.range(address as *const u64, size / 8) };
            }
            Space::Scan | Space::Final => {
                // SAFETY: cells of these spaces open with a header, blank until the owner stores one.
                let header = unsafe { &*(address as *const Header) };
                if !header.is_blank() {
                    let vm = self.vm;
                    // SAFETY: the cell is allocated and initialised, and the world is stopped.
                    unsafe { vm.trace(NonNull::from(header), size, self) };
                }
            }
        }
    }

    /// Whether all reached cells have been traced.
    pub(crate) fn is_idle(&self) -> bool {
        self.stack.is_empty()
    }
}

/// Whether `cell` was reached in the running cycle (or lies outside the heap). For use while the world is stopped.
pub fn is_marked(cell: NonNull<Header>) -> bool {
    let address = cell.as_ptr() as usize;
    !arena::contains(address) || arena::at_start(address).is_marked()
}

/// The allocated cell that holds `address`: its start, its space, its size. Exact only while the world is stopped:
/// cells that a running thread is about to hand out count as allocated.
pub fn cell_containing(address: *const u8) -> Option<(NonNull<u8>, Space, usize)> {
    let found = arena::locate(address as usize).filter(Found::is_allocated)?;
    let start = NonNull::new(found.start as *mut u8)?;
    Some((start, found.info().space(), found.info().cell_size()))
}

#[cold]
fn dead_reference(found: &Found) -> String {
    let quarantined = found.is_quarantined();
    // SAFETY: the cell's memory is committed.
    let first = unsafe { (found.start as *const u64).read() };
    format!(
        "a live cell or root refers to the dead cell {:#x} ({:?}, {} bytes, first word {first:#x}{})",
        found.start,
        found.info().space(),
        found.info().cell_size(),
        if quarantined { ", died in the last cycle" } else { "" },
    )
}
