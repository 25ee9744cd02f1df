//! One step: a token of the document or of an entity, by what the parser is reading just now.
//!
//! Invariant: a step that tells nothing and is not the last one gets further in the text or changes the processor.

use crate::bytes;
use crate::code::Code;
use crate::dtd::{Dtd, EntityRef};
use crate::encoding::{self, Encoding};
use crate::parser::{Failure, OpenEntity, Parser, Shared, Source};
use crate::token::{Scan, Token};
use crate::told::Owned;

/// True if parsing goes on, false if nothing is left that could be parsed now.
pub(crate) type Flow = Result<bool, Failure>;

/// What the parser is reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Processor {
    PrologStart,
    Prolog,
    Content,
    Cdata,
    Ignore,
    Epilog,
    /// An external general entity: its encoding, its mark, its declaration, its content.
    ExternalStart,
    ExternalMark,
    ExternalDecl,
    ExternalContent,
    /// An external parameter entity, or the external subset.
    ParameterStart,
    ParameterFirst,
    /// An external parameter entity that is named in the value of another.
    ValueStart,
    Value,
    ValueEnd,
    /// The text of an internal entity.
    Internal,
}

/// What is to be done when a question has been answered.
#[derive(Debug)]
pub(crate) enum After {
    /// The table of an encoding, whose name stands there.
    Encoding { name_at: Option<usize> },
    /// The external subset at the end of the document type declaration, or before the element.
    Subset { had_references: bool, closes: Option<Closes> },
    /// An external parameter entity between or in declarations.
    Parameter { entity: EntityRef },
    /// One in the value of an entity.
    Value { entity: EntityRef },
}

/// The token that ends a document type declaration, and whether the default handler may get it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closes {
    pub(crate) start: usize,
    pub(crate) next: usize,
    pub(crate) handles_default: bool,
}

/// The value of an entity that is being put together.
#[derive(Debug)]
pub(crate) struct ValueJob {
    pub(crate) frames: Vec<ValueFrame>,
    /// Where the declaration's token is; none for an external entity that is a value.
    pub(crate) token: Option<(Source, usize, usize)>,
}

#[derive(Debug)]
pub(crate) struct ValueFrame {
    pub(crate) text: Shared,
    pub(crate) at: usize,
    /// Where in the document the text starts, if it stands there.
    pub(crate) origin: Option<usize>,
    pub(crate) entity: Option<EntityRef>,
    pub(crate) source: Source,
    /// Whether its bytes are counted here.
    pub(crate) counts: bool,
}

impl Parser {
    pub(crate) fn advance(&mut self, dtd: &mut Dtd) -> Flow {
        if self.processor == Processor::Internal && self.after.is_none() && self.value.is_none() {
            return self.internal(dtd);
        }
        let buffer = std::mem::take(&mut self.buffer);
        let flow = match self.after.take() {
            Some(after) => self.resume(dtd, &buffer, after),
            None => self.step(dtd, &buffer),
        };
        self.buffer = buffer;
        flow
    }

    fn step(&mut self, dtd: &mut Dtd, text: &[u8]) -> Flow {
        let start = self.at;
        match self.processor {
            Processor::PrologStart => self.start_encoding(Processor::Prolog),
            Processor::ExternalStart => self.start_encoding(Processor::ExternalMark),
            Processor::ParameterStart => {
                let next =
                    if self.in_entity_value { Processor::ValueStart } else { Processor::ParameterFirst };
                let flow = self.start_encoding(next)?;
                dtd.param_entity_read = true;
                Ok(flow)
            }
            Processor::Prolog => match self.document_token(text, false) {
                Some(scan) => self.prolog_token(dtd, text, Source::Document, start, scan),
                None => Ok(true),
            },
            Processor::ParameterFirst => self.first_of_parameter(dtd, text),
            Processor::Content | Processor::ExternalContent => {
                if let Encoding::Unknown(named) = self.encoding {
                    match encoding::detect(&text[start..], named, true) {
                        Ok((found, _)) => {
                            self.next_encoding = Some(found);
                            return Ok(true);
                        }
                        Err(Token::None) => {}
                        Err(token) => return self.not_whole(token, Source::Document),
                    }
                }
                let floor = usize::from(self.has_parent);
                self.content_token(dtd, text, Source::Document, start, floor)
            }
            Processor::Cdata => self.cdata_token(text, Source::Document, start),
            Processor::Ignore => self.ignored(text, start),
            Processor::Epilog => self.epilog(text),
            Processor::ExternalMark => self.external_mark(text),
            Processor::ExternalDecl => self.external_decl(dtd, text),
            Processor::ValueStart | Processor::Value => self.external_value(dtd, text),
            Processor::ValueEnd => Ok(false),
            Processor::Internal => self.internal(dtd),
        }
    }

    /// Takes the encoding that the caller named, or asks for its table.
    fn start_encoding(&mut self, next: Processor) -> Flow {
        self.processor = next;
        match self.named_encoding() {
            Some(named) => {
                if matches!(self.encoding, Encoding::Unknown(None)) {
                    self.encoding = Encoding::Unknown(named);
                }
                Ok(true)
            }
            None => {
                let name = self.protocol_encoding.clone().unwrap_or_default();
                self.ask_encoding(name, None)
            }
        }
    }

    pub(crate) fn ask_encoding(&mut self, name: String, name_at: Option<usize>) -> Flow {
        if !self.wanted.has(crate::event::Wanted::UNKNOWN_ENCODING) {
            return Err(Failure { code: Code::UnknownEncoding, at: name_at });
        }
        self.tell(Owned::UnknownEncoding(name));
        self.after = Some(After::Encoding { name_at });
        Ok(true)
    }

    /// A token of the document; none if its encoding has just become known.
    fn document_token(&mut self, text: &[u8], content: bool) -> Option<Scan> {
        let start = self.at;
        if let Encoding::Unknown(named) = self.encoding {
            match encoding::detect(&text[start..], named, content) {
                Err(token) => return Some(Scan::new(token, start)),
                Ok((found, is_mark)) => {
                    self.mark_is_next = is_mark;
                    if !matches!(found, Encoding::Utf8) {
                        self.next_encoding = Some(found);
                        return None;
                    }
                    self.encoding = found;
                }
            }
        }
        if std::mem::take(&mut self.mark_is_next) {
            return Some(Scan::new(Token::ByteOrderMark, start + 3));
        }
        let scanner = self.scanner(text, Source::Document, start);
        let mut attributes = std::mem::take(&mut self.raw_attributes);
        let scan = if content { scanner.content(&mut attributes) } else { scanner.prolog() };
        self.raw_attributes = attributes;
        Some(self.whole(scan))
    }

    /// Half a unit at the end of the document makes a token that is missing one that is not whole.
    pub(crate) fn whole(&self, scan: Scan) -> Scan {
        if (self.is_odd || !self.rest.is_empty()) && scan.token == Token::None {
            Scan::new(Token::Partial, scan.next)
        } else {
            scan
        }
    }

    /// Counts the bytes of a token.
    #[inline]
    pub(crate) fn count(&mut self, token: Token, length: usize, source: Source) -> Result<(), Failure> {
        if matches!(token, Token::None | Token::Partial | Token::PartialChar | Token::Invalid) {
            return Ok(());
        }
        let is_direct = source == Source::Document && !self.has_parent;
        if self.account.count(length, is_direct) {
            Ok(())
        } else {
            Err(Code::AmplificationLimitBreach.into())
        }
    }

    /// The next token starts there.
    pub(crate) fn move_to(&mut self, source: Source, at: usize) {
        match source {
            Source::Document => self.at = at,
            Source::Entity(index) => self.open[index].at = at,
        }
    }

    pub(crate) fn set_event(&mut self, source: Source, at: usize) {
        if source == Source::Document {
            self.event_at = Some(at);
        }
    }

    /// A failure at a place of the text, if that is the document's.
    pub(crate) fn failure_at(&self, code: Code, source: Source, at: usize) -> Failure {
        Failure { code, at: (source == Source::Document).then_some(at) }
    }

    pub(crate) fn has_more(&self, source: Source) -> bool {
        source == Source::Document && !self.is_final
    }

    /// What a token that is not whole means: waiting, or a failure.
    pub(crate) fn not_whole(&self, token: Token, source: Source) -> Flow {
        if self.has_more(source) {
            return Ok(false);
        }
        match token {
            Token::PartialChar => Err(Code::PartialChar.into()),
            _ => Err(Code::UnclosedToken.into()),
        }
    }

    /// Starts reading the text of an entity.
    pub(crate) fn open_entity(&mut self, dtd: &mut Dtd, entity: EntityRef, text: Shared, between: bool) {
        dtd.entity_mut(entity).open = true;
        if self.open.len() == self.open.capacity() {
            self.account.allocate((self.open.len() + 1) * size_of::<OpenEntity>());
        }
        self.open.push(OpenEntity {
            entity,
            text,
            at: 0,
            has_more: true,
            start_level: self.level,
            between_declarations: between,
            in_cdata: false,
        });
        self.processor = Processor::Internal;
    }

    fn internal(&mut self, dtd: &mut Dtd) -> Flow {
        let index = self.open.len() - 1;
        let top = &self.open[index];
        let (entity, source, start) = (top.entity, Source::Entity(index), top.at);
        if !top.has_more {
            dtd.entity_mut(entity).open = false;
            self.open.pop();
            if self.open.is_empty() {
                self.processor = if entity.is_param { Processor::Prolog } else { Processor::Content };
            }
            return Ok(true);
        }
        let (text, level) = (top.text.clone(), top.start_level);
        let goes_on = if top.in_cdata {
            self.cdata_token(&text, source, start)?
        } else if entity.is_param {
            let scan = self.scanner(&text, source, start).prolog();
            self.prolog_token(dtd, &text, source, start, scan)?
        } else {
            self.content_token(dtd, &text, source, start, level)?
        };
        // An entity that ends with a reference to another is over before that one starts.
        let opened = self.open.len() > index + 1;
        let is_over = !goes_on || (opened && self.open[index].at == text.len());
        if is_over {
            self.open[index].has_more = false;
            let level = if opened { self.open[index + 1].start_level } else { self.level };
            if !entity.is_param && self.open[index].start_level != level {
                return Err(Code::AsyncEntity.into());
            }
        }
        Ok(true)
    }

    fn resume(&mut self, dtd: &mut Dtd, text: &[u8], after: After) -> Flow {
        match after {
            After::Encoding { .. } => {
                match self.table.take() {
                    Some(table) => self.next_encoding = Some(Encoding::Table(table)),
                    None => return Err(Code::UnknownEncoding.into()),
                }
                Ok(true)
            }
            After::Subset { had_references, closes } => {
                self.after_subset(dtd, had_references, closes.is_some());
                if let Some(closes) = closes {
                    self.end_doctype(text, closes);
                }
                Ok(true)
            }
            After::Parameter { entity } => {
                dtd.entity_mut(entity).open = false;
                if dtd.param_entity_read {
                    self.ask_standalone(dtd);
                } else {
                    dtd.keep_processing = dtd.standalone;
                }
                Ok(true)
            }
            After::Value { entity } => {
                dtd.entity_mut(entity).open = false;
                if !dtd.param_entity_read {
                    dtd.keep_processing = dtd.standalone;
                }
                self.entity_value(dtd, text)
            }
        }
    }

    fn ignored(&mut self, text: &[u8], start: usize) -> Flow {
        self.event_at = Some(start);
        let scan = self.scanner(text, Source::Document, start).ignored_section();
        self.count(scan.token, scan.next - start, Source::Document)?;
        self.event_end = scan.next;
        match scan.token {
            Token::IgnoredSection => {
                self.tell_default(text, Source::Document, start, scan.next);
                self.processor = Processor::Prolog;
                self.at = scan.next;
                Ok(true)
            }
            Token::Invalid => Err(Failure { code: Code::InvalidToken, at: Some(scan.next) }),
            Token::PartialChar => self.not_whole(scan.token, Source::Document),
            _ if self.has_more(Source::Document) => Ok(false),
            _ => Err(Code::Syntax.into()),
        }
    }

    fn epilog(&mut self, text: &[u8]) -> Flow {
        let start = self.at;
        self.event_at = Some(start);
        let scan = self.whole(self.scanner(text, Source::Document, start).prolog());
        self.count(scan.token, scan.next.saturating_sub(start), Source::Document)?;
        self.event_end = scan.next;
        match scan.token {
            Token::None => return Ok(false),
            // Half a line end may be the last token.
            Token::Space => {
                self.tell_default(text, Source::Document, start, scan.next);
                if scan.open {
                    self.at = scan.next;
                    return Ok(false);
                }
            }
            Token::Instruction if !scan.open => self.instruction(text, Source::Document, start, scan.next),
            Token::Comment => self.comment(text, Source::Document, start, scan.next),
            Token::Invalid => return Err(Failure { code: Code::InvalidToken, at: Some(scan.next) }),
            Token::Partial | Token::PartialChar => return self.not_whole(scan.token, Source::Document),
            _ => return Err(Code::JunkAfterDocElement.into()),
        }
        self.at = scan.next;
        Ok(true)
    }

    fn external_mark(&mut self, text: &[u8]) -> Flow {
        let start = self.at;
        let Some(scan) = self.document_token(text, true) else { return Ok(true) };
        match scan.token {
            Token::ByteOrderMark => {
                self.count(scan.token, scan.next - start, Source::Document)?;
                self.at = scan.next;
                if scan.next == text.len() && !self.is_final {
                    return Ok(false);
                }
            }
            Token::Partial | Token::PartialChar => {
                self.event_at = Some(start);
                return self.not_whole(scan.token, Source::Document);
            }
            _ => {}
        }
        self.processor = Processor::ExternalDecl;
        Ok(true)
    }

    fn external_decl(&mut self, dtd: &mut Dtd, text: &[u8]) -> Flow {
        let start = self.at;
        self.event_at = Some(start);
        let Some(scan) = self.document_token(text, true) else { return Ok(true) };
        self.event_end = scan.next;
        match scan.token {
            Token::XmlDecl => {
                self.at = scan.next;
                self.level = 1;
                self.processor = Processor::ExternalContent;
                return self.xml_declaration(dtd, text, start, scan.next, true);
            }
            Token::Partial | Token::PartialChar => return self.not_whole(scan.token, Source::Document),
            _ => {}
        }
        self.processor = Processor::ExternalContent;
        self.level = 1;
        Ok(true)
    }

    fn first_of_parameter(&mut self, dtd: &mut Dtd, text: &[u8]) -> Flow {
        let start = self.at;
        let Some(scan) = self.document_token(text, false) else { return Ok(true) };
        match scan.token {
            _ if scan.open && self.has_more(Source::Document) => return Ok(false),
            Token::Invalid => return Err(Code::InvalidToken.into()),
            Token::Partial | Token::PartialChar => return self.not_whole(scan.token, Source::Document),
            Token::None if self.has_more(Source::Document) => return Ok(false),
            Token::ByteOrderMark => {
                self.count(scan.token, scan.next - start, Source::Document)?;
                self.at = scan.next;
                self.processor = Processor::Prolog;
                return Ok(true);
            }
            _ => {}
        }
        self.processor = Processor::Prolog;
        self.prolog_token(dtd, text, Source::Document, start, scan)
    }

    /// An external entity in the value of another: its text is looked at as a whole, at its end.
    fn external_value(&mut self, dtd: &mut Dtd, text: &[u8]) -> Flow {
        if let Some(scan) = self.value_end(dtd, text)? {
            match scan.token {
                Token::Invalid => return Err(Code::InvalidToken.into()),
                Token::None | Token::Partial | Token::PartialChar if self.has_more(Source::Document) => {
                    return Ok(false);
                }
                Token::Partial => return Err(Code::UnclosedToken.into()),
                Token::PartialChar => return Err(Code::PartialChar.into()),
                Token::InstanceStart => return Err(Code::Syntax.into()),
                _ if scan.open && self.has_more(Source::Document) => return Ok(false),
                _ => {}
            }
        } else {
            return Ok(true);
        }
        self.processor = Processor::ValueEnd;
        let frame = ValueFrame {
            text: text[self.at..].into(),
            at: 0,
            origin: Some(self.at),
            entity: None,
            source: Source::Document,
            counts: true,
        };
        self.at = text.len();
        self.value = Some(ValueJob { frames: vec![frame], token: None });
        self.entity_value(dtd, text)
    }

    /// The last token of such a text; none where a declaration was dealt with or an encoding became known.
    fn value_end(&mut self, dtd: &mut Dtd, text: &[u8]) -> Result<Option<Scan>, Failure> {
        let begins = self.processor == Processor::ValueStart;
        let mut at = self.at;
        if begins {
            self.event_at = Some(at);
        }
        loop {
            let scan = if begins && at == self.at {
                match self.document_token(text, false) {
                    Some(scan) => scan,
                    None => return Ok(None),
                }
            } else {
                self.whole(self.scanner(text, Source::Document, at).prolog())
            };
            self.event_end = scan.next;
            match scan.token {
                Token::None | Token::Partial | Token::PartialChar | Token::Invalid | Token::InstanceStart => {
                    return Ok(Some(scan));
                }
                _ if scan.open => return Ok(Some(scan)),
                Token::XmlDecl if begins => {
                    self.at = scan.next;
                    self.processor = Processor::Value;
                    self.xml_declaration(dtd, text, at, scan.next, false)?;
                    return Ok(None);
                }
                Token::ByteOrderMark => {
                    self.count(scan.token, scan.next - at, Source::Document)?;
                    self.at = scan.next;
                    return Ok(None);
                }
                _ => at = scan.next,
            }
            if begins {
                self.event_at = Some(at);
            }
        }
    }

    pub(crate) fn instruction(&mut self, text: &[u8], source: Source, start: usize, end: usize) {
        if !self.wanted.has(crate::event::Wanted::INSTRUCTION) {
            return self.tell_default(text, source, start, end);
        }
        let target_end = self.scanner(text, source, start).name_end(start + 2);
        let spaces = text[target_end..end - 2].iter().take_while(|byte| bytes::is_space(**byte)).count();
        let target = self.keep(&text[start + 2..target_end]);
        let data = self.keep_lines(&text[target_end + spaces..end - 2]);
        self.queue.push(crate::told::Told::Instruction { target, data });
    }

    pub(crate) fn comment(&mut self, text: &[u8], source: Source, start: usize, end: usize) {
        if !self.wanted.has(crate::event::Wanted::COMMENT) {
            return self.tell_default(text, source, start, end);
        }
        let span = self.keep_lines(&text[start + 4..end - 3]);
        self.queue.push(crate::told::Told::Comment(span));
    }

    /// Keeps text with one form of line ends.
    fn keep_lines(&mut self, text: &[u8]) -> crate::event::Span {
        let start = self.scratch.len() as u32;
        let mut lines = text.split(|byte| *byte == b'\r');
        if let Some(first) = lines.next() {
            self.scratch.extend_from_slice(first);
        }
        for line in lines {
            self.scratch.push(b'\n');
            self.scratch.extend_from_slice(line.strip_prefix(b"\n").unwrap_or(line));
        }
        (start, self.scratch.len() as u32)
    }
}
