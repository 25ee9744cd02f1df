//! `taipan-num`: arithmetic and number text without Python values.
//!
//! Integers of any size, decimals, floats to and from text, the format mini-language, the hashes of numbers, strings and
//! tuples, and the Mersenne twister. Invariant: nothing here knows the heap, runs Python, or panics on user input;
//! a caller that may raise gets an error value whose `Display` is CPython's message.

pub mod bigint;
pub mod cmath;
pub mod complex;
pub mod decimal;
pub mod float;
pub mod format_spec;
pub mod gamma;
pub mod hash;
pub mod mt19937;
pub mod printf;
pub mod siphash;
