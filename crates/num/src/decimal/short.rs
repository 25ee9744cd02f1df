//! Operations on short numbers, without allocation: what ordinary programs do.
//!
//! Invariant: each gives what the operation of its name gives on `Decimal`s, result and status, or nothing; and sets no
//! status where it gives nothing.

use std::cmp::Ordering;

use super::coefficient::{SMALL_POWERS, digits_of, split_small};
use super::limbs::{self, DIGITS, POWERS, RADIX};
use super::round::Dropped;
use super::{Coefficient, Context, Decimal, Rounding, Status};

/// The largest precision for which products and quotients are found here: a digit more fits in a coefficient.
const MAX_SHORT_PREC: i64 = 37;

/// A finite number of at most 38 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// Whether the sign is a minus.
    pub negative: bool,
    /// The digits, below 10^38.
    pub coefficient: u128,
    /// The power of ten that the last digit stands for.
    pub exponent: i64,
}

impl From<Short> for Decimal {
    fn from(short: Short) -> Decimal {
        Decimal::new(short.negative, Coefficient::Small(short.coefficient), short.exponent)
    }
}

/// The value of the limbs from a decimal place on; it has at most 38 digits.
fn above(limbs: &[u64], places: u64) -> u128 {
    let (whole, part) = ((places / DIGITS) as usize, (places % DIGITS) as usize);
    let limb = |index: usize| limbs.get(whole + index).copied().unwrap_or(0);
    let low = limbs::divide_power(limb(0), part).0;
    let scale = u128::from(POWERS[DIGITS as usize - part]);
    let mut value = u128::from(low) + u128::from(limb(1)) * scale;
    if limb(2) != 0 {
        value += u128::from(limb(2)) * (scale * u128::from(RADIX));
    }
    value
}

/// Writes a number times a power of ten into limbs; there is room for it.
fn shifted(value: u128, places: u64, out: &mut [u64]) {
    let (whole, part) = ((places / DIGITS) as usize, (places % DIGITS) as usize);
    let (high, low) = limbs::divide_radix(value);
    let mut carry = 0;
    for (index, limb) in [low, high].into_iter().enumerate() {
        let (up, rest) = limbs::divide_power(limb, DIGITS as usize - part);
        out[whole + index] = rest * POWERS[part] + carry;
        carry = up;
        if part == 0 {
            (out[whole + index], carry) = (limb, 0);
        }
    }
    if carry != 0 {
        out[whole + 2] = carry;
    }
}

impl Decimal {
    /// The number, if it is finite and short.
    #[inline]
    pub fn short(&self) -> Option<Short> {
        let (coefficient, exponent) = self.finite()?;
        Some(Short { negative: self.negative, coefficient: coefficient.small()?, exponent })
    }
}

impl Short {
    /// The exponent of the first digit.
    #[inline]
    fn adjusted(&self) -> i64 {
        self.exponent + digits_of(self.coefficient) as i64 - 1
    }

    /// The number as the context has it, where it is a normal one there.
    #[inline]
    pub fn fit(self, context: &Context, status: &mut Status) -> Option<Short> {
        let digits = digits_of(self.coefficient) as i64;
        let adjusted = self.exponent.checked_add(digits - 1)?;
        if adjusted < context.emin
            || adjusted > context.emax
            || (context.clamp && self.exponent > context.etop())
        {
            return None;
        }
        let excess = digits - context.prec;
        if excess <= 0 {
            return Some(self);
        }
        let (kept, rest) = split_small(self.coefficient, excess as usize);
        let dropped = Dropped::of_small(rest, SMALL_POWERS[excess as usize]);
        self.rounded(kept, excess, dropped, context, status)
    }

    /// The number where `kept` are its first digits, as many as the context has, and so many were dropped.
    #[inline]
    fn rounded(
        self,
        mut kept: u128,
        excess: i64,
        dropped: Dropped,
        context: &Context,
        status: &mut Status,
    ) -> Option<Short> {
        let mut exponent = self.exponent + excess;
        if context.rounding.goes_up(self.negative, dropped, || (kept % 10) as u8) {
            kept += 1;
            if kept == SMALL_POWERS[context.prec as usize] {
                (kept, exponent) = (SMALL_POWERS[context.prec as usize - 1], exponent + 1);
                if exponent + context.prec - 1 > context.emax {
                    return None;
                }
            }
        }
        *status |= Status::ROUNDED;
        if dropped != Dropped::Nothing {
            *status |= Status::INEXACT;
        }
        Some(Short { negative: self.negative, coefficient: kept, exponent })
    }

    /// The coefficient with so many zeros behind it.
    #[inline]
    fn scaled(&self, places: u64) -> Option<u128> {
        if places == 0 || self.coefficient == 0 {
            return Some(self.coefficient);
        }
        if places + digits_of(self.coefficient) > 38 {
            return None;
        }
        Some(self.coefficient * SMALL_POWERS[places as usize])
    }

    /// Both coefficients at the smaller of the two exponents.
    #[inline]
    fn aligned(self, other: Short) -> Option<(u128, u128, i64)> {
        match self.exponent.cmp(&other.exponent) {
            Ordering::Equal => Some((self.coefficient, other.coefficient, self.exponent)),
            Ordering::Greater => {
                let scaled = self.scaled(self.exponent.abs_diff(other.exponent).min(99))?;
                Some((scaled, other.coefficient, other.exponent))
            }
            Ordering::Less => {
                let scaled = other.scaled(self.exponent.abs_diff(other.exponent).min(99))?;
                Some((self.coefficient, scaled, self.exponent))
            }
        }
    }

    /// `self + other`.
    #[inline]
    pub fn add(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        let (a, b, exponent) = self.aligned(other)?;
        let (negative, coefficient) = if self.negative == other.negative {
            (self.negative, a + b)
        } else if a > b {
            (self.negative, a - b)
        } else if a < b {
            (other.negative, b - a)
        } else {
            (context.rounding == Rounding::Floor, 0)
        };
        if coefficient >= SMALL_POWERS[38] {
            return None;
        }
        Short { negative, coefficient, exponent }.fit(context, status)
    }

    /// `self - other`.
    #[inline]
    pub fn sub(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        self.add(Short { negative: !other.negative, ..other }, context, status)
    }

    /// `self * other`.
    #[inline]
    pub fn mul(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        let (negative, exponent) =
            (self.negative != other.negative, self.exponent.checked_add(other.exponent)?);
        if let (Ok(a), Ok(b)) = (u64::try_from(self.coefficient), u64::try_from(other.coefficient)) {
            let coefficient = u128::from(a) * u128::from(b);
            if coefficient < SMALL_POWERS[38] {
                return Short { negative, coefficient, exponent }.fit(context, status);
            }
        }
        self.mul_wide(other, context, status)
    }

    /// `self * other`, where the product is a long number before it is rounded.
    fn mul_wide(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        if context.prec > MAX_SHORT_PREC {
            return None;
        }
        let ((a_high, a_low), (b_high, b_low)) =
            (limbs::divide_radix(self.coefficient), limbs::divide_radix(other.coefficient));
        let product = limbs::multiply_two([a_low, a_high], [b_low, b_high]);
        let unrounded = Short {
            negative: self.negative != other.negative,
            coefficient: 0,
            exponent: self.exponent.checked_add(other.exponent)?,
        };
        unrounded.round_limbs(limbs::trimmed(&product), false, context, status)
    }

    /// The number whose coefficient lies in limbs; `more` says that digits other than zero follow.
    fn round_limbs(self, limbs: &[u64], more: bool, context: &Context, status: &mut Status) -> Option<Short> {
        let digits = limbs::digits(limbs) as i64;
        let adjusted = self.exponent.checked_add(digits - 1)?;
        let excess = digits - context.prec;
        if excess <= 0 {
            let fits = !more && digits <= 38;
            return if fits {
                Short { coefficient: above(limbs, 0), ..self }.fit(context, status)
            } else {
                None
            };
        }
        let last = self.exponent.checked_add(excess)?;
        if adjusted < context.emin || adjusted > context.emax || (context.clamp && last > context.etop()) {
            return None;
        }
        let dropped = Dropped::of_limbs(limbs, excess as u64).followed(more);
        self.rounded(above(limbs, excess as u64), excess, dropped, context, status)
    }

    /// `self / other`.
    pub fn div(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        // Up to two digits more are found than the context has.
        if context.prec >= MAX_SHORT_PREC || self.coefficient == 0 || other.coefficient == 0 {
            return None;
        }
        let negative = self.negative != other.negative;
        let ideal = self.exponent.checked_sub(other.exponent)?;
        let places =
            digits_of(other.coefficient) as i64 - digits_of(self.coefficient) as i64 + context.prec + 1;
        let places = u64::try_from(places).ok()?;
        let exponent = ideal.checked_sub(places as i64)?;
        // At most twice 38 digits: four limbs, one for the factor that long division wants, and its zero.
        let mut dividend = [0; 6];
        shifted(self.coefficient, places, &mut dividend);
        let mut quotient = [0; 6];
        let exact = match limbs::divide_radix(other.coefficient) {
            (0, divisor) => {
                let used = limbs::trimmed(&dividend).len();
                limbs::div_rem_short_into(&dividend[..used], divisor, &mut quotient[..used]) == 0
            }
            (high, low) => limbs::divide_by_two(&mut dividend, [low, high], &mut quotient),
        };
        let unrounded = Short { negative, coefficient: 0, exponent };
        let quotient = limbs::trimmed(&quotient);
        if !exact {
            return unrounded.round_limbs(quotient, true, context, status);
        }
        // An exact quotient has the ideal exponent, as far as its zeros allow.
        let mut coefficient = above(quotient, 0);
        let mut left = ideal - exponent;
        for step in [16, 8, 4, 2, 1] {
            while left >= step {
                let (shorter, rest) = split_small(coefficient, step as usize);
                if rest != 0 {
                    break;
                }
                (coefficient, left) = (shorter, left - step);
            }
        }
        Short { negative, coefficient, exponent: ideal - left }.fit(context, status)
    }

    /// Quotient and remainder of integers, not yet fitted; both have the exponent of the remainder.
    #[inline]
    fn divide(self, other: Short) -> Option<(u128, u128, i64)> {
        let (a, b, exponent) = self.aligned(other)?;
        match (u64::try_from(a), u64::try_from(b)) {
            (_, Ok(0)) => None,
            (Ok(a), Ok(b)) => Some((u128::from(a / b), u128::from(a % b), exponent)),
            _ => Some((a / b, a % b, exponent)),
        }
    }

    /// `self // other`.
    pub fn div_int(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        let (coefficient, _, _) = self.divide(other)?;
        if digits_of(coefficient) as i64 > context.prec {
            return None;
        }
        Short { negative: self.negative != other.negative, coefficient, exponent: 0 }.fit(context, status)
    }

    /// `self % other`.
    pub fn rem(self, other: Short, context: &Context, status: &mut Status) -> Option<Short> {
        let (quotient, coefficient, exponent) = self.divide(other)?;
        if digits_of(quotient) as i64 > context.prec {
            return None;
        }
        Short { negative: self.negative, coefficient, exponent }.fit(context, status)
    }

    /// The integer that is left when the fraction is dropped.
    pub fn truncated(self) -> Option<i128> {
        let magnitude = if self.exponent >= 0 {
            self.scaled(self.exponent.unsigned_abs().min(99))?
        } else if self.exponent >= -37 {
            split_small(self.coefficient, self.exponent.unsigned_abs() as usize).0
        } else {
            0
        };
        let magnitude = magnitude as i128;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// The number rounded to the exponent of `pattern`.
    #[inline]
    pub fn quantize(self, pattern: Short, context: &Context, status: &mut Status) -> Option<Short> {
        let exponent = pattern.exponent;
        if exponent < context.etiny()
            || exponent > context.emax
            || (context.clamp && exponent > context.etop())
        {
            return None;
        }
        let (coefficient, happened) = self.coefficient_at(exponent, context.rounding)?;
        let result = Short { negative: self.negative, coefficient, exponent };
        let (digits, adjusted) = (digits_of(coefficient) as i64, result.adjusted());
        if coefficient == 0 {
            // A zero that was one before is not rounded.
            if self.coefficient == 0 {
                return Some(result);
            }
        } else if digits > context.prec || adjusted > context.emax || adjusted < context.emin {
            return None;
        }
        if self.adjusted() > context.emax {
            return None;
        }
        *status |= happened;
        Some(result)
    }

    /// The number rounded to an exponent, whatever the limits of a context.
    pub(super) fn to_exponent(self, exponent: i64, rounding: Rounding) -> Option<Short> {
        let (coefficient, _) = self.coefficient_at(exponent, rounding)?;
        Some(Short { negative: self.negative, coefficient, exponent })
    }

    /// The coefficient of the number rounded to an exponent, and whether digits went.
    #[inline]
    fn coefficient_at(self, exponent: i64, rounding: Rounding) -> Option<(u128, Status)> {
        let places = self.exponent.abs_diff(exponent);
        if self.exponent >= exponent {
            return Some((self.scaled(places.min(99))?, Status::default()));
        }
        if places > 37 {
            return None;
        }
        let (kept, rest) = split_small(self.coefficient, places as usize);
        let dropped = Dropped::of_small(rest, SMALL_POWERS[places as usize]);
        let mut happened = Status::ROUNDED;
        if dropped != Dropped::Nothing {
            happened |= Status::INEXACT;
        }
        let up = rounding.goes_up(self.negative, dropped, || (kept % 10) as u8);
        Some((kept + u128::from(up), happened))
    }

    /// The order of two numbers.
    #[inline]
    pub fn order(self, other: Short) -> Option<Ordering> {
        let (a, b, _) = self.aligned(other)?;
        Some(match (self.negative && a != 0, other.negative && b != 0) {
            (false, false) => a.cmp(&b),
            (true, true) => b.cmp(&a),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        })
    }
}
