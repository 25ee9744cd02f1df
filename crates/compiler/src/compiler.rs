//! The compiler proper: units nested as scopes are. CPython: `Python/compile.c`.
//! Invariant: code generation cannot fail except by a SyntaxError (or a limit), and it never looks at anything but the
//! tree, the text and the symbol table.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use taipan_bytecode::{Code, Const, Local, LocalKind, Location, Name, Op, code_flag};
use taipan_syntax::ast::{Expr, Stmt};
use taipan_syntax::{Ranged, Source, SyntaxError, TextRange, TextSize, Warning};

use crate::symbols::{Place, Scope, ScopeId, ScopeKind, SymbolTable, definition, mangle};
use crate::unit::{Reg, Unit};
use crate::{assemble, futures};

pub(crate) type Result<T> = std::result::Result<T, SyntaxError>;

pub(crate) struct Compiler<'a> {
    pub(crate) source: &'a Source,
    pub(crate) table: &'a SymbolTable,
    /// Values of number literals that stand for something else, by their offset.
    pub(crate) constants: &'a HashMap<TextSize, Const>,
    pub(crate) filename: Arc<str>,
    pub(crate) optimize: u8,
    pub(crate) future_flags: u32,
    pub(crate) interactive: bool,
    pub(crate) top_level_await: bool,
    pub(crate) unit: Unit<'a>,
    pub(crate) outer: Vec<Unit<'a>>,
    pub(crate) warnings: &'a mut Vec<Warning>,
    /// In a `finally` body for an exception: its other copies have said all there is to say.
    pub(crate) quiet: bool,
    /// Expressions (by address) that are known not to be constant.
    pub(crate) not_constant: HashSet<usize>,
    /// Where the future statements at the head of the module end.
    pub(crate) future_end: TextSize,
    /// Bodies of the module and the classes that are being compiled.
    pub(crate) bodies: Vec<&'a [Stmt]>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn scope(&self, id: ScopeId) -> &'a Scope {
        &self.table.scopes[id]
    }

    /// The scope of the unit's frame.
    pub(crate) fn frame_scope(&self) -> &'a Scope {
        self.scope(self.unit.scope)
    }

    /// The scope that names are looked up in first: that of the innermost inlined comprehension, or the frame's.
    pub(crate) fn current_scope(&self) -> ScopeId {
        self.unit.inlined.last().map_or(self.unit.scope, |inlined| inlined.scope)
    }

    pub(crate) fn string_annotations(&self) -> bool {
        self.future_flags & code_flag::FUTURE_ANNOTATIONS != 0
    }

    // Positions and errors.

    pub(crate) fn location(&self, range: TextRange) -> Location {
        let (start, end) = (self.source.position(range.start()), self.source.position(range.end()));
        Location { line: start.line, end_line: end.line, column: start.column, end_column: end.column }
    }

    /// Instructions from here on come from this piece of the source.
    pub(crate) fn at(&mut self, range: TextRange) {
        self.unit.location = self.location(range);
    }

    /// Instructions from here on were not written by anybody: they belong to whatever line runs before them.
    pub(crate) fn nowhere(&mut self) {
        self.unit.location = Location::NONE;
    }

    /// A line that runs without doing anything is seen by tracing all the same. `lines` takes out what is not needed.
    pub(crate) fn mark_line(&mut self, range: TextRange) {
        self.at(range);
        self.unit.op0(Op::Nop);
    }

    /// An operand stays in its register, but reading it belongs to a line, which may not be that of its neighbours.
    pub(crate) fn read_in_place(&mut self, range: TextRange) {
        self.at(range);
        if self.unit.ins.last().is_none_or(|last| last.location.line != self.unit.location.line) {
            self.unit.op0(Op::Nop);
        }
    }

    pub(crate) fn line_of(&self, range: TextRange) -> u32 {
        self.source.position(range.start()).line
    }

    pub(crate) fn error<T>(&self, message: impl Into<String>, range: TextRange) -> Result<T> {
        Err(SyntaxError::at_range(self.source, message, range).without_text())
    }

    pub(crate) fn warn(&mut self, message: impl Into<String>, range: TextRange) {
        let mut warning = Warning::at(self.source, message, range);
        warning.error = warning.error.without_text();
        if !self.quiet {
            self.warnings.push(warning);
        }
    }

    // Names.

    /// A name as this unit sees it.
    pub(crate) fn mangled(&self, name: &str) -> Name {
        let scope = self.frame_scope();
        let applies = scope.mangled.as_ref().is_none_or(|only| only.contains(name));
        match mangle(self.unit.private.as_deref(), name) {
            Some(text) if applies => Name::from(text),
            _ => Name::from(name),
        }
    }

    // Units.

    /// Starts a nested unit; `leave` ends it and returns its code.
    pub(crate) fn enter(&mut self, scope: ScopeId, name: &str, first_line: u32) {
        let name: Name = Name::from(name);
        let qualname = self.qualname(scope, &name);
        let mut unit = Unit::new(scope, name, qualname, first_line);
        unit.private = self.scope(scope).private.clone();
        unit.location = Location { line: first_line, end_line: first_line, column: 0, end_column: 0 };
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.lay_out();
    }

    pub(crate) fn leave(&mut self) -> Result<Code> {
        let outer = self.outer.pop().expect("enter and leave are paired");
        let unit = std::mem::replace(&mut self.unit, outer);
        assemble::assemble(unit, &self.filename)
    }

    pub(crate) fn qualname(&self, scope: ScopeId, name: &Name) -> Name {
        use ScopeKind::{Annotation, TypeAlias, TypeParameters, TypeVariable};
        let mut parent = &self.unit;
        if matches!(self.scope(parent.scope).kind, TypeParameters | TypeAlias | TypeVariable | Annotation) {
            parent = self.outer.last().unwrap_or(parent);
        }
        let parent_scope = self.scope(parent.scope);
        let named = matches!(self.scope(scope).kind, ScopeKind::Function | ScopeKind::Class);
        let mangled = self.mangled(name);
        let global = named
            && parent_scope.lookup(&mangled).is_some_and(|symbol| symbol.place == Place::GlobalExplicit);
        if global || parent_scope.kind == ScopeKind::Module {
            return name.clone();
        }
        let locals = matches!(parent_scope.kind, ScopeKind::Function | ScopeKind::Lambda);
        let between = if locals { ".<locals>." } else { "." };
        Name::from(format!("{}{between}{name}", parent.qualname))
    }

    /// Gives the variables of the frame their registers.
    fn lay_out(&mut self) {
        let scope = self.frame_scope();
        let unit = &mut self.unit;
        unit.flags |= self.future_flags;
        if scope.nested && scope.kind.is_function_like() {
            unit.flags |= code_flag::NESTED;
        }
        if scope.kind.is_function_like() {
            unit.flags |= code_flag::OPTIMIZED | code_flag::NEWLOCALS;
            self.lay_out_function(scope);
        } else if scope.kind == ScopeKind::Class {
            for (needed, name) in [
                (scope.needs_class_closure, "__class__"),
                (scope.needs_classdict, "__classdict__"),
                (scope.has_conditional_annotations, "__conditional_annotations__"),
            ] {
                if needed {
                    self.add_local(&Name::from(name), LocalKind::Cell);
                }
            }
        }
        let mut free: Vec<&Name> = scope.symbols.iter().filter(|s| is_free(s)).map(|s| &s.name).collect();
        free.sort();
        for name in free {
            self.add_local(name, LocalKind::Free);
        }
        self.unit.top = self.unit.locals.len() as Reg;
        self.unit.max = self.unit.top;
    }

    fn lay_out_function(&mut self, scope: &'a Scope) {
        for name in &scope.parameters {
            let cell = scope.lookup(name).is_some_and(|symbol| symbol.place == Place::Cell);
            let reg = self.add_local(name, if cell { LocalKind::Cell } else { LocalKind::Fast });
            self.unit.assigned.insert(reg);
        }
        for symbol in &scope.symbols {
            if symbol.place == Place::Local && symbol.flags & definition::PARAM == 0 {
                self.add_local(&symbol.name, LocalKind::Fast);
            }
            if symbol.flags & definition::DELETED != 0 && symbol.place == Place::Local {
                let reg = self.unit.fast[&symbol.name];
                self.unit.volatile.insert(reg);
            }
        }
        let own = |s: &&crate::symbols::Symbol| s.place == Place::Cell && s.flags & definition::PARAM == 0;
        let mut cells: Vec<&Name> = scope.symbols.iter().filter(own).map(|s| &s.name).collect();
        cells.sort();
        for name in cells {
            self.add_local(name, LocalKind::Cell);
        }
    }

    fn add_local(&mut self, name: &Name, kind: LocalKind) -> Reg {
        let reg = self.unit.locals.len() as Reg;
        self.unit.locals.push(Local { name: name.clone(), kind });
        match kind {
            LocalKind::Fast => self.unit.fast.insert(name.clone(), reg),
            LocalKind::Cell | LocalKind::Free => self.unit.cells.insert(name.clone(), reg),
        };
        reg
    }

    /// The first instructions of a frame: the closure, new cells, its generator.
    pub(crate) fn prologue(&mut self) {
        let free = self.unit.locals.iter().filter(|local| local.kind == LocalKind::Free).count() as u32;
        if free > 0 {
            let start = self.unit.locals.len() as u32 - free;
            self.unit.op2(Op::CopyFree, start, free);
        }
        for reg in 0..self.unit.locals.len() {
            if self.unit.locals[reg].kind == LocalKind::Cell {
                self.unit.op1(Op::MakeCell, reg as Reg);
            }
        }
        let generator = code_flag::GENERATOR | code_flag::COROUTINE | code_flag::ASYNC_GENERATOR;
        if self.unit.flags & generator != 0 {
            self.unit.op0(Op::GeneratorStart);
        }
    }

    /// `return None` at the end of a body, unless it cannot be reached.
    pub(crate) fn finish_body(&mut self) {
        self.nowhere();
        self.unit.op0(Op::ReturnNone);
    }

    // The three kinds of top-level code.

    pub(crate) fn module(mut self, body: &'a [Stmt], expression: Option<&'a Expr>) -> Result<Code> {
        self.unit.private = None;
        self.lay_out();
        self.unit.location = Location { line: 0, end_line: 0, column: 0, end_column: 0 };
        if self.top_level_await && self.scope(0).is_coroutine {
            self.unit.is_async = true;
            self.unit.flags |= match self.scope(0).is_generator {
                true => code_flag::ASYNC_GENERATOR,
                false => code_flag::COROUTINE,
            };
        }
        self.prologue();
        match expression {
            Some(expression) => {
                let result = self.operand(expression)?;
                self.at(expression.range());
                self.unit.op1(Op::Return, result);
            }
            None => {
                self.module_body(body)?;
                self.finish_body();
            }
        }
        assemble::assemble(self.unit, &self.filename)
    }

    fn module_body(&mut self, body: &'a [Stmt]) -> Result<()> {
        futures::check_placement(self, body)?;
        let before = self.warnings.len();
        self.unit.location = body.first().map_or(Location::NONE, |first| self.location(first.range()));
        let body = match self.docstring(body) {
            Some((text, range)) if !self.interactive => {
                self.module_annotations(body)?;
                self.at(range);
                if self.optimize < 2 {
                    let mark = self.unit.top;
                    let reg = self.unit.temp();
                    self.unit.load(reg, Const::Str(text));
                    self.unit.with_name(Op::StoreName, reg, 0, &Name::from("__doc__"));
                    self.unit.release(mark);
                }
                &body[1..]
            }
            _ => {
                self.module_annotations(body)?;
                body
            }
        };
        // CPython compiles the annotations after the body.
        let of_annotations = self.warnings.split_off(before);
        self.body(body)?;
        self.warnings.extend(of_annotations);
        Ok(())
    }

    fn module_annotations(&mut self, _body: &'a [Stmt]) -> Result<()> {
        if self.string_annotations() {
            if self.scope(0).annotations.is_some() {
                self.unit.op0(Op::SetupAnnotations);
            }
            return Ok(());
        }
        self.scope_annotations("__annotate__")
    }
}

/// Does a frame take this symbol from its closure?
pub(crate) fn is_free(symbol: &crate::symbols::Symbol) -> bool {
    symbol.place == Place::Free || symbol.flags & definition::FREE_CLASS != 0
}
