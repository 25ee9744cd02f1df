//! Scanner of the prolog and of declarations.
//!
//! Invariant: a token that more text could make longer is marked open.

use crate::bytes::{self, Kind};
use crate::token::{Scan, Scanned, Scanner, Token};

impl Scanner<'_> {
    /// A token outside of the document's element.
    pub(crate) fn prolog(&self) -> Scan {
        self.scan_prolog().unwrap_or_else(|scan| scan)
    }

    fn scan_prolog(&self) -> Scanned<Scan> {
        let start = self.start;
        let Some(kind) = self.kind(start) else { return Ok(Scan::new(Token::None, start)) };
        let one = |token| Ok(Scan::new(token, start + 1));
        match kind {
            Kind::Quote | Kind::Apostrophe => self.literal(kind, start + 1),
            Kind::Lt => match self.needed(start + 1)? {
                Kind::Exclamation => self.declaration(start + 2),
                Kind::Question => self.instruction(start + 2),
                Kind::NameStart | Kind::Hex => Ok(Scan::new(Token::InstanceStart, start)),
                kind @ (Kind::Lead2 | Kind::Lead3 | Kind::Lead4) => self.instance_start(start + 1, kind),
                _ => Err(Scan::invalid(start + 1)),
            },
            Kind::Return if start + 1 == self.text.len() => Ok(Scan::open(Token::Space, start + 1)),
            Kind::Return | Kind::Space | Kind::LineFeed => Ok(self.prolog_space(start + 1)),
            Kind::Percent => self.percent(start + 1),
            Kind::Comma => one(Token::Comma),
            Kind::LeftBracket => one(Token::OpenBracket),
            Kind::RightBracket => self.close_bracket(start + 1),
            Kind::LeftParen => one(Token::OpenParen),
            Kind::RightParen => self.close_paren(start + 1),
            Kind::Bar => one(Token::Bar),
            Kind::Gt => one(Token::DeclClose),
            Kind::Hash => self.hash_name(start + 1),
            _ => self.declared_name(kind),
        }
    }

    fn prolog_space(&self, mut at: usize) -> Scan {
        loop {
            match self.kind(at) {
                Some(Kind::Space | Kind::LineFeed) => at += 1,
                // A return that ends the text may be half a line end.
                Some(Kind::Return) if at + 1 < self.text.len() => at += 1,
                _ => return Scan::new(Token::Space, at),
            }
        }
    }

    fn close_bracket(&self, at: usize) -> Scanned<Scan> {
        if at == self.text.len() {
            return Ok(Scan::open(Token::CloseBracket, at));
        }
        if self.text[at] == b']' && self.needed(at + 1)? == Kind::Gt {
            return Ok(Scan::new(Token::ConditionClose, at + 2));
        }
        Ok(Scan::new(Token::CloseBracket, at))
    }

    fn close_paren(&self, at: usize) -> Scanned<Scan> {
        let token = match self.kind(at) {
            None => return Ok(Scan::open(Token::CloseParen, at)),
            Some(Kind::Asterisk) => Token::CloseParenRep,
            Some(Kind::Question) => Token::CloseParenOpt,
            Some(Kind::Plus) => Token::CloseParenPlus,
            Some(
                Kind::Return
                | Kind::LineFeed
                | Kind::Space
                | Kind::Gt
                | Kind::Comma
                | Kind::Bar
                | Kind::RightParen,
            ) => return Ok(Scan::new(Token::CloseParen, at)),
            Some(_) => return Err(Scan::invalid(at)),
        };
        Ok(Scan::new(token, at + 1))
    }

    /// Behind `<!`.
    fn declaration(&self, at: usize) -> Scanned<Scan> {
        let kind = self.needed(at)?;
        let mut at = match kind {
            Kind::Minus => return self.comment(at + 1),
            Kind::LeftBracket => return Ok(Scan::new(Token::ConditionOpen, at + 1)),
            _ => self.word_letter(at, kind)?.ok_or(Scan::invalid(at))?,
        };
        loop {
            let kind = self.needed(at)?;
            if let Some(next) = self.word_letter(at, kind)? {
                at = next;
                continue;
            }
            match kind {
                Kind::Space | Kind::Return | Kind::LineFeed => return Ok(Scan::new(Token::DeclOpen, at)),
                Kind::Percent => {
                    return match self.needed(at + 1)? {
                        Kind::Space | Kind::Return | Kind::LineFeed | Kind::Percent => Err(Scan::invalid(at)),
                        _ => Ok(Scan::new(Token::DeclOpen, at)),
                    };
                }
                _ => return Err(Scan::invalid(at)),
            }
        }
    }

    /// A tag whose name starts beyond ASCII, which is looked at later unless one byte was the character.
    fn instance_start(&self, at: usize, kind: Kind) -> Scanned<Scan> {
        let sequence = self.text.get(at..at + bytes::announced(kind));
        let code = sequence.and_then(bytes::decoded);
        let is_one_unit = code.is_some_and(|code| code <= self.letters);
        let is_none = self.letters > 0 && sequence.is_some() && code.is_none();
        if is_none || (is_one_unit && self.name_start(at, kind).is_err()) {
            return Err(Scan::invalid(at));
        }
        Ok(Scan::new(Token::InstanceStart, self.start))
    }

    /// Behind a letter of a declaration's word.
    fn word_letter(&self, at: usize, kind: Kind) -> Scanned<Option<usize>> {
        match kind {
            Kind::NameStart | Kind::Hex => Ok(Some(at + 1)),
            Kind::Lead2 | Kind::Lead3 if self.letters > 0 => {
                let end = self.any(at, kind)?;
                let sequence = &self.text[at..end];
                let is_single = bytes::decoded(sequence).is_some_and(|code| code <= self.letters);
                if is_single && self.name_start(at, kind).is_ok() { Ok(Some(end)) } else { Ok(None) }
            }
            _ => Ok(None),
        }
    }

    /// Behind `#`.
    fn hash_name(&self, at: usize) -> Scanned<Scan> {
        let kind = self.needed(at)?;
        let Some(mut at) = self.name_start(at, kind)? else { return Err(Scan::invalid(at)) };
        while let Some(kind) = self.kind(at) {
            match self.name_part(at, kind)? {
                Some(next) => at = next,
                None => {
                    return match kind {
                        Kind::Return
                        | Kind::LineFeed
                        | Kind::Space
                        | Kind::RightParen
                        | Kind::Gt
                        | Kind::Percent
                        | Kind::Bar => Ok(Scan::new(Token::HashName, at)),
                        _ => Err(Scan::invalid(at)),
                    };
                }
            }
        }
        Ok(Scan::open(Token::HashName, at))
    }

    /// Behind the opening quote.
    fn literal(&self, quote: Kind, mut at: usize) -> Scanned<Scan> {
        loop {
            let kind = self.needed(at)?;
            at = self.any(at, kind)?;
            if kind != quote {
                continue;
            }
            return match self.kind(at) {
                None => Ok(Scan::open(Token::Literal, at)),
                Some(
                    Kind::Space
                    | Kind::Return
                    | Kind::LineFeed
                    | Kind::Gt
                    | Kind::Percent
                    | Kind::LeftBracket,
                ) => Ok(Scan::new(Token::Literal, at)),
                Some(_) => Err(Scan::invalid(at)),
            };
        }
    }

    /// A name, or a name token, with what may hang on it in a model of content.
    fn declared_name(&self, kind: Kind) -> Scanned<Scan> {
        let start = self.start;
        let (mut token, mut at) = match kind {
            Kind::NameStart | Kind::Hex => (Token::Name, start + 1),
            Kind::Digit | Kind::Name | Kind::Minus | Kind::Colon => (Token::NameToken, start + 1),
            Kind::Lead2 | Kind::Lead3 | Kind::Lead4 => {
                let end = self.any(start, kind)?;
                match self.name_start(start, kind) {
                    Ok(_) => (Token::Name, end),
                    Err(_) => {
                        self.name_part(start, kind)?;
                        (Token::NameToken, end)
                    }
                }
            }
            _ => return Err(Scan::invalid(start)),
        };
        while let Some(kind) = self.kind(at) {
            if let Some(next) = self.name_part(at, kind)? {
                at = next;
                continue;
            }
            match kind {
                Kind::Gt
                | Kind::RightParen
                | Kind::Comma
                | Kind::Bar
                | Kind::LeftBracket
                | Kind::Percent
                | Kind::Space
                | Kind::Return
                | Kind::LineFeed => return Ok(Scan::new(token, at)),
                Kind::Colon => {
                    at += 1;
                    (token, at) = self.behind_colon(token, at)?;
                }
                Kind::Plus | Kind::Asterisk | Kind::Question if token == Token::NameToken => {
                    return Err(Scan::invalid(at));
                }
                Kind::Plus => return Ok(Scan::new(Token::NamePlus, at + 1)),
                Kind::Asterisk => return Ok(Scan::new(Token::NameRep, at + 1)),
                Kind::Question => return Ok(Scan::new(Token::NameOpt, at + 1)),
                _ => return Err(Scan::invalid(at)),
            }
        }
        Ok(Scan::open(token, at))
    }

    /// What a name is with a colon before `at`.
    fn behind_colon(&self, token: Token, at: usize) -> Scanned<(Token, usize)> {
        if token != Token::Name {
            return Ok((Token::NameToken, at));
        }
        let kind = self.needed(at)?;
        Ok(match self.name_part(at, kind)? {
            Some(next) => (Token::PrefixedName, next),
            None => (Token::NameToken, at),
        })
    }
}
