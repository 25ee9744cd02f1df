//! The methods of `array.array`. CPython: `Modules/arraymodule.c`.
//!
//! Invariant: as for the module; each method converts its arguments before it looks at the content.

use taipan_runtime::instance;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Buffer, Dims};
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::sequence::clip;
use taipan_runtime::types::slice::{Indices, Slice};

use super::item::TypeCode;
use super::iterator::ArrayIterator;
use super::{Array, create, pickle, type_code};

/// Bytes that `tofile` writes at once.
const BLOCK: usize = 64 << 10;

/// What stands between the brackets.
enum Key {
    Index(isize),
    Slice(Gc<Slice>),
}

fn key_of(cx: &mut Context, key: Value) -> Result<Key> {
    if let Some(index) = key.as_small_int() {
        return Ok(Key::Index(index as isize));
    }
    if let Some(slice) = key.downcast::<Slice>() {
        return Ok(Key::Slice(slice));
    }
    if !cx.has_index(key) {
        return Err(cx.type_error("array indices must be integers"));
    }
    let wide = cx.index_i128(key)?;
    match isize::try_from(wide) {
        Ok(index) => Ok(Key::Index(index)),
        Err(_) => {
            let name = cx.type_name(key);
            Err(cx.index_error(format!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

/// An index that counts from the end where it is negative, if it lies within `len`.
fn resolve(index: isize, len: usize) -> Option<usize> {
    let index = if index < 0 { index + len as isize } else { index };
    usize::try_from(index).ok().filter(|index| *index < len)
}

impl Array {
    /// The bytes of the items that a slice selects.
    fn selected(&self, cx: &Context, range: Indices) -> Vec<u8> {
        let size = self.item_size();
        let bytes = self.bytes.lock(cx);
        let items = range.positions().filter_map(|at| bytes.get(at * size..(at + 1) * size));
        items.flatten().copied().collect()
    }

    fn set_slice(&self, cx: &mut Context, slice: Gc<Slice>, value: Option<Value>) -> Result<()> {
        let new = match value {
            None => None,
            Some(value) => match value.downcast::<Array>() {
                Some(other) if other.code() == self.code() => Some(other.copy_bytes(cx)),
                Some(_) => return Err(cx.type_error("bad argument type for built-in operation")),
                None => {
                    let found = cx.type_name(value);
                    let message = format!("can only assign array (not \"{found}\") to array slice");
                    return Err(cx.type_error(message));
                }
            },
        };
        let bounds = slice.unpack(cx)?;
        let range = bounds.adjust(self.count(cx));
        let size = self.item_size();
        let count = new.as_ref().map_or(0, |new| new.len() / size);
        if count == 0 || count != range.len {
            self.check_resizable(cx)?;
        }
        match new {
            _ if range.step == 1 => {
                let start = range.start();
                self.splice(cx, start..start + range.len, &new.unwrap_or_default())
            }
            Some(new) if count > 0 => {
                if count != range.len {
                    let wanted = range.len;
                    let message =
                        format!("attempt to assign array of size {count} to extended slice of size {wanted}");
                    return Err(cx.value_error(message));
                }
                let mut bytes = self.bytes.lock(cx);
                for (at, item) in range.positions().zip(new.chunks_exact(size)) {
                    if let Some(place) = bytes.get_mut(at * size..(at + 1) * size) {
                        place.copy_from_slice(item);
                    }
                }
                Ok(())
            }
            _ if range.len == 0 => Ok(()),
            _ => self.delete_each(cx, range),
        }
    }

    /// Deletes the items of a slice with a step.
    fn delete_each(&self, cx: &mut Context, range: Indices) -> Result<()> {
        let size = self.item_size();
        let mut doomed: Vec<usize> = range.positions().collect();
        doomed.sort_unstable();
        self.resize_with(cx, |bytes| {
            let mut doomed = doomed.into_iter().peekable();
            let kept = bytes.chunks_exact(size).enumerate().filter(|(at, _)| doomed.next_if_eq(at).is_none());
            *bytes = kept.flat_map(|(_, item)| item.iter().copied()).collect();
        })
    }

    fn repeated(&self, cx: &mut Context, count: isize) -> Result<Vec<u8>> {
        let bytes = self.copy_bytes(cx);
        let count = usize::try_from(count).unwrap_or(0);
        let total = bytes.len().checked_mul(count).filter(|total| *total <= isize::MAX as usize);
        let mut repeated = Vec::new();
        if total.is_none_or(|total| repeated.try_reserve_exact(total).is_err()) {
            return Err(cx.memory_error());
        }
        (0..if bytes.is_empty() { 0 } else { count }).for_each(|_| repeated.extend_from_slice(&bytes));
        Ok(repeated)
    }

    /// The characters of a text array.
    fn text(&self, cx: &mut Context) -> Result<Gc<Str>> {
        let bytes = self.copy_bytes(cx);
        let bytes = cx.new_bytes(&bytes);
        let encoding = cx.intern(if cfg!(target_endian = "little") { "utf-32-le" } else { "utf-32-be" });
        let pass = cx.intern("surrogatepass");
        taipan_runtime::codecs::decode_bytes(cx, bytes.value(), bytes.as_slice(), Some(encoding), Some(pass))
    }
}

/// array(typecode [, initializer]) -> array
///
/// Return a new array whose items are restricted by typecode, and
/// initialized from the optional initializer value, which must be a list,
/// string or iterable over elements of the appropriate type.
///
/// Arrays represent basic values and behave very much like lists, except
/// the type of objects stored in them is constrained. The type is specified
/// at object creation time by using a type code, which is a single character.
#[class(name = "array", module = "array", flags = BASETYPE | SEQUENCE | HAS_WEAKREF)]
impl Array {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let own = Array::class_cell().get();
        let same_init = |cx: &Context| {
            let init = cx.name(id::__init__);
            class.lookup(cx, init) == own.lookup(cx, init)
        };
        if args.keyword_count() > 0 && (class == own || same_init(cx)) {
            return Err(cx.type_error("array.array() takes no keyword arguments"));
        }
        let (code, initial) = match *args.positional() {
            [code] => (code, None),
            [code, initial] => (code, Some(initial)),
            ref other => {
                let (bound, plural) = if other.is_empty() { ("least 1", "") } else { ("most 2", "s") };
                let message = format!("array() takes at {bound} argument{plural} ({} given)", other.len());
                return Err(cx.type_error(message));
            }
        };
        let letter = type_code(cx, code, "array() argument 1")?;
        cx.audit("array.__new__", |_| [code, initial.unwrap_or(Value::NONE)])?;
        let code = TypeCode::new(letter);
        if let Some(code) = code
            && let Some(initial) = initial
            && !code.is_text()
        {
            let letter = code.letter();
            if initial.downcast::<Str>().is_some() {
                return Err(cx.type_error(format!(
                    "cannot use a str to initialize an array with typecode '{letter}'"
                )));
            }
            if initial.downcast::<Array>().is_some_and(|array| array.code().is_text()) {
                return Err(cx.type_error(format!(
                    "cannot use a unicode array to initialize an array with typecode '{letter}'"
                )));
            }
        }
        let Some(code) = code else {
            return Err(cx.value_error("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"));
        };
        let array = create(cx, class, code)?;
        if let Some(initial) = initial {
            array.fill(cx, initial)?;
        }
        Ok(array.value())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = (cx, this, args);
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let name = cx.class_of(this.value()).name();
        let letter = this.code().letter();
        if this.count(cx) == 0 {
            return cx.format_str(&["", &format!("('{letter}')")], &[name]);
        }
        let content = if this.code().is_text() {
            this.text(cx)?.value()
        } else {
            let items = this.items(cx)?;
            cx.new_list(&items).value()
        };
        let content = cx.repr(content)?;
        cx.format_str(&["", &format!("('{letter}', "), ")"], &[name, content])
    }

    #[slot(len)]
    fn len(&self, cx: &mut Context) -> usize {
        self.count(cx)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(ArrayIterator::over(this)).value()
    }

    #[slot(contains)]
    fn contains(&self, cx: &mut Context, value: Value) -> Result<bool> {
        Ok(self.find(cx, value, 0, usize::MAX)?.is_some())
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        match key_of(cx, key)? {
            Key::Index(index) => {
                let item = resolve(index, this.count(cx)).and_then(|index| this.item(cx, index));
                item.unwrap_or_else(|| Err(cx.index_error("array index out of range")))
            }
            Key::Slice(slice) => {
                let bounds = slice.unpack(cx)?;
                let range = bounds.adjust(this.count(cx));
                let bytes = this.selected(cx, range);
                Ok(Array::of_bytes(cx, this.code(), bytes).value())
            }
        }
    }

    #[slot(set_item)]
    fn set_item(&self, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        let index = match key_of(cx, key)? {
            Key::Index(index) => index,
            Key::Slice(slice) => return self.set_slice(cx, slice, value),
        };
        let out_of_range = "array assignment index out of range";
        let Some(index) = resolve(index, self.count(cx)) else { return Err(cx.index_error(out_of_range)) };
        match value {
            None => self.remove_at(cx, index),
            Some(value) => {
                let item = self.code().store(cx, value)?;
                // The conversion may have shortened the array.
                if self.set_item_bytes(cx, index, &item) { Ok(()) } else { Err(cx.index_error(out_of_range)) }
            }
        }
    }

    #[slot(concat)]
    fn concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result {
        let Some(other) = other.downcast::<Array>() else {
            let found = cx.type_name(other);
            return Err(cx.type_error(format!("can only append array (not \"{found}\") to array")));
        };
        if other.code() != this.code() {
            return Err(cx.type_error("bad argument type for built-in operation"));
        }
        let mut bytes = this.copy_bytes(cx);
        bytes.extend_from_slice(&other.copy_bytes(cx));
        Ok(Array::of_bytes(cx, this.code(), bytes).value())
    }

    #[slot(inplace_concat)]
    fn inplace_concat(this: Gc<Self>, cx: &mut Context, other: Value) -> Result {
        if other.downcast::<Array>().is_none() {
            let found = cx.type_name(other);
            return Err(cx.type_error(format!("can only extend array with array (not \"{found}\")")));
        }
        this.extend(cx, other)?;
        Ok(this.value())
    }

    #[slot(repeat)]
    fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result {
        let bytes = this.repeated(cx, count)?;
        Ok(Array::of_bytes(cx, this.code(), bytes).value())
    }

    #[slot(inplace_repeat)]
    fn inplace_repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result {
        if this.count(cx) > 0 && count != 1 {
            let bytes = this.repeated(cx, count)?;
            this.resize_with(cx, |content| *content = bytes)?;
        }
        Ok(this.value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Array>(), b.downcast::<Array>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if matches!(op, CompareOp::Eq | CompareOp::Ne) && x.count(cx) != y.count(cx) {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        let mut index = 0;
        while let (Some(left), Some(right)) = (x.item(cx, index), y.item(cx, index)) {
            let (left, right) = (left?, right?);
            if !cx.eq(left, right)? {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => cx.compare(left, right, op),
                };
            }
            index += 1;
        }
        let ordering = x.count(cx).cmp(&y.count(cx));
        Ok(Value::bool(op.holds(Some(ordering))))
    }

    /// Release the buffer object that exposes the underlying memory of the object.
    #[function("(buffer, /)")]
    fn __release_buffer__(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<()> {
        taipan_runtime::protocol::buffer::release_view(cx, this.value(), buffer)
    }

    #[slot(buffer)]
    fn buffer(this: Gc<Self>, cx: &mut Context, _flags: u32) -> Result<Buffer> {
        let mut bytes = this.bytes.lock(cx);
        let size = this.item_size();
        let count = bytes.len() / size;
        let mut buffer = this.exports.buffer(this.value(), &mut bytes, false);
        drop(bytes);
        buffer.item_size = size;
        buffer.format = this.code().buffer_format().into();
        buffer.shape = Dims::from_slice(&[count as isize]);
        buffer.strides = Dims::from_slice(&[size as isize]);
        Ok(buffer)
    }

    /// Append new value v to the end of the array.
    #[function("(v, /)")]
    fn append(&self, cx: &mut Context, v: Value) -> Result<()> {
        self.push(cx, v)
    }

    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.
    ///
    /// The length should be multiplied by the itemsize attribute to
    /// calculate the buffer length in bytes.
    #[function("()")]
    fn buffer_info(&self, cx: &mut Context) -> (usize, usize) {
        let bytes = self.bytes.lock(cx);
        (bytes.as_ptr().addr(), bytes.len() / self.item_size())
    }

    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size,
    /// RuntimeError is raised.
    #[function("()")]
    fn byteswap(&self, cx: &mut Context) {
        let size = self.item_size();
        self.bytes.lock(cx).chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// Remove all items from the array.
    #[function("()")]
    fn clear(&self, cx: &mut Context) -> Result<()> {
        self.resize_with(cx, |bytes| *bytes = Vec::new())
    }

    /// Return a copy of the array.
    #[function("()", name = "__copy__")]
    fn copy(&self, cx: &mut Context) -> Gc<Array> {
        let bytes = self.copy_bytes(cx);
        Array::of_bytes(cx, self.code(), bytes)
    }

    /// Return a copy of the array.
    #[function("(unused, /)", name = "__deepcopy__")]
    fn deepcopy(&self, cx: &mut Context, unused: Value) -> Gc<Array> {
        let _ = unused;
        self.copy(cx)
    }

    /// Return number of occurrences of v in the array.
    #[function("(v, /)", name = "count")]
    fn count_of(&self, cx: &mut Context, v: Value) -> Result<usize> {
        let (mut count, mut index) = (0, 0);
        while let Some(found) = self.find(cx, v, index, usize::MAX)? {
            count += 1;
            index = found + 1;
        }
        Ok(count)
    }

    /// Append items to the end of the array.
    #[function("(bb, /)", name = "extend")]
    fn extend_with(&self, cx: &mut Context, bb: Value) -> Result<()> {
        self.extend(cx, bb)
    }

    /// Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.
    #[function("(buffer, /)")]
    fn frombytes(&self, cx: &mut Context, buffer: Value) -> Result<()> {
        self.append_buffer(cx, buffer)
    }

    /// Read n objects from the file object f and append them to the end of the array.
    #[function("(f, n, /)")]
    fn fromfile(&self, cx: &mut Context, f: Value, n: isize) -> Result<()> {
        let Ok(count) = usize::try_from(n) else { return Err(cx.value_error("negative count")) };
        let Some(wanted) = count.checked_mul(self.item_size()).filter(|bytes| *bytes <= isize::MAX as usize)
        else {
            return Err(cx.memory_error());
        };
        let size = cx.new_int(wanted as i64);
        let read = cx.call_method(f, "read", &[size])?;
        let Some(bytes) = read.downcast::<Bytes>() else {
            return Err(cx.type_error("read() didn't return bytes"));
        };
        self.append_bytes(cx, bytes.as_slice())?;
        if bytes.as_slice().len() == wanted {
            Ok(())
        } else {
            Err(cx.eof_error("read() didn't return enough bytes"))
        }
    }

    /// Append items to array from list.
    #[function("(list, /)")]
    fn fromlist(&self, cx: &mut Context, list: Value) -> Result<()> {
        let Some(list) = list.downcast::<List>() else { return Err(cx.type_error("arg must be list")) };
        let count = list.len();
        let mut new = Vec::new();
        for index in 0..count {
            let Some(item) = list.get(index) else { break };
            let item = self.code().store(cx, item)?;
            new.extend_from_slice(&item[..self.item_size()]);
            if list.len() != count {
                return Err(cx.runtime_error("list changed size during iteration"));
            }
        }
        if new.is_empty() { Ok(()) } else { self.append_whole(cx, &new) }
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// The array must be a unicode type array; otherwise a ValueError is
    /// raised.  Use array.frombytes(ustr.encode(...)) to append Unicode
    /// data to an array of some other type.
    #[function("(ustr, /)")]
    fn fromunicode(&self, cx: &mut Context, ustr: Value) -> Result<()> {
        let Some(text) = ustr.downcast::<Str>() else {
            let found = cx.argument_type_name(ustr);
            return Err(cx.type_error(format!("fromunicode() argument must be str, not {found}")));
        };
        if !self.code().is_text() {
            let message = "fromunicode() may only be called on unicode type arrays ('u' or 'w')";
            return Err(cx.value_error(message));
        }
        self.append_text(cx, text)
    }

    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[function("(v, start=0, stop=sys.maxsize, /)")]
    fn index(&self, cx: &mut Context, v: Value, start: Index, stop: Index) -> Result<usize> {
        let (start, stop) = clip(start.0, stop.0, self.count(cx));
        match self.find(cx, v, start, stop)? {
            Some(index) => Ok(index),
            None => Err(cx.value_error("array.index(x): x not in array")),
        }
    }

    /// Insert a new item v into the array before position i.
    #[function("(i, v, /)")]
    fn insert(&self, cx: &mut Context, i: isize, v: Value) -> Result<()> {
        let item = self.code().store(cx, v)?;
        let (at, _) = clip(i, 0, self.count(cx));
        self.splice(cx, at..at, &item[..self.item_size()])
    }

    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[function("(i=-1, /)")]
    fn pop(&self, cx: &mut Context, i: isize) -> Result {
        let count = self.count(cx);
        if count == 0 {
            return Err(cx.index_error("pop from empty array"));
        }
        let found = resolve(i, count).and_then(|index| Some((index, self.item(cx, index)?)));
        let Some((index, item)) = found else { return Err(cx.index_error("pop index out of range")) };
        let item = item?;
        self.remove_at(cx, index)?;
        Ok(item)
    }

    /// Remove the first occurrence of v in the array.
    #[function("(v, /)")]
    fn remove(&self, cx: &mut Context, v: Value) -> Result<()> {
        match self.find(cx, v, 0, usize::MAX)? {
            Some(index) => self.remove_at(cx, index),
            None => Err(cx.value_error("array.remove(x): x not in array")),
        }
    }

    /// Reverse the order of the items in the array.
    #[function("()")]
    fn reverse(&self, cx: &mut Context) {
        let size = self.item_size();
        let mut bytes = self.bytes.lock(cx);
        bytes.reverse();
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// Convert the array to an array of machine values and return the bytes representation.
    #[function("()")]
    fn tobytes(&self, cx: &mut Context) -> Vec<u8> {
        self.copy_bytes(cx)
    }

    /// Write all items (as machine values) to the file object f.
    #[function("(f, /)")]
    fn tofile(&self, cx: &mut Context, f: Value) -> Result<()> {
        let bytes = self.copy_bytes(cx);
        if bytes.is_empty() {
            return Ok(());
        }
        for block in bytes.chunks(BLOCK) {
            let block = cx.new_bytes(block).value();
            cx.call_method(f, "write", &[block])?;
        }
        Ok(())
    }

    /// Convert array to an ordinary list with the same items.
    #[function("()")]
    fn tolist(&self, cx: &mut Context) -> Result<Gc<List>> {
        let items = self.items(cx)?;
        Ok(cx.new_list(&items))
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// Convert the array to a unicode string.  The array must be a unicode
    /// type array; otherwise a ValueError is raised.  Use
    /// array.tobytes().decode() to obtain a unicode string from an array of
    /// some other type.
    #[function("()")]
    fn tounicode(&self, cx: &mut Context) -> Result<Gc<Str>> {
        if !self.code().is_text() {
            let message = "tounicode() may only be called on unicode type arrays ('u' or 'w')";
            return Err(cx.value_error(message));
        }
        self.text(cx)
    }

    /// Return state information for pickling.
    #[function("(value, /)", name = "__reduce_ex__")]
    fn reduce_ex(this: Gc<Self>, cx: &mut Context, value: Value) -> Result {
        if !cx.is_int(value) {
            return Err(cx.type_error("__reduce_ex__ argument should be an integer"));
        }
        let protocol = isize::from_arg(cx, value, "value")?;
        let state = instance::dict(cx, this.value()).map_or(Value::NONE, Gc::value);
        let class = cx.class_of(this.value()).value();
        let letter = cx.new_char(this.code().letter() as u32).value();
        let (maker, args) = if protocol < 3 {
            let items = this.items(cx)?;
            let items = cx.new_list(&items).value();
            (class, cx.new_tuple(&[letter, items]).value())
        } else {
            let bytes = this.copy_bytes(cx);
            let bytes = cx.new_bytes(&bytes).value();
            let format = Value::int(i64::from(pickle::format_code(this.code())));
            (reconstructor(cx)?, cx.new_tuple(&[class, letter, format, bytes]).value())
        };
        Ok(cx.new_tuple(&[maker, args, state]).value())
    }

    /// Size of the array in memory, in bytes.
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self, cx: &mut Context) -> usize {
        size_of::<Array>() + self.bytes.lock(cx).capacity()
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    /// the size, in bytes, of one array item
    #[getter]
    fn itemsize(&self) -> usize {
        self.item_size()
    }

    /// the typecode character used to create the array
    #[getter]
    fn typecode(&self, cx: &mut Context) -> Gc<Str> {
        cx.new_char(self.code().letter() as u32)
    }
}

/// `array._array_reconstructor`.
fn reconstructor(cx: &mut Context) -> Result {
    let module = cx.import("array")?;
    cx.get_attr_str(module, "_array_reconstructor")
}
