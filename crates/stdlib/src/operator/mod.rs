//! `_operator`: the operators as functions. CPython: `Modules/_operator.c`.
//!
//! Invariant: each function does what its operator does, through the same protocol.

mod getters;

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::{BinaryOp, UnaryOp};

use getters::{AttrGetter, ItemGetter, MethodCaller};

/// The module.
pub struct Operator;

/// `a + b` for sequences: concatenation, or addition where both are sequences without one.
fn concat(cx: &mut Context, a: Value, b: Value, inplace: bool) -> Result {
    let slots = &cx.class_of(a).slots;
    let own = if inplace { slots.inplace_concat.get().or(slots.concat.get()) } else { slots.concat.get() };
    if let Some(concat) = own {
        return concat(cx, a, b);
    }
    if cx.is_sequence(a) && cx.is_sequence(b) {
        let op = BinaryOp::Add;
        return if inplace { cx.inplace(op, a, b) } else { cx.binary(op, a, b) };
    }
    Err(cx.type_error(format!("'{}' object can't be concatenated", cx.type_name(a))))
}

/// Compares without stopping at the first difference.
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    let mut difference = u8::from(a.len() != b.len());
    for (index, byte) in b.iter().enumerate() {
        difference |= byte ^ a.get(index).copied().unwrap_or(!byte);
    }
    std::hint::black_box(difference) == 0
}

/// Operator interface.
///
/// This module exports a set of functions implemented in C corresponding
/// to the intrinsic operators of Python.  For example, operator.add(x, y)
/// is equivalent to the expression x+y.
#[module("_operator", classes(AttrGetter, ItemGetter, MethodCaller))]
impl Operator {
    /// Same as a + b.
    #[function("(a, b, /)", name = "add")]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Add, a, b)
    }

    /// Same as a - b.
    #[function("(a, b, /)", name = "sub")]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Sub, a, b)
    }

    /// Same as a * b.
    #[function("(a, b, /)", name = "mul")]
    fn mul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Mul, a, b)
    }

    /// Same as a @ b.
    #[function("(a, b, /)", name = "matmul")]
    fn matmul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::MatMul, a, b)
    }

    /// Same as a / b.
    #[function("(a, b, /)", name = "truediv")]
    fn truediv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::TrueDiv, a, b)
    }

    /// Same as a // b.
    #[function("(a, b, /)", name = "floordiv")]
    fn floordiv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::FloorDiv, a, b)
    }

    /// Same as a % b.
    #[function("(a, b, /)", name = "mod")]
    fn mod_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Rem, a, b)
    }

    /// Same as a << b.
    #[function("(a, b, /)", name = "lshift")]
    fn lshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::LShift, a, b)
    }

    /// Same as a >> b.
    #[function("(a, b, /)", name = "rshift")]
    fn rshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::RShift, a, b)
    }

    /// Same as a & b.
    #[function("(a, b, /)", name = "and_")]
    fn and_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::And, a, b)
    }

    /// Same as a ^ b.
    #[function("(a, b, /)", name = "xor")]
    fn xor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Xor, a, b)
    }

    /// Same as a | b.
    #[function("(a, b, /)", name = "or_")]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Or, a, b)
    }

    /// Same as a ** b.
    #[function("(a, b, /)", name = "pow")]
    fn pow(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.binary(BinaryOp::Pow, a, b)
    }

    /// Same as a += b.
    #[function("(a, b, /)")]
    fn iadd(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Add, a, b)
    }

    /// Same as a -= b.
    #[function("(a, b, /)")]
    fn isub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Sub, a, b)
    }

    /// Same as a *= b.
    #[function("(a, b, /)")]
    fn imul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Mul, a, b)
    }

    /// Same as a @= b.
    #[function("(a, b, /)")]
    fn imatmul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::MatMul, a, b)
    }

    /// Same as a /= b.
    #[function("(a, b, /)")]
    fn itruediv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::TrueDiv, a, b)
    }

    /// Same as a //= b.
    #[function("(a, b, /)")]
    fn ifloordiv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::FloorDiv, a, b)
    }

    /// Same as a %= b.
    #[function("(a, b, /)")]
    fn imod(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Rem, a, b)
    }

    /// Same as a <<= b.
    #[function("(a, b, /)")]
    fn ilshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::LShift, a, b)
    }

    /// Same as a >>= b.
    #[function("(a, b, /)")]
    fn irshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::RShift, a, b)
    }

    /// Same as a &= b.
    #[function("(a, b, /)")]
    fn iand(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::And, a, b)
    }

    /// Same as a ^= b.
    #[function("(a, b, /)")]
    fn ixor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Xor, a, b)
    }

    /// Same as a |= b.
    #[function("(a, b, /)")]
    fn ior(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Or, a, b)
    }

    /// Same as a **= b.
    #[function("(a, b, /)")]
    fn ipow(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.inplace(BinaryOp::Pow, a, b)
    }

    /// Same as a < b.
    #[function("(a, b, /)")]
    fn lt(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.compare(a, b, CompareOp::Lt)
    }

    /// Same as a <= b.
    #[function("(a, b, /)")]
    fn le(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.compare(a, b, CompareOp::Le)
    }

    /// Same as a == b.
    #[function("(a, b, /)")]
    fn eq(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.compare(a, b, CompareOp::Eq)
    }

    /// Same as a != b.
    #[function("(a, b, /)")]
    fn ne(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.compare(a, b, CompareOp::Ne)
    }

    /// Same as a > b.
    #[function("(a, b, /)")]
    fn gt(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.compare(a, b, CompareOp::Gt)
    }

    /// Same as a >= b.
    #[function("(a, b, /)")]
    fn ge(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.compare(a, b, CompareOp::Ge)
    }

    /// Same as -a.
    #[function("(a, /)")]
    fn neg(cx: &mut Context, a: Value) -> Result<Value> {
        cx.unary(UnaryOp::Neg, a)
    }

    /// Same as +a.
    #[function("(a, /)")]
    fn pos(cx: &mut Context, a: Value) -> Result<Value> {
        cx.unary(UnaryOp::Pos, a)
    }

    /// Same as ~a.
    #[function("(a, /)")]
    fn inv(cx: &mut Context, a: Value) -> Result<Value> {
        cx.unary(UnaryOp::Invert, a)
    }

    /// Same as ~a.
    #[function("(a, /)")]
    fn invert(cx: &mut Context, a: Value) -> Result<Value> {
        cx.unary(UnaryOp::Invert, a)
    }

    /// Same as abs(a).
    #[function("(a, /)")]
    fn abs(cx: &mut Context, a: Value) -> Result<Value> {
        cx.abs(a)
    }

    /// Same as a.__index__()
    #[function("(a, /)")]
    fn index(cx: &mut Context, a: Value) -> Result<Value> {
        let index = cx.index(a)?;
        Ok(taipan_runtime::types::int::exact(cx, index))
    }

    /// Return True if a is true, False otherwise.
    #[function("(a, /)")]
    fn truth(cx: &mut Context, a: Value) -> Result<bool> {
        cx.truth(a)
    }

    /// Same as not a.
    #[function("(a, /)", name = "not_")]
    fn not_(cx: &mut Context, a: Value) -> Result<bool> {
        cx.truth(a).map(|truth| !truth)
    }

    /// Same as a is b.
    #[function("(a, b, /)", name = "is_")]
    fn is_(a: Value, b: Value) -> bool {
        a == b
    }

    /// Same as a is not b.
    #[function("(a, b, /)")]
    fn is_not(a: Value, b: Value) -> bool {
        a != b
    }

    /// Same as a is None.
    #[function("(a, /)")]
    fn is_none(a: Value) -> bool {
        a.is_none()
    }

    /// Same as a is not None.
    #[function("(a, /)")]
    fn is_not_none(a: Value) -> bool {
        !a.is_none()
    }

    /// Same as a + b, for a and b sequences.
    #[function("(a, b, /)")]
    fn concat(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        concat(cx, a, b, false)
    }

    /// Same as a += b, for a and b sequences.
    #[function("(a, b, /)")]
    fn iconcat(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        concat(cx, a, b, true)
    }

    /// Same as b in a (note reversed operands).
    #[function("(a, b, /)")]
    fn contains(cx: &mut Context, a: Value, b: Value) -> Result<bool> {
        cx.contains(a, b)
    }

    /// Return the number of items in a which are, or which equal, b.
    #[function("(a, b, /)", name = "countOf")]
    fn count_of(cx: &mut Context, a: Value, b: Value) -> Result<i64> {
        let iterator = not_iterable(cx, a)?;
        let mut count = 0;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            count += i64::from(cx.eq(item, b)?);
        }
        Ok(count)
    }

    /// Return the first index of b in a.
    #[function("(a, b, /)", name = "indexOf")]
    fn index_of(cx: &mut Context, a: Value, b: Value) -> Result<i64> {
        let iterator = not_iterable(cx, a)?;
        let mut index = 0;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            if cx.eq(item, b)? {
                return Ok(index);
            }
            index += 1;
        }
        Err(cx.value_error("sequence.index(x): x not in sequence"))
    }

    /// Same as a[b].
    #[function("(a, b, /)")]
    fn getitem(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        cx.get_item(a, b)
    }

    /// Same as a[b] = c.
    #[function("(a, b, c, /)")]
    fn setitem(cx: &mut Context, a: Value, b: Value, c: Value) -> Result<()> {
        cx.set_item(a, b, c)
    }

    /// Same as del a[b].
    #[function("(a, b, /)")]
    fn delitem(cx: &mut Context, a: Value, b: Value) -> Result<()> {
        cx.del_item(a, b)
    }

    /// Return an estimate of the number of items in obj.
    ///
    /// This is useful for presizing containers when building from an iterable.
    ///
    /// If the object supports len(), the result will be exact.
    /// Otherwise, it may over- or under-estimate by an arbitrary amount.
    #[function("(obj, default=0, /)")]
    fn length_hint(cx: &mut Context, obj: Value, default: isize) -> Result<Value> {
        // The hint is asked with a stand-in, so that a negative default can come back as it is.
        match usize::try_from(default) {
            Ok(default) => {
                let hint = cx.length_hint(obj, default)?;
                Ok(cx.new_int(hint as i64))
            }
            Err(_) => {
                let (first, second) = (cx.length_hint(obj, 0)?, cx.length_hint(obj, 1)?);
                Ok(cx.new_int(if first == second { first as i64 } else { default as i64 }))
            }
        }
    }

    /// Same as obj(*args, **kwargs).
    #[function("(obj, /, *args, **kwargs)")]
    fn call(cx: &mut Context, obj: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        cx.call_ex(obj, args.items(), Some(kwargs))
    }

    /// Return 'a == b'.
    ///
    /// This function uses an approach designed to prevent
    /// timing analysis, making it appropriate for cryptography.
    ///
    /// a and b must both be of the same type: either str (ASCII only),
    /// or any bytes-like object.
    ///
    /// Note: If a and b are of different lengths, or if an error occurs,
    /// a timing attack could theoretically reveal information about the
    /// types and lengths of a and b--but not their values.
    #[function("(a, b, /)", name = "_compare_digest")]
    pub(crate) fn compare_digest(cx: &mut Context, a: Value, b: Value) -> Result<bool> {
        if let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
            return match (x.as_ascii(), y.as_ascii()) {
                (Some(x), Some(y)) => Ok(same_bytes(x.as_bytes(), y.as_bytes())),
                _ => Err(cx.type_error("comparing strings with non-ASCII characters is not supported")),
            };
        }
        if !cx.has_buffer(a) && !cx.has_buffer(b)
            || a.downcast::<Str>().is_some()
            || b.downcast::<Str>().is_some()
        {
            let (a, b) = (cx.type_name(a), cx.type_name(b));
            let message = format!("unsupported operand types(s) or combination of types: '{a}' and '{b}'");
            return Err(cx.type_error(message));
        }
        let a = cx.with_buffer(a, |bytes| bytes.to_vec())?;
        let b = cx.with_buffer(b, |bytes| bytes.to_vec())?;
        Ok(same_bytes(&a, &b))
    }
}

/// The iterator, with the message of `PySequence_Count` and `PySequence_Index`.
fn not_iterable(cx: &mut Context, value: Value) -> Result {
    if cx.is_iterable(value) {
        return cx.iter(value);
    }
    Err(cx.type_error(format!("argument of type '{}' is not iterable", cx.type_name(value))))
}
