//! Operations on the digits: logical ones, shifts, rotation. CPython: `mpd_qand`, `mpd_qshift`, `mpd_qrotate` of
//! libmpdec.
//!
//! Invariant: logical operands have the digits 0 and 1 alone, the sign plus and the exponent 0.

use super::arithmetic::try_memory;
use super::{Coefficient, Context, Decimal, OutOfMemory, Status};

/// A logical operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logical {
    /// Both.
    And,
    /// At least one.
    Or,
    /// Exactly one.
    Xor,
}

impl Decimal {
    /// The digits of a logical operand, the lowest first, no more than the precision.
    fn logical_digits(&self, context: &Context) -> Option<Vec<u8>> {
        let (coefficient, 0) = self.finite()? else { return None };
        let digits = coefficient.to_digits();
        if self.negative || digits.bytes().any(|digit| digit > b'1') {
            return None;
        }
        Some(digits.bytes().rev().take(usize::try_from(context.prec).unwrap_or(usize::MAX)).collect())
    }

    /// A logical operation of two numbers.
    pub fn logical(
        &self,
        other: &Decimal,
        operation: Logical,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        let (Some(a), Some(b)) = (self.logical_digits(context), other.logical_digits(context)) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        let digit = |digits: &[u8], at: usize| digits.get(at) == Some(&b'1');
        let digits: Vec<u8> = (0..a.len().max(b.len()))
            .rev()
            .map(|at| {
                let (a, b) = (digit(&a, at), digit(&b, at));
                b'0' + u8::from(match operation {
                    Logical::And => a && b,
                    Logical::Or => a || b,
                    Logical::Xor => a != b,
                })
            })
            .collect();
        Decimal::new(false, Coefficient::parse(&digits), 0)
    }

    /// The number with ones for zeros, up to the precision.
    pub fn invert(&self, context: &Context, status: &mut Status) -> Decimal {
        let Some(digits) = self.logical_digits(context) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        // A row of ones is a ninth of a row of nines.
        let power = try_memory!(Coefficient::power_of_ten(context.prec as u64), status);
        let ones = power.sub(&Coefficient::ONE).div_rem(&Coefficient::from(9)).0;
        let digits: Vec<u8> = digits.into_iter().rev().collect();
        Decimal::new(false, ones.sub(&Coefficient::parse(&digits)), 0)
    }

    /// How far `other` asks to move the digits.
    fn places(other: &Decimal, context: &Context) -> Option<i64> {
        other.count().filter(|places| places.unsigned_abs() <= context.prec as u64)
    }

    /// The digits moved within the precision; zeros come in.
    pub fn shift(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        let Some(places) = Decimal::places(other, context) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        let Some((coefficient, exponent)) = self.finite() else { return self.clone() };
        let prec = context.prec as u64;
        let moved = if places < 0 {
            coefficient.shift_right(prec).1.shift_right(places.unsigned_abs()).0
        } else {
            // What would leave the precision goes first.
            let kept = coefficient.shift_right(prec - places as u64).1;
            try_memory!(kept.shift_left(places as u64), status)
        };
        Decimal::new(self.negative, moved, exponent)
    }

    /// The digits moved around within the precision.
    pub fn rotate(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = Decimal::nan_of(&[self, other], context, status) {
            return nan;
        }
        let Some(places) = Decimal::places(other, context) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        let Some((coefficient, exponent)) = self.finite() else { return self.clone() };
        let places = places.rem_euclid(context.prec) as u64;
        let prec = context.prec as u64;
        let (high, low) = coefficient.shift_right(prec).1.shift_right(prec - places);
        let moved = try_memory!(low.shift_left(places), status).add(&high);
        Decimal::new(self.negative, moved, exponent)
    }
}
