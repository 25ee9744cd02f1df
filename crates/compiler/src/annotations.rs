//! Annotations (PEP 649, 749): `__annotate__` functions; as strings under `from __future__ import annotations`.
//! CPython: `codegen_process_deferred_annotations`, `codegen_annassign`, `codegen_function_annotations`.
//! Invariant: an annotation that may not be reached counts only if its statement put its number into
//! `__conditional_annotations__`.

use taipan_bytecode::{Code, Const, Name, Op, function_flag};
use taipan_syntax::ast::{self, Expr, Stmt};
use taipan_syntax::{Ranged, TextRange};

use crate::compiler::{Compiler, Result};
use crate::symbols::{Part, ScopeId, ScopeKind};
use crate::unit::Reg;
use crate::unparse::unparse;

/// A variable annotation of a module or class body.
struct Deferred<'a> {
    name: Name,
    annotation: &'a Expr,
    range: TextRange,
    conditional: bool,
}

impl<'a> Compiler<'a> {
    /// The flag of `MakeFunction`, if the function has annotations; they go to register `dst`.
    pub(crate) fn function_annotations(
        &mut self,
        node: &'a ast::StmtFunctionDef,
        range: TextRange,
        dst: Reg,
    ) -> Result<u32> {
        let mut items: Vec<(Name, &'a Expr)> = Vec::new();
        let parameters = &node.parameters;
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).map(|p| &p.parameter);
        let ordered = plain
            .chain(parameters.vararg.as_deref())
            .chain(parameters.kwonlyargs.iter().map(|p| &p.parameter))
            .chain(parameters.kwarg.as_deref());
        for parameter in ordered {
            if let Some(annotation) = parameter.annotation.as_deref() {
                items.push((self.mangled(&parameter.name), annotation));
            }
        }
        if let Some(returns) = node.returns.as_deref() {
            items.push((Name::from("return"), returns));
        }
        if items.is_empty() {
            return Ok(0);
        }
        self.at(range);
        let scope = self.table.of(node, Part::Annotations);
        let qualname = self.qualname(scope, &Name::from(format!("{}.__annotate__", node.name)));
        let code = self.function_annotate_code(scope, qualname, &items, range)?;
        let mark = self.unit.top;
        let parts = self.unit.temps(4);
        self.make_function(code, parts, 0, dst)?;
        self.unit.release(mark);
        Ok(function_flag::ANNOTATE)
    }

    fn enter_annotate(&mut self, scope: ScopeId, range: TextRange) {
        self.enter(scope, "__annotate__", self.line_of(range));
        self.unit.arg_count = 1;
        self.unit.posonly_count = 1;
        self.at(range);
        self.prologue();
        self.check_format();
    }

    /// Ends an annotate function. Its parameter had a name that hides no other; who looks at it sees `format`.
    fn leave_annotate(&mut self) -> Result<Code> {
        self.unit.locals[0].name = Name::of_static("format");
        self.leave()
    }

    fn function_annotate_code(
        &mut self,
        scope: ScopeId,
        qualname: Name,
        items: &[(Name, &'a Expr)],
        range: TextRange,
    ) -> Result<Code> {
        self.enter_annotate(scope, range);
        self.unit.qualname = qualname;
        let dict = self.unit.temp();
        self.unit.op3(Op::BuildDict, dict, dict, 0);
        for (name, annotation) in items {
            let mark = self.unit.top;
            let key = self.unit.temp();
            self.unit.load(key, Const::str(name));
            let value = match annotation {
                annotation if self.string_annotations() => {
                    let value = self.unit.temp();
                    self.unit.load(value, Const::Str(unparse(self.source, annotation)));
                    value
                }
                Expr::Starred(node) => {
                    let src = self.operand(&node.value)?;
                    let value = self.unit.temp();
                    self.unit.op3(Op::UnpackSeq, value, src, 1);
                    value
                }
                annotation => self.operand(annotation)?,
            };
            self.at(range);
            self.unit.op3(Op::DictSet, dict, key, value);
            self.unit.release(mark);
        }
        self.unit.op1(Op::Return, dict);
        self.leave_annotate()
    }

    /// Makes the annotate function of a module or class body, if it has annotations, and stores it.
    pub(crate) fn scope_annotations(&mut self, stored: &str) -> Result<()> {
        let scope = self.frame_scope();
        let Some(id) = scope.annotations.filter(|&id| self.scope(id).annotations_used) else { return Ok(()) };
        let module = scope.kind == ScopeKind::Module;
        let body = self.bodies.last().copied().unwrap_or_default();
        let mut deferred = Vec::new();
        self.collect(body, module, &mut deferred);
        let range = match module {
            true => body.first().map_or(TextRange::default(), |first| first.range()),
            false => TextRange::empty(self.source.line_start(self.unit.first_line)),
        };
        let location = self.unit.location;
        let code = self.scope_annotate_code(id, &deferred, module, range)?;
        self.unit.location = location;
        let mark = self.unit.top;
        let function = self.unit.temp();
        let parts = self.unit.temps(4);
        self.make_function(code, parts, 0, function)?;
        self.unit.with_name(Op::StoreName, function, 0, &Name::from(stored));
        if module {
            self.unit.op3(Op::BuildSet, function, function, 0);
            self.unit.with_name(Op::StoreName, function, 0, &Name::from("__conditional_annotations__"));
        }
        self.unit.release(mark);
        Ok(())
    }

    fn scope_annotate_code(
        &mut self,
        scope: ScopeId,
        deferred: &[Deferred<'a>],
        module: bool,
        range: TextRange,
    ) -> Result<Code> {
        self.enter_annotate(scope, range);
        let dict = self.unit.temp();
        self.unit.op3(Op::BuildDict, dict, dict, 0);
        let mut number = 0;
        for item in deferred {
            let mark = self.unit.top;
            let skip = self.unit.label();
            self.at(item.range);
            if module || item.conditional {
                let (index, set) = (self.unit.temp(), self.unit.temp());
                self.unit.load(index, Const::Int(number));
                number += 1;
                self.load_resolved(&Name::from("__conditional_annotations__"), set);
                self.unit.op3(Op::In, index, index, set);
                self.unit.jump(Op::JF, index, 0, skip);
                self.unit.release(mark);
            }
            let key = self.unit.temp();
            let value = self.operand(item.annotation)?;
            self.at(item.range);
            self.unit.load(key, Const::str(&item.name));
            self.unit.op3(Op::DictSet, dict, key, value);
            self.unit.bind(skip);
            self.unit.release(mark);
        }
        self.at(range);
        self.unit.op1(Op::Return, dict);
        self.leave_annotate()
    }

    /// The annotations of simple names in a body, in the order of the source, and so of their numbers.
    fn collect(&self, body: &'a [Stmt], conditional: bool, out: &mut Vec<Deferred<'a>>) {
        for stmt in body {
            match stmt {
                Stmt::AnnAssign(node) if node.simple => {
                    let Expr::Name(name) = &*node.target else { continue };
                    let (name, range) = (self.mangled(&name.id), node.range);
                    out.push(Deferred { name, annotation: &node.annotation, range, conditional });
                }
                Stmt::If(node) => {
                    self.collect(&node.body, true, out);
                    node.elif_else_clauses.iter().for_each(|clause| self.collect(&clause.body, true, out));
                }
                Stmt::For(node) => {
                    self.collect(&node.body, true, out);
                    self.collect(&node.orelse, true, out);
                }
                Stmt::While(node) => {
                    self.collect(&node.body, true, out);
                    self.collect(&node.orelse, true, out);
                }
                Stmt::With(node) => self.collect(&node.body, true, out),
                Stmt::Match(node) => node.cases.iter().for_each(|case| self.collect(&case.body, true, out)),
                Stmt::Try(node) => {
                    self.collect(&node.body, true, out);
                    for handler in &node.handlers {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        self.collect(&handler.body, true, out);
                    }
                    self.collect(&node.orelse, true, out);
                    self.collect(&node.finalbody, true, out);
                }
                _ => {}
            }
        }
    }

    /// The number of a conditional annotation: its place among those before it.
    fn number_of(&self, node: &ast::StmtAnnAssign) -> i64 {
        let module = self.frame_scope().kind == ScopeKind::Module;
        let mut all = Vec::new();
        self.collect(self.bodies.last().copied().unwrap_or_default(), module, &mut all);
        let conditional = all.iter().filter(|item| module || item.conditional);
        conditional.take_while(|item| item.range != node.range).count() as i64
    }

    pub(crate) fn ann_assign(&mut self, node: &'a ast::StmtAnnAssign) -> Result<()> {
        if let Some(value) = &node.value {
            match self.fast_target(&node.target) {
                Some(reg) => {
                    self.expr(value, reg)?;
                    self.unit.assigned.insert(reg);
                }
                None => {
                    let value = self.operand(value)?;
                    self.assign(&node.target, value)?;
                }
            }
        }
        self.at(node.range);
        match &*node.target {
            Expr::Name(target) if node.simple => {
                if !self.frame_scope().kind.is_function_like() {
                    self.record_annotation(node, target)?;
                }
            }
            Expr::Attribute(target) if node.value.is_none() => self.effect(&target.value)?,
            Expr::Subscript(target) if node.value.is_none() => {
                self.effect(&target.value)?;
                self.operand(&target.slice)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn record_annotation(&mut self, node: &'a ast::StmtAnnAssign, target: &ast::ExprName) -> Result<()> {
        let mark = self.unit.top;
        if self.string_annotations() {
            let annotations = self.unit.temp();
            self.unit.with_name(Op::LoadName, annotations, 0, &Name::from("__annotations__"));
            let (key, value) = (self.unit.temp(), self.unit.temp());
            let name = self.mangled(&target.id);
            self.unit.load(key, Const::str(&name));
            self.unit.load(value, Const::Str(unparse(self.source, &node.annotation)));
            self.unit.push(Op::SetItem, [annotations, key, value], crate::unit::Extra::Cache);
        } else if self.frame_scope().kind == ScopeKind::Module || self.unit.conditional_depth > 0 {
            let (set, index) = (self.unit.temp(), self.unit.temp());
            let name: Name = Name::from("__conditional_annotations__");
            match self.unit.cells.get(&name) {
                Some(&cell) => self.unit.op2(Op::LoadCell, set, cell),
                None => self.unit.with_name(Op::LoadName, set, 0, &name),
            }
            let number = self.number_of(node);
            self.unit.load(index, Const::Int(number));
            self.unit.op2(Op::SetAdd, set, index);
        }
        self.unit.release(mark);
        Ok(())
    }
}
