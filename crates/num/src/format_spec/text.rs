//! Strings under a specification. CPython: `format_string_internal`.
//!
//! Invariant: only lengths are computed; the caller owns the string.

use super::parse::{Align, FormatSpec, Sign, unknown_code};
use super::{FormatError, Text};

/// How a string is cut and padded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLayout {
    /// The fill character.
    pub fill: u32,
    /// Fill characters before.
    pub before: usize,
    /// How many of the string's code points are kept.
    pub keep: usize,
    /// Fill characters after.
    pub after: usize,
}

/// The layout of a string of `length` code points.
pub fn format_text<T: Text + ?Sized>(
    length: usize,
    spec: &T,
    type_name: &str,
) -> Result<TextLayout, FormatError> {
    let spec = FormatSpec::parse(spec, u32::from('s'), Align::Left, type_name)?;
    if spec.code != u32::from('s') {
        return Err(unknown_code(spec.code, type_name));
    }
    let refused = if spec.sign == Sign::Space {
        Some("Space not allowed in string format specifier")
    } else if spec.sign != Sign::Default {
        Some("Sign not allowed in string format specifier")
    } else if spec.no_negative_zero {
        Some("Negative zero coercion (z) not allowed in string format specifier")
    } else if spec.alternate {
        Some("Alternate form (#) not allowed in string format specifier")
    } else if spec.align == Align::AfterSign {
        Some("'=' alignment not allowed in string format specifier")
    } else {
        None
    };
    if let Some(message) = refused {
        return Err(FormatError::value(message));
    }
    let keep = spec.precision.map_or(length, |precision| precision.min(length));
    let (before, after) = padding(spec.align, spec.width, keep);
    Ok(TextLayout { fill: spec.fill, before, keep, after })
}

/// Splits the padding to both sides.
pub(super) fn padding(align: Align, width: Option<usize>, length: usize) -> (usize, usize) {
    let total = width.unwrap_or(0).saturating_sub(length);
    match align {
        Align::Right => (total, 0),
        Align::Center => (total / 2, total - total / 2),
        Align::Left | Align::AfterSign => (0, total),
    }
}
