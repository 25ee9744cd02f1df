//! Bytes to values. CPython: `r_object` in `Python/marshal.c`.
//! Invariant: loading never trusts a length: it is checked against what is left before memory is reserved.

use std::borrow::Cow;

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::int;
use taipan_runtime::types::set::FrozenSet;
use taipan_runtime::types::str::StrBuilder;

use super::{DIGIT, FLAG_REF, MAX_DEPTH};
use crate::types::code::Code;

/// What is to be put into a container once the object of this number is complete.
struct Later {
    number: usize,
    /// Which of `containers` gets it, and where: the number of the key, or the place in the list.
    container: usize,
    key: Option<usize>,
    place: usize,
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// A file that is read from instead.
    file: Option<Value>,
    allow_code: bool,
    refs: GVec<Option<Value>>,
    /// The tuples among them that are not complete: lists and dicts in them may name them.
    open: Vec<usize>,
    later: Vec<Later>,
    containers: GVec<Value>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], file: Option<Value>, allow_code: bool) -> Reader<'a> {
        Reader {
            bytes,
            file,
            allow_code,
            refs: GVec::new(),
            open: Vec::new(),
            later: Vec::new(),
            containers: GVec::new(),
        }
    }

    fn take(&mut self, cx: &mut Context, count: usize) -> Result<Cow<'a, [u8]>> {
        if let Some(file) = self.file {
            return read_from(cx, file, count).map(Cow::Owned);
        }
        match self.bytes.split_at_checked(count) {
            Some((head, rest)) => {
                self.bytes = rest;
                Ok(Cow::Borrowed(head))
            }
            None => Err(too_short(cx)),
        }
    }

    fn byte(&mut self, cx: &mut Context) -> Result<u8> {
        if let Some(file) = self.file {
            return read_from(cx, file, 1).map(|bytes| bytes[0]);
        }
        match self.bytes.split_first() {
            Some((byte, rest)) => {
                self.bytes = rest;
                Ok(*byte)
            }
            None => Err(nothing_there(cx)),
        }
    }

    fn long(&mut self, cx: &mut Context) -> Result<i32> {
        let bytes = self.take(cx, 4)?;
        Ok(i32::from_le_bytes(bytes[..].try_into().unwrap_or_default()))
    }

    fn size(&mut self, cx: &mut Context) -> Result<usize> {
        let size = self.long(cx)?;
        usize::try_from(size).map_err(|_| cx.value_error("bad marshal data (size out of range)"))
    }

    fn double(&mut self, cx: &mut Context) -> Result<f64> {
        let bytes = self.take(cx, 8)?;
        Ok(f64::from_le_bytes(bytes[..].try_into().unwrap_or_default()))
    }

    /// The next value; None for the end of a dict.
    fn value(&mut self, cx: &mut Context, depth: usize) -> Result<Option<Value>> {
        if depth > MAX_DEPTH {
            return Err(cx.value_error("recursion limit exceeded"));
        }
        let tag = self.byte(cx)?;
        let place = if tag & FLAG_REF != 0 {
            self.refs.push(None);
            Some(self.refs.len() - 1)
        } else {
            None
        };
        let value = match tag & !FLAG_REF {
            b'0' => return Ok(None),
            b'N' => Value::NONE,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'.' => Value::ELLIPSIS,
            b'S' => hierarchy::stop_iteration().ensure(cx).value(),
            b'i' => Value::int(self.long(cx)? as i64),
            b'I' => {
                let bytes = self.take(cx, 8)?;
                cx.new_int(i64::from_le_bytes(bytes[..].try_into().unwrap_or_default()))
            }
            b'f' => {
                let float = self.float_text(cx)?;
                cx.new_float(float)
            }
            b'x' => {
                let (re, im) = (self.float_text(cx)?, self.float_text(cx)?);
                Complex::new(cx, re, im).value()
            }
            b'l' => self.large_int(cx)?,
            b'g' => {
                let float = self.double(cx)?;
                cx.new_float(float)
            }
            b'y' => {
                let (re, im) = (self.double(cx)?, self.double(cx)?);
                Complex::new(cx, re, im).value()
            }
            b'r' => {
                let index = self.size(cx)?;
                match self.refs.get(index).copied().flatten() {
                    Some(value) => value,
                    None => return Err(invalid_reference(cx)),
                }
            }
            other => self.compound(cx, other, place, depth)?,
        };
        if let Some(place) = place {
            self.refs[place] = Some(value);
        }
        Ok(Some(value))
    }

    /// The item of a list or the value of a dict: it may be a tuple that is not complete. None: it comes later.
    fn item_or_later(
        &mut self,
        cx: &mut Context,
        depth: usize,
        container: Value,
        key: Option<Value>,
    ) -> Result<Option<Value>> {
        if self.file.is_none()
            && let [b'r', a, b, c, d, ..] = *self.bytes
            && let Ok(number) = usize::try_from(i32::from_le_bytes([a, b, c, d]))
            && self.open.contains(&number)
        {
            self.bytes = &self.bytes[5..];
            let mut keep = |value: Value| {
                self.containers.push(value);
                self.containers.len() - 1
            };
            let place = container.downcast::<List>().map_or(0, |list| list.len());
            let (container, key) = (keep(container), key.map(keep));
            self.later.push(Later { number, container, key, place });
            return Ok(None);
        }
        self.item(cx, depth).map(Some)
    }

    /// A tuple is complete: whoever named it gets it.
    fn complete(&mut self, cx: &mut Context, number: usize, tuple: Value) -> Result<()> {
        self.open.retain(|open| *open != number);
        let (ready, rest) =
            std::mem::take(&mut self.later).into_iter().partition(|later| later.number == number);
        self.later = rest;
        let ready: Vec<Later> = ready;
        for later in ready {
            let container = self.containers[later.container];
            match later.key {
                Some(key) => {
                    let key = self.containers[key];
                    cx.set_item(container, key, tuple)?;
                }
                None => {
                    if let Some(list) = container.downcast::<List>() {
                        list.set(cx, later.place, tuple);
                    }
                }
            }
        }
        Ok(())
    }

    fn float_text(&mut self, cx: &mut Context) -> Result<f64> {
        let length = self.byte(cx)? as usize;
        let bytes = self.take(cx, length)?;
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()) {
            Some(float) => Ok(float),
            None => Err(cx.value_error("bad marshal data (invalid float)")),
        }
    }

    pub(super) fn item(&mut self, cx: &mut Context, depth: usize) -> Result {
        match self.value(cx, depth + 1)? {
            Some(value) => Ok(value),
            None => Err(cx.type_error("NULL object in marshal data for object")),
        }
    }

    fn items(&mut self, cx: &mut Context, count: usize, depth: usize) -> Result<GVec<Value>> {
        if self.file.is_none() && count > self.bytes.len() {
            return Err(nothing_there(cx));
        }
        let mut items = GVec::new();
        for _ in 0..count {
            let item = self.item(cx, depth)?;
            items.push(item);
        }
        Ok(items)
    }

    fn compound(&mut self, cx: &mut Context, tag: u8, place: Option<usize>, depth: usize) -> Result {
        Ok(match tag {
            b's' => {
                let size = self.size(cx)?;
                let bytes = self.take(cx, size)?;
                cx.new_bytes(&bytes).value()
            }
            b'u' | b't' | b'a' | b'A' => {
                let size = self.size(cx)?;
                self.text(cx, size, matches!(tag, b't' | b'A'))?
            }
            b'z' | b'Z' => {
                let size = self.byte(cx)? as usize;
                self.text(cx, size, tag == b'Z')?
            }
            b'(' | b')' => {
                let size = if tag == b'(' { self.size(cx)? } else { self.byte(cx)? as usize };
                self.open.extend(place);
                let items = self.items(cx, size, depth)?;
                let tuple = cx.new_tuple(&items).value();
                if let Some(place) = place {
                    self.complete(cx, place, tuple)?;
                }
                tuple
            }
            b'[' => {
                let size = self.size(cx)?;
                let list = cx.new_list(&[]);
                if let Some(place) = place {
                    self.refs[place] = Some(list.value());
                }
                if self.file.is_none() && size > self.bytes.len() {
                    return Err(nothing_there(cx));
                }
                for _ in 0..size {
                    let item = self.item_or_later(cx, depth, list.value(), None)?;
                    list.push(cx, item.unwrap_or(Value::NONE));
                }
                list.value()
            }
            b'{' => {
                let dict = cx.new_dict();
                if let Some(place) = place {
                    self.refs[place] = Some(dict.value());
                }
                while let Some(key) = self.value(cx, depth + 1)? {
                    let value = self.item_or_later(cx, depth, dict.value(), Some(key))?;
                    dict.set(cx, key, value.unwrap_or(Value::NONE))?;
                }
                dict.value()
            }
            b'<' => {
                let size = self.size(cx)?;
                let set = cx.new_set();
                if let Some(place) = place {
                    self.refs[place] = Some(set.value());
                }
                for item in &self.items(cx, size, depth)? {
                    set.add(cx, *item)?;
                }
                set.value()
            }
            b'>' => {
                let size = self.size(cx)?;
                let items = self.items(cx, size, depth)?;
                FrozenSet::from_values(cx, &items)?.value()
            }
            b':' => {
                let (start, stop, step) =
                    (self.item(cx, depth)?, self.item(cx, depth)?, self.item(cx, depth)?);
                cx.new_slice(start, stop, step).value()
            }
            b'c' => self.code(cx)?,
            _ => return Err(cx.value_error("bad marshal data (unknown type code)")),
        })
    }

    fn text(&mut self, cx: &mut Context, size: usize, interned: bool) -> Result {
        let bytes = self.take(cx, size)?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Ok(if interned { cx.intern(text) } else { cx.new_str(text) }.value());
        }
        let mut builder = StrBuilder::new();
        let text = taipan_bytecode::Text::from_wtf8(bytes.to_vec());
        text.code_points().for_each(|point| builder.push_char(point.min(0x10_FFFF)));
        Ok(builder.finish(cx).value())
    }

    fn large_int(&mut self, cx: &mut Context) -> Result {
        let count = self.long(cx)?;
        if count == i32::MIN {
            return Err(cx.value_error("bad marshal data (long size out of range)"));
        }
        let bytes = self.take(cx, count.unsigned_abs() as usize * 2)?;
        let mut limbs = vec![0u64; (bytes.len() / 2 * DIGIT as usize).div_ceil(64).max(1)];
        for (index, pair) in bytes.chunks_exact(2).enumerate() {
            let digit = u16::from_le_bytes([pair[0], pair[1]]);
            if digit > 0x7FFF {
                return Err(cx.value_error("bad marshal data (digit out of range in long)"));
            }
            let bit = index * DIGIT as usize;
            limbs[bit / 64] |= (digit as u64) << (bit % 64);
            if bit % 64 + DIGIT as usize > 64
                && let Some(next) = limbs.get_mut(bit / 64 + 1)
            {
                *next |= (digit as u64) >> (64 - bit % 64);
            }
        }
        if bytes.ends_with(&[0, 0]) {
            return Err(cx.value_error("bad marshal data (unnormalized long data)"));
        }
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Ok(int::from_limbs(cx, count < 0, &limbs))
    }

    fn code(&mut self, cx: &mut Context) -> Result {
        if !self.allow_code {
            return Err(cx.value_error("unmarshalling code objects is disallowed"));
        }
        let size = self.size(cx)?;
        let bytes = self.take(cx, size)?;
        // The image wants its words aligned.
        let words: Vec<u32> = bytes
            .chunks_exact(4)
            .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
            .collect();
        let code = taipan_bytecode::Image::new(&words)
            .and_then(|image| image.find("code"))
            .and_then(|module| module.code.to_code(""))
            .filter(|code| taipan_bytecode::verify(code).is_ok());
        match code {
            Some(code) => Ok(Code::new(cx, code.into()).value()),
            None => Err(cx.value_error("bad marshal data (code object)")),
        }
    }
}

fn too_short(cx: &Context) -> Raised {
    cx.raise_message(hierarchy::eof_error, "marshal data too short")
}

fn nothing_there(cx: &Context) -> Raised {
    cx.raise_message(hierarchy::eof_error, "EOF read where object expected")
}

fn invalid_reference(cx: &Context) -> Raised {
    cx.value_error("bad marshal data (invalid reference)")
}

/// Exactly so many bytes of a file.
fn read_from(cx: &mut Context, file: Value, count: usize) -> Result<Vec<u8>> {
    let room = ByteArray::new_from(cx, vec![0; count]);
    let read = cx.call_method(file, "readinto", &[room.value()])?;
    let read = cx.index_isize(read)?;
    let wanted = count as isize;
    match read.cmp(&wanted) {
        std::cmp::Ordering::Equal => Ok(room.to_vec(cx)),
        std::cmp::Ordering::Less => {
            Err(cx.raise_message(hierarchy::eof_error, "EOF read where not expected"))
        }
        std::cmp::Ordering::Greater => Err(cx.value_error(format!(
            "read() returned too much data: {wanted} bytes requested, {read} returned"
        ))),
    }
}
