//! List, tuple, set and dict displays. CPython: `starunpack_helper`, `codegen_dict`.
//! Invariant: long displays are filled piecewise, so that their length does not cost registers.

use taipan_bytecode::{Const, Op};
use taipan_syntax::ast::{self, Expr};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::unit::Reg;

/// Items that are built from registers at once.
const AT_ONCE: usize = 32;

impl<'a> Compiler<'a> {
    pub(crate) fn list(&mut self, elts: &'a [Expr], node: &'a Expr, dst: Reg) -> Result<()> {
        if elts.len() > 2 {
            if let Some(Const::Tuple(items)) = self.constant_items(elts).map(Const::Tuple) {
                let list = self.writable(dst);
                self.at(node.range());
                self.unit.op3(Op::BuildList, list, list, 0);
                let tuple = self.unit.temp();
                self.unit.load(tuple, Const::Tuple(items));
                self.unit.op2(Op::ListExtend, list, tuple);
                self.unit.mov(dst, list);
                return Ok(());
            }
        }
        let elts: Vec<&'a Expr> = elts.iter().collect();
        self.sequence(Op::BuildList, &[], &elts, node.range(), dst)
    }

    pub(crate) fn tuple(&mut self, elts: &'a [Expr], node: &'a Expr, dst: Reg) -> Result<()> {
        let elts: Vec<&'a Expr> = elts.iter().collect();
        self.sequence(Op::BuildTuple, &[], &elts, node.range(), dst)
    }

    pub(crate) fn set(&mut self, node: &'a ast::ExprSet, dst: Reg) -> Result<()> {
        if node.elts.len() > 2 {
            if let Some(items) = self.constant_items(&node.elts) {
                let set = self.writable(dst);
                self.at(node.range);
                self.unit.op3(Op::BuildSet, set, set, 0);
                let items_reg = self.unit.temp();
                self.unit.load(items_reg, Const::FrozenSet(items));
                self.unit.op2(Op::SetUpdate, set, items_reg);
                self.unit.mov(dst, set);
                return Ok(());
            }
        }
        let elts: Vec<&'a Expr> = node.elts.iter().collect();
        self.sequence(Op::BuildSet, &[], &elts, node.range, dst)
    }

    /// `dst` if it may hold unfinished values, else a temporary.
    pub(crate) fn writable(&mut self, dst: Reg) -> Reg {
        if self.unit.is_variable(dst) { self.unit.temp() } else { dst }
    }

    /// A list, tuple or set of registers and expressions, some of which may be starred.
    pub(crate) fn sequence(
        &mut self,
        build: Op,
        before: &[Reg],
        elts: &[&'a Expr],
        range: TextRange,
        dst: Reg,
    ) -> Result<()> {
        let starred = elts.iter().any(|elt| elt.is_starred_expr());
        let count = before.len() + elts.len();
        if !starred && count <= AT_ONCE {
            let start = self.unit.temps(count as u32);
            self.items(before, elts, start)?;
            self.at(range);
            self.unit.op3(build, dst, start, count as u32);
            return Ok(());
        }
        // A tuple is collected as a list first.
        let (build_op, append, extend) = match build {
            Op::BuildSet => (Op::BuildSet, Op::SetAdd, Op::SetUpdate),
            _ => (Op::BuildList, Op::ListAppend, Op::ListExtend),
        };
        let into = self.writable(dst);
        let mark = self.unit.top;
        let first = elts.iter().take_while(|elt| !elt.is_starred_expr()).take(AT_ONCE).count();
        let start = self.unit.temps((before.len() + first) as u32);
        self.items(before, &elts[..first], start)?;
        self.at(range);
        self.unit.op3(build_op, into, start, (before.len() + first) as u32);
        self.unit.release(mark);
        for elt in &elts[first..] {
            let (op, value) = match elt {
                Expr::Starred(node) => (extend, self.operand(&node.value)?),
                elt => (append, self.operand(elt)?),
            };
            self.at(range);
            self.unit.op2(op, into, value);
            self.unit.release(mark);
        }
        match build {
            Op::BuildTuple => self.unit.op2(Op::ListToTuple, dst, into),
            _ => self.unit.mov(dst, into),
        }
        Ok(())
    }

    fn items(&mut self, before: &[Reg], elts: &[&'a Expr], start: Reg) -> Result<()> {
        for (at, &reg) in before.iter().enumerate() {
            self.unit.mov(start + at as u32, reg);
        }
        for (at, elt) in elts.iter().enumerate() {
            self.expr(elt, start + (before.len() + at) as u32)?;
        }
        Ok(())
    }

    pub(crate) fn dict(&mut self, node: &'a ast::ExprDict, dst: Reg) -> Result<()> {
        let plain = node.items.iter().take_while(|item| item.key.is_some()).take(AT_ONCE / 2).count();
        let start = self.unit.temps(2 * plain as u32);
        for (at, item) in node.items[..plain].iter().enumerate() {
            self.expr(item.key.as_ref().expect("plain"), start + 2 * at as u32)?;
            self.expr(&item.value, start + 2 * at as u32 + 1)?;
        }
        self.at(node.range);
        if plain == node.items.len() {
            self.unit.op3(Op::BuildDict, dst, start, plain as u32);
            return Ok(());
        }
        let into = self.writable(dst);
        self.unit.op3(Op::BuildDict, into, start, plain as u32);
        for item in &node.items[plain..] {
            let mark = self.unit.top;
            match &item.key {
                Some(key) => {
                    let key = self.early_operand(key, &[&item.value])?;
                    let value = self.operand(&item.value)?;
                    self.at(node.range);
                    self.unit.op3(Op::DictSet, into, key, value);
                }
                None => {
                    let mapping = self.operand(&item.value)?;
                    self.at(node.range);
                    self.unit.op2(Op::DictUpdate, into, mapping);
                }
            }
            self.unit.release(mark);
        }
        self.unit.mov(dst, into);
        Ok(())
    }
}
