//! `groupby`.
//!
//! Invariant: only the group given last can give items; an older one has ended.

use taipan_runtime::prelude::*;

use super::advance;

/// Body of `groupby`.
#[derive(Trace)]
pub struct GroupBy {
    source: Slot,
    key_function: Slot,
    target_key: Slot,
    current_key: Slot,
    current_value: Slot,
    /// The group given last.
    current_group: Slot,
}

impl GroupBy {
    /// Takes the next item and its key. False at the end.
    fn step(&self, cx: &mut Context) -> Result<bool> {
        let Some(value) = advance(cx, self.source.load_or_none())? else { return Ok(false) };
        let key = match self.key_function.load() {
            None => value,
            Some(function) => cx.call(function, &[value])?,
        };
        self.current_value.store(value);
        self.current_key.store(key);
        Ok(true)
    }
}

/// make an iterator that returns consecutive keys and groups from the iterable
///
///   iterable
///     Elements to divide into groups according to the key function.
///   key
///     A function for computing the group category for each element.
///     If the key function is not specified or is None, the element itself
///     is used for grouping.
#[class(name = "groupby", module = "itertools", flags = BASETYPE)]
impl GroupBy {
    #[new("(iterable, key=None)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value, key: Value) -> Result<Gc<Self>> {
        let body = GroupBy {
            source: Slot::new(cx.iter(iterable)?),
            key_function: Slot::new_option(key.not_none()),
            target_key: Slot::EMPTY,
            current_key: Slot::EMPTY,
            current_value: Slot::EMPTY,
            current_group: Slot::EMPTY,
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        this.current_group.clear();
        // Skip to the first item of the next group.
        loop {
            match (this.current_key.load(), this.target_key.load()) {
                (None, _) => {}
                (Some(_), None) => break,
                (Some(current), Some(target)) => {
                    if !cx.eq(target, current)? {
                        break;
                    }
                }
            }
            cx.poll()?;
            if !this.step(cx)? {
                return Ok(None);
            }
        }
        let Some(key) = this.current_key.load() else { return Ok(None) };
        this.target_key.store(key);
        let group = Grouper::make(cx, this, key);
        Ok(Some(cx.new_tuple(&[key, group]).value()))
    }
}

/// Body of one group.
#[derive(Trace)]
pub struct Grouper {
    parent: TypedSlot<GroupBy>,
    key: Slot,
}

impl Grouper {
    fn make(cx: &Context, parent: Gc<GroupBy>, key: Value) -> Value {
        let group = cx.new_object(Grouper { parent: TypedSlot::new(parent), key: Slot::new(key) }).value();
        parent.current_group.store(group);
        group
    }
}

#[class(name = "_grouper", module = "itertools")]
impl Grouper {
    #[new("(parent, tgtkey, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, parent: Gc<GroupBy>, tgtkey: Value) -> Gc<Self> {
        let group =
            cx.new_instance(class, Grouper { parent: TypedSlot::new(parent), key: Slot::new(tgtkey) });
        parent.current_group.store(group.value());
        group
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        let Some(parent) = this.parent.load() else { return Ok(None) };
        if parent.current_group.load() != Some(this.value()) {
            return Ok(None);
        }
        if parent.current_value.load().is_none() && !parent.step(cx)? {
            return Ok(None);
        }
        let Some(current) = parent.current_key.load() else { return Ok(None) };
        if !cx.eq(this.key.load_or_none(), current)? {
            return Ok(None);
        }
        Ok(parent.current_value.swap(None))
    }
}
