//! The format mini-language of `format()`, `str.format` and f-strings. CPython: `Python/formatter_unicode.c`.
//!
//! A specification is read through [`Text`], so that a caller's string of any width is read in place. Invariant: the
//! result never holds the fill characters, only their counts; a caller with huge counts raises before it allocates.

mod number;
mod parse;
mod text;

pub use number::{format_complex, format_float, format_int};
pub use parse::{Align, FormatSpec, Grouping, Sign};
pub use text::{TextLayout, format_text};

/// Indexed code points: what a specification is read from.
pub trait Text {
    /// The number of code points.
    fn len(&self) -> usize;
    /// The code point at an index below the length.
    fn at(&self, index: usize) -> u32;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

macro_rules! text {
    ($($unit:ty)*) => { $(
        impl Text for [$unit] {
            fn len(&self) -> usize {
                <[$unit]>::len(self)
            }
            fn at(&self, index: usize) -> u32 {
                u32::from(self[index])
            }
        }
    )* };
}

// Latin-1, two and four bytes wide.
text! { u8 u16 u32 char }

/// Which exception a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// ValueError.
    Value,
    /// OverflowError.
    Overflow,
    /// MemoryError.
    Memory,
}

/// A specification that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// The exception's class.
    pub kind: ErrorKind,
    /// The exception's message.
    pub message: String,
}

impl FormatError {
    /// A ValueError.
    pub(crate) fn value(message: impl Into<String>) -> FormatError {
        FormatError { kind: ErrorKind::Value, message: message.into() }
    }

    /// An OverflowError.
    pub(crate) fn overflow(message: impl Into<String>) -> FormatError {
        FormatError { kind: ErrorKind::Overflow, message: message.into() }
    }

    /// A MemoryError.
    pub(crate) fn memory() -> FormatError {
        FormatError { kind: ErrorKind::Memory, message: String::new() }
    }
}

/// What stands between the paddings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// ASCII digits and letters.
    Ascii(String),
    /// The one character of code `c`; it may be a lone surrogate.
    Character(u32),
}

/// A formatted number: `fill * before`, `head`, `fill * between`, `body`, `fill * after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The fill character.
    pub fill: u32,
    /// How many fill characters come first.
    pub before: usize,
    /// Sign and prefix.
    pub head: String,
    /// Fill characters between the head and the body.
    pub between: usize,
    /// The digits.
    pub body: Body,
    /// Fill characters at the end.
    pub after: usize,
}

impl Formatted {
    /// The number of code points.
    pub fn len(&self) -> usize {
        let body = match &self.body {
            Body::Ascii(text) => text.len(),
            Body::Character(_) => 1,
        };
        let padding = self.before.saturating_add(self.between).saturating_add(self.after);
        padding.saturating_add(self.head.len() + body)
    }

    /// Whether there is no code point at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text, if all of it is ASCII.
    pub fn into_ascii(self) -> Result<String, Formatted> {
        let Body::Ascii(body) = &self.body else { return Err(self) };
        let padding = self.before + self.between + self.after;
        if padding > 0 && self.fill > 0x7f {
            return Err(self);
        }
        if padding == 0 && self.head.is_empty() {
            let Body::Ascii(body) = self.body else { unreachable!("matched above") };
            return Ok(body);
        }
        let fill = self.fill as u8 as char;
        let mut text = String::with_capacity(padding + self.head.len() + body.len());
        text.extend(std::iter::repeat_n(fill, self.before));
        text.push_str(&self.head);
        text.extend(std::iter::repeat_n(fill, self.between));
        text.push_str(body);
        text.extend(std::iter::repeat_n(fill, self.after));
        Ok(text)
    }

    /// All code points in order.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        let fill = |count| std::iter::repeat_n(self.fill, count);
        let (ascii, character) = match &self.body {
            Body::Ascii(text) => (text.as_str(), None),
            Body::Character(c) => ("", Some(*c)),
        };
        fill(self.before)
            .chain(self.head.bytes().map(u32::from))
            .chain(fill(self.between))
            .chain(ascii.bytes().map(u32::from))
            .chain(character)
            .chain(fill(self.after))
    }
}

#[cfg(test)]
mod tests;
