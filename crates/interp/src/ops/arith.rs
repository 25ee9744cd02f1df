//! Arithmetic. CPython: the `BINARY_OP` family of `Python/bytecodes.c`.
//! Ints are computed here, on their tagged words; floats in quickened forms; the rest by the protocol.

use taipan_bytecode::Op;
use taipan_runtime::Value;
use taipan_runtime::protocol::number::{BinaryOp, UnaryOp};
use taipan_runtime::types::int;

use crate::dispatch::{Decode, Flow, State, tail};

/// Are both words small ints?
#[inline(always)]
pub(crate) fn both_ints(x: u64, y: u64) -> bool {
    x & y & 1 != 0
}

/// Are both words self-tagged floats (not 0.0)?
#[inline(always)]
pub(crate) fn both_floats(x: u64, y: u64) -> bool {
    x & 3 == 2 && y & 3 == 2
}

/// The float of a word that `both_floats` accepted.
#[inline(always)]
pub(crate) fn float_of(bits: u64) -> f64 {
    Value::from_bits(bits).and_then(Value::as_immediate_float).unwrap_or(0.0)
}

#[inline(always)]
fn int_of(bits: u64) -> i64 {
    bits as i64 >> 1
}

#[inline(always)]
fn tagged(int: i64) -> u64 {
    (int as u64) << 1 | 1
}

#[inline(always)]
fn add_ints(x: u64, y: u64) -> Option<u64> {
    (x as i64 - 1).checked_add(y as i64).map(|sum| sum as u64)
}

#[inline(always)]
fn sub_ints(x: u64, y: u64) -> Option<u64> {
    (x as i64).checked_sub(y as i64 - 1).map(|difference| difference as u64)
}

#[inline(always)]
fn mul_ints(x: u64, y: u64) -> Option<u64> {
    (x as i64 - 1).checked_mul(y as i64 >> 1).map(|product| product as u64 | 1)
}

#[inline(always)]
fn floordiv_ints(x: u64, y: u64) -> Option<u64> {
    let (x, y) = (int_of(x), int_of(y));
    if y <= 0 {
        return None;
    }
    let (quotient, remainder) = (x / y, x % y);
    Some(tagged(quotient + (remainder >> 63)))
}

#[inline(always)]
fn mod_ints(x: u64, y: u64) -> Option<u64> {
    let (x, y) = (int_of(x), int_of(y));
    if y <= 0 {
        return None;
    }
    let remainder = x % y;
    Some(tagged(remainder + (remainder >> 63 & y)))
}

#[inline(always)]
fn lshift_ints(x: u64, y: u64) -> Option<u64> {
    let (x, y) = (int_of(x), int_of(y));
    if !(0..32).contains(&y) {
        return None;
    }
    let shifted = x << y;
    if shifted >> y == x && Value::small_int(shifted).is_some() { Some(tagged(shifted)) } else { None }
}

#[inline(always)]
fn rshift_ints(x: u64, y: u64) -> Option<u64> {
    let (x, y) = (int_of(x), int_of(y));
    if (0..64).contains(&y) { Some(tagged(x >> y)) } else { None }
}

#[inline(always)]
fn and_ints(x: u64, y: u64) -> Option<u64> {
    Some(x & y)
}

#[inline(always)]
fn or_ints(x: u64, y: u64) -> Option<u64> {
    Some(x | y)
}

#[inline(always)]
fn xor_ints(x: u64, y: u64) -> Option<u64> {
    Some((x ^ y) | 1)
}

/// Defines handlers whose fast path is for two ints.
macro_rules! int_ops {
    ($($op:ident: $ints:ident;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::b(s.w)), s.bits(D::c(s.w)));
            if both_ints(x, y)
                && let Some(bits) = $ints(x, y)
            {
                s.set_bits(D::a(s.w), bits);
                return Flow::Next(1);
            }
            tail(slow_binary)
        }
    )*};
}
int_ops! {
    add: add_ints; sub: sub_ints; mul: mul_ints; floor_div: floordiv_ints; mod_: mod_ints;
    lshift: lshift_ints; rshift: rshift_ints; and: and_ints; or: or_ints; xor: xor_ints;
    iadd: add_ints; isub: sub_ints; imul: mul_ints; ifloor_div: floordiv_ints; imod: mod_ints;
    ilshift: lshift_ints; irshift: rshift_ints; iand: and_ints; ior: or_ints; ixor: xor_ints;
}

/// The same with a small int in field C.
macro_rules! immediate_ops {
    ($($op:ident: $ints:ident;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let x = s.bits(D::b(s.w));
            if x & 1 != 0
                && let Some(bits) = $ints(x, tagged(s.simm_c()))
            {
                s.set_bits(D::a(s.w), bits);
                return Flow::Next(1);
            }
            tail(slow_binary)
        }
    )*};
}
immediate_ops! {
    add_i: add_ints; sub_i: sub_ints; iadd_i: add_ints; isub_i: sub_ints; mul_i: mul_ints;
    floor_div_i: floordiv_ints; mod_i: mod_ints; and_i: and_ints; lshift_i: lshift_ints; rshift_i: rshift_ints;
}

/// Defines the quickened forms for two floats.
macro_rules! float_ops {
    ($($op:ident: $operator:tt;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: Decode>(s: &mut State) -> Flow {
            let (x, y) = (s.bits(D::b(s.w)), s.bits(D::c(s.w)));
            if both_floats(x, y)
                && let Some(value) = Value::immediate_float(float_of(x) $operator float_of(y))
            {
                s.set(D::a(s.w), value);
                return Flow::Next(1);
            }
            tail(float_or_zero)
        }
    )*};
}
float_ops! {
    add_float: +; sub_float: -; mul_float: *; true_div_float: /;
    iadd_float: +; isub_float: -; imul_float: *; itrue_div_float: /;
}

super::outlined! {
    true_div => slow_binary; pow => slow_binary; mat_mul => slow_binary;
    itrue_div => slow_binary; ipow => slow_binary; imat_mul => slow_binary;
    neg => slow_unary; pos => slow_unary; invert => slow_unary;
}

/// Numbers that the fast path leaves over: 0.0, which lies outside the self-tagged range, an int beside a float, and
/// the quotient of two ints.
fn float_or_zero(s: &mut State) -> Flow {
    let number = |bits: u64| {
        let value = Value::from_bits(bits)?;
        value.as_immediate_float().or_else(|| {
            let int = value.as_small_int()?;
            // Larger ints are not exact as floats; the protocol rounds them as Python does.
            (int.unsigned_abs() < 1 << 53).then_some(int as f64)
        })
    };
    let (x, y) = (s.bits(s.b()), s.bits(s.c()));
    let op = s.op();
    let divides = matches!(op, Op::TrueDivFloat | Op::ITrueDivFloat);
    if (divides || !both_ints(x, y))
        && let (Some(x), Some(y)) = (number(x), number(y))
    {
        let result = match op {
            Op::AddFloat | Op::IAddFloat => Some(x + y),
            Op::SubFloat | Op::ISubFloat => Some(x - y),
            Op::MulFloat | Op::IMulFloat => Some(x * y),
            _ if divides && y != 0.0 => Some(x / y),
            _ => None,
        };
        if let Some(value) = result.and_then(Value::immediate_float) {
            s.set(s.a(), value);
            return Flow::Next(1);
        }
    }
    slow_binary(s)
}

/// What an arithmetic opcode computes.
pub(super) struct Binary {
    operator: BinaryOp,
    inplace: bool,
    immediate: bool,
    float: Option<Op>,
    generic: Op,
}

impl Binary {
    /// The result of the instruction at `s`, a method of which has given `value`.
    pub(super) fn finish(&self, s: &mut State, meta: u64, value: Value) -> taipan_runtime::Result {
        if value != Value::NOT_IMPLEMENTED {
            return Ok(value);
        }
        let operands = (s.value(s.b()), self.right(s));
        let tried = super::operator::tried(meta);
        s.enter().finish_operator(self.operator, operands, self.inplace, tried, value)
    }

    fn right(&self, s: &State) -> Value {
        if self.immediate { Value::int(s.simm_c()) } else { s.value(s.c()) }
    }
}

const fn row(
    operator: BinaryOp,
    inplace: bool,
    immediate: bool,
    float: Option<Op>,
    generic: Op,
) -> Option<Binary> {
    Some(Binary { operator, inplace, immediate, float, generic })
}

/// What each opcode computes that computes something.
static BINARY: [Option<Binary>; 256] = {
    let mut table = [const { None }; 256];
    let mut byte = 0;
    while byte < 256 {
        if let Some(op) = Op::from_u8(byte as u8) {
            table[byte] = describe_row(op);
        }
        byte += 1;
    }
    table
};

#[inline]
pub(super) fn describe(op: Op) -> Option<&'static Binary> {
    BINARY[op as u8 as usize].as_ref()
}

const fn describe_row(op: Op) -> Option<Binary> {
    use Op::*;
    match op {
        Add | AddFloat => row(BinaryOp::Add, false, false, Some(AddFloat), Add),
        Sub | SubFloat => row(BinaryOp::Sub, false, false, Some(SubFloat), Sub),
        Mul | MulFloat => row(BinaryOp::Mul, false, false, Some(MulFloat), Mul),
        TrueDiv | TrueDivFloat => row(BinaryOp::TrueDiv, false, false, Some(TrueDivFloat), TrueDiv),
        FloorDiv => row(BinaryOp::FloorDiv, false, false, None, op),
        Mod => row(BinaryOp::Rem, false, false, None, op),
        MatMul => row(BinaryOp::MatMul, false, false, None, op),
        LShift => row(BinaryOp::LShift, false, false, None, op),
        RShift => row(BinaryOp::RShift, false, false, None, op),
        And => row(BinaryOp::And, false, false, None, op),
        Or => row(BinaryOp::Or, false, false, None, op),
        Xor => row(BinaryOp::Xor, false, false, None, op),
        Pow => row(BinaryOp::Pow, false, false, None, op),
        IAdd | IAddFloat => row(BinaryOp::Add, true, false, Some(IAddFloat), IAdd),
        ISub | ISubFloat => row(BinaryOp::Sub, true, false, Some(ISubFloat), ISub),
        IMul | IMulFloat => row(BinaryOp::Mul, true, false, Some(IMulFloat), IMul),
        ITrueDiv | ITrueDivFloat => row(BinaryOp::TrueDiv, true, false, Some(ITrueDivFloat), ITrueDiv),
        IFloorDiv => row(BinaryOp::FloorDiv, true, false, None, op),
        IMod => row(BinaryOp::Rem, true, false, None, op),
        IMatMul => row(BinaryOp::MatMul, true, false, None, op),
        ILShift => row(BinaryOp::LShift, true, false, None, op),
        IRShift => row(BinaryOp::RShift, true, false, None, op),
        IAnd => row(BinaryOp::And, true, false, None, op),
        IOr => row(BinaryOp::Or, true, false, None, op),
        IXor => row(BinaryOp::Xor, true, false, None, op),
        IPow => row(BinaryOp::Pow, true, false, None, op),
        AddI => row(BinaryOp::Add, false, true, None, op),
        SubI => row(BinaryOp::Sub, false, true, None, op),
        IAddI => row(BinaryOp::Add, true, true, None, op),
        ISubI => row(BinaryOp::Sub, true, true, None, op),
        MulI => row(BinaryOp::Mul, false, true, None, op),
        FloorDivI => row(BinaryOp::FloorDiv, false, true, None, op),
        ModI => row(BinaryOp::Rem, false, true, None, op),
        AndI => row(BinaryOp::And, false, true, None, op),
        LShiftI => row(BinaryOp::LShift, false, true, None, op),
        RShiftI => row(BinaryOp::RShift, false, true, None, op),
        _ => None,
    }
}

/// Any operands, by the protocol. Quickens a site that has seen two floats.
pub(crate) fn slow_binary(s: &mut State) -> Flow {
    let Some(binary) = describe(s.op()) else { return super::undefined(s) };
    // Long code without loops and calls may fill the memory with long ints alone.
    if s.interrupted() && s.enter().poll().is_err() {
        return crate::unwind::unwind(s);
    }
    let lhs = s.value(s.b());
    let rhs = binary.right(s);
    if let Some(float) = binary.float {
        let is_number = |value: Value| value.is_small_int() || value.is_immediate_float();
        let ints = lhs.is_small_int() && rhs.is_small_int();
        let divides = binary.operator == BinaryOp::TrueDiv;
        if is_number(lhs) && is_number(rhs) && (!ints || divides) {
            if s.op() == binary.generic {
                s.quicken(float);
                s.w = s.w & !0xFF | float as u64;
                return float_or_zero(s);
            }
        } else if s.op() != binary.generic {
            s.quicken(binary.generic);
        }
    }
    if crate::specialize()
        && let Some(value) = int::quick::binary(s.cx(), binary.operator, lhs, rhs)
    {
        s.set(s.a(), value);
        return Flow::Next(1);
    }
    if super::operator::binary(s, binary.operator, lhs, rhs, binary.inplace) {
        return Flow::Go;
    }
    let cx = s.enter();
    let result = if binary.inplace {
        cx.inplace(binary.operator, lhs, rhs)
    } else {
        cx.binary(binary.operator, lhs, rhs)
    };
    s.finish(s.a(), result)
}

fn slow_unary(s: &mut State) -> Flow {
    if s.interrupted() && s.enter().poll().is_err() {
        return crate::unwind::unwind(s);
    }
    let operand = s.value(s.b());
    let quick = match s.op() {
        Op::Neg if crate::specialize() => int::quick::negative(s.cx(), operand),
        Op::Invert if crate::specialize() => int::quick::inverted(s.cx(), operand),
        _ => None,
    };
    if let Some(value) = quick {
        s.set(s.a(), value);
        return s.next();
    }
    let operator = match s.op() {
        Op::Neg => UnaryOp::Neg,
        Op::Pos => UnaryOp::Pos,
        _ => UnaryOp::Invert,
    };
    let result = s.enter().unary(operator, operand);
    s.finish(s.a(), result)
}
