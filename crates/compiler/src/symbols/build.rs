//! Collecting scopes and names: statements. CPython: `symtable_visit_stmt`.
//! Invariant: every expression that code generation compiles has been visited here in the scope it is compiled in.

use std::collections::HashSet;

use taipan_bytecode::Name;
use taipan_syntax::ast::{self, Expr, Stmt};
use taipan_syntax::{ErrorKind, Ranged, Source, SyntaxError, TextRange};

use super::{Part, Scope, ScopeId, ScopeKind, SymbolTable, definition};

pub(super) type Result<T> = std::result::Result<T, SyntaxError>;

pub(super) struct Builder<'a> {
    pub(super) source: &'a Source,
    pub(super) table: SymbolTable,
    pub(super) current: ScopeId,
    pub(super) names: HashSet<Name>,
    /// `from __future__ import annotations`.
    pub(super) string_annotations: bool,
    pub(super) top_level_await: bool,
}

/// The scopes of a module, not analysed yet.
pub fn build(
    source: &Source,
    body: &[Stmt],
    expression: Option<&Expr>,
    string_annotations: bool,
    top_level_await: bool,
) -> Result<SymbolTable> {
    let table = SymbolTable::default();
    let names = HashSet::new();
    let mut builder = Builder { source, table, current: 0, names, string_annotations, top_level_await };
    let scope = builder.new_scope(ScopeKind::Module, "top", None, 0);
    builder.table.scopes.push(scope);
    builder.body(body)?;
    if let Some(expression) = expression {
        builder.expr(expression)?;
    }
    Ok(builder.table)
}

impl Builder<'_> {
    fn new_scope(&mut self, kind: ScopeKind, name: &str, parent: Option<ScopeId>, line: u32) -> Scope {
        let nested = parent.is_some_and(|parent| {
            let parent = &self.table.scopes[parent];
            parent.nested || parent.kind.is_function_like()
        });
        Scope {
            kind,
            name: self.intern(name),
            parent,
            children: Vec::new(),
            blocks: Vec::new(),
            line,
            symbols: Vec::new(),
            index: Default::default(),
            parameters: Vec::new(),
            private: parent.and_then(|parent| self.table.scopes[parent].private.clone()),
            mangled: parent.and_then(|parent| self.table.scopes[parent].mangled.clone()),
            nested,
            is_generator: false,
            is_coroutine: false,
            inlined: false,
            captured: HashSet::new(),
            can_see_class: false,
            needs_class_closure: false,
            needs_classdict: false,
            has_conditional_annotations: false,
            annotations: None,
            annotations_used: false,
            varargs: false,
            varkeywords: false,
            described: "",
            iter_target: false,
            iter_expr: parent.map_or(0, |parent| self.table.scopes[parent].iter_expr),
            conditional_depth: 0,
            depth: parent.map_or(0, |parent| self.table.scopes[parent].depth + 1),
            unevaluated: 0,
            directives: Vec::new(),
            static_attributes: Vec::new(),
        }
    }

    /// Opens a scope that belongs to part of a node; `leave` closes it.
    pub(super) fn enter<T>(
        &mut self,
        kind: ScopeKind,
        name: &str,
        node: &T,
        part: Part,
        range: TextRange,
    ) -> ScopeId {
        let line = self.source.position(range.start()).line;
        let scope = self.new_scope(kind, name, Some(self.current), line);
        let id = self.table.scopes.len();
        self.table.scopes.push(scope);
        self.table.scopes[self.current].children.push(id);
        self.table.scopes[self.current].blocks.push(id);
        self.table.nodes.insert((std::ptr::from_ref(node).addr(), part), id);
        self.current = id;
        id
    }

    /// Refuses scopes in scopes in scopes: what walks over nested code has a stack that ends.
    pub(super) fn check_depth(&self) -> Result<()> {
        const MOST: u32 = 2000;
        if self.table.scopes[self.current].depth > MOST {
            let message = "Parser stack overflowed - Python source too complex to parse";
            return Err(SyntaxError::plain(message).with_kind(ErrorKind::Memory));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.current = self.table.scopes[self.current].parent.expect("enter and leave are paired");
    }

    pub(super) fn body(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    /// A body that may not run, or not to its end: annotations in it are conditional.
    fn conditional(&mut self, body: &[Stmt]) -> Result<()> {
        // After an error the current scope may be another one.
        let scope = self.current;
        self.table.scopes[scope].conditional_depth += 1;
        let result = self.body(body);
        self.table.scopes[scope].conditional_depth -= 1;
        result
    }

    pub(super) fn opt_expr(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }

    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Result<()> {
        exprs.into_iter().try_for_each(|expr| self.expr(expr))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.stmt_inner(stmt))
    }

    fn stmt_inner(&mut self, stmt: &Stmt) -> Result<()> {
        match stmt {
            Stmt::FunctionDef(node) => self.function_def(node),
            Stmt::ClassDef(node) => self.class_def(node),
            Stmt::TypeAlias(node) => self.type_alias(node),
            Stmt::Return(node) => self.opt_expr(node.value.as_deref()),
            Stmt::Delete(node) => node.targets.iter().try_for_each(|target| self.delete_target(target)),
            Stmt::Assign(node) => {
                self.exprs(&node.targets)?;
                self.expr(&node.value)
            }
            Stmt::AugAssign(node) => {
                self.expr(&node.target)?;
                self.expr(&node.value)
            }
            Stmt::AnnAssign(node) => self.ann_assign(node),
            Stmt::For(node) => {
                self.await_in_module(node.is_async);
                self.expr(&node.target)?;
                self.expr(&node.iter)?;
                self.conditional(&node.body)?;
                self.conditional(&node.orelse)
            }
            Stmt::While(node) => {
                self.expr(&node.test)?;
                self.conditional(&node.body)?;
                self.conditional(&node.orelse)
            }
            Stmt::If(node) => {
                self.expr(&node.test)?;
                self.conditional(&node.body)?;
                for clause in &node.elif_else_clauses {
                    self.opt_expr(clause.test.as_ref())?;
                    self.conditional(&clause.body)?;
                }
                Ok(())
            }
            Stmt::With(node) => {
                self.await_in_module(node.is_async);
                for item in &node.items {
                    self.expr(&item.context_expr)?;
                    self.opt_expr(item.optional_vars.as_deref())?;
                }
                self.conditional(&node.body)
            }
            Stmt::Match(node) => {
                self.expr(&node.subject)?;
                for case in &node.cases {
                    self.pattern(&case.pattern)?;
                    self.opt_expr(case.guard.as_deref())?;
                    self.conditional(&case.body)?;
                }
                Ok(())
            }
            Stmt::Raise(node) => {
                self.opt_expr(node.exc.as_deref())?;
                self.opt_expr(node.cause.as_deref())
            }
            Stmt::Try(node) => self.try_stmt(node),
            Stmt::Assert(node) => {
                self.expr(&node.test)?;
                self.opt_expr(node.msg.as_deref())
            }
            Stmt::Import(node) => node.names.iter().try_for_each(|alias| self.import_alias(alias, false)),
            Stmt::ImportFrom(node) => node.names.iter().try_for_each(|alias| self.import_alias(alias, true)),
            Stmt::Global(node) => self.directive(&node.names, definition::GLOBAL, node.range),
            Stmt::Nonlocal(node) => self.directive(&node.names, definition::NONLOCAL, node.range),
            Stmt::Expr(node) => self.expr(&node.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn try_stmt(&mut self, node: &ast::StmtTry) -> Result<()> {
        self.conditional(&node.body)?;
        for handler in &node.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.opt_expr(handler.type_.as_deref())?;
            if let Some(name) = &handler.name {
                // Its end deletes the name again.
                self.check_name(&name.id, false, handler.range)?;
                let mangled = self.mangled(name);
                let flags = definition::LOCAL | definition::DELETED;
                self.add_to(self.current, &mangled, flags, handler.range)?;
            }
            self.conditional(&handler.body)?;
        }
        self.conditional(&node.orelse)?;
        self.conditional(&node.finalbody)
    }

    fn delete_target(&mut self, target: &Expr) -> Result<()> {
        match target {
            Expr::Name(node) => self.add(&node.id, definition::LOCAL | definition::DELETED, node.range),
            Expr::Tuple(node) => node.elts.iter().try_for_each(|target| self.delete_target(target)),
            Expr::List(node) => node.elts.iter().try_for_each(|target| self.delete_target(target)),
            other => self.expr(other),
        }
    }

    fn import_alias(&mut self, alias: &ast::Alias, from: bool) -> Result<()> {
        let name = match &alias.asname {
            Some(asname) => asname.as_str(),
            None if from => alias.name.as_str(),
            None => alias.name.split('.').next().unwrap_or_default(),
        };
        if name == "*" {
            if self.table.scopes[self.current].kind != ScopeKind::Module {
                return self.error("import * only allowed at module level", alias.range);
            }
            return Ok(());
        }
        self.add(name, definition::IMPORT, alias.range)
    }

    fn directive(&mut self, names: &[ast::Identifier], flag: u32, range: TextRange) -> Result<()> {
        let word = if flag == definition::GLOBAL { "global" } else { "nonlocal" };
        for name in names {
            let mangled = self.mangled(name);
            let before = self.table.scopes[self.current].lookup(&mangled).map_or(0, |symbol| symbol.flags);
            let message = if before & definition::PARAM != 0 {
                format!("name '{mangled}' is parameter and {word}")
            } else if before & definition::USE != 0 {
                format!("name '{mangled}' is used prior to {word} declaration")
            } else if before & definition::ANNOT != 0 {
                format!("annotated name '{mangled}' can't be {word}")
            } else if before & definition::LOCAL != 0 {
                format!("name '{mangled}' is assigned to before {word} declaration")
            } else {
                self.add_to(self.current, &mangled, flag, range)?;
                self.table.scopes[self.current].directives.push(super::Directive { name: mangled, range });
                continue;
            };
            return self.error(message, range);
        }
        Ok(())
    }

    fn ann_assign(&mut self, node: &ast::StmtAnnAssign) -> Result<()> {
        if let Expr::Name(target) = &*node.target {
            let mangled = self.mangled(&target.id);
            let scope = &self.table.scopes[self.current];
            let before = scope.lookup(&mangled).map_or(0, |symbol| symbol.flags);
            let declared = before & (definition::GLOBAL | definition::NONLOCAL) != 0;
            if declared && self.current != 0 && node.simple {
                let word = if before & definition::GLOBAL != 0 { "global" } else { "nonlocal" };
                return self.error(format!("annotated name '{mangled}' can't be {word}"), node.range);
            }
            if node.simple {
                self.add_to(self.current, &mangled, definition::ANNOT | definition::LOCAL, target.range)?;
            } else if node.value.is_some() {
                self.add_to(self.current, &mangled, definition::LOCAL, target.range)?;
            }
        } else {
            self.expr(&node.target)?;
        }
        let simple_name = node.simple && node.target.is_name_expr();
        self.variable_annotation(&node.annotation, simple_name)?;
        self.opt_expr(node.value.as_deref())
    }

    pub(super) fn pattern(&mut self, pattern: &ast::Pattern) -> Result<()> {
        use ast::Pattern;
        match pattern {
            Pattern::MatchValue(node) => self.expr(&node.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(node) => node.patterns.iter().try_for_each(|p| self.pattern(p)),
            Pattern::MatchMapping(node) => {
                self.exprs(&node.keys)?;
                node.patterns.iter().try_for_each(|p| self.pattern(p))?;
                self.capture(node.rest.as_ref(), node.range)
            }
            Pattern::MatchClass(node) => {
                self.expr(&node.cls)?;
                node.arguments.patterns.iter().try_for_each(|p| self.pattern(p))?;
                for keyword in &node.arguments.keywords {
                    self.check_name(&keyword.attr, false, keyword.pattern.range())?;
                }
                node.arguments.keywords.iter().try_for_each(|k| self.pattern(&k.pattern))
            }
            Pattern::MatchStar(node) => self.capture(node.name.as_ref(), node.range),
            Pattern::MatchAs(node) => {
                if let Some(pattern) = &node.pattern {
                    self.pattern(pattern)?;
                }
                self.capture(node.name.as_ref(), node.range)
            }
            Pattern::MatchOr(node) => node.patterns.iter().try_for_each(|p| self.pattern(p)),
        }
    }

    fn capture(&mut self, name: Option<&ast::Identifier>, range: TextRange) -> Result<()> {
        match name {
            Some(name) if name.as_str() != "_" => self.add(name, definition::LOCAL, range),
            _ => Ok(()),
        }
    }
}
