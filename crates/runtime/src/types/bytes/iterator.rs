//! `bytes_iterator`. CPython: `striterobject` in `Objects/bytesobject.c`.
//!
//! Invariant: an exhausted iterator has let go of its object and stays exhausted.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use super::raw::Bytes;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::value::Value;

#[derive(Trace)]
pub struct BytesIterator {
    bytes: TypedSlot<Bytes>,
    at: AtomicUsize,
}

impl BytesIterator {
    pub fn new(bytes: Gc<Bytes>) -> BytesIterator {
        BytesIterator { bytes: TypedSlot::new(bytes), at: AtomicUsize::new(0) }
    }
}

#[class(name = "bytes_iterator")]
impl BytesIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, _cx: &mut Context) -> Result<Option<Value>> {
        let Some(bytes) = self.bytes.load() else { return Ok(None) };
        // Two threads that share an iterator may see a byte twice, as in CPython's free-threaded build.
        let at = self.at.load(Ordering::Relaxed);
        match bytes.as_slice().get(at) {
            Some(byte) => {
                self.at.store(at + 1, Ordering::Relaxed);
                Ok(Some(Value::int(i64::from(*byte))))
            }
            None => {
                self.bytes.store_option(None);
                Ok(None)
            }
        }
    }

    /// How many bytes are left.
    #[function("()")]
    fn __length_hint__(&self) -> usize {
        self.bytes
            .load()
            .map_or(0, |bytes| bytes.as_slice().len().saturating_sub(self.at.load(Ordering::Relaxed)))
    }

    /// What pickling needs to make the iterator again.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        let iter = cx.builtin("iter")?;
        let reduced = match self.bytes.load() {
            Some(bytes) => {
                let at = Value::int(self.at.load(Ordering::Relaxed) as i64);
                let arguments = cx.new_tuple(&[bytes.value()]).value();
                cx.new_tuple(&[iter, arguments, at])
            }
            None => {
                let nothing = cx.new_tuple(&[]).value();
                let arguments = cx.new_tuple(&[nothing]).value();
                cx.new_tuple(&[iter, arguments])
            }
        };
        Ok(reduced.value())
    }

    /// Moves to a position.
    #[function("(state, /)")]
    fn __setstate__(&self, state: isize) {
        if let Some(bytes) = self.bytes.load() {
            let at = usize::try_from(state).unwrap_or(0).min(bytes.as_slice().len());
            self.at.store(at, Ordering::Relaxed);
        }
    }
}
