//! Operators on exact ints that the interpreter does not compute itself, without a way into Python or out of memory.
//!
//! Invariant: the result is that of the class's slot, or None; results are small cells (`QuickFn` says why).

use taipan_num::bigint::{IntRef, SHORT_DIGITS, magnitude};

use super::raw::{self, Int};
use crate::context::Context;
use crate::layout::Object;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::number::BinaryOp;
use crate::types::str::Str;
use crate::value::Value;

/// Limbs of an operand, and of a result.
const LIMBS: usize = 256;
/// Limbs of the shorter factor: beyond, there are better ways than the school's.
const FACTOR: usize = 24;

/// Whether this is an `int` itself.
#[inline]
fn is_exact(value: Value) -> bool {
    value.is_small_int() || value.shape() == Int::class_cell().instance_shape()
}

#[inline]
fn short<R>(a: Value, b: Value, f: impl FnOnce(IntRef<'_>, IntRef<'_>) -> Option<R>) -> Option<R> {
    if !is_exact(a) || !is_exact(b) {
        return None;
    }
    super::with_two(a, b, |a, b| {
        if a.limbs.len() > LIMBS || b.limbs.len() > LIMBS {
            return None;
        }
        f(a, b)
    })
}

/// The value of an exact int of less than two full limbs.
#[inline]
fn wide(value: Value) -> Option<i128> {
    if let Some(small) = value.as_small_int() {
        return Some(i128::from(small));
    }
    let int = value.downcast::<Int>().filter(|_| is_exact(value))?;
    let magnitude = match *int.limbs() {
        [low] => i128::from(low),
        [low, high] => i128::try_from(u128::from(high) << 64 | u128::from(low)).ok()?,
        _ => return None,
    };
    Some(if int.is_negative() { -magnitude } else { magnitude })
}

/// `a op b`.
pub fn binary(cx: &Context, op: BinaryOp, a: Value, b: Value) -> Option<Value> {
    match op {
        BinaryOp::Add => match (wide(a), wide(b)) {
            (Some(a), Some(b)) => a.checked_add(b).map(|sum| cx.new_int_i128(sum)),
            _ => short(a, b, |a, b| Some(sum(cx, a, b))),
        },
        BinaryOp::Sub => match (wide(a), wide(b)) {
            (Some(a), Some(b)) => a.checked_sub(b).map(|difference| cx.new_int_i128(difference)),
            _ => short(a, b, |a, b| Some(sum(cx, a, b.negate()))),
        },
        BinaryOp::Mul => short(a, b, |a, b| {
            let (a, b) = if a.limbs.len() >= b.limbs.len() { (a, b) } else { (b, a) };
            let fits = b.limbs.len() <= FACTOR;
            fits.then(|| raw::build(cx, a.limbs.len() + b.limbs.len(), |out| a.mul_into(b, out)))
        }),
        BinaryOp::And => short(a, b, |a, b| and(cx, a, b)),
        BinaryOp::Or => short(a, b, |a, b| bitwise(cx, a, b, |a, b| a | b)),
        BinaryOp::Xor => short(a, b, |a, b| bitwise(cx, a, b, |a, b| a ^ b)),
        BinaryOp::LShift => shift(a, b, |a, count| {
            let limbs = a.limbs.len() + count / 64 + 1;
            (limbs <= LIMBS).then(|| raw::build(cx, limbs, |out| a.shift_left_into(count, out)))
        }),
        BinaryOp::RShift => shift(a, b, |a, count| {
            let limbs = a.limbs.len().saturating_sub(count / 64);
            if a.negative || limbs == 0 {
                return None;
            }
            Some(raw::build(cx, limbs, |out| a.shift_right_into(count, out)))
        }),
        BinaryOp::FloorDiv => divide(cx, a, b),
        BinaryOp::Rem => remainder(a, b),
        BinaryOp::Pow => (is_exact(a) && is_exact(b)).then(|| power(cx, a, b)).flatten(),
        _ => None,
    }
}

/// `a + b` of any length; long ones must be added where memory may run out.
pub(super) fn sum(cx: &Context, a: IntRef<'_>, b: IntRef<'_>) -> Value {
    raw::build(cx, a.limbs.len().max(b.limbs.len()) + 1, |out| a.add_into(b, out))
}

/// A mask of one limb, which most are, makes no cell.
fn and(cx: &Context, a: IntRef<'_>, b: IntRef<'_>) -> Option<Value> {
    let (long, mask) = if a.limbs.len() >= b.limbs.len() { (a, b) } else { (b, a) };
    if let (&[mask], false) = (mask.limbs, mask.negative) {
        return Value::small_int(i64::try_from(long.wrapping_u64() & mask).ok()?);
    }
    bitwise(cx, a, b, |a, b| a & b)
}

fn bitwise(cx: &Context, a: IntRef<'_>, b: IntRef<'_>, op: impl Fn(u64, u64) -> u64) -> Option<Value> {
    if a.negative || b.negative {
        return None;
    }
    Some(raw::build(cx, a.limbs.len().max(b.limbs.len()), |out| a.bitwise_into(b, op, out)))
}

fn shift(a: Value, b: Value, f: impl FnOnce(IntRef<'_>, usize) -> Option<Value>) -> Option<Value> {
    let count = usize::try_from(b.as_small_int()?).ok().filter(|count| *count < LIMBS * 64)?;
    short(a, b, |a, _| f(a, count))
}

/// `pow(a, b, modulus)` in machine words, if the modulus has 32 bits and nothing is negative.
pub fn modular_power(a: Value, b: Value, modulus: Value) -> Option<Value> {
    let word = |value| super::immediate(value).and_then(|int| u64::try_from(int).ok());
    let (base, mut exponent, modulus) = (word(a)?, word(b)?, word(modulus)?);
    if modulus == 0 || modulus > u64::from(u32::MAX) {
        return None;
    }
    let (mut power, mut square) = (1 % modulus, base % modulus);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power * square % modulus;
        }
        square = square * square % modulus;
        exponent >>= 1;
    }
    Some(Value::int(power as i64))
}

/// `a ** b` in machine words.
pub fn power(cx: &Context, a: Value, b: Value) -> Option<Value> {
    let (a, b) = (super::immediate(a)?, u32::try_from(super::immediate(b)?).ok()?);
    i128::from(a).checked_pow(b).map(|power| cx.new_int_i128(power))
}

/// `a // b` where `a` is not negative and `b` is one limb.
fn divide(cx: &Context, a: Value, b: Value) -> Option<Value> {
    let divisor = b.as_small_int().and_then(|b| u64::try_from(b).ok()).filter(|b| *b > 0)?;
    short(a, b, |a, _| {
        if a.negative {
            return None;
        }
        Some(raw::build(cx, a.limbs.len(), |out| {
            out.copy_from_slice(a.limbs);
            magnitude::div_small_in_place(out, divisor);
            (false, magnitude::trimmed(out).len())
        }))
    })
}

/// `a % b` where `b` is half a limb.
fn remainder(a: Value, b: Value) -> Option<Value> {
    let divisor = b.as_small_int().and_then(|b| u32::try_from(b).ok()).filter(|b| *b > 0)?;
    short(a, b, |a, _| Some(Value::int(i64::from(a.modulo_small(divisor)))))
}

/// `str(a)` of a short int.
pub fn decimal(cx: &Context, int: Gc<Int>) -> Option<Gc<Str>> {
    let mut room = [0; 1 + SHORT_DIGITS];
    let mut at = 1 + int.view().short_decimal(room.last_chunk_mut()?)?;
    if int.is_negative() {
        at -= 1;
        room[at] = b'-';
    }
    Some(cx.new_ascii(&room[at..]))
}

/// `~a`.
pub fn inverted(cx: &Context, a: Value) -> Option<Value> {
    if let Some(small) = a.as_small_int() {
        return Value::small_int(!small);
    }
    short(a, a, |a, _| Some(sum(cx, a.negate(), IntRef::small(-1, &mut [0]))))
}

/// `-a`.
pub fn negative(cx: &Context, a: Value) -> Option<Value> {
    if let Some(negated) = a.as_small_int().and_then(|small| Value::small_int(-small)) {
        return Some(negated);
    }
    short(a, a, |a, _| {
        let a = a.negate();
        Some(raw::build(cx, a.limbs.len(), |out| {
            out.copy_from_slice(a.limbs);
            (a.negative, a.limbs.len())
        }))
    })
}

/// `a op b` of ints of any length.
pub fn compare(op: CompareOp, a: Value, b: Value) -> Option<bool> {
    if !is_exact(a) || !is_exact(b) {
        return None;
    }
    Some(super::with_two(a, b, |a, b| match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        _ => op.holds(Some(a.cmp(&b))),
    }))
}
