//! Which cell it is, without a reference to it.
//!
//! Tables that the collector tells of dying cells, and lists of what is being worked on, name cells without keeping them.
//! Invariant: the word does not look like an address, also when it stays behind in memory that a table has grown out of;
//! so the auditor of ordinary memory takes only references for references.

use crate::value::Value;

/// The identity of a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Identity(u64);

impl Identity {
    pub fn of(value: Value) -> Identity {
        Identity(!value.bits())
    }

    /// The value, which the caller knows to live.
    pub fn value(self) -> Option<Value> {
        Value::from_bits(!self.0)
    }
}
