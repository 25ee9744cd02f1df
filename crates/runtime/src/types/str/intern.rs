//! The table of interned strings, one per process.
//!
//! CPython: `PyUnicode_InternInPlace`. Invariant: of all interned strings with one text there is one
//! object, so interned strings are equal exactly when they are the same. Entries are weak: an interned
//! cell carries the weak-reference flag, and the collector tells `forget` about those that die, in the
//! pause and before any thread can look them up again.

use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::{LazyLock, Mutex, PoisonError};

use taipan_gc::Header;

use super::raw::{Str, Units};
use crate::context::Context;
use crate::object::Gc;
use crate::value::Value;

const SHARDS: usize = 16;

/// Hash of the text to the bits of the strings that have it.
type Shard = HashMap<u64, Vec<u64>, PassThrough>;

static TABLE: LazyLock<[Mutex<Shard>; SHARDS]> = LazyLock::new(|| {
    crate::vm::vm().add_sweeper(sweep);
    std::array::from_fn(|_| Mutex::default())
});

/// Keys are hashes already.
#[derive(Clone, Default)]
struct PassThrough;

impl std::hash::BuildHasher for PassThrough {
    type Hasher = KeyHasher;
    fn build_hasher(&self) -> KeyHasher {
        KeyHasher(0)
    }
}

struct KeyHasher(u64);

impl std::hash::Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("the key is a u64");
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

fn shard(hash: u64) -> std::sync::MutexGuard<'static, Shard> {
    TABLE[(hash >> 7) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
}

fn live(bits: u64) -> Gc<Str> {
    Value::from_bits(bits).and_then(Value::downcast).expect("the table holds strings")
}

/// The interned string with the text of `s`, which must be an exact `str`; `s` itself if there is none yet.
pub fn intern(cx: &Context, s: Gc<Str>) -> Gc<Str> {
    if s.is_interned() {
        return s;
    }
    let hash = s.hash(cx) as u64;
    let mut shard = shard(hash);
    let entry = shard.entry(hash).or_default();
    if let Some(bits) = entry.iter().find(|bits| live(**bits).equals(&s)) {
        return live(*bits);
    }
    taipan_gc::set_weakref(std::ptr::NonNull::from(s.header()));
    s.mark_interned();
    entry.push(s.value().bits());
    s
}

/// The interned string with this text.
pub fn intern_text(cx: &Context, text: &str) -> Gc<Str> {
    if !text.is_ascii() {
        return intern(cx, cx.new_str(text));
    }
    let hash = super::hash_bytes(cx, text.as_bytes()) as u64;
    if let Some(entry) = shard(hash).get(&hash) {
        let same = |s: &Gc<Str>| matches!(s.units(), Units::One(bytes) if bytes == text.as_bytes());
        if let Some(found) = entry.iter().map(|bits| live(*bits)).find(same) {
            return found;
        }
    }
    intern(cx, cx.new_str(text))
}

/// Takes dying strings out of the table. Called in the collector's pause.
fn sweep(dying: &[NonNull<Header>]) {
    for s in dying.iter().filter_map(|cell| Value::from_cell(*cell).downcast::<Str>()) {
        if s.is_interned() {
            forget(s);
            // A finalizer may bring it back; then it is a string like any other.
            s.clear_interned();
        }
    }
}

fn forget(dying: Gc<Str>) {
    let Some(hash) = dying.cached_hash() else { return };
    let hash = hash as u64;
    let mut shard = shard(hash);
    if let Some(entry) = shard.get_mut(&hash) {
        entry.retain(|bits| *bits != dying.value().bits());
        if entry.is_empty() {
            shard.remove(&hash);
        }
    }
}

/// Number of interned strings.
pub fn count() -> usize {
    TABLE
        .iter()
        .map(|shard| {
            shard.lock().unwrap_or_else(PoisonError::into_inner).values().map(Vec::len).sum::<usize>()
        })
        .sum()
}
