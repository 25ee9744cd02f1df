//! What `localcontext` gives. CPython: `ctxmanager_*` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: the inner context is a copy that nobody else has.

use taipan_runtime::prelude::*;

use super::context::{ContextObject, Given};
use super::current;

/// Body of `decimal.ContextManager`.
#[derive(Trace)]
pub struct ContextManager {
    local: TypedSlot<ContextObject>,
    global: TypedSlot<ContextObject>,
}

impl ContextManager {
    pub(super) fn make(cx: &mut Context, context: Value, given: Given) -> Result<Gc<ContextManager>> {
        let global = current::context(cx)?;
        let local = current::or_given(cx, context)?.duplicate(cx);
        local.set_all(cx, given)?;
        Ok(cx.new_object(ContextManager { local: TypedSlot::new(local), global: TypedSlot::new(global) }))
    }

    fn switch(cx: &mut Context, to: &TypedSlot<ContextObject>) -> Result<Value> {
        let Some(context) = to.load() else { return Ok(Value::NONE) };
        current::set(cx, context)?;
        Ok(context.value())
    }
}

#[class(name = "ContextManager", module = "decimal", flags = DISALLOW_NEW)]
impl ContextManager {
    #[function("()")]
    fn __enter__(this: Gc<Self>, cx: &mut Context) -> Result {
        ContextManager::switch(cx, &this.local)
    }

    #[function("(*args)", text = "")]
    fn __exit__(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>) -> Result<()> {
        let _ = args;
        ContextManager::switch(cx, &this.global).map(drop)
    }
}
