//! What is searched: a str or any object with a buffer, in a form that the engine reads.
//!
//! Invariant: the text does not change while it is searched: str and bytes never do, other buffers are
//! copied.

use rustpython_sre_engine::{Request, State};
use rustpython_wtf8::Wtf8Buf;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::str::Units;

/// The subject of one search.
pub(crate) struct Subject {
    pub object: Value,
    text: Text,
    pub len: usize,
}

enum Text {
    /// A str of one byte a character.
    Latin1(Gc<Str>),
    Wide(Wtf8Buf),
    Bytes(Gc<Bytes>),
    Copy(Vec<u8>),
}

impl Subject {
    /// Prepares `object`; `bytes_pattern` tells what the pattern is for (`None`: both).
    pub(crate) fn new(cx: &mut Context, object: Value, bytes_pattern: Option<bool>) -> Result<Subject> {
        if let Some(text) = object.downcast::<Str>() {
            if bytes_pattern == Some(true) {
                return Err(cx.type_error("cannot use a bytes pattern on a string-like object"));
            }
            let len = text.len();
            let text = match text.units() {
                Units::One(_) => Text::Latin1(text),
                _ => {
                    let mut wide = Wtf8Buf::with_capacity(len * 3);
                    for code in text.chars() {
                        if let Some(point) = rustpython_wtf8::CodePoint::from_u32(code) {
                            wide.push(point);
                        }
                    }
                    Text::Wide(wide)
                }
            };
            return Ok(Subject { object, text, len });
        }
        let text = match object.downcast::<Bytes>() {
            Some(bytes) => Text::Bytes(bytes),
            None if cx.has_buffer(object) => Text::Copy(cx.with_buffer(object, |bytes| bytes.to_vec())?),
            None => {
                return Err(cx.type_error(format!(
                    "expected string or bytes-like object, got '{}'",
                    cx.type_name(object)
                )));
            }
        };
        if bytes_pattern == Some(false) {
            return Err(cx.type_error("cannot use a string pattern on a bytes-like object"));
        }
        let len = match &text {
            Text::Bytes(bytes) => bytes.as_slice().len(),
            Text::Copy(copy) => copy.len(),
            _ => 0,
        };
        Ok(Subject { object, text, len })
    }

    /// Runs the engine once. `start..end` in characters.
    pub(crate) fn run(&self, cx: &mut Context, codes: &[u32], ask: Ask, state: &mut State) -> bool {
        // The engine reads immutable text and private memory only, so others may collect meanwhile.
        if taipan_runtime::multi_threaded() {
            cx.blocking(|| self.run_plain(codes, ask, state))
        } else {
            self.run_plain(codes, ask, state)
        }
    }

    fn run_plain(&self, codes: &[u32], ask: Ask, state: &mut State) -> bool {
        match &self.text {
            Text::Latin1(text) => match text.units() {
                Units::One(bytes) => ask.run(bytes, codes, state),
                _ => false,
            },
            Text::Wide(wide) => ask.run(&**wide, codes, state),
            Text::Bytes(bytes) => ask.run(bytes.as_slice(), codes, state),
            Text::Copy(copy) => ask.run(copy.as_slice(), codes, state),
        }
    }

    /// The part from `start` to `end`, of the subject's type.
    pub(crate) fn slice(&self, cx: &Context, start: usize, end: usize) -> Value {
        let end = end.max(start);
        match &self.text {
            Text::Bytes(bytes) if start == 0 && end == self.len => bytes.value(),
            Text::Bytes(bytes) => cx.new_bytes(&bytes.as_slice()[start..end]).value(),
            Text::Copy(copy) => cx.new_bytes(&copy[start..end]).value(),
            _ => match self.object.downcast::<Str>() {
                Some(text) => text.substring(cx, start..end).value(),
                None => self.object,
            },
        }
    }

    pub(crate) fn is_bytes(&self) -> bool {
        matches!(self.text, Text::Bytes(_) | Text::Copy(_))
    }
}

/// What is asked of the engine.
#[derive(Clone, Copy)]
pub(crate) struct Ask {
    pub start: usize,
    pub end: usize,
    pub search: bool,
    pub match_all: bool,
    pub must_advance: bool,
}

impl Ask {
    fn run<S: rustpython_sre_engine::StrDrive>(self, string: S, codes: &[u32], state: &mut State) -> bool {
        let mut request = Request::new(string, self.start, self.end, codes, self.match_all);
        request.must_advance = self.must_advance;
        state.reset(&request, request.start);
        if self.search { state.search(request) } else { state.py_match(&request) }
    }
}
