//! `Table`: the append-only hash table behind `dict`. CPython: `PyDictKeysObject` in `Objects/dictobject.c`.
//!
//! ```text
//! block = header | entries {key, value, hash} x capacity | index [u32 or u64] x 2^bits      (no index up to 8 entries)
//! index word = tag of the hash, entry number + 1; 0 = free; linear probing
//! ```
//! Readers take no lock, writers hold the lock of the object that owns the table. An entry's key and hash are written
//! once and published by `used` and by the index word; afterwards only its value changes. A deleted entry's value is
//! TOMBSTONE and stays so. Growing builds a new block and swaps one pointer; the collector keeps the old block while
//! a reader still has it.
//! Invariant: whoever uses a key has seen the entry's value as something other than TOMBSTONE since the last safepoint,
//! because the keys of deleted entries are not traced.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use taipan_gc::{Marker, Space};

use crate::context::Context;
use crate::layout::Trace;
use crate::slots::Slot;
use crate::value::Value;

/// Most entries of a block without an index.
const LINEAR: usize = 8;
/// Entries of the first block of a table that starts empty.
const FIRST: usize = 4;
/// Index words of more than this many bits are 64 bits wide.
const NARROW_BITS: u32 = 24;
/// 2^64 divided by the golden ratio: spreads any arithmetic sequence of hashes over the index.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// One key with its value.
#[repr(C)]
pub struct Entry {
    key: Slot,
    value: Slot,
    hash: AtomicI64,
}

impl Entry {
    /// The key and the value word; `None` if the entry was deleted.
    #[inline(always)]
    pub fn live(&self) -> Option<(Value, Value)> {
        // The value goes first: see the invariant of this file.
        let value = self.value.load()?;
        if value == Value::TOMBSTONE {
            return None;
        }
        Some((self.key.load()?, value))
    }

    #[inline(always)]
    pub fn hash(&self) -> i64 {
        self.hash.load(Ordering::Relaxed)
    }

    /// Replaces the value. The caller holds the owner's lock and has seen the entry live under it.
    #[inline(always)]
    pub fn set_value(&self, value: Value) {
        self.value.store(value);
    }

    #[inline(always)]
    fn is_dead(&self) -> bool {
        self.value.load() == Some(Value::TOMBSTONE)
    }
}

#[repr(C)]
struct Block {
    capacity: usize,
    /// log2 of the index's length; 0 if there is none.
    bits: u32,
    /// Number of entries written so far.
    used: AtomicUsize,
    /// Every entry before this one is deleted.
    first: AtomicUsize,
    /// Every entry from this one on is deleted or not yet written.
    last: AtomicUsize,
    entries: [Entry; 0],
}

/// What a comparison says that may not run Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Same,
    Different,
    /// Only Python's `__eq__` can tell.
    Ask,
}

/// The result of a search that runs no Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Search {
    /// Number of the entry, and its value word.
    Found(usize, Value),
    Absent,
    Ask,
}

/// One block of a table, as a reader found it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entries(NonNull<Block>);

/// Where a hash starts in the index, and the top bits of the spread hash.
#[inline(always)]
fn spread(hash: i64) -> u64 {
    (hash as u64).wrapping_mul(SPREAD)
}

/// Capacity and index bits of a block for at least `wanted` entries.
fn size_for(wanted: usize) -> (usize, u32) {
    if wanted <= FIRST {
        return (FIRST, 0);
    }
    if wanted <= LINEAR {
        return (LINEAR, 0);
    }
    // Two thirds of the index are used at most.
    let index = wanted.saturating_mul(3).div_ceil(2);
    if index > 1 << 32 {
        taipan_gc::out_of_memory();
    }
    let bits = index.next_power_of_two().trailing_zeros();
    ((2usize << bits) / 3, bits)
}

fn index_word_size(bits: u32) -> usize {
    match bits {
        0 => 0,
        bits if bits <= NARROW_BITS => 4,
        _ => 8,
    }
}

impl Entries {
    fn new(cx: &Context, wanted: usize) -> Entries {
        let (capacity, bits) = size_for(wanted);
        let bytes = Entries::bytes_of(capacity, bits);
        let block = cx.heap().alloc(Space::Bytes, bytes).cast::<Block>();
        // SAFETY: the block is fresh, zeroed (a valid Block with EMPTY entries) and `bytes_of` made room for the parts.
        unsafe {
            (&raw mut (*block.as_ptr()).capacity).write(capacity);
            (&raw mut (*block.as_ptr()).bits).write(bits);
        }
        Entries(block)
    }

    fn bytes_of(capacity: usize, bits: u32) -> usize {
        let index = if bits == 0 { 0 } else { index_word_size(bits) << bits };
        size_of::<Block>() + capacity * size_of::<Entry>() + index
    }

    #[inline(always)]
    fn block<'a>(self) -> &'a Block {
        // SAFETY: an Entries points to a block that its own presence on the stack keeps alive; capacity and bits never
        // change after `new`, all else is atomic.
        unsafe { self.0.as_ref() }
    }

    #[inline(always)]
    pub fn capacity(self) -> usize {
        self.block().capacity
    }

    /// Bytes of the block, for `__sizeof__`.
    pub fn bytes(self) -> usize {
        Entries::bytes_of(self.block().capacity, self.block().bits)
    }

    /// Number of entries written so far, deleted ones included.
    #[inline(always)]
    pub fn used(self) -> usize {
        self.block().used.load(Ordering::Acquire)
    }

    /// Where iteration may start.
    #[inline(always)]
    pub fn first(self) -> usize {
        self.block().first.load(Ordering::Relaxed)
    }

    /// The entries written so far.
    #[inline(always)]
    pub fn entries<'a>(self) -> &'a [Entry] {
        // SAFETY: `used` entries were written before `used` was stored, and it never exceeds the capacity.
        unsafe {
            std::slice::from_raw_parts((&raw const (*self.0.as_ptr()).entries).cast::<Entry>(), self.used())
        }
    }

    /// Entry `number`, which the index or a search named.
    #[inline(always)]
    fn raw_entry<'a>(self, number: usize) -> &'a Entry {
        assert!(number < self.block().capacity);
        // SAFETY: `capacity` entries follow the block's header, and zeroed memory is an entry.
        unsafe { &*(&raw const (*self.0.as_ptr()).entries).cast::<Entry>().add(number) }
    }

    /// Entry `number`, which a search found in this block.
    #[inline(always)]
    pub fn entry<'a>(self, number: usize) -> &'a Entry {
        self.raw_entry(number)
    }

    #[inline(always)]
    fn index_start(self) -> *const u8 {
        // SAFETY: the index follows the entries inside the block.
        unsafe {
            (&raw const (*self.0.as_ptr()).entries).cast::<Entry>().add(self.block().capacity).cast::<u8>()
        }
    }

    #[inline(always)]
    fn narrow<'a>(self) -> &'a [AtomicU32] {
        debug_assert!((1..=NARROW_BITS).contains(&self.block().bits));
        // SAFETY: the block has an index of 2^bits aligned 32-bit words behind its entries.
        unsafe { std::slice::from_raw_parts(self.index_start().cast(), 1 << self.block().bits) }
    }

    #[inline(always)]
    fn wide<'a>(self) -> &'a [AtomicU64] {
        debug_assert!(self.block().bits > NARROW_BITS);
        // SAFETY: as in `narrow`, with 64-bit words.
        unsafe { std::slice::from_raw_parts(self.index_start().cast(), 1 << self.block().bits) }
    }

    /// Index word `position`: `None` if free, else whether the tag fits `spread`, and the entry's number.
    #[inline(always)]
    fn index_word(self, position: usize, spread: u64) -> Option<(bool, usize)> {
        let bits = self.block().bits;
        if bits <= NARROW_BITS {
            let word = self.narrow()[position].load(Ordering::Acquire);
            let mask = (1u32 << bits) - 1;
            let tag = ((spread >> 32) as u32) << bits;
            if word == 0 { None } else { Some((word & !mask == tag, (word & mask) as usize - 1)) }
        } else {
            let word = self.wide()[position].load(Ordering::Acquire);
            if word == 0 { None } else { Some((word >> 32 == spread >> 32, word as u32 as usize - 1)) }
        }
    }

    #[inline(always)]
    fn set_index_word(self, position: usize, spread: u64, number: usize) {
        let bits = self.block().bits;
        if bits <= NARROW_BITS {
            let word = ((spread >> 32) as u32) << bits | (number as u32 + 1);
            self.narrow()[position].store(word, Ordering::Release);
        } else {
            let word = (spread >> 32) << 32 | (number as u64 + 1);
            self.wide()[position].store(word, Ordering::Release);
        }
    }

    /// The numbers of the entries whose hash may be `hash`, in the order of the probe.
    #[inline(always)]
    pub fn candidates(self, hash: i64) -> Candidates {
        let bits = self.block().bits;
        if bits == 0 {
            Candidates { entries: self, hash, spread: 0, next: 0, left: self.used() }
        } else {
            let spread = spread(hash);
            Candidates {
                entries: self,
                hash,
                spread,
                next: (spread >> (64 - bits)) as usize,
                left: 1 << bits,
            }
        }
    }

    /// Searches the key with this hash for which `same` says Same. Runs no Python.
    #[inline(always)]
    pub fn find(self, hash: i64, mut same: impl FnMut(Value) -> Answer) -> Search {
        for number in self.candidates(hash) {
            if let Some((key, value)) = self.raw_entry(number).live() {
                match same(key) {
                    Answer::Same => return Search::Found(number, value),
                    Answer::Different => {}
                    Answer::Ask => return Search::Ask,
                }
            }
        }
        Search::Absent
    }

    /// The next live entry at or behind `position`, which moves behind it.
    #[inline]
    pub fn next_live(self, position: &mut usize) -> Option<(Value, Value)> {
        let entries = self.entries();
        *position = (*position).max(self.first());
        while let Some(entry) = entries.get(*position) {
            *position += 1;
            if let Some(pair) = entry.live() {
                return Some(pair);
            }
        }
        None
    }

    /// The live entry before `position`, which moves to it.
    #[inline]
    pub fn previous_live(self, position: &mut usize) -> Option<(Value, Value)> {
        let entries = self.entries();
        *position = (*position).min(entries.len());
        while *position > 0 {
            *position -= 1;
            if let Some(pair) = entries[*position].live() {
                return Some(pair);
            }
        }
        None
    }

    /// Writes the next entry. The caller holds the lock (or the block is fresh), and there is room.
    fn push(self, key: Value, value: Value, hash: i64, reuse: bool) -> usize {
        let block = self.block();
        let number = block.used.load(Ordering::Relaxed);
        let entry = self.raw_entry(number);
        entry.hash.store(hash, Ordering::Relaxed);
        entry.key.store(key);
        entry.value.store(value);
        block.used.store(number + 1, Ordering::Release);
        block.last.store(number + 1, Ordering::Relaxed);
        if block.bits != 0 {
            let spread = spread(hash);
            let mask = (1 << block.bits) - 1;
            let mut position = (spread >> (64 - block.bits)) as usize;
            // A word of a deleted entry may be taken over: who looks for that entry's key finds it gone either way.
            while let Some((_, other)) = self.index_word(position, spread) {
                if reuse && self.raw_entry(other).is_dead() {
                    break;
                }
                position = (position + 1) & mask;
            }
            self.set_index_word(position, spread, number);
        }
        number
    }
}

/// Numbers of the entries that may have a hash.
pub struct Candidates {
    entries: Entries,
    hash: i64,
    spread: u64,
    next: usize,
    left: usize,
}

impl Iterator for Candidates {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let bits = self.entries.block().bits;
        if bits == 0 {
            loop {
                while self.next < self.left {
                    let number = self.next;
                    self.next += 1;
                    if self.entries.raw_entry(number).hash() == self.hash {
                        return Some(number);
                    }
                }
                // A key that was moved while its old entry was looked at is behind all others.
                self.left = self.entries.used();
                if self.next == self.left {
                    return None;
                }
            }
        }
        let mask = (1usize << bits) - 1;
        while self.left > 0 {
            let (fits, number) = self.entries.index_word(self.next, self.spread)?;
            self.next = (self.next + 1) & mask;
            self.left -= 1;
            if fits && self.entries.raw_entry(number).hash() == self.hash {
                return Some(number);
            }
        }
        None
    }
}

/// A hash table in insertion order. Reading needs no lock; every method that writes says so.
#[derive(Default)]
pub struct Table {
    block: AtomicPtr<Block>,
    live: AtomicUsize,
}

impl Table {
    /// An empty table, which owns no memory.
    pub const fn new() -> Table {
        Table { block: AtomicPtr::new(std::ptr::null_mut()), live: AtomicUsize::new(0) }
    }

    /// An empty table with room for `capacity` entries.
    pub fn with_capacity(cx: &Context, capacity: usize) -> Table {
        let table = Table::new();
        if capacity > 0 {
            table.publish(Some(Entries::new(cx, capacity)), 0);
        }
        table
    }

    /// The block of this moment; `None` while there is none.
    #[inline(always)]
    pub fn entries(&self) -> Option<Entries> {
        NonNull::new(self.block.load(Ordering::Acquire)).map(Entries)
    }

    /// Whether `entries` is still the table's block.
    #[inline(always)]
    pub fn is_current(&self, entries: Entries) -> bool {
        self.entries() == Some(entries)
    }

    /// Number of entries that are not deleted.
    #[inline(always)]
    pub fn live(&self) -> usize {
        self.live.load(Ordering::Acquire)
    }

    fn publish(&self, entries: Option<Entries>, live: usize) {
        let block = entries.map_or(std::ptr::null_mut(), |entries| entries.0.as_ptr());
        self.block.store(block, Ordering::Release);
        self.live.store(live, Ordering::Release);
    }

    /// Appends a key that the table does not have. Under the owner's lock.
    pub fn append(&self, cx: &Context, key: Value, value: Value, hash: i64) -> usize {
        let live = self.live.load(Ordering::Relaxed);
        let entries = self.reserve(cx, 1);
        let number = entries.push(key, value, hash, live != entries.used());
        self.live.store(live + 1, Ordering::Release);
        number
    }

    /// Makes room for `more` entries, in a new block if need be. Under the owner's lock.
    pub fn reserve(&self, cx: &Context, more: usize) -> Entries {
        match self.entries() {
            Some(entries) if entries.capacity() - entries.used() >= more => entries,
            _ => self.rebuild(cx, more),
        }
    }

    #[cold]
    #[inline(never)]
    fn rebuild(&self, cx: &Context, more: usize) -> Entries {
        let live = self.live.load(Ordering::Relaxed);
        let fresh = Entries::new(cx, (live + more).max(live * 2));
        if let Some(entries) = self.entries() {
            fresh.copy_live(entries);
        }
        self.publish(Some(fresh), live);
        fresh
    }

    /// Deletes entry `number`. Under the owner's lock; the entry is live.
    pub fn kill(&self, number: usize) {
        let Some(entries) = self.entries() else { return };
        let entry = entries.raw_entry(number);
        debug_assert!(!entry.is_dead());
        self.live.store(self.live.load(Ordering::Relaxed) - 1, Ordering::Release);
        entries.bury(number);
    }

    /// Gives entry `number` the last place in the order, or the first one. Readers find the key at every moment, at its
    /// old place or at its new one. Under the owner's lock; the entry is live.
    pub fn move_entry(&self, cx: &Context, number: usize, last: bool) {
        let Some(entries) = self.entries() else { return };
        let Some((key, value)) = entries.entry(number).live() else { return };
        let hash = entries.entry(number).hash();
        let block = entries.block();
        if last && number + 1 == block.last.load(Ordering::Relaxed)
            || !last && number == block.first.load(Ordering::Relaxed)
        {
            return;
        }
        if last && entries.used() < entries.capacity() {
            // Not in the index word of a deleted entry: a reader on its way to the old entry may be past that.
            entries.push(key, value, hash, false);
            entries.bury(number);
            return;
        }
        let live = self.live.load(Ordering::Relaxed);
        let fresh = Entries::new(cx, live * 2);
        if !last {
            fresh.push(key, value, hash, false);
        }
        let others = entries.entries().iter().enumerate().filter(|(other, _)| *other != number);
        for (_, entry) in others {
            if let Some((key, value)) = entry.live() {
                fresh.push(key, value, entry.hash(), false);
            }
        }
        if last {
            fresh.push(key, value, hash, false);
        }
        self.publish(Some(fresh), live);
    }

    /// Number, key and value word of the last live entry. Under the owner's lock.
    pub fn last(&self) -> Option<(usize, Value, Value)> {
        let entries = self.entries()?;
        let mut position = entries.block().last.load(Ordering::Relaxed);
        let (key, value) = entries.previous_live(&mut position)?;
        Some((position, key, value))
    }

    /// Drops every entry and the memory. Under the owner's lock.
    pub fn clear(&self) {
        self.publish(None, 0);
    }

    /// Takes over the contents of `other`, a table of the same moment. Under both owners' locks.
    pub fn copy_from(&self, cx: &Context, other: &Table) {
        let live = other.live.load(Ordering::Relaxed);
        match other.entries() {
            Some(entries) if live > 0 => {
                let fresh = Entries::new(cx, live);
                fresh.copy_live(entries);
                self.publish(Some(fresh), live);
            }
            _ => self.publish(None, 0),
        }
    }

    /// Takes the block of `other`, which nobody else has seen. Under the owner's lock.
    pub fn adopt(&self, other: Table) {
        self.publish(other.entries(), other.live());
    }
}

impl Entries {
    /// Makes an entry a deleted one.
    fn bury(self, number: usize) {
        self.raw_entry(number).value.store(Value::TOMBSTONE);
        let (block, all) = (self.block(), self.entries());
        if number == block.first.load(Ordering::Relaxed) {
            let next = all[number..].iter().position(|entry| !entry.is_dead()).unwrap_or(all.len() - number);
            block.first.store(number + next, Ordering::Relaxed);
        }
        if number + 1 == block.last.load(Ordering::Relaxed) {
            let last = all[..number].iter().rposition(|entry| !entry.is_dead()).map_or(0, |last| last + 1);
            block.last.store(last, Ordering::Relaxed);
        }
    }

    /// Copies the live entries of `from` into this fresh block.
    fn copy_live(self, from: Entries) {
        for entry in &from.entries()[from.first().min(from.used())..] {
            if let Some((key, value)) = entry.live() {
                self.push(key, value, entry.hash(), false);
            }
        }
    }
}

// SAFETY: the block is marked, and so are key and value of every live entry; deleted entries are never read again.
unsafe impl Trace for Table {
    fn trace(&self, marker: &mut Marker) {
        let Some(entries) = self.entries() else { return };
        marker.buffer(entries.0.as_ptr().cast());
        for entry in entries.entries() {
            if let Some((key, value)) = entry.live() {
                key.trace(marker);
                value.trace(marker);
            }
        }
    }
}
