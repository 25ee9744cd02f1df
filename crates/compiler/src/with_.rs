//! `with` and `async with`. CPython: `codegen_with`, `codegen_async_with`.
//! Invariant: `__exit__` is looked up before `__enter__` runs, and is called exactly once.

use taipan_bytecode::op::{WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use taipan_bytecode::{Const, Op, Special};
use taipan_syntax::ast;
use taipan_syntax::{Ranged, TextRange};

use crate::blocks::BlockKind;
use crate::compiler::{Compiler, Result};
use crate::unit::{Extra, Reg};

impl<'a> Compiler<'a> {
    pub(crate) fn with_stmt(&mut self, node: &'a ast::StmtWith) -> Result<()> {
        if node.is_async {
            self.check_async("'async with' outside async function", node.range)?;
        }
        self.with_items(node, &node.items)
    }

    fn with_items(&mut self, node: &'a ast::StmtWith, items: &'a [ast::WithItem]) -> Result<()> {
        let Some((item, rest)) = items.split_first() else { return self.conditional_body(&node.body) };
        let range = item.context_expr.range();
        let pair = self.unit.temps(2);
        let entered = self.enter_context(item, node.is_async, pair, range)?;
        let (handler, end) = (self.unit.label(), self.unit.label());
        let exc = self.unit.temps(3);
        self.push_block(BlockKind::With { pair, is_async: node.is_async, range });
        self.unit.open(handler, exc);
        if let Some(vars) = &item.optional_vars {
            self.assign(vars, entered)?;
        }
        self.with_items(node, rest)?;
        self.unit.close();
        self.pop_block();
        self.call_exit_normally(pair, node.is_async, range)?;
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(handler);
        self.at(range);
        self.exit_with_exception(pair, node.is_async, exc, range)?;
        self.unit.bind(end);
        Ok(())
    }

    fn enter_context(
        &mut self,
        item: &'a ast::WithItem,
        is_async: bool,
        pair: Reg,
        range: TextRange,
    ) -> Result<Reg> {
        let entered = self.unit.temp();
        let mark = self.unit.top;
        let manager = self.operand(&item.context_expr)?;
        let (enter, exit) = match is_async {
            true => (Special::AEnter, Special::AExit),
            false => (Special::Enter, Special::Exit),
        };
        self.at(range);
        self.unit.op3(Op::LoadSpecialPair, pair, manager, exit as u32);
        let window = self.window();
        self.unit.op3(Op::LoadSpecial, window, manager, enter as u32);
        self.unit.push(Op::CallMethod, [entered, window, 0], Extra::Cache);
        if is_async {
            self.await_value(entered, entered, 1);
        }
        self.unit.release(mark);
        Ok(entered)
    }

    /// A window with the saved exit method; arguments follow.
    fn exit_window(&mut self, pair: Reg) -> Reg {
        let window = self.window();
        // As a function it is read from one place, as a bound value from the other.
        self.unit.mov(window + WINDOW_METHOD, pair);
        self.unit.mov(window + WINDOW_CALLABLE, pair);
        self.unit.mov(window + WINDOW_SELF, pair + 1);
        window
    }

    /// Calls the exit method with three Nones.
    pub(crate) fn call_exit_normally(&mut self, pair: Reg, is_async: bool, range: TextRange) -> Result<()> {
        self.at(range);
        let mark = self.unit.top;
        let window = self.exit_window(pair);
        let args = self.unit.temps(3);
        for arg in args..args + 3 {
            self.unit.load(arg, Const::None);
        }
        self.unit.push(Op::CallMethod, [window, window, 3], Extra::Cache);
        if is_async {
            self.unit.release(window + 1);
            self.await_value(window, window, 2);
        }
        self.unit.release(mark);
        Ok(())
    }

    /// The handler: exc = the exception, exc+1 = the one handled before, exc+2 = one raised by the exit method.
    fn exit_with_exception(&mut self, pair: Reg, is_async: bool, exc: Reg, range: TextRange) -> Result<()> {
        let (save, second) = (exc + 1, exc + 2);
        let (cleanup, suppress, end) = (self.unit.label(), self.unit.label(), self.unit.label());
        self.unit.op2(Op::PushExc, save, exc);
        self.unit.open(cleanup, second);
        let mark = self.unit.top;
        let window = self.exit_window(pair);
        let args = self.unit.temps(3);
        self.unit.op2(Op::ExcTriple, args, exc);
        self.unit.push(Op::CallMethod, [window, window, 3], Extra::Cache);
        if is_async {
            self.unit.release(window + 1);
            self.await_value(window, window, 2);
        }
        self.unit.jump(Op::JT, window, 0, suppress);
        self.unit.release(mark);
        self.unit.op1(Op::Reraise, exc);
        self.unit.close();
        self.unit.bind(suppress);
        self.at(range);
        self.unit.op1(Op::PopExc, save);
        self.unit.jump(Op::Jmp, 0, 0, end);
        self.unit.bind(cleanup);
        self.unit.op1(Op::PopExc, save);
        self.unit.op1(Op::Reraise, second);
        self.unit.bind(end);
        Ok(())
    }
}
