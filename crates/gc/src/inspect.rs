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
        let mut marker = Marker::new(crate::vm());
        // Outside of collections nothing is marked, so every reference is noted.
        marker.mode = Mode::Edges;
        marker.trace(address);
        let mut buffers: PageVec<usize> = PageVec::new();
        while let Some(target) = marker.noted.pop() {
            let space = arena::at_start(target).info().space();
            if space.has_header() {
                NonNull::new(target as *mut Header).into_iter().for_each(&mut f);
            } else if space == Space::Raw && !buffers.contains(&target) {
                buffers.push(target);
                marker.trace(target);
            }
        }
    });
}
