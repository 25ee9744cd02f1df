//! `Context`: the owner's side of a thread. Every function that may allocate, raise or run Python
//! takes it.
//!
//! Invariant: `&mut Context` may run Python and reach a safepoint; `&Context` may allocate and raise,
//! nothing else. It is neither `Send` nor `Sync`; one thread has exactly one.
#![allow(unsafe_code)]

use std::cell::Cell as StdCell;
use std::ptr::NonNull;

use taipan_gc::{AttachedThread, Header, LocalHeap, Space, Thread};

use crate::error::{Raised, Result};
use crate::layout::{Layout, Object};
use crate::object::{Cell, Gc};
use crate::shape;
use crate::slots::Slot;
use crate::types::type_::{Class, flag};
use crate::value::Value;
use crate::vm::Vm;

/// The owner's side of a thread: allocation, the pending exception, the VM stack.
#[repr(C)]
pub struct Context {
    attached: AttachedThread,
    /// Frame on top while native code runs; what `sys._getframe` starts from. Null at the bottom.
    pub frame: StdCell<*mut u64>,
    pending: StdCell<Option<Value>>,
    handled: StdCell<Option<Value>>,
    /// Lowest native stack address at which a call may still start.
    native_limit: StdCell<usize>,
    /// `threading.get_ident()` of the thread.
    ident: u64,
    /// Per-thread state of other crates: running coroutine, contextvars and the like.
    pub locals: crate::vm::ThreadLocals,
}

/// Where a cell without references of its own lies. Only one of an immortal native type is a leaf: a class that Python
/// made has to be found by its instances.
#[inline(always)]
pub(crate) fn leaf_space(is_leaf: bool) -> Space {
    if is_leaf { Space::Leaf } else { Space::Scan }
}

/// What the thread kept is forgotten before it leaves: from then on nobody looks for references in its context, whose
/// memory may lie around for a while.
impl Drop for Context {
    fn drop(&mut self) {
        self.pending.take();
        self.handled.take();
        self.locals.slots.iter().for_each(Slot::clear);
        self.locals.methods.clear();
        self.locals.names.clear();
        crate::buffer::set_current_heap(std::ptr::null());
    }
}

/// Shows the calling thread's context to who has no other way to it: a handler of a signal, which may have interrupted
/// anything, or who watches allocations. `f` must not allocate from the heap, wait for other threads or change anything. `None` on a thread that does not run the machine.
pub fn interrupted<R>(f: impl FnOnce(&Context) -> R) -> Option<R> {
    let thread = crate::buffer::current_thread()?;
    let context: *const Context = thread.ext.load(std::sync::atomic::Ordering::Acquire).cast_const().cast();
    // SAFETY: null, or this thread's own context, which lives until the thread forgets its heap. What runs below the handler
    // goes on when the handler has ended, so nothing changes while `f` looks.
    unsafe { context.as_ref() }.map(f)
}

thread_local! {
    /// The context that the innermost [`Context::lend`] of the thread lends; null while it is in use, and outside.
    static LENT: StdCell<*mut Context> = const { StdCell::new(std::ptr::null_mut()) };
}

/// Puts back what `LENT` held before, also when a panic unwinds.
struct Lent(*mut Context);

impl Drop for Lent {
    fn drop(&mut self) {
        LENT.set(self.0);
    }
}

/// Runs `f` with the context that [`Context::lend`] lends on this thread: for callbacks of foreign code, which may run
/// Python. `None`, and `f` is not run, where nothing is lent: outside of `lend`, and below an `f` that has not returned.
pub fn called_back<R>(f: impl FnOnce(&mut Context) -> R) -> Option<R> {
    let lent = LENT.replace(std::ptr::null_mut());
    if lent.is_null() {
        return None;
    }
    let _back = Lent(lent);
    // SAFETY: `lend` holds the exclusive borrow that this pointer is made of, and does not use it before the foreign code has
    // returned, which waits for this call. Taken out of `LENT`, the pointer is nobody else's until `f` has returned; `f` may
    // lend what it is given, and that ends before.
    let cx = unsafe { &mut *lent };
    let thread = cx.thread();
    Some(taipan_gc::running(thread, || f(cx)))
}

/// The calling thread's record, if the thread runs the machine. For handlers of signals.
pub fn current_thread() -> Option<&'static Thread> {
    crate::buffer::current_thread()
}

impl Context {
    /// Makes the calling thread a mutator. `native_stack_bytes` is what it may use of its native stack.
    pub fn attach(vm_stack_bytes: usize, native_stack_bytes: usize) -> Box<Context> {
        let stack = taipan_gc::VmStack::reserve(vm_stack_bytes).expect("address space for the VM stack");
        Context::of(taipan_gc::attach(stack), native_stack_bytes)
    }

    /// As `attach`, on a native stack that is not the one the thread was started with.
    pub fn attach_on(vm_stack_bytes: usize, native: std::ops::Range<usize>) -> Box<Context> {
        let stack = taipan_gc::VmStack::reserve(vm_stack_bytes).expect("address space for the VM stack");
        let bytes = native.len();
        Context::of(taipan_gc::attach_on(stack, native), bytes)
    }

    fn of(attached: AttachedThread, native_stack_bytes: usize) -> Box<Context> {
        let here = std::ptr::from_ref(&attached).addr();
        let cx = Box::new(Context {
            attached,
            frame: StdCell::new(std::ptr::null_mut()),
            pending: StdCell::new(None),
            handled: StdCell::new(None),
            // An eighth stays free for what runs after the check: natives, handlers, the collector.
            native_limit: StdCell::new(here.saturating_sub(native_stack_bytes - native_stack_bytes / 8)),
            // SAFETY: asks for the calling thread's handle, which always succeeds.
            ident: unsafe { libc::pthread_self() } as u64,
            locals: Default::default(),
        });
        cx.thread()
            .ext
            .store(std::ptr::from_ref(&*cx).cast_mut().cast(), std::sync::atomic::Ordering::Release);
        crate::buffer::set_current_heap(cx.heap());
        cx
    }

    #[inline(always)]
    pub fn thread(&self) -> &'static Thread {
        self.attached.thread()
    }

    /// What `threading.get_ident()` gives on the thread.
    pub fn ident(&self) -> u64 {
        self.ident
    }

    #[inline(always)]
    pub fn heap(&self) -> &LocalHeap {
        self.attached.heap()
    }

    #[inline(always)]
    pub fn vm(&self) -> &'static Vm {
        crate::vm::vm()
    }

    // ---- exceptions ------------------------------------------------------------------------------

    /// Makes `exception` (an instance of BaseException) pending. Its `__context__` becomes the
    /// exception that is being handled, as for `raise`.
    pub fn raise(&self, exception: Value) -> Raised {
        if let Some(handled) = self.handled.get() {
            crate::exception::chain(exception, handled);
        }
        self.pending.set(Some(exception));
        Raised(())
    }

    /// Makes `exception` pending as it is (re-raising).
    pub fn reraise(&self, exception: Value) -> Raised {
        self.pending.set(Some(exception));
        Raised(())
    }

    #[inline(always)]
    pub fn has_exception(&self) -> bool {
        self.pending.get().is_some()
    }

    /// Takes the pending exception out, which ends its propagation.
    pub fn take_exception(&self, _raised: Raised) -> Value {
        self.pending.take().expect("Raised means that an exception is pending")
    }

    /// Drops the pending exception, if there is one.
    pub fn clear_exception(&self) {
        self.pending.set(None);
    }

    /// The pending exception, left in place.
    pub fn pending_exception(&self) -> Option<Value> {
        self.pending.get()
    }

    /// The exception being handled (`sys.exception()`).
    #[inline(always)]
    pub fn handled(&self) -> Option<Value> {
        self.handled.get()
    }

    /// Sets the exception being handled and gives the previous one.
    #[inline(always)]
    pub fn set_handled(&self, exception: Option<Value>) -> Option<Value> {
        self.handled.replace(exception)
    }

    // ---- allocation ------------------------------------------------------------------------------

    /// A new object of native type `T`, of its own class.
    #[inline]
    pub fn new_object<T: Object>(&self, body: T) -> Gc<T> {
        debug_assert!(
            T::class_cell().instance_shape() != 0 || T::LAYOUT.kind == crate::layout::kind::TYPE,
            "native type {} is in no list of types",
            T::LAYOUT.name
        );
        let cell = T::class_cell();
        let (extra, finalizes) = cell.extra();
        let new = self.new_with_shape(cell.instance_shape(), true, extra, body);
        if finalizes {
            self.heap().set_finalizer(NonNull::from(new.header()));
        }
        new
    }

    /// The same for an object that has nothing to finalize although its type has a finalizer.
    #[inline]
    pub fn new_object_unfinalized<T: Object>(&self, body: T) -> Gc<T> {
        let cell = T::class_cell();
        self.new_with_shape(cell.instance_shape(), true, cell.extra().0, body)
    }

    /// A new object with body `T` for `class`, which is T's class or a subclass of it.
    pub fn new_instance<T: Object>(&self, class: Gc<Class>, body: T) -> Gc<T> {
        let (shape, extra) = (class.instance_shape(), class.extra_words());
        let native = shape == T::class_cell().instance_shape();
        let new = self.new_with_shape(shape, native, extra, body);
        if class.has_flag(flag::HAS_DEL) {
            self.heap().set_finalizer(NonNull::from(new.header()));
        }
        new
    }

    #[inline(always)]
    fn new_with_shape<T: Object>(&self, shape: u32, native: bool, extra_words: usize, body: T) -> Gc<T> {
        let layout = T::LAYOUT;
        let leaf = native && extra_words == 0;
        let space = if matches!(layout.space, Space::Leaf) { leaf_space(leaf) } else { layout.space };
        let cell = self.heap().alloc(space, size_of::<Cell<T>>() + extra_words * 8).cast::<Cell<T>>();
        // SAFETY: the cell is fresh, large enough and aligned; nobody else sees it yet.
        unsafe {
            (&raw mut (*cell.as_ptr()).body).write(body);
            self.init_header(cell.cast(), layout, shape);
            Gc::from_cell(cell.cast())
        }
    }

    /// A cell of `words` words for a layout of variable length; the caller fills the body, which is zero but in
    /// [`Space::Leaf`].
    /// # Safety
    /// `words` is at least the length of the layout's body, which must be valid when zeroed; in [`Space::Leaf`] the
    /// caller writes all of it before anybody reads it.
    pub(crate) unsafe fn new_raw(
        &self,
        layout: &'static Layout,
        shape: u32,
        space: Space,
        words: usize,
    ) -> NonNull<Header> {
        let cell = self.heap().alloc(space, words * 8).cast::<Header>();
        // SAFETY: fresh cell.
        unsafe { self.init_header(cell, layout, shape) };
        cell
    }

    /// # Safety
    /// `cell` is fresh.
    #[inline(always)]
    unsafe fn init_header(&self, cell: NonNull<Header>, layout: &'static Layout, shape: u32) {
        // SAFETY: the cell is ours alone; the header's other fields are zero from the allocator.
        unsafe { (&raw mut (*cell.as_ptr()).kind).write(layout.kind) };
        // SAFETY: as above. The release store publishes kind and body to whoever sees the shape.
        unsafe { cell.as_ref() }.shape.store(shape, std::sync::atomic::Ordering::Release);
    }

    // ---- safepoints and stacks -------------------------------------------------------------------

    /// Lets the collector and other threads in, if they ask. Call it in loops that run no Python.
    #[inline(always)]
    pub fn poll(&mut self) -> Result<()> {
        if self.thread().interrupt.load(std::sync::atomic::Ordering::Relaxed) != 0 {
            return crate::vm::handle_interrupt(self);
        }
        Ok(())
    }

    /// Collects now, and runs the finalizers of what has died.
    pub fn collect_garbage(&mut self) -> Result<()> {
        taipan_gc::collect(self.thread(), self.heap());
        self.poll()
    }

    /// `len` zeroes in ordinary memory, or MemoryError: a plain vector ends the process when memory does not suffice.
    pub fn zeroed_bytes(&self, len: usize) -> Result<Vec<u8>> {
        /// Below this, refusals are not expected.
        const LARGE: usize = 1 << 16;
        if len > LARGE && Vec::<u8>::new().try_reserve_exact(len).is_err() {
            return Err(self.memory_error());
        }
        Ok(vec![0; len])
    }

    /// Tells the collector of memory outside the heap that a cell has taken and gives back when it dies: it counts towards
    /// the next collection, not towards what lives after it.
    pub fn took_memory(&self, bytes: usize) {
        self.heap().account_external(bytes as isize);
        self.heap().account_external(-(bytes as isize));
    }

    /// Overwrites what finished calls have left on the native stack, before what may ask for a collection: references there
    /// would keep garbage alive.
    pub fn scrub_stack(&self) {
        taipan_gc::scrub_stack();
    }

    /// Runs `f`, which waits or computes without touching the heap, while others may collect.
    pub fn blocking<R>(&mut self, f: impl FnOnce() -> R) -> R {
        taipan_gc::blocking(self.thread(), f)
    }

    /// As [`blocking`](Context::blocking), for foreign code that calls back: while `f` runs, [`called_back`] lends this context.
    pub fn lend<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let thread = self.thread();
        let outer = Lent(LENT.replace(std::ptr::from_mut(self)));
        let result = taipan_gc::blocking(thread, f);
        drop(outer);
        result
    }

    /// Raises RecursionError when the native stack is nearly used up. The one place that checks it.
    #[inline(always)]
    pub fn check_recursion(&self, doing: &str) -> Result<()> {
        let marker = 0u8;
        if (&raw const marker).addr() < self.native_limit.get() {
            return Err(self.recursion_error_slow(doing));
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn recursion_error_slow(&self, doing: &str) -> Raised {
        // Room for the handler: the limit leaves a margin below itself.
        self.recursion_error(format!("maximum recursion depth exceeded{doing}"))
    }

    /// Class of any value.
    #[inline(always)]
    pub fn class_of(&self, value: Value) -> Gc<Class> {
        if value.is_cell() {
            shape::record(value.shape()).class()
        } else {
            crate::types::type_::immediate_class(value)
        }
    }
}

impl Context {
    /// Visits what only the context holds (the world is stopped).
    pub(crate) fn trace(&self, marker: &mut taipan_gc::Marker) {
        for value in [self.pending.get(), self.handled.get()].into_iter().flatten() {
            marker.value(value.bits());
        }
        self.locals.trace(marker);
    }
}
