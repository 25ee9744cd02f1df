//! `OSError`: a system call failed. CPython: `Objects/exceptions.c`.
//!
//! Invariant: `OSError(errno, text)` makes the subclass of `errno`; the fields are parsed either by
//! `__new__` or, where a subclass replaces `__init__` only, by nobody but `__init__`, never twice.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::{BaseException, default_str, refuse_keywords};
use crate::exception::hierarchy::{self, ClassFn};
use crate::instance::instance_dict;
use crate::layout::Object;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `OSError` and its subclasses.
#[derive(Trace)]
#[repr(C)]
pub struct OSError {
    base: BaseException,
    errno: Slot,
    strerror: Slot,
    filename: Slot,
    filename2: Slot,
    /// An int once known.
    written: Slot,
}

/// The subclass that stands for an error number.
pub fn class_for_errno(errno: i32) -> Option<ClassFn> {
    use hierarchy::*;
    let class: ClassFn = match errno {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => blocking_io_error,
        libc::EPIPE | libc::ESHUTDOWN => broken_pipe_error,
        libc::ECHILD => child_process_error,
        libc::ECONNABORTED => connection_aborted_error,
        libc::ECONNREFUSED => connection_refused_error,
        libc::ECONNRESET => connection_reset_error,
        libc::EEXIST => file_exists_error,
        libc::ENOENT => file_not_found_error,
        libc::EISDIR => is_a_directory_error,
        libc::ENOTDIR => not_a_directory_error,
        libc::EINTR => interrupted_error,
        libc::EACCES | libc::EPERM => permission_error,
        libc::ESRCH => process_lookup_error,
        libc::ETIMEDOUT => timeout_error,
        _ => return None,
    };
    Some(class)
}

impl OSError {
    pub(super) fn from_base(base: BaseException) -> OSError {
        OSError {
            base,
            errno: Slot::EMPTY,
            strerror: Slot::EMPTY,
            filename: Slot::EMPTY,
            filename2: Slot::EMPTY,
            written: Slot::EMPTY,
        }
    }

    /// Sets the fields, with `filename` None meaning nothing.
    pub fn fill(&self, errno: Value, strerror: Value, filename: Option<Value>, filename2: Option<Value>) {
        self.errno.store(errno);
        self.strerror.store(strerror);
        self.filename.store_option(filename.and_then(Value::not_none));
        self.filename2.store_option(filename2.and_then(Value::not_none));
    }

    /// What the constructor makes of its arguments. CPython: `oserror_init`.
    fn parse(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>) -> Result<()> {
        this.base.set_arguments(args);
        let items = args.items();
        if !(2..=5).contains(&items.len()) {
            return Ok(());
        }
        this.errno.store(items[0]);
        this.strerror.store(items[1]);
        let Some(filename) = items.get(2).copied().and_then(Value::not_none) else {
            return Ok(());
        };
        let blocking = hierarchy::blocking_io_error().get();
        if cx.class_of(this.value()) == blocking && cx.is_number(filename) {
            let written = cx.index_clipped_or_value_error(filename)?;
            this.written.store(cx.new_int(written as i64));
            return Ok(());
        }
        this.filename.store(filename);
        this.filename2.store_option(items.get(4).copied().and_then(Value::not_none));
        // The file names are attributes, not arguments.
        this.base.set_arguments(cx.new_tuple(&items[..2]));
        Ok(())
    }

    /// Whether `class` replaces `__init__` but not `__new__`: then `__init__` parses the arguments.
    fn init_parses(class: Gc<Class>) -> bool {
        let native = &OSError::class_cell().get().slots;
        !class.slots.init.same(&native.init) && class.slots.new.same(&native.new)
    }
}

/// Base class for I/O related errors.
#[class(name = "OSError", kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::exception, flags = BASETYPE | HAS_DICT)]
impl OSError {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        if OSError::init_parses(class) {
            let empty = cx.new_tuple(&[]);
            return Ok(cx.new_instance(class, OSError::from_base(BaseException::body(empty))));
        }
        refuse_keywords(cx, class, kwargs)?;
        let mut class = class;
        if class == OSError::class_cell().get()
            && let [errno, _, ..] = args.items()
            && args.items().len() <= 5
            && let Some(errno) = errno.as_small_int()
            && let Some(better) = i32::try_from(errno).ok().and_then(class_for_errno)
        {
            class = better().get();
        }
        let this = cx.new_instance(class, OSError::from_base(BaseException::body(args)));
        OSError::parse(this, cx, args)?;
        Ok(this)
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let class = cx.class_of(this.value());
        if !OSError::init_parses(class) {
            return Ok(());
        }
        refuse_keywords(cx, class, kwargs)?;
        OSError::parse(this, cx, args)
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let (errno, strerror) = (this.errno.load(), this.strerror.load());
        let mut text = StrBuilder::new();
        if let Some(filename) = this.filename.load() {
            text.push_str("[Errno ");
            text.push(cx.str(errno.unwrap_or(Value::NONE))?);
            text.push_str("] ");
            text.push(cx.str(strerror.unwrap_or(Value::NONE))?);
            text.push_str(": ");
            text.push(cx.repr(filename)?);
            if let Some(filename2) = this.filename2.load() {
                text.push_str(" -> ");
                text.push(cx.repr(filename2)?);
            }
        } else if let (Some(errno), Some(strerror)) = (errno, strerror) {
            text.push_str("[Errno ");
            text.push(cx.str(errno)?);
            text.push_str("] ");
            text.push(cx.str(strerror)?);
        } else {
            return Ok(default_str(cx, &this.base)?.value());
        }
        Ok(text.finish(cx).value())
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let mut args = this.base.arguments();
        if let ([errno, strerror], Some(filename)) = (args.items(), this.filename.load()) {
            // __init__ takes the file names from the arguments.
            args = match this.filename2.load() {
                Some(filename2) => cx.new_tuple(&[*errno, *strerror, filename, Value::NONE, filename2]),
                None => cx.new_tuple(&[*errno, *strerror, filename]),
            };
        }
        let class = cx.class_of(this.value()).value();
        Ok(match instance_dict(cx, this.value()).filter(|dict| !dict.is_empty()) {
            Some(dict) => cx.new_tuple(&[class, args.value(), dict.value()]).value(),
            None => cx.new_tuple(&[class, args.value()]).value(),
        })
    }

    /// POSIX exception code
    #[getter]
    fn errno(&self) -> Value {
        self.errno.load_or_none()
    }

    #[setter]
    fn set_errno(&self, value: Option<Value>) {
        self.errno.store_option(value);
    }

    /// exception strerror
    #[getter]
    fn strerror(&self) -> Value {
        self.strerror.load_or_none()
    }

    #[setter]
    fn set_strerror(&self, value: Option<Value>) {
        self.strerror.store_option(value);
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

    /// second exception filename
    #[getter]
    fn filename2(&self) -> Value {
        self.filename2.load_or_none()
    }

    #[setter]
    fn set_filename2(&self, value: Option<Value>) {
        self.filename2.store_option(value);
    }

    #[getter]
    fn characters_written(&self, cx: &Context) -> Result<Value> {
        self.written.load().ok_or_else(|| cx.attribute_error_message("characters_written"))
    }

    #[setter]
    fn set_characters_written(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            None if self.written.swap(None).is_none() => {
                Err(cx.attribute_error_message("characters_written"))
            }
            None => Ok(()),
            Some(value) => {
                let written = cx.index_clipped_or_value_error(value)?;
                self.written.store(cx.new_int(written as i64));
                Ok(())
            }
        }
    }
}
