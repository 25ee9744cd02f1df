//! `_struct`: Python values to and from the bytes of C structs. CPython: `Modules/_struct.c`.
//!
//! Invariant: values are packed into private memory first, so a conversion that runs Python never meets a
//! half-written buffer or one that it has resized.

mod class;
mod codes;
mod layout;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Buffer, flag};
use taipan_runtime::types::bytes::Bytes;

use crate::module_exception::ModuleException;
use class::{Struct, UnpackIterator};
use layout::Layout;

/// `struct.error`.
static ERROR: ModuleException = ModuleException::new("struct", "error", exception::exception);

/// As many formats as a thread remembers.
const CACHED_FORMATS: usize = 100;

thread_local! {
    /// The formats that this thread's functions were called with: plain data, no value inside.
    static CACHE: RefCell<HashMap<Vec<u8>, Arc<Layout>>> = RefCell::new(HashMap::new());
}

/// The characters of a format: ASCII text or bytes.
fn format_bytes(cx: &mut Context, format: Value) -> Result<Vec<u8>> {
    if let Some(text) = format.downcast::<Str>() {
        return match text.as_ascii() {
            Some(ascii) => Ok(ascii.as_bytes().to_vec()),
            None => Err(codes::not_ascii(cx, text)),
        };
    }
    let Some(bytes) = format.downcast::<Bytes>() else {
        let found = cx.argument_type_name(format);
        let message = format!("Struct() argument 1 must be a str or bytes object, not {found}");
        return Err(cx.type_error(message));
    };
    let bytes = bytes.as_slice();
    if !bytes.is_ascii() {
        // As text these bytes are lone surrogates, which are no ASCII.
        let codes: Vec<u32> =
            bytes.iter().map(|b| if *b < 0x80 { u32::from(*b) } else { 0xdc00 | u32::from(*b) }).collect();
        let text = cx.new_str_from(taipan_runtime::types::str::Units::Four(&codes));
        return Err(codes::not_ascii(cx, text));
    }
    Ok(bytes.to_vec())
}

fn parsed(cx: &mut Context, format: &[u8]) -> Result<Arc<Layout>> {
    match Layout::parse(format) {
        Ok(layout) => Ok(Arc::new(layout)),
        Err(message) => Err(ERROR.raise(cx, message)),
    }
}

/// The layout of a format, from the cache if it is there.
fn layout_of(cx: &mut Context, format: Value) -> Result<Arc<Layout>> {
    let text = format.downcast::<Str>();
    if let Some(ascii) = text.as_ref().and_then(|text| text.as_ascii())
        && let Some(known) = CACHE.with_borrow(|cache| cache.get(ascii.as_bytes()).cloned())
    {
        return Ok(known);
    }
    if text.is_none() {
        cx.hash(format)?;
    }
    let bytes = format_bytes(cx, format)?;
    let layout = parsed(cx, &bytes)?;
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CACHED_FORMATS {
            cache.clear();
        }
        cache.insert(bytes, layout.clone());
    });
    Ok(layout)
}

fn pack(cx: &mut Context, layout: &Layout, values: &[Value]) -> Result<Gc<Bytes>> {
    if values.len() != layout.items {
        let message = format!("pack expected {} items for packing (got {})", layout.items, values.len());
        return Err(ERROR.raise(cx, message));
    }
    let mut out = zeroed(cx, layout.size)?;
    codes::pack_all(cx, layout, values, &mut out)?;
    Ok(cx.new_bytes(&out))
}

fn zeroed(cx: &mut Context, size: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    if out.try_reserve_exact(size).is_err() {
        return Err(cx.memory_error());
    }
    out.resize(size, 0);
    Ok(out)
}

/// `args` are the buffer, the offset and the values.
fn pack_into(cx: &mut Context, layout: &Layout, args: &[Value]) -> Result<()> {
    let (buffer, offset, values) = match args {
        [buffer, offset, values @ ..] if values.len() == layout.items => (*buffer, *offset, values),
        [] => return Err(ERROR.raise(cx, "pack_into expected buffer argument")),
        [_] => return Err(ERROR.raise(cx, "pack_into expected offset argument")),
        [_, _, values @ ..] => {
            let (items, got) = (layout.items, values.len());
            return Err(ERROR.raise(cx, format!("pack_into expected {items} items for packing (got {got})")));
        }
    };
    let target = cx.writable_buffer(buffer, "argument")?;
    let result = pack_at(cx, layout, &target, offset, values);
    cx.release_buffer(buffer, target)?;
    result
}

fn pack_at(
    cx: &mut Context,
    layout: &Layout,
    target: &Buffer,
    offset: Value,
    values: &[Value],
) -> Result<()> {
    let (size, len) = (layout.size as isize, target.len() as isize);
    let mut offset = ssize(cx, offset)?;
    if offset < 0 {
        if offset + size > 0 {
            return Err(ERROR.raise(cx, format!("no space to pack {size} bytes at offset {offset}")));
        }
        if offset + len < 0 {
            return Err(ERROR.raise(cx, format!("offset {offset} out of range for {len}-byte buffer")));
        }
        offset += len;
    }
    if len - offset < size {
        let least = size as usize + offset as usize;
        return Err(ERROR.raise(
            cx,
            format!(
                "pack_into requires a buffer of at least {least} bytes for packing {size} bytes at offset {offset} \
                 (actual buffer size is {len})"
            ),
        ));
    }
    let mut out = zeroed(cx, layout.size)?;
    codes::pack_all(cx, layout, values, &mut out)?;
    target.write_bytes(offset as usize, &out);
    Ok(())
}

/// An offset, where too large an int is an IndexError.
fn ssize(cx: &mut Context, value: Value) -> Result<isize> {
    let wide = cx.index_i128(value)?;
    isize::try_from(wide).map_err(|_| {
        let name = cx.type_name(value);
        cx.index_error(format!("cannot fit '{name}' into an index-sized integer"))
    })
}

fn unpack(cx: &mut Context, layout: &Layout, buffer: Value) -> Result<Gc<Tuple>> {
    let wrong =
        |cx: &mut Context| ERROR.raise(cx, format!("unpack requires a buffer of {} bytes", layout.size));
    if let Some(bytes) = buffer.downcast::<Bytes>() {
        let bytes = bytes.as_slice();
        return if bytes.len() == layout.size {
            Ok(codes::unpack_all(cx, layout, bytes))
        } else {
            Err(wrong(cx))
        };
    }
    let source = cx.buffer(buffer, flag::SIMPLE)?;
    let result = if source.len() == layout.size { Ok(source.to_vec()) } else { Err(wrong(cx)) };
    cx.release_buffer(buffer, source)?;
    Ok(codes::unpack_all(cx, layout, &result?))
}

fn unpack_from(cx: &mut Context, layout: &Layout, buffer: Value, offset: isize) -> Result<Gc<Tuple>> {
    if let Some(bytes) = buffer.downcast::<Bytes>() {
        let bytes = bytes.as_slice();
        let at = start_in(cx, layout, bytes.len(), offset)?;
        return Ok(codes::unpack_all(cx, layout, &bytes[at..at + layout.size]));
    }
    let source = cx.buffer(buffer, flag::SIMPLE)?;
    let item = start_in(cx, layout, source.len(), offset).map(|at| {
        let mut item = vec![0; layout.size];
        source.read_bytes(at, &mut item);
        item
    });
    cx.release_buffer(buffer, source)?;
    Ok(codes::unpack_all(cx, layout, &item?))
}

/// Where in a buffer of `len` bytes the item at `offset` starts.
fn start_in(cx: &mut Context, layout: &Layout, len: usize, offset: isize) -> Result<usize> {
    let (size, len, mut offset) = (layout.size as isize, len as isize, offset);
    if offset < 0 {
        if offset + size > 0 {
            return Err(ERROR.raise(cx, format!("not enough data to unpack {size} bytes at offset {offset}")));
        }
        if offset + len < 0 {
            return Err(ERROR.raise(cx, format!("offset {offset} out of range for {len}-byte buffer")));
        }
        offset += len;
    }
    if len - offset < size {
        let least = offset as usize + size as usize;
        return Err(ERROR.raise(
            cx,
            format!(
                "unpack_from requires a buffer of at least {least} bytes for unpacking {size} bytes at offset \
                 {offset} (actual buffer size is {len})"
            ),
        ));
    }
    Ok(offset as usize)
}

pub struct StructModule;

/// Functions to convert between Python values and C structs.
/// Python bytes objects are used to hold the data representing the C struct
/// and also as format strings (explained below) to describe the layout of data
/// in the C struct.
///
/// The optional first format char indicates byte order, size and alignment:
///   @: native order, size & alignment (default)
///   =: native order, std. size & alignment
///   <: little-endian, std. size & alignment
///   >: big-endian, std. size & alignment
///   !: same as >
///
/// The remaining chars indicate types of args and must match exactly;
/// these can be preceded by a decimal repeat count:
///   x: pad byte (no data); c:char; b:signed byte; B:unsigned byte;
///   ?: _Bool (requires C99; if not available, char is used instead)
///   h:short; H:unsigned short; i:int; I:unsigned int;
///   l:long; L:unsigned long; f:float; d:double; e:half-float.
/// Special cases (preceding decimal count indicates length):
///   s:string (array of char); p: pascal string (with count byte).
/// Special cases (only available in native format):
///   n:ssize_t; N:size_t;
///   P:an integer type that is wide enough to hold a pointer.
/// Special case (not in native mode unless 'long long' in platform C):
///   q:long long; Q:unsigned long long
/// Whitespace between formats is ignored.
///
/// The variable struct.error is an exception raised on errors.
#[module("_struct", classes(Struct))]
impl StructModule {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        UnpackIterator::class_cell().ensure(cx);
        ERROR.add_to(cx, module)
    }

    /// Clear the internal cache.
    #[function("()", name = "_clearcache")]
    fn clear_cache() {
        CACHE.with_borrow_mut(HashMap::clear);
    }

    /// Return size in bytes of the struct described by the format string.
    #[function("(format, /)")]
    fn calcsize(cx: &mut Context, format: Value) -> Result<usize> {
        Ok(layout_of(cx, format)?.size)
    }

    /// pack(format, v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing the values v1, v2, ... packed according
    /// to the format string.  See help(struct) for more on format strings.
    #[function("(*args)", text = "")]
    fn pack(cx: &mut Context, args: Gc<Tuple>) -> Result<Gc<Bytes>> {
        let Some((format, values)) = args.items().split_first() else {
            return Err(cx.type_error("missing format argument"));
        };
        let layout = layout_of(cx, *format)?;
        pack(cx, &layout, values)
    }

    /// pack_into(format, buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string and write
    /// the packed bytes into the writable buffer buf starting at offset.  Note
    /// that the offset is a required argument.  A negative offset counts from
    /// the end of the buffer.  See help(struct) for more on format strings.
    #[function("(*args)", text = "")]
    fn pack_into(cx: &mut Context, args: Gc<Tuple>) -> Result<()> {
        let Some((format, rest)) = args.items().split_first() else {
            return Err(cx.type_error("missing format argument"));
        };
        let layout = layout_of(cx, *format)?;
        pack_into(cx, &layout, rest)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size in bytes must be calcsize(format).
    ///
    /// See help(struct) for more on format strings.
    #[function("(format, buffer, /)")]
    fn unpack(cx: &mut Context, format: Value, buffer: Value) -> Result<Gc<Tuple>> {
        let layout = layout_of(cx, format)?;
        unpack(cx, &layout, buffer)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size, minus offset, must be at least calcsize(format).
    /// A negative offset counts from the end of the buffer.
    ///
    /// See help(struct) for more on format strings.
    #[function("(format, /, buffer, offset=0)")]
    fn unpack_from(cx: &mut Context, format: Value, buffer: Value, offset: isize) -> Result<Gc<Tuple>> {
        let layout = layout_of(cx, format)?;
        unpack_from(cx, &layout, buffer, offset)
    }

    /// Return an iterator yielding tuples unpacked from the given bytes.
    ///
    /// The bytes are unpacked according to the format string, like
    /// a repeated invocation of unpack_from().
    ///
    /// Requires that the bytes length be a multiple of the format struct size.
    #[function("(format, buffer, /)")]
    fn iter_unpack(cx: &mut Context, format: Value, buffer: Value) -> Result {
        let layout = layout_of(cx, format)?;
        class::iterate(cx, layout, buffer)
    }
}
