//! Errors of the tokenizer in CPython's words: strings, numbers, characters, brackets, tabs.
//! CPython's counterparts: `Parser/lexer/lexer.c`, `Parser/tokenizer/helpers.c`.
//! Invariant: where CPython points with a single caret, `end_column` is `column`.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType};
use ruff_text_size::{TextRange, TextSize};

use crate::refusal::{Refusal, Tok, lexical_type};
use crate::{ErrorKind, Source, SyntaxError, literal};

/// Would CPython's tokenizer have raised it?
pub(crate) fn is_lexical(error: &ParseErrorType, first: bool) -> bool {
    match lexical_type(error) {
        // `$` and the like are tokens to CPython, which its parser then refuses.
        Some(LexicalErrorType::UnrecognizedToken { tok }) => !tok.is_ascii() || tok.is_ascii_control(),
        // Once a field is broken, its closing brace looks like a stray one.
        Some(LexicalErrorType::FStringError(InterpolatedStringErrorType::SingleRbrace)) => first,
        Some(LexicalErrorType::Eof) | None => false,
        Some(_) => true,
    }
}

/// An error of the lexer.
pub(crate) fn explain(refusal: &Refusal<'_>, error: &ParseErrorType, range: TextRange) -> SyntaxError {
    let Some(error) = lexical_type(error) else { return refusal.error("invalid syntax", range) };
    match error {
        LexicalErrorType::UnclosedStringError => unterminated(refusal, range),
        LexicalErrorType::FStringError(kind) => interpolated(refusal, "f-string", kind, range),
        LexicalErrorType::TStringError(kind) => interpolated(refusal, "t-string", kind, range),
        LexicalErrorType::IndentationError => {
            let message = "unindent does not match any outer indentation level";
            let mut error = refusal.error(message, range).with_kind(ErrorKind::Indentation);
            error.column = refusal.source.line(error.line).chars().count() as u32 + 1;
            (error.end_line, error.end_column) = (error.line, error.column);
            error
        }
        LexicalErrorType::InvalidByteLiteral => {
            refusal.error("bytes can only contain ASCII literal characters", token_around(refusal, range))
        }
        LexicalErrorType::LineContinuationError => refusal
            .error("unexpected character after line continuation character", TextRange::empty(range.end())),
        LexicalErrorType::UnrecognizedToken { tok } => unrecognized(refusal, *tok, range),
        LexicalErrorType::UnicodeError
        | LexicalErrorType::MissingUnicodeLbrace
        | LexicalErrorType::MissingUnicodeRbrace => {
            literal::escape_error(refusal.source, token_around(refusal, range))
        }
        LexicalErrorType::OtherError(_) => number(refusal, range),
        _ => refusal.error("invalid syntax", range),
    }
}

/// The string that an error inside is about.
fn token_around(refusal: &Refusal<'_>, range: TextRange) -> TextRange {
    let around = |token: &&Tok| token.range.start() <= range.start() && range.start() <= token.range.end();
    let mut found: Vec<TextRange> = refusal
        .tokens
        .iter()
        .filter(|token| token.kind == TokenKind::String)
        .filter(around)
        .map(|t| t.range)
        .collect();
    if found.is_empty() {
        found.extend(refusal.tokens.iter().filter(around).map(|token| token.range));
    }
    found.first().copied().unwrap_or(range)
}

fn unrecognized(refusal: &Refusal<'_>, tok: char, range: TextRange) -> SyntaxError {
    if tok.is_ascii() && !tok.is_ascii_control() {
        return refusal.error("invalid syntax", range);
    }
    let point = tok as u32;
    let invisible = tok.is_control()
        || tok.is_whitespace()
        || matches!(point, 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF);
    let message = match invisible {
        false => format!("invalid character '{tok}' (U+{point:04X})"),
        true => format!("invalid non-printable character U+{point:04X}"),
    };
    refusal.error(message, TextRange::empty(range.start()))
}

/// The name of a number's radix, by its prefix.
fn radix(text: &str) -> &'static str {
    match text.as_bytes().get(..2) {
        Some(b"0x" | b"0X") => "hexadecimal",
        Some(b"0o" | b"0O") => "octal",
        Some(b"0b" | b"0B") => "binary",
        _ => "decimal",
    }
}

fn number(refusal: &Refusal<'_>, range: TextRange) -> SyntaxError {
    let text = refusal.text(range);
    let radix = radix(text);
    let zeros = text.bytes().take_while(|b| matches!(b, b'0' | b'_')).count();
    if radix == "decimal" && zeros > 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
        return refusal.error(message, TextRange::at(range.start(), TextSize::new(zeros as u32)));
    }
    bad_end(refusal, radix, range.end())
}

/// A number of some radix that ends at `end` with something wrong after it.
fn bad_end(refusal: &Refusal<'_>, radix: &str, end: TextSize) -> SyntaxError {
    let next = refusal.source.text()[end.to_usize()..].chars().next().unwrap_or('\n');
    match next {
        digit if digit.is_ascii_digit() && matches!(radix, "octal" | "binary") => {
            refusal.error(format!("invalid digit '{digit}' in {radix} literal"), TextRange::empty(end))
        }
        '_' => refusal.error(format!("invalid {radix} literal"), TextRange::empty(end)),
        _ => {
            let last = end.checked_sub(TextSize::new(1)).unwrap_or(end);
            refusal.error(format!("invalid {radix} literal"), TextRange::empty(last))
        }
    }
}

/// A number token with a name or number right behind it.
pub(crate) fn number_end(refusal: &Refusal<'_>, number: Tok, next: Tok) -> Option<(TextSize, SyntaxError)> {
    let is_number = matches!(number.kind, TokenKind::Int | TokenKind::Float | TokenKind::Complex);
    let wordy = refusal.text(next.range).starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if !is_number || number.range.end() != next.range.start() || !wordy {
        return None;
    }
    let radix = match number.kind {
        TokenKind::Complex => "imaginary",
        _ => radix(refusal.text(number.range)),
    };
    Some((number.range.end(), bad_end(refusal, radix, number.range.end())))
}

/// The line on which the text ends, for strings that never do.
fn last_line(source: &Source) -> u32 {
    source.position(TextSize::of(source.text().trim_end_matches('\n'))).line
}

/// At the opening quote, with the line where the string should have ended.
fn unterminated(refusal: &Refusal<'_>, range: TextRange) -> SyntaxError {
    let opening = refusal.text(range).trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let start = TextRange::empty(range.start());
    if opening.starts_with("\"\"\"") || opening.starts_with("'''") {
        let last = last_line(refusal.source);
        return refusal
            .error(format!("unterminated triple-quoted string literal (detected at line {last})"), start);
    }
    let line = refusal.source.position(range.end()).line;
    refusal.error(format!("unterminated string literal (detected at line {line})"), start)
}

fn interpolated(
    refusal: &Refusal<'_>,
    what: &str,
    kind: &InterpolatedStringErrorType,
    range: TextRange,
) -> SyntaxError {
    let start = TextRange::empty(range.start());
    match kind {
        InterpolatedStringErrorType::SingleRbrace => {
            refusal.error(format!("{what}: single '}}' is not allowed"), start)
        }
        InterpolatedStringErrorType::NewlineInFormatSpec => refusal.error(
            format!("{what}: newlines are not allowed in format specifiers for single quoted {what}s"),
            start,
        ),
        kind => unterminated_interpolated(refusal, what, kind, range),
    }
}

/// An f-string without an end: at its opening quote.
pub(crate) fn unterminated_interpolated(
    refusal: &Refusal<'_>,
    what: &str,
    kind: &InterpolatedStringErrorType,
    range: TextRange,
) -> SyntaxError {
    let opens = |token: &&Tok| matches!(token.kind, TokenKind::FStringStart | TokenKind::TStringStart);
    let before = refusal.tokens.iter().filter(opens).filter(|token| token.range.start() <= range.start());
    let start = TextRange::empty(before.last().map_or(range.start(), |token| token.range.start()));
    let line = refusal.source.position(start.start()).line;
    match kind {
        InterpolatedStringErrorType::UnterminatedTripleQuotedString => {
            let last = last_line(refusal.source);
            refusal
                .error(format!("unterminated triple-quoted {what} literal (detected at line {last})"), start)
        }
        _ => refusal.error(format!("unterminated {what} literal (detected at line {line})"), start),
    }
}

/// A bracket that closes nothing, or the wrong thing.
pub(crate) fn brackets(refusal: &Refusal<'_>) -> Option<(TextSize, SyntaxError)> {
    let mut open: Vec<Tok> = Vec::new();
    for token in &refusal.tokens {
        match token.kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(*token),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                let start = token.range.start();
                let name = refusal.text(token.range);
                let Some(opened) = open.pop() else {
                    return Some((
                        start,
                        refusal.error(format!("unmatched '{name}'"), TextRange::empty(start)),
                    ));
                };
                if closing(opened.kind) != token.kind {
                    let message = mismatch(refusal, opened, *token);
                    return Some((start, refusal.error(message, TextRange::empty(start))));
                }
            }
            _ => {}
        }
    }
    None
}

fn mismatch(refusal: &Refusal<'_>, opened: Tok, closed: Tok) -> String {
    let line = |token: Tok| refusal.source.position(token.range.start()).line;
    let on = match line(opened) == line(closed) {
        true => String::new(),
        false => format!(" on line {}", line(opened)),
    };
    format!(
        "closing parenthesis '{}' does not match opening parenthesis '{}'{on}",
        refusal.text(closed.range),
        refusal.text(opened.range)
    )
}

fn closing(opened: TokenKind) -> TokenKind {
    match opened {
        TokenKind::Lpar => TokenKind::Rpar,
        TokenKind::Lsqb => TokenKind::Rsqb,
        _ => TokenKind::Rbrace,
    }
}

/// A bracket that never closes explains what went wrong on a later line, or at the end.
pub(crate) fn unclosed(refusal: &Refusal<'_>, error: &ParseError) -> Option<SyntaxError> {
    let mut open: Vec<Tok> = Vec::new();
    for token in &refusal.tokens {
        match token.kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(*token),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                open.pop();
            }
            _ => {}
        }
    }
    let opened = *open.last()?;
    let line = |offset| refusal.source.position(offset).line;
    let at_end = refusal.source.text()[error.location.start().to_usize()..].trim().is_empty();
    let later = line(error.location.start()) > line(opened.range.start());
    if !(at_end || later) {
        return None;
    }
    let name = refusal.text(opened.range);
    Some(refusal.error(format!("'{name}' was never closed"), TextRange::empty(opened.range.start())))
}

/// Indentation whose depth depends on how wide a tab is.
pub(crate) fn tab_error(refusal: &Refusal<'_>) -> Option<SyntaxError> {
    if !refusal.source.text().contains('\t') {
        return None;
    }
    let mut stack = vec![(0usize, 0usize)];
    let mut starts_line = true;
    for token in &refusal.tokens {
        let structural = matches!(token.kind, TokenKind::Indent | TokenKind::Dedent | TokenKind::Newline);
        if structural || !std::mem::take(&mut starts_line) {
            starts_line |= token.kind == TokenKind::Newline;
            continue;
        }
        let position = refusal.source.position(token.range.start());
        let line = refusal.source.line(position.line);
        let blank = &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()];
        let (wide, narrow) = widths(blank);
        while stack.len() > 1 && stack.last().is_some_and(|&(top, _)| top > wide) {
            stack.pop();
        }
        let &(top, top_narrow) = stack.last()?;
        let inconsistent = match wide.cmp(&top) {
            std::cmp::Ordering::Equal => narrow != top_narrow,
            std::cmp::Ordering::Greater => narrow <= top_narrow,
            std::cmp::Ordering::Less => false,
        };
        if inconsistent {
            let start = token.range.start() - TextSize::new(position.column);
            let message = "inconsistent use of tabs and spaces in indentation";
            return Some(refusal.error(message, TextRange::empty(start)).with_kind(ErrorKind::Tab));
        }
        if wide > top {
            stack.push((wide, narrow));
        }
    }
    None
}

/// Columns of blanks with tabs of eight and of one.
fn widths(blank: &str) -> (usize, usize) {
    blank.chars().fold((0, 0), |(wide, narrow), c| match c {
        '\t' => (wide / 8 * 8 + 8, narrow + 1),
        '\x0c' => (0, 0),
        _ => (wide + 1, narrow + 1),
    })
}
