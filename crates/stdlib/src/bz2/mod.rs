//! `_bz2`: bzip2 streams. CPython: `Modules/_bz2module.c`.
//!
//! Invariant: a stream's state is behind its object's lock, and no Python runs while the lock is held.

use std::sync::atomic::{AtomicBool, Ordering};

use bzip2::{Action, Compress, Compression, Decompress, Error, Status};
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::decompression::{self, Decoder, Step};

/// Room that output grows by at first.
const ROOM: usize = 16 << 10;

#[cold]
fn raise(cx: &Context, error: Error) -> Raised {
    match error {
        Error::Data | Error::DataMagic => cx.os_error_message("Invalid data stream"),
        Error::Param => cx.value_error("Internal error - invalid parameters passed to libbzip2"),
        Error::Sequence => cx.runtime_error("Internal error - Invalid sequence of commands sent to libbzip2"),
    }
}

/// Gives a compressor input, or with `Finish` takes all that is left of it.
fn compress(stream: &mut Compress, input: &[u8], action: Action) -> std::result::Result<Vec<u8>, Error> {
    let (mut out, mut used, mut input) = (Vec::new(), 0, input);
    loop {
        if used == out.len() {
            out.resize(out.len() + out.len().clamp(ROOM, 1 << 24), 0);
        }
        let (read, written) = (stream.total_in(), stream.total_out());
        let finishing = matches!(action, Action::Finish);
        if !finishing && input.is_empty() {
            break;
        }
        let status = stream.compress(input, &mut out[used..], action)?;
        input = &input[(stream.total_in() - read) as usize..];
        used += (stream.total_out() - written) as usize;
        if finishing && status == Status::StreamEnd {
            break;
        }
    }
    out.truncate(used);
    Ok(out)
}

/// Body of `_bz2.BZ2Compressor`.
#[derive(Trace)]
pub struct Compressor {
    /// `None` once flushed.
    stream: Guarded<Opaque<Option<Compress>>>,
}

/// Create a compressor object for compressing data incrementally.
///
///   compresslevel
///     Compression level, as a number between 1 and 9.
///
/// For one-shot compression, use the compress() function instead.
#[class(name = "BZ2Compressor", module = "_bz2")]
impl Compressor {
    #[new("(compresslevel=9, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, compresslevel: i32) -> Result<Gc<Self>> {
        if !(1..=9).contains(&compresslevel) {
            return Err(cx.value_error("compresslevel must be between 1 and 9"));
        }
        let stream = Compress::new(Compression::new(compresslevel as u32), 0);
        Ok(cx.new_instance(class, Compressor { stream: Guarded::new(Opaque(Some(stream))) }))
    }

    /// Provide data to the compressor object.
    ///
    /// Returns a chunk of compressed data if possible, or b'' otherwise.
    ///
    /// When you have finished providing data to the compressor, call the
    /// flush() method to finish the compression process.
    #[function("(data, /)")]
    fn compress(&self, cx: &mut Context, data: Value) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        let result = {
            let mut held = self.stream.lock(cx);
            held.0.as_mut().map(|stream| compress(stream, &data, Action::Run))
        };
        match result {
            Some(result) => result.map_err(|error| raise(cx, error)),
            None => Err(cx.value_error("Compressor has been flushed")),
        }
    }

    /// Finish the compression process.
    ///
    /// Returns the compressed data left in internal buffers.
    ///
    /// The compressor object may not be used after this method is called.
    #[function("()")]
    fn flush(&self, cx: &mut Context) -> Result<Vec<u8>> {
        let taken = self.stream.lock(cx).0.take();
        match taken {
            Some(mut stream) => {
                cx.blocking(|| compress(&mut stream, &[], Action::Finish)).map_err(|error| raise(cx, error))
            }
            None => Err(cx.value_error("Repeated call to flush()")),
        }
    }
}

/// The stream of a decompressor.
struct Stream(Decompress);

impl Decoder for Stream {
    type Error = Error;

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> std::result::Result<Step, Error> {
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output)?;
        Ok(Step {
            consumed: (self.0.total_in() - read) as usize,
            written: (self.0.total_out() - written) as usize,
            ended: status == Status::StreamEnd,
        })
    }
}

/// The stream, and input that it has not used.
struct State {
    stream: Stream,
    kept: Vec<u8>,
    /// Whether it met an error, after which it cannot go on.
    failed: bool,
}

/// Body of `_bz2.BZ2Decompressor`.
#[derive(Trace)]
pub struct Decompressor {
    state: Guarded<Opaque<State>>,
    unused_data: TypedSlot<Bytes>,
    eof: AtomicBool,
    needs_input: AtomicBool,
}

/// Create a decompressor object for decompressing data incrementally.
///
/// For one-shot decompression, use the decompress() function instead.
#[class(name = "BZ2Decompressor", module = "_bz2")]
impl Decompressor {
    #[new("()")]
    fn new(cx: &mut Context, class: Gc<Class>) -> Gc<Self> {
        let state = State { stream: Stream(Decompress::new(false)), kept: Vec::new(), failed: false };
        let unused_data = TypedSlot::new(cx.new_bytes(b""));
        let body = Decompressor {
            state: Guarded::new(Opaque(state)),
            unused_data,
            eof: AtomicBool::new(false),
            needs_input: AtomicBool::new(true),
        };
        cx.new_instance(class, body)
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes
    /// of decompressed data.  If this limit is reached and further output
    /// can be produced, *self.needs_input* will be set to ``False``.  In
    /// this case, the next call to *decompress()* may provide *data* as b''
    /// to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either
    /// because this was less than *max_length* bytes, or because
    /// *max_length* was negative), *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached
    /// raises an EOFError.  Any data found after the end of the stream is
    /// ignored and saved in the unused_data attribute.
    #[function("(data, max_length=-1)")]
    fn decompress(&self, cx: &mut Context, data: Value, max_length: isize) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        if self.eof.load(Ordering::Acquire) {
            return Err(cx.eof_error("End of stream already reached"));
        }
        let limit = usize::try_from(max_length).unwrap_or(usize::MAX);
        let (result, rest) = {
            let mut held = self.state.lock(cx);
            let State { stream, kept, failed } = &mut held.0;
            if *failed {
                drop(held);
                return Err(cx.value_error("Decompressor is unusable after a previous error"));
            }
            kept.extend_from_slice(&data);
            let result = decompression::run(stream, kept, limit);
            *failed = result.is_err();
            let ended = result.as_ref().is_ok_and(|output| output.ended);
            self.needs_input.store(result.is_ok() && !ended && kept.is_empty(), Ordering::Release);
            (result, if ended { std::mem::take(kept) } else { Vec::new() })
        };
        let output = result.map_err(|error| raise(cx, error))?;
        if output.ended {
            self.unused_data.store(cx.new_bytes(&rest));
            self.eof.store(true, Ordering::Release);
        }
        Ok(output.bytes)
    }

    /// True if the end-of-stream marker has been reached.
    #[member]
    fn eof(&self) -> bool {
        self.eof.load(Ordering::Acquire)
    }

    /// Data found after the end of the compressed stream.
    #[member]
    fn unused_data(&self) -> Option<Gc<Bytes>> {
        self.unused_data.load()
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[member]
    fn needs_input(&self) -> bool {
        self.needs_input.load(Ordering::Acquire)
    }
}

pub struct Bz2;

#[module("_bz2", classes(Compressor, Decompressor))]
impl Bz2 {}
