//! `Decompress`, what `decompressobj` gives. CPython: `Modules/zlibmodule.c`.
//!
//! Invariant: input that was not used is in `unconsumed_tail` while the stream goes on, behind its end in `unused_data`.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use zlib_rs::Inflate;

use super::stream::{self, Decompressed, Failure};
use super::{message_of, raise, raise_failure};

/// Body of `zlib.Decompress`.
#[derive(Trace)]
pub struct Decompress {
    stream: Guarded<Opaque<Inflate>>,
    zdict: Opaque<Option<Vec<u8>>>,
    unused_data: TypedSlot<Bytes>,
    unconsumed_tail: TypedSlot<Bytes>,
    eof: AtomicBool,
    /// Whether `flush` met the end, which lets the stream go.
    closed: AtomicBool,
}

impl Decompress {
    pub(super) fn new(cx: &Context, stream: Inflate, zdict: Option<Vec<u8>>) -> Decompress {
        let empty = cx.new_bytes(b"");
        Decompress {
            stream: Guarded::new(Opaque(stream)),
            zdict: Opaque(zdict),
            unused_data: TypedSlot::new(empty),
            unconsumed_tail: TypedSlot::new(empty),
            eof: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// Decompresses at most `limit` bytes and files what is left of the input.
    fn run(&self, cx: &mut Context, input: &[u8], limit: usize) -> Result<Vec<u8>> {
        if self.eof.load(Ordering::Acquire) {
            self.add_unused(cx, input);
            return Ok(Vec::new());
        }
        let (result, detail): (std::result::Result<Decompressed, Failure>, _) = {
            let mut held = self.stream.lock(cx);
            let result = stream::decompress(&mut held.0, input, limit, self.zdict.as_deref());
            let detail = if result.is_err() { message_of(&held.0) } else { None };
            (result, detail)
        };
        let result = match result {
            Ok(result) => result,
            Err(failure) => return Err(raise_failure(cx, failure, detail)),
        };
        let rest = &input[result.consumed..];
        if result.ended {
            self.eof.store(true, Ordering::Release);
            self.add_unused(cx, rest);
            self.unconsumed_tail.store(cx.new_bytes(b""));
        } else {
            self.unconsumed_tail.store(cx.new_bytes(rest));
        }
        Ok(result.out)
    }

    fn add_unused(&self, cx: &Context, more: &[u8]) {
        if !more.is_empty() {
            let known = self.unused_data.load();
            let known = known.as_ref().map_or(&[][..], |known| known.as_slice());
            self.unused_data.store(cx.new_bytes_from(&[known, more]));
        }
    }
}

#[class(name = "Decompress", module = "zlib", flags = DISALLOW_NEW)]
impl Decompress {
    /// Return a bytes object containing the decompressed version of the data.
    ///
    ///   data
    ///     The binary data to decompress.
    ///   max_length
    ///     The maximum allowable length of the decompressed data.
    ///     Unconsumed input data will be stored in
    ///     the unconsumed_tail attribute.
    ///
    /// After calling this function, some of the input data may still be stored in
    /// internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[function("(data, /, max_length=0)")]
    fn decompress(&self, cx: &mut Context, data: Value, max_length: isize) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        if max_length >= 0 && self.closed.load(Ordering::Acquire) {
            return Err(raise(cx, -2, "while decompressing data", None));
        }
        match usize::try_from(max_length) {
            Ok(0) => self.run(cx, &data, usize::MAX),
            Ok(limit) => self.run(cx, &data, limit),
            Err(_) => Err(cx.value_error("max_length must be non-negative")),
        }
    }

    /// Return a bytes object containing any remaining decompressed data.
    ///
    ///   length
    ///     the initial size of the output buffer.
    #[function("(length=16384, /)", text = "(length=zlib.DEF_BUF_SIZE, /)")]
    fn flush(&self, cx: &mut Context, length: isize) -> Result<Vec<u8>> {
        if length <= 0 {
            return Err(cx.value_error("length must be greater than zero"));
        }
        let tail = self.unconsumed_tail.load();
        let rest = self.run(cx, tail.as_ref().map_or(&[][..], |tail| tail.as_slice()), usize::MAX)?;
        if self.eof.load(Ordering::Acquire) {
            self.closed.store(true, Ordering::Release);
        }
        Ok(rest)
    }

    #[member]
    fn unused_data(&self) -> Option<Gc<Bytes>> {
        self.unused_data.load()
    }

    #[member]
    fn unconsumed_tail(&self) -> Option<Gc<Bytes>> {
        self.unconsumed_tail.load()
    }

    #[member]
    fn eof(&self) -> bool {
        self.eof.load(Ordering::Acquire)
    }
}
