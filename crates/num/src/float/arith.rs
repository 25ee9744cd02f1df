//! Remainders, floored quotients and powers. CPython: `float_rem`, `_float_div_mod`, `float_pow` of
//! `Objects/floatobject.c`.
//!
//! Invariant: a remainder has the divisor's sign, zeros included; divisors are checked for zero by the caller, who
//! says "division by zero".

/// Why a float power is no float.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowError {
    /// ZeroDivisionError "zero to a negative power".
    ZeroToNegative,
    /// A negative base with a fractional exponent: the caller computes the complex power.
    Complex,
    /// OverflowError (34, "Numerical result out of range").
    Overflow,
}

/// `x % y` for a `y` that is not zero.
pub fn modulo(x: f64, y: f64) -> f64 {
    let remainder = x % y;
    if remainder == 0.0 {
        // Ensure the sign of zero follows the divisor.
        0.0f64.copysign(y)
    } else if (y < 0.0) != (remainder < 0.0) {
        remainder + y
    } else {
        remainder
    }
}

/// `divmod(x, y)` for a `y` that is not zero.
pub fn divmod(x: f64, y: f64) -> (f64, f64) {
    let mut remainder = x % y;
    // x - remainder is very nearly a multiple of y, so the quotient is very nearly whole.
    let mut quotient = (x - remainder) / y;
    if remainder == 0.0 {
        remainder = 0.0f64.copysign(y);
    } else if (y < 0.0) != (remainder < 0.0) {
        remainder += y;
        quotient -= 1.0;
    }
    let floored = if quotient == 0.0 {
        0.0f64.copysign(x / y)
    } else {
        let floored = quotient.floor();
        if quotient - floored > 0.5 { floored + 1.0 } else { floored }
    };
    (floored, remainder)
}

/// `x // y` for a `y` that is not zero.
pub fn floor_div(x: f64, y: f64) -> f64 {
    divmod(x, y).0
}

/// `base ** exponent`.
pub fn pow(base: f64, exponent: f64) -> Result<f64, PowError> {
    if exponent == 0.0 || base == 1.0 {
        return Ok(1.0);
    }
    if base.is_nan() {
        return Ok(base);
    }
    if exponent.is_nan() {
        return Ok(exponent);
    }
    if exponent.is_infinite() {
        let magnitude = base.abs();
        return Ok(if magnitude == 1.0 {
            1.0
        } else if (exponent > 0.0) == (magnitude > 1.0) {
            f64::INFINITY
        } else {
            0.0
        });
    }
    let odd = (exponent.abs() % 2.0) == 1.0;
    if base.is_infinite() {
        let magnitude = if exponent > 0.0 { f64::INFINITY } else { 0.0 };
        return Ok(if odd { magnitude.copysign(base) } else { magnitude });
    }
    if base == 0.0 {
        return if exponent < 0.0 { Err(PowError::ZeroToNegative) } else { Ok(if odd { base } else { 0.0 }) };
    }
    if base < 0.0 && exponent != exponent.floor() {
        return Err(PowError::Complex);
    }
    let result = base.abs().powf(exponent);
    if result.is_infinite() {
        return Err(PowError::Overflow);
    }
    Ok(if base < 0.0 && odd { -result } else { result })
}
