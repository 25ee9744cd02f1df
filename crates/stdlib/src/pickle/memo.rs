//! What a pickler has written already, by identity. CPython: `PyMemoTable` in `Modules/_pickle.c`.
//!
//! Invariant: entries are only added, and all of them dropped together, so a search ends at the first free place. The
//! table keeps its objects, so an address stands for one object.

use taipan_runtime::prelude::*;

const FIRST_SIZE: usize = 32;

#[derive(Clone, Copy, Trace)]
struct Entry {
    key: Option<Value>,
    index: usize,
}

const FREE: Entry = Entry { key: None, index: 0 };

/// Open addressing; the size is a power of two.
#[derive(Default, Trace)]
pub(super) struct Memo {
    places: GVec<Entry>,
    used: usize,
}

/// Where the search for a key begins. Cells are 16 bytes apart at least.
#[inline(always)]
fn start(key: Value, mask: usize) -> usize {
    ((key.bits() >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask
}

impl Memo {
    pub(super) const fn new() -> Memo {
        Memo { places: GVec::new(), used: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// Bytes that the table takes.
    pub(super) fn bytes(&self) -> usize {
        self.places.len() * size_of::<Entry>()
    }

    pub(super) fn clear(&mut self) {
        *self = Memo::new();
    }

    /// The place of a key, or the free one where it would be. The table is not empty.
    #[inline]
    fn place(&self, key: Value) -> usize {
        let mask = self.places.len() - 1;
        let mut at = start(key, mask);
        while self.places[at].key.is_some_and(|known| known != key) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The number of an object.
    #[inline]
    pub(super) fn get(&self, key: Value) -> Option<usize> {
        if self.used == 0 {
            return None;
        }
        let entry = self.places[self.place(key)];
        entry.key.map(|_| entry.index)
    }

    /// The number of an object that is known (`Err`), or its new one.
    #[inline]
    pub(super) fn get_or_add(&mut self, key: Value) -> std::result::Result<usize, usize> {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let at = self.place(key);
        let entry = &mut self.places[at];
        if entry.key.is_some() {
            return Err(entry.index);
        }
        let index = self.used;
        *entry = Entry { key: Some(key), index };
        self.used += 1;
        Ok(index)
    }

    /// Gives an object a number.
    pub(super) fn set(&mut self, key: Value, index: usize) {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let at = self.place(key);
        if self.places[at].key.is_none() {
            self.used += 1;
        }
        self.places[at] = Entry { key: Some(key), index };
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let size = (self.places.len() * 4).max(FIRST_SIZE);
        let mut larger = GVec::with_capacity(size);
        larger.resize(size, FREE);
        let old = std::mem::replace(&mut self.places, larger);
        for entry in old.iter() {
            if let Some(key) = entry.key {
                let at = self.place(key);
                self.places[at] = *entry;
            }
        }
    }

    /// The objects with their numbers.
    pub(super) fn entries(&self) -> GVec<(Value, usize)> {
        self.places.iter().filter_map(|entry| Some((entry.key?, entry.index))).collect()
    }

    pub(super) fn copy(&self) -> Memo {
        Memo { places: self.places.clone(), used: self.used }
    }
}
