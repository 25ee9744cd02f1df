//! Attributes. CPython: `LOAD_ATTR`, `STORE_ATTR`, `LOAD_SUPER_ATTR`, `Objects/typeobject.c` (`super`).

use taipan_bytecode::op::{WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use taipan_runtime::types::str::Str;
use taipan_runtime::types::super_::Super;
use taipan_runtime::types::type_::Class;
use taipan_runtime::{Gc, Result, Value};

use crate::dispatch::{Flow, State};
use crate::unwind::unwind;

super::outlined! {
    load_attr => slow_load_attr;
    store_attr => slow_store_attr;
    delete_attr => slow_delete_attr;
    load_method => slow_load_method;
    load_super_attr => slow_load_super_attr;
    load_super_method => slow_load_super_method;
}

fn slow_load_attr(s: &mut State) -> Flow {
    let (object, name) = (s.value(s.b()), s.name());
    let result = s.enter().get_attr(object, name);
    s.finish(s.a(), result)
}

fn slow_store_attr(s: &mut State) -> Flow {
    let (object, value, name) = (s.value(s.a()), s.value(s.b()), s.name());
    let result = s.enter().set_attr(object, name, value);
    s.finish_unit(result)
}

fn slow_delete_attr(s: &mut State) -> Flow {
    let (object, name) = (s.value(s.a()), s.name());
    let result = s.enter().del_attr(object, name);
    s.finish_unit(result)
}

/// Puts a callable into a call window: with its receiver as a method, else as a plain value.
pub(crate) fn into_window(s: &mut State, window: usize, callable: Value, receiver: Option<Value>) {
    match receiver {
        Some(receiver) => {
            s.set(window + WINDOW_METHOD as usize, callable);
            s.set(window + WINDOW_SELF as usize, receiver);
        }
        None => {
            s.set(window + WINDOW_CALLABLE as usize, callable);
            s.set_bits(window + WINDOW_SELF as usize, 0);
        }
    }
}

fn slow_load_method(s: &mut State) -> Flow {
    let (window, object, name) = (s.a(), s.value(s.b()), s.name());
    match s.enter().load_method(object, name) {
        Ok((callable, receiver)) => {
            into_window(s, window, callable, receiver);
            s.next()
        }
        Err(_) => unwind(s),
    }
}

/// What `super().name` finds: a plain function of a base is left unbound.
fn super_lookup(s: &mut State, name: Gc<Str>) -> Result<Value> {
    let (base, zero) = (s.b(), s.c() == 1);
    let (callee, class, object) = (s.value(base), s.value(base + 1), s.value(base + 2));
    let cx = s.enter();
    let builtin = <Super as taipan_runtime::layout::Object>::class_cell().get();
    if callee == builtin.value()
        && let Some(class) = class.downcast::<Class>()
    {
        return cx.super_attr(class, object, name);
    }
    let proxy = if zero { cx.call(callee, &[])? } else { cx.call(callee, &[class, object])? };
    cx.get_attr(proxy, name)
}

fn slow_load_super_attr(s: &mut State) -> Flow {
    let name = s.name();
    let result = super_lookup(s, name);
    s.finish(s.a(), result)
}

fn slow_load_super_method(s: &mut State) -> Flow {
    let (window, name) = (s.a(), s.name());
    match super_lookup(s, name) {
        Ok(value) => {
            into_window(s, window, value, None);
            s.next()
        }
        Err(_) => unwind(s),
    }
}
