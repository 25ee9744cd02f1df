//! Source files: their encoding (PEP 263) and single lines for tracebacks. CPython: `Parser/tokenizer/`, `tokenize`.

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

/// The text of source bytes. The words about what cannot be read depend on whether they come from a `file` that is the
/// program itself, which CPython reads line by line.
pub(crate) fn decode(cx: &mut Context, bytes: &[u8], filename: &str, file: bool) -> Result<String> {
    let (bytes, bom) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let cookie = cookie(bytes);
    if let Some(cookie) = &cookie
        && !is_utf8(&cookie.encoding)
    {
        if bom {
            let name = if is_latin_1(&cookie.encoding) { "iso-8859-1" } else { &cookie.encoding };
            let message = format!("encoding problem: {name} with BOM");
            let text = nth_line(bytes, cookie.line);
            let width = text.chars().count() as i64 + i64::from(cookie.line > 1);
            return Err(raise_at(cx, &message, filename, cookie.line, (0, width), &text));
        }
        return decode_with(cx, bytes, filename, file, cookie);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(null_byte(cx, bytes, filename, file, at));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(not_utf8(cx, bytes, filename, file, cookie.is_some() || bom, error)),
    }
}

/// A SyntaxError at a place in a line.
fn raise_at(
    cx: &mut Context,
    message: &str,
    filename: &str,
    line: usize,
    columns: (i64, i64),
    text: &str,
) -> Raised {
    let class = hierarchy::syntax_error().ensure(cx).value();
    let (message, filename) = (cx.new_str(message).value(), cx.new_str(filename).value());
    let (line, text) = (Value::int(line as i64), cx.new_str(text).value());
    let (start, end) = (Value::int(columns.0), Value::int(columns.1));
    let place = cx.new_tuple(&[filename, line, start, text, line, end]).value();
    match cx.call(class, &[message, place]) {
        Ok(exception) => cx.raise(exception),
        Err(raised) => raised,
    }
}

/// A line of source bytes, by its number from 1, whatever its bytes are.
fn nth_line(bytes: &[u8], number: usize) -> String {
    let line = bytes.split(|byte| *byte == b'\n').nth(number - 1).unwrap_or_default();
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

/// The number of the line, from 1, and where it starts.
fn line_of(bytes: &[u8], at: usize) -> (usize, usize) {
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (line, start)
}

fn null_byte(cx: &mut Context, bytes: &[u8], filename: &str, file: bool, at: usize) -> Raised {
    let message = "source code cannot contain null bytes";
    if !file {
        return cx.raise_message(hierarchy::syntax_error, message);
    }
    let (line, start) = line_of(bytes, at);
    let text = String::from_utf8_lossy(&bytes[start..at]).into_owned();
    raise_at(cx, message, filename, line, (0, 0), &text)
}

/// CPython: `ensure_utf8` and `tok_readline_raw`.
fn not_utf8(
    cx: &mut Context,
    bytes: &[u8],
    filename: &str,
    file: bool,
    declared: bool,
    error: std::str::Utf8Error,
) -> Raised {
    let at = error.valid_up_to();
    let (line, start) = line_of(bytes, at);
    let text = nth_line(bytes, line);
    if file && declared {
        let position = at - start;
        let reason = match error.error_len() {
            None => "unexpected end of data",
            Some(_) if matches!(bytes[at], 0xC2..=0xF4) => "invalid continuation byte",
            Some(_) => "invalid start byte",
        };
        let length = error.error_len().unwrap_or(bytes.len() - at);
        let place = match length {
            1 => format!("byte {:#04x} in position {position}", bytes[at]),
            _ => format!("bytes in position {position}-{}", position + length - 1),
        };
        let message = format!("(unicode error) 'utf-8' codec can't decode {place}: {reason}");
        return raise_at(cx, &message, filename, line, (0, 0), &text);
    }
    let place = if file { format!(" in file {filename}") } else { String::new() };
    let message = format!(
        "Non-UTF-8 code starting with '\\x{:02x}'{place} on line {line}, but no encoding declared; see https://peps.python.org/pep-0263/ for details",
        bytes[at]
    );
    let column = String::from_utf8_lossy(&bytes[start..at]).chars().count() as i64 + 1;
    raise_at(cx, &message, filename, line, (column, column), &text)
}

/// CPython's `get_normal_name`: `utf8` is looked up like any other name.
fn is_utf8(encoding: &str) -> bool {
    let normal = encoding.to_ascii_lowercase().replace('_', "-");
    normal == "utf-8" || normal.starts_with("utf-8-")
}

fn is_latin_1(encoding: &str) -> bool {
    let normal = encoding.to_ascii_lowercase().replace('_', "-");
    ["latin-1", "iso-8859-1", "iso-latin-1"]
        .iter()
        .any(|name| normal.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

/// Decodes by a codec. The lines up to the declaration are decoded by themselves if they are a file's.
fn decode_with(
    cx: &mut Context,
    bytes: &[u8],
    filename: &str,
    file: bool,
    cookie: &Cookie,
) -> Result<String> {
    let text = if is_latin_1(&cookie.encoding) {
        bytes.iter().map(|byte| *byte as char).collect()
    } else if !file {
        match decode_part(cx, bytes, &cookie.encoding)? {
            Ok(text) => text,
            Err(message) => return Err(codec_error(cx, &message, filename)?),
        }
    } else {
        let (head, rest) = bytes.split_at(cookie.end);
        let mut text = match decode_part(cx, head, &cookie.encoding)? {
            Ok(text) => text,
            Err(message) if message.contains("codec can't decode") => {
                let line = nth_line(bytes, cookie.line);
                let message = format!("(unicode error) {message}");
                return Err(raise_at(cx, &message, filename, cookie.line, (0, 0), &line));
            }
            Err(message) => {
                let message = message.split("; use codecs.").next().unwrap_or_default();
                return Err(codec_error(cx, message, filename)?);
            }
        };
        match decode_part(cx, rest, &cookie.encoding)? {
            Ok(rest) => text.push_str(&rest),
            Err(message) => return Err(codec_error(cx, &message, filename)?),
        }
        text
    };
    match text.bytes().position(|byte| byte == 0) {
        Some(at) => Err(null_byte(cx, text.as_bytes(), filename, file, at)),
        None => Ok(text),
    }
}

/// What a codec makes of bytes, or what it complains about.
fn decode_part(
    cx: &mut Context,
    bytes: &[u8],
    encoding: &str,
) -> Result<std::result::Result<String, String>> {
    let source = cx.new_bytes(bytes).value();
    let name = cx.new_str(encoding).value();
    let error = match cx.call_method(source, "decode", &[name]) {
        Ok(text) => match text.downcast::<Str>() {
            Some(text) => return Ok(Ok(text.to_str().into_owned())),
            None => return Ok(Err(format!("unknown encoding: {encoding}"))),
        },
        Err(raised) if cx.error_matches(&raised, hierarchy::lookup_error) => cx.take_exception(raised),
        Err(raised) => cx.swallow(raised, hierarchy::value_error)?,
    };
    Ok(Err(cx.str(error)?.to_str().into_owned()))
}

/// CPython: `_PyPegen_raise_tokenizer_init_error`.
fn codec_error(cx: &mut Context, message: &str, filename: &str) -> Result<Raised> {
    let class = hierarchy::syntax_error().ensure(cx).value();
    let (message, filename) = (cx.new_str(message).value(), cx.new_str(filename).value());
    let place = cx.new_tuple(&[filename, Value::int(0), Value::int(-1), Value::NONE]).value();
    let exception = cx.call(class, &[message, place])?;
    Ok(cx.raise(exception))
}

/// A declared encoding.
struct Cookie {
    encoding: String,
    /// The line, from 1, and where it ends.
    line: usize,
    end: usize,
}

/// The encoding that a comment in one of the first two lines declares.
fn cookie(bytes: &[u8]) -> Option<Cookie> {
    let mut end = 0;
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').take(2).enumerate() {
        end += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        let line = &line[blank..];
        if line.first() != Some(&b'#') {
            // Only a blank or comment line may precede the declaration.
            if index == 0 && !line.iter().all(|byte| *byte == b'\r') {
                return None;
            }
            continue;
        }
        if let Some(encoding) = cookie_of_line(line) {
            return Some(Cookie { encoding, line: index + 1, end });
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
    let text = match decode(cx, &bytes, &filename.to_str(), false) {
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
        let cookie = |bytes: &[u8]| cookie(bytes).map(|cookie| cookie.encoding);
        assert_eq!(cookie(b"# -*- coding: latin-1 -*-\n").as_deref(), Some("latin-1"));
        assert_eq!(cookie(b"#!/bin/x\n# vim: set fileencoding=utf-8 :\n").as_deref(), Some("utf-8"));
        assert_eq!(cookie(b"x = 1\n# coding: latin-1\n"), None);
        assert_eq!(cookie(b"\n\n# coding: latin-1\n"), None);
    }
}
