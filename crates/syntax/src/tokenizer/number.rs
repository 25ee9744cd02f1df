//! Numbers. CPython: the part of `tok_get_normal_mode` about numbers, `verify_end_of_number`.

use super::{Kind, ReadLine, Step, Token, Tokenizer, operator};

/// Keywords that may stand right behind a number, by their first letter: CPython warns.
const KEYWORDS: [&[u8]; 8] = [b"and", b"else", b"for", b"if", b"in", b"is", b"or", b"not"];

impl Tokenizer {
    /// A number, `.` or `...`.
    pub(super) fn number_or_dot(&mut self, first: u8, read: ReadLine<'_>) -> Step<Token> {
        let next = match first {
            b'.' => {
                let next = self.byte(read)?;
                if !next.is_some_and(|c| c.is_ascii_digit()) {
                    return self.dots(next, read);
                }
                self.fraction(next, read)?
            }
            b'0' => self.after_zero(read)?,
            _ => {
                let next = self.digits(read)?;
                self.after_integer(next, read)?
            }
        };
        self.back(next);
        Ok(self.token(Kind::Number))
    }

    fn dots(&mut self, second: Option<u8>, read: ReadLine<'_>) -> Step<Token> {
        if second == Some(b'.') {
            let third = self.byte(read)?;
            if third == Some(b'.') {
                let number = operator::of(b"...").unwrap_or(operator::OP);
                return Ok(self.token(Kind::Operator(number)));
            }
            self.back(third);
        }
        self.back(second);
        Ok(self.token(Kind::Operator(operator::of(b".").unwrap_or(operator::OP))))
    }

    /// The rest of a row of decimal digits; gives the byte behind it.
    fn digits(&mut self, read: ReadLine<'_>) -> Step<Option<u8>> {
        loop {
            let mut c = self.byte(read)?;
            while c.is_some_and(|c| c.is_ascii_digit()) {
                c = self.byte(read)?;
            }
            if c != Some(b'_') {
                return Ok(c);
            }
            c = self.byte(read)?;
            if !c.is_some_and(|c| c.is_ascii_digit()) {
                self.back(c);
                return Err(self.refuse("invalid decimal literal"));
            }
        }
    }

    fn after_zero(&mut self, read: ReadLine<'_>) -> Step<Option<u8>> {
        let mut c = self.byte(read)?;
        match c {
            Some(b'x' | b'X') => return self.radix("hexadecimal", 16, read),
            Some(b'o' | b'O') => return self.radix("octal", 8, read),
            Some(b'b' | b'B') => return self.radix("binary", 2, read),
            _ => {}
        }
        loop {
            if c == Some(b'_') {
                c = self.byte(read)?;
                if !c.is_some_and(|c| c.is_ascii_digit()) {
                    self.back(c);
                    return Err(self.refuse("invalid decimal literal"));
                }
            }
            if c != Some(b'0') {
                break;
            }
            c = self.byte(read)?;
        }
        let zeros_end = self.at - usize::from(c.is_some());
        let nonzero = c.is_some_and(|c| c.is_ascii_digit());
        if nonzero {
            c = self.digits(read)?;
        }
        if nonzero && !self.extra && !matches!(c, Some(b'.' | b'e' | b'E' | b'j' | b'J')) {
            self.back(c);
            let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal \
                           integers";
            return Err(self.refuse_range(message, zeros_end + 1));
        }
        self.after_integer(c, read)
    }

    fn radix(&mut self, what: &str, radix: u32, read: ReadLine<'_>) -> Step<Option<u8>> {
        let is_digit = |c: Option<u8>| c.is_some_and(|c| (c as char).is_digit(radix));
        let decimal = |c: Option<u8>| c.filter(|c| c.is_ascii_digit());
        let mut c = self.byte(read)?;
        loop {
            if c == Some(b'_') {
                c = self.byte(read)?;
            }
            if !is_digit(c) {
                if let Some(digit) = decimal(c) {
                    return Err(self.refuse(format!("invalid digit '{}' in {what} literal", digit as char)));
                }
                self.back(c);
                return Err(self.refuse(format!("invalid {what} literal")));
            }
            while is_digit(c) {
                c = self.byte(read)?;
            }
            if c != Some(b'_') {
                break;
            }
        }
        if let Some(digit) = decimal(c) {
            return Err(self.refuse(format!("invalid digit '{}' in {what} literal", digit as char)));
        }
        self.end_of_number(c, what)?;
        Ok(c)
    }

    /// What may follow the digits of an integer.
    fn after_integer(&mut self, c: Option<u8>, read: ReadLine<'_>) -> Step<Option<u8>> {
        if c == Some(b'.') {
            let next = self.byte(read)?;
            return self.fraction(next, read);
        }
        self.exponent(c, read)
    }

    fn fraction(&mut self, mut c: Option<u8>, read: ReadLine<'_>) -> Step<Option<u8>> {
        if c.is_some_and(|c| c.is_ascii_digit()) {
            c = self.digits(read)?;
        }
        self.exponent(c, read)
    }

    fn exponent(&mut self, mut c: Option<u8>, read: ReadLine<'_>) -> Step<Option<u8>> {
        if let Some(b'e' | b'E') = c {
            let letter = c;
            c = self.byte(read)?;
            if let Some(b'+' | b'-') = c {
                c = self.byte(read)?;
                if !c.is_some_and(|c| c.is_ascii_digit()) {
                    self.back(c);
                    return Err(self.refuse("invalid decimal literal"));
                }
            } else if !c.is_some_and(|c| c.is_ascii_digit()) {
                self.back(c);
                self.end_of_number(letter, "decimal")?;
                return Ok(letter);
            }
            c = self.digits(read)?;
        }
        let what = match c {
            Some(b'j' | b'J') => {
                c = self.byte(read)?;
                "imaginary"
            }
            _ => "decimal",
        };
        self.end_of_number(c, what)?;
        Ok(c)
    }

    /// `c`, which was read, must not go on with the number.
    fn end_of_number(&mut self, c: Option<u8>, what: &str) -> Step {
        let Some(c) = c.filter(|_| !self.extra) else { return Ok(()) };
        let rest = &self.buffer[self.at - 1..];
        let keyword = KEYWORDS.iter().find(|keyword| rest.starts_with(keyword));
        let joined = |keyword: &&[u8]| {
            let next = rest.get(keyword.len()).copied().unwrap_or(b' ');
            // Two letters are enough for `if`, `in` and `is`.
            c == b'i' || !(next.is_ascii_alphanumeric() || next == b'_' || next >= 128)
        };
        if keyword.is_some_and(|keyword| joined(keyword)) {
            self.warnings.push((self.line, format!("invalid {what} literal")));
            return Ok(());
        }
        if c.is_ascii_alphanumeric() || c == b'_' {
            self.back(Some(c));
            return Err(self.refuse(format!("invalid {what} literal")));
        }
        Ok(())
    }
}
