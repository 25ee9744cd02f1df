//! A tokenizer that gives CPython's tokens one after another. CPython: `Parser/lexer/lexer.c`.
//!
//! The parser crate has a lexer of its own, which goes on after an error and merges what CPython tells apart; this one
//! serves `tokenize`, and names what the tokenizer refuses.
//! Invariant: lines are asked for one by one and only when the token needs them; text that was read stays.

mod indentation;
mod kind;
mod number;
mod operator;
mod text;

pub use kind::Kind;
use text::StringMode;

/// Brackets may be nested this deep.
const MAX_LEVEL: usize = 200;
/// f-strings within f-strings.
const MAX_STRING_LEVEL: usize = 150;

/// Appends the next line, with its end, to the buffer. False at the end of the text.
pub type ReadLine<'a> = &'a mut dyn FnMut(&mut Vec<u8>) -> bool;

/// A token: its kind and where it stands. Offsets count bytes from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its text; None for tokens that have none.
    pub range: Option<(usize, usize)>,
    /// Line of its first character, from 1.
    pub line: usize,
    /// Line of its end.
    pub end_line: usize,
    /// Start of its first line.
    pub line_start: usize,
    /// Start of its last line.
    pub last_line_start: usize,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `SyntaxError` with a range of 1-based columns in characters.
    At {
        /// The message.
        message: String,
        /// Line, from 1.
        line: usize,
        /// First column.
        column: usize,
        /// Last column.
        end_column: usize,
        /// Start of the line.
        line_start: usize,
    },
    /// A bracket or a continued line at the end of the text.
    EndOfText,
    /// A line that goes back to an indentation that there was not.
    Dedent,
    /// Tabs and spaces mixed.
    Tabs,
    /// More than 99 levels of indentation.
    TooDeep,
    /// Something behind a backslash.
    Continuation,
    /// Reading a line failed.
    Reading,
}

type Step<T = ()> = Result<T, Refusal>;

/// An open bracket.
#[derive(Clone, Copy)]
struct Bracket {
    byte: u8,
    line: usize,
    offset: usize,
}

/// The tokenizer.
pub struct Tokenizer {
    /// All text read so far.
    buffer: Vec<u8>,
    /// Next byte.
    at: usize,
    line: usize,
    line_start: usize,
    /// Start of the token.
    start: usize,
    /// Line of the start of a string, and where that line starts.
    first_line: usize,
    first_line_start: usize,
    brackets: Vec<Bracket>,
    /// Columns with tabs of eight and of one.
    indents: Vec<(usize, usize)>,
    /// Indents (positive) or dedents (negative) to give out.
    pending: isize,
    at_line_start: bool,
    blank_line: bool,
    comment_newline: bool,
    modes: Vec<StringMode>,
    ended: bool,
    implicit_newline: bool,
    /// Comments and blank lines are tokens, and much is let pass: for `tokenize`.
    extra: bool,
    /// `SyntaxWarning`s: line and message.
    pub warnings: Vec<(usize, String)>,
}

impl Tokenizer {
    /// A tokenizer at the start of a text.
    pub fn new(extra: bool) -> Tokenizer {
        Tokenizer {
            buffer: Vec::new(),
            at: 0,
            line: 0,
            line_start: 0,
            start: 0,
            first_line: 0,
            first_line_start: 0,
            brackets: Vec::new(),
            indents: vec![(0, 0)],
            pending: 0,
            at_line_start: true,
            blank_line: false,
            comment_newline: false,
            modes: Vec::new(),
            ended: false,
            implicit_newline: false,
            extra,
            warnings: Vec::new(),
        }
    }

    /// The text read so far.
    pub fn text(&self) -> &[u8] {
        &self.buffer
    }

    /// Has the end of the text been met?
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Was a newline added because the last line had none?
    pub fn implicit_newline(&self) -> bool {
        self.implicit_newline
    }

    /// Line and start of the line that the tokenizer is in.
    pub fn place(&self) -> (usize, usize) {
        (self.line, self.line_start)
    }

    /// Bytes since the line in which the outermost open f-string began.
    pub fn open_string_length(&self) -> usize {
        self.modes.first().map_or(0, |mode| self.buffer.len() - mode.line_start)
    }

    /// The innermost bracket that is open, and where it stands.
    pub fn open_bracket(&self) -> Option<(u8, usize)> {
        self.brackets.last().map(|bracket| (bracket.byte, bracket.offset))
    }

    /// How far the text has been looked at.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next token.
    pub fn next(&mut self, read: ReadLine<'_>) -> Step<Token> {
        match self.modes.last() {
            Some(mode) if mode.in_text => self.string_text(read),
            _ => self.normal(read),
        }
    }

    /// The next byte; None at the end of the text.
    fn byte(&mut self, read: ReadLine<'_>) -> Step<Option<u8>> {
        if self.at == self.buffer.len() && !self.next_line(read)? {
            return Ok(None);
        }
        self.at += 1;
        Ok(Some(self.buffer[self.at - 1]))
    }

    fn next_line(&mut self, read: ReadLine<'_>) -> Step<bool> {
        if self.ended {
            return Ok(false);
        }
        let start = self.buffer.len();
        if !read(&mut self.buffer) || self.buffer.len() == start {
            self.ended = true;
            return Ok(false);
        }
        self.line += 1;
        self.line_start = start;
        if self.buffer.last() != Some(&b'\n') {
            self.buffer.push(b'\n');
            self.implicit_newline = true;
        }
        if let Some(zero) = self.buffer[start..].iter().position(|byte| *byte == 0) {
            self.buffer.truncate(start + zero);
            self.at = start;
            let mut refusal = self.refuse("source code cannot contain null bytes");
            if let Refusal::At { column, end_column, .. } = &mut refusal {
                (*column, *end_column) = (0, 0);
            }
            return Err(refusal);
        }
        Ok(true)
    }

    /// Steps back over a byte that `byte` gave.
    fn back(&mut self, byte: Option<u8>) {
        if byte.is_some() {
            self.at -= 1;
        }
    }

    fn peek(&mut self, read: ReadLine<'_>) -> Step<Option<u8>> {
        let byte = self.byte(read)?;
        self.back(byte);
        Ok(byte)
    }

    /// A token from the start to here.
    fn token(&self, kind: Kind) -> Token {
        self.token_of(kind, Some((self.start, self.at)))
    }

    fn token_of(&self, kind: Kind, range: Option<(usize, usize)>) -> Token {
        let (line, line_start) = match kind.is_string() {
            true => (self.first_line, self.first_line_start),
            false => (self.line, self.line_start),
        };
        Token { kind, range, line, end_line: self.line, line_start, last_line_start: self.line_start }
    }

    fn characters(&self, from: usize, to: usize) -> usize {
        self.buffer[from..to].iter().filter(|byte| **byte & 0xC0 != 0x80).count()
    }

    /// A refusal at the byte read last.
    fn refuse(&self, message: impl Into<String>) -> Refusal {
        let column = self.characters(self.line_start, self.at);
        Refusal::At {
            message: message.into(),
            line: self.line,
            column,
            end_column: column,
            line_start: self.line_start,
        }
    }

    /// A refusal from the start of the token to the byte before `end`.
    fn refuse_range(&self, message: impl Into<String>, end: usize) -> Refusal {
        Refusal::At {
            message: message.into(),
            line: self.line,
            column: self.characters(self.line_start, self.start) + 1,
            end_column: self.characters(self.line_start, end.max(self.start + 1)),
            line_start: self.line_start,
        }
    }

    fn normal(&mut self, read: ReadLine<'_>) -> Step<Token> {
        loop {
            self.blank_line = false;
            if std::mem::take(&mut self.at_line_start) {
                self.indentation(read)?;
            }
            self.start = self.at;
            if let Some(token) = self.pending_indentation() {
                return Ok(token);
            }
            self.peek(read)?;
            if let Some(token) = self.after_blanks(read)? {
                return Ok(token);
            }
        }
    }

    /// The token behind blanks; None for an end of line that is no token.
    fn after_blanks(&mut self, read: ReadLine<'_>) -> Step<Option<Token>> {
        loop {
            let mut byte = self.byte(read)?;
            while matches!(byte, Some(b' ' | b'\t' | b'\x0c')) {
                byte = self.byte(read)?;
            }
            self.start = self.at - usize::from(byte.is_some());
            if byte == Some(b'#') {
                while !matches!(byte, None | Some(b'\n' | b'\r')) {
                    byte = self.byte(read)?;
                }
                if self.extra {
                    self.back(byte);
                    self.comment_newline = self.blank_line;
                    return Ok(Some(self.token(Kind::Comment)));
                }
            }
            let Some(mut c) = byte else { return self.at_end().map(Some) };
            match c {
                b'\\' => {
                    self.continuation(read)?;
                    continue;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => return self.name(c, read).map(Some),
                b'\r' => match self.byte(read)? {
                    Some(next) => c = next,
                    None => return self.at_end().map(Some),
                },
                b'.' | b'0'..=b'9' => return self.number_or_dot(c, read).map(Some),
                b'"' | b'\'' => return self.plain_string(c, read).map(Some),
                _ => {}
            }
            return match c {
                b'\n' => Ok(self.newline()),
                _ => self.punctuation(c, read).map(Some),
            };
        }
    }

    fn at_end(&mut self) -> Step<Token> {
        match self.brackets.is_empty() {
            true => Ok(self.token_of(Kind::EndMarker, None)),
            false => Err(Refusal::EndOfText),
        }
    }

    fn newline(&mut self) -> Option<Token> {
        self.at_line_start = true;
        if self.blank_line || !self.brackets.is_empty() {
            self.comment_newline = false;
            return self.extra.then(|| self.token(Kind::Nl));
        }
        if self.extra && std::mem::take(&mut self.comment_newline) {
            return Some(self.token(Kind::Nl));
        }
        Some(self.token_of(Kind::Newline, Some((self.start, self.at - 1))))
    }

    /// A backslash at the end of a line.
    fn continuation(&mut self, read: ReadLine<'_>) -> Step {
        let mut byte = self.byte(read)?;
        if byte == Some(b'\r') {
            byte = self.byte(read)?;
        }
        if byte != Some(b'\n') {
            return Err(Refusal::Continuation);
        }
        match self.peek(read)? {
            Some(_) => Ok(()),
            None => Err(Refusal::EndOfText),
        }
    }

    fn name(&mut self, first: u8, read: ReadLine<'_>) -> Step<Token> {
        let mut byte = Some(first);
        let mut prefix = text::Prefix::default();
        while let Some(c) = byte
            && prefix.take(c)
        {
            byte = self.byte(read)?;
            let Some(quote @ (b'"' | b'\'')) = byte else { continue };
            if let Some(message) = prefix.refusal() {
                return Err(self.refuse_range(message, self.at));
            }
            return match prefix.interpolated() {
                Some(letter) => self.interpolated_string(letter, prefix.raw(), quote, read),
                None => self.plain_string(quote, read),
            };
        }
        let mut ascii = true;
        while let Some(c) = byte
            && (c.is_ascii_alphanumeric() || c == b'_' || c >= 128)
        {
            ascii &= c < 128;
            byte = self.byte(read)?;
        }
        self.back(byte);
        if !ascii && !self.extra {
            self.check_identifier()?;
        }
        Ok(self.token(Kind::Name))
    }

    /// PEP 3131.
    fn check_identifier(&mut self) -> Step {
        let name = String::from_utf8_lossy(&self.buffer[self.start..self.at]).into_owned();
        for (index, c) in name.char_indices() {
            let good = match index {
                0 => taipan_unicode::is_identifier_start(c as u32),
                _ => taipan_unicode::is_identifier_continue(c as u32),
            };
            if !good {
                self.at = self.start + index + c.len_utf8();
                let point = c as u32;
                return Err(self.refuse(match taipan_unicode::is_printable(point) {
                    true => format!("invalid character '{c}' (U+{point:04X})"),
                    false => format!("invalid non-printable character U+{point:04X}"),
                }));
            }
        }
        Ok(())
    }

    /// Operators and brackets.
    fn punctuation(&mut self, c: u8, read: ReadLine<'_>) -> Step<Token> {
        if c == b':' && self.modes.last_mut().is_some_and(StringMode::begins_format) {
            return Ok(self.token(Kind::Operator(operator::COLON)));
        }
        let second = self.byte(read)?;
        if let Some(second) = second {
            if let Some(number) = operator::of(&[c, second]) {
                let third = self.byte(read)?;
                if let Some(longer) = third.and_then(|third| operator::of(&[c, second, third])) {
                    return Ok(self.token(Kind::Operator(longer)));
                }
                self.back(third);
                return Ok(self.token(Kind::Operator(number)));
            }
            self.back(Some(second));
        }
        match c {
            b'(' | b'[' | b'{' => self.open(c)?,
            b')' | b']' | b'}' => self.close(c)?,
            0..0x20 | 0x7F => {
                return Err(self.refuse(format!("invalid non-printable character U+{c:04X}")));
            }
            _ => {}
        }
        Ok(self.token(Kind::Operator(operator::of(&[c]).unwrap_or(operator::OP))))
    }

    fn open(&mut self, byte: u8) -> Step {
        if self.brackets.len() >= MAX_LEVEL {
            return Err(self.refuse("too many nested parentheses"));
        }
        self.brackets.push(Bracket { byte, line: self.line, offset: self.start });
        if let Some(mode) = self.modes.last_mut() {
            mode.depth += 1;
        }
        Ok(())
    }

    fn close(&mut self, c: u8) -> Step {
        let shown = c as char;
        if let Some(mode) = self.modes.last()
            && mode.depth == 0
            && c == b'}'
        {
            return Err(self.refuse(format!("{}-string: single '}}' is not allowed", mode.letter)));
        }
        match self.brackets.pop() {
            None if !self.extra => return Err(self.refuse(format!("unmatched '{shown}'"))),
            Some(opened) if !self.extra && !matches_bracket(opened.byte, c) => {
                if let Some(mode) = self.modes.last()
                    && opened.byte == b'{'
                    && mode.depth - 1 == mode.expression
                {
                    return Err(self.refuse(format!("{}-string: unmatched '{shown}'", mode.letter)));
                }
                let mut message = format!(
                    "closing parenthesis '{shown}' does not match opening parenthesis '{}'",
                    opened.byte as char
                );
                if opened.line != self.line {
                    message.push_str(&format!(" on line {}", opened.line));
                }
                return Err(self.refuse(message));
            }
            _ => {}
        }
        if let Some(mode) = self.modes.last_mut() {
            mode.depth -= 1;
            if mode.depth < 0 {
                let letter = mode.letter;
                return Err(self.refuse(format!("{letter}-string: unmatched '{shown}'")));
            }
            if c == b'}' && mode.depth == mode.expression {
                mode.end_expression();
            }
        }
        Ok(())
    }
}

fn matches_bracket(opened: u8, closed: u8) -> bool {
    matches!((opened, closed), (b'(', b')') | (b'[', b']') | (b'{', b'}'))
}
