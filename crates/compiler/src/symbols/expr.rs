//! Collecting names of expressions. CPython: `symtable_visit_expr`, `symtable_handle_comprehension`.
//! Invariant: the outermost iterable of a comprehension belongs to the scope around it.

use taipan_syntax::ast::{self, Expr, ExprContext, InterpolatedStringElement};
use taipan_syntax::{SyntaxError, TextRange, TextSize};

use super::build::{Builder, Result};
use super::{Comprehension, Part, ScopeKind, definition};

/// CPython's `MAX_EXPR_NESTING`: fields in format specs in fields.
const MAX_FIELD_DEPTH: usize = 3;

impl Builder<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        self.check_depth()?;
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.expr_inner(expr))
    }

    fn expr_inner(&mut self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::Name(node) => self.name(node),
            Expr::Named(node) => self.named(node),
            Expr::BoolOp(node) => self.exprs(&node.values),
            Expr::BinOp(node) => {
                self.expr(&node.left)?;
                self.expr(&node.right)
            }
            Expr::UnaryOp(node) => self.expr(&node.operand),
            Expr::Lambda(node) => self.lambda(expr, node),
            Expr::If(node) => self.exprs([&*node.test, &*node.body, &*node.orelse]),
            Expr::Dict(node) => {
                for item in &node.items {
                    self.opt_expr(item.key.as_ref())?;
                    self.expr(&item.value)?;
                }
                Ok(())
            }
            Expr::Set(node) => self.exprs(&node.elts),
            Expr::List(node) => self.exprs(&node.elts),
            Expr::Tuple(node) => self.exprs(&node.elts),
            Expr::ListComp(node) => {
                self.comprehension(expr, Comprehension::List, &node.generators, &[&node.elt], node.range)
            }
            Expr::SetComp(node) => {
                self.comprehension(expr, Comprehension::Set, &node.generators, &[&node.elt], node.range)
            }
            Expr::Generator(node) => {
                self.comprehension(expr, Comprehension::Generator, &node.generators, &[&node.elt], node.range)
            }
            Expr::DictComp(node) => {
                let elements: Vec<&Expr> = node.key.as_deref().into_iter().chain([&*node.value]).collect();
                self.comprehension(expr, Comprehension::Dict, &node.generators, &elements, node.range)
            }
            Expr::Await(node) => {
                self.check_allowed("await expression", node.range)?;
                self.check_await(node.range)?;
                self.expr(&node.value)?;
                self.table.scopes[self.current].is_coroutine = true;
                Ok(())
            }
            Expr::Yield(node) => {
                self.check_allowed("yield expression", node.range)?;
                self.opt_expr(node.value.as_deref())?;
                self.table.scopes[self.current].is_generator = true;
                self.check_yield(node.range)
            }
            Expr::YieldFrom(node) => {
                self.check_allowed("yield expression", node.range)?;
                self.expr(&node.value)?;
                self.table.scopes[self.current].is_generator = true;
                self.check_yield(node.range)
            }
            Expr::Compare(node) => {
                self.expr(&node.left)?;
                self.exprs(node.comparators.iter())
            }
            Expr::Call(node) => {
                self.expr(&node.func)?;
                self.exprs(node.arguments.args.iter())?;
                self.keywords(&node.arguments.keywords)
            }
            Expr::FString(node) => {
                for part in node.value.iter() {
                    if let ast::FStringPart::FString(string) = part {
                        self.interpolated(&string.elements, 0)?;
                    }
                }
                Ok(())
            }
            Expr::TString(node) => {
                node.value.iter().try_for_each(|string| self.interpolated(&string.elements, 0))
            }
            Expr::Attribute(node) => {
                if matches!(node.ctx, ExprContext::Store | ExprContext::Del) {
                    self.check_name(&node.attr, node.ctx == ExprContext::Del, node.range)?;
                    self.static_attribute(node);
                }
                self.expr(&node.value)
            }
            Expr::Subscript(node) => {
                self.expr(&node.value)?;
                self.expr(&node.slice)
            }
            Expr::Starred(node) => self.expr(&node.value),
            Expr::Slice(node) => {
                self.opt_expr(node.lower.as_deref())?;
                self.opt_expr(node.upper.as_deref())?;
                self.opt_expr(node.step.as_deref())
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn name(&mut self, node: &ast::ExprName) -> Result<()> {
        if self.table.scopes[self.current].unevaluated > 0 {
            return Ok(());
        }
        match node.ctx {
            ExprContext::Load | ExprContext::Invalid => {
                self.add(&node.id, definition::USE, node.range)?;
                let function = self.table.scopes[self.current].kind.is_function_like();
                if function && node.id.as_str() == "super" {
                    self.implicit("__class__", definition::USE)?;
                }
                Ok(())
            }
            ExprContext::Store => self.add(&node.id, definition::LOCAL, node.range),
            ExprContext::Del => self.add(&node.id, definition::LOCAL | definition::DELETED, node.range),
        }
    }

    fn named(&mut self, node: &ast::ExprNamed) -> Result<()> {
        self.check_allowed("named expression", node.range)?;
        if self.table.scopes[self.current].iter_expr > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return self.error(message, node.range);
        }
        self.expr(&node.value)?;
        if let Expr::Name(target) = &*node.target {
            self.bind_walrus(&target.id, target.range)?;
        }
        Ok(())
    }

    /// `self.x = ..` in a method adds to the class's `__static_attributes__`.
    fn static_attribute(&mut self, node: &ast::ExprAttribute) {
        if !matches!(&*node.value, Expr::Name(name) if name.id.as_str() == "self")
            || node.ctx != ExprContext::Store
        {
            return;
        }
        let mut at = Some(self.current);
        while let Some(id) = at {
            if self.table.scopes[id].kind == ScopeKind::Class {
                let name = self.intern(&node.attr);
                let attributes = &mut self.table.scopes[id].static_attributes;
                if !attributes.contains(&name) {
                    attributes.push(name);
                }
                return;
            }
            at = self.table.scopes[id].parent;
        }
    }

    fn interpolated(&mut self, elements: &[InterpolatedStringElement], depth: usize) -> Result<()> {
        for element in elements {
            let InterpolatedStringElement::Interpolation(element) = element else { continue };
            if depth >= MAX_FIELD_DEPTH {
                // The tokenizer would have stopped in front of the brace.
                let start = element.range.start() - TextSize::new(1);
                let message = "f-string: expressions nested too deeply";
                let mut error = SyntaxError::at(self.source, message, start, start);
                error.text = error.text.map(|text| text.trim_end_matches('\n').to_owned());
                return Err(error);
            }
            self.expr(&element.expression)?;
            if let Some(spec) = &element.format_spec {
                self.interpolated(&spec.elements, depth + 1)?;
            }
        }
        Ok(())
    }

    fn comprehension(
        &mut self,
        expr: &Expr,
        kind: Comprehension,
        generators: &[ast::Comprehension],
        elements: &[&Expr],
        range: TextRange,
    ) -> Result<()> {
        let outermost = &generators[0];
        self.iterable(&outermost.iter)?;
        let name = match kind {
            Comprehension::List => "listcomp",
            Comprehension::Set => "setcomp",
            Comprehension::Dict => "dictcomp",
            Comprehension::Generator => "genexpr",
        };
        let unevaluated = self.table.scopes[self.current].unevaluated;
        let id = self.enter(ScopeKind::Comprehension(kind), name, expr, Part::Body, range);
        self.table.scopes[id].unevaluated = unevaluated;
        if outermost.is_async {
            self.table.scopes[id].is_coroutine = true;
        }
        self.implicit(".0", definition::PARAM | definition::USE)?;
        self.target(&outermost.target)?;
        self.exprs(&outermost.ifs)?;
        for generator in &generators[1..] {
            self.table.scopes[id].is_coroutine |= generator.is_async;
            self.target(&generator.target)?;
            self.iterable(&generator.iter)?;
            self.exprs(&generator.ifs)?;
        }
        for element in elements {
            self.expr(element)?;
        }
        self.leave();
        // A list made by awaiting makes what surrounds it await, unless that is a generator of its own.
        if self.table.scopes[id].is_coroutine && kind != Comprehension::Generator {
            if !self.may_await() {
                return self.error("asynchronous comprehension outside of an asynchronous function", range);
            }
            self.table.scopes[self.current].is_coroutine |= matches!(
                self.table.scopes[self.current].kind,
                ScopeKind::Comprehension(_) | ScopeKind::Module
            );
        }
        Ok(())
    }

    /// Whether the current scope may wait for something.
    fn may_await(&self) -> bool {
        let scope = &self.table.scopes[self.current];
        match scope.kind {
            ScopeKind::Module => self.top_level_await,
            ScopeKind::Comprehension(_) => true,
            ScopeKind::Function => scope.is_coroutine,
            _ => false,
        }
    }

    fn check_await(&self, range: TextRange) -> Result<()> {
        if self.may_await() {
            return Ok(());
        }
        match self.table.scopes[self.current].kind.is_function_like() {
            true => self.error("'await' outside async function", range),
            false => self.error("'await' outside function", range),
        }
    }

    /// A module that waits for something is a coroutine, if that is allowed.
    pub(super) fn await_in_module(&mut self, waits: bool) {
        let scope = &mut self.table.scopes[self.current];
        scope.is_coroutine |= waits && scope.kind == ScopeKind::Module;
    }

    fn iterable(&mut self, iter: &Expr) -> Result<()> {
        let id = self.current;
        self.table.scopes[id].iter_expr += 1;
        let result = self.expr(iter);
        self.table.scopes[id].iter_expr -= 1;
        result
    }

    fn target(&mut self, target: &Expr) -> Result<()> {
        let id = self.current;
        self.table.scopes[id].iter_target = true;
        let result = self.expr(target);
        self.table.scopes[id].iter_target = false;
        result
    }

    /// Keyword arguments of a call or a class; their names are checked before any of their values.
    pub(super) fn keywords(&mut self, keywords: &[ast::Keyword]) -> Result<()> {
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                self.check_name(arg, false, keyword.range)?;
            }
        }
        self.exprs(keywords.iter().map(|keyword| &keyword.value))
    }
}
