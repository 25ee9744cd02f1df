//! `Value`: one 64-bit word that is any Python object.
//!
//! Low tags (docs of the word in the table below); a pointer is the raw address of a heap cell. The
//! all-zero word is EMPTY: it is `None` of `Option<Value>` and means "unbound", "absent", or, as a
//! result, "an exception is set".
//!
//! ```text
//! ...xx1  int, 63-bit signed      v = i << 1 | 1
//! ...x10  float, self-tagged      v = rotl(bits + 2^60, 3), valid iff v & 3 == 2
//! ...000  heap pointer            16-byte aligned, never 0
//! ...100  special                 None False True NotImplemented Ellipsis 0.0 TOMBSTONE
//! ```
//! Invariant: encoding and decoding happen in this file only (later also in the JIT's twin of it).
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::ptr::NonNull;

use taipan_gc::Header;

/// Any Python object. `Copy`, one word, neither `Send` nor `Sync`: a value lives on stacks, in heap
/// fields and in `GVec`s, where the collector finds it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(NonZeroU64, PhantomData<*mut ()>);

const FLOAT_BIAS: u64 = 1 << 60;

const fn special(bits: u64) -> Value {
    match NonZeroU64::new(bits) {
        Some(bits) => Value(bits, PhantomData),
        None => panic!("a special is not zero"),
    }
}

impl Value {
    pub const NONE: Value = special(0x04);
    pub const FALSE: Value = special(0x0c);
    pub const TRUE: Value = special(0x14);
    pub const NOT_IMPLEMENTED: Value = special(0x1c);
    pub const ELLIPSIS: Value = special(0x24);
    /// `+0.0`, which lies outside the self-tagged range.
    pub const ZERO_FLOAT: Value = special(0x2c);
    /// Marks a deleted entry of a table. Never visible to Python.
    pub const TOMBSTONE: Value = special(0x34);

    /// Smallest and largest int that fits in the word.
    pub const MIN_INT: i64 = -(1 << 62);
    pub const MAX_INT: i64 = (1 << 62) - 1;

    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0.get()
    }

    /// The value with these bits; `None` for EMPTY. The bits must come from `bits()`.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Option<Value> {
        match NonZeroU64::new(bits) {
            Some(bits) => Some(Value(bits, PhantomData)),
            None => None,
        }
    }

    /// The bits of an optional value: 0 for `None`.
    #[inline(always)]
    pub const fn option_bits(value: Option<Value>) -> u64 {
        match value {
            Some(value) => value.bits(),
            None => 0,
        }
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    /// An immediate int; `None` when `i` needs more than 63 bits (then: `types::int::from_i64`).
    #[inline(always)]
    pub const fn small_int(i: i64) -> Option<Value> {
        if i >= Value::MIN_INT && i <= Value::MAX_INT { Some(special((i as u64) << 1 | 1)) } else { None }
    }

    /// An immediate int known to fit (lengths, indices, bytes, 32-bit numbers).
    #[inline(always)]
    pub const fn int(i: i64) -> Value {
        debug_assert!(i >= Value::MIN_INT && i <= Value::MAX_INT);
        special((i as u64) << 1 | 1)
    }

    #[inline(always)]
    pub const fn is_small_int(self) -> bool {
        self.bits() & 1 != 0
    }

    #[inline(always)]
    pub const fn as_small_int(self) -> Option<i64> {
        if self.is_small_int() { Some(self.bits() as i64 >> 1) } else { None }
    }

    /// A float without a heap cell; `None` when its exponent lies outside the self-tagged range.
    #[inline(always)]
    pub const fn immediate_float(f: f64) -> Option<Value> {
        let word = f.to_bits().wrapping_add(FLOAT_BIAS).rotate_left(3);
        if word & 3 == 2 {
            Value::from_bits(word)
        } else if f.to_bits() == 0 {
            Some(Value::ZERO_FLOAT)
        } else {
            None
        }
    }

    #[inline(always)]
    pub const fn is_immediate_float(self) -> bool {
        self.bits() & 3 == 2 || self.bits() == Value::ZERO_FLOAT.bits()
    }

    #[inline(always)]
    pub const fn as_immediate_float(self) -> Option<f64> {
        if self.bits() & 3 == 2 {
            Some(f64::from_bits(self.bits().rotate_right(3).wrapping_sub(FLOAT_BIAS)))
        } else if self.bits() == Value::ZERO_FLOAT.bits() {
            Some(0.0)
        } else {
            None
        }
    }

    /// The heap cell this word points to; `None` for immediates and specials.
    #[inline(always)]
    pub const fn as_cell(self) -> Option<NonNull<Header>> {
        if self.bits() & 7 == 0 { NonNull::new(self.bits() as *mut Header) } else { None }
    }

    #[inline(always)]
    pub const fn is_cell(self) -> bool {
        self.bits() & 7 == 0
    }

    #[inline(always)]
    pub fn from_cell(cell: NonNull<Header>) -> Value {
        let bits = cell.as_ptr() as u64;
        debug_assert!(bits & 15 == 0, "heap cells are 16-byte aligned");
        // SAFETY: a NonNull address is not zero.
        Value(unsafe { NonZeroU64::new_unchecked(bits) }, PhantomData)
    }

    #[inline(always)]
    pub fn is(self, other: Value) -> bool {
        self == other
    }

    #[inline(always)]
    pub fn is_none(self) -> bool {
        self == Value::NONE
    }

    #[inline(always)]
    pub fn is_bool(self) -> bool {
        self == Value::TRUE || self == Value::FALSE
    }

    /// `None` for Python's None, as optional arguments want it.
    #[inline(always)]
    pub fn not_none(self) -> Option<Value> {
        if self.is_none() { None } else { Some(self) }
    }

    /// Kind of the heap cell, 0 for everything that is not one (see `layout::kind`).
    #[inline(always)]
    pub fn kind(self) -> u8 {
        match self.as_cell() {
            // SAFETY: a Value that points is a pointer to a live cell, whose header is always readable.
            Some(cell) => unsafe { cell.as_ref() }.kind,
            None => 0,
        }
    }

    /// Shape id of a heap cell, 0 for everything that is not one.
    #[inline(always)]
    pub fn shape(self) -> u32 {
        match self.as_cell() {
            // SAFETY: as above.
            Some(cell) => unsafe { cell.as_ref() }.shape.load(std::sync::atomic::Ordering::Acquire),
            None => 0,
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Value::NONE => f.write_str("None"),
            Value::TRUE => f.write_str("True"),
            Value::FALSE => f.write_str("False"),
            Value::NOT_IMPLEMENTED => f.write_str("NotImplemented"),
            Value::ELLIPSIS => f.write_str("Ellipsis"),
            Value::TOMBSTONE => f.write_str("<tombstone>"),
            value => {
                if let Some(i) = value.as_small_int() {
                    write!(f, "{i}")
                } else if let Some(x) = value.as_immediate_float() {
                    write!(f, "{x:?}")
                } else {
                    write!(f, "<cell {:#x} kind {}>", value.bits(), value.kind())
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_of_value_is_one_word_and_empty_is_zero() {
        assert_eq!(size_of::<Option<Value>>(), 8);
        assert_eq!(Value::option_bits(None), 0);
    }

    #[test]
    fn ints_round_trip_at_the_edges() {
        for i in [0, 1, -1, Value::MIN_INT, Value::MAX_INT] {
            assert_eq!(Value::small_int(i).and_then(Value::as_small_int), Some(i));
        }
        assert_eq!(Value::small_int(Value::MAX_INT + 1), None);
        assert_eq!(Value::small_int(Value::MIN_INT - 1), None);
    }

    #[test]
    fn floats_round_trip_inside_the_range_and_are_refused_outside() {
        for f in [0.0, 1.0, -1.0, 0.1, 1e77, -1e-76, 3.5] {
            let value = Value::immediate_float(f).unwrap();
            assert_eq!(value.as_immediate_float().map(f64::to_bits), Some(f.to_bits()));
            assert!(!value.is_small_int() && !value.is_cell());
        }
        for f in [-0.0, f64::INFINITY, f64::NAN, 1e300, 1e-300, f64::MIN_POSITIVE] {
            assert_eq!(Value::immediate_float(f), None, "{f}");
        }
    }
}
