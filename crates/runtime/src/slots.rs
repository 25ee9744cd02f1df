//! `Slot`: one word of a heap object that holds a value or EMPTY.
//!
//! Invariant: every load is Acquire and every store Release, so an object published through a slot is
//! seen initialised; the store is the one place where a write barrier will go.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU64, Ordering};

use crate::layout::Object;
use crate::object::Gc;
use crate::value::Value;

/// A field that holds an optional value, readable without a lock by any thread.
#[repr(transparent)]
#[derive(Default)]
pub struct Slot(AtomicU64);

impl Slot {
    pub const EMPTY: Slot = Slot(AtomicU64::new(0));

    #[inline(always)]
    pub fn new(value: Value) -> Slot {
        Slot(AtomicU64::new(value.bits()))
    }

    #[inline(always)]
    pub fn new_option(value: Option<Value>) -> Slot {
        Slot(AtomicU64::new(Value::option_bits(value)))
    }

    #[inline(always)]
    pub fn load(&self) -> Option<Value> {
        Value::from_bits(self.0.load(Ordering::Acquire))
    }

    /// The value, or Python's None where the slot is EMPTY.
    #[inline(always)]
    pub fn load_or_none(&self) -> Value {
        self.load().unwrap_or(Value::NONE)
    }

    /// The value as a `T`; `None` when EMPTY or of another type.
    #[inline(always)]
    pub fn load_as<T: Object>(&self) -> Option<Gc<T>> {
        self.load().and_then(Gc::from_value)
    }

    #[inline(always)]
    pub fn store(&self, value: Value) {
        self.0.store(value.bits(), Ordering::Release);
    }

    #[inline(always)]
    pub fn store_option(&self, value: Option<Value>) {
        self.0.store(Value::option_bits(value), Ordering::Release);
    }

    #[inline(always)]
    pub fn clear(&self) {
        self.0.store(0, Ordering::Release);
    }

    #[inline(always)]
    pub fn swap(&self, value: Option<Value>) -> Option<Value> {
        Value::from_bits(self.0.swap(Value::option_bits(value), Ordering::AcqRel))
    }

    /// As `swap`, by whoever alone may write the slot: no atomic exchange.
    #[inline(always)]
    pub fn swap_owned(&self, value: Option<Value>) -> Option<Value> {
        let old = self.load();
        if old != value {
            self.store_option(value);
        }
        old
    }

    /// Stores `new` if the slot holds `current`; else gives what it holds.
    #[inline(always)]
    pub fn compare_exchange(&self, current: Option<Value>, new: Option<Value>) -> Result<(), Option<Value>> {
        self.0
            .compare_exchange(
                Value::option_bits(current),
                Value::option_bits(new),
                Ordering::AcqRel,
                Ordering::Acquire,
            )
            .map(|_| ())
            .map_err(Value::from_bits)
    }

    /// The raw word, for the interpreter's caches and the JIT.
    #[inline(always)]
    pub fn raw(&self) -> &AtomicU64 {
        &self.0
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.load().fmt(f)
    }
}

/// A slot whose type is known: a field that holds a `Gc<T>` or nothing.
#[repr(transparent)]
pub struct TypedSlot<T>(Slot, std::marker::PhantomData<fn() -> T>);

impl<T> TypedSlot<T> {
    pub const EMPTY: TypedSlot<T> = TypedSlot(Slot::EMPTY, std::marker::PhantomData);

    #[inline(always)]
    pub fn new(gc: Gc<T>) -> Self {
        TypedSlot(Slot::new(gc.value()), std::marker::PhantomData)
    }

    #[inline(always)]
    pub fn new_option(gc: Option<Gc<T>>) -> Self {
        TypedSlot(Slot::new_option(gc.map(Gc::value)), std::marker::PhantomData)
    }

    #[inline(always)]
    pub fn load(&self) -> Option<Gc<T>> {
        // SAFETY: only `Gc<T>`s are ever stored in this slot.
        self.0.load().and_then(Value::as_cell).map(|cell| unsafe { Gc::from_cell(cell) })
    }

    #[inline(always)]
    pub fn store(&self, gc: Gc<T>) {
        self.0.store(gc.value());
    }

    #[inline(always)]
    pub fn store_option(&self, gc: Option<Gc<T>>) {
        self.0.store_option(gc.map(Gc::value));
    }

    #[inline(always)]
    pub fn slot(&self) -> &Slot {
        &self.0
    }
}
