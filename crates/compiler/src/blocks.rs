//! What surrounds a statement: loops, handlers, `with`, `finally`; and leaving them. CPython: `compiler_unwind_fblock`.
//! Invariant: code that leaves a block is not covered by that block's own handlers.

use taipan_bytecode::{Const, Name, Op};
use taipan_syntax::TextRange;
use taipan_syntax::ast::Stmt;

use crate::compiler::{Compiler, Result};
use crate::names::Access;
use crate::unit::{Label, Reg};

#[derive(Clone)]
pub(crate) struct Block<'a> {
    pub(crate) kind: BlockKind<'a>,
    /// Open regions outside of the block.
    pub(crate) regions: usize,
}

#[derive(Clone)]
pub(crate) enum BlockKind<'a> {
    Loop {
        end: Label,
        next: Label,
    },
    /// The body of `try .. finally`.
    FinallyTry {
        body: &'a [Stmt],
    },
    /// A `finally` body while an exception is on its way.
    FinallyEnd {
        save: Reg,
    },
    /// An `except` clause.
    Handler {
        save: Reg,
    },
    /// The body of an `except` clause with a name.
    HandlerName {
        name: Name,
    },
    /// `except*` clauses.
    ExceptStar,
    /// The body of a `with`.
    With {
        pair: Reg,
        is_async: bool,
        range: TextRange,
    },
}

impl<'a> Compiler<'a> {
    pub(crate) fn push_block(&mut self, kind: BlockKind<'a>) {
        let regions = self.unit.regions.len();
        self.unit.blocks.push(Block { kind, regions });
    }

    pub(crate) fn pop_block(&mut self) {
        self.unit.blocks.pop().expect("blocks are paired");
    }

    /// Is there something to run or restore when all blocks are left?
    pub(crate) fn leaving_has_effects(&self) -> bool {
        self.unit.blocks.iter().any(|block| !matches!(block.kind, BlockKind::Loop { .. }))
    }

    /// The innermost loop.
    pub(crate) fn innermost_loop(&self) -> Option<(usize, Label, Label)> {
        self.unit.blocks.iter().enumerate().rev().find_map(|(index, block)| match block.kind {
            BlockKind::Loop { end, next } => Some((index, end, next)),
            _ => None,
        })
    }

    /// Is an `except*` block between here and the loop (or function) that would be left?
    pub(crate) fn leaves_except_star(&self, from: usize) -> bool {
        self.unit.blocks[from..].iter().any(|block| matches!(block.kind, BlockKind::ExceptStar))
    }

    /// Leaves the blocks above the first `keep`, calls `then` to jump away, and goes on as if nothing had happened.
    pub(crate) fn leave_blocks(
        &mut self,
        keep: usize,
        then: impl FnOnce(&mut Compiler<'a>) -> Result<()>,
    ) -> Result<()> {
        let blocks = self.unit.blocks.clone();
        let mut suspended = Vec::new();
        while self.unit.blocks.len() > keep {
            let block = self.unit.blocks.pop().expect("not empty");
            suspended.extend(self.unit.suspend(block.regions));
            self.leave_block(&block.kind)?;
        }
        let result = then(self);
        self.unit.resume(suspended);
        self.unit.blocks = blocks;
        result
    }

    fn leave_block(&mut self, kind: &BlockKind<'a>) -> Result<()> {
        match kind {
            BlockKind::Loop { .. } | BlockKind::ExceptStar => Ok(()),
            BlockKind::FinallyTry { body } => {
                self.body(body)?;
                // The statement that leaves appears to be done before this body runs.
                self.nowhere();
                Ok(())
            }
            BlockKind::FinallyEnd { save } | BlockKind::Handler { save } => {
                self.unit.op1(Op::PopExc, *save);
                Ok(())
            }
            BlockKind::HandlerName { name } => self.unbind_handler_name(name),
            BlockKind::With { pair, is_async, range } => {
                self.call_exit_normally(*pair, *is_async, *range)?;
                self.nowhere();
                Ok(())
            }
        }
    }

    /// `name = None; del name` at the end of an `except` clause.
    pub(crate) fn unbind_handler_name(&mut self, name: &Name) -> Result<()> {
        if let Access::Fast(reg) = self.resolve(name) {
            self.unit.op1(Op::Clear, reg);
            self.unit.assigned.remove(reg);
            return Ok(());
        }
        let mark = self.unit.top;
        let none = self.unit.temp();
        self.unit.load(none, Const::None);
        self.store_resolved(name, none);
        self.delete_resolved(name);
        self.unit.release(mark);
        Ok(())
    }
}
