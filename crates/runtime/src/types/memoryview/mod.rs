//! `memoryview`: access to the memory of another object. CPython: `Objects/memoryobject.c`.
//!
//! Invariant: a view that is not released holds its exporter's export token, so the memory stays in place;
//! every access takes a copy of one item (or of all) in or out.

mod assign;
mod cast;
mod index;
mod item;

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::lock::Guarded;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::buffer::{Buffer, Exports, flag};
use crate::protocol::compare::CompareOp;
use crate::slots::Slot;
use crate::types::bytes::{Bytes, ops};
use crate::types::generic_alias::GenericAlias;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

#[derive(Trace)]
pub struct MemoryView {
    /// `None` once released.
    buffer: Guarded<Option<Buffer>>,
    /// Buffers that others got from this view.
    exports: Exports,
    hash: Guarded<Option<i64>>,
    /// An object with a `__buffer__` written in Python, which hears of the release.
    exporter: Slot,
    /// No other views can be made of it.
    restricted: bool,
}

impl MemoryView {
    /// A view of this memory.
    pub fn new_from(cx: &Context, buffer: Buffer) -> Gc<MemoryView> {
        cx.new_object(MemoryView {
            buffer: Guarded::new(Some(buffer)),
            exports: Exports::default(),
            hash: Guarded::new(None),
            exporter: Slot::EMPTY,
            restricted: false,
        })
    }

    /// A view of this memory of which no other views can be made.
    pub(crate) fn restricted(cx: &Context, buffer: Buffer) -> Gc<MemoryView> {
        cx.new_object(MemoryView {
            buffer: Guarded::new(Some(buffer)),
            exports: Exports::default(),
            hash: Guarded::new(None),
            exporter: Slot::EMPTY,
            restricted: true,
        })
    }

    /// Whose memory it is; None once it is released.
    pub(crate) fn owner(&self, cx: &Context) -> Option<Value> {
        self.buffer.lock(cx).as_ref().map(|buffer| buffer.owner)
    }

    fn check_unrestricted(&self, cx: &Context) -> Result<()> {
        match self.restricted {
            false => Ok(()),
            true => Err(cx.value_error("cannot create new view on restricted memoryview")),
        }
    }

    /// The memory, or ValueError once it is released.
    fn get(&self, cx: &Context) -> Result<Buffer> {
        let buffer = self.buffer.lock(cx).clone();
        buffer.ok_or_else(|| cx.value_error("operation forbidden on released memoryview object"))
    }

    fn do_release(&self, cx: &mut Context) -> Result<()> {
        if self.buffer.lock(cx).is_none() {
            return Ok(());
        }
        if self.exports.count() > 0 {
            taipan_gc::collect(cx.thread(), cx.heap());
        }
        match self.exports.count() {
            0 => {
                let buffer = self.buffer.lock(cx).take();
                match (buffer, self.exporter.swap(None)) {
                    (Some(buffer), Some(exporter)) => cx.release_buffer(exporter, buffer),
                    _ => Ok(()),
                }
            }
            count => {
                let s = if count == 1 { "" } else { "s" };
                Err(cx.buffer_error(format!("memoryview has {count} exported buffer{s}")))
            }
        }
    }
}

/// A view of any object that exports a buffer.
pub fn from_object(cx: &mut Context, object: Value, flags: u32) -> Result<Gc<MemoryView>> {
    if let Some(view) = object.downcast::<MemoryView>() {
        let buffer = view.get(cx)?;
        view.check_unrestricted(cx)?;
        return Ok(MemoryView::new_from(cx, buffer));
    }
    if !cx.has_buffer(object) {
        let found = cx.type_name(object);
        return Err(cx.type_error(format!("memoryview: a bytes-like object is required, not '{found}'")));
    }
    let buffer = cx.buffer(object, flags)?;
    let view = MemoryView::new_from(cx, buffer);
    if cx.hears_of_release(object) {
        view.exporter.store(object);
    }
    Ok(view)
}

fn dims(cx: &Context, dims: &[isize]) -> Value {
    let items: crate::buffer::GVec<Value> = dims.iter().map(|d| Value::int(*d as i64)).collect();
    cx.new_tuple(&items).value()
}

/// Window to the memory of an object that supports the buffer protocol.
#[class(name = "memoryview", flags = SEQUENCE | HAS_WEAKREF)]
impl MemoryView {
    #[new("(object)")]
    fn new(cx: &mut Context, class: Gc<Class>, object: Value) -> Result<Gc<MemoryView>> {
        debug_assert!(class == MemoryView::class_cell().get());
        from_object(cx, object, flag::FULL_RO)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let released = if this.buffer.lock(cx).is_none() { "released " } else { "" };
        Ok(cx.new_str(&format!("<{released}memory at {:#x}>", this.address())).value())
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        if let Some(hash) = *self.hash.lock(cx) {
            return Ok(hash);
        }
        let buffer = self.get(cx)?;
        if !buffer.readonly {
            return Err(cx.value_error("cannot hash writable memoryview object"));
        }
        if !item::native_code(&buffer.format).is_some_and(item::is_byte_code) {
            return Err(cx.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        // While the owner computes its hash, the view must not be released.
        let held = self.exports.take();
        cx.hash(buffer.owner)?;
        drop(held);
        let hash = crate::types::str::hash_bytes(cx, &buffer.to_vec());
        *self.hash.lock(cx) = Some(hash);
        Ok(hash)
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        index::compare(cx, a, b, op)
    }

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> Result<usize> {
        match self.get(cx)?.shape.first() {
            Some(len) => Ok(*len as usize),
            None => Err(cx.type_error("0-dim memory has no length")),
        }
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        let buffer = this.get(cx)?;
        index::native(cx, &buffer)?;
        match buffer.shape.len() {
            0 => Err(cx.type_error("invalid indexing of 0-dim memory")),
            1 => Ok(cx
                .new_object(MemoryIterator { view: Slot::new(this.value()), at: AtomicUsize::new(0) })
                .value()),
            _ => Err(cx.not_implemented_error("multi-dimensional sub-views are not implemented")),
        }
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        let buffer = this.get(cx)?;
        let item = index::get(cx, this.value(), &buffer, key)?;
        // An index may have released the view; a part of it keeps the memory by itself.
        match item.downcast::<MemoryView>() {
            Some(_) => this.check_unrestricted(cx)?,
            None => drop(this.get(cx)?),
        }
        Ok(item)
    }

    #[slot(set_item)]
    fn set_item(&self, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        let buffer = self.get(cx)?;
        assign::set(cx, &buffer, key, value)?;
        self.get(cx).map(drop)
    }

    #[slot(buffer)]
    fn buffer(this: Gc<Self>, cx: &mut Context, flags: u32) -> Result<Buffer> {
        let buffer = this.get(cx)?;
        this.check_unrestricted(cx)?;
        let required = |bits: u32| flags & bits == bits;
        let refused = if required(flag::WRITABLE) && buffer.readonly {
            "memoryview: underlying buffer is not writable"
        } else if required(flag::C_CONTIGUOUS) && !buffer.is_c_contiguous() {
            "memoryview: underlying buffer is not C-contiguous"
        } else if required(flag::F_CONTIGUOUS) && !buffer.is_f_contiguous() {
            "memoryview: underlying buffer is not Fortran contiguous"
        } else if required(flag::ANY_CONTIGUOUS) && !buffer.is_c_contiguous() && !buffer.is_f_contiguous() {
            "memoryview: underlying buffer is not contiguous"
        } else if !required(flag::STRIDES) && !buffer.is_c_contiguous() {
            "memoryview: underlying buffer is not C-contiguous"
        } else if !required(flag::ND) && required(flag::FORMAT) {
            "memoryview: cannot cast to unsigned bytes if the format flag is present"
        } else {
            let export = this.exports.take();
            return Ok(buffer.exported_by(this.value(), export));
        };
        Err(cx.buffer_error(refused))
    }

    /// Release the buffer object that exposes the underlying memory of the object.
    #[function("(buffer, /)")]
    fn __release_buffer__(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<()> {
        crate::protocol::buffer::release_view(cx, this.value(), buffer)
    }

    /// Let go of the memory.
    #[function("()")]
    fn release(&self, cx: &mut Context) -> Result<()> {
        self.do_release(cx)
    }

    #[function("()")]
    fn __enter__(this: Gc<Self>, cx: &mut Context) -> Result {
        this.get(cx)?;
        Ok(this.value())
    }

    /// Release the memory.
    #[function("(*exc_info)")]
    fn __exit__(&self, cx: &mut Context, exc_info: Gc<Tuple>) -> Result<()> {
        let _ = exc_info;
        self.do_release(cx)
    }

    /// A view of the same memory with items of another format or another shape.
    #[function("(format, shape=<absent>)")]
    fn cast(&self, cx: &mut Context, format: Value, shape: Option<Value>) -> Result {
        let buffer = self.get(cx)?;
        self.check_unrestricted(cx)?;
        cast::cast(cx, &buffer, format, shape)
    }

    /// A view of the same memory that cannot be written through.
    #[function("()")]
    fn toreadonly(&self, cx: &mut Context) -> Result {
        let mut buffer = self.get(cx)?;
        self.check_unrestricted(cx)?;
        buffer.readonly = true;
        Ok(MemoryView::new_from(cx, buffer).value())
    }

    /// The content as bytes, in the order 'C', 'F' or 'A'.
    #[function("(order='C')")]
    fn tobytes(&self, cx: &mut Context, order: Value) -> Result<Gc<Bytes>> {
        let buffer = self.get(cx)?;
        let order = match order.not_none() {
            None => "C".into(),
            Some(order) => {
                let order = crate::types::str::expect_str(cx, order, "tobytes() argument 'order'")?;
                order.to_str().into_owned()
            }
        };
        let bytes = match order.as_str() {
            "C" => buffer.to_vec(),
            "A" if !buffer.is_f_contiguous() => buffer.to_vec(),
            "F" | "A" => buffer.to_vec_column_major(),
            _ => return Err(cx.value_error("order must be 'C', 'F' or 'A'")),
        };
        Ok(cx.new_bytes(&bytes))
    }

    /// The items as a list, nested for several dimensions.
    #[function("()")]
    fn tolist(&self, cx: &mut Context) -> Result {
        let buffer = self.get(cx)?;
        index::to_list(cx, &buffer)
    }

    /// Hexadecimal digits, with sep between groups of bytes_per_sep bytes if it is given.
    ///
    /// Groups are counted from the right, or from the left if bytes_per_sep is negative.
    ///
    /// >>> memoryview(b'\x0a\xbc\xde').hex('-', -2)
    /// '0abc-de'
    #[function("(sep=<absent>, bytes_per_sep=1)")]
    fn hex(&self, cx: &mut Context, sep: Option<Value>, bytes_per_sep: i32) -> Result<Gc<Str>> {
        let bytes = self.get(cx)?.to_vec();
        let held = self.exports.take();
        let digits = ops::hex(cx, &bytes, sep, bytes_per_sep);
        drop(held);
        digits
    }

    /// Number of items that are equal to value.
    #[function("(value, /)")]
    fn count(this: Gc<Self>, cx: &mut Context, value: Value) -> Result<usize> {
        let mut count = 0;
        cx.for_each(this.value(), |cx, item| {
            count += usize::from(cx.eq(item, value)?);
            Ok(())
        })?;
        Ok(count)
    }

    /// Position of the first item that is equal to value, or ValueError.
    #[function("(value, start=0, stop=9223372036854775807, /)")]
    fn index(&self, cx: &mut Context, value: Value, start: Index, stop: Index) -> Result<usize> {
        let buffer = self.get(cx)?;
        index::find(cx, &buffer, value, start.0, stop.0)
    }

    #[classmethod("(object, flags)")]
    fn _from_flags(cx: &mut Context, class: Value, object: Value, flags: i32) -> Result<Gc<MemoryView>> {
        let _ = class;
        from_object(cx, object, flags as u32)
    }

    /// See PEP 585.
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Gc<GenericAlias> {
        GenericAlias::new(cx, class, object)
    }

    /// The object whose memory this is.
    #[getter]
    fn obj(&self, cx: &mut Context) -> Result {
        Ok(self.get(cx)?.owner)
    }

    /// Bytes that the items take.
    #[getter]
    fn nbytes(&self, cx: &mut Context) -> Result<usize> {
        Ok(self.get(cx)?.len())
    }

    /// Whether the memory cannot be written to.
    #[getter]
    fn readonly(&self, cx: &mut Context) -> Result<bool> {
        Ok(self.get(cx)?.readonly)
    }

    /// Bytes of one item.
    #[getter]
    fn itemsize(&self, cx: &mut Context) -> Result<usize> {
        Ok(self.get(cx)?.item_size)
    }

    /// Format of an item, as in the struct module.
    #[getter]
    fn format(&self, cx: &mut Context) -> Result<Gc<Str>> {
        let buffer = self.get(cx)?;
        Ok(cx.new_str(&buffer.format))
    }

    /// Number of dimensions.
    #[getter]
    fn ndim(&self, cx: &mut Context) -> Result<usize> {
        Ok(self.get(cx)?.shape.len())
    }

    /// Number of items in each dimension.
    #[getter]
    fn shape(&self, cx: &mut Context) -> Result {
        let buffer = self.get(cx)?;
        Ok(dims(cx, &buffer.shape))
    }

    /// Bytes from one item to the next in each dimension.
    #[getter]
    fn strides(&self, cx: &mut Context) -> Result {
        let buffer = self.get(cx)?;
        Ok(dims(cx, &buffer.strides))
    }

    /// Always empty: no dimension is reached through pointers.
    #[getter]
    fn suboffsets(&self, cx: &mut Context) -> Result {
        self.get(cx)?;
        Ok(dims(cx, &[]))
    }

    /// Whether the items lie one behind the other, the last dimension first.
    #[getter]
    fn c_contiguous(&self, cx: &mut Context) -> Result<bool> {
        Ok(self.get(cx)?.is_c_contiguous())
    }

    /// Whether the items lie one behind the other, the first dimension first.
    #[getter]
    fn f_contiguous(&self, cx: &mut Context) -> Result<bool> {
        Ok(self.get(cx)?.is_f_contiguous())
    }

    /// Whether the items lie one behind the other.
    #[getter]
    fn contiguous(&self, cx: &mut Context) -> Result<bool> {
        let buffer = self.get(cx)?;
        Ok(buffer.is_c_contiguous() || buffer.is_f_contiguous())
    }
}

/// `memory_iterator`.
#[derive(Trace)]
pub struct MemoryIterator {
    view: Slot,
    at: AtomicUsize,
}

#[class(name = "memory_iterator")]
impl MemoryIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(view) = self.view.load_as::<MemoryView>() else { return Ok(None) };
        let buffer = view.get(cx)?;
        let at = self.at.load(Ordering::Relaxed);
        if at as isize >= buffer.shape[0] {
            self.view.clear();
            return Ok(None);
        }
        self.at.store(at + 1, Ordering::Relaxed);
        let code = index::native(cx, &buffer)?;
        Ok(Some(index::item_at(cx, &buffer, code, at as isize * buffer.strides[0])))
    }
}
