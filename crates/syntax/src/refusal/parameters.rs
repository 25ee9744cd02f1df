//! What may be wrong in a parameter list. CPython's counterparts: `invalid_parameters`, `invalid_lambda_parameters`.
//! Invariant: only asked when the parser stopped there.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{TextRange, TextSize};

use super::Refusal;

impl Refusal<'_> {
    /// What is wrong in a parameter list, if the error is there.
    pub(super) fn parameter_message(&self) -> Option<(&'static str, TextRange)> {
        let lambda = self.lambda_parameters();
        let (token, before) = (self.token(), self.before()?);
        if !(self.in_parameters() || lambda || self.parameter_parenthesis().is_some()) {
            return None;
        }
        if let Some(range) = self.parameter_parenthesis() {
            let what = match lambda {
                true => "Lambda expression parameters cannot be parenthesized",
                false => "Function parameters cannot be parenthesized",
            };
            return Some((what, range));
        }
        let opener = self.opener().map_or(TextSize::new(0), |token| token.range.end());
        let earlier = |kind: TokenKind| {
            let since = self.tokens[..self.at].iter().filter(|token| token.range.start() >= opener);
            since.rev().any(|token| token.kind == kind)
        };
        match token.kind {
            TokenKind::Rpar | TokenKind::Comma if before.kind == TokenKind::Equal => {
                Some(("expected default value expression", before.range))
            }
            TokenKind::Star if before.kind == TokenKind::Slash => {
                Some(("expected comma between / and *", token.range))
            }
            TokenKind::Slash if earlier(TokenKind::Star) => Some(("/ must be ahead of *", token.range)),
            TokenKind::Star if earlier(TokenKind::DoubleStar) && before.kind == TokenKind::Comma => {
                Some(("arguments cannot follow var-keyword argument", token.range))
            }
            TokenKind::Star if earlier(TokenKind::Star) => {
                Some(("* argument may appear only once", token.range))
            }
            _ => None,
        }
    }

    /// Is the error between `lambda` and its colon?
    fn lambda_parameters(&self) -> bool {
        let before = self.tokens[..self.at].iter().rev();
        let stop = |kind| matches!(kind, TokenKind::Lambda | TokenKind::Colon | TokenKind::Newline);
        before.map(|token| token.kind).find(|&kind| stop(kind)) == Some(TokenKind::Lambda)
    }

    /// The parentheses around parameters, if the error is at their opening one.
    fn parameter_parenthesis(&self) -> Option<TextRange> {
        let at = [self.at, self.at.saturating_sub(1)]
            .into_iter()
            .find(|&at| self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Lpar))?;
        let lambda = self.tokens[..at].iter().rev().map(|token| token.kind);
        let before = self.tokens.get(at.checked_sub(1)?)?.kind;
        let head = lambda
            .clone()
            .find(|kind| matches!(kind, TokenKind::Lambda | TokenKind::Def | TokenKind::Newline));
        let list = matches!(before, TokenKind::Comma | TokenKind::Lambda | TokenKind::Lpar);
        if !list || !matches!(head, Some(TokenKind::Lambda | TokenKind::Def)) {
            return None;
        }
        let close = self.tokens[at..].iter().find(|token| token.kind == TokenKind::Rpar)?;
        let names = self.tokens[at + 1..].iter().take_while(|token| token.kind != TokenKind::Rpar);
        names.clone().next()?;
        let plain = names.clone().all(|token| matches!(token.kind, TokenKind::Name | TokenKind::Comma));
        plain.then(|| TextRange::new(self.tokens[at].range.start(), close.range.end()))
    }
}
