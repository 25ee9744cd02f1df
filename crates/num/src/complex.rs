//! Complex arithmetic, powers and text. CPython: `Objects/complexobject.c`.
//!
//! Invariant: signs of zeros, infinities and not-a-numbers come out as CPython 3.14's C code makes them.

use crate::float::{self, FormatFlags};

/// A complex number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imaginary: f64,
}

/// Why an operation has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplexError {
    /// ZeroDivisionError "division by zero".
    DivisionByZero,
    /// ZeroDivisionError "zero to a negative or complex power".
    ZeroPower,
    /// OverflowError "complex exponentiation".
    PowerOverflow,
    /// OverflowError "absolute value too large".
    AbsoluteOverflow,
}

impl std::fmt::Display for ComplexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ComplexError::DivisionByZero => "division by zero",
            ComplexError::ZeroPower => "zero to a negative or complex power",
            ComplexError::PowerOverflow => "complex exponentiation",
            ComplexError::AbsoluteOverflow => "absolute value too large",
        })
    }
}

/// Why a text is no complex number; both are ValueError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseComplexError {
    /// "complex() arg is a malformed string".
    Malformed,
    /// An underscore out of place: the caller says "could not convert string to complex: %R".
    Underscore,
}

impl Complex {
    /// A complex number of two parts.
    pub fn new(real: f64, imaginary: f64) -> Complex {
        Complex { real, imaginary }
    }

    fn is_zero(self) -> bool {
        self.real == 0.0 && self.imaginary == 0.0
    }

    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imaginary.is_infinite()
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imaginary.is_finite()
    }

    fn both_nan(self) -> bool {
        self.real.is_nan() && self.imaginary.is_nan()
    }

    /// Infinite parts as ones and the others as zeros, signs kept.
    fn boxed(self) -> Complex {
        let part = |x: f64| f64::from(u8::from(x.is_infinite())).copysign(x);
        Complex::new(part(self.real), part(self.imaginary))
    }

    /// Parts that are no numbers as zeros, signs kept.
    fn without_nan(self) -> Complex {
        let part = |x: f64| if x.is_nan() { 0.0f64.copysign(x) } else { x };
        Complex::new(part(self.real), part(self.imaginary))
    }

    /// `self + other`.
    pub fn add(self, other: Complex) -> Complex {
        Complex::new(self.real + other.real, self.imaginary + other.imaginary)
    }

    /// `self + x`; the imaginary part keeps its sign even if it is a zero.
    pub fn add_real(self, x: f64) -> Complex {
        Complex::new(self.real + x, self.imaginary)
    }

    /// `self - other`.
    pub fn sub(self, other: Complex) -> Complex {
        Complex::new(self.real - other.real, self.imaginary - other.imaginary)
    }

    /// `self - x`.
    pub fn sub_real(self, x: f64) -> Complex {
        Complex::new(self.real - x, self.imaginary)
    }

    /// `x - self`.
    pub fn real_sub(self, x: f64) -> Complex {
        Complex::new(x - self.real, -self.imaginary)
    }

    /// `self * other`, with the infinities that the plain formula loses (C11, annex G).
    pub fn mul(self, other: Complex) -> Complex {
        let (Complex { real: a, imaginary: b }, Complex { real: c, imaginary: d }) = (self, other);
        let (ac, bd, ad, bc) = (a * c, b * d, a * d, b * c);
        let product = Complex::new(ac - bd, ad + bc);
        if !product.both_nan() {
            return product;
        }
        let (mut z, mut w, mut again) = (self, other, false);
        if z.is_infinite() {
            (z, w, again) = (z.boxed(), w.without_nan(), true);
        }
        if w.is_infinite() {
            (w, z, again) = (w.boxed(), z.without_nan(), true);
        }
        if !again && [ac, bd, ad, bc].iter().any(|x| x.is_infinite()) {
            (z, w, again) = (z.without_nan(), w.without_nan(), true);
        }
        if !again {
            return product;
        }
        Complex::new(
            f64::INFINITY * (z.real * w.real - z.imaginary * w.imaginary),
            f64::INFINITY * (z.real * w.imaginary + z.imaginary * w.real),
        )
    }

    /// `self * x`.
    pub fn mul_real(self, x: f64) -> Complex {
        Complex::new(self.real * x, self.imaginary * x)
    }

    /// `self / other`.
    pub fn div(self, other: Complex) -> Result<Complex, ComplexError> {
        let (Complex { real: a, imaginary: b }, Complex { real: c, imaginary: d }) = (self, other);
        // Scaling by the larger part keeps the products in range.
        let mut quotient = if c.abs() >= d.abs() {
            if c == 0.0 {
                return Err(ComplexError::DivisionByZero);
            }
            let ratio = d / c;
            let denominator = c + d * ratio;
            Complex::new((a + b * ratio) / denominator, (b - a * ratio) / denominator)
        } else if d.abs() >= c.abs() {
            let ratio = c / d;
            let denominator = c * ratio + d;
            Complex::new((a * ratio + b) / denominator, (b * ratio - a) / denominator)
        } else {
            Complex::new(f64::NAN, f64::NAN)
        };
        if quotient.both_nan() {
            if self.is_infinite() && other.is_finite() {
                let Complex { real: x, imaginary: y } = self.boxed();
                quotient = Complex::new(f64::INFINITY * (x * c + y * d), f64::INFINITY * (y * c - x * d));
            } else if other.is_infinite() && self.is_finite() {
                let Complex { real: x, imaginary: y } = other.boxed();
                quotient = Complex::new(0.0 * (a * x + b * y), 0.0 * (b * x - a * y));
            }
        }
        Ok(quotient)
    }

    /// `self / x`.
    pub fn div_real(self, x: f64) -> Result<Complex, ComplexError> {
        if x == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        Ok(Complex::new(self.real / x, self.imaginary / x))
    }

    /// `x / self`.
    pub fn real_div(self, x: f64) -> Result<Complex, ComplexError> {
        let Complex { real: c, imaginary: d } = self;
        let mut quotient = if c.abs() >= d.abs() {
            if c == 0.0 {
                return Err(ComplexError::DivisionByZero);
            }
            let ratio = d / c;
            let denominator = c + d * ratio;
            Complex::new(x / denominator, (-x * ratio) / denominator)
        } else if d.abs() >= c.abs() {
            let ratio = c / d;
            let denominator = c * ratio + d;
            Complex::new((x * ratio) / denominator, -x / denominator)
        } else {
            Complex::new(f64::NAN, f64::NAN)
        };
        if quotient.both_nan() && self.is_infinite() && x.is_finite() {
            let boxed = self.boxed();
            quotient = Complex::new(0.0 * (x * boxed.real), 0.0 * (-x * boxed.imaginary));
        }
        Ok(quotient)
    }

    /// `self ** exponent`.
    pub fn pow(self, exponent: Complex) -> Result<Complex, ComplexError> {
        let whole = exponent.imaginary == 0.0 && exponent.real == exponent.real.floor();
        let power = if whole && exponent.real.abs() <= 100.0 {
            self.pow_int(exponent.real as i64)?
        } else {
            self.pow_polar(exponent)?
        };
        if power.is_infinite() {
            return Err(ComplexError::PowerOverflow);
        }
        Ok(power)
    }

    /// Small whole exponents by squaring: faster and closer than the polar way.
    fn pow_int(self, exponent: i64) -> Result<Complex, ComplexError> {
        let one = Complex::new(1.0, 0.0);
        let (mut power, mut square, mut rest) = (one, self, exponent.unsigned_abs());
        while rest > 0 {
            if rest & 1 == 1 {
                power = power.mul(square);
            }
            square = square.mul(square);
            rest >>= 1;
        }
        if exponent > 0 { Ok(power) } else { one.div(power).map_err(|_| ComplexError::ZeroPower) }
    }

    fn pow_polar(self, exponent: Complex) -> Result<Complex, ComplexError> {
        if exponent.is_zero() {
            return Ok(Complex::new(1.0, 0.0));
        }
        if self.is_zero() {
            let undefined = exponent.imaginary != 0.0 || exponent.real < 0.0;
            return if undefined { Err(ComplexError::ZeroPower) } else { Ok(Complex::new(0.0, 0.0)) };
        }
        let absolute = self.real.hypot(self.imaginary);
        let angle = self.imaginary.atan2(self.real);
        let (mut length, mut phase) = (absolute.powf(exponent.real), angle * exponent.real);
        if exponent.imaginary != 0.0 {
            length *= (-angle * exponent.imaginary).exp();
            phase += exponent.imaginary * absolute.ln();
        }
        // The C library's cosine of an infinity reports a domain error, which CPython takes for this one.
        if phase.is_infinite() {
            return Err(ComplexError::ZeroPower);
        }
        Ok(Complex::new(length * phase.cos(), length * phase.sin()))
    }

    /// `abs(self)`.
    pub fn abs(self) -> Result<f64, ComplexError> {
        if self.is_infinite() {
            return Ok(f64::INFINITY);
        }
        if !self.is_finite() {
            return Ok(f64::NAN);
        }
        let absolute = self.real.hypot(self.imaginary);
        if absolute.is_finite() { Ok(absolute) } else { Err(ComplexError::AbsoluteOverflow) }
    }

    /// `repr(self)`.
    pub fn repr(self) -> String {
        let part = |x, sign| float::format_float(x, 'r', 0, FormatFlags { sign, ..FormatFlags::default() });
        if self.real == 0.0 && self.real.is_sign_positive() {
            return format!("{}j", part(self.imaginary, false));
        }
        format!("({}{}j)", part(self.real, false), part(self.imaginary, true))
    }

    /// Parses as `complex(text)` does after white space is stripped and other digits have become ASCII.
    pub fn parse(text: &[u8]) -> Result<Complex, ParseComplexError> {
        let without: Vec<u8>;
        let text = if text.contains(&b'_') {
            without = float::strip_underscores(text).ok_or(ParseComplexError::Underscore)?;
            &without[..]
        } else {
            text
        };
        let text = match text {
            [b'(', inner @ .., b')'] => trim_space(inner),
            _ => text,
        };
        parse_parts(text).ok_or(ParseComplexError::Malformed)
    }
}

fn trim_space(text: &[u8]) -> &[u8] {
    let space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// A float, an imaginary, or a float and a signed imaginary, over the whole text.
fn parse_parts(text: &[u8]) -> Option<Complex> {
    let unit = |rest: &[u8]| match rest {
        [b'+', ..] => Some((1.0, 1)),
        [b'-', ..] => Some((-1.0, 1)),
        _ => None,
    };
    let is_j = |rest: &[u8]| matches!(rest, [b'j' | b'J']);
    let Some((first, length)) = float::prefix(text) else {
        let (imaginary, sign) = unit(text).unwrap_or((1.0, 0));
        return is_j(&text[sign..]).then_some(Complex::new(0.0, imaginary));
    };
    let rest = &text[length..];
    if rest.is_empty() {
        return Some(Complex::new(first, 0.0));
    }
    if is_j(rest) {
        return Some(Complex::new(0.0, first));
    }
    let (one, sign) = unit(rest)?;
    let (imaginary, length) = float::prefix(rest).unwrap_or((one, sign));
    is_j(&rest[length..]).then_some(Complex::new(first, imaginary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_both_ways() {
        let repr = |real, imaginary| Complex::new(real, imaginary).repr();
        assert_eq!(repr(0.0, -0.0), "-0j");
        assert_eq!(repr(-0.0, 0.0), "(-0+0j)");
        assert_eq!(repr(1e16, f64::NEG_INFINITY), "(1e+16-infj)");
        let parse = |text: &str| Complex::parse(text.as_bytes()).map(Complex::repr);
        // python3.14: repr(complex(text)); each of the others raises ValueError.
        for (text, expected) in [
            ("1_0+2_0j", "(10+20j)"),
            ("( 1+2j )", "(1+2j)"),
            ("-j", "-1j"),
            ("j", "1j"),
            ("1e5-J", "(100000-1j)"),
            ("-infj", "-infj"),
            ("nan+nanj", "(nan+nanj)"),
            ("1.5", "(1.5+0j)"),
        ] {
            assert_eq!(parse(text), Ok(expected.to_owned()), "{text}");
        }
        for text in ["", "1+2", "1 + 2j", "((1+2j))", "1j+2", "1+2jj", "(1", "+", "1++2j"] {
            assert_eq!(parse(text), Err(ParseComplexError::Malformed), "{text}");
        }
        assert_eq!(parse("1__0j"), Err(ParseComplexError::Underscore));
    }

    #[test]
    fn arithmetic() {
        let z = Complex::new(1.0, 2.0);
        // python3.14: (1+2j)**-3, 1/(inf+0j), (inf+infj)*(1j), inf/(1+1j), 2**1j
        assert_eq!(
            z.pow(Complex::new(-3.0, 0.0)).map(Complex::repr),
            Ok("(-0.08800000000000001+0.016j)".to_owned())
        );
        assert_eq!(Complex::new(f64::INFINITY, 0.0).real_div(1.0).map(Complex::repr), Ok("-0j".to_owned()));
        assert_eq!(
            Complex::new(f64::INFINITY, f64::INFINITY).mul(Complex::new(0.0, 1.5)).repr(),
            "(-inf+infj)"
        );
        assert_eq!(
            Complex::new(1.0, 1.0).real_div(f64::INFINITY).map(Complex::repr),
            Ok("(inf-infj)".to_owned())
        );
        assert_eq!(
            Complex::new(2.0, 0.0).pow(Complex::new(0.0, 1.0)).map(Complex::repr),
            Ok("(0.7692389013639721+0.6389612763136348j)".to_owned())
        );
        assert_eq!(z.div(Complex::new(0.0, 0.0)), Err(ComplexError::DivisionByZero));
        assert_eq!(Complex::new(0.0, 0.0).pow(Complex::new(-1.0, 0.0)), Err(ComplexError::ZeroPower));
        assert_eq!(Complex::new(1e308, 1e308).pow(Complex::new(5.0, 0.0)), Err(ComplexError::PowerOverflow));
        assert_eq!(Complex::new(1e308, 1.7e308).abs(), Err(ComplexError::AbsoluteOverflow));
    }
}
