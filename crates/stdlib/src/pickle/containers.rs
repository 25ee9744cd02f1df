//! Writing lists, tuples, dicts and sets. CPython: `save_list`, `batch_list` and their neighbours in
//! `Modules/_pickle.c`.
//!
//! Invariant: a container that can be part of itself is remembered before its items are written; a tuple or frozenset
//! that was part of itself is in the memo once its items are written, and what was put on the stack is dropped again.

use taipan_runtime::identity::Identity;
use taipan_runtime::prelude::*;
use taipan_runtime::types::set::{AnySet, FrozenSet, Set};

use super::note;
use super::opcode::*;
use super::save::Saver;

/// How many items are added by one instruction.
const BATCH: usize = 1000;
/// In fast mode containers nested deeper than this are checked for cycles.
const FAST_NESTING: usize = 50;

/// Ends the message of an item that could not be written.
#[cold]
#[inline(never)]
fn item_note(cx: &mut Context, raised: Raised, owner: Value, index: usize) -> Raised {
    note(cx, raised, |cx| {
        let owner = cx.qualified_type_name(owner);
        Ok(format!("when serializing {owner} item {index}"))
    })
}

#[cold]
#[inline(never)]
fn value_note(cx: &mut Context, raised: Raised, owner: Value, key: Value) -> Raised {
    note(cx, raised, |cx| {
        let owner = cx.qualified_type_name(owner);
        let key = cx.repr(key)?;
        Ok(format!("when serializing {owner} item {}", key.to_str()))
    })
}

#[cold]
#[inline(never)]
fn element_note(cx: &mut Context, raised: Raised, owner: Value) -> Raised {
    note(cx, raised, |cx| Ok(format!("when serializing {} element", cx.qualified_type_name(owner))))
}

impl Saver<'_> {
    /// Notes that a container is opened in fast mode, where nothing else would end a cycle.
    fn enter_fast(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        if self.open.len() + 1 >= FAST_NESTING && self.open.contains(&Identity::of(object)) {
            let (class, address) = (cx.type_name(object), object.bits());
            let message = format!(
                "fast mode: can't pickle cyclic objects including object type {class} at {address:#x}"
            );
            return Err(cx.value_error(message));
        }
        self.open.push(Identity::of(object));
        Ok(())
    }

    /// Runs `save` between the two ends of an open container.
    fn opened(
        &mut self,
        cx: &mut Context,
        object: Value,
        save: impl FnOnce(&mut Self, &mut Context) -> Result<()>,
    ) -> Result<()> {
        if !self.pickler.is_some_and(super::pickler::Pickler::is_fast) {
            return save(self, cx);
        }
        self.enter_fast(cx, object)?;
        let depth = self.open.len();
        let saved = save(self, cx);
        self.open.truncate(depth - 1);
        saved
    }

    pub(super) fn save_tuple(&mut self, cx: &mut Context, tuple: Gc<Tuple>) -> Result<()> {
        let (object, items) = (tuple.value(), tuple.items());
        if items.is_empty() {
            self.out.put(if self.bin { &[EMPTY_TUPLE] } else { &[MARK, TUPLE] });
            return Ok(());
        }
        let short = items.len() <= 3 && self.protocol >= 2;
        if !short {
            self.out.op(MARK);
        }
        for (index, item) in items.iter().enumerate() {
            if let Err(raised) = self.save(cx, *item) {
                return Err(item_note(cx, raised, object, index));
            }
        }
        let known = self.memo.lock(cx).get(object);
        if let Some(index) = known {
            if !short && self.bin {
                self.out.op(POP_MARK);
            } else {
                let count = items.len() + usize::from(!short);
                (0..count).for_each(|_| self.out.op(POP));
            }
            self.get(index);
            return Ok(());
        }
        self.out.op(match (short, items.len()) {
            (true, 1) => TUPLE1,
            (true, 2) => TUPLE2,
            (true, _) => TUPLE3,
            (false, _) => TUPLE,
        });
        self.memoize(cx, object)
    }

    pub(super) fn save_list(&mut self, cx: &mut Context, list: Gc<List>) -> Result<()> {
        let object = list.value();
        self.opened(cx, object, |this, cx| {
            this.out.put(if this.bin { &[EMPTY_LIST] } else { &[MARK, LIST] });
            this.memoize(cx, object)?;
            if list.is_empty() {
                return Ok(());
            }
            if this.protocol == 0 {
                let items = cx.iter(object)?;
                return this.save_list_items(cx, items, object);
            }
            if list.len() == 1
                && let Some(item) = list.get(0)
            {
                this.save(cx, item).map_err(|raised| item_note(cx, raised, object, 0))?;
                this.out.op(APPEND);
                return Ok(());
            }
            let mut index = 0;
            loop {
                this.out.op(MARK);
                let end = index + BATCH;
                while index < end
                    && let Some(item) = list.get(index)
                {
                    if let Err(raised) = this.save(cx, item) {
                        return Err(item_note(cx, raised, object, index));
                    }
                    index += 1;
                }
                this.out.op(APPENDS);
                if index >= list.len() {
                    return Ok(());
                }
            }
        })
    }

    /// Items from an iterator, which are appended to `owner`.
    pub(super) fn save_list_items(&mut self, cx: &mut Context, items: Value, owner: Value) -> Result<()> {
        let mut index = 0;
        if self.protocol == 0 {
            while let Some(item) = cx.next(items)? {
                self.save(cx, item).map_err(|raised| item_note(cx, raised, owner, index))?;
                self.out.op(APPEND);
                index += 1;
            }
            return Ok(());
        }
        loop {
            let Some(first) = cx.next(items)? else { return Ok(()) };
            let Some(second) = cx.next(items)? else {
                self.save(cx, first).map_err(|raised| item_note(cx, raised, owner, index))?;
                self.out.op(APPEND);
                return Ok(());
            };
            self.out.op(MARK);
            let (mut pending, mut count) = (Some(second), 1);
            self.save(cx, first).map_err(|raised| item_note(cx, raised, owner, index))?;
            index += 1;
            while let Some(item) = pending {
                self.save(cx, item).map_err(|raised| item_note(cx, raised, owner, index))?;
                index += 1;
                count += 1;
                if count == BATCH {
                    break;
                }
                pending = cx.next(items)?;
            }
            self.out.op(APPENDS);
            if count < BATCH {
                return Ok(());
            }
        }
    }

    pub(super) fn save_dict(&mut self, cx: &mut Context, dict: Gc<Dict>) -> Result<()> {
        let object = dict.value();
        self.opened(cx, object, |this, cx| {
            this.out.put(if this.bin { &[EMPTY_DICT] } else { &[MARK, DICT] });
            this.memoize(cx, object)?;
            if dict.is_empty() {
                return Ok(());
            }
            if this.protocol == 0 {
                let items = cx.call_method(object, "items", &[])?;
                let items = cx.iter(items)?;
                return this.save_dict_items(cx, items, object);
            }
            this.save_exact_dict(cx, dict)
        })
    }

    fn save_exact_dict(&mut self, cx: &mut Context, dict: Gc<Dict>) -> Result<()> {
        let (object, size) = (dict.value(), dict.len());
        let mut at = 0;
        let entries = if dict.shows_instance() { Some(dict.entries(cx)) } else { None };
        let next = |at: usize| match &entries {
            None => dict.next_entry(at),
            Some(entries) => entries.get(at).map(|(key, value)| (at + 1, *key, *value)),
        };
        if size == 1 {
            if let Some((_, key, value)) = next(0) {
                self.save_pair(cx, key, value, object)?;
                self.out.op(SETITEM);
            }
            return Ok(());
        }
        loop {
            self.out.op(MARK);
            let mut count = 0;
            while let Some((behind, key, value)) = next(at) {
                at = behind;
                self.save_pair(cx, key, value, object)?;
                count += 1;
                if count == BATCH {
                    break;
                }
            }
            self.out.op(SETITEMS);
            if dict.len() != size {
                return Err(cx.runtime_error("dictionary changed size during iteration"));
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }

    #[inline]
    fn save_pair(&mut self, cx: &mut Context, key: Value, value: Value, owner: Value) -> Result<()> {
        self.save(cx, key)?;
        match self.save(cx, value) {
            Ok(()) => Ok(()),
            Err(raised) => Err(value_note(cx, raised, owner, key)),
        }
    }

    /// Pairs from an iterator, which are set in `owner`.
    pub(super) fn save_dict_items(&mut self, cx: &mut Context, items: Value, owner: Value) -> Result<()> {
        if self.protocol == 0 {
            while let Some(item) = cx.next(items)? {
                let (key, value) = pair(cx, item)?;
                self.save_pair(cx, key, value, owner)?;
                self.out.op(SETITEM);
            }
            return Ok(());
        }
        loop {
            let Some(first) = cx.next(items)? else { return Ok(()) };
            let (key, value) = pair(cx, first)?;
            let Some(second) = cx.next(items)? else {
                self.save_pair(cx, key, value, owner)?;
                self.out.op(SETITEM);
                return Ok(());
            };
            self.out.op(MARK);
            let (mut pending, mut count) = (Some(second), 1);
            self.save_pair(cx, key, value, owner)?;
            while let Some(item) = pending {
                let (key, value) = pair(cx, item)?;
                self.save_pair(cx, key, value, owner)?;
                count += 1;
                if count == BATCH {
                    break;
                }
                pending = cx.next(items)?;
            }
            self.out.op(SETITEMS);
            if count < BATCH {
                return Ok(());
            }
        }
    }

    /// Protocols before 4 call the class with a list of the members.
    fn save_set_as_call(&mut self, cx: &mut Context, set: AnySet) -> Result<()> {
        let object = set.value();
        let class = cx.class_of(object).value();
        let members = cx.new_list(&set.snapshot(cx)).value();
        let args = cx.new_tuple(&[members]).value();
        let reduced = cx.new_tuple(&[class, args]);
        self.save_reduce(cx, reduced, Some(object))
    }

    pub(super) fn save_set(&mut self, cx: &mut Context, set: Gc<Set>) -> Result<()> {
        let (object, set) = (set.value(), AnySet::Set(set));
        if self.protocol < 4 {
            return self.save_set_as_call(cx, set);
        }
        self.out.op(EMPTY_SET);
        self.memoize(cx, object)?;
        let size = set.len();
        if size == 0 {
            return Ok(());
        }
        let members = set.snapshot(cx);
        let mut at = 0;
        loop {
            self.out.op(MARK);
            let end = members.len().min(at + BATCH);
            let whole = end == at + BATCH;
            for member in &members[at..end] {
                self.save(cx, *member).map_err(|raised| element_note(cx, raised, object))?;
            }
            at = end;
            self.out.op(ADDITEMS);
            if set.len() != size {
                return Err(cx.runtime_error("set changed size during iteration"));
            }
            if !whole {
                return Ok(());
            }
        }
    }

    pub(super) fn save_frozenset(&mut self, cx: &mut Context, set: Gc<FrozenSet>) -> Result<()> {
        let (object, set) = (set.value(), AnySet::Frozen(set));
        if self.protocol < 4 {
            return self.save_set_as_call(cx, set);
        }
        self.out.op(MARK);
        for member in set.snapshot(cx).iter() {
            self.save(cx, *member).map_err(|raised| element_note(cx, raised, object))?;
        }
        let known = self.memo.lock(cx).get(object);
        if let Some(index) = known {
            self.out.op(POP_MARK);
            self.get(index);
            return Ok(());
        }
        self.out.op(FROZENSET);
        self.memoize(cx, object)
    }
}

/// A pair that an iterator of dict items gives.
fn pair(cx: &Context, item: Value) -> Result<(Value, Value)> {
    match item.downcast::<Tuple>().as_ref().map(|tuple| tuple.items()) {
        Some(&[key, value]) => Ok((key, value)),
        _ => Err(cx.type_error("dict items iterator must return 2-tuples")),
    }
}
