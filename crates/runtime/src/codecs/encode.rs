//! Encoding `str` to bytes: the loop between a codec and its error handler.
//!
//! CPython: `unicode_encode_call_errorhandler`. Invariant: as for `decode`: codecs know no error handlers.

use std::ops::Range;

use super::decode::Step;
use super::errors::{self, ErrorMode, Recovered, Replacement};
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::types::str::{Str, Units};
use crate::value::Value;

/// Code points that a codec cannot encode, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct EncodeProblem {
    pub range: Range<usize>,
    pub reason: &'static str,
}

/// A codec that turns text into bytes.
pub trait Encoder {
    /// The codec's name in error messages.
    fn name(&self) -> &str;

    /// Looks up what `run` will need from `at` on, where that may run Python.
    fn prepare(&mut self, _cx: &mut Context, _text: Units<'_>, _at: usize) -> Result<()> {
        Ok(())
    }

    /// Encodes from `at` until the text ends or a problem turns up; `at` is left behind what was encoded.
    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem>;

    /// Appends a lone surrogate as `surrogatepass` wants it; false for codecs without a form for it.
    fn pass_surrogate(&mut self, _code: u32, _out: &mut Vec<u8>) -> bool {
        false
    }

    /// Whether replacement bytes of this length keep the output aligned.
    fn accepts_bytes(&self, _len: usize) -> bool {
        true
    }
}

/// Encodes all of `text`.
pub fn encode(
    cx: &mut Context,
    encoder: &mut dyn Encoder,
    text: Gc<Str>,
    mode: ErrorMode,
) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    // The exception that a registered handler gets is made once and updated.
    let mut exception: Option<Value> = None;
    loop {
        encoder.prepare(cx, text.units(), at)?;
        let Err(problem) = encoder.run(text.units(), &mut at, &mut out) else { return Ok(out) };
        cx.poll()?;
        let failed = match errors::recover_encoding(cx, encoder, &text, problem, mode, &mut out)? {
            Recovered::At(next) => {
                at = next;
                continue;
            }
            Recovered::Not(problem) => problem,
        };
        let handler = mode.callable(cx)?;
        let exc = match exception {
            Some(exc) => errors::update(cx, exc, &failed.range, failed.reason)?,
            None => errors::new_encode_error(cx, encoder.name(), text, &failed),
        };
        exception = Some(exc);
        let Some(handler) = handler else {
            return Err(cx.raise(exc));
        };
        let answer = errors::call_encode_handler(cx, handler, exc, text.len())?;
        at = answer.position;
        let accepted = match answer.replacement {
            Replacement::Bytes(bytes) => push_bytes(encoder, bytes.as_slice(), &mut out),
            Replacement::Text(text) => push_text(cx, encoder, text.units(), &mut out)?,
        };
        if !accepted {
            return Err(cx.raise(exc));
        }
    }
}

/// Appends text that stands for unencodable text; false when that cannot be encoded either.
pub(super) fn push_text(
    cx: &mut Context,
    encoder: &mut dyn Encoder,
    text: Units<'_>,
    out: &mut Vec<u8>,
) -> Result<bool> {
    encoder.prepare(cx, text, 0)?;
    Ok(encoder.run(text, &mut 0, out).is_ok())
}

/// Appends bytes that stand for unencodable text; false when they would leave the output misaligned.
pub(super) fn push_bytes(encoder: &mut dyn Encoder, bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let accepted = encoder.accepts_bytes(bytes.len());
    if accepted {
        out.extend_from_slice(bytes);
    }
    accepted
}
