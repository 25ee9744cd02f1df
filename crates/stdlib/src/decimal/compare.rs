//! Comparison with all numbers of Python, and hashes. CPython: `dec_richcompare`, `convert_op_cmp` and `_dec_hash` in
//! `Modules/_decimal/_decimal.c`.
//!
//! Invariant: numbers that are equal have one hash, whatever their types.

use taipan_num::decimal::{Coefficient, Decimal, Status};
use taipan_runtime::prelude::*;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::float::as_float;

use super::context::ContextObject;
use super::convert::{exact_float, exact_int};
use super::object::{self, DecimalObject};
use super::signals::FLOAT_OPERATION;
use super::{current, state};

/// What a Decimal is compared with; `None` where there is no telling.
fn converted(
    cx: &mut Context,
    a: &Decimal,
    b: Value,
    op: CompareOp,
    context: Gc<ContextObject>,
) -> Result<Option<(Option<Decimal>, Decimal)>> {
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if let Some(b) = b.downcast::<DecimalObject>() {
        return Ok(Some((None, b.number())));
    }
    if cx.is_int(b) {
        return Ok(Some((None, exact_int(cx, b, context)?)));
    }
    if as_float(b).is_some() {
        if !equality {
            context.report(cx, FLOAT_OPERATION)?;
        }
        context.raise_flags(FLOAT_OPERATION);
        return Ok(Some((None, exact_float(cx, b, context)?)));
    }
    if let Some(b) = b.downcast::<Complex>().filter(|_| equality) {
        let number = b.number();
        if number.imaginary != 0.0 {
            return Ok(None);
        }
        context.raise_flags(FLOAT_OPERATION);
        let real = cx.new_float(number.real);
        return Ok(Some((None, exact_float(cx, real, context)?)));
    }
    let rational = state::get(cx).rational();
    if !cx.is_instance(b, rational)? {
        return Ok(None);
    }
    let numerator = part(cx, b, "numerator", context)?;
    // A fraction is compared without dividing: the other number is multiplied instead.
    let Some((coefficient, exponent)) = a.finite() else { return Ok(Some((None, numerator))) };
    let denominator = part(cx, b, "denominator", context)?;
    let Some((factor, _)) = denominator.finite() else { return Ok(None) };
    let product = Decimal::new(a.negative != denominator.negative, coefficient.mul(factor), exponent);
    Ok(Some((Some(product), numerator)))
}

/// An integer attribute of a fraction.
fn part(cx: &mut Context, fraction: Value, name: &str, context: Gc<ContextObject>) -> Result<Decimal> {
    let value = cx.get_attr_str(fraction, name)?;
    if !cx.is_int(value) {
        return Err(cx.type_error("argument must be an integer"));
    }
    exact_int(cx, value, context)
}

/// `a op b` where `a` is a Decimal.
pub(super) fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
    if let (Some(a), Some(b)) = (object::short_of(a), object::short_of(b))
        && let Some(order) = a.order(b)
    {
        return Ok(Value::bool(op.holds(Some(order))));
    }
    let Some(a) = a.downcast::<DecimalObject>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let context = current::context(cx)?;
    let a = a.number();
    let Some((scaled, b)) = converted(cx, &a, b, op, context)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let a = scaled.unwrap_or(a);
    let order = a.order(&b);
    if order.is_none() {
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        if !equality || a.is_snan() || b.is_snan() {
            context.report(cx, Status::INVALID_OPERATION)?;
        }
    }
    Ok(Value::bool(op.holds(order)))
}

/// `hash(number)`; `None` for a quiet not-a-number, which hashes by its address.
pub(super) fn hash(number: &Decimal) -> Option<i64> {
    match number.finite() {
        Some((coefficient, exponent)) => {
            Some(taipan_num::decimal::hash(number.negative, coefficient, exponent))
        }
        None if number.is_infinite() => {
            let infinity = taipan_num::hash::INFINITY;
            Some(if number.negative { -infinity } else { infinity })
        }
        None => None,
    }
}

/// Ten.
pub(super) fn radix() -> Decimal {
    Decimal::new(false, Coefficient::from(10), 0)
}
