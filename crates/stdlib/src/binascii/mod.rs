//! `binascii`: bytes as hexadecimal digits, base 64, uuencode and quoted-printable; CRCs.
//!
//! CPython: `Modules/binascii.c`. Invariant: the conversions are pure functions of bytes; this file converts
//! arguments and raises.

mod base64;
mod crc;
mod quoted;
mod uu;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::ByteSource;
use taipan_runtime::types::bytes::{Bytes, hex_digits};

use crate::module_exception::ModuleException;

pub struct Binascii;

static ERROR: ModuleException = ModuleException::new("binascii", "Error", exception::value_error);
static INCOMPLETE: ModuleException = ModuleException::new("binascii", "Incomplete", exception::exception);

/// Raises `binascii.Error`.
fn raise(cx: &mut Context, message: &str) -> Raised {
    ERROR.raise(cx, message)
}

/// Bytes of a bytes-like object or of an ASCII str.
fn ascii_input(cx: &mut Context, data: Value) -> Result<ByteSource> {
    if let Some(text) = data.downcast::<Str>() {
        return match text.as_ascii() {
            Some(ascii) => Ok(ByteSource::Copied(ascii.as_bytes().to_vec())),
            None => Err(cx.value_error("string argument should contain only ASCII characters")),
        };
    }
    if !cx.has_buffer(data) {
        let found = cx.type_name(data);
        return Err(cx.type_error(format!("argument should be bytes, buffer or ASCII string, not '{found}'")));
    }
    cx.bytes_like(data)
}

fn to_hex(cx: &mut Context, data: Value, sep: Option<Value>, group: i32) -> Result<Gc<Bytes>> {
    let data = cx.bytes_like(data)?;
    let digits = hex_digits(cx, &data, sep, group)?;
    Ok(cx.new_bytes(digits.as_ascii().unwrap_or_default().as_bytes()))
}

fn from_hex(cx: &mut Context, hexstr: Value) -> Result<Gc<Bytes>> {
    let digits = ascii_input(cx, hexstr)?;
    if digits.len() % 2 != 0 {
        return Err(raise(cx, "Odd-length string"));
    }
    let value = |digit: u8| char::from(digit).to_digit(16);
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks_exact(2) {
        match (value(pair[0]), value(pair[1])) {
            (Some(high), Some(low)) => bytes.push((high << 4 | low) as u8),
            _ => return Err(raise(cx, "Non-hexadecimal digit found")),
        }
    }
    Ok(cx.new_bytes(&bytes))
}

/// The low bits of any int.
pub(crate) fn low_bits(cx: &mut Context, value: Value) -> Result<u32> {
    let int = cx.index(value)?;
    if let Some(small) = cx.int_to_i64(int) {
        return Ok(small as u32);
    }
    let mask = cx.new_int(0xffff_ffff);
    let low = cx.binary(taipan_runtime::protocol::number::BinaryOp::And, int, mask)?;
    Ok(cx.int_to_i64(low).unwrap_or(0) as u32)
}

/// Conversion between bytes and ASCII.
#[module("binascii")]
impl Binascii {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        ERROR.add_to(cx, module)?;
        INCOMPLETE.add_to(cx, module)
    }

    /// Decode a line of uuencoded data.
    #[function("(data, /)")]
    fn a2b_uu(cx: &mut Context, data: Value) -> Result<Gc<Bytes>> {
        let data = ascii_input(cx, data)?;
        match uu::decode(&data) {
            Ok(bytes) => Ok(cx.new_bytes(&bytes)),
            Err(message) => Err(raise(cx, message)),
        }
    }

    /// Uuencode a line of at most 45 bytes.
    #[function("(data, /, *, backtick=False)")]
    fn b2a_uu(cx: &mut Context, data: Value, backtick: bool) -> Result<Gc<Bytes>> {
        let data = cx.bytes_like(data)?;
        match uu::encode(&data, backtick) {
            Ok(line) => Ok(cx.new_bytes(&line)),
            Err(message) => Err(raise(cx, message)),
        }
    }

    /// Decode a line of base 64; in strict mode nothing but base 64 may be in it.
    #[function("(data, /, *, strict_mode=False)")]
    fn a2b_base64(cx: &mut Context, data: Value, strict_mode: bool) -> Result<Gc<Bytes>> {
        let data = ascii_input(cx, data)?;
        match base64::decode(&data, strict_mode) {
            Ok(bytes) => Ok(cx.new_bytes(&bytes)),
            Err(message) => Err(raise(cx, &message)),
        }
    }

    /// Encode in base 64, with a line feed at the end unless newline is false.
    #[function("(data, /, *, newline=True)")]
    fn b2a_base64(cx: &mut Context, data: Value, newline: bool) -> Result<Gc<Bytes>> {
        let data = cx.bytes_like(data)?;
        let mut text = base64::encode(&data);
        if newline {
            text.push(b'\n');
        }
        Ok(cx.new_bytes(&text))
    }

    /// CRC-CCITT, continued from crc.
    #[function("(data, crc, /)")]
    fn crc_hqx(cx: &mut Context, data: Value, crc: Value) -> Result<u32> {
        let data = cx.bytes_like(data)?;
        let start = low_bits(cx, crc)?;
        Ok(u32::from(crc::crc_hqx(&data, start as u16)))
    }

    /// CRC-32, continued from crc.
    #[function("(data, crc=0, /)")]
    fn crc32(cx: &mut Context, data: Value, crc: Value) -> Result<u32> {
        let data = cx.bytes_like(data)?;
        let start = low_bits(cx, crc)?;
        Ok(crc::crc32(&data, start))
    }

    /// Hexadecimal digits, with sep between groups of bytes_per_sep bytes if it is given.
    #[function("(data, sep=<absent>, bytes_per_sep=1)")]
    fn b2a_hex(cx: &mut Context, data: Value, sep: Option<Value>, bytes_per_sep: i32) -> Result<Gc<Bytes>> {
        to_hex(cx, data, sep, bytes_per_sep)
    }

    /// Hexadecimal digits, with sep between groups of bytes_per_sep bytes if it is given.
    #[function("(data, sep=<absent>, bytes_per_sep=1)")]
    fn hexlify(cx: &mut Context, data: Value, sep: Option<Value>, bytes_per_sep: i32) -> Result<Gc<Bytes>> {
        to_hex(cx, data, sep, bytes_per_sep)
    }

    /// The bytes that hexadecimal digits spell.
    #[function("(hexstr, /)")]
    fn a2b_hex(cx: &mut Context, hexstr: Value) -> Result<Gc<Bytes>> {
        from_hex(cx, hexstr)
    }

    /// The bytes that hexadecimal digits spell.
    #[function("(hexstr, /)")]
    fn unhexlify(cx: &mut Context, hexstr: Value) -> Result<Gc<Bytes>> {
        from_hex(cx, hexstr)
    }

    /// Decode quoted-printable; in headers an underscore is a space.
    #[function("(data, header=False)")]
    fn a2b_qp(cx: &mut Context, data: Value, header: bool) -> Result<Gc<Bytes>> {
        let data = ascii_input(cx, data)?;
        let bytes = quoted::decode(&data, header);
        Ok(cx.new_bytes(&bytes))
    }

    /// Encode as quoted-printable.
    #[function("(data, quotetabs=False, istext=True, header=False)")]
    fn b2a_qp(
        cx: &mut Context,
        data: Value,
        quotetabs: bool,
        istext: bool,
        header: bool,
    ) -> Result<Gc<Bytes>> {
        let data = cx.bytes_like(data)?;
        let text = quoted::encode(&data, quoted::Options { quote_tabs: quotetabs, text: istext, header });
        Ok(cx.new_bytes(&text))
    }
}
