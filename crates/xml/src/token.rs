//! Tokens, and the scanners that content and declarations share.
//!
//! Invariant: `next` is behind the token, or at the character that is wrong; where the text ends too early it is where
//! the token starts.

use crate::bytes::{self, Kind, Kinds};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    /// Nothing is left.
    None,
    /// The text ends within a token.
    Partial,
    /// The text ends within a character.
    PartialChar,
    Invalid,
    /// A return ends the text: it may be half a line end.
    TrailingReturn,
    /// One or two right brackets end the text.
    TrailingBracket,
    StartTag,
    EmptyElement,
    EndTag,
    Characters,
    LineEnd,
    CdataOpen,
    CdataClose,
    EntityRef,
    CharRef,
    Instruction,
    XmlDecl,
    Comment,
    ByteOrderMark,
    Space,
    DeclOpen,
    DeclClose,
    Name,
    PrefixedName,
    NameToken,
    HashName,
    Bar,
    Percent,
    OpenParen,
    CloseParen,
    CloseParenOpt,
    CloseParenRep,
    CloseParenPlus,
    OpenBracket,
    CloseBracket,
    Literal,
    ParamEntityRef,
    InstanceStart,
    NameOpt,
    NameRep,
    NamePlus,
    ConditionOpen,
    ConditionClose,
    Comma,
    AttributeSpace,
    IgnoredSection,
}

/// What a scanner found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    pub(crate) token: Token,
    pub(crate) next: usize,
    /// More text could still make the token longer.
    pub(crate) open: bool,
}

impl Scan {
    pub(crate) fn new(token: Token, next: usize) -> Scan {
        Scan { token, next, open: false }
    }

    pub(crate) fn invalid(at: usize) -> Scan {
        Scan::new(Token::Invalid, at)
    }

    pub(crate) fn open(token: Token, next: usize) -> Scan {
        Scan { token, next, open: true }
    }
}

/// An attribute where it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawAttribute {
    pub(crate) name: (usize, usize),
    pub(crate) value: (usize, usize),
    /// The value stands for itself, however it is declared.
    pub(crate) normalized: bool,
}

/// A scanner stops early with what it found instead.
pub(crate) type Scanned<T> = Result<T, Scan>;

/// Text, of which the scanners read from a place to its end.
#[derive(Clone, Copy)]
pub(crate) struct Scanner<'t> {
    pub(crate) text: &'t [u8],
    pub(crate) kinds: &'static Kinds,
    /// Where the token starts, which is what is told of a token that is not all there.
    pub(crate) start: usize,
    /// The last letter that a declaration's word may have; 0 for those of ASCII only.
    pub(crate) letters: u32,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t [u8], kinds: &'static Kinds, start: usize) -> Scanner<'t> {
        Scanner { text, kinds, start, letters: 0 }
    }

    pub(crate) fn partial(&self) -> Scan {
        Scan::new(Token::Partial, self.start)
    }

    #[inline]
    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.text.get(at).map(|byte| self.kinds[usize::from(*byte)])
    }

    /// The kind of a byte that must be there.
    #[inline]
    pub(crate) fn needed(&self, at: usize) -> Scanned<Kind> {
        self.kind(at).ok_or_else(|| self.partial())
    }

    /// Behind a character that starts at `at` with a byte of this kind, whatever character it is.
    #[inline]
    pub(crate) fn any(&self, at: usize, kind: Kind) -> Scanned<usize> {
        match kind {
            Kind::Lead2 | Kind::Lead3 | Kind::Lead4 => self.sequence(at, kind, |_| true),
            Kind::Bad => Err(Scan::invalid(at)),
            _ => Ok(at + 1),
        }
    }

    #[inline(never)]
    fn sequence(&self, at: usize, kind: Kind, accepts: fn(&[u8]) -> bool) -> Scanned<usize> {
        let end = at + bytes::announced(kind);
        let Some(sequence) = self.text.get(at..end) else {
            return Err(Scan::new(Token::PartialChar, self.start));
        };
        // The tables that expat has for Latin-1 count three more signs as letters.
        let is_letter = self.letters == 0xff && matches!(sequence, [0xc2, 0xaa | 0xb5 | 0xba]);
        if bytes::decoded(sequence).is_none() || !(accepts(sequence) || is_letter) {
            return Err(Scan::invalid(at));
        }
        Ok(end)
    }

    /// Behind a character that starts a name; `None` if `at` has none that could.
    #[inline]
    pub(crate) fn name_start(&self, at: usize, kind: Kind) -> Scanned<Option<usize>> {
        match kind {
            Kind::NameStart | Kind::Hex => Ok(Some(at + 1)),
            Kind::Lead2 | Kind::Lead3 | Kind::Lead4 => self.sequence(at, kind, bytes::starts_name).map(Some),
            _ => Ok(None),
        }
    }

    /// Behind a character of a name.
    #[inline]
    pub(crate) fn name_part(&self, at: usize, kind: Kind) -> Scanned<Option<usize>> {
        match kind {
            Kind::NameStart | Kind::Hex | Kind::Digit | Kind::Name | Kind::Minus => Ok(Some(at + 1)),
            Kind::Lead2 | Kind::Lead3 | Kind::Lead4 => {
                self.sequence(at, kind, bytes::continues_name).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Behind the characters of a name from `at` on, and the kind of the byte there.
    #[inline]
    pub(crate) fn name_rest(&self, mut at: usize) -> Scanned<(usize, Kind)> {
        loop {
            let kind = self.needed(at)?;
            match self.name_part(at, kind)? {
                Some(next) => at = next,
                None => return Ok((at, kind)),
            }
        }
    }

    /// Behind the name that starts here and whose text has been accepted.
    pub(crate) fn name_end(&self, mut at: usize) -> usize {
        while let Some(kind) = self.kind(at) {
            match kind {
                Kind::NameStart | Kind::Hex | Kind::Digit | Kind::Name | Kind::Minus | Kind::Colon => at += 1,
                Kind::Lead2 | Kind::Lead3 | Kind::Lead4 => at += bytes::announced(kind),
                _ => break,
            }
        }
        at
    }

    fn is(&self, at: usize, byte: u8) -> bool {
        self.text.get(at) == Some(&byte)
    }

    /// Behind `<!-`.
    pub(crate) fn comment(&self, at: usize) -> Scanned<Scan> {
        self.needed(at)?;
        if !self.is(at, b'-') {
            return Err(Scan::invalid(at));
        }
        let mut at = at + 1;
        loop {
            let kind = self.needed(at)?;
            if kind != Kind::Minus {
                at = self.any(at, kind)?;
                continue;
            }
            at += 1;
            if self.needed(at)? == Kind::Minus {
                at += 1;
                if self.needed(at)? != Kind::Gt {
                    return Err(Scan::invalid(at));
                }
                return Ok(Scan::new(Token::Comment, at + 1));
            }
        }
    }

    /// Behind `<?`.
    pub(crate) fn instruction(&self, target: usize) -> Scanned<Scan> {
        let kind = self.needed(target)?;
        let Some(at) = self.name_start(target, kind)? else { return Err(Scan::invalid(target)) };
        let (end, kind) = self.name_rest(at)?;
        let token = || match &self.text[target..end] {
            b"xml" => Ok(Token::XmlDecl),
            name if name.eq_ignore_ascii_case(b"xml") => Err(Scan::invalid(end)),
            _ => Ok(Token::Instruction),
        };
        match kind {
            Kind::Space | Kind::Return | Kind::LineFeed => {
                let token = token()?;
                let mut at = end + 1;
                loop {
                    let kind = self.needed(at)?;
                    if kind != Kind::Question {
                        at = self.any(at, kind)?;
                        continue;
                    }
                    at += 1;
                    if self.needed(at)? == Kind::Gt {
                        return Ok(Scan::new(token, at + 1));
                    }
                }
            }
            Kind::Question => {
                let token = token()?;
                if self.needed(end + 1)? == Kind::Gt {
                    return Ok(Scan::new(token, end + 2));
                }
                Err(Scan::invalid(end + 1))
            }
            _ => Err(Scan::invalid(end)),
        }
    }

    /// Behind `&`.
    pub(crate) fn reference(&self, at: usize) -> Scanned<Scan> {
        let kind = self.needed(at)?;
        if kind == Kind::Hash {
            return self.character_reference(at + 1);
        }
        let Some(at) = self.name_start(at, kind)? else { return Err(Scan::invalid(at)) };
        match self.name_rest(at)? {
            (end, Kind::Semicolon) => Ok(Scan::new(Token::EntityRef, end + 1)),
            (end, _) => Err(Scan::invalid(end)),
        }
    }

    /// Behind `&#`.
    fn character_reference(&self, at: usize) -> Scanned<Scan> {
        let hexadecimal = self.is(at, b'x');
        let first = at + usize::from(hexadecimal);
        let mut at = first;
        loop {
            match self.needed(at)? {
                Kind::Digit => at += 1,
                Kind::Hex if hexadecimal => at += 1,
                Kind::Semicolon if at > first => return Ok(Scan::new(Token::CharRef, at + 1)),
                _ => return Err(Scan::invalid(at)),
            }
        }
    }

    /// Behind `%`.
    pub(crate) fn percent(&self, at: usize) -> Scanned<Scan> {
        let kind = self.needed(at)?;
        if matches!(kind, Kind::Space | Kind::LineFeed | Kind::Return | Kind::Percent) {
            return Ok(Scan::new(Token::Percent, at));
        }
        let Some(at) = self.name_start(at, kind)? else { return Err(Scan::invalid(at)) };
        match self.name_rest(at)? {
            (end, Kind::Semicolon) => Ok(Scan::new(Token::ParamEntityRef, end + 1)),
            (end, _) => Err(Scan::invalid(end)),
        }
    }

    /// A piece of an attribute's value, which ends with the text.
    pub(crate) fn attribute_value(&self) -> Scan {
        let mut at = self.start;
        while let Some(kind) = self.kind(at) {
            match kind {
                Kind::Amp if at == self.start => {
                    return self.reference(at + 1).unwrap_or_else(|scan| scan);
                }
                // The text of an entity may have one.
                Kind::Lt => return Scan::invalid(at),
                Kind::Space if at == self.start => return Scan::new(Token::AttributeSpace, at + 1),
                Kind::LineFeed | Kind::Return if at == self.start => return self.line_end(at, kind),
                Kind::Amp | Kind::Space | Kind::LineFeed | Kind::Return => break,
                _ => at += bytes::announced(kind),
            }
        }
        Scan::new(if at == self.start { Token::None } else { Token::Characters }, at)
    }

    /// A piece of an entity's value, which ends with the text.
    pub(crate) fn entity_value(&self) -> Scan {
        let mut at = self.start;
        while let Some(kind) = self.kind(at) {
            match kind {
                Kind::Amp if at == self.start => {
                    return self.reference(at + 1).unwrap_or_else(|scan| scan);
                }
                Kind::Percent if at == self.start => {
                    let scan = self.percent(at + 1).unwrap_or_else(|scan| scan);
                    return match scan.token {
                        Token::Percent => Scan::invalid(scan.next),
                        _ => scan,
                    };
                }
                Kind::LineFeed | Kind::Return if at == self.start => return self.line_end(at, kind),
                Kind::Amp | Kind::Percent | Kind::LineFeed | Kind::Return => break,
                _ => at += bytes::announced(kind),
            }
        }
        Scan::new(if at == self.start { Token::None } else { Token::Characters }, at)
    }

    /// A line end at `at`, whose first byte is of this kind.
    pub(crate) fn line_end(&self, at: usize, kind: Kind) -> Scan {
        if kind == Kind::LineFeed {
            return Scan::new(Token::LineEnd, at + 1);
        }
        match self.kind(at + 1) {
            None => Scan::new(Token::TrailingReturn, self.start),
            Some(Kind::LineFeed) => Scan::new(Token::LineEnd, at + 2),
            Some(_) => Scan::new(Token::LineEnd, at + 1),
        }
    }
}

/// The character that an accepted reference names; `None` if it is no character of XML.
pub(crate) fn referenced(reference: &[u8]) -> Option<u32> {
    let digits = &reference[2..reference.len() - 1];
    let (digits, base) = match digits.strip_prefix(b"x") {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    let mut code = 0;
    for digit in digits {
        code = code * base + char::from(*digit).to_digit(base)?;
        if code >= 0x11_0000 {
            return None;
        }
    }
    bytes::is_character(code).then_some(code)
}

/// The character of one of the five entities that every document has.
pub(crate) fn predefined(name: &[u8]) -> Option<u8> {
    match name {
        b"lt" => Some(b'<'),
        b"gt" => Some(b'>'),
        b"amp" => Some(b'&'),
        b"quot" => Some(b'"'),
        b"apos" => Some(b'\''),
        _ => None,
    }
}
