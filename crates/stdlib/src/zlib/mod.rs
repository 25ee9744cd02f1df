//! `zlib`: DEFLATE streams and their checksums. CPython: `Modules/zlibmodule.c`.
//!
//! Invariant: a stream's state is behind its object's lock, and no Python runs while the lock is held.

mod compress;
mod decompress;
mod incremental;
mod stream;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use zlib_rs::{DeflateError, DeflateFlush, Inflate, InflateError};

use crate::module_exception::ModuleException;
use compress::Compress;
use decompress::Decompress;
use incremental::Decompressor;
use stream::Failure;

/// `zlib.error`.
static ERROR: ModuleException = ModuleException::new("zlib", "error", exception::exception);

const INVALID: &str = "Invalid initialization option";

/// Raises zlib's error with a number, as `zlib_error` words it.
fn raise(cx: &mut Context, number: i32, doing: &str, detail: Option<&str>) -> Raised {
    let detail = detail.or(match number {
        -5 => Some("incomplete or truncated stream"),
        -2 => Some("inconsistent stream state"),
        -3 => Some("invalid input data"),
        _ => None,
    });
    match detail {
        Some(detail) => ERROR.raise(cx, format!("Error {number} {doing}: {detail}")),
        None => ERROR.raise(cx, format!("Error {number} {doing}")),
    }
}

/// What failed decompressing raises; `detail` is the stream's own message.
fn raise_failure(cx: &mut Context, failure: Failure, detail: Option<&'static str>) -> Raised {
    let number = |error: InflateError| match error {
        InflateError::NeedDict { .. } => 2,
        InflateError::StreamError => -2,
        InflateError::DataError => -3,
        InflateError::MemError => -4,
    };
    match failure {
        Failure::Data(InflateError::MemError) => cx.memory_error(),
        Failure::Data(error) => raise(cx, number(error), "while decompressing data", detail),
        Failure::Dictionary(error) => raise(cx, number(error), "while setting zdict", None),
    }
}

/// What failed compressing raises.
fn raise_deflate(cx: &mut Context, error: DeflateError, doing: &str) -> Raised {
    match error {
        DeflateError::StreamError => raise(cx, -2, doing, None),
        DeflateError::DataError => raise(cx, -3, doing, None),
        DeflateError::MemError => cx.memory_error(),
    }
}

fn message_of(stream: &Inflate) -> Option<&'static str> {
    stream.error_message()
}

/// The dictionary argument of a decompressor.
fn dictionary(cx: &mut Context, zdict: Option<Value>) -> Result<Option<Vec<u8>>> {
    match zdict {
        None => Ok(None),
        Some(zdict) if cx.has_buffer(zdict) => Ok(Some(cx.bytes_like(zdict)?.to_vec())),
        Some(_) => Err(cx.type_error("zdict argument must support the buffer protocol")),
    }
}

pub struct Zlib;

/// The functions in this module allow compression and decompression using the
/// zlib library, which is based on GNU zip.
///
/// adler32(string[, start]) -- Compute an Adler-32 checksum.
/// compress(data[, level]) -- Compress data, with compression level 0-9 or -1.
/// compressobj([level[, ...]]) -- Return a compressor object.
/// crc32(string[, start]) -- Compute a CRC-32 checksum.
/// decompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.
/// decompressobj([wbits[, zdict]]) -- Return a decompressor object.
///
/// 'wbits' is window buffer size and container format.
/// Compressor objects support compress() and flush() methods; decompressor
/// objects support decompress() and flush().
#[module("zlib", classes(Decompressor))]
impl Zlib {
    #[constant]
    const MAX_WBITS: i32 = 15;
    #[constant]
    const DEFLATED: i32 = 8;
    #[constant]
    const DEF_MEM_LEVEL: i32 = 8;
    #[constant]
    const DEF_BUF_SIZE: i32 = 16 << 10;
    #[constant]
    const Z_NO_COMPRESSION: i32 = 0;
    #[constant]
    const Z_BEST_SPEED: i32 = 1;
    #[constant]
    const Z_BEST_COMPRESSION: i32 = 9;
    #[constant]
    const Z_DEFAULT_COMPRESSION: i32 = -1;
    #[constant]
    const Z_FILTERED: i32 = 1;
    #[constant]
    const Z_HUFFMAN_ONLY: i32 = 2;
    #[constant]
    const Z_RLE: i32 = 3;
    #[constant]
    const Z_FIXED: i32 = 4;
    #[constant]
    const Z_DEFAULT_STRATEGY: i32 = 0;
    #[constant]
    const Z_FINISH: i32 = 4;
    #[constant]
    const Z_NO_FLUSH: i32 = 0;
    #[constant]
    const Z_PARTIAL_FLUSH: i32 = 1;
    #[constant]
    const Z_SYNC_FLUSH: i32 = 2;
    #[constant]
    const Z_FULL_FLUSH: i32 = 3;
    #[constant]
    const Z_BLOCK: i32 = 5;
    #[constant]
    const Z_TREES: i32 = 6;
    #[constant]
    const ZLIB_VERSION: &'static str = "1.3.1";
    #[constant]
    const ZLIB_RUNTIME_VERSION: &'static str = "1.3.1";

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        Compress::class_cell().ensure(cx);
        Decompress::class_cell().ensure(cx);
        ERROR.add_to(cx, module)
    }

    /// Compute an Adler-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function("(data, value=1, /)")]
    fn adler32(cx: &mut Context, data: Value, value: Value) -> Result<u32> {
        let start = crate::binascii::low_bits(cx, value)?;
        cx.with_buffer(data, |data| zlib_rs::adler32::adler32(start, data))
    }

    /// Compute a CRC-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function("(data, value=0, /)")]
    fn crc32(cx: &mut Context, data: Value, value: Value) -> Result<u32> {
        let start = crate::binascii::low_bits(cx, value)?;
        cx.with_buffer(data, |data| zlib_rs::crc32::crc32(start, data))
    }

    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///   level
    ///     Compression level, in 0-9 or -1.
    ///   wbits
    ///     The window buffer size and container format.
    #[function(
        "(data, /, level=-1, wbits=15)",
        text = "(data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)"
    )]
    fn compress(cx: &mut Context, data: Value, level: i32, wbits: i32) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        let Some(mut stream) = stream::compressor(level, 8, wbits, 8, 0) else {
            return Err(ERROR.raise(cx, "Bad compression level"));
        };
        let result = cx.blocking(|| stream::compress(&mut stream, &data, DeflateFlush::Finish));
        result.map_err(|error| raise_deflate(cx, error, "while compressing data"))
    }

    /// Returns a bytes object containing the uncompressed data.
    ///
    ///   data
    ///     Compressed data.
    ///   wbits
    ///     The window buffer size and container format.
    ///   bufsize
    ///     The initial output buffer size.
    #[function(
        "(data, /, wbits=15, bufsize=16384)",
        text = "(data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)"
    )]
    fn decompress(cx: &mut Context, data: Value, wbits: i32, bufsize: isize) -> Result<Vec<u8>> {
        let data = cx.bytes_like(data)?;
        if bufsize < 0 {
            return Err(cx.value_error("bufsize must be non-negative"));
        }
        let Some(mut stream) = stream::decompressor(wbits) else {
            return Err(raise(cx, -2, "while preparing to decompress data", None));
        };
        match cx.blocking(|| stream::decompress(&mut stream, &data, usize::MAX, None)) {
            Ok(result) if result.ended => Ok(result.out),
            Ok(_) => Err(raise(cx, -5, "while decompressing data", None)),
            Err(failure) => Err(raise_failure(cx, failure, message_of(&stream))),
        }
    }

    /// Return a compressor object.
    ///
    ///   level
    ///     The compression level (an integer in the range 0-9 or -1; default is
    ///     currently equivalent to 6).  Higher compression levels are slower,
    ///     but produce smaller results.
    ///   method
    ///     The compression algorithm.  If given, this must be DEFLATED.
    ///   wbits
    ///     +9 to +15: The base-two logarithm of the window size.  Include a zlib
    ///         container.
    ///     -9 to -15: Generate a raw stream.
    ///     +25 to +31: Include a gzip container.
    ///   memLevel
    ///     Controls the amount of memory used for internal compression state.
    ///     Valid values range from 1 to 9.  Higher values result in higher memory
    ///     usage, faster compression, and smaller output.
    ///   strategy
    ///     Used to tune the compression algorithm.  Possible values are
    ///     Z_DEFAULT_STRATEGY, Z_FILTERED, and Z_HUFFMAN_ONLY.
    ///   zdict
    ///     The predefined compression dictionary - a sequence of bytes
    ///     containing subsequences that are likely to occur in the input data.
    #[function("(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=<absent>)")]
    fn compressobj(
        cx: &mut Context,
        level: i32,
        method: i32,
        wbits: i32,
        memLevel: i32,
        strategy: i32,
        zdict: Option<Value>,
    ) -> Result<Gc<Compress>> {
        let zdict = match zdict {
            Some(zdict) => Some(cx.bytes_like(zdict)?),
            None => None,
        };
        let Some(mut stream) = stream::compressor(level, method, wbits, memLevel, strategy) else {
            return Err(cx.value_error(INVALID));
        };
        if let Some(zdict) = zdict
            && stream.set_dictionary(&zdict).is_err()
        {
            return Err(cx.value_error("Invalid dictionary"));
        }
        Ok(cx.new_object(Compress::new(stream)))
    }

    /// Return a decompressor object.
    ///
    ///   wbits
    ///     The window buffer size and container format.
    ///   zdict
    ///     The predefined compression dictionary.  This must be the same
    ///     dictionary as used by the compressor that produced the input data.
    #[function("(wbits=15, zdict=<absent>)", text = "(wbits=MAX_WBITS, zdict=b'')")]
    fn decompressobj(cx: &mut Context, wbits: i32, zdict: Option<Value>) -> Result<Gc<Decompress>> {
        let zdict = dictionary(cx, zdict)?;
        let stream = prepared(cx, wbits, zdict.as_deref())?;
        Ok(cx.new_object(Decompress::new(cx, stream, zdict)))
    }
}

/// A decompressor, which for a raw stream has its dictionary from the start.
fn prepared(cx: &mut Context, wbits: i32, zdict: Option<&[u8]>) -> Result<Inflate> {
    let Some(mut stream) = stream::decompressor(wbits) else { return Err(cx.value_error(INVALID)) };
    if let Some(zdict) = zdict
        && wbits < 0
        && let Err(error) = stream.set_dictionary(zdict)
    {
        return Err(raise_failure(cx, Failure::Dictionary(error), None));
    }
    Ok(stream)
}
