//! Exponents: moving them, and rounding to them. CPython: `mpd_qquantize`, `mpd_qround_to_intx`, `mpd_qnext_plus` of
//! libmpdec.
//!
//! Invariant: as for all operations.

use std::cmp::Ordering;

use super::arithmetic::try_memory;
use super::round::drop_digits;
use super::{Coefficient, Context, Decimal, OutOfMemory, Rounding, Status};

impl Decimal {
    /// The number with another exponent, rounded where digits are lost.
    pub(super) fn rescaled(&self, exponent: i64, rounding: Rounding, status: &mut Status) -> Decimal {
        let Some((coefficient, own)) = self.finite() else { return self.clone() };
        if coefficient.is_zero() {
            return Decimal::zero(self.negative, exponent);
        }
        if own >= exponent {
            let places = (own as i128 - exponent as i128) as u64;
            return Decimal::new(
                self.negative,
                try_memory!(coefficient.shift_left(places), status),
                exponent,
            );
        }
        let places = (exponent as i128 - own as i128) as u64;
        let (kept, _) = drop_digits(rounding, self.negative, coefficient.clone(), places, false);
        Decimal::new(self.negative, kept, exponent)
    }

    /// The number rounded to the exponent of `pattern`.
    pub fn quantize(&self, pattern: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, pattern], context, status) {
            return nan;
        }
        let (Some((_, own)), Some((_, exponent))) = (self.finite(), pattern.finite()) else {
            return match self.is_infinite() && pattern.is_infinite() {
                true => self.clone(),
                false => Decimal::invalid(status, Status::INVALID_OPERATION),
            };
        };
        if exponent < context.etiny() || exponent > context.emax {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if self.is_zero() {
            return Decimal::zero(self.negative, exponent).finish(context, status);
        }
        let adjusted = self.adjusted();
        if adjusted > context.emax || adjusted as i128 - exponent as i128 + 1 > context.prec as i128 {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let result = self.rescaled(exponent, context.rounding, status);
        let Some((coefficient, _)) = result.finite() else { return result };
        if result.adjusted() > context.emax || coefficient.digits() as i64 > context.prec {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if exponent > own {
            if result.order(self) != Some(Ordering::Equal) {
                *status |= Status::INEXACT;
            }
            *status |= Status::ROUNDED;
        }
        result.finish(context, status)
    }

    /// The number rounded to an integer; with `exact` the status says whether digits were dropped.
    pub fn to_integral(&self, exact: bool, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        match self.finite() {
            Some((_, exponent)) if exponent < 0 => {}
            _ => return self.clone(),
        }
        if self.is_zero() {
            return Decimal::zero(self.negative, 0);
        }
        let result = self.rescaled(0, context.rounding, status);
        if exact {
            *status |= Status::ROUNDED;
            if result.order(self) != Some(Ordering::Equal) {
                *status |= Status::INEXACT;
            }
        }
        result
    }

    /// Whether the number is an integer.
    pub fn is_integer(&self) -> bool {
        match self.finite() {
            Some((coefficient, exponent)) => {
                exponent >= 0
                    || coefficient.is_zero()
                    || (exponent.unsigned_abs() < coefficient.digits()
                        && coefficient.shift_right(exponent.unsigned_abs()).1.is_zero())
            }
            None => false,
        }
    }

    /// The number as a small integer, if it is one with exponent 0.
    pub(super) fn count(&self) -> Option<i64> {
        let (coefficient, 0) = self.finite()? else { return None };
        let magnitude = i64::try_from(coefficient.to_u64()?).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// The exponent of the first digit as a number.
    pub fn logb(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        if self.is_infinite() {
            return Decimal::infinity(false);
        }
        if self.is_zero() {
            *status |= Status::DIVISION_BY_ZERO;
            return Decimal::infinity(true);
        }
        Decimal::of_i64(self.adjusted()).finish(context, status)
    }

    /// An integer as a number.
    pub fn of_i64(value: i64) -> Decimal {
        Decimal::new(value < 0, Coefficient::from(u128::from(value.unsigned_abs())), 0)
    }

    /// The number with the exponent moved by `other`.
    pub fn scaleb(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        let limit = 2 * (context.emax as i128 + context.prec as i128);
        let Some(places) = other.count().filter(|places| i128::from(*places).abs() <= limit) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        match self.finite() {
            None => self.clone(),
            Some((coefficient, exponent)) => {
                let exponent = exponent.saturating_add(places);
                Decimal::new(self.negative, coefficient.clone(), exponent).finish(context, status)
            }
        }
    }

    /// The number without trailing zeros.
    pub fn reduce(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        let rounded = self.clone().finish(context, status);
        let Some((coefficient, exponent)) = rounded.finite() else { return rounded };
        if coefficient.is_zero() {
            return Decimal::zero(rounded.negative, 0);
        }
        let most = if context.clamp { context.etop() } else { context.emax };
        let (kept, dropped) = coefficient.without_zeros((most as i128 - exponent as i128).max(0) as u64);
        Decimal::new(rounded.negative, kept, exponent + dropped as i64)
    }

    /// The next number of the context in a direction.
    fn neighbour(&self, upwards: bool, context: &Context) -> Decimal {
        let mut ignored = Status::default();
        if self.is_infinite() {
            return match self.negative == upwards {
                true => Decimal::largest(self.negative, context, &mut ignored),
                false => self.clone(),
            };
        }
        let context = context.rounded(if upwards { Rounding::Ceiling } else { Rounding::Floor });
        let fitted = self.clone().finish(&context, &mut ignored);
        if fitted.order(self) != Some(Ordering::Equal) {
            return fitted;
        }
        let tiny = Decimal::new(!upwards, Coefficient::ONE, context.etiny() - 1);
        self.add(&tiny, &context, &mut ignored)
    }

    /// The next larger number of the context.
    pub fn next_plus(&self, context: &Context, status: &mut Status) -> Decimal {
        match Decimal::nan_of(&[self], context, status) {
            Some(nan) => nan,
            None => self.neighbour(true, context),
        }
    }

    /// The next smaller number of the context.
    pub fn next_minus(&self, context: &Context, status: &mut Status) -> Decimal {
        match Decimal::nan_of(&[self], context, status) {
            Some(nan) => nan,
            None => self.neighbour(false, context),
        }
    }

    /// The next number of the context in the direction of `other`.
    pub fn next_toward(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        let result = match self.order(other) {
            Some(Ordering::Less) => self.neighbour(true, context),
            Some(Ordering::Greater) => self.neighbour(false, context),
            _ => return self.with_sign(other.negative),
        };
        if result.is_infinite() {
            *status |= Status::OVERFLOW | Status::INEXACT | Status::ROUNDED;
        } else if result.adjusted() < context.emin {
            *status |= Status::UNDERFLOW | Status::SUBNORMAL | Status::INEXACT | Status::ROUNDED;
            if result.is_zero() {
                *status |= Status::CLAMPED;
            }
        }
        result
    }
}
