//! Values of string and bytes literals, decoded from the source: the parser stores a lone surrogate as U+FFFD.
//! CPython's counterpart: `Parser/string_parser.c`, `_PyUnicode_DecodeUnicodeEscapeInternal`.
//! Invariant: text comes back as WTF-8, in which surrogates survive.

use ruff_python_ast::StringLiteral;
use ruff_text_size::{TextRange, TextSize};

use crate::{Source, SyntaxError};

/// Appends the value of a string literal.
pub fn string_literal(source: &Source, literal: &StringLiteral, out: &mut Vec<u8>) {
    decode_or(source, literal.content_range(), literal.flags.prefix().is_raw(), &literal.value, out);
}

/// Appends the value of a literal piece of an f-string or t-string.
pub fn fstring_literal(source: &Source, range: TextRange, raw: bool, value: &str, out: &mut Vec<u8>) {
    decode_or(source, range, raw, value, out);
}

/// Appends the value of a part of an implicitly concatenated literal.
pub fn bytes_literal(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value);
}

fn decode_or(source: &Source, range: TextRange, raw: bool, value: &str, out: &mut Vec<u8>) {
    // Only an escape for a surrogate needs more than the parser gives.
    if raw || !value.contains('\u{fffd}') || !source.slice(range).contains('\\') {
        return out.extend_from_slice(value.as_bytes());
    }
    let mut chars = source.slice(range).chars();
    let mut buffer = [0; 4];
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, out),
            // Doubled braces of an f-string arrive as one.
            c => out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes()),
        }
    }
}

fn escape(chars: &mut std::str::Chars<'_>, out: &mut Vec<u8>) {
    let Some(c) = chars.next() else { return out.push(b'\\') };
    let simple = match c {
        '\n' => return,
        '\\' | '\'' | '"' => c as u8,
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '0'..='7' => return octal(c, chars, out),
        'x' => return hexadecimal(chars, 2, out),
        'u' => return hexadecimal(chars, 4, out),
        'U' => return hexadecimal(chars, 8, out),
        'N' => return named(chars, out),
        c => {
            out.push(b'\\');
            return push(out, c as u32);
        }
    };
    out.push(simple);
}

fn octal(first: char, chars: &mut std::str::Chars<'_>, out: &mut Vec<u8>) {
    let mut point = first as u32 - '0' as u32;
    for _ in 0..2 {
        let Some(digit) = chars.as_str().chars().next().and_then(|c| c.to_digit(8)) else { break };
        chars.next();
        point = point * 8 + digit;
    }
    push(out, point);
}

fn hexadecimal(chars: &mut std::str::Chars<'_>, digits: usize, out: &mut Vec<u8>) {
    let point = chars.by_ref().take(digits).fold(0, |point, c| point << 4 | c.to_digit(16).unwrap_or(0));
    push(out, point);
}

fn named(chars: &mut std::str::Chars<'_>, out: &mut Vec<u8>) {
    let name: String = chars.by_ref().skip(1).take_while(|&c| c != '}').collect();
    if let Some(c) = unicode_names2::character(&name) {
        push(out, c as u32);
    }
}

fn push(out: &mut Vec<u8>, point: u32) {
    match char::from_u32(point) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend([
            0xE0 | (point >> 12) as u8,
            0x80 | (point >> 6 & 0x3F) as u8,
            0x80 | (point & 0x3F) as u8,
        ]),
    }
}

/// Escapes of a literal that Python does not know: their offsets and texts, for warnings. `content` excludes the quotes.
pub(crate) fn invalid_escapes(source: &Source, content: TextRange, bytes: bool) -> Vec<(TextSize, String)> {
    let text = source.slice(content);
    let mut found = Vec::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let Some((_, next)) = chars.next() else { break };
        let offset = content.start() + TextSize::new(at as u32);
        let known = match next {
            '\n' | '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' => true,
            'N' | 'u' | 'U' => !bytes,
            '4'..='7' if text[at + 1..].len() >= 3 => {
                let octal = &text.as_bytes()[at + 1..at + 4];
                let big = octal.iter().all(|b| (b'0'..=b'7').contains(b));
                if big {
                    found.push((offset, format!("\\{}", &text[at + 1..at + 4])));
                }
                true
            }
            '0'..='7' => true,
            _ => false,
        };
        if !known {
            found.push((offset, format!("\\{next}")));
        }
    }
    found
}

/// The message for the string literal at a range, which has an escape that cannot be decoded.
pub(crate) fn escape_error(source: &Source, range: TextRange) -> SyntaxError {
    let content = source.slice(range);
    let bytes = content[..content.find(['"', '\'']).unwrap_or(0)].contains(['b', 'B']);
    let message = if bytes { bytes_message(content) } else { unicode_message(content) };
    SyntaxError::at_range(source, message, range)
}

fn bytes_message(content: &str) -> String {
    let at = content.find("\\x").unwrap_or(0);
    let quote = content.find(['"', '\'']).map_or(0, |n| n + 1);
    format!("(value error) invalid \\x escape at position {}", at.saturating_sub(quote))
}

fn unicode_message(content: &str) -> String {
    let body = content.find(['"', '\'']).map_or(0, |n| n + 1);
    let text = &content[body..];
    let mut position = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            position += c.len_utf8();
            continue;
        }
        let Some((_, next)) = chars.next() else { break };
        let rest = &text[at + 2..];
        let digits = |n: usize| rest.chars().take(n).take_while(char::is_ascii_hexdigit).count();
        let (wanted, what) = match next {
            'x' => (2, "truncated \\xXX escape"),
            'u' => (4, "truncated \\uXXXX escape"),
            'U' => (8, "truncated \\UXXXXXXXX escape"),
            'N' => {
                let end = rest.find('}').filter(|_| rest.starts_with('{'));
                let (what, length) = match end {
                    Some(end) if end > 1 => ("unknown Unicode character name", end + 2),
                    _ => (
                        "malformed \\N character escape",
                        if rest.starts_with('{') { rest.len().min(2) } else { 1 },
                    ),
                };
                if end.is_some_and(|end| unicode_names2::character(&rest[1..end]).is_some()) {
                    position += 2;
                    continue;
                }
                return codec_message(position, position + length, what);
            }
            _ => {
                position += 2;
                continue;
            }
        };
        let have = digits(wanted);
        if have < wanted {
            return codec_message(position, position + 1 + have, what);
        }
        if u32::from_str_radix(&rest[..wanted], 16).is_ok_and(|p| p > 0x10FFFF) {
            return codec_message(position, position + 9, "illegal Unicode character");
        }
        position += 2;
    }
    codec_message(0, 1, "malformed \\N character escape")
}

fn codec_message(start: usize, end: usize, what: &str) -> String {
    let place = match end - start {
        0 => format!("position {start}"),
        _ => format!("position {start}-{end}"),
    };
    format!("(unicode error) 'unicodeescape' codec can't decode bytes in {place}: {what}")
}
