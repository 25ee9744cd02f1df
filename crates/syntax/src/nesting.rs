//! Limits that CPython's tokenizer sets: brackets nested at most 200 deep, indentation at most 99.
//! Invariant: linear in the text, no recursion: brackets are counted before the parser runs, which recurses per bracket.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextSize};

/// CPython's `MAXLEVEL`.
const MAX_LEVEL: usize = 200;
/// CPython's `MAXINDENT`, of which one is the outermost level.
const MAX_INDENT: usize = 100;

/// Start of the first line that is indented too deep.
pub(crate) fn too_indented(text: &str, tokens: &Tokens) -> Option<TextSize> {
    // Such a line begins with at least as many blanks.
    let blank = |line: &str| {
        line.len() >= MAX_INDENT && line.as_bytes()[..MAX_INDENT].iter().all(u8::is_ascii_whitespace)
    };
    if !text.split('\n').any(blank) {
        return None;
    }
    let mut depth = 0usize;
    for token in tokens.iter() {
        match token.kind() {
            TokenKind::Indent => {
                depth += 1;
                if depth >= MAX_INDENT {
                    return Some(token.start());
                }
            }
            TokenKind::Dedent => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Offset of the first bracket that is nested too deep.
pub(crate) fn too_deep(text: &str) -> Option<TextSize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_LEVEL {
                    return Some(TextSize::new(at as u32));
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'#' => at = memchr(b'\n', bytes, at),
            quote @ (b'"' | b'\'') => {
                at = end_of_string(bytes, at, quote);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn memchr(byte: u8, bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|&b| b == byte).map_or(bytes.len(), |n| from + n)
}

/// The offset after the string literal that opens at `at`; prefixes do not matter, since a backslash keeps a quote from
/// closing a raw string too.
fn end_of_string(bytes: &[u8], at: usize, quote: u8) -> usize {
    let triple = bytes[at..].starts_with(&[quote; 3]);
    let mut at = at + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            b if b == quote && !triple => return at + 1,
            b if b == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_brackets_outside_strings() {
        assert_eq!(too_deep(&format!("{}1{}", "(".repeat(200), ")".repeat(200))), None);
        assert_eq!(too_deep(&"(".repeat(201)), Some(TextSize::new(200)));
        assert_eq!(too_deep(&format!("'{0}' \"\"\"{0}\n'\"\"\" # {0}\nx", "(".repeat(300))), None);
    }
}
