//! Iterators by index: over lists, tuples and whatever has `__getitem__`. CPython: `listiter_*`, `tupleiter_*`,
//! `iter_*` in `Objects/iterobject.c`.
//!
//! Invariant: the sequence is EMPTY once the iterator is exhausted; then it stays so even if the sequence grows.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::iterators::{end_of_sequence, index_state, reduce, reduce_exhausted, reduce_to_list};
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// Iterates over a list as it is at each step.
#[derive(Trace)]
pub struct ListIterator {
    list: TypedSlot<List>,
    index: AtomicUsize,
}

impl ListIterator {
    pub fn of(cx: &Context, list: Gc<List>) -> Gc<ListIterator> {
        cx.new_object(ListIterator { list: TypedSlot::new(list), index: AtomicUsize::new(0) })
    }

    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<Value> {
        let list = self.list.load()?;
        let index = self.index.load(Ordering::Relaxed);
        let item = list.get(index);
        match item {
            Some(_) => self.index.store(index + 1, Ordering::Relaxed),
            None => self.list.store_option(None),
        }
        item
    }
}

#[class(name = "list_iterator", kind = LIST_ITERATOR, by_kind, flags = DISALLOW_NEW)]
impl ListIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self) -> Option<Value> {
        self.advance()
    }

    /// How many items are left at most.
    #[function("()")]
    fn __length_hint__(&self) -> usize {
        self.list.load().map_or(0, |list| list.len().saturating_sub(self.index.load(Ordering::Relaxed)))
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        match self.list.load() {
            Some(list) => reduce(cx, "iter", list.value(), Some(self.index.load(Ordering::Relaxed))),
            None => reduce_to_list(cx, &[]),
        }
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, cx: &mut Context, object: Value) -> Result<()> {
        let index = index_state(cx, object)?;
        if let Some(list) = self.list.load() {
            self.index.store((index.max(0) as usize).min(list.len()), Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Iterates over a list, last item first.
#[derive(Trace)]
pub struct ListReverseIterator {
    list: TypedSlot<List>,
    /// Index of the next item; -1 at the end.
    index: AtomicI64,
}

impl ListReverseIterator {
    pub fn of(cx: &Context, list: Gc<List>) -> Gc<ListReverseIterator> {
        let last = list.len() as i64 - 1;
        cx.new_object(ListReverseIterator { list: TypedSlot::new(list), index: AtomicI64::new(last) })
    }
}

#[class(name = "list_reverseiterator", flags = DISALLOW_NEW)]
impl ListReverseIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self) -> Option<Value> {
        let list = self.list.load()?;
        let index = self.index.load(Ordering::Relaxed);
        let item = usize::try_from(index).ok().and_then(|index| list.get(index));
        match item {
            Some(_) => self.index.store(index - 1, Ordering::Relaxed),
            None => {
                self.index.store(-1, Ordering::Relaxed);
                self.list.store_option(None);
            }
        }
        item
    }

    /// How many items are left at most.
    #[function("()")]
    fn __length_hint__(&self) -> usize {
        let left = (self.index.load(Ordering::Relaxed) + 1) as usize;
        self.list.load().filter(|list| left <= list.len()).map_or(0, |_| left)
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        let index = self.index.load(Ordering::Relaxed);
        match self.list.load() {
            Some(list) if index >= 0 => reduce(cx, "reversed", list.value(), Some(index as usize)),
            _ => {
                let empty = cx.new_list(&[]).value();
                reduce(cx, "reversed", empty, None)
            }
        }
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, cx: &mut Context, object: Value) -> Result<()> {
        let index = index_state(cx, object)? as i64;
        if let Some(list) = self.list.load() {
            self.index.store(index.clamp(-1, list.len() as i64 - 1), Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Iterates over a tuple.
#[derive(Trace)]
pub struct TupleIterator {
    tuple: TypedSlot<Tuple>,
    index: AtomicUsize,
}

impl TupleIterator {
    pub fn of(cx: &Context, tuple: Gc<Tuple>) -> Gc<TupleIterator> {
        cx.new_object(TupleIterator { tuple: TypedSlot::new(tuple), index: AtomicUsize::new(0) })
    }
}

#[class(name = "tuple_iterator", kind = TUPLE_ITERATOR, flags = DISALLOW_NEW)]
impl TupleIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self) -> Option<Value> {
        let tuple = self.tuple.load()?;
        let index = self.index.load(Ordering::Relaxed);
        let item = tuple.get(index);
        match item {
            Some(_) => self.index.store(index + 1, Ordering::Relaxed),
            None => self.tuple.store_option(None),
        }
        item
    }

    /// How many items are left.
    #[function("()")]
    fn __length_hint__(&self) -> usize {
        self.tuple.load().map_or(0, |tuple| tuple.len().saturating_sub(self.index.load(Ordering::Relaxed)))
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        match self.tuple.load() {
            Some(tuple) => reduce(cx, "iter", tuple.value(), Some(self.index.load(Ordering::Relaxed))),
            None => reduce_exhausted(cx),
        }
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, cx: &mut Context, object: Value) -> Result<()> {
        let index = index_state(cx, object)?;
        if let Some(tuple) = self.tuple.load() {
            self.index.store((index.max(0) as usize).min(tuple.len()), Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Iterates over an object by `__getitem__` with 0, 1, 2, ...
#[derive(Trace)]
pub struct SequenceIterator {
    sequence: Slot,
    index: AtomicUsize,
}

impl SequenceIterator {
    pub fn of(cx: &Context, sequence: Value) -> Gc<SequenceIterator> {
        cx.new_object(SequenceIterator { sequence: Slot::new(sequence), index: AtomicUsize::new(0) })
    }
}

#[class(name = "iterator", flags = DISALLOW_NEW)]
impl SequenceIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(sequence) = self.sequence.load() else { return Ok(None) };
        let index = self.index.load(Ordering::Relaxed);
        let key = cx.new_int(index as i64);
        match cx.get_item(sequence, key) {
            Ok(item) => {
                self.index.store(index + 1, Ordering::Relaxed);
                Ok(Some(item))
            }
            Err(raised) => {
                let end = end_of_sequence(cx, raised)?;
                self.sequence.clear();
                Ok(end)
            }
        }
    }

    /// How many items are left, if the sequence has a length.
    #[function("()")]
    fn __length_hint__(&self, cx: &mut Context) -> Result<Value> {
        let Some(sequence) = self.sequence.load() else { return Ok(Value::int(0)) };
        if !cx.class_of(sequence).slots.len.is_set() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let len = cx.len(sequence)?;
        Ok(Value::int(len.saturating_sub(self.index.load(Ordering::Relaxed)) as i64))
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        match self.sequence.load() {
            Some(sequence) => reduce(cx, "iter", sequence, Some(self.index.load(Ordering::Relaxed))),
            None => reduce_exhausted(cx),
        }
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, cx: &mut Context, object: Value) -> Result<()> {
        let index = index_state(cx, object)?;
        if self.sequence.load().is_some() {
            self.index.store(index.max(0) as usize, Ordering::Relaxed);
        }
        Ok(())
    }
}
