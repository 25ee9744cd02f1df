//! `_json`: what `json` does natively, reading, writing and escaping. CPython: `Modules/_json.c`.
//!
//! Invariant: positions in errors are indices of code points in the document, as CPython counts them.

mod encoder;
mod escape;
mod memo;
mod number;
mod scanner;
mod string;

use taipan_runtime::native::{Param, ParamKind};
use taipan_runtime::prelude::*;
use taipan_runtime::types::str::StrBuilder;

use encoder::Encoder;
use scanner::Scanner;

/// Containers nested deeper than this raise RecursionError even where the native stack could hold more.
const MAX_DEPTH: usize = 100_000;

/// A parameter that may be passed either way and must be passed.
const fn required(name: &'static str) -> Param {
    Param { name, kind: ParamKind::Either, required: true }
}

/// Checks that one more container may be opened inside `depth` others.
#[inline(always)]
fn check_depth(cx: &Context, depth: usize, doing: &'static str) -> Result<()> {
    if depth >= MAX_DEPTH {
        return Err(cx.recursion_error(format!("maximum recursion depth exceeded{doing}")));
    }
    cx.check_recursion(doing)
}

/// The argument of a function that takes a string alone.
fn string_argument(cx: &Context, value: Value) -> Result<Gc<Str>> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let found = cx.type_name(value);
            Err(cx.type_error(format!("first argument must be a string, not {found}")))
        }
    }
}

/// Raises `json.JSONDecodeError`.
#[cold]
#[inline(never)]
fn decode_error(cx: &mut Context, message: &str, document: Gc<Str>, at: usize) -> Raised {
    let class =
        match cx.import("json.decoder").and_then(|decoder| cx.get_attr_str(decoder, "JSONDecodeError")) {
            Ok(class) => class,
            Err(raised) => return raised,
        };
    let args = [cx.new_str(message).value(), document.value(), Value::int(at as i64)];
    match cx.call(class, &args) {
        Ok(error) => cx.raise(error),
        Err(raised) => raised,
    }
}

pub struct Json;

/// json speedups
#[module("_json")]
impl Json {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let classes = [("make_scanner", Scanner::class_cell()), ("make_encoder", Encoder::class_cell())];
        for (name, cell) in classes {
            let class = cell.ensure(cx).value();
            module.dict().set_str(cx, cx.intern(name), class);
        }
        Ok(())
    }

    /// encode_basestring(string) -> string
    ///
    /// Return a JSON representation of a Python string
    #[function("(object, /)")]
    fn encode_basestring(cx: &mut Context, object: Value) -> Result<Gc<Str>> {
        let text = string_argument(cx, object)?;
        let mut out = StrBuilder::with_capacity(text.len() + 2);
        escape::push(&mut out, text.units());
        Ok(out.finish(cx))
    }

    /// encode_basestring_ascii(string) -> string
    ///
    /// Return an ASCII-only JSON representation of a Python string
    #[function("(object, /)")]
    fn encode_basestring_ascii(cx: &mut Context, object: Value) -> Result<Gc<Str>> {
        let text = string_argument(cx, object)?;
        let mut out = StrBuilder::with_capacity(text.len() + 2);
        escape::push_ascii(&mut out, text.units());
        Ok(out.finish(cx))
    }

    /// scanstring(string, end, strict=True) -> (string, end)
    ///
    /// Scan the string s for a JSON string. End is the index of the
    /// character in s after the quote that started the JSON string.
    /// Unescapes all valid JSON string escape sequences and raises ValueError
    /// on attempt to decode an invalid string. If strict is False then literal
    /// control characters are allowed in the string.
    ///
    /// Returns a tuple of the decoded string and the index of the character in s
    /// after the end quote.
    #[function("(*args)", text = "")]
    fn scanstring(cx: &mut Context, args: Gc<Tuple>) -> Result<Gc<Tuple>> {
        let (text, end, strict) = match *args.items() {
            [text, end] => (text, end, Value::TRUE),
            [text, end, strict] => (text, end, strict),
            ref other => {
                let (bound, given) = (if other.len() < 2 { "least 2" } else { "most 3" }, other.len());
                return Err(cx.type_error(format!("scanstring() takes at {bound} arguments ({given} given)")));
            }
        };
        let end = isize::from_arg(cx, end, "end")?;
        let strict = cx.truth(strict)?;
        let text = string_argument(cx, text)?;
        let begin = match usize::try_from(end) {
            Ok(begin) if begin <= text.len() => begin,
            _ => return Err(cx.value_error("end is out of bounds")),
        };
        let (value, next) = string::scan_any(cx, text, begin, strict)?;
        Ok(cx.new_tuple(&[value.value(), Value::int(next as i64)]))
    }
}
