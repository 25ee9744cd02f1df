//! `IntoValue`: how a native's result becomes a Python object.

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::value::Value;

/// Converts a native's return type.
pub trait IntoValue {
    fn into_value(self, cx: &mut Context) -> Result;
}

impl IntoValue for Value {
    #[inline(always)]
    fn into_value(self, _: &mut Context) -> Result {
        Ok(self)
    }
}

impl<T> IntoValue for Gc<T> {
    #[inline(always)]
    fn into_value(self, _: &mut Context) -> Result {
        Ok(self.value())
    }
}

impl IntoValue for () {
    #[inline(always)]
    fn into_value(self, _: &mut Context) -> Result {
        Ok(Value::NONE)
    }
}

impl IntoValue for bool {
    #[inline(always)]
    fn into_value(self, _: &mut Context) -> Result {
        Ok(Value::bool(self))
    }
}

impl IntoValue for f64 {
    #[inline(always)]
    fn into_value(self, cx: &mut Context) -> Result {
        Ok(cx.new_float(self))
    }
}

macro_rules! ints {
    ($($ty:ty),*) => {$(
        impl IntoValue for $ty {
            #[inline(always)]
            fn into_value(self, cx: &mut Context) -> Result {
                match i64::try_from(self) {
                    Ok(int) => Ok(cx.new_int(int)),
                    Err(_) => Ok(cx.new_int_i128(self as i128)),
                }
            }
        }
    )*};
}
ints!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

impl IntoValue for &str {
    fn into_value(self, cx: &mut Context) -> Result {
        Ok(cx.new_str(self).value())
    }
}

impl IntoValue for String {
    fn into_value(self, cx: &mut Context) -> Result {
        Ok(cx.new_str(&self).value())
    }
}

impl IntoValue for &[u8] {
    fn into_value(self, cx: &mut Context) -> Result {
        Ok(cx.new_bytes(self).value())
    }
}

impl IntoValue for Vec<u8> {
    fn into_value(self, cx: &mut Context) -> Result {
        Ok(cx.new_bytes(&self).value())
    }
}

/// Absent becomes None.
impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self, cx: &mut Context) -> Result {
        match self {
            Some(value) => value.into_value(cx),
            None => Ok(Value::NONE),
        }
    }
}

impl<T: IntoValue> IntoValue for Result<T> {
    #[inline(always)]
    fn into_value(self, cx: &mut Context) -> Result {
        self?.into_value(cx)
    }
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),*))*) => {$(
        impl<$($t: IntoValue),*> IntoValue for ($($t,)*) {
            fn into_value(self, cx: &mut Context) -> Result {
                let items = [$(self.$i.into_value(cx)?),*];
                Ok(cx.new_tuple(&items).value())
            }
        }
    )*};
}
tuples!((A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4));

/// Results of slots with a Rust type: a method may return `R` or `Result<R>`.
pub trait SlotReturn<R> {
    fn into_result(self) -> Result<R>;
}

impl<R> SlotReturn<R> for Result<R> {
    #[inline(always)]
    fn into_result(self) -> Result<R> {
        self
    }
}

macro_rules! plain_returns {
    ($($ty:ty),*) => {$(
        impl SlotReturn<$ty> for $ty {
            #[inline(always)]
            fn into_result(self) -> Result<$ty> {
                Ok(self)
            }
        }
    )*};
}
plain_returns!((), bool, i64, usize, Option<Value>);
