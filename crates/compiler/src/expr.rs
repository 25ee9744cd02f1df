//! Expressions. CPython: `codegen_visit_expr`.
//! Invariant: `expr` writes a variable's register only as its last action, when nothing can raise any more and nothing
//! will read the old value; temporaries may be written early.

use taipan_bytecode::{Const, Op, simm};
use taipan_syntax::ast::{self, CmpOp, Expr, Operator, UnaryOp};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::names::Access;
use crate::symbols::definition;
use crate::unit::{Extra, Label, Reg};

impl<'a> Compiler<'a> {
    /// Evaluates into a register.
    pub(crate) fn expr(&mut self, expr: &'a Expr, dst: Reg) -> Result<()> {
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || {
            let mark = self.unit.top;
            let result = self.expr_inner(expr, dst);
            self.unit.release(mark);
            result
        })
    }

    fn expr_inner(&mut self, expr: &'a Expr, dst: Reg) -> Result<()> {
        if let Some(value) = self.constant(expr) {
            self.at(expr.range());
            self.unit.load(dst, value);
            return Ok(());
        }
        match expr {
            Expr::Name(node) => {
                self.at(node.range);
                self.load_name(&node.id, dst);
                Ok(())
            }
            Expr::Named(node) => {
                self.expr(&node.value, dst)?;
                self.at(node.range);
                self.assign(&node.target, dst)
            }
            Expr::BoolOp(node) => self.bool_op(node, dst),
            Expr::BinOp(node) => self.bin_op(node, dst),
            Expr::UnaryOp(node) => {
                let src = self.operand_in(&node.operand, dst)?;
                self.at(node.range);
                let op = match node.op {
                    UnaryOp::Invert => Op::Invert,
                    UnaryOp::Not => Op::Not,
                    UnaryOp::UAdd => Op::Pos,
                    UnaryOp::USub => Op::Neg,
                };
                self.unit.op2(op, dst, src);
                Ok(())
            }
            Expr::Lambda(node) => self.lambda(expr, node, dst),
            Expr::If(node) => self.if_expr(node, dst),
            Expr::Dict(node) => self.dict(node, dst),
            Expr::Set(node) => self.set(node, dst),
            Expr::List(node) => self.list(&node.elts, expr, dst),
            Expr::Tuple(node) => self.tuple(&node.elts, expr, dst),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expr, dst)
            }
            Expr::Await(node) => self.await_expr(node, dst),
            Expr::Yield(node) => self.yield_expr(node, dst),
            Expr::YieldFrom(node) => self.yield_from(node, dst),
            Expr::Compare(node) => self.compare(node, dst),
            Expr::Call(node) => self.call(node, dst),
            Expr::FString(node) => self.fstring(node, dst),
            Expr::TString(node) => self.tstring(node, dst),
            Expr::Attribute(node) => self.attribute(node, dst),
            Expr::Subscript(node) => self.subscript(node, dst),
            Expr::Slice(node) => {
                let parts = self.slice_parts(node)?;
                self.at(node.range);
                self.unit.op2(Op::BuildSlice, dst, parts);
                Ok(())
            }
            Expr::Starred(node) => self.error("can't use starred expression here", node.range),
            Expr::IpyEscapeCommand(node) => self.error("invalid syntax", node.range),
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => self.literal_too_large(expr),
        }
    }

    /// Evaluates into any register: a local stays where it is.
    pub(crate) fn operand(&mut self, expr: &'a Expr) -> Result<Reg> {
        if let Some(reg) = self.local_operand(expr) {
            return Ok(reg);
        }
        let reg = self.unit.temp();
        self.expr(expr, reg)?;
        Ok(reg)
    }

    /// As `operand`, with a register that may be used if it is a temporary.
    pub(crate) fn operand_in(&mut self, expr: &'a Expr, hint: Reg) -> Result<Reg> {
        if let Some(reg) = self.local_operand(expr) {
            return Ok(reg);
        }
        let reg = if self.unit.is_variable(hint) { self.unit.temp() } else { hint };
        self.expr(expr, reg)?;
        Ok(reg)
    }

    /// As `operand_in`, for an operand that has to outlive the evaluation of `later`.
    pub(crate) fn early_operand_in(&mut self, expr: &'a Expr, hint: Reg, later: &[&'a Expr]) -> Result<Reg> {
        let reg = self.operand_in(expr, hint)?;
        if !self.changes_meanwhile(expr, later) {
            return Ok(reg);
        }
        let copy = self.unit.temp();
        self.unit.mov(copy, reg);
        Ok(copy)
    }

    /// As `operand`, for an operand that has to outlive the evaluation of `later`.
    pub(crate) fn early_operand(&mut self, expr: &'a Expr, later: &[&'a Expr]) -> Result<Reg> {
        let reg = self.operand(expr)?;
        if !self.changes_meanwhile(expr, later) {
            return Ok(reg);
        }
        let copy = self.unit.temp();
        self.unit.mov(copy, reg);
        Ok(copy)
    }

    /// The register of a local variable that an expression names.
    pub(crate) fn local_operand(&mut self, expr: &'a Expr) -> Option<Reg> {
        let Expr::Name(node) = expr else { return None };
        if node.id.as_str() == "__debug__" {
            return None;
        }
        let reg = self.fast_register(&node.id)?;
        self.read_in_place(node.range);
        self.check_bound(reg);
        Some(reg)
    }

    /// May evaluating `later` rebind the local that `expr` names? Only an assignment expression can.
    fn changes_meanwhile(&self, expr: &Expr, later: &[&Expr]) -> bool {
        let Expr::Name(node) = expr else { return false };
        let trivial = |e: &&Expr| matches!(e, Expr::Name(_)) || e.is_literal_expr();
        if later.iter().all(trivial) {
            return false;
        }
        let name = self.mangled(&node.id);
        if !matches!(self.resolve(&name), Access::Fast(_)) {
            return false;
        }
        let walrus = |id| self.scope(id).lookup(&name).is_some_and(|s| s.flags & definition::WALRUS != 0);
        walrus(self.unit.scope) || self.unit.inlined.iter().any(|inlined| walrus(inlined.scope))
    }

    /// Evaluates for its effects.
    pub(crate) fn effect(&mut self, expr: &'a Expr) -> Result<()> {
        if self.constant(expr).is_some() {
            return Ok(());
        }
        let mark = self.unit.top;
        self.operand(expr)?;
        self.unit.release(mark);
        Ok(())
    }

    fn bin_op(&mut self, node: &'a ast::ExprBinOp, dst: Reg) -> Result<()> {
        let left = self.early_operand_in(&node.left, dst, &[&node.right])?;
        if let Some(value) = self.small_int(&node.right) {
            if let Some(op) = immediate_op(node.op, value) {
                self.read_in_place(node.right.range());
                self.at(node.range);
                self.unit.op3(op, dst, left, simm(value).expect("small"));
                return Ok(());
            }
        }
        let right = self.operand(&node.right)?;
        self.at(node.range);
        self.unit.op3(binary_op(node.op, false), dst, left, right);
        Ok(())
    }

    /// The value of a constant int that fits an immediate operand.
    pub(crate) fn small_int(&mut self, expr: &'a Expr) -> Option<i64> {
        match self.constant(expr)? {
            Const::Int(value) if simm(value).is_some() => Some(value),
            _ => None,
        }
    }

    fn bool_op(&mut self, node: &'a ast::ExprBoolOp, dst: Reg) -> Result<()> {
        let result = if self.unit.is_variable(dst) { self.unit.temp() } else { dst };
        let end = self.unit.label();
        let op = if node.op == ast::BoolOp::And { Op::JF } else { Op::JT };
        let (last, init) = node.values.split_last().expect("two values at least");
        for value in init {
            match self.constant(value) {
                // A constant that does not decide is skipped; one that does is the result, and what follows cannot be
                // reached.
                Some(known) if known.truth() == (node.op == ast::BoolOp::And) => continue,
                Some(known) => {
                    self.at(value.range());
                    self.unit.load(result, known);
                    self.unit.jump(Op::Jmp, 0, 0, end);
                    continue;
                }
                None => {}
            }
            self.value_and_jump(value, result, end, op == Op::JT, node.range)?;
        }
        self.expr(last, result)?;
        self.unit.bind(end);
        self.at(node.range);
        self.unit.mov(dst, result);
        Ok(())
    }

    /// Evaluates into a temporary and jumps if its truth is `sense`. The truth of each part is asked once, so what
    /// decides an inner `and` or `or` decides here too, or goes on behind this.
    fn value_and_jump(
        &mut self,
        value: &'a Expr,
        result: Reg,
        target: Label,
        sense: bool,
        range: TextRange,
    ) -> Result<()> {
        let inner = match value {
            Expr::BoolOp(node) if self.constant(value).is_none() => node,
            _ => {
                self.expr(value, result)?;
                self.at(range);
                self.unit.jump(if sense { Op::JT } else { Op::JF }, result, 0, target);
                return Ok(());
            }
        };
        let deciding = inner.op == ast::BoolOp::Or;
        let behind = self.unit.label();
        let (last, init) = inner.values.split_last().expect("two values at least");
        for value in init {
            let decided = if deciding == sense { target } else { behind };
            self.value_and_jump(value, result, decided, deciding, inner.range)?;
        }
        self.value_and_jump(last, result, target, sense, range)?;
        self.unit.bind(behind);
        Ok(())
    }

    fn if_expr(&mut self, node: &'a ast::ExprIf, dst: Reg) -> Result<()> {
        let (otherwise, end) = (self.unit.label(), self.unit.label());
        self.jump_if(&node.test, otherwise, false)?;
        self.expr(&node.body, dst)?;
        self.nowhere();
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(otherwise);
        self.expr(&node.orelse, dst)?;
        self.unit.bind(end);
        Ok(())
    }

    fn compare(&mut self, node: &'a ast::ExprCompare, dst: Reg) -> Result<()> {
        self.check_compare(node);
        if let [op] = node.ops[..] {
            let right = &node.comparators[0];
            let lhs = self.early_operand_in(&node.left, dst, &[right])?;
            let rhs = self.comparand(op, right)?;
            self.at(node.range);
            self.unit.op3(compare_op(op), dst, lhs, rhs);
            return Ok(());
        }
        let result = if self.unit.is_variable(dst) { self.unit.temp() } else { dst };
        let end = self.unit.label();
        let mut lhs = self.early_operand(&node.left, &[&node.comparators[0]])?;
        for (index, (&op, right)) in node.ops.iter().zip(&node.comparators).enumerate() {
            let later: Vec<&Expr> = node.comparators.get(index + 1).into_iter().collect();
            let rhs = match self.comparand_const(op, right) {
                Some(value) => {
                    let reg = self.unit.temp();
                    self.at(right.range());
                    self.unit.load(reg, value);
                    reg
                }
                None => self.early_operand(right, &later)?,
            };
            self.at(node.range);
            self.unit.op3(compare_op(op), result, lhs, rhs);
            if index + 1 < node.ops.len() {
                self.unit.jump(Op::JF, result, 0, end);
            }
            lhs = rhs;
        }
        self.unit.bind(end);
        self.unit.mov(dst, result);
        Ok(())
    }

    /// The right side of a comparison; a display of constants after `in` is a constant itself.
    pub(crate) fn comparand(&mut self, op: CmpOp, expr: &'a Expr) -> Result<Reg> {
        match op {
            CmpOp::In | CmpOp::NotIn => self.iterable_operand(expr),
            _ => self.operand(expr),
        }
    }

    fn comparand_const(&mut self, op: CmpOp, expr: &'a Expr) -> Option<Const> {
        if matches!(op, CmpOp::In | CmpOp::NotIn) { self.constant_display(expr) } else { None }
    }

    fn attribute(&mut self, node: &'a ast::ExprAttribute, dst: Reg) -> Result<()> {
        if let Some(base) = self.super_base(node)? {
            let name = self.mangled(&node.attr);
            let index = self.unit.name(&name);
            self.unit.location = self.attribute_location(node.range, node);
            self.unit.push(Op::LoadSuperAttr, [dst, base.reg, base.zero as u32], Extra::CacheName(index));
            return Ok(());
        }
        let object = self.operand_in(&node.value, dst)?;
        self.unit.location = self.attribute_location(node.range, node);
        let name = self.mangled(&node.attr);
        self.unit.with_name(Op::LoadAttr, dst, object, &name);
        Ok(())
    }

    fn subscript(&mut self, node: &'a ast::ExprSubscript, dst: Reg) -> Result<()> {
        self.check_subscript(node);
        let object = self.early_operand_in(&node.value, dst, &[&node.slice])?;
        if let Expr::Slice(slice) = &*node.slice {
            if slice.step.is_none() {
                let bounds = self.slice_bounds(slice)?;
                self.at(node.range);
                self.unit.op3(Op::GetSlice, dst, object, bounds);
                return Ok(());
            }
        }
        if let Some(value) = self.small_int(&node.slice) {
            self.read_in_place(node.slice.range());
            self.at(node.range);
            self.unit.push(Op::GetItemI, [dst, object, simm(value).expect("small")], Extra::Cache);
            return Ok(());
        }
        let key = self.operand(&node.slice)?;
        self.at(node.range);
        self.unit.push(Op::GetItem, [dst, object, key], Extra::Cache);
        Ok(())
    }

    /// Start and stop of a slice without a step, in two consecutive registers.
    pub(crate) fn slice_bounds(&mut self, node: &'a ast::ExprSlice) -> Result<Reg> {
        let bounds = self.unit.temps(2);
        self.part_or_none(node.lower.as_deref(), bounds)?;
        self.part_or_none(node.upper.as_deref(), bounds + 1)?;
        Ok(bounds)
    }

    fn slice_parts(&mut self, node: &'a ast::ExprSlice) -> Result<Reg> {
        let parts = self.unit.temps(3);
        self.part_or_none(node.lower.as_deref(), parts)?;
        self.part_or_none(node.upper.as_deref(), parts + 1)?;
        self.part_or_none(node.step.as_deref(), parts + 2)?;
        Ok(parts)
    }

    fn part_or_none(&mut self, part: Option<&'a Expr>, dst: Reg) -> Result<()> {
        match part {
            Some(part) => self.expr(part, dst),
            None => {
                self.unit.op1(Op::LoadNone, dst);
                Ok(())
            }
        }
    }
}

/// The op of a binary operator.
pub(crate) fn binary_op(operator: Operator, in_place: bool) -> Op {
    let (plain, inplace) = match operator {
        Operator::Add => (Op::Add, Op::IAdd),
        Operator::Sub => (Op::Sub, Op::ISub),
        Operator::Mult => (Op::Mul, Op::IMul),
        Operator::MatMult => (Op::MatMul, Op::IMatMul),
        Operator::Div => (Op::TrueDiv, Op::ITrueDiv),
        Operator::Mod => (Op::Mod, Op::IMod),
        Operator::Pow => (Op::Pow, Op::IPow),
        Operator::LShift => (Op::LShift, Op::ILShift),
        Operator::RShift => (Op::RShift, Op::IRShift),
        Operator::BitOr => (Op::Or, Op::IOr),
        Operator::BitXor => (Op::Xor, Op::IXor),
        Operator::BitAnd => (Op::And, Op::IAnd),
        Operator::FloorDiv => (Op::FloorDiv, Op::IFloorDiv),
    };
    if in_place { inplace } else { plain }
}

/// The op with an immediate right operand, if there is one for this value.
fn immediate_op(operator: Operator, value: i64) -> Option<Op> {
    Some(match operator {
        Operator::Add => Op::AddI,
        Operator::Sub => Op::SubI,
        Operator::Mult => Op::MulI,
        Operator::FloorDiv if value != 0 => Op::FloorDivI,
        Operator::Mod if value != 0 => Op::ModI,
        Operator::BitAnd => Op::AndI,
        Operator::LShift if (0..=62).contains(&value) => Op::LShiftI,
        Operator::RShift if (0..=62).contains(&value) => Op::RShiftI,
        _ => return None,
    })
}

/// The op of a comparison as a value.
pub(crate) fn compare_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::Eq,
        CmpOp::NotEq => Op::Ne,
        CmpOp::Lt => Op::Lt,
        CmpOp::LtE => Op::Le,
        CmpOp::Gt => Op::Gt,
        CmpOp::GtE => Op::Ge,
        CmpOp::Is => Op::Is,
        CmpOp::IsNot => Op::IsNot,
        CmpOp::In => Op::In,
        CmpOp::NotIn => Op::NotIn,
    }
}
