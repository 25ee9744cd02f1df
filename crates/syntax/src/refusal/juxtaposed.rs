//! Two expressions side by side, and expressions that stop half-way. CPython: `invalid_expression`.
//! Invariant: both expressions parse by themselves.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{TextRange, TextSize};

use super::targets::trimmed;
use super::{Refusal, Tok};
use crate::SyntaxError;

/// Tokens that the second of two expressions may have.
const MAX_TOKENS: usize = 64;

impl Refusal<'_> {
    /// An expression follows another without anything between them.
    pub(super) fn juxtaposed(&self) -> SyntaxError {
        let (Some(before), token) = (self.before(), self.token()) else { return self.generic() };
        let first = self.line_start(self.at);
        let second = self.tokens.iter().position(|token| token.range.start() >= first.range.end());
        let legacy = self.legacy_statement(before, self.at);
        if let Some(legacy) = legacy.or_else(|| self.legacy_statement(first, second?)) {
            return legacy;
        }
        let soft = matches!(self.text(before.range), "match" | "case" | "type" | "_");
        let string_after_name = before.kind == TokenKind::Name && token.kind == TokenKind::String;
        if self.opener().is_some()
            && !self.in_parameters()
            && ends_expression(before.kind)
            && starts_expression(token.kind)
            && !soft
            && !string_after_name
            && !self.in_loop_of_comprehension()
        {
            if let Some(range) = self.two_expressions() {
                let next = self.token_after(range.end());
                if let Some(opener) = self.opener()
                    && matches!(next.kind, TokenKind::Newline | TokenKind::EndOfFile)
                {
                    return self.unclosed(opener);
                }
                return self.error("invalid syntax. Perhaps you forgot a comma?", range);
            }
        }
        self.generic()
    }

    /// Is there an `else` in the rest of the line?
    pub(super) fn line_has_else(&self) -> bool {
        let line = self.tokens[self.at..].iter().take_while(|token| token.kind != TokenKind::Newline);
        line.clone().any(|token| token.kind == TokenKind::Else)
    }

    /// `[x for x in y z]`: what a comprehension goes through, or its condition, is no expression of the grammar.
    fn in_loop_of_comprehension(&self) -> bool {
        let mut depth = 0;
        let mut is_behind_in = false;
        for token in self.tokens[..self.at].iter().rev() {
            match token.kind {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace if depth > 0 => depth -= 1,
                TokenKind::In if depth == 0 => is_behind_in = true,
                TokenKind::For if depth == 0 => return is_behind_in,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::Comma if depth == 0 => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// A bracket that nothing closes.
    pub(super) fn unclosed(&self, opener: Tok) -> SyntaxError {
        let at = TextRange::empty(opener.range.start());
        let mut error = self.error(format!("'{}' was never closed", self.text(opener.range)), at);
        error.end_column = 0;
        error
    }

    /// Does nothing close a bracket?
    pub(super) fn never_closed(&self, opener: Tok) -> bool {
        let mut depth = 0;
        let behind = self.tokens.iter().filter(|token| token.range.start() >= opener.range.start());
        for token in behind {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return false;
            }
        }
        true
    }

    /// `[x for x if y]`: the `if`.
    fn condition_without_in(&self) -> Option<Tok> {
        let opener = self.opener()?;
        let inside = self.tokens[..self.at].iter().filter(|token| token.range.start() >= opener.range.end());
        let inside: Vec<&Tok> = inside.collect();
        let loop_at = inside.iter().rposition(|token| token.kind == TokenKind::For)?;
        let rest = &inside[loop_at..];
        if rest.iter().any(|token| token.kind == TokenKind::In) {
            return None;
        }
        rest.iter().find(|token| token.kind == TokenKind::If).map(|token| **token)
    }

    /// Where the expression at the error ends.
    pub(super) fn second_end(&self) -> TextSize {
        self.two_expressions().map_or(self.token().range.end(), |range| range.end())
    }

    /// From the start of the expression before the error to the end of the one after it.
    pub(super) fn two_expressions(&self) -> Option<TextRange> {
        let boundary = |kind: TokenKind| {
            use TokenKind::*;
            matches!(
                kind,
                Comma
                    | Colon
                    | Equal
                    | As
                    | FStringMiddle
                    | TStringMiddle
                    | Exclamation
                    | Unknown
                    | Lpar
                    | Lsqb
                    | Lbrace
                    | Rpar
                    | Rsqb
                    | Rbrace
                    | For
                    | ColonEqual
                    | Star
            )
        };
        let mut depth = 0;
        let mut start = self.before()?.range.start();
        for at in (0..self.at).rev() {
            let kind = self.tokens[at].kind;
            match kind {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace if depth > 0 => depth -= 1,
                kind if depth == 0 && boundary(kind) => break,
                _ => {}
            }
            start = self.tokens[at].range.start();
        }
        let mut depth = 0;
        let mut end = self.token().range.end();
        for token in &self.tokens[self.at..] {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace if depth > 0 => depth -= 1,
                kind if depth == 0 && boundary(kind) => break,
                TokenKind::EndOfFile => return None,
                _ => {}
            }
            end = token.range.end();
        }
        let first = TextRange::new(start, self.before()?.range.end());
        self.parsed(first)?;
        // The second is the longest that parses.
        let from = self.token().range.start();
        let ends = self.tokens[self.at..].iter().map(|token| token.range.end());
        let ends: Vec<TextSize> = ends.take_while(|&at| at <= end).take(MAX_TOKENS).collect();
        let last = ends.into_iter().rev().find(|&at| self.parsed(TextRange::new(from, at)).is_some())?;
        Some(TextRange::new(start, last))
    }

    /// `print` or `exec` where an expression may begin, and an expression from token `at` on.
    fn legacy_statement(&self, name: Tok, at: usize) -> Option<SyntaxError> {
        let word = self.text(name.range);
        if name.kind != TokenKind::Name
            || !matches!(word, "print" | "exec")
            || !self.begins_expression(at - 1)
        {
            return None;
        }
        let first = *self.tokens.get(at)?;
        if first.kind == TokenKind::Lpar {
            return None;
        }
        if let Some(inner) = self.legacy_of_operand(first, at) {
            return Some(inner);
        }
        let ends = |kind| matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
        let ends = self.tokens[at..].iter().take_while(|token| !ends(token.kind)).take(MAX_TOKENS);
        let ends: Vec<TextSize> = ends.map(|token| token.range.end()).collect();
        let rest = |end| trimmed(self.source, TextRange::new(name.range.end(), end));
        let end = ends.into_iter().rev().find(|&end| self.parsed(rest(end)).is_some())?;
        let range = TextRange::new(name.range.start(), end);
        Some(self.error(format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?"), range))
    }

    /// `print print x`: the inner one is found first.
    fn legacy_of_operand(&self, name: Tok, at: usize) -> Option<SyntaxError> {
        let next = self.tokens.get(at + 1)?;
        (starts_expression(next.kind) && next.kind != TokenKind::Lpar)
            .then(|| self.legacy_statement(name, at + 1))
            .flatten()
    }

    /// Whether an expression, and not only an operand, may begin with token `at`.
    fn begins_expression(&self, at: usize) -> bool {
        use TokenKind::*;
        let Some(before) = at.checked_sub(1).map(|before| self.tokens[before]) else { return true };
        matches!(before.kind, Newline | Indent | Dedent | Semi | Colon | Comma | Equal | ColonEqual)
            || matches!(before.kind, Lpar | Lsqb | Lbrace | Return | Assert | While | With | Raise | Yield)
            || matches!(before.kind, If | Elif) && self.line_start(at).range == before.range
            || matches!(self.text(before.range), "print" | "exec")
    }

    pub(super) fn missing_else(&self) -> SyntaxError {
        if self.token().kind == TokenKind::Colon {
            return self.generic();
        }
        if let Some(condition) = self.condition_without_in() {
            return self.error("'in' expected after for-loop variables", condition.range);
        }
        let mut depth = 0;
        let mut start = None;
        for at in (0..self.at).rev() {
            let token = self.tokens[at];
            match token.kind {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace if depth == 0 => break,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth -= 1,
                TokenKind::Comma
                | TokenKind::Equal
                | TokenKind::Newline
                | TokenKind::Semi
                | TokenKind::Colon
                | TokenKind::Return
                    if depth == 0 =>
                {
                    break;
                }
                _ => {}
            }
            start = Some(token.range.start());
        }
        let end = self.before().map_or(self.range.end(), |token| token.range.end());
        let start = start.unwrap_or(end);
        self.error("expected 'else' after 'if' expression", TextRange::new(start, end))
    }
}

pub(super) fn ends_expression(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Name | Int
            | Float
            | Complex
            | String
            | FStringEnd
            | TStringEnd
            | Rpar
            | Rsqb
            | Rbrace
            | None
            | True
            | False
            | Ellipsis
    )
}

pub(super) fn starts_expression(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Name | Int
            | Float
            | Complex
            | String
            | FStringStart
            | TStringStart
            | Lpar
            | Lsqb
            | Lbrace
            | None
            | True
            | False
            | Ellipsis
            | Lambda
            | Await
            | Tilde
    )
}
