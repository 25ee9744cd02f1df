//! The parser as its caller sees it: it is fed with bytes and gives one event after the other.
//!
//! Invariant: between two events the parser may be asked anything, and may be dropped; an event's names and texts lie in
//! the scratch text or in the document's buffer until the next event is asked for.

use std::sync::{Arc, Mutex, PoisonError};

use crate::account::Account;
use crate::bytes::{self, Kinds, text};
use crate::code::Code;
use crate::dtd::{Dtd, EntityRef};
use crate::encoding::{Encoding, Named, is_usable};
use crate::event::{Attributes, Event, Span, Wanted};
use crate::prolog::Declared;
use crate::role::Machine;
use crate::room::Room;
use crate::step::{After, Processor, ValueJob};
use crate::token::{RawAttribute, Scanner};
use crate::told::{Owned, Told, owned_view};

/// How much converted text an event has at most.
const PIECE: usize = 1024;

/// Instead of a place: all that has been fed is parsed.
const IDLE: usize = usize::MAX;

/// A string that several owners keep.
pub(crate) type Shared = Arc<[u8]>;

/// A failure, and where in the document it is if that is not where the event is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) at: Option<usize>,
}

impl From<Code> for Failure {
    fn from(code: Code) -> Failure {
        Failure { code, at: None }
    }
}

/// What comes next.
#[derive(Debug)]
pub enum Step<'p> {
    Event(Event<'p>),
    /// All that can be parsed has been.
    Done,
    Failed(Code),
}

/// Which text a token stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    Document,
    /// The internal entity with this place among the open ones.
    Entity(usize),
}

/// An internal entity whose text is being read.
#[derive(Debug)]
pub(crate) struct OpenEntity {
    pub(crate) entity: EntityRef,
    pub(crate) text: Shared,
    pub(crate) at: usize,
    pub(crate) has_more: bool,
    pub(crate) start_level: usize,
    /// The reference stands between declarations, so that the text must be whole declarations.
    pub(crate) between_declarations: bool,
    pub(crate) in_cdata: bool,
}

/// An element that is open: its name in the text and as it is told, both in the text of all tags.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    pub(crate) raw: Span,
    pub(crate) name: Span,
    pub(crate) bindings: u32,
}

/// The declarations: a parser's own, or shared with the parsers of its parameter entities.
#[derive(Debug)]
enum Declarations {
    Own(Box<Dtd>),
    Shared(Arc<Mutex<Dtd>>),
    /// In use.
    Taken,
}

/// A question that waits for its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Question {
    NotStandalone,
    External,
    Encoding,
}

/// Whether parsing has begun or is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    Initial,
    Parsing,
    Finished,
}

/// A parser of one document or one external entity.
#[derive(Debug)]
pub struct Parser {
    // The document.
    pub(crate) buffer: Vec<u8>,
    pub(crate) at: usize,
    /// Bytes that are no whole character yet.
    pub(crate) rest: Vec<u8>,
    /// Bytes behind the last character, that are none.
    behind: usize,
    took_odd: bool,
    /// The document ends with half a unit.
    pub(crate) is_odd: bool,
    pub(crate) encoding: Encoding,
    pub(crate) next_encoding: Option<Encoding>,
    pub(crate) mark_is_next: bool,
    pub(crate) protocol_encoding: Option<String>,
    total: u64,
    pub(crate) is_final: bool,
    status: Status,
    room: Room,
    partial_before: usize,
    fed_from: usize,
    deferral: bool,
    /// Nothing is left but to tell what waits.
    is_at_end: bool,
    // Positions.
    pub(crate) event_at: Option<usize>,
    pub(crate) event_end: usize,
    counted_to: usize,
    line: u64,
    column: u64,
    // Settings.
    pub(crate) separator: Option<u8>,
    pub(crate) triplets: bool,
    pub(crate) wanted: Wanted,
    pub(crate) expands_default: bool,
    pub(crate) base: Option<Shared>,
    pub(crate) param_parsing: u8,
    pub(crate) use_foreign: bool,
    pub(crate) account: Arc<Account>,
    // State.
    pub(crate) processor: Processor,
    pub(crate) machine: Machine,
    declarations: Declarations,
    error: Option<Code>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) tag_text: Vec<u8>,
    pub(crate) level: usize,
    pub(crate) open: Vec<OpenEntity>,
    pub(crate) is_param_entity: bool,
    pub(crate) has_parent: bool,
    pub(crate) in_entity_value: bool,
    pub(crate) declared: Declared,
    pub(crate) stamp: u64,
    // Events.
    pub(crate) queue: Vec<Told>,
    head: usize,
    current: Option<Box<Owned>>,
    pub(crate) scratch: Vec<u8>,
    pub(crate) attributes: Vec<(Span, Span)>,
    pub(crate) attribute_ids: Vec<u32>,
    pub(crate) specified: u32,
    pub(crate) raw_attributes: Vec<RawAttribute>,
    failure: Option<Failure>,
    pub(crate) after: Option<After>,
    question: Option<Question>,
    answer: bool,
    pub(crate) table: Option<Box<[i32; 256]>>,
    pub(crate) value: Option<ValueJob>,
}

impl Parser {
    /// A parser; with a separator (0 for none) it knows namespaces.
    pub fn new(encoding: Option<&str>, separator: Option<u8>) -> Parser {
        let declarations = Declarations::Own(Box::new(Dtd::new()));
        Parser::with(encoding, separator, declarations, Arc::new(Account::new()))
    }

    fn with(
        encoding: Option<&str>,
        separator: Option<u8>,
        declarations: Declarations,
        account: Arc<Account>,
    ) -> Parser {
        Parser {
            buffer: Vec::new(),
            at: 0,
            rest: Vec::new(),
            behind: 0,
            took_odd: false,
            is_odd: false,
            encoding: Encoding::Unknown(None),
            next_encoding: None,
            mark_is_next: false,
            protocol_encoding: encoding.map(str::to_owned),
            total: 0,
            is_final: false,
            status: Status::Initial,
            room: Room::default(),
            partial_before: 0,
            fed_from: IDLE,
            deferral: true,
            is_at_end: false,
            event_at: None,
            event_end: 0,
            counted_to: 0,
            line: 0,
            column: 0,
            separator,
            triplets: false,
            wanted: Wanted::default(),
            expands_default: true,
            base: None,
            param_parsing: 0,
            use_foreign: false,
            account,
            processor: Processor::PrologStart,
            machine: Machine::document(),
            declarations,
            error: None,
            tags: Vec::new(),
            tag_text: Vec::new(),
            level: 0,
            open: Vec::new(),
            is_param_entity: false,
            has_parent: false,
            in_entity_value: false,
            declared: Declared::default(),
            stamp: 0,
            queue: Vec::new(),
            head: 0,
            current: None,
            scratch: Vec::new(),
            attributes: Vec::new(),
            attribute_ids: Vec::new(),
            specified: 0,
            raw_attributes: Vec::new(),
            failure: None,
            after: None,
            question: None,
            answer: true,
            table: None,
            value: None,
        }
    }

    /// A parser for an external entity: of its `context`, or a parameter entity's without one.
    pub fn child(&mut self, context: Option<&str>, encoding: Option<&str>) -> Option<Parser> {
        let declarations = match context {
            None => Declarations::Shared(self.shared_declarations()),
            Some(_) => Declarations::Own(Box::new(self.with_dtd(|_, dtd| dtd.copied()))),
        };
        let mut child = Parser::with(encoding, self.separator, declarations, self.account.clone());
        child.wanted = self.wanted;
        child.expands_default = self.expands_default;
        child.triplets = self.triplets;
        child.deferral = self.deferral;
        child.has_parent = true;
        child.param_parsing = self.param_parsing;
        child.in_entity_value = self.in_entity_value;
        child.declared.element = self.declared.element;
        if let Some(context) = context {
            child.processor = Processor::ExternalStart;
            if child.with_dtd(|child, dtd| child.set_context(dtd, context.as_bytes())).is_err() {
                return None;
            }
            child.queue.clear();
        } else {
            child.is_param_entity = true;
            child.machine = Machine::external();
            child.processor = Processor::ParameterStart;
        }
        Some(child)
    }

    fn shared_declarations(&mut self) -> Arc<Mutex<Dtd>> {
        let shared = match std::mem::replace(&mut self.declarations, Declarations::Taken) {
            Declarations::Own(dtd) => Arc::new(Mutex::new(*dtd)),
            Declarations::Shared(shared) => shared,
            Declarations::Taken => unreachable!("declarations are taken for one step only"),
        };
        self.declarations = Declarations::Shared(shared.clone());
        shared
    }

    pub(crate) fn with_dtd<R>(&mut self, run: impl FnOnce(&mut Parser, &mut Dtd) -> R) -> R {
        match std::mem::replace(&mut self.declarations, Declarations::Taken) {
            Declarations::Own(mut dtd) => {
                let result = run(self, &mut dtd);
                self.declarations = Declarations::Own(dtd);
                result
            }
            Declarations::Shared(shared) => {
                let result = run(self, &mut shared.lock().unwrap_or_else(PoisonError::into_inner));
                self.declarations = Declarations::Shared(shared);
                result
            }
            Declarations::Taken => unreachable!("declarations are taken for one step only"),
        }
    }

    // Settings.

    /// Which events the caller wants; with `expands`, internal entities are read rather than given to the default handler.
    pub fn set_wanted(&mut self, wanted: Wanted, expands: bool) {
        self.wanted = wanted;
        self.expands_default = expands;
    }

    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    pub fn set_base(&mut self, base: Option<&str>) {
        self.base = base.map(|base| base.as_bytes().into());
    }

    pub fn base(&self) -> Option<&str> {
        self.base.as_deref().map(text)
    }

    pub fn has_begun(&self) -> bool {
        self.status == Status::Parsing
    }

    /// Sets the encoding, whatever the document says; nothing happens once parsing has begun.
    pub fn set_encoding(&mut self, encoding: &str) {
        if !self.has_begun() {
            self.protocol_encoding = Some(encoding.to_owned());
        }
    }

    pub fn set_triplets(&mut self, triplets: bool) {
        if !self.has_begun() {
            self.triplets = triplets;
        }
    }

    /// Whether parameter entities are read: never 0, unless standalone 1, always 2.
    pub fn set_param_entity_parsing(&mut self, mode: u8) -> bool {
        if self.has_begun() {
            return false;
        }
        self.param_parsing = mode;
        true
    }

    pub fn set_foreign_dtd(&mut self, wanted: bool) -> Result<(), Code> {
        if self.has_begun() {
            return Err(Code::CantChangeFeatureOnceParsing);
        }
        self.use_foreign = wanted;
        Ok(())
    }

    pub fn set_reparse_deferral(&mut self, enabled: bool) {
        self.deferral = enabled;
    }

    pub fn is_root(&self) -> bool {
        !self.has_parent
    }

    pub fn set_amplification(&mut self, factor: f32) {
        self.account.set_factor(factor);
    }

    pub fn set_amplification_threshold(&mut self, bytes: u64) {
        self.account.set_threshold(bytes);
    }

    pub fn set_allocation(&mut self, factor: f32) {
        self.account.set_allocation_factor(factor);
    }

    pub fn set_allocation_threshold(&mut self, bytes: u64) {
        self.account.set_allocation_threshold(bytes);
    }

    // Input.

    /// Takes more of the document, for which a buffer of `requested` bytes was meant; the events follow from `next`.
    pub fn feed(&mut self, data: &[u8], requested: usize, is_final: bool) -> Result<(), Code> {
        if let Some(code) = self.error.filter(|_| self.status != Status::Finished) {
            // As with expat, the lines up to the failure count once more.
            self.counted_to = self.fed_from.min(self.event_at.unwrap_or(0));
            return Err(code);
        }
        match self.status {
            Status::Finished => {
                self.error = Some(Code::Finished);
                return Err(Code::Finished);
            }
            Status::Initial => {
                if !self.has_parent && self.separator.is_some() {
                    let context = b"xml=http://www.w3.org/XML/1998/namespace";
                    let bound = self.with_dtd(|parser, dtd| parser.set_context(dtd, context));
                    debug_assert!(bound.is_ok(), "the prefix of XML itself can be bound");
                }
                self.status = Status::Parsing;
            }
            Status::Parsing => {}
        }
        self.room.request(requested);
        self.room.end += data.len();
        self.forget_parsed();
        self.total += data.len() as u64;
        self.is_final = is_final;
        if self.encoding.is_direct() && self.rest.is_empty() {
            self.buffer.extend_from_slice(data);
        } else {
            self.rest.extend_from_slice(data);
            let mut raw = std::mem::take(&mut self.rest);
            self.encoding.decode(&mut raw, &mut self.buffer);
            self.rest = raw;
        }
        self.end_input();
        self.fed_from = self.at;
        self.counted_to = self.at;
        Ok(())
    }

    /// Ends parsing, whatever is left.
    pub fn stop(&mut self) {
        self.queue.clear();
        self.head = 0;
        self.question = None;
        self.after = None;
        self.failure = None;
        self.error = Some(Code::Aborted);
        self.status = Status::Finished;
        if self.open.is_empty() && !matches!(self.processor, Processor::Prolog | Processor::PrologStart) {
            self.event_at = Some(self.at);
        }
    }

    /// Half a character that ends the document is one that no scanner accepts.
    fn end_input(&mut self) {
        if self.is_final && !self.rest.is_empty() {
            self.is_odd = self.rest.len() == 1;
            if self.is_odd {
                self.behind = 1;
            } else {
                self.behind = self.rest.len() - 2;
                self.buffer.push(0xc3);
            }
            self.rest.clear();
        }
    }

    /// As with expat, half a unit at the end belongs to a token that more text could have made longer.
    pub(crate) fn forget_odd(&mut self, source: Source) {
        if source == Source::Document {
            self.took_odd |= std::mem::take(&mut self.is_odd);
        }
    }

    fn forget_parsed(&mut self) {
        // The event's place is kept: it may be asked for although nothing more is told.
        let parsed = self.at.min(self.event_at.unwrap_or(self.at));
        if parsed > 0 {
            self.event_at = self.event_at.map(|at| at - parsed);
            self.buffer.drain(..parsed);
            self.at -= parsed;
        }
    }

    /// Reads what is left of the document in the encoding that has become known.
    fn change_encoding(&mut self) {
        let Some(encoding) = self.next_encoding.take() else { return };
        // Each byte of what has been read counts as a character now, if it is looked at later.
        if !matches!(encoding, Encoding::Utf16 { .. }) {
            let read = &self.buffer[self.counted_to.min(self.at)..self.at];
            let characters = read.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            self.column += (self.encoding.length(read) - characters) as u64;
        }
        let mut raw = self.encoding.encode(&self.buffer[self.at..]);
        raw.append(&mut self.rest);
        self.buffer.truncate(self.at);
        self.encoding = encoding;
        self.encoding.decode(&mut raw, &mut self.buffer);
        self.rest = raw;
        self.end_input();
    }

    /// Whether a token that was not whole should be tried now.
    fn is_worth_trying(&self) -> bool {
        if !self.deferral || self.is_final || self.partial_before == 0 {
            return true;
        }
        let have = self.encoding.length(&self.buffer[self.at..]) + self.rest.len();
        have >= 2 * self.partial_before || self.room.requested > self.room.available()
    }

    // Events.

    /// What comes next in what has been fed.
    pub fn next(&mut self) -> Step<'_> {
        match self.prepare() {
            Ok(Some(told)) => Step::Event(self.view(told)),
            Ok(None) => Step::Done,
            Err(code) => Step::Failed(code),
        }
    }

    /// Answers `NotStandalone` or `ExternalEntity`: false ends parsing.
    pub fn answer(&mut self, goes_on: bool) {
        self.answer = goes_on;
    }

    /// Answers `UnknownEncoding` with the characters of all bytes, -1 for none.
    pub fn answer_encoding(&mut self, table: Option<[i32; 256]>) {
        self.table = table.filter(is_usable).map(Box::new);
        self.answer = self.table.is_some();
    }

    fn prepare(&mut self) -> Result<Option<Told>, Code> {
        if let Some(code) = self.error {
            return Err(code);
        }
        if self.fed_from == IDLE {
            return Ok(None);
        }
        loop {
            if let Some(question) = self.question.take() {
                self.close_question(question);
            }
            if self.head < self.queue.len() {
                if let Some(told) = self.take_told() {
                    return Ok(Some(told));
                }
                continue;
            }
            self.queue.clear();
            self.head = 0;
            if let Some(failure) = self.failure.take() {
                if let Some(at) = failure.at {
                    self.event_at = Some(at);
                }
                self.error = Some(failure.code);
                return Err(failure.code);
            }
            if std::mem::take(&mut self.is_at_end) {
                return self.end_feed();
            }
            if self.after.is_none() && self.at == self.fed_from && !self.is_worth_trying() {
                self.fed_from = IDLE;
                return Ok(None);
            }
            self.scratch.clear();
            self.change_encoding();
            let result = self.with_dtd(|parser, dtd| parser.advance(dtd));
            match result {
                Ok(true) => {}
                Ok(false) => self.is_at_end = true,
                Err(failure) => self.failure = Some(failure),
            }
            if self.account.is_out_of_memory() && self.failure.is_none() {
                self.failure = Some(Code::NoMemory.into());
            }
        }
    }

    /// All that can be parsed of what was fed has been.
    fn end_feed(&mut self) -> Result<Option<Told>, Code> {
        let used = self.encoding.length(&self.buffer[self.fed_from.min(self.at)..self.at]);
        self.room.start = (self.room.start + used).min(self.room.end);
        let have = self.encoding.length(&self.buffer[self.at..]) + self.rest.len();
        self.partial_before = if used == 0 { have } else { 0 };
        self.fed_from = IDLE;
        if self.is_final {
            self.status = Status::Finished;
        } else {
            self.count_lines(self.at);
        }
        Ok(None)
    }

    fn close_question(&mut self, question: Question) {
        if std::mem::replace(&mut self.answer, true) {
            return;
        }
        let code = match question {
            Question::NotStandalone => Code::NotStandalone,
            Question::External => Code::ExternalEntityHandling,
            Question::Encoding => Code::UnknownEncoding,
        };
        self.queue.clear();
        self.head = 0;
        let at = match self.after.take() {
            Some(After::Encoding { name_at }) => name_at,
            Some(After::Parameter { entity }) => {
                self.with_dtd(|_, dtd| dtd.entity_mut(entity).open = false);
                None
            }
            Some(After::Value { entity }) => {
                let job = self.value.take();
                self.with_dtd(|parser, dtd| {
                    dtd.entity_mut(entity).open = false;
                    job.iter().for_each(|job| parser.end_entity_value(dtd, b"", job, false));
                });
                None
            }
            _ => None,
        };
        self.failure = Some(Failure { code, at });
    }

    /// The event that comes first; long converted text comes in pieces.
    fn take_told(&mut self) -> Option<Told> {
        let is_converted = self.encoding.is_converted();
        if let Told::Data { start, end } | Told::DefaultData { start, end } = &mut self.queue[self.head]
            && is_converted
        {
            self.event_at = Some(*start);
            if *end - *start > PIECE {
                let mut piece_end = *start + PIECE;
                while self.buffer[piece_end] & 0xc0 == 0x80 {
                    piece_end -= 1;
                }
                let (from, to) = (*start, piece_end);
                *start = to;
                let is_data = matches!(self.queue[self.head], Told::Data { .. });
                return Some(if is_data {
                    Told::Data { start: from, end: to }
                } else {
                    Told::DefaultData { start: from, end: to }
                });
            }
        }
        let told = std::mem::replace(&mut self.queue[self.head], Told::EndDoctype);
        self.head += 1;
        match told {
            Told::At(at) => {
                self.event_at = Some(at);
                return None;
            }
            Told::NotStandalone => self.question = Some(Question::NotStandalone),
            Told::Owned(ref owned) => match **owned {
                Owned::External { .. } => self.question = Some(Question::External),
                Owned::UnknownEncoding(_) => self.question = Some(Question::Encoding),
                _ => {}
            },
            _ => {}
        }
        Some(told)
    }

    fn piece(&self, span: Span) -> &str {
        text(&self.scratch[span.0 as usize..span.1 as usize])
    }

    fn view(&mut self, told: Told) -> Event<'_> {
        match told {
            Told::Start { name, specified } => Event::StartElement {
                name: self.piece(name),
                attributes: Attributes {
                    text: &self.scratch,
                    spans: &self.attributes,
                    specified: specified as usize,
                },
            },
            Told::End { name } => Event::EndElement(self.piece(name)),
            Told::Text(span) => Event::CharacterData(self.piece(span)),
            Told::Data { start, end } => Event::CharacterData(text(&self.buffer[start..end])),
            Told::DefaultText(span) => Event::Default(self.piece(span)),
            Told::DefaultData { start, end } => Event::Default(text(&self.buffer[start..end])),
            Told::At(_) => unreachable!("a place is no event"),
            Told::StartCdata => Event::StartCdata,
            Told::EndCdata => Event::EndCdata,
            Told::Instruction { target, data } => {
                Event::Instruction { target: self.piece(target), data: self.piece(data) }
            }
            Told::Comment(span) => Event::Comment(self.piece(span)),
            Told::StartNamespace { prefix, uri } => Event::StartNamespace {
                prefix: prefix.map(|prefix| self.piece(prefix)),
                uri: uri.map(|uri| self.piece(uri)),
            },
            Told::EndNamespace { prefix } => Event::EndNamespace(prefix.map(|prefix| self.piece(prefix))),
            Told::NotStandalone => Event::NotStandalone,
            Told::EndDoctype => Event::EndDoctype,
            Told::Owned(owned) => owned_view(self.current.insert(owned)),
        }
    }

    /// Adds text to the scratch text.
    pub(crate) fn keep(&mut self, piece: &[u8]) -> Span {
        let start = self.scratch.len();
        self.scratch.extend_from_slice(piece);
        (start as u32, self.scratch.len() as u32)
    }

    pub(crate) fn tell(&mut self, owned: Owned) {
        self.queue.push(Told::Owned(Box::new(owned)));
    }

    /// Gives text to the default handler, if there is one.
    pub(crate) fn tell_default(&mut self, text: &[u8], source: Source, start: usize, end: usize) {
        if !self.wanted.has(Wanted::DEFAULT) {
            return;
        }
        match source {
            Source::Document => self.queue.push(Told::DefaultData { start, end }),
            Source::Entity(_) => {
                let span = self.keep(&text[start..end]);
                self.queue.push(Told::DefaultText(span));
            }
        }
        // Text that had to be converted is behind its event when it has been told.
        if source == Source::Document && self.encoding.is_converted() {
            self.queue.push(Told::At(end));
        }
    }

    pub(crate) fn kinds(&self, source: Source) -> &'static Kinds {
        bytes::table(self.separator.is_some(), source != Source::Document)
    }

    /// A scanner of text from a place on.
    pub(crate) fn scanner<'t>(&self, text: &'t [u8], source: Source, start: usize) -> Scanner<'t> {
        let mut scanner = Scanner::new(text, self.kinds(source), start);
        if source == Source::Document {
            scanner.letters = self.encoding.single_letters();
        }
        scanner
    }

    /// The encoding that the caller named, if it is one that every parser knows.
    pub(crate) fn named_encoding(&self) -> Option<Option<Named>> {
        match &self.protocol_encoding {
            None => Some(None),
            Some(name) => Named::find(name).map(Some),
        }
    }

    // Positions.

    fn count_lines(&mut self, to: usize) {
        if to < self.counted_to {
            return;
        }
        let mut at = self.counted_to;
        while at < to {
            match self.buffer[at] {
                b'\n' => {
                    (self.line, self.column) = (self.line + 1, 0);
                    at += 1;
                }
                b'\r' => {
                    (self.line, self.column) = (self.line + 1, 0);
                    at += 1 + usize::from(at + 1 < to && self.buffer[at + 1] == b'\n');
                }
                0xc0..=0xdf => (self.column, at) = (self.column + 1, at + 2),
                0xe0..=0xef => (self.column, at) = (self.column + 1, at + 3),
                0xf0..=0xf4 => (self.column, at) = (self.column + 1, at + 4),
                _ => (self.column, at) = (self.column + 1, at + 1),
            }
        }
        self.counted_to = to;
    }

    /// Line (from 1 on) and column (from 0 on) of the event, or of the failure.
    pub fn position(&mut self) -> (u64, u64) {
        if let Some(at) = self.event_at {
            self.count_lines(at);
        }
        (self.line + 1, self.column)
    }

    /// Byte index of the event in the document; -1 before there is one.
    pub fn byte_index(&self) -> i64 {
        let Some(at) = self.event_at else { return -1 };
        if self.took_odd && at >= self.buffer.len() {
            return self.total as i64;
        }
        let behind =
            self.encoding.length(&self.buffer[at.min(self.buffer.len())..]) + self.rest.len() + self.behind;
        self.total as i64 - behind as i64
    }

    /// The document from the event on, as far as it is known.
    pub fn input_context(&self) -> Option<Vec<u8>> {
        let at = self.event_at?;
        let mut context = self.encoding.encode(&self.buffer[at.min(self.buffer.len())..]);
        context.extend_from_slice(&self.rest);
        Some(context)
    }

    /// Why parsing has failed.
    pub fn error(&self) -> Option<Code> {
        self.error
    }
}
