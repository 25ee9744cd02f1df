//! The digits of a decimal number: an unsigned integer, in one machine word pair while it fits.
//!
//! Invariant: `Big` holds only what a `u128` does not, so equal numbers are equal values.

use std::cmp::Ordering;

use crate::bigint::{Int, IntRef, MAX_BITS};

/// Powers of ten that a `u128` holds.
const SMALL_POWERS: [u128; 39] = {
    let mut powers = [1u128; 39];
    let mut at = 1;
    while at < 39 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// More digits than this are more than any machine should be asked for.
const MAX_DIGITS: u64 = MAX_BITS / 4;

/// The number would need too much memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

/// An unsigned integer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Coefficient {
    /// At most 128 bits.
    Small(u128),
    /// More.
    Big(Vec<u64>),
}

use Coefficient::{Big, Small};

impl From<u128> for Coefficient {
    #[inline]
    fn from(value: u128) -> Coefficient {
        Small(value)
    }
}

impl Coefficient {
    /// Zero.
    pub const ZERO: Coefficient = Small(0);
    /// One.
    pub const ONE: Coefficient = Small(1);

    /// The magnitude of an integer.
    pub fn of_int(int: IntRef<'_>) -> Coefficient {
        match *int.limbs {
            [] => Small(0),
            [low] => Small(u128::from(low)),
            [low, high] => Small(u128::from(high) << 64 | u128::from(low)),
            ref more => Big(more.to_vec()),
        }
    }

    fn of_limbs(limbs: Vec<u64>) -> Coefficient {
        if limbs.len() > 2 {
            Big(limbs)
        } else {
            Coefficient::of_int(IntRef { negative: false, limbs: &limbs })
        }
    }

    /// Shows the number to `f` as an integer.
    fn with<R>(&self, f: impl FnOnce(IntRef<'_>) -> R) -> R {
        match self {
            Small(value) => {
                let limbs = [*value as u64, (*value >> 64) as u64];
                let used = if limbs[1] != 0 { 2 } else { usize::from(limbs[0] != 0) };
                f(IntRef { negative: false, limbs: &limbs[..used] })
            }
            Big(limbs) => f(IntRef { negative: false, limbs }),
        }
    }

    /// The number as an integer.
    pub fn to_int(&self) -> Int {
        self.with(|int| int.to_owned())
    }

    /// Reads ASCII digits.
    pub fn parse(digits: &[u8]) -> Coefficient {
        if digits.len() <= 38 {
            return Small(digits.iter().fold(0, |value, digit| value * 10 + u128::from(digit - b'0')));
        }
        match Int::parse(digits, 10, 0) {
            Ok(int) => Coefficient::of_int(int.view()),
            Err(_) => Coefficient::ZERO,
        }
    }

    /// The decimal digits.
    pub fn to_digits(&self) -> String {
        match self {
            Small(value) => value.to_string(),
            Big(_) => self.with(|int| int.to_decimal(0)).unwrap_or_default(),
        }
    }

    /// The number, if it lies in two words.
    #[inline]
    pub fn small(&self) -> Option<u128> {
        match self {
            Small(value) => Some(*value),
            Big(_) => None,
        }
    }

    /// Whether the number lies in two words.
    #[inline]
    pub fn is_small(&self) -> bool {
        matches!(self, Small(_))
    }

    /// How much memory the digits take besides.
    pub fn bytes(&self) -> usize {
        match self {
            Small(_) => 0,
            Big(limbs) => limbs.len() * 8,
        }
    }

    /// The remainder by a small number that is not zero.
    pub fn residue(&self, modulus: u64) -> u64 {
        self.div_rem(&Small(u128::from(modulus))).1.to_u64().unwrap_or(0)
    }

    /// Whether the number is zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        *self == Small(0)
    }

    /// Whether the number is odd.
    #[inline]
    pub fn is_odd(&self) -> bool {
        match self {
            Small(value) => value & 1 == 1,
            Big(limbs) => limbs.first().is_some_and(|limb| limb & 1 == 1),
        }
    }

    /// The number of digits; zero has one.
    #[inline]
    pub fn digits(&self) -> u64 {
        match self {
            Small(value) => u64::from(value.checked_ilog10().unwrap_or(0)) + 1,
            Big(_) => self.big_digits(),
        }
    }

    #[cold]
    fn big_digits(&self) -> u64 {
        // The logarithm is off by one at most; log10(2) is 0.30102999566...
        let bits = self.with(|int| int.bit_length());
        let guess = ((u128::from(bits) - 1) * 30_102_999_566 / 100_000_000_000) as u64;
        match Coefficient::power_of_ten(guess + 1) {
            Ok(power) if self.cmp(&power) != Ordering::Less => guess + 2,
            _ => guess + 1,
        }
    }

    /// `10 ** exponent`.
    pub fn power_of_ten(exponent: u64) -> Result<Coefficient, OutOfMemory> {
        if let Some(power) = SMALL_POWERS.get(exponent as usize) {
            return Ok(Small(*power));
        }
        if exponent > MAX_DIGITS {
            return Err(OutOfMemory);
        }
        let power = Int::from(10u64).view().pow(Int::from(exponent).view());
        power.map(|power| Coefficient::of_limbs(power.limbs)).map_err(|_| OutOfMemory)
    }

    /// `self + other`.
    #[inline]
    pub fn add(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other)
            && let Some(sum) = a.checked_add(*b)
        {
            return Small(sum);
        }
        Coefficient::of_limbs(self.with(|a| other.with(|b| a.add(b))).limbs)
    }

    /// `self - other`, where `other` is not larger.
    #[inline]
    pub fn sub(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other) {
            return Small(a.saturating_sub(*b));
        }
        Coefficient::of_limbs(self.with(|a| other.with(|b| a.sub(b))).limbs)
    }

    /// `self * other`.
    #[inline]
    pub fn mul(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other)
            && let Some(product) = a.checked_mul(*b)
        {
            return Small(product);
        }
        Coefficient::of_limbs(self.with(|a| other.with(|b| a.mul(b))).limbs)
    }

    /// `self * 10 ** places`.
    #[inline]
    pub fn shift_left(&self, places: u64) -> Result<Coefficient, OutOfMemory> {
        if places == 0 || self.is_zero() {
            return Ok(self.clone());
        }
        if places.saturating_add(self.digits()) > MAX_DIGITS {
            return Err(OutOfMemory);
        }
        Ok(self.mul(&Coefficient::power_of_ten(places)?))
    }

    /// Quotient and remainder; the divisor is not zero.
    #[inline]
    pub fn div_rem(&self, divisor: &Coefficient) -> (Coefficient, Coefficient) {
        if let (Small(a), Small(b)) = (self, divisor) {
            // Most of the work of a division of 128 bits is saved where 64 are enough.
            if let (Ok(a), Ok(b)) = (u64::try_from(*a), u64::try_from(*b)) {
                return (Small(u128::from(a / b)), Small(u128::from(a % b)));
            }
            return (Small(a / b), Small(a % b));
        }
        match self.with(|a| divisor.with(|b| a.divmod(b))) {
            Ok((quotient, rest)) => {
                (Coefficient::of_limbs(quotient.limbs), Coefficient::of_limbs(rest.limbs))
            }
            Err(_) => (Coefficient::ZERO, Coefficient::ZERO),
        }
    }

    /// Quotient and remainder by `10 ** places`.
    #[inline]
    pub fn shift_right(&self, places: u64) -> (Coefficient, Coefficient) {
        if places == 0 {
            return (self.clone(), Coefficient::ZERO);
        }
        if places >= self.digits() {
            return (Coefficient::ZERO, self.clone());
        }
        match Coefficient::power_of_ten(places) {
            Ok(power) => self.div_rem(&power),
            Err(OutOfMemory) => (Coefficient::ZERO, self.clone()),
        }
    }

    /// The largest integer whose square is not larger.
    pub fn square_root(&self) -> Coefficient {
        match self.with(|int| int.isqrt()) {
            Ok(root) => Coefficient::of_limbs(root.limbs),
            Err(_) => Coefficient::ZERO,
        }
    }

    /// The last decimal digit.
    pub fn last_digit(&self) -> u8 {
        match self.div_rem(&Small(10)).1 {
            Small(digit) => digit as u8,
            Big(_) => 0,
        }
    }

    /// The number without its trailing zeros, and how many those were.
    pub fn without_zeros(&self, most: u64) -> (Coefficient, u64) {
        if self.is_zero() {
            return (Coefficient::ZERO, 0);
        }
        let (mut rest, mut count) = (self.clone(), 0);
        // In large steps first: the digits of a long number are divided few times.
        let mut step = if matches!(rest, Big(_)) { (rest.digits() / 2).max(1) } else { 16 };
        while step > 0 {
            if count + step <= most {
                let (quotient, remainder) = rest.shift_right(step);
                if remainder.is_zero() {
                    rest = quotient;
                    count += step;
                    continue;
                }
            }
            step /= 2;
        }
        (rest, count)
    }

    /// The number, if a `u64` holds it.
    pub fn to_u64(&self) -> Option<u64> {
        match self {
            Small(value) => u64::try_from(*value).ok(),
            Big(_) => None,
        }
    }
}

impl Ord for Coefficient {
    #[inline]
    fn cmp(&self, other: &Coefficient) -> Ordering {
        match (self, other) {
            (Small(a), Small(b)) => a.cmp(b),
            (Small(_), Big(_)) => Ordering::Less,
            (Big(_), Small(_)) => Ordering::Greater,
            (Big(_), Big(_)) => self.with(|a| other.with(|b| a.cmp(&b))),
        }
    }
}

impl PartialOrd for Coefficient {
    #[inline]
    fn partial_cmp(&self, other: &Coefficient) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
