//! Content: character data, references, the order of tags.
//!
//! Invariant: the stack of tags has as many elements as are open.

use crate::code::Code;
use crate::dtd::{Dtd, EntityRef};
use crate::encoding;
use crate::event::Wanted;
use crate::parser::{Failure, Parser, Source, Tag};
use crate::step::{Flow, Processor};
use crate::token::{Token, predefined, referenced};
use crate::told::{Owned, OwnedIds, Told};

impl Parser {
    /// A token of content, in which `floor` elements are open that it must not close.
    pub(crate) fn content_token(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        start: usize,
        floor: usize,
    ) -> Flow {
        self.set_event(source, start);
        let mut attributes = std::mem::take(&mut self.raw_attributes);
        let scan = self.scanner(text, source, start).content(&mut attributes);
        self.raw_attributes = attributes;
        let scan = if source == Source::Document { self.whole(scan) } else { scan };
        let next = scan.next;
        let has_more = self.has_more(source);
        let counted = match scan.token {
            Token::TrailingBracket | Token::TrailingReturn if has_more => 0,
            Token::TrailingBracket | Token::TrailingReturn => text.len() - start,
            _ => next - start,
        };
        self.count(scan.token, counted, source)?;
        if source == Source::Document {
            self.event_end = next;
        }
        match scan.token {
            Token::Characters => {
                if self.wanted.has(Wanted::CHARACTER_DATA) {
                    self.tell_data(text, source, start, next);
                } else {
                    self.tell_default(text, source, start, next);
                }
            }
            Token::LineEnd => self.tell_text(b"\n", text, source, start, next),
            Token::StartTag => self.start_tag(dtd, text, source, start, next)?,
            Token::EmptyElement => self.empty_element(dtd, text, source, start, next)?,
            Token::EndTag => self.end_tag(dtd, text, source, start, next, floor)?,
            Token::EntityRef => return self.entity_reference(dtd, text, source, start, next),
            Token::CharRef => {
                let Some(code) = referenced(&text[start..next]) else { return Err(Code::BadCharRef.into()) };
                let mut character = Vec::with_capacity(4);
                encoding::push(&mut character, code);
                self.tell_text(&character, text, source, start, next);
            }
            Token::CdataOpen => {
                if self.wanted.has(Wanted::START_CDATA) {
                    self.queue.push(Told::StartCdata);
                } else {
                    self.tell_default(text, source, start, next);
                }
                match source {
                    Source::Document => self.processor = Processor::Cdata,
                    Source::Entity(index) => self.open[index].in_cdata = true,
                }
            }
            Token::Instruction => self.instruction(text, source, start, next),
            Token::Comment => self.comment(text, source, start, next),
            Token::XmlDecl => return Err(Code::MisplacedXmlPi.into()),
            Token::Invalid => return Err(self.failure_at(Code::InvalidToken, source, next)),
            Token::Partial | Token::PartialChar => return self.not_whole(scan.token, source),
            Token::TrailingReturn | Token::TrailingBracket | Token::None if has_more => return Ok(false),
            token => return self.content_end(text, source, start, floor, token),
        }
        self.move_to(source, next);
        Ok(true)
    }

    /// The end of the text, with the character before it that could have been half of something.
    fn content_end(&mut self, text: &[u8], source: Source, start: usize, floor: usize, token: Token) -> Flow {
        let end = text.len();
        let is_bracket = token == Token::TrailingBracket;
        match token {
            Token::TrailingReturn => self.tell_text(b"\n", text, source, start, end),
            Token::TrailingBracket if self.wanted.has(Wanted::CHARACTER_DATA) => {
                self.tell_data(text, source, start, end);
            }
            Token::TrailingBracket => self.tell_default(text, source, start, end),
            _ => {}
        }
        let code = match () {
            () if floor == 0 => Code::NoElements,
            () if self.level != floor => Code::AsyncEntity,
            () => {
                self.move_to(source, end);
                return Ok(false);
            }
        };
        Err(if is_bracket { self.failure_at(code, source, end) } else { code.into() })
    }

    /// A token within a CDATA section.
    pub(crate) fn cdata_token(&mut self, text: &[u8], source: Source, start: usize) -> Flow {
        self.set_event(source, start);
        let scan = self.scanner(text, source, start).cdata();
        let next = scan.next;
        self.count(scan.token, next - start, source)?;
        if source == Source::Document {
            self.event_end = next;
        }
        match scan.token {
            Token::CdataClose => {
                if self.wanted.has(Wanted::END_CDATA) {
                    self.queue.push(Told::EndCdata);
                } else {
                    self.tell_default(text, source, start, next);
                }
                match source {
                    Source::Entity(index) => self.open[index].in_cdata = false,
                    Source::Document if self.has_parent => self.processor = Processor::ExternalContent,
                    Source::Document => self.processor = Processor::Content,
                }
            }
            Token::LineEnd => self.tell_text(b"\n", text, source, start, next),
            Token::Characters if self.wanted.has(Wanted::CHARACTER_DATA) => {
                self.tell_data(text, source, start, next);
            }
            Token::Characters => self.tell_default(text, source, start, next),
            Token::Invalid => return Err(self.failure_at(Code::InvalidToken, source, next)),
            Token::PartialChar => return self.not_whole(scan.token, source),
            _ if self.has_more(source) => return Ok(false),
            _ => return Err(Code::UnclosedCdataSection.into()),
        }
        self.move_to(source, next);
        Ok(true)
    }

    /// Character data that stands in the text as it is.
    fn tell_data(&mut self, text: &[u8], source: Source, start: usize, end: usize) {
        let told = match source {
            Source::Document => Told::Data { start, end },
            Source::Entity(_) => Told::Text(self.keep(&text[start..end])),
        };
        self.queue.push(told);
    }

    /// Character data for which other text stands from `start` to `end`.
    fn tell_text(&mut self, data: &[u8], text: &[u8], source: Source, start: usize, end: usize) {
        if self.wanted.has(Wanted::CHARACTER_DATA) {
            let span = self.keep(data);
            self.queue.push(Told::Text(span));
        } else {
            self.tell_default(text, source, start, end);
        }
    }

    fn entity_reference(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        start: usize,
        next: usize,
    ) -> Flow {
        let name = &text[start + 1..next - 1];
        self.move_to(source, next);
        if let Some(character) = predefined(name) {
            self.account.count(1, false);
            self.tell_text(&[character], text, source, start, next);
            return Ok(true);
        }
        let index = dtd.general.find(name);
        let is_strict = !dtd.has_param_entity_refs || dtd.standalone;
        let Some(index) = index else {
            if is_strict {
                return Err(Code::UndefinedEntity.into());
            }
            self.skip_entity(name, text, source, start, next);
            return Ok(true);
        };
        let entity = dtd.general.get(index);
        match () {
            () if is_strict && !entity.is_internal => return Err(Code::EntityDeclaredInPe.into()),
            () if entity.open => return Err(Code::RecursiveEntityRef.into()),
            () if entity.notation.is_some() => return Err(Code::BinaryEntityRef.into()),
            () => {}
        }
        if let Some(replacement) = &entity.text {
            if self.expands_default {
                let replacement = replacement.clone();
                self.open_entity(dtd, EntityRef { is_param: false, index }, replacement, false);
            } else {
                self.skip_entity(name, text, source, start, next);
            }
            return Ok(true);
        }
        if self.wanted.has(Wanted::EXTERNAL_ENTITY) {
            let ids = OwnedIds {
                base: entity.base.clone(),
                system_id: entity.system_id.clone(),
                public_id: entity.public_id.clone(),
            };
            dtd.general.get_mut(index).open = true;
            let context = Some(self.context(dtd));
            dtd.general.get_mut(index).open = false;
            self.tell(Owned::External { context, ids });
        } else {
            self.tell_default(text, source, start, next);
        }
        Ok(true)
    }

    fn skip_entity(&mut self, name: &[u8], text: &[u8], source: Source, start: usize, next: usize) {
        if self.wanted.has(Wanted::SKIPPED_ENTITY) {
            self.tell(Owned::Skipped { name: name.into(), is_param: false });
        } else {
            self.tell_default(text, source, start, next);
        }
    }

    fn start_tag(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        start: usize,
        next: usize,
    ) -> Result<(), Failure> {
        let name_end = self.scanner(text, source, start).name_end(start + 1);
        let raw_start = self.tag_text.len() as u32;
        self.tag_text.extend_from_slice(&text[start + 1..name_end]);
        let raw = (raw_start, self.tag_text.len() as u32);
        self.level += 1;
        let bound = dtd.bindings.len();
        let name = self.open_tag(dtd, text, source, (start + 1, name_end), true)?;
        let expanded = match name {
            Some(span) => {
                let at = self.tag_text.len() as u32;
                self.tag_text.extend_from_slice(&self.scratch[span.0 as usize..span.1 as usize]);
                (at, self.tag_text.len() as u32)
            }
            None => raw,
        };
        let bindings = (dtd.bindings.len() - bound) as u32;
        if self.tags.len() == self.tags.capacity() {
            self.account.allocate((self.tags.len() + 1) * size_of::<Tag>());
        }
        self.tags.push(Tag { raw, name: expanded, bindings });
        if self.wanted.has(Wanted::START_ELEMENT) {
            let name = match name {
                Some(span) => span,
                None => self.keep(&text[start + 1..name_end]),
            };
            let specified = self.specified;
            self.queue.push(Told::Start { name, specified });
        } else {
            self.tell_default(text, source, start, next);
        }
        Ok(())
    }

    fn empty_element(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        start: usize,
        next: usize,
    ) -> Result<(), Failure> {
        let name_end = self.scanner(text, source, start).name_end(start + 1);
        let bound = dtd.bindings.len();
        let opened = self.open_tag(dtd, text, source, (start + 1, name_end), false);
        let count = (dtd.bindings.len() - bound) as u32;
        let name = match opened {
            Ok(Some(span)) => span,
            Ok(None) => self.keep(&text[start + 1..name_end]),
            Err(failure) => {
                if let Some(at) = failure.at {
                    self.queue.push(Told::At(at));
                }
                self.unbind(dtd, count);
                return Err(failure);
            }
        };
        let (starts, ends) = (self.wanted.has(Wanted::START_ELEMENT), self.wanted.has(Wanted::END_ELEMENT));
        if starts {
            let specified = self.specified;
            self.queue.push(Told::Start { name, specified });
        }
        if ends {
            if starts && source == Source::Document {
                self.queue.push(Told::At(next));
            }
            self.queue.push(Told::End { name });
        }
        if !starts && !ends {
            self.tell_default(text, source, start, next);
        }
        self.unbind(dtd, count);
        if self.level == 0 {
            self.processor = Processor::Epilog;
        }
        Ok(())
    }

    fn end_tag(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        start: usize,
        next: usize,
        floor: usize,
    ) -> Result<(), Failure> {
        let tag = match self.tags.last() {
            Some(tag) if self.level != floor => *tag,
            _ => return Err(Code::AsyncEntity.into()),
        };
        let name_end = self.scanner(text, source, start).name_end(start + 2);
        if self.tag_text[tag.raw.0 as usize..tag.raw.1 as usize] != text[start + 2..name_end] {
            return Err(self.failure_at(Code::TagMismatch, source, start + 2));
        }
        self.tags.pop();
        self.level -= 1;
        if self.wanted.has(Wanted::END_ELEMENT) {
            let start = self.scratch.len() as u32;
            self.scratch.extend_from_slice(&self.tag_text[tag.name.0 as usize..tag.name.1 as usize]);
            self.queue.push(Told::End { name: (start, self.scratch.len() as u32) });
        } else {
            self.tell_default(text, source, start, next);
        }
        self.tag_text.truncate(tag.raw.0 as usize);
        self.unbind(dtd, tag.bindings);
        if self.level == 0 {
            self.processor = Processor::Epilog;
        }
        Ok(())
    }
}
