//! `_lzma`: xz and lzma streams. CPython: `Modules/_lzmamodule.c`.
//!
//! Invariant: a stream's state is behind its object's lock, and no Python runs while the lock is held.

mod decompressor;
mod filter;

use liblzma::stream::{Action, Check, Error, Status, Stream};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::module_exception::ModuleException;
use decompressor::Decompressor;
use filter::{Filter, Lzma as LzmaFilter, PRESET_DEFAULT};

const FORMAT_AUTO: i32 = 0;
const FORMAT_XZ: i32 = 1;
const FORMAT_ALONE: i32 = 2;
const FORMAT_RAW: i32 = 3;
const CHECK_CRC64: i32 = 4;
const CHECK_UNKNOWN: i32 = 16;

/// Room that output grows by at first.
const ROOM: usize = 16 << 10;

/// `_lzma.LZMAError`.
static ERROR: ModuleException =
    ModuleException::new("_lzma", "LZMAError", exception::exception).with_doc("Call to liblzma failed.");

#[cold]
fn raise(cx: &mut Context, error: Error) -> Raised {
    let message = match error {
        Error::Mem => return cx.memory_error(),
        Error::UnsupportedCheck | Error::NoCheck => "Unsupported integrity check",
        Error::MemLimit => "Memory usage limit exceeded",
        Error::Format => "Input format not supported by decoder",
        Error::Options => "Invalid or unsupported options",
        Error::Data => "Corrupt input data",
        Error::Program => "Internal error",
    };
    ERROR.raise(cx, message)
}

/// An unsigned number of the C type `name`, which holds numbers up to `most`.
fn unsigned(cx: &mut Context, value: Value, name: &str, most: u64) -> Result<u64> {
    let wide = cx.index_i128(value)?;
    if wide < 0 {
        return Err(cx.value_error("Cannot convert negative int"));
    }
    match u64::try_from(wide) {
        Ok(number) if number <= most => Ok(number),
        _ => Err(cx.overflow_error(format!("Python int too large for C {name}"))),
    }
}

/// A number that C has as `uint32_t`.
fn unsigned32(cx: &mut Context, value: Value) -> Result<u32> {
    Ok(unsigned(cx, value, "uint32_t", u64::from(u32::MAX))? as u32)
}

/// The integrity check of a number.
fn check_of(number: i32) -> Option<Check> {
    Some(match number {
        0 => Check::None,
        1 => Check::Crc32,
        4 => Check::Crc64,
        10 => Check::Sha256,
        _ => return None,
    })
}

/// Gives a compressor input, or with `Finish` takes all that is left of it.
fn compress(stream: &mut Stream, input: &[u8], action: Action) -> std::result::Result<Vec<u8>, Error> {
    let finishing = matches!(action, Action::Finish);
    let (mut out, mut used, mut input) = (Vec::new(), 0, input);
    loop {
        if used == out.len() {
            out.resize(out.len() + out.len().clamp(ROOM, 1 << 24), 0);
        }
        let (read, written) = (stream.total_in(), stream.total_out());
        let status = stream.process(input, &mut out[used..], action)?;
        input = &input[(stream.total_in() - read) as usize..];
        used += (stream.total_out() - written) as usize;
        let done = if finishing { status == Status::StreamEnd } else { input.is_empty() };
        if done {
            out.truncate(used);
            return Ok(out);
        }
    }
}

/// Body of `_lzma.LZMACompressor`.
#[derive(Trace)]
pub struct Compressor {
    /// `None` once flushed.
    stream: Guarded<Opaque<Option<Stream>>>,
}

/// The stream for the arguments of a compressor.
fn encoder(
    cx: &mut Context,
    format: i32,
    check: i32,
    preset: Option<Value>,
    filters: Option<Value>,
) -> Result<Stream> {
    if preset.is_some() && filters.is_some() {
        return Err(cx.value_error("Cannot specify both preset and filter chain"));
    }
    let preset = match preset {
        Some(preset) => unsigned32(cx, preset)?,
        None => PRESET_DEFAULT,
    };
    if format != FORMAT_XZ && check != -1 && check != 0 {
        return Err(cx.value_error("Integrity checks are only supported by FORMAT_XZ"));
    }
    let filters = match filters {
        Some(filters) if matches!(format, FORMAT_XZ | FORMAT_ALONE | FORMAT_RAW) => {
            Some(filter::parse_all(cx, filters)?)
        }
        _ => None,
    };
    let stream = match (format, filters) {
        (FORMAT_XZ, filters) => {
            let check = check_of(if check == -1 { CHECK_CRC64 } else { check });
            match (check, filters) {
                // liblzma knows other numbers than these, and no check for them.
                (None, _) => Err(Error::UnsupportedCheck),
                (Some(check), None) => Stream::new_easy_encoder(preset, check),
                (Some(check), Some(filters)) => {
                    let chain = filter::chain(cx, &filters)?;
                    Stream::new_stream_encoder(&chain, check)
                }
            }
        }
        (FORMAT_ALONE, None) => {
            let options = LzmaFilter::of_preset(cx, preset)?;
            options.options().and_then(|options| Stream::new_lzma_encoder(&options))
        }
        (FORMAT_ALONE, Some(filters)) => match &filters[..] {
            [Filter::Lzma { id: filter::LZMA1, options }] => {
                options.options().and_then(|options| Stream::new_lzma_encoder(&options))
            }
            _ => {
                let message = "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter";
                return Err(cx.value_error(message));
            }
        },
        (FORMAT_RAW, Some(filters)) => {
            let chain = filter::chain(cx, &filters)?;
            Stream::new_raw_encoder(&chain)
        }
        (FORMAT_RAW, None) => return Err(cx.value_error("Must specify filters for FORMAT_RAW")),
        _ => return Err(cx.value_error(format!("Invalid container format: {format}"))),
    };
    stream.map_err(|error| raise(cx, error))
}

/// LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)
///
/// Create a compressor object for compressing data incrementally.
///
/// format specifies the container format to use for the output. This can
/// be FORMAT_XZ (default), FORMAT_ALONE, or FORMAT_RAW.
///
/// check specifies the integrity check to use. For FORMAT_XZ, the default
/// is CHECK_CRC64. FORMAT_ALONE and FORMAT_RAW do not support integrity
/// checks; for these formats, check must be omitted, or be CHECK_NONE.
///
/// The settings used by the compressor can be specified either as a
/// preset compression level (with the 'preset' argument), or in detail
/// as a custom filter chain (with the 'filters' argument). For FORMAT_XZ
/// and FORMAT_ALONE, the default is to use the PRESET_DEFAULT preset
/// level. For FORMAT_RAW, the caller must always specify a filter chain;
/// the raw compressor does not support preset compression levels.
///
/// preset (if provided) should be an integer in the range 0-9, optionally
/// OR-ed with the constant PRESET_EXTREME.
///
/// filters (if provided) should be a sequence of dicts. Each dict should
/// have an entry for "id" indicating the ID of the filter, plus
/// additional entries for options to the filter.
///
/// For one-shot compression, use the compress() function instead.
#[class(name = "LZMACompressor", module = "_lzma")]
impl Compressor {
    #[new("(format=1, check=-1, preset=None, filters=None)", text = "")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        format: i32,
        check: i32,
        preset: Option<Value>,
        filters: Option<Value>,
    ) -> Result<Gc<Self>> {
        let given = |value: Option<Value>| value.and_then(Value::not_none);
        let stream = encoder(cx, format, check, given(preset), given(filters))?;
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
                let result = cx.blocking(|| compress(&mut stream, &[], Action::Finish));
                result.map_err(|error| raise(cx, error))
            }
            None => Err(cx.value_error("Repeated call to flush()")),
        }
    }
}

pub struct Lzma;

#[module("_lzma", classes(Compressor, Decompressor))]
impl Lzma {
    #[constant]
    const FORMAT_AUTO: i32 = FORMAT_AUTO;
    #[constant]
    const FORMAT_XZ: i32 = FORMAT_XZ;
    #[constant]
    const FORMAT_ALONE: i32 = FORMAT_ALONE;
    #[constant]
    const FORMAT_RAW: i32 = FORMAT_RAW;
    #[constant]
    const CHECK_NONE: i32 = 0;
    #[constant]
    const CHECK_CRC32: i32 = 1;
    #[constant]
    const CHECK_CRC64: i32 = CHECK_CRC64;
    #[constant]
    const CHECK_SHA256: i32 = 10;
    #[constant]
    const CHECK_ID_MAX: i32 = 15;
    #[constant]
    const CHECK_UNKNOWN: i32 = CHECK_UNKNOWN;
    #[constant]
    const FILTER_LZMA1: u64 = filter::LZMA1;
    #[constant]
    const FILTER_LZMA2: u64 = filter::LZMA2;
    #[constant]
    const FILTER_DELTA: u64 = filter::DELTA;
    #[constant]
    const FILTER_X86: u64 = filter::X86;
    #[constant]
    const FILTER_POWERPC: u64 = filter::POWERPC;
    #[constant]
    const FILTER_IA64: u64 = filter::IA64;
    #[constant]
    const FILTER_ARM: u64 = filter::ARM;
    #[constant]
    const FILTER_ARMTHUMB: u64 = filter::ARMTHUMB;
    #[constant]
    const FILTER_SPARC: u64 = filter::SPARC;
    #[constant]
    const MF_HC3: i32 = 3;
    #[constant]
    const MF_HC4: i32 = 4;
    #[constant]
    const MF_BT2: i32 = 18;
    #[constant]
    const MF_BT3: i32 = 19;
    #[constant]
    const MF_BT4: i32 = 20;
    #[constant]
    const MODE_FAST: i32 = 1;
    #[constant]
    const MODE_NORMAL: i32 = 2;
    #[constant]
    const PRESET_DEFAULT: u32 = PRESET_DEFAULT;
    #[constant]
    const PRESET_EXTREME: u32 = filter::PRESET_EXTREME;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        ERROR.add_to(cx, module)
    }

    /// Test whether the given integrity check is supported.
    ///
    /// Always returns True for CHECK_NONE and CHECK_CRC32.
    #[function("(check_id, /)")]
    fn is_check_supported(check_id: i32) -> bool {
        check_of(check_id).is_some()
    }

    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[function("(filter, /)")]
    fn _encode_filter_properties(cx: &mut Context, filter: Value) -> Result<Vec<u8>> {
        let filter = filter::parse(cx, filter)?;
        filter::encode(&filter).map_err(|error| raise(cx, error))
    }

    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[function("(filter_id, encoded_props, /)")]
    fn _decode_filter_properties(
        cx: &mut Context,
        filter_id: Value,
        encoded_props: Value,
    ) -> Result<Gc<Dict>> {
        let filter_id = unsigned(cx, filter_id, "lzma_vli", u64::MAX)?;
        let properties = cx.bytes_like(encoded_props)?;
        filter::decode(cx, filter_id, &properties)
    }
}
