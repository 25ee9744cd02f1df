//! Roots, exponentials and logarithms. CPython: `mpd_qsqrt`, `mpd_qexp`, `mpd_qln`, `mpd_qlog10` of libmpdec.
//!
//! Numbers are integers that stand for so many times `10 ** -width`. Invariant: results are correctly rounded: an
//! approximation is taken only where its error cannot change the rounded digits, and is made again more precisely else.

use std::cmp::Ordering;
use std::sync::{Mutex, PoisonError};

use super::arithmetic::try_memory;
use super::round::drop_digits;
use super::{Coefficient, Context, Decimal, OutOfMemory, Rounding, Status};

/// Digits by which an approximation is more precise than the result, at first.
const GUARD: u64 = 6;

type Fixed = Result<Coefficient, OutOfMemory>;

/// `a * b`, both scaled.
fn scaled_mul(a: &Coefficient, b: &Coefficient, width: u64) -> Coefficient {
    a.mul(b).shift_right(width).0
}

/// `atanh(1 / n)`, scaled.
fn inverse_atanh(n: u128, width: u64) -> Fixed {
    let square = Coefficient::from(n * n);
    let mut power = Coefficient::power_of_ten(width)?.div_rem(&Coefficient::from(n)).0;
    let (mut sum, mut divisor) = (Coefficient::ZERO, 1u128);
    while !power.is_zero() {
        sum = sum.add(&power.div_rem(&Coefficient::from(divisor)).0);
        power = power.div_rem(&square).0;
        divisor += 2;
    }
    Ok(sum)
}

/// The longest `ln(10)` that has been asked for, with its width.
static LN_TEN: Mutex<Option<(u64, Coefficient)>> = Mutex::new(None);

/// `ln(10)`, scaled; too small by less than a unit.
fn ln_ten(width: u64) -> Fixed {
    /// What is kept at first: enough for everyday precisions.
    const FIRST: u64 = 100;
    /// Longer ones are not kept.
    const LAST: u64 = 1 << 20;
    let known = LN_TEN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((longest, value)) = known
        && width <= longest
    {
        return Ok(value.shift_right(longest - width).0);
    }
    let inner = (width + width / 4).max(FIRST) + 8;
    let term = |factor: u128, n: u128| Ok(inverse_atanh(n, inner)?.mul(&Coefficient::from(factor)));
    let sum = term(46, 31)?.add(&term(34, 49)?).add(&term(20, 161)?);
    let kept = sum.shift_right(8).0;
    if inner <= LAST {
        let mut place = LN_TEN.lock().unwrap_or_else(PoisonError::into_inner);
        if place.as_ref().is_none_or(|(longest, _)| *longest < inner - 8) {
            *place = Some((inner - 8, kept.clone()));
        }
    }
    Ok(kept.shift_right(inner - 8 - width).0)
}

/// `exp(x)` of a scaled number below `ln(10)`; the error is a few units.
fn exp_of_small(x: &Coefficient, width: u64) -> Fixed {
    // Halving the argument k times makes the series short; squaring k times doubles the error as often.
    let halvings = (width as f64).sqrt() as u64 / 2 + 4;
    let inner = width + halvings / 3 + 4;
    let one = Coefficient::power_of_ten(inner)?;
    let mut two_to = Coefficient::ONE;
    for _ in 0..halvings {
        two_to = two_to.add(&two_to);
    }
    let reduced = x.shift_left(inner - width)?.div_rem(&two_to).0;
    let (mut term, mut sum, mut number) = (one.clone(), one, 0u128);
    while !term.is_zero() {
        number += 1;
        term = scaled_mul(&term, &reduced, inner).div_rem(&Coefficient::from(number)).0;
        sum = sum.add(&term);
    }
    for _ in 0..halvings {
        sum = scaled_mul(&sum, &sum, inner);
    }
    Ok(sum.shift_right(inner - width).0)
}

/// An approximation: coefficient, exponent and sign; its error is below so many units of the last digit.
pub(super) struct Approximation {
    pub(super) coefficient: Coefficient,
    pub(super) exponent: i64,
    pub(super) negative: bool,
}

const ERROR: u128 = 100;

impl Approximation {
    /// The rounded number, if the error does not matter to it. The exact value has endlessly many digits.
    pub(super) fn round(&self, context: &Context, status: &mut Status) -> Option<Decimal> {
        let digits = self.coefficient.digits() as i64;
        if digits < context.prec + 4 {
            return None;
        }
        let places = (digits - context.prec) as u64;
        let error = Coefficient::from(ERROR);
        let (low, high) = (self.coefficient.sub(&error), self.coefficient.add(&error));
        let round = |coefficient: &Coefficient| {
            drop_digits(context.rounding, self.negative, coefficient.clone(), places, true).0
        };
        if low.digits() != high.digits() || round(&low) != round(&high) {
            return None;
        }
        let number = Decimal::new(self.negative, self.coefficient.clone(), self.exponent);
        Some(number.fit(true, context, status))
    }
}

/// `exp(x)` for `x = coefficient * 10 ** exponent`, with `digits` of them correct; `None` where no number has its exponent.
pub(super) fn exp_of(
    (coefficient, exponent): (&Coefficient, i64),
    negative: bool,
    digits: u64,
) -> Result<Option<Approximation>, OutOfMemory> {
    let adjusted = exponent + coefficient.digits() as i64 - 1;
    let width = digits + adjusted.max(0) as u64 + GUARD;
    let places = exponent + width as i64;
    let scaled = if places >= 0 {
        coefficient.shift_left(places as u64)?
    } else {
        coefficient.shift_right(places.unsigned_abs()).0
    };
    let ten = ln_ten(width)?;
    let (count, rest) = scaled.div_rem(&ten);
    let Some(count) = count.to_u64().filter(|count| *count < 1 << 62) else { return Ok(None) };
    let count = count as i64;
    // Of a negative argument the rest is what is missing to the next multiple.
    let (count, rest) = match negative {
        false => (count, rest),
        true if rest.is_zero() => (-count, rest),
        true => (-count - 1, ten.sub(&rest)),
    };
    let kept = digits + GUARD;
    let rest = rest.shift_right(width - kept).0;
    let coefficient = exp_of_small(&rest, kept)?;
    Ok(Some(Approximation { coefficient, exponent: count - kept as i64, negative: false }))
}

/// `ln(coefficient / 10 ** (digits - 1))`, scaled; the argument lies between 1 and 10.
fn ln_of_mantissa(coefficient: &Coefficient, width: u64) -> Fixed {
    let digits = coefficient.digits();
    let scaled = if digits - 1 <= width {
        coefficient.shift_left(width - (digits - 1))?
    } else {
        coefficient.shift_right(digits - 1 - width).0
    };
    // A float gives the first digits; what they miss is the logarithm of a number next to 1.
    let first = coefficient.shift_right(digits.saturating_sub(18)).0;
    let first = first.to_u64().unwrap_or(1) as f64 / 10f64.powi(digits.min(18) as i32 - 1);
    let guess = (first.ln().max(0.0) * 1e15) as u128;
    let guess_scaled =
        if width >= 15 { Coefficient::from(guess).shift_left(width - 15)? } else { Coefficient::ZERO };
    let base = exp_of_small(&guess_scaled, width)?;
    // atanh((x - base) / (x + base)) * 2 is the logarithm of x / base.
    let negative = scaled < base;
    let difference = if negative { base.sub(&scaled) } else { scaled.sub(&base) };
    let ratio = difference.shift_left(width)?.div_rem(&scaled.add(&base)).0;
    let square = scaled_mul(&ratio, &ratio, width);
    let (mut power, mut sum, mut divisor) = (ratio, Coefficient::ZERO, 1u128);
    while !power.is_zero() {
        sum = sum.add(&power.div_rem(&Coefficient::from(divisor)).0);
        power = scaled_mul(&power, &square, width);
        divisor += 2;
    }
    let sum = sum.add(&sum);
    Ok(if negative { guess_scaled.sub(&sum.min(guess_scaled.clone())) } else { guess_scaled.add(&sum) })
}

/// `ln(x)` with so many digits behind the point.
pub(super) fn ln_of(
    (coefficient, exponent): (&Coefficient, i64),
    width: u64,
) -> Result<Approximation, OutOfMemory> {
    let adjusted = exponent + coefficient.digits() as i64 - 1;
    let mantissa = ln_of_mantissa(coefficient, width)?;
    let magnitude = adjusted.unsigned_abs();
    let extra = u64::from(magnitude.checked_ilog10().unwrap_or(0)) + 1;
    let tens = ln_ten(width + extra)?.mul(&Coefficient::from(u128::from(magnitude))).shift_right(extra).0;
    let (coefficient, negative) = if adjusted >= 0 {
        (tens.add(&mantissa), false)
    } else if tens >= mantissa {
        (tens.sub(&mantissa), true)
    } else {
        (mantissa.sub(&tens), false)
    };
    Ok(Approximation { coefficient, exponent: -(width as i64), negative })
}

impl Decimal {
    /// The square root.
    pub fn sqrt(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        let Some((coefficient, exponent)) = self.finite() else {
            return match self.negative {
                true => Decimal::invalid(status, Status::INVALID_OPERATION),
                false => Decimal::infinity(false),
            };
        };
        let half = exponent.div_euclid(2);
        if coefficient.is_zero() {
            return Decimal::zero(self.negative, half).finish(context, status);
        }
        if self.negative {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let prec = context.prec + 1;
        let digits = coefficient.digits() as i64;
        let (coefficient, length) = if exponent.rem_euclid(2) == 1 {
            (coefficient.mul(&Coefficient::from(10)), (digits >> 1) + 1)
        } else {
            (coefficient.clone(), (digits + 1) >> 1)
        };
        let places = prec - length;
        let (radicand, rest) = if places >= 0 {
            (try_memory!(coefficient.shift_left(2 * places as u64), status), Coefficient::ZERO)
        } else {
            coefficient.shift_right(2 * places.unsigned_abs())
        };
        let root = radicand.square_root();
        let exact = rest.is_zero() && root.mul(&root) == radicand;
        let exponent = half - places;
        let context = context.rounded(Rounding::HalfEven);
        if !exact {
            return Decimal::new(false, root, exponent).fit(true, &context, status);
        }
        // The ideal exponent is half of the operand's.
        let result = if places >= 0 {
            root.shift_right(places as u64).0
        } else {
            try_memory!(root.shift_left(places.unsigned_abs()), status)
        };
        Decimal::new(false, result, half).finish(&context, status)
    }

    /// `e ** self`.
    pub fn exp(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return nan;
        }
        let Some((coefficient, exponent)) = self.finite() else {
            return if self.negative { Decimal::zero(false, 0) } else { Decimal::infinity(false) };
        };
        if coefficient.is_zero() {
            return Decimal::one();
        }
        let half_even = context.rounded(Rounding::HalfEven);
        let adjusted = self.adjusted();
        let digits_of = |number: i64| i64::from((3 * i128::from(number)).unsigned_abs().ilog10()) + 1;
        let simple = |coefficient: Coefficient, exponent: i64, status: &mut Status| {
            Decimal::new(false, coefficient, exponent).fit(true, &half_even, status)
        };
        if !self.negative && adjusted > digits_of(context.emax + 1) {
            return simple(Coefficient::ONE, context.emax + 1, status);
        }
        if self.negative && adjusted > digits_of(-context.etiny() + 1) {
            return simple(Coefficient::ONE, context.etiny() - 1, status);
        }
        let prec = context.prec;
        let next_to_nothing = Decimal::new(false, Coefficient::from(9), -prec - 4);
        let vanishes = self.with_sign(false).order(&next_to_nothing) != Some(Ordering::Greater);
        if vanishes || adjusted < -prec - 1 {
            // One, and next to nothing more or less. As in libmpdec the least is no less at all: what is below one may be
            // below the normal numbers too.
            let power = try_memory!(Coefficient::power_of_ten(prec as u64 + 1), status);
            let near = if self.negative && !vanishes { power.sub(&Coefficient::ONE) } else { power };
            return simple(near, -prec - 1, status);
        }
        let mut digits = prec as u64 + GUARD;
        loop {
            let Some(found) = try_memory!(exp_of((coefficient, exponent), self.negative, digits), status)
            else {
                let exponent = if self.negative { context.etiny() - 1 } else { context.emax + 1 };
                return simple(Coefficient::ONE, exponent, status);
            };
            if let Some(result) = found.round(&half_even, status) {
                return result;
            }
            digits += digits / 2;
        }
    }

    /// What logarithms have in common: their special operands.
    fn logarithm_of_special(&self, context: &Context, status: &mut Status) -> Option<Decimal> {
        if let Some(nan) = Decimal::nan_of(&[self], context, status) {
            return Some(nan);
        }
        if self.is_zero() {
            return Some(Decimal::infinity(true));
        }
        if self.negative {
            return Some(Decimal::invalid(status, Status::INVALID_OPERATION));
        }
        self.is_infinite().then(|| Decimal::infinity(false))
    }

    /// The natural logarithm.
    pub fn ln(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(result) = self.logarithm_of_special(context, status) {
            return result;
        }
        let Some(parts) = self.finite() else { return Decimal::nan() };
        if self.order(&Decimal::one()) == Some(Ordering::Equal) {
            return Decimal::zero(false, 0);
        }
        let context = &context.rounded(Rounding::HalfEven);
        let mut width = context.prec as u64 + 2 * GUARD;
        loop {
            let found = try_memory!(ln_of(parts, width), status);
            if let Some(result) = found.round(context, status) {
                return result;
            }
            width += missing(&found, context) + width / 4;
        }
    }

    /// The logarithm to the base ten.
    pub fn log10(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(result) = self.logarithm_of_special(context, status) {
            return result;
        }
        let Some((coefficient, exponent)) = self.finite() else { return Decimal::nan() };
        let context = &context.rounded(Rounding::HalfEven);
        let (short, zeros) = coefficient.without_zeros(u64::MAX);
        if short == Coefficient::ONE {
            return Decimal::of_i64(exponent + zeros as i64).finish(context, status);
        }
        let mut width = context.prec as u64 + 2 * GUARD;
        loop {
            // The whole part is the exponent; the fraction is the mantissa's.
            let inner = width + 4;
            let ln = try_memory!(ln_of_mantissa(coefficient, inner), status);
            let ten = try_memory!(ln_ten(inner), status);
            let fraction = try_memory!(ln.shift_left(width), status).div_rem(&ten).0;
            let whole = Coefficient::from(u128::from(self.adjusted().unsigned_abs()));
            let whole = try_memory!(whole.shift_left(width), status);
            let (coefficient, negative) = if self.adjusted() >= 0 {
                (whole.add(&fraction), false)
            } else {
                (whole.sub(&fraction), true)
            };
            let found = Approximation { coefficient, exponent: -(width as i64), negative };
            if let Some(result) = found.round(context, status) {
                return result;
            }
            width += missing(&found, context) + width / 4;
        }
    }
}

/// How many digits an approximation has too few.
fn missing(found: &Approximation, context: &Context) -> u64 {
    (context.prec as u64 + GUARD).saturating_sub(found.coefficient.digits())
}
