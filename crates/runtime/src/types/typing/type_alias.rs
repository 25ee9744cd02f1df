//! `typing.TypeAliasType`: what `type X = ...` makes.
//!
//! Invariant: the type parameters are a tuple of type parameters, those with defaults last.

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::generic_alias::GenericAlias;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::types::typing::{Lazy, TypeVarTuple, calling_module, has_default, name_argument, unpacked};
use crate::types::union::union_of_classes;
use crate::value::Value;

/// Body of `typing.TypeAliasType`.
#[derive(Trace)]
pub struct TypeAlias {
    name: TypedSlot<Str>,
    type_params: TypedSlot<Tuple>,
    value: Lazy,
    module: Slot,
}

impl TypeAlias {
    /// An alias made by syntax; `value` is the function that computes it.
    pub fn from_syntax(
        cx: &Context,
        name: Gc<Str>,
        type_params: Option<Gc<Tuple>>,
        value: Value,
    ) -> Gc<TypeAlias> {
        let type_params = type_params.unwrap_or_else(|| cx.new_tuple(&[]));
        cx.new_object(TypeAlias {
            name: TypedSlot::new(name),
            type_params: TypedSlot::new(type_params),
            value: Lazy::function(Some(value)),
            module: Slot::EMPTY,
        })
    }

    fn parameters(&self) -> Gc<Tuple> {
        self.type_params.load().expect("an alias is created with type parameters")
    }
}

/// Refuses what is no type parameter, and one without default behind one with.
fn check_type_params(cx: &mut Context, type_params: Gc<Tuple>) -> Result<()> {
    let mut after_default = false;
    for parameter in type_params.items() {
        match has_default(cx, *parameter) {
            Some(given) if !given && after_default => {
                let parameter = cx.repr(*parameter)?;
                return Err(cx.type_error(format!(
                    "non-default type parameter '{}' follows default type parameter",
                    parameter.to_str()
                )));
            }
            Some(given) => after_default |= given,
            None => {
                let parameter = cx.repr(*parameter)?;
                return Err(cx.type_error(format!("Expected a type param, got {}", parameter.to_str())));
            }
        }
    }
    Ok(())
}

/// Type alias.
#[class(name = "TypeAliasType", module = "typing", flags = HAS_WEAKREF)]
impl TypeAlias {
    #[new("(name, value, *, type_params=<absent>)")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        name: Value,
        value: Value,
        type_params: Option<Value>,
    ) -> Result<Gc<Self>> {
        let name = name_argument(cx, "typealias", name)?;
        let type_params = match type_params {
            None => cx.new_tuple(&[]),
            Some(type_params) => match type_params.downcast::<Tuple>() {
                Some(type_params) => type_params,
                None => return Err(cx.type_error("type_params must be a tuple")),
            },
        };
        check_type_params(cx, type_params)?;
        let body = TypeAlias {
            name: TypedSlot::new(name),
            type_params: TypedSlot::new(type_params),
            value: Lazy::value(Some(value)),
            module: Slot::new_option(calling_module(cx)),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(repr)]
    fn repr(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[slot(get_item)]
    fn get_item(cx: &mut Context, this: Value, args: Value) -> Result<Value> {
        match this.downcast::<TypeAlias>() {
            Some(alias) if !alias.parameters().items().is_empty() => {
                Ok(GenericAlias::new(cx, this, args).value())
            }
            _ => Err(cx.type_error("Only generic type aliases are subscriptable")),
        }
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        union_of_classes(cx, a, b)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let item = unpacked(cx, this.value())?;
        let items = cx.new_tuple(&[item]).value();
        cx.iter(items)
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[member(name = "__name__")]
    fn name(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[getter(name = "__type_params__")]
    fn type_params(&self) -> Gc<Tuple> {
        self.parameters()
    }

    #[getter(name = "__parameters__")]
    fn parameters_attribute(&self, cx: &mut Context) -> Result<Value> {
        let mut parameters: GVec<Value> = GVec::new();
        for parameter in self.parameters().items() {
            parameters.push(match parameter.downcast::<TypeVarTuple>() {
                Some(_) => unpacked(cx, *parameter)?,
                None => *parameter,
            });
        }
        Ok(cx.new_tuple(&parameters).value())
    }

    #[getter(name = "__value__")]
    fn value(&self, cx: &mut Context) -> Result<Option<Value>> {
        self.value.get(cx)
    }

    #[getter]
    fn evaluate_value(&self, cx: &mut Context) -> Value {
        self.value.evaluator(cx)
    }

    #[getter(name = "__module__")]
    fn module(&self, cx: &mut Context) -> Result<Value> {
        if let Some(function) = self.value.computing_function() {
            return cx.get_attr_str(function, "__module__");
        }
        Ok(self.module.load_or_none())
    }
}
