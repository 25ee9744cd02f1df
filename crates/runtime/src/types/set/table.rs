//! The hash table of `set` and `frozenset`. CPython: `Objects/setobject.c`; probing, growth and merging follow it step
//! by step, because the order in which a set of ints is iterated and printed shows through them.
//!
//! Entry i is the slot pair (key, hash) of a `Buf`; the number of pairs is a power of two. Readers take no lock: a key is
//! stored after its hash, once, and only a TOMBSTONE may follow it; growing swaps the buffer.
//! Invariant: at least two fifths of the pairs are free, so every probe ends.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::Trace;

use crate::buffer::{Buf, PairBufSlot};
use crate::context::Context;
use crate::table::Answer;
use crate::value::Value;

const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
/// Number of pairs of the smallest table.
pub(crate) const MIN_PAIRS: usize = 8;

/// One buffer of a set, as a reader found it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairs(Buf);

/// The result of a search that runs no Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Probe {
    Found(usize),
    /// The free position where the key would go.
    Free(usize),
    /// Only Python's `__eq__` can tell whether this position holds the key.
    Ask(usize),
}

impl Pairs {
    fn new(cx: &Context, pairs: usize) -> Pairs {
        Pairs(Buf::new(cx, pairs * 2))
    }

    #[inline(always)]
    fn mask(self) -> usize {
        self.0.capacity() / 2 - 1
    }

    pub(crate) fn len(self) -> usize {
        self.mask() + 1
    }

    /// The key word at `position`: `None` if free, TOMBSTONE if deleted.
    #[inline(always)]
    pub(crate) fn word(self, position: usize) -> Option<Value> {
        self.0.slots()[position * 2].load()
    }

    /// The key at `position`, if there is one.
    #[inline(always)]
    pub(crate) fn key(self, position: usize) -> Option<Value> {
        self.word(position).filter(|key| *key != Value::TOMBSTONE)
    }

    #[inline(always)]
    pub(crate) fn hash(self, position: usize) -> i64 {
        self.0.slots()[position * 2 + 1].raw().load(Ordering::Relaxed) as i64
    }

    #[inline(always)]
    fn put(self, position: usize, key: Value, hash: i64) {
        self.0.slots()[position * 2 + 1].raw().store(hash as u64, Ordering::Relaxed);
        self.0.slots()[position * 2].store(key);
    }

    /// Walks the probe sequence of `hash` until `visit` gives something.
    #[inline(always)]
    pub(super) fn walk<R>(self, hash: i64, mut visit: impl FnMut(usize) -> Option<R>) -> R {
        let mask = self.mask();
        let mut perturb = hash as u64 as usize;
        let mut start = perturb & mask;
        loop {
            let probes = if start + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            for position in start..=start + probes {
                if let Some(result) = visit(position) {
                    return result;
                }
            }
            perturb >>= PERTURB_SHIFT;
            start = start.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb) & mask;
        }
    }

    /// Searches the key with this hash for which `same` says Same.
    #[inline(always)]
    pub(crate) fn find(self, hash: i64, mut same: impl FnMut(Value) -> Answer) -> Probe {
        self.walk(hash, |position| {
            let Some(key) = self.word(position) else { return Some(Probe::Free(position)) };
            if key == Value::TOMBSTONE || self.hash(position) != hash {
                return None;
            }
            match same(key) {
                Answer::Same => Some(Probe::Found(position)),
                Answer::Different => None,
                Answer::Ask => Some(Probe::Ask(position)),
            }
        })
    }

    /// Puts a key that is not there into a buffer without deleted entries.
    fn insert_clean(self, key: Value, hash: i64) {
        let free = self.walk(hash, |position| self.word(position).is_none().then_some(position));
        self.put(free, key, hash);
    }

    /// The next key at or behind `position`, which moves behind it.
    #[inline]
    pub(crate) fn next(self, position: &mut usize) -> Option<(Value, i64)> {
        while *position <= self.mask() {
            let here = *position;
            *position += 1;
            if let Some(key) = self.key(here) {
                return Some((key, self.hash(here)));
            }
        }
        None
    }
}

/// The keys of a set. Reading takes no lock; methods that write say so.
#[derive(Trace, Default)]
pub(crate) struct SetTable {
    pairs: PairBufSlot,
    /// Positions that are not free: keys and deleted ones.
    fill: AtomicUsize,
    used: AtomicUsize,
    /// Where `pop` goes on searching.
    finger: AtomicUsize,
}

impl SetTable {
    #[inline(always)]
    pub(crate) fn pairs(&self) -> Option<Pairs> {
        self.pairs.load().map(Pairs)
    }

    #[inline(always)]
    pub(crate) fn is_current(&self, pairs: Pairs) -> bool {
        self.pairs() == Some(pairs)
    }

    #[inline(always)]
    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Acquire)
    }

    pub(crate) fn fill(&self) -> usize {
        self.fill.load(Ordering::Relaxed)
    }

    fn mask(&self) -> usize {
        self.pairs().map_or(MIN_PAIRS - 1, Pairs::mask)
    }

    fn publish(&self, pairs: Option<Pairs>, fill: usize, used: usize) {
        self.pairs.store(pairs.map(|pairs| pairs.0));
        self.fill.store(fill, Ordering::Relaxed);
        self.used.store(used, Ordering::Release);
    }

    /// The buffer, made if need be. Under the owner's lock.
    pub(crate) fn ensure(&self, cx: &Context) -> Pairs {
        match self.pairs() {
            Some(pairs) => pairs,
            None => {
                let pairs = Pairs::new(cx, MIN_PAIRS);
                self.publish(Some(pairs), 0, 0);
                pairs
            }
        }
    }

    /// Puts a new key at the free `position` that a search found. Under the owner's lock.
    pub(crate) fn insert_at(&self, cx: &Context, pairs: Pairs, position: usize, key: Value, hash: i64) {
        pairs.put(position, key, hash);
        let (fill, used) = (self.fill() + 1, self.used() + 1);
        self.fill.store(fill, Ordering::Relaxed);
        self.used.store(used, Ordering::Release);
        if fill * 5 >= pairs.mask() * 3 {
            self.resize(cx, SetTable::roomy(used));
        }
    }

    fn roomy(used: usize) -> usize {
        if used > 50_000 { used * 2 } else { used * 4 }
    }

    /// Deletes the key at `position`. Under the owner's lock.
    pub(crate) fn remove_at(&self, pairs: Pairs, position: usize) {
        pairs.0.slots()[position * 2].store(Value::TOMBSTONE);
        self.used.store(self.used() - 1, Ordering::Release);
    }

    /// A buffer with more than `wanted` pairs and no deleted ones. Under the owner's lock.
    pub(crate) fn resize(&self, cx: &Context, wanted: usize) {
        let mut pairs = MIN_PAIRS;
        while pairs <= wanted {
            pairs <<= 1;
        }
        let fresh = Pairs::new(cx, pairs);
        if let Some(old) = self.pairs() {
            let mut position = 0;
            while let Some((key, hash)) = old.next(&mut position) {
                fresh.insert_clean(key, hash);
            }
        }
        self.publish(Some(fresh), self.used(), self.used());
    }

    /// Makes the room that merging `more` keys asks for. Under the owner's lock.
    pub(crate) fn reserve_merge(&self, cx: &Context, more: usize) {
        if (self.fill() + more) * 5 >= self.mask() * 3 {
            self.resize(cx, (self.used() + more) * 2);
        }
    }

    /// Drops deleted entries when there are many. Under the owner's lock.
    pub(crate) fn sweep(&self, cx: &Context) {
        if self.fill() - self.used() > self.mask() / 4 {
            self.resize(cx, SetTable::roomy(self.used()));
        }
    }

    /// Fills this empty table, which has room (`reserve_merge`), from `other`. Under both owners' locks.
    pub(crate) fn fill_from(&self, cx: &Context, other: &SetTable) {
        let (fresh, Some(source)) = (self.ensure(cx), other.pairs()) else { return };
        debug_assert_eq!(self.fill(), 0);
        if fresh.mask() == source.mask() && other.fill() == other.used() {
            for position in 0..source.len() {
                if let Some(key) = source.key(position) {
                    fresh.put(position, key, source.hash(position));
                }
            }
        } else {
            let mut position = 0;
            while let Some((key, hash)) = source.next(&mut position) {
                fresh.insert_clean(key, hash);
            }
        }
        self.publish(Some(fresh), other.used(), other.used());
    }

    /// Takes any key. Under the owner's lock.
    pub(crate) fn pop(&self) -> Option<Value> {
        let pairs = self.pairs().filter(|_| self.used() > 0)?;
        let mut position = self.finger.load(Ordering::Relaxed) & pairs.mask();
        let key = loop {
            match pairs.key(position) {
                Some(key) => break key,
                None => position = (position + 1) & pairs.mask(),
            }
        };
        self.remove_at(pairs, position);
        self.finger.store(position + 1, Ordering::Relaxed);
        Some(key)
    }

    /// Drops every key. Under the owner's lock.
    pub(crate) fn clear(&self) {
        self.publish(None, 0, 0);
        self.finger.store(0, Ordering::Relaxed);
    }

    /// Exchanges the contents of two tables. Under both owners' locks.
    pub(crate) fn swap(&self, other: &SetTable) {
        let (mine, fill, used) = (self.pairs(), self.fill(), self.used());
        self.publish(other.pairs(), other.fill(), other.used());
        other.publish(mine, fill, used);
    }

    /// Bytes of the buffer outside the object, as CPython counts them.
    pub(crate) fn extra_bytes(&self) -> usize {
        if self.mask() == MIN_PAIRS - 1 { 0 } else { (self.mask() + 1) * 16 }
    }
}
