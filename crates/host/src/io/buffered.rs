//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`, `BufferedRWPair`. CPython: `Modules/_io/bufferedio.c`.
//!
//! One state serves all: bytes read ahead of the position, or bytes written and not passed on.
//! Invariant: never both at once; the raw position is `position + ahead` when reading, `position - pending`
//! when writing. The state is only touched while the `LongLock` is held, except by trivial questions.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;

use crate::io::base::{self, BufferedIoBase, expect_bytes};
use crate::io::fileio::FileIo;
use crate::io::long_lock::LongLock;
use crate::io::{DEFAULT_BUFFER_SIZE, is_closed, size_arg, unsupported};

/// What is buffered.
#[derive(Trace, Default)]
struct State {
    /// Bytes read from the raw file; those before `start` have been handed out.
    ahead: Vec<u8>,
    start: usize,
    /// Bytes written and not yet passed on.
    pending: Vec<u8>,
}

/// The part that all buffered files share.
#[derive(Trace)]
#[repr(C)]
pub struct Buffered {
    base: BufferedIoBase,
    raw: Slot,
    lock: LongLock,
    state: Guarded<State>,
    size: AtomicUsize,
    detached: AtomicBool,
    readable: bool,
    writable: bool,
}

impl Buffered {
    fn blank(readable: bool, writable: bool) -> Buffered {
        Buffered {
            base: BufferedIoBase::default(),
            raw: Slot::EMPTY,
            lock: LongLock::default(),
            state: Guarded::new(State::default()),
            size: AtomicUsize::new(DEFAULT_BUFFER_SIZE),
            detached: AtomicBool::new(false),
            readable,
            writable,
        }
    }

    fn set_up(&self, cx: &mut Context, raw: Value, size: i64) -> Result<()> {
        let Ok(size @ 1..) = usize::try_from(size) else {
            return Err(cx.value_error("buffer size must be strictly positive"));
        };
        self.size.store(size, Ordering::Relaxed);
        *self.state.lock(cx) = State::default();
        self.detached.store(false, Ordering::Relaxed);
        self.raw.store(raw);
        Ok(())
    }

    fn raw(&self, cx: &Context) -> Result<Value> {
        match self.raw.load() {
            Some(raw) => Ok(raw),
            None if self.detached.load(Ordering::Relaxed) => {
                Err(cx.value_error("raw stream has been detached"))
            }
            None => Err(cx.value_error("I/O operation on uninitialized object")),
        }
    }

    fn closed(&self, cx: &mut Context) -> Result<bool> {
        let raw = self.raw(cx)?;
        match raw_file(cx, raw) {
            Some(file) => Ok(file.fd() < 0),
            None => is_closed(cx, raw),
        }
    }

    fn check_open(&self, cx: &mut Context, doing: &str) -> Result<Value> {
        let raw = self.raw(cx)?;
        if self.closed(cx)? {
            return Err(cx.value_error(format!("{doing} closed file")));
        }
        Ok(raw)
    }

    // ---- the raw file ----

    fn raw_read(&self, cx: &mut Context, raw: Value, size: usize) -> Result<Option<Vec<u8>>> {
        if let Some(file) = raw_file(cx, raw) {
            let mut buffer = cx.zeroed_bytes(size)?;
            let count = file.read_some(cx, &mut buffer)?;
            return Ok(count.map(|count| {
                buffer.truncate(count);
                buffer
            }));
        }
        let array = ByteArray::new_from(cx, cx.zeroed_bytes(size)?);
        let memoryview = cx.builtin("memoryview")?;
        let view = cx.call(memoryview, &[array.value()])?;
        let count = cx.call_method(raw, "readinto", &[view])?;
        cx.call_method(view, "release", &[])?;
        if count.is_none() {
            return Ok(None);
        }
        let count = match cx.index_isize(count) {
            Ok(count) => count,
            Err(raised) => {
                let cause = cx.take_exception(raised);
                let text = cx.new_str("raw readinto() failed").value();
                let error = cx.new_exception(taipan_runtime::exception::os_error, &[text]);
                return Err(cx.raise_with(error, Some(cause)));
            }
        };
        match usize::try_from(count).ok().filter(|count| *count <= size) {
            Some(count) => Ok(Some(array.to_vec(cx)[..count].to_vec())),
            None => Err(cx.os_error_message(&format!(
                "raw readinto() returned invalid length {count} (should have been between 0 and {size})"
            ))),
        }
    }

    fn raw_write(&self, cx: &mut Context, raw: Value, bytes: &[u8]) -> Result<Option<usize>> {
        if let Some(file) = raw_file(cx, raw) {
            return file.write_some(cx, bytes);
        }
        let data = cx.new_bytes(bytes).value();
        let memoryview = cx.builtin("memoryview")?;
        let view = cx.call(memoryview, &[data])?;
        let count = cx.call_method(raw, "write", &[view])?;
        if count.is_none() {
            return Ok(None);
        }
        let count = cx.index_isize(count)?;
        match usize::try_from(count).ok().filter(|count| *count <= bytes.len()) {
            Some(count) => Ok(Some(count)),
            None => Err(cx.os_error_message(&format!(
                "raw write() returned invalid length {count} (should have been between 0 and {})",
                bytes.len()
            ))),
        }
    }

    fn raw_seek(&self, cx: &mut Context, raw: Value, offset: i64, whence: i32) -> Result<i64> {
        let (offset, whence) = (cx.new_int(offset), cx.new_int(i64::from(whence)));
        let position = cx.call_method(raw, "seek", &[offset, whence])?;
        raw_position(cx, position)
    }

    fn raw_tell(&self, cx: &mut Context, raw: Value) -> Result<i64> {
        let position = cx.call_method(raw, "tell", &[])?;
        raw_position(cx, position)
    }

    // ---- writing ----

    /// Passes everything on. What cannot be written stays pending.
    fn flush_pending(&self, cx: &mut Context, raw: Value) -> Result<()> {
        loop {
            let pending = std::mem::take(&mut self.state.lock(cx).pending);
            if pending.is_empty() {
                return Ok(());
            }
            let written = self.raw_write(cx, raw, &pending);
            let kept = match &written {
                Ok(Some(count)) => &pending[*count..],
                _ => &pending[..],
            };
            if !kept.is_empty() {
                let mut state = self.state.lock(cx);
                let newer = std::mem::take(&mut state.pending);
                state.pending = kept.to_vec();
                state.pending.extend_from_slice(&newer);
            }
            match written {
                Ok(Some(_)) => cx.poll()?,
                Ok(None) => return Err(would_block(cx, 0)),
                Err(raised) => return Err(raised),
            }
        }
    }

    /// Gives up what was read ahead, so that the raw position is the logical one.
    fn drop_ahead(&self, cx: &mut Context, raw: Value) -> Result<()> {
        let left = {
            let mut state = self.state.lock(cx);
            let left = state.ahead.len() - state.start;
            state.ahead.clear();
            state.start = 0;
            left
        };
        if left > 0 {
            self.raw_seek(cx, raw, -(left as i64), 1)?;
        }
        Ok(())
    }

    fn write(&self, cx: &mut Context, object: Value, data: &[u8]) -> Result<usize> {
        let raw = self.raw(cx)?;
        if self.closed(cx)? {
            return Err(cx.value_error("write to closed file"));
        }
        self.lock.hold(cx, object, |cx| {
            if self.readable {
                self.drop_ahead(cx, raw)?;
            }
            let size = self.size.load(Ordering::Relaxed);
            let full = {
                let mut state = self.state.lock(cx);
                if state.pending.is_empty() {
                    // The writer is known from here on: what it holds must not be lost.
                    drop(state);
                    taipan_runtime::finalize::add_writer(cx, object);
                    state = self.state.lock(cx);
                }
                let room = size.saturating_sub(state.pending.len());
                if data.len() <= room {
                    state.pending.extend_from_slice(data);
                    return Ok(data.len());
                }
                state.pending.len()
            };
            if full > 0 {
                self.flush_or_block(cx, raw, data, size)?;
            }
            let mut rest = data;
            while rest.len() > size {
                match self.raw_write(cx, raw, rest)? {
                    Some(count) => rest = &rest[count..],
                    None => {
                        let kept = rest.len().min(size);
                        self.state.lock(cx).pending.extend_from_slice(&rest[..kept]);
                        if kept < rest.len() {
                            return Err(would_block(cx, data.len() - rest.len() + kept));
                        }
                        return Ok(data.len());
                    }
                }
                cx.poll()?;
            }
            self.state.lock(cx).pending.extend_from_slice(rest);
            Ok(data.len())
        })
    }

    /// Flushes before a write that does not fit; if the raw file would block, keeps what has room.
    fn flush_or_block(&self, cx: &mut Context, raw: Value, data: &[u8], size: usize) -> Result<()> {
        let Err(raised) = self.flush_pending(cx, raw) else { return Ok(()) };
        if !cx.error_matches(&raised, taipan_runtime::exception::blocking_io_error) {
            return Err(raised);
        }
        cx.take_exception(raised);
        let kept = {
            let mut state = self.state.lock(cx);
            let room = size.saturating_sub(state.pending.len());
            let kept = data.len().min(room);
            state.pending.extend_from_slice(&data[..kept]);
            kept
        };
        Err(would_block(cx, kept))
    }

    fn flush(&self, cx: &mut Context, object: Value) -> Result<()> {
        let raw = self.check_open(cx, "flush of")?;
        self.lock.hold(cx, object, |cx| {
            self.flush_pending(cx, raw)?;
            taipan_runtime::finalize::remove_writer(object);
            if self.readable && self.writable {
                self.drop_ahead(cx, raw)?;
            }
            Ok(())
        })
    }

    // ---- reading ----

    fn available(&self, cx: &Context) -> usize {
        let state = self.state.lock(cx);
        state.ahead.len() - state.start
    }

    /// Takes up to `size` bytes that were read ahead.
    fn take_ahead(&self, cx: &Context, size: usize) -> Vec<u8> {
        let mut state = self.state.lock(cx);
        let end = (state.start + size).min(state.ahead.len());
        let taken = state.ahead[state.start..end].to_vec();
        state.start = end;
        taken
    }

    /// Fills an empty read-ahead; `None` when the raw file would block.
    fn fill(&self, cx: &mut Context, raw: Value) -> Result<Option<usize>> {
        let size = self.size.load(Ordering::Relaxed);
        let Some(piece) = self.raw_read(cx, raw, size)? else { return Ok(None) };
        let count = piece.len();
        let mut state = self.state.lock(cx);
        let start = state.start;
        state.ahead.drain(..start);
        state.start = 0;
        state.ahead.extend_from_slice(&piece);
        Ok(Some(count))
    }

    fn read_all(&self, cx: &mut Context, raw: Value) -> Result<Option<Vec<u8>>> {
        let mut all = self.take_ahead(cx, usize::MAX >> 1);
        if self.writable {
            self.flush_pending(cx, raw)?;
        }
        if let Some(file) = raw_file(cx, raw) {
            return Ok(match file.read_all(cx)? {
                Some(rest) => {
                    all.extend_from_slice(&rest);
                    Some(all)
                }
                None if all.is_empty() => None,
                None => Some(all),
            });
        }
        let readall = cx.intern("readall");
        if let Some(method) = cx.lookup_attr(raw, readall)? {
            let rest = cx.call(method, &[])?;
            if rest.is_none() {
                return Ok(if all.is_empty() { None } else { Some(all) });
            }
            let Some(rest) = rest.downcast::<Bytes>() else {
                return Err(cx.type_error("readall() should return bytes"));
            };
            all.extend_from_slice(rest.as_slice());
            return Ok(Some(all));
        }
        loop {
            let piece = cx.call_method(raw, "read", &[])?;
            if piece.is_none() {
                return Ok(if all.is_empty() { None } else { Some(all) });
            }
            let piece = expect_bytes(cx, piece, "read")?;
            if piece.as_slice().is_empty() {
                return Ok(Some(all));
            }
            all.extend_from_slice(piece.as_slice());
        }
    }

    fn read(&self, cx: &mut Context, object: Value, size: Option<usize>) -> Result<Option<Vec<u8>>> {
        let raw = self.check_open(cx, "read of")?;
        self.lock.hold(cx, object, |cx| {
            let Some(size) = size else { return self.read_all(cx, raw) };
            let mut taken = self.take_ahead(cx, size);
            if taken.len() == size {
                return Ok(Some(taken));
            }
            if self.writable {
                self.flush_pending(cx, raw)?;
            }
            let buffer = self.size.load(Ordering::Relaxed);
            while taken.len() < size {
                let missing = size - taken.len();
                let count = if missing >= buffer {
                    // Whole buffers go straight to the caller.
                    match self.raw_read(cx, raw, missing - missing % buffer)? {
                        Some(piece) => {
                            taken.extend_from_slice(&piece);
                            Some(piece.len())
                        }
                        None => None,
                    }
                } else {
                    let count = self.fill(cx, raw)?;
                    taken.extend(self.take_ahead(cx, missing));
                    count
                };
                match count {
                    Some(0) => break,
                    Some(_) => cx.poll()?,
                    None if taken.is_empty() => return Ok(None),
                    None => break,
                }
            }
            Ok(Some(taken))
        })
    }

    fn read1(&self, cx: &mut Context, object: Value, size: Option<usize>) -> Result<Vec<u8>> {
        let raw = self.check_open(cx, "read of")?;
        let size = size.unwrap_or_else(|| self.size.load(Ordering::Relaxed));
        if size == 0 {
            return Ok(Vec::new());
        }
        self.lock.hold(cx, object, |cx| {
            if self.available(cx) > 0 {
                return Ok(self.take_ahead(cx, size));
            }
            if self.writable {
                self.flush_pending(cx, raw)?;
            }
            Ok(self.raw_read(cx, raw, size)?.unwrap_or_default())
        })
    }

    fn peek(&self, cx: &mut Context, object: Value) -> Result<Vec<u8>> {
        let raw = self.check_open(cx, "peek of")?;
        self.lock.hold(cx, object, |cx| {
            if self.writable {
                self.flush_pending(cx, raw)?;
            }
            if self.available(cx) == 0 {
                self.fill(cx, raw)?;
            }
            let state = self.state.lock(cx);
            Ok(state.ahead[state.start..].to_vec())
        })
    }

    fn readline(&self, cx: &mut Context, object: Value, limit: Option<usize>) -> Result<Vec<u8>> {
        let raw = self.check_open(cx, "readline of")?;
        self.lock.hold(cx, object, |cx| {
            let mut line = Vec::new();
            loop {
                let room = limit.map_or(usize::MAX, |limit| limit - line.len());
                if room == 0 {
                    return Ok(line);
                }
                {
                    let mut state = self.state.lock(cx);
                    let rest = &state.ahead[state.start..];
                    let found = memchr::memchr(b'\n', &rest[..rest.len().min(room)]).map(|at| at + 1);
                    let count = found.unwrap_or(rest.len().min(room));
                    line.extend_from_slice(&rest[..count]);
                    state.start += count;
                    if found.is_some() {
                        return Ok(line);
                    }
                }
                if limit.is_some_and(|limit| line.len() >= limit) {
                    return Ok(line);
                }
                if self.writable {
                    self.flush_pending(cx, raw)?;
                }
                match self.fill(cx, raw)? {
                    Some(0) | None => return Ok(line),
                    Some(_) => cx.poll()?,
                }
            }
        })
    }

    fn read_into(&self, cx: &mut Context, object: Value, target: Value, once: bool) -> Result<Option<usize>> {
        let what = if once { "readinto1() argument" } else { "readinto() argument" };
        let buffer = cx.writable_buffer(target, what)?;
        let data = if once {
            Some(self.read1(cx, object, Some(buffer.len()))?)
        } else {
            self.read(cx, object, Some(buffer.len()))?
        };
        Ok(data.map(|data| {
            buffer.fill_from(&data);
            data.len()
        }))
    }

    // ---- positions ----

    fn seek(&self, cx: &mut Context, object: Value, target: Value, whence: i32) -> Result<i64> {
        if !(0..=4).contains(&whence) {
            return Err(cx.value_error(format!("whence value {whence} unsupported")));
        }
        let raw = self.check_open(cx, "seek of")?;
        let seekable = cx.call_method(raw, "seekable", &[])?;
        if !cx.truth(seekable)? {
            return Err(unsupported(cx, "File or stream is not seekable."));
        }
        if !cx.has_index(target) {
            return Err(cx.type_error(format!(
                "'{}' object cannot be interpreted as an integer",
                cx.type_name(target)
            )));
        }
        let offset = i64::try_from(cx.index_i128(target)?).map_err(|_| {
            cx.overflow_error(format!("cannot fit '{}' into an offset-sized integer", cx.type_name(target)))
        })?;
        self.lock.hold(cx, object, |cx| {
            let left = self.available(cx) as i64;
            if self.readable && left > 0 && whence <= 1 {
                // Within what was read ahead no system call is needed but `tell`.
                let raw_position = self.raw_tell(cx, raw)?;
                let position = raw_position - left;
                let wanted = if whence == 0 { offset } else { position + offset };
                let mut state = self.state.lock(cx);
                let first = raw_position - state.ahead.len() as i64;
                if wanted >= first && wanted <= raw_position {
                    state.start = (wanted - first) as usize;
                    return Ok(wanted);
                }
            }
            if self.writable {
                self.flush_pending(cx, raw)?;
            }
            let offset = if whence == 1 { offset - left } else { offset };
            let position = self.raw_seek(cx, raw, offset, whence)?;
            let mut state = self.state.lock(cx);
            state.ahead.clear();
            state.start = 0;
            Ok(position)
        })
    }

    fn tell(&self, cx: &mut Context) -> Result<i64> {
        let raw = self.check_open(cx, "tell of")?;
        let position = self.raw_tell(cx, raw)?;
        let state = self.state.lock(cx);
        let ahead = (state.ahead.len() - state.start) as i64;
        Ok(position - ahead + state.pending.len() as i64)
    }

    fn truncate(&self, cx: &mut Context, object: Value, size: Value) -> Result {
        if !self.writable {
            return Err(unsupported(cx, "truncate"));
        }
        let raw = self.check_open(cx, "truncate of")?;
        self.lock.hold(cx, object, |cx| {
            self.flush_pending(cx, raw)?;
            if self.readable {
                self.drop_ahead(cx, raw)?;
            }
            cx.call_method(raw, "truncate", &[size])
        })
    }

    fn close(&self, cx: &mut Context, object: Value) -> Result<()> {
        let raw = self.raw(cx)?;
        if self.closed(cx)? {
            return Ok(());
        }
        let flushed = cx.call_method(object, "flush", &[]).map(drop);
        taipan_runtime::finalize::remove_writer(object);
        let flush_error = flushed.err().map(|raised| cx.take_exception(raised));
        let closed = cx.call_method(raw, "close", &[]).map(drop);
        *self.state.lock(cx) = State::default();
        self.base.io().set_closed();
        match (closed, flush_error) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(error)) => Err(cx.reraise(error)),
            (Err(raised), None) => Err(raised),
            (Err(raised), Some(error)) => {
                let second = cx.take_exception(raised);
                taipan_runtime::exception::chain(second, error);
                Err(cx.reraise(second))
            }
        }
    }

    fn detach(&self, cx: &mut Context, object: Value) -> Result {
        let raw = self.raw(cx)?;
        cx.call_method(object, "flush", &[])?;
        self.raw.clear();
        self.detached.store(true, Ordering::Relaxed);
        Ok(raw)
    }

    fn repr(&self, cx: &mut Context, object: Value) -> Result {
        let name = cx.type_name(object);
        let attribute = cx.intern("name");
        let text = match cx.lookup_attr(object, attribute) {
            Ok(Some(file)) => {
                let repr = cx.guard_repr(object, |cx| cx.repr(file))?;
                match repr {
                    Some(repr) => format!("<{name} name={}>", repr.to_str()),
                    None => return Err(cx.runtime_error(format!("reentrant call inside {name}.__repr__"))),
                }
            }
            Ok(None) => format!("<{name}>"),
            Err(raised) => {
                cx.swallow(raised, taipan_runtime::exception::value_error)?;
                format!("<{name}>")
            }
        };
        Ok(cx.new_str(&text).value())
    }
}

/// The raw file, when it is a FileIO itself and not a subclass with methods of its own.
fn raw_file(cx: &Context, raw: Value) -> Option<Gc<FileIo>> {
    cx.exact::<FileIo>(raw)
}

/// Whether the file is closed that lies under a buffer, if both are of the module's own classes.
pub(crate) fn file_is_closed(cx: &Context, object: Value) -> Option<bool> {
    let buffer = match cx.exact::<BufferedWriter>(object) {
        Some(writer) => writer.inner.raw.load(),
        None => cx.exact::<BufferedReader>(object)?.inner.raw.load(),
    };
    Some(raw_file(cx, buffer?)?.fd() < 0)
}

fn raw_position(cx: &mut Context, position: Value) -> Result<i64> {
    let position = i64::try_from(cx.index_i128(position)?).unwrap_or(-1);
    if position < 0 {
        return Err(cx.os_error_message(&format!("Raw stream returned invalid position {position}")));
    }
    Ok(position)
}

#[cold]
fn would_block(cx: &mut Context, written: usize) -> Raised {
    let class = taipan_runtime::exception::blocking_io_error().get().value();
    let args = [
        cx.new_int(i64::from(libc::EAGAIN)),
        cx.new_str("write could not complete without blocking").value(),
        cx.new_int(written as i64),
    ];
    match cx.call(class, &args) {
        Ok(error) => cx.raise(error),
        Err(raised) => raised,
    }
}

/// Checks that the raw file can do what the buffer needs.
fn check_raw(cx: &mut Context, raw: Value, method: &str, message: &str) -> Result<()> {
    let able = cx.call_method(raw, method, &[])?;
    if able != Value::TRUE {
        return Err(unsupported(cx, message));
    }
    Ok(())
}

macro_rules! buffered_class {
    ($(#[$doc:meta])* $name:ident, $python:literal, $signature:literal, readable $readable:literal, writable $writable:literal, seekable $seekable:literal) => {
        /// The body of the class of this name.
        #[derive(Trace)]
        #[repr(C)]
        pub struct $name {
            inner: Buffered,
        }

        impl $name {
            /// A buffer of `size` bytes over `raw`.
            pub(crate) fn over(cx: &mut Context, raw: Value, size: usize) -> Result<Gc<$name>> {
                let this = cx.new_object($name { inner: Buffered::blank($readable, $writable) });
                $name::check(cx, raw)?;
                this.inner.set_up(cx, raw, size as i64)?;
                Ok(this)
            }

            fn check(cx: &mut Context, raw: Value) -> Result<()> {
                if $seekable {
                    check_raw(cx, raw, "seekable", "File or stream is not seekable.")?;
                }
                if $readable {
                    check_raw(cx, raw, "readable", "File or stream is not readable.")?;
                }
                if $writable {
                    check_raw(cx, raw, "writable", "File or stream is not writable.")?;
                }
                Ok(())
            }
        }

        $(#[$doc])*
        #[class(name = $python, module = "_io", base = BufferedIoBase, flags = BASETYPE | HAS_DICT)]
        impl $name {
            #[slot(new)]
            fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
                let _ = args;
                Ok(cx.new_instance(class, $name { inner: Buffered::blank($readable, $writable) }).value())
            }

            #[init($signature)]
            fn init(&self, cx: &mut Context, raw: Value, buffer_size: i64) -> Result<()> {
                $name::check(cx, raw)?;
                self.inner.set_up(cx, raw, buffer_size)
            }

            #[slot(finalize)]
            fn finalize(cx: &mut Context, this: Value) -> Result<()> {
                base::finalize(cx, this)
            }

            #[slot(repr)]
            fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
                this.inner.repr(cx, this.value())
            }

            #[slot(next)]
            fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
                if !$readable {
                    return Err(unsupported(cx, "not readable"));
                }
                let line = if cx.is_exact::<$name>(this.value()) {
                    let line = this.inner.readline(cx, this.value(), None)?;
                    cx.new_bytes(&line).value()
                } else {
                    cx.call_method(this.value(), "readline", &[])?
                };
                Ok(if cx.len(line)? == 0 { None } else { Some(line) })
            }

            #[function("(size=-1, /)")]
            fn read(this: Gc<Self>, cx: &mut Context, size: Value) -> Result {
                if !$readable {
                    return Err(unsupported(cx, "read"));
                }
                if let Some(number) = size.as_small_int()
                    && number < -1
                {
                    return Err(cx.value_error("read length must be non-negative or -1"));
                }
                let size = size_arg(cx, size)?;
                match this.inner.read(cx, this.value(), size)? {
                    Some(data) => Ok(cx.new_bytes(&data).value()),
                    None => Ok(Value::NONE),
                }
            }

            #[function("(size=-1, /)")]
            fn read1(this: Gc<Self>, cx: &mut Context, size: isize) -> Result<Vec<u8>> {
                if !$readable {
                    return Err(unsupported(cx, "read1"));
                }
                let size = usize::try_from(size).ok();
                this.inner.read1(cx, this.value(), size)
            }

            #[function("(size=0, /)")]
            fn peek(this: Gc<Self>, cx: &mut Context, size: isize) -> Result<Vec<u8>> {
                let _ = size;
                if !$readable {
                    return Err(unsupported(cx, "peek"));
                }
                this.inner.peek(cx, this.value())
            }

            #[function("(size=-1, /)")]
            fn readline(this: Gc<Self>, cx: &mut Context, size: Value) -> Result<Vec<u8>> {
                if !$readable {
                    return Err(unsupported(cx, "not readable"));
                }
                let size = size_arg(cx, size)?;
                this.inner.readline(cx, this.value(), size)
            }

            #[function("(buffer, /)")]
            fn readinto(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<Option<usize>> {
                if !$readable {
                    return Err(unsupported(cx, "readinto"));
                }
                this.inner.read_into(cx, this.value(), buffer, false)
            }

            #[function("(buffer, /)")]
            fn readinto1(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<Option<usize>> {
                if !$readable {
                    return Err(unsupported(cx, "readinto1"));
                }
                this.inner.read_into(cx, this.value(), buffer, true)
            }

            #[function("(buffer, /)")]
            fn write(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<usize> {
                if !$writable {
                    return Err(unsupported(cx, "write"));
                }
                if let Some(bytes) = buffer.downcast::<Bytes>() {
                    return this.inner.write(cx, this.value(), bytes.as_slice());
                }
                let data = cx.with_buffer(buffer, |bytes| bytes.to_vec())?;
                this.inner.write(cx, this.value(), &data)
            }

            #[function("()")]
            fn flush(this: Gc<Self>, cx: &mut Context) -> Result<()> {
                if !$writable {
                    let raw = this.inner.check_open(cx, "flush of")?;
                    return cx.call_method(raw, "flush", &[]).map(drop);
                }
                this.inner.flush(cx, this.value())
            }

            #[function("(target, whence=0, /)")]
            fn seek(this: Gc<Self>, cx: &mut Context, target: Value, whence: i32) -> Result<i64> {
                this.inner.seek(cx, this.value(), target, whence)
            }

            #[function("()")]
            fn tell(&self, cx: &mut Context) -> Result<i64> {
                self.inner.tell(cx)
            }

            #[function("(pos=None, /)")]
            fn truncate(this: Gc<Self>, cx: &mut Context, pos: Value) -> Result {
                this.inner.truncate(cx, this.value(), pos)
            }

            #[function("()")]
            fn close(this: Gc<Self>, cx: &mut Context) -> Result<()> {
                this.inner.close(cx, this.value())
            }

            #[function("()")]
            fn detach(this: Gc<Self>, cx: &mut Context) -> Result {
                this.inner.detach(cx, this.value())
            }

            #[function("()")]
            fn seekable(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                cx.call_method(raw, "seekable", &[])
            }

            #[function("()")]
            fn readable(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                if $readable { cx.call_method(raw, "readable", &[]) } else { Ok(Value::FALSE) }
            }

            #[function("()")]
            fn writable(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                if $writable { cx.call_method(raw, "writable", &[]) } else { Ok(Value::FALSE) }
            }

            #[function("()")]
            fn fileno(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                cx.call_method(raw, "fileno", &[])
            }

            #[function("()")]
            fn isatty(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                cx.call_method(raw, "isatty", &[])
            }

            #[getter]
            fn closed(&self, cx: &mut Context) -> Result<bool> {
                self.inner.closed(cx)
            }

            #[getter]
            fn raw(&self) -> Option<Value> {
                self.inner.raw.load()
            }

            #[getter]
            fn name(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                cx.get_attr_str(raw, "name")
            }

            #[getter]
            fn mode(&self, cx: &mut Context) -> Result {
                let raw = self.inner.raw(cx)?;
                cx.get_attr_str(raw, "mode")
            }

            #[function("()")]
            fn __getstate__(this: Gc<Self>, cx: &mut Context) -> Result {
                Err(cx.type_error(format!("cannot pickle '{}' object", cx.type_name(this.value()))))
            }
        }
    };
}

buffered_class! {
    /// Create a new buffered reader using the given readable raw IO object.
    BufferedReader, "BufferedReader", "(raw, buffer_size=131072)", readable true, writable false, seekable false
}
buffered_class! {
    /// A buffer for a writeable sequential RawIO object.
    ///
    /// The constructor creates a BufferedWriter for the given writeable raw
    /// stream. If the buffer_size is not given, it defaults to
    /// DEFAULT_BUFFER_SIZE.
    BufferedWriter, "BufferedWriter", "(raw, buffer_size=131072)", readable false, writable true, seekable false
}
buffered_class! {
    /// A buffered interface to random access streams.
    ///
    /// The constructor creates a reader and writer for a seekable stream,
    /// raw, given in the first argument. If the buffer_size is omitted it
    /// defaults to DEFAULT_BUFFER_SIZE.
    BufferedRandom, "BufferedRandom", "(raw, buffer_size=131072)", readable true, writable true, seekable true
}
