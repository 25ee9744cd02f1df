//! `tuple`, the immutable sequence. CPython: `Objects/tupleobject.c`.
//!
//! Invariant: the items lie inside the cell and never change after the cell is seen by anybody.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use taipan_macros::{Trace, class};
use taipan_num::hash::TupleHasher;

use crate::buffer::{GVec, Inline, new_tuple_cell};
use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::sequence::resolve_index;
use crate::types::generic_alias::GenericAlias;
use crate::types::iterators::sequence::TupleIterator;
use crate::types::sequence::{self, Subscript};
use crate::types::slice::Indices;
use crate::types::str::StrBuilder;
use crate::types::type_::Class;
use crate::value::Value;

/// A fixed row of values.
#[derive(Trace)]
#[repr(C)]
pub struct Tuple {
    /// 0 until it is known.
    hash: AtomicI64,
    inline: Inline,
}

/// The empty tuple, of which there is one.
static EMPTY: AtomicU64 = AtomicU64::new(0);

impl Tuple {
    pub(crate) const INLINE_OFFSET: usize = std::mem::offset_of!(Tuple, inline);

    /// The items. They never change.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        self.inline.items()
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.items().get(index).copied()
    }

    /// The items that a slice selects.
    fn slice(this: Gc<Self>, cx: &Context, indices: Indices) -> Gc<Tuple> {
        let items = this.items();
        if indices.step == 1 {
            if indices.len == items.len() && cx.is_exact::<Tuple>(this.value()) {
                return this;
            }
            return cx.new_tuple(&items[indices.start()..indices.start() + indices.len]);
        }
        let picked: GVec<Value> = indices.positions().map(|position| items[position]).collect();
        cx.new_tuple(&picked)
    }
}

impl Context {
    /// A tuple of `items`.
    #[inline]
    pub fn new_tuple(&self, items: &[Value]) -> Gc<Tuple> {
        if items.is_empty() {
            return empty(self);
        }
        new_tuple_cell(self, Tuple::class_cell().instance_shape(), 0, items)
    }

    /// A tuple of `items` for a subclass of `tuple` (or `tuple` itself).
    pub fn new_tuple_of(&self, class: Gc<Class>, items: &[Value]) -> Gc<Tuple> {
        if class == Tuple::class_cell().get() {
            return self.new_tuple(items);
        }
        new_tuple_cell(self, class.instance_shape(), class.extra_words(), items)
    }
}

/// The one empty tuple.
#[cold]
#[inline(never)]
fn empty(cx: &Context) -> Gc<Tuple> {
    if let Some(tuple) = Value::from_bits(EMPTY.load(Ordering::Acquire)).and_then(Value::downcast) {
        return tuple;
    }
    let fresh = new_tuple_cell(cx, Tuple::class_cell().instance_shape(), 0, &[]);
    taipan_gc::add_root(&EMPTY);
    match EMPTY.compare_exchange(0, fresh.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => fresh,
        Err(bits) => Value::from_bits(bits).and_then(Value::downcast).unwrap_or(fresh),
    }
}

/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[class(name = "tuple", kind = TUPLE, by_kind, quick = crate::quick::new_tuple, variable = crate::buffer::tuple_words, flags = BASETYPE | SEQUENCE | MATCH_SELF | VARIABLE)]
impl Tuple {
    #[new("(iterable=(), /)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value) -> Result<Gc<Self>> {
        let exact = class == Tuple::class_cell().get();
        if let Some(tuple) = cx.exact::<Tuple>(iterable) {
            return Ok(if exact { tuple } else { cx.new_tuple_of(class, tuple.items()) });
        }
        let items = cx.collect(iterable)?;
        Ok(cx.new_tuple_of(class, &items))
    }

    #[slot(len)]
    fn slot_len(&self) -> usize {
        self.len()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        TupleIterator::of(cx, this).value()
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let known = self.hash.load(Ordering::Relaxed);
        if known != 0 {
            return Ok(known);
        }
        cx.check_recursion(" while hashing a tuple")?;
        let mut hasher = TupleHasher::new();
        for item in self.items() {
            hasher.add(cx.hash(*item)?);
        }
        let hash = hasher.finish();
        self.hash.store(hash, Ordering::Relaxed);
        Ok(hash)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        if this.is_empty() {
            return Ok(cx.new_str("()").value());
        }
        let text = cx.guard_repr(this.value(), |cx| {
            let mut text = StrBuilder::new();
            text.push_str("(");
            for (index, item) in this.items().iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push(cx.repr(*item)?);
            }
            text.push_str(if this.len() == 1 { ",)" } else { ")" });
            Ok(text.finish(cx))
        })?;
        Ok(text.unwrap_or_else(|| cx.new_str("(...)")).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(a), Some(b)) = (a.downcast::<Tuple>(), b.downcast::<Tuple>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        sequence::compare(cx, |i| a.get(i), |i| b.get(i), || (a.len(), b.len()), op)
    }

    #[slot(contains)]
    fn contains(&self, cx: &mut Context, item: Value) -> Result<bool> {
        for candidate in self.items() {
            if cx.eq(*candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<Value> {
        match sequence::subscript(cx, key, "tuple")? {
            Subscript::Index(index) => match resolve_index(index, this.len()) {
                Some(index) => Ok(this.items()[index]),
                None => Err(cx.index_error("tuple index out of range")),
            },
            Subscript::Slice(slice) => {
                let indices = slice.indices(cx, this.len())?;
                Ok(Tuple::slice(this, cx, indices).value())
            }
        }
    }

    #[slot(concat)]
    fn concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
        let Some(other) = other.downcast::<Tuple>() else {
            let name = cx.type_name(other);
            return Err(cx.type_error(format!("can only concatenate tuple (not \"{name}\") to tuple")));
        };
        if this.is_empty() && cx.is_exact::<Tuple>(other.value()) {
            return Ok(other.value());
        }
        if other.is_empty() && cx.is_exact::<Tuple>(this.value()) {
            return Ok(this.value());
        }
        let mut items = GVec::with_capacity(this.len() + other.len());
        items.extend_from_slice(this.items());
        items.extend_from_slice(other.items());
        Ok(cx.new_tuple(&items).value())
    }

    #[slot(repeat)]
    fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result<Value> {
        let exact = cx.is_exact::<Tuple>(this.value());
        if exact && (count == 1 || this.is_empty()) {
            return Ok(this.value());
        }
        let items = sequence::repeat(cx, this.items(), count)?;
        Ok(cx.new_tuple(&items).value())
    }

    /// Bytes of memory that the object takes.
    #[function("()")]
    fn __sizeof__(&self) -> usize {
        size_of::<crate::object::Cell<Tuple>>() + self.len() * 8
    }

    #[function("()")]
    fn __getnewargs__(&self, cx: &Context) -> Value {
        let copy = cx.new_tuple(self.items());
        cx.new_tuple(&[copy.value()]).value()
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[function("(value, start=0, stop=sys.maxsize, /)")]
    fn index(&self, cx: &mut Context, value: Value, start: Index, stop: Index) -> Result<usize> {
        let (start, stop) = sequence::clip(start.0, stop.0, self.len());
        for index in start..stop {
            if cx.eq(self.items()[index], value)? {
                return Ok(index);
            }
        }
        Err(cx.value_error("tuple.index(x): x not in tuple"))
    }

    /// Return number of occurrences of value.
    #[function("(value, /)")]
    fn count(&self, cx: &mut Context, value: Value) -> Result<usize> {
        let mut count = 0;
        for item in self.items() {
            count += usize::from(cx.eq(*item, value)?);
        }
        Ok(count)
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}
