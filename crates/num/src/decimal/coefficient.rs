//! The digits of a decimal number: an unsigned integer, in one pair of machine words while it fits.
//!
//! Invariant: `Big` holds only what has more than 38 digits, and `Small` only what has not, so equal numbers are equal
//! values.

use std::cmp::Ordering;
use std::sync::Arc;

use super::limbs::{self, DIGITS, Limbs, RADIX};
use super::round::Dropped;
use crate::bigint::{Int, IntRef, MAX_BITS};

/// Powers of ten that a `u128` holds.
pub(super) const SMALL_POWERS: [u128; 39] = {
    let mut powers = [1u128; 39];
    let mut at = 1;
    while at < 39 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// Small numbers are below it.
const LIMIT: u128 = SMALL_POWERS[38];

/// More digits than this are more than any machine should be asked for.
const MAX_DIGITS: u64 = MAX_BITS / 4;

/// The number would need too much memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

/// An unsigned integer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Coefficient {
    /// At most 38 digits.
    Small(u128),
    /// More, to the base 10^19.
    Big(Arc<Limbs>),
}

use Coefficient::{Big, Small};

impl From<u128> for Coefficient {
    #[inline]
    fn from(value: u128) -> Coefficient {
        if value < LIMIT { Small(value) } else { Big(Arc::new(limbs::of_u128(value).to_vec())) }
    }
}

/// How many digits a number has; zero has one.
#[inline]
pub(super) fn digits_of(value: u128) -> u64 {
    let bits = 128 - (value | 1).leading_zeros();
    // 1233 / 4096 is a little more than log10(2).
    let guess = ((bits * 1233) >> 12) as usize;
    guess as u64 + u64::from(value >= SMALL_POWERS[guess.min(38)] || guess == 0)
}

/// Quotient and remainder of a number of at most 38 digits by a power of ten of at most 38.
#[inline]
pub(super) fn split_small(value: u128, places: usize) -> (u128, u128) {
    if let Ok(value) = u64::try_from(value) {
        if places >= 20 {
            return (0, u128::from(value));
        }
        let (high, low) = limbs::divide_power(value, places);
        return (u128::from(high), u128::from(low));
    }
    if places <= 19 {
        let (quotient, rest) = limbs::divide_words(value, places);
        return (quotient, u128::from(rest));
    }
    let (high, low) = limbs::divide_radix(value);
    let (quotient, rest) = limbs::divide_power(high, places - 19);
    (u128::from(quotient), u128::from(rest) * u128::from(RADIX) + u128::from(low))
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
            [low, high] => Coefficient::from(u128::from(high) << 64 | u128::from(low)),
            _ => Coefficient::of_limbs(limbs::of_binary(int)),
        }
    }

    pub(super) fn of_limbs(mut limbs: Limbs) -> Coefficient {
        limbs::normalise(&mut limbs);
        match *limbs {
            [] => Small(0),
            [low] => Small(u128::from(low)),
            [low, high] => Small(u128::from(high) * u128::from(RADIX) + u128::from(low)),
            _ => Big(Arc::new(limbs)),
        }
    }

    /// Shows the limbs to `f`.
    #[inline]
    fn with<R>(&self, f: impl FnOnce(&[u64]) -> R) -> R {
        match self {
            Small(value) => f(limbs::trimmed(&limbs::of_u128(*value))),
            Big(limbs) => f(limbs),
        }
    }

    /// The number as an integer.
    pub fn to_int(&self) -> Int {
        match self {
            Small(value) => Int::new(false, vec![*value as u64, (*value >> 64) as u64]),
            Big(limbs) => limbs::to_binary(limbs),
        }
    }

    /// Reads ASCII digits.
    pub fn parse(digits: &[u8]) -> Coefficient {
        if digits.len() <= 19 {
            let value = digits.iter().fold(0u64, |value, digit| value * 10 + u64::from(digit - b'0'));
            return Small(u128::from(value));
        }
        Coefficient::of_limbs(limbs::of_digits(digits))
    }

    /// Writes the decimal digits.
    pub fn push_digits(&self, text: &mut Vec<u8>) {
        match self {
            Small(0) => text.push(b'0'),
            _ => self.with(|limbs| limbs::push_digits(text, limbs)),
        }
    }

    /// The decimal digits.
    pub fn to_digits(&self) -> String {
        let mut digits = Vec::new();
        self.push_digits(&mut digits);
        String::from_utf8(digits).unwrap_or_default()
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

    /// The remainder by a number that is not zero.
    pub fn residue(&self, modulus: u64) -> u64 {
        match self {
            Small(value) => match u64::try_from(*value) {
                Ok(value) => value % modulus,
                Err(_) => (value % u128::from(modulus)) as u64,
            },
            Big(limbs) => limbs::div_rem_short(limbs, modulus).1,
        }
    }

    /// Whether the number is zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self, Small(0))
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
            Small(value) => digits_of(*value),
            Big(limbs) => limbs::digits(limbs),
        }
    }

    /// `10 ** exponent`.
    pub fn power_of_ten(exponent: u64) -> Result<Coefficient, OutOfMemory> {
        if exponent < 38 {
            return Ok(Small(SMALL_POWERS[exponent as usize]));
        }
        if exponent > MAX_DIGITS {
            return Err(OutOfMemory);
        }
        Ok(Coefficient::of_limbs(limbs::shift_left(&[1], exponent)))
    }

    /// `self + other`.
    #[inline]
    pub fn add(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other) {
            // Twice 38 digits are below the end of two words.
            return Coefficient::from(a + b);
        }
        Coefficient::of_limbs(self.with(|a| other.with(|b| limbs::add(a, b))))
    }

    /// `self - other`, where `other` is not larger.
    #[inline]
    pub fn sub(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other) {
            return Small(a.saturating_sub(*b));
        }
        Coefficient::of_limbs(self.with(|a| other.with(|b| limbs::sub(a, b))))
    }

    /// `self * other`.
    #[inline]
    pub fn mul(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other)
            && let Some(product) = a.checked_mul(*b)
        {
            return Coefficient::from(product);
        }
        Coefficient::of_limbs(self.with(|a| other.with(|b| limbs::multiply(a, b))))
    }

    /// `self * 10 ** places`.
    #[inline]
    pub fn shift_left(&self, places: u64) -> Result<Coefficient, OutOfMemory> {
        if places == 0 || self.is_zero() {
            return Ok(self.clone());
        }
        let digits = places.saturating_add(self.digits());
        if let Small(value) = self
            && digits <= 38
        {
            return Ok(Small(value * SMALL_POWERS[places as usize]));
        }
        if digits > MAX_DIGITS {
            return Err(OutOfMemory);
        }
        Ok(Coefficient::of_limbs(self.with(|limbs| limbs::shift_left(limbs, places))))
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
        let (quotient, rest) = self.with(|a| divisor.with(|b| limbs::div_rem(a, b)));
        (Coefficient::of_limbs(quotient), Coefficient::of_limbs(rest))
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
        match self {
            Small(value) => {
                let (quotient, rest) = split_small(*value, places as usize);
                (Small(quotient), Small(rest))
            }
            Big(limbs) => (
                Coefficient::of_limbs(limbs::shift_right(limbs, places)),
                Coefficient::of_limbs(limbs::low_digits(limbs, places)),
            ),
        }
    }

    /// The number without its last digits, of which there are more, and what those are to a unit of the last one kept.
    pub(super) fn drop_last(self, places: u64) -> (Coefficient, Dropped) {
        match self {
            Small(value) => {
                let (kept, rest) = split_small(value, places as usize);
                (Small(kept), Dropped::of_small(rest, SMALL_POWERS[places as usize]))
            }
            Big(mut shared) => {
                let dropped = Dropped::of_limbs(&shared, places);
                let Some(limbs) = Arc::get_mut(&mut shared) else {
                    return (Coefficient::of_limbs(limbs::shift_right(&shared, places)), dropped);
                };
                // Nobody else has these limbs.
                limbs::shift_right_in_place(limbs, places);
                let kept =
                    if limbs.len() > 2 { Big(shared) } else { Coefficient::of_limbs(std::mem::take(limbs)) };
                (kept, dropped)
            }
        }
    }

    /// One more.
    pub(super) fn incremented(self) -> Coefficient {
        if let Big(mut shared) = self {
            if let Some(limbs) = Arc::get_mut(&mut shared) {
                if limbs::add_in_place(limbs, &[1]) {
                    limbs.push(1);
                }
                return Big(shared);
            }
            return Big(shared).add(&Coefficient::ONE);
        }
        self.add(&Coefficient::ONE)
    }

    /// The quotient of `self * 10 ** places`, and whether nothing is left; the divisor is not zero.
    pub(super) fn shifted_div(
        &self,
        places: u64,
        divisor: &Coefficient,
    ) -> Result<(Coefficient, bool), OutOfMemory> {
        if places.saturating_add(self.digits()) > MAX_DIGITS {
            return Err(OutOfMemory);
        }
        let mut dividend = self.with(|limbs| limbs::shift_left(limbs, places));
        Ok(divisor.with(|divisor| match *divisor {
            [divisor] => {
                let rest = limbs::div_rem_short_in_place(&mut dividend, divisor);
                (Coefficient::of_limbs(dividend), rest == 0)
            }
            _ => {
                let (quotient, rest) = limbs::div_rem(&dividend, divisor);
                (Coefficient::of_limbs(quotient), rest.is_empty())
            }
        }))
    }

    /// `self * 10 ** places + other`, or the difference from it: with the order of the two, which is less for a negative
    /// difference.
    pub(super) fn shifted_sum(
        &self,
        places: u64,
        other: &Coefficient,
        subtract: bool,
    ) -> Result<(Coefficient, Ordering), OutOfMemory> {
        if places.saturating_add(self.digits()) > MAX_DIGITS {
            return Err(OutOfMemory);
        }
        let mut sum = self.with(|limbs| limbs::shift_left(limbs, places));
        Ok(other.with(|other| {
            if !subtract {
                if sum.len() < other.len() {
                    sum.resize(other.len(), 0);
                }
                if limbs::add_in_place(&mut sum, other) {
                    sum.push(1);
                }
                return (Coefficient::of_limbs(sum), Ordering::Greater);
            }
            match limbs::compare(&sum, other) {
                Ordering::Less => (Coefficient::of_limbs(limbs::sub(other, &sum)), Ordering::Less),
                order => {
                    limbs::sub_in_place(&mut sum, other);
                    (Coefficient::of_limbs(sum), order)
                }
            }
        }))
    }

    /// The largest integer whose square is not larger.
    pub fn square_root(&self) -> Coefficient {
        Coefficient::of_limbs(self.with(limbs::square_root))
    }

    /// The last decimal digit.
    pub fn last_digit(&self) -> u8 {
        match self {
            Small(value) => (value % 10) as u8,
            Big(limbs) => limbs.first().map_or(0, |limb| (limb % 10) as u8),
        }
    }

    /// How many zeros the number ends with; it is not zero.
    fn trailing_zeros(&self) -> u64 {
        self.with(|limbs| {
            let whole = limbs.iter().take_while(|limb| **limb == 0).count();
            let (mut limb, mut zeros) = (limbs.get(whole).copied().unwrap_or(1), 0);
            while limb % 10 == 0 {
                (limb, zeros) = (limb / 10, zeros + 1);
            }
            whole as u64 * DIGITS + zeros
        })
    }

    /// The number without its trailing zeros, and how many those were.
    pub fn without_zeros(&self, most: u64) -> (Coefficient, u64) {
        if self.is_zero() {
            return (Coefficient::ZERO, 0);
        }
        match self.trailing_zeros().min(most) {
            0 => (self.clone(), 0),
            zeros => (self.shift_right(zeros).0, zeros),
        }
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
            (Big(a), Big(b)) => limbs::compare(a, b),
        }
    }
}

impl PartialOrd for Coefficient {
    #[inline]
    fn partial_cmp(&self, other: &Coefficient) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
