//! Type codes of arrays: what an item is, from and to bytes in the machine's order.
//! CPython: the `getitem` and `setitem` functions of `Modules/arraymodule.c`.
//!
//! Invariant: a failed conversion raises what CPython's argument parser raises for the same C type.

use taipan_runtime::prelude::*;

/// All type codes, in CPython's order.
pub(super) const TYPE_CODES: &str = "bBuwhHiIlLqQfd";

/// A type code that exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TypeCode(u8);

/// The bytes of one item; the first `size` count.
pub(super) type ItemBytes = [u8; 8];

impl TypeCode {
    pub(super) fn new(code: u32) -> Option<TypeCode> {
        let code = u8::try_from(code).ok()?;
        TYPE_CODES.bytes().any(|known| known == code).then_some(TypeCode(code))
    }

    pub(super) fn letter(self) -> char {
        char::from(self.0)
    }

    pub(super) fn size(self) -> usize {
        match self.0 {
            b'b' | b'B' => 1,
            b'h' | b'H' => 2,
            b'i' | b'I' | b'f' | b'u' | b'w' => 4,
            b'l' | b'L' => size_of::<std::ffi::c_long>(),
            _ => 8,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self.0, b'u' | b'w')
    }

    pub(super) fn is_int(self) -> bool {
        !self.is_text() && !matches!(self.0, b'f' | b'd')
    }

    pub(super) fn is_signed(self) -> bool {
        self.is_int() && self.0.is_ascii_lowercase()
    }

    /// The format of an exported buffer.
    pub(super) fn buffer_format(self) -> &'static str {
        let letter = if self.is_text() { b'w' } else { self.0 };
        let at = TYPE_CODES.bytes().position(|known| known == letter).unwrap_or(0);
        &TYPE_CODES[at..=at]
    }

    /// The object that an item's bytes stand for.
    pub(super) fn load(self, cx: &Context, bytes: &ItemBytes) -> Result {
        let word = u64::from_le_bytes(little_endian(bytes, self.size()));
        let unused = 64 - 8 * self.size();
        match self.0 {
            b'u' | b'w' => match u32::try_from(word) {
                Ok(code) if code <= 0x10_ffff => Ok(cx.new_char(code).value()),
                _ => Err(cx.value_error("chr() arg not in range(0x110000)")),
            },
            b'f' => Ok(cx.new_float(f64::from(f32::from_bits(word as u32)))),
            b'd' => Ok(cx.new_float(f64::from_bits(word))),
            _ if self.is_signed() => Ok(cx.new_int((word << unused) as i64 >> unused)),
            _ => match i64::try_from(word) {
                Ok(int) => Ok(cx.new_int(int)),
                Err(_) => Ok(cx.new_int_i128(i128::from(word))),
            },
        }
    }

    /// The bytes of an object as an item.
    pub(super) fn store(self, cx: &mut Context, value: Value) -> Result<ItemBytes> {
        let word = match self.0 {
            b'u' | b'w' => u64::from(character(cx, value)?),
            b'f' => u64::from((cx.float_value(value)? as f32).to_bits()),
            b'd' => cx.float_value(value)?.to_bits(),
            _ => self.int(cx, value)?,
        };
        Ok(little_endian(&word.to_le_bytes(), self.size()))
    }

    /// An int as the low bits of a word.
    fn int(self, cx: &mut Context, value: Value) -> Result<u64> {
        let wide = cx.index_i128(value)?;
        let (word, too_wide) = match self.0 {
            b'b' | b'h' | b'B' | b'H' | b'i' | b'l' => {
                (i64::try_from(wide).ok(), "Python int too large to convert to C long")
            }
            b'I' | b'L' if wide < 0 => {
                return Err(cx.overflow_error("can't convert negative value to unsigned int"));
            }
            b'I' | b'L' => (
                u64::try_from(wide).ok().map(|word| word as i64),
                "Python int too large to convert to C unsigned long",
            ),
            b'q' => (i64::try_from(wide).ok(), "int too big to convert"),
            _ if wide < 0 => return Err(cx.overflow_error("can't convert negative int to unsigned")),
            _ => (u64::try_from(wide).ok().map(|word| word as i64), "int too big to convert"),
        };
        let Some(word) = word else { return Err(cx.overflow_error(too_wide)) };
        for (name, low, high) in self.ranges() {
            if wide < i128::from(*low) {
                return Err(cx.overflow_error(format!("{name} is less than minimum")));
            }
            if wide > i128::from(*high) {
                return Err(cx.overflow_error(format!("{name} is greater than maximum")));
            }
        }
        Ok(word as u64)
    }

    /// The C types that a value passes on its way into an item, with their ranges.
    fn ranges(self) -> &'static [(&'static str, i64, i64)] {
        match self.0 {
            b'b' => &[("signed short integer", -0x8000, 0x7fff), ("signed char", -0x80, 0x7f)],
            b'B' => &[("unsigned byte integer", 0, 0xff)],
            b'h' => &[("signed short integer", -0x8000, 0x7fff)],
            b'H' => &[("signed integer", -0x8000_0000, 0x7fff_ffff), ("unsigned short", 0, 0xffff)],
            b'i' => &[("signed integer", -0x8000_0000, 0x7fff_ffff)],
            b'I' => &[("unsigned int", 0, 0xffff_ffff)],
            _ => &[],
        }
    }
}

fn character(cx: &mut Context, value: Value) -> Result<u32> {
    let found = match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => return Ok(text.char_at(0)),
        Some(text) => format!("a string of length {}", text.len()),
        None => cx.argument_type_name(value),
    };
    Err(cx.type_error(format!("array item must be a unicode character, not {found}")))
}

/// The first `size` bytes from the machine's order to little endian, or back.
fn little_endian(bytes: &ItemBytes, size: usize) -> ItemBytes {
    let mut result = *bytes;
    if cfg!(target_endian = "big") {
        result.reverse();
        result.rotate_left(8 - size);
    }
    result
}
