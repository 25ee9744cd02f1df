//! `Compress`, what `compressobj` gives. CPython: `Modules/zlibmodule.c`.
//!
//! Invariant: the stream is gone once it is finished.

use taipan_runtime::prelude::*;
use zlib_rs::{Deflate, DeflateError, DeflateFlush};

use super::{raise_deflate, stream};

/// Body of `zlib.Compress`.
#[derive(Trace)]
pub struct Compress {
    stream: Guarded<Opaque<Option<Deflate>>>,
}

impl Compress {
    pub(super) fn new(stream: Deflate) -> Compress {
        Compress { stream: Guarded::new(Opaque(Some(stream))) }
    }

    fn run(&self, cx: &mut Context, input: &[u8], flush: DeflateFlush, doing: &str) -> Result<Vec<u8>> {
        let result = {
            let mut held = self.stream.lock(cx);
            let result = match held.0.as_mut() {
                Some(stream) => stream::compress(stream, input, flush),
                None => Err(DeflateError::StreamError),
            };
            if flush == DeflateFlush::Finish && result.is_ok() {
                held.0 = None;
            }
            result
        };
        result.map_err(|error| raise_deflate(cx, error, doing))
    }
}

#[class(name = "Compress", module = "zlib", flags = DISALLOW_NEW)]
impl Compress {
    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///
    /// After calling this function, some of the input data may still
    /// be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[function("(data, /)")]
    fn compress(&self, cx: &mut Context, data: Value) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        self.run(cx, &data, DeflateFlush::NoFlush, "while compressing data")
    }

    /// Return a bytes object containing any remaining compressed data.
    ///
    ///   mode
    ///     One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
    ///     If mode == Z_FINISH, the compressor object can no longer be
    ///     used after calling the flush() method.  Otherwise, more data
    ///     can still be compressed.
    #[function("(mode=4, /)", text = "(mode=zlib.Z_FINISH, /)")]
    fn flush(&self, cx: &mut Context, mode: i32) -> Result<Vec<u8>> {
        if mode == 0 {
            return Ok(Vec::new());
        }
        match stream::flush_mode(mode) {
            Some(mode) => self.run(cx, &[], mode, "while flushing"),
            None => Err(raise_deflate(cx, DeflateError::StreamError, "while flushing")),
        }
    }
}
