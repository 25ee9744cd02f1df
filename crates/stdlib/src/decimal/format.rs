//! `Decimal.__format__`. CPython: `dec_format` and `pydec_format` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: a specification that only `_pydecimal` understands gives what it makes of it, as in CPython.

use taipan_num::decimal::{Conventions, FormatError, Room, Spec, Wide};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::int;
use taipan_runtime::types::str::{StrBuilder, Units};

use super::context::ContextObject;
use super::current;
use super::object::DecimalObject;

/// The longest point or separator, in bytes.
const LONGEST: usize = 4;

/// What the locale or an override dict says, as far as it says it.
fn conventions(cx: &mut Context, dict: Value, base: Conventions) -> Result<Conventions> {
    let Some(dict) = dict.downcast::<Dict>() else {
        return Err(cx.type_error("optional argument must be a dict"));
    };
    let mut found = base;
    for (name, text) in [("decimal_point", &mut found.point), ("thousands_sep", &mut found.separator)] {
        let name = cx.intern(name);
        if let Some(value) = dict.get(cx, name.value())? {
            *text = String::from_arg(cx, value, "decimal_point")?;
        }
    }
    let name = cx.intern("grouping");
    if let Some(value) = dict.get(cx, name.value())? {
        found.grouping = match value.downcast::<List>() {
            Some(list) => {
                let lengths = list.snapshot(cx);
                lengths.iter().map(|length| int::to_i64(*length).unwrap_or(0) as u8).collect()
            }
            // A string whose characters are the lengths.
            None => String::from_arg(cx, value, "grouping")?.into_bytes(),
        };
    }
    Ok(found)
}

/// How the locale writes numbers.
fn of_locale(cx: &mut Context) -> Result<Conventions> {
    let module = cx.import("_locale")?;
    let dict = cx.call_method(module, "localeconv", &[])?;
    conventions(cx, dict, Conventions::default())
}

/// What `_pydecimal` makes of a specification.
#[cold]
fn by_python(cx: &mut Context, number: Gc<DecimalObject>, spec: Value, context: Gc<ContextObject>) -> Result {
    let module = cx.import("_pydecimal")?;
    let class = cx.get_attr_str(module, "Decimal")?;
    let text = cx.new_str(&number.number().to_text(false, true)).value();
    let number = cx.call(class, &[text])?;
    match cx.call_method(number, "__format__", &[spec, context.value()]) {
        Ok(text) => Ok(text),
        Err(raised) => {
            cx.swallow(raised, exception::value_error)?;
            Err(cx.value_error("invalid format string"))
        }
    }
}

/// `number.__format__(spec)`.
pub(super) fn format(
    cx: &mut Context,
    number: Gc<DecimalObject>,
    spec: Value,
    override_: Option<Value>,
) -> Result {
    let context = current::context(cx)?;
    let Some(text) = spec.downcast::<Str>() else { return Err(cx.type_error("format arg must be str")) };
    if let (Units::One(&[b'.', digit @ b'0'..=b'9', b'f']), None, Some(short)) =
        (text.units(), override_, number.short())
    {
        let mut room: Room = [0; 72];
        if let Some(length) = short.write_rounded(i64::from(digit - b'0'), context.rounding(), &mut room) {
            return Ok(cx.new_ascii(&room[..length]).value());
        }
    }
    let owned;
    let text = match text.as_ascii() {
        Some(text) => text,
        None => {
            owned = text.to_utf8(cx)?.into_owned();
            &owned
        }
    };
    if text.ends_with('N') {
        cx.warn(exception::deprecation_warning, "Format specifier 'N' is deprecated", 1)?;
    }
    let Some(parsed) = Spec::parse(text, context.capitals()) else {
        return by_python(cx, number, spec, context);
    };
    if let (None, Some(short)) = (override_, number.short()) {
        let mut room: Wide = [0; 160];
        if let Some(start) = short.write_formatted(&parsed, context.rounding(), &mut room) {
            return Ok(cx.new_ascii(&room[start..]).value());
        }
    }
    let mut used = if parsed.locale { Some(of_locale(cx)?) } else { None };
    if let Some(dict) = override_ {
        let base = match used {
            Some(conventions) => conventions,
            None if parsed.thousands => {
                Conventions { separator: ",".to_owned(), grouping: vec![3], ..Conventions::default() }
            }
            None => Conventions { point: String::new(), ..Conventions::default() },
        };
        let found = conventions(cx, dict, base)?;
        // A character beyond 127 is a negative number in C.
        let negative = found.grouping.iter().any(|length| *length > 127);
        if found.point.is_empty()
            || found.point.len() > LONGEST
            || found.separator.len() > LONGEST
            || negative
        {
            return Err(cx.value_error("invalid override dict"));
        }
        used = Some(found);
    }
    let settings = context.settings();
    let number = number.number();
    let formatted = match number.format(&parsed, used.as_ref(), &settings) {
        Ok(formatted) => formatted,
        Err(FormatError::Memory) => return Err(cx.memory_error()),
        Err(FormatError::Limits) => {
            return Err(cx.value_error("format specification exceeds internal limits of _decimal"));
        }
    };
    if formatted.before + formatted.between + formatted.after == 0 && formatted.body.is_ascii() {
        return Ok(cx.new_ascii((formatted.head + &formatted.body).as_bytes()).value());
    }
    let fill = u32::from(formatted.fill);
    let mut out = StrBuilder::with_capacity(formatted.body.len());
    out.push_repeated(fill, formatted.before);
    out.push_str(&formatted.head);
    out.push_repeated(fill, formatted.between);
    out.push_str(&formatted.body);
    out.push_repeated(fill, formatted.after);
    Ok(out.finish(cx).value())
}
