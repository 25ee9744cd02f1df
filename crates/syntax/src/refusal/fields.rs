//! Errors in the replacement fields of f-strings and t-strings. CPython: `invalid_fstring_replacement_field`.
//! Invariant: only asked when the parser stopped within a field.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::InterpolatedStringErrorType;
use ruff_text_size::TextRange;

use super::Refusal;
use super::juxtaposed::ends_expression;
use crate::SyntaxError;

impl Refusal<'_> {
    /// What is wrong in a replacement field of an f-string, if nothing but that explains the error.
    pub(super) fn field_message(&self) -> Option<(&'static str, TextRange)> {
        if !self.in_interpolation() {
            return None;
        }
        let (token, before) = (self.token(), self.before()?);
        let operand = ends_expression(before.kind);
        let exclamation =
            self.at.checked_sub(2).map(|at| self.tokens[at].kind) == Some(TokenKind::Exclamation);
        match token.kind {
            TokenKind::Comma if before.kind == TokenKind::Lbrace => {
                Some(("f-string: expecting a valid expression after '{'", token.range))
            }
            _ if exclamation && before.kind == TokenKind::Name => {
                Some(("f-string: expecting ':' or '}'", token.range))
            }
            TokenKind::Unknown if operand => {
                Some(("f-string: expecting '=', or '!', or ':', or '}'", token.range))
            }
            _ => None,
        }
    }

    pub(super) fn interpolated(&self, what: &str, kind: &InterpolatedStringErrorType) -> SyntaxError {
        use InterpolatedStringErrorType::*;
        let start = TextRange::empty(self.range.start());
        match kind {
            InvalidConversionFlag => {
                let found = self.text(self.token().range);
                let message = match ends_field(self.token().kind) {
                    true => format!("{what}: missing conversion character"),
                    false => {
                        format!("{what}: invalid conversion character '{found}': expected 's', 'r', or 'a'")
                    }
                };
                self.error(message, self.range)
            }
            UnclosedLbrace if matches!(self.token().kind, TokenKind::Newline | TokenKind::EndOfFile) => {
                self.error(format!("{what}: expecting '}}'"), start)
            }
            UnclosedLbrace => self.juxtaposed(),
            SingleRbrace => self.error(format!("{what}: single '}}' is not allowed"), start),
            LambdaWithoutParentheses => self
                .error(format!("{what}: lambda expressions are not allowed without parentheses"), self.range),
            ConversionFlagNotImmediatelyAfterExclamation => self.error(
                format!("{what}: conversion type must come right after the exclamation mark"),
                self.range,
            ),
            NewlineInFormatSpec => self.error(
                format!("{what}: newlines are not allowed in format specifiers for single quoted {what}s"),
                start,
            ),
            UnterminatedString | UnterminatedTripleQuotedString => self.generic(),
        }
    }

    /// A field whose expression does not parse, or does not end where it should.
    pub(super) fn broken_field(&self) -> Option<(&'static str, TextRange)> {
        let opener = self.field_opener()?;
        let token = self.token();
        let inside: Vec<_> =
            self.tokens[..self.at].iter().filter(|token| token.range.start() >= opener.end()).collect();
        let Some(first) = inside.first() else {
            return Some(("f-string: expecting a valid expression after '{'", token.range));
        };
        let last = inside.last().map_or(first.range, |last| last.range);
        let lambda = inside.iter().rev().find(|token| token.kind == TokenKind::Lambda);
        if let Some(lambda) = lambda
            && inside.last().is_some_and(|last| last.kind == TokenKind::Colon)
        {
            let message = "f-string: lambda expressions are not allowed without parentheses";
            return Some((message, TextRange::new(lambda.range.start(), last.end())));
        }
        match self.parsed(TextRange::new(first.range.start(), last.end())) {
            Some(_) => Some(("f-string: expecting '=', or '!', or ':', or '}'", token.range)),
            None => Some(("f-string: expecting a valid expression after '{'", first.range)),
        }
    }

    /// The brace of the field, if no bracket is open within it.
    fn field_opener(&self) -> Option<TextRange> {
        use TokenKind::{
            FStringEnd, FStringMiddle, FStringStart, Rbrace, TStringEnd, TStringMiddle, TStringStart,
        };
        if !self.in_interpolation() {
            return None;
        }
        let opener = self.opener().filter(|opener| opener.kind == TokenKind::Lbrace)?;
        let at = self.tokens.iter().position(|token| token.range == opener.range)?;
        let before = self.tokens.get(at.checked_sub(1)?)?.kind;
        let field = matches!(
            before,
            FStringStart | FStringMiddle | FStringEnd | TStringStart | TStringMiddle | TStringEnd | Rbrace
        );
        field.then_some(opener.range)
    }

    pub(super) fn in_interpolation(&self) -> bool {
        let mut depth = 0;
        for token in &self.tokens[..self.at] {
            match token.kind {
                TokenKind::FStringStart | TokenKind::TStringStart => depth += 1,
                TokenKind::FStringEnd | TokenKind::TStringEnd => depth -= 1,
                _ => {}
            }
        }
        depth > 0
    }
}

pub(super) fn ends_field(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Rbrace | TokenKind::Colon)
}
