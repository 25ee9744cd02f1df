//! The four operations and what is made of them. CPython: `mpd_qadd` to `mpd_qfma` of libmpdec.
//!
//! Invariant: operands are taken exactly, whatever their precision.

use std::cmp::Ordering;

use super::limbs::DIGITS;
use super::round::Dropped;
use super::{Coefficient, Context, Decimal, OutOfMemory, Rounding, Status};

/// `Ok`, or not-a-number for want of memory.
macro_rules! try_memory {
    ($value:expr, $status:expr) => {
        match $value {
            Ok(value) => value,
            Err(OutOfMemory) => return Decimal::invalid($status, Status::MALLOC_ERROR),
        }
    };
}
pub(super) use try_memory;

/// Quotient and remainder of integers.
struct Division {
    quotient: Decimal,
    remainder: Decimal,
}

impl Decimal {
    /// `+self`.
    pub fn plus(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        let negative = self.negative && !(self.is_zero() && context.rounding != Rounding::Floor);
        self.with_sign(negative).finish(context, status)
    }

    /// `-self`.
    pub fn minus(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        let negative = if self.is_zero() {
            !self.negative && context.rounding == Rounding::Floor
        } else {
            !self.negative
        };
        self.with_sign(negative).finish(context, status)
    }

    /// `abs(self)`.
    pub fn abs(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        self.with_sign(false).finish(context, status)
    }

    /// `self + other`.
    #[inline]
    pub fn add(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.add_signed(other, other.negative, context, status)
    }

    /// `self - other`.
    #[inline]
    pub fn sub(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.add_signed(other, !other.negative, context, status)
    }

    /// The sum where `other` has the sign `minus`.
    fn add_signed(&self, other: &Decimal, minus: bool, context: &Context, status: &mut Status) -> Decimal {
        let (Some((a, a_exponent)), Some((b, b_exponent))) = (self.finite(), other.finite()) else {
            return self.add_special(other, minus, context, status);
        };
        if a_exponent == b_exponent {
            return sum((self.negative, a), (minus, b), a_exponent, context).finish(context, status);
        }
        // One operand is far below the other: where it ends does not matter, and what matters is that it is there.
        let (high, low) = if a_exponent > b_exponent {
            ((self.negative, a, a_exponent), (minus, b, b_exponent))
        } else {
            ((minus, b, b_exponent), (self.negative, a, a_exponent))
        };
        if high.1.is_zero() {
            // A zero only asks for its exponent.
            if low.1.is_zero() {
                return sum((high.0, high.1), (low.0, low.1), low.2, context).finish(context, status);
            }
            return Decimal::new(low.0, low.1.clone(), low.2).finish(context, status);
        }
        let (low_coefficient, low_exponent) = if low.1.is_zero() {
            // Zeros are appended as far as there is room for them.
            let room = high.2.saturating_add(high.1.digits() as i64 - context.prec - 1);
            (Coefficient::ZERO, low.2.max(room.min(high.2)))
        } else {
            let least =
                high.2.saturating_add((high.1.digits() as i64).saturating_sub(context.prec + 2).min(-1));
            if low.2.saturating_add(low.1.digits() as i64 - 1) < least {
                (Coefficient::ONE, least)
            } else {
                (low.1.clone(), low.2)
            }
        };
        let places = (high.2 as i128 - low_exponent as i128) as u64;
        if high.1.is_small() && low_coefficient.is_small() {
            let aligned = try_memory!(high.1.shift_left(places), status);
            return sum((high.0, &aligned), (low.0, &low_coefficient), low_exponent, context)
                .finish(context, status);
        }
        let summed = high.1.shifted_sum(places, &low_coefficient, high.0 != low.0);
        let (coefficient, order) = try_memory!(summed, status);
        let negative = match order {
            Ordering::Less => low.0,
            Ordering::Equal => context.rounding == Rounding::Floor,
            Ordering::Greater => high.0,
        };
        Decimal::new(negative, coefficient, low_exponent).finish(context, status)
    }

    #[cold]
    fn add_special(&self, other: &Decimal, minus: bool, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) if self.negative != minus => Decimal::invalid(status, Status::INVALID_OPERATION),
            (true, _) => self.clone(),
            _ => Decimal::infinity(minus),
        }
    }

    /// `self * other`.
    pub fn mul(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        let negative = self.negative != other.negative;
        if let (Some((a, a_exponent)), Some((b, b_exponent))) = (self.finite(), other.finite()) {
            return Decimal::new(negative, a.mul(b), a_exponent.saturating_add(b_exponent))
                .finish(context, status);
        }
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        if self.is_zero() || other.is_zero() {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        Decimal::infinity(negative)
    }

    /// `self * other + third`, rounded once.
    pub fn fma(&self, other: &Decimal, third: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            // A signaling third operand counts too.
            return if third.is_snan() && !self.is_snan() && !other.is_snan() {
                Decimal::nan_of(&[third], context, status).unwrap_or(nan)
            } else {
                nan
            };
        }
        let negative = self.negative != other.negative;
        let product = match (self.finite(), other.finite()) {
            (Some((a, a_exponent)), Some((b, b_exponent))) => {
                Decimal::new(negative, a.mul(b), a_exponent.saturating_add(b_exponent))
            }
            _ if self.is_zero() || other.is_zero() => {
                return Decimal::invalid(status, Status::INVALID_OPERATION);
            }
            _ => Decimal::infinity(negative),
        };
        product.add(third, context, status)
    }

    /// `self / other`.
    pub fn div(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        let negative = self.negative != other.negative;
        let (Some((a, a_exponent)), Some((b, b_exponent))) = (self.finite(), other.finite()) else {
            if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
                return nan;
            }
            return match (self.is_infinite(), other.is_infinite()) {
                (true, true) => Decimal::invalid(status, Status::INVALID_OPERATION),
                (true, false) => Decimal::infinity(negative),
                _ => {
                    *status |= Status::CLAMPED;
                    Decimal::zero(negative, context.etiny())
                }
            };
        };
        if b.is_zero() {
            return divided_by_zero(a.is_zero(), negative, status);
        }
        let ideal = a_exponent.saturating_sub(b_exponent);
        if a.is_zero() {
            return Decimal::zero(negative, ideal).finish(context, status);
        }
        let places = b.digits() as i64 - a.digits() as i64 + context.prec + 1;
        // Long numbers are moved by whole limbs: that is no work, and some digits more are rounded away just as well.
        let places = if places > 0 && !a.is_small() {
            (places as u64).next_multiple_of(DIGITS) as i64
        } else {
            places
        };
        let exponent = ideal.saturating_sub(places);
        let (quotient, exact) = if places >= 0 {
            try_memory!(a.shifted_div(places as u64, b), status)
        } else {
            let (quotient, rest) = a.div_rem(&try_memory!(b.shift_left(places.unsigned_abs()), status));
            (quotient, rest.is_zero())
        };
        if !exact {
            return Decimal::new(negative, quotient, exponent).fit(true, context, status);
        }
        let most = (ideal as i128 - exponent as i128).max(0) as u64;
        let (quotient, dropped) = quotient.without_zeros(most);
        Decimal::new(negative, quotient, exponent + dropped as i64).finish(context, status)
    }

    /// The operands as integers divided; `None` where the quotient has too many digits.
    fn divide(&self, other: &Decimal, context: &Context, status: &mut Status) -> Option<Division> {
        let negative = self.negative != other.negative;
        let (a, a_exponent) = self.finite()?;
        let none = |remainder: Decimal| Some(Division { quotient: Decimal::zero(negative, 0), remainder });
        let Some((b, b_exponent)) = other.finite() else { return none(self.clone()) };
        let ideal = a_exponent.min(b_exponent);
        let distance = self.adjusted().saturating_sub(other.adjusted());
        if a.is_zero() || distance <= -2 {
            return none(self.rescaled(ideal, context.rounding, status));
        }
        if distance > context.prec {
            *status |= Status::DIVISION_IMPOSSIBLE;
            return None;
        }
        let aligned = |coefficient: &Coefficient, exponent: i64| {
            coefficient.shift_left((exponent as i128 - ideal as i128) as u64)
        };
        let (Ok(a), Ok(b)) = (aligned(a, a_exponent), aligned(b, b_exponent)) else {
            *status |= Status::MALLOC_ERROR;
            return None;
        };
        let (quotient, rest) = a.div_rem(&b);
        if quotient.digits() as i64 > context.prec {
            *status |= Status::DIVISION_IMPOSSIBLE;
            return None;
        }
        Some(Division {
            quotient: Decimal::new(negative, quotient, 0),
            remainder: Decimal::new(self.negative, rest, ideal),
        })
    }

    /// `self // other`.
    pub fn div_int(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        let negative = self.negative != other.negative;
        if self.is_infinite() {
            return match other.is_infinite() {
                true => Decimal::invalid(status, Status::INVALID_OPERATION),
                false => Decimal::infinity(negative),
            };
        }
        if other.is_zero() {
            return divided_by_zero(self.is_zero(), negative, status);
        }
        if other.is_infinite() {
            return Decimal::zero(negative, 0);
        }
        match self.divide(other, context, status) {
            Some(division) => division.quotient.finish(context, status),
            None => Decimal::nan(),
        }
    }

    /// `self % other`.
    pub fn rem(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        if self.is_infinite() {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if other.is_zero() {
            let undefined = self.is_zero();
            let reason = if undefined { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
            return Decimal::invalid(status, reason);
        }
        match self.divide(other, context, status) {
            Some(division) => division.remainder.finish(context, status),
            None => Decimal::nan(),
        }
    }

    /// `divmod(self, other)`.
    pub fn div_mod(&self, other: &Decimal, context: &Context, status: &mut Status) -> (Decimal, Decimal) {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return (nan.clone(), nan);
        }
        let negative = self.negative != other.negative;
        if self.is_infinite() {
            *status |= Status::INVALID_OPERATION;
            let quotient = if other.is_infinite() { Decimal::nan() } else { Decimal::infinity(negative) };
            return (quotient, Decimal::nan());
        }
        if other.is_zero() {
            if self.is_zero() {
                *status |= Status::DIVISION_UNDEFINED;
                return (Decimal::nan(), Decimal::nan());
            }
            *status |= Status::DIVISION_BY_ZERO | Status::INVALID_OPERATION;
            return (Decimal::infinity(negative), Decimal::nan());
        }
        if other.is_infinite() {
            return (Decimal::zero(negative, 0), self.clone().finish(context, status));
        }
        match self.divide(other, context, status) {
            Some(division) => {
                let quotient = division.quotient.finish(context, status);
                (quotient, division.remainder.finish(context, status))
            }
            None => (Decimal::nan(), Decimal::nan()),
        }
    }

    /// The remainder of the division whose quotient is the nearest integer.
    pub fn rem_near(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        let Some((a, a_exponent)) = self.finite() else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        let Some((b, b_exponent)) = other.finite() else { return self.clone().finish(context, status) };
        if b.is_zero() {
            let reason = if a.is_zero() { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
            return Decimal::invalid(status, reason);
        }
        let ideal = a_exponent.min(b_exponent);
        if a.is_zero() {
            return Decimal::zero(self.negative, ideal).finish(context, status);
        }
        let distance = self.adjusted().saturating_sub(other.adjusted());
        if distance > context.prec {
            return Decimal::invalid(status, Status::DIVISION_IMPOSSIBLE);
        }
        if distance <= -2 {
            return self.rescaled(ideal, context.rounding, status).finish(context, status);
        }
        let a = try_memory!(a.shift_left((a_exponent as i128 - ideal as i128) as u64), status);
        let b = try_memory!(b.shift_left((b_exponent as i128 - ideal as i128) as u64), status);
        let (mut quotient, mut rest) = a.div_rem(&b);
        let mut negative = self.negative;
        let up = match Dropped::of(&rest, &b) {
            Dropped::MoreThanHalf => true,
            Dropped::Half => quotient.is_odd(),
            _ => false,
        };
        if up {
            rest = b.sub(&rest);
            quotient = quotient.add(&Coefficient::ONE);
            negative = !negative;
        }
        if quotient.digits() as i64 > context.prec {
            return Decimal::invalid(status, Status::DIVISION_IMPOSSIBLE);
        }
        Decimal::new(negative, rest, ideal).finish(context, status)
    }
}

/// The sum of two numbers with one exponent.
fn sum(a: (bool, &Coefficient), b: (bool, &Coefficient), exponent: i64, context: &Context) -> Decimal {
    if a.0 == b.0 {
        return Decimal::new(a.0, a.1.add(b.1), exponent);
    }
    match a.1.cmp(b.1) {
        Ordering::Equal => Decimal::zero(context.rounding == Rounding::Floor, exponent),
        Ordering::Greater => Decimal::new(a.0, a.1.sub(b.1), exponent),
        Ordering::Less => Decimal::new(b.0, b.1.sub(a.1), exponent),
    }
}

#[cold]
fn divided_by_zero(undefined: bool, negative: bool, status: &mut Status) -> Decimal {
    if undefined {
        return Decimal::invalid(status, Status::DIVISION_UNDEFINED);
    }
    *status |= Status::DIVISION_BY_ZERO;
    Decimal::infinity(negative)
}
