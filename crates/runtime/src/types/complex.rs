//! `complex`. CPython: `Objects/complexobject.c`.
//!
//! Invariant: an operation of a complex number with a real one leaves the other part's zero sign alone, as in C23.

use taipan_macros::{Trace, class};
use taipan_num::complex::{Complex as Number, ComplexError, ParseComplexError};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception;
use crate::layout::Object;
use crate::names::id;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::float::{self, as_float};
use crate::types::int;
use crate::types::str::Str;
use crate::types::type_::Class;
use crate::value::Value;

/// A complex number.
#[derive(Trace)]
pub struct Complex {
    re: f64,
    im: f64,
}

/// An operand of complex arithmetic.
enum Operand {
    Complex(Number),
    Real(f64),
}

impl Operand {
    /// A complex number, float or int; None for other objects.
    fn of(cx: &Context, value: Value) -> Result<Option<Operand>> {
        match value.downcast::<Complex>() {
            Some(complex) => Ok(Some(Operand::Complex(complex.number()))),
            None => Ok(float::operand(cx, value)?.map(Operand::Real)),
        }
    }

    fn number(self) -> Number {
        match self {
            Operand::Complex(number) => number,
            Operand::Real(x) => Number::new(x, 0.0),
        }
    }
}

fn raise(cx: &Context, error: ComplexError) -> Raised {
    let message = error.to_string();
    match error {
        ComplexError::DivisionByZero | ComplexError::ZeroPower => cx.zero_division_error(message),
        ComplexError::PowerOverflow | ComplexError::AbsoluteOverflow => cx.overflow_error(message),
    }
}

fn finish(cx: &Context, result: std::result::Result<Number, ComplexError>) -> Result {
    match result {
        Ok(number) => Ok(Complex::of(cx, number).value()),
        Err(error) => Err(raise(cx, error)),
    }
}

/// `base ** exponent` of floats whose power is complex.
pub(crate) fn power(cx: &Context, base: f64, exponent: f64) -> Result {
    finish(cx, Number::new(base, 0.0).pow(Number::new(exponent, 0.0)))
}

/// What `__complex__` returns, if the object has it.
fn special(cx: &mut Context, value: Value) -> Result<Option<Number>> {
    if let Some(complex) = cx.exact::<Complex>(value) {
        return Ok(Some(complex.number()));
    }
    let Some(result) = cx.call_special(value, id::__complex__, &[])? else { return Ok(None) };
    let Some(complex) = result.downcast::<Complex>() else {
        let found = cx.type_name(result);
        return Err(cx.type_error(format!("__complex__ returned non-complex (type {found})")));
    };
    if !cx.is_exact::<Complex>(result) {
        let found = cx.type_name(result);
        let message = format!(
            "__complex__ returned non-complex (type {found}).  The ability to return an instance of a strict subclass \
             of complex is deprecated, and may be removed in a future version of Python."
        );
        cx.warn(exception::deprecation_warning, &message, 1)?;
    }
    Ok(Some(complex.number()))
}

impl Complex {
    /// The number that an object stands for: `__complex__`, else what `float()` makes of it (`PyComplex_AsCComplex`).
    pub fn number_of(cx: &mut Context, value: Value) -> Result<Number> {
        if let Some(complex) = value.downcast::<Complex>() {
            return Ok(complex.number());
        }
        match special(cx, value)? {
            Some(number) => Ok(number),
            None => Ok(Number::new(cx.float_value(value)?, 0.0)),
        }
    }
}

/// `complex(text)`.
fn from_text(cx: &mut Context, text: Gc<Str>) -> Result<Number> {
    match Number::parse(&int::number_text(&text)) {
        Ok(number) => Ok(number),
        Err(ParseComplexError::Malformed) => Err(cx.value_error("complex() arg is a malformed string")),
        Err(ParseComplexError::Underscore) => {
            let quoted = cx.repr(text.value())?;
            Err(cx.value_error(format!("could not convert string to complex: {}", quoted.to_str())))
        }
    }
}

/// Whether `float()` takes the object for a number.
fn is_real(cx: &Context, value: Value) -> bool {
    let slots = &cx.class_of(value).slots;
    slots.float.is_set() || slots.index.is_set()
}

/// `complex(value)`.
fn from_one(cx: &mut Context, value: Value) -> Result<Number> {
    if let Some(text) = value.downcast::<Str>() {
        return from_text(cx, text);
    }
    if let Some(number) = special(cx, value)? {
        return Ok(number);
    }
    // Not what the `__float__` of a subclass says.
    if let Some(float) = as_float(value) {
        return Ok(Number::new(float, 0.0));
    }
    if !is_real(cx, value) {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("complex() argument must be a string or a number, not {found}")));
    }
    Ok(Number::new(float::from_object(cx, value)?, 0.0))
}

/// One of two parts; complex ones are deprecated.
fn part(cx: &mut Context, value: Value, name: &str, converted: Option<Number>) -> Result<Operand> {
    let message = |cx: &Context| {
        let found = cx.type_name(value);
        format!("complex() argument '{name}' must be a real number, not {found}")
    };
    let number = match converted {
        Some(number) => Some(number),
        None => value.downcast::<Complex>().map(|complex| complex.number()),
    };
    if let Some(number) = number {
        let message = message(cx);
        cx.warn(exception::deprecation_warning, &message, 1)?;
        return Ok(Operand::Complex(number));
    }
    if !is_real(cx, value) {
        return Err(cx.type_error(message(cx)));
    }
    Ok(Operand::Real(float::from_object(cx, value)?))
}

/// `complex(real, imag)`: `real + imag * 1j` for whatever numbers they are.
fn from_two(cx: &mut Context, real: Value, imag: Value) -> Result<Number> {
    let converted = special(cx, real)?;
    for (value, name) in [(real, "real"), (imag, "imag")] {
        let known = value.downcast::<Complex>().is_some() || (name == "real" && converted.is_some());
        if !known && !is_real(cx, value) {
            let found = cx.type_name(value);
            return Err(
                cx.type_error(format!("complex() argument '{name}' must be a real number, not {found}"))
            );
        }
    }
    let real = part(cx, real, "real", converted)?;
    let imag = part(cx, imag, "imag", None)?;
    let (mut re, mut im) = match (&real, &imag) {
        (Operand::Complex(a), Operand::Complex(b)) => (a.real, b.real),
        (Operand::Complex(a), Operand::Real(b)) => (a.real, *b),
        (Operand::Real(a), Operand::Complex(b)) => (*a, b.real),
        (Operand::Real(a), Operand::Real(b)) => (*a, *b),
    };
    if let Operand::Complex(imag) = imag {
        re -= imag.imaginary;
    }
    if let Operand::Complex(real) = real {
        im += real.imaginary;
    }
    Ok(Number::new(re, im))
}

/// Complex number: two floats, real and imag.
///
/// complex(text) reads it from text; complex(real, imag) puts it together.
#[class(name = "complex", kind = COMPLEX, flags = BASETYPE, by_kind)]
impl Complex {
    /// A complex number of two parts.
    pub fn new(cx: &Context, re: f64, im: f64) -> Gc<Complex> {
        cx.new_object(Complex { re, im })
    }

    fn of(cx: &Context, number: Number) -> Gc<Complex> {
        Complex::new(cx, number.real, number.imaginary)
    }

    /// The value.
    pub fn number(&self) -> Number {
        Number::new(self.re, self.im)
    }

    #[new("(real=<absent>, imag=<absent>)", text = "(real=0, imag=0)")]
    fn construct(cx: &mut Context, class: Gc<Class>, real: Option<Value>, imag: Option<Value>) -> Result {
        let exact = class == Complex::class_cell().get();
        let number = match (real, imag) {
            (None, None) => Number::new(0.0, 0.0),
            (Some(real), None) if exact && cx.is_exact::<Complex>(real) => return Ok(real),
            (Some(real), None) => from_one(cx, real)?,
            (real, Some(imag)) => from_two(cx, real.unwrap_or(Value::int(0)), imag)?,
        };
        if exact {
            return Ok(Complex::of(cx, number).value());
        }
        Ok(cx.new_instance(class, Complex { re: number.real, im: number.imaginary }).value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Gc<Str>> {
        Ok(cx.new_ascii(self.number().repr().as_bytes()))
    }

    #[slot(hash)]
    fn hash(this: Gc<Self>) -> i64 {
        // A part that is no number hashes by the address of the whole.
        let by_address = || taipan_num::hash::hash_pointer(this.address());
        let part = |x| taipan_num::hash::hash_f64(x).unwrap_or_else(by_address);
        taipan_num::hash::hash_complex(part(this.re), part(this.im))
    }

    #[slot(compare)]
    fn compare(_cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(z), CompareOp::Eq | CompareOp::Ne) = (a.downcast::<Complex>(), op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = if let Some(w) = b.downcast::<Complex>() {
            z.re == w.re && z.im == w.im
        } else if let Some(x) = as_float(b) {
            z.re == x && z.im == 0.0
        } else if int::is_int(b) {
            z.im == 0.0
                && int::with_ref(b, |b| b.partial_cmp_f64(z.re)).is_some_and(std::cmp::Ordering::is_eq)
        } else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[slot(bool)]
    fn bool(&self) -> bool {
        self.re != 0.0 || self.im != 0.0
    }

    #[slot(neg)]
    fn neg(&self, cx: &mut Context) -> Gc<Complex> {
        Complex::new(cx, -self.re, -self.im)
    }

    #[slot(pos)]
    fn pos(this: Gc<Self>, cx: &mut Context) -> Gc<Complex> {
        if cx.is_exact::<Complex>(this.value()) { this } else { Complex::of(cx, this.number()) }
    }

    #[slot(abs)]
    fn abs(&self, cx: &mut Context) -> Result<f64> {
        self.number().abs().map_err(|error| raise(cx, error))
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result {
        let (Some(a), Some(b)) = (Operand::of(cx, a)?, Operand::of(cx, b)?) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let sum = match (a, b) {
            (Operand::Complex(a), Operand::Complex(b)) => a.add(b),
            (Operand::Complex(z), Operand::Real(x)) | (Operand::Real(x), Operand::Complex(z)) => {
                z.add_real(x)
            }
            (Operand::Real(a), Operand::Real(b)) => Number::new(a + b, 0.0),
        };
        Ok(Complex::of(cx, sum).value())
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result {
        let (Some(a), Some(b)) = (Operand::of(cx, a)?, Operand::of(cx, b)?) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let difference = match (a, b) {
            (Operand::Complex(a), Operand::Complex(b)) => a.sub(b),
            (Operand::Complex(z), Operand::Real(x)) => z.sub_real(x),
            (Operand::Real(x), Operand::Complex(z)) => z.real_sub(x),
            (Operand::Real(a), Operand::Real(b)) => Number::new(a - b, 0.0),
        };
        Ok(Complex::of(cx, difference).value())
    }

    #[slot(mul)]
    fn mul(cx: &mut Context, a: Value, b: Value) -> Result {
        let (Some(a), Some(b)) = (Operand::of(cx, a)?, Operand::of(cx, b)?) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let product = match (a, b) {
            (Operand::Complex(a), Operand::Complex(b)) => a.mul(b),
            (Operand::Complex(z), Operand::Real(x)) | (Operand::Real(x), Operand::Complex(z)) => {
                z.mul_real(x)
            }
            (Operand::Real(a), Operand::Real(b)) => Number::new(a * b, 0.0),
        };
        Ok(Complex::of(cx, product).value())
    }

    #[slot(truediv)]
    fn truediv(cx: &mut Context, a: Value, b: Value) -> Result {
        let (Some(a), Some(b)) = (Operand::of(cx, a)?, Operand::of(cx, b)?) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let quotient = match (a, b) {
            (Operand::Complex(a), Operand::Complex(b)) => a.div(b),
            (a, Operand::Real(x)) => a.number().div_real(x),
            (Operand::Real(x), Operand::Complex(z)) => z.real_div(x),
        };
        finish(cx, quotient)
    }

    #[slot(pow)]
    fn pow(cx: &mut Context, a: Value, b: Value, modulus: Value) -> Result {
        let (Some(a), Some(b)) = (Operand::of(cx, a)?, Operand::of(cx, b)?) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !modulus.is_none() {
            return Err(cx.value_error("complex modulo"));
        }
        finish(cx, a.number().pow(b.number()))
    }

    /// The number with the other sign of the imaginary part.
    #[function("()")]
    fn conjugate(&self, cx: &Context) -> Gc<Complex> {
        Complex::new(cx, self.re, -self.im)
    }

    /// The number as an exact complex.
    #[function("()")]
    fn __complex__(this: Gc<Self>, cx: &mut Context) -> Gc<Complex> {
        Complex::pos(this, cx)
    }

    #[function("()")]
    fn __getnewargs__(&self) -> (f64, f64) {
        (self.re, self.im)
    }

    #[function("()")]
    fn __sizeof__(&self) -> i64 {
        // A CPython complex: reference count, type, two floats.
        32
    }

    /// The number as text, laid out as format_spec says.
    #[function("(format_spec, /)")]
    fn __format__(this: Gc<Self>, cx: &mut Context, format_spec: Value) -> Result<Gc<Str>> {
        let spec = int::format_spec(cx, format_spec)?;
        if spec.is_empty() {
            return cx.str(this.value());
        }
        let name = cx.type_name(this.value());
        int::formatted(cx, taipan_num::format_spec::format_complex(this.re, this.im, &*spec, &name))
    }

    /// The complex number of a number; unlike the constructor, no text is read.
    #[classmethod("(number, /)")]
    fn from_number(cx: &mut Context, class: Value, number: Value) -> Result {
        let exact = class == Complex::class_cell().get().value();
        if exact && cx.is_exact::<Complex>(number) {
            return Ok(number);
        }
        let value = match special(cx, number)? {
            Some(value) => value,
            None => match number.downcast::<Complex>() {
                Some(complex) => complex.number(),
                None => Number::new(cx.float_value(number)?, 0.0),
            },
        };
        let value = Complex::of(cx, value).value();
        if exact { Ok(value) } else { cx.call(class, &[value]) }
    }

    /// The real part.
    #[member]
    fn real(&self) -> f64 {
        self.re
    }

    /// The imaginary part.
    #[member]
    fn imag(&self) -> f64 {
        self.im
    }
}
