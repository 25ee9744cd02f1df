//! `Gc<T>` and heap cells: how a Rust struct becomes the body of a Python object.
//!
//! A cell is `header | body T | [ext | inline slots]`; the part in brackets exists where the class's
//! instances have a `__dict__` or `__slots__`. Cells never move.
//! Invariant: the `kind` and `shape` in the header tell the truth about the body's type, so a checked
//! downcast is one comparison.
#![allow(unsafe_code)]

use std::ops::Deref;
use std::ptr::NonNull;

use taipan_gc::Header;

use crate::layout::Object;
use crate::value::Value;

/// A heap cell with body `T`.
#[repr(C)]
pub struct Cell<T> {
    pub header: Header,
    pub body: T,
}

/// A typed pointer to a live heap cell. Like `Value`: `Copy`, found by the collector on the stack.
#[repr(transparent)]
pub struct Gc<T>(NonNull<Cell<T>>);

impl<T> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Gc<T> {}

impl<T> PartialEq for Gc<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Gc<T> {}

impl<T> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gc<{}>({:p})", std::any::type_name::<T>(), self.0)
    }
}

impl<T> Deref for Gc<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: a Gc points to a live cell whose body is initialised; bodies are only shared.
        unsafe { &self.0.as_ref().body }
    }
}

impl<T> Gc<T> {
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::from_cell(self.0.cast())
    }

    #[inline(always)]
    pub fn header(&self) -> &Header {
        // SAFETY: as in `deref`.
        unsafe { &self.0.as_ref().header }
    }

    #[inline(always)]
    pub fn address(self) -> usize {
        self.0.as_ptr() as usize
    }

    /// # Safety
    /// `cell` is a live cell whose body is an initialised `T`.
    #[inline(always)]
    pub unsafe fn from_cell(cell: NonNull<Header>) -> Gc<T> {
        Gc(cell.cast())
    }

    /// The cell of a body reference.
    /// # Safety
    /// `body` is the body of a heap cell (it came from a `Gc<T>` or a native's `&self`).
    #[inline(always)]
    pub unsafe fn from_body(body: &T) -> Gc<T> {
        let offset = std::mem::offset_of!(Cell<T>, body);
        // SAFETY: the body lies `offset` bytes into its cell (the caller's contract).
        unsafe { Gc(NonNull::from(body).byte_sub(offset).cast()) }
    }
}

impl<T: Object> Gc<T> {
    /// `value` as a `T`; `None` when its body is of another type. Subclass instances count.
    #[inline(always)]
    pub fn from_value(value: Value) -> Option<Gc<T>> {
        if T::LAYOUT.describes(value) {
            // SAFETY: the header's kind or shape names T's layout, so the body is a T.
            value.as_cell().map(|cell| unsafe { Gc::from_cell(cell) })
        } else {
            None
        }
    }
}

impl<T> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(gc: Gc<T>) -> Value {
        gc.value()
    }
}

impl Value {
    /// The object as a `T` if its class is exactly `T`'s, for layouts whose instances have one shape.
    #[inline(always)]
    pub(crate) fn exact_by_shape<T: Object>(self) -> Option<Gc<T>> {
        debug_assert!(T::LAYOUT.one_shape);
        let cell = self.as_cell()?;
        let shape = T::class_cell().instance_shape();
        // SAFETY: a value that points is a pointer to a live cell; the shape names T's class, whose bodies are T.
        unsafe {
            (cell.as_ref().shape.load(std::sync::atomic::Ordering::Acquire) == shape)
                .then(|| Gc::from_cell(cell))
        }
    }

    /// The object as a `T` (or instance of a subclass of it), if it is one.
    #[inline(always)]
    pub fn downcast<T: Object>(self) -> Option<Gc<T>> {
        Gc::from_value(self)
    }
}

/// Word `offset` of a cell as an atomic value slot.
/// # Safety
/// The cell is live and at least `offset + 1` words long, and that word is a value slot.
#[inline(always)]
pub(crate) unsafe fn word(cell: NonNull<Header>, offset: usize) -> &'static crate::slots::Slot {
    // SAFETY: the caller's contract; `Slot` is one word and valid for any bits.
    unsafe { &*cell.as_ptr().cast::<crate::slots::Slot>().add(offset) }
}

/// Publishes a new shape of a cell.
pub(crate) fn set_shape(cell: NonNull<Header>, shape: u32) {
    // SAFETY: a live cell's header is always readable.
    unsafe { cell.as_ref() }.shape.store(shape, std::sync::atomic::Ordering::Release);
}

/// Gives a cell the shape that `next` makes of its present one, which may belong to another class. The world is stopped:
/// what other threads have found out about the object (its class, a descriptor of it) holds until their next safepoint.
/// `next` does not allocate from the heap.
pub(crate) fn change_shape(
    cx: &crate::context::Context,
    cell: NonNull<Header>,
    next: impl FnOnce(u32) -> u32,
) {
    let change = || {
        // SAFETY: a live cell's header is always readable.
        let shape = unsafe { cell.as_ref() }.shape.load(std::sync::atomic::Ordering::Acquire);
        set_shape(cell, next(shape));
    };
    if taipan_gc::multi_threaded() {
        taipan_gc::stop_the_world(cx.thread(), change);
    } else {
        change();
    }
}

/// The body of an object that is never freed (classes of native types).
pub(crate) fn immortal_body<T>(gc: Gc<T>) -> &'static T {
    // SAFETY: the caller passes an immortal object; cells do not move.
    unsafe { &gc.0.as_ref().body }
}

/// Changes guarded state while the world is stopped and no lock can be taken.
pub(crate) fn stopped<T, R>(guarded: &crate::lock::Guarded<T>, f: impl FnOnce(&mut T) -> R) -> R {
    // SAFETY: called in the collector's pause only: no other thread runs, and holders of a lock never
    // reach a safepoint.
    f(unsafe { guarded.peek_mut() })
}
