//! Powers. CPython: `mpd_qpow` and `mpd_qpowmod` of libmpdec.
//!
//! Invariant: results that are exact are found as such, so that an approximation of any other one ends.

use std::cmp::Ordering;

use super::arithmetic::try_memory;
use super::transcendental::{exp_of, ln_of};
use super::{Coefficient, Context, Decimal, OutOfMemory, Rounding, Status};
use crate::bigint::Int;

/// From this exponent of the natural logarithm on a result is too large or too small for every context.
const BEYOND: i64 = 19;
/// Digits that libmpdec takes more for intermediate results.
const EXTRA: i64 = 4 + 19;

/// How many digits a number has.
fn digits_of(number: i64) -> i64 {
    i64::from(number.unsigned_abs().checked_ilog10().unwrap_or(0)) + 1
}

/// `base ** exponent` of integers.
fn power_of(base: &Coefficient, exponent: u64) -> Result<Coefficient, OutOfMemory> {
    let power = base.to_int().view().pow(Int::from(exponent).view()).map_err(|_| OutOfMemory)?;
    Ok(Coefficient::of_int(power.view()))
}

/// The exponent of the power of `prime` that the number is.
fn exact_logarithm(number: &Coefficient, prime: u128) -> Option<u64> {
    let prime = Coefficient::from(prime);
    let (mut rest, mut count) = (number.clone(), 0);
    while rest != Coefficient::ONE {
        let (quotient, remainder) = rest.div_rem(&prime);
        if !remainder.is_zero() {
            return None;
        }
        (rest, count) = (quotient, count + 1);
    }
    Some(count)
}

/// An integer of a size that can matter.
fn integer_of(coefficient: &Coefficient, exponent: i64) -> Option<u64> {
    if exponent < 0 {
        return coefficient.shift_right(exponent.unsigned_abs()).0.to_u64();
    }
    coefficient.to_u64()?.checked_mul(10u64.checked_pow(u32::try_from(exponent).ok()?)?)
}

/// `base ** exponent` where it has no more than `most` digits: coefficient and exponent without trailing zeros.
fn exact_power(
    (base, base_exponent): (&Coefficient, i64),
    (exponent, negative, exponent_of_ten): (&Coefficient, bool, i64),
    most: u64,
) -> Option<(Coefficient, i64)> {
    let (base, zeros) = base.without_zeros(u64::MAX);
    let base_exponent = base_exponent + zeros as i64;
    let count = integer_of(exponent, exponent_of_ten)?;
    let result_exponent = i128::from(base_exponent) * i128::from(count);
    let result_exponent = i64::try_from(result_exponent).ok().filter(|e| e.unsigned_abs() < 1 << 62)?;
    // How many digits the power has at least.
    let too_long = |base: &Coefficient, exponent: u64| {
        let bits = base.to_int().view().bit_length().saturating_sub(1);
        u128::from(bits) * u128::from(exponent) * 30 / 100 > u128::from(most)
    };
    if !negative {
        if too_long(&base, count) {
            return None;
        }
        let power = power_of(&base, count).ok()?;
        return (power.digits() <= most).then_some((power, result_exponent));
    }
    // One over a power of two is a power of five over one of ten, and the other way round.
    let (other, factors) = match (exact_logarithm(&base, 2), exact_logarithm(&base, 5)) {
        (Some(factors), _) => (5, factors),
        (None, Some(factors)) => (2, factors),
        (None, None) => return None,
    };
    let count = factors.checked_mul(count)?;
    let other = Coefficient::from(other);
    if too_long(&other, count) {
        return None;
    }
    let power = power_of(&other, count).ok()?;
    (power.digits() <= most).then_some((power, -result_exponent - count as i64))
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
        let Some((exponent, exponent_of_ten)) = other.finite() else {
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
        let exact = exact_power(parts, (exponent, other.negative, exponent_of_ten), context.prec as u64 + 1);
        match exact {
            Some(found) => {
                let ideal = other.count_of_integer().map(|count| parts.1.saturating_mul(count));
                exact_result(found, other, (negative, ideal), context, status)
            }
            None => approximate(parts, other, (negative, shrinks), context, status),
        }
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
                difference.adjusted() - i64::from(adjusted == 0)
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

/// The context in which libmpdec multiplies: a result is rounded there before it is rounded for good, which shows where
/// it is next to nothing.
fn working(context: &Context, exponent: &Decimal) -> Context {
    let digits = exponent.adjusted() + 1;
    let prec = context.prec + digits + 2 + i64::from(exponent.negative);
    Context { clamp: false, ..context.rounded(Rounding::HalfEven).with_prec(prec) }
}

/// A power that was found exactly.
fn exact_result(
    (coefficient, exponent): (Coefficient, i64),
    other: &Decimal,
    (negative, ideal): (bool, Option<i64>),
    context: &Context,
    status: &mut Status,
) -> Decimal {
    let room = (context.prec as u64).saturating_sub(coefficient.digits());
    let wanted = ideal.map_or(0, |ideal| exponent.saturating_sub(ideal).max(0) as u64);
    let zeros = wanted.min(room);
    if zeros < wanted {
        *status |= Status::ROUNDED;
    }
    let coefficient = try_memory!(coefficient.shift_left(zeros), status);
    let result = Decimal::new(negative, coefficient, exponent - zeros as i64);
    let mut happened = Status::default();
    let result = result.finish(&working(context, other), &mut happened);
    if result.is_infinite() {
        return beyond(false, negative, context, status);
    }
    *status |= happened;
    result.finish(context, status)
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
        let mut found = try_memory!(exp_of((&product, product_exponent), shrinks, digits), status);
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
