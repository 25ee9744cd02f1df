//! What collectors and other threads see of a thread, and how a thread joins and leaves the machine.
//!
//! Invariant: a `Thread` record is never freed, only used again, so a stale `&'static Thread` can at worst interrupt the
//! wrong thread once.

use std::marker::PhantomData;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::atomic::{Ordering::Acquire, Ordering::Relaxed, Ordering::Release, Ordering::SeqCst};

use crate::alloc::LocalHeap;
use crate::{host, pages, safepoint, stress};

/// Bits of [`Thread::interrupt`].
pub mod interrupt {
    /// The thread has overdrawn its budget: it should collect at its next safepoint.
    pub const GC: u8 = 1;
    /// Another thread wants the world stopped.
    pub const HANDSHAKE: u8 = 2;
    /// A signal waits for its Python handler.
    pub const SIGNAL: u8 = 4;
    /// An exception was set from another thread.
    pub const ASYNC_EXC: u8 = 8;
    /// Another thread is about to fork.
    pub const FORK: u8 = 16;
    /// The profiler wants a sample.
    pub const PROFILE: u8 = 32;
    /// Objects wait for their finalizers.
    pub const FINALIZE: u8 = 64;
    /// Every poll is to enter [`crate::safepoint`] (`GC_STRESS=safepoint:N`). Never cleared while that is on.
    pub const STRESS: u8 = 128;
}

/// Values of [`Thread`]'s state.
pub(crate) mod state {
    pub(crate) const DETACHED: u32 = 0;
    /// Runs, and may touch the heap.
    pub(crate) const RUNNING: u32 = 1;
    /// Inside [`crate::blocking`].
    pub(crate) const NATIVE: u32 = 2;
    /// Waits for the world to run again, or has stopped it.
    pub(crate) const PARKED: u32 = 3;
    /// About to become RUNNING unless the world is stopped.
    pub(crate) const RETURNING: u32 = 4;
}

/// A thread that runs the machine. Pinned; all fields are atomics.
#[repr(C)]
pub struct Thread {
    /// Bits of [`interrupt`]; tested at back edges. Set by [`Thread::request`], cleared by [`Thread::clear`].
    pub interrupt: AtomicU8,
    /// The end of the machine's stack as the check at calls sees it; 0 while an interrupt waits.
    pub limit: AtomicUsize,
    /// The first word above the live part of the machine's stack: `[vm_base, vm_top)` is scanned. Must be stored before
    /// a safepoint or a blocking call; words from here on may be cleared.
    pub vm_top: AtomicUsize,
    /// The virtual machine's own record of the thread.
    pub ext: AtomicPtr<()>,
    /// What `limit` is without interrupts.
    real_limit: AtomicUsize,
    vm_base: AtomicUsize,
    vm_end: AtomicUsize,
    pub(crate) state: AtomicU32,
    /// Whether this thread has stopped the world.
    pub(crate) stops_world: AtomicBool,
    /// The lowest live word of the native stack; valid unless RUNNING.
    pub(crate) sp: AtomicUsize,
    native_low: AtomicUsize,
    native_high: AtomicUsize,
    pub(crate) heap: AtomicPtr<LocalHeap>,
    id: AtomicU64,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// The greatest [`Thread::id`] so far; those of later threads are greater.
pub fn newest_thread_id() -> u64 {
    NEXT_ID.load(Relaxed) - 1
}

impl Thread {
    pub(crate) const fn new() -> Thread {
        Thread {
            interrupt: AtomicU8::new(0),
            limit: AtomicUsize::new(0),
            vm_top: AtomicUsize::new(0),
            ext: AtomicPtr::new(std::ptr::null_mut()),
            real_limit: AtomicUsize::new(0),
            vm_base: AtomicUsize::new(0),
            vm_end: AtomicUsize::new(0),
            state: AtomicU32::new(state::DETACHED),
            stops_world: AtomicBool::new(false),
            sp: AtomicUsize::new(0),
            native_low: AtomicUsize::new(0),
            native_high: AtomicUsize::new(0),
            heap: AtomicPtr::new(std::ptr::null_mut()),
            id: AtomicU64::new(0),
        }
    }

    /// Sets `bits` of [`interrupt`] and makes the next stack check fail, so that the thread looks at them soon.
    pub fn request(&self, bits: u8) {
        self.interrupt.fetch_or(bits, SeqCst);
        self.limit.store(0, SeqCst);
    }

    /// Clears `bits` of [`interrupt`]; the stack's limit returns with the last one.
    pub fn clear(&self, bits: u8) {
        if self.interrupt.fetch_and(!bits, SeqCst) & !bits == 0 {
            self.limit.store(self.real_limit.load(Relaxed), SeqCst);
            // A request between the two stores has zeroed the limit in vain.
            if self.interrupt.load(SeqCst) != 0 {
                self.limit.store(0, SeqCst);
            }
        }
    }

    /// The end of the machine's stack, whatever interrupts wait.
    #[inline]
    pub fn stack_limit(&self) -> usize {
        self.real_limit.load(Relaxed)
    }

    /// Lowers or raises the end of the machine's stack (recursion limits). Only the thread itself calls this.
    pub fn set_stack_limit(&self, limit: usize) {
        self.real_limit.store(limit, Relaxed);
        self.clear(0);
    }

    /// The machine's stack.
    pub fn vm_stack(&self) -> Range<usize> {
        self.vm_base.load(Relaxed)..self.vm_end.load(Relaxed)
    }

    /// The native stack. Its lower end is what recursion checks compare the stack pointer with.
    pub fn native_stack(&self) -> Range<usize> {
        self.native_low.load(Relaxed)..self.native_high.load(Relaxed)
    }

    /// A number that no other attached thread has had or will have.
    pub fn id(&self) -> u64 {
        self.id.load(Relaxed)
    }

    /// Whether the thread may touch the heap at this moment.
    pub fn is_running(&self) -> bool {
        self.state.load(Relaxed) == state::RUNNING
    }

    /// Whether a stopper must wait for the thread.
    pub(crate) fn is_active(&self) -> bool {
        matches!(self.state.load(SeqCst), state::RUNNING | state::RETURNING)
    }

    /// Whether the thread is on its way out and keeps nothing alive.
    pub(crate) fn is_detached(&self) -> bool {
        self.state.load(Relaxed) == state::DETACHED
    }

    /// The native stack from the published stack pointer on.
    pub(crate) fn live_native_stack(&self) -> Range<usize> {
        self.sp.load(Acquire)..self.native_high.load(Relaxed)
    }

    /// The live part of the machine's stack.
    pub(crate) fn live_vm_stack(&self) -> Range<usize> {
        self.vm_base.load(Relaxed)..self.vm_top.load(Acquire)
    }

    /// Prepares a record for the calling thread.
    pub(crate) fn open(&self, vm_stack: &VmStack, native: Range<usize>) {
        self.vm_base.store(vm_stack.base, Relaxed);
        self.vm_end.store(vm_stack.end, Relaxed);
        self.vm_top.store(vm_stack.base, Relaxed);
        self.real_limit.store(vm_stack.end, Relaxed);
        self.native_low.store(native.start, Relaxed);
        self.native_high.store(native.end, Relaxed);
        self.ext.store(std::ptr::null_mut(), Relaxed);
        self.id.store(NEXT_ID.fetch_add(1, Relaxed), Relaxed);
        self.interrupt.store(if stress::polls() { interrupt::STRESS } else { 0 }, SeqCst);
        self.limit.store(if stress::polls() { 0 } else { vm_stack.end }, Release);
    }

    /// Clears what dead frames have left above the machine's stack, so that they cannot keep anything alive.
    pub(crate) fn scrub_vm_stack(&self) {
        const KEPT: usize = 64 << 10;
        let (top, end) = (self.vm_top.load(Relaxed), self.vm_end.load(Relaxed));
        if top >= end {
            return;
        }
        let kept = (top + KEPT).next_multiple_of(pages::PAGE).min(end);
        // SAFETY: the thread is stopped and has declared everything from vm_top on dead.
        unsafe { std::ptr::write_bytes(top as *mut u8, 0, kept - top) };
        let whole = end / pages::PAGE * pages::PAGE;
        if kept < whole {
            pages::release(kept as *mut u8, whole - kept);
        }
    }
}

/// Memory for the frames of one thread; scanned conservatively up to [`Thread::vm_top`].
pub struct VmStack {
    base: usize,
    end: usize,
}

impl VmStack {
    /// For threads that run no frames.
    pub const NONE: VmStack = VmStack { base: 0, end: 0 };

    /// Maps `bytes` that cost memory only as they are touched, with an inaccessible page at the end.
    pub fn reserve(bytes: usize) -> std::io::Result<VmStack> {
        let bytes = bytes.next_multiple_of(pages::PAGE);
        let base = pages::reserve(0, bytes + pages::PAGE)?;
        match pages::commit(base, bytes) {
            Ok(()) => Ok(VmStack { base: base as usize, end: base as usize + bytes }),
            Err(error) => {
                pages::unmap(base, bytes + pages::PAGE);
                Err(error)
            }
        }
    }

    /// The first word.
    pub fn base(&self) -> *mut u64 {
        self.base as *mut u64
    }

    /// The end.
    pub fn end(&self) -> *mut u64 {
        self.end as *mut u64
    }
}

impl Drop for VmStack {
    fn drop(&mut self) {
        if self.base != 0 {
            pages::unmap(self.base as *mut u8, self.end - self.base + pages::PAGE);
        }
    }
}

/// The calling thread's membership in the machine; it leaves when this is dropped, on the thread that attached.
pub struct AttachedThread {
    thread: &'static Thread,
    heap: NonNull<LocalHeap>,
    _vm_stack: VmStack,
    _not_send: PhantomData<*const ()>,
}

impl AttachedThread {
    /// The record that others see.
    #[inline]
    pub fn thread(&self) -> &'static Thread {
        self.thread
    }

    /// Where the thread allocates.
    #[inline]
    pub fn heap(&self) -> &LocalHeap {
        // SAFETY: the heap was leaked by attach_on and is freed only when self is dropped.
        unsafe { self.heap.as_ref() }
    }
}

impl Drop for AttachedThread {
    fn drop(&mut self) {
        safepoint::leave(self.thread, self.heap());
        // SAFETY: attach_on leaked the box, and after leave nobody else has its address.
        drop(unsafe { Box::from_raw(self.heap.as_ptr()) });
    }
}

/// Makes the calling thread one of the machine's. Waits while the world is stopped.
///
/// The second thread to attach stops the world before [`crate::multi_threaded`] becomes true; whoever starts a thread
/// should have called [`crate::set_multi_threaded`] already, which saves that and cannot wait.
pub fn attach(vm_stack: VmStack) -> AttachedThread {
    attach_on(vm_stack, host::stack_bounds())
}

/// As [`attach`], for a thread that runs on the given native stack instead of the one it was started with.
pub fn attach_on(vm_stack: VmStack, native: Range<usize>) -> AttachedThread {
    let here = 0u8;
    assert!(native.contains(&(&raw const here as usize)), "attach: not on the native stack that was given");
    let thread = safepoint::enter(|thread| thread.open(&vm_stack, native));
    let heap = NonNull::from(Box::leak(Box::new(LocalHeap::new(thread))));
    thread.heap.store(heap.as_ptr(), Release);
    AttachedThread { thread, heap, _vm_stack: vm_stack, _not_send: PhantomData }
}
