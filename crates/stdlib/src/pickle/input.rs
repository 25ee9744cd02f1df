//! Where a pickle is read from: bytes in memory, or a file that is read piece by piece. CPython: `_Unpickler_Read` and
//! its neighbours in `Modules/_pickle.c`.
//!
//! Invariant: no more is taken from a file than the pickle has; what `peek` showed beyond counts as not read.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use super::UNPICKLING_ERROR;

/// How many bytes `peek` is asked for.
const PREFETCH: usize = 128 << 10;
const TRUNCATED: &str = "pickle data was truncated";
const EXHAUSTED: &str = "pickle exhausted before end of frame";

/// Methods of the file.
#[derive(Clone, Copy, Trace)]
pub(super) struct File {
    pub(super) read: Value,
    pub(super) readline: Value,
    pub(super) peek: Option<Value>,
}

impl File {
    pub(super) fn of(cx: &mut Context, file: Value) -> Result<File> {
        let peek = cx.lookup_attr_str(file, "peek")?;
        let read = cx.lookup_attr_str(file, "read")?;
        let readline = cx.lookup_attr_str(file, "readline")?;
        match (read, readline) {
            (Some(read), Some(readline)) => Ok(File { read, readline, peek }),
            _ => Err(cx.type_error("file must have 'read' and 'readline' attributes")),
        }
    }
}

pub(super) struct Input {
    data: Gc<Bytes>,
    at: usize,
    /// Bytes of `data` behind this position were only peeked at.
    fetched: usize,
    /// Where the open frame ends, or the end of `data`.
    limit: usize,
    in_frame: bool,
    file: Option<File>,
}

/// The bytes object of what a file gave.
fn bytes_of(cx: &mut Context, data: Value) -> Result<Gc<Bytes>> {
    match data.downcast::<Bytes>() {
        Some(bytes) => Ok(bytes),
        None => Ok(cx.bytes_like(data)?.to_bytes(cx)),
    }
}

#[cold]
fn truncated(cx: &mut Context) -> Raised {
    UNPICKLING_ERROR.raise(cx, TRUNCATED)
}

impl Input {
    pub(super) fn of_bytes(cx: &mut Context, data: Value) -> Result<Input> {
        let data = bytes_of(cx, data)?;
        let length = data.as_slice().len();
        Ok(Input { data, at: 0, fetched: length, limit: length, in_frame: false, file: None })
    }

    pub(super) fn of_file(cx: &mut Context, file: Value) -> Result<Input> {
        let file = File::of(cx, file)?;
        Ok(Input::resumed(file, cx.new_bytes(b"")))
    }

    /// A file, of which `data` has been read already.
    pub(super) fn resumed(file: File, data: Gc<Bytes>) -> Input {
        let length = data.as_slice().len();
        Input { data, at: 0, fetched: length, limit: length, in_frame: false, file: Some(file) }
    }

    /// What was taken from the file and not used.
    pub(super) fn rest(&self) -> &[u8] {
        self.data.as_slice().get(self.at..self.fetched).unwrap_or(&[])
    }

    /// The next `count` bytes.
    #[inline(always)]
    pub(super) fn read(&mut self, cx: &mut Context, count: usize) -> Result<&[u8]> {
        let at = self.at;
        if count <= self.limit - at {
            self.at = at + count;
            return Ok(&self.data.as_slice()[at..at + count]);
        }
        self.read_more(cx, count)
    }

    /// The next `count` bytes as an object.
    pub(super) fn content(&mut self, cx: &mut Context, count: usize) -> Result<Gc<Bytes>> {
        self.read(cx, count)?;
        if count == self.data.as_slice().len() && self.data.is_exact() {
            return Ok(self.data);
        }
        Ok(cx.new_bytes(&self.data.as_slice()[self.at - count..self.at]))
    }

    /// The next `N` bytes.
    #[inline(always)]
    pub(super) fn take<const N: usize>(&mut self, cx: &mut Context) -> Result<[u8; N]> {
        let bytes = self.read(cx, N)?;
        Ok(std::array::from_fn(|index| bytes[index]))
    }

    #[cold]
    #[inline(never)]
    fn read_more(&mut self, cx: &mut Context, count: usize) -> Result<&[u8]> {
        if self.in_frame {
            self.leave_frame(cx)?;
            return self.read(cx, count);
        }
        let Some(file) = self.file else { return Err(truncated(cx)) };
        self.skip_peeked(cx)?;
        let kept = self.rest().to_vec();
        if kept.is_empty()
            && count < PREFETCH
            && let Some(peek) = file.peek
            && self.peek(cx, peek)?
            && count <= self.data.as_slice().len()
        {
            self.at = count;
            return Ok(&self.data.as_slice()[..count]);
        }
        let Ok(wanted) = i64::try_from(count - kept.len()) else {
            return Err(UNPICKLING_ERROR.raise(cx, "read would overflow (invalid bytecode)"));
        };
        let wanted = cx.new_int(wanted);
        let data = cx.call(file.read, &[wanted])?;
        let data = bytes_of(cx, data)?;
        let data = if kept.is_empty() { data } else { cx.new_bytes_from(&[&kept, data.as_slice()]) };
        let length = data.as_slice().len();
        (self.data, self.at, self.fetched, self.limit) = (data, 0, length, length);
        if length < count {
            return Err(truncated(cx));
        }
        self.at = count;
        Ok(&self.data.as_slice()[..count])
    }

    /// Looks ahead in the file; false where it cannot.
    fn peek(&mut self, cx: &mut Context, peek: Value) -> Result<bool> {
        match cx.call(peek, &[Value::int(PREFETCH as i64)]) {
            Ok(data) => {
                let data = bytes_of(cx, data)?;
                (self.data, self.at, self.fetched, self.limit) = (data, 0, 0, data.as_slice().len());
                Ok(true)
            }
            Err(raised) => {
                cx.swallow(raised, exception::not_implemented_error)?;
                if let Some(file) = &mut self.file {
                    file.peek = None;
                }
                Ok(false)
            }
        }
    }

    /// Takes from the file what was used after only being peeked at.
    pub(super) fn skip_peeked(&mut self, cx: &mut Context) -> Result<()> {
        if let Some(file) = self.file
            && self.at > self.fetched
        {
            let used = cx.new_int((self.at - self.fetched) as i64);
            cx.call(file.read, &[used])?;
            self.fetched = self.at;
        }
        Ok(())
    }

    /// The rest of the line with its end.
    pub(super) fn line(&mut self, cx: &mut Context) -> Result<Vec<u8>> {
        let rest = &self.data.as_slice()[self.at..self.limit];
        if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line = rest[..=end].to_vec();
            self.at += line.len();
            return Ok(line);
        }
        if self.in_frame {
            self.leave_frame(cx)?;
            return self.line(cx);
        }
        let Some(file) = self.file else { return Err(truncated(cx)) };
        self.skip_peeked(cx)?;
        let mut line = self.rest().to_vec();
        let data = cx.call(file.readline, &[])?;
        let data = bytes_of(cx, data)?;
        line.extend_from_slice(data.as_slice());
        let length = data.as_slice().len();
        (self.data, self.at, self.fetched, self.limit) = (data, length, length, length);
        if line.last() != Some(&b'\n') {
            return Err(truncated(cx));
        }
        Ok(line)
    }

    /// Reads a frame, so that what is in it comes from memory.
    pub(super) fn frame(&mut self, cx: &mut Context, length: usize) -> Result<()> {
        if self.in_frame {
            if self.at < self.limit {
                let message = "beginning of a new frame before end of current frame";
                return Err(UNPICKLING_ERROR.raise(cx, message));
            }
            self.leave_frame(cx)?;
        }
        self.read(cx, length)?;
        (self.limit, self.in_frame) = (self.at, true);
        self.at -= length;
        Ok(())
    }

    /// Goes on behind the open frame, of which nothing may be left.
    fn leave_frame(&mut self, cx: &mut Context) -> Result<()> {
        if self.at < self.limit {
            return Err(UNPICKLING_ERROR.raise(cx, EXHAUSTED));
        }
        (self.limit, self.in_frame) = (self.data.as_slice().len(), false);
        Ok(())
    }
}
