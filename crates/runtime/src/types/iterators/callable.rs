//! `iter(callable, sentinel)`. CPython: `calliter_*` in `Objects/iterobject.c`.
//!
//! Invariant: callable and sentinel are EMPTY together, once the iterator is exhausted.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::iterators::{builtin, reduce_exhausted};
use crate::value::Value;

/// Calls until the result equals the sentinel.
#[derive(Trace)]
pub struct CallableIterator {
    callable: Slot,
    sentinel: Slot,
}

impl CallableIterator {
    pub fn of(cx: &Context, callable: Value, sentinel: Value) -> Gc<CallableIterator> {
        cx.new_object(CallableIterator { callable: Slot::new(callable), sentinel: Slot::new(sentinel) })
    }

    fn parts(&self) -> Option<(Value, Value)> {
        Some((self.callable.load()?, self.sentinel.load()?))
    }

    fn exhaust(&self) {
        self.callable.clear();
        self.sentinel.clear();
    }
}

#[class(name = "callable_iterator", flags = DISALLOW_NEW)]
impl CallableIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some((callable, sentinel)) = self.parts() else { return Ok(None) };
        match cx.call(callable, &[]) {
            Ok(result) => {
                // The call may have used this very iterator up.
                if self.parts().is_none() {
                    return Ok(None);
                }
                if !cx.eq(sentinel, result)? {
                    return Ok(Some(result));
                }
                self.exhaust();
                Ok(None)
            }
            Err(raised) => {
                let end = cx.stop_iteration_to_none(raised)?;
                self.exhaust();
                Ok(end)
            }
        }
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result<Value> {
        let Some((callable, sentinel)) = self.parts() else { return reduce_exhausted(cx) };
        let iter = builtin(cx, "iter")?;
        let args = cx.new_tuple(&[callable, sentinel]);
        Ok(cx.new_tuple(&[iter, args.value()]).value())
    }
}
