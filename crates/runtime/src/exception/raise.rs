//! How natives raise: the `cx.type_error(..)` family, chaining, `raise X from Y`, matching.
//!
//! Invariant: whatever takes `&Context` here makes the exception object directly and runs no Python, so
//! it may be used under a lock.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception::attribute_error::AttributeError;
use crate::exception::base::{BaseException, default_str};
use crate::exception::group::BaseExceptionGroup;
use crate::exception::hierarchy::{self, ClassFn};
use crate::exception::import_error::ImportError;
use crate::exception::messages::strerror;
use crate::exception::name_error::NameError;
use crate::exception::os_error::{OSError, class_for_errno};
use crate::exception::stop_iteration::{StopIteration, SystemExit};
use crate::exception::syntax_error::SyntaxError;
use crate::exception::unicode::{UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError};
use crate::layout::Object;
use crate::object::Gc;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Sets `exception.__context__`, first cutting a cycle that this would close.
/// CPython: `_PyErr_SetObject`.
pub fn chain(exception: Value, context: Value) {
    let (Some(raised), Some(_)) =
        (exception.downcast::<BaseException>(), context.downcast::<BaseException>())
    else {
        return;
    };
    if exception == context {
        return;
    }
    let mut cursor = context.downcast::<BaseException>();
    let mut slow = cursor;
    let mut step = false;
    while let Some(current) = cursor {
        let next = current.context();
        if next == Some(exception) {
            current.set_context(None);
            break;
        }
        cursor = next.and_then(|next| next.downcast::<BaseException>());
        if cursor == slow {
            // A cycle that was there before and does not pass through `exception`.
            break;
        }
        if step {
            slow = slow.and_then(|slow| slow.context()).and_then(|next| next.downcast::<BaseException>());
        }
        step = !step;
    }
    raised.set_context(Some(context));
}

/// `str()` of a KeyError: the key's repr, so that `KeyError('')` says something.
pub(super) fn key_error_str(cx: &mut Context, this: Value) -> Result<Value> {
    let Some(exception) = this.downcast::<BaseException>() else {
        let message = format!(
            "descriptor '__str__' requires a 'KeyError' object but received a '{}'",
            cx.type_name(this)
        );
        return Err(cx.type_error(message));
    };
    match exception.sole_argument() {
        Some(key) => Ok(cx.repr(key)?.value()),
        None => Ok(default_str(cx, &exception)?.value()),
    }
}

/// A new instance of a native exception class with the body that its layout asks for, as
/// `class(*args)` would make it, without running Python.
fn instantiate(cx: &Context, class: Gc<Class>, args: Gc<Tuple>) -> Value {
    let layout = class.layout();
    let base = BaseException::body(args);
    macro_rules! body_of {
        ($($body:ty),*) => {$(
            if std::ptr::eq(layout, <$body as Object>::LAYOUT) {
                return cx.new_instance(class, <$body>::from_base(base)).value();
            }
        )*};
    }
    body_of!(
        OSError,
        StopIteration,
        SystemExit,
        ImportError,
        NameError,
        AttributeError,
        SyntaxError,
        UnicodeDecodeError,
        UnicodeEncodeError,
        UnicodeTranslateError
    );
    cx.new_instance(class, base).value()
}

/// `class(*args)` of an exception class that adds neither a body nor a constructor to BaseException.
pub fn plain_instance(cx: &Context, class: Gc<Class>, args: &[Value]) -> Option<Value> {
    let base = BaseException::class_cell().get();
    let plain = std::ptr::eq(class.layout(), BaseException::LAYOUT)
        && class.slots.new.same(&base.slots.new)
        && class.slots.init.same(&base.slots.init);
    plain.then(|| cx.new_instance(class, BaseException::body(cx.new_tuple(args))).value())
}

macro_rules! with_message {
    ($($name:ident)*) => {
        impl Context {$(
            #[doc = concat!("Raises `", stringify!($name), "` with a message.")]
            #[cold]
            pub fn $name(&self, message: impl AsRef<str>) -> Raised {
                self.raise_message(hierarchy::$name, message.as_ref())
            }
        )*}
    };
}

with_message! {
    assertion_error buffer_error deprecation_warning eof_error import_error index_error
    lookup_error name_error not_implemented_error overflow_error permission_error
    python_finalization_error recursion_error reference_error runtime_error system_error type_error
    unbound_local_error value_error zero_division_error
}

impl Context {
    /// Raises `OSError` with a message and no errno.
    #[cold]
    pub fn os_error_message(&self, message: &str) -> Raised {
        self.raise_message(hierarchy::os_error, message)
    }

    /// Raises `MemoryError`, which carries no message.
    #[cold]
    pub fn memory_error(&self) -> Raised {
        self.raise_bare(hierarchy::memory_error)
    }

    /// A new exception of a native class with these arguments; not raised. `args` become `args` alone,
    /// except that StopIteration and SystemExit take their value from them.
    pub fn new_exception(&self, class: ClassFn, args: &[Value]) -> Value {
        let args = self.new_tuple(args);
        instantiate(self, class().ensure(self), args)
    }

    /// Raises an exception of a native class with one text argument.
    #[cold]
    #[inline(never)]
    pub fn raise_message(&self, class: ClassFn, message: &str) -> Raised {
        let message = self.new_str(message).value();
        self.raise(self.new_exception(class, &[message]))
    }

    /// Raises an exception of a native class without arguments.
    #[cold]
    pub fn raise_bare(&self, class: ClassFn) -> Raised {
        self.raise(self.new_exception(class, &[]))
    }

    /// Raises `KeyError(key)`.
    #[cold]
    pub fn key_error(&self, key: Value) -> Raised {
        self.raise(self.new_exception(hierarchy::key_error, &[key]))
    }

    /// Raises `StopIteration`, with a value where there is one.
    #[cold]
    pub fn stop_iteration(&self, value: Option<Value>) -> Raised {
        self.raise(self.new_exception(hierarchy::stop_iteration, value.as_slice()))
    }

    /// Raises `StopAsyncIteration`.
    #[cold]
    pub fn stop_async_iteration(&self) -> Raised {
        self.raise_bare(hierarchy::stop_async_iteration)
    }

    /// Raises `AttributeError` with `obj` and `name` filled, which suggestions need.
    #[cold]
    pub fn attribute_error(&self, message: impl AsRef<str>, obj: Value, name: Gc<Str>) -> Raised {
        let message = self.new_str(message.as_ref()).value();
        let exception = self.new_exception(hierarchy::attribute_error, &[message]);
        if let Some(body) = exception.downcast::<AttributeError>() {
            body.set_subject(name.value(), obj);
        }
        self.raise(exception)
    }

    /// Raises `AttributeError` with a message alone.
    #[cold]
    pub fn attribute_error_message(&self, message: impl AsRef<str>) -> Raised {
        self.raise_message(hierarchy::attribute_error, message.as_ref())
    }

    /// Raises `'X' object has no attribute 'name'`.
    #[cold]
    pub fn no_attribute(&self, obj: Value, name: Gc<Str>) -> Raised {
        let message = format!("'{}' object has no attribute '{}'", self.type_name(obj), name.to_str());
        self.attribute_error(message, obj, name)
    }

    /// Raises `NameError` (or UnboundLocalError) with `name` filled.
    #[cold]
    pub fn name_error_for(&self, class: ClassFn, name: Gc<Str>, message: impl AsRef<str>) -> Raised {
        let message = self.new_str(message.as_ref()).value();
        let exception = self.new_exception(class, &[message]);
        if let Some(body) = exception.downcast::<NameError>() {
            body.set_subject(name.value());
        }
        self.raise(exception)
    }

    /// Raises `ImportError` or ModuleNotFoundError with `name`, `path` and `name_from` filled.
    #[cold]
    pub fn import_error_for(
        &self,
        class: ClassFn,
        message: impl AsRef<str>,
        name: Option<Value>,
        path: Option<Value>,
        name_from: Option<Value>,
    ) -> Raised {
        let message = self.new_str(message.as_ref()).value();
        let exception = self.new_exception(class, &[message]);
        if let Some(body) = exception.downcast::<ImportError>() {
            body.fill(Some(message), name, path, name_from);
        }
        self.raise(exception)
    }

    /// Raises the `OSError` subclass of `errno` with the system's message.
    #[cold]
    pub fn os_error(&self, errno: i32) -> Raised {
        self.os_error_with(errno, None, None)
    }

    /// As `os_error`, naming the file or the two files concerned.
    #[cold]
    pub fn os_error_with(&self, errno: i32, filename: Option<Value>, filename2: Option<Value>) -> Raised {
        let text = self.new_str(&strerror(errno)).value();
        let exception = self.new_os_error(errno, text, filename, filename2);
        self.raise(exception)
    }

    /// Raises for an error of Rust's standard library; one without a number becomes a plain `OSError`.
    #[cold]
    pub fn io_error(&self, error: &std::io::Error, filename: Option<Value>) -> Raised {
        match error.raw_os_error() {
            Some(errno) => self.os_error_with(errno, filename, None),
            None => self.raise_message(hierarchy::os_error, &error.to_string()),
        }
    }

    /// The `OSError` of `errno` with this text, not raised.
    pub fn new_os_error(
        &self,
        errno: i32,
        text: Value,
        filename: Option<Value>,
        filename2: Option<Value>,
    ) -> Value {
        let class = class_for_errno(errno).unwrap_or(hierarchy::os_error);
        let number = Value::int(i64::from(errno));
        let exception = self.new_exception(class, &[number, text]);
        if let Some(body) = exception.downcast::<OSError>() {
            body.fill(number, text, filename, filename2);
        }
        exception
    }

    /// Raises `UnicodeDecodeError`; `object` is the bytes object.
    #[cold]
    pub fn unicode_decode_error(
        &self,
        encoding: &str,
        object: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        let exception = self.new_unicode_decode_error(encoding, object, start, end, reason);
        self.raise(exception)
    }

    /// A `UnicodeDecodeError`, not raised (error handlers take it as their argument).
    pub fn new_unicode_decode_error(
        &self,
        encoding: &str,
        object: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Value {
        let args = self.unicode_args(Some(encoding), object, start, end, reason);
        self.new_exception(hierarchy::unicode_decode_error, &args)
    }

    /// Raises `UnicodeEncodeError`; `object` is the string.
    #[cold]
    pub fn unicode_encode_error(
        &self,
        encoding: &str,
        object: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        let exception = self.new_unicode_encode_error(encoding, object, start, end, reason);
        self.raise(exception)
    }

    /// A `UnicodeEncodeError`, not raised.
    pub fn new_unicode_encode_error(
        &self,
        encoding: &str,
        object: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Value {
        let args = self.unicode_args(Some(encoding), object, start, end, reason);
        self.new_exception(hierarchy::unicode_encode_error, &args)
    }

    /// The arguments of a unicode error; the first is None where there is no encoding.
    fn unicode_args(
        &self,
        encoding: Option<&str>,
        object: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> [Value; 5] {
        [
            encoding.map_or(Value::NONE, |encoding| self.new_str(encoding).value()),
            object,
            Value::int(start as i64),
            Value::int(end as i64),
            self.new_str(reason).value(),
        ]
    }

    /// `raise exception` and `raise exception from cause`; both may be classes.
    pub fn raise_with(&mut self, exception: Value, cause: Option<Value>) -> Raised {
        match self.prepare_raise(exception, cause) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    fn prepare_raise(&mut self, exception: Value, cause: Option<Value>) -> Result {
        let exception = self.exception_instance(exception, "exceptions must derive from BaseException")?;
        if let Some(cause) = cause {
            let cause = match cause {
                Value::NONE => None,
                cause => {
                    Some(self.exception_instance(cause, "exception causes must derive from BaseException")?)
                }
            };
            if let Some(body) = exception.downcast::<BaseException>() {
                body.set_cause(cause);
            }
        }
        Ok(exception)
    }

    /// The exception that `raise value` means: `value` itself or, if it is a class, `value()`.
    pub fn exception_instance(&mut self, value: Value, otherwise: &str) -> Result {
        if is_exception_class(value) {
            let instance = self.call(value, &[])?;
            if instance.downcast::<BaseException>().is_some() {
                return Ok(instance);
            }
            let (class, got) = (self.repr(value)?, self.class_of(instance).value());
            let got = self.repr(got)?;
            let message = format!(
                "calling {} should have returned an instance of BaseException, not {}",
                class.to_str(),
                got.to_str()
            );
            return Err(self.type_error(message));
        }
        match value.downcast::<BaseException>() {
            Some(_) => Ok(value),
            None => Err(self.type_error(otherwise)),
        }
    }

    /// A bare `raise`: the exception being handled again.
    pub fn raise_handled(&self) -> Raised {
        match self.handled() {
            Some(exception) => self.reraise(exception),
            None => self.runtime_error("No active exception to reraise"),
        }
    }

    /// Whether the pending exception is an instance of a native class.
    pub fn error_matches(&self, _raised: &Raised, class: ClassFn) -> bool {
        self.pending_exception().is_some_and(|exception| self.is_exception_of(exception, class))
    }

    /// Whether `exception` is an instance of a native class, by its method resolution order.
    pub fn is_exception_of(&self, exception: Value, class: ClassFn) -> bool {
        self.class_of(exception).is_subclass_of(class().ensure(self))
    }

    /// Takes the pending exception away if it is of this class; else the error goes on.
    pub fn swallow(&self, raised: Raised, class: ClassFn) -> Result<Value> {
        if self.error_matches(&raised, class) { Ok(self.take_exception(raised)) } else { Err(raised) }
    }

    /// Whether `except pattern` catches `exception`; `pattern` was checked by `check_except_pattern`.
    pub fn exception_matches(&self, exception: Value, pattern: Value) -> bool {
        if let Some(patterns) = pattern.downcast::<Tuple>() {
            return patterns.items().iter().any(|pattern| self.exception_matches(exception, *pattern));
        }
        let class = exception.downcast::<Class>().unwrap_or_else(|| self.class_of(exception));
        if class.value() == pattern {
            return true;
        }
        match pattern.downcast::<Class>() {
            Some(pattern) if is_exception_class(pattern.value()) && is_exception_class(class.value()) => {
                class.is_subclass_of(pattern)
            }
            _ => exception == pattern,
        }
    }

    /// Refuses what `except` may not name.
    pub fn check_except_pattern(&self, pattern: Value) -> Result<()> {
        let classes = pattern.downcast::<Tuple>();
        let classes = classes.as_ref().map_or(std::slice::from_ref(&pattern), |tuple| tuple.items());
        if classes.iter().all(|class| is_exception_class(*class)) {
            return Ok(());
        }
        Err(self.type_error("catching classes that do not inherit from BaseException is not allowed"))
    }

    /// Refuses what `except*` may not name.
    pub fn check_except_star_pattern(&self, pattern: Value) -> Result<()> {
        self.check_except_pattern(pattern)?;
        let classes = pattern.downcast::<Tuple>();
        let classes = classes.as_ref().map_or(std::slice::from_ref(&pattern), |tuple| tuple.items());
        let group = BaseExceptionGroup::class_cell().get();
        if classes
            .iter()
            .filter_map(|class| class.downcast::<Class>())
            .any(|class| class.is_subclass_of(group))
        {
            return Err(
                self.type_error("catching ExceptionGroup with except* is not allowed. Use except instead.")
            );
        }
        Ok(())
    }
}

/// Whether `value` is a class derived from BaseException.
pub fn is_exception_class(value: Value) -> bool {
    value.downcast::<Class>().is_some_and(|class| class.has_flag(crate::types::type_::flag::EXCEPTION))
}
