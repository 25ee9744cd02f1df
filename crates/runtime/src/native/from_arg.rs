//! `FromArg`: how a Python argument becomes a parameter's Rust type.
//!
//! Invariant: a failed conversion raises the message that CPython's converter of the same kind raises.

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::object::Gc;
use crate::value::Value;

/// Converts a bound argument; `name` is what messages call it, `f() argument 1`.
pub trait FromArg: Sized {
    fn from_arg(cx: &mut Context, value: Value, name: &'static str) -> Result<Self>;
}

impl FromArg for Value {
    #[inline(always)]
    fn from_arg(_: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        Ok(value)
    }
}

/// An object of a native type (or a subclass of it).
impl<T: Object> FromArg for Gc<T> {
    fn from_arg(cx: &mut Context, value: Value, name: &'static str) -> Result<Self> {
        match Gc::from_value(value) {
            Some(gc) => Ok(gc),
            None => Err(cx.type_error(format!(
                "{name} must be {}, not {}",
                T::class_cell().get().full_name(),
                cx.argument_type_name(value)
            ))),
        }
    }
}

/// `None` where Python passes None.
impl<T: FromArg> FromArg for Option<T> {
    #[inline(always)]
    fn from_arg(cx: &mut Context, value: Value, name: &'static str) -> Result<Self> {
        match value.not_none() {
            Some(value) => T::from_arg(cx, value, name).map(Some),
            None => Ok(None),
        }
    }
}

/// Truth value of any object (CPython's `bool` converter).
impl FromArg for bool {
    #[inline]
    fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        cx.truth(value)
    }
}

macro_rules! int_args {
    ($($ty:ty, $c_name:literal;)*) => {$(
        impl FromArg for $ty {
            fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
                let wide = cx.index_i128(value)?;
                match <$ty>::try_from(wide) {
                    Ok(int) => Ok(int),
                    Err(_) if wide < 0 && <$ty>::MIN == 0 => {
                        Err(cx.overflow_error("can't convert negative int to unsigned"))
                    }
                    Err(_) => Err(cx.overflow_error(concat!("Python int too large to convert to C ", $c_name))),
                }
            }
        }
    )*};
}
int_args! {
    i64, "long"; i32, "int"; u32, "unsigned int"; u64, "unsigned long"; usize, "size_t"; u8, "unsigned char"; i16, "short"; u16, "unsigned short";
}

/// `Py_ssize_t`: an index or a count.
impl FromArg for isize {
    fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        let wide = cx.index_i128(value)?;
        isize::try_from(wide).map_err(|_| cx.overflow_error("Python int too large to convert to C ssize_t"))
    }
}

/// An index that clips instead of overflowing (`list.insert`, slice bounds, `str.find`).
#[derive(Clone, Copy, Debug)]
pub struct Index(pub isize);

impl FromArg for Index {
    fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        cx.slice_index(value).map(Index)
    }
}

/// An int of any size, through `__index__`.
#[derive(Clone, Copy, Debug)]
pub struct IntArg(pub Value);

impl FromArg for IntArg {
    fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        cx.index(value).map(IntArg)
    }
}

/// A float that may be passed as an int or through `__float__` (`PyFloat_AsDouble`).
#[derive(Clone, Copy, Debug)]
pub struct Real(pub f64);

impl FromArg for Real {
    #[inline]
    fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        match value.as_immediate_float() {
            Some(float) => Ok(Real(float)),
            None => cx.float_value(value).map(Real),
        }
    }
}

impl FromArg for f64 {
    #[inline]
    fn from_arg(cx: &mut Context, value: Value, name: &'static str) -> Result<Self> {
        Real::from_arg(cx, value, name).map(|real| real.0)
    }
}

/// A str as an owned Rust string; lone surrogates raise UnicodeEncodeError.
impl FromArg for String {
    fn from_arg(cx: &mut Context, value: Value, name: &'static str) -> Result<Self> {
        let text = Gc::<crate::types::str::Str>::from_arg(cx, value, name)?;
        text.to_utf8(cx).map(|text| text.into_owned())
    }
}
