//! Values that a type parameter or alias computes at first use, and `NoDefault`.
//!
//! Invariant: `Lazy` holds a value, a function that gives it, or neither.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::native::Args;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::generic_alias::push_type_repr;
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// `annotationlib.Format.VALUE` and `.STRING`.
const FORMAT_VALUE: i64 = 1;
const FORMAT_STRING: i64 = 4;

/// A value that may still have to be computed.
#[derive(Trace)]
pub struct Lazy {
    value: Slot,
    function: Slot,
}

impl Lazy {
    pub(super) fn value(value: Option<Value>) -> Lazy {
        Lazy { value: Slot::new_option(value), function: Slot::EMPTY }
    }

    pub(super) fn function(function: Option<Value>) -> Lazy {
        Lazy { value: Slot::EMPTY, function: Slot::new_option(function) }
    }

    pub(super) fn set_function(&self, function: Value) {
        self.function.store(function);
    }

    pub(super) fn computing_function(&self) -> Option<Value> {
        self.function.load()
    }

    /// The value, computed if need be; `None` where there is none.
    pub(super) fn get(&self, cx: &mut Context) -> Result<Option<Value>> {
        if let Some(value) = self.value.load() {
            return Ok(Some(value));
        }
        let Some(function) = self.function.load() else { return Ok(None) };
        let value = cx.call(function, &[Value::int(FORMAT_VALUE)])?;
        self.value.store(value);
        Ok(Some(value))
    }

    /// What computes the value in a format of choice: the function, or one that knows the value.
    pub(super) fn evaluator(&self, cx: &Context) -> Value {
        match (self.function.load(), self.value.load()) {
            (Some(function), _) => function,
            (None, Some(value)) => cx.new_object(ConstEvaluator { value: Slot::new(value) }).value(),
            (None, None) => Value::NONE,
        }
    }

    /// Whether there is a value other than `NoDefault`.
    pub(super) fn is_given(&self, cx: &Context) -> bool {
        self.function.load().is_some() || self.value.load().is_some_and(|value| value != no_default(cx))
    }

    /// `__default__`.
    pub(super) fn default(&self, cx: &mut Context) -> Result {
        match self.get(cx)? {
            Some(value) => Ok(value),
            None => Ok(no_default(cx)),
        }
    }
}

/// Evaluator of a value that is known.
#[derive(Trace)]
pub struct ConstEvaluator {
    value: Slot,
}

#[class(name = "_ConstEvaluator", module = "_typing", flags = DISALLOW_NEW)]
impl ConstEvaluator {
    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let [format] = args.values() else {
            let given = args.values().len();
            let message = format!("constevaluator.__call__() takes exactly 1 argument ({given} given)");
            return Err(cx.type_error(message));
        };
        let format = cx.index_i128(*format)?;
        let value = self.value.load_or_none();
        if format != i128::from(FORMAT_STRING) {
            return Ok(value);
        }
        let mut text = StrBuilder::new();
        match value.downcast::<Tuple>() {
            None => push_type_repr(cx, &mut text, value)?,
            Some(items) => {
                text.push_str("(");
                for (index, item) in items.items().iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    push_type_repr(cx, &mut text, *item)?;
                }
                text.push_str(")");
            }
        }
        Ok(text.finish(cx).value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let value = cx.repr(self.value.load_or_none())?;
        cx.format_str(&["<constevaluator ", ">"], &[value])
    }
}

/// Body of `NoDefault`'s class.
#[derive(Trace)]
pub struct NoDefaultType;

static NO_DEFAULT: AtomicU64 = AtomicU64::new(0);

/// `typing.NoDefault`.
pub fn no_default(cx: &Context) -> Value {
    if let Some(value) = Value::from_bits(NO_DEFAULT.load(Ordering::Acquire)) {
        return value;
    }
    let new = cx.new_object(NoDefaultType).value();
    match NO_DEFAULT.compare_exchange(0, new.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            taipan_gc::add_root(&NO_DEFAULT);
            new
        }
        Err(bits) => Value::from_bits(bits).unwrap_or(new),
    }
}

/// The type of the NoDefault singleton.
#[class(name = "NoDefaultType")]
impl NoDefaultType {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, _class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        if !args.items().is_empty() || kwargs.len() > 0 {
            return Err(cx.type_error("NoDefaultType takes no arguments"));
        }
        Ok(no_default(cx))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        cx.intern("typing.NoDefault").value()
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Value {
        cx.intern("NoDefault").value()
    }
}
