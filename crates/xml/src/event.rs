//! What a parser tells its caller.
//!
//! Invariant: an event borrows from the parser, so that it is used up before the parser goes on.

use std::ops::Range;

pub use crate::dtd::PartKind;
pub use crate::role::Quantifier;

/// The events that a caller may ask for; what nobody asked for goes to the default handler as it stands in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Wanted(pub u32);

impl Wanted {
    pub const START_ELEMENT: Wanted = Wanted(1);
    pub const END_ELEMENT: Wanted = Wanted(1 << 1);
    pub const CHARACTER_DATA: Wanted = Wanted(1 << 2);
    pub const INSTRUCTION: Wanted = Wanted(1 << 3);
    pub const COMMENT: Wanted = Wanted(1 << 4);
    pub const START_CDATA: Wanted = Wanted(1 << 5);
    pub const END_CDATA: Wanted = Wanted(1 << 6);
    /// The default handler, that of references to internal entities too.
    pub const DEFAULT: Wanted = Wanted(1 << 7);
    pub const START_DOCTYPE: Wanted = Wanted(1 << 8);
    pub const END_DOCTYPE: Wanted = Wanted(1 << 9);
    pub const UNPARSED_ENTITY: Wanted = Wanted(1 << 10);
    pub const NOTATION: Wanted = Wanted(1 << 11);
    pub const START_NAMESPACE: Wanted = Wanted(1 << 12);
    pub const END_NAMESPACE: Wanted = Wanted(1 << 13);
    pub const NOT_STANDALONE: Wanted = Wanted(1 << 14);
    pub const EXTERNAL_ENTITY: Wanted = Wanted(1 << 15);
    pub const SKIPPED_ENTITY: Wanted = Wanted(1 << 16);
    pub const UNKNOWN_ENCODING: Wanted = Wanted(1 << 17);
    pub const ELEMENT_DECL: Wanted = Wanted(1 << 18);
    pub const ATTLIST_DECL: Wanted = Wanted(1 << 19);
    pub const ENTITY_DECL: Wanted = Wanted(1 << 20);
    pub const XML_DECL: Wanted = Wanted(1 << 21);

    #[inline]
    pub fn has(self, other: Wanted) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub fn with(self, other: Wanted, wanted: bool) -> Wanted {
        if wanted { Wanted(self.0 | other.0) } else { Wanted(self.0 & !other.0) }
    }
}

/// What happens in a document. Events that are questions say so: the caller answers before it goes on.
#[derive(Debug)]
pub enum Event<'p> {
    StartElement {
        name: &'p str,
        attributes: Attributes<'p>,
    },
    EndElement(&'p str),
    CharacterData(&'p str),
    Instruction {
        target: &'p str,
        data: &'p str,
    },
    Comment(&'p str),
    StartCdata,
    EndCdata,
    /// Text as it stands in the document.
    Default(&'p str),
    StartDoctype {
        name: &'p str,
        system_id: Option<&'p str>,
        public_id: Option<&'p str>,
        has_internal_subset: bool,
    },
    EndDoctype,
    UnparsedEntity {
        name: &'p str,
        ids: Ids<'p>,
        notation: &'p str,
    },
    Notation {
        name: &'p str,
        ids: Ids<'p>,
    },
    StartNamespace {
        prefix: Option<&'p str>,
        uri: Option<&'p str>,
    },
    EndNamespace(Option<&'p str>),
    /// A question: whether to go on with a document that depends on others.
    NotStandalone,
    /// A question: whether the entity has been dealt with.
    ExternalEntity {
        context: Option<&'p str>,
        ids: Ids<'p>,
    },
    SkippedEntity {
        name: &'p str,
        is_param: bool,
    },
    /// A question: the characters that the bytes of this encoding are.
    UnknownEncoding(&'p str),
    ElementDecl {
        name: &'p str,
        model: &'p Model,
    },
    AttlistDecl {
        element: &'p str,
        attribute: &'p str,
        kind: &'p str,
        default: Option<&'p str>,
        required: bool,
    },
    EntityDecl {
        name: &'p str,
        is_param: bool,
        value: Option<&'p str>,
        ids: Ids<'p>,
        notation: Option<&'p str>,
    },
    XmlDecl {
        version: Option<&'p str>,
        encoding: Option<&'p str>,
        standalone: i32,
    },
}

/// What names something outside of the document.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'p> {
    pub base: Option<&'p str>,
    pub system_id: Option<&'p str>,
    pub public_id: Option<&'p str>,
}

/// Where a name or a value stands in a parser's scratch text.
pub(crate) type Span = (u32, u32);

/// The attributes of an element, those that stand in the tag first.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'p> {
    pub(crate) text: &'p [u8],
    pub(crate) spans: &'p [(Span, Span)],
    pub(crate) specified: usize,
}

impl<'p> Attributes<'p> {
    /// How many stand in the tag itself.
    pub fn specified(&self) -> usize {
        self.specified
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'p str, &'p str)> + use<'p> {
        let text = self.text;
        let piece = move |span: Span| crate::bytes::text(&text[span.0 as usize..span.1 as usize]);
        self.spans.iter().map(move |(name, value)| (piece(*name), piece(*value)))
    }
}

/// A model of content: the first part is the whole, children stand behind their parent.
#[derive(Clone, Debug)]
pub struct Model {
    pub parts: Vec<ModelPart>,
}

#[derive(Clone, Debug)]
pub struct ModelPart {
    pub kind: PartKind,
    pub quantifier: Quantifier,
    pub name: Option<String>,
    /// Indices of the children.
    pub children: Range<usize>,
}
