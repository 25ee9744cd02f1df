//! `bool`, the two truth values. CPython: `Objects/boolobject.c`.
//!
//! Invariant: True and False are words, so no cell of this class exists; whatever else an int can do is inherited.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception;
use crate::layout::Object;
use crate::object::Gc;
use crate::types::int::Int;
use crate::types::type_::{BinaryFn, Class, Slots};
use crate::value::Value;

/// The class of True and False.
#[derive(Trace)]
pub struct Bool;

/// The answer for two bools; None where one operand is none.
fn both(a: Value, b: Value, f: fn(bool, bool) -> bool) -> Option<Value> {
    (a.is_bool() && b.is_bool()).then(|| Value::bool(f(a == Value::TRUE, b == Value::TRUE)))
}

/// What `int` answers.
fn inherited(cx: &mut Context, a: Value, b: Value, slot: fn(&Slots) -> Option<BinaryFn>) -> Result {
    match slot(&Int::class_cell().get().slots) {
        Some(function) => function(cx, a, b),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Truth value: bool(object) is True where the object counts as true.
#[class(name = "bool", base = Int, quick = crate::quick::new_bool, flags = MATCH_SELF)]
impl Bool {
    #[new("(object=False, /)")]
    fn new(cx: &mut Context, _class: Gc<Class>, object: Value) -> Result<bool> {
        cx.truth(object)
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, this: Value) -> Value {
        cx.intern(if this == Value::TRUE { "True" } else { "False" }).value()
    }

    #[slot(and)]
    fn and(cx: &mut Context, a: Value, b: Value) -> Result {
        both(a, b, |a, b| a & b).map_or_else(|| inherited(cx, a, b, |slots| slots.and.get()), Ok)
    }

    #[slot(xor)]
    fn xor(cx: &mut Context, a: Value, b: Value) -> Result {
        both(a, b, |a, b| a ^ b).map_or_else(|| inherited(cx, a, b, |slots| slots.xor.get()), Ok)
    }

    #[slot(or)]
    fn or(cx: &mut Context, a: Value, b: Value) -> Result {
        both(a, b, |a, b| a | b).map_or_else(|| inherited(cx, a, b, |slots| slots.or.get()), Ok)
    }

    #[slot(invert)]
    fn invert(cx: &mut Context, this: Value) -> Result {
        let message = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the \
                       bitwise inversion of the underlying int object and is usually not what you expect from negating \
                       a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise \
                       inversion of the underlying int.";
        cx.warn(exception::deprecation_warning, message, 1)?;
        Ok(Value::int(if this == Value::TRUE { -2 } else { -1 }))
    }
}
