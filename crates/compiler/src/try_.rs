//! `try`, `except`, `except*`, `finally`. CPython: `codegen_try_finally`, `codegen_try_except`, `codegen_try_star_except`.
//! Invariant: whatever way a handler is left, the exception handled before it is handled again.

use taipan_bytecode::{Intrinsic, Name, Op};
use taipan_syntax::ast::{self, ExceptHandler, ExceptHandlerExceptHandler, Stmt};

use crate::blocks::BlockKind;
use crate::compiler::{Compiler, Result};
use crate::unit::{Label, Reg};

impl<'a> Compiler<'a> {
    pub(crate) fn try_stmt(&mut self, node: &'a ast::StmtTry) -> Result<()> {
        // `try:` is a line of its own for tracing.
        self.unit.op0(Op::Nop);
        if node.finalbody.is_empty() {
            return self.try_except(node);
        }
        let exc = self.unit.temps(3);
        let (handler, end) = (self.unit.label(), self.unit.label());
        self.push_block(BlockKind::FinallyTry { body: &node.finalbody });
        self.unit.open(handler, exc);
        if node.handlers.is_empty() {
            self.conditional_body(&node.body)?;
        } else {
            self.try_except(node)?;
        }
        self.unit.close();
        self.pop_block();
        self.conditional_body(&node.finalbody)?;
        self.nowhere();
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(handler);
        self.finally_with_exception(&node.finalbody, exc)?;
        self.unit.bind(end);
        Ok(())
    }

    /// The `finally` body for an exception: exc, the one handled before in exc+1, one raised in the body in exc+2.
    fn finally_with_exception(&mut self, body: &'a [Stmt], exc: Reg) -> Result<()> {
        let (save, second) = (exc + 1, exc + 2);
        let cleanup = self.unit.label();
        self.nowhere();
        self.unit.op2(Op::PushExc, save, exc);
        self.push_block(BlockKind::FinallyEnd { save });
        self.unit.open(cleanup, second);
        let quiet = std::mem::replace(&mut self.quiet, true);
        self.conditional_body(body)?;
        self.quiet = quiet;
        self.nowhere();
        self.unit.op1(Op::Reraise, exc);
        self.unit.close();
        self.pop_block();
        self.unit.bind(cleanup);
        self.unit.op1(Op::PopExc, save);
        self.unit.op1(Op::Reraise, second);
        Ok(())
    }

    fn try_except(&mut self, node: &'a ast::StmtTry) -> Result<()> {
        if node.is_star {
            return self.try_star(node);
        }
        let exc = self.unit.temps(3);
        let (handler, end) = (self.unit.label(), self.unit.label());
        self.unit.open(handler, exc);
        self.conditional_body(&node.body)?;
        self.unit.close();
        self.conditional_body(&node.orelse)?;
        self.nowhere();
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(handler);
        self.handlers(node, exc, end)?;
        self.unit.bind(end);
        Ok(())
    }

    fn handlers(&mut self, node: &'a ast::StmtTry, exc: Reg, end: Label) -> Result<()> {
        let (save, second) = (exc + 1, exc + 2);
        let cleanup = self.unit.label();
        self.nowhere();
        self.unit.op2(Op::PushExc, save, exc);
        self.push_block(BlockKind::Handler { save });
        self.unit.open(cleanup, second);
        for (index, handler) in node.handlers.iter().enumerate() {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let next = self.unit.label();
            self.at(handler.range);
            match &handler.type_ {
                Some(class) => {
                    let mark = self.unit.top;
                    let type_reg = self.operand(class)?;
                    let matched = self.unit.temp();
                    self.at(handler.range);
                    self.unit.op3(Op::CheckExcMatch, matched, exc, type_reg);
                    self.unit.jump(Op::JF, matched, 0, next);
                    self.unit.release(mark);
                }
                None if index + 1 < node.handlers.len() => {
                    return self.error("default 'except:' must be last", handler.range);
                }
                None => self.unit.op0(Op::Nop),
            }
            self.handler_body(handler, exc, save)?;
            self.nowhere();
            // The region of the clauses does not cover what follows the handled exception's end.
            let suspended = self.unit.suspend(self.unit.regions.len() - 1);
            self.unit.op1(Op::PopExc, save);
            self.unbind_name_of(handler)?;
            self.unit.jump(Op::Jmp, 0, 0, end);
            self.unit.resume(suspended);
            self.unit.bind(next);
        }
        self.nowhere();
        self.unit.op1(Op::Reraise, exc);
        self.unit.close();
        self.pop_block();
        self.unit.bind(cleanup);
        self.unit.op1(Op::PopExc, save);
        self.unit.op1(Op::Reraise, second);
        Ok(())
    }

    /// The body of an `except` clause; its name is unbound when an exception leaves it.
    fn handler_body(&mut self, handler: &'a ExceptHandlerExceptHandler, exc: Reg, _save: Reg) -> Result<()> {
        let Some(name) = self.handler_name(handler) else { return self.conditional_body(&handler.body) };
        self.at(handler.range);
        self.store_resolved(&name, exc);
        let mark = self.unit.top;
        let raised = self.unit.temp();
        let (unbind, end) = (self.unit.label(), self.unit.label());
        self.push_block(BlockKind::HandlerName { name: name.clone() });
        self.unit.open(unbind, raised);
        self.conditional_body(&handler.body)?;
        self.unit.close();
        self.pop_block();
        self.nowhere();
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(unbind);
        self.unbind_handler_name(&name)?;
        self.unit.op1(Op::Reraise, raised);
        self.unit.bind(end);
        self.unit.release(mark);
        Ok(())
    }

    fn handler_name(&self, handler: &ExceptHandlerExceptHandler) -> Option<Name> {
        handler.name.as_ref().map(|name| self.mangled(name))
    }

    fn unbind_name_of(&mut self, handler: &ExceptHandlerExceptHandler) -> Result<()> {
        match self.handler_name(handler) {
            Some(name) => self.unbind_handler_name(&name),
            None => Ok(()),
        }
    }

    /// Registers: the exception, the one handled before, a second one, list of raised ones, split pair, scratch.
    fn try_star(&mut self, node: &'a ast::StmtTry) -> Result<()> {
        let exc = self.unit.temps(3);
        let (handler, end) = (self.unit.label(), self.unit.label());
        self.unit.open(handler, exc);
        self.conditional_body(&node.body)?;
        self.unit.close();
        self.conditional_body(&node.orelse)?;
        self.nowhere();
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(handler);
        self.star_handlers(node, exc, end)?;
        self.unit.bind(end);
        Ok(())
    }

    fn star_handlers(&mut self, node: &'a ast::StmtTry, exc: Reg, end: Label) -> Result<()> {
        let (save, second) = (exc + 1, exc + 2);
        // What PrepReraiseStar wants: the original exception and the list.
        let original = self.unit.temps(2);
        let raised = original + 1;
        let rest = self.unit.temp();
        let (cleanup, reraise) = (self.unit.label(), self.unit.label());
        self.nowhere();
        self.unit.op2(Op::PushExc, save, exc);
        self.push_block(BlockKind::Handler { save });
        self.unit.open(cleanup, second);
        self.unit.mov(original, exc);
        self.unit.mov(rest, exc);
        self.unit.op3(Op::BuildList, raised, raised, 0);
        for handler in &node.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            self.star_handler(handler, rest, raised)?;
        }
        self.nowhere();
        self.unit.op2(Op::ListAppend, raised, rest);
        self.unit.op3(Op::Intrinsic, rest, original, Intrinsic::PrepReraiseStar as u32);
        self.unit.close();
        self.pop_block();
        self.unit.op1(Op::PopExc, save);
        self.unit.jump(Op::JNNone, rest, 0, reraise);
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(reraise);
        self.unit.op1(Op::Reraise, rest);
        self.unit.bind(cleanup);
        self.unit.op1(Op::PopExc, save);
        self.unit.op1(Op::Reraise, second);
        Ok(())
    }

    /// One `except*` clause: takes its part out of `rest`; what its body raises goes to the list.
    fn star_handler(
        &mut self,
        handler: &'a ExceptHandlerExceptHandler,
        rest: Reg,
        raised: Reg,
    ) -> Result<()> {
        let mark = self.unit.top;
        let split = self.unit.temps(2);
        let (before, thrown) = (self.unit.temp(), self.unit.temp());
        let (next, failed) = (self.unit.label(), self.unit.label());
        let Some(class) = &handler.type_ else {
            return self.error("expected one or more exception types", handler.range);
        };
        self.at(handler.range);
        let type_mark = self.unit.top;
        let type_reg = self.operand(class)?;
        self.at(handler.range);
        self.unit.op3(Op::CheckEgMatch, split, rest, type_reg);
        self.unit.release(type_mark);
        // With no match the rest stays what it was.
        self.unit.jump(Op::JNone, split, 0, next);
        self.unit.mov(rest, split + 1);
        self.unit.op2(Op::PushExc, before, split);
        let name = self.handler_name(handler);
        self.at(handler.range);
        if let Some(name) = &name {
            self.store_resolved(name, split);
        }
        self.push_block(BlockKind::ExceptStar);
        self.unit.open(failed, thrown);
        self.conditional_body(&handler.body)?;
        self.unit.close();
        self.pop_block();
        self.nowhere();
        self.unit.op1(Op::PopExc, before);
        self.unbind_name_of(handler)?;
        self.unit.jump(Op::Jmp, 0, 0, next);
        self.unit.bind(failed);
        self.unit.op1(Op::PopExc, before);
        self.unbind_name_of(handler)?;
        self.unit.op2(Op::ListAppend, raised, thrown);
        self.unit.bind(next);
        self.unit.release(mark);
        Ok(())
    }
}
