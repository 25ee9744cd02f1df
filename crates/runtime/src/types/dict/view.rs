//! `dict_keys`, `dict_values` and `dict_items`. CPython: the views of `Objects/dictobject.c`.
//!
//! Invariant: a view holds its dict and nothing else, so it always shows the dict of the moment.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::{
    Dict, DictItemIterator, DictKeyIterator, DictReverseItemIterator, DictReverseKeyIterator,
    DictReverseValueIterator, DictValueIterator,
};
use crate::types::mappingproxy::MappingProxy;
use crate::types::set::{self, AnySet, Set};
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// The keys of a dict, a set-like view.
#[derive(Trace)]
pub struct DictKeys {
    dict: Gc<Dict>,
}

/// The items of a dict, a set-like view of tuples.
#[derive(Trace)]
pub struct DictItems {
    dict: Gc<Dict>,
}

/// The values of a dict.
#[derive(Trace)]
pub struct DictValues {
    dict: Gc<Dict>,
}

impl DictKeys {
    /// The body of a view, for views that begin with it.
    pub fn body(dict: Gc<Dict>) -> DictKeys {
        DictKeys { dict }
    }

    /// The dict that is shown.
    pub fn dict(&self) -> Gc<Dict> {
        self.dict
    }

    pub fn of(cx: &Context, dict: Gc<Dict>) -> Gc<DictKeys> {
        cx.new_object(DictKeys { dict })
    }
}

impl DictItems {
    /// The body of a view, for views that begin with it.
    pub fn body(dict: Gc<Dict>) -> DictItems {
        DictItems { dict }
    }

    /// The dict that is shown.
    pub fn dict(&self) -> Gc<Dict> {
        self.dict
    }

    pub fn of(cx: &Context, dict: Gc<Dict>) -> Gc<DictItems> {
        cx.new_object(DictItems { dict })
    }
}

impl DictValues {
    /// The body of a view, for views that begin with it.
    pub fn body(dict: Gc<Dict>) -> DictValues {
        DictValues { dict }
    }

    /// The dict that is shown.
    pub fn dict(&self) -> Gc<Dict> {
        self.dict
    }

    pub fn of(cx: &Context, dict: Gc<Dict>) -> Gc<DictValues> {
        cx.new_object(DictValues { dict })
    }
}

/// A view that is like a set.
#[derive(Clone, Copy)]
enum SetView {
    Keys(Gc<Dict>),
    Items(Gc<Dict>),
}

impl SetView {
    fn from(value: Value) -> Option<SetView> {
        if let Some(keys) = value.downcast::<DictKeys>() {
            return Some(SetView::Keys(keys.dict));
        }
        value.downcast::<DictItems>().map(|items| SetView::Items(items.dict))
    }

    fn dict(self) -> Gc<Dict> {
        match self {
            SetView::Keys(dict) | SetView::Items(dict) => dict,
        }
    }

    fn len(self) -> usize {
        self.dict().len()
    }

    fn contains(self, cx: &mut Context, member: Value) -> Result<bool> {
        match self {
            SetView::Keys(dict) => dict.contains(cx, member),
            SetView::Items(dict) => {
                let pair: Option<[Value; 2]> =
                    member.downcast::<Tuple>().and_then(|pair| pair.items().try_into().ok());
                let Some([key, value]) = pair else { return Ok(false) };
                match dict.get(cx, key)? {
                    Some(found) => cx.eq(found, value),
                    None => Ok(false),
                }
            }
        }
    }
}

/// Number of members of a set or set-like view.
fn set_size(value: Value) -> Option<usize> {
    match AnySet::from_value(value) {
        Some(set) => Some(set.len()),
        None => SetView::from(value).map(SetView::len),
    }
}

/// A new set of what `value` iterates over.
fn to_set(cx: &mut Context, value: Value) -> Result<Gc<Set>> {
    let source = match value.downcast::<DictKeys>() {
        Some(keys) if cx.is_exact::<Dict>(keys.dict.value()) => keys.dict.value(),
        _ => value,
    };
    set::from_iterable(cx, source)
}

/// Whether every member of `a` is in `b`.
fn all_contained(cx: &mut Context, a: Value, b: Value) -> Result<bool> {
    let iterator = cx.iter(a)?;
    while let Some(member) = cx.next(iterator)? {
        if !cx.contains(b, member)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
    let (Some(a_len), Some(b_len)) = (set_size(a), set_size(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let result = match op {
        CompareOp::Eq => a_len == b_len && all_contained(cx, a, b)?,
        CompareOp::Ne => !(a_len == b_len && all_contained(cx, a, b)?),
        CompareOp::Lt => a_len < b_len && all_contained(cx, a, b)?,
        CompareOp::Le => a_len <= b_len && all_contained(cx, a, b)?,
        CompareOp::Gt => a_len > b_len && all_contained(cx, b, a)?,
        CompareOp::Ge => a_len >= b_len && all_contained(cx, b, a)?,
    };
    Ok(Value::bool(result))
}

fn sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    let result = to_set(cx, a)?;
    result.difference_update(cx, b)?;
    Ok(result.value())
}

fn or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    let result = to_set(cx, a)?;
    result.update(cx, b)?;
    Ok(result.value())
}

fn xor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    if let (Some(a), Some(b)) = (a.downcast::<DictItems>(), b.downcast::<DictItems>()) {
        return items_xor(cx, a.dict, b.dict);
    }
    let result = to_set(cx, a)?;
    result.symmetric_difference_update(cx, b)?;
    Ok(result.value())
}

/// Items of one dict or the other, but not of both, without hashing values that both have.
fn items_xor(cx: &mut Context, a: Gc<Dict>, b: Gc<Dict>) -> Result<Value> {
    let (smaller, larger) = if a.len() > b.len() { (b, a) } else { (a, b) };
    let rest = smaller.copy(cx);
    let result = set::empty(cx);
    for (key, value) in larger.entries(cx) {
        let same = match rest.get(cx, key)? {
            Some(other) => cx.eq(other, value)?,
            None => false,
        };
        if same {
            rest.remove(cx, key)?;
        } else {
            let pair = cx.new_tuple(&[key, value]);
            result.add(cx, pair.value())?;
        }
    }
    for (key, value) in rest.entries(cx) {
        let pair = cx.new_tuple(&[key, value]);
        result.add(cx, pair.value())?;
    }
    Ok(result.value())
}

fn and(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
    let (mut view, mut other, this) = match SetView::from(a) {
        Some(view) => (view, b, a),
        None => match SetView::from(b) {
            Some(view) => (view, a, b),
            None => return Ok(Value::NOT_IMPLEMENTED),
        },
    };
    if let Some(set) = cx.exact::<Set>(other)
        && view.len() <= set.len()
    {
        return set.intersection(cx, this).map(AnySet::value);
    }
    // The larger view is asked, the smaller one iterated.
    if let Some(other_view) = SetView::from(other)
        && other_view.len() > view.len()
    {
        (view, other) = (other_view, this);
    }
    let result = set::empty(cx);
    let iterator = cx.iter(other)?;
    while let Some(member) = cx.next(iterator)? {
        if view.contains(cx, member)? {
            result.add(cx, member)?;
        }
    }
    Ok(result.value())
}

fn is_disjoint(cx: &mut Context, this: Value, other: Value) -> Result<bool> {
    let Some(mut view) = SetView::from(this) else { return Ok(true) };
    if this == other {
        return Ok(view.len() == 0);
    }
    let mut iterated = other;
    if set_size(other).is_some_and(|len| len > view.len()) {
        match SetView::from(other) {
            Some(other_view) => (view, iterated) = (other_view, this),
            None => {
                let iterator = cx.iter(this)?;
                while let Some(member) = cx.next(iterator)? {
                    if cx.contains(other, member)? {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
        }
    }
    let iterator = cx.iter(iterated)?;
    while let Some(member) = cx.next(iterator)? {
        if view.contains(cx, member)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `dict_keys([...])`.
fn repr(cx: &mut Context, view: Value, name: &str) -> Result<Value> {
    let text = cx.guard_repr(view, |cx| {
        let members = cx.collect(view)?;
        let list = cx.new_list(&members);
        let mut text = StrBuilder::new();
        text.push_str(name);
        text.push_str("(");
        text.push(cx.repr(list.value())?);
        text.push_str(")");
        Ok(text.finish(cx))
    })?;
    Ok(text.unwrap_or_else(|| cx.new_str("...")).value())
}

macro_rules! set_views {
    ($($type:ident, $name:literal, $iterator:ident, $reverse:ident;)*) => {$(
        #[class(name = $name, kind = DICT_VIEW, flags = DISALLOW_NEW)]
        impl $type {
            #[slot(len)]
            fn len(&self) -> usize {
                self.dict.len()
            }

            #[slot(iter)]
            fn iter(&self, cx: &mut Context) -> Value {
                $iterator::of(cx, self.dict).value()
            }

            #[slot(contains)]
            fn contains(this: Gc<Self>, cx: &mut Context, member: Value) -> Result<bool> {
                match SetView::from(this.value()) {
                    Some(view) => view.contains(cx, member),
                    None => Ok(false),
                }
            }

            #[slot(repr)]
            fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
                let class = cx.class_of(this.value());
                repr(cx, this.value(), &class.name().to_str())
            }

            #[slot(compare)]
            fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
                compare(cx, a, b, op)
            }

            #[slot(sub)]
            fn sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                sub(cx, a, b)
            }

            #[slot(and)]
            fn and(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                and(cx, a, b)
            }

            #[slot(xor)]
            fn xor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                xor(cx, a, b)
            }

            #[slot(or)]
            fn or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                or(cx, a, b)
            }

            /// Tell whether view and iterable have no member in common.
            #[function("(other, /)")]
            fn isdisjoint(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<bool> {
                is_disjoint(cx, this.value(), other)
            }

            /// Iterate backwards.
            #[function("()")]
            fn __reversed__(&self, cx: &mut Context) -> Value {
                $reverse::of(cx, self.dict).value()
            }

            /// the dictionary behind this view
            #[getter]
            fn mapping(&self, cx: &mut Context) -> Value {
                MappingProxy::of(cx, self.dict.value()).value()
            }
        }
    )*};
}
set_views! {
    DictKeys, "dict_keys", DictKeyIterator, DictReverseKeyIterator;
    DictItems, "dict_items", DictItemIterator, DictReverseItemIterator;
}

#[class(name = "dict_values", kind = DICT_VIEW, flags = DISALLOW_NEW)]
impl DictValues {
    #[slot(len)]
    fn len(&self) -> usize {
        self.dict.len()
    }

    #[slot(iter)]
    fn iter(&self, cx: &mut Context) -> Value {
        DictValueIterator::of(cx, self.dict).value()
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value());
        repr(cx, this.value(), &class.name().to_str())
    }

    /// Iterate backwards.
    #[function("()")]
    fn __reversed__(&self, cx: &mut Context) -> Value {
        DictReverseValueIterator::of(cx, self.dict).value()
    }

    /// the dictionary behind this view
    #[getter]
    fn mapping(&self, cx: &mut Context) -> Value {
        MappingProxy::of(cx, self.dict.value()).value()
    }
}
