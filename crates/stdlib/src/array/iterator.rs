//! The iterator over an array. CPython: `arrayiter_next` in `Modules/arraymodule.c`.
//!
//! Invariant: a used up iterator has let go of its array.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;

use super::Array;

/// Body of `arrayiterator`.
#[derive(Trace)]
pub struct ArrayIterator {
    array: TypedSlot<Array>,
    at: AtomicUsize,
}

impl ArrayIterator {
    pub(super) fn over(array: Gc<Array>) -> ArrayIterator {
        ArrayIterator { array: TypedSlot::new(array), at: AtomicUsize::new(0) }
    }
}

#[class(name = "arrayiterator", module = "array", flags = DISALLOW_NEW)]
impl ArrayIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(array) = self.array.load() else { return Ok(None) };
        match array.item(cx, self.at.fetch_add(1, Ordering::Relaxed)) {
            Some(item) => item.map(Some),
            None => {
                self.array.store_option(None);
                Ok(None)
            }
        }
    }

    /// Return state information for pickling.
    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result {
        let iter = cx.builtin("iter")?;
        Ok(match self.array.load() {
            Some(array) => {
                let args = cx.new_tuple(&[array.value()]).value();
                let at = Value::int(self.at.load(Ordering::Relaxed) as i64);
                cx.new_tuple(&[iter, args, at]).value()
            }
            None => {
                let empty = cx.new_tuple(&[]).value();
                let args = cx.new_tuple(&[empty]).value();
                cx.new_tuple(&[iter, args]).value()
            }
        })
    }

    /// Set state information for unpickling.
    #[function("(state, /)", name = "__setstate__")]
    fn set_state(&self, cx: &mut Context, state: Value) -> Result<()> {
        if !cx.is_int(state) {
            return Err(cx.type_error("an integer is required"));
        }
        let at = isize::from_arg(cx, state, "state")?;
        if let Some(array) = self.array.load() {
            let at = usize::try_from(at).unwrap_or(0).min(array.count(cx));
            self.at.store(at, Ordering::Relaxed);
        }
        Ok(())
    }
}
