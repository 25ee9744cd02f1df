//! Reading what has no parts: numbers, text, bytes. CPython: `load_int` to `load_counted_binunicode` in
//! `Modules/_pickle.c`.
//!
//! Invariant: a size is checked against the input before memory is taken for it.

use taipan_num::bigint::{ByteOrder, Int as BigInt, ParseIntError};
use taipan_runtime::codecs::decode::decode;
use taipan_runtime::codecs::errors::ErrorMode;
use taipan_runtime::codecs::unicode_escape::RawUnicodeEscape;
use taipan_runtime::codecs::{decode_bytes, decode_utf8, escape};
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::int::{self, digit_limit};

use super::UNPICKLING_ERROR;
use super::load::{Loader, size_of_bytes};

const NO_PERSISTENT_LOAD: &str =
    "A load persistent id instruction was encountered, but no persistent_load function was specified.";

#[cold]
fn truncated(cx: &mut Context) -> Raised {
    UNPICKLING_ERROR.raise(cx, "pickle data was truncated")
}

/// A line without its end; `least` is how long it must be.
fn content<'l>(cx: &mut Context, line: &'l [u8], least: usize) -> Result<&'l [u8]> {
    match line.split_last() {
        Some((_, content)) if content.len() >= least => Ok(content),
        _ => Err(truncated(cx)),
    }
}

/// An int of decimal digits, as memo indices are written; `line` has its end.
fn index_of(cx: &mut Context, line: &[u8]) -> Result<isize> {
    let value = parse(cx, line)?;
    isize::from_arg(cx, value, "index")
}

/// `int(digits)`.
fn parse(cx: &mut Context, digits: &[u8]) -> Result {
    match BigInt::parse(digits.trim_ascii(), 10, digit_limit()) {
        Ok(int) => Ok(int::from_int(cx, &int)),
        Err(ParseIntError::TooManyDigits(error)) => Err(cx.value_error(error.to_string())),
        Err(ParseIntError::Invalid) => {
            let digits = cx.new_bytes(digits).value();
            let shown = cx.repr(digits)?;
            let shown = shown.to_str();
            let shown = shown.trim_start_matches('b');
            Err(cx.value_error(format!("invalid literal for int() with base 10: {shown}")))
        }
    }
}

/// Whether a number begins the text, whatever follows it.
fn begins_with_float(text: &[u8]) -> bool {
    (1..=text.len()).any(|end| taipan_num::float::parse(&text[..end]).is_some())
}

impl Loader<'_> {
    pub(super) fn load_int_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        let digits = content(cx, &line, 1)?;
        let value = match (digits, parse(cx, digits)) {
            // How protocols 0 and 1 write bools.
            (b"00", _) => Value::FALSE,
            (b"01", _) => Value::TRUE,
            (_, Ok(value)) => value,
            (_, Err(raised)) => {
                cx.take_exception(raised);
                return Err(cx.value_error("could not convert string to int"));
            }
        };
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn load_long_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        let digits = content(cx, &line, 1)?;
        let value = parse(cx, digits.strip_suffix(b"L").unwrap_or(&line))?;
        self.stack.push(value);
        Ok(())
    }

    /// An int in two's complement.
    pub(super) fn load_long<const N: usize>(&mut self, cx: &mut Context) -> Result<()> {
        let bytes = self.input.take::<N>(cx)?;
        let size = size_of_bytes(&bytes);
        if N == 4 && size > i32::MAX as u64 {
            return Err(UNPICKLING_ERROR.raise(cx, "LONG pickle has negative byte count"));
        }
        let bytes = self.input.read(cx, size as usize)?;
        let value = BigInt::from_bytes(bytes, ByteOrder::Little, true);
        self.stack.push(int::from_int(cx, &value));
        Ok(())
    }

    pub(super) fn load_float_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        let digits = content(cx, &line, 1)?;
        match taipan_num::float::parse(digits) {
            Some(value) if value.is_infinite() && digits.iter().any(u8::is_ascii_digit) => {
                let shown = String::from_utf8_lossy(&line).into_owned();
                Err(cx.overflow_error(format!("value too large to convert to float: '{shown}'")))
            }
            Some(value) => {
                self.stack.push(cx.new_float(value));
                Ok(())
            }
            None if begins_with_float(digits) => Err(cx.value_error("could not convert string to float")),
            None => {
                let shown = String::from_utf8_lossy(&line).into_owned();
                Err(cx.value_error(format!("could not convert string to float: '{shown}'")))
            }
        }
    }

    /// The size of content, which stands in `N` bytes.
    fn size<const N: usize>(&mut self, cx: &mut Context, what: &str) -> Result<usize> {
        let bytes = self.input.take::<N>(cx)?;
        match isize::try_from(size_of_bytes(&bytes)) {
            Ok(size) => Ok(size as usize),
            Err(_) => {
                let most = isize::MAX;
                Err(cx.overflow_error(format!("{what} exceeds system's maximum size of {most} bytes")))
            }
        }
    }

    pub(super) fn load_text<const N: usize>(&mut self, cx: &mut Context) -> Result<()> {
        let size = self.size::<N>(cx, "BINUNICODE")?;
        let bytes = self.input.read(cx, size)?;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => cx.new_str(text),
            Err(_) => {
                let bytes = bytes.to_vec();
                decode_utf8(cx, &bytes, ErrorMode::SurrogatePass)?
            }
        };
        self.stack.push(text.value());
        Ok(())
    }

    pub(super) fn load_bytes<const N: usize>(&mut self, cx: &mut Context) -> Result<()> {
        let size = self.size::<N>(cx, "BINBYTES")?;
        let bytes = self.input.content(cx, size)?;
        self.stack.push(bytes.value());
        Ok(())
    }

    pub(super) fn load_bytearray(&mut self, cx: &mut Context) -> Result<()> {
        let size = self.size::<8>(cx, "BYTEARRAY8")?;
        let bytes = self.input.content(cx, size)?;
        let bytes = ByteArray::new_from(cx, bytes.as_slice().to_vec());
        self.stack.push(bytes.value());
        Ok(())
    }

    /// Pushes a `str` of Python 2: decoded, unless the encoding is "bytes".
    fn push_python2(&mut self, cx: &mut Context, bytes: &[u8]) -> Result<()> {
        let bytes = cx.new_bytes(bytes);
        if self.encoding.is("bytes") {
            self.stack.push(bytes.value());
            return Ok(());
        }
        let (encoding, errors) = (Some(self.encoding), Some(self.errors));
        let text = decode_bytes(cx, bytes.value(), bytes.as_slice(), encoding, errors)?;
        self.stack.push(text.value());
        Ok(())
    }

    pub(super) fn load_python2_bytes<const N: usize>(&mut self, cx: &mut Context) -> Result<()> {
        let size = size_of_bytes(&self.input.take::<N>(cx)?);
        if size > i32::MAX as u64 {
            return Err(UNPICKLING_ERROR.raise(cx, "BINSTRING pickle has negative byte count"));
        }
        let bytes = self.input.read(cx, size as usize)?.to_vec();
        self.push_python2(cx, &bytes)
    }

    pub(super) fn load_string_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        let text = content(cx, &line, 0)?;
        let quoted = match *text {
            [first @ (b'\'' | b'"'), ref inner @ .., last] if first == last => inner,
            _ => {
                let message = "the STRING opcode argument must be quoted";
                return Err(UNPICKLING_ERROR.raise(cx, message));
            }
        };
        match escape::decode(quoted, escape::BadHex::Fail) {
            Ok(unescaped) => self.push_python2(cx, &unescaped.bytes),
            Err(escape::EscapeError::TrailingBackslash) => Err(cx.value_error("Trailing \\ in string")),
            Err(escape::EscapeError::BadHex(at)) => {
                Err(cx.value_error(format!("invalid \\x escape at position {at}")))
            }
        }
    }

    pub(super) fn load_unicode_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        let text = content(cx, &line, 0)?;
        let decoded = decode(cx, &mut RawUnicodeEscape, text, ErrorMode::Strict, true)?;
        self.stack.push(decoded.text.value());
        Ok(())
    }

    pub(super) fn load_get_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        content(cx, &line, 1)?;
        match index_of(cx, &line)? {
            index @ 0.. => self.load_memo(cx, index as usize),
            index => Err(UNPICKLING_ERROR.raise(cx, format!("Memo value not found at index {index}"))),
        }
    }

    pub(super) fn load_put_line(&mut self, cx: &mut Context) -> Result<()> {
        let line = self.input.line(cx)?;
        content(cx, &line, 1)?;
        self.top(cx)?;
        match index_of(cx, &line)? {
            index @ 0.. => self.store_memo(cx, index as usize),
            _ => Err(cx.value_error("negative PUT argument")),
        }
    }

    /// Asks for the object with a persistent id.
    fn push_persistent(
        &mut self,
        cx: &mut Context,
        pid: impl FnOnce(&mut Self, &mut Context) -> Result,
    ) -> Result<()> {
        let Some(load) = self.persistent_load else {
            return Err(UNPICKLING_ERROR.raise(cx, NO_PERSISTENT_LOAD));
        };
        let pid = pid(self, cx)?;
        let object = cx.call(load, &[pid])?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_persid(&mut self, cx: &mut Context) -> Result<()> {
        self.push_persistent(cx, |this, cx| this.pop(cx))
    }

    pub(super) fn load_persid_line(&mut self, cx: &mut Context) -> Result<()> {
        self.push_persistent(cx, |this, cx| {
            let line = this.input.line(cx)?;
            let text = content(cx, &line, 0)?;
            if !text.is_ascii() {
                let message = "persistent IDs in protocol 0 must be ASCII strings";
                return Err(UNPICKLING_ERROR.raise(cx, message));
            }
            Ok(cx.new_ascii(text).value())
        })
    }

    /// The object that a code of `copyreg` stands for.
    pub(super) fn load_extension<const N: usize>(&mut self, cx: &mut Context) -> Result<()> {
        let bytes = self.input.take::<N>(cx)?;
        let size = size_of_bytes(&bytes);
        let code = if N == 4 { i64::from(size as u32 as i32) } else { size as i64 };
        if code <= 0 {
            return Err(UNPICKLING_ERROR.raise(cx, "EXT specifies code <= 0"));
        }
        let key = cx.new_int(code);
        if let Some(object) = self.state.extension_cache().get(cx, key)? {
            self.stack.push(object);
            return Ok(());
        }
        let Some(pair) = self.state.inverted_registry().get(cx, key)? else {
            return Err(cx.value_error(format!("unregistered extension code {code}")));
        };
        let names = pair.downcast::<Tuple>().and_then(|pair| match *pair.items() {
            [module, name] => Some((module.downcast::<Str>()?, name.downcast::<Str>()?)),
            _ => None,
        });
        let Some((module, name)) = names else {
            return Err(cx.value_error(format!("_inverted_registry[{code}] isn't a 2-tuple of strings")));
        };
        let object = self.find_class(cx, module, name)?;
        self.state.extension_cache().set(cx, key, object)?;
        self.stack.push(object);
        Ok(())
    }

    /// A name of ASCII or UTF-8 on a line of its own.
    pub(super) fn name_line(&mut self, cx: &mut Context, ascii: bool) -> Result<Gc<Str>> {
        let line = self.input.line(cx)?;
        let name = content(cx, &line, 1)?;
        if ascii && let Some(at) = name.iter().position(|byte| !byte.is_ascii()) {
            let object = cx.new_bytes(name).value();
            return Err(cx.unicode_decode_error("ascii", object, at, at + 1, "ordinal not in range(128)"));
        }
        decode_utf8(cx, name, ErrorMode::Strict)
    }
}
