//! Parameters: from Python objects to what a statement is given. CPython: `bind_param` and `bind_parameters` in
//! `Modules/_sqlite/cursor.c`.
//!
//! Invariant: a statement is run only when all of its parameters have been bound anew.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::float;

use crate::adapt;
use crate::exceptions;
use crate::sys::{Bound, Entry, Statement, code};

/// An int as SQLite's.
pub(crate) fn integer(cx: &Context, value: Value) -> Result<i64> {
    cx.int_to_i64(value).ok_or_else(|| cx.overflow_error("Python int too large to convert to SQLite INTEGER"))
}

/// Shows a value as SQLite's to `f`; `None` if it cannot be one. `wording` is what a text too long is said to be.
#[inline]
pub(crate) fn with_bound<R>(
    cx: &mut Context,
    value: Value,
    wording: &str,
    f: impl FnOnce(Bound<'_>) -> R,
) -> Result<Option<R>> {
    let too_long = |size: usize| size > i32::MAX as usize;
    if value.is_none() {
        return Ok(Some(f(Bound::Null)));
    }
    if cx.is_int(value) {
        let integer = integer(cx, value)?;
        return Ok(Some(f(Bound::Integer(integer))));
    }
    if let Some(real) = float::as_float(value) {
        return Ok(Some(f(Bound::Real(real))));
    }
    if let Some(text) = value.downcast::<Str>() {
        if let Some(ascii) = text.as_ascii()
            && !too_long(ascii.len())
        {
            return Ok(Some(f(Bound::Text(ascii.as_bytes()))));
        }
        let utf8 = text.to_utf8(cx)?;
        if too_long(utf8.len()) {
            return Err(cx.overflow_error(wording));
        }
        return Ok(Some(f(Bound::Text(utf8.as_bytes()))));
    }
    if cx.has_buffer(value) {
        let bytes = cx.bytes_like(value)?;
        if too_long(bytes.len()) {
            return Err(cx.overflow_error("BLOB longer than INT_MAX bytes"));
        }
        return Ok(Some(f(Bound::Blob(&bytes))));
    }
    Ok(None)
}

/// Binds parameter `index`, counted from 1.
fn one(cx: &mut Context, entry: &Entry<'_>, statement: &Statement, index: usize, value: Value) -> Result<()> {
    let value = adapt::parameter(cx, value)?;
    let bound = with_bound(cx, value, "string longer than INT_MAX bytes", |bound| {
        statement.bind(entry, index, bound)
    })?;
    match bound {
        Some(code::OK) => Ok(()),
        Some(_) => exceptions::check_last(cx, entry),
        None => {
            let name = cx.type_name(value);
            let message = format!("Error binding parameter {index}: type '{name}' is not supported");
            Err(exceptions::programming_error(cx, &message))
        }
    }
}

/// Binds all parameters.
pub(crate) fn all(cx: &mut Context, entry: &Entry<'_>, statement: &Statement, values: Value) -> Result<()> {
    if let Some(tuple) = cx.exact::<Tuple>(values) {
        check_count(cx, statement, tuple.len())?;
        for (index, value) in tuple.items().iter().enumerate() {
            check_nameless(cx, statement, index)?;
            one(cx, entry, statement, index + 1, *value)?;
        }
        return Ok(());
    }
    if values.downcast::<Dict>().is_some() {
        return by_name(cx, entry, statement, values);
    }
    if let Some(list) = cx.exact::<List>(values) {
        check_count(cx, statement, list.len())?;
        for index in 0..statement.names().len() {
            check_nameless(cx, statement, index)?;
            let Some(value) = list.get(index) else { return Err(cx.index_error("list index out of range")) };
            one(cx, entry, statement, index + 1, value)?;
        }
        return Ok(());
    }
    // Whatever a class written in Python makes subscriptable counts as a sequence, mappings included.
    let class = cx.class_of(values);
    if !cx.is_sequence(values) && !(class.is_heap() && class.slots.get_item.is_set()) {
        return Err(exceptions::programming_error(cx, "parameters are of unsupported type"));
    }
    let count = cx.len(values)?;
    check_count(cx, statement, count)?;
    for index in 0..count {
        check_nameless(cx, statement, index)?;
        let number = Value::int(index as i64);
        let value = cx.get_item(values, number)?;
        one(cx, entry, statement, index + 1, value)?;
    }
    Ok(())
}

fn check_count(cx: &mut Context, statement: &Statement, given: usize) -> Result<()> {
    let wanted = statement.names().len();
    if given == wanted {
        return Ok(());
    }
    let message = format!(
        "Incorrect number of bindings supplied. The current statement uses {wanted}, and there are {given} supplied."
    );
    Err(exceptions::programming_error(cx, &message))
}

/// A parameter of a sequence has no name, or a number.
#[inline]
fn check_nameless(cx: &mut Context, statement: &Statement, index: usize) -> Result<()> {
    match &statement.names()[index] {
        Some(name) if !name.to_bytes().starts_with(b"?") => {
            let message = format!(
                "Binding {} ('{}') is a named parameter, but you supplied a sequence which requires nameless (qmark) \
                 placeholders.",
                index + 1,
                name.to_string_lossy()
            );
            Err(exceptions::programming_error(cx, &message))
        }
        _ => Ok(()),
    }
}

fn by_name(cx: &mut Context, entry: &Entry<'_>, statement: &Statement, values: Value) -> Result<()> {
    for (index, name) in statement.names().iter().enumerate() {
        let Some(name) = name else {
            let message = format!(
                "Binding {} has no name, but you supplied a dictionary (which has only names).",
                index + 1
            );
            return Err(exceptions::programming_error(cx, &message));
        };
        // Without its first character: a colon, an at sign, a dollar sign.
        let name = name.to_string_lossy().chars().skip(1).collect::<String>();
        let key = cx.new_str(&name);
        let found = match cx.exact::<Dict>(values) {
            Some(dict) => dict.get(cx, key.value())?,
            None => match cx.get_item(values, key.value()) {
                Ok(value) => Some(value),
                Err(raised) => cx.swallow(raised, exception::lookup_error).map(|_| None)?,
            },
        };
        let Some(value) = found else {
            let message = format!("You did not supply a value for binding parameter :{name}.");
            return Err(exceptions::programming_error(cx, &message));
        };
        one(cx, entry, statement, index + 1, value)?;
    }
    Ok(())
}
