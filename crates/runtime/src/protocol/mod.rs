//! The protocols of the language as methods of `Context`: what `a.b`, `a + b`, `f(x)`, `for` mean.
//!
//! Invariant: a protocol goes through the class's slots; no type is named here except for fast paths
//! whose result is the slot's.

pub mod attr;
pub mod buffer;
pub mod call;
pub mod checks;
pub mod compare;
pub mod hash;
pub mod instance_check;
pub mod iter;
pub mod mapping;
pub mod number;
pub mod repr;
pub mod sequence;
