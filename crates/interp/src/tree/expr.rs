//! Expressions and parameters.

use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, Expr, ExprContext, Operator};
use taipan_syntax::{Ranged, TextRange, TextSize};

use super::Builder;

impl Builder<'_> {
    pub(super) fn exprs(&self, cx: &mut Context, exprs: &[Expr]) -> Result {
        self.list(cx, exprs, |this, cx, expr| this.expr(cx, expr))
    }

    pub(super) fn optional(&self, cx: &mut Context, expr: Option<&Expr>) -> Result {
        expr.map_or(Ok(Value::NONE), |expr| self.expr(cx, expr))
    }

    pub(super) fn expr(&self, cx: &mut Context, expr: &Expr) -> Result {
        cx.check_recursion(" during ast construction")?;
        let range = expr.range();
        match expr {
            Expr::BoolOp(node) => {
                let op = self.instance(cx, if node.op == ast::BoolOp::And { "And" } else { "Or" })?;
                let values = self.exprs(cx, &node.values)?;
                self.at(cx, "BoolOp", &[("op", op), ("values", values)], range)
            }
            Expr::Named(node) => {
                let (target, value) = (self.expr(cx, &node.target)?, self.expr(cx, &node.value)?);
                self.at(cx, "NamedExpr", &[("target", target), ("value", value)], range)
            }
            Expr::BinOp(node) => {
                if let Some(formatted) = self.percent_format(cx, node)? {
                    return Ok(formatted);
                }
                let left = self.expr(cx, &node.left)?;
                let op = self.operator(cx, node.op)?;
                let right = self.expr(cx, &node.right)?;
                self.at(cx, "BinOp", &[("left", left), ("op", op), ("right", right)], range)
            }
            Expr::UnaryOp(node) => {
                let op = match node.op {
                    ast::UnaryOp::Invert => "Invert",
                    ast::UnaryOp::Not => "Not",
                    ast::UnaryOp::UAdd => "UAdd",
                    ast::UnaryOp::USub => "USub",
                };
                let (op, operand) = (self.instance(cx, op)?, self.expr(cx, &node.operand)?);
                self.at(cx, "UnaryOp", &[("op", op), ("operand", operand)], range)
            }
            Expr::Lambda(node) => {
                let args = match &node.parameters {
                    Some(parameters) => self.parameters(cx, parameters, false)?,
                    None => self.parameters(cx, &ast::Parameters::default(), false)?,
                };
                let body = self.expr(cx, &node.body)?;
                self.at(cx, "Lambda", &[("args", args), ("body", body)], range)
            }
            Expr::If(node) => {
                let test = self.expr(cx, &node.test)?;
                let (body, orelse) = (self.expr(cx, &node.body)?, self.expr(cx, &node.orelse)?);
                self.at(cx, "IfExp", &[("test", test), ("body", body), ("orelse", orelse)], range)
            }
            Expr::Compare(node) => self.compare(cx, node),
            Expr::Call(node) => {
                let func = self.expr(cx, &node.func)?;
                let (args, keywords) = self.arguments(cx, Some(&node.arguments))?;
                self.at(cx, "Call", &[("func", func), ("args", args), ("keywords", keywords)], range)
            }
            Expr::FString(node) => self.joined(cx, node),
            Expr::TString(node) => self.template(cx, node),
            _ => self.display(cx, expr),
        }
    }

    /// Displays, comprehensions and what suspends.
    fn display(&self, cx: &mut Context, expr: &Expr) -> Result {
        let range = expr.range();
        match expr {
            Expr::Dict(node) => {
                let keys =
                    self.list(cx, &node.items, |this, cx, item| this.optional(cx, item.key.as_ref()))?;
                let values = self.list(cx, &node.items, |this, cx, item| this.expr(cx, &item.value))?;
                self.at(cx, "Dict", &[("keys", keys), ("values", values)], range)
            }
            Expr::Set(node) => {
                let elts = self.exprs(cx, &node.elts)?;
                self.at(cx, "Set", &[("elts", elts)], range)
            }
            Expr::ListComp(node) => self.comprehension(cx, "ListComp", &node.elt, &node.generators, range),
            Expr::SetComp(node) => self.comprehension(cx, "SetComp", &node.elt, &node.generators, range),
            Expr::Generator(node) => {
                let range = self.generator_range(node);
                self.comprehension(cx, "GeneratorExp", &node.elt, &node.generators, range)
            }
            Expr::DictComp(node) => {
                let key = self.optional(cx, node.key.as_deref())?;
                let value = self.expr(cx, &node.value)?;
                let generators = self.list(cx, &node.generators, Self::generator)?;
                let fields = [("key", key), ("value", value), ("generators", generators)];
                self.at(cx, "DictComp", &fields, range)
            }
            Expr::Await(node) => {
                let value = self.expr(cx, &node.value)?;
                self.at(cx, "Await", &[("value", value)], range)
            }
            Expr::Yield(node) => {
                let value = self.optional(cx, node.value.as_deref())?;
                self.at(cx, "Yield", &[("value", value)], range)
            }
            Expr::YieldFrom(node) => {
                let value = self.expr(cx, &node.value)?;
                self.at(cx, "YieldFrom", &[("value", value)], range)
            }
            Expr::Slice(node) => {
                let lower = self.optional(cx, node.lower.as_deref())?;
                let upper = self.optional(cx, node.upper.as_deref())?;
                let step = self.optional(cx, node.step.as_deref())?;
                self.at(cx, "Slice", &[("lower", lower), ("upper", upper), ("step", step)], range)
            }
            _ => self.target(cx, expr),
        }
    }

    /// What can be assigned to, and constants.
    fn target(&self, cx: &mut Context, expr: &Expr) -> Result {
        let range = expr.range();
        match expr {
            Expr::Attribute(node) => {
                let value = self.expr(cx, &node.value)?;
                let (attr, ctx) = (self.name(cx, &node.attr), self.context(cx, node.ctx)?);
                self.at(cx, "Attribute", &[("value", value), ("attr", attr), ("ctx", ctx)], range)
            }
            Expr::Subscript(node) => {
                let (value, slice) = (self.expr(cx, &node.value)?, self.expr(cx, &node.slice)?);
                let ctx = self.context(cx, node.ctx)?;
                self.at(cx, "Subscript", &[("value", value), ("slice", slice), ("ctx", ctx)], range)
            }
            Expr::Starred(node) => {
                let (value, ctx) = (self.expr(cx, &node.value)?, self.context(cx, node.ctx)?);
                self.at(cx, "Starred", &[("value", value), ("ctx", ctx)], range)
            }
            Expr::Name(node) if self.optimize.is_some() && node.id.as_str() == "__debug__" => {
                let value = Value::bool(self.optimize == Some(0));
                self.at(cx, "Constant", &[("value", value), ("kind", Value::NONE)], range)
            }
            Expr::Name(node) => {
                let (id, ctx) = (self.name(cx, &node.id), self.context(cx, node.ctx)?);
                self.at(cx, "Name", &[("id", id), ("ctx", ctx)], range)
            }
            Expr::List(node) => {
                let (elts, ctx) = (self.exprs(cx, &node.elts)?, self.context(cx, node.ctx)?);
                self.at(cx, "List", &[("elts", elts), ("ctx", ctx)], range)
            }
            Expr::Tuple(node) => {
                let (elts, ctx) = (self.exprs(cx, &node.elts)?, self.context(cx, node.ctx)?);
                self.at(cx, "Tuple", &[("elts", elts), ("ctx", ctx)], range)
            }
            _ => self.constant(cx, expr),
        }
    }

    fn constant(&self, cx: &mut Context, expr: &Expr) -> Result {
        let mut kind = Value::NONE;
        let value = match expr {
            Expr::NoneLiteral(_) => Value::NONE,
            Expr::EllipsisLiteral(_) => Value::ELLIPSIS,
            Expr::BooleanLiteral(node) => Value::bool(node.value),
            Expr::NumberLiteral(node) if self.given(node.start()).is_some() => {
                self.given(node.start()).map_or(Value::NONE, |value| crate::constant::value_of(cx, value))
            }
            Expr::NumberLiteral(node) => {
                match taipan_compiler::number_literal(&node.value, self.source.slice(node.range)) {
                    Some(constant) => crate::constant::value_of(cx, &constant),
                    None => {
                        let first = self.too_large.get().unwrap_or(node.range);
                        self.too_large.set(Some(first));
                        Value::NONE
                    }
                }
            }
            Expr::StringLiteral(node) => {
                let mut text = Vec::new();
                for literal in node.value.iter() {
                    taipan_syntax::string_literal(self.source, literal, &mut text);
                }
                if node.value.is_unicode() {
                    kind = self.name(cx, "u");
                }
                self.text(cx, text)
            }
            Expr::BytesLiteral(node) => {
                let bytes: Vec<u8> = node.value.bytes().collect();
                cx.new_bytes(&bytes).value()
            }
            _ => return Err(cx.system_error("an expression of no known kind")),
        };
        self.at(cx, "Constant", &[("value", value), ("kind", kind)], expr.range())
    }

    fn given(&self, at: TextSize) -> Option<&taipan_bytecode::Const> {
        self.constants?.get(&at)
    }

    pub(super) fn text(&self, cx: &Context, wtf8: Vec<u8>) -> Value {
        crate::constant::text_value(cx, &taipan_bytecode::Text::from_wtf8(wtf8))
    }

    fn compare(&self, cx: &mut Context, node: &ast::ExprCompare) -> Result {
        use ast::CmpOp::*;
        let left = self.expr(cx, &node.left)?;
        let ops = self.list(cx, &node.ops, |this, cx, op| {
            let name = match op {
                Eq => "Eq",
                NotEq => "NotEq",
                Lt => "Lt",
                LtE => "LtE",
                Gt => "Gt",
                GtE => "GtE",
                Is => "Is",
                IsNot => "IsNot",
                In => "In",
                NotIn => "NotIn",
            };
            this.instance(cx, name)
        })?;
        let comparators = self.exprs(cx, &node.comparators)?;
        let fields = [("left", left), ("ops", ops), ("comparators", comparators)];
        self.at(cx, "Compare", &fields, node.range)
    }

    fn comprehension(
        &self,
        cx: &mut Context,
        class: &str,
        elt: &Expr,
        generators: &[ast::Comprehension],
        range: TextRange,
    ) -> Result {
        let elt = self.expr(cx, elt)?;
        let generators = self.list(cx, generators, Self::generator)?;
        self.at(cx, class, &[("elt", elt), ("generators", generators)], range)
    }

    fn generator(&self, cx: &mut Context, node: &ast::Comprehension) -> Result {
        let (target, iter) = (self.expr(cx, &node.target)?, self.expr(cx, &node.iter)?);
        let ifs = self.exprs(cx, &node.ifs)?;
        let is_async = Value::int(node.is_async.into());
        let fields = [("target", target), ("iter", iter), ("ifs", ifs), ("is_async", is_async)];
        self.node(cx, "comprehension", &fields)
    }

    /// A generator expression that is a call's only argument reaches from parenthesis to parenthesis.
    fn generator_range(&self, node: &ast::ExprGenerator) -> TextRange {
        let range = node.range;
        if node.parenthesized {
            return range;
        }
        let text = self.source.text();
        let open = text[..range.start().to_usize()].rfind('(');
        let close = text[range.end().to_usize()..].find(')');
        match (open, close) {
            (Some(open), Some(close)) => {
                TextRange::new(TextSize::new(open as u32), range.end() + TextSize::new(close as u32 + 1))
            }
            _ => range,
        }
    }

    fn context(&self, cx: &Context, context: ExprContext) -> Result {
        self.instance(
            cx,
            match context {
                ExprContext::Store => "Store",
                ExprContext::Del => "Del",
                ExprContext::Load | ExprContext::Invalid => "Load",
            },
        )
    }

    pub(super) fn operator(&self, cx: &Context, op: Operator) -> Result {
        let name = match op {
            Operator::Add => "Add",
            Operator::Sub => "Sub",
            Operator::Mult => "Mult",
            Operator::MatMult => "MatMult",
            Operator::Div => "Div",
            Operator::Mod => "Mod",
            Operator::Pow => "Pow",
            Operator::LShift => "LShift",
            Operator::RShift => "RShift",
            Operator::BitOr => "BitOr",
            Operator::BitXor => "BitXor",
            Operator::BitAnd => "BitAnd",
            Operator::FloorDiv => "FloorDiv",
        };
        self.instance(cx, name)
    }

    /// Parameters; those of a lambda have no comments.
    pub(super) fn parameters(&self, cx: &mut Context, node: &ast::Parameters, commented: bool) -> Result {
        let one = |this: &Self, cx: &mut Context, item: &ast::ParameterWithDefault| {
            this.parameter(cx, &item.parameter, commented.then(|| item.end()))
        };
        let posonlyargs = self.list(cx, &node.posonlyargs, one)?;
        let args = self.list(cx, &node.args, one)?;
        let vararg = match &node.vararg {
            Some(parameter) => self.parameter(cx, parameter, commented.then(|| parameter.end()))?,
            None => Value::NONE,
        };
        let kwonlyargs = self.list(cx, &node.kwonlyargs, one)?;
        let kw_defaults =
            self.list(cx, &node.kwonlyargs, |this, cx, item| this.optional(cx, item.default.as_deref()))?;
        let kwarg = match &node.kwarg {
            Some(parameter) => self.parameter(cx, parameter, commented.then(|| parameter.end()))?,
            None => Value::NONE,
        };
        let given = node.posonlyargs.iter().chain(&node.args).filter_map(|item| item.default.as_deref());
        let defaults = self.list(cx, given, |this, cx, default| this.expr(cx, default))?;
        let fields = [
            ("posonlyargs", posonlyargs),
            ("args", args),
            ("vararg", vararg),
            ("kwonlyargs", kwonlyargs),
            ("kw_defaults", kw_defaults),
            ("kwarg", kwarg),
            ("defaults", defaults),
        ];
        self.node(cx, "arguments", &fields)
    }

    /// A parameter; `end` is behind its default value, if it may have a comment.
    fn parameter(&self, cx: &mut Context, node: &ast::Parameter, end: Option<TextSize>) -> Result {
        let arg = self.name(cx, &node.name);
        let annotation = self.optional(cx, node.annotation.as_deref())?;
        let comment = self.type_comment(cx, |comments| comments.of_parameter(end?));
        let fields = [("arg", arg), ("annotation", annotation), ("type_comment", comment)];
        // Without the stars.
        self.at(cx, "arg", &fields, TextRange::new(node.name.start(), node.end()))
    }
}
