//! `yield`, `await`, `async for`. CPython: `codegen_visit_expr`, `codegen_async_for`.
//! Invariant: an op that suspends names how many registers are alive; that is all below the top temporary.

use taipan_bytecode::Op;
use taipan_syntax::ast;
use taipan_syntax::{Ranged, TextRange};

use crate::blocks::BlockKind;
use crate::compiler::{Compiler, Result};
use crate::unit::{Label, Reg};

impl<'a> Compiler<'a> {
    pub(crate) fn check_async(&self, message: &str, range: TextRange) -> Result<()> {
        match self.unit.is_async || (self.top_level_await && self.outer.is_empty()) {
            true => Ok(()),
            false => self.error(message, range),
        }
    }

    pub(crate) fn yield_expr(&mut self, node: &'a ast::ExprYield, dst: Reg) -> Result<()> {
        if !self.frame_scope().kind.is_function_like() {
            return self.error("'yield' outside function", node.range);
        }
        let value = match &node.value {
            Some(value) => self.operand(value)?,
            None => {
                let none = self.unit.temp();
                self.at(node.range);
                self.unit.op1(Op::LoadNone, none);
                none
            }
        };
        self.at(node.range);
        self.emit_yield(dst, value);
        Ok(())
    }

    pub(crate) fn emit_yield(&mut self, dst: Reg, value: Reg) {
        let op = if self.is_async_generator() { Op::AsyncYield } else { Op::Yield };
        self.unit.op3(op, dst, value, self.unit.top);
    }

    pub(crate) fn yield_from(&mut self, node: &'a ast::ExprYieldFrom, dst: Reg) -> Result<()> {
        if !self.frame_scope().kind.is_function_like() {
            return self.error("'yield from' outside function", node.range);
        }
        if self.unit.is_async {
            return self.error("'yield from' inside async function", node.range);
        }
        let iter = self.unit.temp();
        let source = self.operand_in(&node.value, iter)?;
        self.at(node.range);
        self.unit.op2(Op::GetYieldFromIter, iter, source);
        self.unit.op3(Op::YieldFrom, dst, iter, self.unit.top);
        Ok(())
    }

    pub(crate) fn await_expr(&mut self, node: &'a ast::ExprAwait, dst: Reg) -> Result<()> {
        let value = self.operand_in(&node.value, dst)?;
        self.at(node.range);
        self.await_value(dst, value, 0);
        Ok(())
    }

    /// Awaits a register; `why` as `GetAwaitable` has it.
    pub(crate) fn await_value(&mut self, dst: Reg, src: Reg, why: u32) {
        let mark = self.unit.top;
        let iter = self.unit.temp();
        self.unit.op3(Op::GetAwaitable, iter, src, why);
        self.unit.op3(Op::YieldFrom, dst, iter, self.unit.top);
        self.unit.release(mark);
    }

    /// The next item of an async iterator; at its end, control goes to the handler.
    pub(crate) fn next_async_item(
        &mut self,
        iter: Reg,
        item: Reg,
        exc: Reg,
        handler: Label,
        range: TextRange,
    ) {
        self.at(range);
        let mark = self.unit.top;
        let awaitable = self.unit.temp();
        self.unit.open(handler, exc);
        self.unit.op2(Op::GetAnext, awaitable, iter);
        self.unit.op3(Op::YieldFrom, item, awaitable, self.unit.top);
        self.unit.close();
        self.unit.release(mark);
    }

    pub(crate) fn async_for(&mut self, node: &'a ast::StmtFor) -> Result<()> {
        self.check_async("'async for' outside async function", node.range)?;
        let iter = self.unit.temp();
        let source = self.operand_in(&node.iter, iter)?;
        self.at(node.iter.range());
        self.unit.op2(Op::GetAiter, iter, source);
        self.unit.release(iter + 1);
        let exc = self.unit.temp();
        let item = self.loop_item(&node.target);
        let (body, next, end, handler) =
            (self.unit.label(), self.unit.label(), self.unit.label(), self.unit.label());
        self.unit.bind_loop(body);
        self.next_async_item(iter, item, exc, handler, node.iter.range());
        self.push_block(BlockKind::Loop { end, next });
        self.store_item_of_loop(&node.target, item)?;
        self.conditional_body(&node.body)?;
        self.pop_block();
        self.unit.bind(next);
        self.at(node.iter.range());
        self.unit.jump(Op::Loop, 0, 0, body);
        self.unit.bind(handler);
        self.unit.op1(Op::EndAsyncFor, exc);
        self.conditional_body(&node.orelse)?;
        self.unit.bind(end);
        Ok(())
    }
}
