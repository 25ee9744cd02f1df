//! Functions of complex numbers. CPython: `Modules/cmathmodule.c`; C99, annex G for infinities, NaNs and zeros.
//! Invariant: branch cuts are continuous on the side that the sign of a zero names.

use std::f64::consts::{E, LN_2, LN_10, PI};

use crate::complex::Complex;

/// Why a function has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CmathError {
    /// "math domain error".
    Domain,
    /// "math range error".
    Range,
}

type Result = std::result::Result<Complex, CmathError>;
type Table = [[(f64, f64); 7]; 7];

const LARGE: f64 = f64::MAX / 4.0;
const SQRT_LARGE: f64 = 6.703_903_964_971_298e153;
const LOG_LARGE: f64 = 708.396_418_532_264_1;
const SQRT_TINY: f64 = 1.491_668_146_240_041_3e-154;
/// Powers of two that tiny parts are scaled by before a square root, and their root afterwards.
const SCALE_UP: f64 = 9_007_199_254_740_992.0;
const SCALE_DOWN: f64 = 7.450_580_596_923_828e-9;

const I: f64 = f64::INFINITY;
const N: f64 = f64::NAN;
const P14: f64 = 0.25 * PI;
const P12: f64 = 0.5 * PI;
const P34: f64 = 0.75 * PI;
/// Finite arguments never ask for it.
const U: (f64, f64) = (N, N);
const NN: (f64, f64) = (N, N);

// Rows and columns: real and imaginary part -inf, negative, -0, +0, positive, inf, nan.

#[rustfmt::skip]
const ACOS: Table = [
    [(P34, I), (PI, I), (PI, I), (PI, -I), (PI, -I), (P34, -I), (N, I)],
    [(P12, I), U, U, U, U, (P12, -I), NN],
    [(P12, I), U, (P12, 0.0), (P12, -0.0), U, (P12, -I), (P12, N)],
    [(P12, I), U, (P12, 0.0), (P12, -0.0), U, (P12, -I), (P12, N)],
    [(P12, I), U, U, U, U, (P12, -I), NN],
    [(P14, I), (0.0, I), (0.0, I), (0.0, -I), (0.0, -I), (P14, -I), (N, I)],
    [(N, I), NN, NN, NN, NN, (N, -I), NN],
];
#[rustfmt::skip]
const ACOSH: Table = [
    [(I, -P34), (I, -PI), (I, -PI), (I, PI), (I, PI), (I, P34), (I, N)],
    [(I, -P12), U, U, U, U, (I, P12), NN],
    [(I, -P12), U, (0.0, -P12), (0.0, P12), U, (I, P12), (N, P12)],
    [(I, -P12), U, (0.0, -P12), (0.0, P12), U, (I, P12), (N, P12)],
    [(I, -P12), U, U, U, U, (I, P12), NN],
    [(I, -P14), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, P14), (I, N)],
    [(I, N), NN, NN, NN, NN, (I, N), NN],
];
#[rustfmt::skip]
const ASINH: Table = [
    [(-I, -P14), (-I, -0.0), (-I, -0.0), (-I, 0.0), (-I, 0.0), (-I, P14), (-I, N)],
    [(-I, -P12), U, U, U, U, (-I, P12), NN],
    [(-I, -P12), U, (-0.0, -0.0), (-0.0, 0.0), U, (-I, P12), NN],
    [(I, -P12), U, (0.0, -0.0), (0.0, 0.0), U, (I, P12), NN],
    [(I, -P12), U, U, U, U, (I, P12), NN],
    [(I, -P14), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, P14), (I, N)],
    [(I, N), NN, (N, -0.0), (N, 0.0), NN, (I, N), NN],
];
#[rustfmt::skip]
const ATANH: Table = [
    [(-0.0, -P12), (-0.0, -P12), (-0.0, -P12), (-0.0, P12), (-0.0, P12), (-0.0, P12), (-0.0, N)],
    [(-0.0, -P12), U, U, U, U, (-0.0, P12), NN],
    [(-0.0, -P12), U, (-0.0, -0.0), (-0.0, 0.0), U, (-0.0, P12), (-0.0, N)],
    [(0.0, -P12), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, P12), (0.0, N)],
    [(0.0, -P12), U, U, U, U, (0.0, P12), NN],
    [(0.0, -P12), (0.0, -P12), (0.0, -P12), (0.0, P12), (0.0, P12), (0.0, P12), (0.0, N)],
    [(0.0, -P12), NN, NN, NN, NN, (0.0, P12), NN],
];
#[rustfmt::skip]
const COSH: Table = [
    [(I, N), U, (I, 0.0), (I, -0.0), U, (I, N), (I, N)],
    [NN, U, U, U, U, NN, NN],
    [(N, 0.0), U, (1.0, 0.0), (1.0, -0.0), U, (N, 0.0), (N, 0.0)],
    [(N, 0.0), U, (1.0, -0.0), (1.0, 0.0), U, (N, 0.0), (N, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [(I, N), U, (I, -0.0), (I, 0.0), U, (I, N), (I, N)],
    [NN, NN, (N, 0.0), (N, 0.0), NN, NN, NN],
];
#[rustfmt::skip]
const EXP: Table = [
    [(0.0, 0.0), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [NN, U, (1.0, -0.0), (1.0, 0.0), U, NN, NN],
    [NN, U, (1.0, -0.0), (1.0, 0.0), U, NN, NN],
    [NN, U, U, U, U, NN, NN],
    [(I, N), U, (I, -0.0), (I, 0.0), U, (I, N), (I, N)],
    [NN, NN, (N, -0.0), (N, 0.0), NN, NN, NN],
];
#[rustfmt::skip]
const LOG: Table = [
    [(I, -P34), (I, -PI), (I, -PI), (I, PI), (I, PI), (I, P34), (I, N)],
    [(I, -P12), U, U, U, U, (I, P12), NN],
    [(I, -P12), U, (-I, -PI), (-I, PI), U, (I, P12), NN],
    [(I, -P12), U, (-I, -0.0), (-I, 0.0), U, (I, P12), NN],
    [(I, -P12), U, U, U, U, (I, P12), NN],
    [(I, -P14), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, P14), (I, N)],
    [(I, N), NN, NN, NN, NN, (I, N), NN],
];
#[rustfmt::skip]
const SINH: Table = [
    [(I, N), U, (-I, -0.0), (-I, 0.0), U, (I, N), (I, N)],
    [NN, U, U, U, U, NN, NN],
    [(0.0, N), U, (-0.0, -0.0), (-0.0, 0.0), U, (0.0, N), (0.0, N)],
    [(0.0, N), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, N), (0.0, N)],
    [NN, U, U, U, U, NN, NN],
    [(I, N), U, (I, -0.0), (I, 0.0), U, (I, N), (I, N)],
    [NN, NN, (N, -0.0), (N, 0.0), NN, NN, NN],
];
#[rustfmt::skip]
const SQRT: Table = [
    [(I, -I), (0.0, -I), (0.0, -I), (0.0, I), (0.0, I), (I, I), (N, I)],
    [(I, -I), U, U, U, U, (I, I), NN],
    [(I, -I), U, (0.0, -0.0), (0.0, 0.0), U, (I, I), NN],
    [(I, -I), U, (0.0, -0.0), (0.0, 0.0), U, (I, I), NN],
    [(I, -I), U, U, U, U, (I, I), NN],
    [(I, -I), (I, -0.0), (I, -0.0), (I, 0.0), (I, 0.0), (I, I), (I, N)],
    [(I, -I), NN, NN, NN, NN, (I, I), NN],
];
#[rustfmt::skip]
const TANH: Table = [
    [(-1.0, 0.0), U, (-1.0, -0.0), (-1.0, 0.0), U, (-1.0, 0.0), (-1.0, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [(-0.0, N), U, (-0.0, -0.0), (-0.0, 0.0), U, (-0.0, N), (-0.0, N)],
    [(0.0, N), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, N), (0.0, N)],
    [NN, U, U, U, U, NN, NN],
    [(1.0, 0.0), U, (1.0, -0.0), (1.0, 0.0), U, (1.0, 0.0), (1.0, 0.0)],
    [NN, NN, (N, -0.0), (N, 0.0), NN, NN, NN],
];
#[rustfmt::skip]
const RECT: Table = [
    [(I, N), U, (-I, 0.0), (-I, -0.0), U, (I, N), (I, N)],
    [NN, U, U, U, U, NN, NN],
    [(0.0, 0.0), U, (-0.0, 0.0), (-0.0, -0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [(0.0, 0.0), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [(I, N), U, (I, -0.0), (I, 0.0), U, (I, N), (I, N)],
    [NN, NN, (N, 0.0), (N, 0.0), NN, NN, NN],
];

fn kind(x: f64) -> usize {
    match (x.is_nan(), x.is_finite(), x == 0.0, x.is_sign_negative()) {
        (true, ..) => 6,
        (_, false, _, negative) => {
            if negative {
                0
            } else {
                5
            }
        }
        (_, _, true, negative) => {
            if negative {
                2
            } else {
                3
            }
        }
        (_, _, _, negative) => {
            if negative {
                1
            } else {
                4
            }
        }
    }
}

/// What a table says of an argument that is not finite.
fn special(z: Complex, table: &Table) -> Option<Complex> {
    let finite = z.real.is_finite() && z.imaginary.is_finite();
    let (real, imaginary) = table[kind(z.real)][kind(z.imaginary)];
    (!finite).then(|| Complex::new(real, imaginary))
}

fn finite(z: Complex) -> bool {
    z.real.is_finite() && z.imaginary.is_finite()
}

/// An infinity times a number on the unit circle that lies on no axis.
fn infinite(size: f64, angle: f64) -> Complex {
    Complex::new(size.copysign(angle.cos()), size.copysign(angle.sin()))
}

/// Is the real part infinite and the imaginary part an angle on no axis?
fn is_ray(z: Complex) -> bool {
    z.real.is_infinite() && z.imaginary.is_finite() && z.imaginary != 0.0
}

fn domain(wrong: bool, result: Complex) -> Result {
    if wrong { Err(CmathError::Domain) } else { Ok(result) }
}

fn in_range(result: Complex) -> Result {
    match result.real.is_infinite() || result.imaginary.is_infinite() {
        true => Err(CmathError::Range),
        false => Ok(result),
    }
}

/// i * z turned back: the functions of an angle from those of an area.
fn turned(z: Complex) -> Complex {
    Complex::new(-z.imaginary, z.real)
}

fn turned_back(z: Complex) -> Complex {
    Complex::new(z.imaginary, -z.real)
}

fn is_large(z: Complex) -> bool {
    z.real.abs() > LARGE || z.imaginary.abs() > LARGE
}

/// log |2z| of a large number.
fn log_twice(z: Complex) -> f64 {
    (z.real / 2.0).hypot(z.imaginary / 2.0).ln() + LN_2 * 2.0
}

/// `cmath.acos`.
pub fn acos(z: Complex) -> Result {
    if let Some(result) = special(z, &ACOS) {
        return Ok(result);
    }
    if is_large(z) {
        let real = z.imaginary.abs().atan2(z.real);
        let size = log_twice(z);
        let imaginary = if z.real < 0.0 { -size.copysign(z.imaginary) } else { size.copysign(-z.imaginary) };
        return Ok(Complex::new(real, imaginary));
    }
    let one = sqrt(Complex::new(1.0 - z.real, -z.imaginary))?;
    let two = sqrt(Complex::new(1.0 + z.real, z.imaginary))?;
    let imaginary = asinh_real(two.real * one.imaginary - two.imaginary * one.real);
    Ok(Complex::new(2.0 * one.real.atan2(two.real), imaginary))
}

/// `cmath.acosh`.
pub fn acosh(z: Complex) -> Result {
    if let Some(result) = special(z, &ACOSH) {
        return Ok(result);
    }
    if is_large(z) {
        return Ok(Complex::new(log_twice(z), z.imaginary.atan2(z.real)));
    }
    let one = sqrt(Complex::new(z.real - 1.0, z.imaginary))?;
    let two = sqrt(Complex::new(z.real + 1.0, z.imaginary))?;
    let real = asinh_real(one.real * two.real + one.imaginary * two.imaginary);
    Ok(Complex::new(real, 2.0 * one.imaginary.atan2(two.real)))
}

/// `cmath.asin`.
pub fn asin(z: Complex) -> Result {
    asinh(turned(z)).map(turned_back)
}

/// `cmath.asinh`.
pub fn asinh(z: Complex) -> Result {
    if let Some(result) = special(z, &ASINH) {
        return Ok(result);
    }
    if is_large(z) {
        let size = log_twice(z);
        let real = if z.imaginary >= 0.0 { size.copysign(z.real) } else { -size.copysign(-z.real) };
        return Ok(Complex::new(real, z.imaginary.atan2(z.real.abs())));
    }
    let one = sqrt(Complex::new(1.0 + z.imaginary, -z.real))?;
    let two = sqrt(Complex::new(1.0 - z.imaginary, z.real))?;
    let real = asinh_real(one.real * two.imaginary - two.real * one.imaginary);
    let imaginary = z.imaginary.atan2(one.real * two.real - one.imaginary * two.imaginary);
    Ok(Complex::new(real, imaginary))
}

fn asinh_real(x: f64) -> f64 {
    libm::asinh(x)
}

/// `cmath.atan`.
pub fn atan(z: Complex) -> Result {
    atanh(turned(z)).map(turned_back)
}

/// `cmath.atanh`.
pub fn atanh(z: Complex) -> Result {
    if let Some(result) = special(z, &ATANH) {
        return Ok(result);
    }
    if z.real.is_sign_negative() {
        let result = atanh(Complex::new(-z.real, -z.imaginary))?;
        return Ok(Complex::new(-result.real, -result.imaginary));
    }
    let y = z.imaginary.abs();
    if z.real > SQRT_LARGE || y > SQRT_LARGE {
        let h = (z.real / 2.0).hypot(z.imaginary / 2.0);
        let imaginary = -P12.copysign(-z.imaginary);
        return Ok(Complex::new(z.real / 4.0 / h / h, imaginary));
    }
    if z.real == 1.0 && y < SQRT_TINY {
        if y == 0.0 {
            return Err(CmathError::Domain);
        }
        let real = -(y.sqrt() / y.hypot(2.0).sqrt()).ln();
        return Ok(Complex::new(real, (2f64.atan2(-y) / 2.0).copysign(z.imaginary)));
    }
    let x = 1.0 - z.real;
    let real = (4.0 * z.real / (x * x + y * y)).ln_1p() / 4.0;
    let imaginary = -(-2.0 * z.imaginary).atan2(x * (1.0 + z.real) - y * y) / 2.0;
    Ok(Complex::new(real, imaginary))
}

/// `cmath.cos`.
pub fn cos(z: Complex) -> Result {
    cosh(turned(z))
}

/// `cmath.cosh`.
pub fn cosh(z: Complex) -> Result {
    if !finite(z) {
        let mut result = special(z, &COSH).unwrap_or(z);
        if is_ray(z) {
            result = infinite(I, z.imaginary);
            result.imaginary = if z.real > 0.0 { result.imaginary } else { -result.imaginary };
        }
        return domain(z.imaginary.is_infinite() && !z.real.is_nan(), result);
    }
    let (sin, cos) = z.imaginary.sin_cos();
    in_range(match z.real.abs() > LOG_LARGE {
        true => {
            let x = z.real - 1f64.copysign(z.real);
            Complex::new(cos * libm::cosh(x) * E, sin * libm::sinh(x) * E)
        }
        false => Complex::new(cos * libm::cosh(z.real), sin * libm::sinh(z.real)),
    })
}

/// `cmath.exp`.
pub fn exp(z: Complex) -> Result {
    if !finite(z) {
        let mut result = special(z, &EXP).unwrap_or(z);
        if is_ray(z) {
            result = infinite(if z.real > 0.0 { I } else { 0.0 }, z.imaginary);
        }
        let wrong = z.imaginary.is_infinite() && (z.real.is_finite() || z.real == I);
        return domain(wrong, result);
    }
    let (sin, cos) = z.imaginary.sin_cos();
    in_range(match z.real > LOG_LARGE {
        true => {
            let length = (z.real - 1.0).exp();
            Complex::new(length * cos * E, length * sin * E)
        }
        false => {
            let length = z.real.exp();
            Complex::new(length * cos, length * sin)
        }
    })
}

/// `cmath.log` with one argument.
pub fn log(z: Complex) -> Result {
    if let Some(result) = special(z, &LOG) {
        return Ok(result);
    }
    let (x, y) = (z.real.abs(), z.imaginary.abs());
    let real = if x > LARGE || y > LARGE {
        (x / 2.0).hypot(y / 2.0).ln() + LN_2
    } else if x < f64::MIN_POSITIVE && y < f64::MIN_POSITIVE {
        if x == 0.0 && y == 0.0 {
            return Err(CmathError::Domain);
        }
        (x * SCALE_UP).hypot(y * SCALE_UP).ln() - 53.0 * LN_2
    } else {
        let h = x.hypot(y);
        if (0.71..=1.73).contains(&h) {
            let (more, less) = if x > y { (x, y) } else { (y, x) };
            ((more - 1.0) * (more + 1.0) + less * less).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok(Complex::new(real, z.imaginary.atan2(z.real)))
}

/// `cmath.log10`.
pub fn log10(z: Complex) -> Result {
    log(z).map(|result| Complex::new(result.real / LN_10, result.imaginary / LN_10))
}

/// `cmath.sin`.
pub fn sin(z: Complex) -> Result {
    sinh(turned(z)).map(turned_back)
}

/// `cmath.sinh`.
pub fn sinh(z: Complex) -> Result {
    if !finite(z) {
        let mut result = special(z, &SINH).unwrap_or(z);
        if is_ray(z) {
            result = infinite(I, z.imaginary);
            result.real = if z.real > 0.0 { result.real } else { -result.real };
        }
        return domain(z.imaginary.is_infinite() && !z.real.is_nan(), result);
    }
    let (sin, cos) = z.imaginary.sin_cos();
    in_range(match z.real.abs() > LOG_LARGE {
        true => {
            let x = z.real - 1f64.copysign(z.real);
            Complex::new(cos * libm::sinh(x) * E, sin * libm::cosh(x) * E)
        }
        false => Complex::new(cos * libm::sinh(z.real), sin * libm::cosh(z.real)),
    })
}

/// `cmath.sqrt`.
pub fn sqrt(z: Complex) -> Result {
    if let Some(result) = special(z, &SQRT) {
        return Ok(result);
    }
    if z.real == 0.0 && z.imaginary == 0.0 {
        return Ok(Complex::new(0.0, z.imaginary));
    }
    let (x, y) = (z.real.abs(), z.imaginary.abs());
    let s = if x < f64::MIN_POSITIVE && y < f64::MIN_POSITIVE {
        let x = x * SCALE_UP;
        (x + x.hypot(y * SCALE_UP)).sqrt() * SCALE_DOWN
    } else {
        let x = x / 8.0;
        2.0 * (x + x.hypot(y / 8.0)).sqrt()
    };
    let d = y / (2.0 * s);
    Ok(match z.real >= 0.0 {
        true => Complex::new(s, d.copysign(z.imaginary)),
        false => Complex::new(d, s.copysign(z.imaginary)),
    })
}

/// `cmath.tan`.
pub fn tan(z: Complex) -> Result {
    tanh(turned(z)).map(turned_back)
}

/// `cmath.tanh`.
pub fn tanh(z: Complex) -> Result {
    if !finite(z) {
        let mut result = special(z, &TANH).unwrap_or(z);
        if is_ray(z) {
            let (sin, cos) = z.imaginary.sin_cos();
            result = Complex::new(1f64.copysign(z.real), 0f64.copysign(2.0 * sin * cos));
        }
        return domain(z.imaginary.is_infinite() && z.real.is_finite(), result);
    }
    if z.real.abs() > LOG_LARGE {
        let (sin, cos) = z.imaginary.sin_cos();
        let imaginary = 4.0 * sin * cos * (-2.0 * z.real.abs()).exp();
        return Ok(Complex::new(1f64.copysign(z.real), imaginary));
    }
    let (tx, ty, cx) = (libm::tanh(z.real), z.imaginary.tan(), 1.0 / libm::cosh(z.real));
    let both = tx * ty;
    let below = 1.0 + both * both;
    Ok(Complex::new(tx * (1.0 + ty * ty) / below, ((ty / below) * cx) * cx))
}

/// `cmath.rect`.
pub fn rect(r: f64, phi: f64) -> Result {
    let z = Complex::new(r, phi);
    if !finite(z) {
        let mut result = special(z, &RECT).unwrap_or(z);
        if is_ray(z) {
            result = infinite(I, phi);
            if r < 0.0 {
                result = Complex::new(-result.real, -result.imaginary);
            }
        }
        return domain(r != 0.0 && !r.is_nan() && phi.is_infinite(), result);
    }
    if phi == 0.0 {
        return Ok(Complex::new(r, r * phi));
    }
    let (sin, cos) = phi.sin_cos();
    Ok(Complex::new(r * cos, r * sin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let root = sqrt(Complex::new(-4.0, -0.0)).unwrap();
        assert_eq!((root.real, root.imaginary), (0.0, -2.0));
        let e = exp(Complex::new(0.0, PI)).unwrap();
        assert_eq!(e.real, -1.0);
        assert_eq!(log(Complex::new(0.0, 0.0)).err(), Some(CmathError::Domain));
        assert_eq!(exp(Complex::new(1000.0, 1.0)).err(), Some(CmathError::Range));
        assert_eq!(SQRT_LARGE, LARGE.sqrt());
        assert_eq!(LOG_LARGE, LARGE.ln());
        assert_eq!(SQRT_TINY, f64::MIN_POSITIVE.sqrt());
        assert_eq!((SCALE_UP, SCALE_DOWN), (2f64.powi(53), 2f64.powi(-27)));
    }
}
