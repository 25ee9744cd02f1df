//! Integers to and from digits. CPython: `PyLong_FromString`, `long_to_decimal_string_internal`,
//! `long_format_binary` of `Objects/longobject.c`.
//!
//! Invariant: sub-quadratic above 32 limbs in both directions, and the digit limit is checked before the work is done.

use std::borrow::Cow;

use dashu_int::UBig;

use super::magnitude::{self, Limbs};
use super::multiply::{OWN_LIMBS, to_ubig};
use super::{Int, IntRef};

/// Conversions of at most this many digits ignore the limit: CPython's `_PY_LONG_MAX_STR_DIGITS_THRESHOLD`.
const LIMIT_THRESHOLD: usize = 640;

/// The most decimal digits that one limb holds, and their power of ten.
const DECIMAL_CHUNK: (usize, u64) = (19, 10_000_000_000_000_000_000);

/// Limbs of the numbers that become text without a buffer on the heap.
const SHORT_LIMBS: usize = 4;
/// The room for their decimal digits.
pub const SHORT_DIGITS: usize = decimal_room(SHORT_LIMBS);

/// Why a text is no integer; both are ValueError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseIntError {
    /// The caller says "invalid literal for int() with base %d: %.200R".
    Invalid,
    /// More decimal digits than the interpreter allows.
    TooManyDigits(TooManyDigits),
}

/// A conversion beyond `sys.get_int_max_str_digits()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyDigits {
    /// The limit that was in force.
    pub limit: usize,
    /// How many digits the text had; None when an integer was to become text.
    pub digits: Option<usize>,
}

impl std::fmt::Display for TooManyDigits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exceeds the limit ({} digits) for integer string conversion", self.limit)?;
        if let Some(digits) = self.digits {
            write!(f, ": value has {digits} digits")?;
        }
        f.write_str("; use sys.set_int_max_str_digits() to increase the limit")
    }
}

/// The value of each byte as a digit; 255 for what is none.
const DIGIT_VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < 36 {
        let digits = b"0123456789abcdefghijklmnopqrstuvwxyz";
        values[digits[value] as usize] = value as u8;
        values[digits[value].to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    values
};

/// The value of an ASCII digit or letter, 0 to 35.
#[inline]
pub fn digit_value(byte: u8) -> Option<u32> {
    let value = DIGIT_VALUES[byte as usize];
    (value != u8::MAX).then_some(u32::from(value))
}

/// The value of a digit that is known to be one.
#[inline]
fn value_of(digit: u8) -> u64 {
    u64::from(DIGIT_VALUES[digit as usize])
}

impl Int {
    /// Parses as `int(text, base)` does after white space is stripped and other digits have become ASCII: sign,
    /// prefix, digits with single underscores. `base` is 0 or 2 to 36; a `limit` of zero is none.
    pub fn parse(text: &[u8], base: u32, limit: usize) -> Result<Int, ParseIntError> {
        debug_assert!(base == 0 || (2..=36).contains(&base));
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (base, text, only_zero) = split_prefix(text, base);
        if let Some(value) = short_number(text, base) {
            return match only_zero && value != 0 {
                true => Err(ParseIntError::Invalid),
                false => Ok(Int::new(negative, vec![value])),
            };
        }
        let digits = clean_digits(text, base).ok_or(ParseIntError::Invalid)?;
        if !base.is_power_of_two() && limit > 0 && digits.len() > LIMIT_THRESHOLD && digits.len() > limit {
            return Err(ParseIntError::TooManyDigits(TooManyDigits { limit, digits: Some(digits.len()) }));
        }
        let limbs = from_digits(&digits, base);
        if only_zero && !limbs.is_empty() {
            return Err(ParseIntError::Invalid);
        }
        Ok(Int::new(negative, limbs))
    }
}

/// Resolves base 0 and drops the prefix that belongs to the base; the flag says that only zeros may follow ("01").
fn split_prefix(text: &[u8], base: u32) -> (u32, &[u8], bool) {
    let prefixed = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if prefixed != 0 && (base == 0 || base == prefixed) {
        let rest = &text[2..];
        return (prefixed, rest.strip_prefix(b"_").unwrap_or(rest), false);
    }
    match base {
        0 => (10, text, text.first() == Some(&b'0')),
        _ => (base, text, false),
    }
}

/// The value of up to twelve digits without underscores: of any base, they fit a limb.
fn short_number(text: &[u8], base: u32) -> Option<u64> {
    if text.is_empty() || text.len() > 12 {
        return None;
    }
    text.iter().try_fold(0u64, |number, &byte| {
        let value = value_of(byte);
        (value < u64::from(base)).then(|| number * u64::from(base) + value)
    })
}

/// The digits without their underscores; None unless every underscore stands between two digits.
fn clean_digits(text: &[u8], base: u32) -> Option<Cow<'_, [u8]>> {
    let valid = |byte: u8| value_of(byte) < u64::from(base);
    // Without a branch per digit: most texts are digits only.
    if !text.is_empty() && text.iter().fold(true, |all, &byte| all & valid(byte)) {
        return Some(Cow::Borrowed(text));
    }
    let mut digits = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for &byte in text {
        match byte {
            b'_' if after_digit => after_digit = false,
            _ if valid(byte) => {
                digits.push(byte);
                after_digit = true;
            }
            _ => return None,
        }
    }
    after_digit.then_some(Cow::Owned(digits))
}

/// The magnitude of ASCII digits that are all valid in `base`.
fn from_digits(digits: &[u8], base: u32) -> Limbs {
    if base.is_power_of_two() {
        return from_binary_digits(digits, base.trailing_zeros());
    }
    // 19 decimal digits fill a limb; other bases are dense enough for the same bound.
    if digits.len() > OWN_LIMBS * DECIMAL_CHUNK.0 {
        let text = std::str::from_utf8(digits).unwrap_or("0");
        return UBig::from_str_radix(text, base)
            .map_or_else(|_| Vec::new(), |value| value.as_words().to_vec());
    }
    // 12 digits of base 36 stay below 2^63.
    let chunk = if base == 10 { DECIMAL_CHUNK.0 } else { 12 };
    let mut limbs = Vec::with_capacity(digits.len() / chunk + 1);
    // The first chunk is the short one, so that all the others have the same factor.
    let (head, rest) = digits.split_at(digits.len() % chunk);
    let value = |digits: &[u8]| digits.iter().fold(0, |n, &digit| n * u64::from(base) + value_of(digit));
    limbs.push(value(head));
    let factor = u64::from(base).pow(chunk as u32);
    for digits in rest.chunks_exact(chunk) {
        magnitude::mul_add_small(&mut limbs, factor, value(digits));
    }
    magnitude::normalise(&mut limbs);
    limbs
}

fn from_binary_digits(digits: &[u8], bits_per_digit: u32) -> Limbs {
    if bits_per_digit == 4 {
        let limb = |digits: &[u8]| digits.iter().fold(0, |limb, &digit| limb << 4 | value_of(digit));
        let mut limbs: Limbs = digits.rchunks(16).map(limb).collect();
        magnitude::normalise(&mut limbs);
        return limbs;
    }
    let mut limbs = Vec::with_capacity(digits.len() * bits_per_digit as usize / 64 + 1);
    let (mut limb, mut used) = (0u64, 0u32);
    for &digit in digits.iter().rev() {
        let value = value_of(digit);
        limb |= value << used;
        used += bits_per_digit;
        if used >= 64 {
            limbs.push(limb);
            used -= 64;
            // Base 8 and 32 digits may straddle two limbs.
            limb = if used == 0 { 0 } else { value >> (bits_per_digit - used) };
        }
    }
    limbs.push(limb);
    magnitude::normalise(&mut limbs);
    limbs
}

impl IntRef<'_> {
    /// The decimal digits with a leading `-` for a negative number; a `limit` of zero is none.
    pub fn to_decimal(self, limit: usize) -> Result<String, TooManyDigits> {
        let error = TooManyDigits { limit, digits: None };
        // 3.322 bits per digit (log2(10), rounded up): certainly too many digits.
        let at_least = (self.bit_length().saturating_sub(1) as f64 / 3.322) as usize;
        if limit > 0 && at_least > limit.max(LIMIT_THRESHOLD) {
            return Err(error);
        }
        let text = decimal(self);
        let digits = text.len() - usize::from(self.negative);
        if limit > 0 && digits > LIMIT_THRESHOLD && digits > limit {
            return Err(error);
        }
        Ok(text)
    }

    /// Writes the decimal digits of a short number, without its sign, at the end of `room`; gives where they begin, or None
    /// if the number is not short.
    #[inline]
    pub fn short_decimal(self, room: &mut [u8; SHORT_DIGITS]) -> Option<usize> {
        (self.limbs.len() <= SHORT_LIMBS).then(|| write_decimal::<SHORT_LIMBS>(self.limbs, room))
    }

    /// The digits in base 2, 8, 16 or another power of two up to 32, lower case, without prefix.
    pub fn to_binary_base(self, bits_per_digit: u32) -> String {
        self.to_prefixed(bits_per_digit, "")
    }

    /// The same with a prefix behind the sign.
    pub fn to_prefixed(self, bits_per_digit: u32, prefix: &str) -> String {
        debug_assert!((1..=5).contains(&bits_per_digit));
        let digits = self.bit_length().div_ceil(u64::from(bits_per_digit)).max(1) as usize;
        let sign = usize::from(self.negative);
        let start = sign + prefix.len();
        let mut text = vec![b'0'; start + digits];
        text[..sign].fill(b'-');
        text[sign..start].copy_from_slice(prefix.as_bytes());
        if bits_per_digit == 4 {
            for (chunk, &limb) in text[start..].rchunks_mut(16).zip(self.limbs) {
                chunk.copy_from_slice(&hex_digits(limb)[16 - chunk.len()..]);
            }
        } else {
            write_digits(self.limbs, bits_per_digit, &mut text[start..]);
        }
        String::from_utf8(text).unwrap_or_default()
    }
}

/// The sixteen hexadecimal digits of a limb, in lower case.
pub fn hex_digits(limb: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    digits[..8].copy_from_slice(&eight_hex_digits((limb >> 32) as u32));
    digits[8..].copy_from_slice(&eight_hex_digits(limb as u32));
    digits
}

/// The eight hexadecimal digits of a word, all at once.
fn eight_hex_digits(word: u32) -> [u8; 8] {
    // Each step halves the fields and moves the upper halves up; in the end a byte holds four bits.
    let word = u64::from(word);
    let word = (word & 0xffff) | (word & 0xffff_0000) << 16;
    let word = (word & 0x0000_00ff_0000_00ff) | (word & 0x0000_ff00_0000_ff00) << 8;
    let word = (word & 0x000f_000f_000f_000f) | (word & 0x00f0_00f0_00f0_00f0) << 4;
    let letters = (word + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (word + 0x3030_3030_3030_3030 + letters * 39).to_be_bytes()
}

/// Writes as many digits as there is room for, the lowest last.
fn write_digits(limbs: &[u64], bits_per_digit: u32, text: &mut [u8]) {
    let mask = (1u128 << bits_per_digit) - 1;
    let (mut waiting, mut count) = (0u128, 0);
    let mut limbs = limbs.iter();
    for digit in text.iter_mut().rev() {
        if count < bits_per_digit {
            waiting |= u128::from(limbs.next().copied().unwrap_or(0)) << count;
            count += 64;
        }
        *digit = b"0123456789abcdefghijklmnopqrstuv"[(waiting & mask) as usize];
        waiting >>= bits_per_digit;
        count -= bits_per_digit;
    }
}

/// All decimal digits without regard to a limit.
fn decimal(number: IntRef<'_>) -> String {
    let sign = if number.negative { "-" } else { "" };
    if number.limbs.len() <= OWN_LIMBS {
        let mut room = [0; decimal_room(OWN_LIMBS)];
        let start = write_decimal::<OWN_LIMBS>(number.limbs, &mut room);
        let mut text = Vec::with_capacity(sign.len() + room.len() - start);
        text.extend_from_slice(sign.as_bytes());
        text.extend_from_slice(&room[start..]);
        return String::from_utf8(text).unwrap_or_default();
    }
    // Trailing zero bits are common (powers of two); the crate needs no help with them.
    format!("{sign}{}", to_ubig(number.limbs))
}

/// The room that the digits of so many limbs need: whole chunks.
const fn decimal_room(limbs: usize) -> usize {
    // A limb has 19.3 digits.
    (limbs * 20).div_ceil(DECIMAL_CHUNK.0) * DECIMAL_CHUNK.0
}

/// Writes the decimal digits of at most `LIMBS` limbs at the end of `room`; gives where they begin.
fn write_decimal<const LIMBS: usize>(limbs: &[u64], room: &mut [u8]) -> usize {
    const TEN_19: magnitude::Reciprocal = magnitude::Reciprocal::new(DECIMAL_CHUNK.1);
    let mut copy = [0; LIMBS];
    copy[..limbs.len()].copy_from_slice(limbs);
    let mut rest = &mut copy[..limbs.len()];
    let last = room.len() - 1;
    let mut start = room.len();
    for chunk in room.rchunks_exact_mut(DECIMAL_CHUNK.0) {
        while let [below @ .., 0] = rest {
            rest = below;
        }
        if rest.is_empty() {
            break;
        }
        write_nineteen(TEN_19.div_in_place(rest), chunk);
        start -= DECIMAL_CHUNK.0;
    }
    if start > last {
        room[last] = b'0';
        return last;
    }
    start + room[start..last].iter().take_while(|&&digit| digit == b'0').count()
}

/// Writes the nineteen digits of a number below 10^19.
fn write_nineteen(value: u64, digits: &mut [u8]) {
    const EIGHT: u64 = 100_000_000;
    let (top, low) = (value / (EIGHT * EIGHT), value % (EIGHT * EIGHT));
    let (first, second) = (eight_digits((low / EIGHT) as u32), eight_digits((low % EIGHT) as u32));
    digits[..3].copy_from_slice(&eight_digits(top as u32)[5..]);
    digits[3..11].copy_from_slice(&first);
    digits[11..19].copy_from_slice(&second);
}

/// The eight decimal digits of a number below 10^8, all at once.
fn eight_digits(value: u32) -> [u8; 8] {
    // Each step divides the fields, of which there are twice as many after it; the upper part goes to the lower bytes,
    // which come first. The factors are reciprocals, rounded up: exact for numbers below 10,000 and 100.
    let fields = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = (fields * 10_486 >> 20) & 0x0000_007f_0000_007f;
    let fields = hundreds | (fields - hundreds * 100) << 16;
    let tens = (fields * 103 >> 10) & 0x000f_000f_000f_000f;
    let fields = tens | (fields - tens * 10) << 8;
    (fields + 0x3030_3030_3030_3030).to_le_bytes()
}
