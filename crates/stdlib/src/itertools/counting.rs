//! `count`, `cycle` and `repeat`: iterators that need not end.
//!
//! Invariant: `count` counts in a machine word until that would overflow or where the step is not 1.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::BinaryOp;

use super::advance;

/// Body of `count`.
#[derive(Trace)]
pub struct Count {
    /// The next number in fast mode.
    fast: AtomicI64,
    /// The next number in slow mode; EMPTY in fast mode.
    slow: Slot,
    step: Slot,
}

/// The last number that the fast mode hands out.
const FAST_END: i64 = i64::MAX - 1;

/// Return a count object whose .__next__() method returns consecutive values.
///
/// Equivalent to:
///     def count(firstval=0, step=1):
///         x = firstval
///         while 1:
///             yield x
///             x += step
#[class(name = "count", module = "itertools", flags = BASETYPE)]
impl Count {
    #[new("(start=0, step=1)")]
    fn new(cx: &mut Context, class: Gc<Class>, start: Value, step: Value) -> Result<Gc<Self>> {
        if !cx.is_number(start) || !cx.is_number(step) {
            return Err(cx.type_error("a number is required"));
        }
        let by_one = cx.is_int(step) && cx.int_to_i64(step) == Some(1);
        let fast = cx.int_to_i64(start).filter(|first| by_one && cx.is_int(start) && *first < FAST_END);
        Ok(cx.new_instance(
            class,
            Count {
                fast: AtomicI64::new(fast.unwrap_or(0)),
                slow: Slot::new_option(if fast.is_some() { None } else { Some(start) }),
                step: Slot::new(step),
            },
        ))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        if this.slow.load().is_none() {
            let number = this.fast.fetch_add(1, Ordering::Relaxed);
            if number < FAST_END {
                return Ok(Some(cx.new_int(number)));
            }
            this.fast.store(FAST_END, Ordering::Relaxed);
            let _ = this.slow.compare_exchange(None, Some(cx.new_int(FAST_END)));
        }
        loop {
            let current = this.slow.load().unwrap_or(Value::int(0));
            let following = cx.binary(BinaryOp::Add, current, this.step.load_or_none())?;
            if this.slow.compare_exchange(Some(current), Some(following)).is_ok() {
                return Ok(Some(current));
            }
        }
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let current = match this.slow.load() {
            Some(current) => current,
            None => cx.new_int(this.fast.load(Ordering::Relaxed)),
        };
        let name = cx.class_of(this.value()).name().to_str().into_owned();
        let current = cx.repr(current)?;
        let step = this.step.load_or_none();
        if cx.is_int(step) && cx.int_to_i64(step) == Some(1) {
            return cx.format_str(&[&format!("{name}("), ")"], &[current]);
        }
        let step = cx.repr(step)?;
        cx.format_str(&[&format!("{name}("), ", ", ")"], &[current, step])
    }
}

/// Body of `cycle`.
#[derive(Trace)]
pub struct Cycle {
    /// EMPTY once the source has ended.
    source: Slot,
    saved: TypedSlot<List>,
    position: AtomicUsize,
}

/// Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.
#[class(name = "cycle", module = "itertools", flags = BASETYPE)]
impl Cycle {
    #[new("(iterable, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value) -> Result<Gc<Self>> {
        let source = cx.iter(iterable)?;
        let saved = TypedSlot::new(cx.new_list(&[]));
        Ok(cx.new_instance(class, Cycle { source: Slot::new(source), saved, position: AtomicUsize::new(0) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        let Some(saved) = this.saved.load() else { return Ok(None) };
        if let Some(source) = this.source.load() {
            if let Some(item) = advance(cx, source)? {
                saved.push(cx, item);
                return Ok(Some(item));
            }
            this.source.clear();
        }
        let count = saved.len();
        if count == 0 {
            return Ok(None);
        }
        let position = this.position.fetch_add(1, Ordering::Relaxed);
        Ok(saved.get(position % count))
    }
}

/// Body of `repeat`.
#[derive(Trace)]
pub struct Repeat {
    object: Slot,
    /// How many are left; negative for endless.
    left: AtomicI64,
}

/// repeat(object [,times]) -> create an iterator which returns the object
/// for the specified number of times.  If not specified, returns the object
/// endlessly.
#[class(name = "repeat", module = "itertools", flags = BASETYPE)]
impl Repeat {
    #[new("(object, times=<absent>)")]
    fn new(cx: &mut Context, class: Gc<Class>, object: Value, times: Option<isize>) -> Result<Gc<Self>> {
        let left = times.map_or(-1, |times| times.max(0) as i64);
        Ok(cx.new_instance(class, Repeat { object: Slot::new(object), left: AtomicI64::new(left) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self) -> Option<Value> {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| match left {
            0 => None,
            left if left < 0 => Some(left),
            left => Some(left - 1),
        });
        taken.ok().and_then(|_| self.object.load())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let name = cx.class_of(this.value()).name().to_str().into_owned();
        let object = cx.repr(this.object.load_or_none())?;
        let left = this.left.load(Ordering::Relaxed);
        let end = if left < 0 { ")".to_owned() } else { format!(", {left})") };
        cx.format_str(&[&format!("{name}("), &end], &[object])
    }

    /// Private method returning an estimate of len(list(it)).
    #[function("()", name = "__length_hint__")]
    fn length_hint(&self, cx: &mut Context) -> Result<i64> {
        let left = self.left.load(Ordering::Relaxed);
        if left < 0 { Err(cx.type_error("len() of unsized object")) } else { Ok(left) }
    }
}
