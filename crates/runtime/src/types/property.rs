//! `property`: a managed attribute. CPython: `Objects/descrobject.c`.
//!
//! Invariant: the three functions are EMPTY or callable-looking objects, never None.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception::hierarchy;
use crate::layout::Object;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `property`.
#[derive(Trace)]
pub struct Property {
    getter: Slot,
    setter: Slot,
    deleter: Slot,
    doc: Slot,
    name: Slot,
    /// Whether the documentation was taken from the getter.
    doc_from_getter: AtomicBool,
}

impl Property {
    /// The getter, for inline caches.
    pub fn getter_function(&self) -> Option<Value> {
        self.getter.load()
    }

    /// `__name__`: as told by `__set_name__`, else the getter's.
    fn known_name(&self, cx: &mut Context) -> Result<Option<Value>> {
        if let Some(name) = self.name.load() {
            return Ok(Some(name));
        }
        match self.getter.load() {
            Some(getter) => {
                let name = cx.intern("__name__");
                cx.lookup_attr(getter, name)
            }
            None => Ok(None),
        }
    }

    #[cold]
    fn missing(&self, cx: &mut Context, object: Value, what: &str) -> Raised {
        let name = match self.known_name(cx) {
            Ok(name) => name,
            Err(raised) => return raised,
        };
        let owner = cx.class_of(object).qualname().value();
        let owner = match cx.repr(owner) {
            Ok(owner) => owner,
            Err(raised) => return raised,
        };
        let message = match name {
            Some(name) => match cx.repr(name) {
                Ok(name) => format!("property {} of {} object has no {what}", name.to_str(), owner.to_str()),
                Err(raised) => return raised,
            },
            None => format!("property of {} object has no {what}", owner.to_str()),
        };
        cx.attribute_error_message(message)
    }

    /// A property of the same class with some functions replaced.
    fn copy(this: Gc<Self>, cx: &mut Context, functions: [Option<Value>; 3]) -> Result<Value> {
        let old = [&this.getter, &this.setter, &this.deleter];
        let mut arguments = [Value::NONE; 4];
        for (argument, (new, old)) in arguments.iter_mut().zip(functions.iter().zip(old)) {
            *argument = new.and_then(Value::not_none).or_else(|| old.load()).unwrap_or(Value::NONE);
        }
        let from_getter = this.doc_from_getter.load(Ordering::Relaxed) && !arguments[0].is_none();
        arguments[3] = if from_getter { Value::NONE } else { this.doc.load_or_none() };
        let class = cx.class_of(this.value()).value();
        let new = cx.call(class, &arguments)?;
        if let Some(property) = new.downcast::<Property>() {
            property.name.store_option(this.name.load());
        }
        Ok(new)
    }
}

/// Property attribute.
///
///   fget
///     function to be used for getting an attribute value
///   fset
///     function to be used for setting an attribute value
///   fdel
///     function to be used for del'ing an attribute
///   doc
///     docstring
///
/// Typical use is to define a managed attribute x:
///
/// class C(object):
///     def getx(self): return self._x
///     def setx(self, value): self._x = value
///     def delx(self): del self._x
///     x = property(getx, setx, delx, "I'm the 'x' property.")
///
/// Decorators make defining new properties or modifying existing ones easy:
///
/// class C(object):
///     @property
///     def x(self):
///         "I am the 'x' property."
///         return self._x
///     @x.setter
///     def x(self, value):
///         self._x = value
///     @x.deleter
///     def x(self):
///         del self._x
#[class(name = "property", kind = PROPERTY, by_kind, flags = BASETYPE)]
impl Property {
    #[new("(*args, **kwargs)")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        _args: Gc<Tuple>,
        _kwargs: Gc<crate::types::dict::Dict>,
    ) -> Result<Gc<Self>> {
        let body = Property {
            getter: Slot::EMPTY,
            setter: Slot::EMPTY,
            deleter: Slot::EMPTY,
            doc: Slot::EMPTY,
            name: Slot::EMPTY,
            doc_from_getter: AtomicBool::new(false),
        };
        Ok(cx.new_instance(class, body))
    }

    #[init("(fget=None, fset=None, fdel=None, doc=None)")]
    fn init(
        this: Gc<Self>,
        cx: &mut Context,
        fget: Value,
        fset: Value,
        fdel: Value,
        doc: Value,
    ) -> Result<()> {
        this.getter.store_option(fget.not_none());
        this.setter.store_option(fset.not_none());
        this.deleter.store_option(fdel.not_none());
        this.doc.clear();
        this.name.clear();
        let mut from_getter = false;
        let mut doc = doc.not_none();
        if let (None, Some(getter)) = (doc, fget.not_none()) {
            let name = cx.intern("__doc__");
            doc = cx.lookup_attr(getter, name)?.and_then(Value::not_none);
            from_getter = doc.is_some();
        }
        this.doc_from_getter.store(from_getter, Ordering::Relaxed);
        if cx.class_of(this.value()) == Property::class_cell().get() {
            this.doc.store_option(doc);
            return Ok(());
        }
        // In a subclass the class's own __doc__ would shadow the field, so it goes into the instance.
        let name = cx.intern("__doc__");
        match cx.set_attr(this.value(), name, doc.unwrap_or(Value::NONE)) {
            // gh-98963: without a dict the documentation is dropped unless the getter brought it.
            Err(raised) if !from_getter && cx.error_matches(&raised, hierarchy::attribute_error) => {
                cx.take_exception(raised);
                Ok(())
            }
            result => result,
        }
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result<Value> {
        let Some(object) = object.and_then(Value::not_none) else {
            return Ok(this.value());
        };
        match this.getter.load() {
            Some(getter) => cx.call(getter, &[object]),
            None => Err(this.missing(cx, object, "getter")),
        }
    }

    #[slot(descr_set)]
    fn set(this: Gc<Self>, cx: &mut Context, object: Value, value: Option<Value>) -> Result<()> {
        match (value, this.setter.load(), this.deleter.load()) {
            (Some(value), Some(setter), _) => cx.call(setter, &[object, value]).map(|_| ()),
            (Some(_), None, _) => Err(this.missing(cx, object, "setter")),
            (None, _, Some(deleter)) => cx.call(deleter, &[object]).map(|_| ()),
            (None, _, None) => Err(this.missing(cx, object, "deleter")),
        }
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[function("(object, /)")]
    fn getter(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<Value> {
        Property::copy(this, cx, [Some(object), None, None])
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[function("(object, /)")]
    fn setter(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<Value> {
        Property::copy(this, cx, [None, Some(object), None])
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[function("(object, /)")]
    fn deleter(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<Value> {
        Property::copy(this, cx, [None, None, Some(object)])
    }

    /// __set_name__(owner, name)
    #[function("(*args)", name = "__set_name__")]
    fn set_name(&self, cx: &Context, args: Gc<Tuple>) -> Result<()> {
        let [_, name] = args.items() else {
            let given = args.items().len();
            return Err(
                cx.type_error(format!("__set_name__() takes 2 positional arguments but {given} were given"))
            );
        };
        self.name.store(*name);
        Ok(())
    }

    #[getter(name = "__name__")]
    fn python_name(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        match this.known_name(cx)? {
            Some(name) => Ok(name),
            None => Err(Property::no_name(this, cx)),
        }
    }

    #[setter(name = "__name__")]
    fn set_python_name(&self, value: Option<Value>) {
        self.name.store_option(value);
    }

    #[cold]
    fn no_name(this: Gc<Self>, cx: &mut Context) -> Raised {
        let name = cx.intern("__name__");
        cx.no_attribute(this.value(), name)
    }

    #[getter(name = "__isabstractmethod__")]
    fn is_abstract(&self, cx: &mut Context) -> Result<bool> {
        for function in [&self.getter, &self.setter, &self.deleter] {
            if let Some(function) = function.load()
                && cx.is_abstract(function)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[member]
    fn fget(&self) -> Value {
        self.getter.load_or_none()
    }

    #[member]
    fn fset(&self) -> Value {
        self.setter.load_or_none()
    }

    #[member]
    fn fdel(&self) -> Value {
        self.deleter.load_or_none()
    }

    #[getter(name = "__doc__")]
    fn doc(&self) -> Value {
        self.doc.load_or_none()
    }

    #[setter(name = "__doc__")]
    fn set_doc(&self, value: Option<Value>) {
        self.doc.store_option(value);
    }
}

impl Context {
    /// Whether a function or descriptor is marked as abstract. CPython: `_PyObject_IsAbstract`.
    pub fn is_abstract(&mut self, object: Value) -> Result<bool> {
        let name = self.intern("__isabstractmethod__");
        match self.lookup_attr(object, name)? {
            Some(flag) => self.truth(flag),
            None => Ok(false),
        }
    }
}
