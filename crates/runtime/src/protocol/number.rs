//! Arithmetic and conversions to numbers. CPython: `binary_op1`, `PyNumber_*` in `Objects/abstract.c`.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::names::id::{self, NameId};
use crate::object::Gc;
use crate::types::float::Float;
use crate::types::int;
use crate::types::type_::{BinaryFn, Slots};
use crate::value::Value;

/// A binary operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    TrueDiv,
    FloorDiv,
    Rem,
    Pow,
    LShift,
    RShift,
    And,
    Xor,
    Or,
    DivMod,
}

impl BinaryOp {
    pub const ALL: [BinaryOp; 14] = [
        BinaryOp::Add,
        BinaryOp::Sub,
        BinaryOp::Mul,
        BinaryOp::MatMul,
        BinaryOp::TrueDiv,
        BinaryOp::FloorDiv,
        BinaryOp::Rem,
        BinaryOp::Pow,
        BinaryOp::LShift,
        BinaryOp::RShift,
        BinaryOp::And,
        BinaryOp::Xor,
        BinaryOp::Or,
        BinaryOp::DivMod,
    ];

    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::MatMul => "@",
            BinaryOp::TrueDiv => "/",
            BinaryOp::FloorDiv => "//",
            BinaryOp::Rem => "%",
            BinaryOp::Pow => "** or pow()",
            BinaryOp::LShift => "<<",
            BinaryOp::RShift => ">>",
            BinaryOp::And => "&",
            BinaryOp::Xor => "^",
            BinaryOp::Or => "|",
            BinaryOp::DivMod => "divmod()",
        }
    }

    /// The method of the left operand; None where the operator takes three (`pow`).
    pub fn method(self) -> Option<NameId> {
        Some(match self {
            BinaryOp::Add => id::__add__,
            BinaryOp::Sub => id::__sub__,
            BinaryOp::Mul => id::__mul__,
            BinaryOp::MatMul => id::__matmul__,
            BinaryOp::TrueDiv => id::__truediv__,
            BinaryOp::FloorDiv => id::__floordiv__,
            BinaryOp::Rem => id::__mod__,
            BinaryOp::LShift => id::__lshift__,
            BinaryOp::RShift => id::__rshift__,
            BinaryOp::And => id::__and__,
            BinaryOp::Xor => id::__xor__,
            BinaryOp::Or => id::__or__,
            BinaryOp::DivMod => id::__divmod__,
            BinaryOp::Pow => return None,
        })
    }

    /// The method of the right operand.
    pub fn reflected_method(self) -> Option<NameId> {
        Some(match self {
            BinaryOp::Add => id::__radd__,
            BinaryOp::Sub => id::__rsub__,
            BinaryOp::Mul => id::__rmul__,
            BinaryOp::MatMul => id::__rmatmul__,
            BinaryOp::TrueDiv => id::__rtruediv__,
            BinaryOp::FloorDiv => id::__rfloordiv__,
            BinaryOp::Rem => id::__rmod__,
            BinaryOp::LShift => id::__rlshift__,
            BinaryOp::RShift => id::__rrshift__,
            BinaryOp::And => id::__rand__,
            BinaryOp::Xor => id::__rxor__,
            BinaryOp::Or => id::__ror__,
            BinaryOp::DivMod => id::__rdivmod__,
            BinaryOp::Pow => return None,
        })
    }

    /// The method of the left operand of an augmented assignment.
    pub fn inplace_method(self) -> Option<NameId> {
        Some(match self {
            BinaryOp::Add => id::__iadd__,
            BinaryOp::Sub => id::__isub__,
            BinaryOp::Mul => id::__imul__,
            BinaryOp::MatMul => id::__imatmul__,
            BinaryOp::TrueDiv => id::__itruediv__,
            BinaryOp::FloorDiv => id::__ifloordiv__,
            BinaryOp::Rem => id::__imod__,
            BinaryOp::LShift => id::__ilshift__,
            BinaryOp::RShift => id::__irshift__,
            BinaryOp::And => id::__iand__,
            BinaryOp::Xor => id::__ixor__,
            BinaryOp::Or => id::__ior__,
            BinaryOp::DivMod | BinaryOp::Pow => return None,
        })
    }

    fn slot(self, slots: &Slots) -> Option<BinaryFn> {
        match self {
            BinaryOp::Add => slots.add.get(),
            BinaryOp::Sub => slots.sub.get(),
            BinaryOp::Mul => slots.mul.get(),
            BinaryOp::MatMul => slots.matmul.get(),
            BinaryOp::TrueDiv => slots.truediv.get(),
            BinaryOp::FloorDiv => slots.floordiv.get(),
            BinaryOp::Rem => slots.rem.get(),
            BinaryOp::LShift => slots.lshift.get(),
            BinaryOp::RShift => slots.rshift.get(),
            BinaryOp::And => slots.and.get(),
            BinaryOp::Xor => slots.xor.get(),
            BinaryOp::Or => slots.or.get(),
            BinaryOp::DivMod => slots.divmod.get(),
            BinaryOp::Pow => None,
        }
    }

    fn inplace_slot(self, slots: &Slots) -> Option<BinaryFn> {
        match self {
            BinaryOp::Add => slots.inplace_add.get(),
            BinaryOp::Sub => slots.inplace_sub.get(),
            BinaryOp::Mul => slots.inplace_mul.get(),
            BinaryOp::MatMul => slots.inplace_matmul.get(),
            BinaryOp::TrueDiv => slots.inplace_truediv.get(),
            BinaryOp::FloorDiv => slots.inplace_floordiv.get(),
            BinaryOp::Rem => slots.inplace_rem.get(),
            BinaryOp::LShift => slots.inplace_lshift.get(),
            BinaryOp::RShift => slots.inplace_rshift.get(),
            BinaryOp::And => slots.inplace_and.get(),
            BinaryOp::Xor => slots.inplace_xor.get(),
            BinaryOp::Or => slots.inplace_or.get(),
            BinaryOp::DivMod | BinaryOp::Pow => None,
        }
    }
}

/// Which method of an operator has been called, see `Context::finish_operator`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tried {
    /// The one of augmented assignment.
    Inplace,
    Left,
    /// The right operand's, as the left one is of a built-in type that does not know it.
    Right,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    Neg,
    Pos,
    Invert,
}

fn same(a: Option<BinaryFn>, b: Option<BinaryFn>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if std::ptr::fn_addr_eq(a, b))
}

impl Context {
    /// Tries the operands' slots; `NotImplemented` when none answers.
    fn binary1(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        let left = op.slot(&class_a.slots);
        let mut right = if class_a == class_b { None } else { op.slot(&class_b.slots) };
        if same(left, right) {
            right = None;
        }
        if let Some(left) = left {
            if let Some(reflected) = right
                && class_b.is_subclass_of(class_a)
            {
                let result = reflected(self, a, b)?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
                right = None;
            }
            let result = left(self, a, b)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        match right {
            Some(right) => right(self, a, b),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// `a op b`.
    pub fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        if op == BinaryOp::Pow {
            return self.pow(a, b, Value::NONE);
        }
        let result = self.binary1(op, a, b)?;
        self.finish_binary(op, a, b, result)
    }

    /// `a op b` once the slots of numbers have given `result`: what sequences do, or the error.
    fn finish_binary(&mut self, op: BinaryOp, a: Value, b: Value, result: Value) -> Result {
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        match op {
            BinaryOp::Add => {
                if let Some(concat) = self.class_of(a).slots.concat.get() {
                    return concat(self, a, b);
                }
            }
            BinaryOp::Mul => {
                if let Some(result) = self.repeat(a, b)? {
                    return Ok(result);
                }
            }
            _ => {}
        }
        Err(self.unsupported(op.symbol(), a, b))
    }

    /// `a op b` (or `a op= b`) where a method that somebody else called, as `tried` says, has given `result`. The class of
    /// `b` is no subclass of another one that `a` has.
    pub fn finish_operator(
        &mut self,
        op: BinaryOp,
        (a, b): (Value, Value),
        inplace: bool,
        tried: Tried,
        result: Value,
    ) -> Result {
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        let result = match tried {
            Tried::Inplace => self.binary1(op, a, b)?,
            Tried::Left => self.right_operand(op, a, b)?,
            Tried::Right => result,
        };
        if inplace { self.finish_inplace(op, a, b, result) } else { self.finish_binary(op, a, b, result) }
    }

    /// What the right operand says, after the left one's method has declined.
    fn right_operand(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        if class_a == class_b {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (left, right) = (op.slot(&class_a.slots), op.slot(&class_b.slots));
        match (right, op.reflected_method()) {
            // The slot that runs Python methods would ask the left operand again.
            (Some(_), Some(method)) if same(left, right) => {
                Ok(self.call_special(b, method, &[a])?.unwrap_or(Value::NOT_IMPLEMENTED))
            }
            (Some(right), _) => right(self, a, b),
            (None, _) => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// `sequence * count` in either order.
    fn repeat(&mut self, a: Value, b: Value) -> Result<Option<Value>> {
        if let Some(repeat) = self.class_of(a).slots.repeat.get() {
            let count = self.repeat_count(b)?;
            return repeat(self, a, count).map(Some);
        }
        if let Some(repeat) = self.class_of(b).slots.repeat.get() {
            let count = self.repeat_count(a)?;
            return repeat(self, b, count).map(Some);
        }
        Ok(None)
    }

    fn repeat_count(&mut self, value: Value) -> Result<isize> {
        if !int::is_int(value) && !self.class_of(value).slots.index.is_set() {
            return Err(self.type_error(format!(
                "can't multiply sequence by non-int of type '{}'",
                self.type_name(value)
            )));
        }
        self.index_isize(value)
    }

    #[cold]
    fn unsupported(&self, symbol: &str, a: Value, b: Value) -> Raised {
        let (a, b) = (self.type_name(a), self.type_name(b));
        if symbol == ">>" && a == "builtin_function_or_method" {
            return self.type_error(format!(
                "unsupported operand type(s) for >>: '{a}' and '{b}'. Did you mean \"print(<message>, file=<output_stream>)\"?"
            ));
        }
        self.type_error(format!("unsupported operand type(s) for {symbol}: '{a}' and '{b}'"))
    }

    /// `a op= b`.
    pub fn inplace(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        let class = self.class_of(a);
        if op == BinaryOp::Pow {
            if let Some(pow) = class.slots.inplace_pow.get() {
                let result = pow(self, a, b, Value::NONE)?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
            }
            return match self.pow1(a, b, Value::NONE)? {
                Value::NOT_IMPLEMENTED => Err(self.unsupported("**=", a, b)),
                result => Ok(result),
            };
        }
        if let Some(inplace) = op.inplace_slot(&class.slots) {
            let result = inplace(self, a, b)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        let result = self.binary1(op, a, b)?;
        self.finish_inplace(op, a, b, result)
    }

    /// The same once the slots of numbers have given `result`.
    fn finish_inplace(&mut self, op: BinaryOp, a: Value, b: Value, result: Value) -> Result {
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        let class = self.class_of(a);
        match op {
            BinaryOp::Add => {
                if let Some(concat) = class.slots.inplace_concat.get().or(class.slots.concat.get()) {
                    return concat(self, a, b);
                }
            }
            BinaryOp::Mul => {
                if let Some(repeat) = class.slots.inplace_repeat.get() {
                    let count = self.repeat_count(b)?;
                    return repeat(self, a, count);
                }
                if let Some(result) = self.repeat(a, b)? {
                    return Ok(result);
                }
            }
            _ => {}
        }
        Err(self.unsupported(&format!("{}=", op.symbol()), a, b))
    }

    fn pow1(&mut self, a: Value, b: Value, modulus: Value) -> Result {
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        let left = class_a.slots.pow.get();
        let mut right = if class_a == class_b { None } else { class_b.slots.pow.get() };
        if matches!((left, right), (Some(l), Some(r)) if std::ptr::fn_addr_eq(l, r)) {
            right = None;
        }
        if let Some(left) = left {
            if let Some(reflected) = right
                && class_b.is_subclass_of(class_a)
            {
                let result = reflected(self, a, b, modulus)?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
                right = None;
            }
            let result = left(self, a, b, modulus)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if let Some(right) = right {
            let result = right(self, a, b, modulus)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        // The third operand is asked if neither of the others has its ways.
        let asked = [left, class_b.slots.pow.get()];
        let is_asked = |slot| asked.iter().flatten().any(|other| std::ptr::fn_addr_eq(slot, *other));
        match self.class_of(modulus).slots.pow.get() {
            Some(slot) if !is_asked(slot) => slot(self, a, b, modulus),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// `pow(a, b, modulus)`; no modulus is None.
    pub fn pow(&mut self, a: Value, b: Value, modulus: Value) -> Result {
        let result = self.pow1(a, b, modulus)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        if modulus.is_none() {
            return Err(self.unsupported("** or pow()", a, b));
        }
        Err(self.type_error(format!(
            "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
            self.type_name(a),
            self.type_name(b),
            self.type_name(modulus)
        )))
    }

    /// `-a`, `+a`, `~a`.
    pub fn unary(&mut self, op: UnaryOp, a: Value) -> Result {
        let slots = &self.class_of(a).slots;
        let (slot, symbol) = match op {
            UnaryOp::Neg => (slots.neg.get(), "-"),
            UnaryOp::Pos => (slots.pos.get(), "+"),
            UnaryOp::Invert => (slots.invert.get(), "~"),
        };
        match slot {
            Some(function) => function(self, a),
            None => {
                Err(self.type_error(format!("bad operand type for unary {symbol}: '{}'", self.type_name(a))))
            }
        }
    }

    /// `operator.index(value)`: an int (possibly big), never a subclass result unless it is the object itself.
    pub fn index(&mut self, value: Value) -> Result {
        if int::is_int(value) {
            return Ok(value);
        }
        let Some(index) = self.class_of(value).slots.index.get() else {
            return Err(self.type_error(format!(
                "'{}' object cannot be interpreted as an integer",
                self.type_name(value)
            )));
        };
        let result = index(self, value)?;
        if result.is_small_int() || self.is_exact::<int::Int>(result) {
            return Ok(result);
        }
        if int::is_int(result) {
            let found = self.type_name(result);
            let message = format!(
                "__index__ returned non-int (type {found}).  The ability to return an instance of a strict subclass \
                 of int is deprecated, and may be removed in a future version of Python."
            );
            self.warn(crate::exception::deprecation_warning, &message, 1)?;
            return Ok(result);
        }
        Err(self.type_error(format!("__index__ returned non-int (type {})", self.type_name(result))))
    }

    /// `index`, as a wide Rust integer; ints beyond 127 bits saturate.
    pub fn index_i128(&mut self, value: Value) -> Result<i128> {
        if let Some(int) = value.as_small_int() {
            return Ok(int as i128);
        }
        let value = self.index(value)?;
        Ok(int::to_i128_saturating(value))
    }

    /// An index or count as `Py_ssize_t`.
    pub fn index_isize(&mut self, value: Value) -> Result<isize> {
        let wide = self.index_i128(value)?;
        isize::try_from(wide).map_err(|_| {
            self.overflow_error(format!("cannot fit '{}' into an index-sized integer", self.type_name(value)))
        })
    }

    /// An index that clips (`_PyEval_SliceIndex`).
    pub fn slice_index(&mut self, value: Value) -> Result<isize> {
        if !int::is_int(value) && !self.class_of(value).slots.index.is_set() {
            return Err(self.type_error("slice indices must be integers or None or have an __index__ method"));
        }
        let wide = self.index_i128(value)?;
        Ok(wide.clamp(isize::MIN as i128, isize::MAX as i128) as isize)
    }

    /// The int as a double; OverflowError beyond its range.
    pub fn int_to_f64(&mut self, value: Value) -> Result<f64> {
        int::to_f64(self, value)
    }

    /// `int(value)`.
    pub fn int(&mut self, value: Value) -> Result {
        self.call(int::Int::class_cell().get().value(), &[value])
    }

    /// `abs(value)`.
    pub fn abs(&mut self, value: Value) -> Result {
        match self.class_of(value).slots.abs.get() {
            Some(abs) => abs(self, value),
            None => Err(self.type_error(format!("bad operand type for abs(): '{}'", self.type_name(value)))),
        }
    }

    /// The value as a C double: a float, `__float__`, or `__index__` (`PyFloat_AsDouble`).
    pub fn float_value(&mut self, value: Value) -> Result<f64> {
        if let Some(float) = value.as_immediate_float() {
            return Ok(float);
        }
        if let Some(float) = value.downcast::<Float>() {
            return Ok(float.get());
        }
        let class = self.class_of(value);
        if int::is_int(value) && !class.is_heap() {
            return self.int_to_f64(value);
        }
        if let Some(float) = class.slots.float.get() {
            let result = float(self, value)?;
            if let Some(float) = result.as_immediate_float() {
                return Ok(float);
            }
            return match Gc::<Float>::from_value(result) {
                Some(float) => Ok(float.get()),
                None => Err(self.type_error(format!(
                    "{}.__float__() must return a float, not {}",
                    self.type_name(value),
                    self.type_name(result)
                ))),
            };
        }
        if class.slots.index.is_set() {
            let index = self.index(value)?;
            return self.int_to_f64(index);
        }
        Err(self.type_error(format!("must be real number, not {}", self.type_name(value))))
    }
}
