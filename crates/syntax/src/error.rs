//! Syntax errors in CPython's words. CPython's counterparts: `Parser/pegen_errors.c`, the `invalid_` rules of the grammar.
//! Invariant: columns are in characters from 1, as `SyntaxError.offset`.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError,
    UnsupportedSyntaxErrorKind,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::{Mode, Source};

/// Which exception class it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`.
    Syntax,
    /// `IndentationError`.
    Indentation,
    /// `TabError`.
    Tab,
    /// `_IncompleteInputError`, of `PyCF_ALLOW_INCOMPLETE_INPUT`.
    Incomplete,
    /// `RecursionError`; only the message counts.
    Recursion,
    /// `ValueError`; only the message counts.
    Value,
    /// `OverflowError`; only the message counts.
    Overflow,
}

/// A refusal to compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The class.
    pub kind: ErrorKind,
    /// `msg`.
    pub message: String,
    /// `lineno`; 0 = None.
    pub line: u32,
    /// `offset`.
    pub column: u32,
    /// `end_lineno`.
    pub end_line: u32,
    /// `end_offset`.
    pub end_column: u32,
    /// `text`: the source line with its end, if there is one.
    pub text: Option<String>,
}

/// A `SyntaxWarning` (or `DeprecationWarning`, none at present) to be issued after compilation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The message.
    pub message: String,
    /// The line.
    pub line: u32,
    /// The place, should the warning be turned into an error.
    pub error: SyntaxError,
}

impl SyntaxError {
    /// Without a place.
    pub fn plain(message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
            text: None,
        }
    }

    /// At a range.
    pub fn at(source: &Source, message: impl Into<String>, start: TextSize, end: TextSize) -> SyntaxError {
        let (start, end) = (source.position(start), source.position(end));
        let mut text = source.line(start.line).to_owned();
        if start.line < source.line_count() {
            text.push('\n');
        }
        SyntaxError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            line: start.line,
            column: source.characters(start) + 1,
            end_line: end.line,
            end_column: source.characters(end) + 1,
            text: Some(text),
        }
    }

    /// At a range.
    pub fn at_range(source: &Source, message: impl Into<String>, range: TextRange) -> SyntaxError {
        SyntaxError::at(source, message, range.start(), range.end())
    }

    /// At the first character.
    pub fn at_start(source: &Source, message: impl Into<String>) -> SyntaxError {
        SyntaxError::at(source, message, TextSize::new(0), TextSize::new(0))
    }

    /// The same as another class.
    pub fn with_kind(mut self, kind: ErrorKind) -> SyntaxError {
        self.kind = kind;
        self
    }
}

/// What the parser refused, in CPython's words.
pub(crate) fn from_parser(source: &Source, mode: Mode, error: &ParseError, tokens: &Tokens) -> SyntaxError {
    let range = error.location;
    if let Some(error) = unclosed(source, error, tokens) {
        return error;
    }
    let at = |message: &str| SyntaxError::at_range(source, message, range);
    let indentation =
        |message: String| SyntaxError::at_range(source, message, range).with_kind(ErrorKind::Indentation);
    match &error.error {
        ParseErrorType::Lexical(lexical) => from_lexer(source, lexical, range),
        ParseErrorType::UnexpectedIndentation => indentation("unexpected indent".into()),
        ParseErrorType::OtherError(message) if message.starts_with("Expected an indented block after") => {
            let what = message.trim_start_matches("Expected an indented block after ").replace('`', "'");
            let line = statement_line(source, range.start());
            indentation(format!(
                "expected an indented block after {} on line {line}",
                cpython_statement(&what)
            ))
        }
        ParseErrorType::PositionalAfterKeywordArgument => at("positional argument follows keyword argument"),
        ParseErrorType::PositionalAfterKeywordUnpacking => {
            at("positional argument follows keyword argument unpacking")
        }
        ParseErrorType::InvalidArgumentUnpackingOrder => {
            at("iterable argument unpacking follows keyword argument unpacking")
        }
        ParseErrorType::IterableUnpackingInComprehension => {
            at("iterable unpacking cannot be used in comprehension")
        }
        ParseErrorType::NonDefaultParamAfterDefaultParam => {
            at("parameter without a default follows parameter with a default")
        }
        ParseErrorType::ExpectedKeywordParam => at("named parameters must follow bare *"),
        ParseErrorType::ParamAfterVarKeywordParam => at("parameters cannot follow var-keyword parameter"),
        ParseErrorType::VarParameterWithDefault => at("var-positional parameter cannot have default value"),
        ParseErrorType::UnparenthesizedGeneratorExpression => {
            at("Generator expression must be parenthesized")
        }
        ParseErrorType::EmptyTypeParams => at("Type parameter list cannot be empty"),
        ParseErrorType::EmptyImportNames => at("Expected one or more names after 'import'"),
        ParseErrorType::InvalidAnnotatedAssignmentTarget => annotated_target(source, range),
        ParseErrorType::InvalidAssignmentTarget => {
            let suffix = if followed_by_assignment(source, range) { "" } else { "" };
            at(&format!(
                "cannot assign to {} here. Maybe you meant '==' instead of '='?{suffix}",
                describe(source, range)
            ))
        }
        ParseErrorType::InvalidNamedAssignmentTarget => {
            at(&format!("cannot use assignment expressions with {}", describe(source, range)))
        }
        ParseErrorType::InvalidAugmentedAssignmentTarget => {
            at(&format!("'{}' is an illegal expression for augmented assignment", describe(source, range)))
        }
        ParseErrorType::InvalidDeleteTarget => at(&format!("cannot delete {}", describe(source, range))),
        ParseErrorType::InvalidStarredExpressionUsage => at("can't use starred expression here"),
        ParseErrorType::FStringError(kind) => at(&interpolated("f-string", kind)),
        ParseErrorType::TStringError(kind) => at(&interpolated("t-string", kind)),
        ParseErrorType::ExpectedToken { expected: TokenKind::Colon, .. } => expected_colon(source, range),
        _ => {
            let _ = mode;
            at("invalid syntax")
        }
    }
}

fn expected_colon(source: &Source, range: TextRange) -> SyntaxError {
    // CPython reports the colon only where it accepts nothing else: at the end of the line.
    let rest = &source.text()[range.start().to_usize()..];
    let at_end = rest.is_empty() || rest.starts_with('\n') || rest.starts_with('#');
    let message = if at_end { "expected ':'" } else { "invalid syntax" };
    let end =
        if at_end { range.start() + TextSize::new(u32::from(rest.starts_with('\n'))) } else { range.end() };
    let mut error = SyntaxError::at(source, message, range.start(), range.start());
    if at_end {
        error.end_column = error.column + u32::from(end > range.start());
    } else {
        error = SyntaxError::at_range(source, message, range);
    }
    error
}

/// A bracket without its partner explains whatever else went wrong after it.
fn unclosed(source: &Source, error: &ParseError, tokens: &Tokens) -> Option<SyntaxError> {
    let mut open: Vec<(TokenKind, TextSize)> = Vec::new();
    for token in tokens.iter() {
        match token.kind() {
            kind @ (TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace) => {
                open.push((kind, token.start()))
            }
            kind @ (TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace) => {
                let name = &source.text()[token.range()];
                let Some((opened, at)) = open.pop() else {
                    let place = token.start();
                    return (place <= error.location.start())
                        .then(|| SyntaxError::at(source, format!("unmatched '{name}'"), place, token.end()));
                };
                if closing(opened) != kind {
                    let (line, here) = (source.position(at).line, source.position(token.start()).line);
                    let opener = &source.text()[at.to_usize()..at.to_usize() + 1];
                    let on = if line == here { String::new() } else { format!(" on line {line}") };
                    let message = format!(
                        "closing parenthesis '{name}' does not match opening parenthesis '{opener}'{on}"
                    );
                    return Some(SyntaxError::at(source, message, token.start(), token.end()));
                }
            }
            _ => {}
        }
    }
    let &(_, at) = open.last()?;
    let ends = source.text()[error.location.start().to_usize()..].trim().is_empty();
    let next_line = source.position(error.location.start()).line > source.position(at).line;
    if !(ends || next_line || matches!(error.error, ParseErrorType::Lexical(LexicalErrorType::Eof))) {
        return None;
    }
    let opener = &source.text()[at.to_usize()..at.to_usize() + 1];
    Some(SyntaxError::at(source, format!("'{opener}' was never closed"), at, at))
}

fn closing(opened: TokenKind) -> TokenKind {
    match opened {
        TokenKind::Lpar => TokenKind::Rpar,
        TokenKind::Lsqb => TokenKind::Rsqb,
        _ => TokenKind::Rbrace,
    }
}

fn from_lexer(source: &Source, error: &LexicalErrorType, range: TextRange) -> SyntaxError {
    let at = |message: &str| SyntaxError::at_range(source, message, range);
    match error {
        LexicalErrorType::UnclosedStringError => unterminated(source, range, ""),
        LexicalErrorType::FStringError(kind) => unterminated_interpolated(source, range, "f-string", kind),
        LexicalErrorType::TStringError(kind) => unterminated_interpolated(source, range, "t-string", kind),
        LexicalErrorType::IndentationError => {
            let mut error =
                at("unindent does not match any outer indentation level").with_kind(ErrorKind::Indentation);
            error.column = source.line(error.line).chars().count() as u32 + 1;
            (error.end_line, error.end_column) = (error.line, error.column);
            error
        }
        LexicalErrorType::InvalidByteLiteral => at("bytes can only contain ASCII literal characters"),
        LexicalErrorType::LineContinuationError => {
            at("unexpected character after line continuation character")
        }
        LexicalErrorType::UnrecognizedToken { tok } => unrecognized(source, *tok, range),
        LexicalErrorType::Eof => at("unexpected EOF while parsing"),
        LexicalErrorType::UnicodeError
        | LexicalErrorType::MissingUnicodeLbrace
        | LexicalErrorType::MissingUnicodeRbrace => crate::literal::escape_error(source, range),
        LexicalErrorType::OtherError(message) => number(source, message, range),
        _ => at("invalid syntax"),
    }
}

fn unrecognized(source: &Source, tok: char, range: TextRange) -> SyntaxError {
    if tok.is_ascii() && !tok.is_ascii_control() {
        return SyntaxError::at_range(source, "invalid syntax", range);
    }
    let point = tok as u32;
    let printable = !tok.is_control() && !tok.is_whitespace();
    let message = match printable {
        true => format!("invalid character '{tok}' (U+{point:04X})"),
        false => format!("invalid non-printable character U+{point:04X}"),
    };
    SyntaxError::at(source, message, range.start(), range.start())
}

fn number(source: &Source, message: &str, range: TextRange) -> SyntaxError {
    let text = source.slice(range);
    let lower = message.to_ascii_lowercase();
    let said = if lower.contains("octal") || lower.contains("leading zeros") {
        "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
            .to_owned()
    } else if text.starts_with("0x") || text.starts_with("0X") {
        "invalid hexadecimal literal".to_owned()
    } else if text.starts_with("0o") || text.starts_with("0O") {
        "invalid octal literal".to_owned()
    } else if text.starts_with("0b") || text.starts_with("0B") {
        "invalid binary literal".to_owned()
    } else {
        "invalid decimal literal".to_owned()
    };
    SyntaxError::at_range(source, said, range)
}

/// "unterminated string literal", as CPython tells it: at the opening quote, with the line where the text ended.
fn unterminated(source: &Source, range: TextRange, prefix: &str) -> SyntaxError {
    let opening = source.slice(range).trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let triple = opening.starts_with("\"\"\"") || opening.starts_with("'''");
    let kind = if triple { "triple-quoted " } else { "" };
    let last = if triple {
        source.position(TextSize::of(source.text().trim_end_matches('\n'))).line
    } else {
        source.position(range.start()).line
    };
    let message = format!(
        "unterminated {kind}{prefix}{}string literal (detected at line {last})",
        if prefix.is_empty() { "" } else { "" }
    );
    let message = if prefix.is_empty() { message } else { message.replace("string string", "string") };
    SyntaxError::at(source, message, range.start(), range.start())
}

fn unterminated_interpolated(
    source: &Source,
    range: TextRange,
    what: &str,
    kind: &InterpolatedStringErrorType,
) -> SyntaxError {
    let line = source.position(range.start()).line;
    let last = source.position(TextSize::of(source.text().trim_end_matches('\n'))).line;
    match kind {
        InterpolatedStringErrorType::UnterminatedString => {
            let message = format!("unterminated {what} literal (detected at line {line})");
            SyntaxError::at(source, message, range.start(), range.start())
        }
        InterpolatedStringErrorType::UnterminatedTripleQuotedString => {
            let message = format!("unterminated triple-quoted {what} literal (detected at line {last})");
            SyntaxError::at(source, message, range.start(), range.start())
        }
        kind => SyntaxError::at_range(source, interpolated(what, kind), range),
    }
}

fn interpolated(what: &str, kind: &InterpolatedStringErrorType) -> String {
    use InterpolatedStringErrorType::*;
    let said = match kind {
        UnclosedLbrace => "expecting '}'",
        InvalidConversionFlag => "invalid conversion character",
        SingleRbrace => "single '}' is not allowed",
        UnterminatedString | UnterminatedTripleQuotedString => "unterminated string",
        LambdaWithoutParentheses => "lambda expressions are not allowed without parentheses",
        ConversionFlagNotImmediatelyAfterExclamation => {
            "conversion type must come right after the exclamation mark"
        }
        NewlineInFormatSpec => "newlines are not allowed in format specifiers for single quoted f-strings",
    };
    format!("{what}: {said}")
}

fn annotated_target(source: &Source, range: TextRange) -> SyntaxError {
    let text = source.slice(range).trim_start();
    let message = match text.as_bytes().first() {
        Some(b'[') => "only single target (not list) can be annotated",
        Some(b'(') => "only single target (not tuple) can be annotated",
        _ if text.contains(',') => "only single target (not tuple) can be annotated",
        _ => "illegal target for annotation",
    };
    SyntaxError::at_range(source, message, range)
}

fn followed_by_assignment(source: &Source, range: TextRange) -> bool {
    source.text()[range.end().to_usize()..].trim_start().starts_with('=')
}

/// The kind of the expression at a range, in CPython's words (`_PyPegen_get_expr_name`).
fn describe(source: &Source, range: TextRange) -> String {
    use ruff_python_ast::Expr::*;
    let Ok(parsed) = ruff_python_parser::parse_expression(source.slice(range)) else {
        return "expression".into();
    };
    match parsed.expr() {
        Attribute(_) => "attribute",
        Subscript(_) => "subscript",
        Starred(_) => "starred",
        Name(_) => "name",
        List(_) => "list",
        Tuple(_) => "tuple",
        Lambda(_) => "lambda",
        Call(_) => "function call",
        BoolOp(_) | BinOp(_) | UnaryOp(_) => "expression",
        Generator(_) => "generator expression",
        Yield(_) | YieldFrom(_) => "yield expression",
        Await(_) => "await expression",
        ListComp(_) => "list comprehension",
        SetComp(_) => "set comprehension",
        DictComp(_) => "dict comprehension",
        Dict(_) => "dict literal",
        Set(_) => "set display",
        FString(_) => "f-string expression",
        TString(_) => "t-string expression",
        NumberLiteral(_) | StringLiteral(_) | BytesLiteral(_) => "literal",
        BooleanLiteral(node) => return if node.value { "True".into() } else { "False".into() },
        NoneLiteral(_) => "None",
        EllipsisLiteral(_) => "ellipsis",
        Compare(_) => "comparison",
        If(_) => "conditional expression",
        Named(_) => "named expression",
        _ => "expression",
    }
    .into()
}

/// The line of the compound statement whose body is missing: the last line before the error that is not blank.
fn statement_line(source: &Source, offset: TextSize) -> u32 {
    let mut line = source.position(offset).line;
    while line > 1 {
        line -= 1;
        let text = source.line(line).trim();
        if !text.is_empty() && !text.starts_with('#') {
            break;
        }
    }
    line
}

/// How CPython names the statement in "expected an indented block after ..".
fn cpython_statement(what: &str) -> String {
    match what {
        "function definition" | "class definition" => what.to_owned(),
        _ if what.contains('\'') => what.to_owned(),
        _ => what.to_owned(),
    }
}

/// Syntax that 3.14 does not have yet.
pub(crate) fn from_unsupported(source: &Source, error: &UnsupportedSyntaxError) -> SyntaxError {
    use UnsupportedSyntaxErrorKind as Kind;
    let message = match error.kind {
        Kind::UnpackingInComprehension(kind) if format!("{kind:?}").contains("Dict") => {
            "dict unpacking cannot be used in dict comprehension"
        }
        Kind::UnpackingInComprehension(_) => "iterable unpacking cannot be used in comprehension",
        _ => "invalid syntax",
    };
    SyntaxError::at_range(source, message, error.range)
}
