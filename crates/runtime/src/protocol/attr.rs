//! Attribute access. CPython: `PyObject_GetAttr`, `_PyObject_GenericGetAttrWithDict` in `Objects/object.c`.
//!
//! Invariant: names that reach classes and shapes are interned.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::instance;
use crate::object::Gc;
use crate::types::str::Str;
use crate::value::Value;

/// An attribute name from an argument: an interned exact str.
pub fn attribute_name(cx: &Context, value: Value) -> Result<Gc<Str>> {
    match value.downcast::<Str>() {
        Some(name) => Ok(crate::types::str::intern::intern(cx, name)),
        None => Err(cx.type_error(format!("attribute name must be string, not '{}'", cx.type_name(value)))),
    }
}

/// `object.__getattribute__`: data descriptor, instance attribute, other class attribute.
pub fn generic_get_attr(cx: &mut Context, object: Value, name: Gc<Str>) -> Result {
    match lookup_generic(cx, object, name)? {
        Some(value) => Ok(value),
        None => Err(no_attribute(cx, object, name)),
    }
}

/// As `generic_get_attr`, but an absent attribute is `None` instead of an error.
pub fn lookup_generic(cx: &mut Context, object: Value, name: Gc<Str>) -> Result<Option<Value>> {
    let class = cx.class_of(object);
    let descriptor = class.lookup(cx, name);
    let mut get = None;
    if let Some(descriptor) = descriptor {
        let descriptor_class = cx.class_of(descriptor);
        get = descriptor_class.slots.descr_get.get();
        if let Some(get) = get
            && descriptor_class.slots.descr_set.is_set()
        {
            return get(cx, descriptor, Some(object), Some(class.value())).map(Some);
        }
    }
    if let Some(value) = instance::get(cx, object, name) {
        return Ok(Some(value));
    }
    match (descriptor, get) {
        (Some(descriptor), Some(get)) => get(cx, descriptor, Some(object), Some(class.value())).map(Some),
        (descriptor, _) => Ok(descriptor),
    }
}

#[cold]
pub fn no_attribute(cx: &Context, object: Value, name: Gc<Str>) -> Raised {
    let message = format!("'{}' object has no attribute '{}'", cx.type_name(object), name.to_str());
    cx.attribute_error(message, object, name)
}

/// `object.__setattr__` and `object.__delattr__`.
pub fn generic_set_attr(cx: &mut Context, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
    let class = cx.class_of(object);
    let descriptor = class.lookup(cx, name);
    if let Some(descriptor) = descriptor
        && let Some(set) = cx.class_of(descriptor).slots.descr_set.get()
    {
        return set(cx, descriptor, object, value);
    }
    if !instance::has_dict(object) {
        return Err(cannot_set(cx, object, name, descriptor.is_some()));
    }
    match value {
        Some(value) => instance::set(cx, object, name, value),
        None => {
            if !instance::delete(cx, object, name) {
                return Err(no_attribute(cx, object, name));
            }
        }
    }
    Ok(())
}

#[cold]
fn cannot_set(cx: &Context, object: Value, name: Gc<Str>, in_class: bool) -> Raised {
    let class = cx.class_of(object);
    let (type_name, text) = (class.full_name(), name.to_str());
    let message = if in_class {
        format!("'{type_name}' object attribute '{text}' is read-only")
    } else if class.slots.set_attr.get().is_some_and(|f| {
        std::ptr::fn_addr_eq(f, crate::types::type_::object_class().slots.set_attr.get().unwrap_or(f))
    }) {
        format!("'{type_name}' object has no attribute '{text}' and no __dict__ for setting new attributes")
    } else {
        format!("'{type_name}' object has no attribute '{text}'")
    };
    cx.attribute_error(message, object, name)
}

/// An AttributeError that tells neither object nor name gets those that were asked for. CPython:
/// `_PyObject_SetAttributeErrorContext`.
#[cold]
#[inline(never)]
fn with_subject(cx: &Context, raised: Raised, object: Value, name: Gc<Str>) -> Raised {
    if !cx.error_matches(&raised, crate::exception::attribute_error) {
        return raised;
    }
    let exception = cx.take_exception(raised);
    if let Some(body) = exception.downcast::<crate::exception::attribute_error::AttributeError>()
        && body.lacks_subject()
    {
        body.set_subject(name.value(), object);
    }
    cx.reraise(exception)
}

impl Context {
    /// `object.name`.
    pub fn get_attr(&mut self, object: Value, name: Gc<Str>) -> Result {
        match self.class_of(object).slots.get_attr.get() {
            Some(get) => match get(self, object, name) {
                Ok(value) => Ok(value),
                Err(raised) => Err(with_subject(self, raised, object, name)),
            },
            None => Err(no_attribute(self, object, name)),
        }
    }

    pub fn get_attr_str(&mut self, object: Value, name: &str) -> Result {
        let name = self.intern(name);
        self.get_attr(object, name)
    }

    /// `object.name`, or `None` where that raises AttributeError.
    pub fn lookup_attr(&mut self, object: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let Some(get) = self.class_of(object).slots.get_attr.get() else { return Ok(None) };
        if std::ptr::fn_addr_eq(get, crate::types::type_::object_class().slots.get_attr.get().unwrap_or(get))
        {
            return match lookup_generic(self, object, name) {
                Err(raised) if self.error_matches(&raised, crate::exception::attribute_error) => {
                    self.take_exception(raised);
                    Ok(None)
                }
                other => other,
            };
        }
        match get(self, object, name) {
            Ok(value) => Ok(Some(value)),
            Err(raised) if self.error_matches(&raised, crate::exception::attribute_error) => {
                self.take_exception(raised);
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    pub fn lookup_attr_str(&mut self, object: Value, name: &str) -> Result<Option<Value>> {
        let name = self.intern(name);
        self.lookup_attr(object, name)
    }

    /// `object.name = value`. `name` is interned.
    pub fn set_attr(&mut self, object: Value, name: Gc<Str>, value: Value) -> Result<()> {
        self.set_or_delete_attr(object, name, Some(value))
    }

    pub fn set_attr_str(&mut self, object: Value, name: &str, value: Value) -> Result<()> {
        let name = self.intern(name);
        self.set_attr(object, name, value)
    }

    /// `del object.name`. `name` is interned.
    pub fn del_attr(&mut self, object: Value, name: Gc<Str>) -> Result<()> {
        self.set_or_delete_attr(object, name, None)
    }

    fn set_or_delete_attr(&mut self, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        match self.class_of(object).slots.set_attr.get() {
            Some(set) => set(self, object, name, value),
            None => Err(no_attribute(self, object, name)),
        }
    }

    /// What `object.name(...)` calls: a function found on the class is given with self instead of being
    /// bound. Returns (callable, self to prepend).
    pub fn load_method(&mut self, object: Value, name: Gc<Str>) -> Result<(Value, Option<Value>)> {
        let class = self.class_of(object);
        let generic = crate::types::type_::object_class().slots.get_attr.get();
        if let (Some(own), Some(generic)) = (class.slots.get_attr.get(), generic)
            && std::ptr::fn_addr_eq(own, generic)
            && let Some(found) = class.lookup(self, name)
            && self.class_of(found).has_flag(crate::types::type_::flag::METHOD_DESCRIPTOR)
            && instance::get(self, object, name).is_none()
        {
            return Ok((found, Some(object)));
        }
        Ok((self.get_attr(object, name)?, None))
    }
}
