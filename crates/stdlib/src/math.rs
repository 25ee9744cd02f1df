//! `math`. CPython: `Modules/mathmodule.c`.
//!
//! Invariant: a result that is NaN for arguments that are not raises ValueError, one that is infinite for
//! finite arguments OverflowError, as CPython's `math_error` rules say.

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::int;

pub struct Math;

const DOMAIN: &str = "math domain error";
const RANGE: &str = "math range error";

/// CPython's `FUNC1`: `overflows` tells whether an infinite result of a finite argument is a range error.
fn checked(cx: &Context, x: f64, result: f64, overflows: bool) -> Result<f64> {
    if result.is_nan() && !x.is_nan() {
        return Err(cx.value_error(DOMAIN));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(if overflows { cx.overflow_error(RANGE) } else { cx.value_error(DOMAIN) });
    }
    Ok(result)
}

/// A domain error that names the argument, as CPython 3.14 words it.
fn expected(cx: &mut Context, what: &str, x: f64) -> Raised {
    let shown = taipan_num::float::repr(x);
    cx.value_error(format!("expected {what}, got {shown}"))
}

/// An int argument, through `__index__`.
fn index(cx: &mut Context, value: Value) -> Result {
    cx.index(value)
}

/// `floor`, `ceil`, `trunc`: the special method, else the float's.
fn rounded(cx: &mut Context, x: Value, method: Option<id::NameId>, round: fn(f64) -> f64) -> Result {
    if let (Some(method), None) = (method, x.as_immediate_float())
        && let Some(result) = cx.call_special(x, method, &[])?
    {
        return Ok(result);
    }
    let float = cx.float_value(x)?;
    float_to_int(cx, round(float))
}

fn float_to_int(cx: &Context, float: f64) -> Result {
    if float.is_nan() {
        return Err(cx.value_error("cannot convert float NaN to integer"));
    }
    match taipan_num::bigint::Int::from_f64(float) {
        Ok(whole) => Ok(int::from_int(cx, &whole)),
        Err(_) => Err(cx.overflow_error("cannot convert float infinity to integer")),
    }
}

/// `log` of a float or of an int of any size.
fn logarithm(cx: &mut Context, x: Value, log: fn(f64) -> f64, ln_2_pow: fn(f64) -> f64) -> Result<f64> {
    if cx.is_int(x) {
        if int::is_negative(x) || x.as_small_int() == Some(0) || x == Value::FALSE {
            return Err(cx.value_error("expected a positive input"));
        }
        let wide = int::with_ref(x, |x| x.to_f64());
        return Ok(match wide {
            Some(float) => log(float),
            None => {
                let (mantissa, exponent) = int::with_ref(x, |x| x.frexp());
                log(mantissa) + ln_2_pow(exponent as f64)
            }
        });
    }
    let float = cx.float_value(x)?;
    if float.is_nan() || float == f64::INFINITY {
        return Ok(float);
    }
    if float <= 0.0 {
        return Err(expected(cx, "a positive input", float));
    }
    Ok(log(float))
}

/// Mantissa in [0.5, 1) and exponent of a finite float that is not zero.
fn split(x: f64) -> (f64, i64) {
    let (mantissa, exponent) = libm::frexp(x);
    (mantissa, i64::from(exponent))
}

/// Points of `dist` and `hypot`, scaled so that no square overflows.
fn norm(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0f64, |m, v| if v.abs() > m || v.is_nan() { v.abs() } else { m });
    if values.iter().any(|v| v.is_infinite()) {
        return f64::INFINITY;
    }
    if values.iter().any(|v| v.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || values.len() <= 1 {
        return largest;
    }
    let (_, exponent) = split(largest);
    let scale = |v: f64, by: i64| libm::ldexp(v, by as i32);
    // Compensated sum of squares, then one Newton step on the root.
    let (mut sum, mut rest) = (1.0f64, 0.0f64);
    for value in values {
        let x = scale(value.abs(), -exponent);
        let square = x * x;
        let low = x.mul_add(x, -square);
        let next = sum + square;
        rest += (sum - next) + square + low;
        sum = next;
    }
    let total = sum - 1.0 + rest;
    let root = total.sqrt();
    let square = root * root;
    let low = root.mul_add(root, -square);
    let residual = ((sum - 1.0) - square) + (rest - low);
    scale(root + residual / (2.0 * root), exponent)
}

fn floats(cx: &mut Context, values: Value) -> Result<Vec<f64>> {
    let items = cx.collect(values)?;
    items.iter().map(|item| cx.float_value(*item)).collect()
}

/// `binary` on ints that cannot fail but by size.
fn int_op(cx: &mut Context, op: BinaryOp, a: Value, b: Value) -> Result {
    cx.binary(op, a, b)
}

/// Product of the ints from `low` to `high`, halves first so that the factors stay balanced.
fn product(cx: &mut Context, low: i64, high: i64) -> Result {
    cx.poll()?;
    if low > high {
        return Ok(Value::int(1));
    }
    if high - low < 8 {
        let mut total = cx.new_int(low);
        for factor in low + 1..=high {
            let factor = cx.new_int(factor);
            total = int_op(cx, BinaryOp::Mul, total, factor)?;
        }
        return Ok(total);
    }
    let middle = low + (high - low) / 2;
    let (left, right) = (product(cx, low, middle)?, product(cx, middle + 1, high)?);
    int_op(cx, BinaryOp::Mul, left, right)
}

fn non_negative(cx: &mut Context, value: Value, name: &str) -> Result {
    let value = index(cx, value)?;
    if int::is_negative(value) {
        return Err(cx.value_error(format!("{name} must be a non-negative integer")));
    }
    Ok(value)
}

/// Greatest common divisor of two ints.
fn gcd_two(cx: &mut Context, a: Value, b: Value) -> Result {
    let (a, b) = (index(cx, a)?, index(cx, b)?);
    if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
        let divisor = small_gcd(a.unsigned_abs(), b.unsigned_abs());
        return Ok(cx.new_int(divisor as i64));
    }
    let divisor = int::with_two(a, b, |a, b| a.gcd(b));
    Ok(int::from_int(cx, &divisor))
}

/// Binary gcd.
fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    a << shift
}

/// `gcd` of two immediate ints.
fn quick_gcd(cx: &Context, args: &[Option<Value>]) -> Option<Value> {
    let &[Some(a), Some(b)] = args else { return None };
    let divisor = small_gcd(a.as_small_int()?.unsigned_abs(), b.as_small_int()?.unsigned_abs());
    Some(cx.new_int(divisor as i64))
}

/// `sqrt` of an immediate number.
fn quick_sqrt(cx: &Context, args: &[Option<Value>]) -> Option<Value> {
    let &[Some(x)] = args else { return None };
    let x = x.as_immediate_float().or_else(|| x.as_small_int().map(|int| int as f64))?;
    (x >= 0.0).then(|| cx.new_float(x.sqrt()))
}

/// Neighbouring floats, `steps` away towards `y`.
fn step_towards(x: f64, y: f64, steps: u64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if y.is_nan() {
        return y;
    }
    // Floats in order of value as integers.
    let order = |f: f64| {
        let bits = f.to_bits() as i64;
        if bits < 0 { i64::MIN - bits } else { bits }
    };
    let (from, to) = (order(x), order(y));
    let distance = from.abs_diff(to);
    if steps >= distance {
        // Zero has the sign of the side that it was come from.
        return if y == 0.0 && x != 0.0 { y.copysign(x) } else { y };
    }
    let at = if to > from { from.wrapping_add(steps as i64) } else { from.wrapping_sub(steps as i64) };
    f64::from_bits(if at < 0 { (i64::MIN - at) as u64 } else { at as u64 }).copysign(if at == 0 {
        x
    } else {
        f64::from_bits(if at < 0 { 1 << 63 } else { 0 })
    })
}

/// This module provides access to the mathematical functions
/// defined by the C standard.
#[module("math")]
impl Math {
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

    /// Return the arc cosine (measured in radians) of x.
    #[function("(x, /)")]
    fn acos(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.abs() > 1.0 {
            return Err(expected(cx, "a number in range from -1 up to 1", x.0));
        }
        Ok(x.0.acos())
    }

    /// Return the inverse hyperbolic cosine of x.
    #[function("(x, /)")]
    fn acosh(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0 < 1.0 {
            return Err(expected(cx, "argument value not less than 1", x.0));
        }
        Ok(libm::acosh(x.0))
    }

    /// Return the arc sine (measured in radians) of x.
    #[function("(x, /)")]
    fn asin(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.abs() > 1.0 {
            return Err(expected(cx, "a number in range from -1 up to 1", x.0));
        }
        Ok(x.0.asin())
    }

    /// Return the inverse hyperbolic sine of x.
    #[function("(x, /)")]
    fn asinh(x: Real) -> f64 {
        libm::asinh(x.0)
    }

    /// Return the arc tangent (measured in radians) of x.
    #[function("(x, /)")]
    fn atan(x: Real) -> f64 {
        x.0.atan()
    }

    /// Return the arc tangent (measured in radians) of y/x.
    #[function("(y, x, /)")]
    fn atan2(y: Real, x: Real) -> f64 {
        y.0.atan2(x.0)
    }

    /// Return the inverse hyperbolic tangent of x.
    #[function("(x, /)")]
    fn atanh(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.abs() >= 1.0 {
            return Err(expected(cx, "a number between -1 and 1", x.0));
        }
        Ok(libm::atanh(x.0))
    }

    /// Return the cube root of x.
    #[function("(x, /)")]
    fn cbrt(x: Real) -> f64 {
        x.0.cbrt()
    }

    /// Return the ceiling of x as an Integral.
    #[function("(x, /)")]
    fn ceil(cx: &mut Context, x: Value) -> Result {
        rounded(cx, x, Some(id::__ceil__), f64::ceil)
    }

    /// Number of ways to choose k items from n items without repetition and without order.
    #[function("(n, k, /)")]
    fn comb(cx: &mut Context, n: Value, k: Value) -> Result {
        let (n, k) = (non_negative(cx, n, "n")?, non_negative(cx, k, "k")?);
        let rest = int_op(cx, BinaryOp::Sub, n, k)?;
        if int::is_negative(rest) {
            return Ok(Value::int(0));
        }
        let smaller = if cx.compare_bool(rest, k, CompareOp::Lt)? { rest } else { k };
        let Some(count) = cx.int_to_i64(smaller) else {
            return Err(cx.overflow_error("min(n - k, k) must not exceed 9223372036854775807"));
        };
        let mut total = Value::int(1);
        for step in 0..count {
            cx.poll()?;
            let factor = int_op(cx, BinaryOp::Sub, n, Value::int(step))?;
            total = int_op(cx, BinaryOp::Mul, total, factor)?;
            total = int_op(cx, BinaryOp::FloorDiv, total, Value::int(step + 1))?;
        }
        Ok(total)
    }

    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    #[function("(x, y, /)")]
    fn copysign(x: Real, y: Real) -> f64 {
        x.0.copysign(y.0)
    }

    /// Return the cosine of x (measured in radians).
    #[function("(x, /)")]
    fn cos(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.is_infinite() {
            return Err(expected(cx, "a finite input", x.0));
        }
        Ok(x.0.cos())
    }

    /// Return the hyperbolic cosine of x.
    #[function("(x, /)")]
    fn cosh(cx: &mut Context, x: Real) -> Result<f64> {
        checked(cx, x.0, libm::cosh(x.0), true)
    }

    /// Convert angle x from radians to degrees.
    #[function("(x, /)")]
    fn degrees(x: Real) -> f64 {
        x.0 * (180.0 / std::f64::consts::PI)
    }

    /// Return the Euclidean distance between two points p and q.
    #[function("(p, q, /)")]
    fn dist(cx: &mut Context, p: Value, q: Value) -> Result<f64> {
        let (p, q) = (floats(cx, p)?, floats(cx, q)?);
        if p.len() != q.len() {
            return Err(cx.value_error("both points must have the same number of dimensions"));
        }
        let gaps: Vec<f64> = p.iter().zip(&q).map(|(p, q)| p - q).collect();
        Ok(norm(&gaps))
    }

    /// Error function at x.
    #[function("(x, /)")]
    fn erf(x: Real) -> f64 {
        libm::erf(x.0)
    }

    /// Complementary error function at x.
    #[function("(x, /)")]
    fn erfc(x: Real) -> f64 {
        libm::erfc(x.0)
    }

    /// Return e raised to the power of x.
    #[function("(x, /)")]
    fn exp(cx: &mut Context, x: Real) -> Result<f64> {
        checked(cx, x.0, x.0.exp(), true)
    }

    /// Return 2 raised to the power of x.
    #[function("(x, /)")]
    fn exp2(cx: &mut Context, x: Real) -> Result<f64> {
        checked(cx, x.0, x.0.exp2(), true)
    }

    /// Return exp(x)-1.
    #[function("(x, /)")]
    fn expm1(cx: &mut Context, x: Real) -> Result<f64> {
        checked(cx, x.0, x.0.exp_m1(), true)
    }

    /// Return the absolute value of the float x.
    #[function("(x, /)")]
    fn fabs(x: Real) -> f64 {
        x.0.abs()
    }

    /// Find n!.
    #[function("(n, /)")]
    fn factorial(cx: &mut Context, n: Value) -> Result {
        let n = index(cx, n)?;
        if int::is_negative(n) {
            return Err(cx.value_error("factorial() not defined for negative values"));
        }
        match cx.int_to_i64(n) {
            Some(n) => product(cx, 1, n),
            None => Err(cx.overflow_error("factorial() argument should not exceed 9223372036854775807")),
        }
    }

    /// Return the floor of x as an Integral.
    #[function("(x, /)")]
    fn floor(cx: &mut Context, x: Value) -> Result {
        rounded(cx, x, Some(id::__floor__), f64::floor)
    }

    /// Fused multiply-add operation.
    #[function("(x, y, z, /)")]
    fn fma(cx: &mut Context, x: Real, y: Real, z: Real) -> Result<f64> {
        let result = x.0.mul_add(y.0, z.0);
        let finite = x.0.is_finite() && y.0.is_finite() && z.0.is_finite();
        if result.is_nan() && ![x.0, y.0, z.0].iter().any(|v| v.is_nan()) {
            return Err(cx.value_error("invalid operation in fma"));
        }
        if result.is_infinite() && finite {
            return Err(cx.overflow_error("overflow in fma"));
        }
        Ok(result)
    }

    /// Return fmod(x, y), according to platform C.
    #[function("(x, y, /)")]
    fn fmod(cx: &mut Context, x: Real, y: Real) -> Result<f64> {
        if y.0.is_infinite() && x.0.is_finite() {
            return Ok(x.0);
        }
        let result = x.0 % y.0;
        if result.is_nan() && !x.0.is_nan() && !y.0.is_nan() {
            return Err(cx.value_error(DOMAIN));
        }
        Ok(result)
    }

    /// Return the mantissa and exponent of x, as pair (m, e).
    #[function("(x, /)")]
    fn frexp(x: Real) -> (f64, i64) {
        if x.0 == 0.0 || !x.0.is_finite() { (x.0, 0) } else { split(x.0) }
    }

    /// Return an accurate floating-point sum of values in the iterable seq.
    #[function("(seq, /)")]
    fn fsum(cx: &mut Context, seq: Value) -> Result<f64> {
        let mut partials: Vec<f64> = Vec::new();
        let (mut special, mut infinities) = (0.0f64, 0.0f64);
        let iterator = cx.iter(seq)?;
        while let Some(item) = cx.next(iterator)? {
            let original = cx.float_value(item)?;
            let mut x = original;
            let mut kept = 0;
            for index in 0..partials.len() {
                let mut y = partials[index];
                if x.abs() < y.abs() {
                    std::mem::swap(&mut x, &mut y);
                }
                let high = x + y;
                let low = y - (high - x);
                if low != 0.0 {
                    partials[kept] = low;
                    kept += 1;
                }
                x = high;
            }
            partials.truncate(kept);
            if x != 0.0 {
                if !x.is_finite() {
                    if original.is_finite() {
                        return Err(cx.overflow_error("intermediate overflow in fsum"));
                    }
                    if original.is_infinite() {
                        infinities += original;
                    }
                    special += original;
                    partials.clear();
                } else {
                    partials.push(x);
                }
            }
        }
        if special != 0.0 {
            if infinities.is_nan() {
                return Err(cx.value_error("-inf + inf in fsum"));
            }
            return Ok(special);
        }
        Ok(round_partials(&mut partials))
    }

    /// Gamma function at x.
    #[function("(x, /)")]
    fn gamma(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0 == f64::NEG_INFINITY || (x.0 <= 0.0 && x.0 == x.0.floor()) {
            return Err(expected(cx, "a noninteger or positive integer", x.0));
        }
        checked(cx, x.0, taipan_num::gamma::gamma(x.0), true)
    }

    /// Greatest Common Divisor.
    #[function("(*integers)", quick = quick_gcd)]
    fn gcd(cx: &mut Context, integers: Gc<Tuple>) -> Result {
        let mut total = Value::int(0);
        for integer in integers.items() {
            total = gcd_two(cx, total, *integer)?;
        }
        Ok(total)
    }

    /// Multidimensional Euclidean distance from the origin to a point.
    #[function("(*coordinates)")]
    fn hypot(cx: &mut Context, coordinates: Gc<Tuple>) -> Result<f64> {
        let values = floats(cx, coordinates.value())?;
        Ok(norm(&values))
    }

    /// Determine whether two floating-point numbers are close in value.
    #[function("(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(cx: &mut Context, a: Real, b: Real, rel_tol: Real, abs_tol: Real) -> Result<bool> {
        if rel_tol.0 < 0.0 || abs_tol.0 < 0.0 {
            return Err(cx.value_error("tolerances must be non-negative"));
        }
        let (a, b) = (a.0, b.0);
        if a == b {
            return Ok(true);
        }
        if a.is_infinite() || b.is_infinite() {
            return Ok(false);
        }
        let gap = (b - a).abs();
        Ok(gap <= (rel_tol.0 * b).abs() || gap <= (rel_tol.0 * a).abs() || gap <= abs_tol.0)
    }

    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[function("(x, /)")]
    fn isfinite(x: Real) -> bool {
        x.0.is_finite()
    }

    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[function("(x, /)")]
    fn isinf(x: Real) -> bool {
        x.0.is_infinite()
    }

    /// Return True if x is a NaN (not a number), and False otherwise.
    #[function("(x, /)")]
    fn isnan(x: Real) -> bool {
        x.0.is_nan()
    }

    /// Return the integer part of the square root of the input.
    #[function("(n, /)")]
    fn isqrt(cx: &mut Context, n: Value) -> Result {
        let n = index(cx, n)?;
        match int::with_ref(n, |n| n.isqrt()) {
            Ok(root) => Ok(int::from_int(cx, &root)),
            Err(_) => Err(cx.value_error("isqrt() argument must be nonnegative")),
        }
    }

    /// Least Common Multiple.
    #[function("(*integers)")]
    fn lcm(cx: &mut Context, integers: Gc<Tuple>) -> Result {
        let mut total = Value::int(1);
        for integer in integers.items() {
            let integer = index(cx, *integer)?;
            if integer.as_small_int() == Some(0) {
                total = Value::int(0);
                continue;
            }
            let divisor = gcd_two(cx, total, integer)?;
            if divisor.as_small_int() == Some(0) {
                continue;
            }
            let quotient = int_op(cx, BinaryOp::FloorDiv, total, divisor)?;
            let multiple = int_op(cx, BinaryOp::Mul, quotient, integer)?;
            total = cx.abs(multiple)?;
        }
        Ok(total)
    }

    /// Return x * (2**i).
    #[function("(x, i, /)")]
    fn ldexp(cx: &mut Context, x: Real, i: Value) -> Result<f64> {
        if !cx.is_int(i) {
            return Err(cx.type_error("Expected an int as second argument to ldexp."));
        }
        if x.0 == 0.0 || !x.0.is_finite() {
            return Ok(x.0);
        }
        let exponent = cx.index_i128(i)?.clamp(-10_000, 10_000) as i64;
        let result = libm::ldexp(x.0, exponent as i32);
        if result.is_finite() { Ok(result) } else { Err(cx.overflow_error(RANGE)) }
    }

    /// Natural logarithm of absolute value of Gamma function at x.
    #[function("(x, /)")]
    fn lgamma(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.is_infinite() {
            return Ok(f64::INFINITY);
        }
        if x.0 <= 0.0 && x.0 == x.0.floor() {
            return Err(expected(cx, "a noninteger or positive integer", x.0));
        }
        checked(cx, x.0, taipan_num::gamma::ln_gamma(x.0), true)
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[function("(x, base=<absent>, /)")]
    fn log(cx: &mut Context, x: Value, base: Option<Value>) -> Result<f64> {
        let ln_2 = |exponent: f64| exponent * std::f64::consts::LN_2;
        let top = logarithm(cx, x, f64::ln, ln_2)?;
        let Some(base) = base else { return Ok(top) };
        let bottom = logarithm(cx, base, f64::ln, ln_2)?;
        if bottom == 0.0 {
            return Err(cx.zero_division_error("division by zero"));
        }
        Ok(top / bottom)
    }

    /// Return the base 10 logarithm of x.
    #[function("(x, /)")]
    fn log10(cx: &mut Context, x: Value) -> Result<f64> {
        logarithm(cx, x, f64::log10, |exponent| exponent * std::f64::consts::LOG10_2)
    }

    /// Return the natural logarithm of 1+x (base e).
    #[function("(x, /)")]
    fn log1p(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0 <= -1.0 {
            return Err(expected(cx, "argument value > -1", x.0));
        }
        Ok(x.0.ln_1p())
    }

    /// Return the base 2 logarithm of x.
    #[function("(x, /)")]
    fn log2(cx: &mut Context, x: Value) -> Result<f64> {
        logarithm(cx, x, f64::log2, |exponent| exponent)
    }

    /// Return the fractional and integer parts of x.
    #[function("(x, /)")]
    fn modf(x: Real) -> (f64, f64) {
        if x.0.is_infinite() {
            return (0.0f64.copysign(x.0), x.0);
        }
        let whole = x.0.trunc();
        ((x.0 - whole).copysign(x.0), whole)
    }

    /// Return the floating-point value the given number of steps after x towards y.
    #[function("(x, y, /, *, steps=None)")]
    fn nextafter(cx: &mut Context, x: Real, y: Real, steps: Value) -> Result<f64> {
        let steps = match steps.not_none() {
            None => 1,
            Some(steps) => {
                let steps = cx.index_i128(steps)?;
                if steps < 0 {
                    return Err(cx.value_error("steps must be a non-negative integer"));
                }
                u64::try_from(steps).unwrap_or(u64::MAX)
            }
        };
        if steps == 0 {
            return Ok(x.0);
        }
        Ok(step_towards(x.0, y.0, steps))
    }

    /// Number of ways to choose k items from n items without repetition and with order.
    #[function("(n, k=None, /)")]
    fn perm(cx: &mut Context, n: Value, k: Value) -> Result {
        let Some(k) = k.not_none() else { return Math::factorial(cx, n) };
        let (n, k) = (non_negative(cx, n, "n")?, non_negative(cx, k, "k")?);
        if cx.compare_bool(n, k, CompareOp::Lt)? {
            return Ok(Value::int(0));
        }
        let Some(count) = cx.int_to_i64(k) else {
            return Err(cx.overflow_error("k must not exceed 9223372036854775807"));
        };
        let mut total = Value::int(1);
        for step in 0..count {
            cx.poll()?;
            let factor = int_op(cx, BinaryOp::Sub, n, Value::int(step))?;
            total = int_op(cx, BinaryOp::Mul, total, factor)?;
        }
        Ok(total)
    }

    /// Return x**y (x to the power of y).
    #[function("(x, y, /)")]
    fn pow(cx: &mut Context, x: Real, y: Real) -> Result<f64> {
        let (x, y) = (x.0, y.0);
        let result = x.powf(y);
        if x.is_finite() && y.is_finite() {
            if result.is_nan() {
                return Err(cx.value_error(DOMAIN));
            }
            if result.is_infinite() {
                return Err(if x == 0.0 { cx.value_error(DOMAIN) } else { cx.overflow_error(RANGE) });
            }
        }
        Ok(result)
    }

    /// Calculate the product of all the elements in the input iterable.
    #[function("(iterable, /, *, start=1)")]
    fn prod(cx: &mut Context, iterable: Value, start: Value) -> Result {
        let mut total = start;
        let iterator = cx.iter(iterable)?;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            total = cx.binary(BinaryOp::Mul, total, item)?;
        }
        Ok(total)
    }

    /// Convert angle x from degrees to radians.
    #[function("(x, /)")]
    fn radians(x: Real) -> f64 {
        x.0 * (std::f64::consts::PI / 180.0)
    }

    /// Difference between x and the closest integer multiple of y.
    #[function("(x, y, /)")]
    fn remainder(cx: &mut Context, x: Real, y: Real) -> Result<f64> {
        let (x, y) = (x.0, y.0);
        if x.is_nan() || y.is_nan() {
            return Ok(if x.is_nan() { x } else { y });
        }
        if x.is_infinite() || y == 0.0 {
            return Err(cx.value_error(DOMAIN));
        }
        if y.is_infinite() {
            return Ok(x);
        }
        let (ax, ay) = (x.abs(), y.abs());
        let m = ax % ay;
        let c = ay - m;
        let r = if m < c {
            m
        } else if m > c {
            -c
        } else {
            m - 2.0 * ((0.5 * (ax - m)) % ay)
        };
        Ok(1.0f64.copysign(x) * r)
    }

    /// Return the sine of x (measured in radians).
    #[function("(x, /)")]
    fn sin(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.is_infinite() {
            return Err(expected(cx, "a finite input", x.0));
        }
        Ok(x.0.sin())
    }

    /// Return the hyperbolic sine of x.
    #[function("(x, /)")]
    fn sinh(cx: &mut Context, x: Real) -> Result<f64> {
        checked(cx, x.0, libm::sinh(x.0), true)
    }

    /// Return the square root of x.
    #[function("(x, /)", quick = quick_sqrt)]
    fn sqrt(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0 < 0.0 {
            return Err(expected(cx, "a nonnegative input", x.0));
        }
        Ok(x.0.sqrt())
    }

    /// Return the sum of products of values from two iterables p and q.
    #[function("(p, q, /)")]
    fn sumprod(cx: &mut Context, p: Value, q: Value) -> Result {
        let (p, q) = (cx.collect(p)?, cx.collect(q)?);
        if p.len() != q.len() {
            return Err(cx.value_error("Inputs are not the same length"));
        }
        let is_float = |v: &Value| v.as_immediate_float().is_some();
        if p.iter().chain(q.iter()).all(|v| is_float(v) || v.is_small_int())
            && p.iter().zip(q.iter()).any(|(a, b)| is_float(a) || is_float(b))
        {
            // Products and their sum in doubled precision (TripleLength in CPython).
            let (mut high, mut low, mut tiny) = (0.0f64, 0.0f64, 0.0f64);
            for (a, b) in p.iter().zip(q.iter()) {
                let (a, b) = (cx.float_value(*a)?, cx.float_value(*b)?);
                let product = a * b;
                let error = a.mul_add(b, -product);
                let two_sum = |a: f64, b: f64| {
                    let sum = a + b;
                    let z = sum - a;
                    (sum, (a - (sum - z)) + (b - z))
                };
                let (sum, r1) = two_sum(high, product);
                let (middle, r2) = two_sum(low, error);
                let (middle, r3) = two_sum(middle, r1);
                (high, low, tiny) = (sum, middle, tiny + r2 + r3);
            }
            let total = high + (low + tiny);
            if total.is_finite() {
                return Ok(cx.new_float(total));
            }
        }
        let mut total = Value::int(0);
        for (a, b) in p.iter().zip(q.iter()) {
            cx.poll()?;
            let product = cx.binary(BinaryOp::Mul, *a, *b)?;
            total = cx.binary(BinaryOp::Add, total, product)?;
        }
        Ok(total)
    }

    /// Return the tangent of x (measured in radians).
    #[function("(x, /)")]
    fn tan(cx: &mut Context, x: Real) -> Result<f64> {
        if x.0.is_infinite() {
            return Err(expected(cx, "a finite input", x.0));
        }
        Ok(x.0.tan())
    }

    /// Return the hyperbolic tangent of x.
    #[function("(x, /)")]
    fn tanh(x: Real) -> f64 {
        libm::tanh(x.0)
    }

    /// Truncates the Real x to the nearest Integral toward 0.
    #[function("(x, /)")]
    fn trunc(cx: &mut Context, x: Value) -> Result {
        if let Some(float) = x.as_immediate_float() {
            return float_to_int(cx, float.trunc());
        }
        match cx.call_special(x, id::__trunc__, &[])? {
            Some(result) => Ok(result),
            None => Err(cx.type_error(format!("type {} doesn't define __trunc__ method", cx.type_name(x)))),
        }
    }

    /// Return the value of the least significant bit of the float x.
    #[function("(x, /)")]
    fn ulp(x: Real) -> f64 {
        let x = x.0.abs();
        if x.is_nan() || x.is_infinite() {
            return x;
        }
        let next = step_towards(x, f64::INFINITY, 1);
        if next.is_infinite() { x - step_towards(x, f64::NEG_INFINITY, 1) } else { next - x }
    }
}

/// The correctly rounded sum of non-overlapping partials (smallest first).
fn round_partials(partials: &mut Vec<f64>) -> f64 {
    let Some(mut high) = partials.pop() else { return 0.0 };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    if let Some(below) = partials.last()
        && ((low < 0.0 && *below < 0.0) || (low > 0.0 && *below > 0.0))
    {
        // Half-way case: round to even looks one partial further.
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    high
}
