//! `array`: sequences of numbers or characters of one C type. CPython: `Modules/arraymodule.c`.
//!
//! Invariant: the content is read and written under the array's lock, and is a whole number of items; while it is
//! exported it is neither moved nor resized. No Python runs between choosing a position and using it.

mod class;
mod item;
mod iterator;
mod pickle;

use std::ops::Range;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Exports, flag};
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;

use item::{ItemBytes, TYPE_CODES, TypeCode};
use iterator::ArrayIterator;

/// Body of `array.array`.
#[derive(Trace)]
pub struct Array {
    code: Opaque<TypeCode>,
    bytes: Guarded<Vec<u8>>,
    exports: Exports,
}

/// An empty array of `class`.
fn create(cx: &mut Context, class: Gc<Class>, code: TypeCode) -> Result<Gc<Array>> {
    if code.letter() == 'u' {
        let message = "The 'u' type code is deprecated and will be removed in Python 3.16";
        cx.warn(exception::deprecation_warning, message, 1)?;
    }
    Ok(cx.new_instance(class, Array::body(code, Vec::new())))
}

fn exported(cx: &Context) -> Raised {
    cx.buffer_error("cannot resize an array that is exporting buffers")
}

impl Array {
    fn body(code: TypeCode, bytes: Vec<u8>) -> Array {
        Array { code: Opaque(code), bytes: Guarded::new(bytes), exports: Exports::default() }
    }

    /// An array of the class itself with this content.
    fn of_bytes(cx: &Context, code: TypeCode, bytes: Vec<u8>) -> Gc<Array> {
        cx.took_memory(bytes.len());
        cx.new_object(Array::body(code, bytes))
    }

    fn code(&self) -> TypeCode {
        self.code.0
    }

    fn item_size(&self) -> usize {
        self.code().size()
    }

    /// Number of items.
    fn count(&self, cx: &Context) -> usize {
        self.bytes.lock(cx).len() / self.item_size()
    }

    /// The item at `index` as an object, if there is one.
    fn item(&self, cx: &Context, index: usize) -> Option<Result<Value>> {
        let size = self.item_size();
        let mut item: ItemBytes = [0; 8];
        {
            let bytes = self.bytes.lock(cx);
            let at = index.checked_mul(size)?;
            item[..size].copy_from_slice(bytes.get(at..at + size)?);
        }
        Some(self.code().load(cx, &item))
    }

    /// All items as objects.
    fn items(&self, cx: &Context) -> Result<GVec<Value>> {
        let mut items = GVec::with_capacity(self.count(cx));
        while let Some(item) = self.item(cx, items.len()) {
            items.push(item?);
        }
        Ok(items)
    }

    fn copy_bytes(&self, cx: &Context) -> Vec<u8> {
        self.bytes.lock(cx).clone()
    }

    /// Overwrites the item at `index`; false if there is none.
    fn set_item_bytes(&self, cx: &Context, index: usize, item: &ItemBytes) -> bool {
        let size = self.item_size();
        let mut bytes = self.bytes.lock(cx);
        let place = index.checked_mul(size).and_then(|at| bytes.get_mut(at..at + size));
        place.map(|place| place.copy_from_slice(&item[..size])).is_some()
    }

    fn check_resizable(&self, cx: &mut Context) -> Result<()> {
        if self.exports.released(cx) { Ok(()) } else { Err(exported(cx)) }
    }

    /// Changes the content by `change`, which may resize it.
    fn resize_with<R>(&self, cx: &mut Context, change: impl FnOnce(&mut Vec<u8>) -> R) -> Result<R> {
        self.check_resizable(cx)?;
        let mut bytes = self.bytes.lock(cx);
        if self.exports.count() > 0 {
            drop(bytes);
            return Err(exported(cx));
        }
        let before = bytes.capacity();
        let result = change(&mut bytes);
        let grown = bytes.capacity().saturating_sub(before);
        drop(bytes);
        if grown > 0 {
            cx.took_memory(grown);
        }
        Ok(result)
    }

    /// Appends bytes, which must be whole items.
    fn append_bytes(&self, cx: &mut Context, new: &[u8]) -> Result<()> {
        if !new.len().is_multiple_of(self.item_size()) {
            return Err(cx.value_error("bytes length not a multiple of item size"));
        }
        if new.is_empty() {
            return Ok(());
        }
        self.append_whole(cx, new)
    }

    fn append_whole(&self, cx: &mut Context, new: &[u8]) -> Result<()> {
        match self
            .resize_with(cx, |bytes| bytes.try_reserve(new.len()).map(|()| bytes.extend_from_slice(new)))?
        {
            Ok(()) => Ok(()),
            Err(_) => Err(cx.memory_error()),
        }
    }

    fn push(&self, cx: &mut Context, value: Value) -> Result<()> {
        let item = self.code().store(cx, value)?;
        self.append_whole(cx, &item[..self.item_size()])
    }

    /// Replaces the items of `range`, as far as they are there, by `new`.
    fn splice(&self, cx: &mut Context, range: Range<usize>, new: &[u8]) -> Result<()> {
        let size = self.item_size();
        if range.len() * size == new.len() {
            let mut bytes = self.bytes.lock(cx);
            if let Some(place) = bytes.get_mut(range.start * size..range.end * size) {
                place.copy_from_slice(new);
                return Ok(());
            }
        }
        self.resize_with(cx, |bytes| {
            let (start, end) = ((range.start * size).min(bytes.len()), (range.end * size).min(bytes.len()));
            bytes.splice(start..end.max(start), new.iter().copied());
        })
    }

    fn remove_at(&self, cx: &mut Context, index: usize) -> Result<()> {
        self.splice(cx, index..index + 1, &[])
    }

    /// The first index from `start` to before `stop` whose item equals `value`.
    fn find(&self, cx: &mut Context, value: Value, start: usize, stop: usize) -> Result<Option<usize>> {
        let mut index = start;
        while index < stop {
            let Some(item) = self.item(cx, index) else { break };
            if cx.eq(item?, value)? {
                return Ok(Some(index));
            }
            index += 1;
        }
        Ok(None)
    }

    /// Appends what `iterable` gives.
    fn extend(&self, cx: &mut Context, iterable: Value) -> Result<()> {
        if let Some(other) = iterable.downcast::<Array>() {
            if other.code() != self.code() {
                return Err(cx.type_error("can only extend with array of same kind"));
            }
            let new = other.copy_bytes(cx);
            return if new.is_empty() { Ok(()) } else { self.append_whole(cx, &new) };
        }
        let iterator = cx.iter(iterable)?;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            self.push(cx, item)?;
        }
        Ok(())
    }

    /// Appends the characters of a string.
    fn append_text(&self, cx: &mut Context, text: Gc<Str>) -> Result<()> {
        let new: Vec<u8> = text.chars().flat_map(u32::to_ne_bytes).collect();
        if new.is_empty() { Ok(()) } else { self.append_whole(cx, &new) }
    }

    /// What the constructor's second argument gives: bytes, a string, items of any iterable.
    fn fill(&self, cx: &mut Context, initial: Value) -> Result<()> {
        if let Some(text) = initial.downcast::<Str>()
            && self.code().is_text()
        {
            return self.append_text(cx, text);
        }
        if let Some(bytes) = initial.downcast::<Bytes>() {
            return self.append_bytes(cx, bytes.as_slice());
        }
        if let Some(array) = initial.downcast::<ByteArray>() {
            let bytes = array.to_vec(cx);
            return self.append_bytes(cx, &bytes);
        }
        match initial.downcast::<Array>() {
            Some(other) if other.code() != self.code() => {
                for item in other.items(cx)?.iter() {
                    self.push(cx, *item)?;
                }
                Ok(())
            }
            _ => self.extend(cx, initial),
        }
    }

    /// Appends the bytes of a buffer of bytes.
    fn append_buffer(&self, cx: &mut Context, source: Value) -> Result<()> {
        let buffer = cx.buffer(source, flag::SIMPLE)?;
        let result = if buffer.item_size == 1 {
            // The buffer is held, so that an array is not extended by itself.
            self.append_bytes(cx, &buffer.to_vec())
        } else {
            Err(cx.type_error("a bytes-like object is required"))
        };
        cx.release_buffer(source, buffer)?;
        result
    }
}

/// The one character that names a type. `what` begins the message of what is none.
fn type_code(cx: &mut Context, value: Value, what: &str) -> Result<u32> {
    let found = match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => return Ok(text.char_at(0)),
        Some(text) => format!("a string of length {}", text.len()),
        None => cx.argument_type_name(value),
    };
    Err(cx.type_error(format!("{what} must be a unicode character, not {found}")))
}

pub struct ArrayModule;

/// This module defines an object type which can efficiently represent
/// an array of basic values: characters, integers, floating-point
/// numbers.  Arrays are sequence types and behave very much like lists,
/// except that the type of objects stored in them is constrained.
#[module("array", classes(Array))]
impl ArrayModule {
    #[constant(name = "typecodes")]
    const TYPE_CODES: &'static str = TYPE_CODES;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        ArrayIterator::class_cell().ensure(cx);
        let class = Array::class_cell().ensure(cx).value();
        module.dict().set_str(cx, cx.intern("ArrayType"), class);
        let abc = cx.import("collections.abc")?;
        let sequence = cx.get_attr_str(abc, "MutableSequence")?;
        cx.call_method(sequence, "register", &[class])?;
        Ok(())
    }

    /// Internal. Used for pickling support.
    #[function("(arraytype, typecode, mformat_code, items, /)", name = "_array_reconstructor")]
    fn array_reconstructor(
        cx: &mut Context,
        arraytype: Value,
        typecode: Value,
        mformat_code: Value,
        items: Value,
    ) -> Result {
        pickle::reconstruct(cx, arraytype, typecode, mformat_code, items)
    }
}
