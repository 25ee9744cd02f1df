//! The format mini-language of decimals. CPython: `mpd_parse_fmt_str` and `mpd_qformat_spec` of libmpdec.
//!
//! Invariant: what is not read here (`_`, `z`, groups of the fraction) is no error yet: `_pydecimal` reads it.

use super::round::drop_digits;
use super::text::{push_digits, push_exponent};
use super::{Context, Decimal, MAX_PREC, OutOfMemory, Rounding, Short, Status};

/// The longest text that is made.
const MAX_LENGTH: i64 = 1 << 33;

/// Where the padding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Behind the number.
    Left,
    /// In front of it.
    Right,
    /// On both sides.
    Center,
    /// Between the sign and the digits.
    Inside,
    /// Zeros between the sign and the digits.
    Zeros,
}

/// What a specification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The character that pads.
    pub fill: char,
    /// Where the padding goes.
    pub align: Align,
    /// What a number without a minus begins with, if anything.
    pub sign: Option<char>,
    /// The smallest number of characters.
    pub width: i64,
    /// Whether there is a comma between thousands.
    pub thousands: bool,
    /// How many digits.
    pub precision: Option<i64>,
    /// `e`, `f`, `g` or `%`.
    pub kind: char,
    /// Whether exponents have a capital letter.
    pub upper: bool,
    /// Whether the locale has a say.
    pub locale: bool,
}

/// How numbers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conventions {
    /// What stands in front of the fraction.
    pub point: String,
    /// What stands between groups of digits.
    pub separator: String,
    /// The lengths of groups from the right: the last one repeats; 127 or 0 end the grouping or repeat.
    pub grouping: Vec<u8>,
}

/// Why a number cannot be formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatError {
    /// The numbers in the specification are too large.
    Limits,
    /// The text would be too long.
    Memory,
}

impl From<OutOfMemory> for FormatError {
    fn from(_: OutOfMemory) -> FormatError {
        FormatError::Memory
    }
}

/// A formatted number: padding, `head`, padding, `body`, padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// How many fill characters come first.
    pub before: usize,
    /// The sign.
    pub head: String,
    /// How many fill characters follow it.
    pub between: usize,
    /// The digits.
    pub body: String,
    /// How many fill characters come last.
    pub after: usize,
    /// The fill character.
    pub fill: char,
}

fn align_of(code: Option<&char>) -> Option<Align> {
    Some(match code? {
        '<' => Align::Left,
        '>' => Align::Right,
        '=' => Align::Inside,
        '^' => Align::Center,
        _ => return None,
    })
}

/// Reads digits; `None` where there is none, or the number is too large.
fn number(codes: &[char], at: &mut usize) -> Option<i64> {
    let start = *at;
    let mut number = 0i64;
    while let Some(digit) = codes.get(*at).and_then(|code| code.to_digit(10)) {
        number = number.checked_mul(10)?.checked_add(i64::from(digit))?;
        *at += 1;
    }
    (*at > start).then_some(number)
}

impl Spec {
    /// Reads a specification; `None` for what is none, or is for others to read.
    pub fn parse(text: &str, capitals: bool) -> Option<Spec> {
        // Most specifications are a few characters.
        let (mut room, longer) = (['\0'; 16], text.len() > 16);
        let all: Vec<char>;
        let codes = if longer {
            all = text.chars().collect();
            &all[..]
        } else {
            let count = room.iter_mut().zip(text.chars()).map(|(place, code)| *place = code).count();
            &room[..count]
        };
        let mut spec = Spec {
            fill: ' ',
            align: Align::Right,
            sign: None,
            width: 0,
            thousands: false,
            precision: None,
            kind: 'g',
            upper: capitals,
            locale: false,
        };
        let (mut at, mut aligned) = (0, false);
        if let Some(align) = align_of(codes.get(1)) {
            (spec.fill, spec.align, aligned, at) = (codes[0], align, true, 2);
        } else if let Some(align) = align_of(codes.first()) {
            (spec.align, aligned, at) = (align, true, 1);
        }
        if let Some(sign @ ('+' | '-' | ' ')) = codes.get(at) {
            spec.sign = (*sign != '-').then_some(*sign);
            at += 1;
        }
        if codes.get(at) == Some(&'0') {
            if aligned {
                return None;
            }
            (spec.align, spec.fill) = (Align::Zeros, '0');
            at += 1;
        }
        match codes.get(at) {
            Some('0') => return None,
            Some('1'..='9') => spec.width = number(codes, &mut at)?,
            _ => {}
        }
        if codes.get(at) == Some(&',') {
            spec.thousands = true;
            at += 1;
        }
        if codes.get(at) == Some(&'.') {
            at += 1;
            spec.precision = Some(number(codes, &mut at)?);
        }
        match codes.get(at) {
            Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => {
                (spec.kind, spec.upper) = (kind.to_ascii_lowercase(), kind.is_ascii_uppercase());
                at += 1;
            }
            Some(kind @ ('n' | 'N')) if !spec.thousands => {
                (spec.locale, spec.upper) = (true, *kind == 'N');
                at += 1;
            }
            _ => {}
        }
        (at == codes.len()).then_some(spec)
    }
}

/// Puts separators between groups of digits, and zeros in front up to a width.
fn grouped(digits: &str, width: i64, conventions: &Conventions) -> String {
    let (mut rest, mut width) = (digits, width);
    let mut groups: Vec<String> = Vec::new();
    let mut lengths = conventions.grouping.iter().copied().peekable();
    let mut last = 0;
    loop {
        let length = match lengths.next() {
            None => last,
            Some(0) => last,
            Some(127) => 0,
            Some(length) => length,
        };
        last = length;
        let wanted = (rest.len() as i64).max(width).max(1);
        // Without a length the rest is one group.
        let length = if length == 0 { wanted } else { wanted.min(i64::from(length)) };
        let taken = rest.len().min(length as usize);
        let mut group = "0".repeat(length as usize - taken);
        group.push_str(&rest[rest.len() - taken..]);
        rest = &rest[..rest.len() - taken];
        width -= length;
        groups.push(group);
        if rest.is_empty() && width <= 0 {
            break;
        }
        width -= conventions.separator.chars().count() as i64;
    }
    groups.reverse();
    groups.join(&conventions.separator)
}

/// Room for the text of a formatted short number.
pub type Wide = [u8; 160];

impl Short {
    /// Writes what a plain specification of type `f` asks for: few digits, a width, commas. Gives the place where the text
    /// begins; it ends with the room.
    pub fn write_formatted(&self, spec: &Spec, rounding: Rounding, room: &mut Wide) -> Option<usize> {
        const WIDEST: i64 = 60;
        let places = spec.precision.filter(|places| *places <= 20)?;
        let plain = spec.kind == 'f' && !spec.locale && spec.fill.is_ascii() && spec.width <= WIDEST;
        if !plain || matches!(spec.align, Align::Center | Align::Left) {
            return None;
        }
        let mut digits: super::Room = [0; 72];
        let unsigned = Short { negative: false, ..*self };
        let rounding = rounding.mirrored(self.negative);
        let length = unsigned.write_rounded(places, rounding, &mut digits)?;
        let whole = digits[..length].iter().position(|byte| *byte == b'.').unwrap_or(length);
        let mut at = room.len() - (length - whole);
        room[at..].copy_from_slice(&digits[whole..length]);
        let sign = if self.negative { Some('-') } else { spec.sign };
        let end = room.len() - spec.width as usize + usize::from(sign.is_some());
        let mut push = |at: &mut usize, byte: u8| {
            *at -= 1;
            room[*at] = byte;
        };
        for (index, digit) in digits[..whole].iter().rev().enumerate() {
            if spec.thousands && index > 0 && index % 3 == 0 {
                push(&mut at, b',');
            }
            push(&mut at, *digit);
        }
        if spec.align != Align::Right {
            if spec.thousands && spec.align == Align::Zeros && at > end {
                // Zeros are grouped too.
                return None;
            }
            while at > end {
                push(&mut at, spec.fill as u8);
            }
        }
        if let Some(sign) = sign {
            push(&mut at, sign as u8);
        }
        while at > room.len() - spec.width as usize {
            at -= 1;
            room[at] = spec.fill as u8;
        }
        Some(at)
    }
}

impl Decimal {
    /// The number with so many digits, as formats round it: whatever the limits of the context.
    fn with_digits(&self, digits: i64, context: &Context) -> Result<Decimal, FormatError> {
        let Some((coefficient, exponent)) = self.finite() else { return Ok(self.clone()) };
        let own = coefficient.digits() as i64;
        if own <= digits || coefficient.is_zero() {
            return self.to_exponent(exponent - (digits - own), context);
        }
        let (kept, _) =
            drop_digits(context.rounding, self.negative, coefficient.clone(), (own - digits) as u64, false);
        let exponent = exponent + (own - digits);
        if kept.digits() as i64 > digits {
            return Ok(Decimal::new(self.negative, kept.shift_right(1).0, exponent + 1));
        }
        Ok(Decimal::new(self.negative, kept, exponent))
    }

    /// The number with another exponent.
    fn to_exponent(&self, exponent: i64, context: &Context) -> Result<Decimal, FormatError> {
        let mut status = Status::default();
        let result = self.rescaled(exponent, context.rounding, &mut status);
        if status.intersects(Status::MALLOC_ERROR) { Err(FormatError::Memory) } else { Ok(result) }
    }

    /// The digits of a finite number, without sign and groups.
    fn formatted_digits(&self, spec: &Spec, context: &Context) -> Result<String, FormatError> {
        let mut number = self.clone();
        let (mut point, mut exponential, mut fixed) = (None, false, false);
        match (spec.kind, spec.precision) {
            ('g', Some(precision)) => {
                let precision = precision.max(1);
                if number.finite().is_some_and(|(digits, _)| digits.digits() as i64 > precision) {
                    number = number.with_digits(precision, context)?;
                }
            }
            ('e', precision) => {
                (exponential, point) = (true, Some(1));
                if let Some(precision) = precision {
                    if number.is_zero() {
                        point = Some(1 - precision);
                    } else {
                        number = number.with_digits(precision + 1, context)?;
                    }
                }
            }
            (kind @ ('f' | '%'), precision) => {
                fixed = true;
                if let (Some((coefficient, exponent)), '%') = (number.finite(), kind) {
                    number = Decimal::new(self.negative, coefficient.clone(), exponent + 2);
                }
                if let Some(precision) = precision {
                    number = number.to_exponent(-precision, context)?;
                }
                if number.is_zero() && number.finite().is_some_and(|(_, exponent)| exponent > 0) {
                    number = number.with_exponent(0);
                }
            }
            _ => {}
        }
        let Some((coefficient, exponent)) = number.finite() else { return Ok(String::new()) };
        let left = exponent.saturating_add(coefficient.digits() as i64);
        let point = match point {
            Some(point) => point,
            None if fixed || (exponent <= 0 && left > -6) => left,
            None => 1,
        };
        if point.abs() > MAX_LENGTH {
            return Err(FormatError::Memory);
        }
        let mut text = String::new();
        push_digits(&mut text, &coefficient.to_digits(), point);
        if left != point || exponential {
            push_exponent(&mut text, left - point, spec.upper);
        }
        if spec.kind == '%' {
            text.push('%');
        }
        Ok(text)
    }

    /// The number as a specification asks for it. Only `locale` formats ask for conventions of their own.
    pub fn format(
        &self,
        spec: &Spec,
        conventions: Option<&Conventions>,
        context: &Context,
    ) -> Result<Formatted, FormatError> {
        if spec.width > MAX_PREC || spec.precision.is_some_and(|precision| precision > MAX_PREC) {
            return Err(FormatError::Limits);
        }
        if spec.width > MAX_LENGTH || spec.precision.is_some_and(|precision| precision > MAX_LENGTH) {
            return Err(FormatError::Memory);
        }
        let head = match spec.sign {
            _ if self.negative => "-".to_owned(),
            Some(sign) => sign.to_string(),
            None => String::new(),
        };
        let (mut fill, mut align) = (spec.fill, spec.align);
        let mut body;
        if self.is_finite() {
            body = self.formatted_digits(spec, context)?;
            let thousands;
            let conventions = match conventions {
                None if spec.thousands => {
                    thousands =
                        Conventions { point: ".".to_owned(), separator: ",".to_owned(), grouping: vec![3] };
                    Some(&thousands)
                }
                given => given,
            };
            if let Some(conventions) = conventions {
                let whole = body.bytes().take_while(u8::is_ascii_digit).count();
                let mut tail = body[whole..].to_owned();
                if let Some(fraction) = tail.strip_prefix('.') {
                    tail = format!("{}{fraction}", conventions.point);
                }
                let width = if align == Align::Zeros {
                    spec.width - (head.len() + tail.chars().count()) as i64
                } else {
                    0
                };
                body = grouped(&body[..whole], width, conventions) + &tail;
            }
        } else {
            let percent = if spec.kind == '%' { "%" } else { "" };
            body = format!("{}{percent}", self.with_sign(false).to_text(false, true));
            if align == Align::Zeros {
                (fill, align) = (' ', Align::Right);
            }
        }
        let length = head.len() + body.chars().count();
        let missing = usize::try_from(spec.width).unwrap_or(0).saturating_sub(length);
        let (before, between, after) = match align {
            Align::Left => (0, 0, missing),
            Align::Right => (missing, 0, 0),
            Align::Center => (missing / 2, 0, missing - missing / 2),
            Align::Inside | Align::Zeros => (0, missing, 0),
        };
        Ok(Formatted { before, head, between, body, after, fill })
    }
}

/// The conventions that are none: a point, no groups.
impl Default for Conventions {
    fn default() -> Conventions {
        Conventions { point: ".".to_owned(), separator: String::new(), grouping: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str, spec: &str) -> Option<String> {
        let spec = Spec::parse(spec, true)?;
        let context = Context { prec: 28, ..Context::MAX };
        let formatted = Decimal::parse(text.as_bytes())?.format(&spec, None, &context).ok()?;
        let pad = |count: usize| formatted.fill.to_string().repeat(count);
        let (before, between, after) = (pad(formatted.before), pad(formatted.between), pad(formatted.after));
        Some(format!("{before}{}{between}{}{after}", formatted.head, formatted.body))
    }

    #[test]
    fn formats_are_cpythons() {
        for (number, spec, expected) in [
            ("-12345.6789", ".2f", "-12345.68"),
            ("-12345.6789", ",.3f", "-12,345.679"),
            ("-12345.6789", "020,.2f", "-0,000,000,012,345.68"),
            ("-12345.6789", "^10.1e", " -1.2e+4  "),
            ("0", ".2e", "0.00e+2"),
            ("0E+3", "f", "0"),
            ("inf", "010", "  Infinity"),
            ("1.5", ".0f", "2"),
            ("0.125", ".1%", "12.5%"),
            ("9.99", ".2g", "10"),
        ] {
            assert_eq!(format(number, spec).as_deref(), Some(expected), "{number} {spec}");
        }
        for spec in ["z", "_", "<05", "00005", ".f", "x", ",n", ".2,f"] {
            assert_eq!(format("1", spec), None, "{spec}");
        }
    }

    #[test]
    fn groups_end_where_the_locale_ends_them() {
        let conventions = |grouping: &[u8]| Conventions {
            point: ",".to_owned(),
            separator: ".".to_owned(),
            grouping: grouping.to_vec(),
        };
        assert_eq!(grouped("1234567", 0, &conventions(&[3, 2, 0])), "12.34.567");
        assert_eq!(grouped("1234567", 0, &conventions(&[3, 127])), "1234.567");
        assert_eq!(grouped("12", 6, &conventions(&[3])), "00.012");
    }
}
