//! Checks a cycle's marking: traces once more from the roots, into bits of its own, and compares.
//!
//! Invariant: a cell is marked iff the second trace reaches it; anything else is a defect of a trace function or of the
//! collector, and stops the process. A thread in native code goes on while the world is stopped, and may overwrite a word on
//! its stack that looked like a reference: then a cell may be marked for nothing.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use crate::arena;
use crate::mark::{Marker, Mode};
use crate::safepoint::each_thread;
use crate::thread::state;

/// Whether no attached thread is in native code, so that stacks stay as they are until the world runs again. A thread that
/// returns from native code meanwhile parks: only the answer from before the first trace holds for both.
pub(crate) fn is_still() -> bool {
    let mut still = true;
    each_thread(|thread| still &= !matches!(thread.state.load(SeqCst), state::NATIVE | state::RETURNING));
    still
}

/// Traces again from what `roots` reports and compares. `still` is what [`is_still`] said before the first trace.
pub(crate) fn run(marker: &mut Marker, still: bool, roots: impl FnOnce(&mut Marker)) {
    marker.mode = Mode::Verify;
    roots(marker);
    marker.drain();
    marker.mode = Mode::Mark;
    for block in arena::blocks() {
        for (word, reached) in block.reached().iter().enumerate() {
            let reached = reached.swap(0, Relaxed);
            let marked = block.marks()[word].load(Relaxed);
            let allocated = block.allocs()[word].load(Relaxed);
            let cell = |bits: u64| {
                let index = word * 64 + bits.trailing_zeros() as usize;
                block.address() + index * block.info().cell_size()
            };
            let (missed, surplus, free) = (reached & !marked, marked & !reached, marked & !allocated);
            assert!(missed == 0, "the cell {:#x} is reachable but was not marked", cell(missed));
            assert!(surplus == 0 || !still, "the cell {:#x} was marked but is not reachable", cell(surplus));
            assert!(free == 0, "the free cell {:#x} was marked", cell(free));
        }
    }
}
