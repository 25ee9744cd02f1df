//! Scanners of content: tags, character data, CDATA sections.
//!
//! Invariant: a start tag that is accepted has all its attributes in the list, in the order of the text.

use crate::bytes::Kind;
use crate::token::{RawAttribute, Scan, Scanned, Scanner, Token};

const fn are_plain(stops_at_markup: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0x20;
    while byte < 0x80 {
        table[byte] =
            byte != b']' as usize && !(stops_at_markup && (byte == b'<' as usize || byte == b'&' as usize));
        byte += 1;
    }
    table[b'\t' as usize] = true;
    table
}

/// Bytes that are characters and end no run of character data, in content and in CDATA sections.
static PLAIN_IN_CONTENT: [bool; 256] = are_plain(true);
static PLAIN_IN_CDATA: [bool; 256] = are_plain(false);

/// A word of eight times this byte.
const fn eight(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// Marks the first byte of a word that is not plain; marks behind the first one may be wrong.
#[inline]
fn first_special(word: u64, stops_at_markup: bool) -> u64 {
    let less = |word: u64, limit: u8| word.wrapping_sub(eight(limit)) & !word;
    let is = |byte: u8| less(word ^ eight(byte), 1);
    let mut marks = word | less(word, 0x20) | is(b']');
    if stops_at_markup {
        marks |= is(b'<') | is(b'&');
    }
    marks & eight(0x80)
}

/// How many bytes from the start are plain, eight at a time while that goes.
#[inline]
fn plain_run(text: &[u8], stops_at_markup: bool) -> usize {
    let (words, _) = text.as_chunks::<8>();
    let mut run = 0;
    for word in words {
        let marks = first_special(u64::from_le_bytes(*word), stops_at_markup);
        if marks != 0 {
            run += marks.trailing_zeros() as usize / 8;
            break;
        }
        run += 8;
    }
    let table = if stops_at_markup { &PLAIN_IN_CONTENT } else { &PLAIN_IN_CDATA };
    run + text[run..].iter().take_while(|byte| table[usize::from(**byte)]).count()
}

impl Scanner<'_> {
    /// A token of content; the attributes of a tag are left in `attributes`.
    pub(crate) fn content(&self, attributes: &mut Vec<RawAttribute>) -> Scan {
        self.scan_content(attributes).unwrap_or_else(|scan| scan)
    }

    fn scan_content(&self, attributes: &mut Vec<RawAttribute>) -> Scanned<Scan> {
        let start = self.start;
        let Some(kind) = self.kind(start) else { return Ok(Scan::new(Token::None, start)) };
        let first = match kind {
            Kind::Lt => return self.markup(start + 1, attributes),
            Kind::Amp => return self.reference(start + 1),
            Kind::Return | Kind::LineFeed => return Ok(self.line_end(start, kind)),
            Kind::RightBracket => match self.text[start + 1..] {
                [] | [b']'] => return Ok(Scan::new(Token::TrailingBracket, start)),
                [b']', b'>', ..] => return Err(Scan::invalid(start + 2)),
                _ => start + 1,
            },
            _ => self.any(start, kind)?,
        };
        Ok(self.characters(first))
    }

    /// The rest of a run of character data.
    fn characters(&self, mut at: usize) -> Scan {
        loop {
            at += plain_run(&self.text[at..], true);
            match self.kind(at) {
                Some(kind @ (Kind::Lead2 | Kind::Lead3 | Kind::Lead4)) => match self.any(at, kind) {
                    Ok(next) => at = next,
                    Err(_) => break,
                },
                Some(Kind::RightBracket) => match self.text[at + 1..] {
                    [] | [b']'] => break,
                    [b']', b'>', ..] => return Scan::invalid(at + 2),
                    _ => at += 1,
                },
                // A return in the text of an entity is a character like others.
                Some(Kind::Space) => at += 1,
                _ => break,
            }
        }
        Scan::new(Token::Characters, at)
    }

    /// A token within a CDATA section.
    pub(crate) fn cdata(&self) -> Scan {
        self.scan_cdata().unwrap_or_else(|scan| scan)
    }

    fn scan_cdata(&self) -> Scanned<Scan> {
        let start = self.start;
        let Some(kind) = self.kind(start) else { return Ok(Scan::new(Token::None, start)) };
        let mut at = match kind {
            Kind::RightBracket => match self.text[start + 1..] {
                [] | [b']'] => return Err(self.partial()),
                [b']', b'>', ..] => return Ok(Scan::new(Token::CdataClose, start + 3)),
                _ => start + 1,
            },
            Kind::Return if start + 1 == self.text.len() => return Err(self.partial()),
            Kind::Return | Kind::LineFeed => return Ok(self.line_end(start, kind)),
            _ => self.any(start, kind)?,
        };
        loop {
            at += plain_run(&self.text[at..], false);
            match self.kind(at) {
                Some(kind @ (Kind::Lead2 | Kind::Lead3 | Kind::Lead4)) => match self.any(at, kind) {
                    Ok(next) => at = next,
                    Err(_) => break,
                },
                Some(Kind::Space) => at += 1,
                _ => break,
            }
        }
        Ok(Scan::new(Token::Characters, at))
    }

    /// Behind `<` in content.
    fn markup(&self, at: usize, attributes: &mut Vec<RawAttribute>) -> Scanned<Scan> {
        let kind = self.needed(at)?;
        match kind {
            Kind::Exclamation => match self.needed(at + 1)? {
                Kind::Minus => self.comment(at + 2),
                Kind::LeftBracket => self.cdata_open(at + 2),
                _ => Err(Scan::invalid(at + 1)),
            },
            Kind::Question => self.instruction(at + 1),
            Kind::Solidus => self.end_tag(at + 1),
            _ => match self.name_start(at, kind)? {
                Some(next) => self.start_tag(next, attributes),
                None => Err(Scan::invalid(at)),
            },
        }
    }

    /// Behind `<![`.
    fn cdata_open(&self, at: usize) -> Scanned<Scan> {
        let word = b"CDATA[";
        let Some(found) = self.text.get(at..at + word.len()) else { return Err(self.partial()) };
        match found.iter().zip(word).position(|(found, wanted)| found != wanted) {
            Some(wrong) => Err(Scan::invalid(at + wrong)),
            None => Ok(Scan::new(Token::CdataOpen, at + word.len())),
        }
    }

    /// Behind `</`.
    fn end_tag(&self, at: usize) -> Scanned<Scan> {
        let kind = self.needed(at)?;
        let Some(mut at) = self.name_start(at, kind)? else { return Err(Scan::invalid(at)) };
        loop {
            let (end, kind) = self.name_rest(at)?;
            match kind {
                // The name must be that of the start tag, so that its form needs no check.
                Kind::Colon => at = end + 1,
                Kind::Gt => return Ok(Scan::new(Token::EndTag, end + 1)),
                Kind::Space | Kind::Return | Kind::LineFeed => {
                    let (end, kind) = self.spaces(end + 1)?;
                    return match kind {
                        Kind::Gt => Ok(Scan::new(Token::EndTag, end + 1)),
                        _ => Err(Scan::invalid(end)),
                    };
                }
                _ => return Err(Scan::invalid(end)),
            }
        }
    }

    /// The first byte from `at` on that is no space.
    #[inline]
    fn spaces(&self, mut at: usize) -> Scanned<(usize, Kind)> {
        loop {
            match self.needed(at)? {
                Kind::Space | Kind::Return | Kind::LineFeed => at += 1,
                kind => return Ok((at, kind)),
            }
        }
    }

    /// A name of one or two parts, whose first character is before `at`.
    #[inline]
    fn qualified_name(&self, at: usize) -> Scanned<(usize, Kind)> {
        let (end, kind) = self.name_rest(at)?;
        if kind != Kind::Colon {
            return Ok((end, kind));
        }
        let first = self.needed(end + 1)?;
        let Some(next) = self.name_start(end + 1, first)? else { return Err(Scan::invalid(end + 1)) };
        match self.name_rest(next)? {
            (end, Kind::Colon) => Err(Scan::invalid(end)),
            found => Ok(found),
        }
    }

    /// Behind `<` and the first character of a name.
    fn start_tag(&self, at: usize, attributes: &mut Vec<RawAttribute>) -> Scanned<Scan> {
        attributes.clear();
        let (mut end, mut kind) = self.qualified_name(at)?;
        let mut spaced = false;
        if matches!(kind, Kind::Space | Kind::Return | Kind::LineFeed) {
            (end, kind) = self.spaces(end + 1)?;
            spaced = true;
        }
        loop {
            match kind {
                Kind::Gt => return Ok(Scan::new(Token::StartTag, end + 1)),
                Kind::Solidus => {
                    return match self.needed(end + 1)? {
                        Kind::Gt => Ok(Scan::new(Token::EmptyElement, end + 2)),
                        _ => Err(Scan::invalid(end + 1)),
                    };
                }
                _ if !spaced => return Err(Scan::invalid(end)),
                _ => {}
            }
            let Some(next) = self.name_start(end, kind)? else { return Err(Scan::invalid(end)) };
            (end, kind) = self.attribute(end, next, attributes)?;
            spaced = matches!(kind, Kind::Space | Kind::Return | Kind::LineFeed);
            if spaced {
                (end, kind) = self.spaces(end + 1)?;
            }
        }
    }

    /// An attribute; gives the byte behind its closing quote.
    fn attribute(
        &self,
        start: usize,
        at: usize,
        attributes: &mut Vec<RawAttribute>,
    ) -> Scanned<(usize, Kind)> {
        let (name_end, mut kind) = self.qualified_name(at)?;
        let mut at = name_end;
        if matches!(kind, Kind::Space | Kind::Return | Kind::LineFeed) {
            (at, kind) = self.spaces(at + 1)?;
        }
        if kind != Kind::Equals {
            return Err(Scan::invalid(at));
        }
        let (open, quote) = self.spaces(at + 1)?;
        if !matches!(quote, Kind::Quote | Kind::Apostrophe) {
            return Err(Scan::invalid(open));
        }
        let value = open + 1;
        let mut at = value;
        let mut normalized = true;
        loop {
            let kind = self.needed(at)?;
            match kind {
                _ if kind == quote => break,
                Kind::Amp => {
                    normalized = false;
                    at = self.reference(at + 1)?.next;
                }
                Kind::Lt => return Err(Scan::invalid(at)),
                Kind::Space | Kind::Return | Kind::LineFeed => {
                    let single = self.text[at] == b' '
                        && at > value
                        && self.text.get(at + 1).is_some_and(|next| *next != b' ')
                        && self.kind(at + 1) != Some(quote);
                    normalized &= single;
                    at += 1;
                }
                _ => at = self.any(at, kind)?,
            }
        }
        attributes.push(RawAttribute { name: (start, name_end), value: (value, at), normalized });
        Ok((at + 1, self.needed(at + 1)?))
    }

    /// A section that is to be ignored, up to its end.
    pub(crate) fn ignored_section(&self) -> Scan {
        self.scan_ignored().unwrap_or_else(|scan| scan)
    }

    fn scan_ignored(&self) -> Scanned<Scan> {
        let (mut at, mut level) = (self.start, 0);
        loop {
            let kind = self.needed(at)?;
            at = self.any(at, kind)?;
            match kind {
                Kind::Lt if self.needed(at)? == Kind::Exclamation => {
                    at += 1;
                    if self.needed(at)? == Kind::LeftBracket {
                        level += 1;
                        at += 1;
                    }
                }
                Kind::RightBracket if self.needed(at)? == Kind::RightBracket => {
                    at += 1;
                    if self.needed(at)? == Kind::Gt {
                        at += 1;
                        if level == 0 {
                            return Ok(Scan::new(Token::IgnoredSection, at));
                        }
                        level -= 1;
                    }
                }
                _ => {}
            }
        }
    }
}
