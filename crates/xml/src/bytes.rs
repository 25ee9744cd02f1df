//! What each byte of UTF-8 text is to the scanners, and the characters that bytes form.
//!
//! Invariant: a sequence is a character only if it is well-formed UTF-8 and neither U+FFFE nor U+FFFF.

use crate::names;

/// What a byte is to a scanner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Kind {
    /// No byte of any character of XML, or of no character at all.
    Bad,
    Lt,
    Amp,
    RightBracket,
    Return,
    LineFeed,
    Space,
    Lead2,
    Lead3,
    Lead4,
    NameStart,
    Hex,
    Digit,
    Name,
    Minus,
    Colon,
    Gt,
    Quote,
    Apostrophe,
    Equals,
    Question,
    Exclamation,
    Solidus,
    Semicolon,
    Hash,
    LeftBracket,
    LeftParen,
    RightParen,
    Asterisk,
    Plus,
    Comma,
    Bar,
    Percent,
    Other,
}

pub(crate) type Kinds = [Kind; 256];

const fn kind_of(byte: u8, namespaces: bool, internal: bool) -> Kind {
    match byte {
        b'\t' | b' ' => Kind::Space,
        b'\n' => Kind::LineFeed,
        // In an entity's text a return came from a character reference, and stands for itself.
        b'\r' if internal => Kind::Space,
        b'\r' => Kind::Return,
        0..=0x1f => Kind::Bad,
        b'<' => Kind::Lt,
        b'&' => Kind::Amp,
        b']' => Kind::RightBracket,
        b'a'..=b'f' | b'A'..=b'F' => Kind::Hex,
        b'g'..=b'z' | b'G'..=b'Z' | b'_' => Kind::NameStart,
        b'0'..=b'9' => Kind::Digit,
        b'.' => Kind::Name,
        b'-' => Kind::Minus,
        b':' if namespaces => Kind::Colon,
        b':' => Kind::NameStart,
        b'>' => Kind::Gt,
        b'"' => Kind::Quote,
        b'\'' => Kind::Apostrophe,
        b'=' => Kind::Equals,
        b'?' => Kind::Question,
        b'!' => Kind::Exclamation,
        b'/' => Kind::Solidus,
        b';' => Kind::Semicolon,
        b'#' => Kind::Hash,
        b'[' => Kind::LeftBracket,
        b'(' => Kind::LeftParen,
        b')' => Kind::RightParen,
        b'*' => Kind::Asterisk,
        b'+' => Kind::Plus,
        b',' => Kind::Comma,
        b'|' => Kind::Bar,
        b'%' => Kind::Percent,
        0x80..=0xbf => Kind::Bad,
        0xc0..=0xdf => Kind::Lead2,
        0xe0..=0xef => Kind::Lead3,
        0xf0..=0xf4 => Kind::Lead4,
        0xf5..=0xff => Kind::Bad,
        _ => Kind::Other,
    }
}

const fn kinds(namespaces: bool, internal: bool) -> Kinds {
    let mut table = [Kind::Bad; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = kind_of(byte as u8, namespaces, internal);
        byte += 1;
    }
    table
}

static PLAIN: Kinds = kinds(false, false);
static NAMESPACES: Kinds = kinds(true, false);
static PLAIN_INTERNAL: Kinds = kinds(false, true);
static NAMESPACES_INTERNAL: Kinds = kinds(true, true);

/// The kinds for a parser that knows namespaces or not, in a document or in the text of an entity.
pub(crate) fn table(namespaces: bool, internal: bool) -> &'static Kinds {
    match (namespaces, internal) {
        (false, false) => &PLAIN,
        (true, false) => &NAMESPACES,
        (false, true) => &PLAIN_INTERNAL,
        (true, true) => &NAMESPACES_INTERNAL,
    }
}

/// The length that a leading byte announces.
pub(crate) fn announced(kind: Kind) -> usize {
    match kind {
        Kind::Lead2 => 2,
        Kind::Lead3 => 3,
        Kind::Lead4 => 4,
        _ => 1,
    }
}

/// The character that a sequence as long as announced forms.
pub(crate) fn decoded(sequence: &[u8]) -> Option<u32> {
    let tail = |byte: u8| (byte & 0xc0 == 0x80).then_some(u32::from(byte & 0x3f));
    match *sequence {
        [a, b] => {
            let code = u32::from(a & 0x1f) << 6 | tail(b)?;
            (code >= 0x80).then_some(code)
        }
        [a, b, c] => {
            let code = u32::from(a & 0x0f) << 12 | tail(b)? << 6 | tail(c)?;
            let is_character = code >= 0x800 && !matches!(code, 0xd800..=0xdfff | 0xfffe | 0xffff);
            is_character.then_some(code)
        }
        [a, b, c, d] => {
            let code = u32::from(a & 0x07) << 18 | tail(b)? << 12 | tail(c)? << 6 | tail(d)?;
            matches!(code, 0x1_0000..=0x10_ffff).then_some(code)
        }
        _ => None,
    }
}

/// Whether a reference may name this character.
pub(crate) fn is_character(code: u32) -> bool {
    match code {
        0..=0x1f => matches!(code, 9 | 10 | 13),
        0xd800..=0xdfff | 0xfffe | 0xffff => false,
        _ => code < 0x11_0000,
    }
}

/// Whether the sequence is one that a name may start with.
pub(crate) fn starts_name(sequence: &[u8]) -> bool {
    decoded(sequence).is_some_and(names::starts_name)
}

/// Whether the sequence is one that a name may contain.
pub(crate) fn continues_name(sequence: &[u8]) -> bool {
    decoded(sequence).is_some_and(names::continues_name)
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Text that a scanner has accepted.
pub(crate) fn text(bytes: &[u8]) -> &str {
    // Only a namespace separator that is no ASCII character makes this fail.
    std::str::from_utf8(bytes).unwrap_or("\u{fffd}")
}
