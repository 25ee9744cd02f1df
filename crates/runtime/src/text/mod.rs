//! Algorithms on runs of code units (bytes, UCS-2, UCS-4), shared by `str`, `bytes` and `bytearray`.
//!
//! CPython: `Objects/stringlib`. Invariant: nothing here knows a `Value`; positions go in and come out.

pub mod ascii;
pub mod search;
pub mod split;
pub mod unit;

pub use unit::Unit;
