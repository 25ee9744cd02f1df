//! Iteration. CPython: `PyObject_GetIter`, `PyIter_Next`.

use crate::buffer::{Buf, GVec};
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::kind;
use crate::names::id;
use crate::types::dict::{Dict, DictItems, DictKeys, DictValues};
use crate::types::iterators::sequence::ListIterator;
use crate::types::list::List;
use crate::types::native_function::WrapperDescriptor;
use crate::types::set::{AnySet, FrozenSet, Set};
use crate::types::tuple::Tuple;
use crate::value::Value;

/// An iterator over an object that has `__getitem__` but no `__iter__`.
pub fn sequence_iter(cx: &mut Context, this: Value) -> Result {
    let (class, getitem) = (cx.class_of(this), cx.name(id::__getitem__));
    // Native sequences have iterators of their own; what else is native and subscripted is a mapping (`mp_subscript`).
    let is_sequence = |getitem: Value| getitem.downcast::<WrapperDescriptor>().is_none();
    if class.slots.get_item.is_set() && class.lookup(cx, getitem).is_some_and(is_sequence) {
        return Ok(crate::types::iterators::sequence_iterator(cx, this));
    }
    Err(cx.type_error(format!("'{}' object is not iterable", cx.type_name(this))))
}

impl Context {
    /// `iter(value)`.
    pub fn iter(&mut self, value: Value) -> Result {
        let Some(iter) = self.class_of(value).slots.iter.get() else { return sequence_iter(self, value) };
        let iterator = iter(self, value)?;
        self.check_iterator(iterator)
    }

    /// What an `__iter__` has returned, if it is an iterator.
    pub fn check_iterator(&self, iterator: Value) -> Result {
        if !self.class_of(iterator).slots.next.is_set() {
            return Err(self
                .type_error(format!("iter() returned non-iterator of type '{}'", self.type_name(iterator))));
        }
        Ok(iterator)
    }

    /// The next item; `None` at the end.
    #[inline]
    pub fn next(&mut self, iterator: Value) -> Result<Option<Value>> {
        // Most iterators are over a list; their class has no subclasses.
        if let Some(list) = iterator.downcast::<ListIterator>() {
            return Ok(list.advance());
        }
        match self.class_of(iterator).slots.next.get() {
            Some(next) => next(self, iterator),
            None => Err(self.type_error(format!("'{}' object is not an iterator", self.type_name(iterator)))),
        }
    }

    /// Turns a pending StopIteration into the end of iteration.
    pub fn stop_iteration_to_none(&mut self, raised: Raised) -> Result<Option<Value>> {
        if self.error_matches(&raised, crate::exception::stop_iteration) {
            self.take_exception(raised);
            return Ok(None);
        }
        Err(raised)
    }

    /// Calls `each` with every item of an iterable.
    pub fn for_each(
        &mut self,
        iterable: Value,
        mut each: impl FnMut(&mut Context, Value) -> Result<()>,
    ) -> Result<()> {
        let iterator = self.iter(iterable)?;
        while let Some(item) = self.next(iterator)? {
            self.poll()?;
            each(self, item)?;
        }
        Ok(())
    }

    /// The items of a built-in container, all of one moment: what other threads do comes before or after.
    pub fn snapshot_of(&self, iterable: Value) -> Option<GVec<Value>> {
        if let Some(list) = self.exact::<List>(iterable) {
            return Some(list.snapshot(self));
        }
        if let Some(tuple) = self.exact::<Tuple>(iterable) {
            return Some(GVec::from_slice(tuple.items()));
        }
        match iterable.kind() {
            kind::DICT => self.exact::<Dict>(iterable).map(|dict| dict.keys(self)),
            kind::DICT_VIEW => {
                if let Some(keys) = self.exact::<DictKeys>(iterable) {
                    return Some(keys.dict().keys(self));
                }
                if let Some(values) = self.exact::<DictValues>(iterable) {
                    return Some(values.dict().values(self));
                }
                let items = self.exact::<DictItems>(iterable)?.dict().entries(self);
                Some(items.iter().map(|(key, value)| self.new_tuple(&[*key, *value]).value()).collect())
            }
            kind::SET | kind::FROZENSET
                if self.is_exact::<Set>(iterable) || self.is_exact::<FrozenSet>(iterable) =>
            {
                AnySet::from_value(iterable).map(|set| set.snapshot(self))
            }
            _ => None,
        }
    }

    /// All items of an iterable, in GC memory.
    pub fn collect(&mut self, iterable: Value) -> Result<GVec<Value>> {
        if let Some(items) = self.snapshot_of(iterable) {
            return Ok(items);
        }
        let mut items = GVec::new();
        let hint = self.length_hint(iterable, 0)?;
        if hint > Buf::MAX || !taipan_gc::can_allocate(hint * 8) {
            return Err(self.memory_error());
        }
        items.reserve(hint.min(1 << 20));
        self.for_each(iterable, |_, item| {
            items.push(item);
            Ok(())
        })?;
        Ok(items)
    }

    /// `operator.length_hint`.
    pub fn length_hint(&mut self, value: Value, default: usize) -> Result<usize> {
        if self.class_of(value).slots.len.is_set() {
            match self.len(value) {
                Ok(length) => return Ok(length),
                Err(raised) if self.error_matches(&raised, crate::exception::type_error) => {
                    self.take_exception(raised);
                }
                Err(raised) => return Err(raised),
            }
        }
        let hint = match self.call_special(value, id::__length_hint__, &[]) {
            Ok(None) => return Ok(default),
            Ok(Some(hint)) => hint,
            Err(raised) if self.error_matches(&raised, crate::exception::type_error) => {
                self.take_exception(raised);
                return Ok(default);
            }
            Err(raised) => return Err(raised),
        };
        if hint == Value::NOT_IMPLEMENTED {
            return Ok(default);
        }
        if !crate::types::int::is_int(hint) {
            return Err(
                self.type_error(format!("__length_hint__ must be an integer, not {}", self.type_name(hint)))
            );
        }
        let hint = self.index_isize(hint)?;
        usize::try_from(hint).map_err(|_| self.value_error("__length_hint__() should return >= 0"))
    }
}
