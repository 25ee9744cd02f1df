//! Fitting a result into its context. CPython: `mpd_qfinalize` of libmpdec.
//!
//! Invariant: this is the one place where digits are dropped.

use std::cmp::Ordering;

use super::Magnitude::Finite;
use super::limbs::{DIGITS, divide_power};
use super::{Coefficient, Context, Decimal, OutOfMemory, Rounding, Status};

/// What was dropped behind the last digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Nothing,
    LessThanHalf,
    Half,
    MoreThanHalf,
}

impl Dropped {
    /// What a remainder is to its divisor.
    pub(super) fn of(remainder: &Coefficient, divisor: &Coefficient) -> Dropped {
        if remainder.is_zero() {
            return Dropped::Nothing;
        }
        match remainder.add(remainder).cmp(divisor) {
            Ordering::Less => Dropped::LessThanHalf,
            Ordering::Equal => Dropped::Half,
            Ordering::Greater => Dropped::MoreThanHalf,
        }
    }

    /// What a remainder is to a power of ten.
    #[inline]
    pub(super) fn of_small(remainder: u128, power: u128) -> Dropped {
        if remainder == 0 {
            return Dropped::Nothing;
        }
        match (2 * remainder).cmp(&power) {
            Ordering::Less => Dropped::LessThanHalf,
            Ordering::Equal => Dropped::Half,
            Ordering::Greater => Dropped::MoreThanHalf,
        }
    }

    /// What the last digits of a number are to a unit of the digit before them: the first of them tells, mostly.
    pub(super) fn of_limbs(limbs: &[u64], places: u64) -> Dropped {
        let Some(before) = places.checked_sub(1) else { return Dropped::Nothing };
        let (whole, part) = ((before / DIGITS) as usize, (before % DIGITS) as usize);
        let (first, below) = divide_power(limbs.get(whole).copied().unwrap_or(0), part);
        let more = || below != 0 || limbs[..whole.min(limbs.len())].iter().any(|limb| *limb != 0);
        match first % 10 {
            0 if more() => Dropped::LessThanHalf,
            0 => Dropped::Nothing,
            5 if !more() => Dropped::Half,
            1..=4 => Dropped::LessThanHalf,
            _ => Dropped::MoreThanHalf,
        }
    }

    /// The same when something not zero follows.
    pub(super) fn followed(self, more: bool) -> Dropped {
        match self {
            Dropped::Nothing if more => Dropped::LessThanHalf,
            Dropped::Half if more => Dropped::MoreThanHalf,
            other => other,
        }
    }
}

impl Rounding {
    /// Whether the digits that stay become one more.
    #[inline]
    pub(super) fn goes_up(self, negative: bool, dropped: Dropped, last_digit: impl FnOnce() -> u8) -> bool {
        if dropped == Dropped::Nothing {
            return false;
        }
        match self {
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
            Rounding::HalfUp => dropped != Dropped::LessThanHalf,
            Rounding::HalfDown => dropped == Dropped::MoreThanHalf,
            Rounding::HalfEven => {
                dropped == Dropped::MoreThanHalf || (dropped == Dropped::Half && last_digit() & 1 == 1)
            }
            Rounding::ZeroFiveUp => matches!(last_digit(), 0 | 5),
        }
    }
}

/// Drops the last `places` digits; `more` says that digits other than zero followed them. Gives what is left, rounded,
/// and whether it is exact.
pub(super) fn drop_digits(
    rounding: Rounding,
    negative: bool,
    coefficient: Coefficient,
    places: u64,
    more: bool,
) -> (Coefficient, bool) {
    let digits = coefficient.digits();
    let (kept, dropped) = if places > digits {
        let dropped = if coefficient.is_zero() { Dropped::Nothing } else { Dropped::LessThanHalf };
        (Coefficient::ZERO, dropped)
    } else {
        coefficient.drop_last(places)
    };
    let dropped = dropped.followed(more);
    let exact = dropped == Dropped::Nothing;
    let kept =
        if rounding.goes_up(negative, dropped, || kept.last_digit()) { kept.incremented() } else { kept };
    (kept, exact)
}

impl Decimal {
    /// The number as the context has it.
    #[inline]
    pub fn finish(self, context: &Context, status: &mut Status) -> Decimal {
        match self.finite() {
            Some((coefficient, exponent)) => {
                let digits = coefficient.digits() as i64;
                let fits = digits <= context.prec
                    && exponent + digits - 1 >= context.emin
                    && exponent + digits - 1 <= context.emax
                    && !coefficient.is_zero()
                    && (!context.clamp || exponent <= context.etop());
                if fits { self } else { self.fit(false, context, status) }
            }
            None if self.is_nan() => {
                // Operations have made it quiet where they had to; only its payload is cut here.
                let signaling = self.is_snan();
                let mut cut = self.quiet(context);
                if let super::Magnitude::Nan { signaling: kept, .. } = &mut cut.magnitude {
                    *kept = signaling;
                }
                cut
            }
            None => self,
        }
    }

    /// As `finish`; with `more` digits other than zero follow those of the coefficient.
    pub(super) fn fit(self, more: bool, context: &Context, status: &mut Status) -> Decimal {
        let Finite { coefficient, exponent } = self.magnitude else { return self };
        let negative = self.negative;
        let (etiny, etop) = (context.etiny(), context.etop());
        if coefficient.is_zero() && !more {
            let most = if context.clamp { etop } else { context.emax };
            let fitted = exponent.clamp(etiny.min(most), most);
            if fitted != exponent {
                *status |= Status::CLAMPED;
            }
            return Decimal::zero(negative, fitted);
        }
        let digits = coefficient.digits() as i64;
        let mut smallest = exponent.saturating_add(digits - context.prec);
        if smallest > etop {
            return overflow(negative, context, status);
        }
        let subnormal = smallest < etiny;
        smallest = smallest.max(etiny);
        if exponent < smallest || more {
            let smallest = smallest.max(exponent);
            let places = (smallest as i128 - exponent as i128) as u64;
            let rounding = context.rounding;
            let (mut kept, exact) = drop_digits(rounding, negative, coefficient, places, more);
            let mut fitted = smallest;
            if kept.digits() as i64 > context.prec {
                kept = kept.shift_right(1).0;
                fitted += 1;
            }
            if fitted > etop && fitted + kept.digits() as i64 - 1 > context.emax {
                return overflow(negative, context, status);
            }
            if !exact && subnormal {
                *status |= Status::UNDERFLOW;
            }
            if subnormal {
                *status |= Status::SUBNORMAL;
            }
            if !exact {
                *status |= Status::INEXACT;
            }
            *status |= Status::ROUNDED;
            if kept.is_zero() {
                *status |= Status::CLAMPED;
            }
            return Decimal::new(negative, kept, fitted).folded(context, status);
        }
        if subnormal {
            *status |= Status::SUBNORMAL;
        }
        Decimal::new(negative, coefficient, exponent).folded(context, status)
    }

    /// Where the context clamps, large exponents become zeros.
    fn folded(self, context: &Context, status: &mut Status) -> Decimal {
        let etop = context.etop();
        match self.finite() {
            Some((coefficient, exponent)) if context.clamp && exponent > etop => {
                *status |= Status::CLAMPED;
                match coefficient.shift_left((exponent - etop) as u64) {
                    Ok(longer) => Decimal::new(self.negative, longer, etop),
                    Err(OutOfMemory) => Decimal::invalid(status, Status::MALLOC_ERROR),
                }
            }
            _ => self,
        }
    }
}

/// A result that is too large.
#[cold]
pub(super) fn overflow(negative: bool, context: &Context, status: &mut Status) -> Decimal {
    *status |= Status::OVERFLOW | Status::INEXACT | Status::ROUNDED;
    let to_infinity = match context.rounding {
        Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown | Rounding::Up => true,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::Down | Rounding::ZeroFiveUp => false,
    };
    if to_infinity { Decimal::infinity(negative) } else { Decimal::largest(negative, context, status) }
}

impl Decimal {
    /// The largest finite number of a context.
    pub(super) fn largest(negative: bool, context: &Context, status: &mut Status) -> Decimal {
        match Coefficient::power_of_ten(context.prec as u64) {
            Ok(power) => Decimal::new(negative, power.sub(&Coefficient::ONE), context.etop()),
            Err(OutOfMemory) => Decimal::invalid(status, Status::MALLOC_ERROR),
        }
    }
}
