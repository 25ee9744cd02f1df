//! Iterators over dicts: keys, values and items, forwards and backwards. CPython: `dictiter_*` in `Objects/dictobject.c`.
//!
//! Invariant: an iterator never reads outside the table of the moment; a change of the dict's size ends it with
//! RuntimeError, any other change at worst skips or repeats items.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::instance;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::dict::{Dict, INSTANCE};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// Marks an iterator that has complained about a changed size and will do so again.
const SIZE_CHANGED: usize = usize::MAX;

/// Where an iterator stands.
#[derive(Trace)]
pub(crate) struct Cursor {
    /// EMPTY once the iterator is exhausted.
    dict: TypedSlot<Dict>,
    position: AtomicUsize,
    size: AtomicUsize,
    left: AtomicUsize,
    /// The names of an instance's attributes when iteration began.
    names: TypedSlot<Tuple>,
}

impl Cursor {
    fn new(cx: &Context, dict: Gc<Dict>, reverse: bool) -> Cursor {
        let names = match dict.owner() {
            Some(owner) => {
                let mut names: GVec<Value> =
                    instance::names_in_order(owner).into_iter().map(|(name, _)| name.value()).collect();
                if reverse {
                    names.reverse();
                }
                Some(cx.new_tuple(&names))
            }
            None => None,
        };
        let len = names.map_or_else(|| dict.len(), |names| names.len());
        Cursor {
            dict: TypedSlot::new(dict),
            position: AtomicUsize::new(if reverse && names.is_none() { dict.table_end() } else { 0 }),
            size: AtomicUsize::new(if names.is_some() { len } else { dict.size_mark() }),
            left: AtomicUsize::new(len),
            names: TypedSlot::new_option(names),
        }
    }

    #[cold]
    fn changed_size(&self, cx: &Context) -> crate::error::Raised {
        self.size.store(SIZE_CHANGED, Ordering::Relaxed);
        cx.runtime_error("dictionary changed size during iteration")
    }

    #[inline]
    fn next(&self, cx: &Context, reverse: bool) -> Result<Option<(Value, Value)>> {
        let Some(dict) = self.dict.load() else { return Ok(None) };
        if let Some(names) = self.names.load() {
            return self.next_attribute(cx, dict, names);
        }
        if dict.size_mark() != self.size.load(Ordering::Relaxed) {
            return Err(self.changed_size(cx));
        }
        let position = self.position.load(Ordering::Relaxed);
        let found = match reverse {
            false => dict.next_entry(position),
            // The table was exchanged for one that ends before this position.
            true if position > dict.table_end() => None,
            true => dict.previous_entry(position),
        };
        let Some((position, key, value)) = found else {
            self.dict.store_option(None);
            return Ok(None);
        };
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 && !dict.is_namespace() {
            self.dict.store_option(None);
            return Err(cx.runtime_error("dictionary keys changed during iteration"));
        }
        self.position.store(position, Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        Ok(Some((key, value)))
    }

    /// Iterates over the attributes of an instance by the names that it had at first.
    fn next_attribute(
        &self,
        cx: &Context,
        dict: Gc<Dict>,
        names: Gc<Tuple>,
    ) -> Result<Option<(Value, Value)>> {
        if dict.len() != self.size.load(Ordering::Relaxed) {
            return Err(self.changed_size(cx));
        }
        let position = self.position.load(Ordering::Relaxed);
        let Some(name) = names.get(position).and_then(|name| name.downcast::<Str>()) else {
            self.dict.store_option(None);
            return Ok(None);
        };
        self.position.store(position + 1, Ordering::Relaxed);
        self.left.store(names.len() - position - 1, Ordering::Relaxed);
        match dict.get_str(cx, name) {
            Some(value) => Ok(Some((name.value(), value))),
            None => {
                self.dict.store_option(None);
                Err(cx.runtime_error("dictionary keys changed during iteration"))
            }
        }
    }

    fn length_hint(&self) -> usize {
        match self.dict.load() {
            Some(dict)
                if dict.mode() == INSTANCE || dict.size_mark() == self.size.load(Ordering::Relaxed) =>
            {
                self.left.load(Ordering::Relaxed)
            }
            _ => 0,
        }
    }

    /// What is left, without moving the iterator.
    fn rest(
        &self,
        cx: &Context,
        reverse: bool,
        what: fn(&Context, (Value, Value)) -> Value,
    ) -> Result<GVec<Value>> {
        let copy = Cursor {
            dict: TypedSlot::new_option(self.dict.load()),
            position: AtomicUsize::new(self.position.load(Ordering::Relaxed)),
            size: AtomicUsize::new(self.size.load(Ordering::Relaxed)),
            left: AtomicUsize::new(self.left.load(Ordering::Relaxed)),
            names: TypedSlot::new_option(self.names.load()),
        };
        let mut rest = GVec::new();
        while let Some(entry) = copy.next(cx, reverse)? {
            rest.push(what(cx, entry));
        }
        Ok(rest)
    }
}

fn key(_: &Context, (key, _): (Value, Value)) -> Value {
    key
}

fn value(_: &Context, (_, value): (Value, Value)) -> Value {
    value
}

fn item(cx: &Context, (key, value): (Value, Value)) -> Value {
    cx.new_tuple(&[key, value]).value()
}

impl DictKeyIterator {
    /// The next key.
    #[inline]
    pub fn next_key(&self, cx: &Context) -> Result<Option<Value>> {
        Ok(self.cursor.next(cx, false)?.map(|(key, _)| key))
    }
}

impl DictValueIterator {
    /// The next value.
    #[inline]
    pub fn next_value(&self, cx: &Context) -> Result<Option<Value>> {
        Ok(self.cursor.next(cx, false)?.map(|(_, value)| value))
    }
}

impl DictItemIterator {
    /// The two items of the next tuple.
    #[inline]
    pub fn next_pair(&self, cx: &Context) -> Result<Option<(Value, Value)>> {
        self.cursor.next(cx, false)
    }
}

macro_rules! iterators {
    ($($type:ident, $name:literal, $what:path, $reverse:literal, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[derive(Trace)]
        pub struct $type {
            cursor: Cursor,
        }

        impl $type {
            pub fn of(cx: &Context, dict: Gc<Dict>) -> Gc<$type> {
                cx.new_object($type { cursor: Cursor::new(cx, dict, $reverse) })
            }
        }

        #[class(name = $name, kind = DICT_ITERATOR, flags = DISALLOW_NEW)]
        impl $type {
            #[slot(iter)]
            fn iter(this: Gc<Self>) -> Value {
                this.value()
            }

            #[slot(next)]
            fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
                Ok(self.cursor.next(cx, $reverse)?.map(|entry| $what(cx, entry)))
            }

            /// How many items are left at most.
            #[function("()")]
            fn __length_hint__(&self) -> usize {
                self.cursor.length_hint()
            }

            /// What pickle needs.
            #[function("()")]
            fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
                let rest = self.cursor.rest(cx, $reverse, $what)?;
                crate::types::iterators::reduce_to_list(cx, &rest)
            }
        }
    )*};
}
iterators! {
    DictKeyIterator, "dict_keyiterator", key, false, "Iterates over the keys of a dict.";
    DictValueIterator, "dict_valueiterator", value, false, "Iterates over the values of a dict.";
    DictItemIterator, "dict_itemiterator", item, false, "Iterates over the items of a dict, each a new tuple.";
    DictReverseKeyIterator, "dict_reversekeyiterator", key, true, "Iterates over the keys of a dict, last first.";
    DictReverseValueIterator, "dict_reversevalueiterator", value, true, "Iterates over the values of a dict, last first.";
    DictReverseItemIterator, "dict_reverseitemiterator", item, true, "Iterates over the items of a dict, last first.";
}
