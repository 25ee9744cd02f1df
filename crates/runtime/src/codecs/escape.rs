//! The escapes of bytes literals, for `codecs.escape_decode` and `escape_encode`.
//!
//! CPython: `_PyBytes_DecodeEscape`. Invariant: pure; the caller raises and warns.

/// Why escapes could not be decoded.
#[derive(Debug, PartialEq, Eq)]
pub enum EscapeError {
    TrailingBackslash,
    /// A `\x` without two digits, at this position, with `errors` not known to be lenient.
    BadHex(usize),
}

/// What to put for a `\x` without two digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BadHex {
    Fail,
    QuestionMark,
    Nothing,
}

/// Decoded bytes, and the first escape that deserves a warning: its position and length.
#[derive(Debug, PartialEq, Eq)]
pub struct Unescaped {
    pub bytes: Vec<u8>,
    pub invalid: Option<(usize, usize)>,
}

pub fn decode(input: &[u8], bad_hex: BadHex) -> Result<Unescaped, EscapeError> {
    let mut bytes = Vec::with_capacity(input.len());
    let mut invalid = None;
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        if byte != b'\\' {
            bytes.push(byte);
            at += 1;
            continue;
        }
        let Some(&letter) = input.get(at + 1) else { return Err(EscapeError::TrailingBackslash) };
        let start = at;
        at += 2;
        match letter {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => bytes.push(letter),
            b'b' => bytes.push(8),
            b't' => bytes.push(9),
            b'n' => bytes.push(10),
            b'r' => bytes.push(13),
            b'f' => bytes.push(12),
            b'v' => bytes.push(11),
            b'a' => bytes.push(7),
            b'0'..=b'7' => {
                let digits: Vec<u8> = input[start + 1..]
                    .iter()
                    .take(3)
                    .take_while(|d| matches!(d, b'0'..=b'7'))
                    .copied()
                    .collect();
                let value = digits.iter().fold(0u32, |value, d| value << 3 | u32::from(d - b'0'));
                if value > 0xff {
                    invalid.get_or_insert((start, 4));
                }
                bytes.push(value as u8);
                at = start + 1 + digits.len();
            }
            b'x' => {
                let digit = |i: usize| input.get(i).and_then(|d| char::from(*d).to_digit(16));
                match (digit(at), digit(at + 1)) {
                    (Some(high), Some(low)) => {
                        bytes.push((high << 4 | low) as u8);
                        at += 2;
                    }
                    (first, _) => {
                        match bad_hex {
                            BadHex::Fail => return Err(EscapeError::BadHex(start)),
                            BadHex::QuestionMark => bytes.push(b'?'),
                            BadHex::Nothing => {}
                        }
                        at += usize::from(first.is_some());
                    }
                }
            }
            _ => {
                invalid.get_or_insert((start, 2));
                bytes.push(b'\\');
                at -= 1;
            }
        }
    }
    Ok(Unescaped { bytes, invalid })
}

pub fn encode(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    for &byte in input {
        match byte {
            b'\'' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x20..=0x7e => out.push(byte),
            _ => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_round_trip() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all), BadHex::Fail).unwrap().bytes, all);
    }

    #[test]
    fn odd_escapes() {
        assert_eq!(decode(b"\\", BadHex::Fail), Err(EscapeError::TrailingBackslash));
        assert_eq!(decode(b"a\\x4", BadHex::Fail), Err(EscapeError::BadHex(1)));
        assert_eq!(decode(b"\\x4z", BadHex::QuestionMark).unwrap().bytes, b"?z");
        assert_eq!(
            decode(b"\\400\\z", BadHex::Fail),
            Ok(Unescaped { bytes: b"\x00\\z".to_vec(), invalid: Some((0, 4)) })
        );
    }
}
