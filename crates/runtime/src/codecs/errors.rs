//! Error handlers: what becomes of bytes and characters that a codec cannot convert.
//!
//! CPython: `Python/codecs.c`, `_Py_GetErrorHandler`. Invariant: the handlers that CPython names itself are
//! resolved here without a look at the registry; any other name is looked up when the first problem turns up.

use std::fmt::Write;
use std::ops::Range;

use super::decode::DecodeProblem;
use super::encode::{EncodeProblem, Encoder, push_bytes, push_text};
use super::utf8::is_surrogate;
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception;
use crate::object::Gc;
use crate::types::bytes::Bytes;
use crate::types::str::repr::push_escape;
use crate::types::str::{Str, StrBuilder, Units};
use crate::types::tuple::Tuple;
use crate::value::Value;

/// The `errors` argument of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorMode {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    NameReplace,
    XmlCharRefReplace,
    SurrogateEscape,
    SurrogatePass,
    /// A handler from the registry.
    Named(Gc<Str>),
}

/// Names of the built-in handlers.
pub const BUILT_IN: [(&str, ErrorMode); 8] = [
    ("strict", ErrorMode::Strict),
    ("ignore", ErrorMode::Ignore),
    ("replace", ErrorMode::Replace),
    ("backslashreplace", ErrorMode::BackslashReplace),
    ("namereplace", ErrorMode::NameReplace),
    ("xmlcharrefreplace", ErrorMode::XmlCharRefReplace),
    ("surrogateescape", ErrorMode::SurrogateEscape),
    ("surrogatepass", ErrorMode::SurrogatePass),
];

impl ErrorMode {
    /// The mode with this name.
    pub fn of(name: Gc<Str>) -> ErrorMode {
        let built_in = BUILT_IN.iter().find(|(candidate, _)| name.is(candidate));
        built_in.map_or(ErrorMode::Named(name), |(_, mode)| *mode)
    }

    /// The mode of an optional argument.
    pub fn of_option(name: Option<Gc<Str>>) -> ErrorMode {
        name.map_or(ErrorMode::Strict, ErrorMode::of)
    }

    /// The registered handler; `None` for built-in modes.
    pub(super) fn callable(self, cx: &mut Context) -> Result<Option<Value>> {
        match self {
            ErrorMode::Named(name) => super::registry::lookup_error(cx, name).map(Some),
            _ => Ok(None),
        }
    }
}

/// Does what a built-in mode does with undecodable bytes: appends to `out` and gives the position to go on
/// from. `None` when the mode does not handle them.
pub(super) fn recover_decoding(
    codec: &str,
    input: &[u8],
    problem: &DecodeProblem,
    mode: ErrorMode,
    out: &mut StrBuilder,
) -> Option<usize> {
    let Range { start, end } = problem.range;
    match mode {
        ErrorMode::Ignore => Some(end),
        ErrorMode::Replace => {
            out.push_char(0xfffd);
            Some(end)
        }
        ErrorMode::BackslashReplace => {
            push_byte_escapes(out, &input[start..end]);
            Some(end)
        }
        ErrorMode::SurrogateEscape => {
            let escaped = escapable(&input[start..end]);
            input[start..start + escaped].iter().for_each(|b| out.push_char(0xdc00 + u32::from(*b)));
            (escaped > 0).then_some(start + escaped)
        }
        ErrorMode::SurrogatePass => {
            let (code, len) = surrogate_at(codec, &input[start..])?;
            out.push_char(code);
            Some(start + len)
        }
        _ => None,
    }
}

/// `\xhh` for each byte.
fn push_byte_escapes(out: &mut StrBuilder, bytes: &[u8]) {
    for byte in bytes {
        write!(out, "\\x{byte:02x}").expect("writing to a builder does not fail");
    }
}

/// How many of the leading bytes `surrogateescape` turns into surrogates: at most 4, none below 128.
fn escapable(bytes: &[u8]) -> usize {
    bytes.iter().take(4).take_while(|b| !b.is_ascii()).count()
}

/// The surrogate that the bytes begin with in the form of `codec`, and how many bytes it takes.
fn surrogate_at(codec: &str, bytes: &[u8]) -> Option<(u32, usize)> {
    let (code, len) = match (SurrogateForm::of(codec)?, bytes) {
        (SurrogateForm::Utf8, &[a @ 0xe0..=0xef, b @ 0x80..=0xbf, c @ 0x80..=0xbf, ..]) => {
            (u32::from(a & 0xf) << 12 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f), 3)
        }
        (SurrogateForm::Utf16Le, &[a, b, ..]) => (u32::from(u16::from_le_bytes([a, b])), 2),
        (SurrogateForm::Utf16Be, &[a, b, ..]) => (u32::from(u16::from_be_bytes([a, b])), 2),
        (SurrogateForm::Utf32Le, &[a, b, c, d, ..]) => (u32::from_le_bytes([a, b, c, d]), 4),
        (SurrogateForm::Utf32Be, &[a, b, c, d, ..]) => (u32::from_be_bytes([a, b, c, d]), 4),
        _ => return None,
    };
    is_surrogate(code).then_some((code, len))
}

/// How `surrogatepass` spells a surrogate, by the codec's name.
#[derive(Clone, Copy)]
enum SurrogateForm {
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

impl SurrogateForm {
    fn of(codec: &str) -> Option<SurrogateForm> {
        let normal = codec.to_ascii_lowercase().replace('_', "-");
        let native = cfg!(target_endian = "big");
        let rest = normal.strip_prefix("utf")?;
        Some(match rest.strip_prefix('-').unwrap_or(rest) {
            "8" => SurrogateForm::Utf8,
            "16-le" => SurrogateForm::Utf16Le,
            "16-be" => SurrogateForm::Utf16Be,
            "16" if native => SurrogateForm::Utf16Be,
            "16" => SurrogateForm::Utf16Le,
            "32-le" => SurrogateForm::Utf32Le,
            "32-be" => SurrogateForm::Utf32Be,
            "32" if native => SurrogateForm::Utf32Be,
            "32" => SurrogateForm::Utf32Le,
            _ => return None,
        })
    }

    fn push(self, code: u32, out: &mut Vec<u8>) {
        match self {
            SurrogateForm::Utf8 => super::utf8::push_code(out, code),
            SurrogateForm::Utf16Le => out.extend_from_slice(&(code as u16).to_le_bytes()),
            SurrogateForm::Utf16Be => out.extend_from_slice(&(code as u16).to_be_bytes()),
            SurrogateForm::Utf32Le => out.extend_from_slice(&code.to_le_bytes()),
            SurrogateForm::Utf32Be => out.extend_from_slice(&code.to_be_bytes()),
        }
    }
}

/// What a built-in mode made of unencodable characters.
pub(super) enum Recovered {
    /// Handled; encoding goes on at this position.
    At(usize),
    /// Not handled, at least from here on.
    Not(EncodeProblem),
}

/// Does what a built-in mode does with unencodable characters.
pub(super) fn recover_encoding(
    cx: &mut Context,
    encoder: &mut dyn Encoder,
    text: &Str,
    problem: EncodeProblem,
    mode: ErrorMode,
    out: &mut Vec<u8>,
) -> Result<Recovered> {
    let end = problem.range.end;
    let bad = text.units().slice(problem.range.clone());
    let replaced = match mode {
        ErrorMode::Ignore => true,
        ErrorMode::Replace => push_text(cx, encoder, Units::One(&vec![b'?'; bad.len()]), out)?,
        ErrorMode::BackslashReplace | ErrorMode::NameReplace | ErrorMode::XmlCharRefReplace => {
            let mut replacement = StrBuilder::new();
            push_replacement(&mut replacement, bad, mode);
            push_text(cx, encoder, replacement.units(), out)?
        }
        ErrorMode::SurrogateEscape => return Ok(escape_surrogates(encoder, bad, problem, out)),
        ErrorMode::SurrogatePass => return Ok(pass_surrogates(encoder, bad, problem, out)),
        ErrorMode::Strict | ErrorMode::Named(_) => false,
    };
    Ok(if replaced { Recovered::At(end) } else { Recovered::Not(problem) })
}

/// ASCII text for characters that cannot be encoded.
fn push_replacement(out: &mut StrBuilder, bad: Units<'_>, mode: ErrorMode) {
    for code in bad.codes() {
        match mode {
            ErrorMode::XmlCharRefReplace => {
                write!(out, "&#{code};").expect("writing to a builder does not fail")
            }
            ErrorMode::NameReplace => match taipan_unicode::name(code) {
                Some(name) => write!(out, "\\N{{{name}}}").expect("writing to a builder does not fail"),
                None => push_hex_escape(out, code),
            },
            _ => push_hex_escape(out, code),
        }
    }
}

/// `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, also for control characters.
fn push_hex_escape(out: &mut StrBuilder, code: u32) {
    match code {
        9 | 10 | 13 => write!(out, "\\x{code:02x}").expect("writing to a builder does not fail"),
        _ => push_escape(out, code),
    }
}

fn escape_surrogates(
    encoder: &mut dyn Encoder,
    bad: Units<'_>,
    problem: EncodeProblem,
    out: &mut Vec<u8>,
) -> Recovered {
    let Range { start, end } = problem.range;
    let escaped: Vec<u8> =
        bad.codes().take_while(|c| (0xdc80..=0xdcff).contains(c)).map(|c| (c - 0xdc00) as u8).collect();
    let done = escaped.len();
    if done > 0 && push_bytes(encoder, &escaped, out) {
        if start + done == end {
            return Recovered::At(end);
        }
        return Recovered::Not(EncodeProblem { range: start + done..end, reason: problem.reason });
    }
    Recovered::Not(problem)
}

fn pass_surrogates(
    encoder: &mut dyn Encoder,
    bad: Units<'_>,
    problem: EncodeProblem,
    out: &mut Vec<u8>,
) -> Recovered {
    let before = out.len();
    for code in bad.codes() {
        if !is_surrogate(code) || !encoder.pass_surrogate(code, out) {
            out.truncate(before);
            return Recovered::Not(problem);
        }
    }
    Recovered::At(problem.range.end)
}

/// A new UnicodeDecodeError.
pub(super) fn new_decode_error(cx: &Context, codec: &str, input: &[u8], problem: &DecodeProblem) -> Value {
    let object = cx.new_bytes(input).value();
    let Range { start, end } = problem.range;
    cx.new_unicode_decode_error(codec, object, start, end, problem.reason)
}

/// A new UnicodeEncodeError.
pub(super) fn new_encode_error(cx: &Context, codec: &str, text: Gc<Str>, problem: &EncodeProblem) -> Value {
    let Range { start, end } = problem.range;
    cx.new_unicode_encode_error(codec, text.value(), start, end, problem.reason)
}

/// Raises UnicodeEncodeError.
pub fn raise_encode(
    cx: &Context,
    codec: &str,
    text: Gc<Str>,
    range: Range<usize>,
    reason: &'static str,
) -> Raised {
    cx.raise(new_encode_error(cx, codec, text, &EncodeProblem { range, reason }))
}

/// Points an exception at the next problem.
pub(super) fn update(cx: &mut Context, exc: Value, range: &Range<usize>, reason: &str) -> Result {
    cx.set_attr_str(exc, "start", Value::int(range.start as i64))?;
    cx.set_attr_str(exc, "end", Value::int(range.end as i64))?;
    let reason = cx.new_str(reason).value();
    cx.set_attr_str(exc, "reason", reason)?;
    Ok(exc)
}

/// What a registered handler for decoding errors gave.
pub(super) struct DecodeAnswer {
    pub(super) text: Gc<Str>,
    pub(super) position: usize,
    /// The input to go on with: a handler may replace it.
    pub(super) object: Gc<Bytes>,
}

pub(super) fn call_decode_handler(cx: &mut Context, handler: Value, exc: Value) -> Result<DecodeAnswer> {
    let answer = cx.call(handler, &[exc])?;
    let wrong = "decoding error handler must return (str, int) tuple";
    let Some((first, second)) = pair(answer) else { return Err(cx.type_error(wrong)) };
    let (Some(text), true) = (first.downcast::<Str>(), cx.has_index(second)) else {
        return Err(cx.type_error(wrong));
    };
    let position = cx.index_isize(second)?;
    let object = cx.get_attr_str(exc, "object")?;
    let Some(object) = object.downcast::<Bytes>() else {
        return Err(cx.type_error("exception attribute object must be bytes"));
    };
    let position = resolve_position(cx, position, object.as_slice().len())?;
    Ok(DecodeAnswer { text, position, object })
}

/// What stands for characters that cannot be encoded.
pub(super) enum Replacement {
    Text(Gc<Str>),
    Bytes(Gc<Bytes>),
}

/// What a registered handler for encoding errors gave.
pub(super) struct EncodeAnswer {
    pub(super) replacement: Replacement,
    pub(super) position: usize,
}

pub(super) fn call_encode_handler(
    cx: &mut Context,
    handler: Value,
    exc: Value,
    len: usize,
) -> Result<EncodeAnswer> {
    let answer = cx.call(handler, &[exc])?;
    let wrong = "encoding error handler must return (str/bytes, int) tuple";
    let Some((first, second)) = pair(answer) else { return Err(cx.type_error(wrong)) };
    let replacement = match (first.downcast::<Str>(), first.downcast::<Bytes>()) {
        (Some(text), _) => Replacement::Text(text),
        (_, Some(bytes)) => Replacement::Bytes(bytes),
        _ => return Err(cx.type_error(wrong)),
    };
    if !cx.has_index(second) {
        return Err(cx.type_error(wrong));
    }
    let position = cx.index_isize(second)?;
    Ok(EncodeAnswer { replacement, position: resolve_position(cx, position, len)? })
}

fn pair(answer: Value) -> Option<(Value, Value)> {
    match answer.downcast::<Tuple>()?.items() {
        [first, second] => Some((*first, *second)),
        _ => None,
    }
}

fn resolve_position(cx: &Context, position: isize, len: usize) -> Result<usize> {
    let resolved = if position < 0 { position.saturating_add_unsigned(len) } else { position };
    match usize::try_from(resolved) {
        Ok(at) if at <= len => Ok(at),
        _ => Err(cx.index_error(format!("position {resolved} from error handler out of bounds"))),
    }
}

/// What `codecs.lookup_error(name)(exception)` does for a built-in name.
pub fn handle(cx: &mut Context, mode: ErrorMode, exc: Value) -> Result {
    if !cx.is_exception(exc) {
        return Err(cx.type_error("codec must pass exception instance"));
    }
    if mode == ErrorMode::Strict {
        return Err(cx.raise(exc));
    }
    let is = |class| cx.is_instance_of(exc, class);
    let encoding = is(exception::unicode_encode_error);
    let decoding = is(exception::unicode_decode_error);
    let translating = is(exception::unicode_translate_error);
    let known = match mode {
        ErrorMode::NameReplace | ErrorMode::XmlCharRefReplace => encoding,
        ErrorMode::SurrogateEscape | ErrorMode::SurrogatePass => encoding || decoding,
        _ => encoding || decoding || translating,
    };
    if !known {
        let name = cx.type_name(exc);
        return Err(cx.type_error(format!("don't know how to handle {name} in error callback")));
    }
    let range = problem_range(cx, exc)?;
    if decoding {
        handle_decoding(cx, mode, exc, range)
    } else {
        handle_encoding(cx, mode, exc, range, encoding)
    }
}

/// `start` and `end` of a Unicode error, clipped to its object.
fn problem_range(cx: &mut Context, exc: Value) -> Result<Range<usize>> {
    let object = cx.get_attr_str(exc, "object")?;
    let len = cx.len(object)?;
    let start = cx.get_attr_str(exc, "start")?;
    let start = cx.index_isize(start)?;
    let end = cx.get_attr_str(exc, "end")?;
    let end = cx.index_isize(end)?;
    let start = usize::try_from(start).unwrap_or(0).min(len.saturating_sub(1));
    let end = usize::try_from(end).unwrap_or(0).max(1).min(len);
    Ok(start..end.max(start))
}

fn answer(cx: &Context, replacement: Value, position: usize) -> Result {
    Ok(cx.new_tuple(&[replacement, Value::int(position as i64)]).value())
}

fn handle_decoding(cx: &mut Context, mode: ErrorMode, exc: Value, range: Range<usize>) -> Result {
    let object = cx.get_attr_str(exc, "object")?;
    let Some(object) = object.downcast::<Bytes>() else {
        return Err(cx.type_error("object attribute must be bytes"));
    };
    let encoding = cx.get_attr_str(exc, "encoding")?;
    let codec = encoding.downcast::<Str>().map(|name| name.to_str().into_owned()).unwrap_or_default();
    let mut out = StrBuilder::new();
    let problem = DecodeProblem::new(range, "");
    match recover_decoding(&codec, object.as_slice(), &problem, mode, &mut out) {
        Some(position) => {
            let text = out.finish(cx).value();
            answer(cx, text, position)
        }
        None => Err(cx.raise(exc)),
    }
}

fn handle_encoding(
    cx: &mut Context,
    mode: ErrorMode,
    exc: Value,
    range: Range<usize>,
    encoding: bool,
) -> Result {
    let object = cx.get_attr_str(exc, "object")?;
    let Some(object) = object.downcast::<Str>() else {
        return Err(cx.type_error("object attribute must be str"));
    };
    let bad = object.units().slice(range.clone());
    let mut out = StrBuilder::new();
    match mode {
        ErrorMode::Ignore => {}
        ErrorMode::Replace => out.push_repeated(if encoding { u32::from(b'?') } else { 0xfffd }, bad.len()),
        ErrorMode::SurrogateEscape | ErrorMode::SurrogatePass => {
            let codec = cx.get_attr_str(exc, "encoding")?;
            let codec = codec.downcast::<Str>().map(|name| name.to_str().into_owned()).unwrap_or_default();
            return match surrogate_bytes(mode, bad, &codec) {
                Some(bytes) => {
                    let bytes = cx.new_bytes(&bytes).value();
                    answer(cx, bytes, range.end)
                }
                None => Err(cx.raise(exc)),
            };
        }
        _ => push_replacement(&mut out, bad, mode),
    }
    let text = out.finish(cx).value();
    answer(cx, text, range.end)
}

fn surrogate_bytes(mode: ErrorMode, bad: Units<'_>, codec: &str) -> Option<Vec<u8>> {
    if mode == ErrorMode::SurrogateEscape {
        return bad.codes().map(|c| (0xdc80..=0xdcff).contains(&c).then(|| (c - 0xdc00) as u8)).collect();
    }
    let form = SurrogateForm::of(codec)?;
    let mut bytes = Vec::new();
    for code in bad.codes() {
        if !is_surrogate(code) {
            return None;
        }
        form.push(code, &mut bytes);
    }
    Some(bytes)
}
