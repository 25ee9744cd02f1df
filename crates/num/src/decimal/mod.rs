//! Decimal floating point. CPython: `Modules/_decimal/libmpdec`; the General Decimal Arithmetic specification.
//!
//! Every operation takes a context, says what happened in a `Status`, and gives a number in any case; the caller raises
//! what the context traps. Invariant: a result is rounded once, and lies within the context's limits.

mod arithmetic;
mod coefficient;
mod compare;
mod context;
mod digitwise;
mod format;
mod integer;
mod integral;
mod limbs;
mod power;
mod round;
mod short;
mod text;
mod transcendental;

#[cfg(test)]
mod tests;

pub use coefficient::{Coefficient, OutOfMemory};
pub use context::{Context, MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY, Rounding, Status};
pub use digitwise::Logical;
pub use format::{Align, Conventions, FormatError, Formatted, Spec, Wide};
pub use integer::hash;
pub use short::Short;
pub use text::Room;

/// A number with a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    /// Whether the sign is a minus.
    pub negative: bool,
    /// What the number is but for its sign.
    pub magnitude: Magnitude,
}

/// A number without a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Magnitude {
    /// `coefficient * 10 ** exponent`.
    Finite {
        /// The digits.
        coefficient: Coefficient,
        /// The power of ten that the last digit stands for.
        exponent: i64,
    },
    /// Larger than all others.
    Infinity,
    /// No number.
    Nan {
        /// Whether operations take it for an error.
        signaling: bool,
        /// Digits that say where it comes from; zero for none.
        payload: Coefficient,
    },
}

use Magnitude::{Finite, Infinity, Nan};

/// What `finite` gives of a number: coefficient and exponent.
type Parts<'a> = (&'a Coefficient, i64);

impl Decimal {
    /// A finite number.
    #[inline]
    pub fn new(negative: bool, coefficient: Coefficient, exponent: i64) -> Decimal {
        Decimal { negative, magnitude: Finite { coefficient, exponent } }
    }

    /// Zero with an exponent.
    pub fn zero(negative: bool, exponent: i64) -> Decimal {
        Decimal::new(negative, Coefficient::ZERO, exponent)
    }

    /// One.
    pub fn one() -> Decimal {
        Decimal::new(false, Coefficient::ONE, 0)
    }

    /// An infinity.
    pub fn infinity(negative: bool) -> Decimal {
        Decimal { negative, magnitude: Infinity }
    }

    /// The quiet not-a-number without payload.
    pub fn nan() -> Decimal {
        Decimal { negative: false, magnitude: Nan { signaling: false, payload: Coefficient::ZERO } }
    }

    /// Coefficient and exponent of a finite number.
    #[inline]
    pub fn finite(&self) -> Option<Parts<'_>> {
        match &self.magnitude {
            Finite { coefficient, exponent } => Some((coefficient, *exponent)),
            _ => None,
        }
    }

    /// What a not-a-number says where it comes from.
    pub fn payload(&self) -> Option<&Coefficient> {
        match &self.magnitude {
            Nan { payload, .. } => Some(payload),
            _ => None,
        }
    }

    /// Whether the number has more digits than so many.
    #[inline]
    pub fn is_longer_than(&self, digits: u64) -> bool {
        match &self.magnitude {
            Finite { coefficient, .. } | Nan { payload: coefficient, .. } => {
                !coefficient.is_small() && coefficient.digits() > digits
            }
            Infinity => false,
        }
    }

    /// The same digits with another exponent.
    pub fn with_exponent(self, exponent: i64) -> Decimal {
        match self.magnitude {
            Finite { coefficient, .. } => Decimal::new(self.negative, coefficient, exponent),
            _ => self,
        }
    }

    /// Whether the number is neither infinite nor no number.
    #[inline]
    pub fn is_finite(&self) -> bool {
        matches!(self.magnitude, Finite { .. })
    }

    /// Whether the number is infinite.
    #[inline]
    pub fn is_infinite(&self) -> bool {
        matches!(self.magnitude, Infinity)
    }

    /// Whether this is no number, quiet or signaling.
    #[inline]
    pub fn is_nan(&self) -> bool {
        matches!(self.magnitude, Nan { .. })
    }

    /// Whether this is a signaling not-a-number.
    pub fn is_snan(&self) -> bool {
        matches!(self.magnitude, Nan { signaling: true, .. })
    }

    /// Whether this is a quiet not-a-number.
    pub fn is_qnan(&self) -> bool {
        matches!(self.magnitude, Nan { signaling: false, .. })
    }

    /// Whether the number is a zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.finite().is_some_and(|(coefficient, _)| coefficient.is_zero())
    }

    /// The exponent of the first digit; 0 for what is not finite.
    pub fn adjusted(&self) -> i64 {
        match self.finite() {
            Some((coefficient, exponent)) => exponent + coefficient.digits() as i64 - 1,
            None => 0,
        }
    }

    /// Whether the number is finite, not zero, and has the full precision in a context.
    pub fn is_normal(&self, context: &Context) -> bool {
        self.is_finite() && !self.is_zero() && self.adjusted() >= context.emin
    }

    /// Whether the number is finite, not zero, and below the smallest normal one.
    pub fn is_subnormal(&self, context: &Context) -> bool {
        self.is_finite() && !self.is_zero() && self.adjusted() < context.emin
    }

    /// The same number with another sign.
    pub fn with_sign(&self, negative: bool) -> Decimal {
        Decimal { negative, magnitude: self.magnitude.clone() }
    }

    /// The number's class, as the specification names it.
    pub fn class(&self, context: &Context) -> &'static str {
        match (&self.magnitude, self.negative) {
            (Nan { signaling: true, .. }, _) => "sNaN",
            (Nan { .. }, _) => "NaN",
            (Infinity, false) => "+Infinity",
            (Infinity, true) => "-Infinity",
            (_, negative) if self.is_zero() => {
                if negative {
                    "-Zero"
                } else {
                    "+Zero"
                }
            }
            (_, negative) if self.is_subnormal(context) => {
                if negative {
                    "-Subnormal"
                } else {
                    "+Subnormal"
                }
            }
            (_, true) => "-Normal",
            (_, false) => "+Normal",
        }
    }

    /// Whether two numbers have the same exponent, or are both infinite, or both no numbers.
    pub fn same_quantum(&self, other: &Decimal) -> bool {
        match (&self.magnitude, &other.magnitude) {
            (Finite { exponent: a, .. }, Finite { exponent: b, .. }) => a == b,
            (Infinity, Infinity) | (Nan { .. }, Nan { .. }) => true,
            _ => false,
        }
    }

    /// What an operation gives that has no numbers among its operands: the first signaling one, or the first. `None`
    /// where all operands are numbers.
    #[inline]
    fn nan_of(operands: &[&Decimal], context: &Context, status: &mut Status) -> Option<Decimal> {
        if operands.iter().all(|operand| !operand.is_nan()) {
            return None;
        }
        let signaling = operands.iter().find(|operand| operand.is_snan());
        if signaling.is_some() {
            *status |= Status::INVALID_OPERATION;
        }
        let source = signaling.or_else(|| operands.iter().find(|operand| operand.is_nan()))?;
        Some(source.quiet(context))
    }

    /// The not-a-number, quiet and with a payload that the context has room for.
    fn quiet(&self, context: &Context) -> Decimal {
        let Nan { payload, .. } = &self.magnitude else { return self.clone() };
        let room = (context.prec as u64).saturating_sub(u64::from(context.clamp));
        let payload = payload.shift_right(room).1;
        Decimal { negative: self.negative, magnitude: Nan { signaling: false, payload } }
    }

    /// The result of an operation that has none.
    #[cold]
    fn invalid(status: &mut Status, reason: Status) -> Decimal {
        *status |= reason;
        Decimal::nan()
    }
}
