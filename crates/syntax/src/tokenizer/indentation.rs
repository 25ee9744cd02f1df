//! Indentation. CPython: the first part of `tok_get_normal_mode`.

use super::{Kind, ReadLine, Refusal, Step, Token, Tokenizer};

/// CPython's `MAXINDENT`.
const MAX_INDENT: usize = 100;

impl Tokenizer {
    /// Measures the indentation of a line and notes indents and dedents.
    pub(super) fn indentation(&mut self, read: ReadLine<'_>) -> Step {
        let (mut column, mut narrow) = (0, 0);
        // The first line of several that backslashes join decides.
        let mut continued = 0;
        let byte = loop {
            let byte = self.byte(read)?;
            match byte {
                Some(b' ') => (column, narrow) = (column + 1, narrow + 1),
                Some(b'\t') => (column, narrow) = ((column / 8 + 1) * 8, narrow + 1),
                Some(b'\x0c') => (column, narrow) = (0, 0),
                Some(b'\\') => {
                    continued = if continued != 0 { continued } else { column };
                    self.continuation(read)?;
                }
                _ => break byte,
            }
        };
        self.back(byte);
        self.blank_line = matches!(byte, Some(b'#' | b'\n' | b'\r'));
        if self.blank_line || !self.brackets.is_empty() {
            return Ok(());
        }
        if continued != 0 {
            (column, narrow) = (continued, continued);
        }
        self.compare_indentation(column, narrow)
    }

    fn compare_indentation(&mut self, column: usize, narrow: usize) -> Step {
        let (top, top_narrow) = self.top_indent();
        if column > top {
            if self.indents.len() >= MAX_INDENT {
                return Err(Refusal::TooDeep);
            }
            if narrow <= top_narrow {
                return Err(Refusal::Tabs);
            }
            self.pending += 1;
            self.indents.push((column, narrow));
            return Ok(());
        }
        while self.indents.len() > 1 && column < self.top_indent().0 {
            self.pending -= 1;
            self.indents.pop();
        }
        let (top, top_narrow) = self.top_indent();
        if column != top {
            return Err(Refusal::Dedent);
        }
        if narrow != top_narrow {
            return Err(Refusal::Tabs);
        }
        Ok(())
    }

    fn top_indent(&self) -> (usize, usize) {
        self.indents.last().copied().unwrap_or((0, 0))
    }

    /// An indent or dedent that was noted.
    pub(super) fn pending_indentation(&mut self) -> Option<Token> {
        match self.pending {
            0 => None,
            1.. => {
                self.pending -= 1;
                let range = self.extra.then_some((self.line_start, self.at));
                Some(self.token_of(Kind::Indent, range))
            }
            _ => {
                self.pending += 1;
                let range = self.extra.then_some((self.at, self.at));
                Some(self.token_of(Kind::Dedent, range))
            }
        }
    }
}
