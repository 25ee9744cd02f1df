//! `dict`, the mapping in insertion order. CPython: `Objects/dictobject.c`.
//!
//! A dict is plain (its table holds the values), a namespace (its table holds `ValueCell`s; for modules and classes, and
//! for other globals once functions have used them a few times), or the view of an instance's attributes, which live in
//! the instance until something needs a table.
//! Invariant: reads take no lock, writes hold the byte lock of the dict; no lock is held while Python runs.

mod class;
mod iterator;
pub(crate) mod key;
mod update;
mod view;

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use taipan_macros::Trace;

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::instance;
use crate::layout::Object;
use crate::lock::lock_header;
use crate::object::Gc;
use crate::slots::Slot;
use crate::table::{Entries, Search, Table};
use crate::types::str::Str;
use crate::types::value_cell::ValueCell;
use crate::value::Value;

pub use iterator::{
    DictItemIterator, DictKeyIterator, DictReverseItemIterator, DictReverseKeyIterator,
    DictReverseValueIterator, DictValueIterator,
};
pub use view::{DictItems, DictKeys, DictValues};

const PLAIN: u8 = 0;
const CELLS: u8 = 1;
const INSTANCE: u8 = 2;

/// A plain dict of more entries does not become a namespace, whose `len()` looks at each.
const NAMESPACE_ENTRIES: usize = 512;

/// The body of a dict. Subclasses with a native layout begin with it.
#[derive(Trace, Default)]
pub struct Dict {
    table: Table,
    mode: AtomicU8,
    /// CELLS: number of entries whose cell is EMPTY, to notice changes of size.
    unbound: AtomicUsize,
    /// INSTANCE: the object whose attributes these are.
    owner: Slot,
}

/// An entry that a search found.
#[derive(Clone, Copy)]
struct Hit {
    entries: Entries,
    number: usize,
    word: Value,
}

impl Dict {
    /// The body of an empty plain dict.
    pub fn new() -> Dict {
        Dict::default()
    }

    /// A namespace with room for `capacity` names: each value lives in a `ValueCell` that inline caches may hold.
    pub fn new_cells(cx: &Context, capacity: usize) -> Gc<Dict> {
        let table = Table::with_capacity(cx, capacity);
        cx.new_object(Dict { mode: AtomicU8::new(CELLS), table, ..Dict::default() })
    }

    /// The `__dict__` of an instance whose attributes live in its slots.
    pub fn new_instance_view(cx: &Context, owner: Value) -> Gc<Dict> {
        cx.new_object(Dict { mode: AtomicU8::new(INSTANCE), owner: Slot::new(owner), ..Dict::default() })
    }

    /// A plain dict with room for `capacity` entries.
    pub fn with_capacity(cx: &Context, capacity: usize) -> Gc<Dict> {
        cx.new_object(Dict { table: Table::with_capacity(cx, capacity), ..Dict::default() })
    }

    /// A plain dict of alternating names (exact strings) and values; of equal names the first gives the place, the
    /// last the value.
    pub fn from_names(cx: &Context, pairs: &[Value]) -> Gc<Dict> {
        let count = pairs.len() / 2;
        if count == 0 {
            return cx.new_dict();
        }
        let table = Table::with_capacity(cx, count);
        for pair in pairs.chunks_exact(2) {
            let Some(name) = key::exact_str(pair[0]) else { unreachable!("names are exact strings") };
            let hash = name.hash(cx);
            let known = table
                .entries()
                .map(|entries| (entries, entries.find(hash, |candidate| key::same_name(candidate, name))));
            match known {
                Some((entries, Search::Found(number, _))) => entries.entry(number).set_value(pair[1]),
                _ => {
                    table.append(cx, pair[0], pair[1], hash);
                }
            }
        }
        cx.new_object(Dict { table, ..Dict::default() })
    }

    #[inline(always)]
    fn mode(&self) -> u8 {
        self.mode.load(Ordering::Acquire)
    }

    /// The instance whose attributes this dict shows.
    #[inline(always)]
    fn owner(&self) -> Option<Value> {
        if self.mode() == INSTANCE { self.owner.load() } else { None }
    }

    /// Whether the dict shows the attributes of an instance, which are found one by one only slowly.
    pub fn shows_instance(&self) -> bool {
        self.owner().is_some()
    }

    /// Whether the values live in cells.
    pub fn is_namespace(&self) -> bool {
        self.mode() == CELLS
    }

    /// The value that an entry's word stands for; `None` for a name that is not bound.
    #[inline(always)]
    fn read(&self, word: Value) -> Option<Value> {
        if self.mode() != CELLS {
            return Some(word);
        }
        match word.downcast::<ValueCell>() {
            Some(cell) => cell.load(),
            // Found before the dict became a namespace.
            None => Some(word),
        }
    }

    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        match self.mode() {
            PLAIN => self.table.live(),
            CELLS => {
                // A store through a cache may bind a cell that was just deleted, so the cells are asked themselves.
                let Some(entries) = self.table.entries() else { return 0 };
                entries
                    .entries()
                    .iter()
                    .filter(|entry| entry.live().and_then(|(_, cell)| read_cell(cell)).is_some())
                    .count()
            }
            _ => {
                self.owner().map_or_else(|| self.table.live(), |owner| instance::names_in_order(owner).len())
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number that changes when items are added or deleted, for iterators.
    fn size_mark(&self) -> usize {
        match self.mode() {
            CELLS => self.table.live().wrapping_sub(self.unbound.load(Ordering::Relaxed)),
            _ => self.table.live(),
        }
    }

    /// The first item at or behind position `at` in the dict's order, with the position behind it. Start at 0.
    #[inline]
    pub fn next_entry(&self, at: usize) -> Option<(usize, Value, Value)> {
        if let Some(owner) = self.owner() {
            let attributes = instance::names_in_order(owner);
            return attributes.get(at).map(|(name, value)| (at + 1, name.value(), *value));
        }
        let (entries, mut position) = (self.table.entries()?, at);
        while let Some((key, word)) = entries.next_live(&mut position) {
            if let Some(value) = self.read(word) {
                return Some((position, key, value));
            }
        }
        None
    }

    /// The position behind the last item.
    fn table_end(&self) -> usize {
        self.table.entries().map_or(0, Entries::used)
    }

    /// The last item before position `at`, with its position. Start at `usize::MAX`.
    pub fn previous_entry(&self, at: usize) -> Option<(usize, Value, Value)> {
        let (entries, mut position) = (self.table.entries()?, at);
        while let Some((key, word)) = entries.previous_live(&mut position) {
            if let Some(value) = self.read(word) {
                return Some((position, key, value));
            }
        }
        None
    }

    /// Bytes outside the object.
    pub(crate) fn table_bytes(&self) -> usize {
        self.table.entries().map_or(0, Entries::bytes)
    }
}

#[inline(always)]
fn read_cell(word: Value) -> Option<Value> {
    word.downcast::<ValueCell>().and_then(|cell| cell.load())
}

impl Context {
    /// An empty dict.
    #[inline]
    pub fn new_dict(&self) -> Gc<Dict> {
        self.new_object(Dict::new())
    }
}

impl Gc<Dict> {
    /// Whether this is a `dict` itself, not an instance of a subclass.
    #[inline(always)]
    pub fn is_exact(self) -> bool {
        self.value().shape() == Dict::class_cell().instance_shape()
    }
}

// ---- names: str keys, no Python -------------------------------------------------------------------------

impl Gc<Dict> {
    #[inline(always)]
    fn find_name(self, name: Gc<Str>, hash: i64) -> Option<Hit> {
        let entries = self.table.entries()?;
        match entries.find(hash, |candidate| key::same_name(candidate, name)) {
            Search::Found(number, word) => Some(Hit { entries, number, word }),
            _ => None,
        }
    }

    /// The value of `name`.
    #[inline]
    pub fn get_str(self, cx: &Context, name: Gc<Str>) -> Option<Value> {
        if let Some(owner) = self.owner() {
            return instance::get(cx, owner, name.intern(cx));
        }
        self.find_name(name, name.hash(cx)).and_then(|hit| self.read(hit.word))
    }

    /// The value of a key that is a string or a number, if the dict has it. None at all if Python has to be asked.
    #[inline]
    pub(crate) fn get_quietly(self, cx: &Context, key: Value) -> Option<Option<Value>> {
        if self.mode() != PLAIN {
            return None;
        }
        let hash = match key.as_small_int() {
            Some(int) => taipan_num::hash::hash_i64(int),
            None => key::exact_str(key)?.hash(cx),
        };
        let Some(entries) = self.table.entries() else { return Some(None) };
        match entries.find(hash, |candidate| key::same(candidate, key)) {
            Search::Found(_, word) => Some(Some(word)),
            Search::Absent => Some(None),
            Search::Ask => None,
        }
    }

    /// Makes room for `more` entries at once.
    pub fn reserve(self, cx: &Context, more: usize) {
        if self.owner().is_none() {
            let _guard = lock_header(self.header(), cx);
            self.table.reserve(cx, more);
        }
    }

    /// Binds `name`.
    pub fn set_str(self, cx: &Context, name: Gc<Str>, value: Value) {
        if let Some(owner) = self.owner() {
            instance::set(cx, owner, name.intern(cx), value);
            return;
        }
        let hash = name.hash(cx);
        let _guard = lock_header(self.header(), cx);
        self.store_at(cx, self.find_name(name, hash), name.value(), hash, value);
    }

    /// Unbinds `name` and gives its value.
    pub fn remove_str(self, cx: &Context, name: Gc<Str>) -> Option<Value> {
        if let Some(owner) = self.owner() {
            let name = name.intern(cx);
            let value = instance::get(cx, owner, name)?;
            return instance::delete(cx, owner, name).then_some(value);
        }
        let hash = name.hash(cx);
        let _guard = lock_header(self.header(), cx);
        self.find_name(name, hash).and_then(|hit| self.remove_at(hit))
    }

    /// The cell of `name` in a namespace; an absent name gets an EMPTY one, which enters the order when it is bound.
    pub fn cell(self, cx: &Context, name: Gc<Str>) -> Gc<ValueCell> {
        debug_assert!(self.is_namespace());
        let hash = name.hash(cx);
        if let Some(cell) = self.find_name(name, hash).and_then(|hit| hit.word.downcast()) {
            return cell;
        }
        let fresh = cx.new_object(ValueCell { value: Slot::EMPTY });
        let _guard = lock_header(self.header(), cx);
        if let Some(cell) = self.find_name(name, hash).and_then(|hit| hit.word.downcast()) {
            return cell;
        }
        self.unbound.fetch_add(1, Ordering::Relaxed);
        self.table.append(cx, name.value(), fresh.value(), hash);
        fresh
    }

    /// The cell of `name` in a namespace, if the name is bound.
    #[inline]
    pub fn existing_cell(self, cx: &Context, name: Gc<Str>) -> Option<Gc<ValueCell>> {
        let cell = self.find_name(name, name.hash(cx))?.word.downcast::<ValueCell>()?;
        cell.load().map(|_| cell)
    }
}

// ---- writing, under the lock ------------------------------------------------------------------------------

impl Gc<Dict> {
    /// Stores the value of a key that a search under this lock found or did not find.
    fn store_at(self, cx: &Context, hit: Option<Hit>, key: Value, hash: i64, value: Value) {
        if self.mode() == CELLS {
            return self.store_cell(cx, hit, key, hash, value);
        }
        match hit {
            Some(hit) => hit.entries.entry(hit.number).set_value(value),
            None => {
                self.table.append(cx, key, value, hash);
            }
        }
    }

    fn store_cell(self, cx: &Context, hit: Option<Hit>, key: Value, hash: i64, value: Value) {
        let Some((hit, cell)) = hit.and_then(|hit| Some((hit, hit.word.downcast::<ValueCell>()?))) else {
            let cell = cx.new_object(ValueCell { value: Slot::new(value) });
            self.table.append(cx, key, cell.value(), hash);
            return;
        };
        if cell.load().is_none() {
            self.unbound.fetch_sub(1, Ordering::Relaxed);
            self.move_to_end(cx, hit);
        }
        cell.value.store(value);
    }

    /// Gives a name that is bound anew the last place in the order, with the cell it has.
    fn move_to_end(self, cx: &Context, hit: Hit) {
        if hit.number + 1 == hit.entries.used() {
            return;
        }
        let Some((key, cell)) = hit.entries.entry(hit.number).live() else { return };
        let hash = hit.entries.entry(hit.number).hash();
        let entries = self.table.reserve(cx, 1);
        let search = entries.find(hash, |candidate| {
            if candidate == key { crate::table::Answer::Same } else { crate::table::Answer::Different }
        });
        // Readers find the old entry or the new one; both have the cell, which is EMPTY until the caller fills it.
        self.table.append(cx, key, cell, hash);
        if let Search::Found(number, _) = search {
            self.table.kill(number);
        }
    }

    /// Deletes an entry that a search under this lock found; `None` if its name was not bound.
    fn remove_at(self, hit: Hit) -> Option<Value> {
        if self.mode() == CELLS {
            let value = hit.word.downcast::<ValueCell>()?.value.swap(None)?;
            self.unbound.fetch_add(1, Ordering::Relaxed);
            return Some(value);
        }
        self.table.kill(hit.number);
        Some(hit.word)
    }

    /// Makes the view of an instance an ordinary dict, for what attributes cannot express.
    fn make_plain(self, cx: &Context) {
        if let Some(owner) = self.owner() {
            instance::to_dict_mode(cx, owner);
        }
    }

    /// Makes a plain dict a namespace, whose names inline caches may hold; whether it is one now.
    ///
    /// The world is stopped: readers take no lock, and one that has seen a plain dict must not find a cell in it. No
    /// reader stops between the two, and writers that wait for a second lock look at the mode behind it.
    pub fn become_namespace(self, cx: &Context) -> bool {
        while self.mode() == PLAIN {
            let room = self.table.live();
            if !self.is_exact() || room > NAMESPACE_ENTRIES {
                return false;
            }
            // Nothing may be allocated while the world is stopped.
            let mut cells = GVec::with_capacity(room);
            for _ in 0..room {
                cells.push(cx.new_object(ValueCell { value: Slot::EMPTY }));
            }
            let fill = || {
                if self.mode() == PLAIN && self.table.live() <= room {
                    self.fill_cells(&cells);
                }
            };
            if taipan_gc::multi_threaded() {
                taipan_gc::stop_the_world(cx.thread(), fill);
            } else {
                fill();
            }
        }
        self.is_namespace()
    }

    fn fill_cells(self, cells: &[Gc<ValueCell>]) {
        let entries = self.table.entries().into_iter().flat_map(|entries| entries.entries());
        let live = entries.filter_map(|entry| entry.live().map(|(_, value)| (entry, value)));
        for ((entry, value), cell) in live.zip(cells) {
            cell.value.store(value);
            entry.set_value(cell.value());
        }
        self.mode.store(CELLS, Ordering::Release);
    }

    /// Called by `instance::to_dict_mode`: from now on the table has the attributes. `table` is empty and has room for
    /// them, as nothing may be allocated here.
    pub(crate) fn become_plain(self, cx: &Context, table: Table, attributes: &[(Gc<Str>, Value)]) {
        for (name, value) in attributes {
            table.append(cx, name.value(), *value, name.hash(cx));
        }
        self.table.adopt(table);
        self.mode.store(PLAIN, Ordering::Release);
        self.owner.clear();
    }
}

// ---- any key ------------------------------------------------------------------------------------------------

/// What an absent key was absent from: valid as long as nothing was appended.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    entries: Option<Entries>,
    used: usize,
}

impl Gc<Dict> {
    /// For keys that may be attribute names of the instance behind this dict; other keys end the instance mode.
    fn attribute_name(self, cx: &Context, key: Value) -> Option<(Value, Gc<Str>)> {
        let owner = self.owner()?;
        match key::exact_str(key) {
            Some(name) => Some((owner, name.intern(cx))),
            None => {
                self.make_plain(cx);
                None
            }
        }
    }

    /// The value of `key`.
    #[inline]
    pub fn get(self, cx: &mut Context, key: Value) -> Result<Option<Value>> {
        let hash = key::hash(cx, key)?;
        self.get_hashed(cx, key, hash)
    }

    /// The value of a key whose hash is known.
    #[inline]
    pub fn get_hashed(self, cx: &mut Context, key: Value, hash: i64) -> Result<Option<Value>> {
        if let Some((owner, name)) = self.attribute_name(cx, key) {
            return Ok(instance::get(cx, owner, name));
        }
        let Some(entries) = self.table.entries() else { return Ok(None) };
        match entries.find(hash, |candidate| key::same(candidate, key)) {
            Search::Found(_, word) => Ok(self.read(word)),
            Search::Absent => Ok(None),
            Search::Ask => Ok(self.find_asking(cx, key, hash)?.0.and_then(|hit| self.read(hit.word))),
        }
    }

    pub fn contains(self, cx: &mut Context, key: Value) -> Result<bool> {
        Ok(self.get(cx, key)?.is_some())
    }

    /// Searches with Python's `==` where needed, and starts over when the dict changed meanwhile.
    #[cold]
    #[inline(never)]
    fn find_asking(self, cx: &mut Context, key: Value, hash: i64) -> Result<(Option<Hit>, Seen)> {
        'restart: loop {
            let Some(entries) = self.table.entries() else {
                return Ok((None, Seen { entries: None, used: 0 }));
            };
            let seen = Seen { entries: Some(entries), used: entries.used() };
            for number in entries.candidates(hash) {
                let entry = entries.entry(number);
                let Some((candidate, _)) = entry.live() else { continue };
                let same = match key::same(candidate, key) {
                    crate::table::Answer::Same => true,
                    crate::table::Answer::Different => false,
                    crate::table::Answer::Ask => {
                        let same = cx.eq(candidate, key)?;
                        if !self.table.is_current(entries) || entry.live().is_none() {
                            continue 'restart;
                        }
                        same
                    }
                };
                if same && let Some((_, word)) = entry.live() {
                    return Ok((Some(Hit { entries, number, word }), seen));
                }
            }
            return Ok((None, seen));
        }
    }

    /// Calls `act` under the lock with the entry of `key`, if there is one. The key's hash is known.
    #[inline]
    fn locked<R>(
        self,
        cx: &mut Context,
        key: Value,
        hash: i64,
        mut act: impl FnMut(&Context, Option<Hit>) -> R,
    ) -> Result<R> {
        {
            let _guard = lock_header(self.header(), cx);
            let Some(entries) = self.table.entries() else { return Ok(act(cx, None)) };
            match entries.find(hash, |candidate| key::same(candidate, key)) {
                Search::Found(number, word) => return Ok(act(cx, Some(Hit { entries, number, word }))),
                Search::Absent => return Ok(act(cx, None)),
                Search::Ask => {}
            }
        }
        self.locked_asking(cx, key, hash, &mut act)
    }

    #[cold]
    #[inline(never)]
    fn locked_asking<R>(
        self,
        cx: &mut Context,
        key: Value,
        hash: i64,
        act: &mut impl FnMut(&Context, Option<Hit>) -> R,
    ) -> Result<R> {
        loop {
            let (hit, seen) = self.find_asking(cx, key, hash)?;
            let _guard = lock_header(self.header(), cx);
            let entries = self.table.entries();
            if entries != seen.entries {
                continue;
            }
            match hit {
                Some(hit) => {
                    if let Some((_, word)) = hit.entries.entry(hit.number).live() {
                        return Ok(act(cx, Some(Hit { word, ..hit })));
                    }
                }
                None if entries.map_or(0, Entries::used) == seen.used => return Ok(act(cx, None)),
                None => {}
            }
        }
    }

    /// Stores `value` under `key`.
    #[inline]
    pub fn set(self, cx: &mut Context, key: Value, value: Value) -> Result<()> {
        let hash = key::hash(cx, key)?;
        self.set_hashed(cx, key, hash, value)
    }

    /// Stores `value` under a key whose hash is known.
    #[inline]
    pub fn set_hashed(self, cx: &mut Context, key: Value, hash: i64, value: Value) -> Result<()> {
        if let Some((owner, name)) = self.attribute_name(cx, key) {
            instance::set(cx, owner, name, value);
            return Ok(());
        }
        self.locked(cx, key, hash, |cx, hit| self.store_at(cx, hit, key, hash, value))
    }

    /// The value of `key`, which becomes `default` if there is none. One step for other threads.
    pub fn set_default(self, cx: &mut Context, key: Value, default: Value) -> Result<Value> {
        let hash = key::hash(cx, key)?;
        if self.attribute_name(cx, key).is_some() {
            // Two steps would let another thread in between.
            self.make_plain(cx);
        }
        self.locked(cx, key, hash, |cx, hit| match hit.and_then(|hit| self.read(hit.word)) {
            Some(value) => value,
            None => {
                self.store_at(cx, hit, key, hash, default);
                default
            }
        })
    }

    /// Deletes `key` and gives its value.
    pub fn remove(self, cx: &mut Context, key: Value) -> Result<Option<Value>> {
        let hash = key::hash(cx, key)?;
        self.remove_hashed(cx, key, hash)
    }

    /// Deletes a key whose hash is known and gives its value.
    pub fn remove_hashed(self, cx: &mut Context, key: Value, hash: i64) -> Result<Option<Value>> {
        if let Some((_, name)) = self.attribute_name(cx, key) {
            return Ok(self.remove_str(cx, name));
        }
        self.locked(cx, key, hash, |_, hit| hit.and_then(|hit| self.remove_at(hit)))
    }

    /// Moves a key of a plain dict behind all others, or before them; false if it is absent. One step for other threads.
    pub fn move_key(self, cx: &mut Context, key: Value, last: bool) -> Result<bool> {
        let hash = key::hash(cx, key)?;
        self.locked(cx, key, hash, |cx, hit| {
            let Some(hit) = hit else { return false };
            self.table.move_entry(cx, hit.number, last);
            true
        })
    }

    /// Takes the last item out.
    pub fn pop_item(self, cx: &Context) -> Option<(Value, Value)> {
        self.make_plain(cx);
        let _guard = lock_header(self.header(), cx);
        if self.mode() == CELLS {
            let entries = self.table.entries()?;
            let mut position = entries.used();
            while let Some((key, word)) = entries.previous_live(&mut position) {
                if let Some(value) = self.remove_at(Hit { entries, number: position, word }) {
                    return Some((key, value));
                }
            }
            return None;
        }
        let (number, key, value) = self.table.last()?;
        self.table.kill(number);
        Some((key, value))
    }

    /// Deletes everything.
    pub fn clear(self, cx: &Context) {
        self.make_plain(cx);
        let _guard = lock_header(self.header(), cx);
        if self.mode() == CELLS {
            let Some(entries) = self.table.entries() else { return };
            for entry in entries.entries() {
                if let Some(cell) = entry.live().and_then(|(_, word)| word.downcast::<ValueCell>())
                    && cell.value.swap(None).is_some()
                {
                    self.unbound.fetch_add(1, Ordering::Relaxed);
                }
            }
            return;
        }
        self.table.clear();
    }

    /// The items of this moment.
    pub fn entries(self, cx: &Context) -> GVec<(Value, Value)> {
        if let Some(owner) = self.owner() {
            let attributes = instance::names_in_order(owner);
            return attributes.into_iter().map(|(name, value)| (name.value(), value)).collect();
        }
        let _guard = lock_header(self.header(), cx);
        let mut all = GVec::with_capacity(self.table.live());
        let mut at = 0;
        while let Some((next, key, value)) = self.next_entry(at) {
            all.push((key, value));
            at = next;
        }
        all
    }

    /// The items of this moment.
    pub fn snapshot(self, cx: &Context) -> GVec<(Value, Value)> {
        self.entries(cx)
    }

    /// The keys of this moment.
    pub fn keys(self, cx: &Context) -> GVec<Value> {
        self.entries(cx).into_iter().map(|(key, _)| key).collect()
    }

    /// The keys of this moment with their hashes; `None` where the table does not hold them.
    pub fn hashed_keys(self, cx: &Context) -> Option<GVec<(Value, i64)>> {
        let _guard = lock_header(self.header(), cx);
        if self.mode() != PLAIN {
            return None;
        }
        let entries = self.table.entries().into_iter().flat_map(|entries| entries.entries());
        Some(entries.filter_map(|entry| entry.live().map(|(key, _)| (key, entry.hash()))).collect())
    }

    /// The values of this moment.
    pub fn values(self, cx: &Context) -> GVec<Value> {
        self.entries(cx).into_iter().map(|(_, value)| value).collect()
    }

    /// A plain dict with the same items.
    pub fn copy(self, cx: &Context) -> Gc<Dict> {
        let copy = cx.new_dict();
        self.copy_into(cx, copy);
        copy
    }

    /// Fills `target`, which nobody else has seen.
    fn copy_into(self, cx: &Context, target: Gc<Dict>) {
        if let Some(owner) = self.owner() {
            for (name, value) in instance::names_in_order(owner) {
                target.table.append(cx, name.value(), value, name.hash(cx));
            }
            return;
        }
        let _guard = lock_header(self.header(), cx);
        if self.mode() == PLAIN {
            target.table.copy_from(cx, &self.table);
            return;
        }
        let Some(entries) = self.table.entries() else { return };
        for entry in entries.entries() {
            if let Some((key, word)) = entry.live()
                && let Some(value) = read_cell(word)
            {
                target.table.append(cx, key, value, entry.hash());
            }
        }
    }
}
