//! `str.format`, `str.__format__`, and what f-strings do with a value.
//!
//! CPython: `do_string_format`, `PyObject_Format`. Invariant: a fast path gives what the value's `__format__`
//! would give.

use std::ops::Range;

use taipan_num::format_spec::{ErrorKind, FormatError, Text, format_text};

use super::fields::{self, Field, Name, Step};
use super::raw::Str;
use super::{StrBuilder, repr};
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::object::Gc;
use crate::types::tuple::Tuple;
use crate::value::Value;

impl Text for Str {
    fn len(&self) -> usize {
        Str::len(self)
    }
    fn at(&self, index: usize) -> u32 {
        self.char_at(index)
    }
}

/// Raises what a format specification did wrong.
pub fn raise_format_error(cx: &Context, error: FormatError) -> Raised {
    match error.kind {
        ErrorKind::Value => cx.value_error(error.message),
        ErrorKind::Overflow => cx.overflow_error(error.message),
        ErrorKind::Memory => cx.memory_error(),
    }
}

/// `str.__format__`.
pub fn format_str(cx: &Context, text: Gc<Str>, spec: Gc<Str>) -> Result<Gc<Str>> {
    if spec.is_empty() {
        return Ok(text.exact(cx));
    }
    let type_name = cx.type_name(text.value());
    let layout =
        format_text(text.len(), &*spec, &type_name).map_err(|error| raise_format_error(cx, error))?;
    let kept = text.substring(cx, 0..layout.keep);
    super::pad::pad(cx, kept, layout.before, layout.after, layout.fill)
}

/// `format(value, spec)` behind a conversion: `b's'`, `b'r'`, `b'a'`, or 0 for none.
#[inline]
pub fn format_value(
    cx: &mut Context,
    value: Value,
    conversion: u8,
    spec: Option<Gc<Str>>,
) -> Result<Gc<Str>> {
    let value = match conversion {
        0 => value,
        b's' => cx.str(value)?.value(),
        b'r' => cx.repr(value)?.value(),
        _ => cx.ascii(value)?.value(),
    };
    match spec.filter(|spec| !spec.is_empty()) {
        None => format_plain(cx, value),
        Some(spec) => match cx.exact::<Str>(value) {
            Some(text) => format_str(cx, text, spec),
            None => cx.format(value, spec),
        },
    }
}

fn format_plain(cx: &mut Context, value: Value) -> Result<Gc<Str>> {
    if let Some(text) = cx.exact::<Str>(value) {
        return Ok(text);
    }
    if let Some(int) = value.as_small_int() {
        return Ok(small_int(cx, int));
    }
    if value.is_immediate_float() {
        return cx.repr(value);
    }
    let spec = cx.empty_str();
    cx.format(value, spec)
}

/// Decimal digits of an int.
pub fn small_int(cx: &Context, int: i64) -> Gc<Str> {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = int.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if int < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    cx.new_ascii(&digits[at..])
}

/// How the fields of one string are numbered.
#[derive(Default)]
struct Numbering {
    /// Whether numbers are given (false: counted); unknown before the first field with a number.
    manual: Option<bool>,
    next: usize,
}

struct Formatter {
    text: Gc<Str>,
    args: Option<Gc<Tuple>>,
    /// The keyword arguments, or the mapping of `format_map`.
    names: Value,
    numbering: Numbering,
}

/// `text.format(*args, **names)`, or `text.format_map(names)` where `args` is `None`.
pub(super) fn format_string(
    cx: &mut Context,
    text: Gc<Str>,
    args: Option<Gc<Tuple>>,
    names: Value,
) -> Result<Gc<Str>> {
    let mut formatter = Formatter { text, args, names, numbering: Numbering::default() };
    let mut out = StrBuilder::with_capacity(text.len());
    formatter.expand(cx, 0..text.len(), 2, &mut out)?;
    Ok(out.finish(cx))
}

impl Formatter {
    /// Appends `range` of the text with its fields replaced.
    fn expand(
        &mut self,
        cx: &mut Context,
        range: Range<usize>,
        depth: u32,
        out: &mut StrBuilder,
    ) -> Result<()> {
        if depth == 0 {
            return Err(cx.value_error("Max string recursion exceeded"));
        }
        let text = self.text;
        let mut at = range.start;
        loop {
            let markup = fields::next_markup(text.units(), &mut at, range.end);
            let Some(markup) = markup.map_err(|error| cx.value_error(error))? else { return Ok(()) };
            out.push_units(text.units().slice(markup.literal));
            if let Some(field) = markup.field {
                let formatted = self.field(cx, field, depth)?;
                out.push(formatted);
            }
        }
    }

    fn field(&mut self, cx: &mut Context, field: Field, depth: u32) -> Result<Gc<Str>> {
        let value = self.object(cx, field.name)?;
        let conversion = match field.conversion {
            None => 0,
            Some(code @ (0x72 | 0x73 | 0x61)) => code as u8,
            Some(code @ 33..=126) => {
                let code = char::from(code as u8);
                return Err(cx.value_error(format!("Unknown conversion specifier {code}")));
            }
            Some(code) => return Err(cx.value_error(format!("Unknown conversion specifier \\x{code:x}"))),
        };
        let spec = if field.nested {
            let mut spec = StrBuilder::new();
            self.expand(cx, field.spec, depth - 1, &mut spec)?;
            spec.finish(cx)
        } else {
            self.text.substring(cx, field.spec)
        };
        format_value(cx, value, conversion, Some(spec))
    }

    /// The object that a field names.
    fn object(&mut self, cx: &mut Context, range: Range<usize>) -> Result {
        let text = self.text;
        let end = range.end;
        let (first, mut at) =
            fields::first_name(text.units(), range).map_err(|error| cx.value_error(error))?;
        let mut object = match self.number(cx, &first)? {
            Some(number) => self.positional(cx, number)?,
            None => self.named(cx, first)?,
        };
        loop {
            let step =
                fields::next_step(text.units(), &mut at, end).map_err(|error| cx.value_error(error))?;
            object = match step {
                None => return Ok(object),
                Some(Step::Attribute(name)) => {
                    let name = text.substring(cx, name).intern(cx);
                    cx.get_attr(object, name)?
                }
                Some(Step::Item(Name::Number(number))) => cx.get_item(object, Value::int(number as i64))?,
                Some(Step::Item(Name::Text(name))) => {
                    let name = text.substring(cx, name).value();
                    cx.get_item(object, name)?
                }
            };
        }
    }

    /// The position that a field's first name means; `None` for a name proper.
    fn number(&mut self, cx: &Context, first: &Name) -> Result<Option<usize>> {
        let given = match first {
            Name::Number(number) => Some(*number),
            Name::Text(range) if range.is_empty() => None,
            Name::Text(_) => return Ok(None),
        };
        let manual = *self.numbering.manual.get_or_insert(given.is_some());
        match given {
            Some(_) if !manual => Err(
                cx.value_error("cannot switch from automatic field numbering to manual field specification")
            ),
            None if manual => Err(
                cx.value_error("cannot switch from manual field specification to automatic field numbering")
            ),
            Some(number) => Ok(Some(number)),
            None => {
                self.numbering.next += 1;
                Ok(Some(self.numbering.next - 1))
            }
        }
    }

    fn positional(&self, cx: &Context, number: usize) -> Result {
        let Some(args) = self.args else {
            return Err(cx.value_error("Format string contains positional fields"));
        };
        args.items().get(number).copied().ok_or_else(|| {
            cx.index_error(format!("Replacement index {number} out of range for positional args tuple"))
        })
    }

    fn named(&self, cx: &mut Context, name: Name) -> Result {
        let Name::Text(range) = name else { unreachable!("numbers are positions") };
        let key = self.text.substring(cx, range).value();
        cx.get_item(self.names, key)
    }
}

/// `ascii(value)` from its repr.
pub fn escape_non_ascii(cx: &Context, text: Gc<Str>) -> Gc<Str> {
    if text.is_ascii() {
        return text;
    }
    let mut out = StrBuilder::with_capacity(text.len());
    for code in text.chars() {
        if code < 0x80 {
            out.push_char(code);
        } else {
            repr::push_escape(&mut out, code);
        }
    }
    out.finish(cx)
}
