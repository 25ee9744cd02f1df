//! `ValueCell`: the home of one module global or class attribute. CPython guards lookups by versions of dicts instead.
//!
//! Invariant: a cell never moves and belongs to one name of one dict for as long as the dict lives, so an inline cache
//! may hold it: EMPTY means that the name is not bound now.

use taipan_macros::{Trace, class};

use crate::slots::Slot;
use crate::value::Value;

/// Holds the value of one name of a module or class, or EMPTY.
#[derive(Trace)]
pub struct ValueCell {
    pub value: Slot,
}

/// Never visible to Python.
#[class(name = "value_cell", kind = VALUE_CELL, by_kind, flags = DISALLOW_NEW)]
impl ValueCell {
    #[inline(always)]
    pub fn load(&self) -> Option<Value> {
        self.value.load()
    }
}
