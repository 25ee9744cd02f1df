//! Operators and their numbers. CPython: `Grammar/Tokens`.

/// The number of `:`.
pub(super) const COLON: u8 = 11;
/// The number of what is no operator of the language, such as `$`.
pub(super) const OP: u8 = 55;

/// Operators in the order of their numbers, which begin at 7.
const OPERATORS: [&str; 48] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==",
    "!=", "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=",
    ">>=", "**=", "//", "//=", "@", "@=", "->", "...", ":=", "!",
];

/// The number of an operator.
pub(super) fn of(text: &[u8]) -> Option<u8> {
    OPERATORS.iter().position(|operator| operator.as_bytes() == text).map(|index| index as u8 + 7)
}
