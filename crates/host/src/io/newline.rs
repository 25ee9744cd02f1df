//! Newlines: what `newline=` means, and `IncrementalNewlineDecoder`. CPython: `Modules/_io/textio.c`.
//!
//! Invariant: a `\r` at the end of a piece is held back until the next piece tells whether `\n` follows.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::str::StrBuilder;

/// The meaning of a `newline` argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Trace)]
pub(crate) enum Newline {
    /// None: every ending ends a line and is read as `\n`; `\n` is written as `\n` (the system's ending).
    Translate,
    /// `''`: every ending ends a line and is kept.
    Universal,
    Lf,
    Cr,
    CrLf,
}

impl Newline {
    pub(crate) fn parse(cx: &mut Context, value: Value) -> Result<Newline> {
        let Some(value) = value.not_none() else { return Ok(Newline::Translate) };
        let Some(text) = value.downcast::<Str>() else {
            return Err(cx.type_error(format!("newline must be str or None, not {}", cx.type_name(value))));
        };
        match Newline::of(text) {
            Some(newline) => Ok(newline),
            None => {
                let shown = cx.repr(value)?;
                Err(cx.value_error(format!("illegal newline value: {}", shown.to_str())))
            }
        }
    }

    /// The argument of `function`, which names it in its messages.
    pub(crate) fn parse_for(cx: &mut Context, value: Value, function: &str) -> Result<Newline> {
        super::optional_text(cx, value, function, "newline")?;
        let Some(text) = value.downcast::<Str>() else { return Ok(Newline::Translate) };
        Newline::of(text).ok_or_else(|| cx.value_error(format!("illegal newline value: {}", text.to_str())))
    }

    fn of(text: Gc<Str>) -> Option<Newline> {
        Some(match &*text.to_str() {
            "" => Newline::Universal,
            "\n" => Newline::Lf,
            "\r" => Newline::Cr,
            "\r\n" => Newline::CrLf,
            _ => return None,
        })
    }

    /// The argument that it was made from; `None` = None.
    pub(crate) fn argument(self) -> Option<&'static str> {
        match self {
            Newline::Translate => None,
            Newline::Universal => Some(""),
            Newline::Lf => Some("\n"),
            Newline::Cr => Some("\r"),
            Newline::CrLf => Some("\r\n"),
        }
    }

    /// Whether reading looks for all three endings.
    pub(crate) fn is_universal(self) -> bool {
        matches!(self, Newline::Translate | Newline::Universal)
    }

    /// What `\n` is written as; `None` = as it is.
    pub(crate) fn written(self) -> Option<&'static str> {
        match self {
            Newline::Cr => Some("\r"),
            Newline::CrLf => Some("\r\n"),
            _ => None,
        }
    }

    /// End (exclusive) of the first line in `text`, if it is complete.
    pub(crate) fn line_end(self, text: &[u32]) -> Option<usize> {
        let position = |wanted: u32| text.iter().position(|code| *code == wanted);
        match self {
            Newline::Translate | Newline::Lf => position(10).map(|at| at + 1),
            Newline::Cr => position(13).map(|at| at + 1),
            Newline::CrLf => text.windows(2).position(|pair| pair == [13, 10]).map(|at| at + 2),
            Newline::Universal => {
                let at = text.iter().position(|code| matches!(code, 10 | 13))?;
                Some(if text[at] == 13 && text.get(at + 1) == Some(&10) { at + 2 } else { at + 1 })
            }
        }
    }
}

const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/// Newline endings that have been seen.
#[derive(Default, Trace)]
pub(crate) struct Seen(AtomicU8);

impl Seen {
    fn add(&self, bits: u8) {
        self.0.fetch_or(bits, Ordering::Relaxed);
    }

    pub(crate) fn to_value(&self, cx: &Context) -> Value {
        let bits = self.0.load(Ordering::Relaxed);
        let mut found = GVec::new();
        for (bit, text) in [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")] {
            if bits & bit != 0 {
                found.push(cx.intern(text).value());
            }
        }
        match found[..] {
            [] => Value::NONE,
            [only] => only,
            _ => cx.new_tuple(&found).value(),
        }
    }

    pub(crate) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// The decoder's memory between pieces.
#[derive(Default, Trace)]
pub(crate) struct NewlineState {
    pending_cr: AtomicBool,
    pub(crate) seen: Seen,
}

impl NewlineState {
    pub(crate) fn pending(&self) -> bool {
        self.pending_cr.load(Ordering::Relaxed)
    }

    pub(crate) fn set_pending(&self, on: bool) {
        self.pending_cr.store(on, Ordering::Relaxed);
    }

    /// Passes a piece through: records endings, and turns them into `\n` when `translate`.
    pub(crate) fn feed(&self, mut text: Vec<u32>, translate: bool, last: bool) -> Vec<u32> {
        if self.pending() && (!text.is_empty() || last) {
            text.insert(0, 13);
            self.set_pending(false);
        }
        if text.last() == Some(&13) && !last {
            text.pop();
            self.set_pending(true);
        }
        if !text.iter().any(|code| matches!(code, 10 | 13)) {
            return text;
        }
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            match text[at] {
                13 if text.get(at + 1) == Some(&10) => {
                    self.seen.add(SEEN_CRLF);
                    out.extend_from_slice(if translate { &[10] } else { &[13, 10] });
                    at += 1;
                }
                13 => {
                    self.seen.add(SEEN_CR);
                    out.push(if translate { 10 } else { 13 });
                }
                10 => {
                    self.seen.add(SEEN_LF);
                    out.push(10);
                }
                code => out.push(code),
            }
            at += 1;
        }
        out
    }
}

/// Code points as a str.
pub(crate) fn to_str(cx: &Context, codes: &[u32]) -> Gc<Str> {
    let mut text = StrBuilder::with_capacity(codes.len());
    for code in codes {
        text.push_char(*code);
    }
    text.finish(cx)
}

/// The body of `IncrementalNewlineDecoder`.
#[derive(Trace)]
pub struct IncrementalNewlineDecoder {
    decoder: Slot,
    translate: AtomicBool,
    state: NewlineState,
}

/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
/// It also records the types of newlines encountered.  When used with
/// translate=False, it ensures that the newline sequence is returned in
/// one piece. When used with decoder=None, it expects unicode strings as
/// decode input and translates newlines without first invoking an external
/// decoder.
#[class(name = "IncrementalNewlineDecoder", module = "_io", flags = BASETYPE)]
impl IncrementalNewlineDecoder {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        let body = IncrementalNewlineDecoder {
            decoder: Slot::EMPTY,
            translate: AtomicBool::new(false),
            state: NewlineState::default(),
        };
        Ok(cx.new_instance(class, body).value())
    }

    #[init("(decoder, translate, errors='strict')")]
    fn init(&self, decoder: Value, translate: bool, errors: Value) {
        let _ = errors;
        self.decoder.store(decoder);
        self.translate.store(translate, Ordering::Relaxed);
        self.state.set_pending(false);
        self.state.seen.clear();
    }

    #[function("(input, final=False)")]
    fn decode(&self, cx: &mut Context, input: Value, final_: bool) -> Result {
        let Some(decoder) = self.decoder.load() else {
            return Err(cx.value_error("IncrementalNewlineDecoder.__init__() not called"));
        };
        let text = match decoder.not_none() {
            Some(decoder) => cx.call_method(decoder, "decode", &[input, Value::bool(final_)])?,
            None => input,
        };
        let Some(text) = text.downcast::<Str>() else {
            return Err(
                cx.type_error(format!("decoder should return a string result, not '{}'", cx.type_name(text)))
            );
        };
        let translate = self.translate.load(Ordering::Relaxed);
        let fed = self.state.feed(text.chars().collect(), translate, final_);
        Ok(to_str(cx, &fed).value())
    }

    #[function("()")]
    fn getstate(&self, cx: &mut Context) -> Result {
        let (mut buffer, mut flag) = (cx.new_bytes(b"").value(), 0);
        if let Some(decoder) = self.decoder.load().and_then(Value::not_none) {
            let state = cx.call_method(decoder, "getstate", &[])?;
            let state = cx.to_tuple(state)?;
            if let [inner, number] = *state.items() {
                buffer = inner;
                flag = cx.index_i128(number)?;
            }
        }
        flag = flag << 1 | i128::from(self.state.pending());
        let flag = cx.new_int_i128(flag);
        Ok(cx.new_tuple(&[buffer, flag]).value())
    }

    #[function("(state, /)")]
    fn setstate(&self, cx: &mut Context, state: Value) -> Result<()> {
        let Some(pair) = state.downcast::<Tuple>() else {
            return Err(cx.type_error("state argument must be a tuple"));
        };
        let [buffer, flag] = *pair.items() else { return Err(cx.type_error("illegal state argument")) };
        let flag = cx.index_i128(flag)?;
        self.state.set_pending(flag & 1 != 0);
        if let Some(decoder) = self.decoder.load().and_then(Value::not_none) {
            let flag = cx.new_int_i128(flag >> 1);
            let inner = cx.new_tuple(&[buffer, flag]).value();
            cx.call_method(decoder, "setstate", &[inner])?;
        }
        Ok(())
    }

    #[function("()")]
    fn reset(&self, cx: &mut Context) -> Result<()> {
        self.state.set_pending(false);
        self.state.seen.clear();
        match self.decoder.load().and_then(Value::not_none) {
            Some(decoder) => cx.call_method(decoder, "reset", &[]).map(drop),
            None => Ok(()),
        }
    }

    #[getter]
    fn newlines(&self, cx: &Context) -> Value {
        self.state.seen.to_value(cx)
    }
}
