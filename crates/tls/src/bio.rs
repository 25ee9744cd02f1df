//! `MemoryBIO`: bytes between a connection and a program that moves them itself. CPython: `Modules/_ssl.c`.
//!
//! Invariant: what was written is read once and in order; the mutex is held for a copy only.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use taipan_runtime::prelude::*;

use crate::exceptions;

#[derive(Default)]
struct Content {
    bytes: VecDeque<u8>,
    eof: bool,
}

/// The bytes, shared with the connections over them.
#[derive(Clone, Default)]
pub(crate) struct Pipe(Arc<Mutex<Content>>);

impl Pipe {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes up to `buffer.len()` bytes: 0 at the end, `WouldBlock` where there is nothing yet.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut content = self.content();
        if content.bytes.is_empty() && !content.eof {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        io::Read::read(&mut content.bytes, buffer)
    }

    pub(crate) fn write(&self, bytes: &[u8]) {
        self.content().bytes.extend(bytes);
    }

    fn take(&self, size: usize) -> Vec<u8> {
        let mut content = self.content();
        let count = size.min(content.bytes.len());
        content.bytes.drain(..count).collect()
    }
}

/// The body of `MemoryBIO`.
#[derive(Trace)]
pub struct MemoryBio {
    pipe: Opaque<Pipe>,
}

impl MemoryBio {
    pub(crate) fn pipe(&self) -> Pipe {
        self.pipe.0.clone()
    }
}

#[class(name = "MemoryBIO", module = "_ssl")]
impl MemoryBio {
    #[new("()", text = "")]
    fn new(cx: &mut Context, class: Gc<Class>) -> Gc<MemoryBio> {
        cx.new_instance(class, MemoryBio { pipe: Opaque(Pipe::default()) })
    }

    /// Read up to size bytes from the memory BIO.
    ///
    /// If size is not specified, read the entire buffer.
    /// If the return value is an empty bytes instance, this means either
    /// EOF or that no data is available. Use the "eof" property to
    /// distinguish between the two.
    #[function("(size=-1, /)")]
    fn read(&self, size: i32) -> Vec<u8> {
        self.pipe.take(usize::try_from(size).unwrap_or(usize::MAX))
    }

    /// Writes the bytes b into the memory BIO.
    ///
    /// Returns the number of bytes written.
    #[function("(b, /)")]
    fn write(&self, cx: &mut Context, b: Value) -> Result<usize> {
        let bytes = cx.bytes_like(b)?;
        if self.pipe.content().eof {
            return Err(exceptions::raise_message(cx, "cannot write() after write_eof()"));
        }
        self.pipe.write(&bytes);
        Ok(bytes.len())
    }

    /// Write an EOF marker to the memory BIO.
    ///
    /// When all data has been read, the "eof" property will be True.
    #[function("()")]
    fn write_eof(&self) {
        self.pipe.content().eof = true;
    }

    /// The number of bytes pending in the memory BIO.
    #[getter]
    fn pending(&self) -> usize {
        self.pipe.content().bytes.len()
    }

    /// Whether the memory BIO is at EOF.
    #[getter]
    fn eof(&self) -> bool {
        let content = self.pipe.content();
        content.eof && content.bytes.is_empty()
    }
}
