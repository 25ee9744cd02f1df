//! Type variables, type aliases and `Generic`, as the syntax of PEP 695 makes them. CPython:
//! `Objects/typevarobject.c`. The module `_typing` shows them.
//!
//! Invariant: a bound, a default or a value that came as a function is computed at its first use, once.

mod evaluate;
pub mod generic;
pub mod param_spec;
pub mod type_alias;
pub mod type_var;
pub mod type_var_tuple;

pub use evaluate::{ConstEvaluator, Lazy, NoDefaultType, no_default};
pub use generic::{Generic, subscript_generic};
pub use param_spec::{ParamSpec, ParamSpecArgs, ParamSpecKwargs};
pub use type_alias::TypeAlias;
pub use type_var::TypeVar;
pub use type_var_tuple::TypeVarTuple;

use crate::context::Context;
use crate::error::Result;
use crate::instance;
use crate::names::id;
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;

/// Calls a function of the library's `typing`.
fn call_typing(cx: &mut Context, function: &str, args: &[Value]) -> Result {
    let typing = cx.import("typing")?;
    cx.call_method(typing, function, args)
}

/// `Unpack[value]`.
fn unpacked(cx: &mut Context, value: Value) -> Result {
    let typing = cx.import("typing")?;
    let unpack = cx.get_attr_str(typing, "Unpack")?;
    cx.get_item(unpack, value)
}

/// The name of the module whose code is running.
fn calling_module(cx: &mut Context) -> Option<Value> {
    let globals = (cx.vm().hooks().current_globals)(cx)?.downcast::<Dict>()?;
    globals.get_str(cx, cx.name(id::__name__))
}

/// Sets `__module__` of a type parameter to the caller's.
fn set_calling_module(cx: &mut Context, parameter: Value) {
    let module = calling_module(cx).unwrap_or(Value::NONE);
    instance::set(cx, parameter, cx.name(id::__module__), module);
}

/// The name that a constructor was given; `function` is what its messages call it.
fn name_argument(cx: &Context, function: &str, name: Value) -> Result<Gc<Str>> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => {
            let got = cx.argument_type_name(name);
            Err(cx.type_error(format!("{function}() argument 'name' must be str, not {got}")))
        }
    }
}

/// Variance as the constructors take it.
#[derive(Clone, Copy, Default)]
struct Variance {
    covariant: bool,
    contravariant: bool,
    inferred: bool,
}

impl Variance {
    fn check(self, cx: &Context) -> Result<Variance> {
        if self.covariant && self.contravariant {
            return Err(cx.value_error("Bivariant types are not supported."));
        }
        if self.inferred && (self.covariant || self.contravariant) {
            return Err(cx.value_error("Variance cannot be specified with infer_variance."));
        }
        Ok(self)
    }

    /// `~T`, `+T`, `-T` or `T`.
    fn sign(self) -> &'static str {
        match self {
            Variance { inferred: true, .. } => "",
            Variance { covariant: true, .. } => "+",
            Variance { contravariant: true, .. } => "-",
            _ => "~",
        }
    }
}

/// Gives a type parameter made by syntax its default (INTRINSIC_SET_TYPEPARAM_DEFAULT).
pub fn set_default_function(parameter: Value, function: Value) {
    if let Some(parameter) = parameter.downcast::<TypeVar>() {
        parameter.default.set_function(function);
    } else if let Some(parameter) = parameter.downcast::<ParamSpec>() {
        parameter.default.set_function(function);
    } else if let Some(parameter) = parameter.downcast::<TypeVarTuple>() {
        parameter.default.set_function(function);
    }
}

/// Whether a type parameter has a default; `None` if the value is no type parameter.
fn has_default(cx: &Context, parameter: Value) -> Option<bool> {
    if let Some(parameter) = parameter.downcast::<TypeVar>() {
        Some(parameter.default.is_given(cx))
    } else if let Some(parameter) = parameter.downcast::<ParamSpec>() {
        Some(parameter.default.is_given(cx))
    } else {
        parameter.downcast::<TypeVarTuple>().map(|parameter| parameter.default.is_given(cx))
    }
}
