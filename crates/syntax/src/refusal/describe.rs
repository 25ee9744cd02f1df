//! Expressions in CPython's words. CPython: `_PyPegen_get_expr_name`.
//! Invariant: a range is parsed only after the parser refused the whole text.

use ruff_python_ast::Expr;
use ruff_python_parser::parse_expression;
use ruff_text_size::TextRange;

use super::Refusal;

impl Refusal<'_> {
    /// The expression at a range, if it is one. Its positions count from the start of the range.
    pub(super) fn parsed(&self, range: TextRange) -> Option<Expr> {
        let text = self.source.slice(range);
        // Parsing a slice of a broken file: brackets within are few, since the whole was checked.
        parse_expression(text).ok().map(|parsed| parsed.into_expr())
    }

    /// Is it an operand of `|` or binds tighter?
    pub(super) fn is_operand(&self, range: TextRange) -> bool {
        use Expr::*;
        if self.source.text()[..range.start().to_usize()].ends_with('(') {
            return true;
        }
        match self.parsed(range) {
            Some(UnaryOp(node)) => node.op != ruff_python_ast::UnaryOp::Not,
            Some(
                BoolOp(_) | Compare(_) | Lambda(_) | If(_) | Yield(_) | YieldFrom(_) | Named(_) | Starred(_),
            )
            | None => false,
            Some(_) => true,
        }
    }

    /// The kind of the expression at a range, in CPython's words (`_PyPegen_get_expr_name`).
    pub(super) fn describe(&self, range: TextRange) -> String {
        use Expr::*;
        let wrapped = || parse_expression(&format!("({})", self.text(range))).ok();
        let Some(expr) = self.parsed(range).or_else(|| wrapped().map(|parsed| parsed.into_expr())) else {
            let text = self.text(range);
            let yields = text.starts_with("yield");
            return if yields {
                "yield expression"
            } else if text.starts_with('*') {
                "starred"
            } else {
                "expression"
            }
            .into();
        };
        match expr {
            Attribute(_) => "attribute",
            Subscript(_) => "subscript",
            Starred(_) => "starred",
            Name(_) => "name",
            List(_) => "list",
            Tuple(_) => "tuple",
            Lambda(_) => "lambda",
            Call(_) => "function call",
            BoolOp(_) | BinOp(_) | UnaryOp(_) => "expression",
            Generator(_) => "generator expression",
            Yield(_) | YieldFrom(_) => "yield expression",
            Await(_) => "await expression",
            ListComp(_) => "list comprehension",
            SetComp(_) => "set comprehension",
            DictComp(_) => "dict comprehension",
            Dict(_) => "dict literal",
            Set(_) => "set display",
            FString(_) => "f-string expression",
            TString(_) => "t-string expression",
            NumberLiteral(_) | StringLiteral(_) | BytesLiteral(_) => "literal",
            BooleanLiteral(node) if node.value => "True",
            BooleanLiteral(_) => "False",
            NoneLiteral(_) => "None",
            EllipsisLiteral(_) => "ellipsis",
            Compare(_) => "comparison",
            If(_) => "conditional expression",
            Named(_) => "named expression",
            _ => "expression",
        }
        .into()
    }
}
