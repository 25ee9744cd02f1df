//! Integer constants of any size. Invariant: what fits an i64 is `Const::Int`; limbs have no leading zeros.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_bytecode::Const;

/// Most digits of a decimal literal; 0: as many as there are.
static DIGIT_LIMIT: AtomicUsize = AtomicUsize::new(4300);

/// Sets the most digits that a decimal literal may have (`sys.set_int_max_str_digits`); 0: as many as there are.
pub fn set_digit_limit(limit: usize) {
    DIGIT_LIMIT.store(limit, Ordering::Relaxed);
}

/// The most digits that a decimal literal may have.
pub(crate) fn digit_limit() -> usize {
    DIGIT_LIMIT.load(Ordering::Relaxed)
}

pub(crate) fn from_u64(value: u64) -> Const {
    from_i128(value as i128)
}

pub(crate) fn from_i128(value: i128) -> Const {
    if let Ok(small) = i64::try_from(value) {
        return Const::Int(small);
    }
    let magnitude = value.unsigned_abs();
    normalised(value < 0, [magnitude as u64, (magnitude >> 64) as u64].into())
}

/// From sign and limbs, which may have leading zeros.
pub(crate) fn normalised(negative: bool, limbs: Box<[u64]>) -> Const {
    let length = limbs.iter().rposition(|&limb| limb != 0).map_or(0, |at| at + 1);
    match (&limbs[..length], negative) {
        ([], _) => Const::Int(0),
        ([limb], false) if i64::try_from(*limb).is_ok() => Const::Int(*limb as i64),
        ([limb], true) if *limb <= 1 << 63 => Const::Int((*limb as i64).wrapping_neg()),
        (limbs, negative) => Const::BigInt { negative, limbs: limbs.into() },
    }
}

/// As an i128, if it is an int that fits.
pub(crate) fn to_i128(value: &Const) -> Option<i128> {
    match value {
        Const::Int(value) => Some(*value as i128),
        Const::BigInt { negative, limbs } => {
            let magnitude = match **limbs {
                [low] => low as u128,
                [low, high] => low as u128 | (high as u128) << 64,
                _ => return None,
            };
            let value = i128::try_from(magnitude).ok()?;
            Some(if *negative { -value } else { value })
        }
        _ => None,
    }
}

/// The value of an integer literal; None if it has too many decimal digits.
pub(crate) fn parse(text: &str) -> Option<Const> {
    let digits: Vec<u8> = text.bytes().filter(|&b| b != b'_').collect();
    let (radix, digits) = match digits.get(..2) {
        Some(b"0x" | b"0X") => (16, &digits[2..]),
        Some(b"0o" | b"0O") => (8, &digits[2..]),
        Some(b"0b" | b"0B") => (2, &digits[2..]),
        _ => (10, &digits[..]),
    };
    if radix == 10 && digits.len() > digit_limit() && digit_limit() > 0 {
        return None;
    }
    if radix != 10 {
        return Some(normalised(false, binary(digits, radix)));
    }
    let mut limbs: Vec<u64> = Vec::new();
    for chunk in digits.chunks(18) {
        let mut carry = chunk.iter().fold(0u64, |value, &d| value * 10 + (d - b'0') as u64) as u128;
        let factor = 10u128.pow(chunk.len() as u32);
        for limb in &mut limbs {
            let value = *limb as u128 * factor + carry;
            *limb = value as u64;
            carry = value >> 64;
        }
        if carry != 0 {
            limbs.push(carry as u64);
        }
    }
    Some(normalised(false, limbs.into()))
}

/// Digits of a radix that is a power of two, most significant first.
fn binary(digits: &[u8], radix: u32) -> Box<[u64]> {
    let bits = radix.trailing_zeros() as usize;
    let mut limbs = vec![0u64; (digits.len() * bits).div_ceil(64)];
    for (at, &digit) in digits.iter().rev().enumerate() {
        let value = (digit as char).to_digit(radix).unwrap_or(0) as u64;
        let (limb, shift) = (at * bits / 64, at * bits % 64);
        limbs[limb] |= value << shift;
        if shift + bits > 64 && value >> (64 - shift) != 0 {
            limbs[limb + 1] |= value >> (64 - shift);
        }
    }
    limbs.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[u64]) {
        match parse(text) {
            Some(Const::BigInt { negative: false, limbs }) => assert_eq!(&*limbs, expected, "{text}"),
            Some(Const::Int(value)) => assert_eq!(&[value as u64], expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn literals() {
        check("18446744073709551616", &[0, 1]);
        check("340282366920938463463374607431768211456", &[0, 0, 1]);
        check("0xffff_ffff_ffff_ffff_f", &[0xffff_ffff_ffff_ffff, 0xf]);
        check("0o7777777777777777777777", &[u64::MAX, 3]);
        check("0b1", &[1]);
        assert!(parse(&"9".repeat(4301)).is_none());
    }
}
