//! `Vm`: the state that all threads of the process share, and how it comes up.
//!
//! Invariant: everything here is reached through atomics, slots or locks; after `boot` the registries of
//! native types only grow.
#![allow(unsafe_code)]

use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use taipan_gc::{Header, Marker, Thread};
use taipan_num::siphash::HashKey;

use crate::context::Context;
use crate::error::Result;
use crate::hooks::Hooks;
use crate::lock::Guarded;
use crate::names::{NameId, TEXTS};
use crate::native::ClassDef;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::str::intern::NameCache;
use crate::types::type_::{ClassCell, MethodCache, ensure_all};
use crate::value::Value;
use crate::{instance, shape};

/// The process's virtual machine.
pub struct Vm {
    /// Serialises changes of classes.
    pub(crate) type_lock: Guarded<()>,
    /// Held while the namespace of a native type is filled.
    pub(crate) fill_lock: Guarded<()>,
    names: [AtomicU64; TEXTS.len()],
    modules: TypedSlot<Dict>,
    builtins: TypedSlot<Dict>,
    hash_key: OnceLock<HashKey>,
    hooks: OnceLock<Hooks>,
    class_cells: Mutex<Option<HashMap<usize, &'static ClassCell>>>,
    /// Visited by every collection; other crates add their own roots.
    tracers: Mutex<Vec<fn(&mut Marker)>>,
    /// Run in the pause when the dying cells with weak references are known.
    sweepers: Mutex<Vec<fn(&[NonNull<Header>])>>,
    /// Run in the pause when it is final which cells die.
    settlers: Mutex<Vec<fn()>>,
    recursion_limit: AtomicUsize,
}

static VM: Vm = Vm {
    type_lock: Guarded::new(()),
    fill_lock: Guarded::new(()),
    names: [const { AtomicU64::new(0) }; TEXTS.len()],
    modules: TypedSlot::EMPTY,
    builtins: TypedSlot::EMPTY,
    hash_key: OnceLock::new(),
    hooks: OnceLock::new(),
    class_cells: Mutex::new(None),
    tracers: Mutex::new(Vec::new()),
    sweepers: Mutex::new(Vec::new()),
    settlers: Mutex::new(Vec::new()),
    recursion_limit: AtomicUsize::new(1000),
};

#[inline(always)]
pub fn vm() -> &'static Vm {
    &VM
}

/// State of one thread that the runtime keeps for itself.
#[derive(Default)]
pub struct ThreadLocals {
    pub methods: MethodCache,
    pub names: NameCache,
    /// Objects whose repr is being made, innermost last (`Py_ReprEnter`).
    pub reprs: std::cell::RefCell<Vec<crate::identity::Identity>>,
    /// Whether a finalizer runs.
    pub finalizing: std::cell::Cell<bool>,
    /// Whether there is a trace or profile function (`thread_slot::TRACE`, `thread_slot::PROFILE`).
    pub hooked: std::cell::Cell<bool>,
    /// How many callbacks of tracing run, which are not traced themselves.
    pub reporting: std::cell::Cell<u32>,
    /// Whether the innermost loop of the interpreter reports what it runs.
    pub traced: std::cell::Cell<bool>,
    /// For which state of what is to be reported the frames that were there already are known; 0 for none.
    pub marked: std::cell::Cell<u64>,
    /// Values of other crates, by a key that they own (`thread_slot`).
    pub slots: [Slot; THREAD_SLOTS],
}

/// Numbers of `ThreadLocals::slots`.
pub mod thread_slot {
    pub const CONTEXT: usize = 0;
    pub const RUNNING_LOOP: usize = 1;
    pub const CURRENT_TASK: usize = 2;
    pub const ASYNC_GEN_FIRSTITER: usize = 3;
    pub const ASYNC_GEN_FINALIZER: usize = 4;
    pub const TRACE: usize = 5;
    pub const PROFILE: usize = 6;
    pub const THREAD_DICT: usize = 7;
    pub const ASYNC_EXCEPTION: usize = 8;
    /// The variables in which `DECIMAL_CONTEXT` was found.
    pub const DECIMAL_VARIABLES: usize = 9;
    pub const DECIMAL_CONTEXT: usize = 10;
}
const THREAD_SLOTS: usize = 12;

impl ThreadLocals {
    pub(crate) fn trace(&self, marker: &mut Marker) {
        // The caches keep no name alive: one that dies in this collection may leave its address to another.
        self.methods.clear();
        self.names.clear();
        for slot in &self.slots {
            marker.value(Value::option_bits(slot.load()));
        }
    }
}

impl Vm {
    /// `sys.modules`.
    pub fn modules(&self) -> Gc<Dict> {
        self.modules.load().expect("the VM is booted")
    }

    /// The namespace of the builtins module.
    pub fn builtins(&self) -> Gc<Dict> {
        self.builtins.load().expect("the VM is booted")
    }

    pub fn hooks(&self) -> &Hooks {
        self.hooks.get().expect("the VM is booted")
    }

    /// Key of str and bytes hashes.
    pub fn hash_key(&self) -> HashKey {
        *self.hash_key.get().expect("the VM is booted")
    }

    pub fn recursion_limit(&self) -> usize {
        self.recursion_limit.load(Ordering::Relaxed)
    }

    pub fn set_recursion_limit(&self, limit: usize) {
        self.recursion_limit.store(limit, Ordering::Relaxed);
    }

    pub(crate) fn class_cell_of(&self, def: &'static ClassDef) -> &'static ClassCell {
        let cells = self.class_cells.lock().unwrap_or_else(PoisonError::into_inner);
        let found = cells.as_ref().and_then(|cells| cells.get(&std::ptr::from_ref(def).addr()));
        found.copied().expect("native types register themselves when they are created")
    }

    /// The native type of this name in `builtins`, if it has been made.
    pub fn native_class(&self, name: &str) -> Option<Gc<crate::types::type_::Class>> {
        let cells = self.class_cells.lock().unwrap_or_else(PoisonError::into_inner);
        let found =
            cells.as_ref()?.values().find(|cell| cell.def().name == name && cell.def().module == "builtins");
        found.map(|cell| cell.get())
    }

    pub(crate) fn register_class_cell(&self, cell: &'static ClassCell) {
        let mut cells = self.class_cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.get_or_insert_default().insert(std::ptr::from_ref(cell.def()).addr(), cell);
    }

    /// Adds roots that every collection visits.
    pub fn add_tracer(&self, tracer: fn(&mut Marker)) {
        self.tracers.lock().unwrap_or_else(PoisonError::into_inner).push(tracer);
    }

    /// Adds a function that runs in the pause with the dying cells that are weakly referenced.
    pub fn add_sweeper(&self, sweeper: fn(&[NonNull<Header>])) {
        self.sweepers.lock().unwrap_or_else(PoisonError::into_inner).push(sweeper);
    }

    /// Adds a function that runs in the pause when it is final which cells die: those that are not marked.
    pub fn add_settler(&self, settler: fn()) {
        self.settlers.lock().unwrap_or_else(PoisonError::into_inner).push(settler);
    }

    pub(crate) fn names_ready(&self) -> bool {
        self.names[0].load(Ordering::Acquire) != 0
    }

    pub(crate) fn init_names(&self, cx: &Context) {
        for (slot, text) in self.names.iter().zip(TEXTS) {
            slot.store(cx.intern(text).value().bits(), Ordering::Release);
        }
    }
}

impl Context {
    /// A static name.
    #[inline(always)]
    pub fn name(&self, id: NameId) -> Gc<Str> {
        let bits = vm().names[id.0 as usize].load(Ordering::Relaxed);
        match Value::from_bits(bits).and_then(Value::as_cell) {
            // SAFETY: `init_names` stored strings.
            Some(cell) => unsafe { Gc::from_cell(cell) },
            None => panic!("static names are used before the VM is booted"),
        }
    }
}

/// What the collector asks of the runtime.
struct Collected;

impl taipan_gc::Vm for Collected {
    unsafe fn trace(&self, cell: NonNull<Header>, _size: usize, marker: &mut Marker) {
        // SAFETY: the collector passes live cells.
        let header = unsafe { cell.as_ref() };
        let id = header.shape.load(Ordering::Relaxed);
        if id == 0 {
            // Allocated, not yet published: its values are still on its maker's stack.
            return;
        }
        let record = shape::record(id);
        marker.value(record.class().value().bits());
        // SAFETY: the shape's layout is the cell's.
        unsafe { (record.layout().trace)(cell, marker) };
        instance::trace_extra(Value::from_cell(cell), marker);
    }

    unsafe fn drop_native(&self, cell: NonNull<Header>) {
        // SAFETY: the collector passes a dying cell, once.
        let id = unsafe { cell.as_ref() }.shape.load(Ordering::Relaxed);
        if id != 0
            && let Some(drop) = shape::layout_of(id).drop
        {
            // SAFETY: the shape's layout is the cell's.
            unsafe { drop(cell) };
        }
    }

    fn trace_roots(&self, marker: &mut Marker) {
        for name in &VM.names {
            marker.value(name.load(Ordering::Relaxed));
        }
        for slot in [VM.modules.slot(), VM.builtins.slot()] {
            marker.value(Value::option_bits(slot.load()));
        }
        shape::trace_names(marker);
        for tracer in VM.tracers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            tracer(marker);
        }
    }

    fn trace_thread(&self, thread: &Thread, marker: &mut Marker) {
        let context = thread.ext.load(Ordering::Acquire).cast::<Context>();
        if !context.is_null() {
            // SAFETY: the pointer is set while the thread's context lives, and the thread is stopped.
            unsafe { &*context }.trace(marker);
        }
    }

    fn weak_cleared(&self, cells: &[NonNull<Header>]) {
        for sweeper in VM.sweepers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            sweeper(cells);
        }
    }

    fn settled(&self, thread: &Thread) {
        let dead = crate::types::type_::forget_dead();
        for settler in VM.settlers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            settler();
        }
        if !dead.is_empty() && shape::retire(&dead) {
            (VM.hooks().clear_instance_caches)();
            shape::recycle();
        }
        crate::types::weakref::table::settle();
        if crate::types::weakref::table::has_callbacks() {
            thread.request(taipan_gc::interrupt::FINALIZE);
        }
    }

    fn finalizers_ready(&self, thread: &Thread) {
        thread.request(taipan_gc::interrupt::FINALIZE);
    }
}

/// Options that the command line and the environment decide.
pub struct BootOptions {
    pub hash_key: HashKey,
    pub vm_stack_bytes: usize,
    /// The native stack of the calling thread.
    pub native_stack: std::ops::Range<usize>,
}

/// Brings the VM up on the calling thread: heap, native types, names, the builtins namespace.
pub fn boot(options: &BootOptions, hooks: Hooks) -> Box<Context> {
    taipan_gc::init(&Collected);
    let _ = VM.hash_key.set(options.hash_key);
    let _ = VM.hooks.set(hooks);
    let mut cx = Context::attach_on(options.vm_stack_bytes, options.native_stack.clone());
    ensure_all(&cx, crate::types::ALL);
    ensure_all(&cx, crate::exception::BUILTIN);
    VM.add_sweeper(crate::types::type_::note_dying);
    VM.add_sweeper(crate::types::weakref::table::sweep);
    VM.add_tracer(crate::finalize::trace_roots);
    VM.add_tracer(crate::audit::trace_roots);
    VM.builtins.store(Dict::new_cells(&cx, 0));
    VM.modules.store(cx.new_dict());
    crate::types::type_::set_constants(&mut cx, crate::types::ALL)
        .unwrap_or_else(|raised| boot_failed(&mut cx, raised, "constants of native types"));
    crate::exception::group::create_exception_group(&mut cx)
        .unwrap_or_else(|raised| boot_failed(&mut cx, raised, "the class ExceptionGroup"));
    cx
}

/// An exception while the VM comes up is a mistake of the program itself.
#[cold]
fn boot_failed(cx: &mut Context, raised: crate::error::Raised, doing: &str) -> ! {
    let exception = cx.take_exception(raised);
    let text = cx.str(exception).map(|text| text.to_str().into_owned()).unwrap_or_default();
    panic!("{doing} cannot be made: {}: {text}", cx.type_name(exception))
}

/// Runs `f` for the context of every thread, with the world stopped. Nothing may be allocated from the heap there.
pub fn each_context(cx: &Context, mut f: impl FnMut(&Context)) {
    let mut visit = |thread: &Thread| {
        let context: *const Context = thread.ext.load(Ordering::Acquire).cast_const().cast();
        if !context.is_null() {
            // SAFETY: a thread's record names its context from its creation to the end of its membership, and the thread
            // is stopped.
            f(unsafe { &*context });
        }
    };
    let visit = std::cell::RefCell::new(&mut visit);
    taipan_gc::handshake(cx.thread(), |thread| (visit.borrow_mut())(thread));
}

/// What a set interrupt bit asks for: a collection, signals, finalizers, an exception from elsewhere.
#[cold]
#[inline(never)]
pub fn handle_interrupt(cx: &mut Context) -> Result<()> {
    use taipan_gc::interrupt;
    let thread = cx.thread();
    taipan_gc::safepoint_at(thread, cx.heap(), || (vm().hooks().place)(cx));
    if taipan_gc::take_exhausted() {
        return Err(cx.memory_error());
    }
    let bits = thread.interrupt.load(Ordering::Relaxed);
    if bits & interrupt::FINALIZE != 0 {
        thread.clear(interrupt::FINALIZE);
        crate::finalize::run_finalizers(cx);
    }
    if bits & interrupt::SIGNAL != 0 {
        thread.clear(interrupt::SIGNAL);
        (vm().hooks().run_signal_handlers)(cx)?;
    }
    if bits & interrupt::ASYNC_EXC != 0 {
        thread.clear(interrupt::ASYNC_EXC);
        if let Some(exception) = cx.locals.slots[thread_slot::ASYNC_EXCEPTION].swap(None) {
            return Err(cx.raise_with(exception, None));
        }
    }
    Ok(())
}
