//! The current context: the value of a context variable. CPython: `current_context` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: what a thread remembers is the context that the very dict of variables which it is running with holds.

use taipan_runtime::prelude::*;
use taipan_runtime::vm::thread_slot;

use super::context::ContextObject;
use super::state;
use crate::contextvars::{self, ContextVar};

/// The current context, if the thread remembers it.
#[inline]
pub(super) fn remembered(cx: &Context) -> Option<Gc<ContextObject>> {
    let slots = &cx.locals.slots;
    let variables = slots[thread_slot::DECIMAL_VARIABLES].load()?;
    if contextvars::variables(cx) != Some(variables) {
        return None;
    }
    slots[thread_slot::DECIMAL_CONTEXT].load_as::<ContextObject>()
}

/// The current context.
#[inline]
pub(super) fn context(cx: &mut Context) -> Result<Gc<ContextObject>> {
    match remembered(cx) {
        Some(context) => Ok(context),
        None => look_up(cx),
    }
}

#[cold]
#[inline(never)]
fn look_up(cx: &mut Context) -> Result<Gc<ContextObject>> {
    let variable = state::get(cx).variable();
    let found = ContextVar::value_in_context(variable, cx)?;
    let context = match found.and_then(Value::downcast::<ContextObject>) {
        Some(context) => context,
        None => {
            let fresh = state::get(cx).default_template().duplicate(cx);
            fresh.clear_flags();
            ContextVar::assign(variable, cx, fresh.value())?;
            fresh
        }
    };
    let slots = &cx.locals.slots;
    slots[thread_slot::DECIMAL_CONTEXT].store(context.value());
    slots[thread_slot::DECIMAL_VARIABLES].store_option(contextvars::variables(cx));
    Ok(context)
}

/// Makes a context the current one; a template is copied.
pub(super) fn set(cx: &mut Context, context: Gc<ContextObject>) -> Result<()> {
    let state = state::get(cx);
    let context = if state.is_template(context) {
        let copy = context.duplicate(cx);
        copy.clear_flags();
        copy
    } else {
        context
    };
    ContextVar::assign(state.variable(), cx, context.value())
}

/// The context that an optional argument names.
#[inline]
pub(super) fn or_given(cx: &mut Context, given: Value) -> Result<Gc<ContextObject>> {
    if given.is_none() {
        return context(cx);
    }
    match given.downcast::<ContextObject>() {
        Some(context) => Ok(context),
        None => Err(cx.type_error("optional argument must be a context")),
    }
}
