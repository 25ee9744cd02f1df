//! Encodings of documents: which one it is, and its text as UTF-8.
//!
//! Invariant: decoded text keeps what is wrong in its source: each unit that is no character becomes the byte 0xFF, which
//! no scanner accepts.

use crate::token::Token;

/// What stands for a unit that is no character.
const WRONG: u8 = 0xff;

/// An encoding that a document is in.
#[derive(Clone, Debug)]
pub(crate) enum Encoding {
    /// Not known yet, but for what the caller said.
    Unknown(Option<Named>),
    Utf8,
    Latin1,
    Ascii,
    Utf16 {
        big_endian: bool,
    },
    /// Each byte is the character that the table has, or none.
    Table(Box<[i32; 256]>),
}

/// An encoding by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Named {
    Latin1,
    Ascii,
    Utf8,
    Utf16,
    Utf16Be,
    Utf16Le,
}

impl Named {
    pub(crate) fn find(name: &str) -> Option<Named> {
        const NAMES: [(&str, Named); 6] = [
            ("ISO-8859-1", Named::Latin1),
            ("US-ASCII", Named::Ascii),
            ("UTF-8", Named::Utf8),
            ("UTF-16", Named::Utf16),
            ("UTF-16BE", Named::Utf16Be),
            ("UTF-16LE", Named::Utf16Le),
        ];
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, named)| *named)
    }

    pub(crate) fn is_utf16(self) -> bool {
        matches!(self, Named::Utf16 | Named::Utf16Be | Named::Utf16Le)
    }

    pub(crate) fn encoding(self) -> Encoding {
        match self {
            Named::Latin1 => Encoding::Latin1,
            Named::Ascii => Encoding::Ascii,
            Named::Utf8 => Encoding::Utf8,
            Named::Utf16 | Named::Utf16Be => Encoding::Utf16 { big_endian: true },
            Named::Utf16Le => Encoding::Utf16 { big_endian: false },
        }
    }
}

/// What the first bytes tell: the encoding and whether they are its mark, or the token that must be waited for.
pub(crate) fn detect(bytes: &[u8], named: Option<Named>, content: bool) -> Result<(Encoding, bool), Token> {
    const BIG: Encoding = Encoding::Utf16 { big_endian: true };
    const LITTLE: Encoding = Encoding::Utf16 { big_endian: false };
    let otherwise = || Ok((named.map_or(Encoding::Utf8, Named::encoding), false));
    // In an external entity, what the caller says may be contradicted by few bytes only.
    let is = |wanted: &[Named]| content && named.is_some_and(|named| wanted.contains(&named));
    match *bytes {
        [] => Err(Token::None),
        [_] if named.is_some_and(Named::is_utf16) => Err(Token::Partial),
        [0xfe | 0xff | 0xef] if is(&[Named::Latin1]) => otherwise(),
        [0xfe | 0xff | 0xef | 0x00 | b'<'] => Err(Token::Partial),
        [_] => otherwise(),
        [0xfe, 0xff, ..] if !is(&[Named::Latin1]) => Ok((BIG, true)),
        [0xff, 0xfe, ..] if !is(&[Named::Latin1]) => Ok((LITTLE, true)),
        [b'<', 0, ..] if !is(&[Named::Utf16, Named::Utf16Be]) => Ok((LITTLE, false)),
        [b'<', 0, ..] => otherwise(),
        [0xef, 0xbb, ..] if is(&[Named::Latin1, Named::Utf16, Named::Utf16Be, Named::Utf16Le]) => otherwise(),
        [0xef, 0xbb] => Err(Token::Partial),
        [0xef, 0xbb, 0xbf, ..] => Ok((Encoding::Utf8, true)),
        [0, ..] if !is(&[Named::Utf16Le]) => Ok((BIG, false)),
        [first, 0, ..] if first != 0 && !content => Ok((LITTLE, false)),
        _ => otherwise(),
    }
}

/// Whether a table can stand for an encoding: the characters of markup must be themselves.
pub(crate) fn is_usable(table: &[i32; 256]) -> bool {
    let is_markup = |code: i32| match u8::try_from(code) {
        Ok(b'\t' | b'\n' | b'\r') => true,
        Ok(b'$' | b'@' | b'\\' | b'^' | b'`' | b'{' | b'}' | b'~') => false,
        Ok(byte) => (0x20..0x7f).contains(&byte),
        Err(_) => false,
    };
    table.iter().zip(0..).all(|(code, byte)| {
        let stays = !is_markup(byte) || *code == byte;
        stays && (-1..=0xffff).contains(code) && (!is_markup(*code) || *code == byte)
    })
}

impl Encoding {
    /// Whether the bytes of a document are its text.
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self, Encoding::Utf8 | Encoding::Unknown(_))
    }

    /// Whether expat must convert text before it tells it, which it does piece by piece.
    pub(crate) fn is_converted(&self) -> bool {
        matches!(self, Encoding::Latin1 | Encoding::Utf16 { .. } | Encoding::Table(_))
    }

    /// Up to which character beyond ASCII letters are, to expat, like those of ASCII in the words of declarations.
    pub(crate) fn single_letters(&self) -> u32 {
        match self {
            Encoding::Latin1 | Encoding::Utf16 { .. } => 0xff,
            Encoding::Table(_) => 0xffff,
            _ => 0,
        }
    }

    /// Appends what `raw` means to `text`; bytes that are no whole character yet stay in `raw`.
    pub(crate) fn decode(&self, raw: &mut Vec<u8>, text: &mut Vec<u8>) {
        match self {
            Encoding::Utf8 | Encoding::Unknown(_) => text.append(raw),
            Encoding::Latin1 => raw.drain(..).for_each(|byte| push(text, u32::from(byte))),
            Encoding::Ascii => {
                text.extend(raw.drain(..).map(|byte| if byte < 0x80 { byte } else { WRONG }));
            }
            Encoding::Table(table) => {
                for byte in raw.drain(..) {
                    match u32::try_from(table[usize::from(byte)]) {
                        Ok(code) if code < 0x80 || crate::bytes::is_character(code) => push(text, code),
                        _ => text.push(WRONG),
                    }
                }
            }
            Encoding::Utf16 { big_endian } => {
                let used = decode_utf16(raw, text, *big_endian);
                raw.drain(..used);
            }
        }
    }

    /// How many bytes of the document stand for this text.
    pub(crate) fn length(&self, text: &[u8]) -> usize {
        let is_lead = |byte: &&u8| **byte & 0xc0 != 0x80;
        match self {
            Encoding::Utf8 | Encoding::Unknown(_) => text.len(),
            Encoding::Utf16 { .. } => {
                let units = |byte: &u8| if matches!(byte, 0xf0..=0xf4) { 4 } else { 2 };
                text.iter().filter(is_lead).map(units).sum()
            }
            _ => text.iter().filter(is_lead).count(),
        }
    }

    /// The bytes of the document that stand for this text.
    pub(crate) fn encode(&self, text: &[u8]) -> Vec<u8> {
        if self.is_direct() {
            return text.to_vec();
        }
        let mut raw = Vec::with_capacity(text.len());
        for chunk in text.utf8_chunks() {
            chunk.valid().chars().for_each(|c| self.push_raw(&mut raw, Some(c)));
            chunk.invalid().iter().for_each(|_| self.push_raw(&mut raw, None));
        }
        raw
    }

    fn push_raw(&self, raw: &mut Vec<u8>, c: Option<char>) {
        match self {
            Encoding::Utf16 { big_endian } => {
                let mut units = [0xffff; 2];
                let units = match c {
                    Some(c) => &*c.encode_utf16(&mut units),
                    None => &units[..1],
                };
                for unit in units {
                    raw.extend(if *big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() });
                }
            }
            Encoding::Table(table) => {
                let code = c.map_or(-1, |c| c as i32);
                let byte = table.iter().position(|known| *known == code);
                raw.push(byte.map_or(WRONG, |byte| byte as u8));
            }
            _ => raw.push(c.map_or(WRONG, |c| c as u8)),
        }
    }
}

fn decode_utf16(raw: &[u8], text: &mut Vec<u8>, big_endian: bool) -> usize {
    let (pairs, _) = raw.as_chunks::<2>();
    let unit = |at: usize| {
        let pair = pairs.get(at)?;
        Some(u32::from(if big_endian { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }))
    };
    let mut at = 0;
    while let Some(first) = unit(at) {
        match first {
            0xd800..=0xdbff => match unit(at + 1) {
                None => break,
                Some(second @ 0xdc00..=0xdfff) => {
                    push(text, 0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff));
                    at += 2;
                }
                Some(_) => {
                    text.push(WRONG);
                    at += 1;
                }
            },
            0xdc00..=0xdfff => {
                text.push(WRONG);
                at += 1;
            }
            _ => {
                push(text, first);
                at += 1;
            }
        }
    }
    at * 2
}

/// Appends a character; surrogates never come here.
pub(crate) fn push(text: &mut Vec<u8>, code: u32) {
    if code < 0x80 {
        text.push(code as u8);
        return;
    }
    match char::from_u32(code) {
        Some(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => text.push(WRONG),
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Named, detect, is_usable};

    fn decoded(encoding: &Encoding, raw: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut rest, mut text) = (raw.to_vec(), Vec::new());
        encoding.decode(&mut rest, &mut text);
        (text, rest)
    }

    #[test]
    fn utf16_keeps_halves_for_later() {
        let encoding = Encoding::Utf16 { big_endian: true };
        assert_eq!(decoded(&encoding, b"\0a\xd8\0\0"), (b"a".to_vec(), b"\xd8\0\0".to_vec()));
        assert_eq!(decoded(&encoding, b"\xdc\0").0, [0xff]);
        let (text, _) = decoded(&encoding, b"\xd8\0\xdc\0\0\xe9");
        assert_eq!(text, "\u{10000}é".as_bytes());
        assert_eq!(encoding.length(&text), 6);
        assert_eq!(encoding.encode(&text), b"\xd8\0\xdc\0\0\xe9");
    }

    #[test]
    fn first_bytes_tell_the_encoding() {
        assert!(matches!(detect(b"<a", None, false), Ok((Encoding::Utf8, false))));
        assert!(matches!(detect(b"<\0", None, false), Ok((Encoding::Utf16 { big_endian: false }, false))));
        assert!(matches!(detect(b"\xfe\xff", None, false), Ok((Encoding::Utf16 { big_endian: true }, true))));
        assert!(detect(b"<", None, false).is_err());
        assert!(matches!(detect(b"ab", Some(Named::Latin1), false), Ok((Encoding::Latin1, false))));
    }

    #[test]
    fn a_table_keeps_markup() {
        let mut table: [i32; 256] = std::array::from_fn(|byte| byte as i32);
        assert!(is_usable(&table));
        table[usize::from(b'<')] = -1;
        assert!(!is_usable(&table));
    }
}
