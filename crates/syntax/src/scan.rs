//! What the tokenizer says about a text that the parser refused. CPython: `tokenizer_error` and
//! `_PyPegen_tokenize_full_source_to_check_for_errors` of `Parser/pegen_errors.c`.
//! Invariant: a token that cannot be wins over what the parser says, wherever it stands; the other troubles of the
//! tokenizer count only if the parser gets that far.

use ruff_text_size::TextSize;

use crate::tokenizer::{Kind, Refusal, Tokenizer};
use crate::{ErrorKind, Source, SyntaxError};

/// The tokenizer's error that takes the place of the parser's, which is at `parser`.
pub(crate) fn tokenizer_error(source: &Source, parser: TextSize) -> Option<SyntaxError> {
    let text = source.text().as_bytes();
    let mut tokenizer = Tokenizer::new(false);
    let mut read = 0;
    let mut line = |buffer: &mut Vec<u8>| {
        let end = text[read..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| read + at + 1);
        buffer.extend_from_slice(&text[read..end]);
        let more = end > read;
        read = end;
        more
    };
    let refusal = loop {
        match tokenizer.next(&mut line) {
            Ok(token) if token.kind == Kind::EndMarker => return None,
            Ok(_) => {}
            Err(refusal) => break refusal,
        }
    };
    let (at_line, line_start) = tokenizer.place();
    let rest = &source.text()[parser.to_usize().min(source.text().len())..];
    // A line that goes on is one with the next.
    let mut last = source.position(parser).line;
    while last < source.line_count() && source.line(last).ends_with('\\') {
        last += 1;
    }
    let reached = last as usize >= at_line || rest.chars().all(|c| c.is_ascii_whitespace() || c == '\\');
    let whole = |message: &str, kind: ErrorKind, column: i32, end_column: i32| {
        let mut text = source.line(at_line as u32).to_owned();
        text.push('\n');
        SyntaxError {
            kind,
            message: message.to_owned(),
            line: at_line as u32,
            column,
            end_line: at_line as u32,
            end_column,
            bytes: (column, end_column),
            text: Some(text),
            bare: false,
            incomplete: false,
            statement: None,
            warnings: Vec::new(),
        }
    };
    let length = source.line(at_line as u32).chars().count() as i32;
    match refusal {
        Refusal::At { message, line, column, end_column, .. } => Some(SyntaxError {
            kind: ErrorKind::Syntax,
            message,
            line: line as u32,
            column: column as i32,
            end_line: line as u32,
            end_column: end_column as i32,
            bytes: (column as i32, end_column as i32),
            text: Some(source.line(line as u32).to_owned()),
            bare: false,
            incomplete: tokenizer.ended(),
            statement: None,
            warnings: Vec::new(),
        }),
        Refusal::EndOfText => match tokenizer.open_bracket() {
            Some((bracket, offset)) => unclosed(source, parser, bracket, offset),
            None => reached.then(|| SyntaxError {
                incomplete: true,
                ..whole("unexpected EOF while parsing", ErrorKind::Syntax, length + 1, -1)
            }),
        },
        _ if !reached => None,
        Refusal::Dedent => {
            let message = "unindent does not match any outer indentation level";
            Some(whole(message, ErrorKind::Indentation, length + 1, -1))
        }
        Refusal::Tabs => {
            Some(whole("inconsistent use of tabs and spaces in indentation", ErrorKind::Tab, 1, 0))
        }
        Refusal::TooDeep => Some(whole("too many levels of indentation", ErrorKind::Indentation, 1, 0)),
        Refusal::Continuation => {
            let column = (tokenizer.position() - line_start) as i32;
            let message = "unexpected character after line continuation character";
            Some(whole(message, ErrorKind::Syntax, column, 0))
        }
        Refusal::Reading => None,
    }
}

/// A bracket that never closes explains what went wrong on a later line, or at the end.
fn unclosed(source: &Source, parser: TextSize, bracket: u8, offset: usize) -> Option<SyntaxError> {
    let at = TextSize::new(offset as u32);
    let rest = &source.text()[parser.to_usize().min(source.text().len())..];
    let line = source.position(at).line;
    if !rest.trim().is_empty() && source.position(parser).line <= line {
        return None;
    }
    let mut error = SyntaxError::at(source, format!("'{}' was never closed", bracket as char), at, at);
    error.end_column = 0;
    error.incomplete = rest.trim().is_empty();
    let last = source.position(TextSize::of(source.text().trim_end_matches('\n'))).line;
    if line < last {
        error.text = Some(source.line(line).to_owned());
    }
    Some(error)
}
