//! `LZMADecompressor`. CPython: `Modules/_lzmamodule.c`.
//!
//! Invariant: input is kept only while more output can be made of it.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use liblzma::stream::{Action, Error, Status, Stream};
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use super::{CHECK_UNKNOWN, FORMAT_ALONE, FORMAT_AUTO, FORMAT_RAW, FORMAT_XZ, filter, raise, unsigned};
use crate::decompression::{self, Decoder, Step};

/// How an xz stream begins; two bytes of flags follow.
const MAGIC: [u8; 6] = [0xfd, b'7', b'z', b'X', b'Z', 0];
const HEADER: usize = 12;

/// The stream, and input that it has not used.
struct State {
    stream: Decompression,
    kept: Vec<u8>,
    /// The first bytes of the input: the header of an xz stream names its integrity check.
    header: Vec<u8>,
}

struct Decompression(Stream);

impl Decoder for Decompression {
    type Error = Error;

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> std::result::Result<Step, Error> {
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.process(input, output, Action::Run)?;
        Ok(Step {
            consumed: (self.0.total_in() - read) as usize,
            written: (self.0.total_out() - written) as usize,
            ended: status == Status::StreamEnd,
        })
    }
}

impl State {
    /// The integrity check, once the header was read.
    fn check(&self) -> Option<i32> {
        match self.header.strip_prefix(&MAGIC) {
            Some([_, flags, ..]) if self.header.len() >= HEADER => Some(i32::from(flags & 0xf)),
            Some(_) => None,
            // The older format has none.
            None if self.header.len() >= MAGIC.len() => Some(0),
            None => None,
        }
    }
}

/// Body of `_lzma.LZMADecompressor`.
#[derive(Trace)]
pub struct Decompressor {
    state: Guarded<Opaque<State>>,
    unused_data: TypedSlot<Bytes>,
    check: AtomicI32,
    eof: AtomicBool,
    needs_input: AtomicBool,
}

/// Create a decompressor object for decompressing data incrementally.
///
///   format
///     Specifies the container format of the input stream.  If this is
///     FORMAT_AUTO (the default), the decompressor will automatically detect
///     whether the input is FORMAT_XZ or FORMAT_ALONE.  Streams created with
///     FORMAT_RAW cannot be autodetected.
///   memlimit
///     Limit the amount of memory used by the decompressor.  This will cause
///     decompression to fail if the input cannot be decompressed within the
///     given limit.
///   filters
///     A custom filter chain.  This argument is required for FORMAT_RAW, and
///     not accepted with any other format.  When provided, this should be a
///     sequence of dicts, each indicating the ID and options for a single
///     filter.
///
/// For one-shot decompression, use the decompress() function instead.
#[class(name = "LZMADecompressor", module = "_lzma")]
impl Decompressor {
    #[new(
        "(format=0, memlimit=None, filters=None)",
        text = "(format=FORMAT_AUTO, memlimit=None, filters=None)"
    )]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        format: i32,
        memlimit: Value,
        filters: Value,
    ) -> Result<Gc<Self>> {
        let limit = match memlimit.not_none() {
            Some(_) if format == FORMAT_RAW => {
                return Err(cx.value_error("Cannot specify memory limit with FORMAT_RAW"));
            }
            Some(limit) => unsigned(cx, limit, "uint64_t", u64::MAX)?,
            None => u64::MAX,
        };
        let filters = filters.not_none();
        if format == FORMAT_RAW && filters.is_none() {
            return Err(cx.value_error("Must specify filters for FORMAT_RAW"));
        }
        if format != FORMAT_RAW && filters.is_some() {
            return Err(cx.value_error("Cannot specify filters except with FORMAT_RAW"));
        }
        let stream = match format {
            FORMAT_AUTO => Stream::new_auto_decoder(limit, 0),
            FORMAT_XZ => Stream::new_stream_decoder(limit, 0),
            FORMAT_ALONE => Stream::new_lzma_decoder(limit),
            FORMAT_RAW => {
                let filters = filter::parse_all(cx, filters.unwrap_or(Value::NONE))?;
                let chain = filter::chain(cx, &filters)?;
                Stream::new_raw_decoder(&chain)
            }
            _ => return Err(cx.value_error(format!("Invalid container format: {format}"))),
        };
        let stream = Decompression(stream.map_err(|error| raise(cx, error))?);
        let check = if matches!(format, FORMAT_AUTO | FORMAT_XZ) { CHECK_UNKNOWN } else { 0 };
        let unused_data = TypedSlot::new(cx.new_bytes(b""));
        let state = State { stream, kept: Vec::new(), header: Vec::new() };
        let body = Decompressor {
            state: Guarded::new(Opaque(state)),
            unused_data,
            check: AtomicI32::new(check),
            eof: AtomicBool::new(false),
            needs_input: AtomicBool::new(true),
        };
        Ok(cx.new_instance(class, body))
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes of
    /// decompressed data. If this limit is reached and further output can be
    /// produced, *self.needs_input* will be set to ``False``. In this case, the next
    /// call to *decompress()* may provide *data* as b'' to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either because this
    /// was less than *max_length* bytes, or because *max_length* was negative),
    /// *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached raises an
    /// EOFError.  Any data found after the end of the stream is ignored and saved in
    /// the unused_data attribute.
    #[function("(data, max_length=-1)")]
    fn decompress(&self, cx: &mut Context, data: Value, max_length: isize) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        if self.eof.load(Ordering::Acquire) {
            return Err(cx.eof_error("Already at end of stream"));
        }
        let limit = usize::try_from(max_length).unwrap_or(usize::MAX);
        let (result, rest) = {
            let mut held = self.state.lock(cx);
            let state = &mut held.0;
            let missing = HEADER.saturating_sub(state.header.len()).min(data.len());
            state.header.extend_from_slice(&data[..missing]);
            state.kept.extend_from_slice(&data);
            let result = decompression::run(&mut state.stream, &mut state.kept, limit);
            if self.check.load(Ordering::Relaxed) == CHECK_UNKNOWN
                && let Some(check) = state.check()
            {
                self.check.store(check, Ordering::Relaxed);
            }
            let ended = result.as_ref().is_ok_and(|output| output.ended);
            if let Ok(output) = &result {
                let needs_input = !ended && state.kept.is_empty() && !output.full;
                self.needs_input.store(needs_input, Ordering::Release);
            }
            (result, if ended { std::mem::take(&mut state.kept) } else { Vec::new() })
        };
        let output = result.map_err(|error| raise(cx, error))?;
        if output.ended {
            self.unused_data.store(cx.new_bytes(&rest));
            self.eof.store(true, Ordering::Release);
        }
        Ok(output.bytes)
    }

    /// ID of the integrity check used by the input stream.
    #[member]
    fn check(&self) -> i32 {
        self.check.load(Ordering::Relaxed)
    }

    /// True if the end-of-stream marker has been reached.
    #[member]
    fn eof(&self) -> bool {
        self.eof.load(Ordering::Acquire)
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[member]
    fn needs_input(&self) -> bool {
        self.needs_input.load(Ordering::Acquire)
    }

    /// Data found after the end of the compressed stream.
    #[member]
    fn unused_data(&self) -> Option<Gc<Bytes>> {
        self.unused_data.load()
    }
}
