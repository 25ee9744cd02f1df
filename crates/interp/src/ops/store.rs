//! Names and cells that are written or deleted. CPython: `STORE_*`, `DELETE_*`.

use taipan_runtime::exception::hierarchy;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::str::Str;
use taipan_runtime::{Context, Gc, Result, Value};

use super::load::{raise_empty_cell, raise_name_error, unbound_local};
use crate::dispatch::{Decode, Flow, State, tail};
use crate::names;
use taipan_runtime::types::cell::Cell;

#[inline(always)]
pub(crate) fn store_cell<D: Decode>(s: &mut State) -> Flow {
    match s.get(D::a(s.w)).and_then(Value::downcast::<Cell>) {
        Some(cell) => {
            cell.set(s.get(D::b(s.w)));
            Flow::Next(1)
        }
        None => tail(super::undefined),
    }
}

#[inline(always)]
pub(crate) fn delete_local<D: Decode>(s: &mut State) -> Flow {
    if s.bits(D::a(s.w)) == 0 {
        return tail(unbound_local);
    }
    s.set_bits(D::a(s.w), 0);
    Flow::Next(1)
}

super::outlined! {
    delete_cell => slow_delete_cell;
    store_global => slow_store_global;
    delete_global => slow_delete_global;
    store_name => slow_store_name;
    delete_name => slow_delete_name;
    setup_annotations => slow_setup_annotations;
}

fn slow_delete_cell(s: &mut State) -> Flow {
    let index = s.a();
    match s.get(index).and_then(Value::downcast::<Cell>) {
        Some(cell) if cell.get().is_some() => {
            cell.set(None);
            Flow::Next(1)
        }
        _ => raise_empty_cell(s, index),
    }
}

fn slow_store_global(s: &mut State) -> Flow {
    let (name, value) = (s.name(), s.value(s.a()));
    let globals = s.private().globals();
    let cx = s.enter();
    let result = namespace_set(cx, globals.value(), name, value);
    s.finish_unit(result)
}

fn namespace_set(cx: &mut Context, namespace: Value, name: Gc<Str>, value: Value) -> Result<()> {
    match cx.exact::<Dict>(namespace) {
        Some(dict) => {
            dict.set_str(cx, name, value);
            Ok(())
        }
        None => cx.set_item(namespace, name.value(), value),
    }
}

fn slow_store_name(s: &mut State) -> Flow {
    let (name, value) = (s.name(), s.value(s.a()));
    let namespace = s.frame().namespace();
    let cx = s.enter();
    let result = match namespace {
        Some(namespace) => namespace_set(cx, namespace, name, value),
        None => Err(cx.system_error(format!("no locals found when storing '{}'", name.to_str()))),
    };
    s.finish_unit(result)
}

/// `del namespace[name]`: false if it raises KeyError.
fn namespace_delete(cx: &mut Context, namespace: Value, name: Gc<Str>) -> Result<bool> {
    if let Some(dict) = cx.exact::<Dict>(namespace) {
        return Ok(dict.remove_str(cx, name).is_some());
    }
    match cx.del_item(namespace, name.value()) {
        Ok(()) => Ok(true),
        Err(raised) => {
            cx.swallow(raised, hierarchy::key_error)?;
            Ok(false)
        }
    }
}

fn delete_from(s: &mut State, namespace: Value) -> Flow {
    let name = s.name();
    let cx = s.enter();
    match namespace_delete(cx, namespace, name) {
        Ok(true) => s.next(),
        Ok(false) => raise_name_error(s, name),
        Err(_) => crate::unwind::unwind(s),
    }
}

fn slow_delete_global(s: &mut State) -> Flow {
    let globals = s.private().globals();
    delete_from(s, globals.value())
}

fn slow_delete_name(s: &mut State) -> Flow {
    match s.frame().namespace() {
        Some(namespace) => delete_from(s, namespace),
        None => {
            let name = s.name();
            let cx = s.enter();
            let _raised = cx.system_error(format!("no locals when deleting '{}'", name.to_str()));
            crate::unwind::unwind(s)
        }
    }
}

fn slow_setup_annotations(s: &mut State) -> Flow {
    let namespace = s.frame().namespace();
    let cx = s.enter();
    let result = setup(cx, namespace);
    s.finish_unit(result)
}

fn setup(cx: &mut Context, namespace: Option<Value>) -> Result<()> {
    let Some(namespace) = namespace else {
        return Err(cx.system_error("no locals found when setting up annotations"));
    };
    let name = cx.intern(names::ANNOTATIONS);
    if super::load::mapping_get(cx, namespace, name.value())?.is_none() {
        let dict = cx.new_dict().value();
        namespace_set(cx, namespace, name, dict)?;
    }
    Ok(())
}
