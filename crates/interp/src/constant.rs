//! Constants of compiled code as objects. CPython: `co_consts`.
//! Invariant: strings that look like identifiers are interned, as CPython's are.

use taipan_bytecode::{Const, Text};
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::set::FrozenSet;
use taipan_runtime::types::slice::Slice;
use taipan_runtime::types::str::{Str, StrBuilder};
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Result, Value};

use crate::types::code::Code;

/// The object of a constant.
pub(crate) fn value_of(cx: &mut Context, constant: &Const) -> Value {
    match constant {
        Const::None => Value::NONE,
        Const::Ellipsis => Value::ELLIPSIS,
        Const::Bool(value) => Value::bool(*value),
        Const::Int(value) => cx.new_int(*value),
        Const::BigInt { negative, limbs } => taipan_runtime::types::int::from_limbs(cx, *negative, limbs),
        Const::Float(bits) => cx.new_float(f64::from_bits(*bits)),
        Const::Complex(re, im) => Complex::new(cx, f64::from_bits(*re), f64::from_bits(*im)).value(),
        Const::Str(text) => text_value(cx, text),
        Const::Bytes(bytes) => cx.new_bytes(bytes).value(),
        Const::Tuple(items) => {
            let items = values(cx, items);
            cx.new_tuple(&items).value()
        }
        Const::FrozenSet(items) => {
            let items = values(cx, items);
            frozen_set(cx, &items)
        }
        Const::Slice(parts) => {
            let parts = values(cx, &**parts);
            cx.new_slice(parts[0], parts[1], parts[2]).value()
        }
        Const::Code(code) => Code::new(cx, code.clone()).value(),
    }
}

/// A frozenset of constants, whose hashes run no Python.
fn frozen_set(cx: &mut Context, items: &[Value]) -> Value {
    match FrozenSet::from_values(cx, items) {
        Ok(set) => set.value(),
        Err(raised) => {
            cx.take_exception(raised);
            Value::NONE
        }
    }
}

fn values(cx: &mut Context, constants: &[Const]) -> taipan_runtime::buffer::GVec<Value> {
    let mut items = taipan_runtime::buffer::GVec::new();
    for constant in constants {
        items.push(value_of(cx, constant));
    }
    items
}

/// A str constant, interned if it consists of the characters of identifiers.
pub(crate) fn text_value(cx: &Context, text: &Text) -> Value {
    match text.as_str() {
        Some(plain) if plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
            cx.intern(plain).value()
        }
        Some(plain) => cx.new_str(plain).value(),
        None => {
            let mut builder = StrBuilder::new();
            text.code_points().for_each(|point| builder.push_char(point));
            builder.finish(cx).value()
        }
    }
}

/// An object as a constant; only what the compiler makes can be one.
pub(crate) fn from_value(cx: &mut Context, value: Value) -> Result<Const> {
    Ok(match value {
        Value::NONE => Const::None,
        Value::ELLIPSIS => Const::Ellipsis,
        Value::TRUE => Const::Bool(true),
        Value::FALSE => Const::Bool(false),
        _ => {
            if let Some(int) = value.as_small_int() {
                Const::Int(int)
            } else if let Some((negative, limbs)) = taipan_runtime::types::int::to_limbs(value) {
                Const::BigInt { negative, limbs: limbs.into() }
            } else if let Some(float) = taipan_runtime::types::float::as_float(value) {
                Const::Float(float.to_bits())
            } else if let Some(complex) = value.downcast::<Complex>() {
                Const::Complex(complex.number().real.to_bits(), complex.number().imaginary.to_bits())
            } else if let Some(text) = value.downcast::<Str>() {
                Const::Str(Text::from_code_points(text.chars()))
            } else if let Some(bytes) = value.downcast::<Bytes>() {
                Const::Bytes(bytes.as_slice().into())
            } else if let Some(tuple) = value.downcast::<Tuple>() {
                Const::Tuple(constants_of(cx, tuple.items())?)
            } else if let Some(set) = cx.exact::<FrozenSet>(value) {
                let items = cx.collect(set.value())?;
                Const::FrozenSet(constants_of(cx, &items)?)
            } else if let Some(code) = value.downcast::<Code>() {
                Const::Code(code.shared())
            } else if let Some(slice) = value.downcast::<Slice>() {
                let slice = slice.value();
                let parts = [
                    cx.get_attr_str(slice, "start")?,
                    cx.get_attr_str(slice, "stop")?,
                    cx.get_attr_str(slice, "step")?,
                ];
                let mut constants = constants_of(cx, &parts)?.into_vec();
                let step = constants.pop().unwrap_or(Const::None);
                let stop = constants.pop().unwrap_or(Const::None);
                let start = constants.pop().unwrap_or(Const::None);
                Const::Slice(Box::new([start, stop, step]))
            } else {
                let name = cx.type_name(value);
                return Err(cx.type_error(format!("got an invalid type in Constant: {name}")));
            }
        }
    })
}

fn constants_of(cx: &mut Context, items: &[Value]) -> Result<Box<[Const]>> {
    items.iter().map(|item| crate::replace::constant_of(cx, *item)).collect()
}
