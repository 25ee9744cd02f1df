//! `classmethod`: a function that gets the class instead of the instance. CPython: `Objects/funcobject.c`.
//!
//! Invariant: what is wrapped is EMPTY only between `__new__` and `__init__`.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::generic_alias::GenericAlias;
use crate::types::method::Method;
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `classmethod`.
#[derive(Trace)]
pub struct ClassMethodObject {
    callable: Slot,
}

/// Copies what `functools.update_wrapper` would, where the wrapped object has it.
pub(super) fn copy_wrapped_attributes(cx: &mut Context, wrapper: Value, wrapped: Value) -> Result<()> {
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        let name = cx.intern(name);
        if let Some(value) = cx.lookup_attr(wrapped, name)? {
            cx.set_attr(wrapper, name, value)?;
        }
    }
    Ok(())
}

/// `<classmethod(<function f at 0x...>)>`.
pub(super) fn wrapper_repr(cx: &mut Context, kind: &str, callable: Value) -> Result<Value> {
    let inner = cx.repr(callable)?;
    let mut text = StrBuilder::new();
    text.push_str(&format!("<{kind}("));
    text.push(inner);
    text.push_str(")>");
    Ok(text.finish(cx).value())
}

/// `__annotations__` and `__annotate__`: the wrapped object's, kept in the wrapper's own dict.
pub(super) fn wrapped_attribute(
    cx: &mut Context,
    wrapper: Value,
    wrapped: Value,
    name: &str,
) -> Result<Value> {
    let name = cx.intern(name);
    let own = cx.ensure_instance_dict(wrapper)?;
    if let Some(value) = own.get_str(cx, name) {
        return Ok(value);
    }
    let value = cx.get_attr(wrapped, name)?;
    own.set_str(cx, name, value);
    Ok(value)
}

/// Assignment to those: into the wrapper's own dict.
pub(super) fn set_wrapped_attribute(
    cx: &mut Context,
    wrapper: Value,
    name: &str,
    value: Option<Value>,
) -> Result<()> {
    let name = cx.intern(name);
    let own = cx.ensure_instance_dict(wrapper)?;
    match value {
        Some(value) => own.set_str(cx, name, value),
        None => {
            if own.remove_str(cx, name).is_none() {
                return Err(cx.attribute_error(name.to_str(), wrapper, name));
            }
        }
    }
    Ok(())
}

impl ClassMethodObject {
    /// `classmethod(callable)` without copying attributes.
    pub fn wrap(cx: &Context, callable: Value) -> Gc<ClassMethodObject> {
        cx.new_object(ClassMethodObject { callable: Slot::new(callable) })
    }

    /// The wrapped object.
    pub fn callable(&self) -> Value {
        self.callable.load_or_none()
    }
}

/// Convert a function to be a class method.
///
/// A class method receives the class as implicit first argument,
/// just like an instance method receives the instance.
/// To declare a class method, use this idiom:
///
///   class C:
///       @classmethod
///       def f(cls, arg1, arg2, argN):
///           ...
///
/// It can be called either on the class (e.g. C.f()) or on an instance
/// (e.g. C().f()).  The instance is ignored except for its class.
/// If a class method is called for a derived class, the derived class
/// object is passed as the implied first argument.
///
/// Class methods are different than C++ or Java static methods.
/// If you want those, see the staticmethod builtin.
#[class(name = "classmethod", kind = CLASSMETHOD, by_kind, flags = BASETYPE | HAS_DICT)]
impl ClassMethodObject {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, ClassMethodObject { callable: Slot::EMPTY }))
    }

    #[init("(function, /)")]
    fn init(this: Gc<Self>, cx: &mut Context, function: Value) -> Result<()> {
        this.callable.store(function);
        copy_wrapped_attributes(cx, this.value(), function)
    }

    #[slot(descr_get)]
    fn get(&self, cx: &mut Context, object: Option<Value>, class: Option<Value>) -> Result<Value> {
        let Some(callable) = self.callable.load() else {
            return Err(cx.runtime_error("uninitialized classmethod object"));
        };
        let class = match (class, object) {
            (Some(class), _) => class,
            (None, Some(object)) => cx.class_of(object).value(),
            (None, None) => return Err(cx.type_error("__get__(None, None) is invalid")),
        };
        Ok(Method::new(cx, callable, class).value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        wrapper_repr(cx, "classmethod", self.callable())
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
