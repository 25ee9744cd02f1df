//! Case mappings. CPython: `_PyUnicode_ToLowerFull` and its kin of `Objects/unicodectype.c`,
//! `handle_capital_final_sigma` of `Objects/unicodeobject.c`.
//!
//! Invariant: a full mapping has one to three characters; a character without a mapping maps to itself.

use crate::record::{self, Record, record};
use crate::tables::case::SPECIAL;

/// One to three code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapped {
    codes: [u32; 3],
    length: u8,
}

impl Mapped {
    #[inline]
    fn one(c: u32) -> Mapped {
        Mapped { codes: [c, 0, 0], length: 1 }
    }

    #[cold]
    fn of_text(text: &str) -> Mapped {
        let mut mapped = Mapped { codes: [0; 3], length: 0 };
        for c in text.chars().take(3) {
            mapped.codes[mapped.length as usize] = c as u32;
            mapped.length += 1;
        }
        mapped
    }

    /// The code points.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        &self.codes[..self.length as usize]
    }
}

/// The columns of the special mappings.
const LOWER: usize = 0;
const UPPER: usize = 1;
const TITLE: usize = 2;
const FOLD: usize = 3;

#[inline]
fn full(c: u32, column: usize, distance: impl Fn(&Record) -> i32) -> Mapped {
    let record = record(c);
    if record.has(record::EXTENDED_CASE) {
        return Mapped::of_text(SPECIAL[record.case as usize - 1][column]);
    }
    Mapped::one(c.wrapping_add_signed(distance(record)))
}

/// Lower case, without regard to the neighbours of a sigma.
#[inline]
pub fn to_lower(c: u32) -> Mapped {
    full(c, LOWER, |record| record.lower)
}

/// Upper case.
#[inline]
pub fn to_upper(c: u32) -> Mapped {
    full(c, UPPER, |record| record.upper)
}

/// Title case.
#[inline]
pub fn to_title(c: u32) -> Mapped {
    full(c, TITLE, |record| record.title)
}

/// Case folding.
#[inline]
pub fn to_casefold(c: u32) -> Mapped {
    full(c, FOLD, |record| record.lower)
}

/// Lower case as one character, as the regular expression engine wants it.
#[inline]
pub fn simple_lower(c: u32) -> u32 {
    c.wrapping_add_signed(record(c).lower)
}

/// Upper case as one character.
#[inline]
pub fn simple_upper(c: u32) -> u32 {
    c.wrapping_add_signed(record(c).upper)
}

/// Title case as one character.
#[inline]
pub fn simple_title(c: u32) -> u32 {
    c.wrapping_add_signed(record(c).title)
}

/// Whether a capital sigma (U+03A3) becomes the final form U+03C2: a cased letter stands before it and none after it,
/// case-ignorable characters apart. `before` runs backwards from the sigma, `after` forwards.
pub fn is_final_sigma(before: impl Iterator<Item = u32>, after: impl Iterator<Item = u32>) -> bool {
    next_is_cased(before) && !next_is_cased(after)
}

fn next_is_cased(mut codes: impl Iterator<Item = u32>) -> bool {
    codes.find(|&c| !record(c).has(record::CASE_IGNORABLE)).is_some_and(|c| record(c).has(record::CASED))
}
