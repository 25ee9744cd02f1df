//! `set` and `frozenset`. CPython: `Objects/setobject.c`.
//!
//! Invariant: membership tests take no lock; changes hold the byte lock of the set, and no lock is held while Python
//! runs.

mod algebra;
mod class;
mod table;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use taipan_gc::Header;
use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::lock::lock_header;
use crate::object::Gc;
use crate::slots::Slot;
use crate::table::Answer;
use crate::types::dict::Dict;
use crate::types::dict::key;
use crate::types::set::table::{Pairs, Probe, SetTable};
use crate::types::type_::Class;
use crate::value::Value;

/// What a set and a frozenset consist of.
#[derive(Trace, Default)]
pub struct Members {
    table: SetTable,
    /// A frozenset's hash; 0 until it is known.
    hash: AtomicI64,
}

/// The body of a `set`.
#[derive(Trace, Default)]
pub struct Set {
    members: Members,
}

/// The body of a `frozenset`.
#[derive(Trace, Default)]
pub struct FrozenSet {
    members: Members,
}

/// A set of either type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AnySet {
    Set(Gc<Set>),
    Frozen(Gc<FrozenSet>),
}

/// Where a key is, or where it would go.
#[derive(Clone, Copy)]
enum Place {
    At(Pairs, usize),
    Free(Pairs, usize),
}

impl From<Gc<Set>> for AnySet {
    fn from(set: Gc<Set>) -> AnySet {
        AnySet::Set(set)
    }
}

impl From<Gc<FrozenSet>> for AnySet {
    fn from(set: Gc<FrozenSet>) -> AnySet {
        AnySet::Frozen(set)
    }
}

/// An empty set.
pub fn empty(cx: &Context) -> Gc<Set> {
    cx.new_object(Set::default())
}

/// A set of what `iterable` gives.
pub fn from_iterable(cx: &mut Context, iterable: Value) -> Result<Gc<Set>> {
    let set = empty(cx);
    AnySet::Set(set).update(cx, iterable)?;
    Ok(set)
}

impl FrozenSet {
    /// A frozenset of `members`.
    pub fn from_values(cx: &mut Context, members: &[Value]) -> Result<Gc<FrozenSet>> {
        let set = cx.new_object(FrozenSet::default());
        for member in members {
            AnySet::Frozen(set).add(cx, *member)?;
        }
        Ok(set)
    }
}

impl Context {
    /// An empty set.
    #[inline]
    pub fn new_set(&self) -> Gc<Set> {
        empty(self)
    }
}

/// Hash of a member, with set's words for values that have none.
fn hash(cx: &mut Context, value: Value) -> Result<i64> {
    match key::exact_str(value) {
        Some(text) => Ok(text.hash(cx)),
        None => match cx.hash(value) {
            Ok(hash) => Ok(hash),
            Err(raised) => Err(key::unhashable(cx, raised, value, "a set element")),
        },
    }
}

/// Hash of a value that is only looked for: a `set` is looked for as the frozenset of its members.
fn search_hash(cx: &mut Context, value: Value) -> Result<i64> {
    match hash(cx, value) {
        Err(raised)
            if value.downcast::<Set>().is_some()
                && cx.error_matches(&raised, crate::exception::type_error) =>
        {
            cx.take_exception(raised);
            let members = value.downcast::<Set>().map(AnySet::Set);
            Ok(members.map_or(0, |set| set.hash_of_members(cx)))
        }
        result => result,
    }
}

impl AnySet {
    #[inline(always)]
    pub fn from_value(value: Value) -> Option<AnySet> {
        match value.downcast::<Set>() {
            Some(set) => Some(AnySet::Set(set)),
            None => value.downcast::<FrozenSet>().map(AnySet::Frozen),
        }
    }

    #[inline(always)]
    pub fn value(self) -> Value {
        match self {
            AnySet::Set(set) => set.value(),
            AnySet::Frozen(set) => set.value(),
        }
    }

    #[inline(always)]
    fn header(&self) -> &Header {
        match self {
            AnySet::Set(set) => set.header(),
            AnySet::Frozen(set) => set.header(),
        }
    }

    #[inline(always)]
    fn members(&self) -> &Members {
        match self {
            AnySet::Set(set) => &set.members,
            AnySet::Frozen(set) => &set.members,
        }
    }

    #[inline(always)]
    fn table(&self) -> &SetTable {
        &self.members().table
    }

    /// Number of members.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.table().used()
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub fn is_frozen(self) -> bool {
        matches!(self, AnySet::Frozen(_))
    }

    /// The members of this moment.
    pub fn snapshot(self, cx: &Context) -> GVec<Value> {
        self.hashed_snapshot(cx).into_iter().map(|(member, _)| member).collect()
    }

    /// The members of this moment with their hashes.
    pub(crate) fn hashed_snapshot(self, cx: &Context) -> GVec<(Value, i64)> {
        let _guard = lock_header(self.header(), cx);
        let mut all = GVec::with_capacity(self.len());
        let Some(pairs) = self.table().pairs() else { return all };
        let mut position = 0;
        while let Some(member) = pairs.next(&mut position) {
            all.push(member);
        }
        all
    }

    /// Searches with Python's `==` where needed, and starts over when the set changed meanwhile.
    #[cold]
    #[inline(never)]
    fn find_asking(self, cx: &mut Context, key: Value, hash: i64) -> Result<Option<Place>> {
        loop {
            let Some(pairs) = self.table().pairs() else { return Ok(None) };
            // `None` inside: the set changed while Python ran.
            let found: Option<Result<Place>> = pairs.walk(hash, |position| {
                let Some(candidate) = pairs.word(position) else {
                    return Some(Some(Ok(Place::Free(pairs, position))));
                };
                if candidate == Value::TOMBSTONE || pairs.hash(position) != hash {
                    return None;
                }
                let same = match key::same(candidate, key) {
                    Answer::Same => true,
                    Answer::Different => false,
                    Answer::Ask => {
                        let same = match cx.eq(candidate, key) {
                            Ok(same) => same,
                            Err(raised) => return Some(Some(Err(raised))),
                        };
                        if !self.table().is_current(pairs) || pairs.word(position) != Some(candidate) {
                            return Some(None);
                        }
                        same
                    }
                };
                same.then_some(Some(Ok(Place::At(pairs, position))))
            });
            match found {
                Some(result) => return result.map(Some),
                None => continue,
            }
        }
    }

    /// Whether a value whose hash is known is a member.
    #[inline]
    pub fn contains_hashed(self, cx: &mut Context, key: Value, hash: i64) -> Result<bool> {
        let Some(pairs) = self.table().pairs() else { return Ok(false) };
        match pairs.find(hash, |candidate| key::same(candidate, key)) {
            Probe::Found(_) => Ok(true),
            Probe::Free(_) => Ok(false),
            Probe::Ask(_) => Ok(matches!(self.find_asking(cx, key, hash)?, Some(Place::At(..)))),
        }
    }

    /// Whether a value is a member.
    #[inline]
    pub fn contains(self, cx: &mut Context, key: Value) -> Result<bool> {
        let hash = search_hash(cx, key)?;
        self.contains_hashed(cx, key, hash)
    }

    /// Calls `act` under the lock with the place of a key whose hash is known.
    fn locked<R>(
        self,
        cx: &mut Context,
        key: Value,
        hash: i64,
        mut act: impl FnMut(&Context, Place) -> R,
    ) -> Result<R> {
        {
            let _guard = lock_header(self.header(), cx);
            let pairs = self.table().ensure(cx);
            match pairs.find(hash, |candidate| key::same(candidate, key)) {
                Probe::Found(position) => return Ok(act(cx, Place::At(pairs, position))),
                Probe::Free(position) => return Ok(act(cx, Place::Free(pairs, position))),
                Probe::Ask(_) => {}
            }
        }
        loop {
            let Some(place) = self.find_asking(cx, key, hash)? else {
                return self.locked(cx, key, hash, act);
            };
            let (Place::At(pairs, position) | Place::Free(pairs, position)) = place;
            let word = pairs.word(position);
            let _guard = lock_header(self.header(), cx);
            // Keys of one hash share their walk: while its first free place is free, none was added.
            let unchanged = match place {
                Place::At(..) => {
                    word.is_some_and(|word| word != Value::TOMBSTONE) && pairs.word(position) == word
                }
                Place::Free(..) => pairs.word(position).is_none(),
            };
            if unchanged && self.table().is_current(pairs) {
                return Ok(act(cx, place));
            }
        }
    }

    /// Adds a member; the set must be new or mutable.
    #[inline]
    pub fn add(self, cx: &mut Context, key: Value) -> Result<()> {
        let hash = hash(cx, key)?;
        self.add_hashed(cx, key, hash)
    }

    /// Adds a member whose hash is known.
    pub fn add_hashed(self, cx: &mut Context, key: Value, hash: i64) -> Result<()> {
        self.locked(cx, key, hash, |cx, place| {
            if let Place::Free(pairs, position) = place {
                self.table().insert_at(cx, pairs, position, key, hash);
            }
        })
    }

    /// Removes a member whose hash is known; false if it was none.
    fn discard_hashed(self, cx: &mut Context, key: Value, hash: i64) -> Result<bool> {
        if self.table().pairs().is_none() {
            return Ok(false);
        }
        self.locked(cx, key, hash, |_, place| match place {
            Place::At(pairs, position) => {
                self.table().remove_at(pairs, position);
                true
            }
            Place::Free(..) => false,
        })
    }

    /// Removes a member; false if it was none.
    pub fn discard(self, cx: &mut Context, key: Value) -> Result<bool> {
        let hash = search_hash(cx, key)?;
        self.discard_hashed(cx, key, hash)
    }

    /// Takes any member out.
    pub fn pop(self, cx: &Context) -> Option<Value> {
        let _guard = lock_header(self.header(), cx);
        self.table().pop()
    }

    /// Removes all members.
    pub fn clear(self, cx: &Context) {
        let _guard = lock_header(self.header(), cx);
        self.table().clear();
    }

    /// The hash that a frozenset of these members has.
    fn hash_of_members(self, cx: &Context) -> i64 {
        taipan_num::hash::frozenset_hash(self.hashed_snapshot(cx).into_iter().map(|(_, hash)| hash))
    }

    /// An empty set of the same type, `set` or `frozenset`, subclasses aside.
    fn new_like(self, cx: &Context) -> AnySet {
        match self {
            AnySet::Set(_) => AnySet::Set(empty(cx)),
            AnySet::Frozen(_) => AnySet::Frozen(cx.new_object(FrozenSet::default())),
        }
    }
}

impl FrozenSet {
    /// Whether a member is what is looked for. No lock is taken: the table never changes.
    pub fn any(&self, mut f: impl FnMut(Value) -> bool) -> bool {
        let Some(pairs) = self.members.table.pairs() else { return false };
        let mut position = 0;
        std::iter::from_fn(|| pairs.next(&mut position)).any(|(member, _)| f(member))
    }
}

impl Gc<Set> {
    pub fn len(self) -> usize {
        AnySet::Set(self).len()
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Adds a member.
    #[inline]
    pub fn add(self, cx: &mut Context, key: Value) -> Result<()> {
        AnySet::Set(self).add(cx, key)
    }

    /// Adds what an iterable gives.
    pub fn update(self, cx: &mut Context, iterable: Value) -> Result<()> {
        AnySet::Set(self).update(cx, iterable)
    }
}

/// A new instance of a set class.
fn new_of(cx: &Context, class: Gc<Class>, frozen: bool) -> AnySet {
    if frozen {
        AnySet::Frozen(cx.new_instance(class, FrozenSet::default()))
    } else {
        AnySet::Set(cx.new_instance(class, Set::default()))
    }
}

/// Iterates over the members of a set.
#[derive(Trace)]
pub struct SetIterator {
    /// EMPTY once the iterator is exhausted.
    set: Slot,
    position: AtomicUsize,
    /// `usize::MAX` after a change of size was reported.
    size: AtomicUsize,
    left: AtomicUsize,
}

impl SetIterator {
    fn of(cx: &Context, set: AnySet) -> Gc<SetIterator> {
        cx.new_object(SetIterator {
            set: Slot::new(set.value()),
            position: AtomicUsize::new(0),
            size: AtomicUsize::new(set.len()),
            left: AtomicUsize::new(set.len()),
        })
    }

    fn set(&self) -> Option<AnySet> {
        self.set.load().and_then(AnySet::from_value)
    }
}

#[class(name = "set_iterator", flags = DISALLOW_NEW)]
impl SetIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(set) = self.set() else { return Ok(None) };
        if set.len() != self.size.load(Ordering::Relaxed) {
            self.size.store(usize::MAX, Ordering::Relaxed);
            return Err(cx.runtime_error("Set changed size during iteration"));
        }
        let mut position = self.position.load(Ordering::Relaxed);
        match set.table().pairs().and_then(|pairs| pairs.next(&mut position)) {
            Some((member, _)) => {
                self.position.store(position, Ordering::Relaxed);
                self.left.store(self.left.load(Ordering::Relaxed).saturating_sub(1), Ordering::Relaxed);
                Ok(Some(member))
            }
            None => {
                self.set.clear();
                Ok(None)
            }
        }
    }

    /// How many members are left at most.
    #[function("()")]
    fn __length_hint__(&self) -> usize {
        match self.set() {
            Some(set) if set.len() == self.size.load(Ordering::Relaxed) => self.left.load(Ordering::Relaxed),
            _ => 0,
        }
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        let mut rest = GVec::new();
        if let Some(set) = self.set() {
            if set.len() != self.size.load(Ordering::Relaxed) {
                self.size.store(usize::MAX, Ordering::Relaxed);
                return Err(cx.runtime_error("Set changed size during iteration"));
            }
            let mut position = self.position.load(Ordering::Relaxed);
            while let Some((member, _)) = set.table().pairs().and_then(|pairs| pairs.next(&mut position)) {
                rest.push(member);
            }
        }
        crate::types::iterators::reduce_to_list(cx, &rest)
    }
}

/// Whether `value` is exactly a dict, whose keys are merged with the hashes they have.
fn exact_dict(cx: &Context, value: Value) -> Option<Gc<Dict>> {
    cx.exact::<Dict>(value)
}
