//! `sum`. CPython: `builtin_sum_impl`, whose compensated float summation is kept to the bit.

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::float::Float;

/// A float sum with its error term (Neumaier).
#[derive(Clone, Copy)]
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn new(start: f64) -> Compensated {
        Compensated { high: start, low: 0.0 }
    }

    fn add(self, x: f64) -> Compensated {
        let sum = self.high + x;
        let lost = if self.high.abs() >= x.abs() { (self.high - sum) + x } else { (x - sum) + self.high };
        Compensated { high: sum, low: self.low + lost }
    }

    fn total(self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// What has been summed up so far.
enum Total {
    Int(i64),
    Float(Compensated),
    Complex(Compensated, Compensated),
    Any(Value),
}

impl Total {
    fn value(self, cx: &Context) -> Value {
        match self {
            Total::Int(int) => cx.new_int(int),
            Total::Float(sum) => cx.new_float(sum.total()),
            Total::Complex(re, im) => Complex::new(cx, re.total(), im.total()).value(),
            Total::Any(value) => value,
        }
    }
}

fn exact_float(cx: &Context, value: Value) -> Option<f64> {
    if cx.is_exact::<Float>(value) { taipan_runtime::types::float::as_float(value) } else { None }
}

fn start_of(cx: &Context, start: Value) -> Total {
    if let Some(int) = start.as_small_int() {
        Total::Int(int)
    } else if let Some(float) = exact_float(cx, start) {
        Total::Float(Compensated::new(float))
    } else if let Some(complex) = cx.exact::<Complex>(start) {
        Total::Complex(Compensated::new(complex.number().real), Compensated::new(complex.number().imaginary))
    } else {
        Total::Any(start)
    }
}

/// A small int or a bool.
fn value_as_int(value: Value) -> Option<i64> {
    match value {
        Value::TRUE => Some(1),
        Value::FALSE => Some(0),
        _ => value.as_small_int(),
    }
}

pub(super) fn sum(cx: &mut Context, iterable: Value, start: Value) -> Result {
    if start.downcast::<Str>().is_some() {
        return Err(cx.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if start.downcast::<Bytes>().is_some() {
        return Err(cx.type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
    }
    if start.downcast::<ByteArray>().is_some() {
        return Err(cx.type_error("sum() can't sum bytearray [use b''.join(seq) instead]"));
    }
    let iterator = cx.iter(iterable)?;
    let mut total = start_of(cx, start);
    while let Some(item) = cx.next(iterator)? {
        cx.poll()?;
        total = match step(cx, total, item) {
            Ok(total) => total,
            Err(total) => {
                let so_far = total.value(cx);
                let sum = cx.binary(BinaryOp::Add, so_far, item)?;
                // A sum of ints that becomes a float goes on as one, and one of either that becomes complex too.
                let (int, float) = (so_far.is_small_int(), exact_float(cx, so_far).is_some());
                match exact_float(cx, sum) {
                    Some(float) if int => Total::Float(Compensated::new(float)),
                    None if (int || float) && cx.is_exact::<Complex>(sum) => start_of(cx, sum),
                    _ => Total::Any(sum),
                }
            }
        };
    }
    Ok(total.value(cx))
}

/// Adds what needs no protocol; else gives the total back.
fn step(cx: &Context, total: Total, item: Value) -> std::result::Result<Total, Total> {
    match total {
        Total::Int(sum) => match value_as_int(item).and_then(|int| sum.checked_add(int)) {
            Some(sum) => Ok(Total::Int(sum)),
            None => Err(Total::Int(sum)),
        },
        Total::Float(sum) => {
            if let Some(float) = exact_float(cx, item) {
                Ok(Total::Float(sum.add(float)))
            } else if let Some(int) = value_as_int(item) {
                Ok(Total::Float(sum.add(int as f64)))
            } else {
                Err(Total::Float(sum))
            }
        }
        Total::Complex(re, im) => {
            if let Some(complex) = cx.exact::<Complex>(item) {
                Ok(Total::Complex(re.add(complex.number().real), im.add(complex.number().imaginary)))
            } else if let Some(float) = exact_float(cx, item) {
                Ok(Total::Complex(re.add(float), im))
            } else if let Some(int) = value_as_int(item) {
                Ok(Total::Complex(re.add(int as f64), im))
            } else {
                Err(Total::Complex(re, im))
            }
        }
        Total::Any(value) => Err(Total::Any(value)),
    }
}
