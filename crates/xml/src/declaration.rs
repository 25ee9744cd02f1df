//! The XML declaration, and the text declaration of external entities.
//!
//! Invariant: an encoding that the caller named is not changed by what a declaration says.

use crate::bytes::is_space;
use crate::code::Code;
use crate::dtd::Dtd;
use crate::encoding::{Encoding, Named};
use crate::event::Wanted;
use crate::parser::{Failure, Parser, Source};
use crate::step::Flow;
use crate::token::Token;
use crate::told::Owned;

type Range = (usize, usize);

/// What a declaration says.
#[derive(Default)]
struct Said {
    version: Option<Range>,
    encoding: Option<Range>,
    standalone: Option<bool>,
}

/// One part of it: a name, its value, and where the text goes on.
struct Part {
    name: Range,
    value: Range,
    next: usize,
}

struct Reader<'t> {
    text: &'t [u8],
    end: usize,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text[..self.end].get(at).copied().filter(u8::is_ascii)
    }

    fn is_space(&self, at: usize) -> bool {
        self.byte(at).is_some_and(is_space)
    }

    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.is_space(at) {
            at += 1;
        }
        at
    }

    /// The next part; none at the end. The error is the place that is wrong.
    fn part(&self, at: usize) -> Result<Option<Part>, usize> {
        if at == self.end {
            return Ok(None);
        }
        if !self.is_space(at) {
            return Err(at);
        }
        let start = self.skip_spaces(at);
        if start == self.end {
            return Ok(None);
        }
        let mut name_end = start;
        loop {
            match self.byte(name_end) {
                None => return Err(name_end),
                Some(byte) if byte == b'=' || is_space(byte) => break,
                Some(_) => name_end += 1,
            }
        }
        let equals = self.skip_spaces(name_end);
        if self.byte(equals) != Some(b'=') {
            return Err(equals);
        }
        if name_end == start {
            return Err(start);
        }
        let open = self.skip_spaces(equals + 1);
        let Some(quote @ (b'"' | b'\'')) = self.byte(open) else { return Err(open) };
        let mut at = open + 1;
        loop {
            match self.byte(at) {
                Some(byte) if byte == quote => break,
                Some(byte) if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) => at += 1,
                _ => return Err(at),
            }
        }
        Ok(Some(Part { name: (start, name_end), value: (open + 1, at), next: at + 1 }))
    }

    fn piece(&self, range: Range) -> &[u8] {
        &self.text[range.0..range.1]
    }

    fn read(&self, start: usize, is_text: bool) -> Result<Said, usize> {
        let mut said = Said::default();
        let Some(mut part) = self.part(start)? else { return Err(start) };
        if self.piece(part.name) == b"version" {
            said.version = Some(part.value);
            let minor = self.piece(part.value).strip_prefix(b"1.").unwrap_or_default();
            if minor.is_empty() || !minor.iter().all(u8::is_ascii_digit) {
                return Err(part.value.0);
            }
            let next = part.next;
            part = match self.part(next)? {
                Some(part) => part,
                // The declaration of an external entity must name its encoding.
                None if is_text => return Err(next),
                None => return Ok(said),
            };
        } else if !is_text {
            return Err(part.name.0);
        }
        if self.piece(part.name) == b"encoding" {
            if !self.byte(part.value.0).is_some_and(|byte| byte.is_ascii_alphabetic()) {
                return Err(part.value.0);
            }
            said.encoding = Some(part.value);
            part = match self.part(part.next)? {
                Some(part) => part,
                None => return Ok(said),
            };
        }
        if self.piece(part.name) != b"standalone" || is_text {
            return Err(part.name.0);
        }
        said.standalone = match self.piece(part.value) {
            b"yes" => Some(true),
            b"no" => Some(false),
            _ => return Err(part.value.0),
        };
        let rest = self.skip_spaces(part.next);
        if rest == self.end { Ok(said) } else { Err(rest) }
    }
}

impl Parser {
    /// A declaration from `start` to `next`, of an external entity if `is_text`.
    pub(crate) fn xml_declaration(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        start: usize,
        next: usize,
        is_text: bool,
    ) -> Flow {
        self.count(Token::XmlDecl, next - start, Source::Document)?;
        let reader = Reader { text, end: next - 2 };
        let said = reader.read(start + 5, is_text).map_err(|at| Failure {
            code: if is_text { Code::TextDecl } else { Code::XmlDecl },
            at: Some(at),
        })?;
        if !is_text && said.standalone == Some(true) {
            dtd.standalone = true;
            if self.param_parsing == 1 {
                self.param_parsing = 0;
            }
        }
        if self.wanted.has(Wanted::XML_DECL) {
            let version = said.version.map(|range| reader.piece(range).to_vec());
            let encoding = said.encoding.map(|range| reader.piece(range).to_vec());
            let standalone = said.standalone.map_or(-1, i32::from);
            self.tell(Owned::XmlDecl { version, encoding, standalone });
        } else {
            self.tell_default(text, Source::Document, start, next);
        }
        match said.encoding {
            Some(range) if self.protocol_encoding.is_none() => {
                let name = crate::bytes::text(reader.piece(range)).to_owned();
                self.declared_encoding(name, range.0)
            }
            _ => Ok(true),
        }
    }

    fn declared_encoding(&mut self, name: String, name_at: usize) -> Flow {
        let Some(named) = Named::find(&name).filter(|_| name.len() < 128) else {
            return self.ask_encoding(name, Some(name_at));
        };
        let is_wide = matches!(self.encoding, Encoding::Utf16 { .. });
        if named == Named::Utf16 && is_wide {
            return Ok(true);
        }
        let found = named.encoding();
        let fits = match (&self.encoding, &found) {
            (Encoding::Utf16 { big_endian: known }, Encoding::Utf16 { big_endian }) => known == big_endian,
            (_, found) => !is_wide && !matches!(found, Encoding::Utf16 { .. }),
        };
        if !fits {
            return Err(Failure { code: Code::IncorrectEncoding, at: Some(name_at) });
        }
        if !is_wide && !matches!(found, Encoding::Utf8) {
            self.next_encoding = Some(found);
        }
        Ok(true)
    }
}
