//! `bytes`, the immutable byte string. CPython: `Objects/bytesobject.c`.
//!
//! Invariant: the content never changes, so it is read without a lock and lent as a slice.

pub(crate) mod class;
pub mod iterator;
pub(crate) mod ops;
pub mod raw;

use taipan_macros::class;

pub use iterator::BytesIterator;
pub use ops::hex as hex_digits;
pub use raw::Bytes;

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::buffer::{Buffer, flag};
use crate::protocol::compare::CompareOp;
use crate::protocol::sequence::resolve_index;
use crate::text::ascii;
use crate::text::split::Ends;
use crate::types::sequence::{Subscript, subscript};
use crate::types::str::{Str, expect_str};
use crate::types::type_::Class;
use crate::value::Value;
use class::byte_string_class;
use ops::{ByteString, Find, Justify};

impl ByteString for Bytes {
    fn with<R>(this: Gc<Bytes>, _cx: &Context, f: impl FnOnce(&[u8]) -> R) -> R {
        f(this.as_slice())
    }

    fn make(cx: &Context, bytes: &[u8]) -> Gc<Bytes> {
        cx.new_bytes(bytes)
    }

    fn unchanged(this: Gc<Bytes>, cx: &Context) -> Gc<Bytes> {
        this.exact(cx)
    }
}

/// The object of a `bytes(x)` call, as an exact `bytes`.
fn content(
    cx: &mut Context,
    source: Option<Value>,
    encoding: Option<Value>,
    errors: Option<Value>,
) -> Result<Gc<Bytes>> {
    if let Some(source) = source
        && encoding.is_none()
        && errors.is_none()
    {
        if let Some(bytes) = cx.exact::<Bytes>(source) {
            return Ok(bytes);
        }
        if let Some(made) = cx.call_special(source, crate::names::id::__bytes__, &[])? {
            return match made.downcast::<Bytes>() {
                Some(bytes) => Ok(bytes),
                None => {
                    let found = cx.type_name(made);
                    Err(cx.type_error(format!("__bytes__ returned non-bytes (type {found})")))
                }
            };
        }
    }
    let source = ops::constructed(cx, source, encoding, errors, "bytes", "bytes must be in range(0, 256)")?;
    Ok(source.to_bytes(cx))
}

byte_string_class! {
    /// Immutable sequence of small ints.
    ///
    /// bytes(ints), bytes(buffer), bytes(count) and bytes(text, encoding, errors) make one.
    #[class(name = "bytes", kind = BYTES, flags = BASETYPE | MATCH_SELF | VARIABLE, by_kind, variable = raw::words)]
    impl Bytes {
        #[new("(source=<absent>, encoding=<absent>, errors=<absent>)", text = "")]
        fn new(
            cx: &mut Context,
            class: Gc<Class>,
            source: Option<Value>,
            encoding: Option<Value>,
            errors: Option<Value>,
        ) -> Result<Gc<Bytes>> {
            let bytes = content(cx, source, encoding, errors)?;
            Ok(if class == Bytes::class_cell().get() { bytes } else { bytes.as_instance_of(cx, class) })
        }

        #[slot(repr)]
        fn repr(&self, cx: &mut Context) -> Result {
            Ok(cx.new_str(&ops::literal(self.as_slice())).value())
        }

        #[slot(str)]
        fn str(&self, cx: &mut Context) -> Result {
            cx.warn_bytes("str() on a bytes instance")?;
            Ok(cx.new_str(&ops::literal(self.as_slice())).value())
        }

        #[slot(hash)]
        fn hash_slot(this: Gc<Self>, cx: &mut Context) -> Result<i64> {
            Ok(this.hash(cx))
        }

        #[slot(compare)]
        fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
            match (a.downcast::<Bytes>(), b.downcast::<Bytes>()) {
                (Some(a), Some(b)) => Ok(Value::bool(op.holds(Some(a.as_slice().cmp(b.as_slice()))))),
                _ => ops::compare_with_other(cx, a, b, op),
            }
        }

        #[slot(len)]
        fn len_slot(&self) -> usize {
            self.as_slice().len()
        }

        #[slot(iter)]
        fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
            Ok(cx.new_object(BytesIterator::new(this)).value())
        }

        #[slot(get_item)]
        fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
            let bytes = this.as_slice();
            match subscript(cx, key, "byte")? {
                Subscript::Index(index) => match resolve_index(index, bytes.len()) {
                    Some(at) => Ok(Value::int(i64::from(bytes[at]))),
                    None => Err(cx.index_error("index out of range")),
                },
                Subscript::Slice(slice) => {
                    let range = slice.unpack(cx)?.adjust(bytes.len());
                    if range.step != 1 {
                        let picked: Vec<u8> = (0..range.len).map(|i| bytes[range.at(i)]).collect();
                        return Ok(cx.new_bytes(&picked).value());
                    }
                    if range.len == bytes.len() {
                        return Ok(this.exact(cx).value());
                    }
                    Ok(cx.new_bytes(&bytes[range.start()..range.start() + range.len]).value())
                }
            }
        }

        #[slot(concat)]
        fn concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result {
            if let Some(other) = other.downcast::<Bytes>() {
                if this.as_slice().is_empty() {
                    return Ok(other.exact(cx).value());
                }
                if other.as_slice().is_empty() {
                    return Ok(this.exact(cx).value());
                }
            }
            let (a, b) = ops::concat_parts(cx, this.value(), other)?;
            Ok(cx.new_bytes_from(&[&a, &b]).value())
        }

        #[slot(repeat)]
        fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result {
            let count = usize::try_from(count).unwrap_or(0);
            if count == 1 {
                return Ok(this.exact(cx).value());
            }
            ops::repeated_len(cx, this.as_slice().len(), count)?;
            Ok(cx.new_bytes(&this.as_slice().repeat(count)).value())
        }

        #[slot(buffer)]
        fn buffer(this: Gc<Self>, cx: &mut Context, flags: u32) -> Result<Buffer> {
            if flags & flag::WRITABLE != 0 {
                return Err(cx.buffer_error("Object is not writable."));
            }
            Ok(Buffer::of_bytes(this))
        }

        /// An exact bytes object with the same content.
        #[function("()")]
        fn __bytes__(this: Gc<Self>, cx: &Context) -> Gc<Bytes> {
            this.exact(cx)
        }

        /// Bytes of memory that the object takes.
        #[function("()")]
        fn __sizeof__(&self) -> usize {
            24 + self.as_slice().len()
        }

        #[function("()")]
        fn __getnewargs__(this: Gc<Self>, cx: &Context) -> Value {
            let copy = this.exact(cx).value();
            cx.new_tuple(&[copy]).value()
        }

        /// Make an object from pairs of hexadecimal digits; white space between them is skipped.
        #[classmethod("(string, /)")]
        fn fromhex(cx: &mut Context, class: Value, string: Value) -> Result {
            let bytes = ops::from_hex(cx, string)?;
            let bytes = cx.new_bytes(&bytes).value();
            if class == Bytes::class_cell().get().value() { Ok(bytes) } else { cx.call(class, &[bytes]) }
        }
    }
}
