//! Rarely needed operations of compiled code. CPython: `Python/intrinsics.c`.

use taipan_bytecode::Intrinsic;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::list::List;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::types::function::Function;

/// Runs one.
pub(crate) fn run(cx: &mut Context, which: Intrinsic, first: Value, second: Value, globals: Gc<Dict>) -> Result {
    match which {
        Intrinsic::Print => print(cx, first),
        Intrinsic::TypeVar => typing(cx, "_intrinsic_typevar", &[first, Value::NONE, Value::NONE], globals),
        Intrinsic::TypeVarWithBound => typing(cx, "_intrinsic_typevar", &[first, second, Value::NONE], globals),
        Intrinsic::TypeVarWithConstraints => {
            typing(cx, "_intrinsic_typevar", &[first, Value::NONE, second], globals)
        }
        Intrinsic::ParamSpec => typing(cx, "_intrinsic_paramspec", &[first], globals),
        Intrinsic::TypeVarTuple => typing(cx, "_intrinsic_typevartuple", &[first], globals),
        Intrinsic::SetTypeparamDefault => typing(cx, "_intrinsic_set_default", &[first, second], globals),
        Intrinsic::SubscriptGeneric => typing(cx, "_intrinsic_subscript_generic", &[first], globals),
        Intrinsic::TypeAlias => typing(cx, "_intrinsic_type_alias", &[first], globals),
        Intrinsic::SetFunctionTypeParams => {
            if let Some(function) = first.downcast::<Function>() {
                function.set_type_params_tuple(second);
            }
            Ok(first)
        }
        Intrinsic::PrepReraiseStar => {
            let caught = second.downcast::<List>().map(|list| list.snapshot(cx)).unwrap_or_default();
            cx.prepare_reraise_star(first, &caught).map(|exception| exception.unwrap_or(Value::NONE))
        }
    }
}

/// `sys.displayhook(value)`.
fn print(cx: &mut Context, value: Value) -> Result {
    let sys = cx.import("sys")?;
    match cx.lookup_attr_str(sys, "displayhook")? {
        Some(hook) => cx.call(hook, &[value]),
        None => Err(cx.runtime_error("lost sys.displayhook")),
    }
}

/// Type parameters are made by the native `_typing` module, which says in which module they were made.
fn typing(cx: &mut Context, function: &str, args: &[Value], globals: Gc<Dict>) -> Result {
    let module = cx.import("_typing")?;
    let function = cx.get_attr_str(module, function)?;
    let name = cx.name(taipan_runtime::names::id::__name__);
    let module_name = globals.get_str(cx, name).unwrap_or(Value::NONE);
    let mut all = taipan_runtime::buffer::GVec::new();
    all.extend_from_slice(args);
    all.push(module_name);
    cx.call(function, &all)
}
