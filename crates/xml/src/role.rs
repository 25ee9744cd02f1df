//! What each token of the prolog is good for: the grammar of declarations as a machine of states.
//!
//! Invariant: the machine allocates nothing; models of content are counted by their depth only.

use crate::token::Token;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Error,
    None,
    XmlDecl,
    InstanceStart,
    DoctypeNone,
    DoctypeName,
    DoctypeSystemId,
    DoctypePublicId,
    DoctypeInternalSubset,
    DoctypeClose,
    EntityNone,
    GeneralEntityName,
    ParamEntityName,
    EntityValue,
    EntitySystemId,
    EntityPublicId,
    EntityComplete,
    EntityNotationName,
    NotationNone,
    NotationName,
    NotationSystemId,
    NotationNoSystemId,
    NotationPublicId,
    AttlistNone,
    AttlistElementName,
    AttributeName,
    AttributeType(&'static str),
    AttributeEnumValue,
    AttributeNotationValue,
    ImpliedValue,
    RequiredValue,
    DefaultValue,
    FixedValue,
    ElementNone,
    ElementName,
    ContentAny,
    ContentEmpty,
    ContentPcdata,
    GroupOpen,
    GroupClose(Quantifier),
    GroupChoice,
    GroupSequence,
    ContentElement(Quantifier),
    Instruction,
    Comment,
    TextDecl,
    IgnoreSection,
    InnerParamEntityRef,
    ParamEntityRef,
}

/// How often a part of a model may occur, by expat's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Quantifier {
    None = 0,
    Opt = 1,
    Rep = 2,
    Plus = 3,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Prolog0,
    Prolog1,
    Prolog2,
    Doctype0,
    Doctype1,
    Doctype2,
    Doctype3,
    Doctype4,
    Doctype5,
    InternalSubset,
    ExternalSubset0,
    ExternalSubset1,
    Entity0,
    Entity1,
    Entity2,
    Entity3,
    Entity4,
    Entity5,
    Entity6,
    Entity7,
    Entity8,
    Entity9,
    Entity10,
    Notation0,
    Notation1,
    Notation2,
    Notation3,
    Notation4,
    Attlist0,
    Attlist1,
    Attlist2,
    Attlist3,
    Attlist4,
    Attlist5,
    Attlist6,
    Attlist7,
    Attlist8,
    Attlist9,
    Element0,
    Element1,
    Element2,
    Element3,
    Element4,
    Element5,
    Element6,
    Element7,
    Condition0,
    Condition1,
    Condition2,
    DeclClose(Role),
    Error,
}

/// Types of attributes that are one word.
const TYPES: [&str; 8] = ["CDATA", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES", "NMTOKEN", "NMTOKENS"];

/// Where the prolog stands.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    state: State,
    /// Depth of the model of content.
    pub(crate) level: usize,
    include_level: usize,
    /// Whether this is the document and no external entity.
    pub(crate) is_document: bool,
}

impl Machine {
    pub(crate) fn document() -> Machine {
        Machine { state: State::Prolog0, level: 0, include_level: 0, is_document: true }
    }

    pub(crate) fn external() -> Machine {
        Machine { state: State::ExternalSubset0, level: 0, include_level: 0, is_document: false }
    }

    /// The role of a token whose text this is.
    pub(crate) fn role(&mut self, token: Token, text: &[u8]) -> Role {
        let (state, role) = match self.state {
            State::Prolog0 | State::Prolog1 | State::Prolog2 => self.prolog(token, text),
            State::Doctype0
            | State::Doctype1
            | State::Doctype2
            | State::Doctype3
            | State::Doctype4
            | State::Doctype5 => self.doctype(token, text),
            State::InternalSubset => self.subset(token, text),
            State::ExternalSubset0 if token == Token::XmlDecl => (State::ExternalSubset1, Role::TextDecl),
            State::ExternalSubset0 | State::ExternalSubset1 => {
                self.state = State::ExternalSubset1;
                self.external_subset(token, text)
            }
            State::Condition0 | State::Condition1 | State::Condition2 => self.condition(token, text),
            State::Notation0 | State::Notation1 | State::Notation2 | State::Notation3 | State::Notation4 => {
                self.notation(token, text)
            }
            State::Attlist0
            | State::Attlist1
            | State::Attlist2
            | State::Attlist3
            | State::Attlist4
            | State::Attlist5
            | State::Attlist6
            | State::Attlist7
            | State::Attlist8
            | State::Attlist9 => self.attlist(token, text),
            State::Element0
            | State::Element1
            | State::Element2
            | State::Element3
            | State::Element4
            | State::Element5
            | State::Element6
            | State::Element7 => self.element(token, text),
            State::DeclClose(none) => match token {
                Token::Space => (self.state, none),
                Token::DeclClose => (self.top_level(), none),
                _ => self.unexpected(token),
            },
            State::Error => (State::Error, Role::None),
            _ => self.entity(token, text),
        };
        self.state = state;
        role
    }

    fn top_level(&self) -> State {
        if self.is_document { State::InternalSubset } else { State::ExternalSubset1 }
    }

    fn unexpected(&self, token: Token) -> (State, Role) {
        if !self.is_document && token == Token::ParamEntityRef {
            return (self.state, Role::InnerParamEntityRef);
        }
        (State::Error, Role::Error)
    }

    fn prolog(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        let next = if self.state == State::Prolog2 { State::Prolog2 } else { State::Prolog1 };
        match token {
            Token::Space => (next, Role::None),
            Token::XmlDecl if self.state == State::Prolog0 => (next, Role::XmlDecl),
            Token::ByteOrderMark if self.state == State::Prolog0 => (State::Prolog0, Role::None),
            Token::Instruction => (next, Role::Instruction),
            Token::Comment => (next, Role::Comment),
            Token::DeclOpen if self.state != State::Prolog2 && text.get(2..) == Some(b"DOCTYPE") => {
                (State::Doctype0, Role::DoctypeNone)
            }
            Token::InstanceStart => (State::Error, Role::InstanceStart),
            _ => self.unexpected(token),
        }
    }

    fn doctype(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        if token == Token::Space {
            return (self.state, Role::DoctypeNone);
        }
        match (self.state, token) {
            (State::Doctype0, Token::Name | Token::PrefixedName) => (State::Doctype1, Role::DoctypeName),
            (State::Doctype1 | State::Doctype4, Token::OpenBracket) => {
                (State::InternalSubset, Role::DoctypeInternalSubset)
            }
            (State::Doctype1 | State::Doctype4 | State::Doctype5, Token::DeclClose) => {
                (State::Prolog2, Role::DoctypeClose)
            }
            (State::Doctype1, Token::Name) if text == b"SYSTEM" => (State::Doctype3, Role::DoctypeNone),
            (State::Doctype1, Token::Name) if text == b"PUBLIC" => (State::Doctype2, Role::DoctypeNone),
            (State::Doctype2, Token::Literal) => (State::Doctype3, Role::DoctypePublicId),
            (State::Doctype3, Token::Literal) => (State::Doctype4, Role::DoctypeSystemId),
            _ => self.unexpected(token),
        }
    }

    fn subset(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        match token {
            Token::Space | Token::None => (self.state, Role::None),
            Token::DeclOpen => match text.get(2..) {
                Some(b"ENTITY") => (State::Entity0, Role::EntityNone),
                Some(b"ATTLIST") => (State::Attlist0, Role::AttlistNone),
                Some(b"ELEMENT") => (State::Element0, Role::ElementNone),
                Some(b"NOTATION") => (State::Notation0, Role::NotationNone),
                _ => self.unexpected(token),
            },
            Token::Instruction => (self.state, Role::Instruction),
            Token::Comment => (self.state, Role::Comment),
            Token::ParamEntityRef => (self.state, Role::ParamEntityRef),
            Token::CloseBracket => (State::Doctype5, Role::DoctypeNone),
            _ => self.unexpected(token),
        }
    }

    fn external_subset(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        match token {
            Token::ConditionOpen => (State::Condition0, Role::None),
            Token::ConditionClose if self.include_level > 0 => {
                self.include_level -= 1;
                (self.state, Role::None)
            }
            Token::None if self.include_level == 0 => (self.state, Role::None),
            Token::ConditionClose | Token::CloseBracket | Token::None => self.unexpected(token),
            _ => self.subset(token, text),
        }
    }

    fn condition(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        match (self.state, token) {
            (_, Token::Space) => (self.state, Role::None),
            (State::Condition0, Token::Name) if text == b"INCLUDE" => (State::Condition1, Role::None),
            (State::Condition0, Token::Name) if text == b"IGNORE" => (State::Condition2, Role::None),
            (State::Condition1, Token::OpenBracket) => {
                self.include_level += 1;
                (State::ExternalSubset1, Role::None)
            }
            (State::Condition2, Token::OpenBracket) => (State::ExternalSubset1, Role::IgnoreSection),
            _ => self.unexpected(token),
        }
    }

    fn entity(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        let close = State::DeclClose(Role::EntityNone);
        match (self.state, token) {
            (_, Token::Space) => (self.state, Role::EntityNone),
            (State::Entity0, Token::Percent) => (State::Entity1, Role::EntityNone),
            (State::Entity0, Token::Name) => (State::Entity2, Role::GeneralEntityName),
            (State::Entity1, Token::Name) => (State::Entity7, Role::ParamEntityName),
            (State::Entity2, Token::Name) if text == b"SYSTEM" => (State::Entity4, Role::EntityNone),
            (State::Entity2, Token::Name) if text == b"PUBLIC" => (State::Entity3, Role::EntityNone),
            (State::Entity2 | State::Entity7, Token::Literal) => (close, Role::EntityValue),
            (State::Entity3, Token::Literal) => (State::Entity4, Role::EntityPublicId),
            (State::Entity4, Token::Literal) => (State::Entity5, Role::EntitySystemId),
            (State::Entity5 | State::Entity10, Token::DeclClose) => (self.top_level(), Role::EntityComplete),
            (State::Entity5, Token::Name) if text == b"NDATA" => (State::Entity6, Role::EntityNone),
            (State::Entity6, Token::Name) => (close, Role::EntityNotationName),
            (State::Entity7, Token::Name) if text == b"SYSTEM" => (State::Entity9, Role::EntityNone),
            (State::Entity7, Token::Name) if text == b"PUBLIC" => (State::Entity8, Role::EntityNone),
            (State::Entity8, Token::Literal) => (State::Entity9, Role::EntityPublicId),
            (State::Entity9, Token::Literal) => (State::Entity10, Role::EntitySystemId),
            _ => self.unexpected(token),
        }
    }

    fn notation(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        let close = State::DeclClose(Role::NotationNone);
        match (self.state, token) {
            (_, Token::Space) => (self.state, Role::NotationNone),
            (State::Notation0, Token::Name) => (State::Notation1, Role::NotationName),
            (State::Notation1, Token::Name) if text == b"SYSTEM" => (State::Notation3, Role::NotationNone),
            (State::Notation1, Token::Name) if text == b"PUBLIC" => (State::Notation2, Role::NotationNone),
            (State::Notation2, Token::Literal) => (State::Notation4, Role::NotationPublicId),
            (State::Notation3 | State::Notation4, Token::Literal) => (close, Role::NotationSystemId),
            (State::Notation4, Token::DeclClose) => (self.top_level(), Role::NotationNoSystemId),
            _ => self.unexpected(token),
        }
    }

    fn attlist(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        let is_name = matches!(token, Token::Name | Token::PrefixedName);
        match (self.state, token) {
            (_, Token::Space) => (self.state, Role::AttlistNone),
            (State::Attlist0, _) if is_name => (State::Attlist1, Role::AttlistElementName),
            (State::Attlist1, Token::DeclClose) => (self.top_level(), Role::AttlistNone),
            (State::Attlist1, _) if is_name => (State::Attlist2, Role::AttributeName),
            (State::Attlist2, Token::Name) if text == b"NOTATION" => (State::Attlist5, Role::AttlistNone),
            (State::Attlist2, Token::Name) => match TYPES.iter().find(|name| name.as_bytes() == text) {
                Some(name) => (State::Attlist8, Role::AttributeType(name)),
                None => self.unexpected(token),
            },
            (State::Attlist2, Token::OpenParen) => (State::Attlist3, Role::AttlistNone),
            (State::Attlist3, Token::NameToken | Token::Name | Token::PrefixedName) => {
                (State::Attlist4, Role::AttributeEnumValue)
            }
            (State::Attlist4, Token::CloseParen) => (State::Attlist8, Role::AttlistNone),
            (State::Attlist4, Token::Bar) => (State::Attlist3, Role::AttlistNone),
            (State::Attlist5, Token::OpenParen) => (State::Attlist6, Role::AttlistNone),
            (State::Attlist6, Token::Name) => (State::Attlist7, Role::AttributeNotationValue),
            (State::Attlist7, Token::CloseParen) => (State::Attlist8, Role::AttlistNone),
            (State::Attlist7, Token::Bar) => (State::Attlist6, Role::AttlistNone),
            (State::Attlist8, Token::HashName) => match &text[1..] {
                b"IMPLIED" => (State::Attlist1, Role::ImpliedValue),
                b"REQUIRED" => (State::Attlist1, Role::RequiredValue),
                b"FIXED" => (State::Attlist9, Role::AttlistNone),
                _ => self.unexpected(token),
            },
            (State::Attlist8, Token::Literal) => (State::Attlist1, Role::DefaultValue),
            (State::Attlist9, Token::Literal) => (State::Attlist1, Role::FixedValue),
            _ => self.unexpected(token),
        }
    }

    fn element(&mut self, token: Token, text: &[u8]) -> (State, Role) {
        let close = State::DeclClose(Role::ElementNone);
        let quantifier = match token {
            Token::NameOpt | Token::CloseParenOpt => Quantifier::Opt,
            Token::NameRep | Token::CloseParenRep => Quantifier::Rep,
            Token::NamePlus | Token::CloseParenPlus => Quantifier::Plus,
            _ => Quantifier::None,
        };
        let plain_name = matches!(token, Token::Name | Token::PrefixedName);
        let counted_name = plain_name || matches!(token, Token::NameOpt | Token::NameRep | Token::NamePlus);
        match (self.state, token) {
            (_, Token::Space) => (self.state, Role::ElementNone),
            (State::Element0, _) if plain_name => (State::Element1, Role::ElementName),
            (State::Element1, Token::Name) if text == b"EMPTY" => (close, Role::ContentEmpty),
            (State::Element1, Token::Name) if text == b"ANY" => (close, Role::ContentAny),
            (State::Element1, Token::OpenParen) => {
                self.level = 1;
                (State::Element2, Role::GroupOpen)
            }
            (State::Element2, Token::HashName) if &text[1..] == b"PCDATA" => {
                (State::Element3, Role::ContentPcdata)
            }
            (State::Element2 | State::Element6, Token::OpenParen) => {
                self.level += 1;
                (State::Element6, Role::GroupOpen)
            }
            (State::Element2 | State::Element6, _) if counted_name => {
                (State::Element7, Role::ContentElement(quantifier))
            }
            (State::Element3, Token::CloseParen) => (close, Role::GroupClose(Quantifier::None)),
            (State::Element3 | State::Element5, Token::CloseParenRep) => {
                (close, Role::GroupClose(Quantifier::Rep))
            }
            (State::Element3 | State::Element5, Token::Bar) => (State::Element4, Role::ElementNone),
            (State::Element4, _) if plain_name => (State::Element5, Role::ContentElement(Quantifier::None)),
            (
                State::Element7,
                Token::CloseParen | Token::CloseParenOpt | Token::CloseParenRep | Token::CloseParenPlus,
            ) => {
                self.level -= 1;
                let state = if self.level == 0 { close } else { State::Element7 };
                (state, Role::GroupClose(quantifier))
            }
            (State::Element7, Token::Comma) => (State::Element6, Role::GroupSequence),
            (State::Element7, Token::Bar) => (State::Element6, Role::GroupChoice),
            _ => self.unexpected(token),
        }
    }
}
