//! What incremental decompressors have in common: input that waits, and output that grows up to a limit.
//!
//! Invariant: input is kept only while it is not used up and the stream has not ended.

/// Room that output starts with.
const FIRST_ROOM: usize = 16 << 10;
/// The most that output grows by at once.
const LARGEST_STEP: usize = 1 << 24;

/// What one step of a decompressor did.
pub(crate) struct Step {
    pub(crate) consumed: usize,
    pub(crate) written: usize,
    pub(crate) ended: bool,
}

/// A decompressor of some format.
pub(crate) trait Decoder {
    type Error;
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Self::Error>;
}

/// What a call of `decompress` gives.
pub(crate) struct Output {
    pub(crate) bytes: Vec<u8>,
    pub(crate) ended: bool,
    /// Whether the limit was reached.
    pub(crate) full: bool,
}

/// Decompresses what is kept, at most `limit` bytes, and drops the input that was used.
pub(crate) fn run<D: Decoder>(decoder: &mut D, kept: &mut Vec<u8>, limit: usize) -> Result<Output, D::Error> {
    let (mut bytes, mut used, mut consumed, mut ended) = (Vec::new(), 0, 0, false);
    let result = loop {
        if used == bytes.len() {
            let more = bytes.len().clamp(FIRST_ROOM, LARGEST_STEP);
            bytes.resize(bytes.len().saturating_add(more).min(limit), 0);
            // Without any room the stream still gets its chance to see its end.
            if used == bytes.len() && used > 0 {
                break Ok(());
            }
        }
        let step = match decoder.step(&kept[consumed..], &mut bytes[used..]) {
            Ok(step) => step,
            Err(error) => break Err(error),
        };
        consumed += step.consumed;
        used += step.written;
        ended = step.ended;
        let idle = step.consumed == 0 && step.written == 0;
        if ended || idle || (consumed == kept.len() && used < bytes.len()) {
            break Ok(());
        }
    };
    kept.drain(..consumed);
    result?;
    let full = used == bytes.len();
    bytes.truncate(used);
    Ok(Output { bytes, ended, full })
}
