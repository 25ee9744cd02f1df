//! `int`: making, reading and converting. CPython: `Objects/longobject.c`.
//!
//! An int of up to 63 bits is an immediate word, a bool counts as 0 or 1, and the rest are cells. Invariant: an exact
//! int that fits in a word is never a cell, so equal small ints are identical.

mod class;
mod construct;
pub mod quick;
mod raw;

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_num::bigint::{Int as BigInt, IntRef};

pub(crate) use class::{format_spec, formatted};
pub(crate) use construct::number_text;
pub use construct::{from_number, from_text};
pub use raw::Int;

use crate::context::Context;
use crate::error::Result;
use crate::layout::kind;
use crate::object::Gc;
use crate::types::str::Str;
use crate::value::Value;

/// `sys.get_int_max_str_digits()` of a fresh interpreter.
pub const DEFAULT_DIGIT_LIMIT: usize = 4300;
/// The smallest limit that may be set, apart from none.
pub const DIGIT_LIMIT_THRESHOLD: usize = 640;

static DIGIT_LIMIT: AtomicUsize = AtomicUsize::new(DEFAULT_DIGIT_LIMIT);

/// The most digits that conversions to and from decimal text may have; 0 for any number.
pub fn digit_limit() -> usize {
    DIGIT_LIMIT.load(Ordering::Relaxed)
}

/// Sets the digit limit: 0, or at least `DIGIT_LIMIT_THRESHOLD`.
pub fn set_digit_limit(limit: usize) {
    DIGIT_LIMIT.store(limit, Ordering::Relaxed);
}

/// Whether the value is an int; bools and instances of subclasses count.
#[inline(always)]
pub fn is_int(value: Value) -> bool {
    value.is_small_int() || value.kind() == kind::INT || value.is_bool()
}

/// The value of an immediate int or bool.
#[inline(always)]
fn immediate(value: Value) -> Option<i64> {
    if let Some(int) = value.as_small_int() {
        return Some(int);
    }
    if value.is_bool() { Some(i64::from(value == Value::TRUE)) } else { None }
}

/// Calls `f` with an int's value; what is no int counts as zero.
#[inline]
pub fn with_ref<R>(value: Value, f: impl FnOnce(IntRef<'_>) -> R) -> R {
    if let Some(int) = value.downcast::<Int>() {
        return f(int.view());
    }
    debug_assert!(is_int(value), "with_ref of {value:?}");
    f(IntRef::small(immediate(value).unwrap_or(0), &mut [0]))
}

/// Calls `f` with the values of two ints.
#[inline]
pub fn with_two<R>(a: Value, b: Value, f: impl FnOnce(IntRef<'_>, IntRef<'_>) -> R) -> R {
    with_ref(a, |a| with_ref(b, |b| f(a, b)))
}

/// An int as a Python object.
#[inline]
pub fn from_int(cx: &Context, int: &BigInt) -> Value {
    from_ref(cx, int.view())
}

/// An int as a Python object.
#[inline]
pub fn from_ref(cx: &Context, int: IntRef<'_>) -> Value {
    match int.to_i64().and_then(Value::small_int) {
        Some(small) => small,
        None => raw::new_big(cx, int).value(),
    }
}

/// An int of any magnitude; leading zero limbs are allowed.
pub fn from_limbs(cx: &Context, negative: bool, limbs: &[u64]) -> Value {
    let limbs = taipan_num::bigint::magnitude::trimmed(limbs);
    from_ref(cx, IntRef { negative: negative && !limbs.is_empty(), limbs })
}

/// Sign and magnitude of an int; None for what is no int.
pub fn to_limbs(value: Value) -> Option<(bool, Vec<u64>)> {
    is_int(value).then(|| with_ref(value, |int| (int.negative, int.limbs.to_vec())))
}

/// An int from an `i64`.
#[inline(always)]
pub fn from_i64(cx: &Context, int: i64) -> Value {
    match Value::small_int(int) {
        Some(value) => value,
        None => from_ref(cx, IntRef::small(int, &mut [0])),
    }
}

/// The value of an int that an `i64` holds; None for others and for what is no int.
#[inline]
pub fn to_i64(value: Value) -> Option<i64> {
    match immediate(value) {
        Some(int) => Some(int),
        None => value.downcast::<Int>()?.to_i64(),
    }
}

/// The value of an int cut to the range of `i128`.
pub fn to_i128_saturating(value: Value) -> i128 {
    if let Some(int) = immediate(value) {
        return i128::from(int);
    }
    with_ref(value, |int| {
        let magnitude = match *int.limbs {
            [] => 0,
            [low] => u128::from(low),
            [low, high] => u128::from(high) << 64 | u128::from(low),
            _ => u128::MAX,
        };
        match (int.negative, i128::try_from(magnitude)) {
            (false, magnitude) => magnitude.unwrap_or(i128::MAX),
            (true, Ok(magnitude)) => -magnitude,
            (true, Err(_)) => i128::MIN,
        }
    })
}

/// The nearest float, or OverflowError.
pub fn to_f64(cx: &Context, value: Value) -> Result<f64> {
    match immediate(value) {
        // The hardware rounds to nearest even, as CPython does.
        Some(int) => Ok(int as f64),
        None => with_ref(value, |int| int.to_f64())
            .ok_or_else(|| cx.overflow_error("int too large to convert to float")),
    }
}

/// Whether an int is below zero.
#[inline]
pub fn is_negative(value: Value) -> bool {
    match immediate(value) {
        Some(int) => int < 0,
        None => value.downcast::<Int>().is_some_and(|int| int.is_negative()),
    }
}

/// The int itself, or for a bool or an instance of a subclass the exact int of the same value.
#[inline]
pub fn exact(cx: &Context, value: Value) -> Value {
    if value.is_small_int() || cx.is_exact::<Int>(value) {
        return value;
    }
    with_ref(value, |int| from_ref(cx, int))
}

/// `repr` of an int: its decimal digits, within the digit limit.
pub fn to_decimal(cx: &Context, value: Value) -> Result<Gc<Str>> {
    if let Some(int) = value.as_small_int() {
        return Ok(crate::types::str::format::small_int(cx, int));
    }
    match with_ref(value, |int| int.to_decimal(digit_limit())) {
        Ok(digits) => Ok(cx.new_ascii(digits.as_bytes())),
        Err(error) => Err(cx.value_error(error.to_string())),
    }
}

impl Int {
    /// The value, if an `i64` holds it.
    pub fn to_i64(&self) -> Option<i64> {
        self.view().to_i64()
    }

    /// `hash()` of the value.
    pub fn hash(&self) -> i64 {
        taipan_num::hash::hash_int(self.view())
    }
}

impl Context {
    /// An int.
    #[inline(always)]
    pub fn new_int(&self, int: i64) -> Value {
        from_i64(self, int)
    }

    /// An int.
    pub fn new_int_i128(&self, int: i128) -> Value {
        match i64::try_from(int) {
            Ok(int) => from_i64(self, int),
            Err(_) => {
                let magnitude = int.unsigned_abs();
                from_limbs(self, int < 0, &[magnitude as u64, (magnitude >> 64) as u64])
            }
        }
    }
}
