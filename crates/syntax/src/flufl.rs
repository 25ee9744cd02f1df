//! `from __future__ import barry_as_FLUFL`: `<>` instead of `!=` (PEP 401). CPython: `_PyPegen_check_barry_as_flufl`.
//! Invariant: the text that is parsed instead is as long, so that every place stays where it is.

use std::borrow::Cow;

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::{Source, SyntaxError};

const FEATURE: &str = "barry_as_FLUFL";

/// The text for the parser, with `!=` for each `<>` where that is the operator.
pub(crate) fn rewritten(source: &Source) -> Result<Cow<'_, str>, SyntaxError> {
    let text = source.text();
    if !source.is_flufl() && !text.contains(FEATURE) {
        return Ok(Cow::Borrowed(text));
    }
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let tokens: &[Token] = parsed.tokens();
    let start = match source.is_flufl() {
        true => Some(TextSize::new(0)),
        false => after_import(source, tokens),
    };
    let Some(start) = start else { return Ok(Cow::Borrowed(text)) };
    let mut new = text.to_owned();
    for pair in tokens.windows(2).filter(|pair| pair[0].start() >= start) {
        if pair[0].kind() == TokenKind::NotEqual {
            let message = "with Barry as BDFL, use '<>' instead of '!='";
            return Err(SyntaxError::at_range(source, message, pair[0].range()));
        }
        let (less, greater) = (pair[0].range(), pair[1].range());
        if pair[0].kind() == TokenKind::Less
            && pair[1].kind() == TokenKind::Greater
            && less.end() == greater.start()
        {
            new.replace_range(less.start().to_usize()..greater.end().to_usize(), "!=");
        }
    }
    Ok(Cow::Owned(new))
}

/// Where the statement ends that asks for it.
fn after_import(source: &Source, tokens: &[Token]) -> Option<TextSize> {
    let is = |token: &Token, text: &str| source.slice(TextRange::new(token.start(), token.end())) == text;
    let head = tokens.windows(3).position(|three| {
        three[0].kind() == TokenKind::From
            && is(&three[1], "__future__")
            && three[2].kind() == TokenKind::Import
    })?;
    let ends = |kind| matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
    let names = || tokens[head..].iter().take_while(|token| !ends(token.kind()));
    names().any(|token| is(token, FEATURE)).then(|| names().last().map(|token| token.end()))?
}
