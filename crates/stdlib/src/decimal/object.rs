//! The body of `Decimal`. CPython: `PyDecObject` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: a number of up to 38 digits lies in the cell itself; a longer one in a cell of its own, which numbers share.

use taipan_num::decimal::{Coefficient, Decimal, Magnitude, Short};
use taipan_runtime::prelude::*;

/// The digits of a long number.
#[derive(Trace)]
pub struct Digits {
    coefficient: Opaque<Coefficient>,
}

#[class(name = "Digits", module = "_decimal", flags = DISALLOW_NEW)]
impl Digits {}

/// What kind of number it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Finite,
    Infinity,
    Quiet,
    Signaling,
}

/// Body of `decimal.Decimal`.
#[derive(Trace)]
pub struct DecimalObject {
    low: u64,
    high: u64,
    exponent: i64,
    negative: bool,
    kind: Opaque<Kind>,
    /// The digits where they do not fit here.
    digits: TypedSlot<Digits>,
}

impl DecimalObject {
    /// The body for a number. Digits that do not fit are told to the collector.
    fn body(cx: &Context, number: Decimal) -> DecimalObject {
        let zero = Coefficient::ZERO;
        let (kind, coefficient, exponent) = match number.magnitude {
            Magnitude::Finite { coefficient, exponent } => (Kind::Finite, coefficient, exponent),
            Magnitude::Infinity => (Kind::Infinity, zero, 0),
            Magnitude::Nan { signaling: false, payload } => (Kind::Quiet, payload, 0),
            Magnitude::Nan { signaling: true, payload } => (Kind::Signaling, payload, 0),
        };
        let (small, digits) = match coefficient.small() {
            Some(small) => (small, TypedSlot::EMPTY),
            None => {
                cx.took_memory(coefficient.bytes());
                (0, TypedSlot::new(cx.new_object(Digits { coefficient: Opaque(coefficient) })))
            }
        };
        DecimalObject {
            low: small as u64,
            high: (small >> 64) as u64,
            exponent,
            negative: number.negative,
            kind: Opaque(kind),
            digits,
        }
    }

    /// The number.
    pub(super) fn number(&self) -> Decimal {
        let coefficient = match self.digits.load() {
            None => Coefficient::from(u128::from(self.high) << 64 | u128::from(self.low)),
            Some(digits) => digits.coefficient.clone(),
        };
        let magnitude = match *self.kind {
            Kind::Finite => Magnitude::Finite { coefficient, exponent: self.exponent },
            Kind::Infinity => Magnitude::Infinity,
            Kind::Quiet => Magnitude::Nan { signaling: false, payload: coefficient },
            Kind::Signaling => Magnitude::Nan { signaling: true, payload: coefficient },
        };
        Decimal { negative: self.negative, magnitude }
    }

    /// The number, if it is finite and lies here.
    #[inline]
    pub(super) fn short(&self) -> Option<Short> {
        if *self.kind != Kind::Finite || self.digits.load().is_some() {
            return None;
        }
        let coefficient = u128::from(self.high) << 64 | u128::from(self.low);
        Some(Short { negative: self.negative, coefficient, exponent: self.exponent })
    }

    /// Another body for the same number.
    pub(super) fn same(&self) -> DecimalObject {
        DecimalObject { digits: TypedSlot::new_option(self.digits.load()), kind: Opaque(*self.kind), ..*self }
    }

    pub(super) fn negative(&self) -> bool {
        self.negative
    }

    pub(super) fn nan(&self) -> bool {
        matches!(*self.kind, Kind::Quiet | Kind::Signaling)
    }

    pub(super) fn infinite(&self) -> bool {
        *self.kind == Kind::Infinity
    }

    pub(super) fn zero(&self) -> bool {
        *self.kind == Kind::Finite && self.low | self.high == 0 && self.digits.load().is_none()
    }
}

/// A number of the plain type.
#[inline]
pub(super) fn new(cx: &Context, number: Decimal) -> Gc<DecimalObject> {
    cx.new_object(DecimalObject::body(cx, number))
}

/// A short number of the plain type.
#[inline]
pub(super) fn new_short(cx: &Context, short: Short) -> Gc<DecimalObject> {
    cx.new_object(DecimalObject {
        low: short.coefficient as u64,
        high: (short.coefficient >> 64) as u64,
        exponent: short.exponent,
        negative: short.negative,
        kind: Opaque(Kind::Finite),
        digits: TypedSlot::EMPTY,
    })
}

/// An operand, if it is a short number: a Decimal or an int.
#[inline]
pub(super) fn short_of(value: Value) -> Option<Short> {
    match value.as_small_int() {
        Some(int) => {
            Some(Short { negative: int < 0, coefficient: u128::from(int.unsigned_abs()), exponent: 0 })
        }
        None => value.downcast::<DecimalObject>()?.short(),
    }
}

/// A number of a class.
pub(super) fn new_of(cx: &Context, class: Gc<Class>, number: Decimal) -> Gc<DecimalObject> {
    let body = DecimalObject::body(cx, number);
    cx.new_instance(class, body)
}

/// A copy of another number, of a class.
pub(super) fn copy_of(cx: &Context, class: Gc<Class>, number: Gc<DecimalObject>) -> Gc<DecimalObject> {
    cx.new_instance(class, number.same())
}
