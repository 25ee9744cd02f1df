//! The short ways of `Decimal` (`QuickFn`): the constructor, `quantize`.
//!
//! Invariant: they give what the native of their name gives, and nothing where that would raise or ask anybody.

use taipan_num::decimal::{Short, Status};
use taipan_runtime::prelude::*;
use taipan_runtime::types::str::Units;

use super::current;
use super::object::{self, DecimalObject};

/// `Decimal(value)`, of plain text or a small int.
pub(super) fn new(cx: &Context, args: &[Option<Value>]) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    let short = match cx.exact::<Str>(value) {
        Some(text) => match text.units() {
            Units::One(text) => Short::parse(text)?,
            _ => return None,
        },
        None if value.is_small_int() => object::short_of(value)?,
        None => return cx.exact::<DecimalObject>(value).map(Gc::value),
    };
    Some(object::new_short(cx, short).value())
}

/// `number.quantize(exp)`.
pub(super) fn quantize(cx: &Context, args: &[Option<Value>]) -> Option<Value> {
    let &[Some(number), Some(exp)] = args else { return None };
    let context = current::remembered(cx)?;
    let (number, pattern) = (number.downcast::<DecimalObject>()?.short()?, object::short_of(exp)?);
    let mut status = Status::default();
    let result = number.quantize(pattern, &context.settings(), &mut status)?;
    context.note(status).then(|| object::new_short(cx, result).value())
}
