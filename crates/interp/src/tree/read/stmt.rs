//! Statements. CPython: `validate_stmt`.

use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, Expr, Stmt};
use taipan_syntax::{Ranged, TextRange, TextSize};

use super::{NO_INDEX, Place, Reader, Use};

/// A node that is being read: its class, its place, and where it starts in the made-up text.
#[derive(Clone, Copy)]
struct Open<'a> {
    node: Value,
    class: &'a str,
    place: Place,
    start: TextSize,
}

impl Reader {
    pub(super) fn stmts(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        name: &str,
    ) -> Result<Vec<Stmt>> {
        let items = self.items(cx, node, class, name)?;
        let mut stmts = Vec::with_capacity(items.len());
        for item in items.items() {
            if item.is_none() {
                return Err(cx.value_error("None disallowed in statement list"));
            }
            stmts.push(self.stmt(cx, *item)?);
        }
        Ok(stmts)
    }

    fn not_empty<T>(&self, cx: &Context, items: &[T], what: &str, class: &str) -> Result<()> {
        match items.is_empty() {
            true => Err(cx.value_error(format!("empty {what} on {class}"))),
            false => Ok(()),
        }
    }

    fn suite(&mut self, cx: &mut Context, node: Value, class: &str) -> Result<Vec<Stmt>> {
        let body = self.stmts(cx, node, class, "body")?;
        self.not_empty(cx, &body, "body", class)?;
        Ok(body)
    }

    fn stmt(&mut self, cx: &mut Context, node: Value) -> Result<Stmt> {
        cx.check_recursion(" while traversing 'stmt' node")?;
        let place = self.place(cx, node, "stmt")?;
        let class = self.some_sort(cx, node, "stmt")?;
        let start = self.open(place);
        let open = Open { node, class: &class, place, start };
        match &*class {
            "FunctionDef" | "AsyncFunctionDef" => self.function(cx, open),
            "ClassDef" => self.class_def(cx, open),
            "For" | "AsyncFor" => {
                let target = self.expr_field(cx, node, &class, "target", Use::Store)?;
                let iter = self.expr_field(cx, node, &class, "iter", Use::Load)?;
                let (body, orelse) = (self.suite(cx, node, &class)?, self.stmts(cx, node, &class, "orelse")?);
                Ok(Stmt::For(ast::StmtFor {
                    node_index: NO_INDEX,
                    range: self.close(start, place),
                    is_async: class == "AsyncFor",
                    target: Box::new(target),
                    iter: Box::new(iter),
                    body: body.into_iter().collect(),
                    orelse: orelse.into_iter().collect(),
                }))
            }
            "While" => {
                let test = self.expr_field(cx, node, &class, "test", Use::Load)?;
                let (body, orelse) = (self.suite(cx, node, &class)?, self.stmts(cx, node, &class, "orelse")?);
                Ok(Stmt::While(ast::StmtWhile {
                    node_index: NO_INDEX,
                    range: self.close(start, place),
                    test: Box::new(test),
                    body: body.into_iter().collect(),
                    orelse: orelse.into_iter().collect(),
                }))
            }
            "If" => self.if_(cx, open),
            "With" | "AsyncWith" => self.with(cx, open),
            "Match" => {
                let subject = self.expr_field(cx, node, &class, "subject", Use::Load)?;
                let items = self.items(cx, node, &class, "cases")?;
                self.not_empty(cx, items.items(), "cases", &class)?;
                let cases = items.items().iter().map(|case| self.case(cx, *case)).collect::<Result<_>>()?;
                Ok(Stmt::Match(ast::StmtMatch {
                    node_index: NO_INDEX,
                    range: self.close(start, place),
                    subject: Box::new(subject),
                    cases,
                }))
            }
            "Try" | "TryStar" => self.try_(cx, open),
            _ => self.simple(cx, open),
        }
    }

    fn simple(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let node_index = NO_INDEX;
        Ok(match class {
            "Return" => {
                let value = self.boxed(cx, node, "value")?;
                Stmt::Return(ast::StmtReturn { node_index, range: self.close(start, place), value })
            }
            "Delete" => {
                let targets = self.exprs_field(cx, node, class, "targets", Use::Del)?;
                self.not_empty(cx, &targets, "targets", class)?;
                Stmt::Delete(ast::StmtDelete { node_index, range: self.close(start, place), targets })
            }
            "Raise" => {
                let (exc, cause) = (self.boxed(cx, node, "exc")?, self.boxed(cx, node, "cause")?);
                if exc.is_none() && cause.is_some() {
                    return Err(cx.value_error("Raise with cause but no exception"));
                }
                Stmt::Raise(ast::StmtRaise { node_index, range: self.close(start, place), exc, cause })
            }
            "Assert" => {
                let test = Box::new(self.expr_field(cx, node, class, "test", Use::Load)?);
                let msg = self.boxed(cx, node, "msg")?;
                Stmt::Assert(ast::StmtAssert { node_index, range: self.close(start, place), test, msg })
            }
            "Import" => {
                let names = self.aliases(cx, node, class)?;
                let range = self.close(start, place);
                Stmt::Import(ast::StmtImport { node_index, range, names, is_lazy: false })
            }
            "ImportFrom" => {
                let module = self.optional_identifier(cx, node, "module", start)?;
                let level = match self.optional(cx, node, "level")? {
                    Some(level) => self.int(cx, level)?,
                    None => 0,
                };
                let Ok(level) = u32::try_from(level) else {
                    return Err(cx.value_error("Negative ImportFrom level"));
                };
                let names = self.aliases(cx, node, class)?;
                let range = self.close(start, place);
                Stmt::ImportFrom(ast::StmtImportFrom {
                    node_index,
                    range,
                    module,
                    names,
                    level,
                    is_lazy: false,
                })
            }
            "Global" | "Nonlocal" => {
                let names = self.names(cx, node, class, "names", start)?;
                self.not_empty(cx, &names, "names", class)?;
                let range = self.close(start, place);
                match class {
                    "Global" => Stmt::Global(ast::StmtGlobal { node_index, range, names }),
                    _ => Stmt::Nonlocal(ast::StmtNonlocal { node_index, range, names }),
                }
            }
            "Expr" => {
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                Stmt::Expr(ast::StmtExpr { node_index, range: self.close(start, place), value })
            }
            "Pass" => Stmt::Pass(ast::StmtPass { node_index, range: self.close(start, place) }),
            "Break" => Stmt::Break(ast::StmtBreak { node_index, range: self.close(start, place) }),
            "Continue" => Stmt::Continue(ast::StmtContinue { node_index, range: self.close(start, place) }),
            _ => return self.assignment(cx, open),
        })
    }

    fn assignment(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let node_index = NO_INDEX;
        Ok(match class {
            "Assign" => {
                let targets = self.exprs_field(cx, node, class, "targets", Use::Store)?;
                self.not_empty(cx, &targets, "targets", class)?;
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                Stmt::Assign(ast::StmtAssign { node_index, range: self.close(start, place), targets, value })
            }
            "AugAssign" => {
                let target = Box::new(self.expr_field(cx, node, class, "target", Use::Store)?);
                let op = self.operator(cx, node, class)?;
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                let range = self.close(start, place);
                Stmt::AugAssign(ast::StmtAugAssign { node_index, range, target, op, value })
            }
            "AnnAssign" => {
                let target = Box::new(self.expr_field(cx, node, class, "target", Use::Store)?);
                let annotation = Box::new(self.expr_field(cx, node, class, "annotation", Use::Load)?);
                let value = self.boxed(cx, node, "value")?;
                let simple = self.required(cx, node, class, "simple")?;
                let simple = self.int(cx, simple)? != 0;
                if simple && !target.is_name_expr() {
                    return Err(cx.type_error("AnnAssign with simple non-Name target"));
                }
                let range = self.close(start, place);
                Stmt::AnnAssign(ast::StmtAnnAssign { node_index, range, target, annotation, value, simple })
            }
            "TypeAlias" => {
                let name = Box::new(self.expr_field(cx, node, class, "name", Use::Store)?);
                if !name.is_name_expr() {
                    return Err(cx.type_error("TypeAlias with non-Name name"));
                }
                let type_params = self.type_params(cx, node, class, start)?;
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                let range = self.close(start, place);
                Stmt::TypeAlias(ast::StmtTypeAlias { node_index, range, name, type_params, value })
            }
            _ => return Err(cx.system_error(format!("unexpected statement {class}"))),
        })
    }

    fn names(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        field: &str,
        at: TextSize,
    ) -> Result<Vec<ast::Identifier>> {
        let items = self.items(cx, node, class, field)?;
        items.items().iter().map(|name| self.identifier(cx, *name, at)).collect()
    }

    fn aliases(&mut self, cx: &mut Context, node: Value, class: &str) -> Result<Vec<ast::Alias>> {
        let items = self.items(cx, node, class, "names")?;
        self.not_empty(cx, items.items(), "names", class)?;
        let one = |alias: &Value| {
            let place = self.place(cx, *alias, "alias")?;
            let start = self.open(place);
            let name = self.required_identifier(cx, *alias, "alias", "name", start)?;
            let asname = self.optional_identifier(cx, *alias, "asname", start)?;
            Ok(ast::Alias { node_index: NO_INDEX, range: self.close(start, place), name, asname })
        };
        items.items().iter().map(one).collect()
    }

    /// Decorators, and then the start of the statement proper on a line of its own.
    fn decorators(&mut self, cx: &mut Context, open: Open<'_>) -> Result<(Vec<ast::Decorator>, TextSize)> {
        let items = self.items(cx, open.node, open.class, "decorator_list")?;
        let mut decorators = Vec::with_capacity(items.len());
        for item in items.items() {
            let expression = self.expr(cx, *item, Use::Load)?;
            let range = expression.range();
            decorators.push(ast::Decorator { node_index: NO_INDEX, range, expression });
        }
        if decorators.is_empty() {
            return Ok((decorators, open.start));
        }
        self.words("\n", open.place.start);
        let start = self.words("d", open.place.start);
        Ok((decorators, start))
    }

    fn function(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let (decorators, at) = self.decorators(cx, open)?;
        let name = self.required_identifier(cx, node, class, "name", at)?;
        let type_params = self.type_params(cx, node, class, at)?;
        let args = self.required(cx, node, class, "args")?;
        let parameters = Box::new(self.parameters(cx, args, at)?);
        let returns = self.boxed(cx, node, "returns")?;
        let body = self.suite(cx, node, class)?;
        Ok(Stmt::FunctionDef(ast::StmtFunctionDef {
            node_index: NO_INDEX,
            range: self.close(start, place),
            is_async: class == "AsyncFunctionDef",
            decorator_list: decorators.into_iter().collect(),
            name,
            type_params,
            parameters,
            returns,
            body: body.into_iter().collect(),
        }))
    }

    fn class_def(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let (decorators, at) = self.decorators(cx, open)?;
        let name = self.required_identifier(cx, node, class, "name", at)?;
        let type_params = self.type_params(cx, node, class, at)?;
        let arguments = self.arguments(cx, node, class, "bases", place)?;
        let body = self.suite(cx, node, class)?;
        Ok(Stmt::ClassDef(ast::StmtClassDef {
            node_index: NO_INDEX,
            range: self.close(start, place),
            decorator_list: decorators.into_iter().collect(),
            name,
            type_params,
            arguments: Some(Box::new(arguments)),
            body: body.into_iter().collect(),
        }))
    }

    fn if_(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let test = Box::new(self.expr_field(cx, node, class, "test", Use::Load)?);
        let body = self.suite(cx, node, class)?;
        let orelse = self.stmts(cx, node, class, "orelse")?;
        let mut clauses = Vec::new();
        if let (Some(first), Some(last)) = (orelse.first(), orelse.last()) {
            let range = TextRange::new(first.start(), last.end());
            let body = orelse.into_iter().collect();
            clauses.push(ast::ElifElseClause { node_index: NO_INDEX, range, test: None, body });
        }
        Ok(Stmt::If(ast::StmtIf {
            node_index: NO_INDEX,
            range: self.close(start, place),
            test,
            body: body.into_iter().collect(),
            elif_else_clauses: clauses,
        }))
    }

    fn with(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let list = self.items(cx, node, class, "items")?;
        self.not_empty(cx, list.items(), "items", class)?;
        let mut items = Vec::with_capacity(list.len());
        for item in list.items() {
            let context_expr = self.expr_field(cx, *item, "withitem", "context_expr", Use::Load)?;
            let optional_vars = match self.optional(cx, *item, "optional_vars")? {
                Some(vars) => Some(Box::new(self.expr(cx, vars, Use::Store)?)),
                None => None,
            };
            let end = optional_vars.as_deref().map_or(context_expr.end(), Ranged::end);
            let range = TextRange::new(context_expr.start(), end);
            items.push(ast::WithItem { node_index: NO_INDEX, range, context_expr, optional_vars });
        }
        let body = self.suite(cx, node, class)?;
        Ok(Stmt::With(ast::StmtWith {
            node_index: NO_INDEX,
            range: self.close(start, place),
            is_async: class == "AsyncWith",
            items,
            body: body.into_iter().collect(),
        }))
    }

    fn try_(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Stmt> {
        let Open { node, class, place, start } = open;
        let body = self.suite(cx, node, class)?;
        let items = self.items(cx, node, class, "handlers")?;
        let handlers: Vec<ast::ExceptHandler> =
            items.items().iter().map(|handler| self.handler(cx, *handler)).collect::<Result<_>>()?;
        let orelse = self.stmts(cx, node, class, "orelse")?;
        let finalbody = self.stmts(cx, node, class, "finalbody")?;
        if handlers.is_empty() && finalbody.is_empty() {
            return Err(cx.value_error(format!("{class} has neither except handlers nor finalbody")));
        }
        if handlers.is_empty() && !orelse.is_empty() {
            return Err(cx.value_error(format!("{class} has orelse but no except handlers")));
        }
        Ok(Stmt::Try(ast::StmtTry {
            node_index: NO_INDEX,
            range: self.close(start, place),
            body: body.into_iter().collect(),
            handlers,
            orelse: orelse.into_iter().collect(),
            finalbody: finalbody.into_iter().collect(),
            is_star: class == "TryStar",
        }))
    }

    fn handler(&mut self, cx: &mut Context, node: Value) -> Result<ast::ExceptHandler> {
        let place = self.place(cx, node, "excepthandler")?;
        let class = self.some_sort(cx, node, "excepthandler")?;
        let start = self.open(place);
        let type_ = self.boxed(cx, node, "type")?;
        let name = self.optional_identifier(cx, node, "name", start)?;
        let body = self.suite(cx, node, &class)?;
        Ok(ast::ExceptHandler::ExceptHandler(ast::ExceptHandlerExceptHandler {
            node_index: NO_INDEX,
            range: self.close(start, place),
            type_,
            name,
            body: body.into_iter().collect(),
        }))
    }

    fn case(&mut self, cx: &mut Context, node: Value) -> Result<ast::MatchCase> {
        let pattern = self.required(cx, node, "match_case", "pattern")?;
        let pattern = self.pattern(cx, pattern, false)?;
        let guard = self.boxed(cx, node, "guard")?;
        let body = self.suite(cx, node, "match_case")?;
        let end = body.last().map_or(pattern.end(), Ranged::end);
        let range = TextRange::new(pattern.start(), end);
        Ok(ast::MatchCase { node_index: NO_INDEX, range, pattern, guard, body: body.into_iter().collect() })
    }

    fn type_params(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        at: TextSize,
    ) -> Result<Option<Box<ast::TypeParams>>> {
        let items = self.items(cx, node, class, "type_params")?;
        if items.is_empty() {
            return Ok(None);
        }
        let type_params =
            items.items().iter().map(|param| self.type_param(cx, *param)).collect::<Result<_>>()?;
        Ok(Some(Box::new(ast::TypeParams { node_index: NO_INDEX, range: TextRange::empty(at), type_params })))
    }

    fn type_param(&mut self, cx: &mut Context, node: Value) -> Result<ast::TypeParam> {
        let place = self.place(cx, node, "type_param")?;
        let class = self.some_sort(cx, node, "type_param")?;
        let start = self.open(place);
        let name = self.required_identifier(cx, node, &class, "name", start)?;
        let bound = self.boxed(cx, node, "bound").ok().filter(|_| class == "TypeVar").flatten();
        let default = self.boxed(cx, node, "default_value")?;
        let (node_index, range) = (NO_INDEX, self.close(start, place));
        Ok(match &*class {
            "TypeVar" => {
                ast::TypeParam::TypeVar(ast::TypeParamTypeVar { node_index, range, name, bound, default })
            }
            "ParamSpec" => {
                ast::TypeParam::ParamSpec(ast::TypeParamParamSpec { node_index, range, name, default })
            }
            _ => {
                ast::TypeParam::TypeVarTuple(ast::TypeParamTypeVarTuple { node_index, range, name, default })
            }
        })
    }

    /// Positional and keyword arguments of a call or a class.
    pub(super) fn arguments(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        positional: &str,
        place: Place,
    ) -> Result<ast::Arguments> {
        let start = self.open(place);
        let args = self.exprs_field(cx, node, class, positional, Use::Load)?;
        let items = self.items(cx, node, class, "keywords")?;
        let mut keywords = Vec::with_capacity(items.len());
        for keyword in items.items() {
            let place = self.place(cx, *keyword, "keyword")?;
            let start = self.open(place);
            let arg = self.optional_identifier(cx, *keyword, "arg", start)?;
            let value: Expr = self.expr_field(cx, *keyword, "keyword", "value", Use::Load)?;
            let range = self.close(start, place);
            keywords.push(ast::Keyword { node_index: NO_INDEX, range, arg, value });
        }
        Ok(ast::Arguments {
            node_index: NO_INDEX,
            range: self.close(start, place),
            args: args.into_boxed_slice(),
            keywords: keywords.into_iter().collect(),
        })
    }
}
