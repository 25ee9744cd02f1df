//! The body of a `bytes`: `header | hash | len | bytes ...`.
//!
//! CPython: `PyBytesObject`. Invariant: the bytes never change once the cell is published, so any thread may
//! read them without a lock. "" and the 256 one-byte objects exist once.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::Once;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use taipan_gc::{Header, Marker};

use crate::context::{Context, leaf_space};
use crate::layout::{Object, Trace};
use crate::object::{Cell, Gc};
use crate::types::type_::Class;
use crate::value::Value;

/// `bytes`: an immutable run of bytes.
#[repr(C)]
pub struct Bytes {
    /// 0 until computed.
    hash: AtomicI64,
    len: usize,
}

/// Words of header, hash and length.
const HEAD_WORDS: usize = size_of::<Cell<Bytes>>() / 8;
const _: () = assert!(HEAD_WORDS == 3);

// SAFETY: there is no value in it.
unsafe impl Trace for Bytes {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut Marker) {}
}

impl Bytes {
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        let data = std::ptr::from_ref(self).cast::<u64>().wrapping_add(HEAD_WORDS - 1).cast::<u8>();
        // SAFETY: `len` bytes follow the head of the cell and never change.
        unsafe { std::slice::from_raw_parts(data, self.len) }
    }

    pub fn hash(&self, cx: &Context) -> i64 {
        let cached = self.hash.load(Ordering::Relaxed);
        if cached != 0 {
            return cached;
        }
        let hash = crate::types::str::hash_bytes(cx, self.as_slice());
        self.hash.store(hash, Ordering::Relaxed);
        hash
    }
}

/// Words of a cell, without what a subclass appends.
/// # Safety
/// `cell` is a live `bytes`.
pub(crate) unsafe fn words(cell: NonNull<Header>) -> usize {
    // SAFETY: the caller's contract.
    let len = unsafe { &cell.cast::<Cell<Bytes>>().as_ref().body }.len;
    HEAD_WORDS + len.div_ceil(8)
}

/// A new cell with the concatenation of `parts`.
fn new_cell(cx: &Context, shape: u32, extra_words: usize, parts: &[&[u8]]) -> Gc<Bytes> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let words = HEAD_WORDS + len.div_ceil(8) + extra_words;
    let space = leaf_space(extra_words == 0 && shape == Bytes::class_cell().instance_shape());
    // SAFETY: the cell is fresh and long enough; it is published only when this function returns.
    unsafe {
        let cell = cx.new_raw(Bytes::LAYOUT, shape, space, words);
        let bytes = Gc::<Bytes>::from_cell(cell);
        (&raw mut (*cell.cast::<Cell<Bytes>>().as_ptr()).body.len).write(len);
        let mut to = cell.as_ptr().cast::<u64>().add(HEAD_WORDS).cast::<u8>();
        for part in parts {
            std::ptr::copy_nonoverlapping(part.as_ptr(), to, part.len());
            to = to.add(part.len());
        }
        bytes
    }
}

/// b"" and the one-byte objects; roots, made at first use.
static SINGLES: [AtomicU64; 257] = [const { AtomicU64::new(0) }; 257];
const EMPTY: usize = 256;

fn trace_singles(marker: &mut Marker) {
    for single in &SINGLES {
        marker.value(single.load(Ordering::Relaxed));
    }
}

#[inline]
fn single(cx: &Context, index: usize) -> Gc<Bytes> {
    let value = Value::from_bits(SINGLES[index].load(Ordering::Acquire));
    value.and_then(Value::downcast).unwrap_or_else(|| make_single(cx, index))
}

#[cold]
#[inline(never)]
fn make_single(cx: &Context, index: usize) -> Gc<Bytes> {
    static TRACED: Once = Once::new();
    TRACED.call_once(|| cx.vm().add_tracer(trace_singles));
    let shape = Bytes::class_cell().instance_shape();
    let new = match u8::try_from(index) {
        Ok(byte) => new_cell(cx, shape, 0, &[&[byte]]),
        Err(_) => new_cell(cx, shape, 0, &[]),
    };
    // Of two threads that make it, both take the first one.
    match SINGLES[index].compare_exchange(0, new.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => new,
        Err(_) => single(cx, index),
    }
}

impl Context {
    /// The `bytes` with this content.
    pub fn new_bytes(&self, bytes: &[u8]) -> Gc<Bytes> {
        self.new_bytes_from(&[bytes])
    }

    /// The `bytes` with the concatenation of `parts` as content.
    pub fn new_bytes_from(&self, parts: &[&[u8]]) -> Gc<Bytes> {
        let len: usize = parts.iter().map(|part| part.len()).sum();
        match len {
            0 => single(self, EMPTY),
            1 => {
                single(self, parts.iter().find_map(|part| part.first()).map_or(EMPTY, |byte| *byte as usize))
            }
            _ => new_cell(self, Bytes::class_cell().instance_shape(), 0, parts),
        }
    }
}

impl Gc<Bytes> {
    /// Whether this is a `bytes` and not an instance of a subclass.
    #[inline]
    pub fn is_exact(self) -> bool {
        self.header().shape.load(Ordering::Relaxed) == Bytes::class_cell().instance_shape()
    }

    /// The object itself, or for an instance of a subclass an exact `bytes` of the same content.
    pub fn exact(self, cx: &Context) -> Gc<Bytes> {
        if self.is_exact() { self } else { cx.new_bytes(self.as_slice()) }
    }

    /// A copy as an instance of `class`, a subclass of `bytes`.
    pub(super) fn as_instance_of(self, cx: &Context, class: Gc<Class>) -> Gc<Bytes> {
        new_cell(cx, class.instance_shape(), class.extra_words(), &[self.as_slice()])
    }
}
