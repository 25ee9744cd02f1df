//! Constants of compiled code, as plain data. CPython's counterpart: `co_consts`, whose identity rules
//! (`_PyCode_ConstantKey`) `same` follows.
//! Invariant: text is WTF-8, so that lone surrogates of a literal survive.

use std::borrow::Cow;

use crate::SharedCode;

/// Text that may hold lone surrogates: WTF-8 (UTF-8 in which a surrogate that has no partner takes three bytes).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Cow<'static, [u8]>);

impl Text {
    /// From WTF-8 bytes, which the caller knows to be well formed.
    pub fn from_wtf8(bytes: impl Into<Cow<'static, [u8]>>) -> Text {
        Text(bytes.into())
    }

    /// From code points; each is at most 0x10FFFF. A surrogate pair stays two code points, as in Python.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Text {
        let mut bytes = Vec::new();
        for point in points {
            push_code_point(&mut bytes, point);
        }
        Text(bytes.into())
    }

    /// The WTF-8 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As UTF-8, unless there are surrogates.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The code points.
    pub fn code_points(&self) -> CodePoints<'_> {
        CodePoints(&self.0)
    }
}

/// Appends a code point (surrogates included) as WTF-8.
pub fn push_code_point(bytes: &mut Vec<u8>, point: u32) {
    debug_assert!(point <= 0x10FFFF);
    match char::from_u32(point) {
        Some(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => bytes.extend([
            0xE0 | (point >> 12) as u8,
            0x80 | (point >> 6 & 0x3F) as u8,
            0x80 | (point & 0x3F) as u8,
        ]),
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(text.as_bytes().to_vec().into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(text.into_bytes().into())
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("'")?;
        for point in self.code_points() {
            match char::from_u32(point) {
                Some('\'') => f.write_str("\\'")?,
                Some('\\') => f.write_str("\\\\")?,
                Some('\n') => f.write_str("\\n")?,
                Some(c) if c.is_control() => write!(f, "\\x{point:02x}")?,
                Some(c) => write!(f, "{c}")?,
                None => write!(f, "\\u{point:04x}")?,
            }
        }
        f.write_str("'")
    }
}

/// Iterator over the code points of a `Text`.
pub struct CodePoints<'a>(&'a [u8]);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first()?;
        let (mut point, more) = match first {
            0..0x80 => (first as u32, 0),
            0x80..0xE0 => (first as u32 & 0x1F, 1),
            0xE0..0xF0 => (first as u32 & 0x0F, 2),
            0xF0.. => (first as u32 & 0x07, 3),
        };
        let more = more.min(rest.len());
        for &byte in &rest[..more] {
            point = point << 6 | byte as u32 & 0x3F;
        }
        self.0 = &rest[more..];
        Some(point)
    }
}

/// A constant.
#[derive(Clone, Debug)]
pub enum Const {
    /// `None`.
    None,
    /// `Ellipsis`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// An int that fits.
    Int(i64),
    /// An int that does not: sign and magnitude, little-endian limbs without leading zeros.
    BigInt {
        /// Is it below zero?
        negative: bool,
        /// The magnitude.
        limbs: Box<[u64]>,
    },
    /// A float, by its bits.
    Float(u64),
    /// A complex number, by the bits of its parts.
    Complex(u64, u64),
    /// A str.
    Str(Text),
    /// A bytes.
    Bytes(Box<[u8]>),
    /// A tuple.
    Tuple(Box<[Const]>),
    /// A frozenset, in the order of its source.
    FrozenSet(Box<[Const]>),
    /// A slice.
    Slice(Box<[Const; 3]>),
    /// Code of a function or class.
    Code(SharedCode),
}

impl Const {
    /// A str constant.
    pub fn str(text: &str) -> Const {
        Const::Str(text.into())
    }

    /// `bool()` of it.
    pub fn truth(&self) -> bool {
        match self {
            Const::None => false,
            Const::Bool(value) => *value,
            Const::Int(value) => *value != 0,
            Const::Float(bits) => f64::from_bits(*bits) != 0.0,
            Const::Complex(re, im) => f64::from_bits(*re) != 0.0 || f64::from_bits(*im) != 0.0,
            Const::Str(text) => !text.as_bytes().is_empty(),
            Const::Bytes(bytes) => !bytes.is_empty(),
            Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
            Const::Ellipsis | Const::BigInt { .. } | Const::Slice(_) | Const::Code(_) => true,
        }
    }

    /// Are they interchangeable, type and bits included (`1`, `1.0` and `True` are not; `0.0` and `-0.0` are not)?
    pub fn same(&self, other: &Const) -> bool {
        use Const::*;
        match (self, other) {
            (None, None) | (Ellipsis, Ellipsis) => true,
            (Bool(a), Bool(b)) => a == b,
            (Int(a), Int(b)) => a == b,
            (BigInt { negative: a, limbs: x }, BigInt { negative: b, limbs: y }) => a == b && x == y,
            (Float(a), Float(b)) => a == b,
            (Complex(a, x), Complex(b, y)) => a == b && x == y,
            (Str(a), Str(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Tuple(a), Tuple(b)) | (FrozenSet(a), FrozenSet(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Slice(a), Slice(b)) => a.iter().zip(b.iter()).all(|(a, b)| a.same(b)),
            (Code(a), Code(b)) => a.is(b),
            _ => false,
        }
    }

    /// A hash that agrees with `same`.
    pub fn hash_into(&self, state: &mut impl std::hash::Hasher) {
        use std::hash::Hash;
        std::mem::discriminant(self).hash(state);
        match self {
            Const::None | Const::Ellipsis => {}
            Const::Bool(value) => value.hash(state),
            Const::Int(value) => value.hash(state),
            Const::BigInt { negative, limbs } => (negative, limbs).hash(state),
            Const::Float(bits) => bits.hash(state),
            Const::Complex(re, im) => (re, im).hash(state),
            Const::Str(text) => text.hash(state),
            Const::Bytes(bytes) => bytes.hash(state),
            Const::Tuple(items) | Const::FrozenSet(items) => {
                items.iter().for_each(|item| item.hash_into(state))
            }
            Const::Slice(parts) => parts.iter().for_each(|item| item.hash_into(state)),
            Const::Code(code) => code.identity().hash(state),
        }
    }
}
