//! `cmath`. CPython: `Modules/cmathmodule.c`; the functions themselves are in `taipan_num::cmath`.
//!
//! Invariant: any number is taken for a complex one, through `__complex__` or `__float__`.

use taipan_num::cmath::{self, CmathError};
use taipan_num::complex::Complex as Number;
use taipan_runtime::prelude::*;
use taipan_runtime::types::complex::Complex;

pub struct Cmath;

/// An argument of any function here.
fn number(cx: &mut Context, z: Value) -> Result<Number> {
    Complex::number_of(cx, z)
}

fn finish(cx: &Context, result: std::result::Result<Number, CmathError>) -> Result {
    match result {
        Ok(number) => Ok(Complex::new(cx, number.real, number.imaginary).value()),
        Err(CmathError::Domain) => Err(cx.value_error("math domain error")),
        Err(CmathError::Range) => Err(cx.overflow_error("math range error")),
    }
}

fn apply(cx: &mut Context, z: Value, f: fn(Number) -> std::result::Result<Number, CmathError>) -> Result {
    let z = number(cx, z)?;
    finish(cx, f(z))
}

fn absolute(cx: &Context, z: Number) -> Result<f64> {
    z.abs().map_err(|_| cx.overflow_error("math range error"))
}

/// This module provides access to mathematical functions for complex numbers.
#[module("cmath")]
impl Cmath {
    #[constant("pi")]
    const PI: f64 = std::f64::consts::PI;
    #[constant("e")]
    const E: f64 = std::f64::consts::E;
    #[constant("tau")]
    const TAU: f64 = std::f64::consts::TAU;
    #[constant("inf")]
    const INF: f64 = f64::INFINITY;
    #[constant("nan")]
    const NAN: f64 = f64::NAN;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        for (name, imaginary) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let value = Complex::new(cx, 0.0, imaginary).value();
            module.dict().set_str(cx, cx.intern(name), value);
        }
        Ok(())
    }

    /// Return the arc cosine of z.
    #[function("(z, /)")]
    fn acos(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::acos)
    }

    /// Return the inverse hyperbolic cosine of z.
    #[function("(z, /)")]
    fn acosh(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::acosh)
    }

    /// Return the arc sine of z.
    #[function("(z, /)")]
    fn asin(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::asin)
    }

    /// Return the inverse hyperbolic sine of z.
    #[function("(z, /)")]
    fn asinh(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::asinh)
    }

    /// Return the arc tangent of z.
    #[function("(z, /)")]
    fn atan(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::atan)
    }

    /// Return the inverse hyperbolic tangent of z.
    #[function("(z, /)")]
    fn atanh(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::atanh)
    }

    /// Return the cosine of z.
    #[function("(z, /)")]
    fn cos(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::cos)
    }

    /// Return the hyperbolic cosine of z.
    #[function("(z, /)")]
    fn cosh(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::cosh)
    }

    /// Return the exponential value e**z.
    #[function("(z, /)")]
    fn exp(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::exp)
    }

    /// Return True if a and b differ by no more than rel_tol times the larger of them, or by no more than abs_tol.
    #[function("(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(cx: &mut Context, a: Value, b: Value, rel_tol: Real, abs_tol: Real) -> Result<bool> {
        let (a, b) = (number(cx, a)?, number(cx, b)?);
        if rel_tol.0 < 0.0 || abs_tol.0 < 0.0 {
            return Err(cx.value_error("tolerances must be non-negative"));
        }
        if a.real == b.real && a.imaginary == b.imaginary {
            return Ok(true);
        }
        let infinite = |z: Number| z.real.is_infinite() || z.imaginary.is_infinite();
        if infinite(a) || infinite(b) {
            return Ok(false);
        }
        let size = |z: Number| z.real.hypot(z.imaginary);
        let gap = size(a.sub(b));
        Ok(gap <= rel_tol.0 * size(b) || gap <= rel_tol.0 * size(a) || gap <= abs_tol.0)
    }

    /// Return True if both parts of z are finite.
    #[function("(z, /)")]
    fn isfinite(cx: &mut Context, z: Value) -> Result<bool> {
        number(cx, z).map(|z| z.real.is_finite() && z.imaginary.is_finite())
    }

    /// Return True if a part of z is infinite.
    #[function("(z, /)")]
    fn isinf(cx: &mut Context, z: Value) -> Result<bool> {
        number(cx, z).map(|z| z.real.is_infinite() || z.imaginary.is_infinite())
    }

    /// Return True if a part of z is not a number.
    #[function("(z, /)")]
    fn isnan(cx: &mut Context, z: Value) -> Result<bool> {
        number(cx, z).map(|z| z.real.is_nan() || z.imaginary.is_nan())
    }

    /// Return the logarithm of z to the given base, e if there is none.
    #[function("(z, base=<absent>, /)")]
    fn log(cx: &mut Context, z: Value, base: Option<Value>) -> Result {
        let z = number(cx, z)?;
        let base = base.map(|base| number(cx, base)).transpose()?;
        let result = cmath::log(z).and_then(|log| match base {
            None => Ok(log),
            Some(base) => log.div(cmath::log(base)?).map_err(|_| CmathError::Domain),
        });
        finish(cx, result)
    }

    /// Return the base-10 logarithm of z.
    #[function("(z, /)")]
    fn log10(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::log10)
    }

    /// Return the angle of z, from -pi to pi.
    #[function("(z, /)")]
    fn phase(cx: &mut Context, z: Value) -> Result<f64> {
        number(cx, z).map(|z| z.imaginary.atan2(z.real))
    }

    /// Return the length and the angle of z.
    #[function("(z, /)")]
    fn polar(cx: &mut Context, z: Value) -> Result<(f64, f64)> {
        let z = number(cx, z)?;
        Ok((absolute(cx, z)?, z.imaginary.atan2(z.real)))
    }

    /// Return the number of this length and angle.
    #[function("(r, phi, /)")]
    fn rect(cx: &mut Context, r: Real, phi: Real) -> Result {
        finish(cx, cmath::rect(r.0, phi.0))
    }

    /// Return the sine of z.
    #[function("(z, /)")]
    fn sin(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::sin)
    }

    /// Return the hyperbolic sine of z.
    #[function("(z, /)")]
    fn sinh(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::sinh)
    }

    /// Return the square root of z.
    #[function("(z, /)")]
    fn sqrt(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::sqrt)
    }

    /// Return the tangent of z.
    #[function("(z, /)")]
    fn tan(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::tan)
    }

    /// Return the hyperbolic tangent of z.
    #[function("(z, /)")]
    fn tanh(cx: &mut Context, z: Value) -> Result {
        apply(cx, z, cmath::tanh)
    }
}
