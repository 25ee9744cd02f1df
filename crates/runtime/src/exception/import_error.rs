//! `ImportError`: which module, from where. CPython: `Objects/exceptions.c`.
//!
//! Invariant: `msg` is the sole argument or nothing.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::{BaseException, default_str};
use crate::exception::name_error::keyword_fields;
use crate::instance::instance_dict;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `ImportError` and `ModuleNotFoundError`.
#[derive(Trace)]
#[repr(C)]
pub struct ImportError {
    base: BaseException,
    msg: Slot,
    name: Slot,
    path: Slot,
    name_from: Slot,
}

impl ImportError {
    pub(super) fn from_base(base: BaseException) -> ImportError {
        let msg = base.sole_argument();
        ImportError {
            base,
            msg: Slot::new_option(msg),
            name: Slot::EMPTY,
            path: Slot::EMPTY,
            name_from: Slot::EMPTY,
        }
    }

    /// Sets all fields.
    pub fn fill(
        &self,
        msg: Option<Value>,
        name: Option<Value>,
        path: Option<Value>,
        name_from: Option<Value>,
    ) {
        self.msg.store_option(msg);
        self.name.store_option(name);
        self.path.store_option(path);
        self.name_from.store_option(name_from);
    }

    /// `name`, and `name_from` of a failed `from .. import`.
    pub fn names(&self) -> (Option<Value>, Option<Value>) {
        (self.name.load(), self.name_from.load())
    }
}

/// Import can't find module, or can't find name in module.
#[class(name = "ImportError", kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::exception, flags = BASETYPE | HAS_DICT)]
impl ImportError {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, ImportError::from_base(BaseException::body(args))))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        this.base.set_arguments(args);
        let [name, path, name_from] =
            keyword_fields(cx, "ImportError", kwargs, ["name", "path", "name_from"])?;
        this.fill(this.base.sole_argument(), name, path, name_from);
        Ok(())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Str>> {
        match this.msg.load().and_then(|msg| msg.downcast::<Str>()) {
            Some(msg) if cx.is_exact_str(msg.value()) => Ok(msg),
            _ => default_str(cx, &this.base),
        }
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let own = instance_dict(cx, this.value()).filter(|dict| !dict.is_empty());
        let fields = [("name", &this.name), ("path", &this.path), ("name_from", &this.name_from)];
        let state = if fields.iter().any(|(_, slot)| slot.load().is_some()) {
            let state = match own {
                Some(dict) => dict.copy(cx),
                None => cx.new_dict(),
            };
            for (name, slot) in fields {
                if let Some(value) = slot.load() {
                    let name = cx.intern(name);
                    state.set_str(cx, name, value);
                }
            }
            Some(state)
        } else {
            own
        };
        let (class, args) = (cx.class_of(this.value()).value(), this.base.arguments().value());
        Ok(match state {
            Some(state) => cx.new_tuple(&[class, args, state.value()]).value(),
            None => cx.new_tuple(&[class, args]).value(),
        })
    }

    /// exception message
    #[getter]
    fn msg(&self) -> Value {
        self.msg.load_or_none()
    }

    #[setter]
    fn set_msg(&self, value: Option<Value>) {
        self.msg.store_option(value);
    }

    /// module name
    #[getter]
    fn name(&self) -> Value {
        self.name.load_or_none()
    }

    #[setter]
    fn set_name(&self, value: Option<Value>) {
        self.name.store_option(value);
    }

    /// module path
    #[getter]
    fn path(&self) -> Value {
        self.path.load_or_none()
    }

    #[setter]
    fn set_path(&self, value: Option<Value>) {
        self.path.store_option(value);
    }

    /// name imported from module
    #[getter]
    fn name_from(&self) -> Value {
        self.name_from.load_or_none()
    }

    #[setter]
    fn set_name_from(&self, value: Option<Value>) {
        self.name_from.store_option(value);
    }
}
