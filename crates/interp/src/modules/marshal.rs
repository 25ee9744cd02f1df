//! `marshal`: values as bytes. CPython: `Python/marshal.c`, whose format this is, except for code objects.
//! Invariant: loading never trusts a length: it is checked against what is left before memory is reserved.

use taipan_macros::module;
use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::float;
use taipan_runtime::types::int;
use taipan_runtime::types::set::{AnySet, FrozenSet};
use taipan_runtime::types::slice::Slice;
use taipan_runtime::types::str::StrBuilder;

use crate::types::code::Code;

/// The module.
pub struct Marshal;

/// Deepest nesting of what is written or read.
const MAX_DEPTH: usize = 2000;
const FLAG_REF: u8 = 0x80;
/// Bits of a digit of a large int.
const DIGIT: u32 = 15;

struct Writer {
    out: Vec<u8>,
}

impl Writer {
    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    fn long(&mut self, number: i32) {
        self.out.extend(number.to_le_bytes());
    }

    fn sized(&mut self, tag: u8, bytes: &[u8]) {
        self.byte(tag);
        self.long(bytes.len() as i32);
        self.out.extend(bytes);
    }

    fn value(&mut self, cx: &mut Context, value: Value, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(cx.value_error("object too deeply nested to marshal"));
        }
        match value {
            Value::NONE => self.byte(b'N'),
            Value::TRUE => self.byte(b'T'),
            Value::FALSE => self.byte(b'F'),
            Value::ELLIPSIS => self.byte(b'.'),
            _ => return self.object(cx, value, depth),
        }
        Ok(())
    }

    fn object(&mut self, cx: &mut Context, value: Value, depth: usize) -> Result<()> {
        if value == hierarchy::stop_iteration().ensure(cx).value() {
            self.byte(b'S');
        } else if let Some(small) = value.as_small_int().and_then(|int| i32::try_from(int).ok()) {
            self.byte(b'i');
            self.long(small);
        } else if int::is_int(value) && cx.is_exact::<int::Int>(value) {
            self.large_int(value);
        } else if let Some(float) = float::as_float(value).filter(|_| cx.is_exact::<float::Float>(value)) {
            self.byte(b'g');
            self.out.extend(float.to_le_bytes());
        } else if let Some(complex) = cx.exact::<Complex>(value) {
            self.byte(b'y');
            let number = complex.number();
            self.out.extend(number.real.to_le_bytes());
            self.out.extend(number.imaginary.to_le_bytes());
        } else if let Some(text) = cx.exact::<Str>(value) {
            let mut bytes = Vec::with_capacity(text.len());
            text.chars().for_each(|point| taipan_bytecode::push_code_point(&mut bytes, point));
            self.sized(if text.is_interned() { b't' } else { b'u' }, &bytes);
        } else if let Some(bytes) = cx.exact::<Bytes>(value) {
            self.sized(b's', bytes.as_slice());
        } else if let Some(tuple) = cx.exact::<Tuple>(value) {
            self.items(cx, b'(', tuple.items(), depth)?;
        } else if let Some(list) = cx.exact::<List>(value) {
            let items = list.snapshot(cx);
            self.items(cx, b'[', &items, depth)?;
        } else if let Some(dict) = cx.exact::<Dict>(value) {
            self.byte(b'{');
            for (key, item) in dict.entries(cx) {
                self.value(cx, key, depth + 1)?;
                self.value(cx, item, depth + 1)?;
            }
            self.byte(b'0');
        } else if let Some(set) = AnySet::from_value(value) {
            let items = set.snapshot(cx);
            self.items(cx, if set.is_frozen() { b'>' } else { b'<' }, &items, depth)?;
        } else if let Some(slice) = value.downcast::<Slice>() {
            self.byte(b':');
            for part in ["start", "stop", "step"] {
                let part = cx.get_attr_str(slice.value(), part)?;
                self.value(cx, part, depth + 1)?;
            }
        } else if let Some(code) = value.downcast::<Code>() {
            let mut image = taipan_bytecode::ImageWriter::default();
            image.module("code", false, code.data(), &code.data().filename, None);
            let bytes: Vec<u8> = image.finish().iter().flat_map(|word| word.to_le_bytes()).collect();
            self.sized(b'c', &bytes);
        } else {
            return Err(cx.value_error("unmarshallable object"));
        }
        Ok(())
    }

    fn items(&mut self, cx: &mut Context, tag: u8, items: &[Value], depth: usize) -> Result<()> {
        self.byte(tag);
        self.long(items.len() as i32);
        items.iter().try_for_each(|item| self.value(cx, *item, depth + 1))
    }

    /// Sign and number of digits, then digits of 15 bits.
    fn large_int(&mut self, value: Value) {
        let Some((negative, limbs)) = int::to_limbs(value) else { return };
        let bits = limbs.len() as u32 * 64;
        let mut digits: Vec<u16> = (0..bits.div_ceil(DIGIT))
            .map(|index| {
                let (limb, shift) = ((index * DIGIT / 64) as usize, index * DIGIT % 64);
                let mut digit = limbs[limb] >> shift;
                if shift + DIGIT > 64
                    && let Some(next) = limbs.get(limb + 1)
                {
                    digit |= next << (64 - shift);
                }
                (digit & 0x7FFF) as u16
            })
            .collect();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        self.byte(b'l');
        self.long(if negative { -(digits.len() as i32) } else { digits.len() as i32 });
        digits.iter().for_each(|digit| self.out.extend(digit.to_le_bytes()));
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    refs: GVec<Option<Value>>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, cx: &Context, count: usize) -> Result<&'a [u8]> {
        match self.bytes.split_at_checked(count) {
            Some((head, rest)) => {
                self.bytes = rest;
                Ok(head)
            }
            None => Err(cx.raise_message(hierarchy::eof_error, "marshal data too short")),
        }
    }

    fn byte(&mut self, cx: &Context) -> Result<u8> {
        match self.bytes.split_first() {
            Some((byte, rest)) => {
                self.bytes = rest;
                Ok(*byte)
            }
            None => Err(cx.raise_message(hierarchy::eof_error, "EOF read where object expected")),
        }
    }

    fn long(&mut self, cx: &Context) -> Result<i32> {
        let bytes = self.take(cx, 4)?;
        Ok(i32::from_le_bytes(bytes.try_into().unwrap_or_default()))
    }

    fn size(&mut self, cx: &Context) -> Result<usize> {
        let size = self.long(cx)?;
        usize::try_from(size).map_err(|_| cx.value_error("bad marshal data (size out of range)"))
    }

    fn double(&mut self, cx: &Context) -> Result<f64> {
        let bytes = self.take(cx, 8)?;
        Ok(f64::from_le_bytes(bytes.try_into().unwrap_or_default()))
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
                    None => return Err(cx.value_error("bad marshal data (invalid reference)")),
                }
            }
            other => self.compound(cx, other, place, depth)?,
        };
        if let Some(place) = place {
            self.refs[place] = Some(value);
        }
        Ok(Some(value))
    }

    fn item(&mut self, cx: &mut Context, depth: usize) -> Result {
        match self.value(cx, depth + 1)? {
            Some(value) => Ok(value),
            None => Err(cx.type_error("NULL object in marshal data for object")),
        }
    }

    fn items(&mut self, cx: &mut Context, count: usize, depth: usize) -> Result<GVec<Value>> {
        if count > self.bytes.len() {
            return Err(cx.raise_message(hierarchy::eof_error, "marshal data too short"));
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
                cx.new_bytes(bytes).value()
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
                let items = self.items(cx, size, depth)?;
                cx.new_tuple(&items).value()
            }
            b'[' => {
                let size = self.size(cx)?;
                let list = cx.new_list(&[]);
                if let Some(place) = place {
                    self.refs[place] = Some(list.value());
                }
                for item in &self.items(cx, size, depth)? {
                    list.push(cx, *item);
                }
                list.value()
            }
            b'{' => {
                let dict = cx.new_dict();
                if let Some(place) = place {
                    self.refs[place] = Some(dict.value());
                }
                while let Some(key) = self.value(cx, depth + 1)? {
                    let value = self.item(cx, depth)?;
                    dict.set(cx, key, value)?;
                }
                dict.value()
            }
            b'<' => {
                let size = self.size(cx)?;
                let set = cx.new_set();
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
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Ok(if interned { cx.intern(text) } else { cx.new_str(text) }.value());
        }
        let mut builder = StrBuilder::new();
        let text = taipan_bytecode::Text::from_wtf8(bytes);
        text.code_points().for_each(|point| builder.push_char(point.min(0x10_FFFF)));
        Ok(builder.finish(cx).value())
    }

    fn large_int(&mut self, cx: &mut Context) -> Result {
        let count = self.long(cx)?;
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
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Ok(int::from_limbs(cx, count < 0, &limbs))
    }

    fn code(&mut self, cx: &mut Context) -> Result {
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

fn bytes_of(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(array) = value.downcast::<taipan_runtime::types::bytearray::ByteArray>() {
        return Ok(array.to_vec(cx));
    }
    let class = Bytes::class_cell().get().value();
    if value.downcast::<Str>().is_some() || value.is_small_int() {
        let name = cx.type_name(value);
        return Err(cx.type_error(format!("a bytes-like object is required, not '{name}'")));
    }
    let copy = cx.call(class, &[value])?;
    Ok(copy.downcast::<Bytes>().map(|bytes| bytes.as_slice().to_vec()).unwrap_or_default())
}

fn loads(cx: &mut Context, bytes: &[u8]) -> Result {
    let mut reader = Reader { bytes, refs: GVec::new() };
    reader.item(cx, 0)
}

fn dumps(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    let mut writer = Writer { out: Vec::new() };
    writer.value(cx, value, 0)?;
    Ok(writer.out)
}

/// This module writes and reads Python values as bytes, for compiled files.
#[module("marshal")]
impl Marshal {
    #[constant(name = "version")]
    const VERSION: i64 = 5;

    /// Return the value as bytes.
    #[function("(value, version=5, /, *, allow_code=True)")]
    fn dumps(cx: &mut Context, value: Value, version: i32, allow_code: bool) -> Result {
        let _ = (version, allow_code);
        let bytes = dumps(cx, value)?;
        Ok(cx.new_bytes(&bytes).value())
    }

    /// Convert the bytes-like object to a value.
    #[function("(bytes, /, *, allow_code=True)")]
    fn loads(cx: &mut Context, bytes: Value, allow_code: bool) -> Result {
        let _ = allow_code;
        let bytes = bytes_of(cx, bytes)?;
        loads(cx, &bytes)
    }

    /// Write the value to an open binary file.
    #[function("(value, file, version=5, /, *, allow_code=True)")]
    fn dump(cx: &mut Context, value: Value, file: Value, version: i32, allow_code: bool) -> Result {
        let _ = (version, allow_code);
        let bytes = dumps(cx, value)?;
        let bytes = cx.new_bytes(&bytes).value();
        cx.call_method(file, "write", &[bytes])
    }

    /// Read a value from an open binary file.
    #[function("(file, /, *, allow_code=True)")]
    fn load(cx: &mut Context, file: Value, allow_code: bool) -> Result {
        let _ = allow_code;
        let start = cx.call_method(file, "tell", &[])?;
        let bytes = cx.call_method(file, "read", &[])?;
        let bytes = bytes_of(cx, bytes)?;
        let mut reader = Reader { bytes: &bytes, refs: GVec::new() };
        let value = reader.item(cx, 0)?;
        let used = cx.new_int((bytes.len() - reader.bytes.len()) as i64);
        let end = cx.binary(taipan_runtime::protocol::number::BinaryOp::Add, start, used)?;
        cx.call_method(file, "seek", &[end])?;
        Ok(value)
    }
}
