//! Text to syntax tree: a thin facade over the parser crate, with CPython's limits, positions and error messages.
//! Invariant: nothing here runs Python or calls back; the tree is only read, never changed.

mod comments;
mod doubtful;
mod error;
mod flufl;
mod functype;
mod literal;
mod nesting;
mod parse;
mod refusal;
mod scan;
mod source;
pub mod tokenizer;

pub use comments::TypeComments;
pub use error::{ErrorKind, SyntaxError, Warning};
pub use functype::{FunctionType, function_type};
pub use literal::{bytes_literal, fstring_literal, string_literal};
pub use parse::{Mode, Tree, parse, parse_for, unended};
pub use ruff_python_ast as ast;
pub use ruff_text_size::{Ranged, TextRange, TextSize};
pub use source::{Position, Source};
