//! `timedelta`. CPython: `delta_*` in `Modules/_datetimemodule.c`.
//!
//! Invariant: 0 <= seconds < 86400 and 0 <= microseconds < 1000000; the magnitude of days is at most 999999999.

use taipan_num::bigint::Int as BigInt;
use taipan_num::hash::tuple_hash;
use taipan_runtime::prelude::*;
use taipan_runtime::types::float::as_float;
use taipan_runtime::types::int;

const MAX_DAYS: i64 = 999_999_999;
pub(super) const MICROS_PER_SECOND: i128 = 1_000_000;
pub(super) const MICROS_PER_DAY: i128 = 86_400 * MICROS_PER_SECOND;

/// Body of `datetime.timedelta`.
#[derive(Trace)]
pub struct TimeDelta {
    days: i32,
    seconds: i32,
    microseconds: i32,
}

impl TimeDelta {
    /// The body for a number of microseconds, if it is in range.
    fn body(cx: &Context, micros: i128) -> Result<TimeDelta> {
        let days = micros.div_euclid(MICROS_PER_DAY);
        let rest = micros.rem_euclid(MICROS_PER_DAY);
        let Ok(days) = i32::try_from(days) else {
            return Err(cx.overflow_error("Python int too large to convert to C int"));
        };
        if i64::from(days).abs() > MAX_DAYS {
            return Err(cx.overflow_error(format!("days={days}; must have magnitude <= {MAX_DAYS}")));
        }
        let (seconds, microseconds) = (rest / MICROS_PER_SECOND, rest % MICROS_PER_SECOND);
        Ok(TimeDelta { days, seconds: seconds as i32, microseconds: microseconds as i32 })
    }

    /// A timedelta of so many microseconds.
    pub(crate) fn from_micros(cx: &Context, micros: i128) -> Result<Gc<TimeDelta>> {
        let body = TimeDelta::body(cx, micros)?;
        Ok(cx.new_object(body))
    }

    pub(super) fn micros(&self) -> i128 {
        i128::from(self.days) * MICROS_PER_DAY
            + i128::from(self.seconds) * MICROS_PER_SECOND
            + i128::from(self.microseconds)
    }

    /// Microseconds as the nearest number of seconds.
    pub(super) fn seconds_of(micros: i128) -> f64 {
        let (micros, second) = (BigInt::from(micros), BigInt::from(MICROS_PER_SECOND));
        match micros.view().true_divide(second.view()) {
            Ok(seconds) => seconds,
            Err(_) => unreachable!("the divisor is not zero, and the quotient is small"),
        }
    }

    /// The days of its normal form.
    pub(super) fn whole_days(&self) -> i64 {
        self.days.into()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.micros() == 0
    }

    fn hash_value(&self) -> i64 {
        tuple_hash(
            [self.days, self.seconds, self.microseconds].map(|part| taipan_num::hash::hash_i64(part.into())),
        )
    }

    /// `hash()` of the timedelta of so many microseconds, of which the days may be beyond the limit.
    pub(super) fn hash_of(micros: i128) -> i64 {
        let rest = micros.rem_euclid(MICROS_PER_DAY);
        let parts = [micros.div_euclid(MICROS_PER_DAY), rest / MICROS_PER_SECOND, rest % MICROS_PER_SECOND];
        tuple_hash(parts.map(|part| taipan_num::hash::hash_i64(part as i64)))
    }
}

fn micros_of(value: Value) -> Option<i128> {
    value.downcast::<TimeDelta>().map(|delta| delta.micros())
}

/// One argument of the constructor, in microseconds: whole ones added to `sum`, the rest to `fraction`.
fn accumulate(
    cx: &mut Context,
    name: &str,
    value: Value,
    factor: i128,
    sum: &mut i128,
    fraction: &mut f64,
) -> Result<()> {
    let too_large = |cx: &Context| cx.overflow_error("Python int too large to convert to C int");
    let mut add = |cx: &Context, whole: i128, factor: i128| match whole
        .checked_mul(factor)
        .and_then(|micros| sum.checked_add(micros))
    {
        Some(total) => {
            *sum = total;
            Ok(())
        }
        None => Err(too_large(cx)),
    };
    if cx.is_int(value) {
        return add(cx, int::to_i128_saturating(value), factor);
    }
    let Some(float) = as_float(value) else {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("unsupported type for timedelta {name} component: {found}")));
    };
    if float.is_nan() {
        return Err(cx.value_error("cannot convert float NaN to integer"));
    }
    if float.is_infinite() {
        return Err(cx.overflow_error("cannot convert float infinity to integer"));
    }
    if float.abs() > 1e30 {
        return Err(too_large(cx));
    }
    add(cx, float.trunc() as i128, factor)?;
    let scaled = factor as f64 * float.fract();
    add(cx, scaled.trunc() as i128, 1)?;
    *fraction += scaled.fract();
    Ok(())
}

/// `micros * numerator / denominator` to the nearest, ties to even.
fn scaled(cx: &Context, micros: i128, numerator: &BigInt, denominator: &BigInt) -> Result {
    let product = BigInt::from(micros).view().mul(numerator.view());
    match product.view().divmod_near(denominator.view()) {
        Ok((quotient, _)) => {
            let micros = int::to_i128_saturating(int::from_int(cx, &quotient));
            Ok(TimeDelta::from_micros(cx, micros)?.value())
        }
        Err(_) => Err(cx.zero_division_error("division by zero")),
    }
}

/// A float as a fraction.
fn ratio(cx: &mut Context, float: Value) -> Result<(BigInt, BigInt)> {
    let ratio = cx.call_method(float, "as_integer_ratio", &[])?;
    let Some(pair) = ratio.downcast::<Tuple>() else {
        let found = cx.type_name(ratio);
        let message =
            format!("unexpected return type from as_integer_ratio(): expected tuple, not '{found}'");
        return Err(cx.type_error(message));
    };
    let [numerator, denominator] = pair.items() else {
        return Err(cx.value_error("as_integer_ratio() must return a 2-tuple"));
    };
    Ok((big(cx.index(*numerator)?), big(cx.index(*denominator)?)))
}

fn big(value: Value) -> BigInt {
    int::with_ref(value, |int| int.to_owned())
}

/// Difference between two datetime values.
///
/// timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)
///
/// All arguments are optional and default to 0.
/// Arguments may be integers or floats, and may be positive or negative.
#[class(name = "timedelta", module = "datetime", flags = BASETYPE)]
impl TimeDelta {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        use taipan_runtime::native::bind::{self, Callee, Owner};
        use taipan_runtime::native::{Param, ParamKind, Signature};
        const fn optional(name: &'static str) -> Param {
            Param { name, kind: ParamKind::Either, required: false }
        }
        static PARAMS: [Param; 7] = [
            optional("days"),
            optional("seconds"),
            optional("microseconds"),
            optional("milliseconds"),
            optional("minutes"),
            optional("hours"),
            optional("weeks"),
        ];
        static SIGNATURE: Signature = Signature {
            text: "",
            params: &PARAMS,
            positional: 7,
            positional_only: 0,
            required: 0,
            var_args: false,
            var_keywords: false,
            keyword_only: 0,
            by_position: true,
            unnamed: false,
        };
        let callee = Callee { name: "__new__", owner: Owner::Constructor };
        bind::call(cx, callee, Some(class.value()), &SIGNATURE, args, |cx, args| {
            let class = bind::expect_self::<Class>(cx, args[0])?;
            // In CPython's order, which decides what an error names.
            const PARTS: [(usize, &str, i128); 7] = [
                (3, "microseconds", 1),
                (4, "milliseconds", 1000),
                (2, "seconds", MICROS_PER_SECOND),
                (5, "minutes", 60 * MICROS_PER_SECOND),
                (6, "hours", 3600 * MICROS_PER_SECOND),
                (1, "days", MICROS_PER_DAY),
                (7, "weeks", 7 * MICROS_PER_DAY),
            ];
            let (mut sum, mut fraction) = (0i128, 0.0f64);
            for (position, name, factor) in PARTS {
                if let Some(value) = args[position] {
                    accumulate(cx, name, value, factor, &mut sum, &mut fraction)?;
                }
            }
            if fraction != 0.0 {
                let mut whole = fraction.round();
                if (whole - fraction).abs() == 0.5 {
                    // Halfway: to an even total.
                    let odd = (sum & 1) as f64;
                    whole = 2.0 * ((fraction + odd) * 0.5).round() - odd;
                }
                sum += whole as i128;
            }
            let body = TimeDelta::body(cx, sum)?;
            Ok(cx.new_instance(class, body).value())
        })
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let mut parts = Vec::new();
        for (name, value) in
            [("days", this.days), ("seconds", this.seconds), ("microseconds", this.microseconds)]
        {
            if value != 0 {
                parts.push(format!("{name}={value}"));
            }
        }
        let inner = if parts.is_empty() { "0".to_owned() } else { parts.join(", ") };
        let name = cx.type_name(this.value());
        cx.new_str(&format!("{name}({inner})")).value()
    }

    #[slot(str)]
    fn str(&self, cx: &mut Context) -> Value {
        let (hours, rest) = (self.seconds / 3600, self.seconds % 3600);
        let mut text = match self.days {
            0 => String::new(),
            days => format!("{days} day{}, ", if days.abs() == 1 { "" } else { "s" }),
        };
        text.push_str(&format!("{hours}:{:02}:{:02}", rest / 60, rest % 60));
        if self.microseconds != 0 {
            text.push_str(&format!(".{:06}", self.microseconds));
        }
        cx.new_str(&text).value()
    }

    #[slot(hash)]
    fn hash(&self) -> i64 {
        self.hash_value()
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Value {
        let _ = cx;
        match (micros_of(a), micros_of(b)) {
            (Some(a), Some(b)) => Value::bool(op.holds(Some(a.cmp(&b)))),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    #[slot(bool)]
    fn bool(&self) -> bool {
        !self.is_zero()
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result {
        match (micros_of(a), micros_of(b)) {
            (Some(a), Some(b)) => Ok(TimeDelta::from_micros(cx, a + b)?.value()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result {
        match (micros_of(a), micros_of(b)) {
            (Some(a), Some(b)) => Ok(TimeDelta::from_micros(cx, a - b)?.value()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(mul)]
    fn mul(cx: &mut Context, a: Value, b: Value) -> Result {
        let (micros, factor) = match (micros_of(a), micros_of(b)) {
            (Some(micros), None) => (micros, b),
            (None, Some(micros)) => (micros, a),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        if cx.is_int(factor) {
            let factor = int::to_i128_saturating(factor);
            let product = micros.saturating_mul(factor);
            return Ok(TimeDelta::from_micros(cx, product)?.value());
        }
        if as_float(factor).is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (numerator, denominator) = ratio(cx, factor)?;
        scaled(cx, micros, &numerator, &denominator)
    }

    #[slot(truediv)]
    fn truediv(cx: &mut Context, a: Value, b: Value) -> Result {
        let Some(micros) = micros_of(a) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = micros_of(b) {
            let (x, y) = (BigInt::from(micros), BigInt::from(other));
            return match x.view().true_divide(y.view()) {
                Ok(quotient) => Ok(cx.new_float(quotient)),
                Err(_) => Err(cx.zero_division_error("division by zero")),
            };
        }
        if cx.is_int(b) {
            return scaled(cx, micros, &BigInt::from(1i128), &big(b));
        }
        if as_float(b).is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (numerator, denominator) = ratio(cx, b)?;
        scaled(cx, micros, &denominator, &numerator)
    }

    #[slot(floordiv)]
    fn floordiv(cx: &mut Context, a: Value, b: Value) -> Result {
        let Some(micros) = micros_of(a) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = micros_of(b) {
            return match other {
                0 => Err(cx.zero_division_error("division by zero")),
                other => Ok(cx.new_int_i128(floor_div(micros, other))),
            };
        }
        if !cx.is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        match int::to_i128_saturating(b) {
            0 => Err(cx.zero_division_error("division by zero")),
            divisor => Ok(TimeDelta::from_micros(cx, floor_div(micros, divisor))?.value()),
        }
    }

    #[slot(rem)]
    fn rem(cx: &mut Context, a: Value, b: Value) -> Result {
        let (Some(micros), Some(other)) = (micros_of(a), micros_of(b)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        match other {
            0 => Err(cx.zero_division_error("division by zero")),
            other => Ok(TimeDelta::from_micros(cx, micros - floor_div(micros, other) * other)?.value()),
        }
    }

    #[slot(divmod)]
    fn divmod(cx: &mut Context, a: Value, b: Value) -> Result {
        let (Some(micros), Some(other)) = (micros_of(a), micros_of(b)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if other == 0 {
            return Err(cx.zero_division_error("division by zero"));
        }
        let quotient = floor_div(micros, other);
        let rest = TimeDelta::from_micros(cx, micros - quotient * other)?.value();
        let quotient = cx.new_int_i128(quotient);
        Ok(cx.new_tuple(&[quotient, rest]).value())
    }

    #[slot(neg)]
    fn neg(&self, cx: &mut Context) -> Result<Gc<TimeDelta>> {
        TimeDelta::from_micros(cx, -self.micros())
    }

    #[slot(pos)]
    fn pos(&self, cx: &mut Context) -> Result<Gc<TimeDelta>> {
        TimeDelta::from_micros(cx, self.micros())
    }

    #[slot(abs)]
    fn abs(&self, cx: &mut Context) -> Result<Gc<TimeDelta>> {
        TimeDelta::from_micros(cx, self.micros().abs())
    }

    /// Total seconds in the duration.
    #[function("()")]
    fn total_seconds(&self, cx: &mut Context) -> Value {
        cx.new_float(TimeDelta::seconds_of(self.micros()))
    }

    /// __reduce__() -> (cls, state)
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let parts = [this.days, this.seconds, this.microseconds].map(|part| Value::int(part.into()));
        let (class, state) = (cx.class_of(this.value()).value(), cx.new_tuple(&parts).value());
        cx.new_tuple(&[class, state]).value()
    }

    /// Number of days.
    #[member]
    fn days(&self) -> i32 {
        self.days
    }

    /// Number of seconds (>= 0 and less than 1 day).
    #[member]
    fn seconds(&self) -> i32 {
        self.seconds
    }

    /// Number of microseconds (>= 0 and less than 1 second).
    #[member]
    fn microseconds(&self) -> i32 {
        self.microseconds
    }
}

fn floor_div(a: i128, b: i128) -> i128 {
    let quotient = a.wrapping_div(b);
    if a.wrapping_rem(b) != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}
