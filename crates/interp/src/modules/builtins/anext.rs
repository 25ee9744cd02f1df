//! `aiter` and `anext`. CPython: `builtin_aiter`, `builtin_anext_impl`, `anext_awaitable` of `Objects/iterobject.c`.

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

use crate::types::coroutine::awaitable_iterator;

pub(super) fn aiter(cx: &mut Context, source: Value) -> Result {
    let name = cx.type_name(source);
    let Some(aiter) = cx.class_of(source).slots.aiter.get() else {
        return Err(cx.type_error(format!("'{name}' object is not an async iterable")));
    };
    let iterator = aiter(cx, source)?;
    if !cx.class_of(iterator).slots.anext.is_set() {
        let got = cx.type_name(iterator);
        return Err(cx.type_error(format!("aiter() returned not an async iterator of type '{got}'")));
    }
    Ok(iterator)
}

pub(super) fn anext(cx: &mut Context, iterator: Value, default: Option<Value>) -> Result {
    let name = cx.type_name(iterator);
    let Some(anext) = cx.class_of(iterator).slots.anext.get() else {
        return Err(cx.type_error(format!("'{name}' object is not an async iterator")));
    };
    let awaitable = anext(cx, iterator)?;
    match default {
        None => Ok(awaitable),
        Some(default) => {
            let wrapped = AnextAwaitable { awaitable: Slot::new(awaitable), default: Slot::new(default) };
            Ok(cx.new_object(wrapped).value())
        }
    }
}

/// The awaitable of `anext` with a default.
#[derive(Trace)]
pub struct AnextAwaitable {
    awaitable: Slot,
    default: Slot,
}

impl AnextAwaitable {
    fn iterator(&self, cx: &mut Context) -> Result {
        let awaitable = self.awaitable.load_or_none();
        let iterator = awaitable_iterator(cx, awaitable)?;
        let class = cx.class_of(iterator);
        match class.slots.await_.get() {
            // A coroutine is no iterator itself.
            Some(wrap) if !class.slots.next.is_set() => wrap(cx, iterator),
            _ => Ok(iterator),
        }
    }

    /// The end of iteration becomes the default.
    fn conclude(&self, cx: &mut Context, result: Result) -> Result {
        match result {
            Ok(value) => Ok(value),
            Err(raised) => {
                cx.swallow(raised, hierarchy::stop_async_iteration)?;
                Err(crate::generator::raise_stop(cx, self.default.load_or_none()))
            }
        }
    }
}

#[class(name = "anext_awaitable", flags = DISALLOW_NEW)]
impl AnextAwaitable {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(await_)]
    fn await_(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let iterator = self.iterator(cx)?;
        let result = super::next_item(cx, iterator);
        self.conclude(cx, result).map(Some)
    }

    #[function("(value, /)")]
    fn send(&self, cx: &mut Context, value: Value) -> Result {
        let iterator = self.iterator(cx)?;
        let result = cx.call_method(iterator, "send", &[value]);
        self.conclude(cx, result)
    }

    #[function("(*args)")]
    fn throw(&self, cx: &mut Context, args: Gc<Tuple>) -> Result {
        let iterator = self.iterator(cx)?;
        let result = cx.call_method(iterator, "throw", args.items());
        self.conclude(cx, result)
    }

    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result {
        let iterator = self.iterator(cx)?;
        let result = cx.call_method(iterator, "close", &[]);
        self.conclude(cx, result)
    }
}
