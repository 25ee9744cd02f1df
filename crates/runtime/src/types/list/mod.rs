//! `list`, the mutable sequence. CPython: `Objects/listobject.c`.
//!
//! Invariant: reading an item or the length takes no lock; every change happens under the byte lock of the list, and no
//! lock is held while Python runs.

mod class;
mod sort;

use taipan_macros::Trace;

use crate::buffer::{Buf, GVec, Items};
use crate::context::Context;
use crate::lock::lock_header;
use crate::object::Gc;
use crate::protocol::sequence::resolve_index;
use crate::types::slice::Indices;
use crate::value::Value;

pub use sort::sort_values;

/// The body of a list.
#[derive(Trace, Default)]
pub struct List {
    items: Items,
}

impl List {
    /// The body of an empty list.
    pub fn new() -> List {
        List::default()
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The body of a list of `items`.
    pub fn from_values(cx: &Context, items: &[Value]) -> List {
        List { items: Items::from_values(cx, items) }
    }
}

impl Context {
    /// A list of `items`.
    #[inline]
    pub fn new_list(&self, items: &[Value]) -> Gc<List> {
        self.new_object(List::from_values(self, items))
    }
}

impl Gc<List> {
    /// The item at `index`.
    #[inline(always)]
    pub fn get(self, index: usize) -> Option<Value> {
        match self.items.get(index) {
            Some(item) => Some(item),
            None if index >= self.items.len() => None,
            None => self.get_slow(index),
        }
    }

    /// A writer is between two of its stores, which it soon leaves: no writer waits for anything there.
    #[cold]
    #[inline(never)]
    fn get_slow(self, index: usize) -> Option<Value> {
        let mut tries = 0u32;
        while index < self.items.len() {
            if let Some(item) = self.items.get(index) {
                return Some(item);
            }
            tries += 1;
            if tries.is_multiple_of(64) { std::thread::yield_now() } else { std::hint::spin_loop() }
        }
        None
    }

    /// `this[start:end]` for bounds that `clip` finds in a list of a length.
    pub fn slice(self, cx: &Context, clip: impl FnOnce(usize) -> (usize, usize)) -> Gc<List> {
        let guard = lock_header(self.header(), cx);
        let (start, end) = clip(self.items.len());
        let items = self.items.part(cx, start, end);
        drop(guard);
        cx.new_object(List { items })
    }

    /// Replaces the item at `index` if there is no other thread, hence nothing to lock; false if that cannot be.
    #[inline(always)]
    pub fn set_alone(self, index: usize, value: Value) -> bool {
        !taipan_gc::multi_threaded() && self.items.set(index, value)
    }

    /// Replaces the item at `index`; false if there is none.
    #[inline(always)]
    pub fn set(self, cx: &Context, index: usize, value: Value) -> bool {
        let _guard = lock_header(self.header(), cx);
        self.items.set(index, value)
    }

    /// Whether the next item needs a larger buffer.
    #[inline]
    pub fn is_full(self) -> bool {
        self.items.len() == self.items.capacity()
    }

    /// Appends an item.
    #[inline(always)]
    pub fn push(self, cx: &Context, value: Value) {
        let _guard = lock_header(self.header(), cx);
        self.items.push(cx, value);
    }

    /// Appends an item if there is room for it.
    #[inline(always)]
    pub(crate) fn push_within(self, cx: &Context, value: Value) -> bool {
        let _guard = lock_header(self.header(), cx);
        let room = self.items.len() < self.items.capacity();
        if room {
            self.items.push(cx, value);
        }
        room
    }

    /// Takes the last item.
    #[inline]
    pub fn pop_last(self, cx: &Context) -> Option<Value> {
        let _guard = lock_header(self.header(), cx);
        self.items.pop()
    }

    /// Takes the item at a position counted as Python does; `Err(len)` if there is none.
    fn take(self, cx: &Context, index: isize) -> Result<Value, usize> {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        let index = resolve_index(index, len).ok_or(len)?;
        let item = self.items.get(index).ok_or(len)?;
        if index + 1 == len {
            self.items.pop();
        } else {
            self.items.splice(cx, index, index + 1, &[]);
        }
        Ok(item)
    }

    /// Inserts before the position counted as Python does, clipped to the list.
    pub fn insert(self, cx: &Context, index: isize, value: Value) {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        let index =
            if index < 0 { index.saturating_add(len as isize).max(0) as usize } else { index as usize }
                .min(len);
        if index == len {
            self.items.push(cx, value);
        } else {
            self.items.splice(cx, index, index, &[value]);
        }
    }

    /// Appends all of `items`.
    pub fn extend(self, cx: &Context, items: &[Value]) {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        if !items.is_empty() {
            self.items.reserve(cx, items.len());
        }
        self.items.splice(cx, len, len, items);
    }

    /// Removes all items.
    pub fn clear(self, cx: &Context) {
        let _guard = lock_header(self.header(), cx);
        // A list that is being sorted has an empty buffer of its own, by which changes are noticed.
        if self.items.capacity() > 0 {
            self.items.publish(None, 0);
        }
    }

    /// Takes all items out and leaves `marker`, an empty buffer (or nothing).
    fn take_all(self, cx: &Context, marker: Option<Buf>) -> GVec<Value> {
        let _guard = lock_header(self.header(), cx);
        let items = self.items.copy_range(0, self.items.len());
        self.items.publish(marker, 0);
        items
    }

    /// Puts sorted items back; false if the list no longer has the empty buffer that `take_all` left.
    fn put_back(self, cx: &Context, marker: Buf, items: &[Value]) -> bool {
        let _guard = lock_header(self.header(), cx);
        let untouched = self.items.parts().0.is_some_and(|buf| buf == marker);
        let buf = if items.is_empty() { None } else { Some(Buf::from_values(cx, items, 0)) };
        self.items.publish(buf, items.len());
        untouched
    }

    /// Replaces all items.
    pub fn replace(self, cx: &Context, items: &[Value]) {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        self.items.splice(cx, 0, len, items);
    }

    /// Replaces the items `[start, end)`, clipped to the list of the moment.
    pub fn splice(self, cx: &Context, start: usize, end: usize, items: &[Value]) {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        let start = start.min(len);
        self.items.splice(cx, start, end.clamp(start, len), items);
    }

    /// The items of this moment.
    pub fn snapshot(self, cx: &Context) -> GVec<Value> {
        let _guard = lock_header(self.header(), cx);
        self.items.copy_range(0, self.items.len())
    }

    /// The items that a slice of a list of this length selects.
    fn pick(self, cx: &Context, fit: impl FnOnce(usize) -> Indices) -> GVec<Value> {
        let _guard = lock_header(self.header(), cx);
        let range = fit(self.items.len());
        if range.step == 1 {
            return self.items.copy_range(range.start(), range.start() + range.len);
        }
        let mut picked = GVec::with_capacity(range.len);
        for number in 0..range.len {
            if let Some(item) = self.items.get(range.at(number)) {
                picked.push(item);
            }
        }
        picked
    }

    /// Stores `items` at the positions of `range`, which are as many; `None` if the list has another length now.
    fn assign_range(self, cx: &Context, range: Indices, len: usize, items: &[Value]) -> Option<()> {
        let _guard = lock_header(self.header(), cx);
        if self.items.len() != len {
            return None;
        }
        for (number, item) in items.iter().enumerate() {
            self.items.set(range.at(number), *item);
        }
        Some(())
    }

    /// Removes the positions of `range` from the items of the moment.
    fn remove_range(self, cx: &Context, fit: impl FnOnce(usize) -> Indices) {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        let range = fit(len);
        if range.len == 0 {
            return;
        }
        if range.step == 1 {
            return self.items.splice(cx, range.start(), range.start() + range.len, &[]);
        }
        let (first, last) =
            (range.at(0).min(range.at(range.len - 1)), range.at(0).max(range.at(range.len - 1)));
        let step = range.step.unsigned_abs();
        let kept: GVec<Value> = (first..=last)
            .filter(|index| !(index - first).is_multiple_of(step))
            .filter_map(|index| self.items.get(index))
            .collect();
        self.items.splice(cx, first, last + 1, &kept);
    }

    /// Turns the order of the items around.
    pub fn reverse(self, cx: &Context) {
        let _guard = lock_header(self.header(), cx);
        let len = self.items.len();
        let mut items = self.items.copy_range(0, len);
        items.reverse();
        self.items.splice(cx, 0, len, &items);
    }

    /// The items of two lists in a row, as of one moment.
    fn concat(self, cx: &Context, other: Gc<List>) -> Gc<List> {
        let items = {
            let _guards = crate::lock::lock_two(self.header(), other.header(), cx);
            self.items.joined(cx, &other.items)
        };
        cx.new_object(List { items })
    }
}
