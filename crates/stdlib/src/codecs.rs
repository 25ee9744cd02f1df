//! `_codecs`: the codecs and their registry, for the `codecs` and `encodings` modules.
//!
//! CPython: `Modules/_codecsmodule.c`. Invariant: a converting function gives (object, length of the input
//! that was taken).

use taipan_runtime::codecs::charmap::{self, CharmapEncoder, MappingDecoder, TableDecoder};
use taipan_runtime::codecs::decode::{Decoder, decode};
use taipan_runtime::codecs::encode::{Encoder, encode};
use taipan_runtime::codecs::errors::ErrorMode;
use taipan_runtime::codecs::escape::{self, BadHex, EscapeError};
use taipan_runtime::codecs::single_byte::{Ascii, Latin1};
use taipan_runtime::codecs::unicode_escape::{RawUnicodeEscape, UnicodeEscape};
use taipan_runtime::codecs::utf7::Utf7;
use taipan_runtime::codecs::utf8::Utf8;
use taipan_runtime::codecs::utf16::{ByteOrder, Utf16};
use taipan_runtime::codecs::utf32::Utf32;
use taipan_runtime::codecs::{self, registry};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::ByteSource;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::str::expect_str;

pub struct Codecs;

/// The `errors` argument: a str or None.
fn mode(cx: &Context, errors: Value, function: &str, argument: u32) -> Result<ErrorMode> {
    match errors.not_none() {
        None => Ok(ErrorMode::Strict),
        Some(errors) => match errors.downcast::<Str>() {
            Some(errors) => Ok(ErrorMode::of(errors)),
            None => {
                let found = cx.argument_type_name(errors);
                Err(cx
                    .type_error(format!("{function}() argument {argument} must be str or None, not {found}")))
            }
        },
    }
}

fn pair(cx: &Context, object: Value, length: usize) -> Result {
    Ok(cx.new_tuple(&[object, cx.new_int(length as i64)]).value())
}

/// Bytes of a bytes-like object.
fn input(cx: &mut Context, data: Value) -> Result<ByteSource> {
    cx.bytes_like(data)
}

/// Bytes of a bytes-like object, or the UTF-8 of a str.
fn input_or_text(cx: &mut Context, data: Value) -> Result<ByteSource> {
    match data.downcast::<Str>() {
        Some(text) => codecs::encode_str(cx, text, None, None).map(ByteSource::Shared),
        None => cx.bytes_like(data),
    }
}

fn run_decoder(
    cx: &mut Context,
    decoder: &mut dyn Decoder,
    data: Value,
    errors: Value,
    is_final: bool,
    function: &str,
) -> Result {
    let data = input(cx, data)?;
    let mode = mode(cx, errors, function, 2)?;
    let decoded = decode(cx, decoder, &data, mode, is_final)?;
    pair(cx, decoded.text.value(), decoded.consumed)
}

fn run_encoder(
    cx: &mut Context,
    encoder: &mut dyn Encoder,
    text: Value,
    errors: Value,
    function: &str,
) -> Result {
    let text = expect_str(cx, text, &format!("{function}() argument 1"))?;
    let mode = mode(cx, errors, function, 2)?;
    let bytes = encode(cx, encoder, text, mode)?;
    let bytes = cx.new_bytes(&bytes).value();
    pair(cx, bytes, text.len())
}

/// `utf_16_ex_decode` and `utf_32_ex_decode`: the byte order that was found is part of the answer.
fn with_order(cx: &mut Context, text: Value, consumed: usize, order: ByteOrder) -> Result {
    let items = [text, cx.new_int(consumed as i64), cx.new_int(i64::from(order.number()))];
    Ok(cx.new_tuple(&items).value())
}

/// Warns about an escape that means nothing.
fn warn_invalid_escape(
    cx: &mut Context,
    input: &[u8],
    invalid: Option<(usize, usize)>,
    prefix: &str,
) -> Result<()> {
    let Some((at, len)) = invalid else { return Ok(()) };
    let shown: String = input[at..at + len].iter().map(|b| char::from(*b)).collect();
    let kind = if len > 2 { "octal escape" } else { "escape" };
    let message = format!(
        "{prefix}\"{shown}\" is an invalid {kind} sequence. Such sequences will not work in the future. "
    );
    cx.warn(exception::deprecation_warning, &message, 1)
}

fn optional_text(cx: &Context, errors: Option<Value>, what: &str) -> Result<Option<Gc<Str>>> {
    errors.map(|errors| expect_str(cx, errors, what)).transpose()
}

/// Codecs between str and bytes.
#[module("_codecs")]
impl Codecs {
    /// Register a function that finds codecs.
    #[function("(search_function, /)")]
    fn register(cx: &mut Context, search_function: Value) -> Result<()> {
        registry::register(cx, search_function)
    }

    /// Take back the registration of a function that finds codecs.
    #[function("(search_function, /)")]
    fn unregister(cx: &mut Context, search_function: Value) -> Result<()> {
        registry::unregister(cx, search_function)
    }

    /// Find the codec of an encoding.
    #[function("(encoding, /)")]
    fn lookup(cx: &mut Context, encoding: Value) -> Result {
        let encoding = expect_str(cx, encoding, "lookup() argument")?;
        if encoding.chars().any(|c| c == 0) {
            return Err(cx.value_error("embedded null character"));
        }
        Ok(registry::lookup(cx, encoding)?.value())
    }

    /// Encode an object with the codec of that name.
    #[function("(obj, encoding='utf-8', errors=<absent>)")]
    fn encode(cx: &mut Context, obj: Value, encoding: Value, errors: Option<Value>) -> Result {
        let encoding = expect_str(cx, encoding, "encode() argument 'encoding'")?;
        let errors = optional_text(cx, errors, "encode() argument 'errors'")?;
        registry::encode(cx, obj, encoding, errors)
    }

    /// Decode an object with the codec of that name.
    #[function("(obj, encoding='utf-8', errors=<absent>)")]
    fn decode(cx: &mut Context, obj: Value, encoding: Value, errors: Option<Value>) -> Result {
        let encoding = expect_str(cx, encoding, "decode() argument 'encoding'")?;
        let errors = optional_text(cx, errors, "decode() argument 'errors'")?;
        registry::decode(cx, obj, encoding, errors)
    }

    /// Register a function that handles errors under a name.
    #[function("(errors, handler, /)")]
    fn register_error(cx: &mut Context, errors: Value, handler: Value) -> Result<()> {
        let name = expect_str(cx, errors, "register_error() argument 1")?;
        registry::register_error(cx, name, handler)
    }

    /// Take back the registration of an error handler; whether there was one.
    #[function("(errors, /)")]
    fn _unregister_error(cx: &mut Context, errors: Value) -> Result<bool> {
        let name = expect_str(cx, errors, "_unregister_error() argument")?;
        registry::unregister_error(cx, name)
    }

    /// The function that handles errors under a name.
    #[function("(name, /)")]
    fn lookup_error(cx: &mut Context, name: Value) -> Result {
        let name = expect_str(cx, name, "lookup_error() argument")?;
        registry::lookup_error(cx, name)
    }

    #[function("(data, errors=None, /)")]
    fn escape_decode(cx: &mut Context, data: Value, errors: Value) -> Result {
        let data = input_or_text(cx, data)?;
        let mode = mode(cx, errors, "escape_decode", 2)?;
        let bad_hex = match mode {
            ErrorMode::Replace => BadHex::QuestionMark,
            ErrorMode::Ignore => BadHex::Nothing,
            _ => BadHex::Fail,
        };
        let unescaped = match escape::decode(&data, bad_hex) {
            Ok(unescaped) => unescaped,
            Err(EscapeError::TrailingBackslash) => return Err(cx.value_error("Trailing \\ in string")),
            Err(EscapeError::BadHex(at)) if mode == ErrorMode::Strict => {
                return Err(cx.value_error(format!("invalid \\x escape at position {at}")));
            }
            Err(EscapeError::BadHex(_)) => {
                let name = cx.str(errors)?;
                let name = name.to_str();
                return Err(cx.value_error(format!("decoding error; unknown error handling code: {name}")));
            }
        };
        warn_invalid_escape(cx, &data, unescaped.invalid, "b")?;
        let bytes = cx.new_bytes(&unescaped.bytes).value();
        pair(cx, bytes, data.len())
    }

    #[function("(data, errors=None, /)")]
    fn escape_encode(cx: &mut Context, data: Value, errors: Value) -> Result {
        let Some(data) = data.downcast::<Bytes>() else {
            let found = cx.argument_type_name(data);
            return Err(cx.type_error(format!("escape_encode() argument 1 must be bytes, not {found}")));
        };
        mode(cx, errors, "escape_encode", 2)?;
        let bytes = cx.new_bytes(&escape::encode(data.as_slice())).value();
        pair(cx, bytes, data.as_slice().len())
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_7_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf7::default(), data, errors, final_, "utf_7_decode")
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_8_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf8, data, errors, final_, "utf_8_decode")
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_16_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf16::new(ByteOrder::Native), data, errors, final_, "utf_16_decode")
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_16_le_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf16::new(ByteOrder::Little), data, errors, final_, "utf_16_le_decode")
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_16_be_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf16::new(ByteOrder::Big), data, errors, final_, "utf_16_be_decode")
    }

    #[function("(data, errors=None, byteorder=0, final=False, /)")]
    fn utf_16_ex_decode(
        cx: &mut Context,
        data: Value,
        errors: Value,
        byteorder: i32,
        final_: bool,
    ) -> Result {
        let data = input(cx, data)?;
        let mode = mode(cx, errors, "utf_16_ex_decode", 2)?;
        let mut decoder = Utf16::new(ByteOrder::from_number(byteorder));
        let decoded = decode(cx, &mut decoder, &data, mode, final_)?;
        with_order(cx, decoded.text.value(), decoded.consumed, decoder.order)
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_32_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf32::new(ByteOrder::Native), data, errors, final_, "utf_32_decode")
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_32_le_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf32::new(ByteOrder::Little), data, errors, final_, "utf_32_le_decode")
    }

    #[function("(data, errors=None, final=False, /)")]
    fn utf_32_be_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        run_decoder(cx, &mut Utf32::new(ByteOrder::Big), data, errors, final_, "utf_32_be_decode")
    }

    #[function("(data, errors=None, byteorder=0, final=False, /)")]
    fn utf_32_ex_decode(
        cx: &mut Context,
        data: Value,
        errors: Value,
        byteorder: i32,
        final_: bool,
    ) -> Result {
        let data = input(cx, data)?;
        let mode = mode(cx, errors, "utf_32_ex_decode", 2)?;
        let mut decoder = Utf32::new(ByteOrder::from_number(byteorder));
        let decoded = decode(cx, &mut decoder, &data, mode, final_)?;
        with_order(cx, decoded.text.value(), decoded.consumed, decoder.order)
    }

    #[function("(data, errors=None, final=True, /)")]
    fn unicode_escape_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        let data = input_or_text(cx, data)?;
        let mode = mode(cx, errors, "unicode_escape_decode", 2)?;
        let mut decoder = UnicodeEscape::default();
        let decoded = decode(cx, &mut decoder, &data, mode, final_)?;
        warn_invalid_escape(cx, &data, decoder.invalid, "")?;
        pair(cx, decoded.text.value(), decoded.consumed)
    }

    #[function("(data, errors=None, final=True, /)")]
    fn raw_unicode_escape_decode(cx: &mut Context, data: Value, errors: Value, final_: bool) -> Result {
        let data = input_or_text(cx, data)?;
        let mode = mode(cx, errors, "raw_unicode_escape_decode", 2)?;
        let decoded = decode(cx, &mut RawUnicodeEscape, &data, mode, final_)?;
        pair(cx, decoded.text.value(), decoded.consumed)
    }

    #[function("(data, errors=None, /)")]
    fn latin_1_decode(cx: &mut Context, data: Value, errors: Value) -> Result {
        run_decoder(cx, &mut Latin1, data, errors, true, "latin_1_decode")
    }

    #[function("(data, errors=None, /)")]
    fn ascii_decode(cx: &mut Context, data: Value, errors: Value) -> Result {
        run_decoder(cx, &mut Ascii, data, errors, true, "ascii_decode")
    }

    #[function("(data, errors=None, mapping=None, /)")]
    fn charmap_decode(cx: &mut Context, data: Value, errors: Value, mapping: Value) -> Result {
        let decoder: &mut dyn Decoder = match (mapping.not_none(), cx.exact::<Str>(mapping)) {
            (None, _) => &mut Latin1,
            (_, Some(table)) => &mut TableDecoder { table },
            (Some(mapping), None) => &mut MappingDecoder::new(mapping),
        };
        run_decoder(cx, decoder, data, errors, true, "charmap_decode")
    }

    #[function("(data, errors=None, /)")]
    fn readbuffer_encode(cx: &mut Context, data: Value, errors: Value) -> Result {
        let data = input_or_text(cx, data)?;
        mode(cx, errors, "readbuffer_encode", 2)?;
        let bytes = data.to_bytes(cx).value();
        pair(cx, bytes, data.len())
    }

    #[function("(str, errors=None, /)")]
    fn utf_7_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Utf7::default(), str, errors, "utf_7_encode")
    }

    #[function("(str, errors=None, /)")]
    fn utf_8_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Utf8, str, errors, "utf_8_encode")
    }

    #[function("(str, errors=None, byteorder=0, /)")]
    fn utf_16_encode(cx: &mut Context, str: Value, errors: Value, byteorder: i32) -> Result {
        run_encoder(cx, &mut Utf16::new(ByteOrder::from_number(byteorder)), str, errors, "utf_16_encode")
    }

    #[function("(str, errors=None, /)")]
    fn utf_16_le_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Utf16::new(ByteOrder::Little), str, errors, "utf_16_le_encode")
    }

    #[function("(str, errors=None, /)")]
    fn utf_16_be_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Utf16::new(ByteOrder::Big), str, errors, "utf_16_be_encode")
    }

    #[function("(str, errors=None, byteorder=0, /)")]
    fn utf_32_encode(cx: &mut Context, str: Value, errors: Value, byteorder: i32) -> Result {
        run_encoder(cx, &mut Utf32::new(ByteOrder::from_number(byteorder)), str, errors, "utf_32_encode")
    }

    #[function("(str, errors=None, /)")]
    fn utf_32_le_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Utf32::new(ByteOrder::Little), str, errors, "utf_32_le_encode")
    }

    #[function("(str, errors=None, /)")]
    fn utf_32_be_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Utf32::new(ByteOrder::Big), str, errors, "utf_32_be_encode")
    }

    #[function("(str, errors=None, /)")]
    fn unicode_escape_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut UnicodeEscape::default(), str, errors, "unicode_escape_encode")
    }

    #[function("(str, errors=None, /)")]
    fn raw_unicode_escape_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut RawUnicodeEscape, str, errors, "raw_unicode_escape_encode")
    }

    #[function("(str, errors=None, /)")]
    fn latin_1_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Latin1, str, errors, "latin_1_encode")
    }

    #[function("(str, errors=None, /)")]
    fn ascii_encode(cx: &mut Context, str: Value, errors: Value) -> Result {
        run_encoder(cx, &mut Ascii, str, errors, "ascii_encode")
    }

    #[function("(str, errors=None, mapping=None, /)")]
    fn charmap_encode(cx: &mut Context, str: Value, errors: Value, mapping: Value) -> Result {
        let encoder: &mut dyn Encoder = match mapping.not_none() {
            None => &mut Latin1,
            Some(mapping) => &mut CharmapEncoder::new(mapping),
        };
        run_encoder(cx, encoder, str, errors, "charmap_encode")
    }

    /// The inverse of a decoding table.
    #[function("(map, /)")]
    fn charmap_build(cx: &mut Context, map: Value) -> Result {
        let table = expect_str(cx, map, "charmap_build() argument")?;
        charmap::build(cx, table)
    }
}
