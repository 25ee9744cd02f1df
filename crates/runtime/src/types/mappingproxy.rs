//! `mappingproxy`, a read-only view of a mapping. CPython: `Objects/descrobject.c`.
//!
//! Invariant: nothing here writes to the mapping.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::number::BinaryOp;
use crate::types::dict::Dict;
use crate::types::generic_alias::GenericAlias;
use crate::types::list::List;
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Shows a mapping.
#[derive(Trace)]
pub struct MappingProxy {
    mapping: Value,
}

impl MappingProxy {
    pub fn of(cx: &Context, mapping: Value) -> Gc<MappingProxy> {
        cx.new_object(MappingProxy { mapping })
    }

    /// The proxy of a dict (`cls.__dict__`).
    pub fn of_dict(cx: &Context, dict: Gc<Dict>) -> Gc<MappingProxy> {
        MappingProxy::of(cx, dict.value())
    }

    pub fn mapping(&self) -> Value {
        self.mapping
    }
}

/// The mapping behind a proxy, or the value itself.
fn unwrap(value: Value) -> Value {
    value.downcast::<MappingProxy>().map_or(value, |proxy| proxy.mapping)
}

/// Read-only proxy of a mapping.
#[class(name = "mappingproxy", kind = MAPPINGPROXY, by_kind, flags = MAPPING)]
impl MappingProxy {
    #[new("(mapping)")]
    fn new(cx: &mut Context, class: Gc<Class>, mapping: Value) -> Result<Gc<Self>> {
        let has_items = cx.class_of(mapping).slots.get_item.is_set();
        if !has_items || mapping.downcast::<List>().is_some() || mapping.downcast::<Tuple>().is_some() {
            let name = cx.type_name(mapping);
            return Err(cx.type_error(format!("mappingproxy() argument must be a mapping, not {name}")));
        }
        Ok(cx.new_instance(class, MappingProxy { mapping }))
    }

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> Result<usize> {
        cx.len(self.mapping)
    }

    #[slot(iter)]
    fn iter(&self, cx: &mut Context) -> Result<Value> {
        cx.iter(self.mapping)
    }

    #[slot(get_item)]
    fn get_item(&self, cx: &mut Context, key: Value) -> Result<Value> {
        cx.get_item(self.mapping, key)
    }

    #[slot(contains)]
    fn contains(&self, cx: &mut Context, key: Value) -> Result<bool> {
        cx.contains(self.mapping, key)
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        cx.hash(self.mapping)
    }

    #[slot(str)]
    fn str(&self, cx: &mut Context) -> Result<Value> {
        Ok(cx.str(self.mapping)?.value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let mut text = StrBuilder::new();
        text.push_str("mappingproxy(");
        text.push(cx.repr(self.mapping)?);
        text.push_str(")");
        Ok(text.finish(cx).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        match a.downcast::<MappingProxy>() {
            Some(a) => cx.compare(a.mapping, b, op),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(or)]
    fn or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Or, unwrap(a), unwrap(b))
    }

    #[slot(inplace_or)]
    fn inplace_or(this: Gc<Self>, cx: &mut Context, _other: Value) -> Result<Value> {
        let name = cx.type_name(this.value());
        Err(cx.type_error(format!("'|=' is not supported by {name}; use '|' instead")))
    }

    /// Return the value for key if the mapping has it, else default.
    #[function("(key, default=None, /)")]
    fn get(&self, cx: &mut Context, key: Value, default: Value) -> Result<Value> {
        cx.call_method(self.mapping, "get", &[key, default])
    }

    /// D.keys() -> a view of D's keys
    #[function("()")]
    fn keys(&self, cx: &mut Context) -> Result<Value> {
        cx.call_method(self.mapping, "keys", &[])
    }

    /// D.values() -> a view of D's values
    #[function("()")]
    fn values(&self, cx: &mut Context) -> Result<Value> {
        cx.call_method(self.mapping, "values", &[])
    }

    /// D.items() -> a view of D's items
    #[function("()")]
    fn items(&self, cx: &mut Context) -> Result<Value> {
        cx.call_method(self.mapping, "items", &[])
    }

    /// D.copy() -> a shallow copy of D
    #[function("()")]
    fn copy(&self, cx: &mut Context) -> Result<Value> {
        cx.call_method(self.mapping, "copy", &[])
    }

    /// D.__reversed__() -> iterate backwards
    #[function("()")]
    fn __reversed__(&self, cx: &mut Context) -> Result<Value> {
        cx.call_method(self.mapping, "__reversed__", &[])
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}
