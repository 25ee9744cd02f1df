//! Numbers from Python's objects. CPython: `PyDecType_From*` and `convert_op` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: the constructor's way is exact or fails; a context's way rounds.

use taipan_num::bigint::IntRef;
use taipan_num::decimal::{Coefficient, Context as Settings, Decimal, MAX_PREC, Magnitude, Status};
use taipan_runtime::prelude::*;
use taipan_runtime::types::float::as_float;
use taipan_runtime::types::int;
use taipan_runtime::types::str::Units;
use taipan_runtime::types::str::split::is_space;

use super::context::ContextObject;
use super::object::{self, DecimalObject};
use super::signals::{ERRORS, FLOAT_OPERATION};

/// `Py_ssize_t` of an int, and of an int alone.
pub(super) fn ssize(cx: &mut Context, value: Value) -> Result<i64> {
    if let Some(small) = value.as_small_int() {
        return Ok(small);
    }
    if !cx.is_int(value) {
        return Err(cx.type_error("an integer is required"));
    }
    int::to_i64(value).ok_or_else(|| cx.overflow_error("Python int too large to convert to C ssize_t"))
}

/// The ASCII text of a numeric string; `None` where a character has no place in one. The constructor strips white space
/// and underscores, a context's method does not.
fn ascii_of(text: Gc<Str>, lenient: bool) -> Option<Vec<u8>> {
    let units = text.units();
    let (mut start, mut end) = (0, units.len());
    if lenient {
        while start < end && is_space(units.at(end - 1)) {
            end -= 1;
        }
        while start < end && is_space(units.at(start)) {
            start += 1;
        }
    }
    if let Units::One(bytes) = units
        && bytes[start..end].iter().all(|byte| byte.is_ascii() && *byte != b'_' && *byte != 0)
    {
        return Some(bytes[start..end].to_vec());
    }
    let mut ascii = Vec::with_capacity(end - start);
    for index in start..end {
        match units.at(index) {
            0x5f if lenient => {}
            code @ 1..=127 => ascii.push(code as u8),
            code if is_space(code) => ascii.push(b' '),
            code => ascii.push(b'0' + taipan_unicode::decimal(code)? as u8),
        }
    }
    Some(ascii)
}

/// Status and number of a conversion that had to be exact.
fn exactly(cx: &mut Context, context: Gc<ContextObject>, number: Option<Decimal>) -> Result<Decimal> {
    let reason = match &number {
        None => Status::CONVERSION_SYNTAX,
        Some(Decimal { magnitude: Magnitude::Nan { payload, .. }, .. })
            if payload.digits() > MAX_PREC as u64 =>
        {
            Status::CONVERSION_SYNTAX
        }
        Some(number) if !number.is_representable() => Status::INVALID_OPERATION,
        Some(_) => Status::default(),
    };
    context.report(cx, reason & ERRORS)?;
    Ok(match number {
        Some(number) if reason == Status::default() => number,
        _ => Decimal::nan(),
    })
}

/// An int as a number.
pub(super) fn of_int(value: Value) -> Decimal {
    int::with_ref(value, |int: IntRef<'_>| Decimal::new(int.negative, Coefficient::of_int(int), 0))
}

/// An int as an operand.
pub(super) fn exact_int(cx: &mut Context, value: Value, context: Gc<ContextObject>) -> Result<Decimal> {
    exactly(cx, context, Some(of_int(value)))
}

/// The exact value of a float; of an int too.
pub(super) fn exact_float(cx: &mut Context, value: Value, context: Gc<ContextObject>) -> Result<Decimal> {
    if cx.is_int(value) {
        return exact_int(cx, value, context);
    }
    match as_float(value) {
        // A float's not-a-number loses its sign.
        Some(float) if float.is_nan() => Ok(Decimal::nan()),
        Some(float) => Decimal::of_f64(float).map_err(|_| cx.memory_error()),
        None => Err(cx.type_error("argument must be int or float")),
    }
}

/// The items of a tuple or list.
fn sequence(cx: &Context, value: Value) -> Option<Gc<Tuple>> {
    match value.downcast::<List>() {
        Some(list) => Some(cx.new_tuple(&list.snapshot(cx))),
        None => value.downcast::<Tuple>(),
    }
}

/// What a triple of sign, digits and exponent says, as text.
fn text_of_triple(cx: &mut Context, triple: Gc<Tuple>) -> Result<Vec<u8>> {
    let [sign, digits, exponent] = *triple.items() else {
        return Err(cx.value_error("argument must be a sequence of length 3"));
    };
    let long = |cx: &Context, value: Value| {
        int::to_i64(value).ok_or_else(|| cx.overflow_error("Python int too large to convert to C long"))
    };
    const SIGN: &str = "sign must be an integer with the value 0 or 1";
    if !cx.is_int(sign) {
        return Err(cx.value_error(SIGN));
    }
    let mut text = match long(cx, sign)? {
        0 => b"+".to_vec(),
        1 => b"-".to_vec(),
        _ => return Err(cx.value_error(SIGN)),
    };
    let (mut special, mut infinite, mut power) = (false, false, 0);
    if let Some(kind) = exponent.downcast::<Str>() {
        special = true;
        infinite = kind.is("F");
        text.extend_from_slice(match &*kind.to_str() {
            "F" => b"Inf",
            "n" => b"NaN",
            "N" => b"sNaN",
            _ => {
                return Err(cx.value_error("string argument in the third position must be 'F', 'n' or 'N'"));
            }
        });
    } else if cx.is_int(exponent) {
        power = ssize(cx, exponent)?;
    } else {
        return Err(cx.value_error("exponent must be an integer"));
    }
    const DIGITS: &str = "coefficient must be a tuple of digits";
    let Some(digits) = sequence(cx, digits) else { return Err(cx.value_error(DIGITS)) };
    if digits.is_empty() && !special {
        text.push(b'0');
    }
    for (index, digit) in digits.items().iter().enumerate() {
        if index % 4096 == 4095 {
            cx.poll()?;
        }
        if !cx.is_int(*digit) {
            return Err(cx.value_error(DIGITS));
        }
        match long(cx, *digit)? {
            // Those of an infinity are checked and forgotten.
            0..=9 if infinite => {}
            digit @ 0..=9 => text.push(b'0' + digit as u8),
            _ => return Err(cx.value_error(DIGITS)),
        }
    }
    if !special {
        text.extend_from_slice(format!("E{power}").as_bytes());
    }
    Ok(text)
}

/// The text of a tuple or list.
fn text_of_sequence(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    match sequence(cx, value) {
        Some(triple) => text_of_triple(cx, triple),
        None => Err(cx.type_error("argument must be a tuple or list")),
    }
}

#[cold]
fn unsupported(cx: &Context, value: Value) -> Raised {
    cx.type_error(format!("conversion from {} to Decimal is not supported", full_type_name(cx, value)))
}

/// `tp_name`.
fn full_type_name(cx: &Context, value: Value) -> String {
    let class = cx.class_of(value);
    if class.is_heap() { cx.type_name(value) } else { class.full_name() }
}

/// What the constructor makes of anything but a Decimal.
pub(super) fn exact(cx: &mut Context, value: Value, context: Gc<ContextObject>) -> Result<Decimal> {
    if let Some(text) = value.downcast::<Str>() {
        let number = ascii_of(text, true).and_then(|text| Decimal::parse(&text));
        return exactly(cx, context, number);
    }
    if let Some(number) = value.downcast::<DecimalObject>() {
        return Ok(number.number());
    }
    if cx.is_int(value) {
        return exact_int(cx, value, context);
    }
    if value.downcast::<Tuple>().is_some() || value.downcast::<List>().is_some() {
        let text = text_of_sequence(cx, value)?;
        return exactly(cx, context, Decimal::parse(&text));
    }
    if as_float(value).is_some() {
        context.report(cx, FLOAT_OPERATION)?;
        return exact_float(cx, value, context);
    }
    Err(unsupported(cx, value))
}

/// What `Decimal.from_number` makes of a number.
pub(super) fn exact_number(
    cx: &mut Context,
    value: Value,
    context: Gc<ContextObject>,
) -> Result<Gc<DecimalObject>> {
    if let Some(number) = value.downcast::<DecimalObject>() {
        let plain = cx.is_exact::<DecimalObject>(value);
        return Ok(if plain { number } else { object::new(cx, number.number()) });
    }
    if !cx.is_int(value) && as_float(value).is_none() {
        return Err(unsupported(cx, value));
    }
    let number = exact(cx, value, context)?;
    Ok(object::new(cx, number))
}

/// What `Context.create_decimal` makes of anything, and what happened.
pub(super) fn rounded(
    cx: &mut Context,
    value: Value,
    context: Gc<ContextObject>,
) -> Result<(Decimal, Status)> {
    let settings: &Settings = &context.settings();
    let mut status = Status::default();
    if let Some(number) = value.downcast::<DecimalObject>() {
        let number = number.number();
        if let Magnitude::Nan { payload, .. } = &number.magnitude
            && payload.digits() as i64 * i64::from(!payload.is_zero())
                > settings.prec - i64::from(settings.clamp)
        {
            return Ok((Decimal::nan(), Status::CONVERSION_SYNTAX));
        }
        return Ok((number.finish(settings, &mut status), status));
    }
    if let Some(text) = value.downcast::<Str>() {
        let number = match ascii_of(text, false) {
            Some(text) => Decimal::from_text(&text, settings, &mut status),
            None => Decimal::from_text(b"", settings, &mut status),
        };
        return Ok((number, status));
    }
    if cx.is_int(value) {
        return Ok((of_int(value).finish(settings, &mut status), status));
    }
    if value.downcast::<Tuple>().is_some() || value.downcast::<List>().is_some() {
        let text = text_of_sequence(cx, value)?;
        return Ok((Decimal::from_text(&text, settings, &mut status), status));
    }
    if as_float(value).is_some() {
        context.report(cx, FLOAT_OPERATION)?;
        let number = exact_float(cx, value, context)?;
        return Ok((number.finish(settings, &mut status), status));
    }
    Err(unsupported(cx, value))
}

/// An operand of an operator; `None` where the other operand may know better.
#[inline]
pub(super) fn operand(cx: &mut Context, value: Value, context: Gc<ContextObject>) -> Result<Option<Decimal>> {
    if let Some(number) = value.downcast::<DecimalObject>() {
        return Ok(Some(number.number()));
    }
    if cx.is_int(value) {
        return exact_int(cx, value, context).map(Some);
    }
    Ok(None)
}

/// An argument of a method.
#[inline]
pub(super) fn argument(cx: &mut Context, value: Value, context: Gc<ContextObject>) -> Result<Decimal> {
    match operand(cx, value, context)? {
        Some(number) => Ok(number),
        None => Err(unsupported(cx, value)),
    }
}
