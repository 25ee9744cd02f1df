//! Comparisons as values. CPython: `COMPARE_OP`, `IS_OP`, `CONTAINS_OP`.

use taipan_bytecode::Op;
use taipan_runtime::Value;
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::quick;

use super::arith::{both_floats, both_ints, float_of};
use crate::dispatch::{Decode, Flow, State, tail};

/// Defines handlers with fast paths for two ints (tagged words compare as their ints do) and two floats.
macro_rules! comparisons {
    ($($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::b(s.w)), s.bits(D::c(s.w)));
            let result = if both_ints(x, y) {
                (x as i64) $operator (y as i64)
            } else if both_floats(x, y) {
                float_of(x) $operator float_of(y)
            } else {
                return tail(slow_compare);
            };
            s.set(D::a(s.w), Value::bool(result));
            Flow::Next(1)
        }
    )*};
}
comparisons! { lt: <; le: <=; eq: ==; ne: !=; gt: >; ge: >=; }

#[inline(always)]
pub(crate) fn is<D: Decode>(s: &mut State) -> Flow {
    let same = identical(s.bits(D::b(s.w)), s.bits(D::c(s.w)));
    s.set(D::a(s.w), Value::bool(same));
    Flow::Next(1)
}

#[inline(always)]
pub(crate) fn is_not<D: Decode>(s: &mut State) -> Flow {
    let same = identical(s.bits(D::b(s.w)), s.bits(D::c(s.w)));
    s.set(D::a(s.w), Value::bool(!same));
    Flow::Next(1)
}

/// `is`: objects are the same exactly if their words are.
#[inline(always)]
pub(crate) fn identical(x: u64, y: u64) -> bool {
    x == y
}

super::outlined! {
    in_ => slow_in; not_in => slow_in; not_ => slow_not;
}

/// The comparison that an opcode makes, fused or not.
pub(crate) fn comparison_of(op: Op) -> CompareOp {
    use Op::*;
    match op {
        Lt | JLt | JNLt | JLtI | JNLtI | JLtFloat | JNLtFloat => CompareOp::Lt,
        Le | JLe | JNLe | JLeI | JNLeI | JLeFloat | JNLeFloat => CompareOp::Le,
        Eq | JEq | JNEq | JEqI | JNEqI => CompareOp::Eq,
        Ne | JNe | JNNe | JNeI | JNNeI => CompareOp::Ne,
        Gt | JGt | JNGt | JGtI | JNGtI | JGtFloat | JNGtFloat => CompareOp::Gt,
        _ => CompareOp::Ge,
    }
}

fn slow_compare(s: &mut State) -> Flow {
    let (lhs, rhs) = (s.value(s.b()), s.value(s.c()));
    let op = comparison_of(s.op());
    if crate::specialize()
        && let Some(result) = quick::compare(s.cx(), op, lhs, rhs)
    {
        s.set(s.a(), Value::bool(result));
        return Flow::Next(1);
    }
    if super::operator::compare(s, lhs, rhs, op) {
        return Flow::Go;
    }
    let result = s.enter().compare(lhs, rhs, op);
    s.finish(s.a(), result)
}

fn slow_in(s: &mut State) -> Flow {
    let (item, container) = (s.value(s.b()), s.value(s.c()));
    if super::operator::contains(s, container, item) {
        return Flow::Go;
    }
    let wanted = s.op() == Op::In;
    let result = s.enter().contains(container, item);
    s.finish(s.a(), result.map(|found| Value::bool(found == wanted)))
}

fn slow_not(s: &mut State) -> Flow {
    let operand = s.value(s.b());
    let result = match operand {
        Value::TRUE => Ok(Value::FALSE),
        Value::FALSE => Ok(Value::TRUE),
        _ => s.enter().truth(operand).map(|truth| Value::bool(!truth)),
    };
    s.finish(s.a(), result)
}
