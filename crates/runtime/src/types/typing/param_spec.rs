//! `typing.ParamSpec` with its `args` and `kwargs`.
//!
//! Invariant: `P.args` and `P.kwargs` name their origin and are equal when their origins are.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::slots::{Slot, TypedSlot};
use crate::types::str::{Str, StrBuilder};
use crate::types::type_::Class;
use crate::types::typing::{Lazy, Variance, call_typing, name_argument, no_default, set_calling_module};
use crate::types::union::make_union;
use crate::value::Value;

/// Body of `typing.ParamSpec`.
#[derive(Trace)]
pub struct ParamSpec {
    name: TypedSlot<Str>,
    bound: Slot,
    pub(super) default: Lazy,
    covariant: bool,
    contravariant: bool,
    inferred: bool,
}

impl ParamSpec {
    /// A parameter specification made by syntax.
    pub fn from_syntax(cx: &Context, name: Gc<Str>) -> Gc<ParamSpec> {
        cx.new_object(ParamSpec {
            name: TypedSlot::new(name),
            bound: Slot::EMPTY,
            default: Lazy::value(None),
            covariant: false,
            contravariant: false,
            inferred: true,
        })
    }
}

/// Parameter specification variable.
///
/// >>> ParamSpec('P').__name__
/// 'P'
#[class(name = "ParamSpec", module = "typing", flags = HAS_DICT | HAS_WEAKREF)]
impl ParamSpec {
    #[new(
        "(name, *, bound=None, default=<absent>, covariant=False, contravariant=False, infer_variance=False)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        name: Value,
        bound: Value,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> Result<Gc<Self>> {
        let name = name_argument(cx, "paramspec", name)?;
        let variance = Variance { covariant, contravariant, inferred: infer_variance }.check(cx)?;
        let default = default.unwrap_or_else(|| no_default(cx));
        let body = ParamSpec {
            name: TypedSlot::new(name),
            bound: Slot::new_option(bound.not_none()),
            default: Lazy::value(Some(default)),
            covariant: variance.covariant,
            contravariant: variance.contravariant,
            inferred: variance.inferred,
        };
        let this = cx.new_instance(class, body);
        set_calling_module(cx, this.value());
        Ok(this)
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        let variance = Variance {
            covariant: self.covariant,
            contravariant: self.contravariant,
            inferred: self.inferred,
        };
        let name = self.name.load().expect("a parameter specification has a name");
        cx.new_str(variance.sign()).concat(cx, name).value()
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        make_union(cx, &[a, b])
    }

    #[function("(arg, /)", name = "__typing_subst__")]
    fn typing_subst(this: Gc<Self>, cx: &mut Context, arg: Value) -> Result<Value> {
        call_typing(cx, "_paramspec_subst", &[this.value(), arg])
    }

    #[function("(alias, args, /)", name = "__typing_prepare_subst__")]
    fn typing_prepare_subst(this: Gc<Self>, cx: &mut Context, alias: Value, args: Value) -> Result<Value> {
        call_typing(cx, "_paramspec_prepare_subst", &[this.value(), alias, args])
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[function("(bases, /)", name = "__mro_entries__")]
    fn mro_entries(&self, cx: &mut Context, bases: Value) -> Result<Value> {
        let _ = bases;
        Err(cx.type_error("Cannot subclass an instance of ParamSpec"))
    }

    #[function("()")]
    fn has_default(&self, cx: &mut Context) -> bool {
        self.default.is_given(cx)
    }

    #[member(name = "__name__")]
    fn name(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[member(name = "__bound__")]
    fn bound(&self) -> Value {
        self.bound.load_or_none()
    }

    #[member(name = "__covariant__")]
    fn covariant(&self) -> bool {
        self.covariant
    }

    #[member(name = "__contravariant__")]
    fn contravariant(&self) -> bool {
        self.contravariant
    }

    #[member(name = "__infer_variance__")]
    fn infer_variance(&self) -> bool {
        self.inferred
    }

    /// Represents positional arguments.
    #[getter]
    fn args(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(ParamSpecArgs { origin: Slot::new(this.value()) }).value()
    }

    /// Represents keyword arguments.
    #[getter]
    fn kwargs(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(ParamSpecKwargs { origin: Slot::new(this.value()) }).value()
    }

    /// The default value for this ParamSpec.
    #[getter(name = "__default__")]
    fn default(&self, cx: &mut Context) -> Result<Value> {
        self.default.default(cx)
    }

    #[getter]
    fn evaluate_default(&self, cx: &mut Context) -> Value {
        self.default.evaluator(cx)
    }
}

macro_rules! part {
    ($body:ident, $name:tt, $doc:tt, $suffix:literal) => {
        #[doc = concat!("Body of `typing.", $name, "`.")]
        #[derive(Trace)]
        pub struct $body {
            origin: Slot,
        }

        #[doc = $doc]
        #[class(name = $name, module = "typing", flags = HAS_WEAKREF)]
        impl $body {
            #[new("(origin)")]
            fn new(cx: &mut Context, class: Gc<Class>, origin: Value) -> Result<Gc<Self>> {
                Ok(cx.new_instance(class, $body { origin: Slot::new(origin) }))
            }

            #[slot(repr)]
            fn repr(&self, cx: &mut Context) -> Result<Value> {
                let origin = self.origin.load_or_none();
                let mut text = StrBuilder::new();
                match origin.downcast::<ParamSpec>().and_then(|origin| origin.name.load()) {
                    Some(name) => text.push(name),
                    None => text.push(cx.repr(origin)?),
                }
                text.push_str($suffix);
                Ok(text.finish(cx).value())
            }

            #[slot(compare)]
            fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
                let (Some(x), Some(y)) = (a.downcast::<$body>(), b.downcast::<$body>()) else {
                    return Ok(Value::NOT_IMPLEMENTED);
                };
                if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
                    return Ok(Value::NOT_IMPLEMENTED);
                }
                cx.compare(x.origin.load_or_none(), y.origin.load_or_none(), op)
            }

            #[function("(bases, /)", name = "__mro_entries__")]
            fn mro_entries(&self, cx: &mut Context, bases: Value) -> Result<Value> {
                let _ = bases;
                Err(cx.type_error(concat!("Cannot subclass an instance of ", $name)))
            }

            #[member(name = "__origin__")]
            fn origin(&self) -> Value {
                self.origin.load_or_none()
            }
        }
    };
}

part!(
    ParamSpecArgs,
    "ParamSpecArgs",
    "The args for a ParamSpec object.\n\n>>> P = ParamSpec('P')\n>>> P.args.__origin__ is P\nTrue",
    ".args"
);
part!(
    ParamSpecKwargs,
    "ParamSpecKwargs",
    "The kwargs for a ParamSpec object.\n\n>>> P = ParamSpec('P')\n>>> P.kwargs.__origin__ is P\nTrue",
    ".kwargs"
);
