//! The decimal digits of a finite float. CPython: `_Py_dg_dtoa` of `Python/dtoa.c`, modes 0, 2 and 3.
//!
//! Invariant: no trailing zeros; the value is `0.DIGITS * 10^point`; zero and what rounds to zero have no digits.

use std::fmt::Write;

/// No float has more significant digits than this (767), nor more behind the point (1074).
const MOST_DIGITS: usize = 1100;

/// Digits and the place of the decimal point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    /// ASCII digits, first and last not `0`.
    pub text: String,
    /// Where the point stands: before the first digit for 0, behind it for 1.
    pub point: i32,
}

impl Digits {
    /// The shortest digits that read back as the same float, and the nearest to it among those.
    pub fn shortest(x: f64) -> Digits {
        if x == 0.0 {
            return Digits { text: String::new(), point: 1 };
        }
        let mut buffer = zmij::Buffer::new();
        Digits::from_text(buffer.format_finite(x.abs()))
    }

    /// `count` significant digits, at least one.
    pub fn significant(x: f64, count: usize) -> Digits {
        if x == 0.0 {
            return Digits { text: String::new(), point: 1 };
        }
        let mut text = String::with_capacity(24);
        // Writing to a String cannot fail.
        let _ = write!(text, "{:.*e}", count.clamp(1, MOST_DIGITS) - 1, x.abs());
        Digits::from_text(&text)
    }

    /// All digits down to `places` behind the point; a negative number rounds before the point.
    pub fn fixed(x: f64, places: i64) -> Digits {
        if places < 0 {
            return Digits::whole(x, places.unsigned_abs());
        }
        let mut text = String::with_capacity(24);
        let _ = write!(text, "{:.*}", places.min(MOST_DIGITS as i64) as usize, x.abs());
        Digits::from_text(&text)
    }

    /// Rounds to a multiple of 10^dropped.
    fn whole(x: f64, dropped: u64) -> Digits {
        let exact = Digits::significant(x, MOST_DIGITS);
        let kept = i64::from(exact.point) - dropped as i64;
        if kept < 0 {
            return Digits { text: String::new(), point: dropped as i32 };
        }
        let kept = kept as usize;
        if kept >= exact.text.len() {
            return exact;
        }
        let (head, tail) = exact.text.split_at(kept);
        // No trailing zeros, so a tail of "5" alone is exactly half.
        let odd = head.as_bytes().last().is_some_and(|digit| digit & 1 == 1);
        let up = if tail == "5" { odd } else { tail.as_bytes()[0] >= b'5' };
        let mut digits = Digits { text: head.to_owned(), point: exact.point };
        if up {
            digits.increment();
        }
        digits.trim();
        digits
    }

    /// Adds one in the last place.
    fn increment(&mut self) {
        while self.text.ends_with('9') {
            self.text.pop();
        }
        match self.text.pop() {
            Some(digit) => self.text.push((digit as u8 + 1) as char),
            None => {
                self.text.push('1');
                self.point += 1;
            }
        }
    }

    fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches('0').len());
    }

    /// Reads `123.45`, `0.001` or `1.5e-7` as Rust's formatter and the shortest printer write them.
    fn from_text(text: &str) -> Digits {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = String::with_capacity(mantissa.len());
        digits.push_str(whole);
        digits.push_str(fraction);
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let mut result =
            Digits { text: digits.split_off(leading), point: whole.len() as i32 - leading as i32 + exponent };
        result.trim();
        result
    }
}
