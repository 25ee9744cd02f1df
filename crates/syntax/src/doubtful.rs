//! What the tokenizer and the parser warn about: escapes that Python does not know, and numbers that run into a keyword.
//! CPython: `warn_invalid_escape_sequence` of `Parser/string_parser.c` and `Parser/tokenizer/helpers.c`,
//! `verify_end_of_number` of `Parser/lexer/lexer.c`.
//! Invariant: the warnings are in the order of the text, and none lies behind the place where parsing ended.

use ruff_python_ast::token::{Token, TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::literal::invalid_escapes;
use crate::{Source, Warning};

/// The warnings about the tokens before `end`.
pub(crate) fn warnings(source: &Source, tokens: &Tokens, end: TextSize) -> Vec<Warning> {
    let mut found = Vec::new();
    // The f-strings and t-strings around the token: whether each is raw, and how deep in braces we are within it.
    let mut around: Vec<(bool, u32)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.start() >= end {
            break;
        }
        match token.kind() {
            TokenKind::Int | TokenKind::Float | TokenKind::Complex => {
                let next = tokens.get(index + 1).filter(|next| next.start() == token.end());
                if next.is_some_and(|next| may_follow_number(next.kind())) {
                    found.push(number_warning(source, token.range()));
                }
            }
            TokenKind::String => found.extend(string_warning(source, token)),
            TokenKind::FStringStart | TokenKind::TStringStart => {
                around.push((token.unwrap_string_flags().is_raw_string(), 0))
            }
            TokenKind::FStringEnd | TokenKind::TStringEnd => drop(around.pop()),
            TokenKind::Lbrace => around.iter_mut().rev().take(1).for_each(|(_, depth)| *depth += 1),
            TokenKind::Rbrace => {
                around.iter_mut().rev().take(1).for_each(|(_, depth)| *depth = depth.saturating_sub(1));
            }
            TokenKind::FStringMiddle | TokenKind::TStringMiddle => {
                let Some(&(false, depth)) = around.last() else { continue };
                // The text of a format specification is decoded on the spot.
                let behind = if depth > 0 { None } else { behind_strings(&tokens[index..]) };
                middle_warnings(source, token.range(), behind, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Keywords that end a number without a space between, which is deprecated.
fn may_follow_number(kind: TokenKind) -> bool {
    use TokenKind::{And, Else, For, If, In, Is, Not, Or};
    matches!(kind, And | Else | For | If | In | Is | Not | Or)
}

fn number_warning(source: &Source, range: TextRange) -> Warning {
    let text = source.slice(range).as_bytes();
    let what = match text {
        [b'0', b'x' | b'X', ..] => "hexadecimal",
        [b'0', b'o' | b'O', ..] => "octal",
        [b'0', b'b' | b'B', ..] => "binary",
        [.., b'j' | b'J'] => "imaginary",
        _ => "decimal",
    };
    let last = range.end() - TextSize::new(1);
    let warning = Warning::at(source, format!("invalid {what} literal"), TextRange::empty(last));
    without_line_end(warning)
}

/// One of a literal is enough.
fn string_warning(source: &Source, token: &Token) -> Option<Warning> {
    let text = source.slice(token.range());
    let prefix = text.find(['"', '\''])?;
    if text[..prefix].contains(['r', 'R']) || !text.contains('\\') {
        return None;
    }
    let quote = if token.is_triple_quoted_string() { 3 } else { 1 };
    let start = token.start() + TextSize::new((prefix + quote) as u32);
    let content = TextRange::new(start, (token.end() - TextSize::new(quote as u32)).max(start));
    let bytes = text[..prefix].contains(['b', 'B']);
    let (offset, escape) = invalid_escapes(source, content, bytes).into_iter().next()?;
    let mut warning = escape_warning(source, offset, &escape);
    if prefix > 0 && !source.slice(TextRange::new(token.start(), offset)).contains('\n') {
        // CPython counts neither a prefix nor the quotes behind it.
        let skipped = (prefix + quote) as i32;
        warning.error.column -= skipped;
        warning.error.end_column -= skipped;
    }
    Some(warning)
}

/// The part of an f-string between two fields is decoded in pieces that doubled braces end.
fn middle_warnings(source: &Source, range: TextRange, behind: Option<TextSize>, found: &mut Vec<Warning>) {
    let text = source.slice(range);
    if !text.contains('\\') {
        return;
    }
    let mut start = 0;
    while start < text.len() {
        let doubled = text[start..].match_indices(['{', '}']).find(|(at, brace)| {
            text[start + at + 1..].starts_with(brace) && !within_name(&text[start..start + at])
        });
        let end = doubled.map_or(text.len(), |(at, _)| start + at + 1);
        piece_warnings(source, range.start() + TextSize::new(start as u32), &text[start..end], behind, found);
        start = if doubled.is_some() { end + 1 } else { end };
    }
    // The escaped brace is what begins a field.
    if text.ends_with('\\') && !text.strip_suffix('\\').is_some_and(|rest| rest.ends_with('\\')) {
        found.push(escape_warning(source, range.end() - TextSize::new(1), "\\{"));
    }
}

/// Is the end of the text within a `\N{..}`?
fn within_name(text: &str) -> bool {
    text.rfind("\\N{").is_some_and(|at| !text[at..].contains('}'))
}

fn piece_warnings(
    source: &Source,
    start: TextSize,
    piece: &str,
    behind: Option<TextSize>,
    found: &mut Vec<Warning>,
) {
    let range = TextRange::at(start, TextSize::of(piece));
    let is_brace = |escape: &str| escape.ends_with(['{', '}']);
    let escapes = invalid_escapes(source, range, false);
    for (offset, escape) in escapes.iter().filter(|(_, escape)| is_brace(escape)) {
        found.push(escape_warning(source, *offset, escape));
    }
    // Of the others, the first decides; CPython counts its line from the token behind the literal.
    if let Some((offset, escape)) = escapes.first().filter(|(_, escape)| !is_brace(escape)) {
        let mut warning = escape_warning(source, *offset, escape);
        if let Some(behind) = behind {
            let before = &piece[..usize::from(*offset - start)];
            warning.line = source.position(behind).line + before.matches('\n').count() as u32;
        }
        found.push(warning);
    }
}

/// Where the first token behind the adjacent literals begins, the first of which is under way.
fn behind_strings(tokens: &[Token]) -> Option<TextSize> {
    use TokenKind::{FStringEnd, FStringStart, TStringEnd, TStringStart};
    let mut depth = 1;
    for token in tokens {
        match token.kind() {
            FStringStart | TStringStart => depth += 1,
            FStringEnd | TStringEnd => depth -= 1,
            TokenKind::String => {}
            kind if depth == 0 && !kind.is_trivia() => return Some(token.start()),
            _ => {}
        }
    }
    None
}

fn escape_warning(source: &Source, offset: TextSize, escape: &str) -> Warning {
    let octal = escape[1..].starts_with(|c: char| c.is_ascii_digit());
    let what = if octal { "an invalid octal escape sequence" } else { "an invalid escape sequence" };
    let told = |future: &str| {
        format!(
            "\"{escape}\" is {what}.{future} Did you mean \"\\{escape}\"? A raw string is also an option."
        )
    };
    let brace = escape.ends_with(['{', '}']);
    let (start, end) = match brace {
        true => (offset + TextSize::new(1), offset + TextSize::new(1)),
        false => (offset, offset + TextSize::new(2)),
    };
    let mut warning =
        Warning::at(source, told(" Such sequences will not work in the future."), TextRange::new(start, end));
    warning.error.message = told("");
    if brace { without_line_end(warning) } else { warning }
}

/// The tokenizer's errors show their line without its end.
fn without_line_end(mut warning: Warning) -> Warning {
    warning.error.text = warning.error.text.map(|text| text.trim_end_matches('\n').to_owned());
    warning
}
