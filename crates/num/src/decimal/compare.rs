//! Order. CPython: `mpd_qcompare`, `mpd_compare_total`, `mpd_qmax` of libmpdec.
//!
//! Invariant: the total order tells numbers apart that are numerically equal.

use std::cmp::Ordering;

use super::{Coefficient, Context, Decimal, Magnitude, Status};

/// The order of finite magnitudes.
fn compare_finite((a, a_exponent): (&Coefficient, i64), (b, b_exponent): (&Coefficient, i64)) -> Ordering {
    match (a.is_zero(), b.is_zero()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    let first = |coefficient: &Coefficient, exponent: i64| exponent as i128 + coefficient.digits() as i128;
    match first(a, a_exponent).cmp(&first(b, b_exponent)) {
        Ordering::Equal => {}
        unequal => return unequal,
    }
    // The first digits stand in one place, so the exponents differ by no more than the digits.
    let places = a_exponent.abs_diff(b_exponent);
    if a_exponent >= b_exponent {
        a.shift_left(places).map_or(Ordering::Greater, |a| a.cmp(b))
    } else {
        b.shift_left(places).map_or(Ordering::Less, |b| a.cmp(&b))
    }
}

fn signed(negative: bool, ordering: Ordering) -> Ordering {
    if negative { ordering.reverse() } else { ordering }
}

impl Decimal {
    /// The numerical order; `None` where one is no number.
    pub fn order(&self, other: &Decimal) -> Option<Ordering> {
        if self.is_nan() || other.is_nan() {
            return None;
        }
        if self.is_zero() && other.is_zero() {
            return Some(Ordering::Equal);
        }
        if self.negative != other.negative && !self.is_zero() && !other.is_zero() {
            return Some(if self.negative { Ordering::Less } else { Ordering::Greater });
        }
        if self.is_zero() {
            return Some(if other.negative { Ordering::Greater } else { Ordering::Less });
        }
        if other.is_zero() {
            return Some(if self.negative { Ordering::Less } else { Ordering::Greater });
        }
        Some(signed(self.negative, self.order_magnitudes(other)))
    }

    /// The order of two numbers without their signs.
    fn order_magnitudes(&self, other: &Decimal) -> Ordering {
        match (self.finite(), other.finite()) {
            (Some(a), Some(b)) => compare_finite(a, b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }

    /// The total order without signs.
    fn total_magnitudes(&self, other: &Decimal) -> Ordering {
        let class = |number: &Decimal| match &number.magnitude {
            Magnitude::Finite { .. } => 0,
            Magnitude::Infinity => 1,
            Magnitude::Nan { signaling: true, .. } => 2,
            Magnitude::Nan { .. } => 3,
        };
        match (&self.magnitude, &other.magnitude) {
            (
                Magnitude::Finite { coefficient: a, exponent: a_exponent },
                Magnitude::Finite { coefficient: b, exponent: b_exponent },
            ) => compare_finite((a, *a_exponent), (b, *b_exponent)).then(a_exponent.cmp(b_exponent)),
            (
                Magnitude::Nan { signaling: a_signaling, payload: a },
                Magnitude::Nan { signaling: b_signaling, payload: b },
            ) if a_signaling == b_signaling => a.cmp(b),
            _ => class(self).cmp(&class(other)),
        }
    }

    /// The order in which no two different numbers are equal.
    pub fn total_order(&self, other: &Decimal) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (negative, _) => signed(negative, self.total_magnitudes(other)),
        }
    }

    /// The total order without signs.
    pub fn total_order_magnitudes(&self, other: &Decimal) -> Ordering {
        self.total_magnitudes(other)
    }

    /// -1, 0 or 1; not-a-number for operands that are none. With `signal` quiet ones are errors too.
    pub fn compare(&self, other: &Decimal, signal: bool, context: &Context, status: &mut Status) -> Decimal {
        match self.order(other) {
            Some(order) => Decimal::of_order(order),
            None => {
                if signal {
                    *status |= Status::INVALID_OPERATION;
                }
                Decimal::nan_of(&[self, other], context, status).unwrap_or_else(Decimal::nan)
            }
        }
    }

    /// -1, 0 or 1.
    pub fn of_order(order: Ordering) -> Decimal {
        match order {
            Ordering::Less => Decimal::new(true, Coefficient::ONE, 0),
            Ordering::Equal => Decimal::zero(false, 0),
            Ordering::Greater => Decimal::one(),
        }
    }

    /// The larger (`largest`) or smaller of two numbers, without their signs where `magnitudes` says so. A quiet
    /// not-a-number gives way to a number.
    pub fn extreme(
        &self,
        other: &Decimal,
        (largest, magnitudes): (bool, bool),
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        if self.is_nan() || other.is_nan() {
            let pair = [self, other];
            if !pair.iter().any(|operand| operand.is_snan())
                && let Some(number) = pair.iter().find(|operand| !operand.is_nan())
            {
                return (*number).clone().finish(context, status);
            }
            return Decimal::nan_of(&pair, context, status).unwrap_or_else(Decimal::nan);
        }
        let order = if magnitudes {
            self.order_magnitudes(other)
        } else {
            self.order(other).unwrap_or(Ordering::Equal)
        };
        let order = if order == Ordering::Equal { self.total_order(other) } else { order };
        let first = if largest { order != Ordering::Less } else { order == Ordering::Less };
        let chosen = if first { self } else { other };
        chosen.clone().finish(context, status)
    }
}
