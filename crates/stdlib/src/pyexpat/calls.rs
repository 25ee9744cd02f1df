//! Events as calls: which handler, and its arguments.
//!
//! Invariant: made under the parser's lock, so that nothing here runs Python.

use taipan_runtime::prelude::*;
use taipan_xml::{Event, Ids, Model, Step, Wanted};

use super::names::Numbers;
use super::parser::State;

/// The handlers, in the order of their slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Handler {
    StartElement,
    EndElement,
    ProcessingInstruction,
    CharacterData,
    UnparsedEntityDecl,
    NotationDecl,
    StartNamespaceDecl,
    EndNamespaceDecl,
    Comment,
    StartCdataSection,
    EndCdataSection,
    Default,
    DefaultHandlerExpand,
    NotStandalone,
    ExternalEntityRef,
    StartDoctypeDecl,
    EndDoctypeDecl,
    EntityDecl,
    XmlDecl,
    ElementDecl,
    AttlistDecl,
    SkippedEntity,
}

/// How many there are.
pub(super) const HANDLERS: usize = Handler::SkippedEntity as usize + 1;

impl Handler {
    /// The events that it wants.
    pub(super) fn wanted(self) -> Wanted {
        match self {
            Handler::StartElement => Wanted::START_ELEMENT,
            Handler::EndElement => Wanted::END_ELEMENT,
            Handler::ProcessingInstruction => Wanted::INSTRUCTION,
            Handler::CharacterData => Wanted::CHARACTER_DATA,
            Handler::UnparsedEntityDecl => Wanted::UNPARSED_ENTITY,
            Handler::NotationDecl => Wanted::NOTATION,
            Handler::StartNamespaceDecl => Wanted::START_NAMESPACE,
            Handler::EndNamespaceDecl => Wanted::END_NAMESPACE,
            Handler::Comment => Wanted::COMMENT,
            Handler::StartCdataSection => Wanted::START_CDATA,
            Handler::EndCdataSection => Wanted::END_CDATA,
            Handler::Default | Handler::DefaultHandlerExpand => Wanted::DEFAULT,
            Handler::NotStandalone => Wanted::NOT_STANDALONE,
            Handler::ExternalEntityRef => Wanted::EXTERNAL_ENTITY,
            Handler::StartDoctypeDecl => Wanted::START_DOCTYPE,
            Handler::EndDoctypeDecl => Wanted::END_DOCTYPE,
            Handler::EntityDecl => Wanted::ENTITY_DECL,
            Handler::XmlDecl => Wanted::XML_DECL,
            Handler::ElementDecl => Wanted::ELEMENT_DECL,
            Handler::AttlistDecl => Wanted::ATTLIST_DECL,
            Handler::SkippedEntity => Wanted::SKIPPED_ENTITY,
        }
    }
}

/// What is to be done next.
pub(super) enum Next {
    /// Nothing was to be told yet.
    Again,
    Call(Handler, Arguments),
    /// Gathered character data goes before the call.
    TextAndCall(Value, Handler, Arguments),
    /// The encoding of this name must be asked for.
    Encoding(String),
    /// A model is nested too deeply for tuples.
    TooDeep,
    Done,
    Failed(taipan_xml::Code),
}

/// Up to which depth models become tuples; CPython's stack ends about there.
const DEEPEST: usize = 100_000;

/// Whether the parts of a model are nested deeper than that.
fn is_too_deep(model: &Model) -> bool {
    let mut depths = vec![1; model.parts.len()];
    for (at, part) in model.parts.iter().enumerate() {
        if depths[at] > DEEPEST {
            return true;
        }
        let below = depths[at] + 1;
        depths[part.children.clone()].fill(below);
    }
    false
}

/// The arguments of a handler, at most eight.
pub(super) struct Arguments {
    values: [Value; 8],
    count: usize,
}

impl Arguments {
    fn new(values: &[Value]) -> Arguments {
        let mut arguments = Arguments { values: [Value::NONE; 8], count: values.len() };
        arguments.values[..values.len()].copy_from_slice(values);
        arguments
    }

    pub(super) fn as_slice(&self) -> &[Value] {
        &self.values[..self.count]
    }
}

/// How texts become strings.
#[derive(Clone, Copy)]
pub(super) struct Making<'a> {
    pub(super) cx: &'a Context,
    pub(super) intern: Option<Gc<Dict>>,
    /// The strings of names that have been told.
    pub(super) names: Gc<List>,
    pub(super) ordered: bool,
    pub(super) specified: bool,
    pub(super) expands: bool,
}

impl Making<'_> {
    fn text(self, text: &str) -> Value {
        self.cx.new_str(text).value()
    }

    fn text_or_none(self, text: Option<&str>) -> Value {
        text.map_or(Value::NONE, |text| self.text(text))
    }

    /// The string of a name, of which the dict of interned strings has one; without a dict each is new.
    fn name(self, numbers: &mut Numbers, text: &str) -> Value {
        match self.intern {
            Some(_) => numbers.name(self.cx, self.names, text, || self.interned(text)),
            None => self.text(text),
        }
    }

    fn interned(self, text: &str) -> Value {
        let made = self.cx.new_str(text);
        let Some(intern) = self.intern else { return made.value() };
        if let Some(known) = intern.get_str(self.cx, made) {
            return known;
        }
        intern.set_str(self.cx, made, made.value());
        made.value()
    }

    fn name_or_none(self, text: Option<&str>) -> Value {
        text.map_or(Value::NONE, |text| self.interned(text))
    }

    fn ids(self, ids: Ids<'_>) -> [Value; 3] {
        [self.name_or_none(ids.base), self.name_or_none(ids.system_id), self.name_or_none(ids.public_id)]
    }

    fn attributes(self, numbers: &mut Numbers, attributes: taipan_xml::Attributes<'_>) -> Value {
        let count = if self.specified { attributes.specified() } else { attributes.len() };
        let mut items = GVec::with_capacity(count * 2);
        for (name, value) in attributes.iter().take(count) {
            items.push(self.name(numbers, name));
            items.push(self.text(value));
        }
        match self.ordered {
            true => self.cx.new_list(&items).value(),
            false => Dict::from_names(self.cx, &items).value(),
        }
    }

    /// A model as nested tuples; parts behind others are their children, so they are made first.
    fn model(self, model: &Model) -> Value {
        let mut made: GVec<Value> = GVec::new();
        made.resize(model.parts.len(), Value::NONE);
        for (at, part) in model.parts.iter().enumerate().rev() {
            let children = self.cx.new_tuple(&made[part.children.clone()]).value();
            let kind = Value::int(i64::from(part.kind as u8));
            let quantifier = Value::int(i64::from(part.quantifier as u8));
            let name = self.name_or_none(part.name.as_deref());
            made[at] = self.cx.new_tuple(&[kind, quantifier, name, children]).value();
        }
        made[0]
    }
}

impl State {
    /// The next event, as a call.
    pub(super) fn next(&mut self, making: Making<'_>) -> Next {
        let State { parser, text, text_limit, numbers, .. } = self;
        let event = match parser.next() {
            Step::Done => return Next::Done,
            Step::Failed(code) => return Next::Failed(code),
            Step::Event(event) => event,
        };
        if let Event::CharacterData(data) = event {
            let Some(limit) = *text_limit else {
                return Next::Call(Handler::CharacterData, Arguments::new(&[making.text(data)]));
            };
            if text.len() + data.len() <= limit {
                text.push_str(data);
                return Next::Again;
            }
            let gathered = (!text.is_empty()).then(|| making.text(text));
            text.clear();
            if data.len() <= limit {
                text.push_str(data);
                return match gathered {
                    Some(gathered) => Next::Call(Handler::CharacterData, Arguments::new(&[gathered])),
                    None => Next::Again,
                };
            }
            let arguments = Arguments::new(&[making.text(data)]);
            return match gathered {
                Some(gathered) => Next::TextAndCall(gathered, Handler::CharacterData, arguments),
                None => Next::Call(Handler::CharacterData, arguments),
            };
        }
        if let Event::UnknownEncoding(name) = event {
            return Next::Encoding(name.to_owned());
        }
        if let Event::ElementDecl { model, .. } = &event
            && is_too_deep(model)
        {
            return Next::TooDeep;
        }
        let (handler, arguments) = call_of(event, making, numbers);
        if text.is_empty() {
            return Next::Call(handler, arguments);
        }
        let gathered = making.text(text);
        text.clear();
        Next::TextAndCall(gathered, handler, arguments)
    }
}

fn call_of(event: Event<'_>, making: Making<'_>, numbers: &mut Numbers) -> (Handler, Arguments) {
    let flag = |flag: bool| Value::int(i64::from(flag));
    let (handler, arguments): (Handler, &[Value]) = match event {
        Event::StartElement { name, attributes } => {
            (Handler::StartElement, &[making.name(numbers, name), making.attributes(numbers, attributes)])
        }
        Event::EndElement(name) => (Handler::EndElement, &[making.name(numbers, name)]),
        Event::CharacterData(data) => (Handler::CharacterData, &[making.text(data)]),
        Event::Instruction { target, data } => {
            (Handler::ProcessingInstruction, &[making.interned(target), making.text(data)])
        }
        Event::Comment(data) => (Handler::Comment, &[making.text(data)]),
        Event::StartCdata => (Handler::StartCdataSection, &[]),
        Event::EndCdata => (Handler::EndCdataSection, &[]),
        Event::Default(data) if making.expands => (Handler::DefaultHandlerExpand, &[making.text(data)]),
        Event::Default(data) => (Handler::Default, &[making.text(data)]),
        Event::StartDoctype { name, system_id, public_id, has_internal_subset } => (
            Handler::StartDoctypeDecl,
            &[
                making.interned(name),
                making.name_or_none(system_id),
                making.name_or_none(public_id),
                flag(has_internal_subset),
            ],
        ),
        Event::EndDoctype => (Handler::EndDoctypeDecl, &[]),
        Event::UnparsedEntity { name, ids, notation } => {
            let [base, system, public] = making.ids(ids);
            (
                Handler::UnparsedEntityDecl,
                &[making.interned(name), base, system, public, making.interned(notation)],
            )
        }
        Event::Notation { name, ids } => {
            let [base, system, public] = making.ids(ids);
            (Handler::NotationDecl, &[making.interned(name), base, system, public])
        }
        Event::StartNamespace { prefix, uri } => {
            (Handler::StartNamespaceDecl, &[making.name_or_none(prefix), making.name_or_none(uri)])
        }
        Event::EndNamespace(prefix) => (Handler::EndNamespaceDecl, &[making.name_or_none(prefix)]),
        Event::NotStandalone => (Handler::NotStandalone, &[]),
        Event::ExternalEntity { context, ids } => {
            let [base, system, public] = making.ids(ids);
            (Handler::ExternalEntityRef, &[making.text_or_none(context), base, system, public])
        }
        Event::SkippedEntity { name, is_param } => {
            (Handler::SkippedEntity, &[making.interned(name), flag(is_param)])
        }
        Event::UnknownEncoding(name) => (Handler::Default, &[making.text(name)]),
        Event::ElementDecl { name, model } => {
            (Handler::ElementDecl, &[making.interned(name), making.model(model)])
        }
        Event::AttlistDecl { element, attribute, kind, default, required } => (
            Handler::AttlistDecl,
            &[
                making.interned(element),
                making.interned(attribute),
                making.text(kind),
                making.text_or_none(default),
                flag(required),
            ],
        ),
        Event::EntityDecl { name, is_param, value, ids, notation } => {
            let [base, system, public] = making.ids(ids);
            (
                Handler::EntityDecl,
                &[
                    making.interned(name),
                    flag(is_param),
                    making.text_or_none(value),
                    base,
                    system,
                    public,
                    making.name_or_none(notation),
                ],
            )
        }
        Event::XmlDecl { version, encoding, standalone } => (
            Handler::XmlDecl,
            &[making.text_or_none(version), making.text_or_none(encoding), Value::int(i64::from(standalone))],
        ),
    };
    (handler, Arguments::new(arguments))
}
