//! Jumps, fused comparisons included. CPython: `POP_JUMP_IF_*`, `JUMP_BACKWARD`.
//! A jump that is taken backward polls; when there is something to do the slow path does it and then jumps.

use taipan_bytecode::Op;
use taipan_runtime::Value;

use super::arith::{both_floats, both_ints, float_of};
use super::compare::{comparison_of, identical};
use crate::dispatch::{Decode, Flow, State, tail};

/// The int 0.
const ZERO: u64 = 1;

/// Takes a jump that may go backward, or lets the slow path poll first.
macro_rules! jump_polling {
    ($s:ident, $slow:path) => {{
        if $s.interrupted() {
            return tail($slow);
        }
        $s.jump()
    }};
}

#[inline(always)]
pub(crate) fn jmp<D: Decode>(s: &mut State) -> Flow {
    s.jump()
}

#[inline(always)]
pub(crate) fn loop_<D: Decode>(s: &mut State) -> Flow {
    jump_polling!(s, poll_and_jump)
}

#[inline(always)]
pub(crate) fn jt<D: Decode>(s: &mut State) -> Flow {
    match s.bits(D::a(s.w)) {
        bits if bits == Value::FALSE.bits() => Flow::Next(2),
        bits if bits == Value::TRUE.bits() => jump_polling!(s, slow_truth_jump),
        bits if bits == Value::NONE.bits() || bits == ZERO => Flow::Next(2),
        bits if bits & 1 != 0 => jump_polling!(s, slow_truth_jump),
        _ => tail(slow_truth_jump),
    }
}

#[inline(always)]
pub(crate) fn jf<D: Decode>(s: &mut State) -> Flow {
    match s.bits(D::a(s.w)) {
        bits if bits == Value::TRUE.bits() => Flow::Next(2),
        bits if bits == Value::FALSE.bits() || bits == Value::NONE.bits() || bits == ZERO => {
            jump_polling!(s, slow_truth_jump)
        }
        bits if bits & 1 != 0 => Flow::Next(2),
        _ => tail(slow_truth_jump),
    }
}

/// Defines forward jumps on a condition that cannot fail.
macro_rules! plain_jumps {
    ($($op:ident: |$s:ident| $condition:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>($s: &mut State) -> Flow {
            if $condition { $s.jump() } else { Flow::Next(2) }
        }
    )*};
}
plain_jumps! {
    jnone: |s| s.bits(D::a(s.w)) == Value::NONE.bits();
    jnnone: |s| s.bits(D::a(s.w)) != Value::NONE.bits();
    jis: |s| identical(s.bits(D::a(s.w)), s.bits(D::b(s.w)));
    jis_not: |s| !identical(s.bits(D::a(s.w)), s.bits(D::b(s.w)));
    jempty: |s| s.bits(D::a(s.w)) == 0;
}

/// Defines fused comparisons: `polling` ones may close a loop, `forward` ones jump if the comparison is false.
macro_rules! fused {
    (polling $($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::a(s.w)), s.bits(D::b(s.w)));
            if !both_ints(x, y) {
                return tail(slow_compare_jump);
            }
            if (x as i64) $operator (y as i64) { jump_polling!(s, slow_compare_jump) } else { Flow::Next(2) }
        }
    )*};
    (forward $($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::a(s.w)), s.bits(D::b(s.w)));
            if !both_ints(x, y) {
                return tail(slow_compare_jump);
            }
            if (x as i64) $operator (y as i64) { Flow::Next(2) } else { s.jump() }
        }
    )*};
    (polling_immediate $($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let x = s.bits(D::a(s.w));
            if x & 1 == 0 {
                return tail(slow_compare_jump);
            }
            if (x as i64 >> 1) $operator s.simm_b() { jump_polling!(s, slow_compare_jump) } else { Flow::Next(2) }
        }
    )*};
    (forward_immediate $($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let x = s.bits(D::a(s.w));
            if x & 1 == 0 {
                return tail(slow_compare_jump);
            }
            if (x as i64 >> 1) $operator s.simm_b() { Flow::Next(2) } else { s.jump() }
        }
    )*};
    (polling_float $($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::a(s.w)), s.bits(D::b(s.w)));
            if !both_floats(x, y) {
                return tail(slow_compare_jump);
            }
            if float_of(x) $operator float_of(y) { jump_polling!(s, slow_compare_jump) } else { Flow::Next(2) }
        }
    )*};
    (forward_float $($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::a(s.w)), s.bits(D::b(s.w)));
            if !both_floats(x, y) {
                return tail(slow_compare_jump);
            }
            if float_of(x) $operator float_of(y) { Flow::Next(2) } else { s.jump() }
        }
    )*};
}
fused! { polling jlt: <; jle: <=; jeq: ==; jne: !=; jgt: >; jge: >=; }
fused! { forward jnlt: <; jnle: <=; jneq: ==; jnne: !=; jngt: >; jnge: >=; }
fused! { polling_immediate jlt_i: <; jle_i: <=; jeq_i: ==; jne_i: !=; jgt_i: >; jge_i: >=; }
fused! { forward_immediate jnlt_i: <; jnle_i: <=; jneq_i: ==; jnne_i: !=; jngt_i: >; jnge_i: >=; }
fused! { polling_float jlt_float: <; jle_float: <=; jgt_float: >; jge_float: >=; }
fused! { forward_float jnlt_float: <; jnle_float: <=; jngt_float: >; jnge_float: >=; }

/// Polls and takes the jump.
fn poll_and_jump(s: &mut State) -> Flow {
    match s.enter().poll() {
        Ok(()) => {
            let flow = s.jump();
            crate::trace::polled(s, flow)
        }
        Err(_) => crate::unwind::unwind(s),
    }
}

/// Takes the jump in extra word 1, polling if it goes backward.
pub(crate) fn jump_either_way(s: &mut State) -> Flow {
    if (s.pc.word(1) as i32) < 0 && s.interrupted() { poll_and_jump(s) } else { s.jump() }
}

fn slow_truth_jump(s: &mut State) -> Flow {
    let operand = s.value(s.a());
    let wanted = s.op() == Op::JT;
    match s.enter().truth(operand) {
        Ok(truth) if truth == wanted => jump_either_way(s),
        Ok(_) => s.next(),
        Err(_) => crate::unwind::unwind(s),
    }
}

/// What a fused comparison is besides its operator: (jumps if false, right side immediate, float form).
fn fused_form(op: Op) -> (bool, bool, Option<Op>) {
    use Op::*;
    match op {
        JLt | JLtFloat => (false, false, Some(JLtFloat)),
        JLe | JLeFloat => (false, false, Some(JLeFloat)),
        JGt | JGtFloat => (false, false, Some(JGtFloat)),
        JGe | JGeFloat => (false, false, Some(JGeFloat)),
        JNLt | JNLtFloat => (true, false, Some(JNLtFloat)),
        JNLe | JNLeFloat => (true, false, Some(JNLeFloat)),
        JNGt | JNGtFloat => (true, false, Some(JNGtFloat)),
        JNGe | JNGeFloat => (true, false, Some(JNGeFloat)),
        JNEq | JNNe => (true, false, None),
        JLtI | JLeI | JEqI | JNeI | JGtI | JGeI => (false, true, None),
        JNLtI | JNLeI | JNEqI | JNNeI | JNGtI | JNGeI => (true, true, None),
        _ => (false, false, None),
    }
}

/// The int form of a float form.
fn int_form(op: Op) -> Op {
    use Op::*;
    match op {
        JLtFloat => JLt,
        JLeFloat => JLe,
        JGtFloat => JGt,
        JGeFloat => JGe,
        JNLtFloat => JNLt,
        JNLeFloat => JNLe,
        JNGtFloat => JNGt,
        JNGeFloat => JNGe,
        other => other,
    }
}

/// Does the opcode compare and jump?
pub(super) fn is_fused(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        JLt | JLe
            | JEq
            | JNe
            | JGt
            | JGe
            | JNLt
            | JNLe
            | JNEq
            | JNNe
            | JNGt
            | JNGe
            | JLtI
            | JLeI
            | JEqI
            | JNeI
            | JGtI
            | JGeI
            | JNLtI
            | JNLeI
            | JNEqI
            | JNNeI
            | JNGtI
            | JNGeI
            | JLtFloat
            | JLeFloat
            | JGtFloat
            | JGeFloat
            | JNLtFloat
            | JNLeFloat
            | JNGtFloat
            | JNGeFloat
    )
}

/// What a fused comparison compares.
pub(super) fn operands(s: &State) -> (Value, Value) {
    let (_, immediate, _) = fused_form(s.op());
    (s.value(s.a()), if immediate { Value::int(s.simm_b()) } else { s.value(s.b()) })
}

/// Takes the jump of a fused comparison that came to `result`, or not.
pub(super) fn decide(s: &mut State, result: taipan_runtime::Result<bool>) -> Flow {
    let (negated, ..) = fused_form(s.op());
    match result {
        Ok(result) if result != negated => jump_either_way(s),
        Ok(_) => s.next(),
        Err(_) => crate::unwind::unwind(s),
    }
}

fn slow_compare_jump(s: &mut State) -> Flow {
    let op = s.op();
    let (_, _, float) = fused_form(op);
    let (lhs, rhs) = operands(s);
    if lhs.is_small_int() && rhs.is_small_int() {
        s.quicken(int_form(op));
    } else if let Some(float) = float
        && lhs.is_immediate_float()
        && rhs.is_immediate_float()
    {
        s.quicken(float);
    }
    let comparison = comparison_of(op);
    if crate::specialize()
        && let Some(result) = taipan_runtime::quick::compare(s.cx(), comparison, lhs, rhs)
    {
        return decide(s, Ok(result));
    }
    if super::operator::compare(s, lhs, rhs, comparison) {
        return Flow::Go;
    }
    let cx = s.enter();
    // Not `compare_bool`: a comparison asks the objects even if both sides are the same one.
    let result = match cx.compare(lhs, rhs, comparison) {
        Ok(result) => cx.truth(result),
        Err(raised) => Err(raised),
    };
    decide(s, result)
}
