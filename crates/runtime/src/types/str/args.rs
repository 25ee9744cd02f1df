//! Questions that methods of text ask about their arguments.
//!
//! Invariant: an answer of yes or no runs no Python.

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::types::int;
use crate::types::sequence::has_snapshot;
use crate::value::Value;

impl Context {
    /// Whether the object can be an index (`PyIndex_Check`).
    pub fn has_index(&self, value: Value) -> bool {
        value.is_small_int() || self.class_of(value).slots.index.is_set()
    }

    /// Whether `iter()` has something to go by.
    pub fn is_iterable(&self, value: Value) -> bool {
        let class = self.class_of(value);
        class.slots.iter.is_set() || class.slots.get_item.is_set()
    }

    /// An int as a machine word; `None` when it does not fit.
    pub fn small_index(&mut self, value: Value) -> Result<Option<i64>> {
        match value.as_small_int() {
            Some(int) => Ok(Some(int)),
            None => Ok(i64::try_from(self.index_i128(value)?).ok()),
        }
    }

    /// Whether the object is an int (or bool, or of a subclass).
    pub fn is_int(&self, value: Value) -> bool {
        int::is_int(value)
    }

    /// A function or class of the builtins module.
    pub fn builtin(&mut self, name: &str) -> Result {
        let interned = self.intern(name);
        match self.vm().builtins().get_str(self, interned) {
            Some(found) => Ok(found),
            None => Err(self.attribute_error_message(format!("module 'builtins' has no attribute '{name}'"))),
        }
    }

    /// The items of the argument of a `join`.
    pub fn collect_joinable(&mut self, iterable: Value) -> Result<GVec<Value>> {
        if has_snapshot(self, iterable) {
            return self.collect(iterable);
        }
        let iterator = match self.iter(iterable) {
            Ok(iterator) => iterator,
            Err(raised) => {
                self.swallow(raised, crate::exception::type_error)?;
                return Err(self.type_error("can only join an iterable"));
            }
        };
        let mut items = GVec::new();
        while let Some(item) = self.next(iterator)? {
            self.poll()?;
            items.push(item);
        }
        Ok(items)
    }
}
