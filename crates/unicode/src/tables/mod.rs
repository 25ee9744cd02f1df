//! The generated tables. CPython: `Objects/unicodetype_db.h`, `Modules/unicodedata_db.h`.
//!
//! Invariant: written by `tools/generate.py` (the sequences by hand), read only by the modules beside this folder.

#[rustfmt::skip]
pub(crate) mod case;
#[rustfmt::skip]
pub(crate) mod normal;
#[rustfmt::skip]
pub(crate) mod old;
#[rustfmt::skip]
pub(crate) mod records;
#[rustfmt::skip]
pub(crate) mod sequences;
