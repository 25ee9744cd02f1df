//! Assignment, augmented assignment, deletion. CPython: `codegen_visit_stmt` and `codegen_augassign`.
//! Invariant: the right side is complete before anything is stored; stores go from left to right.

use taipan_bytecode::{Op, simm};
use taipan_syntax::ast::{self, Expr, Operator};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::expr::binary_op;
use crate::names::Access;
use crate::unit::{Extra, Reg};

impl<'a> Compiler<'a> {
    pub(crate) fn assign_stmt(&mut self, node: &'a ast::StmtAssign) -> Result<()> {
        if let [target] = &node.targets[..] {
            if self.unpack_display(target, &node.value)? {
                return Ok(());
            }
        }
        let first = self.fast_target(&node.targets[0]);
        let value = match first {
            Some(reg) => {
                self.expr(&node.value, reg)?;
                self.unit.assigned.insert(reg);
                reg
            }
            None => self.operand(&node.value)?,
        };
        // A plain local on the right may be rebound by a target on the left.
        let value = match &*node.value {
            Expr::Name(_) if first.is_none() && self.unit.is_variable(value) && may_rebind(&node.targets) => {
                let copy = self.unit.temp();
                self.unit.mov(copy, value);
                copy
            }
            _ => value,
        };
        // So may the first of several targets.
        let rebinds = first.is_some() && may_rebind(&node.targets[1..]);
        let value = if rebinds && node.targets.len() > 1 {
            let copy = self.unit.temp();
            self.unit.mov(copy, value);
            copy
        } else {
            value
        };
        for target in &node.targets[usize::from(first.is_some())..] {
            let mark = self.unit.top;
            self.assign(target, value)?;
            self.unit.release(mark);
        }
        Ok(())
    }

    /// The register of a target that is a fast local.
    pub(crate) fn fast_target(&self, target: &Expr) -> Option<Reg> {
        match target {
            Expr::Name(node) => self.fast_register(&node.id),
            _ => None,
        }
    }

    /// `a, b = c, d` without a tuple. Returns whether that was it.
    fn unpack_display(&mut self, target: &'a Expr, value: &'a Expr) -> Result<bool> {
        let (targets, values) = match (target, value) {
            (Expr::Tuple(t), Expr::Tuple(v)) => (&t.elts, &v.elts),
            (Expr::List(t), Expr::Tuple(v)) => (&t.elts, &v.elts),
            _ => return Ok(false),
        };
        let starred = |exprs: &[Expr]| exprs.iter().any(Expr::is_starred_expr);
        if targets.len() != values.len() || targets.len() > 8 || starred(targets) || starred(values) {
            return Ok(false);
        }
        if self.constant(value).is_some() && targets.iter().any(|target| self.fast_target(target).is_none()) {
            return Ok(false);
        }
        let mut regs = Vec::with_capacity(values.len());
        for (at, value) in values.iter().enumerate() {
            let later: Vec<&'a Expr> = values[at + 1..].iter().collect();
            let reg = self.early_operand(value, &later)?;
            // A local that an earlier target overwrites must be saved.
            let overwritten = self.unit.is_variable(reg) || value.is_name_expr();
            let earlier = targets[..at].iter().any(|target| binds(self, target, reg));
            if overwritten && earlier {
                let copy = self.unit.temp();
                self.unit.mov(copy, reg);
                regs.push(copy);
            } else {
                regs.push(reg);
            }
        }
        for (target, reg) in targets.iter().zip(regs) {
            let mark = self.unit.top;
            self.assign(target, reg)?;
            self.unit.release(mark);
        }
        Ok(true)
    }

    /// Stores a register in a target.
    pub(crate) fn assign(&mut self, target: &'a Expr, src: Reg) -> Result<()> {
        match target {
            Expr::Name(node) => {
                self.at(node.range);
                self.store_name(&node.id, src);
                Ok(())
            }
            Expr::Attribute(node) => {
                let object = self.operand(&node.value)?;
                self.unit.location = self.attribute_location(node.range, node);
                let name = self.mangled(&node.attr);
                self.unit.with_name(Op::StoreAttr, object, src, &name);
                Ok(())
            }
            Expr::Subscript(node) => {
                let place = self.item_place(node)?;
                self.store_item(place, src, node.range);
                Ok(())
            }
            Expr::Tuple(node) => self.unpack(&node.elts, src, node.range),
            Expr::List(node) => self.unpack(&node.elts, src, node.range),
            Expr::Starred(node) => {
                self.error("starred assignment target must be in a list or tuple", node.range)
            }
            other => self.error("cannot assign to expression", other.range()),
        }
    }

    fn unpack(&mut self, elts: &'a [Expr], src: Reg, range: TextRange) -> Result<()> {
        let mut stars = elts.iter().enumerate().filter(|(_, elt)| elt.is_starred_expr());
        let star = stars.next().map(|(at, _)| at);
        if stars.next().is_some() {
            return self.error("multiple starred expressions in assignment", range);
        }
        let count = elts.len() as u32;
        if count > 0x8000 || star.is_some_and(|at| at >= 256 || elts.len() - at - 1 >= 1 << 24) {
            return self.error("too many expressions in star-unpacking assignment", range);
        }
        let direct = star.is_none().then(|| self.consecutive(elts)).flatten();
        let start = direct.unwrap_or_else(|| self.unit.temps(count));
        self.at(range);
        match star {
            None => self.unit.op3(Op::UnpackSeq, start, src, count),
            Some(at) => {
                let after = count - at as u32 - 1;
                self.unit.push(Op::UnpackEx, [start, src, at as u32], Extra::Amount(after));
            }
        }
        for (at, elt) in elts.iter().enumerate() {
            let reg = start + at as u32;
            if direct.is_some() {
                self.unit.assigned.insert(reg);
                continue;
            }
            let target = match elt {
                Expr::Starred(node) => &node.value,
                elt => elt,
            };
            let mark = self.unit.top;
            self.assign(target, reg)?;
            self.unit.release(mark);
        }
        Ok(())
    }

    /// If the targets are fast locals in consecutive registers: the first.
    fn consecutive(&self, elts: &[Expr]) -> Option<Reg> {
        let first = self.fast_target(elts.first()?)?;
        let follows = |(at, elt): (usize, &Expr)| self.fast_target(elt) == Some(first + at as u32);
        elts.iter().enumerate().all(follows).then_some(first)
    }

    pub(crate) fn delete(&mut self, target: &'a Expr) -> Result<()> {
        match target {
            Expr::Name(node) => {
                self.at(node.range);
                self.delete_name(&node.id, node.range)
            }
            Expr::Attribute(node) => {
                let object = self.operand(&node.value)?;
                self.unit.location = self.attribute_location(node.range, node);
                let name = self.mangled(&node.attr);
                self.unit.with_name(Op::DeleteAttr, object, 0, &name);
                Ok(())
            }
            Expr::Subscript(node) => {
                let object = self.early_operand(&node.value, &[&node.slice])?;
                let key = self.operand(&node.slice)?;
                self.at(node.range);
                self.unit.op2(Op::DelItem, object, key);
                Ok(())
            }
            Expr::Tuple(node) => node.elts.iter().try_for_each(|elt| self.delete(elt)),
            Expr::List(node) => node.elts.iter().try_for_each(|elt| self.delete(elt)),
            other => self.error("cannot delete expression", other.range()),
        }
    }

    pub(crate) fn aug_assign(&mut self, node: &'a ast::StmtAugAssign) -> Result<()> {
        match &*node.target {
            Expr::Name(target) => self.aug_assign_name(node, target),
            Expr::Attribute(target) => {
                let object = self.early_operand(&target.value, &[&node.value])?;
                let name = self.mangled(&target.attr);
                let old = self.unit.temp();
                self.unit.location = self.attribute_location(target.range, target);
                self.unit.with_name(Op::LoadAttr, old, object, &name);
                self.update(node, old, old)?;
                self.unit.location = self.attribute_location(target.range, target);
                self.unit.with_name(Op::StoreAttr, object, old, &name);
                Ok(())
            }
            Expr::Subscript(target) => {
                let place = self.item_place(target)?;
                // What is evaluated on the right must not move the place.
                let place = self.pin(place, &[&node.value]);
                let old = self.unit.temp();
                self.at(target.range);
                self.load_item(place, old);
                self.update(node, old, old)?;
                self.store_item(place, old, target.range);
                Ok(())
            }
            other => self.error("illegal expression for augmented assignment", other.range()),
        }
    }

    fn aug_assign_name(&mut self, node: &'a ast::StmtAugAssign, target: &'a ast::ExprName) -> Result<()> {
        self.at(target.range);
        let name = self.mangled(&target.id);
        if let Access::Fast(reg) = self.resolve(&name) {
            self.check_bound(reg);
            let old = match needs_copy(&node.value) {
                true => {
                    let copy = self.unit.temp();
                    self.unit.mov(copy, reg);
                    copy
                }
                false => reg,
            };
            return self.update(node, reg, old);
        }
        let old = self.unit.temp();
        self.load_resolved(&name, old);
        self.update(node, old, old)?;
        self.at(target.range);
        self.store_resolved(&name, old);
        Ok(())
    }

    /// dst = old op= value.
    fn update(&mut self, node: &'a ast::StmtAugAssign, dst: Reg, old: Reg) -> Result<()> {
        if let Some(value) = self.small_int(&node.value) {
            let op = match node.op {
                Operator::Add => Some(Op::IAddI),
                Operator::Sub => Some(Op::ISubI),
                _ => None,
            };
            if let Some(op) = op {
                self.read_in_place(node.value.range());
                self.at(node.range);
                self.unit.op3(op, dst, old, simm(value).expect("small"));
                return Ok(());
            }
        }
        let value = self.operand(&node.value)?;
        self.at(node.range);
        self.unit.op3(binary_op(node.op, true), dst, old, value);
        Ok(())
    }

    fn item_place(&mut self, node: &'a ast::ExprSubscript) -> Result<ItemPlace> {
        let object = self.early_operand(&node.value, &[&node.slice])?;
        if let Expr::Slice(slice) = &*node.slice {
            if slice.step.is_none() {
                return Ok(ItemPlace::Slice { object, bounds: self.slice_bounds(slice)? });
            }
        }
        Ok(ItemPlace::Item { object, key: self.operand(&node.slice)? })
    }

    fn pin(&mut self, place: ItemPlace, later: &[&'a Expr]) -> ItemPlace {
        if !later.iter().any(|expr| needs_copy(expr)) {
            return place;
        }
        let mut copy = |reg: Reg| {
            if !self.unit.is_variable(reg) {
                return reg;
            }
            let copy = self.unit.temp();
            self.unit.mov(copy, reg);
            copy
        };
        match place {
            ItemPlace::Item { object, key } => ItemPlace::Item { object: copy(object), key: copy(key) },
            ItemPlace::Slice { object, bounds } => ItemPlace::Slice { object: copy(object), bounds },
        }
    }

    fn load_item(&mut self, place: ItemPlace, dst: Reg) {
        match place {
            ItemPlace::Item { object, key } => self.unit.push(Op::GetItem, [dst, object, key], Extra::Cache),
            ItemPlace::Slice { object, bounds } => self.unit.op3(Op::GetSlice, dst, object, bounds),
        }
    }

    fn store_item(&mut self, place: ItemPlace, src: Reg, range: TextRange) {
        self.at(range);
        match place {
            ItemPlace::Item { object, key } => self.unit.push(Op::SetItem, [object, key, src], Extra::Cache),
            ItemPlace::Slice { object, bounds } => self.unit.op3(Op::SetSlice, object, bounds, src),
        }
    }
}

/// An item or slice whose object and key are evaluated.
#[derive(Clone, Copy)]
enum ItemPlace {
    Item { object: Reg, key: Reg },
    Slice { object: Reg, bounds: Reg },
}

/// Might the store to one of several targets change the local that holds the value for the next?
fn may_rebind(targets: &[Expr]) -> bool {
    targets.len() > 1
}

/// May evaluating this rebind a local? (Only an assignment expression inside can; be generous.)
fn needs_copy(expr: &Expr) -> bool {
    struct Finder(bool);
    impl<'e> ast::visitor::Visitor<'e> for Finder {
        fn visit_expr(&mut self, expr: &'e Expr) {
            self.0 |= expr.is_named_expr();
            if !self.0 {
                ast::visitor::walk_expr(self, expr);
            }
        }
    }
    match expr {
        Expr::Name(_) | Expr::NumberLiteral(_) | Expr::StringLiteral(_) => false,
        expr => stacker::maybe_grow(1024 * 1024, 16 * 1024 * 1024, || {
            let mut finder = Finder(false);
            ast::visitor::Visitor::visit_expr(&mut finder, expr);
            finder.0
        }),
    }
}

/// Does assigning to the target write this register?
fn binds(compiler: &Compiler<'_>, target: &Expr, reg: Reg) -> bool {
    match target {
        Expr::Name(_) => compiler.fast_target(target) == Some(reg),
        Expr::Tuple(node) => node.elts.iter().any(|elt| binds(compiler, elt, reg)),
        Expr::List(node) => node.elts.iter().any(|elt| binds(compiler, elt, reg)),
        Expr::Starred(node) => binds(compiler, &node.value, reg),
        _ => false,
    }
}
