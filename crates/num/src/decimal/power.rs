//! Powers. CPython: `mpd_qpow` and `mpd_qpowmod` of libmpdec.
//!
//! Invariant: integer powers go through the steps of libmpdec, so that status and digits are its own.

use std::cmp::Ordering;

use super::arithmetic::try_memory;
use super::transcendental::{exp_of, ln_of};
use super::{Coefficient, Context, Decimal, OutOfMemory, Rounding, Short, Status};
use crate::bigint::Int;

/// From this exponent of the natural logarithm on a result is too large or too small for every context.
const BEYOND: i64 = 19;
/// Digits that libmpdec takes more for intermediate results.
const EXTRA: i64 = 4 + 19;

/// How many digits a number has.
fn digits_of(number: i64) -> i64 {
    i64::from(number.unsigned_abs().checked_ilog10().unwrap_or(0)) + 1
}

/// An integer of a size that can matter.
fn integer_of(coefficient: &Coefficient, exponent: i64) -> Option<u64> {
    if exponent < 0 {
        return coefficient.shift_right(exponent.unsigned_abs()).0.to_u64();
    }
    coefficient.to_u64()?.checked_mul(10u64.checked_pow(u32::try_from(exponent).ok()?)?)
}

impl Decimal {
    /// `self ** other`.
    pub fn pow(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        if other.is_zero() {
            return match self.is_zero() {
                true => Decimal::invalid(status, Status::INVALID_OPERATION),
                false => Decimal::one(),
            };
        }
        let integral = other.is_integer();
        if self.negative && !integral && !self.is_zero() {
            // There is no real number that it could be.
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let negative = self.negative && integral && other.is_odd_integer();
        if self.is_zero() || self.is_infinite() {
            let vanishes = self.is_zero() != other.negative;
            return if vanishes { Decimal::zero(negative, 0) } else { Decimal::infinity(negative) };
        }
        let base = self.with_sign(false);
        let against_one = base.order(&Decimal::one()).unwrap_or(Ordering::Equal);
        if against_one == Ordering::Equal {
            return base.power_of_one(other, negative, context, status);
        }
        let Some(_) = other.finite() else {
            let vanishes = (against_one == Ordering::Greater) == other.negative;
            return if vanishes { Decimal::zero(negative, 0) } else { Decimal::infinity(negative) };
        };
        let Some(parts) = base.finite() else { return Decimal::nan() };
        let shrinks = (against_one == Ordering::Greater) == other.negative;
        let limit = digits_of(if shrinks { context.etiny() } else { context.emax });
        if limit < base.least_logarithm().saturating_add(other.adjusted()) {
            return beyond(shrinks, negative, context, status);
        }
        if !integral {
            return base.real_power(other, context, status);
        }
        match other.with_sign(false).count_of_integer() {
            Some(count) => base.integer_power(other, count as u64, negative, context, status),
            None => approximate(parts, other, (negative, shrinks), context, status),
        }
    }

    /// `self ** other` by squaring, each step rounded to some more digits than the context has, as libmpdec does it:
    /// conditions of the steps are conditions of the result.
    fn integer_power(
        &self,
        other: &Decimal,
        count: u64,
        negative: bool,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        let work = working(context, other);
        let mut base = self.clone();
        if other.negative {
            let mut happened = Status::default();
            base = Decimal::one().div(self, &work, &mut happened);
            *status |= happened;
            if base.is_nan() {
                return base;
            }
        }
        if let Some(short) = base.short().and_then(|base| short_power(base, count, &work)) {
            let (result, happened) = short;
            *status |= happened;
            return Decimal::from(result).with_sign(negative).finish(context, status);
        }
        let (mut result, mut happened) = (base.clone(), Status::default());
        let mut bit = 1u64 << (63 - count.leading_zeros());
        while bit > 1 {
            bit >>= 1;
            result = result.mul(&result, &work, &mut happened);
            if count & bit != 0 {
                result = result.mul(&base, &work, &mut happened);
            }
            if !result.is_finite() || (result.is_zero() && happened.contains(Status::CLAMPED)) {
                break;
            }
        }
        *status |= happened;
        if result.is_infinite() {
            return beyond(false, negative, context, status);
        }
        result.with_sign(negative).finish(context, status)
    }

    /// `exp(other * ln(self))`, step by step with some more digits. What is exact is not told apart.
    fn real_power(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        let Some((base, _)) = self.finite() else { return Decimal::nan() };
        let prec = context.prec.max(base.digits() as i64) + EXTRA;
        let work = Context::MAX.with_prec(prec);
        let mut ignored = Status::default();
        let product = self.ln(&work, &mut ignored).mul(other, &work, &mut ignored);
        product.exp(&work, status).finish(context, status)
    }

    /// A lower bound of the exponent of the logarithm to the base ten.
    fn least_logarithm(&self) -> i64 {
        match self.adjusted() {
            adjusted @ 1.. => digits_of(adjusted) - 1,
            adjusted @ ..-1 => digits_of(adjusted + 1) - 1,
            adjusted => {
                let difference = self.sub(&Decimal::one(), &Context::MAX, &mut Status::default());
                difference.adjusted() - 1 - i64::from(adjusted == 0)
            }
        }
    }

    fn is_odd_integer(&self) -> bool {
        match self.finite() {
            Some((coefficient, exponent)) if exponent <= 0 => {
                coefficient.shift_right(exponent.unsigned_abs()).0.is_odd()
            }
            _ => false,
        }
    }

    /// The value of an integer that is not negative.
    fn count_of_integer(&self) -> Option<i64> {
        if self.negative || !self.is_integer() {
            return None;
        }
        let (coefficient, exponent) = self.finite()?;
        i64::try_from(integer_of(coefficient, exponent)?).ok()
    }

    /// One, with as many zeros as the exponents ask for.
    fn power_of_one(
        &self,
        other: &Decimal,
        negative: bool,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        let least = 1 - context.prec;
        let own = self.finite().map_or(0, |(_, exponent)| exponent);
        let exponent = if other.is_integer() && other.is_finite() {
            let times = match other.negative {
                true => 0,
                false => other.count_of_integer().unwrap_or(context.prec).min(context.prec),
            };
            let exponent = own.saturating_mul(times);
            if exponent < least {
                *status |= Status::ROUNDED;
            }
            exponent.max(least)
        } else {
            *status |= Status::INEXACT | Status::ROUNDED;
            least
        };
        let coefficient = try_memory!(Coefficient::power_of_ten(exponent.unsigned_abs()), status);
        Decimal::new(negative, coefficient, exponent)
    }

    /// `self ** other % modulo` of integers.
    pub fn pow_mod(
        &self,
        other: &Decimal,
        modulo: &Decimal,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other, modulo], context, status) {
            return nan;
        }
        let integral = self.is_integer() && other.is_integer() && modulo.is_integer();
        if !integral
            || (other.negative && !other.is_zero())
            || modulo.is_zero()
            || modulo.adjusted() >= context.prec
            || (other.is_zero() && self.is_zero())
        {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let negative = self.negative && other.is_odd_integer();
        let integer = |number: &Decimal| number.rescaled(0, Rounding::Down, &mut Status::default());
        let modulus = integer(modulo);
        let Some((modulus, _)) = modulus.finite() else { return Decimal::nan() };
        let modulus = modulus.to_int();
        let power = |base: &Int, exponent: &Int| base.view().mod_pow(exponent.view(), modulus.view());
        let ten = Int::from(10u64);
        // Coefficient and exponent are taken apart: the exponent may be very large.
        let split = |number: &Decimal| match number.finite() {
            Some((coefficient, exponent)) if exponent >= 0 => (coefficient.to_int(), exponent as u64),
            Some((coefficient, exponent)) => (coefficient.shift_right(exponent.unsigned_abs()).0.to_int(), 0),
            None => (Int::ZERO, 0),
        };
        let ((base, base_tens), (exponent, exponent_tens)) = (split(self), split(other));
        let run = || {
            let scale = power(&ten, &Int::from(base_tens))?;
            let mut base = base.view().mul(scale.view());
            for _ in 0..exponent_tens {
                base = power(&base, &ten)?;
            }
            power(&base, &exponent)
        };
        match run() {
            Ok(result) => Decimal::new(negative, Coefficient::of_int(result.view()), 0),
            Err(_) => Decimal::invalid(status, Status::INVALID_OPERATION),
        }
    }
}

/// The same of short numbers, where all steps give such.
fn short_power(base: Short, count: u64, work: &Context) -> Option<(Short, Status)> {
    let (mut result, mut status) = (base, Status::default());
    let mut bit = 1u64 << (63 - count.leading_zeros());
    while bit > 1 {
        bit >>= 1;
        result = result.mul(result, work, &mut status)?;
        if count & bit != 0 {
            result = result.mul(base, work, &mut status)?;
        }
    }
    Some((result, status))
}

/// The context in which libmpdec multiplies: a result is rounded there before it is rounded for good, which shows where
/// it is next to nothing.
fn working(context: &Context, exponent: &Decimal) -> Context {
    let digits = exponent.adjusted() + 1;
    let prec = context.prec + digits + 2 + i64::from(exponent.negative);
    Context { clamp: false, ..context.rounded(Rounding::HalfEven).with_prec(prec) }
}

/// A power with endlessly many digits.
fn approximate(
    parts: (&Coefficient, i64),
    other: &Decimal,
    (negative, shrinks): (bool, bool),
    context: &Context,
    status: &mut Status,
) -> Decimal {
    let Some((exponent, exponent_of_ten)) = other.finite() else { return Decimal::nan() };
    let extent = exponent_of_ten.saturating_add(exponent.digits() as i64);
    let work = working(context, other);
    let mut digits = work.prec as u64 + 12;
    loop {
        if extent > 3 * (BEYOND + context.prec) {
            return beyond(shrinks, negative, context, status);
        }
        let width = digits + extent.max(0) as u64;
        let ln = try_memory!(ln_of(parts, width), status);
        if ln.coefficient.digits() < digits.min(12) {
            digits += digits;
            continue;
        }
        let product = ln.coefficient.mul(exponent);
        let product_exponent = ln.exponent + exponent_of_ten;
        if product_exponent + product.digits() as i64 > BEYOND {
            return beyond(shrinks, negative, context, status);
        }
        let Some(mut found) = try_memory!(exp_of((&product, product_exponent), shrinks, digits), status)
        else {
            return beyond(shrinks, negative, context, status);
        };
        found.negative = negative;
        let mut happened = Status::default();
        if let Some(result) = found.round(&work, &mut happened) {
            if result.is_infinite() {
                return beyond(false, negative, context, status);
            }
            *status |= happened;
            return result.finish(context, status);
        }
        digits += digits / 2;
    }
}

/// A power that no context has room for.
fn beyond(shrinks: bool, negative: bool, context: &Context, status: &mut Status) -> Decimal {
    let exponent = if shrinks { context.etiny() - 1 } else { context.emax + 1 };
    Decimal::new(negative, Coefficient::ONE, exponent).fit(true, context, status)
}
