//! `typing.TypeVarTuple`.
//!
//! Invariant: iterating gives exactly one item, `Unpack[self]`.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::str::Str;
use crate::types::type_::Class;
use crate::types::typing::{Lazy, call_typing, name_argument, no_default, set_calling_module, unpacked};
use crate::value::Value;

/// Body of `typing.TypeVarTuple`.
#[derive(Trace)]
pub struct TypeVarTuple {
    name: TypedSlot<Str>,
    pub(super) default: Lazy,
}

impl TypeVarTuple {
    /// A type variable tuple made by syntax.
    pub fn from_syntax(cx: &Context, name: Gc<Str>) -> Gc<TypeVarTuple> {
        cx.new_object(TypeVarTuple { name: TypedSlot::new(name), default: Lazy::value(None) })
    }
}

/// Type variable tuple. A specialized form of type variable that enables
/// variadic generics.
#[class(name = "TypeVarTuple", module = "typing", flags = HAS_DICT | HAS_WEAKREF)]
impl TypeVarTuple {
    #[new("(name, *, default=<absent>)")]
    fn new(cx: &mut Context, class: Gc<Class>, name: Value, default: Option<Value>) -> Result<Gc<Self>> {
        let name = name_argument(cx, "typevartuple", name)?;
        let default = default.unwrap_or_else(|| no_default(cx));
        let body = TypeVarTuple { name: TypedSlot::new(name), default: Lazy::value(Some(default)) };
        let this = cx.new_instance(class, body);
        set_calling_module(cx, this.value());
        Ok(this)
    }

    #[slot(repr)]
    fn repr(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let item = unpacked(cx, this.value())?;
        let items = cx.new_tuple(&[item]).value();
        cx.iter(items)
    }

    #[function("(arg, /)", name = "__typing_subst__")]
    fn typing_subst(&self, cx: &mut Context, arg: Value) -> Result<Value> {
        let _ = arg;
        Err(cx.type_error("Substitution of bare TypeVarTuple is not supported"))
    }

    #[function("(alias, args, /)", name = "__typing_prepare_subst__")]
    fn typing_prepare_subst(this: Gc<Self>, cx: &mut Context, alias: Value, args: Value) -> Result<Value> {
        call_typing(cx, "_typevartuple_prepare_subst", &[this.value(), alias, args])
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[function("(bases, /)", name = "__mro_entries__")]
    fn mro_entries(&self, cx: &mut Context, bases: Value) -> Result<Value> {
        let _ = bases;
        Err(cx.type_error("Cannot subclass an instance of TypeVarTuple"))
    }

    #[function("()")]
    fn has_default(&self, cx: &mut Context) -> bool {
        self.default.is_given(cx)
    }

    #[member(name = "__name__")]
    fn name(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    /// The default value for this TypeVarTuple.
    #[getter(name = "__default__")]
    fn default(&self, cx: &mut Context) -> Result<Value> {
        self.default.default(cx)
    }

    #[getter]
    fn evaluate_default(&self, cx: &mut Context) -> Value {
        self.default.evaluator(cx)
    }
}
