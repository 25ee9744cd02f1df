//! What stands where it may not: assignments in expressions, statements in conditional expressions, words between
//! strings. CPython: `invalid_named_expression`, `invalid_expression`, `invalid_kwarg`, `invalid_for_target`.
//! Invariant: each answer is about the token at which the parser stopped.

use ruff_python_ast::Expr;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{TextRange, TextSize};

use super::juxtaposed::ends_expression;
use super::{Refusal, Tok};
use crate::SyntaxError;

impl Refusal<'_> {
    /// The error, if it is of one of these kinds.
    pub(super) fn misplaced(&self) -> Option<SyntaxError> {
        self.statement_in_expression()
            .or_else(|| self.words_between_strings())
            .or_else(|| self.comparison_as_target())
            .or_else(|| self.assignment_in_brackets())
    }

    /// `pass if x else y`, `x if y else pass`.
    fn statement_in_expression(&self) -> Option<SyntaxError> {
        use TokenKind::*;
        let token = self.token();
        let simple = matches!(
            token.kind,
            Yield
                | Pass
                | Break
                | Continue
                | Return
                | Raise
                | Del
                | Assert
                | Import
                | From
                | Global
                | Nonlocal
        );
        if !simple {
            return Option::None;
        }
        let same_line = |token: &&Tok| !matches!(token.kind, Newline | Semi);
        let mut earlier = self.tokens[..self.at].iter().rev().take_while(same_line);
        if self.before()?.kind == Else && earlier.any(|token| token.kind == If) {
            let message = "expected expression after 'else', but statement is given";
            return Some(self.error(message, token.range));
        }
        let mut later = self.tokens[self.at + 1..].iter().take_while(same_line);
        if later.next()?.kind == If && later.any(|token| token.kind == Else) {
            let message = "expected expression before 'if', but statement is given";
            return Some(self.error(message, token.range));
        }
        Option::None
    }

    /// `"a "b c" d"`.
    fn words_between_strings(&self) -> Option<SyntaxError> {
        if self.before()?.kind != TokenKind::String || self.token().kind == TokenKind::String {
            return None;
        }
        let words: Vec<&Tok> = self.tokens[self.at..]
            .iter()
            .take_while(|token| ends_expression(token.kind) && token.kind != TokenKind::String)
            .collect();
        let last = words.last()?;
        let next = self.tokens.get(self.at + words.len())?;
        let range = TextRange::new(self.token().range.start(), last.range.end());
        let message = "invalid syntax. Is this intended to be part of the string?";
        (next.kind == TokenKind::String).then(|| self.error(message, range))
    }

    /// `for i < (): pass`: the target ends before the comparison.
    fn comparison_as_target(&self) -> Option<SyntaxError> {
        let first = self.line_start(self.at);
        let range = TextRange::new(self.range.start(), self.range.end().max(self.range.start()));
        if first.kind != TokenKind::For || self.range.is_empty() {
            return None;
        }
        let Some(Expr::Compare(node)) = self.parsed(range) else { return None };
        let left = ruff_text_size::Ranged::range(&*node.left).end();
        Some(self.error_at_token("invalid syntax", self.token_after(range.start() + left)))
    }

    /// `[a=1]`, `(a.b=1)`.
    fn assignment_in_brackets(&self) -> Option<SyntaxError> {
        let token = self.token();
        let opener = self.opener()?;
        if token.kind != TokenKind::Equal || self.in_parameters() || self.in_interpolation() {
            return None;
        }
        let at = self.tokens.iter().position(|token| token.range == opener.range)?;
        let called = at > 0 && ends_expression(self.tokens[at - 1].kind);
        if called && opener.kind == TokenKind::Lpar {
            return self.assignment_in_call(token);
        }
        let operand = self.operand_before()?;
        let end = self.operand_end(self.at + 1);
        if self.parsed(operand)?.is_name_expr() {
            let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
            return Some(self.error(message, TextRange::new(operand.start(), end)));
        }
        let what = self.describe(operand);
        if matches!(&*what, "True" | "False" | "None" | "list" | "tuple" | "generator expression") {
            return None;
        }
        let message = format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?");
        Some(self.error(message, operand))
    }

    /// `f(**k={})`, `f((x)=2)`.
    fn assignment_in_call(&self, equal: Tok) -> Option<SyntaxError> {
        let argument = self.operand_before()?;
        if let Some(error) = self.unpacking_assigned(argument) {
            return Some(error);
        }
        if !self.text(argument).starts_with('(') {
            return None;
        }
        let range = TextRange::new(argument.start() + TextSize::new(1), equal.range.end());
        Some(self.error("expression cannot contain assignment, perhaps you meant \"==\"?", range))
    }

    /// `f(*args=[0])`.
    pub(super) fn unpacking_assigned(&self, argument: TextRange) -> Option<SyntaxError> {
        let start = self.tokens.iter().rev().find(|token| {
            token.range.end() <= argument.end()
                && matches!(token.kind, TokenKind::Star | TokenKind::DoubleStar)
                && token.range.start() + TextSize::new(2) >= argument.start()
        })?;
        let what = match start.kind {
            TokenKind::Star => "iterable argument unpacking",
            _ => "keyword argument unpacking",
        };
        let after = self.tokens.partition_point(|token| token.range.start() < argument.end());
        let range = TextRange::new(start.range.start(), self.operand_end(after + 1));
        Some(self.error(format!("cannot assign to {what}"), range))
    }

    /// The expression that ends before the error.
    fn operand_before(&self) -> Option<TextRange> {
        let mut depth = 0;
        let mut start = self.before()?.range.start();
        for at in (0..self.at).rev() {
            use TokenKind::*;
            match self.tokens[at].kind {
                Rpar | Rsqb | Rbrace => depth += 1,
                Lpar | Lsqb | Lbrace if depth > 0 => depth -= 1,
                Lpar | Lsqb | Lbrace | Comma | Colon | Equal | Star | DoubleStar | And | Or | Not
                    if depth == 0 =>
                {
                    break;
                }
                _ => {}
            }
            start = self.tokens[at].range.start();
        }
        Some(TextRange::new(start, self.before()?.range.end()))
    }

    /// Where the expression that starts with a token ends.
    fn operand_end(&self, at: usize) -> TextSize {
        let mut depth = 0;
        let mut end = self.tokens.get(at).map_or(self.range.end(), |token| token.range.end());
        for token in self.tokens.get(at..).unwrap_or(&[]) {
            use TokenKind::*;
            match token.kind {
                Lpar | Lsqb | Lbrace => depth += 1,
                Rpar | Rsqb | Rbrace if depth > 0 => depth -= 1,
                Rpar | Rsqb | Rbrace | Comma | Colon | Equal | For | Newline | EndOfFile if depth == 0 => {
                    break;
                }
                _ => {}
            }
            end = token.range.end();
        }
        end
    }
}
