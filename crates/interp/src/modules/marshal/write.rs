//! Values to bytes. CPython: `w_object` in `Python/marshal.c`.
//! Invariant: an object that was written before is named by its number, from version 3 on.

use std::collections::HashMap;

use taipan_runtime::exception::hierarchy;
use taipan_runtime::identity::Identity;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::float;
use taipan_runtime::types::int;
use taipan_runtime::types::set::AnySet;
use taipan_runtime::types::slice::Slice;

use super::{DIGIT, FLAG_REF, MAX_DEPTH};
use crate::types::code::Code;

pub(super) struct Writer {
    pub(super) out: Vec<u8>,
    version: i32,
    allow_code: bool,
    /// Numbers of the objects that have been written, by their bits: they live as long as what is written does.
    known: HashMap<Identity, u32>,
    /// Immutable objects that are being written: nothing inside them can name them.
    incomplete: Vec<Identity>,
}

impl Writer {
    pub(super) fn new(version: i32, allow_code: bool) -> Writer {
        Writer { out: Vec::new(), version, allow_code, known: HashMap::new(), incomplete: Vec::new() }
    }

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

    pub(super) fn value(&mut self, cx: &mut Context, value: Value, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(cx.value_error("object too deeply nested to marshal"));
        }
        match value {
            Value::NONE => self.byte(b'N'),
            Value::TRUE => self.byte(b'T'),
            Value::FALSE => self.byte(b'F'),
            Value::ELLIPSIS => self.byte(b'.'),
            _ if value == hierarchy::stop_iteration().ensure(cx).value() => self.byte(b'S'),
            _ => return self.object(cx, value, depth),
        }
        Ok(())
    }

    /// What is added to the type of an object; None if its number has been written instead.
    fn reference(&mut self, cx: &Context, value: Value) -> Result<Option<u8>> {
        if self.version < 3 || value.as_cell().is_none() {
            return Ok(Some(0));
        }
        if let Some(number) = self.known.get(&Identity::of(value)).copied() {
            if self.incomplete.contains(&Identity::of(value)) {
                return Err(unmarshallable(cx));
            }
            self.byte(b'r');
            self.long(number as i32);
            return Ok(None);
        }
        self.known.insert(Identity::of(value), self.known.len() as u32);
        Ok(Some(FLAG_REF))
    }

    fn object(&mut self, cx: &mut Context, value: Value, depth: usize) -> Result<()> {
        let Some(flag) = self.reference(cx, value)? else { return Ok(()) };
        if let Some(small) = value.as_small_int().and_then(|int| i32::try_from(int).ok()) {
            self.byte(b'i' | flag);
            self.long(small);
        } else if int::is_int(value) && (value.is_small_int() || cx.is_exact::<int::Int>(value)) {
            self.large_int(value, flag);
        } else if let Some(float) = float::as_float(value)
            && (value.as_immediate_float().is_some() || cx.is_exact::<float::Float>(value))
        {
            self.number(b"gf", flag, &[float]);
        } else if let Some(complex) = cx.exact::<Complex>(value) {
            let number = complex.number();
            self.number(b"yx", flag, &[number.real, number.imaginary]);
        } else if let Some(text) = cx.exact::<Str>(value) {
            self.text(text, flag);
        } else if let Some(bytes) = cx.exact::<Bytes>(value) {
            self.sized(b's' | flag, bytes.as_slice());
        } else {
            return self.container(cx, value, flag, depth);
        }
        Ok(())
    }

    /// Doubles as they are, or before version 2 as text.
    fn number(&mut self, tags: &[u8; 2], flag: u8, parts: &[f64]) {
        if self.version > 1 {
            self.byte(tags[0] | flag);
            parts.iter().for_each(|part| self.out.extend(part.to_le_bytes()));
            return;
        }
        self.byte(tags[1] | flag);
        for part in parts {
            let text = taipan_num::float::repr(*part);
            self.byte(text.len() as u8);
            self.out.extend(text.as_bytes());
        }
    }

    fn text(&mut self, text: Gc<Str>, flag: u8) {
        let mut bytes = Vec::with_capacity(text.len());
        text.chars().for_each(|point| taipan_bytecode::push_code_point(&mut bytes, point));
        let interned = self.version >= 3 && text.is_interned();
        match (self.version >= 4 && bytes.is_ascii(), u8::try_from(bytes.len())) {
            (true, Ok(length)) => {
                self.byte(if interned { b'Z' } else { b'z' } | flag);
                self.byte(length);
                self.out.extend(bytes);
            }
            (true, Err(_)) => self.sized(if interned { b'A' } else { b'a' } | flag, &bytes),
            _ => self.sized(if interned { b't' } else { b'u' } | flag, &bytes),
        }
    }

    fn container(&mut self, cx: &mut Context, value: Value, flag: u8, depth: usize) -> Result<()> {
        if let Some(tuple) = cx.exact::<Tuple>(value) {
            match u8::try_from(tuple.len()) {
                Ok(length) if self.version >= 4 => {
                    self.byte(b')' | flag);
                    self.byte(length);
                }
                _ => {
                    self.byte(b'(' | flag);
                    self.long(tuple.len() as i32);
                }
            }
            tuple.items().iter().try_for_each(|item| self.value(cx, *item, depth + 1))
        } else if let Some(list) = cx.exact::<List>(value) {
            let items = list.snapshot(cx);
            self.byte(b'[' | flag);
            self.long(items.len() as i32);
            items.iter().try_for_each(|item| self.value(cx, *item, depth + 1))
        } else if let Some(dict) = cx.exact::<Dict>(value) {
            self.byte(b'{' | flag);
            for (key, item) in dict.entries(cx) {
                self.value(cx, key, depth + 1)?;
                self.value(cx, item, depth + 1)?;
            }
            self.byte(b'0');
            Ok(())
        } else if cx.is_exact::<taipan_runtime::types::set::Set>(value)
            || cx.is_exact::<taipan_runtime::types::set::FrozenSet>(value)
        {
            self.set(cx, value, flag, depth)
        } else {
            self.rest(cx, value, flag, depth)
        }
    }

    /// The members of a set in the order of their bytes, so that equal sets give equal bytes.
    fn set(&mut self, cx: &mut Context, value: Value, flag: u8, depth: usize) -> Result<()> {
        let Some(set) = AnySet::from_value(value) else { return Err(unmarshallable(cx)) };
        let items = set.snapshot(cx);
        let mut order = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let mut alone = Writer::new(self.version, self.allow_code);
            alone.value(cx, *item, depth + 1)?;
            order.push((alone.out, index));
        }
        if set.snapshot(cx).len() != items.len() {
            return Err(cx.runtime_error("set changed size during iteration"));
        }
        order.sort();
        self.byte(if set.is_frozen() { b'>' } else { b'<' } | flag);
        self.long(items.len() as i32);
        if set.is_frozen() {
            self.incomplete.push(Identity::of(value));
        }
        for (_, index) in order {
            self.value(cx, items[index], depth + 1)?;
        }
        if set.is_frozen() {
            self.incomplete.pop();
        }
        Ok(())
    }

    fn rest(&mut self, cx: &mut Context, value: Value, flag: u8, depth: usize) -> Result<()> {
        if let Some(slice) = value.downcast::<Slice>() {
            if self.version < 5 {
                return Err(unmarshallable(cx));
            }
            self.byte(b':' | flag);
            self.incomplete.push(Identity::of(value));
            for part in ["start", "stop", "step"] {
                let part = cx.get_attr_str(slice.value(), part)?;
                self.value(cx, part, depth + 1)?;
            }
            self.incomplete.pop();
        } else if let Some(code) = value.downcast::<Code>() {
            if !self.allow_code {
                return Err(cx.value_error("marshalling code objects is disallowed"));
            }
            let mut image = taipan_bytecode::ImageWriter::default();
            image.module("code", false, code.data(), &code.data().filename, None);
            let bytes: Vec<u8> = image.finish().iter().flat_map(|word| word.to_le_bytes()).collect();
            self.sized(b'c' | flag, &bytes);
        } else {
            // Whatever gives a buffer is written as its bytes.
            let class = Bytes::class_cell().get().value();
            if value.downcast::<Str>().is_some() || int::is_int(value) || !super::gives_buffer(cx, value) {
                return Err(unmarshallable(cx));
            }
            let copy = cx.call(class, &[value])?;
            let Some(copy) = copy.downcast::<Bytes>() else { return Err(unmarshallable(cx)) };
            self.sized(b's' | flag, copy.as_slice());
        }
        Ok(())
    }

    /// Sign and number of digits, then digits of 15 bits.
    fn large_int(&mut self, value: Value, flag: u8) {
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
        self.byte(b'l' | flag);
        self.long(if negative { -(digits.len() as i32) } else { digits.len() as i32 });
        digits.iter().for_each(|digit| self.out.extend(digit.to_le_bytes()));
    }
}

fn unmarshallable(cx: &Context) -> Raised {
    cx.value_error("unmarshallable object")
}
