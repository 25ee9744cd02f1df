//! Loading, storing and deleting names. CPython: `codegen_nameop`.
//! Invariant: a fast local is read only where it is bound, or after a `CheckBound`.

use taipan_bytecode::{Name, Op};
use taipan_syntax::TextRange;

use crate::compiler::{Compiler, Result};
use crate::symbols::{Place, ScopeKind};
use crate::unit::Reg;

/// How a name is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// In a register.
    Fast(Reg),
    /// In a cell in a register.
    Cell(Reg),
    /// Global or builtin.
    Global,
    /// By name in the namespace of a module or class.
    Name,
    /// In the namespace of the class body, or else in a cell.
    LocalsOrCell(Reg),
    /// In the class around an annotation scope, or else in a cell.
    ClassOrCell(Reg),
    /// In the class around an annotation scope, or else global.
    ClassOrGlobal,
}

impl<'a> Compiler<'a> {
    /// How a (mangled) name is reached from here.
    pub(crate) fn resolve(&self, name: &str) -> Access {
        for inlined in self.unit.inlined.iter().rev() {
            if let Some(&(reg, cell)) = inlined.variables.get(name) {
                return if cell { Access::Cell(reg) } else { Access::Fast(reg) };
            }
            match self.scope(inlined.scope).lookup(name).map(|symbol| symbol.place) {
                Some(Place::GlobalExplicit) => return Access::Global,
                Some(Place::GlobalImplicit) => {
                    let module = self.frame_scope().kind == ScopeKind::Module;
                    return if module { Access::Name } else { Access::Global };
                }
                _ => {}
            }
        }
        self.resolve_in_frame(name, !self.unit.inlined.is_empty())
    }

    fn resolve_in_frame(&self, name: &str, from_comprehension: bool) -> Access {
        let scope = self.frame_scope();
        let cell = || self.unit.cells.get(name).copied();
        let place = scope.lookup(name).map_or(Place::Unknown, |symbol| symbol.place);
        if !scope.kind.is_function_like() {
            return match (place, cell()) {
                (_, Some(reg)) if from_comprehension => Access::Cell(reg),
                (Place::Free, Some(reg)) => Access::LocalsOrCell(reg),
                (Place::GlobalExplicit, _) if scope.kind == ScopeKind::Class => Access::Global,
                (Place::GlobalExplicit, _) => Access::Global,
                _ if from_comprehension && scope.kind == ScopeKind::Class => Access::Global,
                _ => Access::Name,
            };
        }
        match place {
            Place::Local => Access::Fast(self.unit.fast[name]),
            Place::Cell => Access::Cell(self.unit.cells[name]),
            Place::Free if scope.can_see_class && !name.starts_with('.') => {
                let reg = self.unit.cells[name];
                if name == "__conditional_annotations__" {
                    Access::Cell(reg)
                } else {
                    Access::ClassOrCell(reg)
                }
            }
            Place::Free => Access::Cell(self.unit.cells[name]),
            Place::GlobalImplicit if scope.can_see_class => Access::ClassOrGlobal,
            _ => Access::Global,
        }
    }

    /// Register of the cell of a variable of this frame, for closures and implicit cells.
    pub(crate) fn cell_register(&self, name: &str) -> Option<Reg> {
        for inlined in self.unit.inlined.iter().rev() {
            if let Some(&(reg, true)) = inlined.variables.get(name) {
                return Some(reg);
            }
        }
        self.unit.cells.get(name).copied()
    }

    /// Loads a name of the source.
    pub(crate) fn load_name(&mut self, id: &str, dst: Reg) {
        let name = self.mangled(id);
        self.load_resolved(&name, dst);
    }

    pub(crate) fn load_resolved(&mut self, name: &Name, dst: Reg) {
        match self.resolve(name) {
            Access::Fast(reg) => {
                self.check_bound(reg);
                self.unit.mov(dst, reg);
            }
            Access::Cell(reg) => self.unit.op2(Op::LoadCell, dst, reg),
            Access::Global => self.unit.with_name(Op::LoadGlobal, dst, 0, name),
            Access::Name => self.unit.with_name(Op::LoadName, dst, 0, name),
            Access::LocalsOrCell(reg) => {
                let mark = self.unit.top;
                let locals = self.unit.temp();
                self.unit.op1(Op::LoadLocals, locals);
                self.unit.op3(Op::LoadFromDictOrCell, dst, locals, reg);
                self.unit.release(mark);
            }
            Access::ClassOrCell(reg) => {
                let mark = self.unit.top;
                let class = self.load_classdict();
                self.unit.op3(Op::LoadFromDictOrCell, dst, class, reg);
                self.unit.release(mark);
            }
            Access::ClassOrGlobal => {
                let mark = self.unit.top;
                let class = self.load_classdict();
                self.unit.with_name(Op::LoadFromDictOrGlobals, dst, class, name);
                self.unit.release(mark);
            }
        }
    }

    fn load_classdict(&mut self) -> Reg {
        let reg = self.unit.temp();
        let cell = self.unit.cells["__classdict__"];
        self.unit.op2(Op::LoadCell, reg, cell);
        reg
    }

    /// Makes sure that a fast local is bound.
    pub(crate) fn check_bound(&mut self, reg: Reg) {
        if !self.unit.assigned.contains(reg) {
            self.unit.op1(Op::CheckBound, reg);
            self.unit.assigned.insert(reg);
        }
    }

    /// Is the name a fast local (or a comprehension's variable)?
    pub(crate) fn fast_register(&self, id: &str) -> Option<Reg> {
        match self.resolve(&self.mangled(id)) {
            Access::Fast(reg) => Some(reg),
            _ => None,
        }
    }

    pub(crate) fn store_name(&mut self, id: &str, src: Reg) {
        let name = self.mangled(id);
        self.store_resolved(&name, src);
    }

    pub(crate) fn store_resolved(&mut self, name: &Name, src: Reg) {
        match self.resolve(name) {
            Access::Fast(reg) => {
                self.unit.mov(reg, src);
                self.unit.assigned.insert(reg);
            }
            Access::Cell(reg) | Access::ClassOrCell(reg) | Access::LocalsOrCell(reg) => {
                self.unit.op2(Op::StoreCell, reg, src)
            }
            Access::Global | Access::ClassOrGlobal => self.unit.with_name(Op::StoreGlobal, src, 0, name),
            Access::Name => self.unit.with_name(Op::StoreName, src, 0, name),
        }
    }

    pub(crate) fn delete_name(&mut self, id: &str, _range: TextRange) -> Result<()> {
        let name = self.mangled(id);
        self.delete_resolved(&name);
        Ok(())
    }

    pub(crate) fn delete_resolved(&mut self, name: &Name) {
        match self.resolve(name) {
            Access::Fast(reg) => {
                let bound = self.unit.assigned.contains(reg);
                self.unit.op1(if bound { Op::Clear } else { Op::DeleteLocal }, reg);
                self.unit.assigned.remove(reg);
            }
            Access::Cell(reg) | Access::ClassOrCell(reg) | Access::LocalsOrCell(reg) => {
                self.unit.op1(Op::DeleteCell, reg)
            }
            Access::Global | Access::ClassOrGlobal => self.unit.with_name(Op::DeleteGlobal, 0, 0, name),
            Access::Name => self.unit.with_name(Op::DeleteName, 0, 0, name),
        }
    }
}
