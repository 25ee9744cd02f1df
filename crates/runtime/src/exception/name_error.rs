//! `NameError` and what carries its `name`. CPython: `Objects/exceptions.c`.
//!
//! Invariant: `name` is EMPTY or any object; only suggestions read it.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::BaseException;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `NameError` and `UnboundLocalError`.
#[derive(Trace)]
#[repr(C)]
pub struct NameError {
    base: BaseException,
    name: Slot,
}

/// Takes the keyword-only fields `names` of an exception out of `kwargs`; any other keyword is refused.
/// CPython: the `|$OO:NameError` parser, whose function name is the class that defines it.
pub(super) fn keyword_fields<const N: usize>(
    cx: &mut Context,
    function: &str,
    kwargs: Gc<Dict>,
    names: [&str; N],
) -> Result<[Option<Value>; N]> {
    let mut fields = [None; N];
    for (field, name) in fields.iter_mut().zip(names) {
        let name = cx.intern(name);
        *field = kwargs.get_str(cx, name);
    }
    let found = fields.iter().flatten().count();
    if kwargs.len() > found {
        return Err(unexpected_keyword(cx, function, kwargs, &names));
    }
    Ok(fields)
}

#[cold]
fn unexpected_keyword(
    cx: &mut Context,
    function: &str,
    kwargs: Gc<Dict>,
    names: &[&str],
) -> crate::error::Raised {
    let unknown = kwargs.snapshot(cx).iter().find_map(|(key, _)| {
        let key = key.downcast::<crate::types::str::Str>()?.to_str().into_owned();
        (!names.contains(&key.as_str())).then_some(key)
    });
    let unknown = unknown.unwrap_or_default();
    let hint = match crate::suggest::closest(&unknown, names.iter().copied()) {
        Some(name) => format!(". Did you mean '{name}'?"),
        None => String::new(),
    };
    cx.type_error(format!("{function}() got an unexpected keyword argument '{unknown}'{hint}"))
}

impl NameError {
    pub(super) fn from_base(base: BaseException) -> NameError {
        NameError { base, name: Slot::EMPTY }
    }

    /// Fills `name`.
    pub fn set_subject(&self, name: Value) {
        self.name.store(name);
    }

    /// The name that was not found, if the raiser told it.
    pub fn subject(&self) -> Option<Value> {
        self.name.load()
    }
}

/// Name not found globally.
#[class(name = "NameError", kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::exception, flags = BASETYPE | HAS_DICT)]
impl NameError {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, NameError::from_base(BaseException::body(args))))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        this.base.set_arguments(args);
        let [name] = keyword_fields(cx, "NameError", kwargs, ["name"])?;
        this.name.store_option(name);
        Ok(())
    }

    /// name
    #[getter]
    fn name(&self) -> Value {
        self.name.load_or_none()
    }

    #[setter]
    fn set_name(&self, value: Option<Value>) {
        self.name.store_option(value);
    }
}
