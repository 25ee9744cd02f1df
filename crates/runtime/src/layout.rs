//! `Layout`: what the runtime knows about the body of a cell, and the traits behind it.
//!
//! Invariant: a layout's `trace` visits every value that the body holds, so nothing reachable is freed.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU8, AtomicU32, AtomicU64, AtomicUsize};

use taipan_gc::{Header, Marker, Space};

use crate::lock::Guarded;
use crate::object::{Cell, Gc};
use crate::slots::{Slot, TypedSlot};
use crate::types::type_::ClassCell;
use crate::value::Value;

/// Numbers in `Header.kind`. A kind names a body layout that hot code asks for by one comparison;
/// every other native type is `OTHER` and is told by its shape's layout.
pub mod kind {
    macro_rules! kinds {
        ($($name:ident)*) => {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            #[repr(u8)]
            #[allow(dead_code, reason = "the number 0 names what is no cell")]
            enum Number { NOT_A_CELL, $($name),* }
            $(pub const $name: u8 = Number::$name as u8;)*
        };
    }
    kinds! {
        INSTANCE FLOAT INT COMPLEX STR BYTES BYTEARRAY TUPLE LIST DICT SET TYPE FUNCTION
        NATIVE_FUNCTION METHOD METHOD_DESCRIPTOR WRAPPER_DESCRIPTOR GETSET MEMBER PROPERTY CLASSMETHOD
        STATICMETHOD MODULE CODE FRAME TRACEBACK GENERATOR EXCEPTION CELL VALUE_CELL RANGE SLICE WEAKREF
        DICT_VIEW LIST_ITERATOR TUPLE_ITERATOR RANGE_ITERATOR DICT_ITERATOR EXTENSION SUPER MAPPINGPROXY FROZENSET
    }
    pub const OTHER: u8 = 255;
}

/// The static description of a cell body.
pub struct Layout {
    /// Python-visible name of the type, for messages.
    pub name: &'static str,
    pub kind: u8,
    /// Whether `kind` alone identifies this layout (and those that extend it).
    pub by_kind: bool,
    /// Whether everything whose class is exactly this type has the shape of a fresh instance.
    pub one_shape: bool,
    /// Length of header and body in words; 0 when the length differs from cell to cell.
    pub words: u16,
    pub space: Space,
    /// The layout that this one's body begins with.
    pub base: Option<&'static Layout>,
    /// Visits the values in the body.
    pub trace: unsafe fn(NonNull<Header>, &mut Marker),
    /// Runs the body's destructor (cells in `Space::Final` only).
    pub drop: Option<unsafe fn(NonNull<Header>)>,
    /// Length in words of a cell whose layout has `words == 0`, without what a subclass appends.
    pub variable_words: Option<unsafe fn(NonNull<Header>) -> usize>,
}

impl Layout {
    /// Whether `value`'s body is, or begins with, this layout.
    #[inline(always)]
    pub fn describes(&'static self, value: Value) -> bool {
        let kind = value.kind();
        kind == self.kind
            && (self.by_kind
                || std::ptr::eq(crate::shape::layout_of(value.shape()), self)
                || self.describes_slow(value))
    }

    #[inline(never)]
    fn describes_slow(&'static self, value: Value) -> bool {
        let mut layout = Some(crate::shape::layout_of(value.shape()));
        while let Some(candidate) = layout {
            if std::ptr::eq(candidate, self) {
                return true;
            }
            layout = candidate.base;
        }
        false
    }

    /// Whether this layout is `other` or begins with it.
    pub fn extends(&'static self, other: &'static Layout) -> bool {
        let mut layout = Some(self);
        while let Some(candidate) = layout {
            if std::ptr::eq(candidate, other) {
                return true;
            }
            layout = candidate.base;
        }
        false
    }
}

/// A Rust type that is the body of a Python object. Implemented by `#[class]`.
///
/// # Safety
/// `LAYOUT` describes `Cell<Self>`: its `trace` and `drop` are for this type, and no cell of that layout
/// has another body.
pub unsafe trait Object: Sized + 'static {
    const LAYOUT: &'static Layout;
    /// The Python class of objects that natives of this type create.
    fn class_cell() -> &'static ClassCell;
}

/// Visits the values that a field holds. `derive(Trace)` calls it for each field of a struct.
///
/// # Safety
/// Every `Value`, `Gc`, slot or GC buffer in `self` is passed to the marker.
pub unsafe trait Trace {
    /// False for fields that never hold a value, so that a body of only such fields can be a leaf.
    const TRACES: bool = true;
    fn trace(&self, marker: &mut Marker);
}

/// `trace` of a `Layout` whose body implements `Trace`.
/// # Safety
/// `cell` is a live cell with body `T`.
pub unsafe fn trace_body<T: Trace>(cell: NonNull<Header>, marker: &mut Marker) {
    // SAFETY: the caller's contract.
    unsafe { cell.cast::<Cell<T>>().as_ref() }.body.trace(marker);
}

/// `drop` of a `Layout` whose body has a destructor.
/// # Safety
/// `cell` is a dying cell with body `T`, dropped once.
pub unsafe fn drop_body<T>(cell: NonNull<Header>) {
    // SAFETY: the caller's contract; the header has no destructor.
    unsafe { std::ptr::drop_in_place(&raw mut (*cell.cast::<Cell<T>>().as_ptr()).body) }
}

/// Space of a body: bodies with a destructor are swept eagerly, bodies without values never scanned.
pub const fn space_of<T: Trace>() -> Space {
    if std::mem::needs_drop::<T>() {
        Space::Final
    } else if T::TRACES {
        Space::Scan
    } else {
        Space::Leaf
    }
}

/// Words of `Cell<T>`.
pub const fn words_of<T>() -> u16 {
    assert!(align_of::<Cell<T>>() <= 16);
    (size_of::<Cell<T>>() / 8) as u16
}

macro_rules! untraced {
    ($($ty:ty),* $(,)?) => {$(
        // SAFETY: the type holds no value.
        unsafe impl Trace for $ty {
            const TRACES: bool = false;
            #[inline(always)]
            fn trace(&self, _marker: &mut Marker) {}
        }
    )*};
}
untraced!(
    (),
    bool,
    i128,
    u128,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    f32,
    f64,
    char,
    String,
    &'static str,
    AtomicBool,
    AtomicU8,
    AtomicU32,
    AtomicI32,
    AtomicU64,
    AtomicI64,
    AtomicUsize,
    std::fs::File,
    std::time::Instant,
    std::time::Duration
);

// SAFETY: passes on the value.
unsafe impl Trace for Value {
    #[inline(always)]
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.bits());
    }
}
// SAFETY: as above.
unsafe impl<T> Trace for Gc<T> {
    #[inline(always)]
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.value().bits());
    }
}
// SAFETY: as above.
unsafe impl Trace for Slot {
    #[inline(always)]
    fn trace(&self, marker: &mut Marker) {
        marker.value(Value::option_bits(self.load()));
    }
}
// SAFETY: as above.
unsafe impl<T> Trace for TypedSlot<T> {
    #[inline(always)]
    fn trace(&self, marker: &mut Marker) {
        self.slot().trace(marker);
    }
}
// SAFETY: the world is stopped, and a holder of the lock cannot be at a safepoint.
unsafe impl<T: Trace> Trace for Guarded<T> {
    const TRACES: bool = T::TRACES;
    fn trace(&self, marker: &mut Marker) {
        // SAFETY: tracing happens while the world is stopped.
        unsafe { self.peek() }.trace(marker);
    }
}
// SAFETY: every element is visited.
unsafe impl<T: Trace> Trace for Option<T> {
    const TRACES: bool = T::TRACES;
    fn trace(&self, marker: &mut Marker) {
        if let Some(inner) = self {
            inner.trace(marker);
        }
    }
}
/// A field of a type that the collector need not look into. Values are not `Send`, so a `Send` type holds none.
pub struct Opaque<T: Send>(pub T);

impl<T: Send> std::ops::Deref for Opaque<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Send> std::ops::DerefMut for Opaque<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

// SAFETY: values, `Gc`s and slots' owners are not `Send`; a slot by itself is, and is never put here.
unsafe impl<T: Send> Trace for Opaque<T> {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut Marker) {}
}

macro_rules! trace_elements {
    ($($ty:ty),*) => {$(
        // SAFETY: every element is visited.
        unsafe impl<T: Trace> Trace for $ty {
            const TRACES: bool = T::TRACES;
            fn trace(&self, marker: &mut Marker) {
                if T::TRACES {
                    self.iter().for_each(|element| element.trace(marker));
                }
            }
        }
    )*};
}
trace_elements!(Vec<T>, Box<[T]>, std::collections::VecDeque<T>);
// SAFETY: every element is visited.
unsafe impl<T: Trace, const N: usize> Trace for [T; N] {
    const TRACES: bool = T::TRACES;
    fn trace(&self, marker: &mut Marker) {
        self.iter().for_each(|element| element.trace(marker));
    }
}
// SAFETY: the pointee is visited.
unsafe impl<T: Trace> Trace for Box<T> {
    const TRACES: bool = T::TRACES;
    fn trace(&self, marker: &mut Marker) {
        (**self).trace(marker);
    }
}
macro_rules! trace_tuples {
    ($(($($t:ident $i:tt),*))*) => {$(
        // SAFETY: every element is visited.
        unsafe impl<$($t: Trace),*> Trace for ($($t,)*) {
            const TRACES: bool = $($t::TRACES)||*;
            fn trace(&self, marker: &mut Marker) {
                $(self.$i.trace(marker);)*
            }
        }
    )*};
}
trace_tuples!((A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3));
// SAFETY: keys and values are visited.
unsafe impl<K: Trace, V: Trace, S> Trace for std::collections::HashMap<K, V, S> {
    const TRACES: bool = K::TRACES || V::TRACES;
    fn trace(&self, marker: &mut Marker) {
        for (key, value) in self {
            key.trace(marker);
            value.trace(marker);
        }
    }
}
