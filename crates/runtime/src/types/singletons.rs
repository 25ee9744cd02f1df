//! The types of None, Ellipsis and NotImplemented. CPython: `Objects/object.c`, `Objects/sliceobject.c`.
//!
//! Invariant: there is one object of each, a special word and no heap cell; the bodies are never created.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Refuses arguments: there is nothing to make.
fn no_arguments(cx: &Context, name: &str, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
    if args.items().is_empty() && kwargs.len() == 0 {
        return Ok(());
    }
    Err(cx.type_error(format!("{name} takes no arguments")))
}

/// Body of None's type; no cell has it.
#[derive(Trace)]
pub struct NoneType;

/// The type of the None singleton.
#[class(name = "NoneType", text = "()")]
impl NoneType {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, _class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        no_arguments(cx, "NoneType", args, kwargs)?;
        Ok(Value::NONE)
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, _this: Value) -> Value {
        cx.intern("None").value()
    }

    #[slot(hash)]
    fn hash(_this: Value) -> i64 {
        0xfca8_6420
    }

    #[slot(bool)]
    fn bool(_this: Value) -> bool {
        false
    }

    #[slot(compare)]
    fn compare(a: Value, b: Value, op: CompareOp) -> Value {
        match op {
            CompareOp::Eq if a == b => Value::TRUE,
            CompareOp::Ne if a == b => Value::FALSE,
            _ => Value::NOT_IMPLEMENTED,
        }
    }
}

/// Body of Ellipsis's type; no cell has it.
#[derive(Trace)]
pub struct EllipsisType;

/// The type of the Ellipsis singleton.
#[class(name = "ellipsis", text = "()")]
impl EllipsisType {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, _class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        no_arguments(cx, "EllipsisType", args, kwargs)?;
        Ok(Value::ELLIPSIS)
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, _this: Value) -> Value {
        cx.intern("Ellipsis").value()
    }

    #[function("()", name = "__reduce__")]
    fn reduce(cx: &mut Context, this: Value) -> Value {
        let _ = this;
        cx.intern("Ellipsis").value()
    }
}

/// Body of NotImplemented's type; no cell has it.
#[derive(Trace)]
pub struct NotImplementedType;

/// The type of the NotImplemented singleton.
#[class(name = "NotImplementedType", text = "()")]
impl NotImplementedType {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, _class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        no_arguments(cx, "NotImplementedType", args, kwargs)?;
        Ok(Value::NOT_IMPLEMENTED)
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, _this: Value) -> Value {
        cx.intern("NotImplemented").value()
    }

    #[slot(bool)]
    fn bool(cx: &mut Context, _this: Value) -> Result<bool> {
        Err(cx.type_error("NotImplemented should not be used in a boolean context"))
    }

    #[function("()", name = "__reduce__")]
    fn reduce(cx: &mut Context, this: Value) -> Value {
        let _ = this;
        cx.intern("NotImplemented").value()
    }
}
