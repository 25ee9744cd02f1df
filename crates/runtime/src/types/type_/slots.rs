//! The slots of a class: what each protocol of the language calls.
//!
//! One table, `for_each_slot!`, names every slot with its function type; the atomic form that a class
//! holds, the static form that `#[class]` fills and the special-method descriptors are read from it.
//! Invariant: a slot word is 0 or a function of the slot's type.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::context::Context;
use crate::error::Result;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::str::Str;
use crate::types::type_::Class;
use crate::value::Value;

pub type UnaryFn = fn(&mut Context, Value) -> Result<Value>;
pub type LenFn = fn(&mut Context, Value) -> Result<usize>;
pub type HashFn = fn(&mut Context, Value) -> Result<i64>;
pub type TruthFn = fn(&mut Context, Value) -> Result<bool>;
pub type NextFn = fn(&mut Context, Value) -> Result<Option<Value>>;
pub type BinaryFn = fn(&mut Context, Value, Value) -> Result<Value>;
pub type TernaryFn = fn(&mut Context, Value, Value, Value) -> Result<Value>;
pub type CompareFn = fn(&mut Context, Value, Value, CompareOp) -> Result<Value>;
pub type ContainsFn = fn(&mut Context, Value, Value) -> Result<bool>;
pub type SetItemFn = fn(&mut Context, Value, Value, Option<Value>) -> Result<()>;
pub type RepeatFn = fn(&mut Context, Value, isize) -> Result<Value>;
pub type GetAttrFn = fn(&mut Context, Value, Gc<Str>) -> Result<Value>;
pub type SetAttrFn = fn(&mut Context, Value, Gc<Str>, Option<Value>) -> Result<()>;
pub type DescrGetFn = fn(&mut Context, Value, Option<Value>, Option<Value>) -> Result<Value>;
pub type DescrSetFn = fn(&mut Context, Value, Value, Option<Value>) -> Result<()>;
pub type CallFn = fn(&mut Context, Value, Args<'_>) -> Result<Value>;
pub type NewFn = fn(&mut Context, Gc<Class>, Args<'_>) -> Result<Value>;
pub type InitFn = fn(&mut Context, Value, Args<'_>) -> Result<()>;
pub type FinalizeFn = fn(&mut Context, Value) -> Result<()>;
pub type BufferFn = fn(&mut Context, Value, u32) -> Result<crate::protocol::buffer::Buffer>;

/// Calls `$m!` with a row `name: FunctionType` for every slot.
#[macro_export]
macro_rules! for_each_slot {
    ($m:ident) => {
        $m! {
            repr: UnaryFn, str: UnaryFn, hash: HashFn, call: CallFn, iter: UnaryFn, next: NextFn,
            get_attr: GetAttrFn, set_attr: SetAttrFn, descr_get: DescrGetFn, descr_set: DescrSetFn,
            compare: CompareFn, new: NewFn, init: InitFn, finalize: FinalizeFn,
            len: LenFn, get_item: BinaryFn, set_item: SetItemFn, contains: ContainsFn,
            concat: BinaryFn, repeat: RepeatFn, inplace_concat: BinaryFn, inplace_repeat: RepeatFn,
            bool: TruthFn, int: UnaryFn, float: UnaryFn, index: UnaryFn,
            neg: UnaryFn, pos: UnaryFn, abs: UnaryFn, invert: UnaryFn,
            add: BinaryFn, sub: BinaryFn, mul: BinaryFn, matmul: BinaryFn, truediv: BinaryFn, floordiv: BinaryFn,
            rem: BinaryFn, divmod: BinaryFn, pow: TernaryFn, lshift: BinaryFn, rshift: BinaryFn,
            and: BinaryFn, xor: BinaryFn, or: BinaryFn,
            inplace_add: BinaryFn, inplace_sub: BinaryFn, inplace_mul: BinaryFn, inplace_matmul: BinaryFn,
            inplace_truediv: BinaryFn, inplace_floordiv: BinaryFn, inplace_rem: BinaryFn, inplace_pow: TernaryFn,
            inplace_lshift: BinaryFn, inplace_rshift: BinaryFn, inplace_and: BinaryFn, inplace_xor: BinaryFn,
            inplace_or: BinaryFn,
            await_: UnaryFn, aiter: UnaryFn, anext: UnaryFn, buffer: BufferFn,
        }
    };
}

/// Address of a slot's function, 0 for none; equal addresses mean the same function.
pub(crate) fn fn_address<F: Copy>(function: Option<F>) -> usize {
    let slot = FnSlot::<F>::EMPTY;
    slot.set(function);
    slot.0.load(Ordering::Relaxed)
}

/// One slot of a class: an atomic function pointer of type `F`, or nothing.
#[repr(transparent)]
pub struct FnSlot<F>(AtomicUsize, PhantomData<F>);

impl<F: Copy> FnSlot<F> {
    pub const EMPTY: FnSlot<F> = FnSlot(AtomicUsize::new(0), PhantomData);

    #[inline(always)]
    pub fn get(&self) -> Option<F> {
        const { assert!(size_of::<F>() == size_of::<usize>()) };
        match self.0.load(Ordering::Acquire) {
            0 => None,
            // SAFETY: only `set` stores here, and it stores an `F`, a function pointer.
            address => Some(unsafe { std::mem::transmute_copy::<usize, F>(&address) }),
        }
    }

    pub fn set(&self, function: Option<F>) {
        const { assert!(size_of::<F>() == size_of::<usize>()) };
        let address = match function {
            // SAFETY: a function pointer is one word, and any bits are a valid usize.
            Some(function) => unsafe { std::mem::transmute_copy::<F, usize>(&function) },
            None => 0,
        };
        self.0.store(address, Ordering::Release);
    }

    #[inline(always)]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// Copies `other`'s function where this slot has none.
    pub fn inherit(&self, other: &FnSlot<F>) {
        if !self.is_set() {
            self.set(other.get());
        }
    }

    /// Whether both slots hold the same function.
    pub fn same(&self, other: &FnSlot<F>) -> bool {
        self.0.load(Ordering::Acquire) == other.0.load(Ordering::Acquire)
    }
}

macro_rules! define_slots {
    ($($name:ident: $ty:ty,)*) => {
        /// The slots of a class, each readable without a lock.
        pub struct Slots { $(pub $name: FnSlot<$ty>,)* }

        /// The slots that a native type defines itself; written by `#[class]`.
        #[derive(Clone, Copy)]
        pub struct StaticSlots { $(pub $name: Option<$ty>,)* }

        impl StaticSlots {
            pub const NONE: StaticSlots = StaticSlots { $($name: None,)* };
        }

        impl Slots {
            pub const fn empty() -> Slots {
                Slots { $($name: FnSlot::EMPTY,)* }
            }

            pub fn from_static(slots: &StaticSlots) -> Slots {
                let all = Slots::empty();
                $(all.$name.set(slots.$name);)*
                all
            }

            /// Takes every slot from `base` that is not set here.
            pub fn inherit(&self, base: &Slots) {
                $(self.$name.inherit(&base.$name);)*
            }

            /// Sets every slot to what `other` holds.
            pub fn copy_from(&self, other: &Slots) {
                $(self.$name.set(other.$name.get());)*
            }
        }
    };
}
for_each_slot!(define_slots);
