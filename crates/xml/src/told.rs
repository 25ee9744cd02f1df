//! Events that wait until they are told.
//!
//! Invariant: a span lies in the scratch text of the step that made the event.

use crate::bytes::text;
use crate::event::{Event, Ids, Model, Span};
use crate::parser::Shared;

/// An event that waits to be told.
#[derive(Debug)]
pub(crate) enum Told {
    Start {
        name: Span,
        specified: u32,
    },
    End {
        name: Span,
    },
    /// Character data in the scratch text, or in the document.
    Text(Span),
    Data {
        start: usize,
        end: usize,
    },
    DefaultText(Span),
    DefaultData {
        start: usize,
        end: usize,
    },
    /// No event, but the place where the next one is.
    At(usize),
    StartCdata,
    EndCdata,
    Instruction {
        target: Span,
        data: Span,
    },
    Comment(Span),
    StartNamespace {
        prefix: Option<Span>,
        uri: Option<Span>,
    },
    EndNamespace {
        prefix: Option<Span>,
    },
    NotStandalone,
    EndDoctype,
    Owned(Box<Owned>),
}

/// The rarer events, which own their strings.
#[derive(Debug)]
pub(crate) enum Owned {
    StartDoctype { name: Shared, system_id: Option<Shared>, public_id: Option<Shared>, internal: bool },
    Unparsed { name: Shared, ids: OwnedIds, notation: Shared },
    Notation { name: Shared, ids: OwnedIds },
    External { context: Option<Vec<u8>>, ids: OwnedIds },
    Skipped { name: Shared, is_param: bool },
    UnknownEncoding(String),
    Element { name: Shared, model: Model },
    Attlist { element: Shared, attribute: Shared, kind: Vec<u8>, default: Option<Shared>, required: bool },
    Entity { name: Shared, is_param: bool, value: Option<Shared>, ids: OwnedIds, notation: Option<Shared> },
    XmlDecl { version: Option<Vec<u8>>, encoding: Option<Vec<u8>>, standalone: i32 },
}

#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedIds {
    pub(crate) base: Option<Shared>,
    pub(crate) system_id: Option<Shared>,
    pub(crate) public_id: Option<Shared>,
}

impl OwnedIds {
    fn view(&self) -> Ids<'_> {
        Ids {
            base: self.base.as_deref().map(text),
            system_id: self.system_id.as_deref().map(text),
            public_id: self.public_id.as_deref().map(text),
        }
    }
}

/// A rare event as it is told.
pub(crate) fn owned_view(owned: &Owned) -> Event<'_> {
    match owned {
        Owned::StartDoctype { name, system_id, public_id, internal } => Event::StartDoctype {
            name: text(name),
            system_id: system_id.as_deref().map(text),
            public_id: public_id.as_deref().map(text),
            has_internal_subset: *internal,
        },
        Owned::Unparsed { name, ids, notation } => {
            Event::UnparsedEntity { name: text(name), ids: ids.view(), notation: text(notation) }
        }
        Owned::Notation { name, ids } => Event::Notation { name: text(name), ids: ids.view() },
        Owned::External { context, ids } => {
            Event::ExternalEntity { context: context.as_deref().map(text), ids: ids.view() }
        }
        Owned::Skipped { name, is_param } => Event::SkippedEntity { name: text(name), is_param: *is_param },
        Owned::UnknownEncoding(name) => Event::UnknownEncoding(name),
        Owned::Element { name, model } => Event::ElementDecl { name: text(name), model },
        Owned::Attlist { element, attribute, kind, default, required } => Event::AttlistDecl {
            element: text(element),
            attribute: text(attribute),
            kind: text(kind),
            default: default.as_deref().map(text),
            required: *required,
        },
        Owned::Entity { name, is_param, value, ids, notation } => Event::EntityDecl {
            name: text(name),
            is_param: *is_param,
            value: value.as_deref().map(text),
            ids: ids.view(),
            notation: notation.as_deref().map(text),
        },
        Owned::XmlDecl { version, encoding, standalone } => Event::XmlDecl {
            version: version.as_deref().map(text),
            encoding: encoding.as_deref().map(text),
            standalone: *standalone,
        },
    }
}
