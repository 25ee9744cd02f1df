//! Subscription. CPython: `PyObject_GetItem` and its family in `Objects/abstract.c`.

use crate::context::Context;
use crate::error::Result;
use crate::names::id;
use crate::value::Value;

impl Context {
    /// `object[key]`.
    pub fn get_item(&mut self, object: Value, key: Value) -> Result {
        if let Some(get) = self.class_of(object).slots.get_item.get() {
            return get(self, object, key);
        }
        if crate::types::type_::is_class(object) {
            if object == crate::types::type_::type_class().value() {
                return Ok(crate::types::generic_alias::GenericAlias::new(self, object, key).value());
            }
            let name = self.name(id::__class_getitem__);
            if let Some(method) = self.lookup_attr(object, name)?
                && !method.is_none()
            {
                return self.call(method, &[key]);
            }
            let class = object.downcast::<crate::types::type_::Class>();
            let name = class.map(|class| class.name().to_str().into_owned()).unwrap_or_default();
            return Err(self.type_error(format!("type '{name}' is not subscriptable")));
        }
        Err(self.type_error(format!("'{}' object is not subscriptable", self.type_name(object))))
    }

    /// `object[key] = value`.
    pub fn set_item(&mut self, object: Value, key: Value, value: Value) -> Result<()> {
        match self.class_of(object).slots.set_item.get() {
            Some(set) => set(self, object, key, Some(value)),
            None => Err(self
                .type_error(format!("'{}' object does not support item assignment", self.type_name(object)))),
        }
    }

    /// `del object[key]`.
    pub fn del_item(&mut self, object: Value, key: Value) -> Result<()> {
        let class = self.class_of(object);
        if let Some(set) = class.slots.set_item.get() {
            return set(self, object, key, None);
        }
        // CPython words it in two ways; what may be a sequence has the other one for an index.
        let sequence = class.is_heap() || class.slots.len.is_set() || class.slots.contains.is_set();
        let not = if sequence && self.has_index(key) { "doesn't" } else { "does not" };
        Err(self.type_error(format!("'{}' object {not} support item deletion", self.type_name(object))))
    }
}
