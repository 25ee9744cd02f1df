//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`. CPython: `Objects/exceptions.c`.
//!
//! The three share their fields and differ in what `object` is and how the position is worded.
//! Invariant: `start` and `end` are whatever was assigned; only reading a character checks them.

use std::sync::atomic::{AtomicI64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::{BaseException, refuse_keywords};
use crate::exception::messages::takes_exactly;
use crate::native::FromArg;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// The fields that the three have in common.
#[derive(Trace)]
#[repr(C)]
struct Fields {
    encoding: Slot,
    object: Slot,
    start: AtomicI64,
    end: AtomicI64,
    reason: Slot,
}

impl Fields {
    /// From arguments that natives made: (encoding,) object, start, end, reason.
    fn from_args(args: Gc<Tuple>) -> Fields {
        let int = |value: &Value| AtomicI64::new(value.as_small_int().unwrap_or(0));
        let fields = Fields {
            encoding: Slot::EMPTY,
            object: Slot::EMPTY,
            start: AtomicI64::new(0),
            end: AtomicI64::new(0),
            reason: Slot::EMPTY,
        };
        let (encoding, rest) = match args.items() {
            [encoding, rest @ ..] if rest.len() == 4 => (Some(*encoding), rest),
            rest => (None, rest),
        };
        let [object, start, end, reason] = rest else {
            return fields;
        };
        Fields {
            encoding: Slot::new_option(encoding),
            object: Slot::new(*object),
            start: int(start),
            end: int(end),
            reason: Slot::new(*reason),
        }
    }

    fn start(&self) -> i64 {
        self.start.load(Ordering::Acquire)
    }

    fn end(&self) -> i64 {
        self.end.load(Ordering::Acquire)
    }

    /// Whether the position names exactly one unit of an object of this length.
    fn names_one(&self, length: usize) -> bool {
        let (start, end) = (self.start(), self.end());
        start >= 0 && start < length as i64 && end == start + 1
    }
}

/// A str argument, with the argument parser's words where it is none.
fn str_argument(cx: &Context, index: usize, value: Value) -> Result<Value> {
    match value.downcast::<Str>() {
        Some(_) => Ok(value),
        None => {
            let got = cx.argument_type_name(value);
            Err(cx.type_error(format!("argument {index} must be str, not {got}")))
        }
    }
}

fn position_argument(cx: &mut Context, value: Value) -> Result<i64> {
    let position: isize = FromArg::from_arg(cx, value, "start")?;
    Ok(position as i64)
}

fn expect_count(cx: &Context, args: Gc<Tuple>, count: usize) -> Result<()> {
    let given = args.items().len();
    if given == count { Ok(()) } else { Err(cx.type_error(takes_exactly("function", count, given))) }
}

/// An int for `start` and `end`, as a member of C type `Py_ssize_t` takes it.
fn assigned_position(cx: &mut Context, value: Option<Value>) -> Result<i64> {
    let Some(value) = value else {
        return Err(cx.type_error("can't delete numeric/char attribute"));
    };
    if value.downcast::<crate::types::int::Int>().is_none() && !value.is_bool() && !value.is_small_int() {
        return Err(cx.type_error("an integer is required"));
    }
    position_argument(cx, value)
}

fn checked_object<T: crate::layout::Object>(
    cx: &Context,
    object: Option<Value>,
    expected: &str,
) -> Result<Gc<T>> {
    match object {
        None => Err(cx.type_error("UnicodeError 'object' attribute is not set")),
        Some(object) => match object.downcast::<T>() {
            Some(object) => Ok(object),
            None => Err(cx.type_error(format!("UnicodeError 'object' attribute must be a {expected}"))),
        },
    }
}

/// `'\xe9'`, `'\u20ac'` or `'\U0001f600'`.
fn escaped(character: u32) -> String {
    match character {
        0..=0xff => format!("'\\x{character:02x}'"),
        0x100..=0xffff => format!("'\\u{character:04x}'"),
        _ => format!("'\\U{character:08x}'"),
    }
}

/// Everything after the codec's name: what, where and why.
fn located(prefix: &str, one: Option<String>, what: &str, fields: &Fields, reason: Gc<Str>) -> StrBuilder {
    let mut text = StrBuilder::new();
    text.push_str(prefix);
    match one {
        Some(unit) => text.push_str(&format!("{what} {unit} in position {}: ", fields.start())),
        None => text.push_str(&format!("{what}s in position {}-{}: ", fields.start(), fields.end() - 1)),
    }
    text.push(reason);
    text
}

macro_rules! unicode_class {
    ($body:ident, $name:tt, $doc:tt, $init:ident, $str:ident) => {
        #[doc = concat!("Body of `", $name, "`.")]
        #[derive(Trace)]
        #[repr(C)]
        pub struct $body {
            base: BaseException,
            fields: Fields,
        }

        impl $body {
            pub(super) fn from_base(base: BaseException) -> $body {
                let fields = Fields::from_args(base.arguments());
                $body { base, fields }
            }

            /// `object`.
            pub fn subject(&self) -> Option<Value> {
                self.fields.object.load()
            }

            /// `encoding`.
            pub fn codec(&self) -> Option<Value> {
                self.fields.encoding.load()
            }

            /// `start` and `end`, as they are.
            pub fn range(&self) -> (i64, i64) {
                (self.fields.start(), self.fields.end())
            }
        }

        #[doc = $doc]
        #[class(name = $name, kind = EXCEPTION, base = BaseException, parent = crate::exception::hierarchy::unicode_error, flags = BASETYPE | HAS_DICT)]
        impl $body {
            #[new("(*args, **kwargs)")]
            fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
                let empty = cx.new_tuple(&[]);
                let fields = Fields::from_args(empty);
                Ok(cx.new_instance(class, $body { base: BaseException::body(args), fields }))
            }

            #[init("(*args, **kwargs)")]
            fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
                refuse_keywords(cx, cx.class_of(this.value()), kwargs)?;
                this.base.set_arguments(args);
                $init(cx, &this.fields, args)
            }

            #[slot(str)]
            fn str(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
                if this.fields.object.load().is_none() {
                    return Ok(cx.new_str("").value());
                }
                $str(cx, &this.fields)
            }

            /// exception encoding
            #[getter]
            fn encoding(&self) -> Value {
                self.fields.encoding.load_or_none()
            }

            #[setter]
            fn set_encoding(&self, value: Option<Value>) {
                self.fields.encoding.store_option(value);
            }

            /// exception object
            #[getter]
            fn object(&self) -> Value {
                self.fields.object.load_or_none()
            }

            #[setter]
            fn set_object(&self, value: Option<Value>) {
                self.fields.object.store_option(value);
            }

            /// exception start
            #[getter]
            fn start(&self) -> i64 {
                self.fields.start()
            }

            #[setter]
            fn set_start(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
                self.fields.start.store(assigned_position(cx, value)?, Ordering::Release);
                Ok(())
            }

            /// exception end
            #[getter]
            fn end(&self) -> i64 {
                self.fields.end()
            }

            #[setter]
            fn set_end(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
                self.fields.end.store(assigned_position(cx, value)?, Ordering::Release);
                Ok(())
            }

            /// exception reason
            #[getter]
            fn reason(&self) -> Value {
                self.fields.reason.load_or_none()
            }

            #[setter]
            fn set_reason(&self, value: Option<Value>) {
                self.fields.reason.store_option(value);
            }
        }
    };
}

unicode_class!(UnicodeEncodeError, "UnicodeEncodeError", "Unicode encoding error.", init_encode, str_encode);
unicode_class!(UnicodeDecodeError, "UnicodeDecodeError", "Unicode decoding error.", init_decode, str_decode);
unicode_class!(
    UnicodeTranslateError,
    "UnicodeTranslateError",
    "Unicode translation error.",
    init_translate,
    str_translate
);

fn init_encode(cx: &mut Context, fields: &Fields, args: Gc<Tuple>) -> Result<()> {
    expect_count(cx, args, 5)?;
    let items = args.items();
    let encoding = str_argument(cx, 1, items[0])?;
    let object = str_argument(cx, 2, items[1])?;
    let (start, end) = (position_argument(cx, items[2])?, position_argument(cx, items[3])?);
    let reason = str_argument(cx, 5, items[4])?;
    fields.encoding.store(encoding);
    fields.object.store(object);
    fields.start.store(start, Ordering::Release);
    fields.end.store(end, Ordering::Release);
    fields.reason.store(reason);
    Ok(())
}

fn str_encode(cx: &mut Context, fields: &Fields) -> Result<Value> {
    // What they are made of may change the object.
    let reason = cx.str(fields.reason.load_or_none())?;
    let encoding = cx.str(fields.encoding.load_or_none())?;
    let object = checked_object::<Str>(cx, fields.object.load(), "string")?;
    let one = fields.names_one(object.len()).then(|| escaped(object.char_at(fields.start() as usize)));
    let prefix = format!("'{}' codec can't encode ", encoding.to_str());
    Ok(located(&prefix, one, "character", fields, reason).finish(cx).value())
}

fn init_decode(cx: &mut Context, fields: &Fields, args: Gc<Tuple>) -> Result<()> {
    expect_count(cx, args, 5)?;
    let items = args.items();
    let encoding = str_argument(cx, 1, items[0])?;
    let (start, end) = (position_argument(cx, items[2])?, position_argument(cx, items[3])?);
    let reason = str_argument(cx, 5, items[4])?;
    let object = match items[1].downcast::<Bytes>() {
        Some(bytes) => bytes.value(),
        None => {
            let copy = cx.with_buffer(items[1], |bytes| bytes.to_vec())?;
            cx.new_bytes(&copy).value()
        }
    };
    fields.encoding.store(encoding);
    fields.object.store(object);
    fields.start.store(start, Ordering::Release);
    fields.end.store(end, Ordering::Release);
    fields.reason.store(reason);
    Ok(())
}

fn str_decode(cx: &mut Context, fields: &Fields) -> Result<Value> {
    // What they are made of may change the object.
    let reason = cx.str(fields.reason.load_or_none())?;
    let encoding = cx.str(fields.encoding.load_or_none())?;
    let object = checked_object::<Bytes>(cx, fields.object.load(), "bytes")?;
    let bytes = object.as_slice();
    let one = fields.names_one(bytes.len()).then(|| format!("0x{:02x}", bytes[fields.start() as usize]));
    let prefix = format!("'{}' codec can't decode ", encoding.to_str());
    Ok(located(&prefix, one, "byte", fields, reason).finish(cx).value())
}

fn init_translate(cx: &mut Context, fields: &Fields, args: Gc<Tuple>) -> Result<()> {
    expect_count(cx, args, 4)?;
    let items = args.items();
    let object = str_argument(cx, 1, items[0])?;
    let (start, end) = (position_argument(cx, items[1])?, position_argument(cx, items[2])?);
    let reason = str_argument(cx, 4, items[3])?;
    fields.object.store(object);
    fields.start.store(start, Ordering::Release);
    fields.end.store(end, Ordering::Release);
    fields.reason.store(reason);
    Ok(())
}

fn str_translate(cx: &mut Context, fields: &Fields) -> Result<Value> {
    let reason = cx.str(fields.reason.load_or_none())?;
    let object = checked_object::<Str>(cx, fields.object.load(), "string")?;
    let one = fields.names_one(object.len()).then(|| escaped(object.char_at(fields.start() as usize)));
    Ok(located("can't translate ", one, "character", fields, reason).finish(cx).value())
}
