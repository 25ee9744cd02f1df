//! The class `int`: its slots and methods. CPython: `long_methods`, `long_as_number` of `Objects/longobject.c`.
//!
//! Invariant: operands may be immediate words, so everything takes plain values; results are exact ints.

use taipan_macros::class;
use taipan_num::bigint::{ByteOrder, DivisionByZero, Int as BigInt, IntRef, TooLarge};
use taipan_num::float::PowError;

use super::raw::{self, Int};
use super::{construct, digit_limit, exact, from_int, is_int, to_decimal, to_f64, with_ref, with_two};
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::names::id;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::bytes::Bytes;
use crate::types::str::{Str, StrBuilder};
use crate::types::type_::Class;
use crate::value::Value;

#[cold]
fn division_by_zero(cx: &Context) -> Raised {
    cx.zero_division_error("division by zero")
}

/// An operation of two ints that always has a value.
#[inline]
fn plain(cx: &Context, a: Value, b: Value, f: fn(IntRef<'_>, IntRef<'_>) -> BigInt) -> Value {
    if !is_int(a) || !is_int(b) {
        return Value::NOT_IMPLEMENTED;
    }
    from_int(cx, &with_two(a, b, f))
}

/// An operation that fails for a divisor of zero.
#[inline]
fn dividing(
    cx: &Context,
    a: Value,
    b: Value,
    f: fn(IntRef<'_>, IntRef<'_>) -> std::result::Result<BigInt, DivisionByZero>,
) -> Result {
    if !is_int(a) || !is_int(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match with_two(a, b, f) {
        Ok(int) => Ok(from_int(cx, &int)),
        Err(DivisionByZero) => Err(division_by_zero(cx)),
    }
}

/// A shift count: None for one that no `u64` holds.
fn shift_count(cx: &Context, count: Value) -> Result<Option<u64>> {
    if super::is_negative(count) {
        return Err(cx.value_error("negative shift count"));
    }
    Ok(with_ref(count, |int| int.to_u64()).filter(|&count| count <= i64::MAX as u64))
}

/// The named byte order, big where none is given.
fn byte_order(cx: &Context, function: &str, order: Value) -> Result<ByteOrder> {
    let Some(name) = order.downcast::<Str>() else {
        let found = cx.argument_type_name(order);
        return Err(cx.type_error(format!("{function}() argument 'byteorder' must be str, not {found}")));
    };
    if name.is("little") {
        Ok(ByteOrder::Little)
    } else if name.is("big") {
        Ok(ByteOrder::Big)
    } else {
        Err(cx.value_error("byteorder must be either 'little' or 'big'"))
    }
}

/// `a + b`, or `a - b` if `negate`.
fn sum(cx: &Context, a: Value, b: Value, negate: bool) -> Value {
    if !is_int(a) || !is_int(b) {
        return Value::NOT_IMPLEMENTED;
    }
    with_two(a, b, |a, b| {
        let b = if negate { b.negate() } else { b };
        super::quick::sum(cx, a, b)
    })
}

/// The content of a bytes-like object or of an iterable of small ints. CPython: `PyObject_Bytes`.
fn bytes_argument(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    if cx.exact::<Bytes>(value).is_none()
        && let Some(made) = cx.call_special(value, id::__bytes__, &[])?
    {
        let Some(bytes) = made.downcast::<Bytes>() else {
            let found = cx.type_name(made);
            return Err(cx.type_error(format!("__bytes__ returned non-bytes (type {found})")));
        };
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(bytes) = crate::protocol::buffer::try_copy(cx, value)? {
        return Ok(bytes.to_vec());
    }
    if value.downcast::<Str>().is_some() || !cx.is_iterable(value) {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("cannot convert '{found}' object to bytes")));
    }
    crate::types::bytes::ops::collect_bytes(cx, value, "bytes must be in range(0, 256)")
}

/// The text of a formatted number; raises what formatting did.
pub(crate) fn formatted(
    cx: &Context,
    result: std::result::Result<taipan_num::format_spec::Formatted, taipan_num::format_spec::FormatError>,
) -> Result<Gc<Str>> {
    let result = result.map_err(|error| crate::types::str::format::raise_format_error(cx, error))?;
    crate::types::str::sequence::check_memory(cx, result.len(), 1)?;
    match result.into_ascii() {
        Ok(text) => Ok(cx.new_ascii(text.as_bytes())),
        Err(wide) => {
            let mut text = StrBuilder::with_capacity(wide.len());
            wide.code_points().for_each(|code| text.push_char(code));
            Ok(text.finish(cx))
        }
    }
}

/// The specification that a `__format__` was given.
pub(crate) fn format_spec(cx: &Context, spec: Value) -> Result<Gc<Str>> {
    crate::types::str::expect_str(cx, spec, "__format__() argument")
}

/// `a ** b` for a negative `b`: as floats.
fn negative_power(cx: &Context, a: Value, b: Value) -> Result {
    let (base, exponent) = (to_f64(cx, a)?, to_f64(cx, b)?);
    match taipan_num::float::pow(base, exponent) {
        Ok(power) => Ok(cx.new_float(power)),
        Err(PowError::ZeroToNegative) => Err(cx.zero_division_error("zero to a negative power")),
        // A whole exponent never leaves the reals.
        Err(PowError::Complex | PowError::Overflow) => Err(crate::types::float::power_overflow(cx)),
    }
}

/// Whole number of any size.
///
/// int(number) cuts off the fraction; int(text, base) reads digits, and with base 0 a prefix says which.
///
/// >>> int('0b1101', base=0)
/// 13
#[class(name = "int", kind = INT, quick = crate::quick::new_int, flags = BASETYPE | MATCH_SELF | VARIABLE, by_kind, variable = super::raw::words)]
impl Int {
    #[new("(_x=<absent>, /, base=<absent>)", text = "")]
    fn new(cx: &mut Context, class: Gc<Class>, x: Option<Value>, base: Option<Value>) -> Result {
        let int = construct::construct(cx, x, base)?;
        if class == Int::class_cell().get() {
            return Ok(int);
        }
        Ok(with_ref(int, |int| raw::new_instance(cx, class, int)).value())
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, this: Value) -> Result<Gc<Str>> {
        to_decimal(cx, this)
    }

    #[slot(hash)]
    fn hash_slot(_cx: &mut Context, this: Value) -> Result<i64> {
        Ok(with_ref(this, |int| taipan_num::hash::hash_int(int)))
    }

    #[slot(compare)]
    fn compare(_cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        if !is_int(a) || !is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        Ok(Value::bool(op.holds(Some(with_two(a, b, |a, b| a.cmp(&b))))))
    }

    #[slot(bool)]
    fn bool(_cx: &mut Context, this: Value) -> Result<bool> {
        Ok(with_ref(this, |int| !int.is_zero()))
    }

    #[slot(int)]
    fn int(cx: &mut Context, this: Value) -> Value {
        exact(cx, this)
    }

    #[slot(index)]
    fn index(cx: &mut Context, this: Value) -> Value {
        exact(cx, this)
    }

    #[slot(float)]
    fn float(cx: &mut Context, this: Value) -> Result<f64> {
        to_f64(cx, this)
    }

    #[slot(neg)]
    fn neg(cx: &mut Context, this: Value) -> Value {
        with_ref(this, |int| super::from_ref(cx, int.negate()))
    }

    #[slot(pos)]
    fn pos(cx: &mut Context, this: Value) -> Value {
        exact(cx, this)
    }

    #[slot(abs)]
    fn abs(cx: &mut Context, this: Value) -> Value {
        with_ref(this, |int| super::from_ref(cx, int.magnitude()))
    }

    #[slot(invert)]
    fn invert(cx: &mut Context, this: Value) -> Value {
        from_int(cx, &with_ref(this, |int| int.invert()))
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Value {
        if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
            // The sum of two 63-bit numbers fits in 64 bits.
            return cx.new_int(a + b);
        }
        sum(cx, a, b, false)
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Value {
        if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
            return cx.new_int(a - b);
        }
        sum(cx, a, b, true)
    }

    #[slot(mul)]
    fn mul(cx: &mut Context, a: Value, b: Value) -> Value {
        if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
            return match a.checked_mul(b) {
                Some(product) => cx.new_int(product),
                None => cx.new_int_i128(i128::from(a) * i128::from(b)),
            };
        }
        plain(cx, a, b, |a, b| a.mul(b))
    }

    #[slot(truediv)]
    fn truediv(cx: &mut Context, a: Value, b: Value) -> Result {
        use taipan_num::bigint::TrueDivideError;
        if !is_int(a) || !is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        match with_two(a, b, |a, b| a.true_divide(b)) {
            Ok(quotient) => Ok(cx.new_float(quotient)),
            Err(error @ TrueDivideError::DivisionByZero) => Err(cx.zero_division_error(error.to_string())),
            Err(error @ TrueDivideError::TooLarge) => Err(cx.overflow_error(error.to_string())),
        }
    }

    #[slot(floordiv)]
    fn floordiv(cx: &mut Context, a: Value, b: Value) -> Result {
        if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int())
            && b != 0
        {
            let quotient = a / b;
            let inexact = a % b != 0 && (a < 0) != (b < 0);
            return Ok(cx.new_int(quotient - i64::from(inexact)));
        }
        dividing(cx, a, b, |a, b| a.floor_div(b))
    }

    #[slot(rem)]
    fn rem(cx: &mut Context, a: Value, b: Value) -> Result {
        if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int())
            && b != 0
        {
            let remainder = a % b;
            return Ok(cx.new_int(if remainder != 0 && (a < 0) != (b < 0) {
                remainder + b
            } else {
                remainder
            }));
        }
        dividing(cx, a, b, |a, b| a.modulo(b))
    }

    #[slot(divmod)]
    fn divmod(cx: &mut Context, a: Value, b: Value) -> Result {
        if !is_int(a) || !is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        match with_two(a, b, |a, b| a.divmod(b)) {
            Ok((quotient, remainder)) => {
                let pair = [from_int(cx, &quotient), from_int(cx, &remainder)];
                Ok(cx.new_tuple(&pair).value())
            }
            Err(DivisionByZero) => Err(division_by_zero(cx)),
        }
    }

    #[slot(pow)]
    fn pow(cx: &mut Context, a: Value, b: Value, modulus: Value) -> Result {
        if !is_int(a) || !is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if is_int(modulus) {
            if let Some(power) = super::quick::modular_power(a, b, modulus) {
                return Ok(power);
            }
            let power = with_two(a, b, |a, b| with_ref(modulus, |modulus| a.mod_pow(b, modulus)));
            return match power {
                Ok(power) => Ok(from_int(cx, &power)),
                Err(error) => Err(cx.value_error(error.to_string())),
            };
        }
        if !modulus.is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if super::is_negative(b) {
            return negative_power(cx, a, b);
        }
        if let Some(power) = super::quick::power(cx, a, b) {
            return Ok(power);
        }
        match with_two(a, b, |a, b| a.pow(b)) {
            Ok(power) => Ok(from_int(cx, &power)),
            Err(TooLarge) => Err(cx.memory_error()),
        }
    }

    #[slot(lshift)]
    fn lshift(cx: &mut Context, a: Value, b: Value) -> Result {
        if !is_int(a) || !is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let count = shift_count(cx, b)?;
        if with_ref(a, |int| int.is_zero()) {
            return Ok(Value::int(0));
        }
        let Some(count) = count else { return Err(cx.overflow_error("too many digits in integer")) };
        match with_ref(a, |a| a.shift_left(count)) {
            Ok(int) => Ok(from_int(cx, &int)),
            Err(TooLarge) => Err(cx.memory_error()),
        }
    }

    #[slot(rshift)]
    fn rshift(cx: &mut Context, a: Value, b: Value) -> Result {
        if !is_int(a) || !is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        // Beyond the number's length only its sign is left.
        let count = shift_count(cx, b)?.unwrap_or(u64::MAX);
        if let Some(a) = a.as_small_int() {
            return Ok(Value::int(a >> count.min(63)));
        }
        Ok(from_int(cx, &with_ref(a, |a| a.shift_right(count))))
    }

    #[slot(and)]
    fn and(cx: &mut Context, a: Value, b: Value) -> Value {
        plain(cx, a, b, |a, b| a.bit_and(b))
    }

    #[slot(xor)]
    fn xor(cx: &mut Context, a: Value, b: Value) -> Value {
        plain(cx, a, b, |a, b| a.bit_xor(b))
    }

    #[slot(or)]
    fn or(cx: &mut Context, a: Value, b: Value) -> Value {
        plain(cx, a, b, |a, b| a.bit_or(b))
    }

    /// The number of bits that the absolute value needs.
    ///
    /// >>> (1000).bit_length()
    /// 10
    #[function("()", quick = crate::quick::bit_length)]
    fn bit_length(this: Value) -> u64 {
        with_ref(this, |int| int.bit_length())
    }

    /// The number of ones among the bits of the absolute value.
    ///
    /// >>> (-255).bit_count()
    /// 8
    #[function("()", quick = crate::quick::bit_count)]
    fn bit_count(this: Value) -> u64 {
        with_ref(this, |int| int.bit_count())
    }

    /// The number itself: an int has no imaginary part.
    #[function("()")]
    fn conjugate(this: Value, cx: &Context) -> Value {
        exact(cx, this)
    }

    /// The pair (number, 1).
    ///
    /// >>> (-7).as_integer_ratio()
    /// (-7, 1)
    #[function("()")]
    fn as_integer_ratio(this: Value, cx: &Context) -> Value {
        cx.new_tuple(&[exact(cx, this), Value::int(1)]).value()
    }

    /// Always true, as for floats without a fraction.
    #[function("()")]
    fn is_integer(this: Value) -> bool {
        let _ = this;
        true
    }

    /// The number as length bytes; 'big' puts the high byte first, 'little' last.
    ///
    /// With signed, negative numbers are written in two's complement; without it they are refused.
    #[function("(length=1, byteorder='big', *, signed=False)", quick = crate::quick::to_bytes)]
    fn to_bytes(
        this: Value,
        cx: &mut Context,
        length: isize,
        byteorder: Value,
        signed: bool,
    ) -> Result<Vec<u8>> {
        let order = byte_order(cx, "to_bytes", byteorder)?;
        let Ok(length) = usize::try_from(length) else {
            return Err(cx.value_error("length argument must be non-negative"));
        };
        let mut bytes = cx.zeroed_bytes(length)?;
        match with_ref(this, |int| int.write_bytes(&mut bytes, order, signed)) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(cx.overflow_error(error.to_string())),
        }
    }

    /// The number that the bytes hold; 'big' says that the high byte comes first, 'little' last.
    ///
    /// With signed, the bytes are taken as two's complement.
    #[classmethod("(bytes, byteorder='big', *, signed=False)")]
    fn from_bytes(cx: &mut Context, class: Value, bytes: Value, byteorder: Value, signed: bool) -> Result {
        let order = byte_order(cx, "from_bytes", byteorder)?;
        let bytes = bytes_argument(cx, bytes)?;
        let int = BigInt::from_bytes(&bytes, order, signed);
        let int = from_int(cx, &int);
        if class == Int::class_cell().get().value() {
            return Ok(int);
        }
        cx.call(class, &[int])
    }

    /// The number rounded to a power of ten: ndigits below zero counts digits before the point.
    #[function("(ndigits=None, /)")]
    fn __round__(this: Value, cx: &mut Context, ndigits: Value) -> Result {
        if ndigits.is_none() {
            return Ok(exact(cx, this));
        }
        let digits = cx.index_i128(ndigits)?;
        if digits >= 0 {
            return Ok(exact(cx, this));
        }
        let rounded = with_ref(this, |int| {
            // 10^n is more than twice a number of 3n bits at most.
            let places = u64::try_from(-digits).ok().filter(|&places| places <= int.bit_length() / 3 + 1)?;
            let unit = BigInt::from(10i64).view().pow(BigInt::from(places).view()).ok()?;
            let (_, remainder) = int.divmod_near(unit.view()).ok()?;
            Some(int.sub(remainder.view()))
        });
        Ok(rounded.map_or(Value::int(0), |int| from_int(cx, &int)))
    }

    /// The number itself.
    #[function("()")]
    fn __trunc__(this: Value, cx: &Context) -> Value {
        exact(cx, this)
    }

    /// The number itself.
    #[function("()")]
    fn __floor__(this: Value, cx: &Context) -> Value {
        exact(cx, this)
    }

    /// The number itself.
    #[function("()")]
    fn __ceil__(this: Value, cx: &Context) -> Value {
        exact(cx, this)
    }

    /// The number as text, laid out as format_spec says.
    #[function("(format_spec, /)")]
    fn __format__(this: Value, cx: &mut Context, format_spec: Value) -> Result<Gc<Str>> {
        let spec = self::format_spec(cx, format_spec)?;
        if spec.is_empty() {
            return cx.str(this);
        }
        let name = cx.type_name(this);
        let result =
            with_ref(this, |int| taipan_num::format_spec::format_int(int, &*spec, &name, digit_limit()));
        formatted(cx, result)
    }

    #[function("()")]
    fn __getnewargs__(this: Value, cx: &Context) -> Value {
        cx.new_tuple(&[exact(cx, this)]).value()
    }

    /// The size that the same number has in CPython, whose digits have 30 bits.
    #[function("()")]
    fn __sizeof__(this: Value) -> u64 {
        24 + 4 * with_ref(this, |int| int.bit_length()).div_ceil(30).max(1)
    }

    /// The number itself.
    #[getter]
    fn real(this: Value, cx: &Context) -> Value {
        exact(cx, this)
    }

    /// Zero.
    #[getter]
    fn imag(this: Value) -> Value {
        let _ = this;
        Value::int(0)
    }

    /// The number itself.
    #[getter]
    fn numerator(this: Value, cx: &Context) -> Value {
        exact(cx, this)
    }

    /// One.
    #[getter]
    fn denominator(this: Value) -> Value {
        let _ = this;
        Value::int(1)
    }
}
