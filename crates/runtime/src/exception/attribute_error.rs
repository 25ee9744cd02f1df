//! `AttributeError` with the object and the name that was looked up. CPython: `Objects/exceptions.c`.
//!
//! Invariant: `obj` and `name` are EMPTY or any object; pickling keeps `name` and drops `obj`.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::BaseException;
use crate::exception::name_error::keyword_fields;
use crate::instance::instance_dict;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `AttributeError`.
#[derive(Trace)]
#[repr(C)]
pub struct AttributeError {
    base: BaseException,
    obj: Slot,
    name: Slot,
}

impl AttributeError {
    pub(super) fn from_base(base: BaseException) -> AttributeError {
        AttributeError { base, obj: Slot::EMPTY, name: Slot::EMPTY }
    }

    /// Fills `name` and `obj`.
    pub fn set_subject(&self, name: Value, obj: Value) {
        self.name.store(name);
        self.obj.store(obj);
    }

    /// The object and the name, if the raiser told them.
    pub fn subject(&self) -> Option<(Value, Value)> {
        Some((self.obj.load()?, self.name.load()?))
    }

    /// Whether neither is filled yet: natives that look up on behalf of others fill it then.
    pub fn lacks_subject(&self) -> bool {
        self.obj.load().is_none() && self.name.load().is_none()
    }
}

/// Attribute not found.
#[class(name = "AttributeError", kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::exception, flags = BASETYPE | HAS_DICT)]
impl AttributeError {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, AttributeError::from_base(BaseException::body(args))))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        this.base.set_arguments(args);
        let [name, obj] = keyword_fields(cx, "AttributeError", kwargs, ["name", "obj"])?;
        this.name.store_option(name);
        this.obj.store_option(obj);
        Ok(())
    }

    #[function("()", name = "__getstate__")]
    fn getstate(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let state = match instance_dict(cx, this.value()) {
            Some(dict) => dict.copy(cx),
            None => cx.new_dict(),
        };
        if let Some(name) = this.name.load() {
            let key = cx.intern("name");
            state.set_str(cx, key, name);
        }
        let (key, args) = (cx.intern("args"), this.base.arguments().value());
        state.set_str(cx, key, args);
        Ok(state.value())
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let state = Self::getstate(this, cx)?;
        let class = cx.class_of(this.value()).value();
        Ok(cx.new_tuple(&[class, this.base.arguments().value(), state]).value())
    }

    /// attribute name
    #[getter]
    fn name(&self) -> Value {
        self.name.load_or_none()
    }

    #[setter]
    fn set_name(&self, value: Option<Value>) {
        self.name.store_option(value);
    }

    /// object
    #[getter]
    fn obj(&self) -> Value {
        self.obj.load_or_none()
    }

    #[setter]
    fn set_obj(&self, value: Option<Value>) {
        self.obj.store_option(value);
    }
}
