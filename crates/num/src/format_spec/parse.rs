//! The grammar `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`. CPython:
//! `parse_internal_render_format_spec`.
//!
//! Invariant: checks happen in CPython's order, so the first message is the same.

use super::{FormatError, Text};

/// Where the padding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`, between the sign and the digits
    AfterSign,
}

/// How a number that is not negative shows its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// None given: as `-`, but some types refuse one that was given.
    Default,
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// A space.
    Space,
}

/// The thousands separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// None.
    None,
    /// `,` every three digits.
    Comma,
    /// `_` every three digits.
    Underscore,
    /// `_` every four digits, for the binary bases.
    UnderscoreFour,
}

impl Grouping {
    /// The separator and the digits per group.
    pub(crate) fn parts(self) -> Option<(char, usize)> {
        match self {
            Grouping::None => None,
            Grouping::Comma => Some((',', 3)),
            Grouping::Underscore => Some(('_', 3)),
            Grouping::UnderscoreFour => Some(('_', 4)),
        }
    }
}

/// A parsed specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatSpec {
    /// The padding character.
    pub fill: u32,
    /// Where the padding goes.
    pub align: Align,
    /// The sign option.
    pub sign: Sign,
    /// `z`
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The minimum width.
    pub width: Option<usize>,
    /// Grouping of the whole part.
    pub grouping: Grouping,
    /// The precision.
    pub precision: Option<usize>,
    /// Grouping of the fraction.
    pub fraction_grouping: Grouping,
    /// The type code; zero where the type has none by default.
    pub code: u32,
}

fn align_of(c: u32) -> Option<Align> {
    Some(match char::from_u32(c)? {
        '<' => Align::Left,
        '>' => Align::Right,
        '^' => Align::Center,
        '=' => Align::AfterSign,
        _ => return None,
    })
}

impl FormatSpec {
    /// Parses `text` for a value whose class is called `type_name`.
    pub fn parse<T: Text + ?Sized>(
        text: &T,
        default_code: u32,
        default_align: Align,
        type_name: &str,
    ) -> Result<FormatSpec, FormatError> {
        let mut spec = FormatSpec {
            fill: u32::from(' '),
            align: default_align,
            sign: Sign::Default,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: Grouping::None,
            precision: None,
            fraction_grouping: Grouping::None,
            code: default_code,
        };
        let mut reader = Reader { text, at: 0 };
        reader.flags(&mut spec, default_align);
        spec.width = reader.integer()?;
        spec.grouping = reader.grouping()?;
        if reader.take('.') {
            spec.precision = reader.integer()?;
            spec.fraction_grouping = reader.grouping()?;
            if spec.precision.is_none() && spec.fraction_grouping == Grouping::None {
                return Err(FormatError::value("Format specifier missing precision"));
            }
        }
        match text.len() - reader.at {
            0 => {}
            1 => spec.code = text.at(reader.at),
            _ => return Err(invalid(text, type_name)),
        }
        spec.check_grouping()?;
        Ok(spec)
    }

    fn check_grouping(&mut self) -> Result<(), FormatError> {
        if let Some((separator, _)) = self.grouping.parts() {
            match char::from_u32(self.code) {
                Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0') => {}
                Some('b' | 'o' | 'x' | 'X') if separator == '_' => self.grouping = Grouping::UnderscoreFour,
                _ => return Err(invalid_separator(separator, self.code)),
            }
        }
        if let Some((separator, _)) = self.fraction_grouping.parts()
            && self.code == u32::from('n')
        {
            return Err(invalid_separator(separator, self.code));
        }
        Ok(())
    }
}

fn invalid_separator(separator: char, code: u32) -> FormatError {
    FormatError::value(format!("Cannot specify '{separator}' with '{}'.", shown_code(code)))
}

/// A type code as messages show it.
fn shown_code(code: u32) -> String {
    match char::from_u32(code) {
        Some(c @ '!'..='\x7f') => c.to_string(),
        _ => format!("\\x{code:x}"),
    }
}

/// "Unknown format code" for a type that does not know the code.
pub(super) fn unknown_code(code: u32, type_name: &str) -> FormatError {
    FormatError::value(format!("Unknown format code '{}' for object of type '{type_name}'", shown_code(code)))
}

fn invalid<T: Text + ?Sized>(text: &T, type_name: &str) -> FormatError {
    // A lone surrogate cannot stand in a message that is UTF-8; it shows as a replacement.
    let shown: String = (0..text.len())
        .map(|index| char::from_u32(text.at(index)).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    FormatError::value(format!("Invalid format specifier '{shown}' for object of type '{type_name}'"))
}

struct Reader<'a, T: ?Sized> {
    text: &'a T,
    at: usize,
}

impl<T: Text + ?Sized> Reader<'_, T> {
    fn peek(&self) -> Option<u32> {
        (self.at < self.text.len()).then(|| self.text.at(self.at))
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(u32::from(wanted));
        self.at += usize::from(found);
        found
    }

    /// Everything before the width.
    fn flags(&mut self, spec: &mut FormatSpec, default_align: Align) {
        let (mut fill_given, mut align_given) = (false, false);
        let second = (self.text.len() >= 2).then(|| align_of(self.text.at(1))).flatten();
        if let Some(align) = second {
            (spec.align, spec.fill) = (align, self.text.at(0));
            (fill_given, align_given) = (true, true);
            self.at = 2;
        } else if let Some(align) = self.peek().and_then(align_of) {
            spec.align = align;
            align_given = true;
            self.at = 1;
        }
        spec.sign = match self.peek().and_then(char::from_u32) {
            Some('+') => Sign::Plus,
            Some('-') => Sign::Minus,
            Some(' ') => Sign::Space,
            _ => Sign::Default,
        };
        self.at += usize::from(spec.sign != Sign::Default);
        spec.no_negative_zero = self.take('z');
        spec.alternate = self.take('#');
        if !fill_given && self.take('0') {
            spec.fill = u32::from('0');
            if !align_given && default_align == Align::Right {
                spec.align = Align::AfterSign;
            }
        }
    }

    /// Decimal digits of any script.
    fn integer(&mut self) -> Result<Option<usize>, FormatError> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(taipan_unicode::decimal) {
            let next =
                value.unwrap_or(0isize).checked_mul(10).and_then(|value| value.checked_add(digit as isize));
            value = Some(next.ok_or_else(|| FormatError::value("Too many decimal digits in format string"))?);
            self.at += 1;
        }
        Ok(value.map(|value| value as usize))
    }

    fn grouping(&mut self) -> Result<Grouping, FormatError> {
        let both = || FormatError::value("Cannot specify both ',' and '_'.");
        let mut grouping = Grouping::None;
        if self.take(',') {
            grouping = Grouping::Comma;
        }
        if self.take('_') {
            if grouping != Grouping::None {
                return Err(both());
            }
            grouping = Grouping::Underscore;
        }
        if grouping == Grouping::Underscore && self.peek() == Some(u32::from(',')) {
            return Err(both());
        }
        Ok(grouping)
    }
}
