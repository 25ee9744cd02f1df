//! How operations run: operands, the context, the status. CPython: the macros `Dec_UnaryFuncVA`, `DecCtx_BinaryFunc` and
//! their like in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: an operation sees the settings as they were when it began.

use taipan_num::decimal::{Context as Settings, Decimal, Rounding, Short, Status};
use taipan_runtime::prelude::*;
use taipan_runtime::types::int;

use super::context::ContextObject;
use super::{convert, current, object};

pub(super) type Unary = fn(&Decimal, &Settings, &mut Status) -> Decimal;
pub(super) type Binary = fn(&Decimal, &Decimal, &Settings, &mut Status) -> Decimal;
pub(super) type Ternary = fn(&Decimal, &Decimal, &Decimal, &Settings, &mut Status) -> Decimal;

/// An operation on two short numbers; it may give nothing.
pub(super) type Quick = fn(Short, Short, &Settings, &mut Status) -> Option<Short>;

/// From so many digits on, an operation lets the collector go on without its thread.
const LONG: i64 = 2000;

/// Runs an operation on numbers. Its time depends on the precision too where it is a function or a power.
#[inline]
fn run<R>(
    cx: &mut Context,
    settings: &Settings,
    operands: &[&Decimal],
    function: bool,
    f: impl FnOnce(&Settings, &mut Status) -> R,
) -> (R, Status) {
    let mut status = Status::default();
    let long = (function && settings.prec > LONG)
        || operands.iter().any(|operand| operand.is_longer_than(LONG as u64));
    let result = if long { cx.blocking(|| f(settings, &mut status)) } else { f(settings, &mut status) };
    (result, status)
}

/// The result of an operation on one number, in a context.
pub(super) fn apply_unary(cx: &mut Context, context: Gc<ContextObject>, a: &Decimal, op: Unary) -> Result {
    let (result, status) =
        run(cx, &context.settings(), &[a], true, |settings, status| op(a, settings, status));
    context.finish(cx, result, status)
}

/// The result of an operation on two numbers, in a context.
pub(super) fn apply_binary(
    cx: &mut Context,
    context: Gc<ContextObject>,
    settings: &Settings,
    (a, b): (&Decimal, &Decimal),
    op: Binary,
) -> Result {
    let (result, status) = run(cx, settings, &[a, b], false, |settings, status| op(a, b, settings, status));
    context.finish(cx, result, status)
}

/// `a op b`.
#[inline]
pub(super) fn operator(cx: &mut Context, a: Value, b: Value, quick: Quick, op: Binary) -> Result {
    if let Some(context) = current::remembered(cx)
        && let (Some(a), Some(b)) = (object::short_of(a), object::short_of(b))
    {
        let mut status = Status::default();
        if let Some(result) = quick(a, b, &context.settings(), &mut status) {
            context.report(cx, status)?;
            return Ok(object::new_short(cx, result).value());
        }
    }
    any_operator(cx, a, b, op)
}

/// `a op b` of any numbers.
#[inline(never)]
fn any_operator(cx: &mut Context, a: Value, b: Value, op: Binary) -> Result {
    let context = current::context(cx)?;
    let Some(a) = convert::operand(cx, a, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(b) = convert::operand(cx, b, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    apply_binary(cx, context, &context.settings(), (&a, &b), op)
}

/// `divmod(a, b)` in a context.
fn apply_divmod(cx: &mut Context, context: Gc<ContextObject>, a: &Decimal, b: &Decimal) -> Result {
    let settings = context.settings();
    let ((quotient, rest), status) =
        run(cx, &settings, &[a, b], false, |settings, status| a.div_mod(b, settings, status));
    context.report(cx, status)?;
    let quotient = object::new(cx, quotient).value();
    let rest = object::new(cx, rest).value();
    Ok(cx.new_tuple(&[quotient, rest]).value())
}

/// `divmod(a, b)`.
pub(super) fn divmod_operator(cx: &mut Context, a: Value, b: Value) -> Result {
    let context = current::context(cx)?;
    let Some(a) = convert::operand(cx, a, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(b) = convert::operand(cx, b, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    apply_divmod(cx, context, &a, &b)
}

/// `Context.divmod`.
pub(super) fn divmod(cx: &mut Context, context: Gc<ContextObject>, a: Value, b: Value) -> Result {
    let a = convert::argument(cx, a, context)?;
    let b = convert::argument(cx, b, context)?;
    apply_divmod(cx, context, &a, &b)
}

/// `a ** b`, or `a ** b % modulo`.
fn apply_power(
    cx: &mut Context,
    context: Gc<ContextObject>,
    (a, b): (&Decimal, &Decimal),
    modulo: Option<&Decimal>,
) -> Result {
    let settings = context.settings();
    let (result, status) = match modulo {
        None => run(cx, &settings, &[a, b], true, |settings, status| a.pow(b, settings, status)),
        Some(modulo) => {
            run(cx, &settings, &[a, b], true, |settings, status| a.pow_mod(b, modulo, settings, status))
        }
    };
    context.finish(cx, result, status)
}

/// `pow(a, b, modulo)`.
pub(super) fn power_operator(cx: &mut Context, a: Value, b: Value, modulo: Value) -> Result {
    let context = current::context(cx)?;
    let Some(a) = convert::operand(cx, a, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(b) = convert::operand(cx, b, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    if modulo.is_none() {
        return apply_power(cx, context, (&a, &b), None);
    }
    let Some(modulo) = convert::operand(cx, modulo, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    apply_power(cx, context, (&a, &b), Some(&modulo))
}

/// `Context.power`.
pub(super) fn power(
    cx: &mut Context,
    context: Gc<ContextObject>,
    a: Value,
    b: Value,
    modulo: Value,
) -> Result {
    let a = convert::argument(cx, a, context)?;
    let b = convert::argument(cx, b, context)?;
    if modulo.is_none() {
        return apply_power(cx, context, (&a, &b), None);
    }
    let modulo = convert::argument(cx, modulo, context)?;
    apply_power(cx, context, (&a, &b), Some(&modulo))
}

/// An operation on one argument, in a context.
pub(super) fn unary(cx: &mut Context, context: Gc<ContextObject>, a: Value, op: Unary) -> Result {
    let a = convert::argument(cx, a, context)?;
    apply_unary(cx, context, &a, op)
}

/// An operation on two arguments, in a context.
pub(super) fn binary(cx: &mut Context, context: Gc<ContextObject>, a: Value, b: Value, op: Binary) -> Result {
    let a = convert::argument(cx, a, context)?;
    let b = convert::argument(cx, b, context)?;
    apply_binary(cx, context, &context.settings(), (&a, &b), op)
}

/// An operation on three arguments, in a context.
pub(super) fn ternary(
    cx: &mut Context,
    context: Gc<ContextObject>,
    (a, b, c): (Value, Value, Value),
    op: Ternary,
) -> Result {
    let a = convert::argument(cx, a, context)?;
    let b = convert::argument(cx, b, context)?;
    let c = convert::argument(cx, c, context)?;
    let (result, status) = run(cx, &context.settings(), &[&a, &b, &c], false, |settings, status| {
        op(&a, &b, &c, settings, status)
    });
    context.finish(cx, result, status)
}

/// What `f` says of two arguments, which a context is only asked for to convert them.
pub(super) fn relation<R>(
    cx: &mut Context,
    context: Gc<ContextObject>,
    a: Value,
    b: Value,
    f: impl FnOnce(&Decimal, &Decimal) -> R,
) -> Result<R> {
    let a = convert::argument(cx, a, context)?;
    let b = convert::argument(cx, b, context)?;
    Ok(f(&a, &b))
}

/// What `f` says of an argument.
pub(super) fn property<R>(
    cx: &mut Context,
    context: Gc<ContextObject>,
    a: Value,
    f: impl FnOnce(&Decimal) -> R,
) -> Result<R> {
    let a = convert::argument(cx, a, context)?;
    Ok(f(&a))
}

/// The number as an int.
pub(super) fn to_int(cx: &mut Context, number: &Decimal, rounding: Rounding) -> Result {
    if number.is_nan() {
        return Err(cx.value_error("cannot convert NaN to integer"));
    }
    if number.is_infinite() {
        return Err(cx.overflow_error("cannot convert Infinity to integer"));
    }
    let context = current::context(cx)?;
    let settings = context.settings().rounded(rounding);
    let (rounded, status) =
        run(cx, &settings, &[number], false, |settings, status| number.to_integral(false, settings, status));
    context.report(cx, status)?;
    match rounded.to_int() {
        Ok(int) => Ok(int::from_int(cx, &int)),
        Err(_) => Err(cx.memory_error()),
    }
}
