//! Powers, modular powers, greatest common divisor and integer square root. CPython: `long_pow`,
//! `long_invmod`, `_PyLong_GCD` of `Objects/longobject.c`; `math_isqrt` of `Modules/mathmodule.c`.
//!
//! Invariant: a modular power has the sign of its modulus, as `%` has.

use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::{Gcd, SquareRoot};

use super::bits::shift_right;
use super::magnitude;
use super::multiply::{mul, to_ubig};
use super::{Int, IntRef, MAX_BITS, TooLarge};

/// Why a three-argument power has no value; both are ValueError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModPowError {
    /// The modulus is zero.
    ZeroModulus,
    /// A negative exponent, and no inverse exists.
    NotInvertible,
}

impl std::fmt::Display for ModPowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ModPowError::ZeroModulus => "pow() 3rd argument cannot be 0",
            ModPowError::NotInvertible => "base is not invertible for the given modulus",
        })
    }
}

/// `isqrt` of a negative number; ValueError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NegativeSqrt;

impl std::fmt::Display for NegativeSqrt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("isqrt() argument must be nonnegative")
    }
}

impl IntRef<'_> {
    /// `self ** exponent` for an exponent that is not negative.
    pub fn pow(self, exponent: IntRef<'_>) -> Result<Int, TooLarge> {
        debug_assert!(!exponent.negative, "the caller takes negative exponents to floats");
        if exponent.is_zero() {
            return Ok(Int::from(1i64));
        }
        let negative = self.negative && exponent.is_odd();
        if self.is_zero() || self.limbs == [1] {
            return Ok(Int { negative, limbs: self.limbs.to_vec() });
        }
        let Some(count) = exponent.to_u64() else { return Err(TooLarge) };
        // At least (bits - 1) * count bits come out, at most bits * count.
        if (self.bit_length() - 1).checked_mul(count).is_none_or(|bits| bits > MAX_BITS) {
            return Err(TooLarge);
        }
        Ok(Int { negative, limbs: pow(self.limbs, count) })
    }

    /// `pow(self, exponent, modulus)`.
    pub fn mod_pow(self, exponent: IntRef<'_>, modulus: IntRef<'_>) -> Result<Int, ModPowError> {
        if modulus.is_zero() {
            return Err(ModPowError::ZeroModulus);
        }
        if modulus.limbs == [1] {
            return Ok(Int::ZERO);
        }
        let ring = ConstDivisor::new(to_ubig(modulus.limbs));
        let mut base = ring.reduce(to_ubig(self.limbs));
        if self.negative {
            base = -base;
        }
        if exponent.negative {
            base = base.inv().ok_or(ModPowError::NotInvertible)?;
        }
        let residue = base.pow(&to_ubig(exponent.limbs)).residue();
        let mut limbs = residue.as_words().to_vec();
        if modulus.negative && !limbs.is_empty() {
            limbs = magnitude::sub(modulus.limbs, &limbs);
        }
        Ok(Int::new(modulus.negative, limbs))
    }

    /// `math.gcd(self, other)`.
    pub fn gcd(self, other: IntRef<'_>) -> Int {
        match (self.limbs, other.limbs) {
            ([], limbs) | (limbs, []) => Int { negative: false, limbs: limbs.to_vec() },
            (&[a], &[b]) => Int::from(gcd_small(a, b)),
            (a, b) => Int::new(false, to_ubig(a).gcd(to_ubig(b)).as_words().to_vec()),
        }
    }

    /// `math.isqrt(self)`.
    pub fn isqrt(self) -> Result<Int, NegativeSqrt> {
        if self.negative {
            return Err(NegativeSqrt);
        }
        Ok(match self.limbs {
            [] => Int::ZERO,
            &[limb] => Int::from(limb.isqrt()),
            limbs => Int::new(false, to_ubig(limbs).sqrt().as_words().to_vec()),
        })
    }
}

/// `base ** count` for a base above one and a count above zero.
fn pow(base: &[u64], count: u64) -> Vec<u64> {
    // Powers of two leave the product: 10**n is 5**n shifted.
    let twos = magnitude::trailing_zeros(base);
    let odd = shift_right(base, twos);
    let result = if odd == [1] { vec![1] } else { pow_odd(&odd, count) };
    super::bits::shift_left(&result, twos * count)
}

fn pow_odd(base: &[u64], count: u64) -> Vec<u64> {
    if magnitude::bit_length(base).saturating_mul(count) > 64 * 2 * super::multiply::OWN_LIMBS as u64 {
        return to_ubig(base).pow(count as usize).as_words().to_vec();
    }
    let mut result = base.to_vec();
    for bit in (0..63 - count.leading_zeros()).rev() {
        result = mul(&result, &result);
        if count >> bit & 1 == 1 {
            result = mul(&result, base);
        }
    }
    result
}

/// Binary gcd of two numbers that are not zero.
fn gcd_small(mut a: u64, mut b: u64) -> u64 {
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    loop {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
        if b == 0 {
            return a << shift;
        }
    }
}
