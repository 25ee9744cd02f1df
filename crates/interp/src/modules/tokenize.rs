//! `_tokenize`: what `tokenize` is built on. CPython: `Python/Python-tokenize.c`.
//! Invariant: the tokenizer leaves the object while `readline` runs, so that no Python runs under a lock.

use taipan_macros::{Trace, class, module};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_syntax::tokenizer::{Kind, Refusal, Token, Tokenizer};

/// The module.
pub struct Tokenize;

#[module("_tokenize", classes(TokenizerIter))]
impl Tokenize {}

/// Body of a `TokenizerIter`.
#[derive(Trace)]
pub struct TokenizerIter {
    readline: Slot,
    encoding: Slot,
    extra: bool,
    /// None while it is at work, and at the end.
    tokenizer: Guarded<Opaque<Option<Box<Tokenizer>>>>,
}

#[class(name = "TokenizerIter", module = "_tokenize")]
impl TokenizerIter {
    #[new("(readline, /, *, encoding=None, extra_tokens)")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        readline: Value,
        encoding: Option<Gc<Str>>,
        extra_tokens: Value,
    ) -> Result<Gc<Self>> {
        let extra = cx.truth(extra_tokens)?;
        let body = TokenizerIter {
            readline: Slot::new(readline),
            encoding: Slot::new_option(encoding.map(Gc::value)),
            extra,
            tokenizer: Guarded::new(Opaque(Some(Box::new(Tokenizer::new(extra))))),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        let taken = this.tokenizer.lock(cx).0.take();
        let Some(mut tokenizer) = taken else { return Ok(None) };
        let mut failure = None;
        let step = tokenizer.next(&mut |buffer| match this.read_line(cx, buffer) {
            Ok(more) => more,
            Err(raised) => {
                failure = Some(raised);
                false
            }
        });
        let result = match (failure, step) {
            (Some(raised), _) => Err(raised),
            (None, Ok(token)) => Ok((token.kind, this.info(cx, &tokenizer, &token))),
            (None, Err(refusal)) => Err(refuse(cx, &tokenizer, refusal)),
        };
        if !matches!(result, Ok((Kind::EndMarker, _))) {
            this.tokenizer.lock(cx).0 = Some(tokenizer);
        }
        result.map(|(_, info)| Some(info))
    }
}

impl TokenizerIter {
    /// Appends what `readline` gives. False at the end.
    fn read_line(&self, cx: &mut Context, buffer: &mut Vec<u8>) -> Result<bool> {
        let line = match cx.call(self.readline.load_or_none(), &[]) {
            Ok(line) => line,
            Err(raised) => {
                cx.swallow(raised, hierarchy::stop_iteration)?;
                return Ok(false);
            }
        };
        let text = match self.encoding.load() {
            None => line.downcast::<Str>().ok_or("readline() returned a non-string object"),
            Some(encoding) => match line.downcast::<Bytes>() {
                None => Err("readline() returned a non-bytes object"),
                Some(_) => {
                    let replace = cx.new_str("replace").value();
                    let text = cx.call_method(line, "decode", &[encoding, replace])?;
                    text.downcast::<Str>().ok_or("readline() returned a non-string object")
                }
            },
        };
        let text = text.map_err(|message| cx.type_error(message))?;
        for (index, point) in text.chars().enumerate() {
            if (0xD800..0xE000).contains(&point) {
                let message = "surrogates not allowed";
                return Err(cx.unicode_encode_error("utf-8", text.value(), index, index + 1, message));
            }
            taipan_bytecode::push_code_point(buffer, point);
        }
        Ok(text.len() > 0)
    }

    /// The five fields of a token.
    fn info(&self, cx: &Context, tokenizer: &Tokenizer, token: &Token) -> Value {
        let text = tokenizer.text();
        let trailing = token.kind == Kind::EndMarker || token.kind == Kind::Dedent && tokenizer.ended();
        let number = match token.kind {
            Kind::Operator(_) if self.extra => 55,
            kind => kind.number(),
        };
        let mut string =
            token.range.map_or("".into(), |(start, end)| String::from_utf8_lossy(&text[start..end]));
        let column = |line_start: usize, at: usize| {
            text[line_start..at].iter().filter(|byte| **byte & 0xC0 != 0x80).count() as i64
        };
        let mut start = token.range.map_or(-1, |(start, _)| column(token.line_start, start));
        let mut end = token.range.map_or(-1, |(_, end)| column(token.last_line_start, end));
        let (mut line, mut end_line) = (token.line, token.end_line);
        let mut shown = &text[token.line_start..];
        if tokenizer.implicit_newline() {
            shown = shown.strip_suffix(b"\n").unwrap_or(shown);
        }
        if self.extra {
            match token.kind {
                Kind::Newline => {
                    let newline = token.range.map_or(0, |(start, _)| start);
                    string = match text.get(newline) {
                        _ if tokenizer.implicit_newline() => "".into(),
                        Some(b'\r') => "\r\n".into(),
                        _ => "\n".into(),
                    };
                    end += 1;
                }
                Kind::Nl if tokenizer.implicit_newline() => string = "".into(),
                _ => {}
            }
            if trailing {
                (line, end_line) = (token.end_line + 1, token.end_line + 1);
                (start, end) = (0, 0);
                shown = b"";
            }
        }
        let pair =
            |line: usize, column: i64| cx.new_tuple(&[Value::int(line as i64), Value::int(column)]).value();
        let (first, last) = (pair(line, start), pair(end_line, end));
        let string = cx.new_str(&string).value();
        let shown = cx.new_str(&String::from_utf8_lossy(shown)).value();
        cx.new_tuple(&[Value::int(number.into()), string, first, last, shown]).value()
    }
}

/// Raises what the tokenizer refused.
fn refuse(cx: &mut Context, tokenizer: &Tokenizer, refusal: Refusal) -> Raised {
    let text = tokenizer.text();
    let line_at = |start: usize| {
        let end = text[start..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |n| start + n);
        String::from_utf8_lossy(&text[start..end]).into_owned()
    };
    let (line, line_start) = tokenizer.place();
    let rest = || String::from_utf8_lossy(&text[line_start..]).chars().count();
    let (class, message) = match refusal {
        Refusal::At { message, line, column, end_column, line_start } => {
            let place = [Value::int(line as i64), Value::int(end_column as i64)];
            return raise(cx, hierarchy::syntax_error, &message, line, column, &line_at(line_start), place);
        }
        Refusal::EndOfText | Refusal::Reading => {
            return end_of_text(cx, line, tokenizer.open_string_length());
        }
        Refusal::Dedent => {
            (hierarchy::indentation_error as fn() -> _, "unindent does not match any outer indentation level")
        }
        Refusal::TooDeep => (hierarchy::indentation_error as fn() -> _, "too many levels of indentation"),
        Refusal::Tabs => {
            (hierarchy::tab_error as fn() -> _, "inconsistent use of tabs and spaces in indentation")
        }
        Refusal::Continuation => {
            (hierarchy::syntax_error as fn() -> _, "unexpected character after line continuation character")
        }
    };
    raise(cx, class, message, line, rest(), &line_at(line_start), [Value::NONE, Value::NONE])
}

/// The place is told by attributes, not by the exception's arguments.
fn end_of_text(cx: &mut Context, line: usize, offset: usize) -> Raised {
    let message = cx.new_str("unexpected EOF in multi-line statement").value();
    let exception = cx.new_exception(hierarchy::syntax_error, &[message]);
    let filename = cx.new_str("<string>").value();
    let line = Value::int(line as i64);
    let attributes = [
        ("filename", filename),
        ("lineno", line),
        ("offset", Value::int(offset as i64)),
        ("end_lineno", line),
    ];
    for (name, value) in attributes {
        let name = cx.intern(name);
        if let Err(raised) = cx.set_attr(exception, name, value) {
            return raised;
        }
    }
    cx.raise(exception)
}

fn raise(
    cx: &mut Context,
    class: taipan_runtime::exception::ClassFn,
    message: &str,
    line: usize,
    column: usize,
    text: &str,
    end: [Value; 2],
) -> Raised {
    let filename = cx.new_str("<string>").value();
    let text = cx.new_str(text).value();
    let place = [filename, Value::int(line as i64), Value::int(column as i64), text, end[0], end[1]];
    let details = cx.new_tuple(&place).value();
    let message = cx.new_str(message).value();
    let class = class().ensure(cx).value();
    match cx.call(class, &[message, details]) {
        Ok(exception) => cx.raise(exception),
        Err(raised) => raised,
    }
}
