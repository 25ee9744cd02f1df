//! Statements.

use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, Expr, Stmt};
use taipan_syntax::{Ranged, TextRange, TextSize};

use super::{Builder, after_decorators};

impl Builder<'_> {
    pub(super) fn body(&self, cx: &mut Context, body: &[Stmt]) -> Result {
        self.list(cx, body, |this, cx, stmt| this.stmt(cx, stmt))
    }

    /// A body that may begin with a docstring, which `-OO` takes away.
    pub(super) fn documented(&self, cx: &mut Context, body: &[Stmt]) -> Result {
        let docstring =
            matches!(body.first(), Some(Stmt::Expr(first)) if first.value.is_string_literal_expr());
        if !docstring || self.optimize.is_none_or(|level| level < 2) {
            return self.body(cx, body);
        }
        let list = self.body(cx, &body[1..])?;
        if let Some(empty) = list.downcast::<List>().filter(|list| list.is_empty()) {
            let [line, column, ..] = self.place(body[0].range());
            let pass = self.placed(cx, "Pass", &[], [line, column, line, column + 4])?;
            empty.push(cx, pass);
        }
        Ok(list)
    }

    fn stmt(&self, cx: &mut Context, stmt: &Stmt) -> Result {
        cx.check_recursion(" during ast construction")?;
        let range = self.with_semicolon(stmt.range());
        match stmt {
            Stmt::FunctionDef(node) => self.function(cx, node),
            Stmt::ClassDef(node) => self.class_def(cx, node),
            Stmt::For(node) => self.for_(cx, node),
            Stmt::If(node) => {
                let test = self.expr(cx, &node.test)?;
                self.if_(cx, test, &node.body, &node.elif_else_clauses, range)
            }
            Stmt::With(node) => {
                let items = self.list(cx, &node.items, Self::with_item)?;
                let body = self.body(cx, &node.body)?;
                let class = if node.is_async { "AsyncWith" } else { "With" };
                let header = node.items.last().map_or(range.start(), Ranged::end);
                let comment = self.header_comment(cx, header, &node.body);
                let fields = [("items", items), ("body", body), ("type_comment", comment)];
                self.at(cx, class, &fields, range)
            }
            Stmt::While(node) => {
                let test = self.expr(cx, &node.test)?;
                let (body, orelse) = (self.body(cx, &node.body)?, self.body(cx, &node.orelse)?);
                self.at(cx, "While", &[("test", test), ("body", body), ("orelse", orelse)], range)
            }
            Stmt::Match(node) => {
                let subject = self.expr(cx, &node.subject)?;
                let cases = self.list(cx, &node.cases, Self::case)?;
                self.at(cx, "Match", &[("subject", subject), ("cases", cases)], range)
            }
            Stmt::Try(node) => {
                let body = self.body(cx, &node.body)?;
                let handlers = self.list(cx, &node.handlers, Self::handler)?;
                let (orelse, last) = (self.body(cx, &node.orelse)?, self.body(cx, &node.finalbody)?);
                let class = if node.is_star { "TryStar" } else { "Try" };
                let fields =
                    [("body", body), ("handlers", handlers), ("orelse", orelse), ("finalbody", last)];
                self.at(cx, class, &fields, range)
            }
            _ => self.simple(cx, stmt),
        }
    }

    /// A compound statement ends behind a semicolon that ends its last line.
    fn with_semicolon(&self, range: TextRange) -> TextRange {
        let rest = &self.source.text()[range.end().to_usize()..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        match rest[blank..].starts_with(';') {
            true => TextRange::new(range.start(), range.end() + TextSize::new(blank as u32 + 1)),
            false => range,
        }
    }

    fn simple(&self, cx: &mut Context, stmt: &Stmt) -> Result {
        let range = stmt.range();
        match stmt {
            Stmt::Return(node) => {
                let value = self.optional(cx, node.value.as_deref())?;
                self.at(cx, "Return", &[("value", value)], range)
            }
            Stmt::Delete(node) => {
                let targets = self.exprs(cx, &node.targets)?;
                self.at(cx, "Delete", &[("targets", targets)], range)
            }
            Stmt::Raise(node) => {
                let exc = self.optional(cx, node.exc.as_deref())?;
                let cause = self.optional(cx, node.cause.as_deref())?;
                self.at(cx, "Raise", &[("exc", exc), ("cause", cause)], range)
            }
            Stmt::Assert(node) => {
                let test = self.expr(cx, &node.test)?;
                let msg = self.optional(cx, node.msg.as_deref())?;
                self.at(cx, "Assert", &[("test", test), ("msg", msg)], range)
            }
            Stmt::Import(node) => {
                let names = self.list(cx, &node.names, Self::alias)?;
                self.at(cx, "Import", &[("names", names)], range)
            }
            Stmt::ImportFrom(node) => {
                let module = self.optional_name(cx, node.module.as_ref());
                let names = self.list(cx, &node.names, Self::alias)?;
                let level = Value::int(node.level.into());
                self.at(cx, "ImportFrom", &[("module", module), ("names", names), ("level", level)], range)
            }
            Stmt::Global(node) => {
                let names = self.list(cx, &node.names, |this, cx, name| Ok(this.name(cx, name)))?;
                self.at(cx, "Global", &[("names", names)], range)
            }
            Stmt::Nonlocal(node) => {
                let names = self.list(cx, &node.names, |this, cx, name| Ok(this.name(cx, name)))?;
                self.at(cx, "Nonlocal", &[("names", names)], range)
            }
            Stmt::Expr(node) => {
                let value = self.expr(cx, &node.value)?;
                self.at(cx, "Expr", &[("value", value)], range)
            }
            Stmt::Pass(_) => self.at(cx, "Pass", &[], range),
            Stmt::Break(_) => self.at(cx, "Break", &[], range),
            Stmt::Continue(_) => self.at(cx, "Continue", &[], range),
            _ => self.assignment(cx, stmt),
        }
    }

    fn assignment(&self, cx: &mut Context, stmt: &Stmt) -> Result {
        let range = stmt.range();
        match stmt {
            Stmt::Assign(node) => {
                let targets = self.exprs(cx, &node.targets)?;
                let value = self.expr(cx, &node.value)?;
                let comment = self.type_comment(cx, |comments| comments.of_statement(range.end()));
                let fields = [("targets", targets), ("value", value), ("type_comment", comment)];
                self.at(cx, "Assign", &fields, range)
            }
            Stmt::AugAssign(node) => {
                let target = self.expr(cx, &node.target)?;
                let op = self.operator(cx, node.op)?;
                let value = self.expr(cx, &node.value)?;
                self.at(cx, "AugAssign", &[("target", target), ("op", op), ("value", value)], range)
            }
            Stmt::AnnAssign(node) => {
                let target = self.expr(cx, &node.target)?;
                let annotation = self.expr(cx, &node.annotation)?;
                let value = self.optional(cx, node.value.as_deref())?;
                let simple = Value::int(node.simple.into());
                let fields =
                    [("target", target), ("annotation", annotation), ("value", value), ("simple", simple)];
                self.at(cx, "AnnAssign", &fields, range)
            }
            Stmt::TypeAlias(node) => {
                let name = self.expr(cx, &node.name)?;
                let params = self.type_params(cx, node.type_params.as_deref())?;
                let value = self.expr(cx, &node.value)?;
                let fields = [("name", name), ("type_params", params), ("value", value)];
                self.at(cx, "TypeAlias", &fields, range)
            }
            _ => Err(cx.system_error("a statement of no known kind")),
        }
    }

    fn function(&self, cx: &mut Context, node: &ast::StmtFunctionDef) -> Result {
        let name = self.name(cx, &node.name);
        let args = self.parameters(cx, &node.parameters, true)?;
        let header = node.returns.as_deref().map_or(node.parameters.end(), Ranged::end);
        let start = node.body.first().map_or(header, Ranged::start);
        let comment = self.type_comment(cx, |comments| comments.of_function(header, start));
        let body = self.documented(cx, &node.body)?;
        let decorators =
            self.list(cx, &node.decorator_list, |this, cx, decorator| this.expr(cx, &decorator.expression))?;
        let returns = self.optional(cx, node.returns.as_deref())?;
        let params = self.type_params(cx, node.type_params.as_deref())?;
        let fields = [
            ("name", name),
            ("args", args),
            ("body", body),
            ("decorator_list", decorators),
            ("returns", returns),
            ("type_comment", comment),
            ("type_params", params),
        ];
        let class = if node.is_async { "AsyncFunctionDef" } else { "FunctionDef" };
        self.at(
            cx,
            class,
            &fields,
            after_decorators(self.source, &node.decorator_list, self.with_semicolon(node.range)),
        )
    }

    fn class_def(&self, cx: &mut Context, node: &ast::StmtClassDef) -> Result {
        let name = self.name(cx, &node.name);
        let (bases, keywords) = self.arguments(cx, node.arguments.as_deref())?;
        let body = self.documented(cx, &node.body)?;
        let decorators =
            self.list(cx, &node.decorator_list, |this, cx, decorator| this.expr(cx, &decorator.expression))?;
        let params = self.type_params(cx, node.type_params.as_deref())?;
        let fields = [
            ("name", name),
            ("bases", bases),
            ("keywords", keywords),
            ("body", body),
            ("decorator_list", decorators),
            ("type_params", params),
        ];
        self.at(
            cx,
            "ClassDef",
            &fields,
            after_decorators(self.source, &node.decorator_list, self.with_semicolon(node.range)),
        )
    }

    /// The type comment behind the colon of a header.
    fn header_comment(&self, cx: &Context, header: TextSize, body: &[Stmt]) -> Value {
        let start = body.first().map_or(header, Ranged::start);
        self.type_comment(cx, |comments| comments.of_header(header, start))
    }

    fn for_(&self, cx: &mut Context, node: &ast::StmtFor) -> Result {
        let (target, iter) = (self.expr(cx, &node.target)?, self.expr(cx, &node.iter)?);
        let comment = self.header_comment(cx, node.iter.end(), &node.body);
        let (body, orelse) = (self.body(cx, &node.body)?, self.body(cx, &node.orelse)?);
        let fields = [
            ("target", target),
            ("iter", iter),
            ("body", body),
            ("orelse", orelse),
            ("type_comment", comment),
        ];
        let class = if node.is_async { "AsyncFor" } else { "For" };
        self.at(cx, class, &fields, self.with_semicolon(node.range))
    }

    /// `elif` is an `if` in the `else` branch, from its keyword to the end of the whole statement.
    fn if_(
        &self,
        cx: &mut Context,
        test: Value,
        body: &[Stmt],
        clauses: &[ast::ElifElseClause],
        range: TextRange,
    ) -> Result {
        cx.check_recursion(" during ast construction")?;
        let body = self.body(cx, body)?;
        let orelse = match clauses.split_first() {
            None => cx.new_list(&[]).value(),
            Some((clause, rest)) => match &clause.test {
                None => self.body(cx, &clause.body)?,
                Some(test) => {
                    let test = self.expr(cx, test)?;
                    let range = TextRange::new(clause.start(), range.end());
                    let inner = self.if_(cx, test, &clause.body, rest, range)?;
                    cx.new_list(&[inner]).value()
                }
            },
        };
        self.at(cx, "If", &[("test", test), ("body", body), ("orelse", orelse)], range)
    }

    fn with_item(&self, cx: &mut Context, item: &ast::WithItem) -> Result {
        let context = self.expr(cx, &item.context_expr)?;
        let vars = self.optional(cx, item.optional_vars.as_deref())?;
        self.node(cx, "withitem", &[("context_expr", context), ("optional_vars", vars)])
    }

    fn handler(&self, cx: &mut Context, handler: &ast::ExceptHandler) -> Result {
        let ast::ExceptHandler::ExceptHandler(node) = handler;
        let type_ = self.optional(cx, node.type_.as_deref())?;
        let name = self.optional_name(cx, node.name.as_ref());
        let body = self.body(cx, &node.body)?;
        let range = self.with_semicolon(node.range);
        self.at(cx, "ExceptHandler", &[("type", type_), ("name", name), ("body", body)], range)
    }

    fn case(&self, cx: &mut Context, case: &ast::MatchCase) -> Result {
        let pattern = self.pattern(cx, &case.pattern)?;
        let guard = self.optional(cx, case.guard.as_deref())?;
        let body = self.body(cx, &case.body)?;
        self.node(cx, "match_case", &[("pattern", pattern), ("guard", guard), ("body", body)])
    }

    fn alias(&self, cx: &mut Context, alias: &ast::Alias) -> Result {
        let name = self.name(cx, &alias.name);
        let asname = self.optional_name(cx, alias.asname.as_ref());
        self.at(cx, "alias", &[("name", name), ("asname", asname)], alias.range)
    }

    fn type_params(&self, cx: &mut Context, params: Option<&ast::TypeParams>) -> Result {
        let params = params.map_or(&[][..], |params| &params.type_params);
        self.list(cx, params, Self::type_param)
    }

    fn type_param(&self, cx: &mut Context, param: &ast::TypeParam) -> Result {
        let name = self.name(cx, param.name());
        let default = self.optional(cx, param.default())?;
        let (class, bound) = match param {
            ast::TypeParam::TypeVar(node) => {
                let bound = self.optional(cx, node.bound.as_deref())?;
                let fields = [("name", name), ("bound", bound), ("default_value", default)];
                return self.at(cx, "TypeVar", &fields, node.range);
            }
            ast::TypeParam::ParamSpec(_) => ("ParamSpec", name),
            ast::TypeParam::TypeVarTuple(_) => ("TypeVarTuple", name),
        };
        self.at(cx, class, &[("name", bound), ("default_value", default)], param.range())
    }

    /// Positional and keyword arguments of a call or a class.
    pub(super) fn arguments(
        &self,
        cx: &mut Context,
        arguments: Option<&ast::Arguments>,
    ) -> Result<(Value, Value)> {
        let (args, keywords): (&[Expr], &[ast::Keyword]) =
            arguments.map_or((&[], &[]), |arguments| (&arguments.args, &arguments.keywords));
        let args = self.exprs(cx, args)?;
        let keywords = self.list(cx, keywords, |this, cx, keyword| {
            let arg = this.optional_name(cx, keyword.arg.as_ref());
            let value = this.expr(cx, &keyword.value)?;
            this.at(cx, "keyword", &[("arg", arg), ("value", value)], keyword.range)
        })?;
        Ok((args, keywords))
    }
}
