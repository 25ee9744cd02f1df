//! `_IOBase`, `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`. CPython: `Modules/_io/iobase.c`.
//!
//! Invariant: everything here works over the object's own methods, so Python subclasses may override any.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::io::fileio::FileIo;
use crate::io::{check_open, is_closed, size_arg, unsupported};

/// The body that every native file begins with.
#[derive(Trace, Default)]
#[repr(C)]
pub struct IoBase {
    closed: AtomicBool,
}

impl IoBase {
    pub(crate) fn set_closed(&self) {
        self.closed.store(true, Ordering::Release);
    }
}

/// Closes a file that dies: errors are reported, not raised.
pub(crate) fn finalize(cx: &mut Context, this: Value) -> Result<()> {
    let closed = match is_closed(cx, this) {
        Ok(closed) => closed,
        Err(raised) => {
            cx.take_exception(raised);
            true
        }
    };
    if closed {
        return Ok(());
    }
    warn_unclosed(cx, this);
    let finalizing = cx.intern("_finalizing");
    if let Err(raised) = cx.set_attr(this, finalizing, Value::TRUE) {
        cx.take_exception(raised);
    }
    cx.call_method(this, "close", &[]).map(drop)
}

/// Warns of a file that nobody closed, if there is a descriptor behind it. CPython: `_dealloc_warn`.
fn warn_unclosed(cx: &mut Context, this: Value) {
    let mut inner = this;
    for name in ["buffer", "raw"] {
        if inner.downcast::<FileIo>().is_none()
            && let Ok(Some(below)) = cx.lookup_attr_str(inner, name)
        {
            inner = below;
        }
    }
    cx.clear_exception();
    if !inner.downcast::<FileIo>().is_some_and(|file| file.owns_descriptor()) {
        return;
    }
    let warned = cx.repr(this).and_then(|text| {
        let text = format!("unclosed file {}", text.to_str());
        cx.warn_unclosed(this, &text)
    });
    if let Err(raised) = warned {
        cx.unraisable_in(raised, this);
    }
}

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that
/// derived classes can override selectively; the default implementations
/// represent a file that cannot be read, written or seeked.
#[class(name = "_IOBase", module = "_io", flags = BASETYPE | HAS_DICT | HAS_WEAKREF)]
impl IoBase {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, IoBase::default()).value())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = (cx, this, args);
        Ok(())
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        finalize(cx, this)
    }

    /// Change the stream position to the given byte offset.
    #[function("(offset, whence=0, /)")]
    fn seek(this: Value, cx: &mut Context, offset: Value, whence: Value) -> Result {
        let _ = (this, offset, whence);
        Err(unsupported(cx, "seek"))
    }

    /// Return current stream position.
    #[function("()")]
    fn tell(this: Value, cx: &mut Context) -> Result {
        let (zero, one) = (Value::int(0), Value::int(1));
        cx.call_method(this, "seek", &[zero, one])
    }

    /// Truncate file to size bytes.
    #[function("(size=None, /)")]
    fn truncate(this: Value, cx: &mut Context, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(cx, "truncate"))
    }

    /// Flush write buffers, if applicable.
    #[function("()")]
    fn flush(this: Value, cx: &mut Context) -> Result<()> {
        check_open(cx, this)
    }

    /// Flush and close the IO object.
    #[function("()")]
    fn close(this: Value, cx: &mut Context) -> Result<()> {
        let name = cx.intern("__IOBase_closed");
        if cx.lookup_attr(this, name)?.is_some() {
            return Ok(());
        }
        let flushed = cx.call_method(this, "flush", &[]);
        cx.set_attr(this, name, Value::TRUE)?;
        flushed.map(drop)
    }

    #[getter]
    fn closed(this: Value, cx: &mut Context) -> Result<bool> {
        let name = cx.intern("__IOBase_closed");
        Ok(cx.lookup_attr(this, name)?.is_some())
    }

    /// Return whether object supports random access.
    #[function("()")]
    fn seekable(this: Value) -> bool {
        let _ = this;
        false
    }

    /// Return whether object was opened for reading.
    #[function("()")]
    fn readable(this: Value) -> bool {
        let _ = this;
        false
    }

    /// Return whether object was opened for writing.
    #[function("()")]
    fn writable(this: Value) -> bool {
        let _ = this;
        false
    }

    #[function("()")]
    fn _checkClosed(this: Value, cx: &mut Context) -> Result<()> {
        check_open(cx, this)
    }

    #[function("()")]
    fn _checkSeekable(this: Value, cx: &mut Context) -> Result<bool> {
        check_able(cx, this, "seekable", "File or stream is not seekable.")
    }

    #[function("()")]
    fn _checkReadable(this: Value, cx: &mut Context) -> Result<bool> {
        check_able(cx, this, "readable", "File or stream is not readable.")
    }

    #[function("()")]
    fn _checkWritable(this: Value, cx: &mut Context) -> Result<bool> {
        check_able(cx, this, "writable", "File or stream is not writable.")
    }

    /// Return underlying file descriptor if one exists.
    #[function("()")]
    fn fileno(this: Value, cx: &mut Context) -> Result {
        let _ = this;
        Err(unsupported(cx, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    #[function("()")]
    fn isatty(this: Value, cx: &mut Context) -> Result<bool> {
        check_open(cx, this)?;
        Ok(false)
    }

    #[function("()")]
    fn __enter__(this: Value, cx: &mut Context) -> Result {
        check_open(cx, this)?;
        Ok(this)
    }

    #[function("(*args)")]
    fn __exit__(this: Value, cx: &mut Context, args: Value) -> Result<()> {
        let _ = args;
        cx.call_method(this, "close", &[]).map(drop)
    }

    #[slot(iter)]
    fn iter(cx: &mut Context, this: Value) -> Result {
        check_open(cx, this)?;
        Ok(this)
    }

    #[slot(next)]
    fn next(cx: &mut Context, this: Value) -> Result<Option<Value>> {
        let line = cx.call_method(this, "readline", &[])?;
        Ok(if cx.len(line)? == 0 { None } else { Some(line) })
    }

    /// Read and return a line from the stream.
    #[function("(size=-1, /)")]
    fn readline(this: Value, cx: &mut Context, size: Value) -> Result {
        let limit = size_arg(cx, size)?;
        let peek = cx.intern("peek");
        let peek = cx.lookup_attr(this, peek)?;
        let mut line = Vec::new();
        while limit.is_none_or(|limit| line.len() < limit) {
            let mut wanted = 1;
            if let Some(peek) = peek {
                let one = Value::int(1);
                let ahead = cx.call(peek, &[one])?;
                let ahead = expect_bytes(cx, ahead, "peek")?;
                let ahead = ahead.as_slice();
                if !ahead.is_empty() {
                    wanted = memchr::memchr(b'\n', ahead).map_or(ahead.len(), |at| at + 1);
                    if let Some(limit) = limit {
                        wanted = wanted.min(limit - line.len());
                    }
                }
            }
            let wanted = Value::int(wanted as i64);
            let piece = cx.call_method(this, "read", &[wanted])?;
            let piece = expect_bytes(cx, piece, "read")?;
            if piece.as_slice().is_empty() {
                break;
            }
            line.extend_from_slice(piece.as_slice());
            if line.last() == Some(&b'\n') {
                break;
            }
        }
        Ok(cx.new_bytes(&line).value())
    }

    /// Return a list of lines from the stream.
    #[function("(hint=-1, /)")]
    fn readlines(this: Value, cx: &mut Context, hint: Value) -> Result {
        let hint = size_arg(cx, hint)?.filter(|hint| *hint > 0);
        let lines = cx.new_list(&[]);
        let iterator = cx.iter(this)?;
        let mut length = 0;
        while let Some(line) = cx.next(iterator)? {
            lines.push(cx, line);
            length += cx.len(line)?;
            if hint.is_some_and(|hint| length >= hint) {
                break;
            }
        }
        Ok(lines.value())
    }

    /// Write a list of lines to stream.
    #[function("(lines, /)")]
    fn writelines(this: Value, cx: &mut Context, lines: Value) -> Result<()> {
        check_open(cx, this)?;
        let iterator = cx.iter(lines)?;
        while let Some(line) = cx.next(iterator)? {
            cx.call_method(this, "write", &[line])?;
        }
        Ok(())
    }
}

fn check_able(cx: &mut Context, this: Value, method: &str, message: &str) -> Result<bool> {
    let able = cx.call_method(this, method, &[])?;
    if able != Value::TRUE {
        return Err(unsupported(cx, message));
    }
    Ok(true)
}

/// The result of a `read` that must be bytes.
pub(crate) fn expect_bytes(cx: &mut Context, value: Value, method: &str) -> Result<Gc<Bytes>> {
    match value.downcast::<Bytes>() {
        Some(bytes) => Ok(bytes),
        None => Err(cx.os_error_message(&format!(
            "{method}() should have returned a bytes object, not '{}'",
            cx.type_name(value)
        ))),
    }
}

/// The body of `_RawIOBase`.
#[derive(Trace, Default)]
#[repr(C)]
pub struct RawIoBase {
    base: IoBase,
}

impl RawIoBase {
    pub(crate) fn io(&self) -> &IoBase {
        &self.base
    }
}

/// Base class for raw binary I/O.
#[class(name = "_RawIOBase", module = "_io", base = IoBase, flags = BASETYPE)]
impl RawIoBase {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, RawIoBase::default()).value())
    }

    #[function("(size=-1, /)")]
    fn read(this: Value, cx: &mut Context, size: Value) -> Result {
        let Some(size) = size_arg(cx, size)? else { return cx.call_method(this, "readall", &[]) };
        let buffer = taipan_runtime::types::bytearray::ByteArray::new_from(cx, cx.zeroed_bytes(size)?);
        let count = cx.call_method(this, "readinto", &[buffer.value()])?;
        if count.is_none() {
            return Ok(Value::NONE);
        }
        let told = cx.index_isize(count)?;
        let Some(count) = usize::try_from(told).ok().filter(|count| *count <= size) else {
            return Err(cx.value_error(format!("readinto returned {told} outside buffer size {size}")));
        };
        Ok(cx.new_bytes(&buffer.to_vec(cx)[..count]).value())
    }

    /// Read until EOF, using multiple read() call.
    #[function("()")]
    fn readall(this: Value, cx: &mut Context) -> Result {
        let mut all = Vec::new();
        loop {
            let size = Value::int(super::DEFAULT_BUFFER_SIZE as i64);
            let piece = cx.call_method(this, "read", &[size])?;
            if piece.is_none() {
                if all.is_empty() {
                    return Ok(Value::NONE);
                }
                break;
            }
            let piece = expect_bytes(cx, piece, "read")?;
            if piece.as_slice().is_empty() {
                break;
            }
            all.extend_from_slice(piece.as_slice());
        }
        Ok(cx.new_bytes(&all).value())
    }

    #[function("(buffer, /)")]
    fn readinto(this: Value, cx: &mut Context, buffer: Value) -> Result {
        let _ = (this, buffer);
        Err(cx.raise_bare(taipan_runtime::exception::not_implemented_error))
    }

    #[function("(b, /)")]
    fn write(this: Value, cx: &mut Context, b: Value) -> Result {
        let _ = (this, b);
        Err(cx.raise_bare(taipan_runtime::exception::not_implemented_error))
    }
}

/// The body of `_BufferedIOBase`.
#[derive(Trace, Default)]
#[repr(C)]
pub struct BufferedIoBase {
    base: IoBase,
}

impl BufferedIoBase {
    pub(crate) fn io(&self) -> &IoBase {
        &self.base
    }
}

/// Base class for buffered IO objects.
#[class(name = "_BufferedIOBase", module = "_io", base = IoBase, flags = BASETYPE)]
impl BufferedIoBase {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, BufferedIoBase::default()).value())
    }

    /// Disconnect this buffer from its underlying raw stream and return it.
    #[function("()")]
    fn detach(this: Value, cx: &mut Context) -> Result {
        let _ = this;
        Err(unsupported(cx, "detach"))
    }

    /// Read and return up to n bytes.
    #[function("(size=-1, /)")]
    fn read(this: Value, cx: &mut Context, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(cx, "read"))
    }

    /// Read and return up to size bytes, with at most one read() call to the underlying raw stream.
    #[function("(size=-1, /)")]
    fn read1(this: Value, cx: &mut Context, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(cx, "read1"))
    }

    #[function("(buffer, /)")]
    fn readinto(this: Value, cx: &mut Context, buffer: Value) -> Result<usize> {
        read_into_by(cx, this, buffer, "read")
    }

    #[function("(buffer, /)")]
    fn readinto1(this: Value, cx: &mut Context, buffer: Value) -> Result<usize> {
        read_into_by(cx, this, buffer, "read1")
    }

    /// Write buffer b to the IO stream.
    #[function("(b, /)")]
    fn write(this: Value, cx: &mut Context, b: Value) -> Result {
        let _ = (this, b);
        Err(unsupported(cx, "write"))
    }
}

fn read_into_by(cx: &mut Context, this: Value, target: Value, method: &str) -> Result<usize> {
    let what = if method == "read" { "readinto() argument" } else { "readinto1() argument" };
    let buffer = cx.writable_buffer(target, what)?;
    let size = cx.new_int(buffer.len() as i64);
    let data = cx.call_method(this, method, &[size])?;
    let data = expect_bytes(cx, data, method)?;
    if data.as_slice().len() > buffer.len() {
        return Err(cx.value_error(format!(
            "{method}() returned too much data: {} bytes requested, {} returned",
            buffer.len(),
            data.as_slice().len()
        )));
    }
    buffer.fill_from(data.as_slice());
    Ok(data.as_slice().len())
}

/// The body of `_TextIOBase`.
#[derive(Trace, Default)]
#[repr(C)]
pub struct TextIoBase {
    base: IoBase,
}

impl TextIoBase {
    pub(crate) fn io(&self) -> &IoBase {
        &self.base
    }
}

/// Base class for text I/O.
///
/// This class provides a character and line based interface to stream
/// I/O. There is no readinto method because Python's character strings
/// are immutable.
#[class(name = "_TextIOBase", module = "_io", base = IoBase, flags = BASETYPE)]
impl TextIoBase {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, TextIoBase::default()).value())
    }

    /// Separate the underlying buffer from the TextIOBase and return it.
    #[function("()")]
    fn detach(this: Value, cx: &mut Context) -> Result {
        let _ = this;
        Err(unsupported(cx, "detach"))
    }

    /// Read at most size characters from stream.
    #[function("(size=-1, /)")]
    fn read(this: Value, cx: &mut Context, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(cx, "read"))
    }

    /// Read until newline or EOF.
    #[function("(size=-1, /)")]
    fn readline(this: Value, cx: &mut Context, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(cx, "readline"))
    }

    /// Write string s to stream.
    #[function("(s, /)")]
    fn write(this: Value, cx: &mut Context, s: Value) -> Result {
        let _ = (this, s);
        Err(unsupported(cx, "write"))
    }

    /// Encoding of the text stream.
    #[getter]
    fn encoding(this: Value) {
        let _ = this;
    }

    /// Line endings translated so far.
    #[getter]
    fn newlines(this: Value) {
        let _ = this;
    }

    /// The error setting of the decoder or encoder.
    #[getter]
    fn errors(this: Value) {
        let _ = this;
    }
}
