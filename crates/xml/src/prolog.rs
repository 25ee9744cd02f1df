//! The prolog: what each token of a document type declaration means.
//!
//! Invariant: a token that is told by an event of its own is not given to the default handler as well.

use crate::code::Code;
use crate::dtd::{Dtd, Entity, EntityRef, PartKind};
use crate::event::{Model, ModelPart, Quantifier, Wanted};
use crate::parser::{Failure, Parser, Shared, Source};
use crate::role::Role;
use crate::step::{After, Closes, Flow, Processor, ValueFrame, ValueJob};
use crate::token::{Scan, Token, predefined};
use crate::told::{Owned, OwnedIds, Told};

/// The name under which the external subset is an entity.
const SUBSET: &[u8] = b"#";

/// Where a document type's external subset is.
#[derive(Clone, Debug, Default)]
enum SystemId {
    #[default]
    None,
    Known(Shared),
    /// There is one, but nobody wants to know its name.
    Unnamed,
}

/// What is being declared.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    pub(crate) element: Option<u32>,
    attribute: Option<u32>,
    attribute_is_cdata: bool,
    attribute_is_id: bool,
    attribute_kind: Option<Vec<u8>>,
    pub(crate) entity: Option<EntityRef>,
    doctype_name: Option<Shared>,
    doctype_system: SystemId,
    doctype_public: Option<Shared>,
    notation_name: Option<Shared>,
    notation_public: Option<Shared>,
    /// What separates the parts of each open group.
    connectors: Vec<u8>,
}

/// A token in its text.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t [u8],
    source: Source,
    start: usize,
    next: usize,
}

impl Place<'_> {
    fn whole(&self) -> &[u8] {
        &self.text[self.start..self.next]
    }

    /// A literal without its quotes.
    fn literal(&self) -> &[u8] {
        &self.text[self.start + 1..self.next - 1]
    }
}

/// Whether the default handler gets the token.
type Handled = Result<bool, Failure>;

fn normalized_public_id(literal: &[u8]) -> Shared {
    let words = literal.split(|byte| matches!(byte, b' ' | b'\r' | b'\n')).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ').into()
}

/// The first character that no public identifier may have.
fn wrong_in_public_id(literal: &[u8]) -> Option<usize> {
    literal.iter().position(|byte| {
        let allowed = byte.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(byte);
        !allowed
    })
}

impl Parser {
    /// A token of the prolog, of a subset or of a parameter entity.
    pub(crate) fn prolog_token(
        &mut self,
        dtd: &mut Dtd,
        text: &[u8],
        source: Source,
        start: usize,
        scan: Scan,
    ) -> Flow {
        self.set_event(source, start);
        let Scan { token, mut next, open } = scan;
        if source == Source::Document {
            self.event_end = next;
        }
        if open || matches!(token, Token::None | Token::Partial | Token::PartialChar | Token::Invalid) {
            if token != Token::Invalid && self.has_more(source) {
                return Ok(false);
            }
            match token {
                Token::Invalid => return Err(self.failure_at(Code::InvalidToken, source, next)),
                Token::Partial => return Err(Code::UnclosedToken.into()),
                Token::PartialChar => return Err(Code::PartialChar.into()),
                Token::None => return self.prolog_end(source),
                _ => {
                    next = text.len();
                    self.forget_odd(source);
                }
            }
        }
        let place = Place { text, source, start, next };
        let role = self.machine.role(token, place.whole());
        if !matches!(role, Role::InstanceStart | Role::XmlDecl | Role::TextDecl) {
            self.count(token, next - start, source)?;
        }
        match role {
            Role::XmlDecl | Role::TextDecl => {
                self.move_to(source, next);
                return self.xml_declaration(dtd, text, start, next, role == Role::TextDecl);
            }
            Role::InstanceStart => return self.instance_start(dtd),
            Role::Error => {
                return Err(match token {
                    Token::ParamEntityRef => Code::ParamEntityRef.into(),
                    Token::XmlDecl => Code::MisplacedXmlPi.into(),
                    _ => Code::Syntax.into(),
                });
            }
            Role::DoctypeClose => {
                self.move_to(source, next);
                return self.close_doctype(dtd, place);
            }
            Role::IgnoreSection => {
                self.tell_default(text, source, start, next);
                self.processor = Processor::Ignore;
                self.move_to(source, next);
                return Ok(true);
            }
            Role::EntityValue if dtd.keep_processing => {
                self.move_to(source, next);
                return self.start_entity_value(dtd, place);
            }
            _ => {}
        }
        self.move_to(source, next);
        let handle_default = match role {
            Role::Instruction => {
                self.instruction(text, source, start, next);
                false
            }
            Role::Comment => {
                self.comment(text, source, start, next);
                false
            }
            Role::None => token != Token::ByteOrderMark,
            _ => self.declaration_token(dtd, role, place)?,
        };
        if handle_default {
            self.tell_default(text, source, start, next);
        }
        Ok(true)
    }

    /// The end of the text.
    fn prolog_end(&mut self, source: Source) -> Flow {
        if let Source::Entity(index) = source
            && !self.open[index].between_declarations
        {
            return Ok(false);
        }
        if self.is_param_entity || source != Source::Document {
            return match self.machine.role(Token::None, b"") {
                Role::Error => Err(Code::IncompletePe.into()),
                _ => Ok(false),
            };
        }
        Err(Code::NoElements.into())
    }

    fn declaration_token(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>) -> Handled {
        let wanted = self.wanted;
        let declares = dtd.keep_processing;
        match role {
            Role::DoctypeNone => Ok(!wanted.has(Wanted::START_DOCTYPE)),
            Role::EntityNone => Ok(!(declares && wanted.has(Wanted::ENTITY_DECL))),
            Role::NotationNone => Ok(!wanted.has(Wanted::NOTATION)),
            Role::AttlistNone => Ok(!(declares && wanted.has(Wanted::ATTLIST_DECL))),
            Role::ElementNone => Ok(!wanted.has(Wanted::ELEMENT_DECL)),
            Role::DoctypeName
            | Role::DoctypeInternalSubset
            | Role::DoctypePublicId
            | Role::DoctypeSystemId => self.doctype_token(dtd, role, place),
            Role::GeneralEntityName
            | Role::ParamEntityName
            | Role::EntityPublicId
            | Role::EntitySystemId
            | Role::EntityComplete
            | Role::EntityNotationName => self.entity_token(dtd, role, place),
            Role::NotationName
            | Role::NotationPublicId
            | Role::NotationSystemId
            | Role::NotationNoSystemId => self.notation_token(role, place),
            Role::ParamEntityRef | Role::InnerParamEntityRef => self.parameter_reference(dtd, role, place),
            Role::ElementName
            | Role::ContentAny
            | Role::ContentEmpty
            | Role::ContentPcdata
            | Role::ContentElement(_)
            | Role::GroupOpen
            | Role::GroupClose(_)
            | Role::GroupChoice
            | Role::GroupSequence => self.model_token(dtd, role, place),
            Role::EntityValue => Ok(true),
            _ => self.attlist_token(dtd, role, place),
        }
    }

    fn doctype_token(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>) -> Handled {
        let tells = self.wanted.has(Wanted::START_DOCTYPE);
        match role {
            Role::DoctypeName => {
                self.declared.doctype_system = SystemId::None;
                if tells {
                    self.declared.doctype_name = Some(place.whole().into());
                    self.declared.doctype_public = None;
                }
                Ok(!tells)
            }
            Role::DoctypeInternalSubset => {
                if tells {
                    self.tell_doctype(true);
                }
                Ok(!tells)
            }
            Role::DoctypePublicId => {
                self.use_foreign = false;
                let (index, _) = dtd.params.find_or_add(SUBSET, Entity::new);
                self.declared.entity = Some(EntityRef { is_param: true, index });
                dtd.has_param_entity_refs = true;
                self.check_public_id(place)?;
                let id = normalized_public_id(place.literal());
                if tells {
                    self.declared.doctype_public = Some(id.clone());
                }
                if dtd.keep_processing {
                    dtd.params.get_mut(index).public_id = Some(id);
                }
                Ok(!tells)
            }
            _ => {
                self.use_foreign = false;
                dtd.has_param_entity_refs = true;
                self.declared.doctype_system = match tells {
                    true => SystemId::Known(place.literal().into()),
                    false => SystemId::Unnamed,
                };
                if self.param_parsing == 0 {
                    self.ask_standalone(dtd);
                }
                if self.declared.entity.is_none() {
                    let (index, _) = dtd.params.find_or_add(SUBSET, Entity::new);
                    dtd.params.get_mut(index).public_id = None;
                    self.declared.entity = Some(EntityRef { is_param: true, index });
                }
                self.set_system_id(dtd, place);
                Ok(!tells)
            }
        }
    }

    fn tell_doctype(&mut self, internal: bool) {
        let name = self.declared.doctype_name.take().unwrap_or_default();
        let system_id = match &self.declared.doctype_system {
            SystemId::Known(id) => Some(id.clone()),
            _ => None,
        };
        let public_id = self.declared.doctype_public.take();
        self.tell(Owned::StartDoctype { name, system_id, public_id, internal });
    }

    fn check_public_id(&self, place: Place<'_>) -> Result<(), Failure> {
        match wrong_in_public_id(place.literal()) {
            Some(at) => Err(self.failure_at(Code::PublicId, place.source, place.start + 1 + at)),
            None => Ok(()),
        }
    }

    fn set_system_id(&mut self, dtd: &mut Dtd, place: Place<'_>) {
        if let Some(entity) = self.declared.entity.filter(|_| dtd.keep_processing) {
            self.account.allocate(place.next - place.start);
            let entity = dtd.entity_mut(entity);
            entity.system_id = Some(place.literal().into());
            entity.base = self.base.clone();
        }
    }

    /// Asks whether a document that is not alone is wanted.
    pub(crate) fn ask_standalone(&mut self, dtd: &Dtd) {
        if !dtd.standalone && self.wanted.has(Wanted::NOT_STANDALONE) {
            self.queue.push(Told::NotStandalone);
        }
    }

    fn close_doctype(&mut self, dtd: &mut Dtd, place: Place<'_>) -> Flow {
        if place.source != Source::Document {
            return Err(Code::InvalidToken.into());
        }
        let mut closes = Closes { start: place.start, next: place.next, handles_default: true };
        if self.declared.doctype_name.is_some() {
            if self.wanted.has(Wanted::START_DOCTYPE) {
                self.tell_doctype(false);
            }
            closes.handles_default = false;
        }
        let has_subset = !matches!(self.declared.doctype_system, SystemId::None);
        if has_subset || self.use_foreign {
            let had_references = std::mem::replace(&mut dtd.has_param_entity_refs, true);
            if self.asks_for_subset(dtd) {
                self.after = Some(After::Subset { had_references, closes: Some(closes) });
                return Ok(true);
            }
            self.use_foreign = false;
        }
        self.end_doctype(place.text, closes);
        Ok(true)
    }

    pub(crate) fn end_doctype(&mut self, text: &[u8], closes: Closes) {
        if self.wanted.has(Wanted::END_DOCTYPE) {
            self.queue.push(Told::EndDoctype);
        } else if closes.handles_default {
            self.tell_default(text, Source::Document, closes.start, closes.next);
        }
    }

    /// Asks for the external subset; false if nobody reads it.
    fn asks_for_subset(&mut self, dtd: &mut Dtd) -> bool {
        if self.param_parsing == 0 || !self.wanted.has(Wanted::EXTERNAL_ENTITY) {
            return false;
        }
        let (index, _) = dtd.params.find_or_add(SUBSET, Entity::new);
        let subset = dtd.params.get_mut(index);
        if self.use_foreign {
            subset.base = self.base.clone();
        }
        let ids = OwnedIds {
            base: subset.base.clone(),
            system_id: subset.system_id.clone(),
            public_id: subset.public_id.clone(),
        };
        dtd.param_entity_read = false;
        self.tell(Owned::External { context: None, ids });
        true
    }

    pub(crate) fn after_subset(&mut self, dtd: &mut Dtd, had_references: bool, closes: bool) {
        if dtd.param_entity_read {
            self.ask_standalone(dtd);
        } else if !closes || matches!(self.declared.doctype_system, SystemId::None) {
            dtd.has_param_entity_refs = had_references;
        }
        if closes {
            self.use_foreign = false;
        }
    }

    /// The document's element follows; this is the last chance to read a DTD that the caller adds.
    fn instance_start(&mut self, dtd: &mut Dtd) -> Flow {
        self.processor = Processor::Content;
        if self.use_foreign {
            let had_references = std::mem::replace(&mut dtd.has_param_entity_refs, true);
            if self.asks_for_subset(dtd) {
                self.after = Some(After::Subset { had_references, closes: None });
            }
        }
        Ok(true)
    }

    fn entity_token(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>) -> Handled {
        let tells = self.wanted.has(Wanted::ENTITY_DECL);
        match role {
            Role::GeneralEntityName | Role::ParamEntityName => {
                let is_param = role == Role::ParamEntityName;
                self.declared.entity = None;
                if !dtd.keep_processing || (!is_param && predefined(place.whole()).is_some()) {
                    return Ok(true);
                }
                let table = if is_param { &mut dtd.params } else { &mut dtd.general };
                let (index, is_new) = table.find_or_add(place.whole(), Entity::new);
                if !is_new {
                    return Ok(true);
                }
                self.account.allocate(160 + place.next - place.start);
                let entity = table.get_mut(index);
                entity.is_param = is_param;
                entity.is_internal = !self.has_parent && self.open.is_empty();
                self.declared.entity = Some(EntityRef { is_param, index });
                Ok(!tells)
            }
            Role::EntityPublicId => {
                self.check_public_id(place)?;
                match self.declared.entity.filter(|_| dtd.keep_processing) {
                    Some(entity) => {
                        dtd.entity_mut(entity).public_id = Some(normalized_public_id(place.literal()));
                        Ok(!tells)
                    }
                    None => Ok(true),
                }
            }
            Role::EntitySystemId => {
                self.set_system_id(dtd, place);
                Ok(!(tells && dtd.keep_processing && self.declared.entity.is_some()))
            }
            Role::EntityComplete => {
                let Some(entity) = self.declared.entity.filter(|_| dtd.keep_processing && tells) else {
                    return Ok(true);
                };
                self.tell_entity(dtd.entity(entity), None, None);
                Ok(false)
            }
            _ => {
                let Some(reference) = self.declared.entity.filter(|_| dtd.keep_processing) else {
                    return Ok(true);
                };
                let notation: Shared = place.whole().into();
                dtd.entity_mut(reference).notation = Some(notation.clone());
                let entity = dtd.entity(reference);
                if self.wanted.has(Wanted::UNPARSED_ENTITY) {
                    let (name, ids) = (entity.name.clone(), ids_of(entity));
                    self.tell(Owned::Unparsed { name, ids, notation });
                    return Ok(false);
                }
                if tells {
                    self.tell_entity(entity, None, Some(notation));
                }
                Ok(!tells)
            }
        }
    }

    fn tell_entity(&mut self, entity: &Entity, value: Option<Shared>, notation: Option<Shared>) {
        let ids = match &value {
            Some(_) => OwnedIds { base: self.base.clone(), ..OwnedIds::default() },
            None => ids_of(entity),
        };
        let is_param = entity.is_param && notation.is_none();
        self.tell(Owned::Entity { name: entity.name.clone(), is_param, value, ids, notation });
    }

    fn start_entity_value(&mut self, dtd: &mut Dtd, place: Place<'_>) -> Flow {
        let frame = ValueFrame {
            text: place.literal().into(),
            at: 0,
            origin: (place.source == Source::Document).then_some(place.start + 1),
            entity: None,
            source: place.source,
            counts: false,
        };
        dtd.entity_value.clear();
        self.value =
            Some(ValueJob { frames: vec![frame], token: Some((place.source, place.start, place.next)) });
        let document = if place.source == Source::Document { place.text } else { b"" };
        self.entity_value(dtd, document)
    }

    /// The value of an entity is whole, or will never be.
    pub(crate) fn end_entity_value(
        &mut self,
        dtd: &mut Dtd,
        document: &[u8],
        job: &ValueJob,
        is_whole: bool,
    ) {
        // The value of an external entity is part of another's.
        let Some((source, start, next)) = job.token else { return };
        let value: Shared = std::mem::take(&mut dtd.entity_value).into();
        self.account.allocate(value.len());
        let Some(reference) = self.declared.entity else {
            if is_whole {
                self.default_at(document, source, start, next);
            }
            return;
        };
        dtd.entity_mut(reference).text = Some(value.clone());
        if self.wanted.has(Wanted::ENTITY_DECL) {
            self.tell_entity(dtd.entity(reference), Some(value), None);
        } else if is_whole {
            self.default_at(document, source, start, next);
        }
    }

    fn default_at(&mut self, document: &[u8], source: Source, start: usize, next: usize) {
        let text = match source {
            Source::Document => None,
            Source::Entity(index) => Some(self.open[index].text.clone()),
        };
        self.tell_default(text.as_deref().unwrap_or(document), source, start, next);
    }

    fn notation_token(&mut self, role: Role, place: Place<'_>) -> Handled {
        let tells = self.wanted.has(Wanted::NOTATION);
        match role {
            Role::NotationName => {
                self.declared.notation_public = None;
                self.declared.notation_name = tells.then(|| place.whole().into());
                Ok(!tells)
            }
            Role::NotationPublicId => {
                self.check_public_id(place)?;
                if self.declared.notation_name.is_none() {
                    return Ok(true);
                }
                self.declared.notation_public = Some(normalized_public_id(place.literal()));
                Ok(false)
            }
            _ => {
                let system_id = (role == Role::NotationSystemId).then(|| Shared::from(place.literal()));
                let is_told = system_id.is_some() || self.declared.notation_public.is_some();
                let name = self.declared.notation_name.clone().filter(|_| tells && is_told);
                let Some(name) = name else { return Ok(true) };
                let public_id = self.declared.notation_public.clone();
                let ids = OwnedIds { base: self.base.clone(), system_id, public_id };
                self.tell(Owned::Notation { name, ids });
                Ok(false)
            }
        }
    }

    fn parameter_reference(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>) -> Handled {
        dtd.has_param_entity_refs = true;
        if self.param_parsing == 0 {
            dtd.keep_processing = dtd.standalone;
            self.ask_standalone(dtd);
            return Ok(true);
        }
        let name = place.literal();
        let index = dtd.params.find(name);
        let is_strict = self.machine.is_document
            && if dtd.standalone { self.open.is_empty() } else { !dtd.has_param_entity_refs };
        let Some(index) = index else {
            if is_strict {
                return Err(Code::UndefinedEntity.into());
            }
            dtd.keep_processing = dtd.standalone;
            if role == Role::ParamEntityRef && self.wanted.has(Wanted::SKIPPED_ENTITY) {
                self.tell(Owned::Skipped { name: name.into(), is_param: true });
                return Ok(false);
            }
            return Ok(true);
        };
        let reference = EntityRef { is_param: true, index };
        let entity = dtd.params.get_mut(index);
        match () {
            () if is_strict && !entity.is_internal => return Err(Code::EntityDeclaredInPe.into()),
            () if entity.open => return Err(Code::RecursiveEntityRef.into()),
            () => {}
        }
        if let Some(text) = entity.text.clone() {
            self.open_entity(dtd, reference, text, role == Role::ParamEntityRef);
            return Ok(false);
        }
        if !self.wanted.has(Wanted::EXTERNAL_ENTITY) {
            dtd.keep_processing = dtd.standalone;
            return Ok(true);
        }
        entity.open = true;
        let ids = ids_of(entity);
        dtd.param_entity_read = false;
        self.tell(Owned::External { context: None, ids });
        self.after = Some(After::Parameter { entity: reference });
        Ok(false)
    }

    fn attlist_token(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>) -> Handled {
        let namespaces = self.separator.is_some();
        let tells = dtd.keep_processing && self.wanted.has(Wanted::ATTLIST_DECL);
        match role {
            Role::AttlistElementName => {
                self.declared.element = Some(dtd.element(place.whole(), namespaces).0);
            }
            Role::AttributeName => {
                self.declared.attribute = Some(dtd.attribute(place.whole(), namespaces).0);
                self.declared.attribute_is_cdata = false;
                self.declared.attribute_is_id = false;
                self.declared.attribute_kind = None;
            }
            Role::AttributeType(kind) => {
                self.declared.attribute_is_cdata |= kind == "CDATA";
                self.declared.attribute_is_id |= kind == "ID";
                self.declared.attribute_kind = Some(kind.as_bytes().to_vec());
            }
            Role::AttributeEnumValue | Role::AttributeNotationValue => {
                if tells {
                    let first: &[u8] = if role == Role::AttributeEnumValue { b"(" } else { b"NOTATION(" };
                    match &mut self.declared.attribute_kind {
                        Some(kind) => kind.push(b'|'),
                        None => self.declared.attribute_kind = Some(first.to_vec()),
                    }
                    if let Some(kind) = &mut self.declared.attribute_kind {
                        kind.extend_from_slice(place.whole());
                    }
                }
            }
            _ => return self.attribute_default(dtd, role, place, tells),
        }
        Ok(!tells)
    }

    fn attribute_default(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>, tells: bool) -> Handled {
        if !dtd.keep_processing {
            return Ok(true);
        }
        let (Some(element), Some(attribute)) = (self.declared.element, self.declared.attribute) else {
            return Ok(true);
        };
        let is_cdata = self.declared.attribute_is_cdata;
        let value: Option<Shared> = match role {
            Role::DefaultValue | Role::FixedValue => {
                let mut value = Vec::new();
                let range = (place.start + 1, place.next - 1);
                self.attribute_value(
                    dtd,
                    place.text,
                    place.source,
                    range,
                    is_cdata,
                    false,
                    true,
                    &mut value,
                )?;
                Some(value.into())
            }
            _ => None,
        };
        self.account.allocate(48 + value.as_ref().map_or(0, |value| value.len()));
        let is_id = self.declared.attribute_is_id && value.is_none();
        dtd.define_attribute(element, attribute, is_cdata, is_id, value.clone());
        let Some(kind) = self.declared.attribute_kind.as_mut().filter(|_| tells) else { return Ok(true) };
        if kind.starts_with(b"(") || kind.starts_with(b"NO") {
            kind.push(b')');
        }
        let kind = kind.clone();
        self.tell(Owned::Attlist {
            element: dtd.elements.get(element).name.clone(),
            attribute: dtd.attributes.get(attribute).name.clone(),
            kind,
            default: value,
            required: matches!(role, Role::RequiredValue | Role::FixedValue),
        });
        Ok(false)
    }

    fn model_token(&mut self, dtd: &mut Dtd, role: Role, place: Place<'_>) -> Handled {
        let tells = self.wanted.has(Wanted::ELEMENT_DECL);
        let builds = dtd.in_element;
        let level = self.machine.level;
        match role {
            Role::ElementName => {
                if tells {
                    self.declared.element = Some(dtd.element(place.whole(), self.separator.is_some()).0);
                    dtd.parts.clear();
                    dtd.open_parts.clear();
                    dtd.in_element = true;
                }
                return Ok(!tells);
            }
            Role::ContentAny | Role::ContentEmpty => {
                dtd.in_element = false;
                if builds && tells {
                    let kind = if role == Role::ContentAny { PartKind::Any } else { PartKind::Empty };
                    let part = ModelPart { kind, quantifier: Quantifier::None, name: None, children: 0..0 };
                    self.tell_model(dtd, Model { parts: vec![part] });
                }
            }
            Role::ContentPcdata => {
                if let Some(group) = dtd.open_parts.last().copied().filter(|_| builds) {
                    dtd.parts[group].kind = PartKind::Mixed;
                }
            }
            Role::ContentElement(quantifier) => {
                if builds {
                    let end = place.next - usize::from(quantifier != Quantifier::None);
                    let name = &place.text[place.start..end];
                    self.account.allocate(48 + name.len());
                    let (element, _) = dtd.element(name, self.separator.is_some());
                    let name = dtd.elements.get(element).name.clone();
                    let part = dtd.add_part(PartKind::Name, Some(name));
                    dtd.parts[part].quantifier = quantifier;
                }
            }
            Role::GroupOpen => {
                self.declared.connectors.truncate(level);
                self.declared.connectors.resize(level + 1, 0);
                self.declared.connectors[level] = 0;
                if builds {
                    self.account.allocate(48);
                    let group = dtd.add_part(PartKind::Sequence, None);
                    dtd.open_parts.push(group);
                }
            }
            Role::GroupSequence | Role::GroupChoice => {
                let own = if role == Role::GroupSequence { b',' } else { b'|' };
                let known = std::mem::replace(&mut self.declared.connectors[level], own);
                if known != 0 && known != own {
                    return Err(Code::Syntax.into());
                }
                let group = dtd.open_parts.last().copied().filter(|_| builds);
                if let Some(group) = group.filter(|_| own == b'|') {
                    if known != 0 || dtd.parts[group].kind == PartKind::Mixed {
                        return Ok(true);
                    }
                    dtd.parts[group].kind = PartKind::Choice;
                }
            }
            Role::GroupClose(quantifier) => {
                if let Some(group) = dtd.open_parts.last().copied().filter(|_| builds) {
                    dtd.open_parts.pop();
                    dtd.parts[group].quantifier = quantifier;
                    if dtd.open_parts.is_empty() {
                        dtd.in_element = false;
                        if tells {
                            let model = dtd.model();
                            self.tell_model(dtd, model);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(!(builds && tells))
    }

    fn tell_model(&mut self, dtd: &Dtd, model: Model) {
        let Some(element) = self.declared.element else { return };
        self.tell(Owned::Element { name: dtd.elements.get(element).name.clone(), model });
    }
}

fn ids_of(entity: &Entity) -> OwnedIds {
    OwnedIds {
        base: entity.base.clone(),
        system_id: entity.system_id.clone(),
        public_id: entity.public_id.clone(),
    }
}
