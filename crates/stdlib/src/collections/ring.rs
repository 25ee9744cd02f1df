//! A double-ended queue of values in a circular buffer.
//!
//! Invariant: the capacity is 0 or a power of two; `head` and `len` are within it.

use taipan_runtime::prelude::*;

/// The queue.
#[derive(Default, Trace)]
pub(super) struct Ring {
    buffer: GVec<Value>,
    head: usize,
    len: usize,
}

impl Ring {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn place(&self, index: usize) -> usize {
        (self.head + index) & (self.buffer.len().wrapping_sub(1))
    }

    pub(super) fn get(&self, index: usize) -> Option<Value> {
        if index < self.len { self.buffer.get(self.place(index)).copied() } else { None }
    }

    /// Puts `value` at an index that exists.
    pub(super) fn set(&mut self, index: usize, value: Value) {
        let place = self.place(index);
        self.buffer[place] = value;
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.len).filter_map(|index| self.get(index))
    }

    fn grow(&mut self) {
        let capacity = (self.buffer.len() * 2).max(8);
        let mut buffer = GVec::with_capacity(capacity);
        buffer.extend(self.iter());
        buffer.resize(capacity, Value::NONE);
        self.buffer = buffer;
        self.head = 0;
    }

    pub(super) fn push_back(&mut self, value: Value) {
        if self.len == self.buffer.len() {
            self.grow();
        }
        self.len += 1;
        self.set(self.len - 1, value);
    }

    pub(super) fn push_front(&mut self, value: Value) {
        if self.len == self.buffer.len() {
            self.grow();
        }
        self.head = self.head.wrapping_sub(1) & (self.buffer.len() - 1);
        self.len += 1;
        self.set(0, value);
    }

    /// Takes the last item; its place is cleared, so that it is not kept alive.
    pub(super) fn pop_back(&mut self) -> Option<Value> {
        let value = self.get(self.len.checked_sub(1)?)?;
        self.set(self.len - 1, Value::NONE);
        self.len -= 1;
        Some(value)
    }

    pub(super) fn pop_front(&mut self) -> Option<Value> {
        let value = self.get(0)?;
        self.set(0, Value::NONE);
        self.head = self.place(1);
        self.len -= 1;
        Some(value)
    }

    /// Moves `n` items from the right end to the left one; from left to right where `n` is negative.
    pub(super) fn rotate(&mut self, n: isize) {
        if self.len < 2 {
            return;
        }
        let len = self.len as isize;
        let mut n = n % len;
        if n > len / 2 {
            n -= len;
        } else if n < -len / 2 {
            n += len;
        }
        for _ in 0..n {
            if let Some(value) = self.pop_back() {
                self.push_front(value);
            }
        }
        for _ in n..0 {
            if let Some(value) = self.pop_front() {
                self.push_back(value);
            }
        }
    }

    pub(super) fn insert(&mut self, index: usize, value: Value) {
        self.rotate(-(index as isize));
        self.push_front(value);
        self.rotate(index as isize);
    }

    pub(super) fn remove(&mut self, index: usize) -> Option<Value> {
        self.rotate(-(index as isize));
        let value = self.pop_front();
        self.rotate(index as isize);
        value
    }

    pub(super) fn reverse(&mut self) {
        for index in 0..self.len / 2 {
            let other = self.len - 1 - index;
            if let (Some(a), Some(b)) = (self.get(index), self.get(other)) {
                self.set(index, b);
                self.set(other, a);
            }
        }
    }
}
