//! Looking at the heap from outside: all cells, what one refers to. CPython: `gc.get_objects`, `gc.get_referents`.
//!
//! Invariant: what is reported was allocated when the world stopped; it may have been unreachable since the last collection.

use std::ptr::NonNull;

use crate::arena;
use crate::block::Space;
use crate::cycle::retire_all;
use crate::header::Header;
use crate::mark::{Marker, Mode};
use crate::pages::PageVec;
use crate::safepoint::stop_the_world;
use crate::thread::Thread;

/// Runs `f` with the world stopped for each cell that has a header: its address, its space, its size.
pub fn each_cell(thread: &Thread, mut f: impl FnMut(NonNull<Header>, Space, usize)) {
    stop_the_world(thread, || {
        retire_all();
        arena::each_allocated(|found| {
            let Some(cell) = NonNull::new(found.start as *mut Header) else { return };
            let info = found.info();
            // SAFETY: an allocated cell of a space with headers.
            if info.space().has_header() && !unsafe { cell.as_ref() }.is_blank() {
                f(cell, info.space(), info.cell_size());
            }
        });
    });
}

/// Runs `f` with the world stopped for each cell with a header that `cell` refers to, directly or through buffers
/// without header; once for each reference that is traced. Cells outside the heap refer to nothing and are not reported.
pub fn each_referent(thread: &Thread, cell: NonNull<Header>, mut f: impl FnMut(NonNull<Header>)) {
    let address = cell.as_ptr() as usize;
    if !arena::contains(address) {
        return;
    }
    stop_the_world(thread, || {
        retire_all();
        Edges::new().of(address, &mut f);
    });
}

/// Runs `f` with the world stopped for each reference from a cell with a header to another one, directly or through
/// buffers without header: the cell, then what it refers to.
pub fn each_reference(thread: &Thread, mut f: impl FnMut(NonNull<Header>, NonNull<Header>)) {
    stop_the_world(thread, || {
        retire_all();
        let mut edges = Edges::new();
        arena::each_allocated(|found| {
            let Some(cell) = NonNull::new(found.start as *mut Header) else { return };
            // SAFETY: an allocated cell of a space with headers.
            if found.info().space().has_header() && !unsafe { cell.as_ref() }.is_blank() {
                edges.of(found.start, &mut |target| f(cell, target));
            }
        });
    });
}

/// Finds what cells refer to while the world is stopped.
struct Edges {
    marker: Marker,
    buffers: PageVec<usize>,
}

impl Edges {
    fn new() -> Edges {
        let mut marker = Marker::new(crate::vm());
        // Outside of collections nothing is marked, so every reference is noted.
        marker.mode = Mode::Edges;
        Edges { marker, buffers: PageVec::new() }
    }

    fn of(&mut self, address: usize, f: &mut impl FnMut(NonNull<Header>)) {
        self.marker.trace(address);
        while let Some(target) = self.marker.noted.pop() {
            let space = arena::at_start(target).info().space();
            if space.has_header() {
                NonNull::new(target as *mut Header).into_iter().for_each(&mut *f);
            } else if space == Space::Raw && !self.buffers.contains(&target) {
                self.buffers.push(target);
                self.marker.trace(target);
            }
        }
        self.buffers.clear();
    }
}
