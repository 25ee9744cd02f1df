//! Cells that weak references point to. CPython: `handle_weakrefs` in `Python/gc.c`.
//!
//! Invariant: a cell has the flag WEAKREF iff it stands in the list.

use std::ptr::NonNull;
use std::sync::Mutex;

use crate::Vm;
use crate::header::{Header, flag};
use crate::mark::is_marked;
use crate::pages::PageVec;

static REFERENTS: Mutex<PageVec<Cell>> = Mutex::new(PageVec::new());

#[derive(Clone, Copy)]
pub(crate) struct Cell(pub(crate) NonNull<Header>);

// SAFETY: an address; whoever follows it holds the world stopped.
unsafe impl Send for Cell {}

/// Declares that a weak reference to `cell` exists: [`Vm::weak_cleared`] will name the cell when it dies.
pub fn set_weakref(cell: NonNull<Header>) {
    // SAFETY: the caller passes a live cell.
    if !unsafe { cell.as_ref() }.set(flag::WEAKREF) {
        crate::lock(&REFERENTS).push(Cell(cell));
    }
}

/// Has the machine clear the references to all cells that were not reached.
pub(crate) fn clear_dead(vm: &dyn Vm) {
    let mut dead: PageVec<NonNull<Header>> = PageVec::new();
    crate::lock(&REFERENTS).retain(|cell| {
        let alive = is_marked(cell.0);
        if !alive {
            // SAFETY: the cell dies in this cycle but has not been swept.
            unsafe { cell.0.as_ref() }.clear(flag::WEAKREF);
            dead.push(cell.0);
        }
        alive
    });
    if !dead.is_empty() {
        vm.weak_cleared(&dead);
    }
}
