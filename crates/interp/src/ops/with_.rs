//! Special methods of `with`. CPython: `LOAD_SPECIAL`.

use taipan_bytecode::Special;
use taipan_runtime::names::id;
use taipan_runtime::types::type_::flag;
use taipan_runtime::{Context, Result, Value};

use super::attr::into_window;
use crate::dispatch::{Flow, State};
use crate::unwind::unwind;

super::outlined! {
    load_special => slow_load_special;
    load_special_pair => slow_load_special_pair;
}

fn name_of(which: Special) -> &'static str {
    match which {
        Special::Enter => "__enter__",
        Special::Exit => "__exit__",
        Special::AEnter => "__aenter__",
        Special::AExit => "__aexit__",
    }
}

/// Looks the method up on the type, with the words of a `with` statement if it is missing.
fn lookup(cx: &mut Context, object: Value, which: Special) -> Result<(Value, Option<Value>)> {
    let name = cx.name(match which {
        Special::Enter => id::__enter__,
        Special::Exit => id::__exit__,
        Special::AEnter => id::__aenter__,
        Special::AExit => id::__aexit__,
    });
    let class = cx.class_of(object);
    if let Some(found) = class.lookup(cx, name) {
        let found_class = cx.class_of(found);
        if found_class.has_flag(flag::METHOD_DESCRIPTOR) {
            return Ok((found, Some(object)));
        }
        return match found_class.slots.descr_get.get() {
            Some(get) => get(cx, found, Some(object), Some(class.value())).map(|bound| (bound, None)),
            None => Ok((found, None)),
        };
    }
    let class_name = cx.type_name(object);
    let (protocol, other, statement) = match which {
        Special::Enter | Special::Exit => ("context manager", Special::AEnter, "async with"),
        Special::AEnter | Special::AExit => ("asynchronous context manager", Special::Enter, "with"),
    };
    let (other_enter, other_exit) = match other {
        Special::AEnter => ("__aenter__", "__aexit__"),
        _ => ("__enter__", "__exit__"),
    };
    let has = |name: &str| class.lookup(cx, cx.intern(name)).is_some();
    let hint = if has(other_enter) && has(other_exit) {
        format!(
            " but it supports the {} protocol. Did you mean to use '{statement}'?",
            match other {
                Special::AEnter => "asynchronous context manager",
                _ => "context manager",
            }
        )
    } else {
        String::new()
    };
    let name = name_of(which);
    Err(cx.type_error(format!(
        "'{class_name}' object does not support the {protocol} protocol (missed {name} method){hint}"
    )))
}

fn slow_load_special(s: &mut State) -> Flow {
    let (window, object, which) = (s.a(), s.value(s.b()), s.c());
    let Some(which) = Special::ALL.get(which).copied() else { return super::undefined(s) };
    match lookup(s.enter(), object, which) {
        Ok((callable, receiver)) => {
            into_window(s, window, callable, receiver);
            s.next()
        }
        Err(_) => unwind(s),
    }
}

fn slow_load_special_pair(s: &mut State) -> Flow {
    let (pair, object, which) = (s.a(), s.value(s.b()), s.c());
    let Some(which) = Special::ALL.get(which).copied() else { return super::undefined(s) };
    match lookup(s.enter(), object, which) {
        Ok((callable, receiver)) => {
            s.set(pair, callable);
            s.set_bits(pair + 1, Value::option_bits(receiver));
            s.next()
        }
        Err(_) => unwind(s),
    }
}
