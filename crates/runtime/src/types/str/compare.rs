//! Comparison of strings, by code point.
//!
//! CPython: `PyUnicode_RichCompare`. Invariant: runs no Python; equality never looks past the first
//! difference in length, width or hash.

use std::cmp::Ordering;

use super::raw::{Str, Units};
use crate::protocol::compare::CompareOp;
use crate::text::unit::compare_codes;

impl Str {
    /// Order by code points.
    pub fn compare(&self, other: &Str) -> Ordering {
        match (self.units(), other.units()) {
            (Units::One(a), Units::One(b)) => a.cmp(b),
            (Units::Two(a), Units::Two(b)) => a.cmp(b),
            (Units::Four(a), Units::Four(b)) => a.cmp(b),
            (Units::One(a), Units::Two(b)) => compare_codes(a, b),
            (Units::One(a), Units::Four(b)) => compare_codes(a, b),
            (Units::Two(a), Units::One(b)) => compare_codes(a, b),
            (Units::Two(a), Units::Four(b)) => compare_codes(a, b),
            (Units::Four(a), Units::One(b)) => compare_codes(a, b),
            (Units::Four(a), Units::Two(b)) => compare_codes(a, b),
        }
    }

    /// The answer of `self op other`.
    #[inline]
    pub fn compare_op(&self, other: &Str, op: CompareOp) -> bool {
        match op {
            CompareOp::Eq => self.equals(other),
            CompareOp::Ne => !self.equals(other),
            CompareOp::Lt => self.compare(other).is_lt(),
            CompareOp::Le => self.compare(other).is_le(),
            CompareOp::Gt => self.compare(other).is_gt(),
            CompareOp::Ge => self.compare(other).is_ge(),
        }
    }
}
