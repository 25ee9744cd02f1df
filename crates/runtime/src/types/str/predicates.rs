//! `isalpha`, `isdigit`, `islower`, `isidentifier` and their like.
//!
//! CPython: `unicode_isalpha_impl` and its kin. Invariant: an empty string has no property except
//! `isascii` and `isprintable`.

use taipan_unicode as ucd;

use super::raw::{Str, each_width};
use crate::text::unit::Unit;

/// Whether the string is not empty and `test` holds for each code point.
fn all(s: &Str, test: impl Fn(u32) -> bool) -> bool {
    !s.is_empty() && each_width!(s.units(), units => units.iter().all(|u| test(u.code())))
}

impl Str {
    pub fn is_alpha(&self) -> bool {
        all(self, ucd::is_alpha)
    }

    pub fn is_alnum(&self) -> bool {
        all(self, |c| ucd::is_alpha(c) || ucd::is_decimal(c) || ucd::is_digit(c) || ucd::is_numeric(c))
    }

    pub fn is_decimal(&self) -> bool {
        all(self, ucd::is_decimal)
    }

    pub fn is_digit(&self) -> bool {
        all(self, ucd::is_digit)
    }

    pub fn is_numeric(&self) -> bool {
        all(self, ucd::is_numeric)
    }

    pub fn is_space(&self) -> bool {
        all(self, super::split::is_space)
    }

    pub fn is_printable(&self) -> bool {
        self.is_empty() || all(self, super::repr::is_printable)
    }

    /// Whether there is a cased character and all cased ones are lower (not `upper`).
    pub fn is_lower(&self) -> bool {
        self.all_cased(ucd::is_lower, |c| ucd::is_upper(c) || ucd::is_title(c))
    }

    pub fn is_upper(&self) -> bool {
        self.all_cased(ucd::is_upper, |c| ucd::is_lower(c) || ucd::is_title(c))
    }

    fn all_cased(&self, wanted: impl Fn(u32) -> bool, other: impl Fn(u32) -> bool) -> bool {
        let mut cased = false;
        for code in self.chars() {
            if other(code) {
                return false;
            }
            cased = cased || wanted(code);
        }
        cased
    }

    /// Whether each word starts with an upper or title character and goes on with lower ones.
    pub fn is_title(&self) -> bool {
        let mut cased = false;
        let mut in_word = false;
        for code in self.chars() {
            if ucd::is_upper(code) || ucd::is_title(code) {
                if in_word {
                    return false;
                }
                (in_word, cased) = (true, true);
            } else if ucd::is_lower(code) {
                if !in_word {
                    return false;
                }
                cased = true;
            } else {
                in_word = false;
            }
        }
        cased
    }

    /// Whether the text is a valid identifier (keywords count).
    pub fn is_identifier(&self) -> bool {
        let mut chars = self.chars();
        let Some(first) = chars.next() else { return false };
        let start = |c: u32| c == u32::from(b'_') || ucd::is_identifier_start(c);
        start(first) && chars.all(ucd::is_identifier_continue)
    }
}
