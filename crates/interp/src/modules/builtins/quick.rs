//! The short ways (`QuickFn`) of built-in functions, for the commonest arguments.
//!
//! Invariant: each gives what the function of its name would give, or None; see `QuickFn` for what it must not do.

use taipan_runtime::prelude::*;
use taipan_runtime::quick;
use taipan_runtime::types::int::{self, Int};
use taipan_runtime::types::type_::type_class;

type Arguments<'a> = &'a [Option<Value>];

pub(super) fn len(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    Some(Value::int(quick::length(cx, value)? as i64))
}

pub(super) fn hash(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    Some(cx.new_int(quick::hash(cx, value)?))
}

/// Of a plain class, or of a tuple of them; where `__class__` may say otherwise the answer is not no.
pub(super) fn isinstance(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value), Some(class)] = args else { return None };
    let own = cx.class_of(value);
    if let Some(classes) = class.downcast::<Tuple>() {
        for class in classes.items() {
            if is_of(cx, own, *class)? {
                return Some(Value::TRUE);
            }
        }
        return Some(Value::FALSE);
    }
    is_of(cx, own, class).map(Value::bool)
}

#[inline]
fn is_of(cx: &Context, own: Gc<Class>, class: Value) -> Option<bool> {
    if own.value() == class {
        return Some(true);
    }
    let class = class.downcast::<Class>().filter(|class| cx.class_of(class.value()) == type_class())?;
    if own.is_subclass_of(class) {
        return Some(true);
    }
    let object = taipan_runtime::types::type_::object_class();
    let class_name = cx.name(id::__class__);
    let is_plain = own.slots.get_attr.same(&object.slots.get_attr)
        && own.lookup(cx, class_name) == object.lookup(cx, class_name);
    is_plain.then_some(false)
}

pub(super) fn abs(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    if let Some(int) = value.as_small_int() {
        return Some(cx.new_int(int.wrapping_abs()));
    }
    if let Some(float) = value.as_immediate_float() {
        return Some(cx.new_float(float.abs()));
    }
    match cx.exact::<Int>(value)?.is_negative() {
        false => Some(value),
        true => int::quick::negative(cx, value),
    }
}

pub(super) fn ord(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    let text = value.downcast::<Str>()?;
    let mut codes = text.chars();
    match (codes.next(), codes.next()) {
        (Some(code), None) => Some(Value::int(i64::from(code))),
        _ => None,
    }
}

pub(super) fn chr(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    let code = u32::try_from(value.as_small_int()?).ok().filter(|code| *code <= 0x10_FFFF)?;
    Some(cx.new_char(code).value())
}

pub(super) fn bin(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    prefixed(cx, args, 1, b"0b")
}

pub(super) fn oct(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    prefixed(cx, args, 3, b"0o")
}

pub(super) fn hex(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    prefixed(cx, args, 4, b"0x")
}

fn prefixed(cx: &Context, args: Arguments<'_>, bits: u32, prefix: &[u8]) -> Option<Value> {
    let &[Some(number)] = args else { return None };
    Some(quick::prefixed(cx, number.as_small_int()?, bits, prefix).value())
}

/// Of ints.
pub(super) fn pow(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let int = |value: Value| value.is_small_int();
    match *args {
        [Some(a), Some(b)] if int(a) && int(b) => int::quick::power(cx, a, b),
        [Some(a), Some(b), Some(m)] if int(a) && int(b) && int(m) => int::quick::modular_power(a, b, m),
        _ => None,
    }
}

/// Of two arguments or more, all of them numbers of one type.
pub(super) fn max(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    extreme(args, |next, best| less(best, next))
}

pub(super) fn min(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    extreme(args, less)
}

#[inline]
fn extreme(args: Arguments<'_>, better: impl Fn(Value, Value) -> Option<bool>) -> Option<Value> {
    let [Some(first), rest @ ..] = args else { return None };
    if rest.is_empty() {
        return None;
    }
    rest.iter().try_fold(*first, |best, next| {
        let next = (*next)?;
        Some(if better(next, best)? { next } else { best })
    })
}

/// Whether one number is less than another of its type.
#[inline]
fn less(a: Value, b: Value) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
        return Some(a < b);
    }
    Some(a.as_immediate_float()? < b.as_immediate_float()?)
}
