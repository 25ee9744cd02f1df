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
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let magnitude = special(body).or_else(|| number(body))?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Drops underscores; None unless each stands between two digits.
fn strip_underscores(text: &[u8]) -> Option<Vec<u8>> {
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

fn special(body: &[u8]) -> Option<f64> {
    if body.eq_ignore_ascii_case(b"inf") || body.eq_ignore_ascii_case(b"infinity") {
        Some(f64::INFINITY)
    } else if body.eq_ignore_ascii_case(b"nan") {
        Some(f64::NAN)
    } else {
        None
    }
}

/// Digits with an optional point and exponent. The grammar is checked here because the standard library's is wider.
fn number(body: &[u8]) -> Option<f64> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(body);
    let mut at = whole;
    let mut mantissa_digits = whole;
    if body.get(at) == Some(&b'.') {
        let fraction = digits(&body[at + 1..]);
        mantissa_digits += fraction;
        at += 1 + fraction;
    }
    if mantissa_digits == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = body.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = body.get(at) {
            at += 1;
        }
        let exponent = digits(&body[at..]);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at != body.len() {
        return None;
    }
    std::str::from_utf8(body).ok()?.parse().ok()
}
