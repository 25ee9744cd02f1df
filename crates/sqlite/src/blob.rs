//! `Blob`: a value of a table, read and written in parts. CPython: `Modules/_sqlite/blob.c`.
//!
//! Invariant: what is read or written lies within the value, whose length never changes.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::slice::{Indices, Slice};

use crate::connection::Connection;
use crate::exceptions;
use crate::sys::{self, Entry, code};

/// The body of `Blob`.
#[derive(Trace)]
pub struct Blob {
    connection: TypedSlot<Connection>,
    handle: Opaque<sys::Blob>,
    offset: AtomicUsize,
}

impl Blob {
    pub(crate) fn make(cx: &Context, connection: Gc<Connection>, handle: sys::Blob) -> Gc<Blob> {
        cx.new_object(Blob {
            connection: TypedSlot::new(connection),
            handle: Opaque(handle),
            offset: AtomicUsize::new(0),
        })
    }

    /// Runs `f` if the value is open. CPython: `check_blob`.
    fn enter<R>(&self, cx: &mut Context, f: impl FnOnce(&mut Context, &Entry<'_>) -> Result<R>) -> Result<R> {
        let Some(connection) = self.connection.load() else {
            return Err(exceptions::programming_error(cx, "Cannot operate on a closed blob."));
        };
        connection.check_open(cx)?;
        connection.check_thread(cx)?;
        Connection::enter(connection, cx, |cx, entry| match self.handle.is_open() {
            true => f(cx, entry),
            false => Err(exceptions::programming_error(cx, "Cannot operate on a closed blob.")),
        })
    }

    fn read_at(&self, cx: &mut Context, entry: &Entry<'_>, at: usize, size: usize) -> Result<Vec<u8>> {
        let mut bytes = cx.zeroed_bytes(size)?;
        if size > 0 {
            let result = entry.native(cx, |native| self.handle.read(native, at, &mut bytes));
            if result != code::OK {
                exceptions::check_last(cx, entry)?;
            }
        }
        Ok(bytes)
    }

    fn write_at(&self, cx: &mut Context, entry: &Entry<'_>, at: usize, bytes: &[u8]) -> Result<()> {
        if bytes.len() > self.handle.len(entry).saturating_sub(at) {
            return Err(cx.value_error("data longer than blob length"));
        }
        match entry.native(cx, |native| self.handle.write(native, at, bytes)) {
            code::OK => Ok(()),
            _ => exceptions::check_last(cx, entry),
        }
    }

    fn index(cx: &mut Context, key: Value, length: usize) -> Result<usize> {
        let index = cx.index_i128(key)?;
        let Ok(index) = isize::try_from(index) else {
            let name = cx.type_name(key);
            return Err(cx.index_error(format!("cannot fit '{name}' into an index-sized integer")));
        };
        let index = if index < 0 { index.saturating_add_unsigned(length) } else { index };
        match usize::try_from(index) {
            Ok(index) if index < length => Ok(index),
            _ => Err(cx.index_error("Blob index out of range")),
        }
    }

    fn set_slice(&self, cx: &mut Context, entry: &Entry<'_>, positions: Indices, value: Value) -> Result<()> {
        let bytes = cx.bytes_like(value)?;
        if bytes.len() != positions.len {
            return Err(cx.index_error("Blob slice assignment is wrong size"));
        }
        if positions.len == 0 {
            return Ok(());
        }
        if positions.step == 1 {
            return self.write_at(cx, entry, positions.start(), &bytes);
        }
        let (start, size) = span(cx, positions)?;
        let mut content = self.read_at(cx, entry, start, size)?;
        for (position, byte) in positions.positions().zip(bytes.iter()) {
            content[position - start] = *byte;
        }
        self.write_at(cx, entry, start, &content)
    }
}

/// Where the positions of a slice begin, and how far they reach.
fn span(cx: &mut Context, positions: Indices) -> Result<(usize, usize)> {
    if positions.step < 0 {
        return Err(cx.value_error("Blob doesn't support slices with a negative step"));
    }
    let start = positions.start();
    Ok((start, positions.at(positions.len - 1) + 1 - start))
}

#[class(name = "Blob", module = "sqlite3", flags = DISALLOW_NEW | HAS_WEAKREF)]
impl Blob {
    /// Close the blob.
    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        let Some(connection) = self.connection.load() else { return Ok(()) };
        connection.check_open(cx)?;
        connection.check_thread(cx)?;
        self.handle.close();
        // Entering closes what has been given up.
        Connection::enter(connection, cx, |_, _| Ok(()))
    }

    /// Read data at the current offset position.
    ///
    ///   length
    ///     Read length in bytes.
    ///
    /// If the end of the blob is reached, the data up to end of file will
    /// be returned.  When length is not specified, or is negative,
    /// Blob.read() will read until the end of the blob.
    #[function("(length=-1, /)")]
    fn read(&self, cx: &mut Context, length: i32) -> Result<Vec<u8>> {
        self.enter(cx, |cx, entry| {
            let offset = self.offset.load(Ordering::Relaxed);
            let left = self.handle.len(entry).saturating_sub(offset);
            let size = usize::try_from(length).map_or(left, |length| length.min(left));
            let bytes = self.read_at(cx, entry, offset, size)?;
            self.offset.store(offset + size, Ordering::Relaxed);
            Ok(bytes)
        })
    }

    /// Write data at the current offset.
    ///
    /// This function cannot change the blob length.  Writing beyond the end
    /// of the blob will result in an exception being raised.
    #[function("(data, /)")]
    fn write(&self, cx: &mut Context, data: Value) -> Result<()> {
        let bytes = cx.bytes_like(data)?;
        self.enter(cx, |cx, entry| {
            let offset = self.offset.load(Ordering::Relaxed);
            self.write_at(cx, entry, offset, &bytes)?;
            self.offset.store(offset + bytes.len(), Ordering::Relaxed);
            Ok(())
        })
    }

    /// Set the current access position to offset.
    ///
    /// The origin argument defaults to os.SEEK_SET (absolute blob
    /// positioning).  Other values for origin are os.SEEK_CUR (seek
    /// relative to the current position) and os.SEEK_END (seek relative to
    /// the blob's end).
    #[function("(offset, origin=0, /)")]
    fn seek(&self, cx: &mut Context, offset: i32, origin: i32) -> Result<()> {
        self.enter(cx, |cx, entry| {
            let length = self.handle.len(entry);
            let base = match origin {
                0 => 0,
                1 => self.offset.load(Ordering::Relaxed),
                2 => length,
                _ => {
                    return Err(cx.value_error("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END"));
                }
            };
            let target = base as i64 + i64::from(offset);
            if origin != 0 && target > i64::from(i32::MAX) {
                return Err(cx.overflow_error("seek offset results in overflow"));
            }
            match usize::try_from(target) {
                Ok(target) if target <= length => {
                    self.offset.store(target, Ordering::Relaxed);
                    Ok(())
                }
                _ => Err(cx.value_error("offset out of blob range")),
            }
        })
    }

    /// Return the current access position for the blob.
    #[function("()")]
    fn tell(&self, cx: &mut Context) -> Result<usize> {
        self.enter(cx, |_, _| Ok(self.offset.load(Ordering::Relaxed)))
    }

    /// Blob context manager enter.
    #[function("()")]
    fn __enter__(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Self>> {
        this.enter(cx, |_, _| Ok(this))
    }

    /// Blob context manager exit.
    #[function("(type, val, tb, /)")]
    fn __exit__(this: Gc<Self>, cx: &mut Context, type_: Value, val: Value, tb: Value) -> Result<bool> {
        let _ = (type_, val, tb);
        this.enter(cx, |_, _| {
            this.handle.close();
            Ok(())
        })?;
        this.close(cx)?;
        Ok(false)
    }

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> Result<usize> {
        self.enter(cx, |_, entry| Ok(self.handle.len(entry)))
    }

    #[slot(get_item)]
    fn get_item(&self, cx: &mut Context, key: Value) -> Result {
        self.enter(cx, |cx, entry| {
            let length = self.handle.len(entry);
            if cx.has_index(key) {
                let index = Blob::index(cx, key, length)?;
                let bytes = self.read_at(cx, entry, index, 1)?;
                return Ok(Value::int(bytes[0].into()));
            }
            let Some(slice) = key.downcast::<Slice>() else {
                return Err(cx.type_error("Blob indices must be integers"));
            };
            let positions = slice.indices(cx, length)?;
            if positions.len == 0 {
                return Ok(cx.new_bytes(&[]).value());
            }
            let (start, size) = span(cx, positions)?;
            let content = self.read_at(cx, entry, start, size)?;
            let bytes: Vec<u8> = positions.positions().map(|position| content[position - start]).collect();
            Ok(cx.new_bytes(&bytes).value())
        })
    }

    #[slot(set_item)]
    fn set_item(&self, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        self.enter(cx, |cx, entry| {
            let length = self.handle.len(entry);
            if cx.has_index(key) {
                let Some(value) = value else {
                    return Err(cx.type_error("Blob doesn't support item deletion"));
                };
                if !cx.is_int(value) {
                    let name = cx.type_name(value);
                    let message = format!("'{name}' object cannot be interpreted as an integer");
                    return Err(cx.type_error(message));
                }
                let index = Blob::index(cx, key, length)?;
                return match cx.int_to_i64(value).and_then(|value| u8::try_from(value).ok()) {
                    Some(byte) => self.write_at(cx, entry, index, &[byte]),
                    None => Err(cx.value_error("byte must be in range(0, 256)")),
                };
            }
            let Some(slice) = key.downcast::<Slice>() else {
                return Err(cx.type_error("Blob indices must be integers"));
            };
            let Some(value) = value else {
                return Err(cx.type_error("Blob doesn't support slice deletion"));
            };
            let positions = slice.indices(cx, length)?;
            self.set_slice(cx, entry, positions, value)
        })
    }
}
