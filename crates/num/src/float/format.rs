//! Floats as text in the styles e, f, g and r. CPython: `PyOS_double_to_string` of `Python/pystrtod.c`.
//!
//! Invariant: the result is ASCII, with at most one sign, one point and one exponent of at least two digits.

use super::Digits;

/// The switches of `PyOS_double_to_string`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FormatFlags {
    /// Write `+` before a number that is not negative (`Py_DTSF_SIGN`).
    pub sign: bool,
    /// End a whole number in `.0` (`Py_DTSF_ADD_DOT_0`).
    pub add_dot_0: bool,
    /// Keep the point and, in style g, the zeros (`Py_DTSF_ALT`).
    pub alternate: bool,
    /// Write a zero result without its minus (`Py_DTSF_NO_NEG_0`).
    pub no_negative_zero: bool,
}

/// `repr(x)`.
pub fn repr(x: f64) -> String {
    format_float(x, 'r', 0, FormatFlags { add_dot_0: true, ..FormatFlags::default() })
}

/// Appends `repr(x)` of a finite float.
pub fn push_repr(x: f64, text: &mut String) {
    let magnitude = x.abs();
    // In this range there is no exponent, and the shortest printer writes what repr does.
    if (1e-4..1e15).contains(&magnitude) {
        let mut buffer = zmij::Buffer::new();
        text.push_str(buffer.format_finite(x));
    } else {
        text.push_str(&repr(x));
    }
}

/// Formats `x` in style `e`, `f`, `g` or `r` (upper case for upper-case output; `r` ignores the precision).
pub fn format_float(x: f64, code: char, precision: usize, flags: FormatFlags) -> String {
    let mut text = if x.is_finite() {
        finite(x, code.to_ascii_lowercase(), precision, flags)
    } else {
        special(x, flags)
    };
    if code.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    text
}

fn special(x: f64, flags: FormatFlags) -> String {
    let plus = if flags.sign { "+" } else { "" };
    if x.is_nan() {
        format!("{plus}nan")
    } else if x < 0.0 {
        "-inf".to_owned()
    } else {
        format!("{plus}inf")
    }
}

fn finite(x: f64, style: char, precision: usize, flags: FormatFlags) -> String {
    let precision = if style == 'g' { precision.max(1) } else { precision };
    let digits = match style {
        'e' => Digits::significant(x, precision.saturating_add(1)),
        'f' => Digits::fixed(x, precision as i64),
        'g' => Digits::significant(x, precision),
        _ => Digits::shortest(x),
    };
    let negative = x.is_sign_negative() && !(flags.no_negative_zero && digits.text.is_empty());
    let mut text = String::with_capacity(digits.text.len() + 8);
    if negative {
        text.push('-');
    } else if flags.sign {
        text.push('+');
    }
    lay_out(&mut text, &digits, style, precision, flags);
    text
}

/// Writes the digits, the zeros around them, the point and the exponent.
fn lay_out(text: &mut String, digits: &Digits, style: char, precision: usize, flags: FormatFlags) {
    let precision = precision as i64;
    let mut point = i64::from(digits.point);
    let with_exponent = match style {
        'e' => true,
        'f' => false,
        'g' => point <= -4 || point > precision - i64::from(flags.add_dot_0),
        // repr turns to an exponent at 1e16.
        _ => point <= -4 || point > 16,
    };
    // Zero is one digit even where the digits are none.
    let length = (digits.text.len() as i64).max(if style == 'f' { 0 } else { 1 });
    let mut end = match style {
        'e' => precision + 1,
        'f' => point + precision,
        'g' if flags.alternate => precision,
        _ => length,
    };
    let exponent = point - 1;
    if with_exponent {
        point = 1;
    }
    let needs_dot_0 = flags.add_dot_0 && !with_exponent;
    end = end.max(point + i64::from(needs_dot_0));
    // Digit positions count from the first digit: negative ones and those past the end are zeros.
    let start = if point <= 0 { point - 1 } else { 0 };
    push_digits(text, &digits.text, start, point);
    if end > point || flags.alternate {
        text.push('.');
        push_digits(text, &digits.text, point, end);
    }
    if with_exponent {
        let sign = if exponent < 0 { '-' } else { '+' };
        text.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
    }
}

/// Writes the digits of the positions `from..to`, zeros where there are none.
fn push_digits(text: &mut String, digits: &str, from: i64, to: i64) {
    let length = digits.len() as i64;
    let zeros = |count: i64| std::iter::repeat_n('0', count.max(0) as usize);
    text.extend(zeros(to.min(0) - from));
    let (first, last) = (from.clamp(0, length), to.clamp(0, length));
    text.push_str(&digits[first as usize..last as usize]);
    text.extend(zeros(to - from.max(length)));
}
