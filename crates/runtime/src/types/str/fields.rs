//! The fields of `str.format`: `{name.attribute[item]!conversion:spec}`.
//!
//! CPython: `MarkupIterator_next`, `parse_field` and `FieldNameIterator_next` of
//! `Objects/stringlib/unicode_format.h`. Invariant: pure; an error is the text of a ValueError.

use std::ops::Range;

use super::raw::Units;

/// Text, and the field behind it.
#[derive(Debug, PartialEq, Eq)]
pub struct Markup {
    pub literal: Range<usize>,
    pub field: Option<Field>,
}

/// What stands between braces.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Range<usize>,
    pub conversion: Option<u32>,
    pub spec: Range<usize>,
    /// Whether the spec has fields itself.
    pub nested: bool,
}

pub type Parsed<T> = Result<T, &'static str>;

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;

/// The next literal and field of `text` between `*at` and `end`; `None` at the end.
pub fn next_markup(text: Units<'_>, at: &mut usize, end: usize) -> Parsed<Option<Markup>> {
    let start = *at;
    if start >= end {
        return Ok(None);
    }
    let brace = (start..end).find(|i| matches!(text.at(*i), OPEN | CLOSE));
    let Some(brace) = brace else {
        *at = end;
        return Ok(Some(Markup { literal: start..end, field: None }));
    };
    let code = text.at(brace);
    *at = brace + 1;
    let doubled = *at < end && text.at(*at) == code;
    if doubled {
        *at += 1;
        return Ok(Some(Markup { literal: start..brace + 1, field: None }));
    }
    if code == CLOSE {
        return Err("Single '}' encountered in format string");
    }
    if *at >= end {
        return Err("Single '{' encountered in format string");
    }
    let field = parse_field(text, at, end)?;
    Ok(Some(Markup { literal: start..brace, field: Some(field) }))
}

fn parse_field(text: Units<'_>, at: &mut usize, end: usize) -> Parsed<Field> {
    let start = *at;
    let mut last = 0;
    while *at < end {
        last = text.at(*at);
        *at += 1;
        match last {
            OPEN => return Err("unexpected '{' in field name"),
            0x5b => *at = (*at..end).find(|i| text.at(*i) == 0x5d).unwrap_or(end),
            CLOSE | 0x3a | 0x21 => break,
            _ => {}
        }
    }
    let name = start..(*at).max(start + 1) - 1;
    let mut field = Field { name, conversion: None, spec: *at..*at, nested: false };
    match last {
        CLOSE => return Ok(field),
        0x3a | 0x21 => {}
        _ => return Err("expected '}' before end of string"),
    }
    if last == u32::from(b'!') {
        if *at >= end {
            return Err("end of string while looking for conversion specifier");
        }
        field.conversion = Some(text.at(*at));
        *at += 1;
        if *at < end {
            let code = text.at(*at);
            *at += 1;
            match code {
                CLOSE => return Ok(field),
                0x3a => {}
                _ => return Err("expected ':' after conversion specifier"),
            }
        }
    }
    parse_spec(text, at, end, field)
}

fn parse_spec(text: Units<'_>, at: &mut usize, end: usize, mut field: Field) -> Parsed<Field> {
    let start = *at;
    let mut depth = 1;
    while *at < end {
        let code = text.at(*at);
        *at += 1;
        match code {
            OPEN => {
                field.nested = true;
                depth += 1;
            }
            CLOSE => {
                depth -= 1;
                if depth == 0 {
                    field.spec = start..*at - 1;
                    return Ok(field);
                }
            }
            _ => {}
        }
    }
    Err("unmatched '{' in format spec")
}

/// A name in a field: a number where it is written in decimal digits.
#[derive(Debug, PartialEq, Eq)]
pub enum Name {
    Number(usize),
    Text(Range<usize>),
}

/// One step from the first object of a field to the formatted one.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    Attribute(Range<usize>),
    Item(Name),
}

/// The number that a name is, if it is one.
pub fn number(text: Units<'_>, range: Range<usize>) -> Parsed<Option<usize>> {
    if range.is_empty() {
        return Ok(None);
    }
    let mut value = 0usize;
    for i in range {
        let Some(digit) = taipan_unicode::decimal(text.at(i)) else { return Ok(None) };
        let next = value.checked_mul(10).and_then(|v| v.checked_add(digit as usize));
        match next.filter(|v| *v <= isize::MAX as usize) {
            Some(next) => value = next,
            None => return Err("Too many decimal digits in format string"),
        }
    }
    Ok(Some(value))
}

fn name(text: Units<'_>, range: Range<usize>) -> Parsed<Name> {
    Ok(match number(text, range.clone())? {
        Some(number) => Name::Number(number),
        None => Name::Text(range),
    })
}

/// The first name of a field, and where its steps begin.
pub fn first_name(text: Units<'_>, range: Range<usize>) -> Parsed<(Name, usize)> {
    let end = range.clone().find(|i| matches!(text.at(*i), 0x2e | 0x5b)).unwrap_or(range.end);
    Ok((name(text, range.start..end)?, end))
}

/// The next step of a field between `*at` and `end`.
pub fn next_step(text: Units<'_>, at: &mut usize, end: usize) -> Parsed<Option<Step>> {
    if *at >= end {
        return Ok(None);
    }
    let start = *at + 1;
    let empty = "Empty attribute in format string";
    match text.at(*at) {
        0x2e => {
            let stop = (start..end).find(|i| matches!(text.at(*i), 0x2e | 0x5b)).unwrap_or(end);
            *at = stop;
            if start == stop { Err(empty) } else { Ok(Some(Step::Attribute(start..stop))) }
        }
        0x5b => {
            let Some(stop) = (start..end).find(|i| text.at(*i) == 0x5d) else {
                return Err("Missing ']' in format string");
            };
            *at = stop + 1;
            if start == stop { Err(empty) } else { Ok(Some(Step::Item(name(text, start..stop)?))) }
        }
        _ => Err("Only '.' or '[' may follow ']' in format field specifier"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> &'static str {
        let units = Units::One(text.as_bytes());
        let mut at = 0;
        loop {
            match next_markup(units, &mut at, text.len()) {
                Ok(Some(_)) => {}
                Ok(None) => return "",
                Err(error) => return error,
            }
        }
    }

    #[test]
    fn errors_are_cpythons() {
        for (text, expected) in [
            ("{", "Single '{' encountered in format string"),
            ("a}", "Single '}' encountered in format string"),
            ("{!}", "unmatched '{' in format spec"),
            ("{0[}", "expected '}' before end of string"),
            ("{0!rx}", "expected ':' after conversion specifier"),
            ("{0!", "end of string while looking for conversion specifier"),
            ("{a{", "unexpected '{' in field name"),
            ("{{}}{0}{:{}}", ""),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn a_field_is_taken_apart() {
        let text = "x{a.b[0]!r:>{w}}y";
        let units = Units::One(text.as_bytes());
        let mut at = 0;
        let markup = next_markup(units, &mut at, text.len()).unwrap().unwrap();
        let field = markup.field.unwrap();
        assert_eq!((&text[markup.literal], &text[field.name.clone()]), ("x", "a.b[0]"));
        assert_eq!((field.conversion, &text[field.spec], field.nested), (Some('r' as u32), ">{w}", true));
        let (first, mut step) = first_name(units, field.name.clone()).unwrap();
        assert_eq!(first, Name::Text(2..3));
        assert_eq!(next_step(units, &mut step, field.name.end), Ok(Some(Step::Attribute(4..5))));
        assert_eq!(next_step(units, &mut step, field.name.end), Ok(Some(Step::Item(Name::Number(0)))));
        assert_eq!(next_step(units, &mut step, field.name.end), Ok(None));
    }
}
