//! `bytearray`, the mutable byte string. CPython: `Objects/bytearrayobject.c`.
//!
//! Invariant: the content is read and written under the object's lock; while its memory is exported it is
//! neither moved nor resized. A view that nobody refers to any more counts as an export until a collection
//! finds it, so a resize that meets exports collects once before it gives up.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::lock::Guarded;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::buffer::{Buffer, Exports, try_copy};
use crate::protocol::compare::CompareOp;
use crate::protocol::sequence::resolve_index;
use crate::slots::TypedSlot;
use crate::text::ascii;
use crate::text::split::Ends;
use crate::types::bytes::class::byte_string_class;
use crate::types::bytes::ops::{self, ByteString, Find, Justify, byte_of};
use crate::types::sequence::{Subscript, subscript};
use crate::types::slice::Indices;
use crate::types::str::sequence::check_memory;
use crate::types::str::{Str, expect_str};
use crate::types::type_::Class;
use crate::value::Value;

#[derive(Trace)]
pub struct ByteArray {
    bytes: Guarded<Content>,
    exports: Exports,
}

/// Bytes, of which some at the start may have been deleted.
#[derive(Default, Trace)]
struct Content {
    bytes: Vec<u8>,
    start: usize,
}

impl Content {
    fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }

    /// The vector with the deleted start taken off.
    fn whole(&mut self) -> &mut Vec<u8> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        &mut self.bytes
    }

    /// Replaces `range` by `new`. Deleting at the start moves nothing.
    fn splice(&mut self, range: std::ops::Range<usize>, new: &[u8]) {
        if range.start == 0 && new.len() <= range.len() {
            self.start += range.len() - new.len();
            self.as_mut_slice()[..new.len()].copy_from_slice(new);
            // Half of the memory lying idle is worth one move.
            if self.start > self.bytes.len() / 2 {
                self.whole();
            }
            return;
        }
        self.whole().splice(range, new.iter().copied());
    }
}

impl ByteString for ByteArray {
    fn with<R>(this: Gc<ByteArray>, cx: &Context, f: impl FnOnce(&[u8]) -> R) -> R {
        f(this.bytes.lock(cx).as_slice())
    }

    fn make(cx: &Context, bytes: &[u8]) -> Gc<ByteArray> {
        ByteArray::new_from(cx, bytes.to_vec())
    }

    fn unchanged(this: Gc<ByteArray>, cx: &Context) -> Gc<ByteArray> {
        ByteArray::new_from(cx, this.to_vec(cx))
    }
}

impl ByteArray {
    /// A new bytearray with this content.
    pub fn new_from(cx: &Context, bytes: Vec<u8>) -> Gc<ByteArray> {
        cx.took_memory(bytes.len());
        cx.new_object(ByteArray::body(bytes))
    }

    fn body(bytes: Vec<u8>) -> ByteArray {
        ByteArray { bytes: Guarded::new(Content { bytes, start: 0 }), exports: Exports::default() }
    }

    /// A copy of the content.
    pub fn to_vec(&self, cx: &Context) -> Vec<u8> {
        self.bytes.lock(cx).as_slice().to_vec()
    }

    pub fn byte_len(&self, cx: &Context) -> usize {
        self.bytes.lock(cx).as_slice().len()
    }

    /// Raises BufferError while the memory is exported.
    fn check_resizable(&self, cx: &mut Context) -> Result<()> {
        if self.exports.released(cx) { Ok(()) } else { Err(exported(cx)) }
    }

    /// Changes the content by `change`, which may resize it.
    fn resize_with<R>(&self, cx: &mut Context, change: impl FnOnce(&mut Content) -> R) -> Result<R> {
        self.check_resizable(cx)?;
        let mut content = self.bytes.lock(cx);
        if self.exports.count() > 0 {
            drop(content);
            return Err(exported(cx));
        }
        let before = content.bytes.capacity();
        let result = change(&mut content);
        let after = content.bytes.capacity();
        drop(content);
        if after > before {
            cx.took_memory(after - before);
        }
        Ok(result)
    }

    /// Replaces `range` by `new`; in place while the length stays.
    fn replace_range(&self, cx: &mut Context, range: std::ops::Range<usize>, new: &[u8]) -> Result<()> {
        if range.len() == new.len() {
            let mut content = self.bytes.lock(cx);
            if let Some(target) = content.as_mut_slice().get_mut(range) {
                target.copy_from_slice(new);
            }
            return Ok(());
        }
        let grown = self.byte_len(cx).saturating_add(new.len());
        check_memory(cx, grown, 1)?;
        self.resize_with(cx, |content| {
            let len = content.as_slice().len();
            content.splice(range.start.min(len)..range.end.min(len), new);
        })
    }

    /// Appends `new`.
    fn append_all(&self, cx: &mut Context, new: &[u8]) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let grown = self.byte_len(cx).saturating_add(new.len());
        check_memory(cx, grown, 1)?;
        self.resize_with(cx, |content| content.whole().extend_from_slice(new))
    }

    /// Stores or deletes the positions of a slice with a step.
    fn set_extended(&self, cx: &mut Context, range: Indices, new: Option<&[u8]>) -> Result<()> {
        match new {
            Some(new) if new.len() != range.len => Err(cx.value_error(format!(
                "attempt to assign bytes of size {} to extended slice of size {}",
                new.len(),
                range.len
            ))),
            Some(new) => {
                let mut content = self.bytes.lock(cx);
                for (i, byte) in new.iter().enumerate() {
                    if let Some(target) = content.as_mut_slice().get_mut(range.at(i)) {
                        *target = *byte;
                    }
                }
                Ok(())
            }
            None if range.len == 0 => Ok(()),
            None => self.resize_with(cx, |content| {
                let mut doomed: Vec<usize> = (0..range.len).map(|i| range.at(i)).collect();
                doomed.sort_unstable();
                let mut doomed = doomed.into_iter().peekable();
                let mut position = 0;
                content.whole().retain(|_| {
                    let keep = doomed.next_if_eq(&position).is_none();
                    position += 1;
                    keep
                });
            }),
        }
    }
}

fn exported(cx: &Context) -> Raised {
    cx.buffer_error("Existing exports of data: object cannot be re-sized")
}

/// The bytes that stand on the right of `array[a:b] = value`.
fn assigned(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    if let Some(bytes) = try_copy(cx, value)? {
        return Ok(bytes.to_vec());
    }
    if value.downcast::<Str>().is_some() || !cx.is_iterable(value) {
        return Err(cx.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    ops::collect_bytes(cx, value, BYTE_RANGE)
}

const BYTE_RANGE: &str = "byte must be in range(0, 256)";

byte_string_class! {
    /// Mutable sequence of small ints.
    ///
    /// bytearray(ints), bytearray(buffer), bytearray(count) and bytearray(text, encoding, errors) make one.
    #[class(name = "bytearray", kind = BYTEARRAY, flags = BASETYPE | MATCH_SELF, by_kind)]
    impl ByteArray {
        #[new("(*args, **kwargs)")]
        fn new(
            cx: &mut Context,
            class: Gc<Class>,
            _args: Gc<crate::types::tuple::Tuple>,
            _kwargs: Gc<crate::types::dict::Dict>,
        ) -> Result<Gc<ByteArray>> {
            Ok(cx.new_instance(class, ByteArray::body(Vec::new())))
        }

        #[init("(source=<absent>, encoding=<absent>, errors=<absent>)", text = "")]
        fn init(
            &self,
            cx: &mut Context,
            source: Option<Value>,
            encoding: Option<Value>,
            errors: Option<Value>,
        ) -> Result<()> {
            let bytes = ops::constructed(cx, source, encoding, errors, "bytearray", BYTE_RANGE)?;
            let len = self.byte_len(cx);
            self.replace_range(cx, 0..len, &bytes)
        }

        #[slot(repr)]
        fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
            let literal = ops::quoted(&this.to_vec(cx), true);
            let name = cx.type_name(this.value());
            Ok(cx.new_str(&format!("{name}({literal})")).value())
        }

        #[slot(str)]
        fn str(this: Gc<Self>, cx: &mut Context) -> Result {
            cx.warn_bytes("str() on a bytearray instance")?;
            Self::repr(this, cx)
        }

        #[slot(compare)]
        fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
            ops::compare(cx, a, b, op)
        }

        #[slot(len)]
        fn len_slot(&self, cx: &mut Context) -> usize {
            self.byte_len(cx)
        }

        #[slot(iter)]
        fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
            Ok(cx.new_object(ByteArrayIterator { array: TypedSlot::new(this), at: AtomicUsize::new(0) }).value())
        }

        #[slot(get_item)]
        fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
            match subscript(cx, key, "bytearray")? {
                Subscript::Index(index) => {
                    let content = this.bytes.lock(cx);
                    let bytes = content.as_slice();
                    match resolve_index(index, bytes.len()) {
                        Some(at) => Ok(Value::int(i64::from(bytes[at]))),
                        None => Err(cx.index_error("bytearray index out of range")),
                    }
                }
                Subscript::Slice(slice) => {
                    let bounds = slice.unpack(cx)?;
                    let content = this.bytes.lock(cx);
                    let bytes = content.as_slice();
                    let range = bounds.adjust(bytes.len());
                    let picked = (0..range.len).map(|i| bytes[range.at(i)]).collect();
                    drop(content);
                    Ok(ByteArray::new_from(cx, picked).value())
                }
            }
        }

        #[slot(set_item)]
        fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
            match subscript(cx, key, "bytearray")? {
                Subscript::Index(index) => {
                    let out_of_range = "bytearray index out of range";
                    let byte = match value {
                        Some(value) => {
                            if resolve_index(index, this.byte_len(cx)).is_none() {
                                return Err(cx.index_error(out_of_range));
                            }
                            Some(byte_of(cx, value)?)
                        }
                        None => None,
                    };
                    let Some(at) = resolve_index(index, this.byte_len(cx)) else { return Err(cx.index_error(out_of_range)) };
                    this.replace_range(cx, at..at + 1, byte.as_slice())
                }
                Subscript::Slice(slice) => {
                    let new = value.map(|value| assigned(cx, value)).transpose()?;
                    let bounds = slice.unpack(cx)?;
                    let range = bounds.adjust(this.byte_len(cx));
                    if range.step == 1 {
                        return this.replace_range(cx, range.start()..range.start() + range.len, &new.unwrap_or_default());
                    }
                    match new {
                        Some(new) if new.is_empty() => this.set_extended(cx, range, None),
                        new => this.set_extended(cx, range, new.as_deref()),
                    }
                }
            }
        }

        #[slot(concat)]
        fn concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result {
            let (a, b) = ops::concat_parts(cx, this.value(), other)?;
            Ok(ByteArray::new_from(cx, [&*a, &*b].concat()).value())
        }

        #[slot(repeat)]
        fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result {
            let bytes = this.to_vec(cx);
            let count = usize::try_from(count).unwrap_or(0);
            ops::repeated_len(cx, bytes.len(), count)?;
            Ok(ByteArray::new_from(cx, bytes.repeat(count)).value())
        }

        #[slot(inplace_concat)]
        fn inplace_concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result {
            let (_, new) = ops::concat_parts(cx, this.value(), other)?;
            this.append_all(cx, &new)?;
            Ok(this.value())
        }

        #[slot(inplace_repeat)]
        fn inplace_repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result {
            let bytes = this.to_vec(cx);
            let count = usize::try_from(count).unwrap_or(0);
            ops::repeated_len(cx, bytes.len(), count)?;
            this.replace_range(cx, 0..bytes.len(), &bytes.repeat(count))?;
            Ok(this.value())
        }

        /// Release the buffer object that exposes the underlying memory of the object.
        #[function("(buffer, /)")]
        fn __release_buffer__(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<()> {
            crate::protocol::buffer::release_view(cx, this.value(), buffer)
        }

        #[slot(buffer)]
        fn buffer(this: Gc<Self>, cx: &mut Context, _flags: u32) -> Result<Buffer> {
            let mut content = this.bytes.lock(cx);
            Ok(this.exports.buffer(this.value(), content.as_mut_slice(), false))
        }

        /// Append one byte.
        #[function("(item, /)")]
        fn append(&self, cx: &mut Context, item: Value) -> Result<()> {
            let byte = byte_of(cx, item)?;
            self.append_all(cx, &[byte])
        }

        /// Remove all bytes.
        #[function("()")]
        fn clear(&self, cx: &mut Context) -> Result<()> {
            let len = self.byte_len(cx);
            self.replace_range(cx, 0..len, &[])
        }

        /// A copy.
        #[function("()")]
        fn copy(&self, cx: &Context) -> Gc<ByteArray> {
            ByteArray::new_from(cx, self.to_vec(cx))
        }

        /// Append the bytes of a buffer or the ints of an iterable.
        #[function("(iterable_of_ints, /)")]
        fn extend(this: Gc<Self>, cx: &mut Context, iterable_of_ints: Value) -> Result<()> {
            if let Some(bytes) = try_copy(cx, iterable_of_ints)? {
                return this.append_all(cx, &bytes);
            }
            if !cx.is_iterable(iterable_of_ints) {
                let found = cx.type_name(iterable_of_ints);
                return Err(cx.type_error(format!("can't extend bytearray with {found}")));
            }
            if iterable_of_ints.downcast::<Str>().is_some() {
                return Err(cx.type_error("expected iterable of integers; got: 'str'"));
            }
            let bytes = ops::collect_bytes(cx, iterable_of_ints, BYTE_RANGE)?;
            this.append_all(cx, &bytes)
        }

        /// Insert one byte before a position.
        #[function("(index, item, /)")]
        fn insert(&self, cx: &mut Context, index: isize, item: Value) -> Result<()> {
            let byte = byte_of(cx, item)?;
            let len = self.byte_len(cx);
            let at = if index < 0 { index.saturating_add(len as isize).max(0) as usize } else { index as usize };
            let at = at.min(len);
            self.replace_range(cx, at..at, &[byte])
        }

        /// Take out the byte at a position, the last by default.
        #[function("(index=-1, /)")]
        fn pop(&self, cx: &mut Context, index: isize) -> Result<u8> {
            let content = self.bytes.lock(cx);
            let bytes = content.as_slice();
            if bytes.is_empty() {
                return Err(cx.index_error("pop from empty bytearray"));
            }
            let Some(at) = resolve_index(index, bytes.len()) else { return Err(cx.index_error("pop index out of range")) };
            let byte = bytes[at];
            drop(content);
            self.replace_range(cx, at..at + 1, &[])?;
            Ok(byte)
        }

        /// Remove the first occurrence of a byte.
        #[function("(value, /)")]
        fn remove(&self, cx: &mut Context, value: Value) -> Result<()> {
            let byte = byte_of(cx, value)?;
            let found = self.bytes.lock(cx).as_slice().iter().position(|b| *b == byte);
            match found {
                Some(at) => self.replace_range(cx, at..at + 1, &[]),
                None => Err(cx.value_error("value not found in bytearray")),
            }
        }

        /// Reverse the order of the bytes in place.
        #[function("()")]
        fn reverse(&self, cx: &Context) {
            self.bytes.lock(cx).as_mut_slice().reverse();
        }

        /// Change the length; new bytes are zero.
        #[function("(size, /)")]
        fn resize(&self, cx: &mut Context, size: isize) -> Result<()> {
            let Ok(len) = usize::try_from(size) else {
                return Err(cx.value_error(format!("Can only resize to positive sizes, got {size}")));
            };
            check_memory(cx, len, 1)?;
            self.resize_with(cx, |content| content.whole().resize(len, 0))
        }

        /// Bytes of memory set aside for the content.
        #[function("()")]
        fn __alloc__(&self, cx: &Context) -> usize {
            self.bytes.lock(cx).bytes.capacity()
        }

        /// Bytes of memory that the object takes.
        #[function("()")]
        fn __sizeof__(&self, cx: &Context) -> usize {
            size_of::<ByteArray>() + self.bytes.lock(cx).bytes.capacity()
        }

        /// What pickling needs to make the object again.
        #[function("()")]
        fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Result {
            reduce(cx, this, 2)
        }

        /// What pickling needs to make the object again.
        #[function("(proto=0, /)")]
        fn __reduce_ex__(this: Gc<Self>, cx: &mut Context, proto: i32) -> Result {
            reduce(cx, this, proto)
        }

        /// Make an object from pairs of hexadecimal digits; white space between them is skipped.
        #[classmethod("(string, /)")]
        fn fromhex(cx: &mut Context, class: Value, string: Value) -> Result {
            let bytes = ops::from_hex(cx, string)?;
            let array = ByteArray::new_from(cx, bytes).value();
            if class == ByteArray::class_cell().get().value() { Ok(array) } else { cx.call(class, &[array]) }
        }
    }
}

/// (type, arguments, state): older protocols know no bytes, so those get Latin-1 text.
fn reduce(cx: &mut Context, this: Gc<ByteArray>, proto: i32) -> Result {
    let bytes = this.to_vec(cx);
    let state = cx.lookup_attr_str(this.value(), "__dict__")?.unwrap_or(Value::NONE);
    let arguments = if bytes.is_empty() {
        cx.new_tuple(&[])
    } else if proto < 3 {
        let text = cx.new_str_from(crate::types::str::Units::One(&bytes)).value();
        let encoding = cx.new_str("latin-1").value();
        cx.new_tuple(&[text, encoding])
    } else {
        let bytes = cx.new_bytes(&bytes).value();
        cx.new_tuple(&[bytes])
    };
    let class = cx.class_of(this.value()).value();
    Ok(cx.new_tuple(&[class, arguments.value(), state]).value())
}

/// `bytearray_iterator`.
#[derive(Trace)]
pub struct ByteArrayIterator {
    array: TypedSlot<ByteArray>,
    at: AtomicUsize,
}

#[class(name = "bytearray_iterator")]
impl ByteArrayIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(array) = self.array.load() else { return Ok(None) };
        let at = self.at.load(Ordering::Relaxed);
        let byte = array.bytes.lock(cx).as_slice().get(at).copied();
        match byte {
            Some(byte) => {
                self.at.store(at + 1, Ordering::Relaxed);
                Ok(Some(Value::int(i64::from(byte))))
            }
            None => {
                self.array.store_option(None);
                Ok(None)
            }
        }
    }

    /// How many bytes are left.
    #[function("()")]
    fn __length_hint__(&self, cx: &Context) -> usize {
        let at = self.at.load(Ordering::Relaxed);
        self.array.load().map_or(0, |array| array.byte_len(cx).saturating_sub(at))
    }

    /// What pickling needs to make the iterator again.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        let iter = cx.builtin("iter")?;
        let reduced = match self.array.load() {
            Some(array) => {
                let at = Value::int(self.at.load(Ordering::Relaxed) as i64);
                let arguments = cx.new_tuple(&[array.value()]).value();
                cx.new_tuple(&[iter, arguments, at])
            }
            None => {
                let nothing = cx.new_tuple(&[]).value();
                let arguments = cx.new_tuple(&[nothing]).value();
                cx.new_tuple(&[iter, arguments])
            }
        };
        Ok(reduced.value())
    }

    /// Moves to a position.
    #[function("(state, /)")]
    fn __setstate__(&self, cx: &Context, state: isize) {
        if let Some(array) = self.array.load() {
            let at = usize::try_from(state).unwrap_or(0).min(array.byte_len(cx));
            self.at.store(at, Ordering::Relaxed);
        }
    }
}
