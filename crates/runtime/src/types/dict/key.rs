//! Keys: hashing them and telling them apart without running Python. CPython: `unicode_eq` and `compare_*` in
//! `Objects/dictobject.c`.
//!
//! Invariant: `same` answers Same or Different only where Python's `==` would, for keys of equal hash.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::object::Gc;
use crate::table::Answer;
use crate::types::str::Str;
use crate::value::Value;

/// The value as an exact `str`.
#[inline(always)]
pub(crate) fn exact_str(value: Value) -> Option<Gc<Str>> {
    value.downcast::<Str>().filter(|text| text.is_exact())
}

/// Whether `candidate`, a key of the table, is `key`, as far as that can be told without Python.
#[inline(always)]
pub(crate) fn same(candidate: Value, key: Value) -> Answer {
    if candidate == key { Answer::Same } else { same_slow(candidate, key) }
}

/// A number that is no heap cell.
enum Number {
    Int(i64),
    Float(f64),
    Neither,
}

fn number(value: Value) -> Number {
    if let Some(int) = value.as_small_int() {
        Number::Int(int)
    } else if let Some(float) = value.as_immediate_float() {
        Number::Float(float)
    } else if value.is_bool() {
        Number::Int(i64::from(value == Value::TRUE))
    } else {
        Number::Neither
    }
}

fn equal_numbers(int: i64, float: f64) -> bool {
    float == int as f64 && float as i128 == i128::from(int)
}

fn same_slow(candidate: Value, key: Value) -> Answer {
    let answer = |same| if same { Answer::Same } else { Answer::Different };
    match (candidate.is_cell(), key.is_cell()) {
        (true, true) => match (exact_str(candidate), exact_str(key)) {
            (Some(a), Some(b)) => answer(a.equals(&b)),
            _ => Answer::Ask,
        },
        (false, false) => match (number(candidate), number(key)) {
            (Number::Int(a), Number::Int(b)) => answer(a == b),
            (Number::Float(a), Number::Float(b)) => answer(a == b),
            (Number::Int(int), Number::Float(float)) | (Number::Float(float), Number::Int(int)) => {
                answer(equal_numbers(int, float))
            }
            _ => Answer::Different,
        },
        (true, false) if exact_str(candidate).is_some() => Answer::Different,
        (false, true) if exact_str(key).is_some() => Answer::Different,
        _ => Answer::Ask,
    }
}

/// Whether `candidate` is the string `name`; keys of subclasses of `str` count by their text.
#[inline(always)]
pub(crate) fn same_name(candidate: Value, name: Gc<Str>) -> Answer {
    if candidate == name.value() {
        return Answer::Same;
    }
    match candidate.downcast::<Str>() {
        Some(text) if text.equals(&name) => Answer::Same,
        _ => Answer::Different,
    }
}

/// The hash of a key, with dict's words for keys that have none.
#[inline]
pub(crate) fn hash(cx: &mut Context, key: Value) -> Result<i64> {
    match exact_str(key) {
        Some(text) => Ok(text.hash(cx)),
        None => match cx.hash(key) {
            Ok(hash) => Ok(hash),
            Err(raised) => Err(unhashable(cx, raised, key, "a dict key")),
        },
    }
}

/// Rewords the TypeError of an unhashable key: `cannot use 'list' as a dict key (unhashable type: 'list')`. An instance of
/// a subclass says something of its own.
#[cold]
pub(crate) fn unhashable(cx: &mut Context, raised: Raised, key: Value, role: &str) -> Raised {
    if !cx.error_matches(&raised, crate::exception::type_error) {
        return raised;
    }
    let exception = cx.take_exception(raised);
    if cx.class_of(exception) != crate::exception::type_error().get() {
        return cx.reraise(exception);
    }
    match cx.str(exception) {
        Ok(text) => {
            let name = cx.qualified_type_name(key);
            cx.type_error(format!("cannot use '{name}' as {role} ({})", text.to_str()))
        }
        Err(raised) => raised,
    }
}
