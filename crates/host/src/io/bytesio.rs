//! `BytesIO`: a binary file in memory. CPython: `Modules/_io/bytesio.c`.
//!
//! Invariant: while buffers are exported the bytes are neither moved nor resized.

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Buffer, Exports};

use crate::io::base::BufferedIoBase;
use crate::io::size_arg;

#[derive(Trace)]
struct Content {
    bytes: Vec<u8>,
    position: usize,
    closed: bool,
}

/// The body of `BytesIO`.
#[derive(Trace)]
#[repr(C)]
pub struct BytesIo {
    base: BufferedIoBase,
    content: Guarded<Content>,
    exports: Exports,
}

impl BytesIo {
    fn blank() -> BytesIo {
        let content = Content { bytes: Vec::new(), position: 0, closed: false };
        BytesIo {
            base: BufferedIoBase::default(),
            content: Guarded::new(content),
            exports: Exports::default(),
        }
    }

    fn with<R>(&self, cx: &Context, f: impl FnOnce(&mut Content) -> R) -> Result<R> {
        let mut content = self.content.lock(cx);
        if content.closed {
            drop(content);
            return Err(cx.value_error("I/O operation on closed file."));
        }
        Ok(f(&mut content))
    }

    fn check_exports(&self, cx: &mut Context) -> Result<()> {
        if self.exports.released(cx) { Ok(()) } else { Err(exported(cx)) }
    }

    /// As `with`, for what may move the content. The exports have been checked, but another thread may have made new ones.
    fn change<R>(&self, cx: &Context, f: impl FnOnce(&mut Content) -> R) -> Result<R> {
        match self.with(cx, |content| (self.exports.count() == 0).then(|| f(content)))? {
            Some(result) => Ok(result),
            None => Err(exported(cx)),
        }
    }

    /// The same for all of the content, whether it is closed or not.
    fn replace(&self, cx: &Context, new: Content) -> Result<()> {
        let mut content = self.content.lock(cx);
        if self.exports.count() > 0 {
            drop(content);
            return Err(exported(cx));
        }
        *content = new;
        Ok(())
    }
}

fn exported(cx: &Context) -> Raised {
    cx.buffer_error("Existing exports of data: object cannot be re-sized")
}

fn take(content: &mut Content, size: Option<usize>) -> Vec<u8> {
    let start = content.position.min(content.bytes.len());
    let end = size.map_or(content.bytes.len(), |size| start.saturating_add(size).min(content.bytes.len()));
    content.position = content.position.max(end);
    if end > start {
        content.position = end;
    }
    content.bytes[start..end].to_vec()
}

fn line(content: &mut Content, limit: Option<usize>) -> Vec<u8> {
    let start = content.position.min(content.bytes.len());
    let rest = &content.bytes[start..];
    let mut length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
    if let Some(limit) = limit {
        length = length.min(limit);
    }
    let line = rest[..length].to_vec();
    content.position = start + length;
    line
}

/// Buffered I/O implementation using an in-memory bytes buffer.
#[class(name = "BytesIO", module = "_io", base = BufferedIoBase, flags = BASETYPE | HAS_DICT)]
impl BytesIo {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, BytesIo::blank()).value())
    }

    #[init("(initial_bytes=b'')")]
    fn init(&self, cx: &mut Context, initial_bytes: Value) -> Result<()> {
        self.check_exports(cx)?;
        let bytes = if initial_bytes.is_none() {
            Vec::new()
        } else {
            cx.with_buffer(initial_bytes, |bytes| bytes.to_vec())?
        };
        self.replace(cx, Content { bytes, position: 0, closed: false })
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        let _ = (cx, this);
        Ok(())
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        this.with(cx, |_| ())?;
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let line = self.with(cx, |content| line(content, None))?;
        Ok(if line.is_empty() { None } else { Some(cx.new_bytes(&line).value()) })
    }

    /// Read at most size bytes, returned as a bytes object.
    #[function("(size=-1, /)")]
    fn read(&self, cx: &mut Context, size: Value) -> Result<Vec<u8>> {
        let size = size_arg(cx, size)?;
        self.with(cx, |content| take(content, size))
    }

    /// Read at most size bytes, returned as a bytes object.
    #[function("(size=-1, /)")]
    fn read1(&self, cx: &mut Context, size: Value) -> Result<Vec<u8>> {
        self.read(cx, size)
    }

    /// Next line from the file, as a bytes object.
    #[function("(size=-1, /)")]
    fn readline(&self, cx: &mut Context, size: Value) -> Result<Vec<u8>> {
        let size = size_arg(cx, size)?;
        self.with(cx, |content| line(content, size))
    }

    /// List of bytes objects, each a line from the file.
    #[function("(size=None, /)")]
    fn readlines(&self, cx: &mut Context, size: Value) -> Result {
        if !size.is_none() && !cx.has_index(size) {
            let got = cx.type_name(size);
            return Err(cx.type_error(format!("integer argument expected, got '{got}'")));
        }
        let limit = size_arg(cx, size)?.filter(|limit| *limit > 0);
        let lines = cx.new_list(&[]);
        let mut total = 0;
        loop {
            let line = self.with(cx, |content| line(content, None))?;
            if line.is_empty() {
                break;
            }
            total += line.len();
            lines.push(cx, cx.new_bytes(&line).value());
            if limit.is_some_and(|limit| total >= limit) {
                break;
            }
        }
        Ok(lines.value())
    }

    /// Read bytes into buffer.
    #[function("(buffer, /)")]
    fn readinto(&self, cx: &mut Context, buffer: Value) -> Result<usize> {
        let target = cx.writable_buffer(buffer, "readinto() argument")?;
        let size = target.len();
        let data = self.with(cx, |content| take(content, Some(size)))?;
        target.fill_from(&data);
        Ok(data.len())
    }

    /// Write bytes to file.
    #[function("(b, /)")]
    fn write(&self, cx: &mut Context, b: Value) -> Result<usize> {
        self.with(cx, |_| ())?;
        self.check_exports(cx)?;
        let data = cx.bytes_like(b)?;
        let data: &[u8] = &data;
        self.change(cx, |content| {
            if data.is_empty() {
                return 0;
            }
            let start = content.position;
            if content.bytes.len() < start {
                content.bytes.resize(start, 0);
            }
            let overlap = data.len().min(content.bytes.len() - start);
            content.bytes[start..start + overlap].copy_from_slice(&data[..overlap]);
            content.bytes.extend_from_slice(&data[overlap..]);
            content.position = start + data.len();
            data.len()
        })
    }

    /// Change stream position.
    #[function("(pos, whence=0, /)")]
    fn seek(&self, cx: &mut Context, pos: isize, whence: i32) -> Result<usize> {
        self.with(cx, |_| ())?;
        if whence == 0 && pos < 0 {
            return Err(cx.value_error(format!("negative seek value {pos}")));
        }
        if !(0..=2).contains(&whence) {
            return Err(cx.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
        self.with(cx, |content| {
            let base = match whence {
                0 => 0,
                1 => content.position,
                _ => content.bytes.len(),
            };
            content.position = base.saturating_add_signed(pos);
            content.position
        })
    }

    /// Current file position, an integer.
    #[function("()")]
    fn tell(&self, cx: &mut Context) -> Result<usize> {
        self.with(cx, |content| content.position)
    }

    /// Truncate the file to at most size bytes.
    #[function("(size=None, /)")]
    fn truncate(&self, cx: &mut Context, size: Value) -> Result<usize> {
        self.with(cx, |_| ())?;
        self.check_exports(cx)?;
        let size = match size.not_none() {
            Some(size) => {
                let size = cx.index_isize(size)?;
                usize::try_from(size).map_err(|_| cx.value_error(format!("negative size value {size}")))?
            }
            None => self.with(cx, |content| content.position)?,
        };
        self.change(cx, |content| {
            content.bytes.truncate(size);
            size
        })
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[function("()")]
    fn getvalue(&self, cx: &mut Context) -> Result<Vec<u8>> {
        self.with(cx, |content| content.bytes.clone())
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[function("()")]
    fn getbuffer(this: Gc<Self>, cx: &mut Context) -> Result {
        this.with(cx, |_| ())?;
        let memoryview = cx.builtin("memoryview")?;
        cx.call(memoryview, &[this.value()])
    }

    #[slot(buffer)]
    fn buffer(this: Gc<Self>, cx: &mut Context, flags: u32) -> Result<Buffer> {
        let _ = flags;
        this.with(cx, |content| this.exports.buffer(this.value(), &mut content.bytes, false))
    }

    /// Disable all I/O operations.
    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        self.check_exports(cx)?;
        self.replace(cx, Content { bytes: Vec::new(), position: 0, closed: true })?;
        self.base.io().set_closed();
        Ok(())
    }

    #[getter]
    fn closed(&self, cx: &Context) -> bool {
        self.content.lock(cx).closed
    }

    /// Does nothing.
    #[function("()")]
    fn flush(&self, cx: &mut Context) -> Result<()> {
        self.with(cx, |_| ())
    }

    /// Always returns False.
    #[function("()")]
    fn isatty(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| false)
    }

    /// Returns True if the IO object can be read.
    #[function("()")]
    fn readable(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| true)
    }

    /// Returns True if the IO object can be written.
    #[function("()")]
    fn writable(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| true)
    }

    /// Returns True if the IO object can be seeked.
    #[function("()")]
    fn seekable(&self, cx: &mut Context) -> Result<bool> {
        self.with(cx, |_| true)
    }

    #[function("()")]
    fn __getstate__(this: Gc<Self>, cx: &mut Context) -> Result {
        let (bytes, position) = this.with(cx, |content| (content.bytes.clone(), content.position))?;
        let dict = match taipan_runtime::instance::dict(cx, this.value()) {
            Some(dict) if dict.len() > 0 => dict.copy(cx).value(),
            _ => Value::NONE,
        };
        let items = [cx.new_bytes(&bytes).value(), cx.new_int(position as i64), dict];
        Ok(cx.new_tuple(&items).value())
    }

    #[function("(state, /)")]
    fn __setstate__(this: Gc<Self>, cx: &mut Context, state: Value) -> Result<()> {
        let parts = state.downcast::<Tuple>().and_then(|state| <[Value; 3]>::try_from(state.items()).ok());
        let Some([bytes, position, dict]) = parts else {
            return Err(cx.type_error(format!(
                "{}.__setstate__ argument should be 3-tuple, got {}",
                cx.type_name(this.value()),
                cx.type_name(state)
            )));
        };
        this.check_exports(cx)?;
        let bytes = cx.with_buffer(bytes, |bytes| bytes.to_vec())?;
        let position = cx.index_isize(position)?;
        let Ok(position) = usize::try_from(position) else {
            return Err(cx.value_error("position value cannot be negative"));
        };
        if !dict.is_none() && dict.downcast::<Dict>().is_none() {
            let got = cx.type_name(dict);
            return Err(cx.type_error(format!("third item of state should be a dict, got a {got}")));
        }
        this.replace(cx, Content { bytes, position, closed: false })?;
        if let (Some(source), Some(own)) =
            (dict.downcast::<Dict>(), taipan_runtime::instance::dict(cx, this.value()))
        {
            own.merge(cx, source)?;
        }
        Ok(())
    }
}
