//! The Python side of `dict`: slots and methods. CPython: `Objects/dictobject.c`.
//!
//! Invariant: every method works on all three kinds of dict through the functions of `super`.

use taipan_macros::class;

use crate::context::Context;
use crate::error::Result;
use crate::names::id;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::{Dict, DictItems, DictKeyIterator, DictKeys, DictReverseKeyIterator, DictValues};
use crate::types::generic_alias::GenericAlias;
use crate::types::set::{AnySet, FrozenSet, Set};
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Equal size, and each key of `a` has an equal value in `b`.
fn equal(cx: &mut Context, a: Gc<Dict>, b: Gc<Dict>) -> Result<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    cx.check_recursion(" in comparison")?;
    for (key, value) in a.entries(cx) {
        match b.get(cx, key)? {
            Some(other) if cx.eq(value, other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn init_or_update(cx: &mut Context, this: Gc<Dict>, name: &str, positional: &[Value]) -> Result<()> {
    match positional {
        [] => Ok(()),
        [argument] => this.update_from(cx, *argument),
        more => Err(cx.type_error(format!("{name} expected at most 1 argument, got {}", more.len()))),
    }
}

/// Fills the result of `fromkeys`, an exact dict that nobody else has seen.
fn fill_keys(cx: &mut Context, dict: Gc<Dict>, iterable: Value, value: Value) -> Result<()> {
    let hashed = match (cx.exact::<Dict>(iterable), AnySet::from_value(iterable)) {
        (Some(source), _) => source.hashed_keys(cx),
        (None, Some(set)) if cx.is_exact::<Set>(iterable) || cx.is_exact::<FrozenSet>(iterable) => {
            Some(set.hashed_snapshot(cx))
        }
        _ => None,
    };
    if let Some(keys) = hashed {
        for (key, hash) in keys {
            dict.set_hashed(cx, key, hash, value)?;
        }
        return Ok(());
    }
    if let Some(source) = cx.exact::<Dict>(iterable) {
        for key in source.keys(cx) {
            dict.set(cx, key, value)?;
        }
        return Ok(());
    }
    cx.for_each(iterable, |cx, key| dict.set(cx, key, value))
}

/// dict() -> new empty dictionary
/// dict(mapping) -> new dictionary with the items of a mapping object
/// dict(iterable) -> new dictionary with the pairs of an iterable
/// dict(**kwargs) -> new dictionary with the keyword arguments
#[class(name = "dict", kind = DICT, by_kind, quick = crate::quick::new_dict, flags = BASETYPE | MAPPING | MATCH_SELF)]
impl Dict {
    #[slot(new)]
    fn new_(cx: &mut Context, class: Gc<Class>, _args: Args<'_>) -> Value {
        cx.new_instance(class, Dict::new()).value()
    }

    #[slot(init)]
    fn init(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result<()> {
        init_or_update(cx, this, "dict", args.positional())?;
        for (name, value) in args.keywords() {
            this.set_str(cx, name, value);
        }
        Ok(())
    }

    #[slot(len)]
    fn slot_len(&self) -> usize {
        self.len()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        DictKeyIterator::of(cx, this).value()
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        if this.is_empty() {
            return Ok(cx.new_str("{}").value());
        }
        let text = cx.guard_repr(this.value(), |cx| {
            let mut text = StrBuilder::new();
            text.push_str("{");
            for (index, (key, value)) in this.entries(cx).into_iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push(cx.repr(key)?);
                text.push_str(": ");
                text.push(cx.repr(value)?);
            }
            text.push_str("}");
            Ok(text.finish(cx))
        })?;
        Ok(text.unwrap_or_else(|| cx.new_str("{...}")).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(a), Some(b)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        match op {
            CompareOp::Eq => equal(cx, a, b).map(Value::bool),
            CompareOp::Ne => equal(cx, a, b).map(|equal| Value::bool(!equal)),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(contains)]
    fn contains(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<bool> {
        this.contains(cx, key)
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<Value> {
        if let Some(value) = this.get(cx, key)? {
            return Ok(value);
        }
        if !cx.is_exact::<Dict>(this.value())
            && let Some(value) = cx.call_special(this.value(), id::__missing__, &[key])?
        {
            return Ok(value);
        }
        Err(cx.key_error(key))
    }

    #[slot(set_item)]
    fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => this.set(cx, key, value),
            None => match this.remove(cx, key)? {
                Some(_) => Ok(()),
                None => Err(cx.key_error(key)),
            },
        }
    }

    #[slot(or)]
    fn or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        let (Some(left), Some(_)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let result = left.copied(cx)?;
        result.update_from(cx, b)?;
        Ok(result.value())
    }

    #[slot(inplace_or)]
    fn inplace_or(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
        this.update_from(cx, other)?;
        Ok(this.value())
    }

    /// Return self[key].
    #[function("(key, /)")]
    fn __getitem__(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<Value> {
        Dict::get_item(this, cx, key)
    }

    /// Tell whether the dict has the key.
    #[function("(key, /)")]
    fn __contains__(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<bool> {
        this.contains(cx, key)
    }

    /// Return the value for key if the dict has it, else default.
    #[function("(key, default=None, /)", quick = crate::quick::get)]
    fn get(this: Gc<Self>, cx: &mut Context, key: Value, default: Value) -> Result<Value> {
        Ok(this.get(cx, key)?.unwrap_or(default))
    }

    /// Store default under key unless the dict has the key; return the key's value.
    #[function("(key, default=None, /)")]
    fn setdefault(this: Gc<Self>, cx: &mut Context, key: Value, default: Value) -> Result<Value> {
        this.set_default(cx, key, default)
    }

    /// D.pop(k[,d]) -> v, remove the key and return its value.
    ///
    /// Without the key return d, or raise KeyError if d was not given.
    #[function("(key, default=<absent>, /)")]
    fn pop(this: Gc<Self>, cx: &mut Context, key: Value, default: Option<Value>) -> Result<Value> {
        match this.remove(cx, key)?.or(default) {
            Some(value) => Ok(value),
            None => Err(cx.key_error(key)),
        }
    }

    /// Remove the last (key, value) pair and return it as a tuple.
    ///
    /// Raises KeyError if the dict is empty.
    #[function("()")]
    fn popitem(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        match this.pop_item(cx) {
            Some((key, value)) => Ok(cx.new_tuple(&[key, value]).value()),
            None => {
                let message = cx.new_str("popitem(): dictionary is empty");
                Err(cx.key_error(message.value()))
            }
        }
    }

    /// Return a set-like view of the keys.
    #[function("()")]
    fn keys(this: Gc<Self>, cx: &mut Context) -> Value {
        DictKeys::of(cx, this).value()
    }

    /// Return a set-like view of the items.
    #[function("()")]
    fn items(this: Gc<Self>, cx: &mut Context) -> Value {
        DictItems::of(cx, this).value()
    }

    /// Return a view of the values.
    #[function("()")]
    fn values(this: Gc<Self>, cx: &mut Context) -> Value {
        DictValues::of(cx, this).value()
    }

    /// D.update([E, ]**F) -> None.  Store the items of E, a mapping or an iterable of pairs, then those of F.
    #[function("(*args, **kwargs)")]
    fn update(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        init_or_update(cx, this, "update", args.items())?;
        if kwargs.is_empty() { Ok(()) } else { this.merge(cx, kwargs) }
    }

    /// Create a dictionary whose keys come from iterable, each with the same value.
    #[classmethod("(iterable, value=None, /)")]
    fn fromkeys(cx: &mut Context, class: Value, iterable: Value, value: Value) -> Result<Value> {
        let dict = cx.call(class, &[])?;
        if let Some(dict) = cx.exact::<Dict>(dict) {
            fill_keys(cx, dict, iterable, value)?;
        } else {
            cx.for_each(iterable, |cx, key| cx.set_item(dict, key, value))?;
        }
        Ok(dict)
    }

    /// Remove all items.
    #[function("()")]
    fn clear(this: Gc<Self>, cx: &Context) {
        this.clear(cx);
    }

    /// Return a shallow copy.
    #[function("()")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Dict>> {
        this.copied(cx)
    }

    /// Iterate over the keys, last first.
    #[function("()")]
    fn __reversed__(this: Gc<Self>, cx: &mut Context) -> Value {
        DictReverseKeyIterator::of(cx, this).value()
    }

    /// Return the memory the dict takes, in bytes.
    #[function("()")]
    fn __sizeof__(&self) -> usize {
        size_of::<Dict>() + 8 + self.table_bytes()
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}
