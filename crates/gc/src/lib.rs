//! The collected heap: cells with headers, buffers without, threads that stop at safepoints. It knows no Python.
//!
//! Non-moving mark-sweep. Stacks are scanned conservatively, with interior pointers; cells with headers precisely, by
//! the virtual machine's [`Vm::trace`]. Invariant: a cell is reused only after a collection that no root reached it in.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, OnceLock};

mod alloc;
mod arena;
mod audit;
mod block;
mod cycle;
#[doc(hidden)]
pub mod dummy;
mod finalize;
mod fork;
mod header;
mod host;
mod inspect;
mod mark;
mod pages;
mod root;
mod safepoint;
mod spill;
mod stress;
mod sweep;
#[cfg(test)]
mod tests;
mod thread;
mod verify;
mod watch;
mod weak;

pub use alloc::{LocalHeap, OutOfMemory, can_allocate, out_of_memory, take_exhausted};
pub use audit::{Audit, AuditAlloc, audit_findings, audit_ignore, set_audit};
pub use block::Space;
pub use cycle::{Stats, collect, scrub_stack, set_trigger_scale, stats};
pub use finalize::{awaits_finalizer, cancel_finalizer, has_finalizable, set_finalizer, take_finalizable};
pub use fork::{ForkGuard, after_fork_child, before_fork};
pub use header::{Header, flag};
pub use inspect::{each_cell, each_reference, each_referent};
pub use mark::{Marker, cell_containing, is_marked};
pub use root::{RootSet, Rooted, add_root, set_immortal};
pub use safepoint::{
    blocking, handshake, multi_threaded, running, safepoint, safepoint_at, set_multi_threaded, stop_the_world,
};
pub use stress::{Stress, begin_program, is_stressed, set_stress};
pub use thread::{AttachedThread, Thread, VmStack, attach, attach_on, interrupt, newest_thread_id};
pub use watch::{Watcher, unwatch, watch};
pub use weak::set_weakref;

/// What the collector must know of the virtual machine. All functions but none of mutators: each is called with the
/// world stopped, by the thread that collects, and must not allocate from the heap.
pub trait Vm: Sync + 'static {
    /// Reports the references inside `cell`, which occupies `size` bytes (its size class; at least what was asked for).
    ///
    /// # Safety
    /// `cell` is an allocated cell of the space Scan or Final with a header that is not blank.
    unsafe fn trace(&self, cell: NonNull<Header>, size: usize, marker: &mut Marker);

    /// Frees what a dead `cell` of the space Final owns outside the heap. Other cells must not be looked at: they may be
    /// dead too.
    ///
    /// # Safety
    /// `cell` is a dead cell of the space Final whose header is not blank; it is not used again.
    unsafe fn drop_native(&self, cell: NonNull<Header>);

    /// Reports the machine's own roots.
    fn trace_roots(&self, marker: &mut Marker);

    /// Reports what the machine keeps for `thread`: a pending exception, and the like.
    fn trace_thread(&self, thread: &Thread, marker: &mut Marker);

    /// `cells` die in this cycle and had been passed to [`set_weakref`]; their flag is clear again. The references to
    /// them must be cleared. Called before finalizers are queued; some of the cells may be revived for theirs.
    /// [`is_marked`] tells whether a reference object itself lives.
    fn weak_cleared(&self, cells: &[NonNull<Header>]);

    /// It is final which cells live through this cycle, revived ones included: [`is_marked`] tells. Called in every
    /// cycle, on the thread `thread` that collects, before anything is swept. Here tables of addresses forget what dies,
    /// and callbacks that wait can be announced.
    fn settled(&self, _thread: &Thread) {}

    /// Objects wait for finalization, from this cycle or an earlier one: some thread should call [`take_finalizable`] once the world runs again.
    /// `thread` is the one that collects.
    fn finalizers_ready(&self, thread: &Thread);
}

static VM: OnceLock<&'static dyn Vm> = OnceLock::new();

/// Registers the virtual machine and opens the heap. Later calls do nothing: the first machine stays.
pub fn init(vm: &'static dyn Vm) {
    VM.get_or_init(|| {
        stress::from_environment();
        audit::from_environment();
        arena::lock().open();
        vm
    });
}

fn vm() -> &'static dyn Vm {
    *VM.get().expect("gc::init registers the machine before threads attach")
}

fn assert_open() {
    vm();
}

/// Takes a lock, whether or not a panic has left it poisoned.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Keeps `reference` on the stack up to this point, for code that goes on with an address past its cell's end.
#[inline(always)]
pub fn keep_alive<T: Copy>(reference: T) {
    std::hint::black_box(reference);
}
