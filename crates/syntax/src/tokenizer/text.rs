//! String literals. CPython: `tok_get_fstring_mode` and the part of `tok_get_normal_mode` about strings.

use super::{Kind, MAX_STRING_LEVEL, ReadLine, Step, Token, Tokenizer};

/// Expressions in format specifications may be nested this deep.
const MAX_NESTING: isize = 3;

/// An f-string or t-string that is open.
pub(super) struct StringMode {
    /// Is literal text next, or an expression?
    pub(super) in_text: bool,
    /// `f` or `t`, for messages.
    pub(super) letter: char,
    raw: bool,
    quote: u8,
    quotes: usize,
    /// Where it began.
    start: usize,
    line: usize,
    pub(super) line_start: usize,
    /// Brackets open within it.
    pub(super) depth: isize,
    /// Brackets open where the innermost expression began; -1 outside.
    pub(super) expression: isize,
    in_format: bool,
}

impl StringMode {
    /// A colon: does a format specification begin? Then it has.
    pub(super) fn begins_format(&mut self) -> bool {
        let begins = self.expression >= 0 && self.depth - 1 == self.expression;
        if begins {
            self.in_text = true;
            self.in_format = true;
        }
        begins
    }

    /// The brace that closes an expression.
    pub(super) fn end_expression(&mut self) {
        self.expression -= 1;
        self.in_text = true;
        self.in_format = false;
    }

    fn template(&self) -> bool {
        self.letter == 't'
    }
}

/// Letters before a quote.
#[derive(Default)]
pub(super) struct Prefix {
    seen: Vec<u8>,
}

impl Prefix {
    /// Could the letter belong to a prefix?
    pub(super) fn take(&mut self, letter: u8) -> bool {
        let letter = letter.to_ascii_lowercase();
        let good = matches!(letter, b'b' | b'u' | b'r' | b'f' | b't') && !self.seen.contains(&letter);
        if good {
            self.seen.push(letter);
        }
        good
    }

    fn has(&self, letter: char) -> bool {
        self.seen.contains(&(letter as u8))
    }

    /// Why the letters cannot stand together.
    pub(super) fn refusal(&self) -> Option<String> {
        let pairs = [('u', 'b'), ('u', 'r'), ('u', 'f'), ('u', 't'), ('b', 'f'), ('b', 't'), ('f', 't')];
        let &(one, other) = pairs.iter().find(|(one, other)| self.has(*one) && self.has(*other))?;
        Some(format!("'{one}' and '{other}' prefixes are incompatible"))
    }

    pub(super) fn interpolated(&self) -> Option<char> {
        ['f', 't'].into_iter().find(|letter| self.has(*letter))
    }

    pub(super) fn raw(&self) -> bool {
        self.has('r')
    }
}

impl Tokenizer {
    /// A string literal whose opening quote was read.
    pub(super) fn plain_string(&mut self, quote: u8, read: ReadLine<'_>) -> Step<Token> {
        self.first_line = self.line;
        self.first_line_start = self.line_start;
        let (mut quotes, mut closing) = (1, 0);
        let mut escaped_quote = false;
        let mut c = self.byte(read)?;
        if c == Some(quote) {
            c = self.byte(read)?;
            match c == Some(quote) {
                true => quotes = 3,
                false => closing = 1,
            }
        }
        if c != Some(quote) {
            self.back(c);
        }
        while closing != quotes {
            c = self.byte(read)?;
            if c.is_none() || quotes == 1 && c == Some(b'\n') {
                return Err(self.unterminated(quote, quotes, escaped_quote));
            }
            if c == Some(quote) {
                closing += 1;
                continue;
            }
            closing = 0;
            if c == Some(b'\\') {
                c = self.byte(read)?;
                escaped_quote |= c == Some(quote);
                if c == Some(b'\r') {
                    self.byte(read)?;
                }
            }
        }
        Ok(self.token(Kind::String))
    }

    fn unterminated(&mut self, quote: u8, quotes: usize, escaped_quote: bool) -> super::Refusal {
        let line = self.line;
        self.at = self.start + 1;
        self.line_start = self.first_line_start;
        self.line = self.first_line;
        if let Some(mode) = self.modes.last()
            && mode.quote == quote
            && mode.quotes == quotes
        {
            return self.refuse(format!("{}-string: expecting '}}'", mode.letter));
        }
        let hint = if escaped_quote { "; perhaps you escaped the end quote?" } else { "" };
        self.refuse(match quotes {
            3 => format!("unterminated triple-quoted string literal (detected at line {line})"),
            _ => format!("unterminated string literal (detected at line {line}){hint}"),
        })
    }

    /// The start of an f-string or t-string whose first quote was read.
    pub(super) fn interpolated_string(
        &mut self,
        letter: char,
        raw: bool,
        quote: u8,
        read: ReadLine<'_>,
    ) -> Step<Token> {
        self.first_line = self.line;
        self.first_line_start = self.line_start;
        let mut quotes = 1;
        let second = self.byte(read)?;
        if second == Some(quote) {
            let third = self.byte(read)?;
            if third == Some(quote) {
                quotes = 3;
            } else {
                self.back(third);
                self.back(second);
            }
        } else {
            self.back(second);
        }
        if self.modes.len() + 1 >= MAX_STRING_LEVEL {
            return Err(self.refuse("too many nested f-strings or t-strings"));
        }
        self.modes.push(StringMode {
            in_text: true,
            letter,
            raw,
            quote,
            quotes,
            start: self.start,
            line: self.line,
            line_start: self.line_start,
            depth: 0,
            expression: -1,
            in_format: false,
        });
        Ok(self.token(Kind::StringStart(letter == 't')))
    }

    /// Literal text, the closing quote, or the brace that begins an expression.
    pub(super) fn string_text(&mut self, read: ReadLine<'_>) -> Step<Token> {
        self.start = self.at;
        self.first_line = self.line;
        self.first_line_start = self.line_start;
        let first = self.byte(read)?;
        if first == Some(b'{') {
            let second = self.peek(read)?;
            self.back(first);
            if second != Some(b'{') {
                self.begin_expression()?;
                return self.normal(read);
            }
        } else {
            self.back(first);
        }
        let Some(mode) = self.modes.last() else { unreachable!("text belongs to a string") };
        let (quote, quotes, template) = (mode.quote, mode.quotes, mode.template());
        let mut closing = 0;
        while closing < quotes {
            let c = self.byte(read)?;
            if c != Some(quote) {
                self.back(c);
                break;
            }
            closing += 1;
        }
        if closing == quotes {
            self.modes.pop();
            return Ok(self.token(Kind::StringEnd(template)));
        }
        let range = self.middle(quote, quotes, read)?;
        Ok(self.token_of(Kind::StringMiddle(template), Some((self.start, range))))
    }

    fn begin_expression(&mut self) -> Step {
        let Some(mode) = self.modes.last_mut() else { unreachable!("an expression belongs to a string") };
        mode.expression += 1;
        if mode.expression >= MAX_NESTING {
            let letter = mode.letter;
            return Err(self.refuse(format!("{letter}-string: expressions nested too deeply")));
        }
        mode.in_text = false;
        Ok(())
    }

    /// Reads literal text of the innermost string; gives where it ends.
    fn middle(&mut self, quote: u8, quotes: usize, read: ReadLine<'_>) -> Step<usize> {
        let mut closing = 0;
        let mut named = false;
        while closing != quotes {
            let c = self.byte(read)?;
            let Some(mode) = self.modes.last() else { unreachable!("text belongs to a string") };
            let in_format = mode.in_format && mode.expression >= 0;
            let raw = mode.raw;
            match c {
                None => return Err(self.unterminated_interpolated()),
                Some(b'\n') if quotes == 1 => {
                    if !in_format {
                        return Err(self.unterminated_interpolated());
                    }
                    let letter = mode.letter;
                    return Err(self.refuse(format!(
                        "{letter}-string: newlines are not allowed in format specifiers for single quoted \
                         {letter}-strings"
                    )));
                }
                Some(c) if c == quote => {
                    closing += 1;
                    continue;
                }
                Some(b'{') => {
                    let next = self.byte(read)?;
                    if next == Some(b'{') && !in_format {
                        return Ok(self.at - 1);
                    }
                    self.back(next);
                    self.back(c);
                    self.begin_expression()?;
                    self.leave_format();
                    return Ok(self.at);
                }
                Some(b'}') if named => return Ok(self.at),
                Some(b'}') => {
                    let next = self.byte(read)?;
                    let depth = self.modes.last().map_or(0, |mode| mode.depth);
                    if next == Some(b'}') && !in_format && depth == 0 {
                        return Ok(self.at - 1);
                    }
                    self.back(next);
                    self.back(c);
                    if let Some(mode) = self.modes.last_mut() {
                        mode.in_text = false;
                    }
                    self.leave_format();
                    return Ok(self.at);
                }
                Some(b'\\') => named |= self.escape(raw, read)?,
                _ => {}
            }
            closing = 0;
        }
        self.at -= quotes;
        Ok(self.at)
    }

    fn leave_format(&mut self) {
        if let Some(mode) = self.modes.last_mut() {
            mode.in_format = false;
        }
    }

    /// What follows a backslash; true if it begins a character's name.
    fn escape(&mut self, raw: bool, read: ReadLine<'_>) -> Step<bool> {
        let mut next = self.byte(read)?;
        if next == Some(b'\r') {
            next = self.byte(read)?;
        }
        match next {
            Some(b'{' | b'}') => self.back(next),
            Some(b'N') if !raw => {
                next = self.byte(read)?;
                if next == Some(b'{') {
                    return Ok(true);
                }
                self.back(next);
            }
            _ => {}
        }
        Ok(false)
    }

    fn unterminated_interpolated(&mut self) -> super::Refusal {
        let line = self.line;
        let Some(mode) = self.modes.last() else { unreachable!("text belongs to a string") };
        let (letter, triple) = (mode.letter, mode.quotes == 3);
        self.at = mode.start + 1;
        self.line_start = mode.line_start;
        self.line = mode.line;
        let what = if triple { "triple-quoted " } else { "" };
        self.refuse(format!("unterminated {what}{letter}-string literal (detected at line {line})"))
    }
}
