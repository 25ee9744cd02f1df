//! `BufferedRWPair`: a reader and a writer as one object. CPython: `bufferedrwpair_*` in `Modules/_io/bufferedio.c`.
//!
//! Invariant: the two halves are set together by `__init__`.

use taipan_runtime::prelude::*;

use crate::io::base::BufferedIoBase;
use crate::io::buffered::{BufferedReader, BufferedWriter};

/// The body of `BufferedRWPair`.
#[derive(Trace)]
#[repr(C)]
pub struct BufferedRwPair {
    base: BufferedIoBase,
    reader: Slot,
    writer: Slot,
}

impl BufferedRwPair {
    fn half(&self, cx: &Context, slot: &Slot) -> Result<Value> {
        slot.load().ok_or_else(|| cx.value_error("I/O operation on uninitialized object"))
    }
}

/// A buffered reader and writer object together.
///
/// A buffered reader object and buffered writer object put together to
/// form a sequential IO object that can read and write. This is typically
/// used with a socket or two-way pipe.
#[class(name = "BufferedRWPair", module = "_io", base = BufferedIoBase, flags = BASETYPE | HAS_DICT)]
impl BufferedRwPair {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        let body =
            BufferedRwPair { base: BufferedIoBase::default(), reader: Slot::EMPTY, writer: Slot::EMPTY };
        Ok(cx.new_instance(class, body).value())
    }

    #[init("(reader, writer, buffer_size=131072, /)")]
    fn init(&self, cx: &mut Context, reader: Value, writer: Value, buffer_size: i64) -> Result<()> {
        let Ok(size @ 1..) = usize::try_from(buffer_size) else {
            return Err(cx.value_error("buffer size must be strictly positive"));
        };
        self.reader.store(BufferedReader::over(cx, reader, size)?.value());
        self.writer.store(BufferedWriter::over(cx, writer, size)?.value());
        Ok(())
    }

    #[function("(size=-1, /)")]
    fn read(&self, cx: &mut Context, size: Value) -> Result {
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "read", &[size])
    }

    #[function("(size=-1, /)")]
    fn read1(&self, cx: &mut Context, size: Value) -> Result {
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "read1", &[size])
    }

    #[function("(size=0, /)")]
    fn peek(&self, cx: &mut Context, size: Value) -> Result {
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "peek", &[size])
    }

    #[function("(buffer, /)")]
    fn readinto(&self, cx: &mut Context, buffer: Value) -> Result {
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "readinto", &[buffer])
    }

    #[function("(buffer, /)")]
    fn readinto1(&self, cx: &mut Context, buffer: Value) -> Result {
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "readinto1", &[buffer])
    }

    #[function("(buffer, /)")]
    fn write(&self, cx: &mut Context, buffer: Value) -> Result {
        let writer = self.half(cx, &self.writer)?;
        cx.call_method(writer, "write", &[buffer])
    }

    #[function("()")]
    fn flush(&self, cx: &mut Context) -> Result {
        let writer = self.half(cx, &self.writer)?;
        cx.call_method(writer, "flush", &[])
    }

    #[function("()")]
    fn readable(&self, cx: &mut Context) -> Result {
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "readable", &[])
    }

    #[function("()")]
    fn writable(&self, cx: &mut Context) -> Result {
        let writer = self.half(cx, &self.writer)?;
        cx.call_method(writer, "writable", &[])
    }

    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        let writer = self.half(cx, &self.writer)?;
        let reader = self.half(cx, &self.reader)?;
        let first = cx.call_method(writer, "close", &[]).map(drop);
        let error = first.err().map(|raised| cx.take_exception(raised));
        let second = cx.call_method(reader, "close", &[]).map(drop);
        self.base.io().set_closed();
        match (error, second) {
            (Some(error), Err(raised)) => {
                let latest = cx.take_exception(raised);
                taipan_runtime::exception::chain(latest, error);
                Err(cx.reraise(latest))
            }
            (Some(error), Ok(())) => Err(cx.reraise(error)),
            (None, second) => second,
        }
    }

    #[function("()")]
    fn isatty(&self, cx: &mut Context) -> Result {
        let writer = self.half(cx, &self.writer)?;
        let tty = cx.call_method(writer, "isatty", &[])?;
        if cx.truth(tty)? {
            return Ok(tty);
        }
        let reader = self.half(cx, &self.reader)?;
        cx.call_method(reader, "isatty", &[])
    }

    #[getter]
    fn closed(&self, cx: &mut Context) -> Result {
        let writer = self.half(cx, &self.writer)?;
        cx.get_attr_str(writer, "closed")
    }
}
