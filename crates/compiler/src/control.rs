//! `if`, loops, `return`, `break`, `continue`. CPython: `codegen_if`, `codegen_for`, `codegen_while`, `codegen_return`.
//! Invariant: a loop's condition or `ForIter` stands at its end and jumps back to the body.

use taipan_bytecode::op::ITERATOR_REGS;
use taipan_bytecode::{Const, Op};
use taipan_syntax::ast::{self, Expr, Stmt};
use taipan_syntax::{Ranged, TextRange};

use crate::blocks::BlockKind;
use crate::compiler::{Compiler, Result};
use crate::symbols::ScopeKind;
use crate::unit::{Label, Reg};

impl<'a> Compiler<'a> {
    /// A body that may not run: annotations in it are conditional.
    pub(crate) fn conditional_body(&mut self, body: &'a [Stmt]) -> Result<()> {
        self.unit.conditional_depth += 1;
        self.body(body)?;
        self.unit.conditional_depth -= 1;
        Ok(())
    }

    pub(crate) fn if_stmt(&mut self, node: &'a ast::StmtIf) -> Result<()> {
        let end = self.unit.label();
        let mut next = self.unit.label();
        self.jump_if(&node.test, next, false)?;
        self.conditional_body(&node.body)?;
        for clause in &node.elif_else_clauses {
            self.nowhere();
            self.unit.jump(Op::Jmp, 0, 0, end);
            self.unit.bind(next);
            next = self.unit.label();
            if let Some(test) = &clause.test {
                self.at(clause.range);
                self.jump_if(test, next, false)?;
            }
            self.conditional_body(&clause.body)?;
        }
        self.unit.bind(next);
        self.unit.bind(end);
        Ok(())
    }

    pub(crate) fn while_stmt(&mut self, node: &'a ast::StmtWhile) -> Result<()> {
        let (body, next, end) = (self.unit.label(), self.unit.label(), self.unit.label());
        let constant = self.constant(&node.test).map(|value| value.truth());
        let reachable = self.unit.reachable;
        let before = (constant == Some(false)).then(|| self.unit.assigned.clone());
        match constant {
            Some(true) => self.mark_line(node.test.range()),
            Some(false) => {
                self.mark_line(node.test.range());
                self.unit.reachable = false;
            }
            None => {
                self.unit.jump(Op::Jmp, 0, 0, next);
                // The body is reached from the condition, which is compiled after it.
                self.unit.reachable = reachable;
            }
        }
        self.unit.bind_loop(body);
        self.push_block(BlockKind::Loop { end, next });
        let told = self.warnings.len();
        self.conditional_body(&node.body)?;
        let of_body = self.warnings.len() - told;
        self.pop_block();
        self.unit.bind(next);
        self.at(node.test.range());
        self.jump_back_if(&node.test, body)?;
        // CPython compiles the condition first.
        self.warnings[told..].rotate_left(of_body);
        if let Some(assigned) = before {
            // Nothing of the body happened.
            self.unit.reachable = reachable;
            self.unit.assigned = assigned;
        }
        self.conditional_body(&node.orelse)?;
        self.unit.bind(end);
        Ok(())
    }

    pub(crate) fn for_stmt(&mut self, node: &'a ast::StmtFor) -> Result<()> {
        let iter = self.unit.temps(ITERATOR_REGS);
        let source = self.iterable_operand(&node.iter)?;
        self.at(node.iter.range());
        self.unit.op2(Op::GetIter, iter, source);
        self.unit.release(iter + ITERATOR_REGS);
        let (body, next, end) = (self.unit.label(), self.unit.label(), self.unit.label());
        let item = self.loop_item(&node.target);
        let reachable = self.unit.reachable;
        self.unit.jump(Op::Jmp, 0, 0, next);
        // The body is reached from the ForIter at its end.
        self.unit.reachable = reachable;
        self.unit.bind_loop(body);
        self.push_block(BlockKind::Loop { end, next });
        self.store_item_of_loop(&node.target, item)?;
        self.conditional_body(&node.body)?;
        self.pop_block();
        self.unit.bind(next);
        self.at(node.iter.range());
        self.close_for(iter, item, body);
        self.conditional_body(&node.orelse)?;
        self.unit.bind(end);
        Ok(())
    }

    pub(crate) fn close_for(&mut self, iter: Reg, item: Reg, body: Label) {
        self.unit.jump(Op::ForIter, iter, item, body);
    }

    /// The operand of an iteration or a search: a list display may as well be a tuple, and constant if its items are.
    pub(crate) fn iterable_operand(&mut self, expr: &'a Expr) -> Result<Reg> {
        match (self.constant_display(expr), expr) {
            (Some(value), _) => {
                let reg = self.unit.temp();
                self.at(expr.range());
                self.unit.load(reg, value);
                Ok(reg)
            }
            (None, Expr::List(node)) => {
                let reg = self.unit.temp();
                let mark = self.unit.top;
                self.tuple(&node.elts, expr, reg)?;
                self.unit.release(mark);
                Ok(reg)
            }
            (None, _) => self.operand(expr),
        }
    }

    /// Where the loop puts its item: into the target itself, if that is a fast local.
    pub(crate) fn loop_item(&mut self, target: &Expr) -> Reg {
        match self.fast_target(target) {
            Some(reg) => reg,
            None => self.unit.temp(),
        }
    }

    /// The item is in its register; stores it in the target, if that is elsewhere.
    pub(crate) fn store_item_of_loop(&mut self, target: &'a Expr, item: Reg) -> Result<()> {
        if self.fast_target(target) == Some(item) {
            self.unit.assigned.insert(item);
            self.read_in_place(target.range());
            return Ok(());
        }
        let mark = self.unit.top;
        self.assign(target, item)?;
        self.unit.release(mark);
        Ok(())
    }

    pub(crate) fn break_stmt(&mut self, range: TextRange) -> Result<()> {
        let Some((index, end, _)) = self.innermost_loop() else {
            self.check_except_star(0, range)?;
            return self.error("'break' outside loop", range);
        };
        self.check_except_star(index, range)?;
        self.mark_line(range);
        self.leave_blocks(index + 1, |compiler| {
            compiler.unit.jump(Op::Jmp, 0, 0, end);
            Ok(())
        })
    }

    pub(crate) fn continue_stmt(&mut self, range: TextRange) -> Result<()> {
        let Some((index, _, next)) = self.innermost_loop() else {
            self.check_except_star(0, range)?;
            return self.error("'continue' not properly in loop", range);
        };
        self.check_except_star(index, range)?;
        self.mark_line(range);
        self.leave_blocks(index + 1, |compiler| {
            compiler.unit.jump(Op::Jmp, 0, 0, next);
            Ok(())
        })
    }

    fn check_except_star(&self, from: usize, range: TextRange) -> Result<()> {
        if !self.leaves_except_star(from) {
            return Ok(());
        }
        self.error("'break', 'continue' and 'return' cannot appear in an except* block", range)
    }

    pub(crate) fn return_stmt(&mut self, node: &'a ast::StmtReturn) -> Result<()> {
        let kind = self.frame_scope().kind;
        if !matches!(kind, ScopeKind::Function | ScopeKind::Lambda) {
            return self.error("'return' outside function", node.range);
        }
        if node.value.is_some() && self.is_async_generator() {
            return self.error("'return' with value in async generator", node.range);
        }
        self.check_except_star(0, node.range)?;
        let effects = self.leaving_has_effects();
        let constant = node.value.as_deref().and_then(|value| Some((self.constant(value)?, value.range())));
        let value = match node.value.as_deref() {
            Some(value) if constant.is_none() => match effects {
                // What runs on the way out might change a local.
                true => {
                    let reg = self.unit.temp();
                    self.expr(value, reg)?;
                    Some(reg)
                }
                false => Some(self.operand(value)?),
            },
            _ => None,
        };
        self.mark_return(node, constant.as_ref().map(|(_, range)| *range));
        self.leave_blocks(0, move |compiler| {
            match (value, constant) {
                (Some(reg), _) => compiler.unit.op1(Op::Return, reg),
                (None, None | Some((Const::None, _))) => compiler.unit.op0(Op::ReturnNone),
                (None, Some((constant, _))) => {
                    // What runs on the way out needs no register for it.
                    let reg = compiler.unit.temp();
                    compiler.unit.load(reg, constant);
                    compiler.unit.op1(Op::Return, reg);
                }
            }
            Ok(())
        })
    }

    /// The lines of a constant value and of the statement, in CPython's order.
    fn mark_return(&mut self, node: &ast::StmtReturn, constant: Option<TextRange>) {
        if let Some(range) = constant {
            self.mark_line(range);
        }
        let own =
            node.value.as_ref().is_none_or(|value| self.line_of(value.range()) != self.line_of(node.range));
        if own {
            self.mark_line(node.range);
        } else if constant.is_none() {
            self.at(node.range);
        }
    }
}
