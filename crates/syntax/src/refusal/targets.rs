//! What cannot be assigned to, deleted or bound. CPython: `invalid_assignment`, `invalid_named_expression`, `invalid_as_pattern`.
//! Invariant: the range named is that of the expression in the way.

use ruff_python_ast::Expr;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Refusal, Tok};
use crate::{Source, SyntaxError};

impl Refusal<'_> {
    pub(super) fn annotated_tuple(&self) -> SyntaxError {
        let message = "only single target (not tuple) can be annotated";
        match self.parsed(self.range) {
            Some(Expr::Tuple(tuple)) if !tuple.parenthesized && !tuple.elts.is_empty() => {
                self.error(message, tuple.elts[0].range() + self.range.start())
            }
            _ => self.error(message, self.range),
        }
    }

    /// `f(True=1)`, `f(a.b=1)`.
    pub(super) fn keyword_name(&self) -> SyntaxError {
        if let Some(error) = self.unpacking_assigned(self.range) {
            return error;
        }
        let equals = self.token_after(self.range.end());
        let range = TextRange::new(self.range.start(), equals.range.end().max(self.range.end()));
        match self.text(self.range) {
            name @ ("True" | "False" | "None") => self.error(format!("cannot assign to {name}"), range),
            _ => self.error("expression cannot contain assignment, perhaps you meant \"==\"?", range),
        }
    }

    /// `[x, y for ..]`, `x <> y`, `case x as _`.
    pub(super) fn target_message(&self) -> Option<(&'static str, TextRange)> {
        let (token, before) = (self.token(), self.before()?);
        if token.kind == TokenKind::Greater
            && before.kind == TokenKind::Less
            && before.range.end() == token.range.start()
        {
            let range = TextRange::new(before.range.start(), token.range.end());
            return Some(("invalid syntax.  Maybe you meant '!=' instead of '<>'?", range));
        }
        let first = self.line_start(self.at);
        if first.kind == TokenKind::Import && token.kind == TokenKind::From {
            let ends = |kind| matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
            let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
            let end = last.map_or(token.range.end(), |token| token.range.end());
            let message = "Did you mean to use 'from ... import ...' instead?";
            return Some((message, TextRange::new(first.range.start(), end)));
        }
        if before.kind == TokenKind::As && self.text(token.range) == "_" {
            return Some(("cannot use '_' as a target", token.range));
        }
        let opener =
            self.opener().filter(|opener| matches!(opener.kind, TokenKind::Lsqb | TokenKind::Lbrace))?;
        if token.kind != TokenKind::For {
            return None;
        }
        let inside = self.tokens[..self.at].iter().filter(|token| token.range.start() >= opener.range.end());
        inside.clone().any(|token| token.kind == TokenKind::Comma).then(|| {
            let start = inside.clone().next().map_or(opener.range.end(), |first| first.range.start());
            let message = "did you forget parentheses around the comprehension target?";
            (message, TextRange::new(start, before.range.end()))
        })
    }

    /// `a.b := 1`.
    pub(super) fn walrus(&self) -> SyntaxError {
        let start = self.line_start(self.at).range.start();
        let Some(before) = self.before().filter(|token| token.range.start() >= start) else {
            return self.generic();
        };
        let range = TextRange::new(start, before.range.end());
        match self.parsed(range) {
            None | Some(Expr::Name(_)) => self.generic(),
            Some(_) => {
                self.error(format!("cannot use assignment expressions with {}", self.describe(range)), range)
            }
        }
    }

    pub(super) fn assignment_target(&self) -> SyntaxError {
        let what = self.describe(self.range);
        if what == "yield expression" && !self.source.text()[..self.range.start().to_usize()].ends_with('(') {
            return self.error("assignment to yield expression not possible", self.range);
        }
        let plain = self.error(format!("cannot assign to {what}"), self.range);
        let literal = matches!(&*what, "True" | "False" | "None" | "list" | "tuple" | "generator expression");
        let later = self.line_start(self.at).range.start() < self.range.start() && self.after_assignment();
        if literal || later || !self.is_operand(self.range) || !self.one_plain_assignment() {
            return plain;
        }
        self.error(format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?"), self.range)
    }

    /// Does an assignment precede the range?
    fn after_assignment(&self) -> bool {
        let start = self.line_start(self.at).range.start();
        let mut depth = 0;
        let before = self
            .tokens
            .iter()
            .filter(|token| token.range.start() >= start && token.range.end() <= self.range.start());
        before.fold(false, |found, token| {
            match token.kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                _ => {}
            }
            found || depth == 0 && token.kind == TokenKind::Equal
        })
    }

    /// Does `= something` follow the range, with no further `=`?
    pub(super) fn one_plain_assignment(&self) -> bool {
        let before = self.tokens.iter().rev().skip_while(|token| token.range.start() >= self.range.start());
        // Parentheses around it alone: those of a tuple are not its own.
        let mut own = before.take_while(|token| token.kind == TokenKind::Lpar).count();
        let mut rest = self.tokens.iter().skip_while(|token| token.range.start() < self.range.end());
        let mut token = rest.next();
        while own > 0 && token.is_some_and(|token| token.kind == TokenKind::Rpar) {
            token = rest.next();
            own -= 1;
        }
        if token.is_none_or(|token| token.kind != TokenKind::Equal) {
            return false;
        }
        let line: Vec<TokenKind> = rest
            .map(|token| token.kind)
            .take_while(|kind| !matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile))
            .collect();
        let starts = !matches!(
            line.first(),
            None | Some(TokenKind::Lambda | TokenKind::Not | TokenKind::Yield | TokenKind::Star)
        );
        let mut depth = 0;
        let again = line.iter().any(|kind| {
            match kind {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(kind, TokenKind::Equal | TokenKind::ColonEqual)
        });
        starts && !again
    }

    /// Where the name after `as` begins, if the tokens before the error are `as name`.
    pub(super) fn after_as(&self) -> Option<Tok> {
        let name = self.before().filter(|token| token.kind == TokenKind::Name)?;
        let keyword = self.at.checked_sub(2).map(|at| self.tokens[at])?;
        (keyword.kind == TokenKind::As).then_some(name)
    }

    /// `import a as b.c`, `case x as y.z`.
    pub(super) fn attribute_target(&self) -> SyntaxError {
        let name = self.after_as().expect("checked by the caller");
        let ends = |kind| {
            use TokenKind::{Colon, Comma, EndOfFile, If, Newline, Semi};
            matches!(kind, Comma | Colon | Newline | Semi | If | EndOfFile)
        };
        let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
        let range =
            TextRange::new(name.range.start(), last.map_or(name.range.end(), |token| token.range.end()));
        let first = self.line_start(self.at);
        if first.kind == TokenKind::Except {
            let star = self.token_after(first.range.end()).kind == TokenKind::Star;
            let clause = if star { "except*" } else { "except" };
            return self.error(format!("cannot use {clause} statement with {}", self.describe(range)), range);
        }
        let import = matches!(first.kind, TokenKind::Import | TokenKind::From);
        let what = if import { "import target" } else { "pattern target" };
        self.error(format!("cannot use {} as {what}", self.describe(range)), range)
    }

    /// `if x = 1:`.
    pub(super) fn assignment_in_condition(&self) -> SyntaxError {
        let Some(name) = self.before() else { return self.generic() };
        let ends = |kind| {
            matches!(kind, TokenKind::Colon | TokenKind::Newline | TokenKind::Comma | TokenKind::EndOfFile)
        };
        let last = self.tokens[self.at..].iter().take_while(|token| !ends(token.kind)).last();
        let end = last.map_or(name.range.end(), |token| token.range.end());
        if name.kind == TokenKind::Name
            && self.at.checked_sub(2).is_some_and(|at| self.tokens[at].kind != TokenKind::Dot)
        {
            let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
            return self.error(message, TextRange::new(name.range.start(), end));
        }
        let start = self.line_start(self.at).range.end();
        let range = trimmed(self.source, TextRange::new(start, name.range.end()));
        let what = self.describe(range);
        match &*what {
            "True" | "False" | "None" => self.error(format!("cannot assign to {what}"), range),
            _ => self
                .error(format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?"), range),
        }
    }
}

pub(super) fn trimmed(source: &Source, range: TextRange) -> TextRange {
    let text = source.slice(range);
    let skip = text.len() - text.trim_start().len();
    let keep = text.trim().len();
    let start = range.start() + TextSize::new(skip as u32);
    TextRange::at(start, TextSize::new(keep as u32))
}
