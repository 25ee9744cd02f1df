//! `OrderedDict`. CPython: `Objects/odictobject.c`.
//!
//! Every dict keeps the order of insertion; what this adds is moving keys, comparing orders and noticing
//! changes during iteration.
//! Invariant: `changes` grows with every change of keys or of their order that goes through this class.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::dict::{DictItems, DictKeys, DictValues};

/// Body of `OrderedDict`.
#[derive(Trace)]
#[repr(C)]
pub struct OrderedDict {
    base: Dict,
    changes: AtomicU64,
}

fn as_dict(this: Gc<OrderedDict>) -> Gc<Dict> {
    this.value().downcast().expect("an OrderedDict is a dict")
}

impl OrderedDict {
    fn body() -> OrderedDict {
        OrderedDict { base: Dict::new(), changes: AtomicU64::new(0) }
    }

    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    fn store(this: Gc<Self>, cx: &mut Context, key: Value, value: Value) -> Result<()> {
        let dict = as_dict(this);
        let before = dict.len();
        dict.set(cx, key, value)?;
        if dict.len() != before {
            this.changed();
        }
        Ok(())
    }

    /// Removes a key and gives its value.
    fn take(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<Option<Value>> {
        let value = as_dict(this).remove(cx, key)?;
        if value.is_some() {
            this.changed();
        }
        Ok(value)
    }
}

/// One item of an iterable of pairs.
fn unpack_pair(cx: &mut Context, pair: Value) -> Result<(Value, Value)> {
    let iterator = cx.iter(pair)?;
    let Some(key) = cx.next(iterator)? else {
        return Err(cx.value_error("need more than 0 values to unpack"));
    };
    let Some(value) = cx.next(iterator)? else {
        return Err(cx.value_error("need more than 1 value to unpack"));
    };
    match cx.next(iterator)? {
        Some(_) => Err(cx.value_error("too many values to unpack (expected 2)")),
        None => Ok((key, value)),
    }
}

fn add_pairs(cx: &mut Context, this: Value, pairs: Value) -> Result<()> {
    let iterator = cx.iter(pairs)?;
    while let Some(pair) = cx.next(iterator)? {
        cx.poll()?;
        let (key, value) = unpack_pair(cx, pair)?;
        cx.set_item(this, key, value)?;
    }
    Ok(())
}

/// Adds what a mapping or an iterable of pairs holds, through `this`'s own `__setitem__`.
fn update_from(cx: &mut Context, this: Value, other: Value) -> Result<()> {
    if let Some(dict) = cx.exact::<Dict>(other) {
        for (key, value) in dict.snapshot(cx).iter() {
            cx.set_item(this, *key, *value)?;
        }
        return Ok(());
    }
    if let Some(keys) = cx.lookup_attr_str(other, "keys")? {
        let keys = cx.call(keys, &[])?;
        let iterator = cx.iter(keys)?;
        while let Some(key) = cx.next(iterator)? {
            let value = cx.get_item(other, key)?;
            cx.set_item(this, key, value)?;
        }
        return Ok(());
    }
    match cx.lookup_attr_str(other, "items")? {
        Some(items) => {
            let items = cx.call(items, &[])?;
            add_pairs(cx, this, items)
        }
        None => add_pairs(cx, this, other),
    }
}

fn update_with(cx: &mut Context, this: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
    match args.items() {
        [] => {}
        [other] => update_from(cx, this, *other)?,
        more => {
            return Err(cx.type_error(format!("expected at most 1 argument, got {}", more.len())));
        }
    }
    for (key, value) in kwargs.snapshot(cx).iter() {
        cx.set_item(this, *key, *value)?;
    }
    Ok(())
}

/// A fresh dict of the operand's class with the items of `source`.
fn fresh_like(cx: &mut Context, like: Value, source: Value) -> Result {
    let class = cx.class_of(like).value();
    cx.call(class, &[source])
}

/// Dictionary that remembers insertion order
#[class(name = "OrderedDict", module = "collections", kind = DICT, base = Dict, flags = BASETYPE | HAS_DICT | HAS_WEAKREF)]
impl OrderedDict {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, OrderedDict::body()))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        update_with(cx, this.value(), args, kwargs)
    }

    #[slot(set_item)]
    fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => OrderedDict::store(this, cx, key, value),
            None => match OrderedDict::take(this, cx, key)? {
                Some(_) => Ok(()),
                None => Err(cx.key_error(key)),
            },
        }
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        OdictIterator::make(cx, this, Part::Key, false)
    }

    /// od.__reversed__() <==> reversed(od)
    #[function("()", name = "__reversed__")]
    fn reversed(this: Gc<Self>, cx: &mut Context) -> Value {
        OdictIterator::make(cx, this, Part::Key, true)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let name = cx.class_of(this.value()).name().to_str().into_owned();
        if as_dict(this).is_empty() {
            return Ok(cx.new_str(&format!("{name}()")).value());
        }
        let shown = cx.guard_repr(this.value(), |cx| {
            let copy = cx.new_dict();
            if cx.is_exact::<OrderedDict>(this.value()) {
                for (key, value) in as_dict(this).snapshot(cx).iter() {
                    copy.set(cx, *key, *value)?;
                }
            } else {
                let items = cx.call_method(this.value(), "items", &[])?;
                copy.merge_pairs(cx, items)?;
            }
            let items = cx.repr(copy.value())?;
            cx.format_str(&[&format!("{name}("), ")"], &[items])
        })?;
        Ok(shown.unwrap_or_else(|| cx.intern("...").value()))
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(_), Some(y)) = (a.downcast::<OrderedDict>(), b.downcast::<Dict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let Some(dict_compare) = Dict::class_cell().get().slots.compare.get() else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = dict_compare(cx, a, b, CompareOp::Eq)?;
        let mut same = cx.truth(equal)?;
        if same && b.downcast::<OrderedDict>().is_some() {
            let keys = a.downcast::<Dict>().map(|x| x.keys(cx)).unwrap_or_default();
            for (left, right) in keys.iter().zip(y.keys(cx).iter()) {
                same = same && cx.eq(*left, *right)?;
            }
        }
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        if a.downcast::<Dict>().is_none() || b.downcast::<Dict>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let like = if a.downcast::<OrderedDict>().is_some() { a } else { b };
        let new = fresh_like(cx, like, a)?;
        update_from(cx, new, b)?;
        Ok(new)
    }

    #[slot(inplace_or)]
    fn inplace_or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        update_from(cx, a, b)?;
        Ok(a)
    }

    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[classmethod("(iterable, value=None)")]
    fn fromkeys(cx: &mut Context, class: Value, iterable: Value, value: Value) -> Result<Value> {
        let new = cx.call(class, &[])?;
        let iterator = cx.iter(iterable)?;
        while let Some(key) = cx.next(iterator)? {
            cx.poll()?;
            cx.set_item(new, key, value)?;
        }
        Ok(new)
    }

    #[function("()", name = "__sizeof__")]
    fn sizeof(this: Gc<Self>) -> usize {
        size_of::<OrderedDict>() + as_dict(this).len() * 48
    }

    /// Return state information for pickling
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let state = cx.call_method(this.value(), "__getstate__", &[])?;
        let items = cx.call_method(this.value(), "items", &[])?;
        let iterator = cx.iter(items)?;
        let (class, empty) = (cx.class_of(this.value()).value(), cx.new_tuple(&[]).value());
        Ok(cx.new_tuple(&[class, empty, state, Value::NONE, iterator]).value())
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[function("(key, default=None)")]
    fn setdefault(this: Gc<Self>, cx: &mut Context, key: Value, default: Value) -> Result<Value> {
        if cx.is_exact::<OrderedDict>(this.value()) {
            let before = as_dict(this).len();
            let value = as_dict(this).set_default(cx, key, default)?;
            if as_dict(this).len() != before {
                this.changed();
            }
            return Ok(value);
        }
        if cx.contains(this.value(), key)? {
            return cx.get_item(this.value(), key);
        }
        cx.set_item(this.value(), key, default)?;
        Ok(default)
    }

    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[function("(key, default=<absent>)")]
    fn pop(this: Gc<Self>, cx: &mut Context, key: Value, default: Option<Value>) -> Result<Value> {
        match OrderedDict::take(this, cx, key)?.or(default) {
            Some(value) => Ok(value),
            None => Err(cx.key_error(key)),
        }
    }

    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if false.
    #[function("(last=True)")]
    fn popitem(this: Gc<Self>, cx: &mut Context, last: bool) -> Result<Value> {
        let dict = as_dict(this);
        let pair = if last {
            dict.pop_item(cx)
        } else {
            match dict.next_entry(0) {
                Some((_, key, _)) => dict.remove(cx, key)?.map(|value| (key, value)),
                None => None,
            }
        };
        match pair {
            Some((key, value)) => {
                this.changed();
                Ok(cx.new_tuple(&[key, value]).value())
            }
            None => {
                let text = cx.new_str("dictionary is empty").value();
                Err(cx.key_error(text))
            }
        }
    }

    /// od.keys() -> a set-like object providing a view on od's keys
    #[function("()")]
    fn keys(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(OdictKeys { base: DictKeys::body(as_dict(this)) }).value()
    }

    /// od.values() -> an object providing a view on od's values
    #[function("()")]
    fn values(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(OdictValues { base: DictValues::body(as_dict(this)) }).value()
    }

    /// od.items() -> a set-like object providing a view on od's items
    #[function("()")]
    fn items(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(OdictItems { base: DictItems::body(as_dict(this)) }).value()
    }

    /// od.update([E, ]**F) -> None.  Update od from dict/iterable E and F.
    #[function("(*args, **kwargs)")]
    fn update(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        if args.len() > 1 {
            let given = args.len();
            let message = format!("update() takes at most 1 positional argument ({given} given)");
            return Err(cx.type_error(message));
        }
        update_with(cx, this.value(), args, kwargs)
    }

    /// od.clear() -> None.  Remove all items from od.
    #[function("()")]
    fn clear(this: Gc<Self>, cx: &mut Context) {
        as_dict(this).clear(cx);
        this.changed();
    }

    /// od.copy() -> a shallow copy of od
    #[function("()")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value()).value();
        let new = cx.call(class, &[])?;
        for (key, value) in as_dict(this).snapshot(cx).iter() {
            cx.set_item(new, *key, *value)?;
        }
        Ok(new)
    }

    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[function("(key, last=True)")]
    fn move_to_end(this: Gc<Self>, cx: &mut Context, key: Value, last: bool) -> Result<()> {
        if !as_dict(this).move_key(cx, key, last)? {
            return Err(cx.key_error(key));
        }
        this.changed();
        Ok(())
    }
}

/// What an iterator gives of each item.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Key,
    Value,
    Item,
}

/// Body of `odict_iterator`.
#[derive(Trace)]
pub struct OdictIterator {
    dict: TypedSlot<OrderedDict>,
    position: AtomicUsize,
    changes: u64,
    keys: bool,
    values: bool,
    backwards: bool,
}

impl OdictIterator {
    fn make(cx: &Context, dict: Gc<OrderedDict>, part: Part, backwards: bool) -> Value {
        let body = OdictIterator {
            dict: TypedSlot::new(dict),
            position: AtomicUsize::new(if backwards { usize::MAX } else { 0 }),
            changes: dict.changes.load(Ordering::Acquire),
            keys: part != Part::Value,
            values: part != Part::Key,
            backwards,
        };
        cx.new_object(body).value()
    }

    fn step(&self, cx: &Context) -> Result<Option<(Value, Value)>> {
        let Some(dict) = self.dict.load() else { return Ok(None) };
        if dict.changes.load(Ordering::Acquire) != self.changes {
            self.dict.store_option(None);
            return Err(cx.runtime_error("OrderedDict mutated during iteration"));
        }
        let position = self.position.load(Ordering::Relaxed);
        let found = match self.backwards {
            true => as_dict(dict).previous_entry(position),
            false => as_dict(dict).next_entry(position),
        };
        let Some((position, key, value)) = found else {
            self.dict.store_option(None);
            return Ok(None);
        };
        self.position.store(position, Ordering::Relaxed);
        Ok(Some((key, value)))
    }

    fn shape(&self, cx: &Context, key: Value, value: Value) -> Value {
        match (self.keys, self.values) {
            (true, true) => cx.new_tuple(&[key, value]).value(),
            (true, false) => key,
            _ => value,
        }
    }
}

#[class(name = "odict_iterator", flags = DISALLOW_NEW)]
impl OdictIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        Ok(self.step(cx)?.map(|(key, value)| self.shape(cx, key, value)))
    }

    /// Return state information for pickling
    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result<Value> {
        let position = AtomicUsize::new(self.position.load(Ordering::Relaxed));
        let OdictIterator { changes, keys, values, backwards, .. } = *self;
        let dict = TypedSlot::new_option(self.dict.load());
        let copy = cx.new_object(OdictIterator { dict, position, changes, keys, values, backwards });
        let mut rest = GVec::new();
        while let Some((key, value)) = copy.step(cx)? {
            rest.push(copy.shape(cx, key, value));
        }
        let (iter, list) = (cx.builtin("iter")?, cx.new_list(&rest).value());
        let args = cx.new_tuple(&[list]).value();
        Ok(cx.new_tuple(&[iter, args]).value())
    }
}

/// The OrderedDict behind a view.
fn viewed(cx: &Context, dict: Gc<Dict>) -> Result<Gc<OrderedDict>> {
    dict.value().downcast().ok_or_else(|| cx.type_error("an OrderedDict is required"))
}

macro_rules! view {
    ($body:ident, $base:ident, $name:tt, $part:ident) => {
        #[doc = concat!("Body of `", $name, "`.")]
        #[derive(Trace)]
        #[repr(C)]
        pub struct $body {
            base: $base,
        }

        #[class(name = $name, kind = DICT_VIEW, base = $base, flags = DISALLOW_NEW)]
        impl $body {
            #[slot(iter)]
            fn iter(&self, cx: &mut Context) -> Result<Value> {
                let dict = viewed(cx, self.base.dict())?;
                Ok(OdictIterator::make(cx, dict, Part::$part, false))
            }

            #[function("()", name = "__reversed__")]
            fn reversed(&self, cx: &mut Context) -> Result<Value> {
                let dict = viewed(cx, self.base.dict())?;
                Ok(OdictIterator::make(cx, dict, Part::$part, true))
            }
        }
    };
}

view!(OdictKeys, DictKeys, "odict_keys", Key);
view!(OdictValues, DictValues, "odict_values", Value);
view!(OdictItems, DictItems, "odict_items", Item);
