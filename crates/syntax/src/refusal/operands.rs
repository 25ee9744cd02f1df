//! Operands that are none: `not` behind an operator, stars without an expression, targets of imports.
//! CPython: `invalid_arithmetic`, `invalid_factor`, `invalid_starred_expression`, `invalid_import_from_as_name`.
//! Invariant: each answer is about the token at which the parser stopped.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{TextRange, TextSize};

use super::{Refusal, Tok};
use crate::SyntaxError;

/// Tokens that a target of an import may have.
const MAX_TOKENS: usize = 64;

impl Refusal<'_> {
    /// The error, if it is of one of these kinds.
    pub(super) fn operand_error(&self) -> Option<SyntaxError> {
        self.import_target().or_else(|| self.capture_target()).or_else(|| self.negated_operand())
    }

    /// `3 + not 4`.
    fn negated_operand(&self) -> Option<SyntaxError> {
        use TokenKind::{At, DoubleSlash, Minus, Not, Percent, Plus, Slash, Star, Tilde};
        let (token, before) = (self.token(), self.before()?);
        let operator =
            matches!(before.kind, Plus | Minus | Star | Slash | DoubleSlash | Percent | At | Tilde);
        if token.kind != Not || !operator {
            return None;
        }
        // Only an operand of the kind that the operator takes belongs to it.
        let operand = self.tokens.get(self.at + 1)?.range.start();
        let mut ranges = self.operand_ends(self.at + 1).rev().map(|end| TextRange::new(operand, end));
        let range = ranges.find(|range| self.is_arithmetic(*range))?;
        // CPython's trees have no parentheses.
        let end = operand + ruff_text_size::Ranged::end(&self.parsed(range)?);
        let message = "'not' after an operator must be parenthesized";
        Some(self.error(message, TextRange::new(token.range.start(), end)))
    }

    /// Does the expression bind as tight as a factor?
    fn is_arithmetic(&self, range: TextRange) -> bool {
        use ruff_python_ast::Expr::{
            BinOp, BoolOp, Compare, If, Lambda, Named, Starred, Tuple, Yield, YieldFrom,
        };
        match self.parsed(range) {
            Some(Tuple(tuple)) => tuple.parenthesized,
            // Parentheses are no part of what they surround.
            Some(expr) if ruff_text_size::Ranged::start(&expr) > TextSize::new(0) => true,
            Some(BinOp(node)) => node.op == ruff_python_ast::Operator::Pow,
            Some(
                BoolOp(_) | Compare(_) | If(_) | Lambda(_) | Named(_) | Starred(_) | Yield(_) | YieldFrom(_),
            )
            | None => false,
            Some(ruff_python_ast::Expr::UnaryOp(node)) => node.op != ruff_python_ast::UnaryOp::Not,
            Some(_) => true,
        }
    }

    /// Ends of the tokens from one on, to the end of the line.
    fn operand_ends(&self, from: usize) -> impl DoubleEndedIterator<Item = TextSize> {
        let line = self.tokens[from.min(self.tokens.len())..]
            .iter()
            .take_while(|token| !matches!(token.kind, TokenKind::Newline | TokenKind::EndOfFile));
        line.take(MAX_TOKENS).map(|token| token.range.end()).collect::<Vec<_>>().into_iter()
    }

    /// `import a as b.c`, `from a import b as f()`.
    fn import_target(&self) -> Option<SyntaxError> {
        let first = self.line_start(self.at);
        if !matches!(first.kind, TokenKind::Import | TokenKind::From) {
            return None;
        }
        let as_at = self.as_of_line(first)?;
        let (target, next) = (self.tokens.get(as_at + 1)?, self.tokens.get(as_at + 2)?);
        let ends = matches!(
            next.kind,
            TokenKind::Comma | TokenKind::Rpar | TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile
        );
        if target.kind == TokenKind::Name && ends {
            return None;
        }
        let range = self.target_range(as_at)?;
        let message = format!("cannot use {} as import target", self.describe(range));
        Some(self.error(message, range))
    }

    /// `case 1 as a.b`.
    fn capture_target(&self) -> Option<SyntaxError> {
        let first = self.line_start(self.at);
        if self.text(first.range) != "case" {
            return None;
        }
        let range = self.target_range(self.as_of_line(first)?)?;
        let what = self.describe(range);
        if matches!(&*what, "name" | "subscript") {
            return None;
        }
        // CPython's trees have no parentheses.
        let inner = ruff_text_size::Ranged::range(&self.parsed(range)?) + range.start();
        Some(self.error(format!("cannot use {what} as pattern target"), inner))
    }

    /// The last `as` of a line before the error.
    fn as_of_line(&self, first: Tok) -> Option<usize> {
        let line = self.tokens.iter().position(|token| token.range == first.range)?;
        let last = self.at.min(self.tokens.len() - 1);
        (line..=last).rev().find(|at| self.tokens[*at].kind == TokenKind::As)
    }

    /// The longest expression behind an `as`.
    fn target_range(&self, as_at: usize) -> Option<TextRange> {
        let start = self.tokens.get(as_at + 1)?.range.start();
        self.operand_ends(as_at + 1).rev().map(|end| TextRange::new(start, end)).find(|range| {
            self.parsed(*range).is_some_and(|expr| match expr {
                ruff_python_ast::Expr::Tuple(tuple) => tuple.parenthesized,
                ruff_python_ast::Expr::Starred(_) => false,
                _ => true,
            })
        })
    }

    /// `f(x, *)`, `a[*(1:2)]`: a star in one of the open brackets, behind which there is no expression.
    pub(super) fn bare_star_expression(&self) -> bool {
        let mut open: Vec<usize> = Vec::new();
        for (at, token) in self.tokens[..self.at].iter().enumerate() {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(at),
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => drop(open.pop()),
                _ => {}
            }
        }
        if self.in_parameters() {
            return false;
        }
        open.iter().any(|&opener| {
            let called = opener > 0 && super::juxtaposed::ends_expression(self.tokens[opener - 1].kind);
            called && self.star_without_expression(opener)
        })
    }

    fn star_without_expression(&self, opener: usize) -> bool {
        let mut depth = 0;
        let mut last: Option<(usize, Tok)> = None;
        for at in opener + 1..self.at {
            let token = self.tokens[at];
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                TokenKind::Comma if depth == 0 => last = None,
                TokenKind::Star if depth == 0 => {
                    let before = self.tokens[at - 1].kind;
                    if at - 1 == opener || before == TokenKind::Comma {
                        last = Some((at, token));
                    }
                }
                _ => {}
            }
        }
        let Some((at, star)) = last else { return false };
        let start = star.range.end();
        !(at + 1..self.at)
            .any(|end| self.parsed(TextRange::new(start, self.tokens[end].range.end())).is_some())
    }

    /// `else: .. elif`: where an `else` of the same depth came before.
    pub(super) fn elif_after_else(&self) -> Option<Tok> {
        let structural = |kind| matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
        let elif = self.tokens.get(self.at..)?.iter().find(|token| !structural(token.kind)).copied()?;
        if elif.kind != TokenKind::Elif {
            return None;
        }
        let column = self.source.position(elif.range.start()).column;
        let heads_line = |token: &&Tok| {
            let position = self.source.position(token.range.start());
            let line = self.source.line(position.line);
            !structural(token.kind)
                && position.column <= column
                && line[..position.column as usize].trim().is_empty()
        };
        let head = self.tokens[..self.at].iter().rev().find(heads_line)?;
        let same = self.source.position(head.range.start()).column == column;
        (same && head.kind == TokenKind::Else).then_some(elif)
    }
}
