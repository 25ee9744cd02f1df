//! `Struct`, a format that is read once, and the iterator of `iter_unpack`. CPython: `Modules/_struct.c`.
//!
//! Invariant: an instance that `__init__` has not filled raises RuntimeError.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Buffer, flag};
use taipan_runtime::types::bytes::Bytes;

use super::layout::{Field, Layout};
use super::{ERROR, codes, format_bytes, pack, pack_into, parsed, unpack, unpack_from};

/// Body of `Struct`.
#[derive(Trace)]
pub struct Struct {
    layout: Guarded<Opaque<Option<Arc<Layout>>>>,
    format: Slot,
}

impl Struct {
    fn ready(&self, cx: &Context) -> Result<Arc<Layout>> {
        let layout = self.layout.lock(cx).clone();
        layout.ok_or_else(|| cx.runtime_error("Struct object is not initialized"))
    }
}

/// Struct(fmt) --> compiled struct object
#[class(name = "Struct", module = "_struct", flags = BASETYPE | HAS_WEAKREF)]
impl Struct {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Gc<Self> {
        cx.new_instance(class, Struct { layout: Guarded::new(Opaque(None)), format: Slot::EMPTY })
    }

    #[init("(format)")]
    fn init(&self, cx: &mut Context, format: Value) -> Result<()> {
        let bytes = format_bytes(cx, format)?;
        let layout = parsed(cx, &bytes)?;
        self.format.store(cx.new_ascii(&bytes).value());
        self.layout.lock(cx).0 = Some(layout);
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        this.ready(cx)?;
        let format = cx.repr(this.format.load_or_none())?;
        let name = cx.class_of(this.value()).name();
        cx.format_str(&["", "(", ")"], &[name, format])
    }

    /// Return an iterator yielding tuples.
    ///
    /// Tuples are unpacked from the given bytes source, like a repeated
    /// invocation of unpack_from().
    ///
    /// Requires that the bytes length be a multiple of the struct size.
    #[function("(buffer, /)")]
    fn iter_unpack(&self, cx: &mut Context, buffer: Value) -> Result {
        let layout = self.ready(cx)?;
        iterate(cx, layout, buffer)
    }

    /// S.pack(v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing values v1, v2, ... packed according
    /// to the format string S.format.  See help(struct) for more on format
    /// strings.
    #[function("(*values)", text = "")]
    fn pack(&self, cx: &mut Context, values: Gc<Tuple>) -> Result<Gc<Bytes>> {
        let layout = self.ready(cx)?;
        pack(cx, &layout, values.items())
    }

    /// S.pack_into(buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string S.format
    /// and write the packed bytes into the writable buffer buf starting at
    /// offset.  Note that the offset is a required argument.  A negative
    /// offset counts from the end of the buffer.  See help(struct) for more
    /// on format strings.
    #[function("(*args)", text = "")]
    fn pack_into(&self, cx: &mut Context, args: Gc<Tuple>) -> Result<()> {
        let layout = self.ready(cx)?;
        pack_into(cx, &layout, args.items())
    }

    /// Return a tuple containing unpacked values.
    ///
    /// Unpack according to the format string Struct.format. The buffer's size
    /// in bytes must be Struct.size.
    ///
    /// See help(struct) for more on format strings.
    #[function("(buffer, /)")]
    fn unpack(&self, cx: &mut Context, buffer: Value) -> Result<Gc<Tuple>> {
        let layout = self.ready(cx)?;
        unpack(cx, &layout, buffer)
    }

    /// Return a tuple containing unpacked values.
    ///
    /// Values are unpacked according to the format string Struct.format.
    ///
    /// The buffer's size in bytes, starting at position offset, must be
    /// at least Struct.size.  A negative offset counts from the end of the
    /// buffer.
    ///
    /// See help(struct) for more on format strings.
    #[function("(buffer, offset=0)")]
    fn unpack_from(&self, cx: &mut Context, buffer: Value, offset: isize) -> Result<Gc<Tuple>> {
        let layout = self.ready(cx)?;
        unpack_from(cx, &layout, buffer, offset)
    }

    /// S.__sizeof__() -> size of S in memory, in bytes
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self, cx: &mut Context) -> Result<usize> {
        let layout = self.ready(cx)?;
        Ok(size_of::<Struct>() + size_of::<Layout>() + layout.fields.len() * size_of::<Field>())
    }

    /// struct format string
    #[getter]
    fn format(&self, cx: &mut Context) -> Result {
        self.ready(cx)?;
        Ok(self.format.load_or_none())
    }

    /// struct size in bytes
    #[getter]
    fn size(&self, cx: &mut Context) -> isize {
        self.layout.lock(cx).as_ref().map_or(-1, |layout| layout.size as isize)
    }
}

/// Body of the iterator: the buffer is given back when it is used up.
#[derive(Trace)]
pub struct UnpackIterator {
    layout: Opaque<Arc<Layout>>,
    source: Guarded<Option<Buffer>>,
    exporter: Slot,
    position: AtomicUsize,
}

/// Unpacks `buffer` piece by piece.
pub(super) fn iterate(cx: &mut Context, layout: Arc<Layout>, buffer: Value) -> Result {
    if layout.size == 0 {
        return Err(ERROR.raise(cx, "cannot iteratively unpack with a struct of length 0"));
    }
    let source = cx.buffer(buffer, flag::SIMPLE)?;
    if !source.len().is_multiple_of(layout.size) {
        cx.release_buffer(buffer, source)?;
        let message = format!("iterative unpacking requires a buffer of a multiple of {} bytes", layout.size);
        return Err(ERROR.raise(cx, message));
    }
    let iterator = UnpackIterator {
        layout: Opaque(layout),
        source: Guarded::new(Some(source)),
        exporter: Slot::new(buffer),
        position: AtomicUsize::new(0),
    };
    Ok(cx.new_object(iterator).value())
}

#[class(name = "unpack_iterator", module = "_struct", flags = DISALLOW_NEW)]
impl UnpackIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(source) = self.source.lock(cx).clone() else { return Ok(None) };
        let size = self.layout.size;
        let at = self.position.fetch_add(size, Ordering::Relaxed);
        if at + size > source.len() {
            let held = self.source.lock(cx).take();
            if let (Some(held), Some(exporter)) = (held, self.exporter.swap(None)) {
                drop(source);
                cx.release_buffer(exporter, held)?;
            }
            return Ok(None);
        }
        let mut item = vec![0; size];
        source.read_bytes(at, &mut item);
        Ok(Some(codes::unpack_all(cx, &self.layout, &item).value()))
    }

    #[function("()", name = "__length_hint__")]
    fn length_hint(&self, cx: &mut Context) -> usize {
        let len = self.source.lock(cx).as_ref().map_or(0, Buffer::len);
        len.saturating_sub(self.position.load(Ordering::Relaxed)) / self.layout.size
    }
}
