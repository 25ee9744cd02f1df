//! `staticmethod`: a function that gets neither instance nor class. CPython: `Objects/funcobject.c`.
//!
//! Invariant: what is wrapped is EMPTY only between `__new__` and `__init__`.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::native::Args;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::classmethod::{
    copy_wrapped_attributes, set_wrapped_attribute, wrapped_attribute, wrapper_repr,
};
use crate::types::dict::Dict;
use crate::types::generic_alias::GenericAlias;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `staticmethod`.
#[derive(Trace)]
pub struct StaticMethod {
    callable: Slot,
}

impl StaticMethod {
    /// `staticmethod(callable)` without copying attributes.
    pub fn wrap(cx: &Context, callable: Value) -> Gc<StaticMethod> {
        cx.new_object(StaticMethod { callable: Slot::new(callable) })
    }

    /// The wrapped object.
    pub fn callable(&self) -> Value {
        self.callable.load_or_none()
    }
}

/// Convert a function to be a static method.
///
/// A static method does not receive an implicit first argument.
/// To declare a static method, use this idiom:
///
///      class C:
///          @staticmethod
///          def f(arg1, arg2, argN):
///              ...
///
/// It can be called either on the class (e.g. C.f()) or on an instance
/// (e.g. C().f()). Both the class and the instance are ignored, and
/// neither is passed implicitly as the first argument to the method.
///
/// Static methods in Python are similar to those found in Java or C++.
/// For a more advanced concept, see the classmethod builtin.
#[class(name = "staticmethod", kind = STATICMETHOD, by_kind, flags = BASETYPE | HAS_DICT)]
impl StaticMethod {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, StaticMethod { callable: Slot::EMPTY }))
    }

    #[init("(function, /)")]
    fn init(this: Gc<Self>, cx: &mut Context, function: Value) -> Result<()> {
        this.callable.store(function);
        copy_wrapped_attributes(cx, this.value(), function)
    }

    #[slot(descr_get)]
    fn get(&self, cx: &mut Context, _object: Option<Value>, _class: Option<Value>) -> Result<Value> {
        self.callable.load().ok_or_else(|| cx.runtime_error("uninitialized staticmethod object"))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        cx.call_kw(self.callable(), args)
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        wrapper_repr(cx, "staticmethod", self.callable())
    }

    #[member(name = "__func__")]
    fn func(&self) -> Value {
        self.callable()
    }

    #[member(name = "__wrapped__")]
    fn wrapped(&self) -> Value {
        self.callable()
    }

    #[getter(name = "__isabstractmethod__")]
    fn is_abstract(&self, cx: &mut Context) -> Result<bool> {
        cx.is_abstract(self.callable())
    }

    #[getter(name = "__annotations__")]
    fn annotations(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        wrapped_attribute(cx, this.value(), this.callable(), "__annotations__")
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        set_wrapped_attribute(cx, this.value(), "__annotations__", value)
    }

    #[getter(name = "__annotate__")]
    fn annotate(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        wrapped_attribute(cx, this.value(), this.callable(), "__annotate__")
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        set_wrapped_attribute(cx, this.value(), "__annotate__", value)
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}
