//! Operators that Python classes define: their methods run on top of the frame that uses the operator, without native
//! code in between. CPython: `slot_nb_*` in `Objects/typeobject.c`, `BINARY_OP_EXTEND` and the like.
//!
//! The frame of such a method is marked (`OPERATOR`, `NEXT`); when it returns, `complete` looks at the instruction again
//! and does what is left of it: NotImplemented passes on to the other operand, a comparison that jumps asks for truth.
//! Invariant: the instruction is a narrow one whose operands still lie in their registers, and nobody traces.

use taipan_bytecode::Op;
use taipan_runtime::exception::hierarchy;
use taipan_runtime::layout::kind;
use taipan_runtime::names::id::{self, NameId};
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::protocol::number::{BinaryOp, Tried};
use taipan_runtime::{Context, Gc, Raised, Result, Value};

use super::call::push_fitting;
use crate::dispatch::{Flow, State};
use crate::frame::{self, Frame, flag};
use crate::types::function::Function;

/// The Python function under `name` in the class of `object`, if that is a Python class and the method may be run here.
fn method_of(s: &State, object: Value, name: NameId) -> Option<Gc<Function>> {
    let cx = s.cx();
    if !object.is_cell() || s.is_wide() || !crate::specialize() || cx.locals.traced.get() {
        return None;
    }
    let class = cx.class_of(object);
    if !class.is_heap() {
        return None;
    }
    class.lookup(cx, cx.name(name))?.downcast::<Function>()
}

/// Pushes the frame of a method above this one. False if it takes other arguments, or does not fit.
#[inline]
pub(super) fn push_method(
    s: &mut State,
    function: Gc<Function>,
    arguments: &[Value],
    flags: u64,
    length: usize,
) -> bool {
    let callee = frame::above(s.frame());
    let fits = frame::fits(s.cx(), callee.regs(), function.short_call().2);
    if function.exact() as usize != arguments.len() || !fits {
        return false;
    }
    callee.store(-7, 0);
    for (index, argument) in arguments.iter().enumerate() {
        callee.set(index, Some(*argument));
    }
    push_fitting(s, callee, function, arguments.len(), length, flags);
    true
}

/// Is the class of `b` derived from that of `a`? Then it is asked first.
fn is_derived(cx: &Context, b: Value, a: Value) -> bool {
    let (class_a, class_b) = (cx.class_of(a), cx.class_of(b));
    class_a != class_b && class_b.is_subclass_of(class_a)
}

/// Runs the method of a binary operator. False if it is not one that can be run here.
pub(super) fn binary(s: &mut State, op: BinaryOp, lhs: Value, rhs: Value, inplace: bool) -> bool {
    let number = |value: Value| value.is_small_int() || value.is_immediate_float();
    if number(lhs) {
        // Numbers know no other classes but those derived from theirs; floats also know ints of all classes.
        return !number(rhs)
            && !(lhs.is_immediate_float() && taipan_runtime::types::int::is_int(rhs))
            && !is_derived(s.cx(), rhs, lhs)
            && op.reflected_method().and_then(|name| method_of(s, rhs, name)).is_some_and(|method| {
                push_method(s, method, &[rhs, lhs], flag::OPERATOR | flag::REFLECTED, 1)
            });
    }
    if !lhs.is_cell() || !s.cx().class_of(lhs).is_heap() {
        return false;
    }
    if inplace
        && let Some(name) = op.inplace_method()
        && s.cx().class_of(lhs).lookup(s.cx(), s.cx().name(name)).is_some()
    {
        return method_of(s, lhs, name)
            .is_some_and(|method| push_method(s, method, &[lhs, rhs], flag::OPERATOR | flag::INPLACE, 1));
    }
    let method = op.method().and_then(|name| method_of(s, lhs, name));
    method.is_some_and(|method| {
        !is_derived(s.cx(), rhs, lhs) && push_method(s, method, &[lhs, rhs], flag::OPERATOR, 1)
    })
}

/// The same for a comparison.
pub(super) fn compare(s: &mut State, lhs: Value, rhs: Value, op: CompareOp) -> bool {
    method_of(s, lhs, op.special()).is_some_and(|method| {
        !is_derived(s.cx(), rhs, lhs) && push_method(s, method, &[lhs, rhs], flag::OPERATOR, 1)
    })
}

/// The same for `item in container`.
pub(super) fn contains(s: &mut State, container: Value, item: Value) -> bool {
    method_of(s, container, id::__contains__)
        .is_some_and(|method| push_method(s, method, &[container, item], flag::OPERATOR, 1))
}

/// The same for `object[key]`.
pub(super) fn get_item(s: &mut State, object: Value, key: Value) -> bool {
    method_of(s, object, id::__getitem__).is_some_and(|method| push_method(s, method, &[object, key], 0, 2))
}

/// The same for `object[key] = value`.
pub(super) fn set_item(s: &mut State, object: Value, key: Value, value: Value) -> bool {
    method_of(s, object, id::__setitem__)
        .is_some_and(|method| push_method(s, method, &[object, key, value], flag::DISCARD, 2))
}

/// The same for the next item of the loop's iterator.
pub(super) fn next(s: &mut State, iterator: Value) -> bool {
    method_of(s, iterator, id::__next__)
        .is_some_and(|method| push_method(s, method, &[iterator], flag::NEXT, 1))
}

/// The same for what iterating over `object` drives.
pub(super) fn iter(s: &mut State, object: Value) -> bool {
    method_of(s, object, id::__iter__)
        .is_some_and(|method| push_method(s, method, &[object], flag::OPERATOR, 1))
}

/// The `__call__` of an instance of a Python class.
pub(super) fn call_method(s: &State, callable: Value) -> Option<Gc<Function>> {
    if callable.kind() != kind::INSTANCE {
        return None;
    }
    method_of(s, callable, id::__call__)
}

/// Goes on with the instruction whose method has returned `value` to `caller`.
#[inline(never)]
pub(crate) fn complete(s: &mut State, caller: Frame, meta: u64, value: Value) -> Flow {
    s.set_frame(caller);
    s.pc = caller.saved_pc().offset(-1);
    s.w = s.pc.word(0) as u64;
    if meta & flag::NEXT != 0 {
        s.set(s.b(), value);
        return s.jump();
    }
    let result = match super::arith::describe(s.op()) {
        Some(operation) => operation.finish(s, meta, value),
        None if matches!(s.op(), Op::In | Op::NotIn) => {
            let wanted = s.op() == Op::In;
            truth(s, value).map(|found| Value::bool(found == wanted))
        }
        None if matches!(s.op(), Op::GetIter | Op::GetIterObject | Op::GetYieldFromIter) => {
            return complete_iter(s, value);
        }
        None if super::jump::is_fused(s.op()) => return complete_jump(s, value),
        None => {
            let (lhs, rhs) = (s.value(s.b()), s.value(s.c()));
            finish_comparison(s, (lhs, rhs), value)
        }
    };
    s.finish(s.a(), result)
}

fn complete_iter(s: &mut State, value: Value) -> Flow {
    match s.enter().check_iterator(value) {
        Ok(iterator) if s.op() == Op::GetIter => super::iter::begin(s, iterator),
        result => s.finish(s.a(), result),
    }
}

fn finish_comparison(s: &mut State, (lhs, rhs): (Value, Value), value: Value) -> Result {
    if value != Value::NOT_IMPLEMENTED {
        return Ok(value);
    }
    let op = super::compare::comparison_of(s.op());
    s.enter().finish_comparison(lhs, rhs, op, value)
}

fn complete_jump(s: &mut State, value: Value) -> Flow {
    let operands = super::jump::operands(s);
    let result = finish_comparison(s, operands, value).and_then(|value| truth(s, value));
    super::jump::decide(s, result)
}

fn truth(s: &mut State, value: Value) -> Result<bool> {
    match value {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        other => s.enter().truth(other),
    }
}

/// Which method the mark of a frame says was called.
pub(super) fn tried(meta: u64) -> Tried {
    if meta & flag::REFLECTED != 0 {
        Tried::Right
    } else if meta & flag::INPLACE != 0 {
        Tried::Inplace
    } else {
        Tried::Left
    }
}

/// The frame of a `__next__` has ended with the pending exception: if that is the end of the loop in `caller`, goes on behind
/// it.
pub(crate) fn stopped(s: &mut State, caller: Frame) -> bool {
    let cx = s.cx();
    let stops = cx
        .pending_exception()
        .is_some_and(|exception| cx.is_exception_of(exception, hierarchy::stop_iteration));
    if stops {
        cx.take_exception(Raised::pending(cx));
        s.set_frame(caller);
        s.pc = caller.saved_pc().add(1);
    }
    stops
}
