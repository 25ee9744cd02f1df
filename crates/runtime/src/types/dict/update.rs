//! Filling a dict from mappings, pairs and keyword arguments. CPython: `dict_merge`, `dict_update_common` and
//! `PyDict_MergeFromSeq2` in `Objects/dictobject.c`.
//!
//! Invariant: merging from a dict takes both locks, so other threads see all of it or nothing, unless a comparison of
//! keys has to run Python.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::lock::lock_two;
use crate::names::id;
use crate::object::Gc;
use crate::table::Search;
use crate::types::dict::{Dict, Hit, PLAIN, key};
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// How far a merge under the locks came.
enum Progress {
    Done,
    /// Entry `number` of the source needs Python: its key, hash and value.
    Ask(usize, Value, i64, Value),
    /// The source changed since the last time.
    Changed,
    /// One of the dicts is not plain: item by item.
    Slow,
}

impl Gc<Dict> {
    /// Stores every item of `other` in this dict.
    pub fn merge(self, cx: &mut Context, other: Gc<Dict>) -> Result<()> {
        self.merge_with(cx, other, true)
    }

    /// Stores the items of `other` whose keys this dict lacks.
    pub fn merge_missing(self, cx: &mut Context, other: Gc<Dict>) -> Result<()> {
        self.merge_with(cx, other, false)
    }

    fn merge_with(self, cx: &mut Context, other: Gc<Dict>, replace: bool) -> Result<()> {
        if self == other {
            return Ok(());
        }
        let (size, mut number) = (other.len(), 0);
        loop {
            match self.merge_locked(cx, other, size, number, replace) {
                Progress::Done => return Ok(()),
                Progress::Slow => break,
                Progress::Changed => return Err(cx.runtime_error("dict mutated during update")),
                Progress::Ask(asked, key, hash, value) => {
                    if replace {
                        self.set_hashed(cx, key, hash, value)?;
                    } else {
                        self.set_default(cx, key, value)?;
                    }
                    number = asked + 1;
                }
            }
        }
        for (key, value) in other.entries(cx) {
            if replace {
                self.set(cx, key, value)?;
            } else {
                self.set_default(cx, key, value)?;
            }
        }
        Ok(())
    }

    fn merge_locked(
        self,
        cx: &Context,
        other: Gc<Dict>,
        size: usize,
        start: usize,
        replace: bool,
    ) -> Progress {
        let _guards = lock_two(self.header(), other.header(), cx);
        if self.mode() != PLAIN || other.mode() != PLAIN {
            return Progress::Slow;
        }
        if start > 0 && other.table.live() != size {
            return Progress::Changed;
        }
        let Some(source) = other.table.entries() else { return Progress::Done };
        if start == 0 && self.table.live() == 0 {
            self.table.copy_from(cx, &other.table);
            return Progress::Done;
        }
        for (number, entry) in source.entries().iter().enumerate().skip(start) {
            let Some((key, value)) = entry.live() else { continue };
            let target = self.table.entries();
            let search = target.map_or(Search::Absent, |entries| {
                entries.find(entry.hash(), |candidate| key::same(candidate, key))
            });
            match (search, target) {
                (Search::Ask, _) => return Progress::Ask(number, key, entry.hash(), value),
                (Search::Found(number, word), Some(entries)) => {
                    if replace {
                        self.store_at(cx, Some(Hit { entries, number, word }), key, entry.hash(), value);
                    }
                }
                _ => self.store_at(cx, None, key, entry.hash(), value),
            }
        }
        Progress::Done
    }

    /// `dict.update(argument)`: a mapping (something with `keys`) or an iterable of pairs.
    pub fn update_from(self, cx: &mut Context, argument: Value) -> Result<()> {
        if let Some(other) = cx.exact::<Dict>(argument) {
            return self.merge(cx, other);
        }
        match cx.lookup_attr(argument, cx.name(id::keys))? {
            Some(_) => self.merge_mapping(cx, argument),
            None => self.merge_pairs(cx, argument),
        }
    }

    /// A copy for `copy()` and `|`: a subclass that iterates in its own way is read through its `keys`. CPython:
    /// `PyDict_Copy`.
    pub(super) fn copied(self, cx: &mut Context) -> Result<Gc<Dict>> {
        if cx.is_exact::<Dict>(self.value()) {
            return Ok(self.copy(cx));
        }
        let copy = cx.new_dict();
        copy.merge_mapping(cx, self.value())?;
        Ok(copy)
    }

    /// The dict whose items are the mapping's, if it need not be asked: a dict that iterates as dicts do, or the variables of
    /// a frame. CPython: `dict_merge`.
    pub fn behind(cx: &mut Context, mapping: Value) -> Result<Option<Gc<Dict>>> {
        match mapping.downcast::<Dict>() {
            Some(dict) => {
                let own = cx.class_of(mapping).slots.iter.same(&Dict::class_cell().get().slots.iter);
                Ok(own.then_some(dict))
            }
            None => (cx.vm().hooks().variables)(cx, mapping),
        }
    }

    /// Stores the items of any mapping.
    pub fn merge_mapping(self, cx: &mut Context, mapping: Value) -> Result<()> {
        if let Some(dict) = Gc::<Dict>::behind(cx, mapping)? {
            return self.merge(cx, dict);
        }
        let keys = cx.call_method(mapping, "keys", &[])?;
        cx.for_each(keys, |cx, key| {
            let value = cx.get_item(mapping, key)?;
            self.set(cx, key, value)
        })
    }

    /// Stores pairs from an iterable.
    pub fn merge_pairs(self, cx: &mut Context, pairs: Value) -> Result<()> {
        let mut number = 0;
        cx.for_each(pairs, |cx, pair| {
            let (key, value) = split_pair(cx, pair, number)?;
            number += 1;
            self.set(cx, key, value)
        })
    }
}

/// Key and value of element `number` of an update sequence.
fn split_pair(cx: &mut Context, pair: Value, number: usize) -> Result<(Value, Value)> {
    let wrong = |cx: &Context, len: usize| -> Raised {
        cx.value_error(format!(
            "dictionary update sequence element #{number} has length {len}; 2 is required"
        ))
    };
    if let Some(tuple) = cx.exact::<Tuple>(pair) {
        return match tuple.items() {
            [key, value] => Ok((*key, *value)),
            items => Err(wrong(cx, items.len())),
        };
    }
    let items = match cx.exact::<List>(pair) {
        Some(list) => list.snapshot(cx),
        None => match cx.iter(pair) {
            Ok(iterator) => match cx.collect(iterator) {
                Ok(items) => items,
                Err(raised) => return Err(not_a_sequence(cx, raised, number)),
            },
            Err(raised) if cx.error_matches(&raised, crate::exception::type_error) => {
                cx.take_exception(raised);
                let raised = cx.type_error("object is not iterable");
                return Err(not_a_sequence(cx, raised, number));
            }
            Err(raised) => return Err(raised),
        },
    };
    match items[..] {
        [key, value] => Ok((key, value)),
        _ => Err(wrong(cx, items.len())),
    }
}

/// Adds to a TypeError which element could not be read.
#[cold]
fn not_a_sequence(cx: &mut Context, raised: Raised, number: usize) -> Raised {
    if !cx.error_matches(&raised, crate::exception::type_error) {
        return raised;
    }
    cx.add_note(raised, &format!("Cannot convert dictionary update sequence element #{number} to a sequence"))
}
