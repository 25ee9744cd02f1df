//! The `%` operator of `str`, `bytes` and `bytearray`.
//!
//! CPython: `PyUnicode_Format`, `_PyBytes_FormatEx`. Invariant: arguments are fetched in the order in which the
//! format asks for them; the text around numbers is `taipan_num::printf`'s.

use taipan_num::format_spec::{FormatError, Formatted, Text};
use taipan_num::printf::{self, Amount, Conversion, Layout, Piece, Pieces};

use super::format::raise_format_error;
use super::raw::{Str, Units};
use super::sequence::check_memory;
use super::{StrBuilder, each_width, repr};
use crate::context::Context;
use crate::error::Result;
use crate::exception;
use crate::names::id;
use crate::object::Gc;
use crate::protocol::buffer::try_copy;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// The right operand: a tuple of arguments, a single one, or a mapping.
struct Arguments {
    items: Option<Gc<Tuple>>,
    single: Option<Value>,
    mapping: Option<Value>,
    next: usize,
}

impl Arguments {
    fn new(cx: &Context, value: Value, mode: Mode) -> Arguments {
        let items = value.downcast::<Tuple>();
        // For a format of characters, bytes are a mapping like any other.
        let texts = value.downcast::<Str>().is_some()
            || mode == Mode::Bytes
                && (value.downcast::<Bytes>().is_some() || value.downcast::<ByteArray>().is_some());
        let subscriptable = cx.class_of(value).slots.get_item.is_set();
        let mapping = (items.is_none() && !texts && subscriptable).then_some(value);
        Arguments { items, single: items.is_none().then_some(value), mapping, next: 0 }
    }

    fn take(&mut self, cx: &Context) -> Result {
        let found = match self.items {
            Some(items) => {
                self.next += 1;
                items.items().get(self.next - 1).copied()
            }
            None => self.single.take(),
        };
        found.ok_or_else(|| cx.type_error("not enough arguments for format string"))
    }

    /// Makes `value` the one argument left, for a conversion with a key.
    fn select(&mut self, value: Value) {
        (self.items, self.single) = (None, Some(value));
    }

    /// Whether an argument was not asked for, which is an error unless they are a mapping.
    fn has_rest(&self) -> bool {
        let rest = match self.items {
            Some(items) => self.next < items.items().len(),
            None => self.single.is_some(),
        };
        rest && self.mapping.is_none()
    }
}

/// Which of the operators is at work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    Bytes,
}

/// `format % value` for `str`.
pub(super) fn format(cx: &mut Context, format: Gc<Str>, value: Value) -> Result<Gc<Str>> {
    let mut out = StrBuilder::with_capacity(format.len());
    each_width!(format.units(), units => run(cx, units, Mode::Text, value, &mut out))?;
    Ok(out.finish(cx))
}

/// `format % value` for bytes.
pub(crate) fn format_bytes(cx: &mut Context, format: &[u8], value: Value) -> Result<Vec<u8>> {
    let mut out = StrBuilder::with_capacity(format.len());
    run(cx, format, Mode::Bytes, value, &mut out)?;
    Ok(out.units().to_vec())
}

fn run<U: crate::text::Unit>(
    cx: &mut Context,
    format: &[U],
    mode: Mode,
    value: Value,
    out: &mut StrBuilder,
) -> Result<()>
where
    [U]: Text,
{
    let mut arguments = Arguments::new(cx, value, mode);
    let mut at = 0;
    for piece in Pieces::new(format) {
        match piece {
            Piece::Literal(range) => {
                at = range.end;
                format[range].iter().for_each(|unit| out.push_char(unit.code()));
            }
            // Only a percent sign right behind another one stands for itself.
            Piece::Conversion(Conversion { code: PERCENT, index, error: None, .. }) if index == at + 1 => {
                at += 2;
                out.push_char(PERCENT);
            }
            Piece::Conversion(conversion) => {
                at = conversion.index + 1;
                let key = conversion
                    .key
                    .clone()
                    .map(|key| format[key].iter().map(|u| u.code()).collect::<Vec<_>>());
                convert(cx, conversion, key, mode, &mut arguments, out)?;
            }
        }
    }
    if arguments.has_rest() {
        let kind = if mode == Mode::Text { "string" } else { "bytes" };
        return Err(cx.type_error(format!("not all arguments converted during {kind} formatting")));
    }
    Ok(())
}

fn raise(cx: &Context, error: FormatError) -> crate::error::Raised {
    raise_format_error(cx, error)
}

/// One `%...`.
fn convert(
    cx: &mut Context,
    conversion: Conversion,
    key: Option<Vec<u32>>,
    mode: Mode,
    arguments: &mut Arguments,
    out: &mut StrBuilder,
) -> Result<()> {
    let key_is_broken = conversion.key.is_none()
        && conversion.error.as_ref().is_some_and(|e| e.message == "incomplete format key");
    if (conversion.key.is_some() || key_is_broken) && arguments.mapping.is_none() {
        return Err(cx.type_error("format requires a mapping"));
    }
    if let (Some(key), Some(mapping)) = (key, arguments.mapping) {
        let key = match mode {
            Mode::Text => super::build::from_units(cx, &key).value(),
            Mode::Bytes => cx.new_bytes(&key.iter().map(|code| *code as u8).collect::<Vec<_>>()).value(),
        };
        let value = cx.get_item(mapping, key)?;
        arguments.select(value);
    }
    let mut layout = Layout { flags: conversion.flags, width: 0, precision: None };
    match conversion.width {
        Amount::None => {}
        Amount::Number(width) => layout.width = width,
        Amount::Argument => {
            let width = star(cx, arguments)?;
            let Ok(width) = isize::try_from(width) else { return Err(cx.overflow_error(TOO_LARGE)) };
            if width == isize::MIN {
                return Err(cx.overflow_error("width too big"));
            }
            layout.flags.left |= width < 0;
            layout.width = width.unsigned_abs();
        }
    }
    match conversion.precision {
        Amount::None => {}
        Amount::Number(precision) => layout.precision = Some(precision),
        Amount::Argument => {
            let precision = star(cx, arguments)?;
            let Ok(precision) = i32::try_from(precision) else {
                return Err(cx.overflow_error("Python int too large to convert to C int"));
            };
            layout.precision = Some(usize::try_from(precision).unwrap_or(0));
        }
    }
    if let Some(error) = conversion.error {
        return Err(raise(cx, error));
    }
    let value = arguments.take(cx)?;
    check_memory(cx, layout.width.max(layout.precision.unwrap_or(0)), 1)?;
    output(cx, &conversion, layout, value, mode, out)
}

const PERCENT: u32 = b'%' as u32;

const TOO_LARGE: &str = "Python int too large to convert to C ssize_t";

/// The argument of a `*`.
fn star(cx: &mut Context, arguments: &mut Arguments) -> Result<i128> {
    let value = arguments.take(cx)?;
    if !cx.is_int(value) {
        return Err(cx.type_error("* wants int"));
    }
    cx.index_i128(value)
}

fn output(
    cx: &mut Context,
    conversion: &Conversion,
    layout: Layout,
    value: Value,
    mode: Mode,
    out: &mut StrBuilder,
) -> Result<()> {
    let code = char::from_u32(conversion.code).unwrap_or('\0');
    match (code, mode) {
        ('s', Mode::Text) => {
            let text = cx.str(value)?;
            push_padded(out, text.units(), layout);
        }
        ('r', Mode::Text) => {
            let text = cx.repr(value)?;
            push_padded(out, text.units(), layout);
        }
        ('a', _) | ('r', Mode::Bytes) => {
            let text = cx.ascii(value)?;
            push_padded(out, text.units(), layout);
        }
        ('s' | 'b', Mode::Bytes) => {
            let bytes = bytes_of(cx, value)?;
            push_padded(out, Units::One(&bytes), layout);
        }
        ('c', Mode::Text) => {
            let code = character(cx, value)?;
            push_padded(out, Units::Four(&[code]), Layout { precision: None, ..layout });
        }
        ('c', Mode::Bytes) => {
            let byte = byte(cx, value)?;
            push_padded(out, Units::One(&[byte]), Layout { precision: None, ..layout });
        }
        ('d' | 'i' | 'u' | 'o' | 'x' | 'X', _) => {
            let int = integer(cx, value, code)?;
            let limit = crate::types::int::digit_limit();
            let formatted =
                crate::types::int::with_ref(int, |int| printf::format_int(int, code, layout, limit));
            push_formatted(out, &formatted.map_err(|error| raise(cx, error))?);
        }
        ('e' | 'E' | 'f' | 'F' | 'g' | 'G', _) => {
            let float = float(cx, value, mode)?;
            push_formatted(out, &printf::format_float(float, code, layout));
        }
        _ => return Err(raise(cx, conversion.unsupported())),
    }
    Ok(())
}

fn push_formatted(out: &mut StrBuilder, formatted: &Formatted) {
    formatted.code_points().for_each(|code| out.push_char(code));
}

/// Text cut to the precision and padded to the width.
fn push_padded(out: &mut StrBuilder, text: Units<'_>, layout: Layout) {
    let kept = layout.precision.map_or(text.len(), |precision| precision.min(text.len()));
    let (before, after) = printf::pad_text(kept, layout);
    out.push_repeated(u32::from(b' '), before);
    out.push_units(text.slice(0..kept));
    out.push_repeated(u32::from(b' '), after);
}

/// The int for `%d` and its like.
fn integer(cx: &mut Context, value: Value, code: char) -> Result {
    if cx.is_int(value) {
        return Ok(value);
    }
    let exact = matches!(code, 'o' | 'x' | 'X');
    let wanted = if exact { "an integer" } else { "a real number" };
    let class = cx.class_of(value);
    let numeric = class.slots.index.is_set() || class.slots.int.is_set() || class.slots.float.is_set();
    let converted = match (numeric, exact) {
        (false, _) => None,
        (true, true) => Some(cx.index(value)),
        (true, false) => Some(crate::types::int::from_number(cx, value)),
    };
    match converted {
        Some(Ok(int)) => return Ok(int),
        Some(Err(raised)) => drop(cx.swallow(raised, exception::type_error)?),
        None => {}
    }
    let found = cx.type_name(value);
    Err(cx.type_error(format!("%{code} format: {wanted} is required, not {found}")))
}

fn float(cx: &mut Context, value: Value, mode: Mode) -> Result<f64> {
    match cx.float_value(value) {
        Err(raised) if mode == Mode::Bytes => {
            cx.swallow(raised, exception::type_error)?;
            let found = cx.type_name(value);
            Err(cx.type_error(format!("float argument required, not {found}")))
        }
        result => result,
    }
}

/// The character for `%c`.
fn character(cx: &mut Context, value: Value) -> Result<u32> {
    if let Some(text) = value.downcast::<Str>() {
        if text.len() == 1 {
            return Ok(text.char_at(0));
        }
        let len = text.len();
        return Err(
            cx.type_error(format!("%c requires an int or a unicode character, not a string of length {len}"))
        );
    }
    if !cx.has_index(value) {
        let found = cx.qualified_type_name(value);
        return Err(cx.type_error(format!("%c requires an int or a unicode character, not {found}")));
    }
    match u32::try_from(cx.index_i128(value)?) {
        Ok(code @ 0..=0x10_ffff) => Ok(code),
        _ => Err(cx.overflow_error("%c arg not in range(0x110000)")),
    }
}

/// The byte for `%c`.
fn byte(cx: &mut Context, value: Value) -> Result<u8> {
    let content = match (value.downcast::<Bytes>(), value.downcast::<ByteArray>()) {
        (Some(bytes), _) => Some((bytes.as_slice().to_vec(), "bytes")),
        (_, Some(array)) => Some((array.to_vec(cx), "bytearray")),
        _ => None,
    };
    let wanted = "%c requires an integer in range(256) or a single byte, not";
    if let Some((bytes, kind)) = content {
        return match bytes[..] {
            [byte] => Ok(byte),
            _ => Err(cx.type_error(format!("{wanted} a {kind} object of length {}", bytes.len()))),
        };
    }
    if !cx.has_index(value) {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("{wanted} {found}")));
    }
    u8::try_from(cx.index_i128(value)?).map_err(|_| cx.overflow_error("%c arg not in range(256)"))
}

/// The bytes for `%b`.
fn bytes_of(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>().filter(|bytes| bytes.is_exact()) {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(made) = cx.call_special(value, id::__bytes__, &[])? {
        return match made.downcast::<Bytes>() {
            Some(bytes) => Ok(bytes.as_slice().to_vec()),
            None => {
                let found = cx.type_name(made);
                Err(cx.type_error(format!("__bytes__ returned non-bytes (type {found})")))
            }
        };
    }
    match try_copy(cx, value)? {
        Some(bytes) => Ok(bytes.to_vec()),
        None => {
            let found = cx.type_name(value);
            Err(cx.type_error(format!(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{found}'"
            )))
        }
    }
}

impl Context {
    /// `ascii(value)`.
    pub fn ascii(&mut self, value: Value) -> Result<Gc<Str>> {
        if let Some(text) = self.exact::<Str>(value) {
            return Ok(repr::repr(self, &text, true));
        }
        let text = self.repr(value)?;
        Ok(super::format::escape_non_ascii(self, text))
    }
}
