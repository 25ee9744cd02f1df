//! Rich comparison. CPython: `do_richcompare` in `Objects/object.c`.

use crate::context::Context;
use crate::error::Result;
use crate::names::id::{self, NameId};
use crate::types::str::Str;
use crate::value::Value;

/// A comparison operator, in CPython's order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CompareOp {
    pub const ALL: [CompareOp; 6] =
        [CompareOp::Lt, CompareOp::Le, CompareOp::Eq, CompareOp::Ne, CompareOp::Gt, CompareOp::Ge];

    /// The operator with its operands swapped.
    pub fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            other => other,
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }

    pub fn special(self) -> NameId {
        match self {
            CompareOp::Lt => id::__lt__,
            CompareOp::Le => id::__le__,
            CompareOp::Eq => id::__eq__,
            CompareOp::Ne => id::__ne__,
            CompareOp::Gt => id::__gt__,
            CompareOp::Ge => id::__ge__,
        }
    }

    /// The operator's answer for operands in this order; unordered operands are only `!=`.
    pub fn holds(self, ordering: Option<std::cmp::Ordering>) -> bool {
        use std::cmp::Ordering;
        match self {
            CompareOp::Lt => ordering == Some(Ordering::Less),
            CompareOp::Le => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
            CompareOp::Eq => ordering == Some(Ordering::Equal),
            CompareOp::Ne => ordering != Some(Ordering::Equal),
            CompareOp::Gt => ordering == Some(Ordering::Greater),
            CompareOp::Ge => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

impl Context {
    /// `a op b`.
    pub fn compare(&mut self, a: Value, b: Value, op: CompareOp) -> Result {
        if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
            return Ok(Value::bool(op.holds(Some(x.cmp(&y)))));
        }
        if matches!(op, CompareOp::Eq | CompareOp::Ne)
            && let Some(equal) = self.equal_strings(a, b)
        {
            return Ok(Value::bool(equal == (op == CompareOp::Eq)));
        }
        self.check_recursion(" in comparison")?;
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            // Both would decline, as objects without a comparison of their own are only equal to themselves.
            let plain = &crate::types::type_::object_class().slots.compare;
            if class_a.slots.compare.same(plain) && class_b.slots.compare.same(plain) {
                return Ok(Value::bool((a == b) == (op == CompareOp::Eq)));
            }
        }
        let mut reflected_tried = false;
        if class_a != class_b
            && class_b.is_subclass_of(class_a)
            && let Some(compare) = class_b.slots.compare.get()
        {
            reflected_tried = true;
            let result = compare(self, b, a, op.swapped())?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if let Some(compare) = class_a.slots.compare.get() {
            let result = compare(self, a, b, op)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if reflected_tried { self.compare_by_identity(a, b, op) } else { self.compare_reflected(a, b, op) }
    }

    /// `a op b` where the method of `a` that somebody else called has given `result`. The class of `b` is no subclass of
    /// another one that `a` has.
    pub fn finish_comparison(&mut self, a: Value, b: Value, op: CompareOp, result: Value) -> Result {
        if result != Value::NOT_IMPLEMENTED { Ok(result) } else { self.compare_reflected(a, b, op) }
    }

    /// `a op b` as `b` sees it.
    fn compare_reflected(&mut self, a: Value, b: Value, op: CompareOp) -> Result {
        if let Some(compare) = self.class_of(b).slots.compare.get() {
            let result = compare(self, b, a, op.swapped())?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        self.compare_by_identity(a, b, op)
    }

    fn compare_by_identity(&self, a: Value, b: Value, op: CompareOp) -> Result {
        match op {
            CompareOp::Eq => Ok(Value::bool(a == b)),
            CompareOp::Ne => Ok(Value::bool(a != b)),
            _ => Err(self.type_error(format!(
                "'{}' not supported between instances of '{}' and '{}'",
                op.symbol(),
                self.type_name(a),
                self.type_name(b)
            ))),
        }
    }

    /// `bool(a op b)`; identical objects are equal (`PyObject_RichCompareBool`).
    pub fn compare_bool(&mut self, a: Value, b: Value, op: CompareOp) -> Result<bool> {
        if a == b {
            match op {
                CompareOp::Eq => return Ok(true),
                CompareOp::Ne => return Ok(false),
                _ => {}
            }
        }
        let result = self.compare(a, b, op)?;
        self.truth(result)
    }

    /// `a is b or a == b`.
    #[inline]
    pub fn eq(&mut self, a: Value, b: Value) -> Result<bool> {
        if a == b {
            return Ok(true);
        }
        if a.is_small_int() && b.is_small_int() {
            return Ok(false);
        }
        match self.equal_strings(a, b) {
            Some(equal) => Ok(equal),
            None => self.compare_bool(a, b, CompareOp::Eq),
        }
    }

    /// Are two exact strings equal? None if one of them is something else.
    #[inline]
    fn equal_strings(&self, a: Value, b: Value) -> Option<bool> {
        let (a, b) = (self.exact::<Str>(a)?, self.exact::<Str>(b)?);
        Some(a.equals(&b))
    }
}
