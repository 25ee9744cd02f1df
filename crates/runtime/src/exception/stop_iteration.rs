//! `StopIteration` and `SystemExit`: exceptions that carry a value. CPython: `Objects/exceptions.c`.
//!
//! Invariant: the value is what `__init__` derived from the arguments until somebody assigns another.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::{BaseException, refuse_keywords};
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `StopIteration`.
#[derive(Trace)]
#[repr(C)]
pub struct StopIteration {
    base: BaseException,
    value: Slot,
}

impl StopIteration {
    /// The body around `base`, its value the first argument.
    pub(super) fn from_base(base: BaseException) -> StopIteration {
        let value = base.arguments().items().first().copied();
        StopIteration { base, value: Slot::new(value.unwrap_or(Value::NONE)) }
    }

    /// What the generator returned.
    pub fn returned(&self) -> Value {
        self.value.load_or_none()
    }
}

/// Signal the end from iterator.__next__().
#[class(name = "StopIteration", kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::exception, flags = BASETYPE | HAS_DICT)]
impl StopIteration {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, StopIteration { base: BaseException::body(args), value: Slot::EMPTY }))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        refuse_keywords(cx, cx.class_of(this.value()), kwargs)?;
        this.base.set_arguments(args);
        this.value.store(args.items().first().copied().unwrap_or(Value::NONE));
        Ok(())
    }

    /// generator return value
    #[getter]
    fn value(&self) -> Value {
        self.value.load_or_none()
    }

    #[setter]
    fn set_value(&self, value: Option<Value>) {
        self.value.store_option(value);
    }
}

/// Body of `SystemExit`.
#[derive(Trace)]
#[repr(C)]
pub struct SystemExit {
    base: BaseException,
    code: Slot,
}

/// The exit code that the arguments of a SystemExit mean: nothing, the one, or all of them.
fn code_of(args: Gc<Tuple>) -> Option<Value> {
    match args.items() {
        [] => None,
        [code] => Some(*code),
        _ => Some(args.value()),
    }
}

impl SystemExit {
    /// The body around `base`, its code taken from the arguments.
    pub(super) fn from_base(base: BaseException) -> SystemExit {
        let code = code_of(base.arguments());
        SystemExit { base, code: Slot::new_option(code) }
    }

    /// The exit code or message, None where there is none.
    pub fn exit_code(&self) -> Value {
        self.code.load_or_none()
    }
}

/// Request to exit from the interpreter.
#[class(name = "SystemExit", kind = EXCEPTION, base = BaseException, flags = BASETYPE | HAS_DICT)]
impl SystemExit {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, SystemExit { base: BaseException::body(args), code: Slot::EMPTY }))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        refuse_keywords(cx, cx.class_of(this.value()), kwargs)?;
        this.base.set_arguments(args);
        if let Some(code) = code_of(args) {
            this.code.store(code);
        }
        Ok(())
    }

    /// exception code
    #[getter]
    fn code(&self) -> Value {
        self.code.load_or_none()
    }

    #[setter]
    fn set_code(&self, value: Option<Value>) {
        self.code.store_option(value);
    }
}
