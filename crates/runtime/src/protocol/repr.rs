//! `repr`, `str`, `ascii`, `format`. CPython: `Objects/object.c`.

use crate::context::Context;
use crate::error::Result;
use crate::identity::Identity;
use crate::names::id;
use crate::object::Gc;
use crate::types::str::{Str, Units};
use crate::value::Value;

impl Context {
    /// `repr(value)`.
    pub fn repr(&mut self, value: Value) -> Result<Gc<Str>> {
        self.check_recursion(" while getting the repr of an object")?;
        let class = self.class_of(value);
        let text = match class.slots.repr.get() {
            Some(repr) => repr(self, value)?,
            None => {
                return Ok(self.new_str(&format!(
                    "<{} object at {:#x}>",
                    class.name().to_str(),
                    value.bits()
                )));
            }
        };
        match text.downcast::<Str>() {
            Some(text) => Ok(text),
            None => {
                Err(self.type_error(format!("__repr__ returned non-string (type {})", self.type_name(text))))
            }
        }
    }

    /// `str(value)`.
    pub fn str(&mut self, value: Value) -> Result<Gc<Str>> {
        if let Some(text) = self.exact::<Str>(value) {
            return Ok(text);
        }
        self.check_recursion(" while getting the str of an object")?;
        let Some(str) = self.class_of(value).slots.str.get() else { return self.repr(value) };
        let text = str(self, value)?;
        match text.downcast::<Str>() {
            Some(text) => Ok(text),
            None => {
                Err(self.type_error(format!("__str__ returned non-string (type {})", self.type_name(text))))
            }
        }
    }

    /// `format(value, spec)`.
    pub fn format(&mut self, value: Value, spec: Gc<Str>) -> Result<Gc<Str>> {
        if spec.len() == 0 {
            if let Some(text) = self.exact::<Str>(value) {
                return Ok(text);
            }
        }
        if let Units::One(spec) = spec.units()
            && let Some(text) = crate::quick::format(self, value, spec)
        {
            return Ok(text);
        }
        let Some(text) = self.call_special(value, id::__format__, &[spec.value()])? else {
            return Err(self.type_error(format!("Type {} doesn't define __format__", self.type_name(value))));
        };
        match text.downcast::<Str>() {
            Some(text) => Ok(text),
            None => {
                Err(self.type_error(format!("__format__ must return a str, not {}", self.type_name(text))))
            }
        }
    }

    /// Runs `f` unless the repr of `value` is being made further up; then `None` (`Py_ReprEnter`).
    pub fn guard_repr<R>(
        &mut self,
        value: Value,
        f: impl FnOnce(&mut Context) -> Result<R>,
    ) -> Result<Option<R>> {
        let identity = Identity::of(value);
        if self.locals.reprs.borrow().contains(&identity) {
            return Ok(None);
        }
        self.locals.reprs.borrow_mut().push(identity);
        let result = f(self);
        self.locals.reprs.borrow_mut().pop();
        result.map(Some)
    }
}
