//! Numbers to and from text. CPython: `mpd_qset_string` and `mpd_to_sci` of libmpdec.
//!
//! Invariant: what is written reads back as the same number, trailing zeros included.

use super::coefficient::split_small;
use super::limbs::PAIRS;
use super::{
    Coefficient, Context, Decimal, MAX_EMAX, MAX_PREC, MIN_ETINY, Magnitude, OutOfMemory, Rounding, Short,
    Status,
};

/// `digits` behind an optional sign, as an exponent; far beyond the limits it saturates.
fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude = digits.iter().fold(0i64, |value, digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(4 * MAX_EMAX)
    });
    Some(if negative { -magnitude } else { magnitude })
}

/// A finite number without its sign.
fn parse_finite(text: &[u8]) -> Option<(Coefficient, i64)> {
    let (digits, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], parse_exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (whole, fraction) = match digits.iter().position(|byte| *byte == b'.') {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &[][..]),
    };
    if (whole.is_empty() && fraction.is_empty()) || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return None;
    }
    let exponent = exponent.saturating_sub(fraction.len() as i64);
    if fraction.is_empty() {
        return Some((Coefficient::parse(whole), exponent));
    }
    Some((Coefficient::parse(&[whole, fraction].concat()), exponent))
}

/// Whether the text is `word` in any case.
fn is(text: &[u8], word: &str) -> bool {
    text.eq_ignore_ascii_case(word.as_bytes())
}

/// Writes digits of which so many stand in front of the point.
pub(super) fn push_digits(text: &mut String, digits: &str, point: i64) {
    let length = digits.len() as i64;
    if point <= 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        text.push_str(digits);
    } else if point >= length {
        text.push_str(digits);
        text.extend(std::iter::repeat_n('0', (point - length) as usize));
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        text.push_str(whole);
        text.push('.');
        text.push_str(fraction);
    }
}

/// Writes `E+3`.
pub(super) fn push_exponent(text: &mut String, exponent: i64, capitals: bool) {
    let letter = if capitals { 'E' } else { 'e' };
    text.push_str(&format!("{letter}{exponent:+}"));
}

/// Room for the text of a short number.
pub type Room = [u8; 72];

impl Short {
    /// Reads plain text: digits, perhaps with a sign, a point, a small exponent. `None` for any other text, whether it is
    /// a number or not.
    pub fn parse(text: &[u8]) -> Option<Short> {
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        let (mut coefficient, mut digits, mut fraction, mut point) = (0u128, 0, 0, false);
        while let [byte, tail @ ..] = rest {
            match byte {
                b'0'..=b'9' if digits < 19 => {
                    // Within one word this is several times quicker.
                    coefficient = u128::from(coefficient as u64 * 10 + u64::from(byte - b'0'));
                }
                b'0'..=b'9' if digits < 38 => coefficient = coefficient * 10 + u128::from(byte - b'0'),
                b'.' if !point => {
                    (point, rest) = (true, tail);
                    continue;
                }
                b'e' | b'E' if digits > 0 => {
                    let exponent = parse_exponent(tail).filter(|exponent| exponent.abs() < 1 << 40)?;
                    return Some(Short { negative, coefficient, exponent: exponent - fraction });
                }
                _ => return None,
            }
            (digits, fraction, rest) = (digits + 1, fraction + i64::from(point), tail);
        }
        (digits > 0).then_some(Short { negative, coefficient, exponent: -fraction })
    }

    /// Writes the number in scientific notation; gives the length.
    pub fn write(&self, capitals: bool, room: &mut Room) -> Option<usize> {
        let mut digits = [0; 40];
        let start = write_digits(self.coefficient, &mut digits);
        let digits = &digits[start..];
        let left = self.exponent.checked_add(digits.len() as i64)?;
        let plain = self.exponent <= 0 && left > -6;
        let mut at = self.write_fixed(digits, if plain { left } else { 1 }, room)?;
        if !plain {
            let exponent = left - 1;
            room[at] = if capitals { b'E' } else { b'e' };
            room[at + 1] = if exponent < 0 { b'-' } else { b'+' };
            at += 2;
            let mut digits = [0; 40];
            let start = write_digits(u128::from(exponent.unsigned_abs()), &mut digits);
            room.get_mut(at..at + 40 - start)?.copy_from_slice(&digits[start..]);
            at += 40 - start;
        }
        Some(at)
    }

    /// Writes sign and digits, of which so many stand in front of the point.
    fn write_fixed(&self, digits: &[u8], point: i64, room: &mut Room) -> Option<usize> {
        let sign = usize::from(self.negative);
        if self.negative {
            room[0] = b'-';
        }
        let out = &mut room[sign..];
        let length = digits.len();
        if point <= 0 {
            let zeros = usize::try_from(point.unsigned_abs()).ok()?;
            out.get_mut(..2 + zeros)?.fill(b'0');
            out[1] = b'.';
            out.get_mut(2 + zeros..2 + zeros + length)?.copy_from_slice(digits);
            return Some(sign + 2 + zeros + length);
        }
        let point = usize::try_from(point).ok()?;
        if point >= length {
            out.get_mut(..length)?.copy_from_slice(digits);
            out.get_mut(length..point)?.fill(b'0');
            return Some(sign + point);
        }
        out.get_mut(..point)?.copy_from_slice(&digits[..point]);
        out[point] = b'.';
        out.get_mut(point + 1..length + 1)?.copy_from_slice(&digits[point..]);
        Some(sign + length + 1)
    }

    /// Writes the number with so many digits behind the point, as the format `.2f` asks for.
    pub fn write_rounded(&self, places: i64, rounding: Rounding, room: &mut Room) -> Option<usize> {
        let rounded = self.to_exponent(-places, rounding)?;
        let mut digits = [0; 40];
        let start = write_digits(rounded.coefficient, &mut digits);
        let digits = &digits[start..];
        rounded.write_fixed(digits, digits.len() as i64 - places, room)
    }
}

/// Writes digits at the end of the room; gives where they begin.
fn write_digits(number: u128, room: &mut [u8; 40]) -> usize {
    let mut at = room.len();
    let mut rest = number;
    while let (true, (high, low)) = (rest > u128::from(u64::MAX), split_small(rest, 19)) {
        let mut low = low as u64;
        for _ in 0..19 {
            at -= 1;
            room[at] = b'0' + (low % 10) as u8;
            low /= 10;
        }
        rest = high;
    }
    let mut rest = rest as u64;
    while rest >= 100 {
        let pair = PAIRS[(rest % 100) as usize];
        at -= 2;
        room[at..at + 2].copy_from_slice(&pair);
        rest /= 100;
    }
    if rest >= 10 {
        at -= 2;
        room[at..at + 2].copy_from_slice(&PAIRS[rest as usize]);
    } else {
        at -= 1;
        room[at] = b'0' + rest as u8;
    }
    at
}

impl Decimal {
    /// Reads ASCII text, exactly; `None` where it is no number.
    pub fn parse(text: &[u8]) -> Option<Decimal> {
        let (negative, rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        if let Some((coefficient, exponent)) = parse_finite(rest) {
            return Some(Decimal::new(negative, coefficient, exponent));
        }
        if is(rest, "inf") || is(rest, "infinity") {
            return Some(Decimal::infinity(negative));
        }
        let (signaling, rest) = match rest {
            [b's' | b'S', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let payload = rest.get(3..).filter(|_| is(&rest[..3], "nan"))?;
        if !payload.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let payload = Coefficient::parse(payload);
        Some(Decimal { negative, magnitude: Magnitude::Nan { signaling, payload } })
    }

    /// Whether the number is within the limits of all contexts, so that it can be had exactly.
    pub fn is_representable(&self) -> bool {
        match &self.magnitude {
            Magnitude::Finite { coefficient, exponent } => {
                coefficient.digits() as i64 <= MAX_PREC
                    && *exponent >= MIN_ETINY
                    && self.adjusted() <= MAX_EMAX
            }
            Magnitude::Infinity => true,
            Magnitude::Nan { payload, .. } => payload.digits() as i64 <= MAX_PREC,
        }
    }

    /// The number in scientific notation, or with an exponent that is a multiple of three.
    pub fn to_text(&self, engineering: bool, capitals: bool) -> String {
        let sign = if self.negative { "-" } else { "" };
        let (coefficient, exponent) = match &self.magnitude {
            Magnitude::Infinity => return format!("{sign}Infinity"),
            Magnitude::Nan { signaling, payload } => {
                let (kind, payload) = (
                    if *signaling { "sNaN" } else { "NaN" },
                    if payload.is_zero() { String::new() } else { payload.to_digits() },
                );
                return format!("{sign}{kind}{payload}");
            }
            Magnitude::Finite { coefficient, exponent } => (coefficient, *exponent),
        };
        let digits = coefficient.to_digits();
        let length = digits.len() as i64;
        // How many digits stand in front of the point.
        let left = exponent + length;
        let point = if exponent <= 0 && left > -6 {
            left
        } else if !engineering {
            1
        } else if coefficient.is_zero() {
            (left + 1).rem_euclid(3) - 1
        } else {
            (left - 1).rem_euclid(3) + 1
        };
        let mut text = String::with_capacity(digits.len() + 8);
        text.push_str(sign);
        push_digits(&mut text, &digits, point);
        if left != point {
            push_exponent(&mut text, left - point, capitals);
        }
        text
    }

    /// The exact value of a float that is finite.
    pub fn of_f64(value: f64) -> Result<Decimal, OutOfMemory> {
        if value.is_nan() {
            return Ok(Decimal::nan().with_sign(value.is_sign_negative()));
        }
        if value.is_infinite() {
            return Ok(Decimal::infinity(value < 0.0));
        }
        let negative = value.is_sign_negative();
        let bits = value.to_bits();
        let (fraction, raised) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
        let (mut mantissa, mut exponent) =
            if raised == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raised - 1075) };
        if mantissa == 0 {
            return Ok(Decimal::zero(negative, 0));
        }
        let zeros = i64::from(mantissa.trailing_zeros());
        (mantissa, exponent) = (mantissa >> zeros, exponent + zeros);
        let mut coefficient = Coefficient::from(u128::from(mantissa));
        // A power of two: on its own, or as that power of five over a power of ten.
        let factor = Coefficient::from(if exponent < 0 { 5 } else { 2 });
        let mut power = factor;
        let mut left = exponent.unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                coefficient = coefficient.mul(&power);
            }
            power = power.mul(&power);
            left >>= 1;
        }
        Ok(Decimal::new(negative, coefficient, exponent.min(0)))
    }

    /// The number that text describes, rounded to a context.
    pub fn from_text(text: &[u8], context: &Context, status: &mut Status) -> Decimal {
        match Decimal::parse(text) {
            Some(number) => {
                let room = (context.prec as u64).saturating_sub(u64::from(context.clamp));
                match &number.magnitude {
                    // A payload that is too long is no number either.
                    Magnitude::Nan { payload, .. } if !payload.is_zero() && payload.digits() > room => {
                        Decimal::invalid(status, Status::CONVERSION_SYNTAX)
                    }
                    _ => number.finish(context, status),
                }
            }
            None => Decimal::invalid(status, Status::CONVERSION_SYNTAX),
        }
    }
}
