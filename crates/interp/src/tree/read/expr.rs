//! Expressions and parameters. CPython: `validate_expr`, `validate_arguments`.

use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, Expr, ExprContext};
use taipan_syntax::{Ranged, TextRange, TextSize};

use super::{NO_INDEX, Place, Reader, Use};

/// An expression that is being read.
#[derive(Clone, Copy)]
pub(super) struct Open<'a> {
    pub(super) node: Value,
    pub(super) class: &'a str,
    pub(super) place: Place,
    pub(super) start: TextSize,
}

impl Reader {
    pub(super) fn expr_field(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        name: &str,
        wanted: Use,
    ) -> Result<Expr> {
        let value = self.required(cx, node, class, name)?;
        self.expr(cx, value, wanted)
    }

    /// An optional expression to evaluate.
    pub(super) fn boxed(&mut self, cx: &mut Context, node: Value, name: &str) -> Result<Option<Box<Expr>>> {
        match self.optional(cx, node, name)? {
            Some(value) => Ok(Some(Box::new(self.expr(cx, value, Use::Load)?))),
            None => Ok(None),
        }
    }

    pub(super) fn exprs_field(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        name: &str,
        wanted: Use,
    ) -> Result<Vec<Expr>> {
        let items = self.items(cx, node, class, name)?;
        let mut exprs = Vec::with_capacity(items.len());
        for item in items.items() {
            if item.is_none() {
                return Err(cx.value_error("None disallowed in expression list"));
            }
            exprs.push(self.expr(cx, *item, wanted)?);
        }
        Ok(exprs)
    }

    pub(super) fn expr(&mut self, cx: &mut Context, node: Value, wanted: Use) -> Result<Expr> {
        cx.check_recursion(" while traversing 'expr' node")?;
        let place = self.place(cx, node, "expr")?;
        let class = self.some_sort(cx, node, "expr")?;
        self.check_use(cx, node, &class, wanted)?;
        let start = self.open(place);
        let open = Open { node, class: &class, place, start };
        match &*class {
            "Constant" => self.constant(cx, open),
            "JoinedStr" => self.joined(cx, open),
            "TemplateStr" => self.template(cx, open),
            "FormattedValue" | "Interpolation" => self.lone_field(cx, open),
            "Attribute" | "Subscript" | "Starred" | "Name" | "List" | "Tuple" => {
                self.target(cx, open, wanted)
            }
            "ListComp" | "SetComp" | "DictComp" | "GeneratorExp" => self.comprehension(cx, open),
            "Call" | "Compare" | "Dict" | "Lambda" => self.with_lists(cx, open),
            _ => self.operation(cx, open),
        }
    }

    /// Does the expression stand where it may?
    fn check_use(&self, cx: &mut Context, node: Value, class: &str, wanted: Use) -> Result<()> {
        if !matches!(class, "Attribute" | "Subscript" | "Starred" | "Name" | "List" | "Tuple") {
            if wanted == Use::Load {
                return Ok(());
            }
            let message = format!("expression which can't be assigned to in {} context", wanted.name());
            return Err(cx.value_error(message));
        }
        let found = match cx.lookup_attr_str(node, "ctx")? {
            None | Some(Value::NONE) => "Load".to_owned(),
            Some(ctx) => self.some_sort(cx, ctx, "expr_context")?,
        };
        if found != wanted.name() {
            let message = format!("expression must have {} context but has {found} instead", wanted.name());
            return Err(cx.value_error(message));
        }
        Ok(())
    }

    fn target(&mut self, cx: &mut Context, open: Open<'_>, wanted: Use) -> Result<Expr> {
        let Open { node, class, place, start } = open;
        let node_index = NO_INDEX;
        let ctx = match wanted {
            Use::Load => ExprContext::Load,
            Use::Store => ExprContext::Store,
            Use::Del => ExprContext::Del,
        };
        Ok(match class {
            "Attribute" => {
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                let mut attr = self.required_identifier(cx, node, class, "attr", start)?;
                // The name is the last thing in the expression.
                let column = place.end.column.saturating_sub(attr.as_str().len() as u32);
                let at = self.pad(taipan_syntax::Position { column, ..place.end });
                let range = self.close(start, place);
                attr.range = TextRange::new(at, range.end());
                Expr::Attribute(ast::ExprAttribute { node_index, range, value, attr, ctx })
            }
            "Subscript" => {
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                let slice = Box::new(self.expr_field(cx, node, class, "slice", Use::Load)?);
                let range = self.close(start, place);
                Expr::Subscript(ast::ExprSubscript { node_index, range, value, slice, ctx })
            }
            "Starred" => {
                let value = Box::new(self.expr_field(cx, node, class, "value", wanted)?);
                let range = self.close(start, place);
                Expr::Starred(ast::ExprStarred { node_index, range, value, ctx })
            }
            "Name" => {
                let name = self.required_identifier(cx, node, class, "id", start)?;
                let range = self.close(start, place);
                Expr::Name(ast::ExprName { node_index, range, id: name.id, ctx })
            }
            _ => {
                let elts = self.exprs_field(cx, node, class, "elts", wanted)?;
                let range = self.close(start, place);
                match class {
                    "List" => Expr::List(ast::ExprList { node_index, range, elts, ctx }),
                    _ => Expr::Tuple(ast::ExprTuple { node_index, range, elts, ctx, parenthesized: true }),
                }
            }
        })
    }

    fn operation(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let Open { node, class, place, start } = open;
        let node_index = NO_INDEX;
        let mut load =
            |this: &mut Self, name: &str| this.expr_field(cx, node, class, name, Use::Load).map(Box::new);
        Ok(match class {
            "BinOp" => {
                let left = load(self, "left")?;
                let op = self.operator(cx, node, class)?;
                let right = Box::new(self.expr_field(cx, node, class, "right", Use::Load)?);
                Expr::BinOp(ast::ExprBinOp { node_index, range: self.close(start, place), left, op, right })
            }
            "UnaryOp" => {
                let operand = load(self, "operand")?;
                let op = self.required(cx, node, class, "op")?;
                let op = match &*self.some_sort(cx, op, "unaryop")? {
                    "Invert" => ast::UnaryOp::Invert,
                    "Not" => ast::UnaryOp::Not,
                    "UAdd" => ast::UnaryOp::UAdd,
                    _ => ast::UnaryOp::USub,
                };
                let range = self.close(start, place);
                Expr::UnaryOp(ast::ExprUnaryOp { node_index, range, op, operand })
            }
            "BoolOp" => {
                let op = self.required(cx, node, class, "op")?;
                let op = match &*self.some_sort(cx, op, "boolop")? {
                    "And" => ast::BoolOp::And,
                    _ => ast::BoolOp::Or,
                };
                let values = self.exprs_field(cx, node, class, "values", Use::Load)?;
                if values.len() < 2 {
                    return Err(cx.value_error("BoolOp with less than 2 values"));
                }
                Expr::BoolOp(ast::ExprBoolOp { node_index, range: self.close(start, place), op, values })
            }
            "NamedExpr" => {
                let target = self.required(cx, node, class, "target")?;
                if self.concrete(cx, target, "expr").as_deref() != Some("Name") {
                    return Err(cx.type_error("NamedExpr target must be a Name"));
                }
                let target = Box::new(self.expr(cx, target, Use::Store)?);
                let value = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
                Expr::Named(ast::ExprNamed { node_index, range: self.close(start, place), target, value })
            }
            "IfExp" => {
                let (test, body) = (load(self, "test")?, load(self, "body")?);
                let orelse = load(self, "orelse")?;
                Expr::If(ast::ExprIf { node_index, range: self.close(start, place), test, body, orelse })
            }
            "Set" => {
                let elts = self.exprs_field(cx, node, class, "elts", Use::Load)?;
                Expr::Set(ast::ExprSet { node_index, range: self.close(start, place), elts })
            }
            "Await" => {
                let value = load(self, "value")?;
                Expr::Await(ast::ExprAwait { node_index, range: self.close(start, place), value })
            }
            "YieldFrom" => {
                let value = load(self, "value")?;
                Expr::YieldFrom(ast::ExprYieldFrom { node_index, range: self.close(start, place), value })
            }
            "Yield" => {
                let value = self.boxed(cx, node, "value")?;
                Expr::Yield(ast::ExprYield { node_index, range: self.close(start, place), value })
            }
            "Slice" => {
                let (lower, upper) = (self.boxed(cx, node, "lower")?, self.boxed(cx, node, "upper")?);
                let step = self.boxed(cx, node, "step")?;
                Expr::Slice(ast::ExprSlice {
                    node_index,
                    range: self.close(start, place),
                    lower,
                    upper,
                    step,
                })
            }
            _ => return Err(cx.system_error(format!("unexpected expression {class}"))),
        })
    }

    fn with_lists(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let Open { node, class, place, start } = open;
        let node_index = NO_INDEX;
        match class {
            "Call" => {
                let func = Box::new(self.expr_field(cx, node, class, "func", Use::Load)?);
                let arguments = self.arguments(cx, node, class, "args", place)?;
                Ok(Expr::Call(ast::ExprCall { node_index, range_start: start, func, arguments }))
            }
            "Lambda" => {
                let args = self.required(cx, node, class, "args")?;
                let parameters = Some(Box::new(self.parameters(cx, args, start)?));
                let body = Box::new(self.expr_field(cx, node, class, "body", Use::Load)?);
                let range = self.close(start, place);
                Ok(Expr::Lambda(ast::ExprLambda { node_index, range, parameters, body }))
            }
            "Dict" => {
                let keys = self.items(cx, node, class, "keys")?;
                let values = self.items(cx, node, class, "values")?;
                if keys.len() != values.len() {
                    return Err(cx.value_error("Dict doesn't have the same number of keys as values"));
                }
                let mut items = Vec::with_capacity(keys.len());
                for (key, value) in keys.items().iter().zip(values.items()) {
                    let key = match key.not_none() {
                        Some(key) => Some(self.expr(cx, key, Use::Load)?),
                        None => None,
                    };
                    if value.is_none() {
                        return Err(cx.value_error("None disallowed in expression list"));
                    }
                    items.push(ast::DictItem { key, value: self.expr(cx, *value, Use::Load)? });
                }
                Ok(Expr::Dict(ast::ExprDict { node_index, range: self.close(start, place), items }))
            }
            _ => self.compare(cx, open),
        }
    }

    fn compare(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        use ast::CmpOp;
        let Open { node, class, place, start } = open;
        let left = Box::new(self.expr_field(cx, node, class, "left", Use::Load)?);
        let items = self.items(cx, node, class, "ops")?;
        let mut ops = Vec::with_capacity(items.len());
        for op in items.items() {
            ops.push(match &*self.some_sort(cx, *op, "cmpop")? {
                "Eq" => CmpOp::Eq,
                "NotEq" => CmpOp::NotEq,
                "Lt" => CmpOp::Lt,
                "LtE" => CmpOp::LtE,
                "Gt" => CmpOp::Gt,
                "GtE" => CmpOp::GtE,
                "Is" => CmpOp::Is,
                "IsNot" => CmpOp::IsNot,
                "In" => CmpOp::In,
                _ => CmpOp::NotIn,
            });
        }
        let comparators = self.exprs_field(cx, node, class, "comparators", Use::Load)?;
        if comparators.is_empty() {
            return Err(cx.value_error("Compare with no comparators"));
        }
        if comparators.len() != ops.len() {
            let message = "Compare has a different number of comparators and operands";
            return Err(cx.value_error(message));
        }
        Ok(Expr::Compare(ast::ExprCompare {
            node_index: NO_INDEX,
            range: self.close(start, place),
            left,
            ops: ops.into_boxed_slice(),
            comparators: comparators.into_boxed_slice(),
        }))
    }

    fn comprehension(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let Open { node, class, place, start } = open;
        let node_index = NO_INDEX;
        let items = self.items(cx, node, class, "generators")?;
        if items.is_empty() {
            return Err(cx.value_error("comprehension with no generators"));
        }
        let generators: Vec<_> =
            items.items().iter().map(|item| self.generator(cx, *item)).collect::<Result<_>>()?;
        let first = if class == "DictComp" { "key" } else { "elt" };
        let elt = Box::new(self.expr_field(cx, node, class, first, Use::Load)?);
        let value = match class {
            "DictComp" => Some(Box::new(self.expr_field(cx, node, class, "value", Use::Load)?)),
            _ => None,
        };
        let range = self.close(start, place);
        Ok(match (class, value) {
            ("ListComp", _) => Expr::ListComp(ast::ExprListComp { node_index, range, elt, generators }),
            ("SetComp", _) => Expr::SetComp(ast::ExprSetComp { node_index, range, elt, generators }),
            (_, Some(value)) => {
                Expr::DictComp(ast::ExprDictComp { node_index, range, key: Some(elt), value, generators })
            }
            _ => {
                let parenthesized = true;
                Expr::Generator(ast::ExprGenerator { node_index, range, elt, generators, parenthesized })
            }
        })
    }

    fn generator(&mut self, cx: &mut Context, node: Value) -> Result<ast::Comprehension> {
        let target = self.expr_field(cx, node, "comprehension", "target", Use::Store)?;
        let iter = self.expr_field(cx, node, "comprehension", "iter", Use::Load)?;
        let ifs = self.exprs_field(cx, node, "comprehension", "ifs", Use::Load)?;
        let is_async = self.required(cx, node, "comprehension", "is_async")?;
        let is_async = self.int(cx, is_async)? != 0;
        let end = ifs.last().map_or(iter.end(), Ranged::end);
        let range = TextRange::new(target.start(), end);
        Ok(ast::Comprehension { node_index: NO_INDEX, range, target, iter, ifs, is_async })
    }

    pub(super) fn operator(&mut self, cx: &mut Context, node: Value, class: &str) -> Result<ast::Operator> {
        use ast::Operator::*;
        let op = self.required(cx, node, class, "op")?;
        Ok(match &*self.some_sort(cx, op, "operator")? {
            "Add" => Add,
            "Sub" => Sub,
            "Mult" => Mult,
            "MatMult" => MatMult,
            "Div" => Div,
            "Mod" => Mod,
            "Pow" => Pow,
            "LShift" => LShift,
            "RShift" => RShift,
            "BitOr" => BitOr,
            "BitXor" => BitXor,
            "BitAnd" => BitAnd,
            _ => FloorDiv,
        })
    }

    pub(super) fn parameters(
        &mut self,
        cx: &mut Context,
        node: Value,
        at: TextSize,
    ) -> Result<ast::Parameters> {
        let class = "arguments";
        let posonlyargs = self.parameter_list(cx, node, "posonlyargs")?;
        let args = self.parameter_list(cx, node, "args")?;
        let vararg = match self.optional(cx, node, "vararg")? {
            Some(vararg) => Some(Box::new(self.parameter(cx, vararg)?)),
            None => None,
        };
        let kwonlyargs = self.parameter_list(cx, node, "kwonlyargs")?;
        let kw_defaults = self.items(cx, node, class, "kw_defaults")?;
        let kwarg = match self.optional(cx, node, "kwarg")? {
            Some(kwarg) => Some(Box::new(self.parameter(cx, kwarg)?)),
            None => None,
        };
        let defaults = self.items(cx, node, class, "defaults")?;
        if defaults.len() > posonlyargs.len() + args.len() {
            return Err(cx.value_error("more positional defaults than args on arguments"));
        }
        if kw_defaults.len() != kwonlyargs.len() {
            let message = "length of kwonlyargs is not the same as kw_defaults on arguments";
            return Err(cx.value_error(message));
        }
        if defaults.items().iter().any(|default| default.is_none()) {
            return Err(cx.value_error("None disallowed in expression list"));
        }
        // Defaults belong to the last of the positional parameters.
        let (first, count) = (posonlyargs.len(), posonlyargs.len() + args.len());
        let without = count - defaults.len();
        Ok(ast::Parameters {
            node_index: NO_INDEX,
            range: TextRange::empty(at),
            posonlyargs: self
                .with_defaults(cx, posonlyargs, defaults, without as isize)?
                .into_iter()
                .collect(),
            args: self
                .with_defaults(cx, args, defaults, without as isize - first as isize)?
                .into_iter()
                .collect(),
            vararg,
            kwonlyargs: self.with_defaults(cx, kwonlyargs, kw_defaults, 0)?.into_iter().collect(),
            kwarg,
        })
    }

    /// Parameters with their defaults, of which the first `without` have none.
    fn with_defaults(
        &mut self,
        cx: &mut Context,
        parameters: Vec<ast::Parameter>,
        defaults: Gc<Tuple>,
        without: isize,
    ) -> Result<Vec<ast::ParameterWithDefault>> {
        let mut all = Vec::with_capacity(parameters.len());
        for (index, parameter) in parameters.into_iter().enumerate() {
            let index = usize::try_from(index as isize - without).ok();
            let default = index.and_then(|index| defaults.items()[index].not_none());
            let default = match default {
                Some(default) => Some(Box::new(self.expr(cx, default, Use::Load)?)),
                None => None,
            };
            let range = parameter.range;
            all.push(ast::ParameterWithDefault { node_index: NO_INDEX, range, parameter, default });
        }
        Ok(all)
    }

    fn parameter_list(&mut self, cx: &mut Context, node: Value, name: &str) -> Result<Vec<ast::Parameter>> {
        let items = self.items(cx, node, "arguments", name)?;
        items.items().iter().map(|arg| self.parameter(cx, *arg)).collect()
    }

    fn parameter(&mut self, cx: &mut Context, node: Value) -> Result<ast::Parameter> {
        let place = self.place(cx, node, "arg")?;
        let start = self.open(place);
        let name = self.required_identifier(cx, node, "arg", "arg", start)?;
        let annotation = self.boxed(cx, node, "annotation")?;
        Ok(ast::Parameter { node_index: NO_INDEX, range: self.close(start, place), name, annotation })
    }
}
