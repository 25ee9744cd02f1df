//! XML as expat parses it: a push parser that is fed with pieces of a document and gives one event after the other.
//!
//! Invariant: the events of a document do not depend on where its pieces end, but for how character data is cut.

mod account;
mod bytes;
mod code;
mod content;
mod content_token;
mod declaration;
mod dtd;
mod encoding;
mod event;
mod hash;
mod names;
mod parser;
mod prolog;
mod prolog_token;
mod role;
mod room;
mod step;
mod tags;
mod token;
mod told;
mod values;

#[cfg(test)]
mod tests;

pub use code::{Code, MESSAGES, message};
pub use event::{Attributes, Event, Ids, Model, ModelPart, PartKind, Quantifier, Wanted};
pub use hash::NameHash;
pub use parser::{Parser, Step};
