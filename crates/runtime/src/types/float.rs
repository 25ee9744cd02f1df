//! `float`. CPython: `Objects/floatobject.c`.
//!
//! Most floats are immediate words; those with extreme exponents, -0.0, infinities and not-a-numbers are cells.
//! Invariant: -0.0 and the infinities exist once, every not-a-number is an object of its own and keeps its bits.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use taipan_macros::{Trace, class};
use taipan_num::bigint::{FloatRangeError, Int as BigInt};
use taipan_num::float::{self, HexError, PowError, RatioError};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception;
use crate::layout::Object;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::complex;
use crate::types::int;
use crate::types::str::Str;
use crate::types::type_::Class;
use crate::value::Value;

/// A float that is no immediate word, or an instance of a subclass of `float`.
#[derive(Trace)]
pub struct Float {
    value: f64,
}

/// -0.0 and both infinities; roots, made at first use.
static SINGLES: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

fn trace_singles(marker: &mut taipan_gc::Marker) {
    for single in &SINGLES {
        marker.value(single.load(Ordering::Relaxed));
    }
}

#[cold]
#[inline(never)]
fn heap_float(cx: &Context, x: f64) -> Value {
    let index = match x {
        f64::INFINITY => 0,
        f64::NEG_INFINITY => 1,
        0.0 => 2,
        _ => return cx.new_object(Float { value: x }).value(),
    };
    if let Some(single) = Value::from_bits(SINGLES[index].load(Ordering::Acquire)) {
        return single;
    }
    static TRACED: Once = Once::new();
    TRACED.call_once(|| cx.vm().add_tracer(trace_singles));
    let new = cx.new_object(Float { value: x }).value();
    // Of two threads that make it, both take the first one.
    match SINGLES[index].compare_exchange(0, new.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => new,
        Err(first) => Value::from_bits(first).unwrap_or(new),
    }
}

impl Context {
    /// A float.
    #[inline(always)]
    pub fn new_float(&self, x: f64) -> Value {
        match Value::immediate_float(x) {
            Some(value) => value,
            None => heap_float(self, x),
        }
    }
}

/// The value of a float or an instance of a subclass of it.
#[inline(always)]
pub fn as_float(value: Value) -> Option<f64> {
    match value.as_immediate_float() {
        Some(x) => Some(x),
        None => value.downcast::<Float>().map(|float| float.value),
    }
}

/// An operand of float arithmetic: a float or an int; None for other objects.
#[inline]
pub fn operand(cx: &Context, value: Value) -> Result<Option<f64>> {
    match as_float(value) {
        Some(x) => Ok(Some(x)),
        None if int::is_int(value) => int::to_f64(cx, value).map(Some),
        None => Ok(None),
    }
}

/// OverflowError with the C library's errno, as float powers raise it.
#[cold]
pub(crate) fn power_overflow(cx: &Context) -> Raised {
    let text = cx.new_str("Numerical result out of range").value();
    let error = cx.new_exception(exception::overflow_error, &[Value::int(34), text]);
    cx.raise(error)
}

#[cold]
fn division_by_zero(cx: &Context) -> Raised {
    cx.zero_division_error("division by zero")
}

/// The integer that a rounded float is.
pub(crate) fn to_int(cx: &Context, x: f64) -> Result {
    match BigInt::from_f64(x) {
        Ok(int) => Ok(int::from_int(cx, &int)),
        Err(error @ FloatRangeError::Infinity) => Err(cx.overflow_error(error.to_string())),
        Err(error @ FloatRangeError::Nan) => Err(cx.value_error(error.to_string())),
    }
}

/// `float(text)`.
pub fn from_text(cx: &mut Context, text: Gc<Str>) -> Result<f64> {
    parse(cx, &int::number_text(&text), text.value())
}

fn parse(cx: &mut Context, text: &[u8], original: Value) -> Result<f64> {
    match float::parse(text) {
        Some(x) => Ok(x),
        None => {
            let quoted = cx.repr(original)?;
            Err(cx.value_error(format!("could not convert string to float: {}", quoted.to_str())))
        }
    }
}

/// `float(value)`: `__float__`, `__index__`, text or bytes. CPython: `PyNumber_Float`.
pub fn from_object(cx: &mut Context, value: Value) -> Result<f64> {
    if let Some(x) = value.as_immediate_float() {
        return Ok(x);
    }
    let class = cx.class_of(value);
    if let Some(method) = class.slots.float.get() {
        let result = method(cx, value)?;
        return from_float_method(cx, value, result);
    }
    if class.slots.index.is_set() {
        let index = cx.index(value)?;
        return int::to_f64(cx, index);
    }
    if let Some(text) = value.downcast::<Str>() {
        return from_text(cx, text);
    }
    match crate::protocol::buffer::try_copy(cx, value)? {
        Some(bytes) => {
            let start = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count();
            let end = bytes.len()
                - bytes[start..].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count();
            parse(cx, &bytes[start..end], value)
        }
        None => {
            let found = cx.type_name(value);
            Err(cx.type_error(format!("float() argument must be a string or a real number, not '{found}'")))
        }
    }
}

/// Checks what `__float__` returned.
fn from_float_method(cx: &mut Context, value: Value, result: Value) -> Result<f64> {
    let Some(x) = as_float(result) else {
        let (owner, found) = (cx.type_name(value), cx.type_name(result));
        return Err(cx.type_error(format!("{owner}.__float__ returned non-float (type {found})")));
    };
    if !cx.is_exact::<Float>(result) {
        let (owner, found) = (cx.type_name(value), cx.type_name(result));
        let message = format!(
            "{owner}.__float__ returned non-float (type {found}).  The ability to return an instance of a strict \
             subclass of float is deprecated, and may be removed in a future version of Python."
        );
        cx.warn(exception::deprecation_warning, &message, 1)?;
    }
    Ok(x)
}

/// Two operands of float arithmetic, or NotImplemented.
macro_rules! operands {
    ($cx:ident, $a:ident, $b:ident) => {
        match (operand($cx, $a)?, operand($cx, $b)?) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

/// The same, for operations that fail for a divisor of zero.
macro_rules! divisor_operands {
    ($cx:ident, $a:ident, $b:ident) => {{
        let (a, b) = operands!($cx, $a, $b);
        if b == 0.0 {
            return Err(division_by_zero($cx));
        }
        (a, b)
    }};
}

/// The value of self, which descriptors and slots have checked.
fn this_float(this: Value) -> f64 {
    as_float(this).unwrap_or(f64::NAN)
}

/// An instance of `class`, which is float or a subclass of it, made as `class(x)` where it is one.
fn of_class(cx: &mut Context, class: Value, x: f64) -> Result {
    let x = cx.new_float(x);
    if class == Float::class_cell().get().value() { Ok(x) } else { cx.call(class, &[x]) }
}

/// Floating-point number of double precision.
///
/// float(text) reads a decimal number, 'inf' or 'nan'.
#[class(name = "float", kind = FLOAT, quick = crate::quick::new_float, flags = BASETYPE | MATCH_SELF, by_kind)]
impl Float {
    /// The number.
    #[inline(always)]
    pub fn get(&self) -> f64 {
        self.value
    }

    #[new("(x=0, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, x: Value) -> Result {
        if class == Float::class_cell().get() {
            if cx.is_exact::<Float>(x) {
                return Ok(x);
            }
            let x = from_object(cx, x)?;
            return Ok(cx.new_float(x));
        }
        let value = from_object(cx, x)?;
        Ok(cx.new_instance(class, Float { value }).value())
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, this: Value) -> Result<Gc<Str>> {
        Ok(cx.new_ascii(float::repr(this_float(this)).as_bytes()))
    }

    #[slot(hash)]
    fn hash(_cx: &mut Context, this: Value) -> Result<i64> {
        // Not-a-numbers are unequal to everything, so each may hash by its address.
        let by_address = || taipan_num::hash::hash_pointer(this.bits() as usize);
        Ok(taipan_num::hash::hash_f64(this_float(this)).unwrap_or_else(by_address))
    }

    #[slot(compare)]
    fn compare(_cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), y) = (as_float(a), as_float(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
        let order = match y {
            Some(y) => x.partial_cmp(&y),
            None if int::is_int(b) => {
                int::with_ref(b, |b| b.partial_cmp_f64(x)).map(std::cmp::Ordering::reverse)
            }
            None => return Ok(Value::NOT_IMPLEMENTED),
        };
        Ok(Value::bool(op.holds(order)))
    }

    #[slot(bool)]
    fn bool(_cx: &mut Context, this: Value) -> Result<bool> {
        Ok(this_float(this) != 0.0)
    }

    #[slot(int)]
    fn int(cx: &mut Context, this: Value) -> Result {
        to_int(cx, this_float(this))
    }

    #[slot(float)]
    fn float(cx: &mut Context, this: Value) -> Value {
        if cx.is_exact::<Float>(this) { this } else { cx.new_float(this_float(this)) }
    }

    #[slot(neg)]
    fn neg(_cx: &mut Context, this: Value) -> f64 {
        -this_float(this)
    }

    #[slot(pos)]
    fn pos(cx: &mut Context, this: Value) -> Value {
        if cx.is_exact::<Float>(this) { this } else { cx.new_float(this_float(this)) }
    }

    #[slot(abs)]
    fn abs(_cx: &mut Context, this: Value) -> f64 {
        this_float(this).abs()
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = operands!(cx, a, b);
        Ok(cx.new_float(a + b))
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = operands!(cx, a, b);
        Ok(cx.new_float(a - b))
    }

    #[slot(mul)]
    fn mul(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = operands!(cx, a, b);
        Ok(cx.new_float(a * b))
    }

    #[slot(truediv)]
    fn truediv(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = divisor_operands!(cx, a, b);
        Ok(cx.new_float(a / b))
    }

    #[slot(floordiv)]
    fn floordiv(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = divisor_operands!(cx, a, b);
        Ok(cx.new_float(float::floor_div(a, b)))
    }

    #[slot(rem)]
    fn rem(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = divisor_operands!(cx, a, b);
        Ok(cx.new_float(float::modulo(a, b)))
    }

    #[slot(divmod)]
    fn divmod(cx: &mut Context, a: Value, b: Value) -> Result {
        let (a, b) = divisor_operands!(cx, a, b);
        let (quotient, remainder) = float::divmod(a, b);
        let pair = [cx.new_float(quotient), cx.new_float(remainder)];
        Ok(cx.new_tuple(&pair).value())
    }

    #[slot(pow)]
    fn pow(cx: &mut Context, a: Value, b: Value, modulus: Value) -> Result {
        if !modulus.is_none() {
            return Err(cx.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
        }
        let (a, b) = operands!(cx, a, b);
        match float::pow(a, b) {
            Ok(power) => Ok(cx.new_float(power)),
            Err(PowError::ZeroToNegative) => Err(cx.zero_division_error("zero to a negative power")),
            Err(PowError::Overflow) => Err(power_overflow(cx)),
            Err(PowError::Complex) => complex::power(cx, a, b),
        }
    }

    /// The number itself: a float has no imaginary part.
    #[function("()")]
    fn conjugate(this: Value, cx: &mut Context) -> Value {
        Float::float(cx, this)
    }

    /// The number cut off after the point, as int.
    #[function("()")]
    fn __trunc__(this: Value, cx: &Context) -> Result {
        to_int(cx, this_float(this))
    }

    /// The greatest int that is not above the number.
    #[function("()")]
    fn __floor__(this: Value, cx: &Context) -> Result {
        to_int(cx, this_float(this).floor())
    }

    /// The least int that is not below the number.
    #[function("()")]
    fn __ceil__(this: Value, cx: &Context) -> Result {
        to_int(cx, this_float(this).ceil())
    }

    /// The number rounded to ndigits places, halves to even; an int where ndigits is None.
    #[function("(ndigits=None, /)")]
    fn __round__(this: Value, cx: &mut Context, ndigits: Value) -> Result {
        let x = this_float(this);
        if ndigits.is_none() {
            return to_int(cx, x.round_ties_even());
        }
        let digits = cx.index_i128(ndigits)?.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
        match float::round_digits(x, digits) {
            Ok(rounded) => Ok(cx.new_float(rounded)),
            Err(error) => Err(cx.overflow_error(error.to_string())),
        }
    }

    /// Whether the number has no fraction.
    #[function("()")]
    fn is_integer(this: Value) -> bool {
        float::is_integer(this_float(this))
    }

    /// The pair of ints without a common divisor whose quotient is exactly the number.
    ///
    /// >>> (0.375).as_integer_ratio()
    /// (3, 8)
    #[function("()")]
    fn as_integer_ratio(this: Value, cx: &Context) -> Result {
        match float::as_integer_ratio(this_float(this)) {
            Ok((numerator, denominator)) => {
                let pair = [int::from_int(cx, &numerator), int::from_int(cx, &denominator)];
                Ok(cx.new_tuple(&pair).value())
            }
            Err(error @ RatioError::Infinity) => Err(cx.overflow_error(error.to_string())),
            Err(error @ RatioError::Nan) => Err(cx.value_error(error.to_string())),
        }
    }

    /// The number in hexadecimal digits, without loss.
    ///
    /// >>> (0.15625).hex()
    /// '0x1.4000000000000p-3'
    #[function("()")]
    fn hex(this: Value) -> String {
        float::to_hex(this_float(this))
    }

    /// The number that hexadecimal text stands for.
    ///
    /// >>> float.fromhex('-0x1.8p4')
    /// -24.0
    #[classmethod("(string, /)")]
    fn fromhex(cx: &mut Context, class: Value, string: Value) -> Result {
        let Some(text) = string.downcast::<Str>() else {
            return Err(cx.type_error("bad argument type for built-in operation"));
        };
        // What is no byte is no hexadecimal digit either.
        let bytes: Vec<u8> = text.to_utf8(cx)?.into_owned().into_bytes();
        match float::from_hex(&bytes) {
            Ok(x) => of_class(cx, class, x),
            Err(error @ HexError::Invalid) => Err(cx.value_error(error.to_string())),
            Err(error @ HexError::TooLarge) => Err(cx.overflow_error(error.to_string())),
        }
    }

    /// The float of a real number; unlike the constructor, no text is read.
    #[classmethod("(number, /)")]
    fn from_number(cx: &mut Context, class: Value, number: Value) -> Result {
        if cx.is_exact::<Float>(number) && class == Float::class_cell().get().value() {
            return Ok(number);
        }
        let x = cx.float_value(number)?;
        of_class(cx, class, x)
    }

    /// How floats ('float') or doubles ('double') lie in memory.
    #[classmethod("(typestr, /)")]
    fn __getformat__(cx: &mut Context, _class: Value, typestr: Value) -> Result<&'static str> {
        let text = crate::types::str::expect_str(cx, typestr, "__getformat__() argument")?;
        if !text.is("double") && !text.is("float") {
            return Err(cx.value_error("__getformat__() argument 1 must be 'double' or 'float'"));
        }
        Ok(if cfg!(target_endian = "little") { "IEEE, little-endian" } else { "IEEE, big-endian" })
    }

    #[function("()")]
    fn __getnewargs__(this: Value, cx: &Context) -> Value {
        cx.new_tuple(&[cx.new_float(this_float(this))]).value()
    }

    /// The number as text, laid out as format_spec says.
    #[function("(format_spec, /)")]
    fn __format__(this: Value, cx: &mut Context, format_spec: Value) -> Result<Gc<Str>> {
        let spec = int::format_spec(cx, format_spec)?;
        if spec.is_empty() {
            return cx.str(this);
        }
        let name = cx.type_name(this);
        int::formatted(cx, taipan_num::format_spec::format_float(this_float(this), &*spec, &name))
    }

    #[function("()")]
    fn __sizeof__(this: Value) -> i64 {
        // A CPython float: reference count, type, value.
        let _ = this;
        24
    }

    /// The number itself.
    #[getter]
    fn real(this: Value, cx: &mut Context) -> Value {
        Float::float(cx, this)
    }

    /// Zero.
    #[getter]
    fn imag(this: Value) -> f64 {
        let _ = this;
        0.0
    }
}
