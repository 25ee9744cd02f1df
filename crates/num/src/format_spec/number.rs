//! Numbers under a specification. CPython: `format_long_internal`, `format_float_internal`,
//! `format_complex_internal`, `_PyUnicode_InsertThousandsGrouping`.
//!
//! Invariant: `<padding> <sign> <prefix> <padding> <grouped digits> <point> <grouped fraction> <rest> <padding>`.

use super::parse::{Align, FormatSpec, Grouping, Sign, unknown_code};
use super::text::padding;
use super::{Body, FormatError, Formatted, Text};
use crate::bigint::IntRef;
use crate::float::{self, FormatFlags};

/// No text of zeros is made longer than this.
const MOST_ZEROS: usize = 1 << 32;

/// `format(value, spec)` of an integer whose class is called `type_name`; `limit` is the digit limit or zero.
pub fn format_int<T: Text + ?Sized>(
    value: IntRef<'_>,
    spec: &T,
    type_name: &str,
    limit: usize,
) -> Result<Formatted, FormatError> {
    let spec = FormatSpec::parse(spec, u32::from('d'), Align::Right, type_name)?;
    match char::from_u32(spec.code) {
        Some('b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') => whole(value, spec, limit),
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
            let x =
                value.to_f64().ok_or_else(|| FormatError::overflow("int too large to convert to float"))?;
            real(x, spec)
        }
        _ => Err(unknown_code(spec.code, type_name)),
    }
}

fn whole(value: IntRef<'_>, spec: FormatSpec, limit: usize) -> Result<Formatted, FormatError> {
    if spec.precision.is_some() {
        return Err(FormatError::value("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(FormatError::value("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    let code = char::from_u32(spec.code).unwrap_or('d');
    if code == 'c' {
        return character(value, spec);
    }
    let magnitude = value.magnitude();
    let (prefix, mut digits) = match code {
        'b' => ("0b", magnitude.to_binary_base(1)),
        'o' => ("0o", magnitude.to_binary_base(3)),
        'x' => ("0x", magnitude.to_binary_base(4)),
        'X' => ("0X", magnitude.to_binary_base(4)),
        _ => ("", magnitude.to_decimal(limit).map_err(|error| FormatError::value(error.to_string()))?),
    };
    if code == 'X' {
        digits.make_ascii_uppercase();
    }
    let number = Parts {
        negative: value.negative,
        prefix: if spec.alternate { prefix } else { "" },
        digits: &digits,
        point: false,
        fraction: "",
        rest: "",
    };
    number.lay_out(&spec)
}

fn character(value: IntRef<'_>, spec: FormatSpec) -> Result<Formatted, FormatError> {
    if spec.sign != Sign::Default {
        return Err(FormatError::value("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(FormatError::value("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let code =
        value.to_i64().ok_or_else(|| FormatError::overflow("Python int too large to convert to C long"))?;
    if !(0..0x11_0000).contains(&code) {
        return Err(FormatError::overflow("%c arg not in range(0x110000)"));
    }
    let empty = Parts { negative: false, prefix: "", digits: "", point: false, fraction: "", rest: "c" };
    Ok(Formatted { body: Body::Character(code as u32), ..empty.lay_out(&spec)? })
}

/// `format(x, spec)` of a float.
pub fn format_float<T: Text + ?Sized>(x: f64, spec: &T, type_name: &str) -> Result<Formatted, FormatError> {
    let spec = FormatSpec::parse(spec, 0, Align::Right, type_name)?;
    match char::from_u32(spec.code) {
        Some('\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => real(x, spec),
        _ => Err(unknown_code(spec.code, type_name)),
    }
}

/// The style, precision and flags that a specification means to the float printer.
fn float_style(spec: &FormatSpec, add_dot_0: bool) -> Result<(char, usize, FormatFlags), FormatError> {
    if spec.precision.is_some_and(|precision| precision >= i32::MAX as usize) {
        return Err(FormatError::value("precision too big"));
    }
    let mut flags = FormatFlags {
        alternate: spec.alternate,
        no_negative_zero: spec.no_negative_zero,
        ..FormatFlags::default()
    };
    let (style, default) = match char::from_u32(spec.code) {
        Some('\0') => {
            // As repr without a precision, with one like g, but with a digit behind the point.
            flags.add_dot_0 = add_dot_0;
            (if spec.precision.is_some() { 'g' } else { 'r' }, 0)
        }
        Some('n') => ('g', 6),
        Some('%') => ('f', 6),
        other => (other.unwrap_or('g'), 6),
    };
    Ok((style, spec.precision.unwrap_or(default), flags))
}

fn real(x: f64, spec: FormatSpec) -> Result<Formatted, FormatError> {
    let (style, precision, flags) = float_style(&spec, true)?;
    let percent = spec.code == u32::from('%');
    let mut text = float::format_float(if percent { x * 100.0 } else { x }, style, precision, flags);
    if percent {
        text.push('%');
    }
    Parts::of_float(&text).lay_out(&spec)
}

/// `format(z, spec)` of a complex number.
pub fn format_complex<T: Text + ?Sized>(
    real: f64,
    imaginary: f64,
    spec: &T,
    type_name: &str,
) -> Result<Formatted, FormatError> {
    let spec = FormatSpec::parse(spec, 0, Align::Right, type_name)?;
    if !matches!(char::from_u32(spec.code), Some('\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')) {
        return Err(unknown_code(spec.code, type_name));
    }
    let (style, precision, flags) = float_style(&spec, false)?;
    if spec.fill == u32::from('0') {
        return Err(FormatError::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::value("'=' alignment flag is not allowed in complex format specifier"));
    }
    let skip_real = spec.code == 0 && real == 0.0 && real.is_sign_positive();
    let parentheses = spec.code == 0 && !skip_real;
    // The parts are laid out without padding; the imaginary one always shows its sign.
    let bare = FormatSpec { width: None, fill: 0, align: Align::Left, ..spec };
    let part = |x: f64, sign: Sign| {
        let text = float::format_float(x, style, precision, flags);
        let laid_out = Parts::of_float(&text).lay_out(&FormatSpec { sign, ..bare })?;
        Ok(laid_out.into_ascii().unwrap_or_default())
    };
    let mut body = String::new();
    if parentheses {
        body.push('(');
    }
    if !skip_real {
        body.push_str(&part(real, spec.sign)?);
    }
    body.push_str(&part(imaginary, if skip_real { spec.sign } else { Sign::Plus })?);
    body.push('j');
    if parentheses {
        body.push(')');
    }
    let (before, after) = padding(spec.align, spec.width, body.len());
    Ok(Formatted { fill: spec.fill, before, head: String::new(), between: 0, body: Body::Ascii(body), after })
}

/// A number's pieces before grouping and padding.
struct Parts<'a> {
    negative: bool,
    prefix: &'a str,
    digits: &'a str,
    point: bool,
    fraction: &'a str,
    /// Exponent, percent sign, or the letters of inf and nan.
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn of_float(text: &'a str) -> Parts<'a> {
        let digits_of = |text: &'a str| {
            let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
            text.split_at(end)
        };
        let negative = text.starts_with('-');
        let (digits, rest) = digits_of(text.trim_start_matches(['-', '+']));
        let (point, fraction, rest) = match rest.strip_prefix('.') {
            Some(behind) => {
                let (fraction, rest) = digits_of(behind);
                (true, fraction, rest)
            }
            None => (false, "", rest),
        };
        Parts { negative, prefix: "", digits, point, fraction, rest }
    }

    fn lay_out(self, spec: &FormatSpec) -> Result<Formatted, FormatError> {
        let mut head = String::with_capacity(3);
        match (self.negative, spec.sign) {
            (true, _) => head.push('-'),
            (false, Sign::Plus) => head.push('+'),
            (false, Sign::Space) => head.push(' '),
            (false, Sign::Default | Sign::Minus) => {}
        }
        head.push_str(self.prefix);
        let mut tail = String::with_capacity(self.fraction.len() + self.rest.len() + 1);
        if self.point {
            tail.push('.');
        }
        match spec.fraction_grouping.parts() {
            Some((separator, size)) => group_forward(&mut tail, self.fraction, separator, size),
            None => tail.push_str(self.fraction),
        }
        tail.push_str(self.rest);
        let width = spec.width.unwrap_or(0);
        let zeros = spec.fill == u32::from('0') && spec.align == Align::AfterSign;
        let least = if zeros { width.saturating_sub(head.len() + tail.len()) } else { 0 };
        if least > MOST_ZEROS {
            return Err(FormatError::memory());
        }
        // A character or an infinity has no digits, and grouping always makes at least one.
        let mut body = if self.digits.is_empty() {
            String::new()
        } else {
            insert_grouping(self.digits, least, spec.grouping)
        };
        body.push_str(&tail);
        let padding_total = width.saturating_sub(head.len() + body.len());
        let (mut before, mut between, mut after) = (0, 0, 0);
        match spec.align {
            Align::Left => after = padding_total,
            Align::Right => before = padding_total,
            Align::Center => (before, after) = (padding_total / 2, padding_total - padding_total / 2),
            Align::AfterSign => between = padding_total,
        }
        Ok(Formatted { fill: spec.fill, before, head, between, body: Body::Ascii(body), after })
    }
}

/// Groups of digits from the left, for fractions.
fn group_forward(out: &mut String, digits: &str, separator: char, size: usize) {
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % size == 0 {
            out.push(separator);
        }
        out.push(digit);
    }
}

/// Groups digits from the right, with leading zeros up to `least` characters, separators counted.
fn insert_grouping(digits: &str, least: usize, grouping: Grouping) -> String {
    let Some((separator, size)) = grouping.parts() else {
        let mut text = "0".repeat(least.saturating_sub(digits.len()));
        text.push_str(digits);
        return text;
    };
    // Built back to front.
    let mut reversed = String::with_capacity(digits.len().max(least) * 4 / 3 + 1);
    let mut rest = digits.bytes().rev();
    let mut remaining = digits.len() as isize;
    let mut least = least as isize;
    let mut first = true;
    loop {
        let length = (size as isize).min(remaining.max(least).max(1));
        if !first {
            reversed.push(separator);
        }
        first = false;
        for _ in 0..length {
            reversed.push(rest.next().map_or('0', char::from));
        }
        remaining -= length.min(remaining);
        least -= length;
        if remaining <= 0 && least <= 0 {
            break;
        }
        least -= 1;
    }
    reversed.chars().rev().collect()
}
