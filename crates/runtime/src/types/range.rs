//! `range`, an arithmetic sequence of ints of any size. CPython: `Objects/rangeobject.c`.
//!
//! Invariant: all four fields are exact ints and never change; `step` is not zero and `length` fits the other three.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::number::BinaryOp;
use crate::types::int::Int;
use crate::types::iterators::range::{LongRangeIterator, RangeIterator};
use crate::types::slice::{Slice, long_indices};
use crate::types::type_::Class;
use crate::value::Value;

#[derive(Trace)]
pub struct Range {
    start: Value,
    stop: Value,
    step: Value,
    length: Value,
}

const ZERO: Value = Value::int(0);
const ONE: Value = Value::int(1);

pub(crate) fn add(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    cx.binary(BinaryOp::Add, a, b)
}

pub(crate) fn sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    cx.binary(BinaryOp::Sub, a, b)
}

pub(crate) fn mul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    cx.binary(BinaryOp::Mul, a, b)
}

fn less(cx: &mut Context, a: Value, b: Value) -> Result<bool> {
    cx.compare_bool(a, b, CompareOp::Lt)
}

/// `operator.index(value)` as an exact int.
fn exact_index(cx: &mut Context, value: Value) -> Result<Value> {
    let int = cx.index(value)?;
    if int.is_bool() {
        return Ok(Value::int(i64::from(int == Value::TRUE)));
    }
    if int.is_small_int() || cx.is_exact::<Int>(int) {
        return Ok(int);
    }
    match Int::class_cell().get().slots.pos.get() {
        Some(pos) => pos(cx, int),
        None => Ok(int),
    }
}

/// Whether `value` is an int or bool itself, whose arithmetic is known.
fn is_plain_int(cx: &Context, value: Value) -> bool {
    value.is_small_int() || value.is_bool() || cx.is_exact::<Int>(value)
}

/// Number of items.
fn length(cx: &mut Context, start: Value, stop: Value, step: Value) -> Result<Value> {
    if let (Some(start), Some(stop), Some(step)) =
        (start.as_small_int(), stop.as_small_int(), step.as_small_int())
    {
        let (span, step) = if step > 0 { (stop - start, step) } else { (start - stop, -step) };
        let length = if span <= 0 { 0 } else { (span as u64 - 1) / step as u64 + 1 };
        return Ok(cx.new_int_i128(i128::from(length)));
    }
    let (low, high, step) =
        if less(cx, ZERO, step)? { (start, stop, step) } else { (stop, start, sub(cx, ZERO, step)?) };
    if !less(cx, low, high)? {
        return Ok(ZERO);
    }
    let span = sub(cx, high, low)?;
    let span = sub(cx, span, ONE)?;
    let steps = cx.binary(BinaryOp::FloorDiv, span, step)?;
    add(cx, steps, ONE)
}

impl Range {
    /// A range of exact ints; `step` is not zero.
    pub fn make(cx: &mut Context, start: Value, stop: Value, step: Value) -> Result<Gc<Range>> {
        let length = length(cx, start, stop, step)?;
        Ok(cx.new_object(Range { start, stop, step, length }))
    }

    /// A range of immediate ints whose length is one too.
    pub(crate) fn of_small(cx: &Context, start: i64, stop: i64) -> Option<Gc<Range>> {
        let length = Value::small_int(stop.saturating_sub(start).max(0))?;
        let (start, stop) = (Value::small_int(start)?, Value::small_int(stop)?);
        Some(cx.new_object(Range { start, stop, step: ONE, length }))
    }

    /// First item, number of items and step, if every item is an immediate int.
    #[inline]
    pub fn as_small(&self) -> Option<(i64, u64, i64)> {
        let (start, step) = (self.start.as_small_int()?, self.step.as_small_int()?);
        let length = self.length.as_small_int()?;
        let end = i128::from(start) + i128::from(step) * i128::from(length);
        if end > i128::from(Value::MAX_INT) || end < i128::from(Value::MIN_INT) {
            return None;
        }
        Some((start, length as u64, step))
    }

    fn item(&self, cx: &mut Context, index: Value) -> Result<Value> {
        if let (Some(start), Some(step), Some(index)) =
            (self.start.as_small_int(), self.step.as_small_int(), index.as_small_int())
            && let Some(item) = step.checked_mul(index).and_then(|offset| start.checked_add(offset))
        {
            return Ok(cx.new_int(item));
        }
        let offset = mul(cx, index, self.step)?;
        add(cx, self.start, offset)
    }

    /// The item at an index counted as Python does.
    fn subscript(&self, cx: &mut Context, index: Value) -> Result<Value> {
        let index = if less(cx, index, ZERO)? { add(cx, index, self.length)? } else { index };
        if less(cx, index, ZERO)? || !less(cx, index, self.length)? {
            return Err(cx.index_error("range object index out of range"));
        }
        self.item(cx, index)
    }

    fn slice(&self, cx: &mut Context, slice: Gc<Slice>) -> Result<Gc<Range>> {
        let [start, stop, step] = long_indices(cx, &slice, self.length)?;
        let step = mul(cx, self.step, step)?;
        let (start, stop) = (self.item(cx, start)?, self.item(cx, stop)?);
        Range::make(cx, start, stop, step)
    }

    /// Whether a plain int is an item.
    fn has_int(&self, cx: &mut Context, value: Value) -> Result<bool> {
        let inside = if less(cx, ZERO, self.step)? {
            !less(cx, value, self.start)? && less(cx, value, self.stop)?
        } else {
            !less(cx, self.start, value)? && less(cx, self.stop, value)?
        };
        if !inside {
            return Ok(false);
        }
        let offset = sub(cx, value, self.start)?;
        let rest = cx.binary(BinaryOp::Rem, offset, self.step)?;
        cx.eq(rest, ZERO)
    }

    fn equals(&self, cx: &mut Context, other: &Range) -> Result<bool> {
        if !cx.eq(self.length, other.length)? {
            return Ok(false);
        }
        if self.length == ZERO {
            return Ok(true);
        }
        if !cx.eq(self.start, other.start)? {
            return Ok(false);
        }
        Ok(self.length == ONE || cx.eq(self.step, other.step)?)
    }

    /// An iterator over `length` ints from `start` on.
    fn iterate(cx: &mut Context, start: Value, step: Value, length: Value) -> Value {
        if let (Some(start), Some(step), Some(length)) =
            (start.as_small_int(), step.as_small_int(), length.as_small_int())
            && i64::try_from(i128::from(start) + i128::from(step) * i128::from(length)).is_ok()
        {
            return RangeIterator::of(cx, start, step, length).value();
        }
        LongRangeIterator::of(cx, start, step, length).value()
    }
}

/// range(stop) -> range object
/// range(start, stop[, step]) -> range object
///
/// The ints from start, by default 0, up to but without stop, step apart (by
/// default 1; a negative step counts down). range(4) gives 0, 1, 2, 3.
#[class(name = "range", kind = RANGE, quick = crate::quick::new_range, by_kind, flags = SEQUENCE)]
impl Range {
    #[slot(new)]
    fn new(cx: &mut Context, _class: Gc<Class>, args: Args<'_>) -> Result<Gc<Self>> {
        if args.keyword_count() > 0 {
            return Err(cx.type_error("range() takes no keyword arguments"));
        }
        let (start, stop, step) = match *args.positional() {
            [stop] => (ZERO, exact_index(cx, stop)?, ONE),
            [start, stop] => (exact_index(cx, start)?, exact_index(cx, stop)?, ONE),
            [start, stop, step] => {
                let (start, stop) = (exact_index(cx, start)?, exact_index(cx, stop)?);
                let step = exact_index(cx, step)?;
                if step == ZERO {
                    return Err(cx.value_error("range() arg 3 must not be zero"));
                }
                (start, stop, step)
            }
            [] => return Err(cx.type_error("range expected at least 1 argument, got 0")),
            _ => {
                let given = args.positional().len();
                return Err(cx.type_error(format!("range expected at most 3 arguments, got {given}")));
            }
        };
        Range::make(cx, start, stop, step)
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

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> Result<usize> {
        if let Some(length) = self.length.as_small_int() {
            return Ok(length as usize);
        }
        let length = cx.index_i128(self.length)?;
        isize::try_from(length)
            .map(isize::cast_unsigned)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C ssize_t"))
    }

    #[slot(bool)]
    fn bool(&self) -> bool {
        self.length != ZERO
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<String> {
        let (start, stop) = (cx.repr(self.start)?, cx.repr(self.stop)?);
        if self.step == ONE {
            return Ok(format!("range({}, {})", start.to_str(), stop.to_str()));
        }
        let step = cx.repr(self.step)?;
        Ok(format!("range({}, {}, {})", start.to_str(), stop.to_str(), step.to_str()))
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let start = if self.length == ZERO { Value::NONE } else { self.start };
        let step = if self.length == ZERO || self.length == ONE { Value::NONE } else { self.step };
        let parts = cx.new_tuple(&[self.length, start, step]);
        cx.hash(parts.value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(a), Some(b)) = (a.downcast::<Range>(), b.downcast::<Range>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        match op {
            CompareOp::Eq => Ok(Value::bool(a == b || a.equals(cx, &b)?)),
            CompareOp::Ne => Ok(Value::bool(!(a == b || a.equals(cx, &b)?))),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(contains)]
    fn contains(this: Gc<Self>, cx: &mut Context, value: Value) -> Result<bool> {
        if is_plain_int(cx, value) {
            return this.has_int(cx, value);
        }
        crate::protocol::sequence::contains_by_iteration(cx, this.value(), value)
    }

    #[slot(get_item)]
    fn get_item(&self, cx: &mut Context, key: Value) -> Result<Value> {
        if let Some(slice) = key.downcast::<Slice>() {
            return Ok(self.slice(cx, slice)?.value());
        }
        if key.is_small_int() || cx.class_of(key).slots.index.is_set() {
            let index = cx.index(key)?;
            return self.subscript(cx, index);
        }
        let name = cx.type_name(key);
        Err(cx.type_error(format!("range indices must be integers or slices, not {name}")))
    }

    #[slot(iter)]
    fn iter(&self, cx: &mut Context) -> Value {
        Range::iterate(cx, self.start, self.step, self.length)
    }

    /// Iterate over the items, last first.
    #[function("()")]
    fn __reversed__(&self, cx: &mut Context) -> Result<Value> {
        let last = sub(cx, self.length, ONE)?;
        let start = self.item(cx, last)?;
        let step = sub(cx, ZERO, self.step)?;
        Ok(Range::iterate(cx, start, step, self.length))
    }

    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value());
        let args = cx.new_tuple(&[this.start, this.stop, this.step]);
        cx.new_tuple(&[class.value(), args.value()]).value()
    }

    /// rangeobject.count(value) -> number of items that equal value
    #[function("(object, /)")]
    fn count(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<usize> {
        if is_plain_int(cx, object) {
            return this.has_int(cx, object).map(usize::from);
        }
        let mut count = 0;
        cx.for_each(this.value(), |cx, item| {
            count += usize::from(cx.eq(item, object)?);
            Ok(())
        })?;
        Ok(count)
    }

    /// rangeobject.index(value) -> position of the first item that equals value.
    /// Raises ValueError if there is none.
    #[function("(object, /)")]
    fn index(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<Value> {
        if is_plain_int(cx, object) {
            if this.has_int(cx, object)? {
                let offset = sub(cx, object, this.start)?;
                return cx.binary(BinaryOp::FloorDiv, offset, this.step);
            }
            return Err(cx.value_error("range.index(x): x not in range"));
        }
        let iterator = cx.iter(this.value())?;
        let mut index = 0i64;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            if cx.eq(item, object)? {
                return Ok(cx.new_int(index));
            }
            index += 1;
        }
        Err(cx.value_error("sequence.index(x): x not in sequence"))
    }
}
