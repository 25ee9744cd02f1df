//! The short ways of native types (`QuickFn`): methods and constructors that ordinary programs call most, for the
//! commonest arguments.
//!
//! Invariant: each gives what the native of its name would give, or None; see `QuickFn` for what it must not do.

use taipan_num::bigint::{ByteOrder, IntRef, SHORT_DIGITS};

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

/// The longest text that is encoded here.
const ENCODED: usize = 256;

/// `str.encode()` and `str.encode('utf-8')`, of ASCII.
pub(crate) fn encode(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let text = match args {
        [Some(text)] => text,
        [Some(text), Some(encoding)] if encoding.downcast::<Str>()?.is("utf-8") => text,
        _ => return None,
    };
    let text = text.downcast::<Str>()?;
    match text.units() {
        Units::One(text) if text.len() <= ENCODED && text.is_ascii() => Some(cx.new_bytes(text).value()),
        _ => None,
    }
}

/// `str()`, of an int or a string.
pub(crate) fn new_str(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    match value.as_small_int() {
        Some(int) => Some(crate::types::str::format::small_int(cx, int).value()),
        None => match cx.exact::<Str>(value) {
            Some(text) => Some(text.value()),
            None => int::quick::decimal(cx, cx.exact::<Int>(value)?).map(Gc::value),
        },
    }
}

/// `int()`, of a number or of a few digits, with a base or without.
pub(crate) fn new_int(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let value = match *args {
        [Some(value)] => value,
        [Some(text), Some(base)] => {
            let text = cx.exact::<Str>(text)?;
            let Units::One(text) = text.units() else { return None };
            return in_base(text, base.as_small_int()?).map(Value::int);
        }
        _ => return None,
    };
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
        None if value.is_immediate_float() => Some(value),
        None if cx.is_exact::<Int>(value) => int::with_ref(value, |int| Some(cx.new_float(int.to_f64()?))),
        None => cx.exact::<Float>(value).map(Gc::value),
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

/// The number that a few digits of a base make, perhaps behind the prefix that the base has.
fn in_base(text: &[u8], base: i64) -> Option<i64> {
    let (base, prefixes, most): (i64, [&[u8]; 2], usize) = match base {
        2 => (2, [b"0b", b"0B"], 60),
        8 => (8, [b"0o", b"0O"], 20),
        10 => return decimal(text),
        16 => (16, [b"0x", b"0X"], 15),
        _ => return None,
    };
    let digits = prefixes.iter().find_map(|prefix| text.strip_prefix(*prefix)).unwrap_or(text);
    if digits.is_empty() || digits.len() > most {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| {
        let digit = i64::from((*digit as char).to_digit(base as u32)?);
        Some(number * base + digit)
    })
}

/// The room for an int's digits: of base 2 with a prefix and a sign, as wide as two digits say, or those of a short number
/// with its sign.
const WIDEST: usize = 99;
const _: () = assert!(SHORT_DIGITS < WIDEST);
/// Limbs whose sixteen digits each have room.
const HEXADECIMAL_LIMBS: usize = 6;

/// `bin(int)`, `oct(int)` and `hex(int)`: so many bits make a digit.
pub fn prefixed(cx: &Context, int: i64, bits: u32, prefix: &[u8]) -> Gc<Str> {
    let mut room = [0; WIDEST];
    let mut at = digits(int.unsigned_abs(), 1 << bits, false, &mut room);
    at -= prefix.len();
    room[at..at + prefix.len()].copy_from_slice(prefix);
    if int < 0 {
        at -= 1;
        room[at] = b'-';
    }
    cx.new_ascii(&room[at..])
}

/// `format(value, spec)`, of a number and a plain specification.
pub(crate) fn format(cx: &Context, value: Value, spec: &[u8]) -> Option<Gc<Str>> {
    if let Some(int) = value.as_small_int() {
        return format_int(cx, IntRef::small(int, &mut [0]), spec);
    }
    if let Some(float) = value.as_immediate_float() {
        return format_float(cx, float, spec);
    }
    format_int(cx, cx.exact::<Int>(value)?.view(), spec)
}

/// `format(int, spec)`, where the specification is no more than a width, perhaps with a zero in front, and a base.
fn format_int(cx: &Context, int: IntRef<'_>, spec: &[u8]) -> Option<Gc<Str>> {
    let (spec, radix, upper) = match spec {
        [rest @ .., b'd'] => (rest, 10, false),
        [rest @ .., b'x'] => (rest, 16, false),
        [rest @ .., b'X'] => (rest, 16, true),
        [rest @ .., b'b'] => (rest, 2, false),
        [rest @ .., b'o'] => (rest, 8, false),
        rest => (rest, 10, false),
    };
    let (zeros, spec) = match spec {
        [b'0', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let width = two_digits(spec)?;
    let mut room = [0; WIDEST];
    let mut at = match (int.limbs, radix) {
        ([], _) => digits(0, radix, upper, &mut room),
        (&[limb], _) => digits(limb, radix, upper, &mut room),
        (limbs, 16) if limbs.len() <= HEXADECIMAL_LIMBS => hexadecimal(limbs, upper, &mut room),
        (_, 10) => int.short_decimal(room.last_chunk_mut()?).map(|at| at + WIDEST - SHORT_DIGITS)?,
        _ => return None,
    };
    let sign = usize::from(int.negative);
    let start = WIDEST - width;
    if zeros && start + sign < at {
        room[start + sign..at].fill(b'0');
        at = start + sign;
    }
    if int.negative {
        at -= 1;
        room[at] = b'-';
    }
    if start < at {
        room[start..at].fill(b' ');
        at = start;
    }
    Some(cx.new_ascii(&room[at..]))
}

/// `format(float, spec)`, where the specification is no more than a width and so many digits behind the point: `8.2f`.
fn format_float(cx: &Context, float: f64, spec: &[u8]) -> Option<Gc<Str>> {
    const DIGITS: usize = 20;
    const LARGEST: f64 = 1e15;
    let (width, digits) = match spec {
        [b'.', digits @ .., b'f'] => (&[][..], digits),
        [ones @ b'1'..=b'9', b'.', digits @ .., b'f'] => (std::slice::from_ref(ones), digits),
        [b'1'..=b'9', _, b'.', digits @ .., b'f'] => (&spec[..2], digits),
        _ => return None,
    };
    let (width, precision) = (two_digits(width)?, two_digits(digits)?);
    let fits = float.abs() < LARGEST && !digits.is_empty() && precision <= DIGITS;
    if !fits {
        return None;
    }
    // The sign, 15 digits, the point, and those behind it.
    let mut text = [0; 1 + 15 + 1 + DIGITS];
    let mut rest = &mut text[..];
    std::io::Write::write_fmt(&mut rest, format_args!("{float:.precision$}")).ok()?;
    let unused = rest.len();
    let text = &text[..text.len() - unused];
    if text.len() >= width {
        return Some(cx.new_ascii(text));
    }
    let mut room = [b' '; WIDEST];
    room[WIDEST - text.len()..].copy_from_slice(text);
    Some(cx.new_ascii(&room[WIDEST - width..]))
}

/// The number that up to two digits make; none make 0.
fn two_digits(digits: &[u8]) -> Option<usize> {
    let digit = |digit: u8| digit.is_ascii_digit().then_some(usize::from(digit.wrapping_sub(b'0')));
    match *digits {
        [] => Some(0),
        [ones] => digit(ones),
        [tens, ones] => Some(digit(tens)? * 10 + digit(ones)?),
        _ => None,
    }
}

/// Writes the digits of a number at the end of `room`; gives where they begin.
#[inline]
fn digits(mut rest: u64, radix: u64, upper: bool, room: &mut [u8; WIDEST]) -> usize {
    let letters = if upper { b'A' } else { b'a' };
    let mut at = WIDEST;
    loop {
        let digit = (rest % radix) as u8;
        at -= 1;
        room[at] = if digit < 10 { b'0' + digit } else { letters + (digit - 10) };
        rest /= radix;
        if rest == 0 {
            return at;
        }
    }
}

/// Writes the hexadecimal digits of several limbs at the end of `room`; gives where they begin.
fn hexadecimal(limbs: &[u64], upper: bool, room: &mut [u8; WIDEST]) -> usize {
    let Some((top, below)) = limbs.split_last() else { return WIDEST };
    for (place, limb) in room.rchunks_exact_mut(16).zip(below) {
        place.copy_from_slice(&taipan_num::bigint::hex_digits(*limb));
    }
    let digits = taipan_num::bigint::hex_digits(*top);
    let zeros = (top.leading_zeros() / 4) as usize;
    let end = WIDEST - 16 * below.len();
    let at = end - (16 - zeros);
    room[at..end].copy_from_slice(&digits[zeros..]);
    if upper {
        room[at..].make_ascii_uppercase();
    }
    at
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

/// The longest list that is copied here.
const COPIED: usize = 64;

/// `tuple()`, of nothing, a tuple or a short list.
pub(crate) fn new_tuple(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    match *args {
        [] => Some(cx.new_tuple(&[]).value()),
        [Some(items)] => {
            if let Some(tuple) = cx.exact::<Tuple>(items) {
                return Some(tuple.value());
            }
            let list = cx.exact::<List>(items).filter(|list| list.len() <= COPIED)?;
            let items = list.snapshot(cx);
            (items.len() <= COPIED).then(|| cx.new_tuple(&items).value())
        }
        _ => None,
    }
}

/// `dict()`, of nothing.
pub(crate) fn new_dict(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    args.is_empty().then(|| cx.new_dict().value())
}

/// `int.to_bytes(length, byteorder)` of what is not negative and not long.
pub(crate) fn to_bytes(cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let (int, length, order) = match *args {
        [Some(int)] => (int, 1, None),
        [Some(int), Some(length)] => (int, length.as_small_int()?, None),
        [Some(int), Some(length), Some(order)] => (int, length.as_small_int()?, Some(order)),
        _ => return None,
    };
    let order = match order {
        None => ByteOrder::Big,
        Some(order) => {
            let order = order.downcast::<Str>()?;
            match (order.is("big"), order.is("little")) {
                (true, _) => ByteOrder::Big,
                (_, true) => ByteOrder::Little,
                _ => return None,
            }
        }
    };
    let length = usize::try_from(length).ok().filter(|_| int::is_int(int))?;
    let mut room = [0; 64];
    let bytes = room.get_mut(..length)?;
    int::with_ref(int, |int| int.write_bytes(bytes, order, false)).ok()?;
    Some(cx.new_bytes(bytes).value())
}

/// The most limbs of an int whose bits are counted here.
const COUNTED: usize = 64;

/// `int.bit_length()`.
pub(crate) fn bit_length(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    int::is_int(value).then(|| Value::int(int::with_ref(value, |int| int.bit_length()) as i64))
}

/// `int.bit_count()`.
pub(crate) fn bit_count(_cx: &Context, args: Arguments<'_>) -> Option<Value> {
    let &[Some(value)] = args else { return None };
    let count = |int: IntRef<'_>| (int.limbs.len() <= COUNTED).then(|| Value::int(int.bit_count() as i64));
    if int::is_int(value) { int::with_ref(value, count) } else { None }
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
