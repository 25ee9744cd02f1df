//! Errors in the replacement fields of f-strings and t-strings. CPython: `invalid_fstring_replacement_field`.
//! Invariant: only asked when the parser stopped within a field.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::InterpolatedStringErrorType;
use ruff_text_size::TextRange;

use super::Refusal;
use super::juxtaposed::ends_expression;
use crate::SyntaxError;

/// Tokens that the expression of a field may have.
const MAX_TOKENS: usize = 64;

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
                    false if self.token().kind != TokenKind::Name => {
                        format!("{what}: invalid conversion character")
                    }
                    false => {
                        format!("{what}: invalid conversion character '{found}': expected 's', 'r', or 'a'")
                    }
                };
                self.error(message, self.range)
            }
            UnclosedLbrace if matches!(self.token().kind, TokenKind::Newline | TokenKind::EndOfFile) => {
                match self.broken_field() {
                    Some((message, range)) => self.error(message, range),
                    None => self.error(format!("{what}: expecting '}}'"), start),
                }
            }
            UnclosedLbrace => self.juxtaposed(),
            SingleRbrace => self.error(format!("{what}: single '}}' is not allowed"), start),
            LambdaWithoutParentheses if self.lambda_is_operand() => {
                let message = format!("{what}: expecting a valid expression after '{{'");
                match self.field_opener().map(|opener| self.token_after(opener.end())) {
                    Some(first) => self.error(message, first.range),
                    None => self.error(message, self.range),
                }
            }
            LambdaWithoutParentheses => self
                .error(format!("{what}: lambda expressions are not allowed without parentheses"), self.range),
            ConversionFlagNotImmediatelyAfterExclamation => {
                let before = self.before().filter(|before| before.kind == TokenKind::Exclamation);
                let from = before.map_or(self.range.start(), |before| before.range.start());
                self.error(
                    format!("{what}: conversion type must come right after the exclamation mark"),
                    TextRange::new(from, self.token().range.end().max(self.range.end())),
                )
            }
            NewlineInFormatSpec => self.error(
                format!("{what}: newlines are not allowed in format specifiers for single quoted {what}s"),
                start,
            ),
            UnterminatedString | UnterminatedTripleQuotedString => self.generic(),
        }
    }

    /// What CPython's rules say about the innermost field that is open at the error, in their order.
    pub(super) fn broken_field(&self) -> Option<(&'static str, TextRange)> {
        let opener = self.field_opener()?;
        let open = self.tokens.iter().position(|token| token.range == opener)?;
        let token = |at: usize| self.tokens.get(at).copied().unwrap_or(self.token());
        // The quote at the end of the string is the tokenizer's matter.
        let ends = |at: usize| {
            use TokenKind::{EndOfFile, FStringEnd, Newline, TStringEnd};
            matches!(token(at).kind, Newline | EndOfFile | FStringEnd | TStringEnd)
        };
        let first = token(open + 1);
        if ends(open + 1) {
            return None;
        }
        let required = match self.text(first.range) {
            "=" => Some("f-string: valid expression required before '='"),
            "!" => Some("f-string: valid expression required before '!'"),
            ":" => Some("f-string: valid expression required before ':'"),
            "}" => Some("f-string: valid expression required before '}'"),
            _ => None,
        };
        if let Some(message) = required {
            return Some((message, first.range));
        }
        if let Some(lambda) = self.open_lambda(open) {
            return Some(lambda);
        }
        let last = (open + 1..=self.at.min(open + MAX_TOKENS)).rev().find(|&last| {
            let range = TextRange::new(first.range.start(), token(last).range.end().max(first.range.end()));
            self.parsed(range).is_some()
        });
        let Some(last) = last else {
            return Some(("f-string: expecting a valid expression after '{'", first.range));
        };
        let mut at = last + 1;
        let next = |at: usize, allowed: &str, message: &'static str| {
            let found = token(at);
            let good = allowed.split(' ').any(|text| text == self.text(found.range));
            (!good && !ends(at)).then_some((message, found.range))
        };
        if let Some(wrong) = next(at, "= ! : }", "f-string: expecting '=', or '!', or ':', or '}'") {
            return Some(wrong);
        }
        if token(at).kind == TokenKind::Equal {
            at += 1;
            if let Some(wrong) = next(at, "! : }", "f-string: expecting '!', or ':', or '}'") {
                return Some(wrong);
            }
        }
        if token(at).kind == TokenKind::Exclamation {
            at += 2;
            if token(at - 1).kind != TokenKind::Name {
                return None;
            }
            if let Some(wrong) = next(at, ": }", "f-string: expecting ':' or '}'") {
                return Some(wrong);
            }
        }
        let spec = token(at).kind == TokenKind::Colon && at < self.at && self.in_field_braces();
        (spec && self.token().kind != TokenKind::Rbrace)
            .then(|| ("f-string: expecting '}', or format specs", self.token().range))
    }

    /// Does an operator stand before the lambda at the error?
    fn lambda_is_operand(&self) -> bool {
        let at = self.tokens.partition_point(|token| token.range.start() < self.range.start());
        let before = at.checked_sub(1).map(|before| self.tokens[before].kind);
        before.is_some_and(|kind| !matches!(kind, TokenKind::Lbrace | TokenKind::Comma | TokenKind::Star))
    }

    /// A lambda whose colon would begin the format specification.
    fn open_lambda(&self, open: usize) -> Option<(&'static str, TextRange)> {
        let inside = self.tokens.get(open + 1..self.at)?;
        let at = inside.iter().rposition(|token| token.kind == TokenKind::Lambda)?;
        let behind = at == 0 || matches!(inside[at - 1].kind, TokenKind::Comma | TokenKind::Star);
        let last = inside.last().filter(|last| behind && last.kind == TokenKind::Colon)?;
        let message = "f-string: lambda expressions are not allowed without parentheses";
        Some((message, TextRange::new(inside[at].range.start(), last.range.end())))
    }

    /// The brace of the innermost field around the error.
    pub(super) fn field_opener(&self) -> Option<TextRange> {
        if !self.in_interpolation() {
            return None;
        }
        let mut open = Vec::new();
        for (at, token) in self.tokens[..self.at].iter().enumerate() {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(at),
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => drop(open.pop()),
                _ => {}
            }
        }
        let field = |at: &usize| self.tokens[*at].kind == TokenKind::Lbrace && self.is_field(*at);
        open.into_iter().rev().find(field).map(|at| self.tokens[at].range)
    }

    /// Is the innermost bracket around the error that of a field?
    pub(super) fn in_field_braces(&self) -> bool {
        let opener = self.opener();
        opener.is_some() && self.field_opener() == opener.map(|opener| opener.range)
    }

    /// Does a field begin with the brace at this token?
    fn is_field(&self, at: usize) -> bool {
        use TokenKind::{
            Colon, FStringEnd, FStringMiddle, FStringStart, Rbrace, TStringEnd, TStringMiddle, TStringStart,
        };
        let Some(before) = at.checked_sub(1) else { return false };
        match self.tokens[before].kind {
            FStringStart | FStringMiddle | FStringEnd | TStringStart | TStringMiddle | TStringEnd
            | Rbrace => true,
            // That of a format specification, if the bracket around it is a field's.
            Colon => {
                let mut depth = 0;
                let around = (0..before).rev().find(|&at| {
                    match self.tokens[at].kind {
                        TokenKind::Rpar | TokenKind::Rsqb | Rbrace => depth += 1,
                        TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth -= 1,
                        _ => {}
                    }
                    depth < 0
                });
                around.is_some_and(|at| self.tokens[at].kind == TokenKind::Lbrace && self.is_field(at))
            }
            _ => false,
        }
    }

    /// An error about an f-string is about a t-string if it is in one.
    pub(super) fn in_words_of_string(&self, mut error: SyntaxError) -> SyntaxError {
        if let Some(words) = error.message.strip_prefix("f-string: ").filter(|_| self.in_template()) {
            error.message = format!("t-string: {words}");
        }
        error
    }

    /// Is the innermost string around the error a t-string?
    fn in_template(&self) -> bool {
        let mut open = Vec::new();
        for token in &self.tokens[..self.at] {
            match token.kind {
                TokenKind::FStringStart | TokenKind::TStringStart => open.push(token.kind),
                TokenKind::FStringEnd | TokenKind::TStringEnd => drop(open.pop()),
                _ => {}
            }
        }
        open.last() == Some(&TokenKind::TStringStart)
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
