//! Yes-or-no properties, values and categories. CPython: `Objects/unicodectype.c`, `Modules/unicodedata.c`.
//!
//! Invariant: the `is_` functions are what the `str` methods of the same name ask of one character.

use crate::record::{self, record};
use crate::tables::records::NUMBERS;

macro_rules! flag_tests {
    ($($(#[$doc:meta])* $name:ident = $flag:ident;)*) => {
        $($(#[$doc])* #[inline] pub fn $name(c: u32) -> bool { record(c).has(record::$flag) })*
    };
}

flag_tests! {
    /// A letter: `str.isalpha`.
    is_alpha = ALPHA;
    /// Lower case, as `str.islower` counts it.
    is_lower = LOWER;
    /// Upper case, as `str.isupper` counts it.
    is_upper = UPPER;
    /// Title case proper (a digraph such as U+01C5), not upper case.
    is_title = TITLE;
    /// White space: `str.isspace`, `str.split`, `str.strip`.
    is_space = SPACE;
    /// Shown by `repr` as it is: `str.isprintable`.
    is_printable = PRINTABLE;
    /// May start an identifier (`XID_Start` and the underscore).
    is_identifier_start = START;
    /// May continue an identifier (`XID_Continue`).
    is_identifier_continue = CONTINUE;
    /// A decimal digit: `str.isdecimal`.
    is_decimal = DECIMAL;
    /// A digit: `str.isdigit`.
    is_digit = DIGIT;
    /// Has a numeric value: `str.isnumeric`.
    is_numeric = NUMERIC;
    /// Takes part in upper and lower case.
    is_cased = CASED;
    /// Skipped when the neighbours' case is looked at.
    is_case_ignorable = CASE_IGNORABLE;
    /// Mirrored in right-to-left text.
    is_mirrored = MIRRORED;
    /// Ends a line: `str.splitlines`.
    is_line_break = LINE_BREAK;
}

/// A letter or number: `str.isalnum`.
#[inline]
pub fn is_alnum(c: u32) -> bool {
    record(c).has(record::ALPHA | record::DECIMAL | record::DIGIT | record::NUMERIC)
}

/// The value of a decimal digit: `unicodedata.decimal`.
#[inline]
pub fn decimal(c: u32) -> Option<u32> {
    match record(c).decimal {
        255 => None,
        value => Some(u32::from(value)),
    }
}

/// The value of a digit: `unicodedata.digit`.
pub fn digit(c: u32) -> Option<u32> {
    match record(c).digit {
        255 => None,
        value => Some(u32::from(value)),
    }
}

/// The numeric value: `unicodedata.numeric`.
pub fn numeric(c: u32) -> Option<f64> {
    match record(c).number {
        0 => None,
        index => Some(NUMBERS[index as usize]),
    }
}

/// The canonical combining class: `unicodedata.combining`.
#[inline]
pub fn combining(c: u32) -> u8 {
    record(c).combining
}

pub(crate) const CATEGORIES: [&str; 30] = [
    "Cn", "Cc", "Cf", "Cs", "Co", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp",
];

/// The general category: `unicodedata.category`.
pub fn category(c: u32) -> &'static str {
    CATEGORIES[record(c).category as usize]
}

pub(crate) const BIDIRECTIONAL: [&str; 24] = [
    "", "L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON", "LRE", "LRO", "RLE",
    "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
];

/// The bidirectional class, empty for unassigned code points: `unicodedata.bidirectional`.
pub fn bidirectional(c: u32) -> &'static str {
    BIDIRECTIONAL[record(c).bidirectional as usize]
}

pub(crate) const WIDTHS: [&str; 6] = ["N", "A", "F", "H", "Na", "W"];

/// The East Asian width: `unicodedata.east_asian_width`.
pub fn east_asian_width(c: u32) -> &'static str {
    WIDTHS[record(c).width as usize]
}
