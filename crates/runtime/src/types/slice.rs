//! `slice`, what stands between the brackets of `x[a:b:c]`. CPython: `Objects/sliceobject.c`.
//!
//! Invariant: start, stop and step are any objects and never change; only unpacking asks for ints.

use taipan_macros::{Trace, class};
use taipan_num::hash::TupleHasher;

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::number::BinaryOp;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

#[derive(Trace)]
pub struct Slice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

/// The bounds of a slice as machine words, not yet fitted to a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
}

/// The positions that a slice selects in a sequence: `len` of them from `start` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indices {
    pub start: isize,
    pub step: isize,
    pub len: usize,
}

impl Indices {
    /// The first position; for an empty selection, where it would be.
    #[inline(always)]
    pub fn start(self) -> usize {
        self.start.max(0) as usize
    }

    /// The `number`-th position.
    #[inline(always)]
    pub fn at(self, number: usize) -> usize {
        (self.start + number as isize * self.step) as usize
    }

    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.len).map(move |number| self.at(number))
    }
}

impl Gc<Slice> {
    /// The positions that the slice selects in a sequence of `len` items.
    pub fn indices(self, cx: &mut Context, len: usize) -> Result<Indices> {
        Ok(self.unpack(cx)?.adjust(len))
    }
}

impl Bounds {
    /// The positions that the slice selects in a sequence of `len` items.
    pub fn adjust(self, len: usize) -> Indices {
        let (len, backwards) = (len as isize, self.step < 0);
        let fit = |bound: isize| {
            if bound < 0 {
                let bound = bound.saturating_add(len);
                if bound >= 0 {
                    bound
                } else if backwards {
                    -1
                } else {
                    0
                }
            } else if bound >= len {
                if backwards { len - 1 } else { len }
            } else {
                bound
            }
        };
        let (start, stop) = (fit(self.start), fit(self.stop));
        let count = match self.step {
            1 if start < stop => stop - start,
            step if step < 0 && stop < start => (start - stop - 1) / -step + 1,
            step if step > 0 && start < stop => (stop - start - 1) / step + 1,
            _ => 0,
        };
        // An empty backward slice may start before the first item, where no item is read.
        Indices { start, step: self.step, len: count as usize }
    }
}

impl Slice {
    /// The bounds as machine words: None filled in, large numbers clipped.
    pub fn unpack(&self, cx: &mut Context) -> Result<Bounds> {
        let step = match self.step.not_none() {
            Some(step) => slice_bound(cx, step)?.max(-isize::MAX),
            None => 1,
        };
        if step == 0 {
            return Err(cx.value_error("slice step cannot be zero"));
        }
        let (first, last) = if step < 0 { (isize::MAX, isize::MIN) } else { (0, isize::MAX) };
        let start = match self.start.not_none() {
            Some(start) => slice_bound(cx, start)?,
            None => first,
        };
        let stop = match self.stop.not_none() {
            Some(stop) => slice_bound(cx, stop)?,
            None => last,
        };
        Ok(Bounds { start, stop, step })
    }

    fn as_tuple(&self, cx: &Context) -> Gc<Tuple> {
        cx.new_tuple(&[self.start, self.stop, self.step])
    }
}

const NOT_AN_INDEX: &str = "slice indices must be integers or None or have an __index__ method";

#[inline]
fn slice_bound(cx: &mut Context, bound: Value) -> Result<isize> {
    if let Some(bound) = bound.as_small_int() {
        return Ok(bound as isize);
    }
    cx.slice_index(bound)
}

/// A bound as an int of any size.
fn exact_bound(cx: &mut Context, bound: Value) -> Result<Value> {
    if !cx.class_of(bound).slots.index.is_set() {
        return Err(cx.type_error(NOT_AN_INDEX));
    }
    let bound = cx.index(bound)?;
    Ok(super::int::exact(cx, bound))
}

/// Start, stop and step for a sequence whose length is an int of any size (`slice.indices`, `range[...]`).
pub(crate) fn long_indices(cx: &mut Context, slice: &Slice, len: Value) -> Result<[Value; 3]> {
    let (zero, one, minus_one) = (Value::int(0), Value::int(1), Value::int(-1));
    let step = match slice.step.not_none() {
        Some(step) => exact_bound(cx, step)?,
        None => one,
    };
    if step == zero {
        return Err(cx.value_error("slice step cannot be zero"));
    }
    let backwards = cx.compare_bool(step, zero, CompareOp::Lt)?;
    let (lower, upper) =
        if backwards { (minus_one, cx.binary(BinaryOp::Add, len, minus_one)?) } else { (zero, len) };
    let fit = |cx: &mut Context, bound: Value, default: Value| -> Result<Value> {
        let Some(bound) = bound.not_none() else { return Ok(default) };
        let mut bound = exact_bound(cx, bound)?;
        if cx.compare_bool(bound, zero, CompareOp::Lt)? {
            bound = cx.binary(BinaryOp::Add, bound, len)?;
            Ok(if cx.compare_bool(bound, lower, CompareOp::Lt)? { lower } else { bound })
        } else {
            Ok(if cx.compare_bool(bound, upper, CompareOp::Gt)? { upper } else { bound })
        }
    };
    let start = fit(cx, slice.start, if backwards { upper } else { lower })?;
    let stop = fit(cx, slice.stop, if backwards { lower } else { upper })?;
    Ok([start, stop, step])
}

impl Context {
    /// `slice(start, stop, step)`.
    pub fn new_slice(&self, start: Value, stop: Value, step: Value) -> Gc<Slice> {
        self.new_object(Slice { start, stop, step })
    }
}

/// slice(stop)
/// slice(start, stop[, step])
///
/// Create a slice object.  This is used for extended slicing (e.g. a[0:10:2]).
#[class(name = "slice", kind = SLICE, by_kind)]
impl Slice {
    #[new("(start, stop=<absent>, step=None, /)", text = "")]
    fn new(cx: &mut Context, _class: Gc<Class>, start: Value, stop: Option<Value>, step: Value) -> Gc<Self> {
        match stop {
            Some(stop) => cx.new_slice(start, stop, step),
            None => cx.new_slice(Value::NONE, start, Value::NONE),
        }
    }

    #[getter]
    fn start(&self) -> Value {
        self.start
    }

    #[setter]
    fn set_start(&self, cx: &mut Context, _value: Option<Value>) -> Result<()> {
        Err(cx.attribute_error_message("readonly attribute"))
    }

    #[getter]
    fn stop(&self) -> Value {
        self.stop
    }

    #[setter]
    fn set_stop(&self, cx: &mut Context, _value: Option<Value>) -> Result<()> {
        Err(cx.attribute_error_message("readonly attribute"))
    }

    #[getter]
    fn step(&self) -> Value {
        self.step
    }

    #[setter]
    fn set_step(&self, cx: &mut Context, _value: Option<Value>) -> Result<()> {
        Err(cx.attribute_error_message("readonly attribute"))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<String> {
        let (start, stop, step) = (cx.repr(self.start)?, cx.repr(self.stop)?, cx.repr(self.step)?);
        Ok(format!("slice({}, {}, {})", start.to_str(), stop.to_str(), step.to_str()))
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let mut hasher = TupleHasher::new();
        for part in [self.start, self.stop, self.step] {
            hasher.add(cx.hash(part)?);
        }
        Ok(hasher.finish_without_length())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(a), Some(b)) = (a.downcast::<Slice>(), b.downcast::<Slice>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a == b {
            return Ok(Value::bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
        }
        let (a, b) = (a.as_tuple(cx), b.as_tuple(cx));
        cx.compare(a.value(), b.value(), op)
    }

    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Assuming a sequence of length len, calculate the start and stop
    /// indices, and the stride length of the extended slice described by
    /// S. Out of bounds indices are clipped in a manner consistent with the
    /// handling of normal slices.
    #[function("(object, /)")]
    fn indices_(&self, cx: &mut Context, object: Value) -> Result<Value> {
        let len = cx.index(object)?;
        let len = super::int::exact(cx, len);
        if cx.compare_bool(len, Value::int(0), CompareOp::Lt)? {
            return Err(cx.value_error("length should not be negative"));
        }
        let parts = long_indices(cx, self, len)?;
        Ok(cx.new_tuple(&parts).value())
    }

    /// Return state information for pickling.
    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value());
        let parts = this.as_tuple(cx);
        cx.new_tuple(&[class.value(), parts.value()]).value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(start: isize, stop: isize, step: isize, len: usize) -> Vec<usize> {
        Bounds { start, stop, step }.adjust(len).positions().collect()
    }

    #[test]
    fn bounds_are_fitted_to_the_length() {
        assert_eq!(positions(0, isize::MAX, 1, 3), [0, 1, 2]);
        assert_eq!(positions(-2, isize::MAX, 1, 3), [1, 2]);
        assert_eq!(positions(isize::MAX, isize::MIN, -1, 3), [2, 1, 0]);
        assert_eq!(positions(0, isize::MAX, 2, 5), [0, 2, 4]);
        assert_eq!(positions(4, 0, -3, 5), [4, 1]);
        assert!(positions(isize::MAX, isize::MIN, -1, 0).is_empty());
        assert!(positions(3, 1, 1, 5).is_empty());
        assert_eq!(positions(isize::MIN, isize::MAX, isize::MAX, 5), [0]);
    }
}
