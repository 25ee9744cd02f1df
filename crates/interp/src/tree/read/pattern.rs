//! Patterns of `match`. CPython: `validate_pattern`.

use taipan_bytecode::Const;
use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, Expr, Pattern, Singleton};
use taipan_syntax::{TextRange, TextSize};

use super::{NO_INDEX, Place, Reader, Use};

impl Reader {
    fn patterns(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        name: &str,
        star: bool,
    ) -> Result<Vec<Pattern>> {
        let items = self.items(cx, node, class, name)?;
        items.items().iter().map(|item| self.pattern(cx, *item, star)).collect()
    }

    /// `star`: may it be a starred one?
    pub(super) fn pattern(&mut self, cx: &mut Context, node: Value, star: bool) -> Result<Pattern> {
        cx.check_recursion(" while traversing 'pattern' node")?;
        let place = self.place(cx, node, "pattern")?;
        let class = self.some_sort(cx, node, "pattern")?;
        let start = self.open(place);
        let node_index = NO_INDEX;
        Ok(match &*class {
            "MatchValue" => {
                let value = Box::new(self.expr_field(cx, node, &class, "value", Use::Load)?);
                self.check_value(cx, &value)?;
                let range = self.close(start, place);
                Pattern::MatchValue(ast::PatternMatchValue { node_index, range, value })
            }
            "MatchSingleton" => {
                let value = match cx.lookup_attr_str(node, "value")? {
                    Some(Value::NONE) => Singleton::None,
                    Some(Value::TRUE) => Singleton::True,
                    Some(Value::FALSE) => Singleton::False,
                    None => return Err(cx.type_error("required field \"value\" missing from MatchSingleton")),
                    Some(_) => {
                        return Err(cx.value_error("MatchSingleton can only contain True, False and None"));
                    }
                };
                let range = self.close(start, place);
                Pattern::MatchSingleton(ast::PatternMatchSingleton { node_index, range, value })
            }
            "MatchSequence" => {
                let patterns = self.patterns(cx, node, &class, "patterns", true)?;
                let range = self.close(start, place);
                Pattern::MatchSequence(ast::PatternMatchSequence { node_index, range, patterns })
            }
            "MatchMapping" => self.mapping(cx, node, &class, place, start)?,
            "MatchClass" => self.class_pattern(cx, node, &class, place, start)?,
            "MatchStar" => {
                if !star {
                    return Err(cx.value_error("can't use MatchStar here"));
                }
                let name = self.capture(cx, node, "name", start)?;
                let range = self.close(start, place);
                Pattern::MatchStar(ast::PatternMatchStar { node_index, range, name })
            }
            "MatchAs" => {
                let name = self.capture(cx, node, "name", start)?;
                let pattern = match self.optional(cx, node, "pattern")? {
                    Some(_) if name.is_none() => {
                        let message = "MatchAs must specify a target name if a pattern is given";
                        return Err(cx.value_error(message));
                    }
                    Some(pattern) => Some(Box::new(self.pattern(cx, pattern, false)?)),
                    None => None,
                };
                let range = self.close(start, place);
                Pattern::MatchAs(ast::PatternMatchAs { node_index, range, pattern, name })
            }
            _ => {
                let patterns = self.patterns(cx, node, &class, "patterns", false)?;
                if patterns.len() < 2 {
                    return Err(cx.value_error("MatchOr requires at least 2 patterns"));
                }
                let range = self.close(start, place);
                Pattern::MatchOr(ast::PatternMatchOr { node_index, range, patterns })
            }
        })
    }

    /// A name to bind, which cannot be `_`.
    fn capture(
        &mut self,
        cx: &mut Context,
        node: Value,
        name: &str,
        at: TextSize,
    ) -> Result<Option<ast::Identifier>> {
        let name = self.optional_identifier(cx, node, name, at)?;
        if let Some(name) = &name {
            if name.as_str() == "_" {
                return Err(cx.value_error("can't capture name '_' in patterns"));
            }
        }
        Ok(name)
    }

    fn mapping(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        place: Place,
        start: TextSize,
    ) -> Result<Pattern> {
        let keys = self.items(cx, node, class, "keys")?;
        let values = self.items(cx, node, class, "patterns")?;
        if keys.len() != values.len() {
            let message = "MatchMapping doesn't have the same number of keys as patterns";
            return Err(cx.value_error(message));
        }
        let rest = self.capture(cx, node, "rest", start)?;
        let keys: Vec<Expr> =
            keys.items().iter().map(|key| self.expr(cx, *key, Use::Load)).collect::<Result<_>>()?;
        for key in &keys {
            let singleton = matches!(key, Expr::NoneLiteral(_) | Expr::BooleanLiteral(_));
            if !singleton {
                self.check_value(cx, key)?;
            }
        }
        let patterns = self.patterns(cx, node, class, "patterns", false)?;
        Ok(Pattern::MatchMapping(ast::PatternMatchMapping {
            node_index: NO_INDEX,
            range: self.close(start, place),
            keys: keys.into_iter().collect(),
            patterns: patterns.into_iter().collect(),
            rest,
        }))
    }

    fn class_pattern(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        place: Place,
        start: TextSize,
    ) -> Result<Pattern> {
        let attrs = self.items(cx, node, class, "kwd_attrs")?;
        let values = self.items(cx, node, class, "kwd_patterns")?;
        if attrs.len() != values.len() {
            let message = "MatchClass doesn't have the same number of keyword attributes as patterns";
            return Err(cx.value_error(message));
        }
        let cls = Box::new(self.expr_field(cx, node, class, "cls", Use::Load)?);
        let mut inner = &*cls;
        while let Expr::Attribute(attribute) = inner {
            inner = &attribute.value;
        }
        if !inner.is_name_expr() {
            let message = "MatchClass cls field can only contain Name or Attribute nodes.";
            return Err(cx.value_error(message));
        }
        let inside = self.open(place);
        let patterns = self.patterns(cx, node, class, "patterns", false)?;
        let mut keywords = Vec::with_capacity(attrs.len());
        for (attr, value) in attrs.items().iter().zip(values.items()) {
            let attr = self.identifier(cx, *attr, inside)?;
            let pattern = self.pattern(cx, *value, false)?;
            let range = taipan_syntax::Ranged::range(&pattern);
            keywords.push(ast::PatternKeyword { node_index: NO_INDEX, range, attr, pattern });
        }
        let range = self.close(start, place);
        let arguments = ast::PatternArguments {
            node_index: NO_INDEX,
            range: TextRange::new(inside, range.end()),
            patterns: patterns.into_iter().collect(),
            keywords,
        };
        Ok(Pattern::MatchClass(ast::PatternMatchClass { node_index: NO_INDEX, range, cls, arguments }))
    }

    /// Only literals and dotted names can be compared with.
    fn check_value(&self, cx: &Context, value: &Expr) -> Result<()> {
        let good = match value {
            Expr::NumberLiteral(node) => {
                let given = self.constants.get(&node.range.start());
                if matches!(given, Some(Const::Tuple(_) | Const::FrozenSet(_))) {
                    return Err(cx.value_error("unexpected constant inside of a literal pattern"));
                }
                true
            }
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_) => true,
            Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) | Expr::EllipsisLiteral(_) => {
                return Err(cx.value_error("unexpected constant inside of a literal pattern"));
            }
            Expr::Attribute(_) => true,
            Expr::UnaryOp(node) => node.op == ast::UnaryOp::USub && node.operand.is_number_literal_expr(),
            Expr::BinOp(node) => {
                let left = match &*node.left {
                    Expr::UnaryOp(unary) => {
                        unary.op == ast::UnaryOp::USub && unary.operand.is_number_literal_expr()
                    }
                    left => left.is_number_literal_expr(),
                };
                let op = matches!(node.op, ast::Operator::Add | ast::Operator::Sub);
                left && op && node.right.is_number_literal_expr()
            }
            _ => false,
        };
        if good {
            Ok(())
        } else {
            Err(cx.value_error("patterns may only match literals and attribute lookups"))
        }
    }
}
