//! The short ways of native types (`QuickFn`): methods and constructors that ordinary programs call most, for the
//! commonest arguments.
//!
//! Invariant: each gives what the native of its name would give, or None; see `QuickFn` for what it must not do.

use crate::context::Context;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::Dict;
use crate::types::float::Float;
use crate::types::int::{self, Int};
use crate::types::list::List;
use crate::types::range::Range;
use crate::types::str::{Str, Units};
use crate::types::tuple::Tuple;
use crate::value::Value;

type Arguments<'a> = &'a [Option<Value>];

/// The most digits that `int(text)` reads here: every number of so many digits is an immediate int.
const DIGITS: usize = 18;

/// The number of items of what is exactly a built-in container.
pub fn length(cx: &Context, value: Value) -> Option<usize> {
    if let Some(list) = cx.exact::<List>(value) {
        Some(list.len())
    } else if let Some(text) = cx.exact::<Str>(value) {
        Some(text.len())
    } else if let Some(tuple) = cx.exact::<Tuple>(value) {
        Some(tuple.items().len())
    } else {
        cx.exact::<Dict>(value).map(|dict| dict.len())
    }
}

/// `list.append(x)`.
pub(crate) fn append(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(list), Some(item)] = args else { return None };
    list.downcast::<List>()?.push_within(cx, item).then_some(Value::NONE)
}

/// `list.pop()`.
pub(crate) fn pop(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(list)] = args else { return None };
    list.downcast::<List>()?.pop_last(cx)
}

/// `dict.get(key)` and `dict.get(key, default)`.
pub(crate) fn get(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let (dict, key, default) = match *args {
        [Some(dict), Some(key)] => (dict, key, Value::NONE),
        [Some(dict), Some(key), Some(default)] => (dict, key, default),
        _ => return None,
    };
    Some(dict.downcast::<Dict>()?.get_quietly(cx, key)?.unwrap_or(default))
}

/// `str.startswith(prefix)`.
pub(crate) fn startswith(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    two_narrow(args, |text, prefix| text.starts_with(prefix))
}

/// `str.endswith(suffix)`.
pub(crate) fn endswith(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    two_narrow(args, |text, suffix| text.ends_with(suffix))
}

/// What `f` says of two strings of one byte a character.
fn two_narrow(args: Arguments<'_>, f: impl FnOnce(&[u8], &[u8]) -> bool) -> Option<Value> {
    let &[Some(a), Some(b)] = args else { return None };
    match (a.downcast::<Str>()?.units(), b.downcast::<Str>()?.units()) {
        (Units::One(a), Units::One(b)) => Some(Value::bool(f(a, b))),
        _ => None,
    }
}

/// `str()`, of an int or a string.
pub(crate) fn new_str(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    match value.as_small_int() {
        Some(int) => Some(crate::types::str::format::small_int(cx, int).value()),
        None => cx.exact::<Str>(value).map(Gc::value),
    }
}

/// `int()`, of a number or of a few decimal digits.
pub(crate) fn new_int(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    if value.is_small_int() {
        return Some(value);
    }
    if let Some(float) = value.as_immediate_float() {
        return (float.abs() < (1i64 << 60) as f64).then(|| Value::int(float as i64));
    }
    match cx.exact::<Str>(value)?.units() {
        Units::One(text) => decimal(text).map(Value::int),
        _ => None,
    }
}

/// `float()`, of a number.
pub(crate) fn new_float(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    match value.as_small_int() {
        // The hardware rounds to nearest even, as CPython does.
        Some(int) => Some(cx.new_float(int as f64)),
        None => cx.exact::<Float>(value).map(Gc::value).or(value.is_immediate_float().then_some(value)),
    }
}

/// The number that a few digits and perhaps a sign make.
fn decimal(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > DIGITS {
        return None;
    }
    let mut number = 0i64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    Some(if negative { -number } else { number })
}

/// `bool()`, of what has an easy answer.
pub(crate) fn new_bool(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    if value.is_bool() {
        return Some(value);
    }
    if value.is_none() {
        return Some(Value::FALSE);
    }
    if let Some(int) = value.as_small_int() {
        return Some(Value::bool(int != 0));
    }
    length(cx, value).map(|length| Value::bool(length != 0))
}

/// `type(x)`.
pub(crate) fn type_of(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    Some(cx.class_of(value).value())
}

/// `range(stop)` and `range(start, stop)`.
pub(crate) fn new_range(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let (start, stop) = match args {
        [Some(stop)] => (0, stop.as_small_int()?),
        [Some(start), Some(stop)] => (start.as_small_int()?, stop.as_small_int()?),
        _ => return None,
    };
    Range::of_small(cx, start, stop).map(Gc::value)
}

/// `list()`, of nothing.
pub(crate) fn new_list(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    args.is_empty().then(|| cx.new_list(&[]).value())
}

/// `dict()`, of nothing.
pub(crate) fn new_dict(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    args.is_empty().then(|| cx.new_dict().value())
}

/// `int.to_bytes(length, byteorder)` of what a word holds.
pub(crate) fn to_bytes(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let (int, length, order) = match args {
        [Some(int)] => (int, 1, None),
        [Some(int), Some(length)] => (int, length.as_small_int()?, None),
        [Some(int), Some(length), Some(order)] => (int, length.as_small_int()?, Some(order)),
        _ => return None,
    };
    let little = match order {
        None => false,
        Some(order) => {
            let order = order.downcast::<Str>()?;
            if !order.is("big") && !order.is("little") {
                return None;
            }
            order.is("little")
        }
    };
    let int = u64::try_from(int.as_small_int()?).ok()?;
    let length = usize::try_from(length).ok().filter(|length| *length <= 8)?;
    if length < 8 && int >> (8 * length) != 0 {
        return None;
    }
    Some(if little {
        cx.new_bytes(int.to_le_bytes().get(..length)?).value()
    } else {
        cx.new_bytes(int.to_be_bytes().get(8 - length..)?).value()
    })
}

/// `int.bit_length()`.
pub(crate) fn bit_length(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    Some(Value::int(i64::from(64 - value.as_small_int()?.unsigned_abs().leading_zeros())))
}

/// `int.bit_count()`.
pub(crate) fn bit_count(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    Some(Value::int(i64::from(value.as_small_int()?.unsigned_abs().count_ones())))
}

/// Whether `a op b`, of two ints, two strings, or an int and a float.
pub fn compare(cx: &Context, op: CompareOp, a: Value, b: Value) -> Option<bool> {
    if let Some(a) = cx.exact::<Str>(a) {
        let b = cx.exact::<Str>(b)?;
        return match op {
            CompareOp::Eq => Some(a.equals(&b)),
            CompareOp::Ne => Some(!a.equals(&b)),
            _ => match (a.units(), b.units()) {
                (Units::One(a), Units::One(b)) => Some(op.holds(Some(a.cmp(b)))),
                _ => None,
            },
        };
    }
    if a.is_cell() || b.is_cell() {
        return int::quick::compare(op, a, b);
    }
    let number = |value: Value| {
        let int = value.as_small_int().filter(|int| int.unsigned_abs() < 1 << 53);
        value.as_immediate_float().or(int.map(|int| int as f64))
    };
    Some(op.holds(number(a)?.partial_cmp(&number(b)?)))
}

/// The hash of a number or a string.
pub fn hash(cx: &Context, value: Value) -> Option<i64> {
    if let Some(int) = value.as_small_int() {
        return Some(taipan_num::hash::hash_i64(int));
    }
    if let Some(float) = value.as_immediate_float() {
        return taipan_num::hash::hash_f64(float);
    }
    if let Some(text) = cx.exact::<Str>(value) {
        return Some(text.hash(cx));
    }
    cx.is_exact::<Int>(value).then(|| int::with_ref(value, taipan_num::hash::hash_int))
}
