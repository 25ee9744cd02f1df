//! Values of attributes and entities, in which references are replaced.
//!
//! Invariant: entities are open exactly while their text is on the stack of a value.

use crate::code::Code;
use crate::dtd::{Dtd, EntityRef};
use crate::encoding;
use crate::event::Wanted;
use crate::parser::{Failure, Parser, Shared, Source};
use crate::step::{After, Flow, ValueFrame, ValueJob};
use crate::token::{Token, predefined, referenced};
use crate::told::{Owned, OwnedIds};

/// What is done with a piece of an attribute's value.
enum Piece {
    Done,
    Entity(EntityRef, Shared),
}

impl Parser {
    /// Appends the value of an attribute, normalized as its type wants.
    pub(crate) fn attribute_value(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        range: (usize, usize),
        is_cdata: bool,
        counts: bool,
        in_prolog: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let first = out.len();
        let mut at = range.0;
        let mut stack: Vec<(EntityRef, Shared, usize)> = Vec::new();
        loop {
            let (piece, next) = match stack.last() {
                None if at >= range.1 => break,
                None => {
                    let whole = &text[..range.1];
                    self.value_piece(dtd, whole, source, at, is_cdata, counts, in_prolog, first, out)?
                }
                Some((entity, replacement, at)) if *at >= replacement.len() => {
                    dtd.entity_mut(*entity).open = false;
                    stack.pop();
                    continue;
                }
                Some((_, replacement, at)) => {
                    let (replacement, at) = (replacement.clone(), *at);
                    let source = Source::Entity(usize::MAX);
                    let piece = self.value_piece(
                        dtd,
                        &replacement,
                        source,
                        at,
                        is_cdata,
                        true,
                        in_prolog,
                        first,
                        out,
                    );
                    match piece {
                        Ok(piece) => piece,
                        Err(failure) => return Err(failure),
                    }
                }
            };
            match stack.last_mut() {
                None => at = next,
                Some((_, _, at)) => *at = next,
            }
            if let Piece::Entity(entity, replacement) = piece {
                dtd.entity_mut(entity).open = true;
                stack.push((entity, replacement, 0));
            }
        }
        if !is_cdata && out.len() > first && out.last() == Some(&b' ') {
            out.pop();
        }
        Ok(())
    }

    fn value_piece(
        &mut self,
        dtd: &Dtd,
        text: &[u8],
        source: Source,
        at: usize,
        is_cdata: bool,
        counts: bool,
        in_prolog: bool,
        first: usize,
        out: &mut Vec<u8>,
    ) -> Result<(Piece, usize), Failure> {
        let scan = self.scanner(text, source, at).attribute_value();
        let mut next = scan.next;
        if counts {
            self.count(scan.token, next - at, source)?;
        }
        let collapses = |out: &Vec<u8>| !is_cdata && (out.len() == first || out.last() == Some(&b' '));
        match scan.token {
            Token::None => {}
            Token::Characters => out.extend_from_slice(&text[at..next]),
            Token::TrailingReturn | Token::AttributeSpace | Token::LineEnd => {
                if scan.token == Token::TrailingReturn {
                    next = at + 1;
                }
                if !collapses(out) {
                    out.push(b' ');
                }
            }
            Token::CharRef => {
                let Some(code) = referenced(&text[at..next]) else {
                    return Err(self.failure_at(Code::BadCharRef, source, at));
                };
                if code != 0x20 || !collapses(out) {
                    encoding::push(out, code);
                }
            }
            Token::EntityRef => {
                let name = &text[at + 1..next - 1];
                if let Some(character) = predefined(name) {
                    self.account.count(1, false);
                    out.push(character);
                } else if let Some((entity, text)) = self.entity_in_value(dtd, name, source, at, in_prolog)? {
                    return Ok((Piece::Entity(entity, text), next));
                }
            }
            Token::Invalid => return Err(self.failure_at(Code::InvalidToken, source, next)),
            _ => return Err(self.failure_at(Code::InvalidToken, source, at)),
        }
        Ok((Piece::Done, next))
    }

    /// The entity that an attribute's value names; none if it may be unknown.
    fn entity_in_value(
        &self,
        dtd: &Dtd,
        name: &[u8],
        source: Source,
        at: usize,
        in_prolog: bool,
    ) -> Result<Option<(EntityRef, Shared)>, Failure> {
        let is_strict = match (in_prolog, dtd.standalone) {
            (true, true) => self.machine.is_document && self.open.is_empty(),
            (true, false) => self.machine.is_document && !dtd.has_param_entity_refs,
            (false, standalone) => !dtd.has_param_entity_refs || standalone,
        };
        let Some(index) = dtd.general.find(name) else {
            return if is_strict { Err(Code::UndefinedEntity.into()) } else { Ok(None) };
        };
        let entity = dtd.general.get(index);
        match &entity.text {
            _ if is_strict && !entity.is_internal => Err(Code::EntityDeclaredInPe.into()),
            _ if entity.open => Err(self.failure_at(Code::RecursiveEntityRef, source, at)),
            _ if entity.notation.is_some() => Err(self.failure_at(Code::BinaryEntityRef, source, at)),
            None => Err(self.failure_at(Code::AttributeExternalEntityRef, source, at)),
            Some(text) => Ok(Some((EntityRef { is_param: false, index }, text.clone()))),
        }
    }

    /// Puts together the value of an entity, as far as it goes without asking.
    pub(crate) fn entity_value(&mut self, dtd: &mut Dtd, document: &[u8]) -> Flow {
        let Some(mut job) = self.value.take() else { return Ok(true) };
        let result = self.value_frames(dtd, &mut job);
        match result {
            Ok(true) => {
                self.value = Some(job);
                Ok(true)
            }
            Ok(false) => {
                self.in_entity_value = self.in_entity_value && job.token.is_none();
                self.end_entity_value(dtd, document, &job, true);
                Ok(true)
            }
            Err(failure) => {
                if let Some(at) = failure.at {
                    self.event_at = Some(at);
                }
                self.end_entity_value(dtd, document, &job, false);
                Err(failure)
            }
        }
    }

    /// True if a question was asked, false if the value is whole.
    fn value_frames(&mut self, dtd: &mut Dtd, job: &mut ValueJob) -> Result<bool, Failure> {
        while let Some(frame) = job.frames.last_mut() {
            if frame.at >= frame.text.len() {
                if let Some(entity) = frame.entity {
                    dtd.entity_mut(entity).open = false;
                }
                job.frames.pop();
                continue;
            }
            let (text, at, origin, source) = (frame.text.clone(), frame.at, frame.origin, frame.source);
            let counts = frame.counts;
            let scan = self.scanner(&text, source, at).entity_value();
            if counts {
                self.count(scan.token, scan.next - at, source)?;
            }
            frame.at = scan.next;
            let place = |at: usize| origin.map(|origin| origin + at);
            let failure = |code, at| Failure { code, at: place(at) };
            match scan.token {
                Token::ParamEntityRef => {
                    if !self.is_param_entity && source == Source::Document {
                        return Err(failure(Code::ParamEntityRef, at));
                    }
                    let name = &text[at + 1..scan.next - 1];
                    match self.parameter_in_value(dtd, name) {
                        // As with expat, the value of an external entity ends where it names an internal one, or none.
                        Ok(_) if job.token.is_none() => job.frames.clear(),
                        Ok(None) => {}
                        Ok(Some(frame)) => job.frames.push(frame),
                        Err(None) => return Ok(true),
                        Err(Some(code)) => return Err(failure(code, at)),
                    }
                }
                Token::EntityRef | Token::Characters => {
                    dtd.entity_value.extend_from_slice(&text[at..scan.next])
                }
                Token::TrailingReturn | Token::LineEnd => {
                    if scan.token == Token::TrailingReturn {
                        frame.at = at + 1;
                    }
                    dtd.entity_value.push(b'\n');
                }
                Token::CharRef => match referenced(&text[at..scan.next]) {
                    Some(code) => encoding::push(&mut dtd.entity_value, code),
                    None => return Err(failure(Code::BadCharRef, at)),
                },
                Token::Invalid => return Err(failure(Code::InvalidToken, scan.next)),
                Token::None => {}
                _ => return Err(failure(Code::InvalidToken, at)),
            }
        }
        Ok(false)
    }

    /// The text of a parameter entity that a value names; an error without a code means that a question was asked.
    fn parameter_in_value(&mut self, dtd: &mut Dtd, name: &[u8]) -> Result<Option<ValueFrame>, Option<Code>> {
        let Some(index) = dtd.params.find(name) else {
            dtd.keep_processing = dtd.standalone;
            return Ok(None);
        };
        let reference = EntityRef { is_param: true, index };
        let entity = dtd.params.get_mut(index);
        if entity.open || self.declared.entity == Some(reference) {
            return Err(Some(Code::RecursiveEntityRef));
        }
        if entity.system_id.is_none() {
            let text = entity.text.clone().unwrap_or_default();
            entity.open = true;
            return Ok(Some(ValueFrame {
                text,
                at: 0,
                origin: None,
                entity: Some(reference),
                source: Source::Entity(usize::MAX),
                counts: true,
            }));
        }
        if !self.wanted.has(Wanted::EXTERNAL_ENTITY) {
            dtd.keep_processing = dtd.standalone;
            return Ok(None);
        }
        entity.open = true;
        let ids = OwnedIds {
            base: entity.base.clone(),
            system_id: entity.system_id.clone(),
            public_id: entity.public_id.clone(),
        };
        dtd.param_entity_read = false;
        self.in_entity_value = true;
        self.tell(Owned::External { context: None, ids });
        self.after = Some(After::Value { entity: reference });
        Err(None)
    }
}
