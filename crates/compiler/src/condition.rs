//! Conditional jumps. CPython: `codegen_jump_if`.
//! Invariant: jumps to labels that are bound already (loops) are taken on true only, by ops that poll.

use taipan_bytecode::{Const, Op, simm};
use taipan_syntax::Ranged;
use taipan_syntax::ast::{self, CmpOp, Expr, UnaryOp};

use crate::compiler::{Compiler, Result};
use crate::expr::compare_op;
use crate::unit::{Label, Reg};

impl<'a> Compiler<'a> {
    /// Jumps forward to `target` if the truth of `test` is `sense`; falls through otherwise.
    pub(crate) fn jump_if(&mut self, test: &'a Expr, target: Label, sense: bool) -> Result<()> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            let mark = self.unit.top;
            let result = self.jump_if_inner(test, target, sense);
            self.unit.release(mark);
            result
        })
    }

    fn jump_if_inner(&mut self, test: &'a Expr, target: Label, sense: bool) -> Result<()> {
        if let Some(value) = self.constant(test) {
            match value.truth() == sense {
                true => {
                    self.at(test.range());
                    self.unit.jump(Op::Jmp, 0, 0, target);
                }
                false => self.mark_line(test.range()),
            }
            return Ok(());
        }
        match test {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => self.jump_if(&node.operand, target, !sense),
            Expr::BoolOp(node) => self.jump_if_bool_op(node, target, sense),
            Expr::Compare(node) => self.jump_if_compare(node, target, sense),
            Expr::If(node) => {
                let (otherwise, end) = (self.unit.label(), self.unit.label());
                self.jump_if(&node.test, otherwise, false)?;
                self.jump_if(&node.body, target, sense)?;
                self.nowhere();
                self.unit.jump(Op::Jmp, 0, 0, end);
                self.unit.bind(otherwise);
                self.jump_if(&node.orelse, target, sense)?;
                self.unit.bind(end);
                Ok(())
            }
            _ => {
                let value = self.operand(test)?;
                self.at(test.range());
                self.unit.jump(if sense { Op::JT } else { Op::JF }, value, 0, target);
                Ok(())
            }
        }
    }

    fn jump_if_bool_op(&mut self, node: &'a ast::ExprBoolOp, target: Label, sense: bool) -> Result<()> {
        // `and` is decided by the first false value, `or` by the first true one.
        let deciding = node.op == ast::BoolOp::Or;
        let (last, init) = node.values.split_last().expect("two values at least");
        if deciding == sense {
            return node.values.iter().try_for_each(|value| self.jump_if(value, target, sense));
        }
        let decided = self.unit.label();
        for value in init {
            self.jump_if(value, decided, deciding)?;
        }
        self.jump_if(last, target, sense)?;
        self.unit.bind(decided);
        Ok(())
    }

    fn jump_if_compare(&mut self, node: &'a ast::ExprCompare, target: Label, sense: bool) -> Result<()> {
        self.check_compare(node);
        let mut lhs = self.early_operand(&node.left, &[&node.comparators[0]])?;
        let last = node.ops.len() - 1;
        let skip = self.unit.label();
        for (index, (&op, right)) in node.ops.iter().zip(&node.comparators).enumerate() {
            if index == last {
                self.jump_if_one(op, lhs, right, node, target, sense)?;
                break;
            }
            let next = &node.comparators[index + 1];
            let rhs = self.early_operand(right, &[next])?;
            self.at(node.range);
            let wrong = if sense { skip } else { target };
            self.compare_and_jump(op, lhs, rhs, wrong, false);
            lhs = rhs;
        }
        self.unit.bind(skip);
        Ok(())
    }

    fn jump_if_one(
        &mut self,
        op: CmpOp,
        lhs: Reg,
        right: &'a Expr,
        node: &'a ast::ExprCompare,
        target: Label,
        sense: bool,
    ) -> Result<()> {
        let value = self.constant(right);
        match (op, value) {
            (CmpOp::Is | CmpOp::IsNot, Some(Const::None)) => {
                self.read_in_place(right.range());
                self.at(node.range);
                let none = (op == CmpOp::Is) == sense;
                self.unit.jump(if none { Op::JNone } else { Op::JNNone }, lhs, 0, target);
                Ok(())
            }
            (op, Some(Const::Int(value))) if simm(value).is_some() && ordering(op).is_some() => {
                self.read_in_place(right.range());
                self.at(node.range);
                let (yes, no) = ordering(op).expect("checked");
                let op = immediate(if sense { yes } else { no });
                self.unit.jump(op, lhs, simm(value).expect("checked"), target);
                Ok(())
            }
            _ => {
                let rhs = self.comparand(op, right)?;
                self.at(node.range);
                self.compare_and_jump(op, lhs, rhs, target, sense);
                Ok(())
            }
        }
    }

    fn compare_and_jump(&mut self, op: CmpOp, lhs: Reg, rhs: Reg, target: Label, sense: bool) {
        match (op, ordering(op)) {
            (_, Some((yes, no))) => self.unit.jump(if sense { yes } else { no }, lhs, rhs, target),
            (CmpOp::Is | CmpOp::IsNot, _) => {
                let same = (op == CmpOp::Is) == sense;
                self.unit.jump(if same { Op::JIs } else { Op::JIsNot }, lhs, rhs, target);
            }
            _ => {
                let mark = self.unit.top;
                let value = self.unit.temp();
                self.unit.op3(compare_op(op), value, lhs, rhs);
                self.unit.jump(if sense { Op::JT } else { Op::JF }, value, 0, target);
                self.unit.release(mark);
            }
        }
    }

    /// Closes a loop: jumps back to `body` if `test` is true.
    pub(crate) fn jump_back_if(&mut self, test: &'a Expr, body: Label) -> Result<()> {
        let mark = self.unit.top;
        let result = self.jump_back_inner(test, body);
        self.unit.release(mark);
        result
    }

    fn jump_back_inner(&mut self, test: &'a Expr, body: Label) -> Result<()> {
        if let Some(value) = self.constant(test) {
            if value.truth() {
                self.unit.jump(Op::Loop, 0, 0, body);
            }
            return Ok(());
        }
        match test {
            Expr::Compare(node) if node.ops.len() == 1 && ordering(node.ops[0]).is_some() => {
                self.jump_if_compare(node, body, true)
            }
            Expr::Compare(_) | Expr::BoolOp(_) | Expr::If(_) | Expr::UnaryOp(_) => {
                // Forward out of the loop if false, else back.
                let end = self.unit.label();
                self.jump_if(test, end, false)?;
                self.at(test.range());
                self.unit.jump(Op::Loop, 0, 0, body);
                self.unit.bind(end);
                Ok(())
            }
            _ => {
                let value = self.operand(test)?;
                self.at(test.range());
                self.unit.jump(Op::JT, value, 0, body);
                Ok(())
            }
        }
    }
}

/// The jumps on a comparison being true and being false.
fn ordering(op: CmpOp) -> Option<(Op, Op)> {
    Some(match op {
        CmpOp::Lt => (Op::JLt, Op::JNLt),
        CmpOp::LtE => (Op::JLe, Op::JNLe),
        CmpOp::Eq => (Op::JEq, Op::JNEq),
        CmpOp::NotEq => (Op::JNe, Op::JNNe),
        CmpOp::Gt => (Op::JGt, Op::JNGt),
        CmpOp::GtE => (Op::JGe, Op::JNGe),
        _ => return None,
    })
}

fn immediate(op: Op) -> Op {
    match op {
        Op::JLt => Op::JLtI,
        Op::JLe => Op::JLeI,
        Op::JEq => Op::JEqI,
        Op::JNe => Op::JNeI,
        Op::JGt => Op::JGtI,
        Op::JGe => Op::JGeI,
        Op::JNLt => Op::JNLtI,
        Op::JNLe => Op::JNLeI,
        Op::JNEq => Op::JNEqI,
        Op::JNNe => Op::JNNeI,
        Op::JNGt => Op::JNGtI,
        Op::JNGe => Op::JNGeI,
        other => other,
    }
}
