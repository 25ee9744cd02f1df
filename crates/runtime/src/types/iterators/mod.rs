//! The iterators of the built-in functions and sequences. CPython: `Objects/iterobject.c`, `Objects/enumobject.c` and
//! the iterators of `Python/bltinmodule.c`.
//!
//! Invariant: an exhausted iterator stays exhausted, and lets go of what it iterated over.

pub mod callable;
pub mod enumerate;
pub mod filter;
pub mod map;
pub mod range;
pub mod reversed;
pub mod sequence;
pub mod zip;

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::value::Value;

/// An iterator over an object that has `__getitem__`.
pub fn sequence_iterator(cx: &mut Context, object: Value) -> Value {
    sequence::SequenceIterator::of(cx, object).value()
}

/// A function of the builtins module, as `__reduce__` names it.
pub(crate) fn builtin(cx: &mut Context, name: &str) -> Result<Value> {
    let name = cx.intern(name);
    match cx.vm().builtins().get_str(cx, name) {
        Some(function) => Ok(function),
        None => Err(cx.attribute_error_message(name.to_str())),
    }
}

/// `(iter, ([rest],))`.
pub(crate) fn reduce_to_list(cx: &mut Context, rest: &[Value]) -> Result<Value> {
    let list = cx.new_list(rest).value();
    reduce(cx, "iter", list, None)
}

/// `(iter, ((),))`.
pub(crate) fn reduce_exhausted(cx: &mut Context) -> Result<Value> {
    let empty = cx.new_tuple(&[]).value();
    reduce(cx, "iter", empty, None)
}

/// `(function, (argument,)[, state])`.
pub(crate) fn reduce(
    cx: &mut Context,
    function: &str,
    argument: Value,
    state: Option<usize>,
) -> Result<Value> {
    let function = builtin(cx, function)?;
    let args = cx.new_tuple(&[argument]).value();
    Ok(match state {
        Some(state) => {
            let state = cx.new_int(state as i64);
            cx.new_tuple(&[function, args, state]).value()
        }
        None => cx.new_tuple(&[function, args]).value(),
    })
}

/// Ends an iteration by index: IndexError and StopIteration mean that there is no such item.
pub(crate) fn end_of_sequence(cx: &mut Context, raised: Raised) -> Result<Option<Value>> {
    if cx.error_matches(&raised, crate::exception::index_error)
        || cx.error_matches(&raised, crate::exception::stop_iteration)
    {
        cx.take_exception(raised);
        return Ok(None);
    }
    Err(raised)
}

/// The state that `__setstate__` of an iterator by index takes.
pub(crate) fn index_state(cx: &mut Context, state: Value) -> Result<isize> {
    if !crate::types::int::is_int(state) {
        return Err(cx.type_error("an integer is required"));
    }
    cx.index_isize(state)
}
