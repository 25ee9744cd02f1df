//! Compressing and decompressing pieces of a stream into vectors that grow as needed.
//!
//! Invariant: plain data; after each call the caller knows how much of the input was used.

use zlib_rs::{
    Deflate, DeflateConfig, DeflateError, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status,
    Strategy,
};

/// Room that output starts with.
const FIRST_ROOM: usize = 16 << 10;
/// The most that output grows by at once.
const LARGEST_STEP: usize = 1 << 24;

/// A compressor for these settings; `None` where zlib refuses them.
pub(super) fn compressor(
    level: i32,
    method: i32,
    wbits: i32,
    mem_level: i32,
    strategy: i32,
) -> Option<Deflate> {
    let wbits_are_valid = matches!(wbits, 8..=15 | 25..=31 | -15..=-9);
    if !(-1..=9).contains(&level) || method != 8 || !wbits_are_valid || !(1..=9).contains(&mem_level) {
        return None;
    }
    let strategy = match strategy {
        0 => Strategy::Default,
        1 => Strategy::Filtered,
        2 => Strategy::HuffmanOnly,
        3 => Strategy::Rle,
        4 => Strategy::Fixed,
        _ => return None,
    };
    // A window of 256 bytes has never worked; zlib takes the next one.
    let window_bits = if wbits == 8 { 9 } else { wbits };
    Some(Deflate::new_with_config(DeflateConfig {
        level,
        method: Method::Deflated,
        window_bits,
        mem_level,
        strategy,
    }))
}

/// A decompressor for a window size; `None` where zlib refuses it.
pub(super) fn decompressor(wbits: i32) -> Option<Inflate> {
    let bits = u8::try_from(wbits.unsigned_abs()).ok()?;
    match wbits {
        -15..=-8 => Some(Inflate::new(false, bits)),
        0..=47 if matches!(wbits & 15, 0 | 8..=15) => Some(Inflate::new(true, bits)),
        _ => None,
    }
}

/// The flush that a number asks for.
pub(super) fn flush_mode(mode: i32) -> Option<DeflateFlush> {
    Some(match mode {
        0 => DeflateFlush::NoFlush,
        1 => DeflateFlush::PartialFlush,
        2 => DeflateFlush::SyncFlush,
        3 => DeflateFlush::FullFlush,
        4 => DeflateFlush::Finish,
        5 => DeflateFlush::Block,
        _ => return None,
    })
}

/// Makes room behind what `out` holds, at most up to `limit` bytes in all; false if there is none.
fn make_room(out: &mut Vec<u8>, used: usize, limit: usize) -> bool {
    if used == out.len() {
        let step = out.len().clamp(FIRST_ROOM, LARGEST_STEP);
        out.resize(out.len().saturating_add(step).min(limit), 0);
    }
    used < out.len()
}

/// Compresses all of `input`, and what `flush` asks for.
pub(super) fn compress(
    stream: &mut Deflate,
    input: &[u8],
    flush: DeflateFlush,
) -> Result<Vec<u8>, DeflateError> {
    let (mut out, mut used, mut input) = (Vec::new(), 0, input);
    loop {
        make_room(&mut out, used, usize::MAX);
        let (read, written) = (stream.total_in(), stream.total_out());
        let status = stream.compress(input, &mut out[used..], flush)?;
        input = &input[(stream.total_in() - read) as usize..];
        used += (stream.total_out() - written) as usize;
        let done = match flush {
            DeflateFlush::Finish => status == Status::StreamEnd,
            // Output that is not full means that nothing is left to write.
            _ => input.is_empty() && used < out.len(),
        };
        if done || (status == Status::BufError && used < out.len()) {
            out.truncate(used);
            return Ok(out);
        }
    }
}

/// What one call of `decompress` did.
pub(super) struct Decompressed {
    pub(super) out: Vec<u8>,
    /// Bytes of the input that were used.
    pub(super) consumed: usize,
    /// Whether the stream has ended.
    pub(super) ended: bool,
}

/// Decompresses until the input or the room of `limit` bytes is used up, or the stream ends. `dictionary` is what the
/// stream may ask for.
pub(super) fn decompress(
    stream: &mut Inflate,
    input: &[u8],
    limit: usize,
    dictionary: Option<&[u8]>,
) -> Result<Decompressed, Failure> {
    let (mut out, mut used, mut consumed, mut ended) = (Vec::new(), 0, 0, false);
    while make_room(&mut out, used, limit) {
        let (read, written) = (stream.total_in(), stream.total_out());
        let result = stream.decompress(&input[consumed..], &mut out[used..], InflateFlush::SyncFlush);
        consumed += (stream.total_in() - read) as usize;
        used += (stream.total_out() - written) as usize;
        match (result, dictionary) {
            (Ok(Status::StreamEnd), _) => ended = true,
            (Ok(Status::BufError), _) if used < out.len() => break,
            (Ok(_), _) => {}
            (Err(InflateError::NeedDict { .. }), Some(dictionary)) => {
                stream.set_dictionary(dictionary).map_err(Failure::Dictionary)?;
                continue;
            }
            (Err(error), _) => return Err(Failure::Data(error)),
        }
        if ended || (consumed == input.len() && used < out.len()) {
            break;
        }
    }
    out.truncate(used);
    Ok(Decompressed { out, consumed, ended })
}

/// Why decompressing failed.
pub(super) enum Failure {
    Data(InflateError),
    /// The dictionary is not the one that the stream was made with.
    Dictionary(InflateError),
}
