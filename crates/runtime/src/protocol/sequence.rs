//! Length and membership. CPython: `PyObject_Size`, `PySequence_Contains`.

use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

/// A length from what a Python `__len__` returned.
pub fn length_from(cx: &mut Context, value: Value) -> Result<usize> {
    let value = cx.index(value)?;
    match crate::types::int::to_i64(value) {
        Some(length) if length >= 0 => Ok(length as usize),
        Some(_) => Err(cx.value_error("__len__() should return >= 0")),
        None if crate::types::int::is_negative(value) => Err(cx.value_error("__len__() should return >= 0")),
        None => Err(cx.overflow_error("cannot fit 'int' into an index-sized integer")),
    }
}

/// `item in this` by iteration.
pub fn contains_by_iteration(cx: &mut Context, this: Value, item: Value) -> Result<bool> {
    let iterator = match cx.iter(this) {
        Ok(iterator) => iterator,
        Err(raised)
            if cx.error_matches(&raised, crate::exception::type_error)
                && !cx.class_of(this).slots.iter.is_set() =>
        {
            cx.take_exception(raised);
            return Err(cx.type_error(format!(
                "argument of type '{}' is not a container or iterable",
                cx.type_name(this)
            )));
        }
        Err(raised) => return Err(raised),
    };
    while let Some(candidate) = cx.next(iterator)? {
        cx.poll()?;
        if cx.eq(candidate, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Context {
    /// `len(value)`.
    pub fn len(&mut self, value: Value) -> Result<usize> {
        match self.class_of(value).slots.len.get() {
            Some(len) => len(self, value),
            None => Err(self.type_error(format!("object of type '{}' has no len()", self.type_name(value)))),
        }
    }

    /// `item in container`.
    pub fn contains(&mut self, container: Value, item: Value) -> Result<bool> {
        match self.class_of(container).slots.contains.get() {
            Some(contains) => contains(self, container, item),
            None => contains_by_iteration(self, container, item),
        }
    }

    /// `bool(value)`.
    #[inline]
    pub fn truth(&mut self, value: Value) -> Result<bool> {
        match value {
            Value::TRUE => Ok(true),
            Value::FALSE | Value::NONE => Ok(false),
            value => self.truth_slow(value),
        }
    }

    fn truth_slow(&mut self, value: Value) -> Result<bool> {
        if let Some(int) = value.as_small_int() {
            return Ok(int != 0);
        }
        if let Some(float) = value.as_immediate_float() {
            return Ok(float != 0.0);
        }
        let class = self.class_of(value);
        if let Some(truth) = class.slots.bool.get() {
            return truth(self, value);
        }
        match class.slots.len.get() {
            Some(len) => len(self, value).map(|length| length != 0),
            None => Ok(true),
        }
    }
}

/// An index from either end; `None` when it is out of range.
pub fn resolve_index(index: isize, len: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add_unsigned(len)? } else { index };
    usize::try_from(index).ok().filter(|index| *index < len)
}
