//! Where a pickle is written to: bytes in memory, in frames from protocol 4 on. CPython: `_Pickler_Write` and its
//! neighbours in `Modules/_pickle.c`.
//!
//! Invariant: `bytes` holds what the file has not got yet; an open frame begins in it.

use taipan_runtime::prelude::*;

use super::opcode::FRAME;

/// Frames below this size have no header.
const SMALLEST_FRAME: usize = 4;
/// A frame of this size is closed at the next instruction, and larger content is written outside of frames.
pub(super) const FRAME_TARGET: usize = 64 << 10;
const FRAME_HEADER: usize = 9;

#[derive(Clone, Copy, PartialEq)]
enum Frame {
    /// The protocol has none, or they are turned off for a moment.
    Off,
    /// The next byte opens one.
    Waiting,
    /// Its header lies there.
    Open(usize),
}

pub(super) struct Output {
    bytes: Vec<u8>,
    frame: Frame,
    /// `write` of the file, if there is one.
    write: Option<Value>,
}

impl Output {
    pub(super) fn new(write: Option<Value>) -> Output {
        Output { bytes: Vec::with_capacity(4096), frame: Frame::Off, write }
    }

    pub(super) fn start_framing(&mut self) {
        self.frame = Frame::Waiting;
    }

    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        if self.frame == Frame::Waiting {
            self.open_frame();
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// One byte.
    #[inline]
    pub(super) fn op(&mut self, op: u8) {
        if self.frame == Frame::Waiting {
            self.open_frame();
        }
        self.bytes.push(op);
    }

    #[cold]
    fn open_frame(&mut self) {
        self.frame = Frame::Open(self.bytes.len());
        self.bytes.extend_from_slice(&[0; FRAME_HEADER]);
    }

    /// Closes the open frame.
    pub(super) fn commit_frame(&mut self) {
        let Frame::Open(start) = self.frame else { return };
        let length = self.bytes.len() - start - FRAME_HEADER;
        if length >= SMALLEST_FRAME {
            self.bytes[start] = FRAME;
            self.bytes[start + 1..start + FRAME_HEADER].copy_from_slice(&(length as u64).to_le_bytes());
        } else {
            self.bytes.drain(start..start + FRAME_HEADER);
        }
        self.frame = Frame::Waiting;
    }

    /// Between two instructions: a large frame ends here.
    #[inline(always)]
    pub(super) fn boundary(&mut self, cx: &mut Context) -> Result<()> {
        match self.frame {
            Frame::Open(start) if self.bytes.len() - start >= FRAME_TARGET + FRAME_HEADER => {
                self.commit_frame();
                if self.write.is_some() { self.flush(cx) } else { cx.poll() }
            }
            _ => Ok(()),
        }
    }

    /// Hands what is there to the file.
    fn flush(&mut self, cx: &mut Context) -> Result<()> {
        let Some(write) = self.write else { return Ok(()) };
        let bytes = cx.new_bytes(&self.bytes).value();
        self.bytes.clear();
        cx.call(write, &[bytes])?;
        Ok(())
    }

    /// Content behind its header. Large content stands outside of frames; a file gets it by itself, as `object` if that
    /// is given.
    pub(super) fn put_content(
        &mut self,
        cx: &mut Context,
        header: &[u8],
        content: &[u8],
        object: Option<Value>,
    ) -> Result<()> {
        if content.len() < FRAME_TARGET {
            self.put(header);
            self.put(content);
            return Ok(());
        }
        self.commit_frame();
        let framing = std::mem::replace(&mut self.frame, Frame::Off);
        self.bytes.extend_from_slice(header);
        if let Some(write) = self.write {
            self.flush(cx)?;
            let content = match object {
                Some(object) => object,
                None => cx.new_bytes(content).value(),
            };
            cx.call(write, &[content])?;
        } else {
            self.bytes.extend_from_slice(content);
        }
        self.frame = framing;
        Ok(())
    }

    /// The end of the pickle: what remains goes to the file.
    pub(super) fn finish(mut self, cx: &mut Context) -> Result<Vec<u8>> {
        self.commit_frame();
        self.flush(cx)?;
        Ok(self.bytes)
    }
}
