//! `BaseException` and the body that every exception begins with. CPython: `Objects/exceptions.c`.
//!
//! Invariant: `traceback` holds a traceback or nothing, `context` and `cause` an exception or nothing;
//! None is stored as EMPTY.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::instance::instance_dict;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::{Str, StrBuilder};
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// What every exception holds. Layouts of richer exceptions begin with it.
#[derive(Trace)]
#[repr(C)]
pub struct BaseException {
    args: TypedSlot<Tuple>,
    traceback: Slot,
    context: Slot,
    cause: Slot,
    suppress_context: AtomicBool,
}

impl BaseException {
    /// A body with these arguments and nothing else.
    pub fn body(args: Gc<Tuple>) -> BaseException {
        BaseException {
            args: TypedSlot::new(args),
            traceback: Slot::EMPTY,
            context: Slot::EMPTY,
            cause: Slot::EMPTY,
            suppress_context: AtomicBool::new(false),
        }
    }

    /// `args`.
    pub fn arguments(&self) -> Gc<Tuple> {
        self.args.load().expect("an exception is created with args")
    }

    /// Replaces `args`.
    pub fn set_arguments(&self, args: Gc<Tuple>) {
        self.args.store(args);
    }

    /// The one argument, if there is exactly one.
    pub fn sole_argument(&self) -> Option<Value> {
        match self.arguments().items() {
            [argument] => Some(*argument),
            _ => None,
        }
    }

    /// `__traceback__`, None as nothing.
    pub fn traceback(&self) -> Option<Value> {
        self.traceback.load()
    }

    /// Sets `__traceback__`; the caller passes a traceback.
    pub fn set_traceback(&self, traceback: Option<Value>) {
        self.traceback.store_option(traceback);
    }

    /// `__context__`, None as nothing.
    pub fn context(&self) -> Option<Value> {
        self.context.load()
    }

    /// Sets `__context__`; the caller passes an exception.
    pub fn set_context(&self, context: Option<Value>) {
        self.context.store_option(context);
    }

    /// `__cause__`, None as nothing.
    pub fn cause(&self) -> Option<Value> {
        self.cause.load()
    }

    /// Sets `__cause__` and, as the language says, `__suppress_context__`.
    pub fn set_cause(&self, cause: Option<Value>) {
        self.cause.store_option(cause);
        self.suppress_context.store(true, Ordering::Release);
    }

    /// `__suppress_context__`.
    pub fn suppresses_context(&self) -> bool {
        self.suppress_context.load(Ordering::Acquire)
    }
}

/// The tuple of positional arguments and the check that no keyword came along.
pub(super) fn refuse_keywords(cx: &Context, class: Gc<Class>, kwargs: Gc<Dict>) -> Result<()> {
    if kwargs.len() == 0 {
        return Ok(());
    }
    Err(cx.type_error(format!("{}() takes no keyword arguments", class.name().to_str())))
}

/// An exception as an optional field: None means nothing, anything but an exception is refused.
fn exception_or_none(cx: &Context, value: Value, message: &str) -> Result<Option<Value>> {
    if value.is_none() {
        return Ok(None);
    }
    match value.downcast::<BaseException>() {
        Some(_) => Ok(Some(value)),
        None => Err(cx.type_error(message)),
    }
}

/// `str()` of an exception whose class adds nothing to it.
pub fn default_str(cx: &mut Context, exception: &BaseException) -> Result<Gc<Str>> {
    let args = exception.arguments();
    match args.items() {
        [] => Ok(cx.new_str("")),
        [argument] => cx.str(*argument),
        _ => cx.str(args.value()),
    }
}

/// Common base class for all exceptions.
#[class(name = "BaseException", kind = EXCEPTION, by_kind, flags = BASETYPE | HAS_DICT | EXCEPTION)]
impl BaseException {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, BaseException::body(args)))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        refuse_keywords(cx, cx.class_of(this.value()), kwargs)?;
        this.set_arguments(args);
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let args = this.arguments();
        let name = cx.class_of(this.value()).name();
        let mut text = StrBuilder::new();
        text.push(name);
        match args.items() {
            [argument] => {
                let argument = cx.repr(*argument)?;
                text.push_str("(");
                text.push(argument);
                text.push_str(")");
            }
            _ => text.push(cx.repr(args.value())?),
        }
        Ok(text.finish(cx).value())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Str>> {
        default_str(cx, &this)
    }

    /// Helper for pickle.
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value()).value();
        let args = this.arguments().value();
        match instance_dict(cx, this.value()).filter(|dict| !dict.is_empty()) {
            Some(dict) => Ok(cx.new_tuple(&[class, args, dict.value()]).value()),
            None => Ok(cx.new_tuple(&[class, args]).value()),
        }
    }

    #[function("(state, /)", name = "__setstate__")]
    fn setstate(this: Gc<Self>, cx: &mut Context, state: Value) -> Result<()> {
        if state.is_none() {
            return Ok(());
        }
        let Some(state) = state.downcast::<Dict>() else {
            return Err(cx.type_error("state is not a dictionary"));
        };
        let mut index = 0;
        while let Some((next, key, value)) = state.next_entry(index) {
            index = next;
            let Some(name) = key.downcast::<Str>() else {
                let message = format!("attribute name must be string, not '{}'", cx.type_name(key));
                return Err(cx.type_error(message));
            };
            let name = name.intern(cx);
            cx.set_attr(this.value(), name, value)?;
        }
        Ok(())
    }

    /// Set self.__traceback__ to tb and return self.
    #[function("(tb, /)")]
    fn with_traceback(this: Gc<Self>, cx: &mut Context, tb: Value) -> Result<Value> {
        this.set_traceback_checked(cx, Some(tb))?;
        Ok(this.value())
    }

    /// Add a note to the exception.
    #[function("(note, /)")]
    fn add_note(this: Gc<Self>, cx: &mut Context, note: Value) -> Result<()> {
        if note.downcast::<Str>().is_none() {
            return Err(cx.type_error(format!("add_note() argument must be str, not {}", cx.type_name(note))));
        }
        let name = cx.intern("__notes__");
        let notes = match cx.lookup_attr(this.value(), name)? {
            Some(notes) => notes,
            None => {
                let notes = cx.new_list(&[]).value();
                cx.set_attr(this.value(), name, notes)?;
                notes
            }
        };
        match notes.downcast::<List>() {
            Some(list) => {
                list.push(cx, note);
                Ok(())
            }
            None => Err(cx.type_error("Cannot add note: __notes__ is not a list")),
        }
    }

    #[getter]
    fn args(&self) -> Value {
        self.arguments().value()
    }

    #[setter]
    fn set_args(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.type_error("args may not be deleted"));
        };
        let args = cx.to_tuple(value)?;
        self.set_arguments(args);
        Ok(())
    }

    #[getter(name = "__traceback__")]
    fn traceback_attribute(&self) -> Value {
        self.traceback.load_or_none()
    }

    #[setter(name = "__traceback__")]
    fn set_traceback_checked(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        match value {
            None => return Err(cx.type_error("__traceback__ may not be deleted")),
            Some(Value::NONE) => self.set_traceback(None),
            Some(value) if value.downcast::<Traceback>().is_some() => self.set_traceback(Some(value)),
            Some(_) => return Err(cx.type_error("__traceback__ must be a traceback or None")),
        }
        Ok(())
    }

    #[getter(name = "__context__")]
    fn context_attribute(&self) -> Value {
        self.context.load_or_none()
    }

    #[setter(name = "__context__")]
    fn set_context_checked(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.type_error("__context__ may not be deleted"));
        };
        let message = "exception context must be None or derive from BaseException";
        self.set_context(exception_or_none(cx, value, message)?);
        Ok(())
    }

    #[getter(name = "__cause__")]
    fn cause_attribute(&self) -> Value {
        self.cause.load_or_none()
    }

    #[setter(name = "__cause__")]
    fn set_cause_checked(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.type_error("__cause__ may not be deleted"));
        };
        let message = "exception cause must be None or derive from BaseException";
        self.set_cause(exception_or_none(cx, value, message)?);
        Ok(())
    }

    #[getter(name = "__suppress_context__")]
    fn suppress_context_attribute(&self) -> bool {
        self.suppresses_context()
    }

    #[setter(name = "__suppress_context__")]
    fn set_suppress_context(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        let flag = match value {
            None => return Err(cx.type_error("can't delete numeric/char attribute")),
            Some(Value::TRUE) => true,
            Some(Value::FALSE) => false,
            Some(_) => return Err(cx.type_error("attribute value type must be bool")),
        };
        self.suppress_context.store(flag, Ordering::Release);
        Ok(())
    }
}
