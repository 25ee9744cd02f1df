//! Floats: text both ways, rounding, and the arithmetic whose special cases differ from the hardware's. CPython:
//! `Objects/floatobject.c`, `Python/pystrtod.c`, `Python/dtoa.c`.
//!
//! Invariant: decimal text is correctly rounded, ties to even, at every length; nothing depends on the locale.

mod arith;
mod digits;
mod format;
pub mod half;
mod hex;
mod parse;
mod round;

pub use arith::{PowError, divmod, floor_div, modulo, pow};
pub use digits::Digits;
pub use format::{FormatFlags, format_float, push_repr, repr};
pub use hex::{HexError, from_hex, to_hex};
pub use parse::parse;
pub(crate) use parse::{prefix, strip_underscores};
pub use round::{RatioError, RoundTooLarge, as_integer_ratio, is_integer, round_digits};

#[cfg(test)]
mod tests;
