//! Integers of any size. CPython: `Objects/longobject.c`.
//!
//! A magnitude is a little-endian slice of 64-bit limbs. Invariant: every magnitude that enters or leaves this module
//! is normalised (its last limb is not zero; zero is the empty slice) and zero is never negative.

mod bits;
mod bytes;
mod divide;
mod float;
mod into;
pub mod magnitude;
mod multiply;
mod power;
mod text;

use std::cmp::Ordering;

pub(crate) use bits::shift_left;
pub use bytes::{ByteOrder, BytesError};
pub use divide::DivisionByZero;
pub use float::{FloatRangeError, TrueDivideError};
pub(crate) use float::{decompose, scale_rounded};
pub use into::Written;
pub use magnitude::Limbs;
pub use power::{ModPowError, NegativeSqrt};
pub use text::{ParseIntError, SHORT_DIGITS, TooManyDigits, digit_value, hex_digits};

/// The result would need more memory than any machine should be asked for; the caller raises `MemoryError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// No operation makes an integer of more bits than this (4 GiB of limbs).
pub const MAX_BITS: u64 = 1 << 35;

/// An owned integer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Int {
    /// Whether the value is below zero.
    pub negative: bool,
    /// The magnitude, normalised.
    pub limbs: Limbs,
}

/// A borrowed integer: what the operations read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntRef<'a> {
    /// Whether the value is below zero.
    pub negative: bool,
    /// The magnitude, normalised.
    pub limbs: &'a [u64],
}

impl Int {
    /// The number zero.
    pub const ZERO: Int = Int { negative: false, limbs: Vec::new() };

    /// An integer from a sign and any magnitude: drops leading zero limbs and the sign of zero.
    pub fn new(negative: bool, mut limbs: Limbs) -> Int {
        magnitude::normalise(&mut limbs);
        let negative = negative && !limbs.is_empty();
        Int { negative, limbs }
    }

    /// Borrows the integer for an operation.
    #[inline]
    pub fn view(&self) -> IntRef<'_> {
        IntRef { negative: self.negative, limbs: &self.limbs }
    }

    /// Whether the value is zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    /// The value, if an `i64` holds it.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        self.view().to_i64()
    }

    /// The same magnitude with the other sign.
    pub fn negated(mut self) -> Int {
        self.negative = !self.negative && !self.limbs.is_empty();
        self
    }
}

impl<'a> IntRef<'a> {
    /// The number zero.
    pub const ZERO: IntRef<'static> = IntRef { negative: false, limbs: &[] };
    /// The number one.
    pub const ONE: IntRef<'static> = IntRef { negative: false, limbs: &[1] };

    /// A view of a magnitude that is already normalised.
    pub fn new(negative: bool, limbs: &'a [u64]) -> IntRef<'a> {
        debug_assert!(limbs.last() != Some(&0), "magnitude not normalised");
        debug_assert!(!(negative && limbs.is_empty()), "negative zero");
        IntRef { negative, limbs }
    }

    /// Views an `i64`; `storage` holds the limb for as long as the view lives.
    #[inline]
    pub fn small(value: i64, storage: &'a mut [u64; 1]) -> IntRef<'a> {
        storage[0] = value.unsigned_abs();
        IntRef { negative: value < 0, limbs: if value == 0 { &[] } else { &storage[..] } }
    }

    /// Copies into an owned integer.
    pub fn to_owned(self) -> Int {
        Int { negative: self.negative, limbs: self.limbs.to_vec() }
    }

    /// Whether the value is zero.
    #[inline]
    pub fn is_zero(self) -> bool {
        self.limbs.is_empty()
    }

    /// Whether the lowest bit is set.
    #[inline]
    pub fn is_odd(self) -> bool {
        self.limbs.first().is_some_and(|limb| limb & 1 == 1)
    }

    /// -1, 0 or 1.
    pub fn signum(self) -> i64 {
        match (self.limbs.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// The magnitude as a non-negative view.
    pub fn magnitude(self) -> IntRef<'a> {
        IntRef { negative: false, limbs: self.limbs }
    }

    /// The value with the other sign.
    pub fn negate(self) -> IntRef<'a> {
        IntRef { negative: !self.negative && !self.limbs.is_empty(), limbs: self.limbs }
    }

    /// The value, if an `i64` holds it.
    pub fn to_i64(self) -> Option<i64> {
        match (self.limbs, self.negative) {
            ([], _) => Some(0),
            (&[limb], false) => i64::try_from(limb).ok(),
            (&[limb], true) => 0i64.checked_sub_unsigned(limb),
            _ => None,
        }
    }

    /// The value, if a `u64` holds it.
    pub fn to_u64(self) -> Option<u64> {
        match (self.limbs, self.negative) {
            ([], _) => Some(0),
            (&[limb], false) => Some(limb),
            _ => None,
        }
    }

    /// The value modulo 2^64 in two's complement, as CPython's `PyLong_AsUnsignedLongLongMask`.
    pub fn wrapping_u64(self) -> u64 {
        let low = self.limbs.first().copied().unwrap_or(0);
        if self.negative { low.wrapping_neg() } else { low }
    }

    /// `self + other`.
    pub fn add(self, other: IntRef<'_>) -> Int {
        if self.negative == other.negative {
            return Int::new(self.negative, magnitude::add(self.limbs, other.limbs));
        }
        match magnitude::compare(self.limbs, other.limbs) {
            Ordering::Equal => Int::ZERO,
            Ordering::Greater => Int::new(self.negative, magnitude::sub(self.limbs, other.limbs)),
            Ordering::Less => Int::new(other.negative, magnitude::sub(other.limbs, self.limbs)),
        }
    }

    /// `self - other`.
    pub fn sub(self, other: IntRef<'_>) -> Int {
        self.add(other.negate())
    }

    /// `self * other`.
    pub fn mul(self, other: IntRef<'_>) -> Int {
        Int::new(self.negative != other.negative, multiply::mul(self.limbs, other.limbs))
    }
}

impl Ord for IntRef<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => magnitude::compare(self.limbs, other.limbs),
            (true, true) => magnitude::compare(other.limbs, self.limbs),
        }
    }
}

impl PartialOrd for IntRef<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Self) -> Ordering {
        self.view().cmp(&other.view())
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u64> for Int {
    fn from(value: u64) -> Int {
        Int { negative: false, limbs: if value == 0 { Vec::new() } else { vec![value] } }
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Int {
        Int { negative: value < 0, ..Int::from(value.unsigned_abs()) }
    }
}

impl From<u128> for Int {
    fn from(value: u128) -> Int {
        Int::new(false, vec![value as u64, (value >> 64) as u64])
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Int {
        Int { negative: value < 0, ..Int::from(value.unsigned_abs()) }
    }
}

#[cfg(test)]
mod tests;
