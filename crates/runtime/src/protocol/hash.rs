//! `hash()`. CPython: `PyObject_Hash`, `slot_tp_hash`.
//!
//! Invariant: a hash is never -1.

use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

impl Context {
    /// `hash(value)`.
    pub fn hash(&mut self, value: Value) -> Result<i64> {
        if let Some(int) = value.as_small_int() {
            return Ok(taipan_num::hash::hash_i64(int));
        }
        match self.class_of(value).slots.hash.get() {
            Some(hash) => hash(self, value),
            None => crate::types::type_::hash_not_implemented(self, value),
        }
    }
}

/// A hash from what a Python `__hash__` returned: ints of any size are folded.
pub fn from_method_result(cx: &mut Context, value: Value) -> Result<i64> {
    if let Some(int) = value.as_small_int() {
        return Ok(if int == -1 { -2 } else { int });
    }
    match value.downcast::<crate::types::int::Int>() {
        Some(int) => {
            let hash = match int.to_i64() {
                Some(small) => small,
                None => int.hash(),
            };
            Ok(if hash == -1 { -2 } else { hash })
        }
        None if value.is_bool() => Ok(i64::from(value == Value::TRUE)),
        None => Err(cx.type_error("__hash__ method should return an integer")),
    }
}
