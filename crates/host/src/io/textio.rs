//! `TextIOWrapper`: text over a buffered binary file. CPython: `Modules/_io/textio.c`.
//!
//! The encodings that the runtime knows itself are converted here; every other one goes through its
//! incremental encoder and decoder objects.
//! Invariant: `decoded[used..]` is the text read ahead; `snapshot` tells how its start maps to a byte
//! position. Text waiting to be written is in `pending`, encoded.

mod position;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use taipan_runtime::codecs;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::io::base::{self, TextIoBase};
use crate::io::long_lock::LongLock;
use crate::io::newline::{Newline, NewlineState, to_str};
use crate::io::{size_arg, unsupported};

/// Bytes that are asked of the buffer at a time.
const CHUNK: usize = 8192;
/// Encoded text that is collected before it is passed on.
const PENDING_LIMIT: usize = 8192;

/// How text becomes bytes and back.
#[derive(Clone, Copy, PartialEq, Trace)]
enum Codec {
    /// UTF-8, ASCII or Latin-1: a piece is decoded by the runtime; an incomplete end waits.
    Utf8,
    Ascii,
    Latin1,
    /// Through encoder and decoder objects.
    Objects,
}

#[derive(Trace)]
struct State {
    codec: Codec,
    newline: Newline,
    /// Text read ahead, from `used` on not yet handed out.
    decoded: Vec<u32>,
    used: usize,
    /// Bytes at the end of the last piece that do not make a character yet.
    partial: Vec<u8>,
    /// Encoded text not yet passed on.
    pending: Vec<u8>,
    /// State of the decoder and the bytes given to it, from which `decoded` was made.
    snapshot: Option<(i128, Vec<u8>)>,
    telling: bool,
}

impl State {
    /// Adds encoded text; whether it is the first that is pending, and whether there is enough to be passed on.
    fn append(&mut self, encoded: &[u8]) -> (bool, bool) {
        let first = self.pending.is_empty();
        self.pending.extend_from_slice(encoded);
        (first, self.pending.len() > PENDING_LIMIT)
    }
}

/// The encoding of text files whose encoding nobody names, as the locale calls it.
const LOCALE_ENCODING: &str = "UTF-8";

/// The body of `TextIOWrapper`.
#[derive(Trace)]
#[repr(C)]
pub struct TextIoWrapper {
    base: TextIoBase,
    buffer: Slot,
    encoding: Slot,
    errors: Slot,
    encoder: Slot,
    decoder: Slot,
    lock: LongLock,
    state: Guarded<State>,
    newlines: NewlineState,
    line_buffering: AtomicBool,
    write_through: AtomicBool,
    seekable: AtomicBool,
    writable: AtomicBool,
    /// How many bytes are asked of the buffer at a time.
    chunk: AtomicUsize,
    detached: AtomicBool,
}

impl TextIoWrapper {
    fn blank() -> TextIoWrapper {
        let state = State {
            codec: Codec::Utf8,
            newline: Newline::Translate,
            decoded: Vec::new(),
            used: 0,
            partial: Vec::new(),
            pending: Vec::new(),
            snapshot: None,
            telling: false,
        };
        TextIoWrapper {
            base: TextIoBase::default(),
            buffer: Slot::EMPTY,
            encoding: Slot::EMPTY,
            errors: Slot::EMPTY,
            encoder: Slot::EMPTY,
            decoder: Slot::EMPTY,
            lock: LongLock::default(),
            state: Guarded::new(state),
            newlines: NewlineState::default(),
            line_buffering: AtomicBool::new(false),
            write_through: AtomicBool::new(false),
            seekable: AtomicBool::new(false),
            writable: AtomicBool::new(false),
            chunk: AtomicUsize::new(CHUNK),
            detached: AtomicBool::new(false),
        }
    }

    /// A wrapper over a buffered file, as `open()` makes it.
    pub(crate) fn over(
        cx: &mut Context,
        buffer: Value,
        encoding: Value,
        errors: Value,
        newline: Value,
        line_buffering: bool,
    ) -> Result<Gc<TextIoWrapper>> {
        let this = cx.new_object(TextIoWrapper::blank());
        this.set_up(cx, buffer, encoding, errors, newline, line_buffering, false)?;
        Ok(this)
    }

    #[allow(clippy::too_many_arguments, reason = "the parameters of io.TextIOWrapper")]
    fn set_up(
        &self,
        cx: &mut Context,
        buffer: Value,
        encoding: Value,
        errors: Value,
        newline: Value,
        line_buffering: bool,
        write_through: bool,
    ) -> Result<()> {
        let newline = Newline::parse_for(cx, newline, "TextIOWrapper")?;
        self.buffer.clear();
        let encoding = text_or(cx, encoding, "encoding", LOCALE_ENCODING)?;
        let encoding = if encoding.to_str() == "locale" { cx.intern(LOCALE_ENCODING) } else { encoding };
        let errors = text_or(cx, errors, "errors", "strict")?;
        self.encoding.store(encoding.value());
        self.errors.store(errors.value());
        let readable = cx.call_method(buffer, "readable", &[])?;
        cx.truth(readable)?;
        let writable = cx.call_method(buffer, "writable", &[])?;
        let writable = cx.truth(writable)?;
        self.writable.store(writable, Ordering::Relaxed);
        let codec = self.choose(cx, buffer, encoding, errors)?;
        {
            let mut state = self.state.lock(cx);
            *state = State {
                codec,
                newline,
                decoded: Vec::new(),
                used: 0,
                partial: Vec::new(),
                pending: Vec::new(),
                snapshot: None,
                telling: false,
            };
        }
        self.newlines.seen.clear();
        self.newlines.set_pending(false);
        self.line_buffering.store(line_buffering, Ordering::Relaxed);
        self.write_through.store(write_through, Ordering::Relaxed);
        let seekable = cx.call_method(buffer, "seekable", &[])?;
        let seekable = cx.truth(seekable)?;
        self.seekable.store(seekable, Ordering::Relaxed);
        self.fix_encoder(cx, buffer)?;
        self.state.lock(cx).telling = seekable;
        self.detached.store(false, Ordering::Relaxed);
        self.buffer.store(buffer);
        Ok(())
    }

    /// Picks the codec, and makes encoder and decoder objects where they are needed.
    fn choose(&self, cx: &mut Context, buffer: Value, encoding: Gc<Str>, errors: Gc<Str>) -> Result<Codec> {
        let name = codecs::normalize(&encoding.to_str());
        let codec = match name.as_str() {
            "utf_8" | "utf8" => Codec::Utf8,
            "ascii" | "us_ascii" | "646" => Codec::Ascii,
            "latin_1" | "latin1" | "iso_8859_1" | "iso8859_1" | "8859" => Codec::Latin1,
            _ => Codec::Objects,
        };
        self.encoder.clear();
        self.decoder.clear();
        if codec != Codec::Objects {
            return Ok(codec);
        }
        let module = cx.import("codecs")?;
        let lookup = cx.get_attr_str(module, "lookup")?;
        let info = cx.call(lookup, &[encoding.value()])?;
        if let Some(is_text) = cx.lookup_attr_str(info, "_is_text_encoding")?
            && !cx.truth(is_text)?
        {
            let shown = cx.repr(encoding.value())?;
            return Err(cx.lookup_error(format!("{} is not a text encoding", shown.to_str())));
        }
        let readable = cx.call_method(buffer, "readable", &[])?;
        if cx.truth(readable)? {
            let decoder = cx.call_method(info, "incrementaldecoder", &[errors.value()])?;
            self.decoder.store(decoder);
        }
        let writable = cx.call_method(buffer, "writable", &[])?;
        if cx.truth(writable)? {
            let encoder = cx.call_method(info, "incrementalencoder", &[errors.value()])?;
            self.encoder.store(encoder);
        }
        Ok(codec)
    }

    fn inner(&self, cx: &Context) -> Result<Value> {
        match self.buffer.load() {
            Some(buffer) => Ok(buffer),
            None if self.detached.load(Ordering::Relaxed) => {
                Err(cx.value_error("underlying buffer has been detached"))
            }
            None => Err(cx.value_error("I/O operation on uninitialized object")),
        }
    }

    fn open_buffer(&self, cx: &mut Context) -> Result<Value> {
        let buffer = self.inner(cx)?;
        if crate::io::is_closed(cx, buffer)? {
            return Err(cx.value_error("I/O operation on closed file."));
        }
        Ok(buffer)
    }

    fn error_name(&self) -> Value {
        self.errors.load_or_none()
    }

    // ---- writing ----

    /// Encodes the text to what is pending; whether it is the first of it, and whether there is enough to be written.
    fn put_encoded(&self, cx: &mut Context, text: Gc<Str>) -> Result<(bool, bool)> {
        let mut state = self.state.lock(cx);
        let codec = state.codec;
        if let Some(ascii) = text.as_ascii()
            && codec != Codec::Objects
        {
            return Ok(state.append(ascii.as_bytes()));
        }
        drop(state);
        let encoded = self.encode(cx, codec, text)?;
        Ok(self.state.lock(cx).append(&encoded))
    }

    fn encode(&self, cx: &mut Context, codec: Codec, text: Gc<Str>) -> Result<Vec<u8>> {
        let encoded = match codec {
            Codec::Objects => {
                let Some(encoder) = self.encoder.load() else { return Err(unsupported(cx, "not writable")) };
                cx.call_method(encoder, "encode", &[text.value()])?
            }
            _ => {
                let args = [self.encoding.load_or_none(), self.error_name()];
                cx.call_method(text.value(), "encode", &args)?
            }
        };
        match encoded.downcast::<Bytes>() {
            Some(bytes) => Ok(bytes.as_slice().to_vec()),
            None => Err(cx.type_error(format!(
                "encoder should return a bytes object, not '{}'",
                cx.type_name(encoded)
            ))),
        }
    }

    fn flush_pending(&self, cx: &mut Context, buffer: Value) -> Result<()> {
        let pending = std::mem::take(&mut self.state.lock(cx).pending);
        if pending.is_empty() {
            return Ok(());
        }
        let mut data = cx.new_bytes(&pending).value();
        loop {
            match cx.call_method(buffer, "write", &[data]) {
                Ok(_) => return Ok(()),
                Err(raised) if cx.error_matches(&raised, taipan_runtime::exception::interrupted_error) => {
                    cx.take_exception(raised);
                    data = cx.new_bytes(&pending).value();
                }
                Err(raised) => return Err(raised),
            }
        }
    }

    fn put_text(&self, cx: &mut Context, object: Value, text: Gc<Str>) -> Result<usize> {
        let buffer = self.open_buffer(cx)?;
        if !self.writable.load(Ordering::Relaxed) {
            return Err(unsupported(cx, "not writable"));
        }
        self.lock.hold(cx, object, |cx| {
            let (newline, line_buffering) =
                (self.state.lock(cx).newline, self.line_buffering.load(Ordering::Relaxed));
            let has = |wanted: u32| text.chars().any(|code| code == wanted);
            let (has_lf, length) = ((newline.written().is_some() || line_buffering) && has(10), text.len());
            let flush = line_buffering && (has_lf || has(13));
            let mut text = text;
            if has_lf && let Some(ending) = newline.written() {
                let mut out = Vec::with_capacity(text.len() + 8);
                for code in text.chars() {
                    if code == 10 { out.extend(ending.chars().map(u32::from)) } else { out.push(code) }
                }
                text = to_str(cx, &out);
            }
            let (first, full) = self.put_encoded(cx, text)?;
            if first {
                taipan_runtime::finalize::add_writer(cx, object);
            }
            if full || flush || self.write_through.load(Ordering::Relaxed) {
                self.flush_pending(cx, buffer)?;
            }
            if flush {
                cx.call_method(buffer, "flush", &[])?;
            }
            self.forget_read_ahead(cx)?;
            Ok(length)
        })
    }

    fn forget_read_ahead(&self, cx: &mut Context) -> Result<()> {
        let had = {
            let mut state = self.state.lock(cx);
            let had = !state.decoded.is_empty() || state.snapshot.is_some();
            state.decoded.clear();
            state.used = 0;
            state.snapshot = None;
            had
        };
        if had && let Some(decoder) = self.decoder.load() {
            cx.call_method(decoder, "reset", &[])?;
        }
        Ok(())
    }

    fn flush_all(&self, cx: &mut Context, object: Value) -> Result<()> {
        let buffer = self.open_buffer(cx)?;
        self.state.lock(cx).telling = self.seekable.load(Ordering::Relaxed);
        self.lock.hold(cx, object, |cx| self.flush_pending(cx, buffer))?;
        taipan_runtime::finalize::remove_writer(object);
        cx.call_method(buffer, "flush", &[]).map(drop)
    }

    // ---- reading ----

    /// Decodes a piece; incomplete characters at its end wait unless it is the last.
    fn decode(&self, cx: &mut Context, input: &[u8], last: bool) -> Result<Vec<u32>> {
        let codec = self.state.lock(cx).codec;
        if codec == Codec::Objects {
            let Some(decoder) = self.decoder.load() else { return Err(unsupported(cx, "not readable")) };
            let input = cx.new_bytes(input).value();
            let text = cx.call_method(decoder, "decode", &[input, Value::bool(last)])?;
            return match text.downcast::<Str>() {
                Some(text) => Ok(text.chars().collect()),
                None => Err(cx.type_error(format!(
                    "decoder should return a string result, not '{}'",
                    cx.type_name(text)
                ))),
            };
        }
        let mut bytes = std::mem::take(&mut self.state.lock(cx).partial);
        bytes.extend_from_slice(input);
        if codec == Codec::Utf8 && !last {
            let keep = incomplete_utf8(&bytes);
            let rest = bytes.split_off(bytes.len() - keep);
            self.state.lock(cx).partial = rest;
        }
        if codec == Codec::Latin1 {
            return Ok(bytes.into_iter().map(u32::from).collect());
        }
        if bytes.is_ascii() {
            return Ok(bytes.into_iter().map(u32::from).collect());
        }
        let data = cx.new_bytes(&bytes).value();
        let args = [self.encoding.load_or_none(), self.error_name()];
        let text = cx.call_method(data, "decode", &args)?;
        Ok(text.downcast::<Str>().map(|text| text.chars().collect()).unwrap_or_default())
    }

    /// The decoder's state as a number and the bytes that it holds back.
    fn decoder_state(&self, cx: &mut Context) -> Result<(i128, Vec<u8>)> {
        match self.decoder.load() {
            Some(decoder) => {
                let state = cx.call_method(decoder, "getstate", &[])?;
                let pair = cx.to_tuple(state)?;
                let [bytes, flags] = *pair.items() else {
                    return Err(cx.type_error("illegal decoder state"));
                };
                let bytes = base::expect_bytes(cx, bytes, "getstate")?.as_slice().to_vec();
                Ok((cx.index_i128(flags)? << 1 | i128::from(self.newlines.pending()), bytes))
            }
            None => Ok((i128::from(self.newlines.pending()), self.state.lock(cx).partial.clone())),
        }
    }

    /// Reads and decodes one piece. False at the end of the file.
    fn read_chunk(&self, cx: &mut Context, buffer: Value, hint: usize) -> Result<bool> {
        let telling = self.state.lock(cx).telling;
        let before = if telling { Some(self.decoder_state(cx)?) } else { None };
        let size = Value::int(self.chunk.load(Ordering::Relaxed).max(hint) as i64);
        let read1 = cx.intern("read1");
        let piece = match cx.lookup_attr(buffer, read1)? {
            Some(read1) => cx.call(read1, &[size])?,
            None => cx.call_method(buffer, "read", &[size])?,
        };
        let piece = cx.with_buffer(piece, |bytes| bytes.to_vec())?;
        let last = piece.is_empty();
        let text = self.decode(cx, &piece, last)?;
        let newline = self.state.lock(cx).newline;
        let text = if newline.is_universal() {
            self.newlines.feed(text, newline == Newline::Translate, last)
        } else {
            text
        };
        let mut state = self.state.lock(cx);
        let used = state.used;
        let empty = text.is_empty();
        if used >= state.decoded.len() {
            state.decoded = text;
            state.used = 0;
            if let Some((flags, mut bytes)) = before {
                bytes.extend_from_slice(&piece);
                state.snapshot = Some((flags, bytes));
            }
        } else {
            state.decoded.extend_from_slice(&text);
            if let Some((_, bytes)) = &mut state.snapshot {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok(!last || !empty)
    }

    fn take(&self, cx: &Context, count: usize) -> Vec<u32> {
        let mut state = self.state.lock(cx);
        let end = state.used.saturating_add(count).min(state.decoded.len());
        let taken = state.decoded[state.used..end].to_vec();
        state.used = end;
        taken
    }

    fn check_readable(&self, cx: &mut Context) -> Result<Value> {
        let buffer = self.open_buffer(cx)?;
        let readable = cx.call_method(buffer, "readable", &[])?;
        if !cx.truth(readable)? {
            return Err(unsupported(cx, "not readable"));
        }
        Ok(buffer)
    }

    fn read_text(&self, cx: &mut Context, object: Value, size: Option<usize>) -> Result<Gc<Str>> {
        let buffer = self.check_readable(cx)?;
        self.lock.hold(cx, object, |cx| {
            self.flush_pending(cx, buffer)?;
            let Some(size) = size else {
                let mut all = self.take(cx, usize::MAX);
                let rest = cx.call_method(buffer, "read", &[])?;
                let rest = cx.with_buffer(rest, |bytes| bytes.to_vec())?;
                let text = self.decode(cx, &rest, true)?;
                let newline = self.state.lock(cx).newline;
                let text = if newline.is_universal() {
                    self.newlines.feed(text, newline == Newline::Translate, true)
                } else {
                    text
                };
                all.extend_from_slice(&text);
                let mut state = self.state.lock(cx);
                state.decoded.clear();
                state.used = 0;
                state.snapshot = None;
                drop(state);
                return Ok(to_str(cx, &all));
            };
            let mut taken = self.take(cx, size);
            while taken.len() < size {
                if !self.read_chunk(cx, buffer, size - taken.len())? {
                    break;
                }
                taken.extend(self.take(cx, size - taken.len()));
            }
            Ok(to_str(cx, &taken))
        })
    }

    fn read_line(&self, cx: &mut Context, object: Value, limit: Option<usize>) -> Result<Gc<Str>> {
        let buffer = self.open_buffer(cx)?;
        self.lock.hold(cx, object, |cx| {
            self.flush_pending(cx, buffer)?;
            let mut searched = 0;
            loop {
                {
                    let state = self.state.lock(cx);
                    let rest = &state.decoded[state.used..];
                    // `\r\n` may straddle what was searched: step back by one.
                    let from = searched.min(rest.len()).saturating_sub(1);
                    let end = state.newline.line_end(&rest[from..]).map(|end| from + end);
                    let end = match (end, limit) {
                        (Some(end), Some(limit)) => Some(end.min(limit)),
                        (None, Some(limit)) if rest.len() >= limit => Some(limit),
                        (end, _) => end,
                    };
                    searched = rest.len();
                    drop(state);
                    if let Some(end) = end {
                        let line = self.take(cx, end);
                        return Ok(to_str(cx, &line));
                    }
                }
                if searched == 0 {
                    // Make sure that only readable files come here (as CPython: on the first piece).
                    self.check_readable(cx)?;
                }
                if !self.read_chunk(cx, buffer, 0)? {
                    let line = self.take(cx, usize::MAX);
                    let mut state = self.state.lock(cx);
                    state.snapshot = None;
                    drop(state);
                    return Ok(to_str(cx, &line));
                }
            }
        })
    }
}

/// Length of an incomplete UTF-8 sequence at the end of `bytes`.
fn incomplete_utf8(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(_) => 0,
        Err(_) => {
            for back in 1..=bytes.len().min(3) {
                let byte = bytes[bytes.len() - back];
                let needed = match byte {
                    0xc2..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf4 => 4,
                    0x80..=0xbf => continue,
                    _ => return 0,
                };
                return if back < needed
                    && std::str::from_utf8(&bytes[bytes.len() - back..])
                        .is_err_and(|e| e.error_len().is_none())
                {
                    back
                } else {
                    0
                };
            }
            0
        }
    }
}

fn text_or(cx: &mut Context, value: Value, name: &str, default: &str) -> Result<Gc<Str>> {
    match value.not_none() {
        None => Ok(cx.intern(default)),
        Some(value) => match value.downcast::<Str>() {
            Some(text) if text.chars().any(|code| code == 0) => {
                Err(cx.value_error("embedded null character"))
            }
            Some(text) => Ok(text),
            None => Err(cx.type_error(format!(
                "TextIOWrapper() argument '{name}' must be str or None, not {}",
                cx.type_name(value)
            ))),
        },
    }
}

/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
///
/// newline controls how line endings are handled. It can be None, '',
/// '\n', '\r', and '\r\n'.
///
/// If line_buffering is True, a call to flush is implied when a call to
/// write contains a newline character.
#[class(name = "TextIOWrapper", module = "_io", base = TextIoBase, flags = BASETYPE | HAS_DICT)]
impl TextIoWrapper {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, TextIoWrapper::blank()).value())
    }

    #[init("(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)")]
    fn init(
        &self,
        cx: &mut Context,
        buffer: Value,
        encoding: Value,
        errors: Value,
        newline: Value,
        line_buffering: bool,
        write_through: bool,
    ) -> Result<()> {
        self.set_up(cx, buffer, encoding, errors, newline, line_buffering, write_through)
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        base::finalize(cx, this)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let mut text = "<_io.TextIOWrapper".to_owned();
        for name in ["name", "mode"] {
            let attribute = cx.intern(name);
            match cx.lookup_attr(this.value(), attribute) {
                Ok(Some(value)) => {
                    let Some(value) = cx.guard_repr(this.value(), |cx| cx.repr(value))? else {
                        return Err(cx.runtime_error("reentrant call inside _io.TextIOWrapper.__repr__"));
                    };
                    text.push_str(&format!(" {name}={}", value.to_str()));
                }
                Ok(None) => {}
                Err(raised) => drop(cx.swallow(raised, taipan_runtime::exception::value_error)?),
            }
        }
        let encoding = cx.repr(this.encoding.load_or_none())?;
        text.push_str(&format!(" encoding={}>", encoding.to_str()));
        Ok(cx.new_str(&text).value())
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        this.state.lock(cx).telling = false;
        let line = if cx.is_exact::<TextIoWrapper>(this.value()) {
            this.read_line(cx, this.value(), None)?.value()
        } else {
            let line = cx.call_method(this.value(), "readline", &[])?;
            if line.downcast::<Str>().is_none() {
                return Err(cx.os_error_message(&format!(
                    "readline() should have returned a str object, not '{}'",
                    cx.type_name(line)
                )));
            }
            line
        };
        if cx.len(line)? == 0 {
            let seekable = this.seekable.load(Ordering::Relaxed);
            let mut state = this.state.lock(cx);
            state.snapshot = None;
            state.telling = seekable;
            return Ok(None);
        }
        Ok(Some(line))
    }

    #[function("(size=-1, /)")]
    fn read(this: Gc<Self>, cx: &mut Context, size: Value) -> Result<Gc<Str>> {
        let size = size_arg(cx, size)?;
        this.read_text(cx, this.value(), size)
    }

    #[function("(size=-1, /)")]
    fn readline(this: Gc<Self>, cx: &mut Context, size: isize) -> Result<Gc<Str>> {
        let limit = usize::try_from(size).ok();
        this.read_line(cx, this.value(), limit)
    }

    #[function("(text, /)")]
    fn write(this: Gc<Self>, cx: &mut Context, text: Value) -> Result<usize> {
        match text.downcast::<Str>() {
            Some(text) => this.put_text(cx, this.value(), text),
            None => Err(cx.type_error(format!("write() argument must be str, not {}", cx.type_name(text)))),
        }
    }

    #[function("()")]
    fn flush(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        this.flush_all(cx, this.value())
    }

    #[function("(cookie, whence=0, /)")]
    fn seek(this: Gc<Self>, cx: &mut Context, cookie: Value, whence: i32) -> Result {
        if !cx.is_int(cookie) {
            // What cannot be compared with a position is none.
            cx.compare_bool(cookie, Value::int(0), CompareOp::Lt)?;
        }
        this.seek_to(cx, this.value(), cookie, whence)
    }

    #[function("()")]
    fn tell(this: Gc<Self>, cx: &mut Context) -> Result {
        this.position(cx, this.value())
    }

    #[function("(pos=None, /)")]
    fn truncate(this: Gc<Self>, cx: &mut Context, pos: Value) -> Result {
        let buffer = this.inner(cx)?;
        cx.call_method(this.value(), "flush", &[])?;
        cx.call_method(buffer, "truncate", &[pos])
    }

    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        let buffer = this.inner(cx)?;
        if crate::io::is_closed(cx, buffer)? {
            return Ok(());
        }
        let flushed = cx.call_method(this.value(), "flush", &[]);
        let error = flushed.err().map(|raised| cx.take_exception(raised));
        taipan_runtime::finalize::remove_writer(this.value());
        let closed = cx.call_method(buffer, "close", &[]).map(drop);
        this.base.io().set_closed();
        match (closed, error) {
            (closed, None) => closed,
            (Ok(()), Some(error)) => Err(cx.reraise(error)),
            (Err(raised), Some(error)) => {
                let latest = cx.take_exception(raised);
                taipan_runtime::exception::chain(latest, error);
                Err(cx.reraise(latest))
            }
        }
    }

    #[function("()")]
    fn detach(this: Gc<Self>, cx: &mut Context) -> Result {
        let buffer = this.inner(cx)?;
        cx.call_method(this.value(), "flush", &[])?;
        this.buffer.clear();
        this.detached.store(true, Ordering::Relaxed);
        Ok(buffer)
    }

    /// Reconfigure the text stream with new parameters.
    #[function("(*, encoding=None, errors=None, newline=<absent>, line_buffering=None, write_through=None)")]
    fn reconfigure(
        this: Gc<Self>,
        cx: &mut Context,
        encoding: Value,
        errors: Value,
        newline: Option<Value>,
        line_buffering: Value,
        write_through: Value,
    ) -> Result<()> {
        let changes_text = !encoding.is_none() || !errors.is_none() || newline.is_some();
        if changes_text && !this.state.lock(cx).decoded.is_empty() {
            return Err(unsupported(
                cx,
                "It is not possible to set the encoding or newline of stream after the first read",
            ));
        }
        let buffer = this.inner(cx)?;
        let line = match line_buffering.not_none() {
            Some(value) => cx.truth(value)?,
            None => this.line_buffering.load(Ordering::Relaxed),
        };
        let through = match write_through.not_none() {
            Some(value) => cx.truth(value)?,
            None => this.write_through.load(Ordering::Relaxed),
        };
        let newline = match newline {
            Some(value) => Some(Newline::parse_for(cx, value, "reconfigure")?),
            None => None,
        };
        cx.call_method(this.value(), "flush", &[])?;
        if !encoding.is_none() || !errors.is_none() {
            let keep = this.error_name();
            let errors = match (errors.not_none(), encoding.not_none()) {
                (Some(errors), _) => errors,
                (None, Some(_)) => cx.intern("strict").value(),
                (None, None) => keep,
            };
            let encoding = encoding.not_none().unwrap_or_else(|| this.encoding.load_or_none());
            let encoding = text_or(cx, encoding, "encoding", LOCALE_ENCODING)?;
            let encoding = if encoding.to_str() == "locale" { cx.intern(LOCALE_ENCODING) } else { encoding };
            let errors = text_or(cx, errors, "errors", "strict")?;
            let codec = this.choose(cx, buffer, encoding, errors)?;
            this.fix_encoder(cx, buffer)?;
            this.encoding.store(encoding.value());
            this.errors.store(errors.value());
            this.state.lock(cx).codec = codec;
        }
        if let Some(newline) = newline {
            this.state.lock(cx).newline = newline;
        }
        this.line_buffering.store(line, Ordering::Relaxed);
        this.write_through.store(through, Ordering::Relaxed);
        Ok(())
    }

    #[function("()")]
    fn fileno(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.call_method(buffer, "fileno", &[])
    }

    #[function("()")]
    fn isatty(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.call_method(buffer, "isatty", &[])
    }

    #[function("()")]
    fn seekable(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.call_method(buffer, "seekable", &[])
    }

    #[function("()")]
    fn readable(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.call_method(buffer, "readable", &[])
    }

    #[function("()")]
    fn writable(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.call_method(buffer, "writable", &[])
    }

    #[getter("buffer")]
    fn buffer_(&self, cx: &Context) -> Result {
        self.inner(cx)
    }

    #[getter]
    fn encoding(&self) -> Option<Value> {
        self.encoding.load()
    }

    #[getter]
    fn errors(&self) -> Option<Value> {
        self.errors.load()
    }

    #[getter]
    fn newlines(&self, cx: &Context) -> Value {
        if self.state.lock(cx).newline.is_universal() { self.newlines.seen.to_value(cx) } else { Value::NONE }
    }

    #[getter]
    fn line_buffering(&self) -> bool {
        self.line_buffering.load(Ordering::Relaxed)
    }

    #[getter]
    fn write_through(&self) -> bool {
        self.write_through.load(Ordering::Relaxed)
    }

    #[getter]
    fn name(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.get_attr_str(buffer, "name")
    }

    #[getter]
    fn closed(&self, cx: &mut Context) -> Result {
        let buffer = self.inner(cx)?;
        cx.get_attr_str(buffer, "closed")
    }

    #[getter]
    fn _CHUNK_SIZE(&self) -> usize {
        self.chunk.load(Ordering::Relaxed)
    }

    #[setter]
    fn set__CHUNK_SIZE(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.attribute_error_message("cannot delete attribute"));
        };
        match cx.index_isize(value)? {
            size if size > 0 => {
                self.chunk.store(size as usize, Ordering::Relaxed);
                Ok(())
            }
            _ => Err(cx.value_error("a strictly positive integer is required")),
        }
    }

    #[function("()")]
    fn __getstate__(this: Gc<Self>, cx: &mut Context) -> Result {
        Err(cx.type_error(format!("cannot pickle '{}' object", cx.type_name(this.value()))))
    }
}
