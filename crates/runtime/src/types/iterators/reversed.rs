//! `reversed`. CPython: `reversed_*` in `Objects/enumobject.c`.
//!
//! Invariant: the index is below the length that the sequence had, or -1 at the end.

use std::sync::atomic::{AtomicI64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::names::id;
use crate::native::Args;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::iterators::{end_of_sequence, index_state};
use crate::types::type_::Class;
use crate::value::Value;

/// Iterates over a sequence by `__getitem__`, last index first.
#[derive(Trace)]
pub struct Reversed {
    sequence: Slot,
    index: AtomicI64,
}

#[cold]
fn not_reversible(cx: &Context, value: Value) -> Raised {
    cx.type_error(format!("'{}' object is not reversible", cx.type_name(value)))
}

/// Whether an object may be indexed by position, as far as its class tells.
fn is_sequence(cx: &Context, value: Value) -> bool {
    let class = cx.class_of(value);
    value.downcast::<Dict>().is_none()
        && class.slots.get_item.is_set()
        && class.lookup(cx, cx.name(id::__getitem__)).is_some()
}

/// Return an iterator over the items of a sequence, last first.
#[class(name = "reversed", text = "(sequence, /)", flags = BASETYPE)]
impl Reversed {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Value> {
        if args.keyword_count() > 0 {
            return Err(cx.type_error("reversed() takes no keyword arguments"));
        }
        let [sequence] = *args.positional() else {
            let given = args.positional().len();
            return Err(cx.type_error(format!("reversed expected 1 argument, got {given}")));
        };
        let method = cx.class_of(sequence).lookup(cx, cx.name(id::__reversed__));
        if method == Some(Value::NONE) {
            return Err(not_reversible(cx, sequence));
        }
        if let Some(result) = cx.call_special(sequence, id::__reversed__, &[])? {
            return Ok(result);
        }
        if !is_sequence(cx, sequence) {
            return Err(not_reversible(cx, sequence));
        }
        let len = cx.len(sequence)?;
        let body = Reversed { sequence: Slot::new(sequence), index: AtomicI64::new(len as i64 - 1) };
        Ok(cx.new_instance(class, body).value())
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let index = self.index.load(Ordering::Relaxed);
        let Some(sequence) = self.sequence.load().filter(|_| index >= 0) else { return Ok(None) };
        match cx.get_item(sequence, Value::int(index)) {
            Ok(item) => {
                self.index.store(index - 1, Ordering::Relaxed);
                Ok(Some(item))
            }
            Err(raised) => {
                let end = end_of_sequence(cx, raised)?;
                self.index.store(-1, Ordering::Relaxed);
                self.sequence.clear();
                Ok(end)
            }
        }
    }

    /// How many items are left at most.
    #[function("()")]
    fn __length_hint__(&self, cx: &mut Context) -> Result<usize> {
        let left = (self.index.load(Ordering::Relaxed) + 1) as usize;
        let Some(sequence) = self.sequence.load() else { return Ok(0) };
        Ok(if cx.len(sequence)? < left { 0 } else { left })
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let index = this.index.load(Ordering::Relaxed);
        match this.sequence.load().filter(|_| index >= 0) {
            Some(sequence) => {
                let args = cx.new_tuple(&[sequence]);
                cx.new_tuple(&[class, args.value(), Value::int(index)]).value()
            }
            None => {
                let empty = cx.new_tuple(&[]);
                let args = cx.new_tuple(&[empty.value()]);
                cx.new_tuple(&[class, args.value()]).value()
            }
        }
    }

    /// Go to where pickle says.
    #[function("(object, /)")]
    fn __setstate__(&self, cx: &mut Context, object: Value) -> Result<()> {
        let index = index_state(cx, object)? as i64;
        if let Some(sequence) = self.sequence.load() {
            let len = cx.len(sequence)? as i64;
            self.index.store(index.clamp(-1, len - 1), Ordering::Relaxed);
        }
        Ok(())
    }
}
