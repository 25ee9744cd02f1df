//! Rarely needed operations of compiled code. CPython: `Python/intrinsics.c`.

use taipan_bytecode::Intrinsic;
use taipan_runtime::types::list::List;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::types::typing::{
    ParamSpec, TypeAlias, TypeVar, TypeVarTuple, set_default_function, subscript_generic,
};
use taipan_runtime::{Context, Gc, Result, Value};

use crate::types::function::Function;

/// Runs one.
pub(crate) fn run(cx: &mut Context, which: Intrinsic, first: Value, second: Value) -> Result {
    match which {
        Intrinsic::Print => print(cx, first),
        Intrinsic::TypeVar => Ok(TypeVar::from_syntax(cx, name(cx, first)?, None, None).value()),
        Intrinsic::TypeVarWithBound => {
            Ok(TypeVar::from_syntax(cx, name(cx, first)?, Some(second), None).value())
        }
        Intrinsic::TypeVarWithConstraints => {
            Ok(TypeVar::from_syntax(cx, name(cx, first)?, None, Some(second)).value())
        }
        Intrinsic::ParamSpec => Ok(ParamSpec::from_syntax(cx, name(cx, first)?).value()),
        Intrinsic::TypeVarTuple => Ok(TypeVarTuple::from_syntax(cx, name(cx, first)?).value()),
        Intrinsic::SetTypeparamDefault => {
            set_default_function(first, second);
            Ok(first)
        }
        Intrinsic::SubscriptGeneric => subscript_generic(cx, first),
        Intrinsic::TypeAlias => type_alias(cx, first),
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

/// A name that the compiler wrote.
fn name(cx: &Context, value: Value) -> Result<Gc<Str>> {
    value.downcast().ok_or_else(|| cx.system_error("a type parameter's name is no str"))
}

/// The alias of `(name, type parameters or None, function that computes the value)`.
fn type_alias(cx: &Context, parts: Value) -> Result {
    let parts = parts.downcast::<Tuple>();
    match parts.as_ref().map(|parts| parts.items()) {
        Some([alias, type_params, value]) => {
            let alias = name(cx, *alias)?;
            Ok(TypeAlias::from_syntax(cx, alias, type_params.downcast(), *value).value())
        }
        _ => Err(cx.system_error("a type alias is made from three parts")),
    }
}
