//! What `bytes` and `bytearray` take as letters, digits and white space: ASCII only.
//!
//! CPython: `Objects/bytes_methods.c`, `Python/pyctype.c`. Invariant: a byte above 0x7f has no property.

/// Space, tab, line feed, vertical tab, form feed, carriage return.
#[inline(always)]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0d)
}

#[inline(always)]
pub fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Whether there is a cased byte and every cased byte is a lower (upper) one.
pub fn all_cased(bytes: &[u8], lower: bool) -> bool {
    let mut cased = false;
    for byte in bytes {
        let (wanted, other) = if lower {
            (byte.is_ascii_lowercase(), byte.is_ascii_uppercase())
        } else {
            (byte.is_ascii_uppercase(), byte.is_ascii_lowercase())
        };
        if other {
            return false;
        }
        cased |= wanted;
    }
    cased
}

/// Whether each word starts with an upper letter and goes on with lower ones.
pub fn is_title(bytes: &[u8]) -> bool {
    let mut cased = false;
    let mut in_word = false;
    for byte in bytes {
        if byte.is_ascii_uppercase() {
            if in_word {
                return false;
            }
            (in_word, cased) = (true, true);
        } else if byte.is_ascii_lowercase() {
            if !in_word {
                return false;
            }
            cased = true;
        } else {
            in_word = false;
        }
    }
    cased
}

pub fn title(bytes: &[u8]) -> Vec<u8> {
    let mut in_word = false;
    let convert = |byte: &u8| {
        let letter = byte.is_ascii_alphabetic();
        let converted = if in_word { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        in_word = letter;
        converted
    };
    bytes.iter().map(convert).collect()
}

pub fn capitalize(bytes: &[u8]) -> Vec<u8> {
    let mut result = bytes.to_ascii_lowercase();
    if let Some(first) = result.first_mut() {
        first.make_ascii_uppercase();
    }
    result
}

pub fn swap_case(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|b| if b.is_ascii_alphabetic() { b ^ 0x20 } else { *b }).collect()
}

/// Copy with tabs filled up with spaces. The caller has checked that the result fits into memory.
pub fn expand_tabs(bytes: &[u8], tab_size: usize) -> Vec<u8> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut column = 0usize;
    for &byte in bytes {
        match byte {
            b'\t' if tab_size > 0 => {
                let fill = tab_size - column % tab_size;
                column += fill;
                result.resize(result.len() + fill, b' ');
            }
            b'\t' => {}
            b'\n' | b'\r' => {
                result.push(byte);
                column = 0;
            }
            _ => {
                result.push(byte);
                column += 1;
            }
        }
    }
    result
}
