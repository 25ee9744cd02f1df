//! `typing.TypeVar`.
//!
//! Invariant: a type variable has a bound or constraints or neither, never both.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::types::typing::{Lazy, Variance, call_typing, name_argument, no_default, set_calling_module};
use crate::types::union::make_union;
use crate::value::Value;

/// Body of `typing.TypeVar`.
#[derive(Trace)]
pub struct TypeVar {
    name: TypedSlot<Str>,
    bound: Lazy,
    constraints: Lazy,
    pub(super) default: Lazy,
    covariant: bool,
    contravariant: bool,
    inferred: bool,
}

impl TypeVar {
    /// A type variable made by syntax, with functions that compute its bound or its constraints.
    pub fn from_syntax(
        cx: &Context,
        name: Gc<Str>,
        bound: Option<Value>,
        constraints: Option<Value>,
    ) -> Gc<TypeVar> {
        cx.new_object(TypeVar {
            name: TypedSlot::new(name),
            bound: Lazy::function(bound),
            constraints: Lazy::function(constraints),
            default: Lazy::value(None),
            covariant: false,
            contravariant: false,
            inferred: true,
        })
    }

    fn sign(&self) -> &'static str {
        let variance = Variance {
            covariant: self.covariant,
            contravariant: self.contravariant,
            inferred: self.inferred,
        };
        variance.sign()
    }
}

/// Position of a type parameter among an alias's, with how many arguments are given; ValueError if absent.
pub(super) fn position(cx: &mut Context, this: Value, alias: Value, args: Value) -> Result<(usize, usize)> {
    let parameters = cx.get_attr_str(alias, "__parameters__")?;
    let given = cx.len(args)?;
    let parameters = cx.collect(parameters)?;
    match parameters.iter().position(|parameter| *parameter == this) {
        Some(index) => Ok((index, given)),
        None => Err(cx.value_error("sequence.index(x): x not in sequence")),
    }
}

/// Type variable.
#[class(name = "TypeVar", module = "typing", flags = HAS_DICT | HAS_WEAKREF)]
impl TypeVar {
    #[new(
        "(name, *constraints, bound=None, default=<absent>, covariant=False, contravariant=False, infer_variance=False)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        name: Value,
        constraints: Gc<Tuple>,
        bound: Value,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> Result<Gc<Self>> {
        let name = name_argument(cx, "typevar", name)?;
        let variance = Variance { covariant, contravariant, inferred: infer_variance }.check(cx)?;
        let bound = match bound.not_none() {
            None => None,
            Some(bound) => {
                let message = cx.new_str("Bound must be a type.").value();
                Some(call_typing(cx, "_type_check", &[bound, message])?)
            }
        };
        let constraints = match constraints.items() {
            [] => None,
            [_] => return Err(cx.type_error("A single constraint is not allowed")),
            _ if bound.is_some() => {
                return Err(cx.type_error("Constraints cannot be combined with bound=..."));
            }
            _ => Some(constraints.value()),
        };
        let default = default.unwrap_or_else(|| no_default(cx));
        let body = TypeVar {
            name: TypedSlot::new(name),
            bound: Lazy::value(bound),
            constraints: Lazy::value(constraints),
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
        let name = self.name.load().expect("a type variable has a name");
        cx.new_str(self.sign()).concat(cx, name).value()
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        make_union(cx, &[a, b])
    }

    #[function("(arg, /)", name = "__typing_subst__")]
    fn typing_subst(this: Gc<Self>, cx: &mut Context, arg: Value) -> Result<Value> {
        call_typing(cx, "_typevar_subst", &[this.value(), arg])
    }

    #[function("(alias, args, /)", name = "__typing_prepare_subst__")]
    fn typing_prepare_subst(this: Gc<Self>, cx: &mut Context, alias: Value, args: Value) -> Result<Value> {
        let (index, given) = position(cx, this.value(), alias, args)?;
        if index < given {
            return Ok(args);
        }
        let default = this.default.default(cx)?;
        if index > given || default == no_default(cx) {
            let alias = cx.str(alias)?;
            let expected = index + 1;
            return Err(cx.type_error(format!(
                "Too few arguments for {}; actual {given}, expected at least {expected}",
                alias.to_str()
            )));
        }
        let mut all = cx.collect(args)?;
        all.push(default);
        Ok(cx.new_tuple(&all).value())
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[function("(bases, /)", name = "__mro_entries__")]
    fn mro_entries(&self, cx: &mut Context, bases: Value) -> Result<Value> {
        let _ = bases;
        Err(cx.type_error("Cannot subclass an instance of TypeVar"))
    }

    #[function("()")]
    fn has_default(&self, cx: &mut Context) -> bool {
        self.default.is_given(cx)
    }

    #[member(name = "__name__")]
    fn name(&self) -> Option<Gc<Str>> {
        self.name.load()
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

    #[getter(name = "__bound__")]
    fn bound(&self, cx: &mut Context) -> Result<Option<Value>> {
        self.bound.get(cx)
    }

    #[getter(name = "__constraints__")]
    fn constraints(&self, cx: &mut Context) -> Result<Value> {
        match self.constraints.get(cx)? {
            Some(constraints) => Ok(constraints),
            None => Ok(cx.new_tuple(&[]).value()),
        }
    }

    #[getter(name = "__default__")]
    fn default(&self, cx: &mut Context) -> Result<Value> {
        self.default.default(cx)
    }

    #[getter]
    fn evaluate_bound(&self, cx: &mut Context) -> Value {
        self.bound.evaluator(cx)
    }

    #[getter]
    fn evaluate_constraints(&self, cx: &mut Context) -> Value {
        self.constraints.evaluator(cx)
    }

    #[getter]
    fn evaluate_default(&self, cx: &mut Context) -> Value {
        self.default.evaluator(cx)
    }
}
