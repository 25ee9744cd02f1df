//! `_ZlibDecompressor`: decompression that keeps its own input. CPython: `Modules/zlibmodule.c`.
//!
//! Invariant: `needs_input` is true exactly while more output cannot be made of the input that is kept.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use zlib_rs::Inflate;

use super::{dictionary, message_of, prepared, raise_failure, stream};

/// Body of `zlib._ZlibDecompressor`.
#[derive(Trace)]
pub struct Decompressor {
    state: Guarded<Opaque<State>>,
    zdict: Opaque<Option<Vec<u8>>>,
    unused_data: TypedSlot<Bytes>,
    eof: AtomicBool,
    needs_input: AtomicBool,
}

/// The stream, and input that it has not used.
struct State {
    stream: Inflate,
    kept: Vec<u8>,
}

/// Create a decompressor object for decompressing data incrementally.
///
///   wbits = 15
///   zdict
///      The predefined compression dictionary. This is a sequence of bytes
///      (such as a bytes object) containing subsequences that are expected
///      to occur frequently in the data that is to be compressed. Those
///      subsequences that are expected to be most common should come at the
///      end of the dictionary. This must be the same dictionary as used by the
///      compressor that produced the input data.
#[class(name = "_ZlibDecompressor", module = "zlib")]
impl Decompressor {
    #[new("(wbits=15, zdict=<absent>)", text = "(wbits=15, zdict=b'')")]
    fn new(cx: &mut Context, class: Gc<Class>, wbits: i32, zdict: Option<Value>) -> Result<Gc<Self>> {
        let zdict = dictionary(cx, zdict)?;
        let stream = prepared(cx, wbits, zdict.as_deref())?;
        let unused_data = TypedSlot::new(cx.new_bytes(b""));
        let state = Guarded::new(Opaque(State { stream, kept: Vec::new() }));
        let body = Decompressor {
            state,
            zdict: Opaque(zdict),
            unused_data,
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
            return Err(cx.eof_error("End of stream already reached"));
        }
        let limit = usize::try_from(max_length).unwrap_or(usize::MAX);
        let (result, detail, rest) = {
            let mut held = self.state.lock(cx);
            let State { stream, kept } = &mut held.0;
            kept.extend_from_slice(&data);
            let result = stream::decompress(stream, kept, limit, self.zdict.as_deref());
            let detail = if result.is_err() { message_of(stream) } else { None };
            let consumed = result.as_ref().map_or(kept.len(), |result| result.consumed);
            kept.drain(..consumed);
            let ended = result.as_ref().is_ok_and(|result| result.ended);
            let rest = if ended { std::mem::take(kept) } else { Vec::new() };
            let full = result.as_ref().is_ok_and(|result| result.out.len() == limit);
            self.needs_input.store(!ended && kept.is_empty() && !full, Ordering::Release);
            (result, detail, rest)
        };
        match result {
            Ok(result) => {
                if result.ended {
                    self.eof.store(true, Ordering::Release);
                    self.unused_data.store(cx.new_bytes(&rest));
                }
                Ok(result.out)
            }
            Err(failure) => Err(raise_failure(cx, failure, detail)),
        }
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
