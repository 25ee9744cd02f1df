//! Making strings: from Rust text, from units of any width, piece by piece, by concatenation.
//!
//! CPython: `PyUnicode_FromKindAndData`, `_PyUnicodeWriter`. Invariant: what leaves this file has the
//! narrowest width that holds it; "" and the 256 one-character Latin-1 strings exist once.

use std::ops::Range;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use super::raw::{self, Str, Target, Units, each_width};
use crate::context::Context;
use crate::layout::Object;
use crate::object::Gc;
use crate::text::unit::{Unit, widen};
use crate::value::Value;

/// "" and the one-character strings up to U+00FF; roots, made at first use.
static SINGLES: [AtomicU64; 257] = [const { AtomicU64::new(0) }; 257];
const EMPTY: usize = 256;

fn trace_singles(marker: &mut taipan_gc::Marker) {
    for single in &SINGLES {
        marker.value(single.load(Ordering::Relaxed));
    }
}

#[inline]
fn single(cx: &Context, index: usize) -> Gc<Str> {
    let value = Value::from_bits(SINGLES[index].load(Ordering::Acquire));
    value.and_then(Value::downcast).unwrap_or_else(|| make_single(cx, index))
}

#[cold]
#[inline(never)]
fn make_single(cx: &Context, index: usize) -> Gc<Str> {
    static TRACED: Once = Once::new();
    TRACED.call_once(|| cx.vm().add_tracer(trace_singles));
    let new = match u8::try_from(index) {
        Ok(code) => raw::new_direct(cx, target(), &[&[code]], code < 0x80),
        Err(_) => raw::new_direct::<u8>(cx, target(), &[], true),
    };
    // Of two threads that make it, both get what the table of interned strings holds.
    let new = super::intern::intern(cx, new);
    SINGLES[index].store(new.value().bits(), Ordering::Release);
    new
}

#[inline]
fn target() -> Target {
    Target { shape: Str::class_cell().instance_shape(), extra_words: 0 }
}

/// A string of `units`, narrowed to the smallest width.
pub fn from_units<T: Unit>(cx: &Context, units: &[T]) -> Gc<Str> {
    let highest = units.iter().map(|u| u.code()).fold(0, |a, b| a | b);
    from_units_below(cx, units, highest)
}

/// As `from_units`; `highest` is the bitwise or of all code points (or their maximum).
fn from_units_below<T: Unit>(cx: &Context, units: &[T], highest: u32) -> Gc<Str> {
    match units {
        [] => return single(cx, EMPTY),
        [unit] if unit.code() < 256 => return single(cx, unit.code() as usize),
        _ => {}
    }
    match highest {
        0..=0xff => narrowed::<T, u8>(cx, units, highest < 0x80),
        0x100..=0xffff => narrowed::<T, u16>(cx, units, false),
        _ => narrowed::<T, u32>(cx, units, false),
    }
}

fn narrowed<T: Unit, N: Unit>(cx: &Context, units: &[T], ascii: bool) -> Gc<Str> {
    match bytemuck::try_cast_slice::<T, N>(units) {
        Ok(same) if size_of::<T>() == size_of::<N>() => raw::new_direct(cx, target(), &[same], ascii),
        _ => raw::new_direct(cx, target(), &[&widen::<T, N>(units)], ascii),
    }
}

/// The code points of `text`, which all fit.
fn decoded<T: Unit>(text: &str) -> Vec<T> {
    let mut units = Vec::with_capacity(text.len());
    units.extend(text.chars().map(|c| T::from_code(c as u32)));
    units
}

impl Context {
    /// The string with this text.
    pub fn new_str(&self, text: &str) -> Gc<Str> {
        // The highest byte of UTF-8 tells the width: U+0100 begins with 0xC4, U+10000 with 0xF0.
        match text.as_bytes().iter().copied().max().unwrap_or(0) {
            0..=0x7f => self.new_ascii(text.as_bytes()),
            0x80..=0xc3 => from_units_below(self, &decoded::<u8>(text), 0xff),
            0xc4..=0xef => from_units_below(self, &decoded::<u16>(text), 0xffff),
            0xf0..=0xff => from_units_below(self, &decoded::<u32>(text), 0x10_ffff),
        }
    }

    /// The string of these bytes, which are all below 0x80.
    pub fn new_ascii(&self, bytes: &[u8]) -> Gc<Str> {
        debug_assert!(bytes.is_ascii());
        match bytes {
            [] => single(self, EMPTY),
            [byte] => single(self, *byte as usize),
            _ => raw::new_direct(self, target(), &[bytes], true),
        }
    }

    /// The string of one code point, surrogates included.
    pub fn new_char(&self, code: u32) -> Gc<Str> {
        match code {
            0..=0xff => single(self, code as usize),
            0x100..=0xffff => raw::new_direct(self, target(), &[&[code as u16]], false),
            _ => raw::new_direct(self, target(), &[&[code]], false),
        }
    }

    /// The empty string.
    pub fn empty_str(&self) -> Gc<Str> {
        single(self, EMPTY)
    }

    /// The interned string with this text.
    pub fn intern(&self, text: &str) -> Gc<Str> {
        super::intern::intern_text(self, text)
    }

    /// The string with these code units.
    pub fn new_str_from(&self, units: Units<'_>) -> Gc<Str> {
        each_width!(units, units => from_units(self, units))
    }
}

impl Gc<Str> {
    /// `self + other`. Amortised linear when the results of `+=` grow one string.
    pub fn concat(self, cx: &Context, other: Gc<Str>) -> Gc<Str> {
        if other.is_empty() {
            return self.exact(cx);
        }
        if self.is_empty() {
            return other.exact(cx);
        }
        let ascii = self.is_ascii() && other.is_ascii();
        match (self.units(), other.units()) {
            (Units::One(a), Units::One(b)) => raw::concat(cx, target(), &self, a, b, ascii),
            (Units::Two(a), Units::Two(b)) => raw::concat(cx, target(), &self, a, b, false),
            (Units::Four(a), Units::Four(b)) => raw::concat(cx, target(), &self, a, b, false),
            (Units::Two(a), Units::One(b)) => raw::concat(cx, target(), &self, a, &widen(b), false),
            (Units::Four(a), b) => raw::concat(cx, target(), &self, a, &b.to_vec(), false),
            (a, Units::Two(b)) => raw::concat(cx, target(), &self, &a.to_vec(), b, false),
            (a, Units::Four(b)) => raw::concat(cx, target(), &self, &a.to_vec(), b, false),
        }
    }

    /// Code points `range`, which lies within the string.
    pub fn substring(self, cx: &Context, range: Range<usize>) -> Gc<Str> {
        if range.start == 0 && range.end == self.len() {
            return self.exact(cx);
        }
        if self.is_ascii()
            && let Units::One(bytes) = self.units()
        {
            return from_units_below(cx, &bytes[range], 0);
        }
        cx.new_str_from(self.units().slice(range))
    }

    /// The string itself, or for an instance of a subclass an exact `str` of the same text.
    pub fn exact(self, cx: &Context) -> Gc<Str> {
        if self.is_exact() { self } else { cx.new_str_from(self.units()) }
    }

    /// Whether this is a `str` and not an instance of a subclass.
    #[inline]
    pub fn is_exact(self) -> bool {
        self.header().shape.load(Ordering::Relaxed) == Str::class_cell().instance_shape()
    }

    /// A copy of the text as an instance of `class`, a subclass of `str`.
    pub(super) fn as_instance_of(self, cx: &Context, class: Gc<crate::types::type_::Class>) -> Gc<Str> {
        let target = Target { shape: class.instance_shape(), extra_words: class.extra_words() };
        let ascii = self.is_ascii();
        each_width!(self.units(), units => raw::new_direct(cx, target, &[units], ascii))
    }
}

/// Collects text piece by piece in the narrowest width that holds it. Plain memory: no value inside.
#[derive(Debug)]
pub struct StrBuilder {
    units: Buffer,
    ascii: bool,
}

#[derive(Debug)]
enum Buffer {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Default for StrBuilder {
    fn default() -> StrBuilder {
        StrBuilder::new()
    }
}

impl StrBuilder {
    pub const fn new() -> StrBuilder {
        StrBuilder { units: Buffer::One(Vec::new()), ascii: true }
    }

    pub fn with_capacity(len: usize) -> StrBuilder {
        StrBuilder { units: Buffer::One(Vec::with_capacity(len)), ascii: true }
    }

    /// Code points so far.
    pub fn len(&self) -> usize {
        match &self.units {
            Buffer::One(units) => units.len(),
            Buffer::Two(units) => units.len(),
            Buffer::Four(units) => units.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn push_str(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_ascii(text.as_bytes());
        } else {
            text.chars().for_each(|c| self.push_char(c as u32));
        }
    }

    /// Bytes that are all below 0x80.
    #[inline]
    pub fn push_ascii(&mut self, bytes: &[u8]) {
        debug_assert!(bytes.is_ascii());
        match &mut self.units {
            Buffer::One(units) => units.extend_from_slice(bytes),
            Buffer::Two(units) => units.extend(bytes.iter().map(|b| u16::from(*b))),
            Buffer::Four(units) => units.extend(bytes.iter().map(|b| u32::from(*b))),
        }
    }

    /// Bytes that stand for U+0000 to U+00FF.
    pub fn push_latin1(&mut self, bytes: &[u8]) {
        self.ascii = self.ascii && bytes.is_ascii();
        match &mut self.units {
            Buffer::One(units) => units.extend_from_slice(bytes),
            Buffer::Two(units) => units.extend(bytes.iter().map(|b| u16::from(*b))),
            Buffer::Four(units) => units.extend(bytes.iter().map(|b| u32::from(*b))),
        }
    }

    /// One code point, surrogates included.
    #[inline]
    pub fn push_char(&mut self, code: u32) {
        match &mut self.units {
            Buffer::One(units) if code < 0x100 => {
                self.ascii = self.ascii && code < 0x80;
                units.push(code as u8);
            }
            Buffer::Two(units) if code < 0x1_0000 => units.push(code as u16),
            Buffer::Four(units) => units.push(code),
            _ => self.push_wider(code),
        }
    }

    #[cold]
    fn push_wider(&mut self, code: u32) {
        self.widen_for(code);
        self.push_char(code);
    }

    /// Makes room for code points up to `code`.
    fn widen_for(&mut self, code: u32) {
        match &self.units {
            Buffer::One(units) if code > 0xffff => self.units = Buffer::Four(widen(units)),
            Buffer::One(units) if code > 0xff => self.units = Buffer::Two(widen(units)),
            Buffer::Two(units) if code > 0xffff => self.units = Buffer::Four(widen(units)),
            _ => return,
        }
        self.ascii = false;
    }

    /// The same code point several times.
    pub fn push_repeated(&mut self, code: u32, count: usize) {
        if count == 0 {
            return;
        }
        self.push_char(code);
        match &mut self.units {
            Buffer::One(units) => units.extend(std::iter::repeat_n(code as u8, count - 1)),
            Buffer::Two(units) => units.extend(std::iter::repeat_n(code as u16, count - 1)),
            Buffer::Four(units) => units.extend(std::iter::repeat_n(code, count - 1)),
        }
    }

    pub fn push(&mut self, text: Gc<Str>) {
        match text.as_ascii() {
            Some(ascii) => self.push_ascii(ascii.as_bytes()),
            None => self.push_units(text.units()),
        }
    }

    pub fn push_units(&mut self, pushed: Units<'_>) {
        match (&mut self.units, pushed) {
            (_, Units::One(bytes)) => self.push_latin1(bytes),
            (Buffer::Two(units), Units::Two(more)) => units.extend_from_slice(more),
            (Buffer::Four(units), Units::Two(more)) => units.extend(more.iter().map(|u| u32::from(*u))),
            (Buffer::Four(units), Units::Four(more)) => units.extend_from_slice(more),
            (_, pushed) => pushed.codes().for_each(|code| self.push_char(code)),
        }
    }

    /// Drops everything after the first `len` code points. The width stays as it is; `finish` narrows.
    pub fn truncate(&mut self, len: usize) {
        match &mut self.units {
            Buffer::One(units) => units.truncate(len),
            Buffer::Two(units) => units.truncate(len),
            Buffer::Four(units) => units.truncate(len),
        }
    }

    pub fn units(&self) -> Units<'_> {
        match &self.units {
            Buffer::One(units) => Units::One(units),
            Buffer::Two(units) => Units::Two(units),
            Buffer::Four(units) => Units::Four(units),
        }
    }

    pub fn finish(self, cx: &Context) -> Gc<Str> {
        match &self.units {
            Buffer::One(units) => from_units_below(cx, units, if self.ascii { 0 } else { 0xff }),
            Buffer::Two(units) => from_units(cx, units),
            Buffer::Four(units) => from_units(cx, units),
        }
    }
}

impl std::fmt::Write for StrBuilder {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push_str(text);
        Ok(())
    }
}
