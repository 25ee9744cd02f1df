//! Source files: their encoding (PEP 263) and single lines for tracebacks. CPython: `Parser/tokenizer/`, `tokenize`.

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

/// The text of source bytes.
pub(crate) fn decode(cx: &mut Context, bytes: &[u8], filename: &str) -> Result<String> {
    let (bytes, bom) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let encoding = cookie(bytes);
    if let Some(encoding) = &encoding
        && !is_utf8(encoding)
    {
        if bom {
            return Err(
                cx.raise_message(hierarchy::syntax_error, &format!("encoding problem: {encoding} with BOM"))
            );
        }
        return decode_with(cx, bytes, encoding);
    }
    if bytes.contains(&0) {
        return Err(cx.raise_message(hierarchy::syntax_error, "source code cannot contain null bytes"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = if encoding.is_some() || bom {
                format!(
                    "(unicode error) 'utf-8' codec can't decode byte {:#04x} in position {at}: {}",
                    bytes[at],
                    if error.error_len().is_none() { "unexpected end of data" } else { "invalid start byte" }
                )
            } else {
                format!(
                    "Non-UTF-8 code starting with '\\x{:02x}' on line {line}, but no encoding declared; see https://peps.python.org/pep-0263/ for details",
                    bytes[at]
                )
            };
            let class = hierarchy::syntax_error().ensure(cx).value();
            let message = cx.new_str(&message).value();
            let filename = cx.new_str(filename).value();
            let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
            let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| at + n);
            let column = String::from_utf8_lossy(&bytes[start..at]).chars().count() as i64 + 1;
            let text = cx.new_str(&String::from_utf8_lossy(&bytes[start..end])).value();
            let (line, column) = (Value::int(line as i64), Value::int(column));
            let place = cx.new_tuple(&[filename, line, column, text, line, column]).value();
            let exception = cx.call(class, &[message, place])?;
            Err(cx.raise(exception))
        }
    }
}

fn is_utf8(encoding: &str) -> bool {
    let normal = encoding.to_ascii_lowercase().replace('_', "-");
    normal == "utf-8" || normal.starts_with("utf-8-") || normal == "utf8"
}

fn decode_with(cx: &mut Context, bytes: &[u8], encoding: &str) -> Result<String> {
    let normal = encoding.to_ascii_lowercase().replace('_', "-");
    if matches!(normal.as_str(), "latin-1" | "iso-8859-1" | "iso-latin-1")
        || normal.starts_with("latin-1-")
        || normal.starts_with("iso-8859-1-")
    {
        return Ok(bytes.iter().map(|byte| *byte as char).collect());
    }
    let source = cx.new_bytes(bytes).value();
    let name = cx.new_str(encoding).value();
    match cx.call_method(source, "decode", &[name]) {
        Ok(text) => match text.downcast::<Str>() {
            Some(text) => Ok(text.to_str().into_owned()),
            None => Err(cx.raise_message(hierarchy::syntax_error, &format!("unknown encoding: {encoding}"))),
        },
        Err(raised) => {
            cx.swallow(raised, hierarchy::lookup_error)?;
            Err(cx.raise_message(hierarchy::syntax_error, &format!("unknown encoding: {encoding}")))
        }
    }
}

/// The encoding that a comment in one of the first two lines declares.
fn cookie(bytes: &[u8]) -> Option<String> {
    for (index, line) in bytes.split(|byte| *byte == b'\n').take(2).enumerate() {
        let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        let line = &line[blank..];
        if line.first() != Some(&b'#') {
            // Only a blank or comment line may precede the declaration.
            if index == 0 && !line.iter().all(|byte| *byte == b'\r') {
                return None;
            }
            continue;
        }
        if let Some(name) = cookie_of_line(line) {
            return Some(name);
        }
    }
    None
}

fn cookie_of_line(line: &[u8]) -> Option<String> {
    let mut rest = line;
    while let Some(at) = rest.windows(6).position(|window| window == b"coding") {
        rest = &rest[at + 6..];
        let Some(b':' | b'=') = rest.first() else { continue };
        let name = rest[1..].iter().skip_while(|byte| matches!(byte, b' ' | b'\t'));
        let name: Vec<u8> = name
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .copied()
            .collect();
        if !name.is_empty() {
            return String::from_utf8(name).ok();
        }
    }
    None
}

/// Line `number` (from 1) of a source file, without its end.
pub(crate) fn line_of_file(cx: &mut Context, filename: Gc<Str>, number: usize) -> Option<String> {
    if let Some(source) = super::library::source_of_file(&filename.to_str()) {
        return source.lines().nth(number.checked_sub(1)?).map(str::to_owned);
    }
    let path = crate::path::to_os(filename);
    let bytes = std::fs::read(&path).ok()?;
    let text = match decode(cx, &bytes, &filename.to_str()) {
        Ok(text) => text,
        Err(raised) => {
            cx.take_exception(raised);
            return None;
        }
    };
    text.lines().nth(number.checked_sub(1)?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::cookie;

    #[test]
    fn encodings_are_declared_in_the_first_two_lines() {
        assert_eq!(cookie(b"# -*- coding: latin-1 -*-\n").as_deref(), Some("latin-1"));
        assert_eq!(cookie(b"#!/bin/x\n# vim: set fileencoding=utf-8 :\n").as_deref(), Some("utf-8"));
        assert_eq!(cookie(b"x = 1\n# coding: latin-1\n"), None);
        assert_eq!(cookie(b"\n\n# coding: latin-1\n"), None);
    }
}
