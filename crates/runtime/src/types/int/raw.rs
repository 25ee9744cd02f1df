//! The body of an `int` that does not fit in a word: `header | length and sign | limbs ...`.
//!
//! CPython: `PyLongObject`. Invariant: the limbs never change once the cell is published. An exact `int` of up to 63
//! bits never has a cell; an instance of a subclass always has.
#![allow(unsafe_code)]

use std::ptr::NonNull;

use taipan_gc::{Header, Marker, Space};
use taipan_num::bigint::{IntRef, Written};

use crate::context::{Context, leaf_space};
use crate::layout::{Object, Trace};
use crate::object::{Cell, Gc};
use crate::types::type_::Class;
use crate::value::Value;

/// `int` beyond 63 bits, or an instance of a subclass of `int`.
#[repr(C)]
pub struct Int {
    /// The number of limbs shifted left by one, and the sign.
    meta: usize,
}

/// Words of header and meta.
const HEAD_WORDS: usize = size_of::<Cell<Int>>() / 8;

// SAFETY: there is no value in it.
unsafe impl Trace for Int {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut Marker) {}
}

impl Int {
    /// The magnitude, lowest limb first, without leading zero limbs.
    #[inline(always)]
    pub fn limbs(&self) -> &[u64] {
        let first = std::ptr::from_ref(self).cast::<u64>().wrapping_add(size_of::<Int>() / 8);
        // SAFETY: so many limbs follow the head of the cell and never change.
        unsafe { std::slice::from_raw_parts(first, self.meta >> 1) }
    }

    /// Whether the value is below zero.
    #[inline(always)]
    pub fn is_negative(&self) -> bool {
        self.meta & 1 == 1
    }

    /// The value for arithmetic.
    #[inline(always)]
    pub fn view(&self) -> IntRef<'_> {
        IntRef { negative: self.is_negative(), limbs: self.limbs() }
    }
}

/// Words of a cell, without what a subclass appends.
/// # Safety
/// `cell` is a live `int` cell.
pub(crate) unsafe fn words(cell: NonNull<Header>) -> usize {
    // SAFETY: the caller's contract.
    let meta = unsafe { &cell.cast::<Cell<Int>>().as_ref().body }.meta;
    HEAD_WORDS + (meta >> 1)
}

/// An int whose limbs `write` puts into memory for `limbs` of them, each of which it writes.
pub(super) fn build(cx: &Context, limbs: usize, write: impl FnOnce(&mut [u64]) -> Written) -> Value {
    let shape = Int::class_cell().instance_shape();
    // SAFETY: the cell is fresh and long enough, and its memory is initialised, with whatever it held before; it is
    // published only when this function returns.
    unsafe {
        let cell = cx.new_raw(Int::LAYOUT, shape, Space::Leaf, HEAD_WORDS + limbs);
        let to = cell.as_ptr().cast::<u64>().add(HEAD_WORDS);
        let (negative, len) = write(std::slice::from_raw_parts_mut(to, limbs));
        debug_assert!(len <= limbs);
        // A cell that is longer than its number is as good as another; one that is not needed is left to the collector.
        (&raw mut (*cell.cast::<Cell<Int>>().as_ptr()).body.meta).write(len << 1 | usize::from(negative));
        let int = Gc::<Int>::from_cell(cell);
        int.to_i64().and_then(Value::small_int).unwrap_or(int.value())
    }
}

fn new_cell(cx: &Context, shape: u32, extra_words: usize, value: IntRef<'_>) -> Gc<Int> {
    let words = HEAD_WORDS + value.limbs.len() + extra_words;
    let space = leaf_space(extra_words == 0 && shape == Int::class_cell().instance_shape());
    // SAFETY: the cell is fresh and long enough; it is published only when this function returns.
    unsafe {
        let cell = cx.new_raw(Int::LAYOUT, shape, space, words);
        let meta = value.limbs.len() << 1 | usize::from(value.negative);
        (&raw mut (*cell.cast::<Cell<Int>>().as_ptr()).body.meta).write(meta);
        let to = cell.as_ptr().cast::<u64>().add(HEAD_WORDS);
        std::ptr::copy_nonoverlapping(value.limbs.as_ptr(), to, value.limbs.len());
        Gc::from_cell(cell)
    }
}

/// A cell of class `int` for a value of more than 63 bits.
pub(super) fn new_big(cx: &Context, value: IntRef<'_>) -> Gc<Int> {
    new_cell(cx, Int::class_cell().instance_shape(), 0, value)
}

/// An instance of `class`, a subclass of `int`.
pub(super) fn new_instance(cx: &Context, class: Gc<Class>, value: IntRef<'_>) -> Gc<Int> {
    new_cell(cx, class.instance_shape(), class.extra_words(), value)
}
