//! Text as float. CPython: `PyFloat_FromString` of `Objects/floatobject.c`, `_Py_string_to_number_with_underscores`
//! and `PyOS_string_to_double` of `Python/pystrtod.c`.
//!
//! Invariant: the whole text is a number or the result is None; white space is the caller's.

/// The value of `text` as `float(text)` reads it: underscores between digits, infinities, not-a-numbers; None where
/// the caller says "could not convert string to float: %R".
pub fn parse(text: &[u8]) -> Option<f64> {
    let without: Vec<u8>;
    let text = if text.contains(&b'_') {
        without = strip_underscores(text)?;
        &without[..]
    } else {
        text
    };
    prefix(text).and_then(|(x, length)| (length == text.len()).then_some(x))
}

/// The float that `text` starts with and its length.
pub(crate) fn prefix(text: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let body = &text[sign..];
    let (magnitude, length) = special(body).or_else(|| number(body))?;
    Some((if text[0] == b'-' { -magnitude } else { magnitude }, sign + length))
}

/// Drops underscores; None unless each stands between two digits.
pub(crate) fn strip_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::with_capacity(text.len());
    let mut previous = 0u8;
    for &byte in text {
        if byte == b'_' {
            if !previous.is_ascii_digit() {
                return None;
            }
        } else {
            if previous == b'_' && !byte.is_ascii_digit() {
                return None;
            }
            kept.push(byte);
        }
        previous = byte;
    }
    (previous != b'_').then_some(kept)
}

fn special(body: &[u8]) -> Option<(f64, usize)> {
    let starts = |word: &[u8]| body.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if starts(b"infinity") {
        Some((f64::INFINITY, 8))
    } else if starts(b"inf") {
        Some((f64::INFINITY, 3))
    } else if starts(b"nan") {
        Some((f64::NAN, 3))
    } else {
        None
    }
}

/// Digits with an optional point and exponent. The grammar is checked here because the standard library's is wider.
fn number(body: &[u8]) -> Option<(f64, usize)> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(body);
    let mut end = whole;
    let mut mantissa_digits = whole;
    if body.get(end) == Some(&b'.') {
        let fraction = digits(&body[end + 1..]);
        mantissa_digits += fraction;
        end += 1 + fraction;
    }
    if mantissa_digits == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = body.get(end) {
        let signed = usize::from(matches!(body.get(end + 1), Some(b'+' | b'-')));
        // An exponent without digits is not part of the number.
        match digits(&body[end + 1 + signed..]) {
            0 => {}
            exponent => end += 1 + signed + exponent,
        }
    }
    Some((std::str::from_utf8(&body[..end]).ok()?.parse().ok()?, end))
}
