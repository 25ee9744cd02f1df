//! The methods that `bytes` and `bytearray` share, generic over both.
//!
//! CPython: `Objects/bytes_methods.c`, `Objects/stringlib`. Invariant: arguments are converted, which may run
//! Python, before the content of the object itself is looked at, and no Python runs while it is.

use std::ops::Range;

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::buffer::{ByteSource, try_copy, try_gather};
use crate::protocol::compare::CompareOp;
use crate::text::split::{self, Ends};
use crate::text::{ascii, search};
use crate::types::bytes::Bytes;
use crate::types::str::sequence::check_memory;
use crate::types::str::{MAX_LEN, Str};
use crate::types::tuple::Tuple;
use crate::value::Value;

/// A type whose content is bytes.
pub(crate) trait ByteString: Object {
    /// Shows the content to `f`, which runs no Python.
    fn with<R>(this: Gc<Self>, cx: &Context, f: impl FnOnce(&[u8]) -> R) -> R;
    /// A new object of the exact type.
    fn make(cx: &Context, bytes: &[u8]) -> Gc<Self>;
    /// What a method gives that changes nothing: the object itself if it is immutable, else a copy.
    fn unchanged(this: Gc<Self>, cx: &Context) -> Gc<Self>;
}

/// The piece of `this` at `range`.
fn piece<T: ByteString>(cx: &Context, this: Gc<T>, bytes: &[u8], range: Range<usize>) -> Gc<T> {
    if range.len() == bytes.len() { T::unchanged_slice(this, cx, bytes) } else { T::make(cx, &bytes[range]) }
}

/// As `unchanged`, for callers that already look at the content.
trait UnchangedSlice: ByteString {
    fn unchanged_slice(this: Gc<Self>, cx: &Context, bytes: &[u8]) -> Gc<Self>;
}

impl<T: ByteString> UnchangedSlice for T {
    fn unchanged_slice(this: Gc<T>, cx: &Context, bytes: &[u8]) -> Gc<T> {
        match this.value().downcast::<Bytes>() {
            Some(_) => T::unchanged(this, cx),
            None => T::make(cx, bytes),
        }
    }
}

/// A byte from a Python int.
pub(crate) fn byte_of(cx: &mut Context, value: Value) -> Result<u8> {
    let byte = value.as_small_int();
    let byte = match byte {
        Some(byte) => Some(byte),
        None => {
            let index = cx.index(value)?;
            cx.int_to_i64(index)
        }
    };
    byte.and_then(|byte| u8::try_from(byte).ok())
        .ok_or_else(|| cx.value_error("byte must be in range(0, 256)"))
}

/// What `find`, `count` and `in` look for.
pub(crate) enum Needle {
    Byte(u8),
    Source(ByteSource),
}

impl Needle {
    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Needle::Byte(byte) => std::slice::from_ref(byte),
            Needle::Source(source) => source,
        }
    }
}

fn needle(cx: &mut Context, value: Value) -> Result<Needle> {
    if let Some(source) = try_copy(cx, value)? {
        return Ok(Needle::Source(source));
    }
    if !cx.has_index(value) {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("argument should be integer or bytes-like object, not '{found}'")));
    }
    byte_of(cx, value).map(Needle::Byte)
}

/// What `find` and its like do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Find {
    First,
    Last,
}

pub(crate) fn find<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    sub: Value,
    start: Option<Index>,
    end: Option<Index>,
    which: Find,
) -> Result<Option<usize>> {
    let needle = needle(cx, sub)?;
    Ok(T::with(this, cx, |bytes| {
        let range = crate::types::str::search::bounds(bytes.len(), start, end)?;
        let offset = range.start;
        let found = match which {
            Find::First => search::find(&bytes[range], needle.as_slice()),
            Find::Last => search::rfind(&bytes[range], needle.as_slice()),
        };
        found.map(|at| offset + at)
    }))
}

/// As `find`, or ValueError.
pub(crate) fn index<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    sub: Value,
    start: Option<Index>,
    end: Option<Index>,
    which: Find,
) -> Result<usize> {
    find(cx, this, sub, start, end, which)?.ok_or_else(|| cx.value_error("subsection not found"))
}

pub(crate) fn count<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    sub: Value,
    start: Option<Index>,
    end: Option<Index>,
) -> Result<usize> {
    let needle = needle(cx, sub)?;
    Ok(T::with(this, cx, |bytes| {
        let range = crate::types::str::search::bounds(bytes.len(), start, end);
        range.map_or(0, |range| search::count(&bytes[range], needle.as_slice(), usize::MAX))
    }))
}

pub(crate) fn contains<T: ByteString>(cx: &mut Context, this: Gc<T>, item: Value) -> Result<bool> {
    let needle = if cx.has_index(item) {
        Needle::Byte(byte_of(cx, item)?)
    } else {
        Needle::Source(cx.bytes_like(item)?)
    };
    Ok(T::with(this, cx, |bytes| search::find(bytes, needle.as_slice()).is_some()))
}

/// `startswith` and `endswith`.
pub(crate) fn affix<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    affix: Value,
    start: Option<Index>,
    end: Option<Index>,
    at_end: bool,
) -> Result<bool> {
    let test = |cx: &Context, part: &[u8]| {
        T::with(this, cx, |bytes| {
            let range = crate::types::str::search::bounds(bytes.len(), start, end);
            range.is_some_and(|range| {
                let bytes = &bytes[range];
                if at_end { bytes.ends_with(part) } else { bytes.starts_with(part) }
            })
        })
    };
    if let Some(tuple) = affix.downcast::<Tuple>() {
        for item in tuple.items() {
            let part = cx.bytes_like(*item)?;
            if test(cx, &part) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match try_copy(cx, affix)? {
        Some(part) => Ok(test(cx, &part)),
        None => {
            let (name, found) = (if at_end { "endswith" } else { "startswith" }, cx.type_name(affix));
            Err(cx.type_error(format!("{name} first arg must be bytes or a tuple of bytes, not {found}")))
        }
    }
}

pub(crate) fn remove_affix<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    affix: Value,
    at_end: bool,
) -> Result<Gc<T>> {
    let affix = cx.bytes_like(affix)?;
    Ok(T::with(this, cx, |bytes| {
        let rest = if at_end { bytes.strip_suffix(&*affix) } else { bytes.strip_prefix(&*affix) };
        match rest {
            Some(rest) if !affix.is_empty() => T::make(cx, rest),
            _ => T::unchanged_slice(this, cx, bytes),
        }
    }))
}

pub(crate) fn replace<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    old: Value,
    new: Value,
    count: isize,
) -> Result<Gc<T>> {
    let old = cx.bytes_like(old)?;
    let new = cx.bytes_like(new)?;
    let limit = split::cut_limit(count);
    T::with(this, cx, |bytes| {
        let hits: Vec<usize> = if old.is_empty() {
            (0..=bytes.len()).take(limit).collect()
        } else {
            search::occurrences(bytes, &old).take(limit).collect()
        };
        if hits.is_empty() {
            return Ok(T::unchanged_slice(this, cx, bytes));
        }
        let growth = hits.len().checked_mul(new.len()).and_then(|l| l.checked_add(bytes.len()));
        let Some(len) = growth.filter(|len| *len <= MAX_LEN) else {
            return Err(cx.overflow_error("replace bytes is too long"));
        };
        let len = len - hits.len() * old.len();
        check_memory(cx, len, 1)?;
        let mut result = Vec::with_capacity(len);
        let mut from = 0;
        for hit in hits {
            result.extend_from_slice(&bytes[from..hit]);
            result.extend_from_slice(&new);
            from = hit + old.len();
        }
        result.extend_from_slice(&bytes[from..]);
        Ok(T::make(cx, &result))
    })
}

fn list_of<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    cut: impl FnOnce(&[u8]) -> Vec<Range<usize>>,
) -> Result {
    let items: GVec<Value> = T::with(this, cx, |bytes| {
        let pieces = cut(bytes);
        let mut items = GVec::with_capacity(pieces.len());
        for range in pieces {
            items.push(piece(cx, this, bytes, range).value());
        }
        items
    });
    cx.poll()?;
    Ok(cx.new_list(&items).value())
}

/// `split` and `rsplit`.
pub(crate) fn split<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    separator: Value,
    maxsplit: isize,
    from_right: bool,
) -> Result {
    let limit = split::cut_limit(maxsplit);
    if separator.is_none() {
        return list_of(cx, this, |bytes| match from_right {
            true => split::words_from_right(bytes, limit, ascii::is_space),
            false => split::words(bytes, limit, ascii::is_space),
        });
    }
    let separator = cx.bytes_like(separator)?;
    if separator.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    list_of(cx, this, |bytes| match from_right {
        true => split::by_separator_from_right(bytes, &separator, limit),
        false => split::by_separator(bytes, &separator, limit),
    })
}

pub(crate) fn split_lines<T: ByteString>(cx: &mut Context, this: Gc<T>, keep_ends: bool) -> Result {
    list_of(cx, this, |bytes| split::lines(bytes, keep_ends, ascii::is_line_break))
}

/// `partition` and `rpartition`.
pub(crate) fn partition<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    separator: Value,
    from_right: bool,
) -> Result {
    let source = cx.bytes_like(separator)?;
    if source.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    let parts = T::with(this, cx, |bytes| {
        let found = if from_right { search::rfind(bytes, &source) } else { search::find(bytes, &source) };
        match found {
            Some(at) => {
                // `bytes` gives back the separator it was given.
                let middle = match separator.downcast::<T>() {
                    Some(same) if separator.downcast::<Bytes>().is_some() => same,
                    _ => T::make(cx, &source),
                };
                [T::make(cx, &bytes[..at]), middle, T::make(cx, &bytes[at + source.len()..])]
            }
            None if from_right => [T::make(cx, b""), T::make(cx, b""), T::unchanged_slice(this, cx, bytes)],
            None => [T::unchanged_slice(this, cx, bytes), T::make(cx, b""), T::make(cx, b"")],
        }
    });
    Ok(cx.new_tuple(&parts.map(Gc::value)).value())
}

pub(crate) fn strip<T: ByteString>(cx: &mut Context, this: Gc<T>, chars: Value, ends: Ends) -> Result<Gc<T>> {
    let set = match chars.not_none() {
        None => None,
        Some(chars) => {
            let mut set = [false; 256];
            cx.bytes_like(chars)?.iter().for_each(|byte| set[*byte as usize] = true);
            Some(set)
        }
    };
    Ok(T::with(this, cx, |bytes| {
        let range = match &set {
            Some(set) => split::strip(bytes, ends, |byte| set[byte as usize]),
            None => split::strip(bytes, ends, ascii::is_space),
        };
        piece(cx, this, bytes, range)
    }))
}

/// The fill byte of `center` and its like.
fn fill_byte(cx: &Context, fill: Value, name: &str) -> Result<u8> {
    let bytearray = fill.downcast::<super::super::bytearray::ByteArray>();
    let (content, kind) = match (fill.downcast::<Bytes>(), bytearray) {
        (Some(bytes), _) => (bytes.as_slice().to_vec(), "bytes"),
        (_, Some(array)) => (array.to_vec(cx), "bytearray"),
        _ => {
            let found = cx.argument_type_name(fill);
            return Err(
                cx.type_error(format!("{name}() argument 2 must be a byte string of length 1, not {found}"))
            );
        }
    };
    match content[..] {
        [byte] => Ok(byte),
        _ => Err(cx.type_error(format!(
            "{name}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
            content.len()
        ))),
    }
}

/// Where `center` and its like put the content.
#[derive(Clone, Copy)]
pub(crate) enum Justify {
    Left,
    Right,
    Center,
}

pub(crate) fn justify<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    width: isize,
    fill: Value,
    how: Justify,
) -> Result<Gc<T>> {
    let name = match how {
        Justify::Left => "ljust",
        Justify::Right => "rjust",
        Justify::Center => "center",
    };
    let fill = fill_byte(cx, fill, name)?;
    let width = usize::try_from(width).unwrap_or(0);
    T::with(this, cx, |bytes| {
        let margin = width.saturating_sub(bytes.len());
        if margin == 0 {
            return Ok(T::unchanged_slice(this, cx, bytes));
        }
        let left = match how {
            Justify::Left => 0,
            Justify::Right => margin,
            Justify::Center => crate::types::str::pad::center_margins(bytes.len(), width).0,
        };
        check_memory(cx, width, 1)?;
        let mut result = vec![fill; width];
        result[left..left + bytes.len()].copy_from_slice(bytes);
        Ok(T::make(cx, &result))
    })
}

pub(crate) fn zero_fill<T: ByteString>(cx: &mut Context, this: Gc<T>, width: isize) -> Result<Gc<T>> {
    let width = usize::try_from(width).unwrap_or(0);
    T::with(this, cx, |bytes| {
        let fill = width.saturating_sub(bytes.len());
        if fill == 0 {
            return Ok(T::unchanged_slice(this, cx, bytes));
        }
        check_memory(cx, width, 1)?;
        let signed = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        let mut result = bytes[..signed].to_vec();
        result.resize(signed + fill, b'0');
        result.extend_from_slice(&bytes[signed..]);
        Ok(T::make(cx, &result))
    })
}

pub(crate) fn expand_tabs<T: ByteString>(cx: &mut Context, this: Gc<T>, tab_size: i32) -> Result<Gc<T>> {
    let tab_size = usize::try_from(tab_size).unwrap_or(0);
    T::with(this, cx, |bytes| {
        let tabs = bytes.iter().filter(|b| **b == b'\t').count();
        let most =
            tabs.checked_mul(tab_size).and_then(|l| l.checked_add(bytes.len())).filter(|l| *l <= MAX_LEN);
        let Some(most) = most else { return Err(cx.overflow_error("result too long")) };
        check_memory(cx, most, 1)?;
        Ok(T::make(cx, &ascii::expand_tabs(bytes, tab_size)))
    })
}

/// A copy made by a conversion of the whole content.
pub(crate) fn map<T: ByteString>(cx: &Context, this: Gc<T>, convert: impl FnOnce(&[u8]) -> Vec<u8>) -> Gc<T> {
    T::with(this, cx, |bytes| T::make(cx, &convert(bytes)))
}

pub(crate) fn translate<T: ByteString>(
    cx: &mut Context,
    this: Gc<T>,
    table: Value,
    delete: Value,
) -> Result<Gc<T>> {
    let table = match table.not_none() {
        None => None,
        Some(table) => {
            let table = cx.bytes_like(table)?;
            if table.len() != 256 {
                return Err(cx.value_error("translation table must be 256 characters long"));
            }
            Some(table)
        }
    };
    let mut dropped = [false; 256];
    cx.bytes_like(delete)?.iter().for_each(|byte| dropped[*byte as usize] = true);
    Ok(T::with(this, cx, |bytes| {
        let kept = bytes.iter().filter(|byte| !dropped[**byte as usize]);
        let result: Vec<u8> = kept.map(|byte| table.as_ref().map_or(*byte, |t| t[*byte as usize])).collect();
        if result == bytes { T::unchanged_slice(this, cx, bytes) } else { T::make(cx, &result) }
    }))
}

/// `bytes.maketrans`.
pub(crate) fn make_table(cx: &mut Context, from: Value, to: Value) -> Result<Gc<Bytes>> {
    let from = cx.bytes_like(from)?;
    let to = cx.bytes_like(to)?;
    if from.len() != to.len() {
        return Err(cx.value_error("maketrans arguments must have same length"));
    }
    let mut table: [u8; 256] = std::array::from_fn(|i| i as u8);
    from.iter().zip(to.iter()).for_each(|(from, to)| table[*from as usize] = *to);
    Ok(cx.new_bytes(&table))
}

/// `separator.join(iterable)`.
pub(crate) fn join<T: ByteString>(cx: &mut Context, this: Gc<T>, iterable: Value) -> Result<Gc<T>> {
    let items = cx.collect_joinable(iterable)?;
    if let [only] = &items[..]
        && let Some(same) = only.downcast::<Bytes>()
        && same.is_exact()
        && let Some(same) = only.downcast::<T>()
    {
        return Ok(same);
    }
    let mut parts = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        // Memory that is not contiguous will not do either, and gets the same words.
        let part = match try_copy(cx, *item) {
            Ok(part) => part,
            Err(raised) => {
                cx.swallow(raised, crate::exception::exception)?;
                None
            }
        };
        match part {
            Some(part) => parts.push(part),
            None => {
                let found = cx.type_name(*item);
                return Err(
                    cx.type_error(format!("sequence item {i}: expected a bytes-like object, {found} found"))
                );
            }
        }
    }
    T::with(this, cx, |separator| {
        let separators = separator.len().saturating_mul(parts.len().saturating_sub(1));
        let len = parts.iter().fold(separators, |len, part| len.saturating_add(part.len()));
        if len > MAX_LEN {
            return Err(cx.overflow_error("join() result is too long"));
        }
        check_memory(cx, len, 1)?;
        let mut result = Vec::with_capacity(len);
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                result.extend_from_slice(separator);
            }
            result.extend_from_slice(part);
        }
        Ok(T::make(cx, &result))
    })
}

/// `repr` of bytes: the literal with its `b`.
pub(crate) fn literal(bytes: &[u8]) -> String {
    quoted(bytes, false)
}

/// The literal; `escape_single` writes single quotes with a backslash whatever quotes stand around.
pub(crate) fn quoted(bytes: &[u8], escape_single: bool) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut text = String::with_capacity(bytes.len() + 3);
    text.push('b');
    text.push(char::from(quote));
    for &byte in bytes {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            _ if byte == quote || byte == b'\\' || (escape_single && byte == b'\'') => {
                text.extend(['\\', char::from(byte)])
            }
            0x20..=0x7e => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text.push(char::from(quote));
    text
}

/// `hex(sep, bytes_per_sep)` of any bytes.
pub fn hex(cx: &mut Context, bytes: &[u8], separator: Option<Value>, group: i32) -> Result<Gc<Str>> {
    let separator = match separator {
        None => None,
        Some(separator) => Some(hex_separator(cx, separator)?),
    };
    let digit = |nibble: u8| b"0123456789abcdef"[nibble as usize];
    let mut text = Vec::with_capacity(bytes.len() * 2);
    let size = group.unsigned_abs() as usize;
    for (i, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && size > 0
            && i > 0
        {
            let at_group = if group > 0 { (bytes.len() - i) % size == 0 } else { i % size == 0 };
            if at_group {
                text.push(separator);
            }
        }
        text.extend_from_slice(&[digit(byte >> 4), digit(byte & 0xf)]);
    }
    Ok(cx.new_ascii(&text))
}

fn hex_separator(cx: &mut Context, separator: Value) -> Result<u8> {
    if cx.len(separator)? != 1 {
        return Err(cx.value_error("sep must be length 1."));
    }
    let code = match (separator.downcast::<Str>(), separator.downcast::<Bytes>()) {
        (Some(text), _) => text.char_at(0),
        (_, Some(bytes)) => u32::from(bytes.as_slice()[0]),
        _ => return Err(cx.type_error("sep must be str or bytes.")),
    };
    if code > 127 {
        return Err(cx.value_error("sep must be ASCII."));
    }
    Ok(code as u8)
}

/// The bytes that hexadecimal digits spell.
pub(crate) fn from_hex(cx: &mut Context, source: Value) -> Result<Vec<u8>> {
    let digits: Vec<u8> = match source.downcast::<Str>() {
        // What is not ASCII is no digit either; any such byte will do for the message.
        Some(text) => {
            text.chars().map(|c| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(0xff)).collect()
        }
        None => match try_copy(cx, source)? {
            Some(bytes) => bytes.to_vec(),
            None => {
                let found = cx.argument_type_name(source);
                return Err(
                    cx.type_error(format!("fromhex() argument must be str or bytes-like, not {found}"))
                );
            }
        },
    };
    let value = |at: usize| digits.get(at).and_then(|d| char::from(*d).to_digit(16));
    let bad = |at: usize| format!("non-hexadecimal number found in fromhex() arg at position {at}");
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let mut at = 0;
    loop {
        while at < digits.len() && ascii::is_space(digits[at]) {
            at += 1;
        }
        if at == digits.len() {
            return Ok(bytes);
        }
        let Some(high) = value(at) else { return Err(cx.value_error(bad(at))) };
        if at + 1 == digits.len() {
            return Err(cx.value_error("fromhex() arg must contain an even number of hexadecimal digits"));
        }
        let Some(low) = value(at + 1) else { return Err(cx.value_error(bad(at + 1))) };
        bytes.push((high << 4 | low) as u8);
        at += 2;
    }
}

/// The content that a constructor's arguments name (`bytes(...)`, `bytearray(...)`). `bytes_message` is what
/// an int out of range in an iterable raises.
pub(crate) fn constructed(
    cx: &mut Context,
    source: Option<Value>,
    encoding: Option<Value>,
    errors: Option<Value>,
    type_name: &str,
    out_of_range: &'static str,
) -> Result<ByteSource> {
    let expect = |cx: &Context, value: Option<Value>, name: &str| {
        value
            .map(|v| crate::types::str::expect_str(cx, v, &format!("{type_name}() argument '{name}'")))
            .transpose()
    };
    let encoding = expect(cx, encoding, "encoding")?;
    let errors = expect(cx, errors, "errors")?;
    let text = source.and_then(|source| source.downcast::<Str>());
    match (text, encoding, errors) {
        (Some(text), Some(encoding), errors) => {
            let bytes = crate::codecs::encode_str(cx, text, Some(encoding), errors)?;
            return Ok(ByteSource::Shared(bytes));
        }
        (Some(_), None, _) => return Err(cx.type_error("string argument without an encoding")),
        (None, Some(_), _) => return Err(cx.type_error("encoding without a string argument")),
        (None, None, Some(_)) => return Err(cx.type_error("errors without a string argument")),
        (None, None, None) => {}
    }
    let Some(source) = source else { return Ok(ByteSource::Copied(Vec::new())) };
    if cx.has_index(source) {
        let count = cx.index_isize(source)?;
        let Ok(count) = usize::try_from(count) else { return Err(cx.value_error("negative count")) };
        check_memory(cx, count, 1)?;
        return Ok(ByteSource::Copied(vec![0; count]));
    }
    if let Some(bytes) = try_gather(cx, source)? {
        return Ok(bytes);
    }
    if !cx.is_iterable(source) {
        let found = cx.type_name(source);
        return Err(cx.type_error(format!("cannot convert '{found}' object to {type_name}")));
    }
    collect_bytes(cx, source, out_of_range).map(ByteSource::Copied)
}

/// The ints of an iterable as bytes.
pub(crate) fn collect_bytes(
    cx: &mut Context,
    iterable: Value,
    out_of_range: &'static str,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    cx.for_each(iterable, |cx, item| {
        let index = cx.index(item)?;
        match cx.int_to_i64(index).map(u8::try_from) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                Ok(())
            }
            _ => Err(cx.value_error(out_of_range)),
        }
    })?;
    Ok(bytes)
}

/// `self + other` where `self` is bytes: the content of both.
pub(crate) fn concat_parts(cx: &mut Context, a: Value, b: Value) -> Result<(ByteSource, ByteSource)> {
    let sources = (try_copy(cx, a)?, try_copy(cx, b)?);
    let (Some(first), Some(second)) = sources else {
        let (right, left) = (cx.type_name(b), cx.type_name(a));
        return Err(cx.type_error(format!("can't concat {right} to {left}")));
    };
    if first.len().checked_add(second.len()).is_none_or(|len| len > MAX_LEN) {
        return Err(cx.memory_error());
    }
    Ok((first, second))
}

/// Length of a repetition, or MemoryError.
pub(crate) fn repeated_len(cx: &Context, len: usize, count: usize) -> Result<usize> {
    match len.checked_mul(count) {
        Some(total) if total <= MAX_LEN => {
            check_memory(cx, total, 1)?;
            Ok(total)
        }
        _ => Err(cx.memory_error()),
    }
}

/// Answer of `a op b` for bytes-like operands; NotImplemented for others.
pub(crate) fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
    if b.downcast::<Str>().is_some() || a.downcast::<Str>().is_some() {
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            cx.warn_bytes("Comparison between bytearray and string")?;
        }
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (Some(first), Some(second)) = (try_copy(cx, a)?, try_copy(cx, b)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool(op.holds(Some(first[..].cmp(&second[..])))))
}

/// Answer of `a op b` where one is bytes and the other is not. `-b` warns of what looks like a mistake.
#[cold]
pub(crate) fn compare_with_other(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
    if matches!(op, CompareOp::Eq | CompareOp::Ne) {
        if a.downcast::<Str>().is_some() || b.downcast::<Str>().is_some() {
            cx.warn_bytes("Comparison between bytes and string")?;
        } else if crate::types::int::is_int(a) || crate::types::int::is_int(b) {
            cx.warn_bytes("Comparison between bytes and int")?;
        }
    }
    Ok(Value::NOT_IMPLEMENTED)
}

/// Whether there are bytes and `test` holds for each.
pub(crate) fn all<T: ByteString>(cx: &Context, this: Gc<T>, test: impl Fn(u8) -> bool) -> bool {
    T::with(this, cx, |bytes| !bytes.is_empty() && bytes.iter().all(|byte| test(*byte)))
}
