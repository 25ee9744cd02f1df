//! `typing.Generic`, the base of generic classes; `typing` does its work.
//!
//! Invariant: instances have the layout of `object`, so that Generic combines with any other base.

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::instance::Instance;
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::typing::{TypeVarTuple, call_typing, unpacked};
use crate::value::Value;

/// Body of `typing.Generic`: that of `object`.
#[derive(Trace)]
pub struct Generic;

/// Abstract base class for generic types.
#[class(name = "Generic", module = "typing", base = Instance, shares_layout, flags = BASETYPE)]
impl Generic {
    /// Parameterizes a generic class.
    #[classmethod("(*args, **kwargs)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        forward(cx, "_generic_class_getitem", class, args, kwargs)
    }

    /// Function to initialize subclasses.
    #[classmethod("(*args, **kwargs)", name = "__init_subclass__")]
    fn init_subclass(cx: &mut Context, class: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        forward(cx, "_generic_init_subclass", class, args, kwargs)
    }
}

/// Calls a function of `typing` with the class first.
fn forward(cx: &mut Context, function: &str, class: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
    let typing = cx.import("typing")?;
    let function = cx.get_attr_str(typing, function)?;
    let mut values: GVec<Value> = GVec::new();
    values.push(class);
    values.extend_from_slice(args.items());
    let mut names: GVec<Value> = GVec::new();
    for (name, value) in kwargs.snapshot(cx).iter() {
        names.push(*name);
        values.push(*value);
    }
    let names = if names.is_empty() { None } else { Some(cx.new_tuple(&names)) };
    cx.call_kw(function, Args::new(&values, names))
}

/// `Generic[parameters]` as a class statement with type parameters needs it (INTRINSIC_SUBSCRIPT_GENERIC).
pub fn subscript_generic(cx: &mut Context, parameters: Value) -> Result {
    let mut spread: GVec<Value> = GVec::new();
    if let Some(parameters) = parameters.downcast::<Tuple>() {
        for parameter in parameters.items() {
            spread.push(match parameter.downcast::<TypeVarTuple>() {
                Some(_) => unpacked(cx, *parameter)?,
                None => *parameter,
            });
        }
    }
    let spread = cx.new_tuple(&spread).value();
    call_typing(cx, "_GenericAlias", &[Generic::class_cell().get().value(), spread])
}
