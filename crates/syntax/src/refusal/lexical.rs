//! Errors in the values of string and bytes literals. CPython: `Parser/string_parser.c`.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{LexicalErrorType, ParseErrorType};
use ruff_text_size::TextRange;

use super::{Refusal, Tok, lexical_type};
use crate::{SyntaxError, literal};

/// Is it about the value of a string, which CPython's parser makes?
pub(super) fn is_literal(error: &ParseErrorType) -> bool {
    use LexicalErrorType::{InvalidByteLiteral, MissingUnicodeLbrace, MissingUnicodeRbrace, UnicodeError};
    let kind = lexical_type(error);
    matches!(kind, Some(InvalidByteLiteral | UnicodeError | MissingUnicodeLbrace | MissingUnicodeRbrace))
}

/// The error in the literal at a range.
pub(super) fn explain(refusal: &Refusal<'_>, error: &ParseErrorType, range: TextRange) -> SyntaxError {
    let token = token_around(refusal, range);
    match lexical_type(error) {
        Some(LexicalErrorType::InvalidByteLiteral) => {
            refusal.error("bytes can only contain ASCII literal characters", token)
        }
        _ => literal::escape_error(refusal.source, token),
    }
}

/// The string that an error inside is about.
fn token_around(refusal: &Refusal<'_>, range: TextRange) -> TextRange {
    let around = |token: &&Tok| token.range.start() <= range.start() && range.start() <= token.range.end();
    let strings = refusal.tokens.iter().filter(|token| token.kind == TokenKind::String);
    let found = strings.filter(around).next().or_else(|| refusal.tokens.iter().find(around));
    found.map_or(range, |token| token.range)
}
