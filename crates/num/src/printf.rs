//! The `%` operator of str and bytes at the level of numbers. CPython: `unicode_format_arg` of
//! `Objects/unicode_formatter.c`, `_PyBytes_FormatEx` of `Objects/bytesobject.c`.
//!
//! The caller walks the pieces, fetches the arguments and turns them into numbers or text. Invariant: errors come in
//! CPython's order: a conversion that breaks off still hands over the arguments that its earlier parts ask for.

use std::ops::Range;

use crate::bigint::{IntRef, TooManyDigits};
use crate::float::{self, FormatFlags};
use crate::format_spec::{Body, ErrorKind, FormatError, Formatted, Text};

/// A width or precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Not given.
    None,
    /// Given in the format.
    Number(usize),
    /// `*`: the next argument, an int.
    Argument,
}

/// The flag characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `+`
    pub sign: bool,
    /// A space.
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// One `%...` as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The mapping key between the parentheses.
    pub key: Option<Range<usize>>,
    /// The flags.
    pub flags: Flags,
    /// The minimum width.
    pub width: Amount,
    /// The precision.
    pub precision: Amount,
    /// The conversion character.
    pub code: u32,
    /// Where it stands.
    pub index: usize,
    /// Why reading stopped early; raised once the key and the stars before that point are served.
    pub error: Option<FormatError>,
}

impl Conversion {
    /// "unsupported format character".
    pub fn unsupported(&self) -> FormatError {
        let shown = match char::from_u32(self.code) {
            Some(c @ '\x20'..='\x7e') => c,
            _ => '?',
        };
        let (code, index) = (self.code, self.index);
        FormatError::value(format!("unsupported format character '{shown}' (0x{code:x}) at index {index}"))
    }
}

/// A stretch of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text to copy.
    Literal(Range<usize>),
    /// A conversion, `%%` included.
    Conversion(Conversion),
}

/// Iterates over the pieces of a format.
pub struct Pieces<'a, T: ?Sized> {
    text: &'a T,
    at: usize,
}

impl<'a, T: Text + ?Sized> Pieces<'a, T> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'a T) -> Pieces<'a, T> {
        Pieces { text, at: 0 }
    }

    fn peek(&self) -> Option<char> {
        (self.at < self.text.len()).then(|| char::from_u32(self.text.at(self.at)).unwrap_or('\u{fffd}'))
    }

    fn is_percent(&self, index: usize) -> bool {
        self.text.at(index) == u32::from('%')
    }

    fn conversion(&mut self) -> Conversion {
        let mut conversion = Conversion {
            key: None,
            flags: Flags::default(),
            width: Amount::None,
            precision: Amount::None,
            code: 0,
            index: 0,
            error: None,
        };
        if let Err(error) = self.read(&mut conversion) {
            conversion.error = Some(error);
            self.at = self.text.len();
        }
        conversion
    }

    fn read(&mut self, conversion: &mut Conversion) -> Result<(), FormatError> {
        conversion.key = self.key()?;
        self.flags(&mut conversion.flags);
        conversion.width = self.amount("width too big", isize::MAX as usize)?;
        if self.peek() == Some('.') {
            self.at += 1;
            let precision = self.amount("precision too big", i32::MAX as usize)?;
            conversion.precision = if precision == Amount::None { Amount::Number(0) } else { precision };
        }
        if let Some('h' | 'l' | 'L') = self.peek() {
            self.at += 1;
        }
        if self.at >= self.text.len() {
            return Err(FormatError::value("incomplete format"));
        }
        conversion.code = self.text.at(self.at);
        conversion.index = self.at;
        self.at += 1;
        Ok(())
    }

    /// `(key)` with nested parentheses.
    fn key(&mut self) -> Result<Option<Range<usize>>, FormatError> {
        if self.peek() != Some('(') {
            return Ok(None);
        }
        self.at += 1;
        let start = self.at;
        let mut depth = 1;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(Some(start..self.at - 1));
            }
        }
        Err(FormatError::value("incomplete format key"))
    }

    fn flags(&mut self, flags: &mut Flags) {
        loop {
            match self.peek() {
                Some('-') => flags.left = true,
                Some('+') => flags.sign = true,
                Some(' ') => flags.blank = true,
                Some('#') => flags.alternate = true,
                Some('0') => flags.zero = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn amount(&mut self, too_big: &str, most: usize) -> Result<Amount, FormatError> {
        if self.peek() == Some('*') {
            self.at += 1;
            return Ok(Amount::Argument);
        }
        let mut amount = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let next =
                amount.unwrap_or(0usize).checked_mul(10).and_then(|value| value.checked_add(digit as usize));
            amount = Some(next.filter(|&value| value <= most).ok_or_else(|| FormatError::value(too_big))?);
            self.at += 1;
        }
        Ok(amount.map_or(Amount::None, Amount::Number))
    }
}

impl<T: Text + ?Sized> Iterator for Pieces<'_, T> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.at >= self.text.len() {
            return None;
        }
        if self.is_percent(self.at) {
            self.at += 1;
            return Some(Piece::Conversion(self.conversion()));
        }
        let start = self.at;
        while self.at < self.text.len() && !self.is_percent(self.at) {
            self.at += 1;
        }
        Some(Piece::Literal(start..self.at))
    }
}

/// What a conversion's stars and numbers have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// The flags; a negative star width sets `left`.
    pub flags: Flags,
    /// The minimum width.
    pub width: usize,
    /// The precision; a negative star precision is zero.
    pub precision: Option<usize>,
}

/// Formats an integer under `d`, `i`, `u`, `o`, `x` or `X`; `limit` is the digit limit or zero.
pub fn format_int(
    value: IntRef<'_>,
    code: char,
    layout: Layout,
    limit: usize,
) -> Result<Formatted, FormatError> {
    let magnitude = value.magnitude();
    let too_many = |error: TooManyDigits| FormatError::value(error.to_string());
    let (prefix, mut digits) = match code {
        'o' => ("0o", magnitude.to_binary_base(3)),
        'x' => ("0x", magnitude.to_binary_base(4)),
        'X' => ("0X", magnitude.to_binary_base(4).to_ascii_uppercase()),
        _ => ("", magnitude.to_decimal(limit).map_err(too_many)?),
    };
    let precision = layout.precision.unwrap_or(0);
    if precision > i32::MAX as usize - 3 {
        return Err(FormatError { kind: ErrorKind::Overflow, message: "precision too large".to_owned() });
    }
    if digits.len() < precision {
        digits.insert_str(0, &"0".repeat(precision - digits.len()));
    }
    let mut head = sign_of(value.negative, layout.flags).to_owned();
    if layout.flags.alternate {
        head.push_str(prefix);
    }
    Ok(number(head, digits, layout))
}

/// Formats a float under `e`, `f`, `g` or their upper-case forms.
pub fn format_float(x: f64, code: char, layout: Layout) -> Formatted {
    let flags = FormatFlags { alternate: layout.flags.alternate, ..FormatFlags::default() };
    let text = float::format_float(x, code, layout.precision.unwrap_or(6), flags);
    let digits = text.trim_start_matches('-');
    number(sign_of(text.len() != digits.len(), layout.flags).to_owned(), digits.to_owned(), layout)
}

fn sign_of(negative: bool, flags: Flags) -> &'static str {
    match (negative, flags.sign, flags.blank) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn number(head: String, digits: String, layout: Layout) -> Formatted {
    let padding = layout.width.saturating_sub(head.len() + digits.len());
    let (mut before, mut between, mut after) = (0, 0, 0);
    let mut fill = u32::from(' ');
    if layout.flags.left {
        after = padding;
    } else if layout.flags.zero {
        between = padding;
        fill = u32::from('0');
    } else {
        before = padding;
    }
    Formatted { fill, before, head, between, body: Body::Ascii(digits), after }
}

/// Spaces before and after a text of `length` code points that has been cut to its precision.
pub fn pad_text(length: usize, layout: Layout) -> (usize, usize) {
    let padding = layout.width.saturating_sub(length);
    if layout.flags.left { (0, padding) } else { (padding, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bigint::Int;

    fn layout(format: &str) -> (char, Layout) {
        let codes: Vec<char> = format.chars().collect();
        let Some(Piece::Conversion(conversion)) = Pieces::new(&codes[..]).next() else {
            panic!("no conversion")
        };
        assert_eq!(conversion.error, None);
        let amount = |amount| match amount {
            Amount::Number(value) => Some(value),
            _ => None,
        };
        let (width, precision) = (amount(conversion.width).unwrap_or(0), amount(conversion.precision));
        (
            char::from_u32(conversion.code).expect("a character"),
            Layout { flags: conversion.flags, width, precision },
        )
    }

    // python3.14 -c "print(repr('%+08.3d' % 5))" and so on.
    #[test]
    fn integers() {
        for (format, value, expected) in [
            ("%+08.3d", 5, "+0000005"),
            ("%-8d|", -5, "-5      "),
            ("%#x", 255, "0xff"),
            ("%#010X", -255, "-0X00000FF"),
            ("% d", 7, " 7"),
            ("%.5x", -255, "-000ff"),
            ("%#8o", 8, "    0o10"),
            ("%05i", -12, "-0012"),
            ("%-05d", 12, "12   "),
        ] {
            let (code, layout) = layout(format);
            let text = format_int(Int::from(value as i64).view(), code, layout, 0).expect("fits");
            assert_eq!(text.into_ascii().as_deref(), Ok(expected), "{format}");
        }
    }

    #[test]
    fn floats() {
        for (format, x, expected) in [
            ("%8.2f", -1.005, "   -1.00"),
            ("%+e", 12345.678, "+1.234568e+04"),
            ("%010.3G", 1e-10, "000001E-10"),
            ("%06f", f64::INFINITY, "000inf"),
            ("%#.0f", 3.0, "3."),
            ("% g", 100000.0, " 100000"),
        ] {
            let (code, layout) = layout(format);
            assert_eq!(format_float(x, code, layout).into_ascii().as_deref(), Ok(expected), "{format}");
        }
    }

    #[test]
    fn pieces_and_errors() {
        let pieces: Vec<Piece> = Pieces::new(&b"a%(k(1))-*.*lsb%%"[..]).collect();
        assert_eq!(pieces[0], Piece::Literal(0..1));
        let Piece::Conversion(conversion) = &pieces[1] else { panic!("no conversion") };
        assert_eq!(
            (conversion.key.clone(), conversion.width, conversion.precision),
            (Some(3..7), Amount::Argument, Amount::Argument)
        );
        assert_eq!((conversion.code, conversion.index, conversion.flags.left), (u32::from('s'), 13, true));
        let error = |format: &[u8]| match Pieces::new(format).next() {
            Some(Piece::Conversion(Conversion { error: Some(error), .. })) => error.message,
            _ => String::new(),
        };
        assert_eq!(error(b"%"), "incomplete format");
        assert_eq!(error(b"%(k"), "incomplete format key");
        assert_eq!(error(b"%99999999999999999999d"), "width too big");
        assert_eq!(error(b"%.2147483648d"), "precision too big");
        let Some(Piece::Conversion(conversion)) = Pieces::new(&b"%5y"[..]).next() else {
            panic!("no conversion")
        };
        assert_eq!(conversion.unsupported().message, "unsupported format character 'y' (0x79) at index 2");
    }
}
