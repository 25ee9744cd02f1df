//! Moves, constants, cells and names that are read. CPython: `LOAD_*` of `Python/bytecodes.c`.

use taipan_bytecode::{Common, LocalKind};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::value_cell::ValueCell;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::cache::Pc;
use crate::dispatch::{Decode, Flow, State, tail};
use crate::names;
use taipan_runtime::types::cell::Cell;

#[inline(always)]
pub(crate) fn move_<D: Decode>(s: &mut State) -> Flow {
    let bits = s.bits(D::b(s.w));
    s.set_bits(D::a(s.w), bits);
    Flow::Next(1)
}

#[inline(always)]
pub(crate) fn load_k<D: Decode>(s: &mut State) -> Flow {
    if D::WIDE {
        return tail(slow_load_k);
    }
    let bits = s.pc.constant((s.w >> 16 & 0xFFFF) as usize);
    s.set_bits(D::a(s.w), bits);
    Flow::Next(1)
}

/// The operand is a pool index.
fn slow_load_k(s: &mut State) -> Flow {
    let index = (s.w >> 16 & 0xFFFF) | (s.w >> 48 & 0xFFFF) << 16;
    let value = s.code().pool(s.cx()).items()[index as usize];
    s.set(s.a(), value);
    Flow::Next(1)
}

#[inline(always)]
pub(crate) fn load_i<D: Decode>(s: &mut State) -> Flow {
    s.set(D::a(s.w), Value::int((s.w >> 16) as i16 as i64));
    Flow::Next(1)
}

/// Defines loads of one fixed word.
macro_rules! fixed {
    ($($op:ident: $bits:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            s.set_bits(D::a(s.w), $bits);
            Flow::Next(1)
        }
    )*};
}
fixed! {
    load_none: Value::NONE.bits();
    load_true: Value::TRUE.bits();
    load_false: Value::FALSE.bits();
    clear: 0;
}

#[inline(always)]
pub(crate) fn check_bound<D: Decode>(s: &mut State) -> Flow {
    if s.bits(D::a(s.w)) != 0 { Flow::Next(1) } else { tail(unbound_local) }
}

#[inline(always)]
pub(crate) fn load_cell<D: Decode>(s: &mut State) -> Flow {
    // The register holds a cell, by compilation; foreign code is checked on the way.
    if let Some(cell) = s.get(D::b(s.w)).and_then(Value::downcast::<Cell>)
        && let Some(value) = cell.get()
    {
        s.set(D::a(s.w), value);
        return Flow::Next(1);
    }
    tail(empty_cell)
}

/// The bits that a cell holds, by its address.
#[inline(always)]
pub(crate) fn cell_bits(cell: u64) -> u64 {
    Value::option_bits(cell_value(cell))
}

/// The value that a cell holds, by its address.
#[inline(always)]
pub(crate) fn cell_value(cell: u64) -> Option<Value> {
    Value::from_bits(cell).and_then(Value::downcast::<ValueCell>)?.load()
}

/// From the cells of the name in the module's and the builtins' namespace.
#[inline(always)]
pub(crate) fn load_global_cell<D: Decode>(s: &mut State) -> Flow {
    let bits = crate::cache::global_bits(s.pc.sure_cache());
    if bits == 0 {
        return tail(slow_load_global);
    }
    s.set_bits(D::a(s.w), bits);
    Flow::Next(2)
}

super::outlined! {
    load_k_far => slow_load_k;
    load_common => slow_load_common;
    make_cell => slow_make_cell;
    copy_free_vars => slow_copy_free;
    load_from_dict_or_cell => slow_load_from_dict_or_cell;
    load_global => slow_load_global;
    load_name => slow_load_name;
    load_from_dict_or_globals => slow_load_from_dict_or_globals;
    load_locals => slow_load_locals;
    load_build_class => slow_load_build_class;
}

fn slow_load_common(s: &mut State) -> Flow {
    let cx = s.locking_cx();
    let value = match Common::ALL.get(s.b()) {
        Some(Common::AssertionError) => hierarchy::assertion_error().ensure(cx).value(),
        Some(Common::NotImplementedError) => hierarchy::not_implemented_error().ensure(cx).value(),
        _ => Value::ELLIPSIS,
    };
    s.set(s.a(), value);
    Flow::Next(1)
}

/// The name of the variable in register `index`.
pub(crate) fn local_name(s: &State, index: usize) -> String {
    s.code().data().locals.get(index).map_or_else(String::new, |local| local.name.to_string())
}

pub(crate) fn unbound_local(s: &mut State) -> Flow {
    raise_unbound(s, s.a())
}

fn raise_unbound(s: &mut State, index: usize) -> Flow {
    let name = local_name(s, index);
    let cx = s.enter();
    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
    // Without the name: CPython suggests no other ones here.
    let _raised = cx.raise_message(hierarchy::unbound_local_error, &message);
    crate::unwind::unwind(s)
}

/// Raises for an empty cell in register `index`.
pub(crate) fn raise_empty_cell(s: &mut State, index: usize) -> Flow {
    let code = s.code();
    let is_free = code.data().locals.get(index).is_some_and(|local| local.kind == LocalKind::Free);
    if !is_free {
        return raise_unbound(s, index);
    }
    let name = local_name(s, index);
    let cx = s.enter();
    let message = format!(
        "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
    );
    let name = cx.intern(&name);
    let _raised = cx.name_error_for(hierarchy::name_error, name, message);
    crate::unwind::unwind(s)
}

fn empty_cell(s: &mut State) -> Flow {
    raise_empty_cell(s, s.b())
}

fn slow_make_cell(s: &mut State) -> Flow {
    let index = s.a();
    let cell = Cell::new(s.cx(), s.get(index));
    s.set(index, cell.value());
    Flow::Next(1)
}

fn slow_copy_free(s: &mut State) -> Flow {
    let (start, count) = (s.a(), s.b());
    let closure = s.function().closure();
    for index in 0..count {
        let cell = closure.and_then(|closure| closure.items().get(index).copied());
        s.set_bits(start + index, Value::option_bits(cell));
    }
    Flow::Next(1)
}

fn slow_load_from_dict_or_cell(s: &mut State) -> Flow {
    let (mapping, register) = (s.value(s.b()), s.c());
    let name = local_name(s, register);
    let cx = s.enter();
    let name = cx.intern(&name);
    match mapping_get(cx, mapping, name.value()) {
        Ok(Some(value)) => s.finish(s.a(), Ok(value)),
        Ok(None) => match s.get(register).and_then(Value::downcast::<Cell>).and_then(|cell| cell.get()) {
            Some(value) => s.finish(s.a(), Ok(value)),
            None => raise_empty_cell(s, register),
        },
        Err(_) => crate::unwind::unwind(s),
    }
}

/// `mapping[key]`, None if it raises KeyError.
pub(crate) fn mapping_get(cx: &mut Context, mapping: Value, key: Value) -> Result<Option<Value>> {
    if let Some(dict) = cx.exact::<Dict>(mapping) {
        return dict.get(cx, key);
    }
    match cx.get_item(mapping, key) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => {
            cx.swallow(raised, hierarchy::key_error)?;
            Ok(None)
        }
    }
}

/// `name` in the globals and builtins of the frame's function.
pub(crate) fn lookup_global(
    cx: &mut Context,
    globals: Gc<Dict>,
    builtins: Value,
    name: Gc<Str>,
) -> Result<Option<Value>> {
    if let Some(value) = mapping_get(cx, globals.value(), name.value())? {
        return Ok(Some(value));
    }
    mapping_get(cx, builtins, name.value())
}

fn slow_load_global(s: &mut State) -> Flow {
    let name = s.name();
    let private = s.private();
    let (globals, builtins) = (private.globals(), private.builtins());
    quicken_global(s, s.pc, globals, builtins, name);
    let cx = s.enter();
    match lookup_global(cx, globals, builtins, name) {
        Ok(Some(value)) => s.finish(s.a(), Ok(value)),
        Ok(None) => raise_name_error(s, name),
        Err(_) => crate::unwind::unwind(s),
    }
}

/// A site that has run so often makes its plain globals a namespace.
const USES_BEFORE_NAMESPACE: u64 = 8;

/// Makes the site read the name's cells directly, if both namespaces are dicts of cells.
fn quicken_global(s: &State, pc: Pc, globals: Gc<Dict>, builtins: Value, name: Gc<Str>) {
    let cx = s.locking_cx();
    let (Some(cache), Some(builtins)) = (s.quickenable_cache(), cx.exact::<Dict>(builtins)) else { return };
    if !cx.is_exact::<Dict>(globals.value()) {
        return;
    }
    if !globals.is_namespace() || !builtins.is_namespace() {
        // `exec` of something that runs once shall not pay for this. The count stands where the cell will.
        let count = cache.data() + 1;
        if count < USES_BEFORE_NAMESPACE {
            return cache.set_data(count);
        }
        if !globals.become_namespace(cx) || !builtins.become_namespace(cx) {
            return;
        }
    }
    cache.set_key(globals.cell(cx, name).value().bits());
    cache.set_data(builtins.cell(cx, name).value().bits());
    pc.quicken(taipan_bytecode::Op::LoadGlobalCell);
}

pub(crate) fn raise_name_error(s: &mut State, name: Gc<Str>) -> Flow {
    let cx = s.enter();
    let _raised =
        cx.name_error_for(hierarchy::name_error, name, format!("name '{}' is not defined", name.to_str()));
    crate::unwind::unwind(s)
}

fn slow_load_name(s: &mut State) -> Flow {
    let name = s.name();
    let private = s.private();
    let (globals, builtins) = (private.globals(), private.builtins());
    let namespace = s.frame().namespace();
    if namespace.is_none_or(|namespace| namespace == globals.value()) {
        quicken_global(s, s.pc, globals, builtins, name);
    }
    let cx = s.enter();
    let found = match namespace {
        Some(namespace) if namespace != globals.value() => match mapping_get(cx, namespace, name.value()) {
            Ok(Some(value)) => Ok(Some(value)),
            Ok(None) => lookup_global(cx, globals, builtins, name),
            Err(raised) => Err(raised),
        },
        _ => lookup_global(cx, globals, builtins, name),
    };
    match found {
        Ok(Some(value)) => s.finish(s.a(), Ok(value)),
        Ok(None) => raise_name_error(s, name),
        Err(_) => crate::unwind::unwind(s),
    }
}

fn slow_load_from_dict_or_globals(s: &mut State) -> Flow {
    let name = s.name();
    let mapping = s.value(s.b());
    let private = s.private();
    let cx = s.enter();
    let found = match mapping_get(cx, mapping, name.value()) {
        Ok(None) => lookup_global(cx, private.globals(), private.builtins(), name),
        other => other,
    };
    match found {
        Ok(Some(value)) => s.finish(s.a(), Ok(value)),
        Ok(None) => raise_name_error(s, name),
        Err(_) => crate::unwind::unwind(s),
    }
}

fn slow_load_locals(s: &mut State) -> Flow {
    let namespace = s.frame().namespace();
    let cx = s.enter();
    let result = namespace.ok_or_else(|| cx.system_error("no locals"));
    s.finish(s.a(), result)
}

fn slow_load_build_class(s: &mut State) -> Flow {
    let builtins = s.private().builtins();
    let cx = s.enter();
    let name = cx.intern(names::BUILD_CLASS).value();
    let result = match mapping_get(cx, builtins, name) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(cx.name_error("__build_class__ not found")),
        Err(raised) => Err(raised),
    };
    s.finish(s.a(), result)
}
