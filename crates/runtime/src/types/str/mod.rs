//! `str`, the immutable text. CPython: `Objects/unicodeobject.c`.
//!
//! `raw` holds the representation and all its unsafe code, `build` makes strings, the other files are one
//! theme of methods each. Invariant: a string's text never changes, so its units can be read by any thread
//! without a lock; equal text means equal width and equal bytes.

pub mod build;
pub mod case;
pub mod compare;
pub mod fields;
pub mod format;
pub mod intern;
pub mod iterator;
pub mod methods;
pub mod pad;
pub mod percent;
pub mod predicates;
pub mod raw;
pub mod repr;
pub mod search;
pub mod sequence;
pub mod split;
pub mod translate;

use std::borrow::Cow;

pub use build::StrBuilder;
pub use format::format_value;
pub(crate) use raw::each_width;
pub use raw::{Codes, Str, Units};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::value::Value;

/// What text-like things raise when they would grow beyond memory.
pub(crate) const MAX_LEN: usize = isize::MAX as usize;

/// Hash of a run of bytes as `str` and `bytes` use it: keyed SipHash-1-3, 0 for no bytes, never -1.
pub fn hash_bytes(cx: &Context, bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    match taipan_num::siphash::siphash13(cx.vm().hash_key(), bytes) as i64 {
        -1 => -2,
        hash => hash,
    }
}

impl Str {
    /// Code point at `index`, which lies within the string.
    #[inline]
    pub fn char_at(&self, index: usize) -> u32 {
        self.units().at(index)
    }

    /// Code points in order.
    pub fn chars(&self) -> Codes<'_> {
        self.units().codes()
    }

    /// Whether both have the same text.
    #[inline]
    pub fn equals(&self, other: &Str) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        if self.len() != other.len() || self.width() != other.width() {
            return false;
        }
        if let (Some(a), Some(b)) = (self.cached_hash(), other.cached_hash())
            && a != b
        {
            return false;
        }
        self.units().as_bytes() == other.units().as_bytes()
    }

    /// Whether this is exactly `text`.
    #[inline]
    pub fn is(&self, text: &str) -> bool {
        match self.as_ascii() {
            Some(ascii) => ascii == text,
            None => !text.is_ascii() && self.chars().eq(text.chars().map(|c| c as u32)),
        }
    }

    #[inline]
    pub fn hash(&self, cx: &Context) -> i64 {
        match self.cached_hash() {
            Some(hash) => hash,
            None => self.hash_slow(cx),
        }
    }

    #[inline(never)]
    fn hash_slow(&self, cx: &Context) -> i64 {
        let hash = hash_bytes(cx, self.units().as_bytes());
        self.cache_hash(hash);
        hash
    }

    /// The text for messages: lone surrogates become U+FFFD.
    pub fn to_str(&self) -> Cow<'_, str> {
        match self.as_ascii() {
            Some(ascii) => Cow::Borrowed(ascii),
            None => Cow::Owned(
                self.chars().map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
            ),
        }
    }

    /// The text if it holds no lone surrogate.
    pub fn try_utf8(&self) -> Option<Cow<'_, str>> {
        match self.as_ascii() {
            Some(ascii) => Some(Cow::Borrowed(ascii)),
            None => self.chars().map(char::from_u32).collect::<Option<String>>().map(Cow::Owned),
        }
    }
}

impl Gc<Str> {
    /// The interned string with this text.
    pub fn intern(self, cx: &Context) -> Gc<Str> {
        if self.is_interned() { self } else { intern::intern(cx, self.exact(cx)) }
    }

    /// The text as UTF-8; lone surrogates raise UnicodeEncodeError.
    pub fn to_utf8(&self, cx: &mut Context) -> Result<Cow<'_, str>> {
        match self.try_utf8() {
            Some(text) => Ok(text),
            None => {
                let at = self.chars().position(|c| char::from_u32(c).is_none()).unwrap_or(0);
                Err(crate::codecs::errors::raise_encode(
                    cx,
                    "utf-8",
                    *self,
                    at..at + 1,
                    "surrogates not allowed",
                ))
            }
        }
    }
}

/// `value` as a string, or the message `"{what} must be str, not {type}"`.
pub fn expect_str(cx: &Context, value: Value, what: &str) -> Result<Gc<Str>> {
    match value.downcast::<Str>() {
        Some(s) => Ok(s),
        None => Err(cx.type_error(format!("{what} must be str, not {}", cx.argument_type_name(value)))),
    }
}
