//! `deque`. CPython: `Modules/_collectionsmodule.c`.
//!
//! Invariant: there are never more than `maxlen` items once a method has returned; `changes` counts every
//! change of length, so that iterators notice.

use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::str::StrBuilder;

use super::ring::Ring;

/// Body of `deque`.
#[derive(Trace)]
pub struct Deque {
    items: Guarded<Ring>,
    /// Negative: unbounded.
    maxlen: AtomicI64,
    changes: AtomicU64,
}

const MUTATED: &str = "deque mutated during iteration";

impl Deque {
    fn body(maxlen: i64) -> Deque {
        Deque { items: Guarded::default(), maxlen: AtomicI64::new(maxlen), changes: AtomicU64::new(0) }
    }

    fn limit(&self) -> Option<usize> {
        usize::try_from(self.maxlen.load(Ordering::Relaxed)).ok()
    }

    fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    fn push(&self, cx: &Context, value: Value) {
        let mut items = self.items.lock(cx);
        items.push_back(value);
        if self.limit().is_some_and(|limit| items.len() > limit) {
            items.pop_front();
        }
        drop(items);
        self.changed();
    }

    fn push_front(&self, cx: &Context, value: Value) {
        let mut items = self.items.lock(cx);
        items.push_front(value);
        if self.limit().is_some_and(|limit| items.len() > limit) {
            items.pop_back();
        }
        drop(items);
        self.changed();
    }

    fn length(&self, cx: &Context) -> usize {
        self.items.lock(cx).len()
    }

    fn snapshot(&self, cx: &Context) -> GVec<Value> {
        self.items.lock(cx).iter().collect()
    }

    /// Appends what `iterable` gives; a deque is extended by itself only once.
    fn extend_from(this: Gc<Deque>, cx: &mut Context, iterable: Value, front: bool) -> Result<()> {
        let iterable = if iterable == this.value() {
            let copy = this.snapshot(cx);
            cx.new_list(&copy).value()
        } else {
            iterable
        };
        let iterator = cx.iter(iterable)?;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            if front {
                this.push_front(cx, item);
            } else {
                this.push(cx, item);
            }
        }
        Ok(())
    }

    /// A deque of the same class with the same items, as `copy` gives.
    fn copy_of(this: Gc<Deque>, cx: &mut Context) -> Result {
        let class = cx.class_of(this.value());
        let maxlen = this.maxlen.load(Ordering::Relaxed);
        if class == Deque::class_cell().get() {
            let new = cx.new_object(Deque::body(maxlen));
            for item in this.snapshot(cx).iter() {
                new.push(cx, *item);
            }
            return Ok(new.value());
        }
        let new = match this.limit() {
            None => cx.call(class.value(), &[this.value()])?,
            Some(_) => {
                let maxlen = cx.new_int(maxlen);
                cx.call(class.value(), &[this.value(), maxlen])?
            }
        };
        if new.downcast::<Deque>().is_none() {
            let (wanted, got) = (cx.type_name(this.value()), cx.type_name(new));
            return Err(cx.type_error(format!("{wanted}() must return a deque, not {got}")));
        }
        Ok(new)
    }

    /// Items repeated `count` times, as far as `maxlen` lets them.
    fn repeat_into(&self, cx: &Context, source: &[Value], count: isize) -> Result<()> {
        let count = count.max(0) as usize;
        if source.len().checked_mul(count).is_none_or(|total| total > isize::MAX as usize / 8) {
            return Err(cx.memory_error());
        }
        let mut items = self.items.lock(cx);
        *items = Ring::default();
        let total = source.len() * count;
        // Only the last `maxlen` items can stay.
        let skip = self.limit().map_or(0, |limit| total.saturating_sub(limit));
        for index in skip..total {
            items.push_back(source[index % source.len()]);
        }
        drop(items);
        self.changed();
        Ok(())
    }

    /// An index for one item; `None` where it is out of range.
    fn index_of(&self, cx: &mut Context, key: Value) -> Result<Option<usize>> {
        if !cx.has_index(key) {
            let got = cx.type_name(key);
            return Err(cx.type_error(format!("sequence index must be integer, not '{got}'")));
        }
        let index = match cx.index_i128(key) {
            Ok(index) => match isize::try_from(index) {
                Ok(index) => index,
                Err(_) => {
                    let got = cx.type_name(key);
                    return Err(cx.raise_message(
                        hierarchy::index_error,
                        &format!("cannot fit '{got}' into an index-sized integer"),
                    ));
                }
            },
            Err(raised) => return Err(raised),
        };
        let length = self.length(cx) as isize;
        let index = if index < 0 { index + length } else { index };
        Ok(usize::try_from(index).ok().filter(|index| (*index as isize) < length))
    }
}

/// A list-like sequence optimized for data accesses near its endpoints.
#[class(name = "deque", module = "collections", flags = BASETYPE | SEQUENCE | HAS_WEAKREF)]
impl Deque {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, Deque::body(-1)))
    }

    #[init("(iterable=<absent>, maxlen=None)")]
    fn init(this: Gc<Self>, cx: &mut Context, iterable: Option<Value>, maxlen: Value) -> Result<()> {
        let limit = match maxlen.not_none() {
            None => -1,
            Some(maxlen) if cx.is_int(maxlen) => {
                let maxlen: isize = FromArg::from_arg(cx, maxlen, "maxlen")?;
                if maxlen < 0 {
                    return Err(cx.value_error("maxlen must be non-negative"));
                }
                maxlen as i64
            }
            Some(_) => return Err(cx.type_error("an integer is required")),
        };
        this.maxlen.store(limit, Ordering::Relaxed);
        if this.length(cx) > 0 {
            *this.items.lock(cx) = Ring::default();
            this.changed();
        }
        match iterable {
            Some(iterable) => Deque::extend_from(this, cx, iterable, false),
            None => Ok(()),
        }
    }

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> usize {
        self.length(cx)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        let walk = Walk::new(this);
        cx.new_object(DequeIterator { walk }).value()
    }

    /// Return a reverse iterator over the deque.
    #[function("()", name = "__reversed__")]
    fn reversed(this: Gc<Self>, cx: &mut Context) -> Value {
        let walk = Walk::new(this);
        cx.new_object(DequeReverseIterator { walk }).value()
    }

    #[slot(get_item)]
    fn get_item(cx: &mut Context, this: Value, key: Value) -> Result<Value> {
        let Some(deque) = this.downcast::<Deque>() else {
            return Err(cx.type_error("a deque is required"));
        };
        let item = match deque.index_of(cx, key)? {
            Some(index) => deque.items.lock(cx).get(index),
            None => None,
        };
        item.ok_or_else(|| cx.index_error("deque index out of range"))
    }

    #[slot(set_item)]
    fn set_item(&self, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        let Some(index) = self.index_of(cx, key)? else {
            return Err(cx.index_error("deque index out of range"));
        };
        let mut items = self.items.lock(cx);
        if index >= items.len() {
            drop(items);
            return Err(cx.index_error("deque index out of range"));
        }
        match value {
            Some(value) => items.set(index, value),
            None => {
                items.remove(index);
                drop(items);
                self.changed();
            }
        }
        Ok(())
    }

    #[slot(contains)]
    fn contains(&self, cx: &mut Context, item: Value) -> Result<bool> {
        let before = self.changes();
        let mut index = 0;
        loop {
            let Some(candidate) = self.items.lock(cx).get(index) else { return Ok(false) };
            if cx.eq(candidate, item)? {
                return Ok(true);
            }
            if self.changes() != before {
                return Err(cx.runtime_error(MUTATED));
            }
            index += 1;
        }
    }

    #[slot(concat)]
    fn concat(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        let Some(this) = a.downcast::<Deque>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if b.downcast::<Deque>().is_none() {
            let got = cx.type_name(b);
            return Err(cx.type_error(format!("can only concatenate deque (not \"{got}\") to deque")));
        }
        let new = Deque::copy_of(this, cx)?;
        if let Some(new) = new.downcast::<Deque>() {
            Deque::extend_from(new, cx, b, false)?;
        }
        Ok(new)
    }

    #[slot(inplace_concat)]
    fn inplace_concat(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        if let Some(this) = a.downcast::<Deque>() {
            Deque::extend_from(this, cx, b, false)?;
        }
        Ok(a)
    }

    #[slot(repeat)]
    fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result<Value> {
        let new = Deque::copy_of(this, cx)?;
        if let Some(new) = new.downcast::<Deque>() {
            let source = new.snapshot(cx);
            new.repeat_into(cx, &source, count)?;
        }
        Ok(new)
    }

    #[slot(inplace_repeat)]
    fn inplace_repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result<Value> {
        let source = this.snapshot(cx);
        this.repeat_into(cx, &source, count)?;
        Ok(this.value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(x), Some(y)) = (a.downcast::<Deque>(), b.downcast::<Deque>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let (x, y) = (x.snapshot(cx), y.snapshot(cx));
        if x.len() != y.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        let (x, y) = (cx.new_list(&x).value(), cx.new_list(&y).value());
        cx.compare(x, y, op)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let name = cx.class_of(this.value()).name();
        let shown = cx.guard_repr(this.value(), |cx| {
            let items = this.snapshot(cx);
            let list = cx.new_list(&items).value();
            let list = cx.repr(list)?;
            let mut text = StrBuilder::new();
            text.push(name);
            text.push_str("(");
            text.push(list);
            if let Some(limit) = this.limit() {
                text.push_str(&format!(", maxlen={limit}"));
            }
            text.push_str(")");
            Ok(text.finish(cx).value())
        })?;
        Ok(shown.unwrap_or_else(|| cx.intern("[...]").value()))
    }

    /// Add an element to the right side of the deque.
    #[function("(item, /)")]
    fn append(&self, cx: &mut Context, item: Value) {
        self.push(cx, item);
    }

    /// Add an element to the left side of the deque.
    #[function("(item, /)")]
    fn appendleft(&self, cx: &mut Context, item: Value) {
        self.push_front(cx, item);
    }

    /// Remove all elements from the deque.
    #[function("()")]
    fn clear(&self, cx: &mut Context) {
        *self.items.lock(cx) = Ring::default();
        self.changed();
    }

    /// Return a shallow copy of a deque.
    #[function("()")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        Deque::copy_of(this, cx)
    }

    /// Return a shallow copy of a deque.
    #[function("()", name = "__copy__")]
    fn copy_protocol(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        Deque::copy_of(this, cx)
    }

    /// Return number of occurrences of value.
    #[function("(value, /)")]
    fn count(&self, cx: &mut Context, value: Value) -> Result<usize> {
        let before = self.changes();
        let (mut index, mut count) = (0, 0);
        loop {
            let Some(candidate) = self.items.lock(cx).get(index) else { return Ok(count) };
            count += usize::from(cx.eq(candidate, value)?);
            if self.changes() != before {
                return Err(cx.runtime_error(MUTATED));
            }
            index += 1;
        }
    }

    /// Extend the right side of the deque with elements from the iterable.
    #[function("(iterable, /)")]
    fn extend(this: Gc<Self>, cx: &mut Context, iterable: Value) -> Result<()> {
        Deque::extend_from(this, cx, iterable, false)
    }

    /// Extend the left side of the deque with elements from the iterable.
    #[function("(iterable, /)")]
    fn extendleft(this: Gc<Self>, cx: &mut Context, iterable: Value) -> Result<()> {
        Deque::extend_from(this, cx, iterable, true)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[function("(value, start=0, stop=9223372036854775807, /)")]
    fn index(&self, cx: &mut Context, value: Value, start: Index, stop: Index) -> Result<usize> {
        let length = self.length(cx) as isize;
        let clip =
            |index: isize| if index < 0 { (index + length).max(0) } else { index.min(length) } as usize;
        let before = self.changes();
        for index in clip(start.0)..clip(stop.0) {
            let Some(candidate) = self.items.lock(cx).get(index) else { break };
            if cx.eq(candidate, value)? {
                return Ok(index);
            }
            if self.changes() != before {
                return Err(cx.runtime_error(MUTATED));
            }
        }
        Err(cx.value_error("deque.index(x): x not in deque"))
    }

    /// Insert value before index.
    #[function("(index, value, /)")]
    fn insert(&self, cx: &mut Context, index: isize, value: Value) -> Result<()> {
        let mut items = self.items.lock(cx);
        let length = items.len();
        if self.limit().is_some_and(|limit| length >= limit) {
            drop(items);
            return Err(cx.index_error("deque already at its maximum size"));
        }
        let index = if index < 0 { (index + length as isize).max(0) } else { index.min(length as isize) };
        items.insert(index as usize, value);
        drop(items);
        self.changed();
        Ok(())
    }

    /// Remove and return the rightmost element.
    #[function("()")]
    fn pop(&self, cx: &mut Context) -> Result<Value> {
        let popped = self.items.lock(cx).pop_back();
        self.changed();
        popped.ok_or_else(|| cx.index_error("pop from an empty deque"))
    }

    /// Remove and return the leftmost element.
    #[function("()")]
    fn popleft(&self, cx: &mut Context) -> Result<Value> {
        let popped = self.items.lock(cx).pop_front();
        self.changed();
        popped.ok_or_else(|| cx.index_error("pop from an empty deque"))
    }

    /// Remove first occurrence of value.
    #[function("(value, /)")]
    fn remove(&self, cx: &mut Context, value: Value) -> Result<()> {
        let before = self.changes();
        let mut index = 0;
        loop {
            let Some(candidate) = self.items.lock(cx).get(index) else { break };
            let same = cx.eq(candidate, value)?;
            if self.changes() != before {
                return Err(cx.index_error(MUTATED));
            }
            if same {
                self.items.lock(cx).remove(index);
                self.changed();
                return Ok(());
            }
            index += 1;
        }
        Err(cx.value_error("deque.remove(x): x not in deque"))
    }

    /// Reverse *IN PLACE*.
    #[function("()")]
    fn reverse(&self, cx: &mut Context) {
        self.items.lock(cx).reverse();
    }

    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[function("(n=1, /)")]
    fn rotate(&self, cx: &mut Context, n: isize) {
        self.items.lock(cx).rotate(n);
        self.changed();
    }

    /// Return state information for pickling.
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value()).value();
        let state = cx.call_method(this.value(), "__getstate__", &[])?;
        let iterator = cx.iter(this.value())?;
        let empty = cx.new_tuple(&[]).value();
        let args = match this.limit() {
            None => empty,
            Some(limit) => {
                let limit = cx.new_int(limit as i64);
                cx.new_tuple(&[empty, limit]).value()
            }
        };
        Ok(cx.new_tuple(&[class, args, state, iterator]).value())
    }

    /// Return the size of the deque in memory, in bytes.
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self, cx: &mut Context) -> usize {
        size_of::<Deque>() + 8 * self.length(cx).next_power_of_two().max(8)
    }

    /// deques are generic over the type of their contents
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    /// maximum size of a deque or None if unbounded
    #[getter]
    fn maxlen(&self) -> Option<usize> {
        self.limit()
    }
}

/// How far an iterator has come.
#[derive(Trace)]
struct Walk {
    deque: TypedSlot<Deque>,
    position: AtomicUsize,
    changes: AtomicU64,
}

impl Walk {
    fn new(deque: Gc<Deque>) -> Walk {
        let changes = AtomicU64::new(deque.changes());
        Walk { deque: TypedSlot::new(deque), position: AtomicUsize::new(0), changes }
    }

    fn step(&self, cx: &Context, backwards: bool) -> Result<Option<Value>> {
        let Some(deque) = self.deque.load() else { return Ok(None) };
        let position = self.position.load(Ordering::Relaxed);
        let items = deque.items.lock(cx);
        let length = items.len();
        if deque.changes() != self.changes.load(Ordering::Relaxed) {
            drop(items);
            self.deque.store_option(None);
            return Err(cx.runtime_error(MUTATED));
        }
        if position >= length {
            return Ok(None);
        }
        self.position.store(position + 1, Ordering::Relaxed);
        Ok(items.get(if backwards { length - 1 - position } else { position }))
    }

    fn left(&self, cx: &Context) -> usize {
        let length = self.deque.load().map_or(0, |deque| deque.length(cx));
        length.saturating_sub(self.position.load(Ordering::Relaxed))
    }
}

macro_rules! iterator {
    ($body:ident, $name:tt, $backwards:literal) => {
        #[doc = concat!("Body of `", $name, "`.")]
        #[derive(Trace)]
        pub struct $body {
            walk: Walk,
        }

        #[class(name = $name, module = "collections")]
        impl $body {
            #[new("(deque, index=0, /)")]
            fn new(cx: &mut Context, class: Gc<Class>, deque: Value, index: isize) -> Result<Gc<Self>> {
                let Some(deque) = deque.downcast::<Deque>() else {
                    let got = cx.argument_type_name(deque);
                    return Err(cx.type_error(format!("argument 1 must be collections.deque, not {got}")));
                };
                let walk = Walk::new(deque);
                walk.position.store(index.max(0) as usize, Ordering::Relaxed);
                Ok(cx.new_instance(class, $body { walk }))
            }

            #[slot(iter)]
            fn iter(this: Gc<Self>) -> Value {
                this.value()
            }

            #[slot(next)]
            fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
                self.walk.step(cx, $backwards)
            }

            /// Private method returning an estimate of len(list(it)).
            #[function("()", name = "__length_hint__")]
            fn length_hint(&self, cx: &mut Context) -> usize {
                self.walk.left(cx)
            }

            /// Return state information for pickling.
            #[function("()", name = "__reduce__")]
            fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
                let class = cx.class_of(this.value()).value();
                let deque = match this.walk.deque.load() {
                    Some(deque) => deque.value(),
                    None => cx.new_object(Deque::body(-1)).value(),
                };
                let position = Value::int(this.walk.position.load(Ordering::Relaxed) as i64);
                let args = cx.new_tuple(&[deque, position]).value();
                cx.new_tuple(&[class, args]).value()
            }
        }
    };
}

iterator!(DequeIterator, "_deque_iterator", false);
iterator!(DequeReverseIterator, "_deque_reverse_iterator", true);
