//! The class `Decimal`. CPython: `dec_*` and `nm_*` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: operators use the current context; methods the one that they are given, or else the current one.

use taipan_num::decimal::{Decimal, Logical, Room, Rounding, Short, Status};
use taipan_runtime::prelude::*;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::{float, int};

use super::object::{self, DecimalObject};
use super::operators::{self, Binary, Unary};
use super::{compare, context, convert, current, format, quick, state};

/// An operation on a number, in the context that is given.
fn with_context(cx: &mut Context, this: Gc<DecimalObject>, context: Value, op: Unary) -> Result {
    let context = current::or_given(cx, context)?;
    operators::apply_unary(cx, context, &this.number(), op)
}

/// The same with another operand.
fn with_other(cx: &mut Context, this: Gc<DecimalObject>, other: Value, context: Value, op: Binary) -> Result {
    let context = current::or_given(cx, context)?;
    operators::binary(cx, context, this.value(), other, op)
}

/// The number rounded to an integer.
fn integral(
    cx: &mut Context,
    this: Gc<DecimalObject>,
    rounding: Value,
    context: Value,
    exact: bool,
) -> Result {
    let context = current::or_given(cx, context)?;
    let mut settings = context.settings();
    if let Some(rounding) = rounding.not_none() {
        settings.rounding = context::rounding_of(cx, rounding)?;
    }
    let mut status = Status::default();
    let result = this.number().to_integral(exact, &settings, &mut status);
    context.finish(cx, result, status)
}

/// The number rounded to the exponent of another one.
fn quantize(
    cx: &mut Context,
    this: Gc<DecimalObject>,
    exp: Value,
    rounding: Value,
    context: Value,
) -> Result {
    let context = current::or_given(cx, context)?;
    let mut settings = context.settings();
    if let Some(rounding) = rounding.not_none() {
        settings.rounding = context::rounding_of(cx, rounding)?;
    }
    if let (Some(number), Some(pattern)) = (this.short(), object::short_of(exp)) {
        let mut status = Status::default();
        if let Some(result) = number.quantize(pattern, &settings, &mut status) {
            context.report(cx, status)?;
            return Ok(object::new_short(cx, result).value());
        }
    }
    let exp = convert::argument(cx, exp, context)?;
    operators::apply_binary(cx, context, &settings, (&this.number(), &exp), Decimal::quantize)
}

/// What a class method gives: the number, or what a subclass makes of it.
fn of_class(cx: &mut Context, class: Value, number: Gc<DecimalObject>) -> Result {
    if class == DecimalObject::class_cell().get().value() {
        return Ok(number.value());
    }
    cx.call(class, &[number.value()])
}

/// The number as text.
fn text(cx: &mut Context, this: Gc<DecimalObject>) -> Result<String> {
    let context = current::context(cx)?;
    Ok(this.number().to_text(false, context.capitals()))
}

/// The nearest float.
fn to_float(cx: &mut Context, this: Gc<DecimalObject>) -> Result<f64> {
    let number = this.number();
    if number.is_nan() {
        if number.is_snan() {
            return Err(cx.value_error("cannot convert signaling NaN to float"));
        }
        return Ok(if number.negative { -f64::NAN } else { f64::NAN });
    }
    if let Some(float) = number.to_f64_exactly() {
        return Ok(float);
    }
    let text = text(cx, this)?;
    let text = cx.new_str(&text);
    float::from_text(cx, text)
}

/// Numerator and denominator.
fn ratio(cx: &mut Context, this: Gc<DecimalObject>) -> Result {
    let number = this.number();
    if number.is_nan() {
        return Err(cx.value_error("cannot convert NaN to integer ratio"));
    }
    if number.is_infinite() {
        return Err(cx.overflow_error("cannot convert Infinity to integer ratio"));
    }
    match cx.blocking(|| number.to_ratio()) {
        Ok((numerator, denominator)) => {
            let numerator = int::from_int(cx, &numerator);
            let denominator = int::from_int(cx, &denominator);
            Ok(cx.new_tuple(&[numerator, denominator]).value())
        }
        Err(_) => Err(cx.memory_error()),
    }
}

/// `DecimalTuple`.
fn as_tuple(cx: &mut Context, this: Gc<DecimalObject>) -> Result {
    let number = this.number();
    let sign = Value::int(i64::from(number.negative));
    let (digits, exponent) = match number.finite() {
        Some((coefficient, exponent)) => (coefficient.to_digits(), cx.new_int(exponent)),
        None if number.is_infinite() => ("0".to_owned(), cx.intern("F").value()),
        None => {
            let payload = number.payload().filter(|payload| !payload.is_zero());
            let kind = if number.is_snan() { "N" } else { "n" };
            (payload.map_or_else(String::new, |payload| payload.to_digits()), cx.intern(kind).value())
        }
    };
    let digits: GVec<Value> = digits.bytes().map(|digit| Value::int(i64::from(digit - b'0'))).collect();
    let digits = cx.new_tuple(&digits).value();
    let class = state::get(cx).decimal_tuple();
    cx.call(class, &[sign, digits, exponent])
}

/// Construct a new Decimal object. 'value' can be an integer, string, tuple,
/// or another Decimal object. If no value is given, return Decimal('0'). The
/// context does not affect the conversion and is only passed to determine if
/// the InvalidOperation trap is active.
#[class(name = "Decimal", module = "decimal", quick = quick::new, flags = BASETYPE)]
impl DecimalObject {
    #[new("(value=<absent>, context=None)", text = "(value=\"0\", context=None)", unnamed)]
    fn make(cx: &mut Context, class: Gc<Class>, value: Option<Value>, context: Value) -> Result {
        let context = current::or_given(cx, context)?;
        let Some(value) = value else {
            return Ok(object::new_of(cx, class, Decimal::zero(false, 0)).value());
        };
        if let Some(number) = value.downcast::<DecimalObject>() {
            let plain = class == DecimalObject::class_cell().get();
            if plain && cx.is_exact::<DecimalObject>(value) {
                return Ok(value);
            }
            return Ok(object::copy_of(cx, class, number).value());
        }
        let number = convert::exact(cx, value, context)?;
        Ok(object::new_of(cx, class, number).value())
    }

    /// e to the power of the number, correctly rounded with ROUND_HALF_EVEN.
    #[function("(context=None)", unnamed)]
    fn exp(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::exp)
    }

    /// The natural logarithm, correctly rounded with ROUND_HALF_EVEN.
    #[function("(context=None)", unnamed)]
    fn ln(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::ln)
    }

    /// The logarithm to the base ten, correctly rounded with ROUND_HALF_EVEN.
    #[function("(context=None)", unnamed)]
    fn log10(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::log10)
    }

    /// The largest number of the context that is smaller.
    #[function("(context=None)", unnamed)]
    fn next_minus(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::next_minus)
    }

    /// The smallest number of the context that is larger.
    #[function("(context=None)", unnamed)]
    fn next_plus(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::next_plus)
    }

    /// The number without trailing zeros; all zeros become Decimal('0').
    #[function("(context=None)", unnamed)]
    fn normalize(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::reduce)
    }

    /// The nearest integer, without signaling Inexact or Rounded.
    #[function("(rounding=None, context=None)", unnamed)]
    fn to_integral(this: Gc<Self>, cx: &mut Context, rounding: Value, context: Value) -> Result {
        integral(cx, this, rounding, context, false)
    }

    /// The nearest integer; Inexact and Rounded are signaled.
    #[function("(rounding=None, context=None)", unnamed)]
    fn to_integral_exact(this: Gc<Self>, cx: &mut Context, rounding: Value, context: Value) -> Result {
        integral(cx, this, rounding, context, true)
    }

    /// The nearest integer, without signaling Inexact or Rounded.
    #[function("(rounding=None, context=None)", unnamed)]
    fn to_integral_value(this: Gc<Self>, cx: &mut Context, rounding: Value, context: Value) -> Result {
        integral(cx, this, rounding, context, false)
    }

    /// The square root to full precision, rounded with ROUND_HALF_EVEN.
    #[function("(context=None)", unnamed)]
    fn sqrt(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::sqrt)
    }

    /// -1, 0 or 1 as a Decimal; NaN if an operand is one.
    #[function("(other, context=None)", unnamed)]
    fn compare(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.compare(b, false, c, s))
    }

    /// As compare, but all NaNs signal.
    #[function("(other, context=None)", unnamed)]
    fn compare_signal(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.compare(b, true, c, s))
    }

    /// The larger of the two numbers; a quiet NaN gives way to a number.
    #[function("(other, context=None)", unnamed)]
    fn max(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.extreme(b, (true, false), c, s))
    }

    /// The larger of the two numbers without their signs; a quiet NaN gives way to a number.
    #[function("(other, context=None)", unnamed)]
    fn max_mag(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.extreme(b, (true, true), c, s))
    }

    /// The smaller of the two numbers; a quiet NaN gives way to a number.
    #[function("(other, context=None)", unnamed)]
    fn min(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.extreme(b, (false, false), c, s))
    }

    /// The smaller of the two numbers without their signs; a quiet NaN gives way to a number.
    #[function("(other, context=None)", unnamed)]
    fn min_mag(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.extreme(b, (false, true), c, s))
    }

    /// The neighbour of the number in the direction of the other one.
    #[function("(other, context=None)", unnamed)]
    fn next_toward(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, Decimal::next_toward)
    }

    /// The number rounded to the exponent of the other one.
    #[function("(exp, rounding=None, context=None)", unnamed, quick = quick::quantize)]
    fn quantize(this: Gc<Self>, cx: &mut Context, exp: Value, rounding: Value, context: Value) -> Result {
        quantize(cx, this, exp, rounding, context)
    }

    /// self - other * n, where n is the integer nearest to the exact quotient.
    #[function("(other, context=None)", unnamed)]
    fn remainder_near(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, Decimal::rem_near)
    }

    /// self * other + third, rounded once.
    #[function("(other, third, context=None)", unnamed)]
    fn fma(this: Gc<Self>, cx: &mut Context, other: Value, third: Value, context: Value) -> Result {
        let context = current::or_given(cx, context)?;
        operators::ternary(cx, context, (this.value(), other, third), Decimal::fma)
    }

    /// True: every Decimal is canonical.
    #[function("()")]
    fn is_canonical(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        let _ = this;
        true
    }

    /// Whether the number is neither infinite nor NaN.
    #[function("()")]
    fn is_finite(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        !this.nan() && !this.infinite()
    }

    /// Whether the number is infinite.
    #[function("()")]
    fn is_infinite(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        this.infinite()
    }

    /// Whether this is a NaN, quiet or signaling.
    #[function("()")]
    fn is_nan(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        this.nan()
    }

    /// Whether this is a quiet NaN.
    #[function("()")]
    fn is_qnan(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        this.number().is_qnan()
    }

    /// Whether this is a signaling NaN.
    #[function("()")]
    fn is_snan(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        this.number().is_snan()
    }

    /// Whether the sign is a minus; zeros and NaNs have one too.
    #[function("()")]
    fn is_signed(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        this.negative()
    }

    /// Whether the number is a zero.
    #[function("()")]
    fn is_zero(this: Gc<Self>, cx: &mut Context) -> bool {
        let _ = cx;
        this.zero()
    }

    /// Whether the number is a normal one in the context.
    #[function("(context=None)", unnamed)]
    fn is_normal(this: Gc<Self>, cx: &mut Context, context: Value) -> Result<bool> {
        let context = current::or_given(cx, context)?;
        Ok(this.number().is_normal(&context.settings()))
    }

    /// Whether the number is a subnormal one in the context.
    #[function("(context=None)", unnamed)]
    fn is_subnormal(this: Gc<Self>, cx: &mut Context, context: Value) -> Result<bool> {
        let context = current::or_given(cx, context)?;
        Ok(this.number().is_subnormal(&context.settings()))
    }

    /// The exponent of the first digit; 0 for infinities and NaNs.
    #[function("()")]
    fn adjusted(this: Gc<Self>, cx: &mut Context) -> i64 {
        let _ = cx;
        this.number().adjusted()
    }

    /// The number itself.
    #[function("()")]
    fn canonical(this: Gc<Self>, cx: &mut Context) -> Value {
        let _ = cx;
        this.value()
    }

    /// The number itself.
    #[function("()")]
    fn conjugate(this: Gc<Self>, cx: &mut Context) -> Value {
        let _ = cx;
        this.value()
    }

    /// Decimal(10).
    #[function("()")]
    fn radix(this: Gc<Self>, cx: &mut Context) -> Gc<DecimalObject> {
        let _ = this;
        object::new(cx, super::compare::radix())
    }

    /// The number without its sign, not rounded.
    #[function("()")]
    fn copy_abs(this: Gc<Self>, cx: &mut Context) -> Gc<DecimalObject> {
        object::new(cx, this.number().with_sign(false))
    }

    /// The number with the other sign, not rounded.
    #[function("()")]
    fn copy_negate(this: Gc<Self>, cx: &mut Context) -> Gc<DecimalObject> {
        object::new(cx, this.number().with_sign(!this.negative()))
    }

    /// The adjusted exponent as a Decimal.
    #[function("(context=None)", unnamed)]
    fn logb(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::logb)
    }

    /// The digits 0 and 1 exchanged, up to the precision.
    #[function("(context=None)", unnamed)]
    fn logical_invert(this: Gc<Self>, cx: &mut Context, context: Value) -> Result {
        with_context(cx, this, context, Decimal::invert)
    }

    /// The name of the number's class.
    #[function("(context=None)", unnamed)]
    fn number_class(this: Gc<Self>, cx: &mut Context, context: Value) -> Result<&'static str> {
        let context = current::or_given(cx, context)?;
        Ok(this.number().class(&context.settings()))
    }

    /// The number with an exponent that is a multiple of three.
    #[function("(context=None)", unnamed)]
    fn to_eng_string(this: Gc<Self>, cx: &mut Context, context: Value) -> Result<String> {
        let context = current::or_given(cx, context)?;
        Ok(this.number().to_text(true, context.capitals()))
    }

    /// -1, 0 or 1 in the total order of representations.
    #[function("(other, context=None)", unnamed)]
    fn compare_total(
        this: Gc<Self>,
        cx: &mut Context,
        other: Value,
        context: Value,
    ) -> Result<Gc<DecimalObject>> {
        let context = current::or_given(cx, context)?;
        let order = operators::relation(cx, context, this.value(), other, Decimal::total_order)?;
        Ok(object::new(cx, Decimal::of_order(order)))
    }

    /// As compare_total, without the signs.
    #[function("(other, context=None)", unnamed)]
    fn compare_total_mag(
        this: Gc<Self>,
        cx: &mut Context,
        other: Value,
        context: Value,
    ) -> Result<Gc<DecimalObject>> {
        let context = current::or_given(cx, context)?;
        let order = operators::relation(cx, context, this.value(), other, Decimal::total_order_magnitudes)?;
        Ok(object::new(cx, Decimal::of_order(order)))
    }

    /// The number with the sign of the other one, not rounded.
    #[function("(other, context=None)", unnamed)]
    fn copy_sign(
        this: Gc<Self>,
        cx: &mut Context,
        other: Value,
        context: Value,
    ) -> Result<Gc<DecimalObject>> {
        let context = current::or_given(cx, context)?;
        let copy = operators::relation(cx, context, this.value(), other, |a, b| a.with_sign(b.negative))?;
        Ok(object::new(cx, copy))
    }

    /// Whether both have one exponent, or are both infinite, or both NaN.
    #[function("(other, context=None)", unnamed)]
    fn same_quantum(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result<bool> {
        let context = current::or_given(cx, context)?;
        operators::relation(cx, context, this.value(), other, Decimal::same_quantum)
    }

    /// The digits' logical and.
    #[function("(other, context=None)", unnamed)]
    fn logical_and(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.logical(b, Logical::And, c, s))
    }

    /// The digits' logical or.
    #[function("(other, context=None)", unnamed)]
    fn logical_or(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.logical(b, Logical::Or, c, s))
    }

    /// The digits' logical xor.
    #[function("(other, context=None)", unnamed)]
    fn logical_xor(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, |a, b, c, s| a.logical(b, Logical::Xor, c, s))
    }

    /// The digits rotated within the precision, to the left where other is positive.
    #[function("(other, context=None)", unnamed)]
    fn rotate(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, Decimal::rotate)
    }

    /// The number with the exponent changed by other.
    #[function("(other, context=None)", unnamed)]
    fn scaleb(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, Decimal::scaleb)
    }

    /// The digits shifted within the precision, to the left where other is positive.
    #[function("(other, context=None)", unnamed)]
    fn shift(this: Gc<Self>, cx: &mut Context, other: Value, context: Value) -> Result {
        with_other(cx, this, other, context, Decimal::shift)
    }

    /// The exact value of a float or int.
    #[classmethod("(f, /)")]
    fn from_float(cx: &mut Context, class: Value, f: Value) -> Result {
        let context = current::context(cx)?;
        let number = convert::exact_float(cx, f, context)?;
        let number = object::new(cx, number);
        of_class(cx, class, number)
    }

    /// The exact value of a real number: an int, a float or a Decimal.
    #[classmethod("(number, /)")]
    fn from_number(cx: &mut Context, class: Value, number: Value) -> Result {
        let context = current::context(cx)?;
        let number = convert::exact_number(cx, number, context)?;
        of_class(cx, class, number)
    }

    /// The number as a named tuple of sign, digits and exponent.
    #[function("()")]
    fn as_tuple(this: Gc<Self>, cx: &mut Context) -> Result {
        as_tuple(cx, this)
    }

    /// The number as a fraction in lowest terms with a positive denominator.
    #[function("()")]
    fn as_integer_ratio(this: Gc<Self>, cx: &mut Context) -> Result {
        ratio(cx, this)
    }

    #[function("()")]
    fn __copy__(this: Gc<Self>) -> Value {
        this.value()
    }

    #[function("(object, /)")]
    fn __deepcopy__(this: Gc<Self>, object: Value) -> Value {
        let _ = object;
        this.value()
    }

    #[function("(fmtarg, override_=<absent>, /)", text = "", unnamed)]
    fn __format__(this: Gc<Self>, cx: &mut Context, fmtarg: Value, override_: Option<Value>) -> Result {
        format::format(cx, this, fmtarg, override_)
    }

    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Result {
        let text = text(cx, this)?;
        let text = cx.new_str(&text).value();
        let arguments = cx.new_tuple(&[text]).value();
        let class = cx.class_of(this.value()).value();
        Ok(cx.new_tuple(&[class, arguments]).value())
    }

    #[function("(ndigits=<absent>, /)", text = "", unnamed)]
    fn __round__(this: Gc<Self>, cx: &mut Context, ndigits: Option<Value>) -> Result {
        let Some(places) = ndigits else {
            return operators::to_int(cx, &this.number(), Rounding::HalfEven);
        };
        let context = current::context(cx)?;
        if !cx.is_int(places) {
            return Err(cx.type_error("optional arg must be an integer"));
        }
        let places = convert::ssize(cx, places)?;
        let exponent = places.checked_neg().unwrap_or(i64::MAX);
        if let Some(short) = this.short() {
            let pattern = Short { negative: false, coefficient: 1, exponent };
            let mut status = Status::default();
            if let Some(result) = short.quantize(pattern, &context.settings(), &mut status) {
                context.report(cx, status)?;
                return Ok(object::new_short(cx, result).value());
            }
        }
        let pattern = Decimal::one().with_exponent(exponent);
        operators::apply_binary(
            cx,
            context,
            &context.settings(),
            (&this.number(), &pattern),
            Decimal::quantize,
        )
    }

    #[function("()")]
    fn __ceil__(this: Gc<Self>, cx: &mut Context) -> Result {
        operators::to_int(cx, &this.number(), Rounding::Ceiling)
    }

    #[function("()")]
    fn __floor__(this: Gc<Self>, cx: &mut Context) -> Result {
        operators::to_int(cx, &this.number(), Rounding::Floor)
    }

    #[function("()")]
    fn __trunc__(this: Gc<Self>, cx: &mut Context) -> Result {
        operators::to_int(cx, &this.number(), Rounding::Down)
    }

    #[function("()")]
    fn __complex__(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Complex>> {
        let real = to_float(cx, this)?;
        Ok(Complex::new(cx, real, 0.0))
    }

    #[function("()")]
    fn __sizeof__(this: Gc<Self>) -> usize {
        /// Of the object itself, as in CPython.
        const PLAIN: usize = 104;
        PLAIN + this.number().finite().map_or(0, |(coefficient, _)| coefficient.bytes())
    }

    #[getter]
    fn real(this: Gc<Self>) -> Value {
        this.value()
    }

    #[getter]
    fn imag(this: Gc<Self>, cx: &mut Context) -> Gc<DecimalObject> {
        let _ = this;
        object::new(cx, Decimal::zero(false, 0))
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let text = text(cx, this)?;
        Ok(cx.new_str(&format!("Decimal('{text}')")).value())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result {
        let context = current::context(cx)?;
        let mut room: Room = [0; 72];
        if let Some(short) = this.short()
            && let Some(length) = short.write(context.capitals(), &mut room)
        {
            return Ok(cx.new_ascii(&room[..length]).value());
        }
        let text = this.number().to_text(false, context.capitals());
        Ok(cx.new_ascii(text.as_bytes()).value())
    }

    #[slot(hash)]
    fn hash(this: Gc<Self>, cx: &mut Context) -> Result<i64> {
        let number = this.number();
        if number.is_snan() {
            return Err(cx.type_error("Cannot hash a signaling NaN value"));
        }
        Ok(compare::hash(&number).unwrap_or_else(|| taipan_num::hash::hash_pointer(this.address())))
    }

    #[slot(compare)]
    fn compare_with(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        compare::compare(cx, a, b, op)
    }

    #[slot(bool)]
    fn bool(&self) -> bool {
        !self.zero()
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::operator(cx, a, b, Short::add, Decimal::add)
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::operator(cx, a, b, Short::sub, Decimal::sub)
    }

    #[slot(mul)]
    fn mul(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::operator(cx, a, b, Short::mul, Decimal::mul)
    }

    #[slot(truediv)]
    fn truediv(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::operator(cx, a, b, Short::div, Decimal::div)
    }

    #[slot(floordiv)]
    fn floordiv(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::operator(cx, a, b, Short::div_int, Decimal::div_int)
    }

    #[slot(rem)]
    fn rem(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::operator(cx, a, b, Short::rem, Decimal::rem)
    }

    #[slot(divmod)]
    fn divmod(cx: &mut Context, a: Value, b: Value) -> Result {
        operators::divmod_operator(cx, a, b)
    }

    #[slot(pow)]
    fn pow(cx: &mut Context, a: Value, b: Value, modulo: Value) -> Result {
        operators::power_operator(cx, a, b, modulo)
    }

    #[slot(neg)]
    fn neg(this: Gc<Self>, cx: &mut Context) -> Result {
        let context = current::context(cx)?;
        operators::apply_unary(cx, context, &this.number(), Decimal::minus)
    }

    #[slot(pos)]
    fn pos(this: Gc<Self>, cx: &mut Context) -> Result {
        let context = current::context(cx)?;
        operators::apply_unary(cx, context, &this.number(), Decimal::plus)
    }

    #[slot(abs)]
    fn abs(this: Gc<Self>, cx: &mut Context) -> Result {
        let context = current::context(cx)?;
        operators::apply_unary(cx, context, &this.number(), Decimal::abs)
    }

    #[slot(int)]
    fn int(this: Gc<Self>, cx: &mut Context) -> Result {
        if let Some(int) = this.short().and_then(Short::truncated) {
            return Ok(cx.new_int_i128(int));
        }
        operators::to_int(cx, &this.number(), Rounding::Down)
    }

    #[slot(float)]
    fn float(this: Gc<Self>, cx: &mut Context) -> Result {
        let float = to_float(cx, this)?;
        Ok(cx.new_float(float))
    }
}
