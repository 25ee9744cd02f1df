//! The text of a module, with its lines. CPython's counterpart: `Parser/tokenizer` line handling.
//! Invariant: line ends are `\n` alone, as CPython translates them before it looks at the text.

use std::collections::HashMap;

use ruff_text_size::{TextRange, TextSize};

/// Text to compile.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    lines: Vec<u32>,
    made_up: Option<MadeUp>,
    flufl: bool,
    type_comments: bool,
}

/// What a text that was made up for a tree stands for.
#[derive(Clone, Debug)]
struct MadeUp {
    /// Where each byte is said to be.
    positions: Vec<Position>,
    /// Texts of the fields of t-strings, by the offset of the field.
    fields: HashMap<TextSize, String>,
}

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// UTF-8 bytes from the start of the line.
    pub column: u32,
}

impl Source {
    /// Takes decoded text, without a byte order mark; `\r\n` and `\r` become `\n`.
    pub fn new(text: &str) -> Source {
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        let starts = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Source { text, lines, made_up: None, flufl: false, type_comments: false }
    }

    /// The same text, in which `<>` stands for `!=` if `flufl` says so (PEP 401).
    pub fn with_flufl(self, flufl: bool) -> Source {
        Source { flufl, ..self }
    }

    /// The same text, in which type comments count if `type_comments` says so.
    pub fn with_type_comments(self, type_comments: bool) -> Source {
        Source { type_comments, ..self }
    }

    /// Do type comments count?
    pub fn has_type_comments(&self) -> bool {
        self.type_comments
    }

    /// Does `<>` stand for `!=`?
    pub fn is_flufl(&self) -> bool {
        self.flufl
    }

    /// A text made up for a tree that has none; `positions` says where each of its bytes is, `fields` has the texts of
    /// fields of t-strings.
    pub fn made_up(text: String, positions: Vec<Position>, fields: HashMap<TextSize, String>) -> Source {
        debug_assert!(text.len() == positions.len());
        Source {
            text,
            lines: vec![0],
            made_up: Some(MadeUp { positions, fields }),
            flufl: false,
            type_comments: false,
        }
    }

    /// The text of the field of a t-string at an offset, if this text is made up.
    pub fn given_field(&self, offset: TextSize) -> Option<&str> {
        self.made_up.as_ref()?.fields.get(&offset).map(String::as_str)
    }

    /// Where a line (from 1) starts.
    pub fn line_start(&self, line: u32) -> TextSize {
        TextSize::new(match &self.made_up {
            Some(made_up) => {
                let lines = || made_up.positions.iter().map(|at| at.line);
                let exact = lines().position(|at| at == line);
                exact.or_else(|| lines().position(|at| at > line)).unwrap_or(0) as u32
            }
            None => self.lines.get(line as usize - 1).copied().unwrap_or(self.text.len() as u32),
        })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text in a range.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range]
    }

    /// Where an offset is.
    pub fn position(&self, offset: TextSize) -> Position {
        let offset = offset.to_u32();
        if let Some(made_up) = &self.made_up {
            let last = made_up.positions.len() - 1;
            return made_up.positions[(offset as usize).min(last)];
        }
        let line = self.lines.partition_point(|&start| start <= offset);
        Position { line: line as u32, column: offset - self.lines[line - 1] }
    }

    /// Number of lines.
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// The text of a line (from 1) without its end, or "" beyond the last.
    pub fn line(&self, line: u32) -> &str {
        let Some(&start) = self.lines.get((line as usize).wrapping_sub(1)).filter(|_| self.made_up.is_none())
        else {
            return "";
        };
        let end = self.lines.get(line as usize).map_or(self.text.len(), |&next| next as usize - 1);
        &self.text[start as usize..end]
    }

    /// Code points before a column of bytes in a line.
    pub fn characters(&self, position: Position) -> u32 {
        if self.made_up.is_some() {
            return position.column;
        }
        let line = self.line(position.line).as_bytes();
        let before = &line[..(position.column as usize).min(line.len())];
        before.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u32
    }
}
