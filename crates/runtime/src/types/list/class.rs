//! The Python side of `list`: slots and methods. CPython: `Objects/listobject.c`.
//!
//! Invariant: loops that compare items ask the list for each item by index, because a comparison may change the list.

use taipan_macros::class;

use crate::context::Context;
use crate::error::Result;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::sequence::resolve_index;
use crate::types::generic_alias::GenericAlias;
use crate::types::iterators::sequence::{ListIterator, ListReverseIterator};
use crate::types::list::{List, sort};
use crate::types::sequence::{self, Subscript};
use crate::types::slice::Slice;
use crate::types::str::StrBuilder;
use crate::types::type_::Class;
use crate::value::Value;

/// `list[slice] = value`.
fn assign_slice(cx: &mut Context, this: Gc<List>, slice: Gc<Slice>, value: Value) -> Result<()> {
    let bounds = slice.unpack(cx)?;
    let items = match cx.snapshot_of(value) {
        Some(items) => items,
        None => match cx.iter(value) {
            Ok(iterator) => cx.collect(iterator)?,
            Err(raised) if cx.error_matches(&raised, crate::exception::type_error) => {
                cx.take_exception(raised);
                return Err(cx.type_error("must assign iterable to extended slice"));
            }
            Err(raised) => return Err(raised),
        },
    };
    if bounds.step == 1 {
        let range = bounds.adjust(this.len());
        this.splice(cx, range.start(), range.start() + range.len, &items);
        return Ok(());
    }
    loop {
        let len = this.len();
        let range = bounds.adjust(len);
        if items.len() != range.len {
            return Err(cx.value_error(format!(
                "attempt to assign sequence of size {} to extended slice of size {}",
                items.len(),
                range.len
            )));
        }
        if this.assign_range(cx, range, len, &items).is_some() {
            return Ok(());
        }
    }
}

/// Built-in mutable sequence.
///
/// If no argument is given, the constructor creates a new empty list.
/// The argument must be an iterable if specified.
#[class(name = "list", kind = LIST, by_kind, quick = crate::quick::new_list, flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl List {
    #[slot(new)]
    fn new_(cx: &mut Context, class: Gc<Class>, _args: crate::native::Args<'_>) -> Value {
        cx.new_instance(class, List::new()).value()
    }

    #[init("(iterable=(), /)")]
    fn init(this: Gc<Self>, cx: &mut Context, iterable: Value) -> Result<()> {
        this.clear(cx);
        extend(cx, this, iterable)
    }

    #[slot(len)]
    fn slot_len(&self) -> usize {
        self.len()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        ListIterator::of(cx, this).value()
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        if this.is_empty() {
            return Ok(cx.new_str("[]").value());
        }
        let text = cx.guard_repr(this.value(), |cx| {
            let mut text = StrBuilder::new();
            text.push_str("[");
            let mut index = 0;
            while let Some(item) = this.get(index) {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push(cx.repr(item)?);
                index += 1;
            }
            text.push_str("]");
            Ok(text.finish(cx))
        })?;
        Ok(text.unwrap_or_else(|| cx.new_str("[...]")).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(a), Some(b)) = (a.downcast::<List>(), b.downcast::<List>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        sequence::compare(cx, |i| a.get(i), |i| b.get(i), || (a.len(), b.len()), op)
    }

    #[slot(contains)]
    fn contains(this: Gc<Self>, cx: &mut Context, member: Value) -> Result<bool> {
        let mut index = 0;
        while let Some(item) = this.get(index) {
            if cx.eq(item, member)? {
                return Ok(true);
            }
            index += 1;
        }
        Ok(false)
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<Value> {
        match sequence::subscript(cx, key, "list")? {
            Subscript::Index(index) => {
                match resolve_index(index, this.len()).and_then(|index| this.get(index)) {
                    Some(item) => Ok(item),
                    None => Err(cx.index_error("list index out of range")),
                }
            }
            Subscript::Slice(slice) => {
                let bounds = slice.unpack(cx)?;
                if bounds.adjust(this.len()).step == 1 {
                    let clip = |len| {
                        let range = bounds.adjust(len);
                        (range.start(), range.start() + range.len)
                    };
                    return Ok(this.slice(cx, clip).value());
                }
                let items = this.pick(cx, |len| bounds.adjust(len));
                Ok(cx.new_list(&items).value())
            }
        }
    }

    #[slot(set_item)]
    fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        match (sequence::subscript(cx, key, "list")?, value) {
            (Subscript::Index(index), Some(value)) => match resolve_index(index, this.len()) {
                Some(index) if this.set(cx, index, value) => Ok(()),
                _ => Err(cx.index_error("list assignment index out of range")),
            },
            (Subscript::Index(index), None) => match this.take(cx, index) {
                Ok(_) => Ok(()),
                Err(_) => Err(cx.index_error("list assignment index out of range")),
            },
            (Subscript::Slice(slice), Some(value)) => assign_slice(cx, this, slice, value),
            (Subscript::Slice(slice), None) => {
                let bounds = slice.unpack(cx)?;
                this.remove_range(cx, |len| bounds.adjust(len));
                Ok(())
            }
        }
    }

    #[slot(concat)]
    fn concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
        match other.downcast::<List>() {
            Some(other) => Ok(this.concat(cx, other).value()),
            None => {
                let name = cx.type_name(other);
                Err(cx.type_error(format!("can only concatenate list (not \"{name}\") to list")))
            }
        }
    }

    #[slot(inplace_concat)]
    fn inplace_concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
        extend(cx, this, other)?;
        Ok(this.value())
    }

    #[slot(repeat)]
    fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result<Value> {
        let items = this.snapshot(cx);
        let all = sequence::repeat(cx, &items, count)?;
        Ok(cx.new_list(&all).value())
    }

    #[slot(inplace_repeat)]
    fn inplace_repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result<Value> {
        let items = this.snapshot(cx);
        let all = sequence::repeat(cx, &items, count)?;
        this.replace(cx, &all);
        Ok(this.value())
    }

    /// Return the item at index, or the list that a slice selects.
    #[function("(index, /)")]
    fn __getitem__(this: Gc<Self>, cx: &mut Context, index: Value) -> Result<Value> {
        List::get_item(this, cx, index)
    }

    /// Add an item at the end.
    #[function("(object, /)", quick = crate::quick::append)]
    fn append(this: Gc<Self>, cx: &Context, object: Value) {
        this.push(cx, object);
    }

    /// Remove all items.
    #[function("()")]
    fn clear(this: Gc<Self>, cx: &Context) {
        this.clear(cx);
    }

    /// Return a shallow copy.
    #[function("()")]
    fn copy(this: Gc<Self>, cx: &Context) -> Value {
        this.slice(cx, |len| (0, len)).value()
    }

    /// Count the items that equal value.
    #[function("(value, /)")]
    fn count(this: Gc<Self>, cx: &mut Context, value: Value) -> Result<usize> {
        let (mut count, mut index) = (0, 0);
        while let Some(item) = this.get(index) {
            count += usize::from(cx.eq(item, value)?);
            index += 1;
        }
        Ok(count)
    }

    /// Append the items of an iterable.
    #[function("(iterable, /)")]
    fn extend(this: Gc<Self>, cx: &mut Context, iterable: Value) -> Result<()> {
        extend(cx, this, iterable)
    }

    /// Return the first position of value.
    ///
    /// Raises ValueError if the list does not have it.
    #[function("(value, start=0, stop=sys.maxsize, /)")]
    fn index(this: Gc<Self>, cx: &mut Context, value: Value, start: Index, stop: Index) -> Result<usize> {
        let (start, _) = sequence::clip(start.0, 0, this.len());
        // The list may grow while it is searched, so the end is fitted at each step.
        let mut index = start;
        while index < sequence::clip(0, stop.0, this.len()).1 {
            let Some(item) = this.get(index) else { break };
            if cx.eq(item, value)? {
                return Ok(index);
            }
            index += 1;
        }
        Err(cx.value_error("list.index(x): x not in list"))
    }

    /// Put an item before the position index.
    #[function("(index, object, /)")]
    fn insert(this: Gc<Self>, cx: &Context, index: isize, object: Value) {
        this.insert(cx, index, object);
    }

    /// Remove the item at index, by default the last, and return it.
    ///
    /// Raises IndexError if there is no such item.
    #[function("(index=-1, /)", quick = crate::quick::pop)]
    fn pop(this: Gc<Self>, cx: &Context, index: isize) -> Result<Value> {
        this.take(cx, index).map_err(|len| {
            cx.index_error(if len == 0 { "pop from empty list" } else { "pop index out of range" })
        })
    }

    /// Remove the first item that equals value.
    ///
    /// Raises ValueError if there is none.
    #[function("(value, /)")]
    fn remove(this: Gc<Self>, cx: &mut Context, value: Value) -> Result<()> {
        let mut index = 0;
        while let Some(item) = this.get(index) {
            if cx.eq(item, value)? {
                // The comparison may have changed the list; what stands there now goes, as in CPython.
                this.splice(cx, index, index + 1, &[]);
                return Ok(());
            }
            index += 1;
        }
        Err(cx.value_error("list.remove(x): x not in list"))
    }

    /// Turn the order of the items around, in place.
    #[function("()")]
    fn reverse(this: Gc<Self>, cx: &Context) {
        this.reverse(cx);
    }

    /// Sort the items in place, smallest first; items that compare equal keep their order.
    ///
    /// With a key function, items are ordered by what it returns for them; it is called once for each.
    /// With reverse, the largest goes first.
    #[function("(*, key=None, reverse=False)")]
    fn sort(this: Gc<Self>, cx: &mut Context, key: Option<Value>, reverse: bool) -> Result<()> {
        sort::sort(cx, this, key, reverse)
    }

    /// Iterate over the items, last first.
    #[function("()")]
    fn __reversed__(this: Gc<Self>, cx: &mut Context) -> Value {
        ListReverseIterator::of(cx, this).value()
    }

    /// Return the memory the list takes, in bytes.
    #[function("()")]
    fn __sizeof__(&self) -> usize {
        40 + 8 * self.items.capacity()
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}

impl Gc<List> {
    /// `list.extend(iterable)` for other crates.
    pub fn extend_by(self, cx: &mut Context, iterable: Value) -> Result<()> {
        extend(cx, self, iterable)
    }
}

/// `list.extend(iterable)`. Items of an iterator are appended as they come, so the iterator sees them.
pub(crate) fn extend(cx: &mut Context, this: Gc<List>, iterable: Value) -> Result<()> {
    let own = (iterable == this.value()).then(|| this.snapshot(cx));
    if let Some(items) = own.or_else(|| cx.snapshot_of(iterable)) {
        this.extend(cx, &items);
        return Ok(());
    }
    let iterator = cx.iter(iterable)?;
    let hint = cx.length_hint(iterable, 8)?;
    // A hint that cannot be right is none.
    let plausible = this.len().checked_add(hint).is_some_and(|len| isize::try_from(len).is_ok());
    if plausible && (hint > crate::buffer::Buf::MAX || !taipan_gc::can_allocate(hint * 8)) {
        return Err(cx.memory_error());
    }
    while let Some(item) = cx.next(iterator)? {
        cx.poll()?;
        this.push(cx, item);
    }
    Ok(())
}
