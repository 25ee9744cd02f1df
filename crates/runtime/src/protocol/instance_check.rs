//! `isinstance` and `issubclass`. CPython: `Objects/abstract.c`.

use crate::context::Context;
use crate::error::Result;
use crate::names::id;
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, type_class};
use crate::types::union::Union;
use crate::value::Value;

impl Context {
    /// `isinstance(value, class)`.
    pub fn is_instance(&mut self, value: Value, class: Value) -> Result<bool> {
        if self.class_of(value).value() == class {
            return Ok(true);
        }
        if self.class_of(class) == type_class() {
            return self.is_instance_plain(value, class);
        }
        if let Some(classes) = class.downcast::<Tuple>() {
            self.check_recursion(" in __instancecheck__")?;
            for class in classes.items() {
                if self.is_instance(value, *class)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(union) = class.downcast::<Union>() {
            for class in union.arguments().items() {
                if self.is_instance(value, *class)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        self.check_recursion(" in __instancecheck__")?;
        match self.call_special(class, id::__instancecheck__, &[value])? {
            Some(result) => self.truth(result),
            None => self.is_instance_plain(value, class),
        }
    }

    /// `type.__instancecheck__`.
    pub fn is_instance_plain(&mut self, value: Value, class: Value) -> Result<bool> {
        if let Some(class) = class.downcast::<Class>() {
            let own = self.class_of(value);
            if own.is_subclass_of(class) {
                return Ok(true);
            }
            let name = self.name(id::__class__);
            return Ok(match self.lookup_attr(value, name)? {
                Some(claimed) if claimed != own.value() => {
                    claimed.downcast::<Class>().is_some_and(|claimed| claimed.is_subclass_of(class))
                }
                _ => false,
            });
        }
        if !self.has_bases(class)? {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        }
        let name = self.name(id::__class__);
        match self.lookup_attr(value, name)? {
            Some(own) => self.is_abstract_subclass(own, class),
            None => Ok(false),
        }
    }

    fn has_bases(&mut self, class: Value) -> Result<bool> {
        let name = self.name(id::__bases__);
        Ok(self.lookup_attr(class, name)?.is_some_and(|bases| bases.downcast::<Tuple>().is_some()))
    }

    fn is_abstract_subclass(&mut self, derived: Value, class: Value) -> Result<bool> {
        self.check_recursion(" in __issubclass__")?;
        if derived == class {
            return Ok(true);
        }
        let name = self.name(id::__bases__);
        let Some(bases) = self.lookup_attr(derived, name)?.and_then(Value::downcast::<Tuple>) else {
            return Ok(false);
        };
        for base in bases.items() {
            if self.is_abstract_subclass(*base, class)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `issubclass(derived, class)`.
    pub fn is_subclass(&mut self, derived: Value, class: Value) -> Result<bool> {
        if self.class_of(class) == type_class() {
            if derived == class {
                return Ok(true);
            }
            return self.is_subclass_plain(derived, class);
        }
        if let Some(classes) = class.downcast::<Tuple>() {
            self.check_recursion(" in __subclasscheck__")?;
            for class in classes.items() {
                if self.is_subclass(derived, *class)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(union) = class.downcast::<Union>() {
            for class in union.arguments().items() {
                if self.is_subclass(derived, *class)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        self.check_recursion(" in __subclasscheck__")?;
        match self.call_special(class, id::__subclasscheck__, &[derived])? {
            Some(result) => self.truth(result),
            None => self.is_subclass_plain(derived, class),
        }
    }

    /// `type.__subclasscheck__`.
    pub fn is_subclass_plain(&mut self, derived: Value, class: Value) -> Result<bool> {
        if let (Some(derived), Some(class)) = (derived.downcast::<Class>(), class.downcast::<Class>()) {
            return Ok(derived.is_subclass_of(class));
        }
        if derived.downcast::<Class>().is_none() && !self.has_bases(derived)? {
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        }
        if class.downcast::<Class>().is_none() && !self.has_bases(class)? {
            return Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
        }
        self.is_abstract_subclass(derived, class)
    }
}
