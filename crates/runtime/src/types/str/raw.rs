//! The body of a `str`: its header words, its code units, and the buffers that concatenation extends.
//!
//! ```text
//! header | hash | meta = len:56 interned:1 indirect:1 ascii:1 width:2 | units ...          (direct)
//! header | hash | meta                                                | buffer             (indirect)
//! buffer: filled (bytes, atomic) | capacity (bytes) | units ...       a cell of its own without header
//! ```
//! CPython: `Objects/unicodeobject.c`, PEP 393. Invariant: the width is the smallest that holds every code
//! point, so equal strings have equal bytes; units below `len` never change once the cell is published. An
//! indirect string shows the first `len` units of its buffer; whoever moves `filled` by compare-and-swap
//! owns the bytes in between, and only a string that ends at `filled` may try.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

use taipan_gc::{Header, Marker, Space};

use crate::context::{Context, leaf_space};
use crate::layout::Trace;
use crate::object::{Cell, Gc};
use crate::text::unit::{Unit, widen};

/// `str`: an immutable run of code points; lone surrogates are ordinary ones.
#[repr(C)]
pub struct Str {
    /// 0 until computed.
    hash: AtomicI64,
    meta: AtomicU64,
}

const WIDTH_BITS: u64 = 0b11;
const ASCII: u64 = 1 << 2;
const INDIRECT: u64 = 1 << 3;
const INTERNED: u64 = 1 << 4;
const LEN_SHIFT: u32 = 8;

/// Words of header, hash and meta.
const HEAD_WORDS: usize = size_of::<Cell<Str>>() / 8;
const _: () = assert!(HEAD_WORDS == 3);

/// Results of a concatenation of at least this many bytes get a buffer that can be extended.
const EXTENSIBLE: usize = 256;

/// The code units of a string in their width.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

/// Evaluates `$body` with `$name` bound to the slice of units, whatever their width.
macro_rules! each_width {
    ($units:expr, $name:ident => $body:expr) => {
        match $units {
            $crate::types::str::Units::One($name) => $body,
            $crate::types::str::Units::Two($name) => $body,
            $crate::types::str::Units::Four($name) => $body,
        }
    };
}
pub(crate) use each_width;

/// Evaluates `$body` with haystack and needle as slices of the haystack's width, or `$absent` when the
/// needle holds a code point that the haystack cannot.
macro_rules! in_width_of_first {
    ($first:expr, $second:expr, $h:ident, $n:ident => $body:expr, else $absent:expr) => {
        match ($first, $second) {
            ($crate::types::str::Units::One($h), $crate::types::str::Units::One($n)) => $body,
            ($crate::types::str::Units::Two($h), $crate::types::str::Units::Two($n)) => $body,
            ($crate::types::str::Units::Four($h), $crate::types::str::Units::Four($n)) => $body,
            ($crate::types::str::Units::Two($h), $crate::types::str::Units::One(narrow)) => {
                let wide: Vec<u16> = $crate::text::unit::widen(narrow);
                let $n = &wide[..];
                $body
            }
            ($crate::types::str::Units::Four($h), $crate::types::str::Units::One(narrow)) => {
                let wide: Vec<u32> = $crate::text::unit::widen(narrow);
                let $n = &wide[..];
                $body
            }
            ($crate::types::str::Units::Four($h), $crate::types::str::Units::Two(narrow)) => {
                let wide: Vec<u32> = $crate::text::unit::widen(narrow);
                let $n = &wide[..];
                $body
            }
            _ => $absent,
        }
    };
}
pub(crate) use in_width_of_first;

impl<'a> Units<'a> {
    #[inline]
    pub fn len(self) -> usize {
        each_width!(self, units => units.len())
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Code point at `index`.
    #[inline]
    pub fn at(self, index: usize) -> u32 {
        each_width!(self, units => units[index].code())
    }

    pub fn slice(self, range: std::ops::Range<usize>) -> Units<'a> {
        match self {
            Units::One(units) => Units::One(&units[range]),
            Units::Two(units) => Units::Two(&units[range]),
            Units::Four(units) => Units::Four(&units[range]),
        }
    }

    /// Code points in order.
    pub fn codes(self) -> Codes<'a> {
        Codes { units: self, at: 0, end: self.len() }
    }

    /// The units as bytes, in the machine's order.
    #[inline]
    pub fn as_bytes(self) -> &'a [u8] {
        match self {
            Units::One(units) => units,
            Units::Two(units) => bytemuck::cast_slice(units),
            Units::Four(units) => bytemuck::cast_slice(units),
        }
    }

    pub fn width(self) -> usize {
        match self {
            Units::One(_) => 1,
            Units::Two(_) => 2,
            Units::Four(_) => 4,
        }
    }

    pub fn to_vec<T: Unit>(self) -> Vec<T> {
        each_width!(self, units => widen(units))
    }
}

/// Iterator over code points.
#[derive(Clone)]
pub struct Codes<'a> {
    units: Units<'a>,
    at: usize,
    end: usize,
}

impl Iterator for Codes<'_> {
    type Item = u32;
    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.at == self.end {
            return None;
        }
        self.at += 1;
        Some(self.units.at(self.at - 1))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.at, Some(self.end - self.at))
    }
}

impl DoubleEndedIterator for Codes<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        if self.at == self.end {
            return None;
        }
        self.end -= 1;
        Some(self.units.at(self.end))
    }
}

impl ExactSizeIterator for Codes<'_> {}

/// Head of a buffer that indirect strings share.
#[repr(C)]
struct Shared {
    filled: AtomicUsize,
    capacity: usize,
}

impl Str {
    /// Number of code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        (self.meta() >> LEN_SHIFT) as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn meta(&self) -> u64 {
        self.meta.load(Ordering::Relaxed)
    }

    /// Bytes of a code unit: 1, 2 or 4.
    #[inline(always)]
    pub fn width(&self) -> usize {
        1 << (self.meta() & WIDTH_BITS)
    }

    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.meta() & ASCII != 0
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.meta() & INTERNED != 0
    }

    pub(super) fn mark_interned(&self) {
        self.meta.fetch_or(INTERNED, Ordering::Relaxed);
    }

    pub(super) fn clear_interned(&self) {
        self.meta.fetch_and(!INTERNED, Ordering::Relaxed);
    }

    pub(super) fn cached_hash(&self) -> Option<i64> {
        Some(self.hash.load(Ordering::Relaxed)).filter(|hash| *hash != 0)
    }

    pub(super) fn cache_hash(&self, hash: i64) {
        self.hash.store(hash, Ordering::Relaxed);
    }

    /// First word behind the meta word.
    #[inline(always)]
    fn tail(&self) -> *const u64 {
        std::ptr::from_ref(self).cast::<u64>().wrapping_add(HEAD_WORDS - 1)
    }

    fn shared(&self) -> Option<&Shared> {
        if self.meta() & INDIRECT == 0 {
            return None;
        }
        // SAFETY: the tail of an indirect string is the address of its buffer, which it keeps alive.
        Some(unsafe { &*self.tail().cast::<*const Shared>().read() })
    }

    #[inline(always)]
    fn data(&self) -> *const u8 {
        if self.meta() & INDIRECT == 0 {
            return self.tail().cast();
        }
        // SAFETY: as in `shared`; the units follow the buffer's head.
        unsafe { self.tail().cast::<*const Shared>().read().add(1).cast() }
    }

    /// The code units.
    #[inline]
    pub fn units(&self) -> Units<'_> {
        let meta = self.meta();
        let len = (meta >> LEN_SHIFT) as usize;
        let data = self.data();
        // SAFETY: `len` units of this width lie at `data` and never change while the string lives; cells
        // and buffer heads are 8-byte aligned.
        unsafe {
            match meta & WIDTH_BITS {
                0 => Units::One(std::slice::from_raw_parts(data, len)),
                1 => Units::Two(std::slice::from_raw_parts(data.cast(), len)),
                _ => Units::Four(std::slice::from_raw_parts(data.cast(), len)),
            }
        }
    }

    /// The text, when it is ASCII: no copy.
    #[inline]
    pub fn as_ascii(&self) -> Option<&str> {
        match self.units() {
            // SAFETY: the flag says that every byte is below 0x80.
            Units::One(bytes) if self.is_ascii() => Some(unsafe { std::str::from_utf8_unchecked(bytes) }),
            _ => None,
        }
    }
}

// SAFETY: the buffer of an indirect string is the one reference in it.
unsafe impl Trace for Str {
    fn trace(&self, marker: &mut Marker) {
        if let Some(shared) = self.shared() {
            marker.buffer(std::ptr::from_ref(shared).cast());
        }
    }
}

/// Words of a string's cell, without what a subclass appends.
/// # Safety
/// `cell` is a live `str`.
pub(crate) unsafe fn words(cell: NonNull<Header>) -> usize {
    // SAFETY: the caller's contract.
    let s = unsafe { &cell.cast::<Cell<Str>>().as_ref().body };
    if s.meta() & INDIRECT != 0 { HEAD_WORDS + 1 } else { direct_words(s.len() * s.width()) }
}

fn direct_words(bytes: usize) -> usize {
    HEAD_WORDS + bytes.div_ceil(8)
}

fn width_bits<T: Unit>() -> u64 {
    size_of::<T>().trailing_zeros() as u64
}

/// Which cell a new string gets: its shape, and the words that a subclass appends.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) shape: u32,
    pub(super) extra_words: usize,
}

/// A new cell of `units`, which need units of this width. `ascii` tells whether all are below 0x80.
pub(super) fn new_direct<T: Unit>(cx: &Context, target: Target, units: &[&[T]], ascii: bool) -> Gc<Str> {
    let len: usize = units.iter().map(|part| part.len()).sum();
    let words = direct_words(len * size_of::<T>()) + target.extra_words;
    let own = <Str as crate::layout::Object>::class_cell().instance_shape();
    let space = leaf_space(target.extra_words == 0 && target.shape == own);
    // SAFETY: the cell is fresh and long enough for its head, `len` units and the extra words; it is
    // published only when this function returns.
    unsafe {
        let cell = cx.new_raw(<Str as crate::layout::Object>::LAYOUT, target.shape, space, words);
        let s = Gc::<Str>::from_cell(cell);
        let flag = if ascii { ASCII } else { 0 };
        s.meta.store((len as u64) << LEN_SHIFT | flag | width_bits::<T>(), Ordering::Relaxed);
        let mut to = cell.as_ptr().cast::<u64>().add(HEAD_WORDS).cast::<T>();
        for part in units {
            std::ptr::copy_nonoverlapping(part.as_ptr(), to, part.len());
            to = to.add(part.len());
        }
        s
    }
}

/// A string over the first `len` units of `buffer`.
fn new_indirect<T: Unit>(
    cx: &Context,
    target: Target,
    buffer: *const Shared,
    len: usize,
    ascii: bool,
) -> Gc<Str> {
    debug_assert_eq!(target.extra_words, 0);
    // SAFETY: as in `new_direct`; the caller holds `buffer` on its stack and has filled `len` units of it.
    unsafe {
        let cell =
            cx.new_raw(<Str as crate::layout::Object>::LAYOUT, target.shape, Space::Scan, HEAD_WORDS + 1);
        let s = Gc::<Str>::from_cell(cell);
        cell.as_ptr().cast::<u64>().add(HEAD_WORDS).cast::<*const Shared>().write(buffer);
        let flag = if ascii { ASCII } else { 0 };
        s.meta.store((len as u64) << LEN_SHIFT | flag | INDIRECT | width_bits::<T>(), Ordering::Relaxed);
        s
    }
}

/// `a + b` in units of width `T`, which is the width of the result. `a_units` are a's in that width.
pub(super) fn concat<T: Unit>(
    cx: &Context,
    target: Target,
    a: &Str,
    a_units: &[T],
    b_units: &[T],
    ascii: bool,
) -> Gc<Str> {
    let unit = size_of::<T>();
    let (start, end) = (a_units.len() * unit, (a_units.len() + b_units.len()) * unit);
    if end < EXTENSIBLE {
        return new_direct(cx, target, &[a_units, b_units], ascii);
    }
    let shared = a.shared().filter(|_| a.width() == unit);
    if let Some(shared) = shared
        && end <= shared.capacity
        && shared.filled.compare_exchange(start, end, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    {
        let buffer = std::ptr::from_ref(shared);
        // SAFETY: the exchange gave bytes start..end of the buffer to us alone, and end <= capacity.
        unsafe { append(buffer, start, b_units) };
        return new_indirect::<T>(cx, target, buffer, a_units.len() + b_units.len(), ascii);
    }
    // A string that was extended before is likely to be extended again.
    let capacity = if shared.is_some() { end * 2 } else { end + end / 4 };
    let cell = cx.heap().alloc(Space::Bytes, size_of::<Shared>() + capacity.next_multiple_of(8));
    let buffer = cell.as_ptr().cast::<Shared>();
    // SAFETY: the cell is fresh, and holds a head and `capacity` bytes.
    unsafe {
        buffer.write(Shared { filled: AtomicUsize::new(end), capacity });
        append(buffer, 0, a_units);
        append(buffer, start, b_units);
    }
    new_indirect::<T>(cx, target, buffer, a_units.len() + b_units.len(), ascii)
}

/// # Safety
/// The bytes of `units` at offset `start` lie in the buffer and belong to the caller alone.
unsafe fn append<T: Unit>(buffer: *const Shared, start: usize, units: &[T]) {
    // SAFETY: the caller's contract.
    unsafe {
        let to = buffer.add(1).cast::<u8>().add(start).cast_mut().cast::<T>();
        std::ptr::copy_nonoverlapping(units.as_ptr(), to, units.len());
    }
}
