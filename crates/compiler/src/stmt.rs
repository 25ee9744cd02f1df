//! Statements: the simple ones, and where each kind goes. CPython: `codegen_visit_stmt`.
//! Invariant: a statement leaves no temporaries behind.

use taipan_bytecode::{Common, Const, Intrinsic, Name, Op};
use taipan_syntax::Ranged;
use taipan_syntax::ast::{self, Expr, Stmt};

use crate::compiler::{Compiler, Result};

/// CPython's `CO_MAXBLOCKS`.
const MAX_BLOCKS: usize = 21;

impl<'a> Compiler<'a> {
    pub(crate) fn body(&mut self, body: &'a [Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    pub(crate) fn stmt(&mut self, stmt: &'a Stmt) -> Result<()> {
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || {
            let mark = self.unit.top;
            self.at(stmt.range());
            self.stmt_inner(stmt)?;
            self.unit.release(mark);
            Ok(())
        })
    }

    fn stmt_inner(&mut self, stmt: &'a Stmt) -> Result<()> {
        let block = matches!(stmt, Stmt::For(_) | Stmt::While(_) | Stmt::With(_) | Stmt::Try(_));
        if block && self.unit.blocks.len() >= MAX_BLOCKS {
            return self.error("too many statically nested blocks", stmt.range());
        }
        match stmt {
            Stmt::FunctionDef(node) => self.function_def(node),
            Stmt::ClassDef(node) => self.class_def(node),
            Stmt::TypeAlias(node) => self.type_alias(node),
            Stmt::Return(node) => self.return_stmt(node),
            Stmt::Delete(node) => node.targets.iter().try_for_each(|target| self.delete(target)),
            Stmt::Assign(node) => self.assign_stmt(node),
            Stmt::AugAssign(node) => self.aug_assign(node),
            Stmt::AnnAssign(node) => self.ann_assign(node),
            Stmt::For(node) if node.is_async => self.async_for(node),
            Stmt::For(node) => self.for_stmt(node),
            Stmt::While(node) => self.while_stmt(node),
            Stmt::If(node) => self.if_stmt(node),
            Stmt::With(node) => self.with_stmt(node),
            Stmt::Match(node) => self.match_stmt(node),
            Stmt::Raise(node) => self.raise(node),
            Stmt::Try(node) => self.try_stmt(node),
            Stmt::Assert(node) => self.assert(node),
            Stmt::Import(node) => self.import(node),
            Stmt::ImportFrom(node) => self.import_from(node),
            Stmt::Expr(node) => self.expr_stmt(node),
            Stmt::Break(node) => self.break_stmt(node.range),
            Stmt::Continue(node) => self.continue_stmt(node.range),
            Stmt::Pass(_) => {
                // A line of its own, so that tracing and `co_lines` see it.
                self.unit.op0(Op::Nop);
                Ok(())
            }
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::IpyEscapeCommand(node) => self.error("invalid syntax", node.range),
        }
    }

    fn expr_stmt(&mut self, node: &'a ast::StmtExpr) -> Result<()> {
        if self.interactive && self.outer.is_empty() {
            let value = self.unit.temp();
            self.expr(&node.value, value)?;
            self.at(node.range);
            self.unit.op3(Op::Intrinsic, value, value, Intrinsic::Print as u32);
            return Ok(());
        }
        if node.value.is_literal_expr() {
            // Nothing happens, but the line is there.
            self.unit.op0(Op::Nop);
            return Ok(());
        }
        let before = self.unit.ins.len();
        self.effect(&node.value)?;
        if self.unit.ins.len() == before {
            // As above.
            self.unit.op0(Op::Nop);
        }
        Ok(())
    }

    fn raise(&mut self, node: &'a ast::StmtRaise) -> Result<()> {
        let Some(exc) = &node.exc else {
            self.unit.op0(Op::RaiseAgain);
            return Ok(());
        };
        match &node.cause {
            Some(cause) => {
                let exc = self.early_operand(exc, &[cause])?;
                let cause = self.operand(cause)?;
                self.at(node.range);
                self.unit.op2(Op::RaiseFrom, exc, cause);
            }
            None => {
                let exc = self.operand(exc)?;
                self.at(node.range);
                self.unit.op1(Op::Raise, exc);
            }
        }
        Ok(())
    }

    fn assert(&mut self, node: &'a ast::StmtAssert) -> Result<()> {
        if matches!(&*node.test, Expr::Tuple(tuple) if !tuple.elts.is_empty()) {
            self.warn("assertion is always true, perhaps remove parentheses?", node.range);
        }
        if self.optimize > 0 {
            return Ok(());
        }
        let end = self.unit.label();
        self.jump_if(&node.test, end, true)?;
        self.at(node.test.range());
        match &node.msg {
            None => {
                let exc = self.unit.temp();
                self.unit.op2(Op::LoadCommon, exc, Common::AssertionError as u32);
                self.unit.op1(Op::Raise, exc);
            }
            Some(msg) => {
                let window = self.window();
                self.unit.op2(
                    Op::LoadCommon,
                    window + taipan_bytecode::op::WINDOW_CALLABLE,
                    Common::AssertionError as u32,
                );
                let arg = self.unit.temp();
                self.expr(msg, arg)?;
                self.at(node.test.range());
                self.call_window(window, window, 1);
                self.unit.op1(Op::Raise, window);
            }
        }
        self.unit.bind(end);
        Ok(())
    }

    fn import(&mut self, node: &'a ast::StmtImport) -> Result<()> {
        for alias in &node.names {
            let mark = self.unit.top;
            let args = self.unit.temps(2);
            self.at(node.range);
            self.unit.load(args, Const::Int(0));
            self.unit.load(args + 1, Const::None);
            let full = alias.name.as_str();
            let name = Name::from(full);
            self.unit.with_name(Op::ImportName, args, args, &name);
            match &alias.asname {
                Some(asname) => {
                    // `import a.b.c as d` walks down from `a`.
                    for part in full.split('.').skip(1) {
                        self.unit.with_name(Op::ImportFrom, args, args, &Name::from(part));
                    }
                    self.store_name(asname, args);
                }
                None => self.store_name(full.split('.').next().unwrap_or_default(), args),
            }
            self.unit.release(mark);
        }
        Ok(())
    }

    fn import_from(&mut self, node: &'a ast::StmtImportFrom) -> Result<()> {
        if node.module.as_ref().is_some_and(|module| module.as_str() == "__future__") && node.level == 0 {
            crate::futures::check_late(self, node)?;
        }
        let args = self.unit.temps(2);
        self.at(node.range);
        self.unit.load(args, Const::Int(node.level as i64));
        let names: Vec<Const> = node.names.iter().map(|alias| Const::str(&alias.name)).collect();
        self.unit.load(args + 1, Const::Tuple(names.into()));
        let module = node.module.as_ref().map_or("", |module| module.as_str());
        let module_name = Name::from(module);
        self.unit.with_name(Op::ImportName, args, args, &module_name);
        for alias in &node.names {
            if alias.name.as_str() == "*" {
                self.unit.op1(Op::ImportStar, args);
                return Ok(());
            }
            let stored = alias.asname.as_ref().unwrap_or(&alias.name);
            let name = Name::from(alias.name.as_str());
            let target = self.fast_register(stored).unwrap_or(args + 1);
            self.unit.with_name(Op::ImportFrom, target, args, &name);
            self.store_name(stored, target);
        }
        Ok(())
    }
}
