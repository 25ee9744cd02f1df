//! Iterators over ranges: one for machine words, one for ints of any size. CPython: `Objects/rangeobject.c`.
//!
//! Invariant: what is left and where it starts are two words that one thread at a time is expected to move; another
//! thread at worst sees an item twice or misses one.

use std::sync::atomic::{AtomicI64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::slots::Slot;
use crate::types::iterators::builtin;
use crate::types::range::{self, Range};
use crate::value::Value;

/// Counts with machine words.
#[derive(Trace)]
pub struct RangeIterator {
    next: AtomicI64,
    left: AtomicI64,
    step: i64,
}

impl RangeIterator {
    /// `left` ints from `start` on, `step` apart; the one behind the last is an i64, too.
    pub fn of(cx: &Context, start: i64, step: i64, left: i64) -> Gc<RangeIterator> {
        cx.new_object(RangeIterator { next: AtomicI64::new(start), left: AtomicI64::new(left), step })
    }

    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<i64> {
        let left = self.left.load(Ordering::Relaxed);
        if left <= 0 {
            return None;
        }
        let item = self.next.load(Ordering::Relaxed);
        self.next.store(item.wrapping_add(self.step), Ordering::Relaxed);
        self.left.store(left - 1, Ordering::Relaxed);
        Some(item)
    }
}

impl RangeIterator {
    /// The next item: None at the end, Some(None) where `next` has to make an object of it.
    #[inline(always)]
    pub fn advance_small(&self) -> Option<Option<Value>> {
        if self.left.load(Ordering::Relaxed) <= 0 {
            return None;
        }
        match Value::small_int(self.next.load(Ordering::Relaxed)) {
            Some(item) => self.advance().map(|_| Some(item)),
            None => Some(None),
        }
    }
}

/// `(iter, (range(...),), None)`.
fn reduce(cx: &mut Context, start: Value, stop: Value, step: Value) -> Result<Value> {
    let range = Range::make(cx, start, stop, step)?;
    let iter = builtin(cx, "iter")?;
    let args = cx.new_tuple(&[range.value()]);
    Ok(cx.new_tuple(&[iter, args.value(), Value::NONE]).value())
}

#[class(name = "range_iterator", kind = RANGE_ITERATOR, by_kind, flags = DISALLOW_NEW)]
impl RangeIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Option<Value> {
        self.advance().map(|item| cx.new_int(item))
    }

    /// How many items are left.
    #[function("()")]
    fn __length_hint__(&self) -> i64 {
        self.left.load(Ordering::Relaxed)
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        let (start, left) = (self.next.load(Ordering::Relaxed), self.left.load(Ordering::Relaxed));
        let stop = cx.new_int(start.wrapping_add(left.wrapping_mul(self.step)));
        let (start, step) = (cx.new_int(start), cx.new_int(self.step));
        reduce(cx, start, stop, step)
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, object: i64) {
        let left = self.left.load(Ordering::Relaxed);
        let skipped = object.clamp(0, left);
        let next = self.next.load(Ordering::Relaxed);
        self.next.store(next.wrapping_add(skipped.wrapping_mul(self.step)), Ordering::Relaxed);
        self.left.store(left - skipped, Ordering::Relaxed);
    }
}

/// Counts with ints of any size.
#[derive(Trace)]
pub struct LongRangeIterator {
    next: Slot,
    left: Slot,
    step: Value,
}

impl LongRangeIterator {
    /// `left` ints from `start` on, `step` apart.
    pub fn of(cx: &Context, start: Value, step: Value, left: Value) -> Gc<LongRangeIterator> {
        cx.new_object(LongRangeIterator { next: Slot::new(start), left: Slot::new(left), step })
    }
}

#[class(name = "longrange_iterator", flags = DISALLOW_NEW)]
impl LongRangeIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let (item, left) = (self.next.load_or_none(), self.left.load_or_none());
        if !cx.compare_bool(Value::int(0), left, CompareOp::Lt)? {
            return Ok(None);
        }
        let next = range::add(cx, item, self.step)?;
        let rest = range::sub(cx, left, Value::int(1))?;
        self.next.store(next);
        self.left.store(rest);
        Ok(Some(item))
    }

    /// How many items are left.
    #[function("()")]
    fn __length_hint__(&self) -> Value {
        self.left.load_or_none()
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        let (start, left) = (self.next.load_or_none(), self.left.load_or_none());
        let span = range::mul(cx, left, self.step)?;
        let stop = range::add(cx, start, span)?;
        reduce(cx, start, stop, self.step)
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, cx: &mut Context, object: Value) -> Result<()> {
        if !crate::types::int::is_int(object) {
            let name = cx.type_name(object);
            return Err(cx.type_error(format!("state must be an int, not {name}")));
        }
        let (start, left) = (self.next.load_or_none(), self.left.load_or_none());
        let mut skipped = object;
        if cx.compare_bool(skipped, Value::int(0), CompareOp::Lt)? {
            skipped = Value::int(0);
        } else if cx.compare_bool(left, skipped, CompareOp::Lt)? {
            skipped = left;
        }
        let offset = range::mul(cx, skipped, self.step)?;
        let next = range::add(cx, start, offset)?;
        let rest = range::sub(cx, left, skipped)?;
        self.next.store(next);
        self.left.store(rest);
        Ok(())
    }
}
