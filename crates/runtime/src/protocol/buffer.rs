//! The buffer protocol: how natives get at the memory of `bytes`, `bytearray`, `memoryview`, `array` ...
//!
//! CPython: `Objects/abstract.c`, PEP 3118, PEP 688. Invariant: a `Buffer` keeps its owner alive, and while
//! it lives the owner's export count is above zero, so the memory stays where it is. Mutable memory is never
//! lent as a slice: it is copied in and out, since other threads may write to it.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use smallvec::SmallVec;

use crate::context::Context;
use crate::error::Result;
use crate::layout::Trace;
use crate::names::id;
use crate::object::Gc;
use crate::types::bytes::Bytes;
use crate::types::memoryview::MemoryView;
use crate::types::type_::BufferFn;
use crate::value::Value;

/// What a consumer can deal with; CPython's numbers (`inspect.BufferFlags`).
pub mod flag {
    pub const SIMPLE: u32 = 0;
    pub const WRITABLE: u32 = 1;
    pub const FORMAT: u32 = 4;
    pub const ND: u32 = 8;
    pub const STRIDES: u32 = 0x10 | ND;
    pub const C_CONTIGUOUS: u32 = 0x20 | STRIDES;
    pub const F_CONTIGUOUS: u32 = 0x40 | STRIDES;
    pub const ANY_CONTIGUOUS: u32 = 0x80 | STRIDES;
    pub const INDIRECT: u32 = 0x100 | STRIDES;
    pub const FULL: u32 = INDIRECT | WRITABLE | FORMAT;
    pub const FULL_RO: u32 = INDIRECT | FORMAT;
    pub const READ: u32 = 0x100;
    pub const WRITE: u32 = 0x200;
}

/// Counts the buffers that point into an object's memory.
#[derive(Default)]
pub struct Exports(Arc<AtomicUsize>);

impl Exports {
    /// One more export; it ends when the last clone of the token is dropped.
    pub fn take(&self) -> Export {
        self.0.fetch_add(1, Ordering::AcqRel);
        Export(Some(Arc::new(Token(self.0.clone()))))
    }

    /// A buffer over `content`, which belongs to `owner`. The owner neither moves nor frees it while the
    /// count is above zero.
    pub fn buffer(&self, owner: Value, content: &mut [u8], readonly: bool) -> Buffer {
        // SAFETY: the owner's promise above; the token counts until the buffer and its clones are gone.
        unsafe { Buffer::bytes(owner, content.as_mut_ptr(), content.len(), readonly, self.take()) }
    }

    pub fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    /// Whether nothing is exported. A view that nobody refers to any more counts until a collection finds it, so
    /// one is made before the answer is no. Another thread may export again at once: whoever moves or frees the memory
    /// asks for the `count` once more under the lock under which buffers are made.
    pub fn released(&self, cx: &mut Context) -> bool {
        if self.count() > 0 {
            taipan_gc::collect(cx.thread(), cx.heap());
        }
        self.count() == 0
    }
}

// SAFETY: a counter holds no value.
unsafe impl Trace for Exports {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut taipan_gc::Marker) {}
}

struct Token(Arc<AtomicUsize>);

impl Drop for Token {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Proof that an object's memory is exported. The counter is shared, not part of the owner's cell, since a
/// dying view may be swept after its owner.
#[derive(Clone, Default)]
#[allow(dead_code, reason = "held for its destructor")]
pub struct Export(Option<Arc<Token>>);

impl Export {
    /// For memory that never moves: nothing to count.
    pub const NONE: Export = Export(None);
}

/// Lengths or distances, one per dimension.
pub type Dims = SmallVec<[isize; 2]>;

/// Memory of an object, as items in one or more dimensions.
#[derive(Clone)]
pub struct Buffer {
    /// The object that owns the memory.
    pub owner: Value,
    /// Address of the first item.
    start: *mut u8,
    pub readonly: bool,
    pub item_size: usize,
    /// Item format in `struct` syntax.
    pub format: Cow<'static, str>,
    /// Number of items in each dimension; empty for a single item.
    pub shape: Dims,
    /// Bytes from one item to the next in each dimension.
    pub strides: Dims,
    #[allow(dead_code, reason = "held for its destructor")]
    export: Export,
}

// SAFETY: the owner is visited; it keeps the memory.
unsafe impl Trace for Buffer {
    fn trace(&self, marker: &mut taipan_gc::Marker) {
        self.owner.trace(marker);
    }
}

impl Buffer {
    /// `len` bytes at `start`.
    /// # Safety
    /// The memory stays valid while `owner` lives and `export` is held; it may be written to unless
    /// `readonly`.
    pub unsafe fn bytes(owner: Value, start: *mut u8, len: usize, readonly: bool, export: Export) -> Buffer {
        Buffer {
            owner,
            start,
            readonly,
            item_size: 1,
            format: Cow::Borrowed("B"),
            shape: Dims::from_slice(&[len as isize]),
            strides: Dims::from_slice(&[1]),
            export,
        }
    }

    /// The memory of a `bytes`.
    pub fn of_bytes(bytes: Gc<Bytes>) -> Buffer {
        let slice = bytes.as_slice();
        // SAFETY: the content of a bytes object lives as long as the object, and is not written to.
        unsafe { Buffer::bytes(bytes.value(), slice.as_ptr().cast_mut(), slice.len(), true, Export::NONE) }
    }

    /// Bytes that the items take.
    pub fn len(&self) -> usize {
        self.shape.iter().product::<isize>() as usize * self.item_size
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Address of the first item, for system calls.
    pub fn as_ptr(&self) -> *mut u8 {
        self.start
    }

    /// Whether the items lie one behind the other, the last dimension first.
    pub fn is_c_contiguous(&self) -> bool {
        self.is_contiguous_in(self.shape.iter().zip(&self.strides).rev())
    }

    /// Whether the items lie one behind the other, the first dimension first.
    pub fn is_f_contiguous(&self) -> bool {
        self.is_contiguous_in(self.shape.iter().zip(&self.strides))
    }

    fn is_contiguous_in<'a>(&self, dims: impl Iterator<Item = (&'a isize, &'a isize)>) -> bool {
        if self.is_empty() {
            return true;
        }
        let mut expected = self.item_size as isize;
        for (len, stride) in dims {
            if *len > 1 && *stride != expected {
                return false;
            }
            expected *= len;
        }
        true
    }

    /// A view of one item or part of this memory. The caller computed `offset` and the dimensions from this
    /// buffer's own, within its bounds.
    pub(crate) fn part(&self, offset: isize, shape: Dims, strides: Dims) -> Buffer {
        Buffer { start: self.start.wrapping_offset(offset), shape, strides, ..self.clone() }
    }

    /// The bytes at `offset`, which lies within the buffer as `part`'s does.
    pub(crate) fn read(&self, offset: isize, to: &mut [u8]) {
        // SAFETY: the range belongs to an item of the buffer, and its owner keeps the memory valid.
        unsafe { std::ptr::copy(self.start.offset(offset), to.as_mut_ptr(), to.len()) }
    }

    /// Overwrites the bytes at `offset`.
    pub(crate) fn write(&self, offset: isize, from: &[u8]) {
        assert!(!self.readonly, "writing needs a writable buffer");
        // SAFETY: as for `read`; the memory is writable.
        unsafe { std::ptr::copy(from.as_ptr(), self.start.offset(offset), from.len()) }
    }

    /// Copies bytes out of contiguous memory; the range lies within it.
    pub fn read_bytes(&self, at: usize, to: &mut [u8]) {
        assert!(self.is_c_contiguous() && at + to.len() <= self.len());
        self.read(at as isize, to);
    }

    /// Overwrites bytes of contiguous memory; the range lies within it.
    pub fn write_bytes(&self, at: usize, from: &[u8]) {
        assert!(self.is_c_contiguous() && at + from.len() <= self.len());
        self.write(at as isize, from);
    }

    /// Offsets of all items, in row-major order.
    pub(crate) fn offsets(&self) -> Vec<isize> {
        let mut offsets = vec![0isize];
        for (len, stride) in self.shape.iter().zip(&self.strides) {
            offsets = offsets.iter().flat_map(|base| (0..*len).map(move |i| base + i * stride)).collect();
        }
        offsets
    }

    /// A copy of the items in row-major order.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut copy = vec![0; self.len()];
        if self.is_c_contiguous() {
            self.read(0, &mut copy);
        } else {
            for (item, offset) in copy.chunks_exact_mut(self.item_size.max(1)).zip(self.offsets()) {
                self.read(offset, item);
            }
        }
        copy
    }

    /// A copy of the items in column-major order.
    pub(crate) fn to_vec_column_major(&self) -> Vec<u8> {
        let reversed = |dims: &Dims| dims.iter().rev().copied().collect::<Dims>();
        self.part(0, reversed(&self.shape), reversed(&self.strides)).to_vec()
    }

    /// The same memory, lent by `owner` under an export of its own.
    pub(crate) fn exported_by(self, owner: Value, export: Export) -> Buffer {
        Buffer { owner, export, ..self }
    }

    /// Overwrites the first bytes of contiguous memory; `from` is not longer than that.
    pub fn fill_from(&self, from: &[u8]) {
        assert!(from.len() <= self.len() && self.is_c_contiguous());
        self.write(0, from);
    }

    /// Overwrites all items, given in row-major order.
    pub(crate) fn scatter(&self, from: &[u8]) {
        if self.is_c_contiguous() {
            return self.fill_from(from);
        }
        for (item, offset) in from.chunks_exact(self.item_size.max(1)).zip(self.offsets()) {
            self.write(offset, item);
        }
    }
}

/// The bytes of an immutable object, or a private copy of those of a mutable one.
pub enum ByteSource {
    Shared(Gc<Bytes>),
    Copied(Vec<u8>),
}

impl Deref for ByteSource {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            ByteSource::Shared(bytes) => bytes.as_slice(),
            ByteSource::Copied(bytes) => bytes,
        }
    }
}

impl ByteSource {
    /// As a `bytes` object.
    pub fn to_bytes(&self, cx: &Context) -> Gc<Bytes> {
        match self {
            ByteSource::Shared(bytes) => bytes.exact(cx),
            ByteSource::Copied(bytes) => cx.new_bytes(bytes),
        }
    }
}

impl Context {
    /// Whether the object exports a buffer.
    pub fn has_buffer(&self, value: Value) -> bool {
        self.class_of(value).slots.buffer.is_set()
    }

    /// The object's buffer (`PyObject_GetBuffer`).
    pub fn buffer(&mut self, value: Value, flags: u32) -> Result<Buffer> {
        match self.class_of(value).slots.buffer.get() {
            Some(buffer) => buffer(self, value, flags),
            None => {
                let found = self.type_name(value);
                Err(self.type_error(format!("a bytes-like object is required, not '{found}'")))
            }
        }
    }

    /// The object's memory as writable contiguous bytes, as the `w*` converter of natives wants it.
    pub fn writable_buffer(&mut self, value: Value, what: &str) -> Result<Buffer> {
        if self.has_buffer(value) {
            match self.buffer(value, flag::WRITABLE) {
                Ok(buffer) if buffer.is_c_contiguous() => return Ok(buffer),
                Ok(_) => return Err(self.type_error(format!("{what} must be a contiguous buffer"))),
                Err(raised) => drop(self.take_exception(raised)),
            }
        }
        let found = self.argument_type_name(value);
        Err(self.type_error(format!("{what} must be read-write bytes-like object, not {found}")))
    }

    /// Shows the bytes of a bytes-like object to `f`.
    pub fn with_buffer<R>(&mut self, value: Value, f: impl FnOnce(&[u8]) -> R) -> Result<R> {
        Ok(f(&self.bytes_like(value)?))
    }

    /// A function or class of the builtins module.
    pub fn builtin(&mut self, name: &str) -> Result {
        let interned = self.intern(name);
        match self.vm().builtins().get_str(self, interned) {
            Some(found) => Ok(found),
            None => Err(self.runtime_error(format!("builtins.{name} is missing"))),
        }
    }

    /// The bytes of a bytes-like object, in one piece.
    pub fn bytes_like(&mut self, value: Value) -> Result<ByteSource> {
        if let Some(bytes) = value.downcast::<Bytes>() {
            return Ok(ByteSource::Shared(bytes));
        }
        self.copied_bytes(value, flag::SIMPLE)
    }

    fn copied_bytes(&mut self, value: Value, flags: u32) -> Result<ByteSource> {
        let buffer = self.buffer(value, flags)?;
        let copy = buffer.to_vec();
        self.release_buffer(value, buffer)?;
        Ok(ByteSource::Copied(copy))
    }

    /// Gives back a buffer that was got from `exporter`; a Python class hears of it.
    pub fn release_buffer(&mut self, exporter: Value, buffer: Buffer) -> Result<()> {
        let python = self.is_python_exporter(exporter);
        let hook = self.release_hook(exporter);
        if !python && hook.is_none() {
            drop(buffer);
            return Ok(());
        }
        // A hook sees the view that `__buffer__` gave, or else one of which no others can be made.
        let view = match python {
            true => buffer.owner,
            false => MemoryView::restricted(self, buffer.clone()).value(),
        };
        drop(buffer);
        if let Some(hook) = hook
            && let Err(raised) = self.call_method_value(hook, exporter, &[view])
        {
            let message = format!("Exception ignored in __release_buffer__ of {}", self.type_name(exporter));
            self.unraisable(raised, &message, None);
        }
        // Such a view is the exporter's own affair, unless its memory is that of the native part of the exporter.
        if !python || self.has_native_memory(exporter) {
            self.call_method(view, "release", &[])?;
        }
        Ok(())
    }

    /// The `__release_buffer__` written in Python that the class of an exporter has.
    fn release_hook(&self, exporter: Value) -> Option<Value> {
        let class = self.class_of(exporter);
        if !class.is_heap() {
            return None;
        }
        let hook = class.lookup(self, self.name(id::__release_buffer__))?;
        hook.downcast::<crate::types::native_function::MethodDescriptor>().is_none().then_some(hook)
    }

    /// Does an exporter have to be told of the release of its buffers?
    pub(crate) fn hears_of_release(&self, exporter: Value) -> bool {
        self.is_python_exporter(exporter) || self.release_hook(exporter).is_some()
    }

    /// Does a native class below that of an exporter have a buffer?
    fn has_native_memory(&self, exporter: Value) -> bool {
        let mut class = Some(self.class_of(exporter));
        while let Some(candidate) = class.filter(|class| class.is_heap()) {
            class = candidate.base();
        }
        class.is_some_and(|class| class.slots.buffer.is_set())
    }

    /// Whether the object's buffer comes from a `__buffer__` written in Python.
    pub(crate) fn is_python_exporter(&self, exporter: Value) -> bool {
        let generic: BufferFn = from_python;
        self.class_of(exporter).slots.buffer.get().is_some_and(|slot| slot as usize == generic as usize)
    }
}

/// The bytes of an object, or `None` when it exports no buffer.
pub(crate) fn try_copy(cx: &mut Context, value: Value) -> Result<Option<ByteSource>> {
    if cx.has_buffer(value) { cx.bytes_like(value).map(Some) } else { Ok(None) }
}

/// As `try_copy`, for consumers that take memory of any layout.
pub(crate) fn try_gather(cx: &mut Context, value: Value) -> Result<Option<ByteSource>> {
    match value.downcast::<Bytes>() {
        Some(bytes) => Ok(Some(ByteSource::Shared(bytes))),
        None if cx.has_buffer(value) => cx.copied_bytes(value, flag::FULL_RO).map(Some),
        None => Ok(None),
    }
}

/// The slot of classes that define `__buffer__` in Python: the memory of the view that it returns.
pub(crate) fn from_python(cx: &mut Context, this: Value, flags: u32) -> Result<Buffer> {
    let number = cx.new_int(i64::from(flags));
    let Some(view) = cx.call_special(this, id::__buffer__, &[number])? else {
        let name = cx.name(id::__buffer__);
        return Err(crate::protocol::attr::no_attribute(cx, this, name));
    };
    if view.downcast::<MemoryView>().is_none() {
        return Err(cx.type_error("__buffer__ returned non-memoryview object"));
    }
    cx.buffer(view, flags)
}

/// `object.__buffer__(flags)` of a native type: a view of its memory.
pub(crate) fn to_view(cx: &mut Context, slot: BufferFn, this: Value, flags: Value) -> Result {
    let wide = cx.index_i128(flags)?;
    let Ok(flags) = i32::try_from(wide) else {
        return Err(cx.overflow_error("buffer flags out of range"));
    };
    let buffer = slot(cx, this, flags as u32)?;
    Ok(MemoryView::new_from(cx, buffer).value())
}

/// `object.__release_buffer__(view)` of a native type. CPython: `wrap_releasebuffer`.
pub fn release_view(cx: &mut Context, this: Value, view: Value) -> Result<()> {
    let Some(body) = view.downcast::<MemoryView>() else {
        return Err(cx.type_error("expected a memoryview object"));
    };
    match body.owner(cx) {
        None => Err(cx.value_error("memoryview's buffer has already been released")),
        Some(owner) if owner != this => Err(cx.value_error("memoryview's buffer is not this object")),
        Some(_) => cx.call_method(view, "release", &[]).map(|_| ()),
    }
}
