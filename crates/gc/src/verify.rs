//! Checks a cycle's marking: traces once more from the roots into a set of its own and compares that with the bits.
//!
//! Invariant: a cell is marked iff the second trace reaches it; anything else is a defect of a trace function or of the
//! collector, and stops the process.

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

use crate::arena;
use crate::mark::{Marker, Mode};

/// The cells that the second trace has reached.
pub(crate) struct Reached(HashSet<usize>);

impl Reached {
    pub(crate) fn new() -> Reached {
        Reached(HashSet::new())
    }

    /// Adds a cell; whether it is new.
    pub(crate) fn insert(&mut self, cell: usize) -> bool {
        self.0.insert(cell)
    }
}

/// Traces again from what `roots` reports and compares.
pub(crate) fn run(marker: &mut Marker, roots: impl FnOnce(&mut Marker)) {
    marker.mode = Mode::Verify;
    roots(marker);
    marker.drain();
    marker.mode = Mode::Mark;
    let reached = std::mem::replace(&mut marker.reached, Reached::new()).0;
    for cell in &reached {
        assert!(arena::at_start(*cell).is_marked(), "the cell {cell:#x} is reachable but was not marked");
    }
    let marked = count_marked();
    assert_eq!(marked, reached.len(), "cells that are not reachable were marked");
}

/// How many cells are marked; each must be allocated.
fn count_marked() -> usize {
    let mut count = 0;
    for block in arena::blocks() {
        for (marks, allocs) in block.marks().iter().zip(block.allocs()) {
            let marks = marks.load(Relaxed);
            count += marks.count_ones() as usize;
            let free = marks & !allocs.load(Relaxed);
            assert!(free == 0, "a free cell of the block {:#x} is marked", block.address());
        }
    }
    count
}
