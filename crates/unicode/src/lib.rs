//! `taipan-unicode`: the Unicode 16.0 character database as CPython's `str` and `unicodedata` see it.
//!
//! A code point is a `u32`, since Python strings hold lone surrogates. Invariant: every answer is CPython 3.14's; what
//! is no code point (above 0x10FFFF) has the properties of an unassigned one.

mod case;
mod name;
mod normalize;
pub mod old;
mod property;
mod record;
mod tables;

pub use case::{
    Mapped, is_final_sigma, simple_lower, simple_title, simple_upper, to_casefold, to_lower, to_title,
    to_upper,
};
pub use name::{lookup, lookup_sequence, name};
pub use normalize::{Form, compose, decomposition, is_normalized, normalize};
pub use property::*;

/// The version of the data.
pub const VERSION: &str = "16.0.0";

#[cfg(test)]
mod tests;
