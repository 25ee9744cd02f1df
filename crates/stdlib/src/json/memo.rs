//! The keys of one document, so that equal keys are one object.
//!
//! Invariant: a search looks at a bounded number of places, so hostile keys cost no more than others; a key that
//! finds no place there takes another's.

use taipan_runtime::prelude::*;

/// How many places a key may lie in.
const PROBES: usize = 8;
const FIRST_SIZE: usize = 64;
const LARGEST_SIZE: usize = 1 << 16;

/// A table of exact strings. It lives on the native stack, its block in memory that is scanned.
pub(super) struct Memo {
    places: GVec<Option<Value>>,
    count: usize,
}

fn hash(bytes: &[u8]) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = u64::from_le_bytes(std::array::from_fn(|i| chunk[i]));
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
    let mut rest = 0;
    for byte in chunks.remainder() {
        rest = rest << 8 | u64::from(*byte);
    }
    hash = (hash.rotate_left(5) ^ rest).wrapping_mul(FACTOR);
    (hash >> 24) as usize
}

/// The units of a string as bytes, with their width.
fn content(text: &Gc<Str>) -> (&[u8], usize) {
    (text.units().as_bytes(), text.width())
}

impl Memo {
    pub(super) fn new() -> Memo {
        Memo { places: GVec::new(), count: 0 }
    }

    /// The key of these Latin-1 characters.
    #[inline]
    pub(super) fn latin1(&mut self, bytes: &[u8], make: impl FnOnce() -> Gc<Str>) -> Gc<Str> {
        let at = hash(bytes);
        match self.find(at, bytes, 1) {
            Some(known) => known,
            None => {
                let new = make();
                self.insert(at, new);
                new
            }
        }
    }

    /// The key that equals `key`, which is `key` itself the first time.
    pub(super) fn canonical(&mut self, key: Gc<Str>) -> Gc<Str> {
        let (bytes, width) = content(&key);
        let at = hash(bytes);
        match self.find(at, bytes, width) {
            Some(known) => known,
            None => {
                self.insert(at, key);
                key
            }
        }
    }

    #[inline]
    fn find(&self, at: usize, bytes: &[u8], width: usize) -> Option<Gc<Str>> {
        if self.places.is_empty() {
            return None;
        }
        let mask = self.places.len() - 1;
        for probe in 0..PROBES {
            let known = self.places[(at + probe) & mask]?.downcast::<Str>()?;
            if content(&known) == (bytes, width) {
                return Some(known);
            }
        }
        None
    }

    #[inline(never)]
    fn insert(&mut self, at: usize, key: Gc<Str>) {
        if self.places.is_empty() {
            self.places.resize(FIRST_SIZE, None);
        } else if self.count * 2 > self.places.len() && self.places.len() < LARGEST_SIZE {
            self.grow();
        }
        self.count += 1;
        self.put(at, key);
    }

    fn put(&mut self, at: usize, key: Gc<Str>) {
        let mask = self.places.len() - 1;
        let free = (0..PROBES).map(|probe| (at + probe) & mask).find(|place| self.places[*place].is_none());
        self.places[free.unwrap_or(at & mask)] = Some(key.value());
    }

    fn grow(&mut self) {
        let mut larger = GVec::with_capacity(self.places.len() * 4);
        larger.resize(self.places.len() * 4, None);
        let old = std::mem::replace(&mut self.places, larger);
        for key in old.iter().flatten().filter_map(|key| key.downcast::<Str>()) {
            self.put(hash(content(&key).0), key);
        }
    }
}
