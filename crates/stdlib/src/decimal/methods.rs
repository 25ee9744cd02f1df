//! The class `Context`. CPython: `context_*` and `ctx_*` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: methods convert their arguments exactly, and round the result alone.

use std::sync::atomic::Ordering;

use taipan_num::decimal::{Decimal, Logical};
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::attr::generic_set_attr;

use super::context::{self, ContextObject};
use super::object::{self, DecimalObject};
use super::signals::{self, DEFAULT_TRAPS};
use super::{convert, operators, state};

/// An argument that has to be a Decimal.
fn decimal_only(cx: &Context, value: Value) -> Result<Gc<DecimalObject>> {
    value.downcast::<DecimalObject>().ok_or_else(|| cx.type_error("argument must be a Decimal"))
}

/// The context affects almost all operations and controls rounding,
/// Over/Underflow, raising of exceptions and much more.  A new context
/// can be constructed as follows:
///
///     >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,
///     ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,
///     ...             traps=[InvalidOperation, DivisionByZero, Overflow],
///     ...             flags=[])
///     >>>
#[class(name = "Context", module = "decimal", flags = BASETYPE)]
impl ContextObject {
    #[slot(new)]
    fn make(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        let body = match state::try_get() {
            Some(state) => state.default_template().copied(),
            None => ContextObject::body(context::DEFAULT, true, DEFAULT_TRAPS),
        };
        body.set_capitals_on();
        Ok(cx.new_instance(class, body).value())
    }

    #[init(
        "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
        unnamed
    )]
    fn init(
        this: Gc<Self>,
        cx: &mut Context,
        prec: Value,
        rounding: Value,
        Emin: Value,
        Emax: Value,
        capitals: Value,
        clamp: Value,
        flags: Value,
        traps: Value,
    ) -> Result<()> {
        this.set_all(cx, [prec, rounding, Emin, Emax, capitals, clamp, flags, traps])
    }

    #[slot(set_attr)]
    fn set_attribute(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        if value.is_none() {
            return Err(cx.attribute_error_message("context attributes cannot be deleted"));
        }
        generic_set_attr(cx, this.value(), name, value)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_str(&this.text()).value()
    }

    #[getter]
    fn prec(this: Gc<Self>) -> i64 {
        this.settings().prec
    }

    #[setter]
    fn set_prec(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.change_prec(cx, value)
    }

    #[getter("Emax")]
    fn emax(this: Gc<Self>) -> i64 {
        this.settings().emax
    }

    #[setter("Emax")]
    fn set_emax(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.change_emax(cx, value)
    }

    #[getter("Emin")]
    fn emin(this: Gc<Self>) -> i64 {
        this.settings().emin
    }

    #[setter("Emin")]
    fn set_emin(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.change_emin(cx, value)
    }

    #[getter("rounding")]
    fn rounding_name(this: Gc<Self>, cx: &mut Context) -> Value {
        state::get(cx).rounding_name(this.rounding())
    }

    #[setter("rounding")]
    fn set_rounding(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.change_rounding(cx, value)
    }

    #[getter("capitals")]
    fn capitals_number(this: Gc<Self>) -> i64 {
        i64::from(this.capitals())
    }

    #[setter("capitals")]
    fn set_capitals(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.change_capitals(cx, value)
    }

    #[getter("clamp")]
    fn clamp_number(this: Gc<Self>) -> i64 {
        i64::from(this.settings().clamp)
    }

    #[setter("clamp")]
    fn set_clamp(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.change_clamp(cx, value)
    }

    #[getter]
    fn flags(this: Gc<Self>, cx: &mut Context) -> Value {
        ContextObject::dict(this, cx, false)
    }

    #[setter]
    fn set_flags(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.set_bits(cx, false, value)
    }

    #[getter]
    fn traps(this: Gc<Self>, cx: &mut Context) -> Value {
        ContextObject::dict(this, cx, true)
    }

    #[setter]
    fn set_traps(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.unwrap_or(Value::NONE);
        this.set_bits(cx, true, value)
    }

    /// The absolute value of x.
    #[function("(x, /)")]
    fn abs(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::abs)
    }

    /// e ** x.
    #[function("(x, /)")]
    fn exp(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::exp)
    }

    /// The natural logarithm of x.
    #[function("(x, /)")]
    fn ln(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::ln)
    }

    /// The logarithm of x to the base ten.
    #[function("(x, /)")]
    fn log10(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::log10)
    }

    /// -x, rounded.
    #[function("(x, /)")]
    fn minus(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::minus)
    }

    /// The largest number that is smaller than x.
    #[function("(x, /)")]
    fn next_minus(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::next_minus)
    }

    /// The smallest number that is larger than x.
    #[function("(x, /)")]
    fn next_plus(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::next_plus)
    }

    /// x without trailing zeros.
    #[function("(x, /)")]
    fn normalize(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::reduce)
    }

    /// +x, rounded.
    #[function("(x, /)")]
    fn plus(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::plus)
    }

    /// x rounded to an integer.
    #[function("(x, /)")]
    fn to_integral(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, |a, c, s| a.to_integral(false, c, s))
    }

    /// x rounded to an integer; Inexact and Rounded are signaled.
    #[function("(x, /)")]
    fn to_integral_exact(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, |a, c, s| a.to_integral(true, c, s))
    }

    /// x rounded to an integer.
    #[function("(x, /)")]
    fn to_integral_value(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, |a, c, s| a.to_integral(false, c, s))
    }

    /// The square root of x.
    #[function("(x, /)")]
    fn sqrt(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::sqrt)
    }

    /// x + y.
    #[function("(x, y, /)", unnamed)]
    fn add(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::add)
    }

    /// x compared with y.
    #[function("(x, y, /)", unnamed)]
    fn compare(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.compare(b, false, c, s))
    }

    /// x compared with y; all NaNs signal.
    #[function("(x, y, /)", unnamed)]
    fn compare_signal(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.compare(b, true, c, s))
    }

    /// x / y.
    #[function("(x, y, /)", unnamed)]
    fn divide(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::div)
    }

    /// The integer part of x / y.
    #[function("(x, y, /)", unnamed)]
    fn divide_int(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::div_int)
    }

    /// Quotient and remainder of x / y.
    #[function("(x, y, /)", unnamed)]
    fn divmod(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::divmod(cx, this, x, y)
    }

    /// The larger of x and y.
    #[function("(x, y, /)", unnamed)]
    fn max(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.extreme(b, (true, false), c, s))
    }

    /// The larger of x and y without their signs.
    #[function("(x, y, /)", unnamed)]
    fn max_mag(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.extreme(b, (true, true), c, s))
    }

    /// The smaller of x and y.
    #[function("(x, y, /)", unnamed)]
    fn min(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.extreme(b, (false, false), c, s))
    }

    /// The smaller of x and y without their signs.
    #[function("(x, y, /)", unnamed)]
    fn min_mag(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.extreme(b, (false, true), c, s))
    }

    /// x * y.
    #[function("(x, y, /)", unnamed)]
    fn multiply(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::mul)
    }

    /// The neighbour of x in the direction of y.
    #[function("(x, y, /)", unnamed)]
    fn next_toward(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::next_toward)
    }

    /// x rounded to the exponent of y.
    #[function("(x, y, /)", unnamed)]
    fn quantize(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::quantize)
    }

    /// The remainder of x / y.
    #[function("(x, y, /)", unnamed)]
    fn remainder(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::rem)
    }

    /// x - y * n, where n is the integer nearest to x / y.
    #[function("(x, y, /)", unnamed)]
    fn remainder_near(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::rem_near)
    }

    /// x - y.
    #[function("(x, y, /)", unnamed)]
    fn subtract(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::sub)
    }

    /// a ** b, or a ** b % modulo.
    #[function("(a, b, modulo=None)", unnamed)]
    fn power(this: Gc<Self>, cx: &mut Context, a: Value, b: Value, modulo: Value) -> Result {
        operators::power(cx, this, a, b, modulo)
    }

    /// x * y + z, rounded once.
    #[function("(x, y, z, /)", unnamed)]
    fn fma(this: Gc<Self>, cx: &mut Context, x: Value, y: Value, z: Value) -> Result {
        operators::ternary(cx, this, (x, y, z), Decimal::fma)
    }

    /// Emin - prec + 1, the smallest exponent of a result.
    #[function("()")]
    fn Etiny(this: Gc<Self>, cx: &mut Context) -> i64 {
        let _ = cx;
        this.settings().etiny()
    }

    /// Emax - prec + 1, the largest exponent of a result with all its digits.
    #[function("()")]
    fn Etop(this: Gc<Self>, cx: &mut Context) -> i64 {
        let _ = cx;
        this.settings().etop()
    }

    /// Decimal(10).
    #[function("()")]
    fn radix(this: Gc<Self>, cx: &mut Context) -> Gc<DecimalObject> {
        let _ = this;
        object::new(cx, super::compare::radix())
    }

    /// Whether x is canonical.
    #[function("(x, /)")]
    fn is_canonical(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        let _ = this;
        decimal_only(cx, x).map(|_| true)
    }

    /// Whether x is neither infinite nor NaN.
    #[function("(x, /)")]
    fn is_finite(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, Decimal::is_finite)
    }

    /// Whether x is infinite.
    #[function("(x, /)")]
    fn is_infinite(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, Decimal::is_infinite)
    }

    /// Whether x is a NaN.
    #[function("(x, /)")]
    fn is_nan(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, Decimal::is_nan)
    }

    /// Whether x is a normal number.
    #[function("(x, /)")]
    fn is_normal(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        let settings = this.settings();
        operators::property(cx, this, x, |a| a.is_normal(&settings))
    }

    /// Whether x is a quiet NaN.
    #[function("(x, /)")]
    fn is_qnan(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, Decimal::is_qnan)
    }

    /// Whether the sign of x is a minus.
    #[function("(x, /)")]
    fn is_signed(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, |a| a.negative)
    }

    /// Whether x is a signaling NaN.
    #[function("(x, /)")]
    fn is_snan(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, Decimal::is_snan)
    }

    /// Whether x is a subnormal number.
    #[function("(x, /)")]
    fn is_subnormal(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        let settings = this.settings();
        operators::property(cx, this, x, |a| a.is_subnormal(&settings))
    }

    /// Whether x is a zero.
    #[function("(x, /)")]
    fn is_zero(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<bool> {
        operators::property(cx, this, x, Decimal::is_zero)
    }

    #[function("(object, /)", name = "_apply")]
    fn apply(this: Gc<Self>, cx: &mut Context, object: Value) -> Result {
        operators::unary(cx, this, object, |a, c, s| a.clone().finish(c, s))
    }

    /// x itself.
    #[function("(x, /)")]
    fn canonical(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        let _ = this;
        decimal_only(cx, x).map(Gc::value)
    }

    /// x without its sign, not rounded.
    #[function("(x, /)")]
    fn copy_abs(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<Gc<DecimalObject>> {
        let copy = operators::property(cx, this, x, |a| a.with_sign(false))?;
        Ok(object::new(cx, copy))
    }

    /// x as a Decimal.
    #[function("(x, /)")]
    fn copy_decimal(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        if x.downcast::<DecimalObject>().is_some() {
            return Ok(x);
        }
        let copy = operators::property(cx, this, x, Decimal::clone)?;
        Ok(object::new(cx, copy).value())
    }

    /// x with the other sign, not rounded.
    #[function("(x, /)")]
    fn copy_negate(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<Gc<DecimalObject>> {
        let copy = operators::property(cx, this, x, |a| a.with_sign(!a.negative))?;
        Ok(object::new(cx, copy))
    }

    /// The adjusted exponent of x as a Decimal.
    #[function("(x, /)")]
    fn logb(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::logb)
    }

    /// The digits 0 and 1 of x exchanged.
    #[function("(x, /)")]
    fn logical_invert(this: Gc<Self>, cx: &mut Context, x: Value) -> Result {
        operators::unary(cx, this, x, Decimal::invert)
    }

    /// The name of the class of x.
    #[function("(x, /)")]
    fn number_class(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<&'static str> {
        let settings = this.settings();
        operators::property(cx, this, x, |a| a.class(&settings))
    }

    /// x in scientific notation.
    #[function("(x, /)")]
    fn to_sci_string(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<String> {
        let capitals = this.capitals();
        operators::property(cx, this, x, |a| a.to_text(false, capitals))
    }

    /// x with an exponent that is a multiple of three.
    #[function("(x, /)")]
    fn to_eng_string(this: Gc<Self>, cx: &mut Context, x: Value) -> Result<String> {
        let capitals = this.capitals();
        operators::property(cx, this, x, |a| a.to_text(true, capitals))
    }

    /// x compared with y in the total order of representations.
    #[function("(x, y, /)", unnamed)]
    fn compare_total(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result<Gc<DecimalObject>> {
        let order = operators::relation(cx, this, x, y, Decimal::total_order)?;
        Ok(object::new(cx, Decimal::of_order(order)))
    }

    /// The same without the signs.
    #[function("(x, y, /)", unnamed)]
    fn compare_total_mag(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result<Gc<DecimalObject>> {
        let order = operators::relation(cx, this, x, y, Decimal::total_order_magnitudes)?;
        Ok(object::new(cx, Decimal::of_order(order)))
    }

    /// x with the sign of y, not rounded.
    #[function("(x, y, /)", unnamed)]
    fn copy_sign(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result<Gc<DecimalObject>> {
        let copy = operators::relation(cx, this, x, y, |a, b| a.with_sign(b.negative))?;
        Ok(object::new(cx, copy))
    }

    /// The digits' logical and.
    #[function("(x, y, /)", unnamed)]
    fn logical_and(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.logical(b, Logical::And, c, s))
    }

    /// The digits' logical or.
    #[function("(x, y, /)", unnamed)]
    fn logical_or(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.logical(b, Logical::Or, c, s))
    }

    /// The digits' logical xor.
    #[function("(x, y, /)", unnamed)]
    fn logical_xor(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, |a, b, c, s| a.logical(b, Logical::Xor, c, s))
    }

    /// The digits of x rotated by y places.
    #[function("(x, y, /)", unnamed)]
    fn rotate(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::rotate)
    }

    /// Whether x and y have one exponent.
    #[function("(x, y, /)", unnamed)]
    fn same_quantum(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result<bool> {
        operators::relation(cx, this, x, y, Decimal::same_quantum)
    }

    /// x with the exponent changed by y.
    #[function("(x, y, /)", unnamed)]
    fn scaleb(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::scaleb)
    }

    /// The digits of x shifted by y places.
    #[function("(x, y, /)", unnamed)]
    fn shift(this: Gc<Self>, cx: &mut Context, x: Value, y: Value) -> Result {
        operators::binary(cx, this, x, y, Decimal::shift)
    }

    /// Set all flags to False.
    #[function("()", name = "clear_flags")]
    fn clear_all_flags(this: Gc<Self>) {
        this.clear_flags();
    }

    /// Set all traps to False.
    #[function("()", name = "clear_traps")]
    fn clear_all_traps(this: Gc<Self>) {
        this.clear_traps();
    }

    #[function("()")]
    fn __copy__(this: Gc<Self>, cx: &mut Context) -> Gc<ContextObject> {
        this.duplicate(cx)
    }

    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let settings = this.settings();
        let rounding = state::get(cx).rounding_name(settings.rounding);
        let flags = signals::list_of_signals(cx, this.bits(false).load(Ordering::Relaxed));
        let traps = signals::list_of_signals(cx, this.bits(true).load(Ordering::Relaxed));
        let arguments = [
            cx.new_int(settings.prec),
            rounding,
            cx.new_int(settings.emin),
            cx.new_int(settings.emax),
            Value::int(i64::from(this.capitals())),
            Value::int(i64::from(settings.clamp)),
            flags,
            traps,
        ];
        let arguments = cx.new_tuple(&arguments).value();
        let class = cx.class_of(this.value()).value();
        cx.new_tuple(&[class, arguments]).value()
    }

    /// A copy of the context, flags and traps included.
    #[function("()")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Gc<ContextObject> {
        this.duplicate(cx)
    }

    /// A Decimal of num, rounded to the context. Other than the constructor this
    /// observes the context's precision, limits and rounding.
    #[function("(num=<absent>, /)", text = "(num=\"0\", /)", unnamed)]
    fn create_decimal(this: Gc<Self>, cx: &mut Context, num: Option<Value>) -> Result {
        let (number, status) = match num {
            Some(num) => convert::rounded(cx, num, this)?,
            None => {
                let mut status = taipan_num::decimal::Status::default();
                (Decimal::zero(false, 0).finish(&this.settings(), &mut status), status)
            }
        };
        this.finish(cx, number, status)
    }

    /// A Decimal of the float f, rounded to the context.
    #[function("(f, /)")]
    fn create_decimal_from_float(this: Gc<Self>, cx: &mut Context, f: Value) -> Result {
        let number = convert::exact_float(cx, f, this)?;
        let mut status = taipan_num::decimal::Status::default();
        let number = number.finish(&this.settings(), &mut status);
        this.finish(cx, number, status)
    }
}
