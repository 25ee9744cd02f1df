//! Syntax errors and warnings as values. CPython's counterpart: the attributes of `SyntaxError`.
//! Invariant: columns are in characters from 1, as `SyntaxError.offset`.

use ruff_text_size::{TextRange, TextSize};

use crate::{Position, Source};

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
    /// `MemoryError`; only the message counts.
    Memory,
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
    pub column: i32,
    /// `end_lineno`.
    pub end_line: u32,
    /// `end_offset`.
    pub end_column: i32,
    /// `offset` and `end_offset` in bytes, as CPython counts them after the parser's stage.
    pub bytes: (i32, i32),
    /// `text`: the source line with its end. None after the parser's stage: CPython then reads it from the file.
    pub text: Option<String>,
    /// The place is no argument of the exception, as the symbol table's errors have it.
    pub bare: bool,
    /// The text ended too early: more of it might be good.
    pub incomplete: bool,
    /// Where the statement before begins, and the whole text, for those who look for misspelt keywords.
    pub statement: Option<(Position, String)>,
    /// What there was to warn about before.
    pub warnings: Vec<Warning>,
}

/// A `SyntaxWarning`, to be issued after compilation or before the refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The message.
    pub message: String,
    /// The line.
    pub line: u32,
    /// The error, should the warning be turned into one.
    pub error: SyntaxError,
}

impl Warning {
    /// At a range; the error says the same.
    pub fn at(source: &Source, message: impl Into<String>, range: TextRange) -> Warning {
        let message = message.into();
        let error = SyntaxError::at_range(source, &message, range);
        Warning { message, line: error.line, error }
    }
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
            bytes: (0, 0),
            text: None,
            bare: false,
            incomplete: false,
            statement: None,
            warnings: Vec::new(),
        }
    }

    /// At a range.
    pub fn at(source: &Source, message: impl Into<String>, start: TextSize, end: TextSize) -> SyntaxError {
        let (start, end) = (source.position(start), source.position(end));
        let mut text = source.line(start.line).to_owned();
        text.push('\n');
        SyntaxError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            line: start.line,
            column: source.characters(start) as i32 + 1,
            end_line: end.line,
            end_column: source.characters(end) as i32 + 1,
            bytes: (start.column as i32 + 1, end.column as i32 + 1),
            text: Some(text),
            bare: false,
            incomplete: false,
            statement: None,
            warnings: Vec::new(),
        }
    }

    /// Found after parsing: the line is read from the file.
    pub fn without_text(mut self) -> SyntaxError {
        self.text = None;
        (self.column, self.end_column) = self.bytes;
        self
    }

    /// Found by the symbol table: the message is all there is to say.
    pub fn bare(mut self) -> SyntaxError {
        self.bare = true;
        self.without_text()
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
