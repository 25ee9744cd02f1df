//! `SyntaxError`: where the source is wrong. CPython: `Objects/exceptions.c`.
//!
//! Invariant: every field is EMPTY or what the second argument's items (or an assignment) gave.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::{BaseException, refuse_keywords};
use crate::exception::hierarchy::ClassFn;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::int::Int;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `SyntaxError` and its subclasses.
#[derive(Trace)]
#[repr(C)]
pub struct SyntaxError {
    base: BaseException,
    msg: Slot,
    filename: Slot,
    lineno: Slot,
    offset: Slot,
    text: Slot,
    end_lineno: Slot,
    end_offset: Slot,
    print_file_and_line: Slot,
    metadata: Slot,
}

/// What the compiler knows about a syntax error. Lines count from 1, offsets are 1-based characters.
pub struct SyntaxErrorDetails<'a> {
    pub message: &'a str,
    pub filename: Value,
    pub lineno: i64,
    pub offset: i64,
    /// The source line, None where it is not known.
    pub text: Option<&'a str>,
    pub end_lineno: i64,
    pub end_offset: i64,
}

impl Context {
    /// A SyntaxError (or the subclass `class`) as the compiler raises it; not raised yet.
    pub fn new_syntax_error(&self, class: ClassFn, details: &SyntaxErrorDetails<'_>) -> Value {
        let text = details.text.map_or(Value::NONE, |text| self.new_str(text).value());
        let location = self.new_tuple(&[
            details.filename,
            self.new_int(details.lineno),
            self.new_int(details.offset),
            text,
            self.new_int(details.end_lineno),
            self.new_int(details.end_offset),
        ]);
        let message = self.new_str(details.message).value();
        let exception = self.new_exception(class, &[message, location.value()]);
        if let Some(body) = exception.downcast::<SyntaxError>() {
            body.set_location(location.items());
        }
        exception
    }
}

/// The fields of a SyntaxError, for whoever prints it.
pub struct Location {
    pub msg: Option<Value>,
    pub filename: Option<Value>,
    pub lineno: Option<Value>,
    pub offset: Option<Value>,
    pub text: Option<Value>,
    pub end_lineno: Option<Value>,
    pub end_offset: Option<Value>,
}

impl SyntaxError {
    pub(super) fn from_base(base: BaseException) -> SyntaxError {
        let msg = base.arguments().items().first().copied();
        SyntaxError {
            base,
            msg: Slot::new_option(msg),
            filename: Slot::EMPTY,
            lineno: Slot::EMPTY,
            offset: Slot::EMPTY,
            text: Slot::EMPTY,
            end_lineno: Slot::EMPTY,
            end_offset: Slot::EMPTY,
            print_file_and_line: Slot::EMPTY,
            metadata: Slot::EMPTY,
        }
    }

    fn set_location(&self, items: &[Value]) {
        let fields = [
            &self.filename,
            &self.lineno,
            &self.offset,
            &self.text,
            &self.end_lineno,
            &self.end_offset,
            &self.metadata,
        ];
        for (index, field) in fields.into_iter().enumerate() {
            field.store_option(items.get(index).copied());
        }
    }

    /// A copy of the fields; None counts as nothing.
    pub fn location(&self) -> Location {
        let field = |slot: &Slot| slot.load().and_then(Value::not_none);
        Location {
            msg: field(&self.msg),
            filename: field(&self.filename),
            lineno: field(&self.lineno),
            offset: field(&self.offset),
            text: field(&self.text),
            end_lineno: field(&self.end_lineno),
            end_offset: field(&self.end_offset),
        }
    }
}

/// The part of a path after its last separator.
fn basename(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Invalid syntax.
#[class(name = "SyntaxError", kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::exception, flags = BASETYPE | HAS_DICT)]
impl SyntaxError {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        let this = cx.new_instance(class, SyntaxError::from_base(BaseException::body(args)));
        this.msg.clear();
        Ok(this)
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        refuse_keywords(cx, cx.class_of(this.value()), kwargs)?;
        this.base.set_arguments(args);
        if let Some(msg) = args.items().first() {
            this.msg.store(*msg);
        }
        let [_, info] = args.items() else {
            return Ok(());
        };
        let info = cx.to_tuple(*info)?;
        let given = info.items().len();
        if given < 4 {
            return Err(cx.type_error(format!("function takes at least 4 arguments ({given} given)")));
        }
        if given > 7 {
            return Err(cx.type_error(format!("function takes at most 7 arguments ({given} given)")));
        }
        this.set_location(info.items());
        if given == 5 {
            return Err(cx.type_error("end_offset must be provided when end_lineno is provided"));
        }
        Ok(())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let msg = cx.str(this.msg.load_or_none())?;
        let filename = this.filename.load().and_then(|filename| filename.downcast::<Str>());
        let lineno = match this.lineno.load() {
            Some(lineno) if cx.is_exact::<Int>(lineno) => lineno.as_small_int(),
            _ => None,
        };
        let mut text = StrBuilder::new();
        text.push(msg);
        match (filename, lineno) {
            (None, None) => return Ok(msg.value()),
            (Some(filename), Some(lineno)) => {
                text.push_str(&format!(" ({}, line {lineno})", basename(&filename.to_str())));
            }
            (Some(filename), None) => text.push_str(&format!(" ({})", basename(&filename.to_str()))),
            (None, Some(lineno)) => text.push_str(&format!(" (line {lineno})")),
        }
        Ok(text.finish(cx).value())
    }

    /// exception msg
    #[getter]
    fn msg(&self) -> Value {
        self.msg.load_or_none()
    }

    #[setter]
    fn set_msg(&self, value: Option<Value>) {
        self.msg.store_option(value);
    }

    /// exception filename
    #[getter]
    fn filename(&self) -> Value {
        self.filename.load_or_none()
    }

    #[setter]
    fn set_filename(&self, value: Option<Value>) {
        self.filename.store_option(value);
    }

    /// exception lineno
    #[getter]
    fn lineno(&self) -> Value {
        self.lineno.load_or_none()
    }

    #[setter]
    fn set_lineno(&self, value: Option<Value>) {
        self.lineno.store_option(value);
    }

    /// exception offset
    #[getter]
    fn offset(&self) -> Value {
        self.offset.load_or_none()
    }

    #[setter]
    fn set_offset(&self, value: Option<Value>) {
        self.offset.store_option(value);
    }

    /// exception text
    #[getter]
    fn text(&self) -> Value {
        self.text.load_or_none()
    }

    #[setter]
    fn set_text(&self, value: Option<Value>) {
        self.text.store_option(value);
    }

    /// exception end lineno
    #[getter]
    fn end_lineno(&self) -> Value {
        self.end_lineno.load_or_none()
    }

    #[setter]
    fn set_end_lineno(&self, value: Option<Value>) {
        self.end_lineno.store_option(value);
    }

    /// exception end offset
    #[getter]
    fn end_offset(&self) -> Value {
        self.end_offset.load_or_none()
    }

    #[setter]
    fn set_end_offset(&self, value: Option<Value>) {
        self.end_offset.store_option(value);
    }

    /// exception print_file_and_line
    #[getter]
    fn print_file_and_line(&self) -> Value {
        self.print_file_and_line.load_or_none()
    }

    #[setter]
    fn set_print_file_and_line(&self, value: Option<Value>) {
        self.print_file_and_line.store_option(value);
    }

    /// exception private metadata
    #[getter(name = "_metadata")]
    fn metadata(&self) -> Value {
        self.metadata.load_or_none()
    }

    #[setter(name = "_metadata")]
    fn set_metadata(&self, value: Option<Value>) {
        self.metadata.store_option(value);
    }
}
