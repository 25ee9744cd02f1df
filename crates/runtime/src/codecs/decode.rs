//! Decoding bytes to `str`: the loop between a codec and its error handler.
//!
//! CPython: `unicode_decode_call_errorhandler_writer`. Invariant: a codec stops at each problem and says
//! where it lies; only this loop knows error handlers, so every codec treats them alike.

use std::ops::Range;

use super::errors::{self, ErrorMode};
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::types::bytes::Bytes;
use crate::types::str::{Str, StrBuilder};
use crate::value::Value;

/// Bytes that a codec cannot decode, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodeProblem {
    pub range: Range<usize>,
    pub reason: &'static str,
}

impl DecodeProblem {
    pub fn new(range: Range<usize>, reason: &'static str) -> DecodeProblem {
        DecodeProblem { range, reason }
    }
}

/// What a codec made of the input from its position on.
pub type Step<P> = std::result::Result<(), P>;

/// A codec that turns bytes into text.
pub trait Decoder {
    /// The codec's name in error messages.
    fn name(&self) -> &str;

    /// Looks up what `run` will need from `at` on, where that may run Python.
    fn prepare(&mut self, _cx: &mut Context, _input: &[u8], _at: usize) -> Result<()> {
        Ok(())
    }

    /// Decodes from `at` until the input ends, a problem turns up, or (when not `is_final`) the rest is an
    /// incomplete sequence. `at` is left behind what was decoded.
    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        is_final: bool,
    ) -> Step<DecodeProblem>;
}

/// Text, and how many bytes of the input it took.
pub struct Decoded {
    pub text: Gc<Str>,
    pub consumed: usize,
}

/// Decodes all of `input`. With `is_final` false an incomplete sequence at the end is left over.
pub fn decode(
    cx: &mut Context,
    decoder: &mut dyn Decoder,
    input: &[u8],
    mode: ErrorMode,
    is_final: bool,
) -> Result<Decoded> {
    let mut out = StrBuilder::with_capacity(input.len());
    let mut at = 0;
    // The exception that a registered handler gets is made once, and its object may be replaced by it.
    let mut exception: Option<Value> = None;
    let mut replaced: Option<Gc<Bytes>> = None;
    loop {
        let current = replaced.as_ref().map_or(input, |bytes| bytes.as_slice());
        decoder.prepare(cx, current, at)?;
        let Err(problem) = decoder.run(current, &mut at, &mut out, is_final) else {
            return Ok(Decoded { text: out.finish(cx), consumed: at });
        };
        cx.poll()?;
        let Some(next) = errors::recover_decoding(decoder.name(), current, &problem, mode, &mut out) else {
            if matches!(mode, ErrorMode::NameReplace | ErrorMode::XmlCharRefReplace) {
                return Err(cx.type_error("don't know how to handle UnicodeDecodeError in error callback"));
            }
            let handler = mode.callable(cx)?;
            let name = decoder.name().to_owned();
            let exc = match exception {
                Some(exc) => errors::update(cx, exc, &problem.range, problem.reason)?,
                None => errors::new_decode_error(cx, &name, current, &problem),
            };
            exception = Some(exc);
            let Some(handler) = handler else {
                return Err(cx.raise(exc));
            };
            let answer = errors::call_decode_handler(cx, handler, exc)?;
            out.push(answer.text);
            replaced = Some(answer.object);
            at = answer.position;
            continue;
        };
        at = next;
    }
}
