//! Patterns of `match`.

use taipan_runtime::prelude::*;
use taipan_syntax::Ranged;
use taipan_syntax::ast::{Expr, Pattern, Singleton};

use super::Builder;

impl Builder<'_> {
    fn patterns(&self, cx: &mut Context, patterns: &[Pattern]) -> Result {
        self.list(cx, patterns, |this, cx, pattern| this.pattern(cx, pattern))
    }

    /// A number with a sign, or a complex one, is a constant to the compiler.
    fn pattern_value(&self, cx: &mut Context, expr: &Expr) -> Result {
        let folded = self.optimize.and_then(|_| taipan_compiler::fold_number(self.source, expr));
        match folded.filter(|_| matches!(expr, Expr::UnaryOp(_) | Expr::BinOp(_))) {
            None => self.expr(cx, expr),
            Some(constant) => {
                let value = crate::constant::value_of(cx, &constant);
                self.at(cx, "Constant", &[("value", value), ("kind", Value::NONE)], expr.range())
            }
        }
    }

    pub(super) fn pattern(&self, cx: &mut Context, pattern: &Pattern) -> Result {
        cx.check_recursion(" during ast construction")?;
        let range = pattern.range();
        match pattern {
            Pattern::MatchValue(node) => {
                let value = self.pattern_value(cx, &node.value)?;
                self.at(cx, "MatchValue", &[("value", value)], range)
            }
            Pattern::MatchSingleton(node) => {
                let value = match node.value {
                    Singleton::None => Value::NONE,
                    Singleton::True => Value::TRUE,
                    Singleton::False => Value::FALSE,
                };
                self.at(cx, "MatchSingleton", &[("value", value)], range)
            }
            Pattern::MatchSequence(node) => {
                let patterns = self.patterns(cx, &node.patterns)?;
                self.at(cx, "MatchSequence", &[("patterns", patterns)], range)
            }
            Pattern::MatchMapping(node) => {
                let keys = self.list(cx, &node.keys, |this, cx, key| this.pattern_value(cx, key))?;
                let patterns = self.patterns(cx, &node.patterns)?;
                let rest = self.optional_name(cx, node.rest.as_ref());
                self.at(cx, "MatchMapping", &[("keys", keys), ("patterns", patterns), ("rest", rest)], range)
            }
            Pattern::MatchClass(node) => {
                let cls = self.expr(cx, &node.cls)?;
                let patterns = self.patterns(cx, &node.arguments.patterns)?;
                let keywords = &node.arguments.keywords;
                let attrs = self.list(cx, keywords, |this, cx, keyword| Ok(this.name(cx, &keyword.attr)))?;
                let values =
                    self.list(cx, keywords, |this, cx, keyword| this.pattern(cx, &keyword.pattern))?;
                let fields =
                    [("cls", cls), ("patterns", patterns), ("kwd_attrs", attrs), ("kwd_patterns", values)];
                self.at(cx, "MatchClass", &fields, range)
            }
            Pattern::MatchStar(node) => {
                let name = self.optional_name(cx, node.name.as_ref());
                self.at(cx, "MatchStar", &[("name", name)], range)
            }
            Pattern::MatchAs(node) => {
                let pattern = match &node.pattern {
                    Some(pattern) => self.pattern(cx, pattern)?,
                    None => Value::NONE,
                };
                let name = self.optional_name(cx, node.name.as_ref());
                self.at(cx, "MatchAs", &[("pattern", pattern), ("name", name)], range)
            }
            Pattern::MatchOr(node) => {
                let patterns = self.patterns(cx, &node.patterns)?;
                self.at(cx, "MatchOr", &[("patterns", patterns)], range)
            }
        }
    }
}
